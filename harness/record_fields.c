#include "harness/record_fields.h"

#include "harness/record.h"

#define END                                                                                                            \
    {                                                                                                                  \
        NULL, FIELD_TEXT, 0, false                                                                                     \
    }

const struct field record_context_fields[] = {
    {"preset", FIELD_TEXT, offsetof(struct record, preset), false},
    {"command", FIELD_TEXT, offsetof(struct record, command), false},
    {"incomplete", FIELD_BOOL, offsetof(struct record, incomplete), true},
    {"rehearsal", FIELD_BOOL, offsetof(struct record, rehearsal), false},
    END,
};

const struct field record_machine_fields[] = {
    {"host_name", FIELD_TEXT, offsetof(struct machine, host_name), false},
    {"cpu_name", FIELD_TEXT, offsetof(struct machine, cpu_name), true},
    {"system", FIELD_TEXT, offsetof(struct machine, system), false},
    {"isa", FIELD_TEXT, offsetof(struct machine, isa), true},
    {"blas", FIELD_TEXT, offsetof(struct machine, blas), false},
    {"compiler", FIELD_TEXT, offsetof(struct machine, compiler), false},
    {"build_type", FIELD_TEXT, offsetof(struct machine, build_type), false},
    {"governor", FIELD_TEXT, offsetof(struct machine, governor), false},
    {"num_cpus", FIELD_INT, offsetof(struct machine, num_cpus), true},
    {"mhz", FIELD_NUMBER, offsetof(struct machine, mhz), false},
    {"scaling", FIELD_BOOL, offsetof(struct machine, scaling), false},
    {"pinned", FIELD_BOOL, offsetof(struct machine, pinned), false},
    {"load_1", FIELD_NUMBER, offsetof(struct machine, load), false},
    {"load_5", FIELD_NUMBER, offsetof(struct machine, load) + sizeof(double), false},
    {"load_15", FIELD_NUMBER, offsetof(struct machine, load) + 2 * sizeof(double), false},
    {"memory", FIELD_INT64, offsetof(struct machine, memory), true},
    {"fma_peak_1", FIELD_NUMBER, offsetof(struct machine, fma_peak_1), false},
    {"fma_peak", FIELD_NUMBER, offsetof(struct machine, fma_peak), false},
    {"copy_1", FIELD_NUMBER, offsetof(struct machine, copy_1), false},
    {"copy", FIELD_NUMBER, offsetof(struct machine, copy), false},
    {"commit", FIELD_TEXT, offsetof(struct machine, commit), true},
    {"dirty", FIELD_BOOL, offsetof(struct machine, dirty), true},
    {"sources", FIELD_TEXT, offsetof(struct machine, sources), true},
    END,
};

const struct field record_gpu_fields[] = {
    {"name", FIELD_WORDS, offsetof(struct machine_gpu, name), true},
    {"device", FIELD_WORDS, offsetof(struct machine_gpu, device), false},
    {"driver", FIELD_WORDS, offsetof(struct machine_gpu, driver), false},
    {"toolkit", FIELD_WORDS, offsetof(struct machine_gpu, toolkit), false},
    {"sensors", FIELD_WORDS, offsetof(struct machine_gpu, sensors), false},
    {"products", FIELD_WORDS, offsetof(struct machine_gpu, products), false},
    {"capability_major", FIELD_INT, offsetof(struct machine_gpu, major), true},
    {"capability_minor", FIELD_INT, offsetof(struct machine_gpu, minor), true},
    {"multiprocessors", FIELD_INT, offsetof(struct machine_gpu, multiprocessors), true},
    {"sram_block", FIELD_INT64, offsetof(struct machine_gpu, sram_block), true},
    {"l2", FIELD_INT64, offsetof(struct machine_gpu, l2), true},
    {"memory", FIELD_INT64, offsetof(struct machine_gpu, memory), true},
    {"copy", FIELD_NUMBER, offsetof(struct machine_gpu, copy), false},
    {"product_bf16", FIELD_NUMBER, offsetof(struct machine_gpu, product_bf16), false},
    {"product_f32", FIELD_NUMBER, offsetof(struct machine_gpu, product_f32), false},
    {"power_limit", FIELD_NUMBER, offsetof(struct machine_gpu, power_limit), false},
    END,
};

const struct field record_case_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_case, key), true},
    {"name", FIELD_TEXT, offsetof(struct record_case, name), true},
    {"kernel", FIELD_TEXT, offsetof(struct record_case, kernel), true},
    {"family", FIELD_TEXT, offsetof(struct record_case, family), true},
    {"backend", FIELD_TEXT, offsetof(struct record_case, backend), true},
    {"title", FIELD_TEXT, offsetof(struct record_case, title), true},
    {"mask", FIELD_TEXT, offsetof(struct record_case, mask), true},
    {"threads", FIELD_INT, offsetof(struct record_case, threads), true},
    {"fill", FIELD_TEXT, offsetof(struct record_case, fill), true},
    {"seed", FIELD_UINT64, offsetof(struct record_case, seed), true},
    {"failed", FIELD_BOOL, offsetof(struct record_case, failed), true},
    {"error", FIELD_TEXT, offsetof(struct record_case, error), false},
    {"max_error", FIELD_NUMBER, offsetof(struct record_case, max_error), false},
    {"plain_error", FIELD_NUMBER, offsetof(struct record_case, plain_error), false},
    {"tolerance", FIELD_NUMBER, offsetof(struct record_case, tolerance), false},
    {"rows_compared", FIELD_INT64, offsetof(struct record_case, rows_compared), false},
    {"rows_total", FIELD_INT64, offsetof(struct record_case, rows_total), false},
    {"seconds", FIELD_ESTIMATE, offsetof(struct record_case, seconds), false},
    {"spread", FIELD_NUMBER, offsetof(struct record_case, spread), false},
    {"stop_reason", FIELD_TEXT, offsetof(struct record_case, stop_reason), false},
    {"flops", FIELD_NUMBER, offsetof(struct record_case, flops), true},
    {"bytes", FIELD_NUMBER, offsetof(struct record_case, bytes), true},
    {"workspace", FIELD_NUMBER, offsetof(struct record_case, workspace), false},
    {"peak_memory", FIELD_NUMBER, offsetof(struct record_case, peak_memory), false},
    {"roof_flops", FIELD_NUMBER, offsetof(struct record_case, roof_flops), false},
    {"mhz_low", FIELD_NUMBER, offsetof(struct record_case, mhz_low), false},
    {"mhz_high", FIELD_NUMBER, offsetof(struct record_case, mhz_high), false},
    {"flags", FIELD_TEXT, offsetof(struct record_case, flags), false},
    {"device", FIELD_TEXT, offsetof(struct record_case, device), false},
    {"hot", FIELD_MAYBE, offsetof(struct record_case, hot), false},
    {"graph", FIELD_MAYBE, offsetof(struct record_case, graph), false},
    {"input_sets", FIELD_INT, offsetof(struct record_case, input_sets), false},
    {"memory_mhz", FIELD_NUMBER, offsetof(struct record_case, memory_mhz), false},
    {"watts", FIELD_NUMBER, offsetof(struct record_case, watts), false},
    {"celsius", FIELD_NUMBER, offsetof(struct record_case, celsius), false},
    END,
};

const struct field record_problem_fields[] = {
    {"layers", FIELD_INT64, offsetof(struct attention_problem, layers), true},
    {"batch", FIELD_INT64, offsetof(struct attention_problem, batch), true},
    {"heads", FIELD_INT64, offsetof(struct attention_problem, heads), true},
    {"kv_heads", FIELD_INT64, offsetof(struct attention_problem, kv_heads), true},
    {"len_q", FIELD_INT64, offsetof(struct attention_problem, len_q), true},
    {"len_kv", FIELD_INT64, offsetof(struct attention_problem, len_kv), true},
    {"head_dim", FIELD_INT64, offsetof(struct attention_problem, head_dim), true},
    {"causal", FIELD_BOOL, offsetof(struct attention_problem, mask.causal), true},
    {"window_left", FIELD_INT64, offsetof(struct attention_problem, mask.window_left), true},
    {"window_right", FIELD_INT64, offsetof(struct attention_problem, mask.window_right), true},
    {"global_every", FIELD_INT, offsetof(struct attention_problem, mask.global_every), true},
    {"scale", FIELD_FLOAT, offsetof(struct attention_problem, scale), true},
    END,
};

const struct field record_stage_fields[] = {
    {"seconds", FIELD_ESTIMATE, offsetof(struct record_stage, seconds), true},
    {"flops", FIELD_NUMBER, offsetof(struct record_stage, flops), true},
    {"bytes_read", FIELD_NUMBER, offsetof(struct record_stage, bytes_read), true},
    {"bytes_written", FIELD_NUMBER, offsetof(struct record_stage, bytes_written), true},
    END,
};

const struct field record_counted_fields[] = {
    {"key", FIELD_TEXT, offsetof(struct record_counted, key), true},
    {"name", FIELD_TEXT, offsetof(struct record_counted, name), true},
    {"kernel", FIELD_TEXT, offsetof(struct record_counted, kernel), true},
    {"family", FIELD_TEXT, offsetof(struct record_counted, family), true},
    {"backend", FIELD_TEXT, offsetof(struct record_counted, backend), true},
    {"title", FIELD_TEXT, offsetof(struct record_counted, title), true},
    {"mask", FIELD_TEXT, offsetof(struct record_counted, mask), true},
    {"parts", FIELD_INT64, offsetof(struct record_counted, parts), true},
    {"failed", FIELD_BOOL, offsetof(struct record_counted, failed), true},
    {"error", FIELD_TEXT, offsetof(struct record_counted, error), false},
    {"equal", FIELD_BOOL, offsetof(struct record_counted, equal), true},
    {"least_bytes", FIELD_NUMBER, offsetof(struct record_counted, least_bytes), true},
    {"theorem_bytes", FIELD_NUMBER, offsetof(struct record_counted, theorem_bytes), true},
    {"sram_bytes", FIELD_NUMBER, offsetof(struct record_counted, sram_bytes), true},
    END,
};

const struct field record_counted_stage_fields[] = {
    {"hbm_read", FIELD_NUMBER, offsetof(struct counted_stage, hbm_read), true},
    {"hbm_written", FIELD_NUMBER, offsetof(struct counted_stage, hbm_written), true},
    {"sram_read", FIELD_NUMBER, offsetof(struct counted_stage, sram_read), true},
    {"sram_written", FIELD_NUMBER, offsetof(struct counted_stage, sram_written), true},
    {"async_bytes", FIELD_NUMBER, offsetof(struct counted_stage, async_bytes), true},
    {"launches", FIELD_NUMBER, offsetof(struct counted_stage, launches), true},
    {"blocks", FIELD_NUMBER, offsetof(struct counted_stage, blocks), true},
    {"barriers", FIELD_NUMBER, offsetof(struct counted_stage, barriers), true},
    {"exchanges", FIELD_NUMBER, offsetof(struct counted_stage, exchanges), true},
    {"products_m16n8k16", FIELD_NUMBER, offsetof(struct counted_stage, products_m16n8k16), true},
    {"formula_read", FIELD_NUMBER, offsetof(struct counted_stage, formula_read), true},
    {"formula_written", FIELD_NUMBER, offsetof(struct counted_stage, formula_written), true},
    END,
};
