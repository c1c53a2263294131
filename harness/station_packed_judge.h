/* station_packed_judge.h - what a run of a stack left on the device, held against float64: for station_packed.c only.
 */
#ifndef HARNESS_STATION_PACKED_JUDGE_H
#define HARNESS_STATION_PACKED_JUDGE_H

#include "harness/station_packed.h"

/* RoPE's tables of ModernBERT's two thetas, global's and then local's, longest * head_dim floats each. */
void station_packed_angles(int64_t head_dim, int64_t longest, float *angles);

/* As station_packed_verify has it. */
enum status station_packed_judge(const struct station_packed *station, const struct station_pack *pack,
                                 const struct device_packed *run, int64_t rows, struct verdict *verdict,
                                 struct device_fault *fault);

#endif
