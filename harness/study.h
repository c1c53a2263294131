/* study.h - the documents that selection is trained and judged on: pooled, with their attention mass.
 *
 * Documents below STUDY_HELD_OUT train; those from it on are for judging. Several models stand side by side: head h is
 * head h % HEAD_KINDS, one of each kind (structured.h), of model `model_seed` + h / HEAD_KINDS. */
#ifndef HARNESS_STUDY_H
#define HARNESS_STUDY_H

#include "base/status.h"
#include "kernels/select/select.h"
#include "kernels/select/train.h"
#include "kernels/structured.h"

enum { STUDY_HELD_OUT = 1000000, STUDY_JUDGED = 8, STUDY_DENSITIES = 5, STUDY_MOST_MODELS = 64 };
/* What all tables of the study show: 5, 10, 20, 30 and 50 %; needles at STUDY_NEEDLES_AT of them. STUDY_JUDGED unseen
 * documents are what a table rests on where nobody asks for more. */
extern const double study_densities[STUDY_DENSITIES];
enum { STUDY_NEEDLES_AT = 1 };

struct study {
    int64_t length, head_dim, models, heads, documents; /* heads: of all models */
    uint64_t model_seed, first_document;
    struct gate_example *examples; /* [documents][heads] */
    float *rooms, *angles;         /* owned: pools and masses; angles of all positions */
};

/* Bytes that it will hold; those of one thread's scratch are the same again for few documents. */
double study_bytes(int64_t length, int64_t head_dim, int64_t models, int64_t documents);

/* Called between documents, from one thread at a time; false stops. */
typedef bool study_tell(void *context, int64_t done, int64_t of);

/* Causal attention. STATUS_OK, STATUS_NO_MEMORY, STATUS_INTERRUPTED; nothing is held unless it is STATUS_OK. */
enum status study_make(struct study *study, int64_t length, int64_t head_dim, int64_t models, uint64_t model_seed,
                       uint64_t first_document, int64_t documents, int threads, study_tell *tell, void *context);
void study_free(struct study *study);

/* Of one selector at one density, on one model of a study (`model` from 0). */
struct study_score {
    double recall;  /* mean mass kept, over rows from blocks / 4 on */
    double needles; /* needles whose block is kept for their queries' block, of the retrieval heads; NaN: none */
};
/* STATUS_NO_MEMORY when scratch lacks. `gate` for SELECT_GATE. */
enum status study_score(const struct study *study, int64_t model, enum selector selector, const struct gate *gate,
                        double density, struct study_score *score);

#endif
