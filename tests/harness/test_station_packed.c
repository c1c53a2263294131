/* Stacks over packed sequences through the device layer, on the simulator's row: right ones pass, and what a device can
 * get wrong is found, each time with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "harness/modernbert_stack.h"
#include "harness/station_packed.h"

static const struct device *simulator(void)
{
    for (size_t i = 0; i < device_count; i++)
        if (strcmp(device_table[i]->name, "simt") == 0)
            return device_table[i];
    skip();
    return NULL;
}

static const struct kernel *kernel_named(const struct device *device, const char *name)
{
    size_t count;
    const struct kernel *const *kernels = device->kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kernels[i]->name, name) == 0)
            return kernels[i];
    fail_msg("there is no %s", name);
    return NULL;
}

/* The simulator's row, with a run that goes wrong. */
enum harm { NONE, THETAS_SWAPPED, ONE_LAYER_LESS, STARTS_MOVED, Q_TURNED_TWICE };
static enum harm harm;

static enum status harmed(void *session, const struct device_packed *packed, double min_time,
                          struct device_packed_times *times, struct device_fault *fault)
{
    struct device_packed wrong = *packed;
    struct attention_problem less = *packed->problem;
    int64_t starts[MODERNBERT_SEQUENCES + 1];
    struct packed moved = {starts, packed->packed->count};
    if (harm == THETAS_SWAPPED) {
        wrong.global = packed->local;
        wrong.local = packed->global;
    }
    if (harm == ONE_LAYER_LESS)
        less.layers--;
    if (harm == Q_TURNED_TWICE)
        wrong.tensors.q = wrong.turned_k;
    wrong.problem = &less;
    memcpy(starts, packed->packed->starts, (size_t)(moved.count + 1) * sizeof *starts);
    if (harm == STARTS_MOVED) { /* in HBM and here alike: the launch itself is right */
        starts[1]--;
        wrong.packed = &moved;
        assert_int_equal(simulator()->upload(session, (void *)(uintptr_t)packed->starts, starts,
                                             (size_t)(moved.count + 1) * sizeof *starts, fault),
                         STATUS_OK);
    }
    return simulator()->packed(session, &wrong, min_time, times, fault);
}

/* What one way of the smallest stack comes to. */
static enum status verify(enum modernbert_way way, enum harm what, struct verdict *verdict, struct device_fault *fault)
{
    struct modernbert_stack stacks[MODERNBERT_WAYS];
    static const struct modernbert small = {"small", 2, 1};
    static const struct modernbert_lengths lengths = {"variable 40", 40, 2, 30, 6};
    struct device device = *simulator();
    void *session;
    assert_int_equal(modernbert_stacks_make(stacks, &small, &lengths, 1, DTYPE_BF16, 1), MODERNBERT_WAYS);
    device.packed = harmed;
    harm = what;
    *fault = (struct device_fault){0};
    assert_int_equal(device.open(0, &session, fault), STATUS_OK);
    struct station_packed station = {.device = &device, .session = session};
    struct station_pack pack = {.kernel = kernel_named(&device, "alternating"),
                                .problem = &stacks[way].problem,
                                .packed = stacks[way].packed,
                                .most_tokens = 80,
                                .longest = 40,
                                .seed = 1,
                                .threads = 1};
    enum status status = station_packed_verify(&station, &pack, 64, verdict, fault);
    struct device_packed_times times;
    if (status == STATUS_OK && verdict->pass) {
        assert_int_equal(station_packed_repeat(&station, &pack, 0.05, &times, fault), STATUS_OK);
        assert_true(isnan(times.attention) && isnan(times.rope)); /* the simulator gives no times */
    }
    station_packed_free(&station);
    device.close(session);
    return status;
}

static void right_stacks_pass(void **state)
{
    (void)state;
    struct verdict verdict;
    struct device_fault fault;
    for (int way = 0; way < MODERNBERT_WAYS; way++) {
        if (verify((enum modernbert_way)way, NONE, &verdict, &fault) != STATUS_OK)
            fail_msg("way %d: %s", way, fault.reason);
        if (!verdict.pass)
            fail_msg("way %d: %s", way, verdict.message);
        /* two layers, the last one twice: 6 of a layer's sequence, each in full */
        assert_true(verdict.rows_compared >= 6 * 16 && verdict.rows_compared == verdict.rows_total);
    }
}

static void wrong_stacks_are_found(void **state)
{
    (void)state;
    static const struct {
        enum modernbert_way way;
        enum harm harm;
        const char *words;
    } all[] = {
        {ALTERNATING, THETAS_SWAPPED, "layer 0, sequence 0: RoPE: row "},
        {ALTERNATING, ONE_LAYER_LESS, "layer 1, sequence 0: RoPE: row "},
        {ALL_GLOBAL, STARTS_MOVED, "layer 0, sequence 0: "},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct verdict verdict;
        struct device_fault fault;
        if (verify(all[i].way, all[i].harm, &verdict, &fault) != STATUS_OK)
            fail_msg("%zu: %s", i, fault.reason);
        if (verdict.pass || strncmp(verdict.message, all[i].words, strlen(all[i].words)) != 0)
            fail_msg("%zu: '%s'", i, verdict.pass ? "passed" : verdict.message);
    }
}

/* What was not written before is read: the simulator's own verdict comes through as a fault. */
static void the_simulators_verdict_comes_through(void **state)
{
    (void)state;
    struct verdict verdict;
    struct device_fault fault;
    assert_int_equal(verify(ALTERNATING, Q_TURNED_TWICE, &verdict, &fault), STATUS_WRONG);
    if (!strstr(fault.reason, "turned_k"))
        fail_msg("'%s'", fault.reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_stacks_pass),
        cmocka_unit_test(wrong_stacks_are_found),
        cmocka_unit_test(the_simulators_verdict_comes_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
