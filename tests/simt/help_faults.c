#include "simt/help_faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/oracle.h"
#include "kernels/workload.h"

bool fault_as_planted(const struct planted *planted, enum simt_fault_kind kind, const char *words)
{
    bool expected = kind == planted->kind && words[0] != '\0';
    for (int p = 0; p < FAULT_PIECES && planted->pieces[p]; p++)
        expected &= strstr(words, planted->pieces[p]) != NULL;
    if (!expected)
        print_error("%s: expected %s, got %s: %s\n", planted->name, simt_fault_name(planted->kind),
                    simt_fault_name(kind), words);
    return expected;
}

void faults_sum_up(const char *program, const char *where, int planted, int found)
{
    char path[64];
    snprintf(path, sizeof path, "%s.summary", program);
    FILE *const streams[] = {stdout, fopen(path, "w")};
    for (int i = 0; i < 2 && streams[i]; i++)
        fprintf(streams[i], "%s: %d faults planted, %d found with the right message\n", where, planted, found);
    if (streams[1])
        fclose(streams[1]);
    assert_int_equal(found, planted);
}

enum simt_fault_kind fault_of_kernel(struct simt *simt, const struct cuda_kernel *kernel,
                                     const struct attention_problem *problem, char *words)
{
    size_t of_q = (size_t)attention_q_elements(problem), of_kv = (size_t)attention_kv_elements(problem);
    float *q = malloc((of_q + 2 * of_kv) * sizeof *q), *k = q + of_q, *v = k + of_kv;
    struct simt_attention got;
    struct verdict verdict = {.pass = false};
    assert_non_null(q);
    assert_int_equal(workload_fill(problem, q, k, v, 1, 1), STATUS_OK);
    assert_null(kernel->unsupported(problem));
    enum status status = simt_attend(simt, kernel, problem, q, k, v, &got);
    free(q);
    if (status != STATUS_OK) {
        snprintf(words, FAULT_WORDS, "%s", simt_fault(simt)->message);
        return simt_fault(simt)->kind;
    }
    assert_int_equal(oracle_judge(problem, &got.tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    snprintf(words, FAULT_WORDS, "%s", verdict.pass ? "" : verdict.message);
    return SIMT_NO_FAULT;
}
