/* train.h - the gate learns where attention falls: KL(mass || softmax(S)) on pooled documents, by Adam.
 *
 * The recipe is SeerAttention's (2410.13276, section 3.2) with the mass of a block as the teacher in place of its
 * largest weight. Heads are trained each by itself; two threads give the same bits as one. */
#ifndef KERNELS_SELECT_TRAIN_H
#define KERNELS_SELECT_TRAIN_H

#include "kernels/select/gate.h"

/* One head of one document. */
struct gate_example {
    struct pooled pooled;
    const float *mass; /* [blocks, blocks], mass.h */
};

struct train_options {
    int steps, batch; /* documents a step, drawn by `seed` */
    int warm_up;      /* steps in which the rate rises; then it falls along a cosine to 0 */
    float rate;
    bool causal;
    uint64_t seed;
};
extern const struct train_options train_defaults; /* 200 steps of 16, rate 3e-3 after 20 */

/* All that training is, between two steps: may be written, read and gone on with. */
struct trainer {
    struct gate gate;
    float *first, *second; /* Adam's moments, as gate.weights */
    int step;              /* done so far */
};

/* One step on all heads. `examples` is [documents][heads]. `loss` receives the mean over heads and batch before the
 * step. STATUS_OK, STATUS_NO_MEMORY; STATUS_FAILED when the loss is no number (nothing is changed then). */
enum status train_step(struct trainer *trainer, const struct gate_example *examples, int64_t documents,
                       const struct train_options *options, int threads, double *loss);

/* Loss of one example and, where `gradient` is not NULL, adds its derivative to it (gate_weights_of_head floats).
 * Rows from blocks / 4 on count: before, almost everything is kept anyway. NaN when memory lacks. */
double train_loss(const struct gate *gate, int64_t head, const struct gate_example *example, bool causal,
                  float *gradient);

#endif
