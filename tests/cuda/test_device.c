/* The GPU's row against a runtime of ours: what is timed, what is rotated, what errors become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "fake_runtime.h"
#include "harness/station.h"
#include "harness/station_packed.h"

static const struct attention_problem problem = {.layers = 1,
                                                 .batch = 1,
                                                 .heads = 1,
                                                 .kv_heads = 1,
                                                 .len_q = 16,
                                                 .len_kv = 16,
                                                 .head_dim = 8,
                                                 .mask = {.window_left = -1, .window_right = -1},
                                                 .scale = 0.3f};
/* 4 x 16 x 8 floats and 16 log-sum-exps. */
enum { SET_BYTES = 2112, L2_BYTES = 4000, SETS = (5 * L2_BYTES + SET_BYTES - 1) / SET_BYTES };

static struct station_case the_case(void)
{
    size_t count;
    return (struct station_case){
        .kernel = device_cuda.kernels(&count)[0], .problem = &problem, .name = "pair/cuda", .seed = 1, .threads = 1};
}

static struct station *open_station(void)
{
    struct station *station = NULL;
    struct device_fault fault;
    fake_gpu = (struct fake_gpu){.cold = 100e-6,
                                 .hot = 60e-6,
                                 .gap = 4e-6,
                                 .major = 9,
                                 .driver = CUDART_VERSION,
                                 .memory = (size_t)8 << 30,
                                 .l2 = L2_BYTES};
    assert_int_equal(station_open(&device_cuda, 0, &station, &fault), STATUS_OK);
    return station;
}

static void expect_time(double got, double wanted)
{
    if (!(fabs(got - wanted) < 1e-3 * wanted))
        fail_msg("%g s instead of %g", got, wanted);
}

static void a_repetition_is_timed_cold_hot_as_a_graph_and_by_stage(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct station_case c = the_case();
    struct station_times times;
    struct device_fault fault = {0};
    assert_int_equal(station_repeat(station, &c, 5e-3, &times, &fault), STATUS_OK);
    assert_int_equal(times.sets, SETS);
    expect_time(times.repetition.seconds, 104e-6);
    expect_time(times.repetition.hot, 64e-6);
    expect_time(times.repetition.graph, 100e-6); /* without the gap */
    expect_time(times.repetition.stages[0], 27e-6);
    expect_time(times.repetition.stages[1], 77e-6);
    assert_int_equal(times.repetition.calls, 49); /* of 104 us, to fill 5 ms */
    assert_true(times.bytes == SET_BYTES + 64);
    assert_true(times.after.mhz == 1755 && times.after.memory_mhz == 2619 && times.after.watts == 612.5);
    assert_true(isnan(times.after.celsius)); /* that sensor does not answer */
    assert_string_equal(times.after.slowed, "power limit");
    station_close(station);
    assert_int_equal(fake_gpu.taken, 0);
}

static void what_cannot_be_captured_has_no_graph_time(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct station_case c = the_case();
    struct station_times times;
    struct device_fault fault = {0};
    fake_gpu.no_capture = true;
    assert_int_equal(station_repeat(station, &c, 1e-3, &times, &fault), STATUS_OK);
    assert_true(isnan(times.repetition.graph));
    expect_time(times.repetition.hot, 64e-6);
    station_close(station);
}

static void results_are_judged(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct station_case c = the_case();
    struct verdict verdict;
    struct device_fault fault = {0};
    assert_int_equal(station_verify(station, &c, 100, &verdict, &fault), STATUS_OK);
    assert_true(verdict.pass);
    fake_gpu.wrong = true;
    assert_int_equal(station_verify(station, &c, 100, &verdict, &fault), STATUS_OK);
    assert_false(verdict.pass);
    station_close(station);
}

static void errors_say_what_and_whether_the_context_is_lost(void **state)
{
    (void)state;
    static const struct {
        cudaError_t at_launch, at_sync;
        bool sticky, broken;
        const char *words;
    } all[] = {
        {cudaErrorInvalidConfiguration, cudaSuccess, false, false, "the launch failed: some error"},
        {cudaSuccess, cudaErrorIllegalAddress, true, true,
         "the kernel failed: an illegal memory access was encountered (cudaErrorIllegalAddress)"},
        {cudaSuccess, cudaErrorLaunchTimeout, false, false, "the kernel failed: some error"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct station *station = open_station();
        struct station_case c = the_case();
        struct verdict verdict;
        struct device_fault fault = {0};
        assert_int_equal(station_verify(station, &c, 100, &verdict, &fault), STATUS_OK); /* all is in place */
        fake_gpu.at_launch = all[i].at_launch;
        fake_gpu.at_sync = all[i].at_sync;
        fake_gpu.sticky = all[i].sticky;
        if (all[i].at_launch) {
            assert_int_equal(station_verify(station, &c, 100, &verdict, &fault), STATUS_FAILED);
        } else {
            /* the poisoning waits too: the error must be met by the launch */
            void *session = station_session(station);
            struct attention_tensors tensors = {device_cuda.take(session, "q", 4096), NULL, NULL, NULL, NULL};
            tensors.k = tensors.v = tensors.q;
            tensors.o = (void *)tensors.q;
            tensors.log_sum_exp = (float *)tensors.o + 512;
            struct device_launch launch = {
                .kernel = c.kernel, .problem = &problem, .sets = &tensors, .set_count = 1, .name = c.name};
            assert_int_equal(device_cuda.launch(session, &launch, &fault), STATUS_FAILED);
            device_cuda.give_back(session, tensors.o);
        }
        if (fault.broken != all[i].broken || !strstr(fault.reason, all[i].words))
            fail_msg("%zu: broken %d, '%s'", i, fault.broken, fault.reason);
        fake_gpu.at_sync = fake_gpu.at_launch = cudaSuccess;
        station_close(station);
    }
}

static void a_card_that_cannot_serve_says_why(void **state)
{
    (void)state;
    static const struct {
        int index, major, driver;
        const char *words;
    } all[] = {
        {0, 7, CUDART_VERSION, "Fake H100 has compute capability 7.0; the kernels are built for 8.0 and newer"},
        {0, 9, 11040, "the driver knows CUDA up to 11.4 and this program was built with"},
        {0, 9, 0, "NVIDIA's driver is not on this machine"},
        {3, 9, CUDART_VERSION, "the GPU cannot be opened"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct station *station = NULL;
        struct device_fault fault;
        fake_gpu = (struct fake_gpu){.major = all[i].major, .driver = all[i].driver};
        assert_int_equal(station_open(&device_cuda, all[i].index, &station, &fault), STATUS_FAILED);
        if (!fault.broken || !strstr(fault.reason, all[i].words))
            fail_msg("%zu: '%s'", i, fault.reason);
    }
}

static void memory_is_asked_for_before_it_is_taken(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct station_case c = the_case();
    struct station_times times;
    struct verdict verdict;
    struct device_fault fault = {0};
    fake_gpu.memory = 1000;
    assert_int_equal(station_verify(station, &c, 100, &verdict, &fault), STATUS_NO_MEMORY);
    assert_false(fault.broken);
    assert_non_null(strstr(fault.reason, "does not fit in the device's memory"));
    assert_int_equal(fake_gpu.taken, 0);
    fake_gpu.memory = 3 * SET_BYTES; /* for two sets and the scratch: fewer take turns */
    assert_int_equal(station_repeat(station, &c, 1e-3, &times, &fault), STATUS_OK);
    assert_int_equal(times.sets, 2);
    station_close(station);
}

static void the_card_is_described_and_its_roofs_measured(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct machine_gpu gpu = {.copy = NAN};
    struct device_fault fault = {0};
    char reason[160];
    assert_int_equal(device_cuda.count(reason, sizeof reason), 1);
    device_cuda.look(station_session(station), &gpu);
    assert_string_equal(gpu.name, "Fake H100");
    assert_string_equal(gpu.sensors, "NVML");
    assert_true(gpu.multiprocessors == 132 && gpu.sram_block == 227 << 10 && gpu.power_limit == 700);
    assert_int_equal(device_cuda.roofs(station_session(station), &gpu, &fault), STATUS_OK);
    expect_time(gpu.copy, 3e12);
    expect_time(gpu.product_bf16, 8e14);
    expect_time(gpu.product_f32, 5e13);
    assert_string_equal(gpu.products, "cuBLAS 13.0.2");
    assert_int_equal(fake_gpu.taken, 0);
    fake_gpu.memory = 1 << 20;
    assert_int_equal(device_cuda.roofs(station_session(station), &gpu, &fault), STATUS_OK);
    assert_true(isnan(gpu.copy) && isnan(gpu.product_bf16));
    assert_string_equal(gpu.products, "none: no memory for matrices of 8192 x 8192");
    station_close(station);
}

static void a_stack_is_timed_apart_from_its_rope(void **state)
{
    (void)state;
    struct station *station = open_station();
    struct station_packed stacks = {.device = &device_cuda, .session = station_session(station)};
    static const int64_t starts[] = {0, 4, 16};
    struct station_case c = the_case();
    struct station_pack pack = {c.kernel, &problem, {starts, 2}, 16, 12, "a stack", 1, 1};
    struct device_packed_times times;
    struct device_fault fault = {0};
    assert_int_equal(station_packed_repeat(&stacks, &pack, 5e-3, &times, &fault), STATUS_OK);
    expect_time(times.rope, 24e-6);
    expect_time(times.attention, 104e-6);
    assert_int_equal(times.calls, 40); /* of 128 us, to fill 5 ms */
    size_t taken = fake_gpu.taken;
    assert_int_equal(fake_gpu.launches, 2 * 41); /* one warms up */
    assert_int_equal(station_packed_repeat(&stacks, &pack, 0, &times, &fault), STATUS_OK);
    assert_true(isnan(times.attention) && fake_gpu.launches == 2 * 42 && fake_gpu.taken == taken);
    pack.packed.count = 1;
    assert_int_equal(station_packed_repeat(&stacks, &pack, 5e-3, &times, &fault), STATUS_UNSUPPORTED);
    assert_string_equal(fault.reason, "pair: one sequence is no pack");
    pack.packed.count = 2;
    fake_gpu.at_launch = cudaErrorInvalidConfiguration;
    assert_int_equal(station_packed_repeat(&stacks, &pack, 5e-3, &times, &fault), STATUS_FAILED);
    assert_non_null(strstr(fault.reason, "the launch of RoPE failed: some error"));
    station_packed_free(&stacks);
    assert_int_equal(fake_gpu.taken, 0);
    fake_gpu.memory = 3000;
    assert_int_equal(station_packed_repeat(&stacks, &pack, 5e-3, &times, &fault), STATUS_NO_MEMORY);
    assert_non_null(strstr(fault.reason, "does not fit in the device's memory"));
    assert_int_equal(fake_gpu.taken, 0);
    station_close(station);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repetition_is_timed_cold_hot_as_a_graph_and_by_stage),
        cmocka_unit_test(what_cannot_be_captured_has_no_graph_time),
        cmocka_unit_test(results_are_judged),
        cmocka_unit_test(errors_say_what_and_whether_the_context_is_lost),
        cmocka_unit_test(a_card_that_cannot_serve_says_why),
        cmocka_unit_test(memory_is_asked_for_before_it_is_taken),
        cmocka_unit_test(a_stack_is_timed_apart_from_its_rope),
        cmocka_unit_test(the_card_is_described_and_its_roofs_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
