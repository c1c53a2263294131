/* record_study_fields.c - fields of the rows of tradeoffs, of modernbert and of efficiency. */
#include "harness/record.h"
#include "harness/record_fields.h"

#define END                                                                                                            \
    {                                                                                                                  \
        NULL, FIELD_TEXT, 0, false                                                                                     \
    }

const struct field record_tradeoff_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_tradeoff, key), true},
    {"date", FIELD_TEXT, offsetof(struct record_tradeoff, date), true},
    {"command", FIELD_TEXT, offsetof(struct record_tradeoff, command), false},
    {"threads", FIELD_INT, offsetof(struct record_tradeoff, threads), true},
    {"model_seed", FIELD_UINT64, offsetof(struct record_tradeoff, model_seed), true},
    {"models", FIELD_INT64, offsetof(struct record_tradeoff, models), true},
    {"documents", FIELD_INT64, offsetof(struct record_tradeoff, documents), true},
    {"gate", FIELD_TEXT, offsetof(struct record_tradeoff, gate), false},
    {"gate_length", FIELD_INT64, offsetof(struct record_tradeoff, gate_length), true},
    {"gate_documents", FIELD_INT64, offsetof(struct record_tradeoff, gate_documents), true},
    {"gate_steps", FIELD_INT64, offsetof(struct record_tradeoff, gate_steps), true},
    {"dense_seconds", FIELD_ESTIMATE, offsetof(struct record_tradeoff, dense_seconds), true},
    END,
};

const struct field record_point_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_point, key), true},
    {"selector", FIELD_TEXT, offsetof(struct record_point, selector), true},
    {"title", FIELD_TEXT, offsetof(struct record_point, title), true},
    {"density", FIELD_NUMBER, offsetof(struct record_point, density), true},
    {"square", FIELD_NUMBER, offsetof(struct record_point, square), true},
    {"pairs", FIELD_NUMBER, offsetof(struct record_point, pairs), true},
    {"failed", FIELD_BOOL, offsetof(struct record_point, failed), true},
    {"error", FIELD_TEXT, offsetof(struct record_point, error), false},
    {"max_error", FIELD_NUMBER, offsetof(struct record_point, max_error), true},
    {"tolerance", FIELD_NUMBER, offsetof(struct record_point, tolerance), true},
    {"seconds", FIELD_ESTIMATE, offsetof(struct record_point, seconds), true},
    {"speed", FIELD_ESTIMATE, offsetof(struct record_point, speed), true},
    {"pool", FIELD_NUMBER, offsetof(struct record_point, pool), true},
    {"score", FIELD_NUMBER, offsetof(struct record_point, score), true},
    {"keep", FIELD_NUMBER, offsetof(struct record_point, keep), true},
    {"attend", FIELD_NUMBER, offsetof(struct record_point, attend), true},
    {"recall", FIELD_ESTIMATE, offsetof(struct record_point, recall), true},
    {"needles", FIELD_ESTIMATE, offsetof(struct record_point, needles), true},
    {"relative_l2", FIELD_NUMBER, offsetof(struct record_point, relative_l2), true},
    END,
};

const struct field record_modernbert_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_modernbert, key), true},
    {"date", FIELD_TEXT, offsetof(struct record_modernbert, date), true},
    {"command", FIELD_TEXT, offsetof(struct record_modernbert, command), false},
    {"model", FIELD_TEXT, offsetof(struct record_modernbert, model), true},
    {"lengths", FIELD_TEXT, offsetof(struct record_modernbert, lengths), true},
    {"device", FIELD_TEXT, offsetof(struct record_modernbert, device), true},
    {"dtype", FIELD_TEXT, offsetof(struct record_modernbert, dtype), true},
    {"threads", FIELD_INT, offsetof(struct record_modernbert, threads), true},
    {"seed", FIELD_UINT64, offsetof(struct record_modernbert, seed), true},
    {"layers", FIELD_INT64, offsetof(struct record_modernbert, layers), true},
    {"global_layers", FIELD_INT64, offsetof(struct record_modernbert, global_layers), true},
    {"heads", FIELD_INT64, offsetof(struct record_modernbert, heads), true},
    {"model_heads", FIELD_INT64, offsetof(struct record_modernbert, model_heads), true},
    {"most", FIELD_INT64, offsetof(struct record_modernbert, most), true},
    {"sequences", FIELD_INT64, offsetof(struct record_modernbert, sequences), true},
    {"tokens", FIELD_INT64, offsetof(struct record_modernbert, tokens), true},
    {"padded_tokens", FIELD_INT64, offsetof(struct record_modernbert, padded_tokens), true},
    {"alternation", FIELD_ESTIMATE, offsetof(struct record_modernbert, alternation), true},
    {"ceiling", FIELD_NUMBER, offsetof(struct record_modernbert, ceiling), true},
    {"padding", FIELD_ESTIMATE, offsetof(struct record_modernbert, padding), true},
    {"padding_alternating", FIELD_ESTIMATE, offsetof(struct record_modernbert, padding_alternating), true},
    {"padding_pairs", FIELD_NUMBER, offsetof(struct record_modernbert, padding_pairs), true},
    {"padding_tokens", FIELD_NUMBER, offsetof(struct record_modernbert, padding_tokens), true},
    END,
};

const struct field record_way_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct record_way, name), true},
    {"pairs", FIELD_NUMBER, offsetof(struct record_way, pairs), true},
    {"seconds", FIELD_ESTIMATE, offsetof(struct record_way, seconds), true},
    {"rope_seconds", FIELD_ESTIMATE, offsetof(struct record_way, rope_seconds), true},
    END,
};

const struct field record_paper_fields[] = {
    {"model", FIELD_TEXT, offsetof(struct record_paper, model), true},
    {"thousands", FIELD_NUMBER, offsetof(struct record_paper, thousands), true},
    {"source", FIELD_TEXT, offsetof(struct record_paper, source), true},
    END,
};

const struct field record_efficiency_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_efficiency, key), true},
    {"date", FIELD_TEXT, offsetof(struct record_efficiency, date), true},
    {"command", FIELD_TEXT, offsetof(struct record_efficiency, command), false},
    {"pattern", FIELD_TEXT, offsetof(struct record_efficiency, pattern), true},
    {"threads", FIELD_INT, offsetof(struct record_efficiency, threads), true},
    {"seed", FIELD_UINT64, offsetof(struct record_efficiency, seed), true},
    {"asked", FIELD_NUMBER, offsetof(struct record_efficiency, asked), true},
    {"density", FIELD_NUMBER, offsetof(struct record_efficiency, density), true},
    {"failed", FIELD_BOOL, offsetof(struct record_efficiency, failed), true},
    {"error", FIELD_TEXT, offsetof(struct record_efficiency, error), false},
    {"max_error", FIELD_NUMBER, offsetof(struct record_efficiency, max_error), true},
    {"tolerance", FIELD_NUMBER, offsetof(struct record_efficiency, tolerance), true},
    {"wall_ratio", FIELD_ESTIMATE, offsetof(struct record_efficiency, wall_ratio), true},
    {"processor_ratio", FIELD_ESTIMATE, offsetof(struct record_efficiency, processor_ratio), true},
    END,
};
