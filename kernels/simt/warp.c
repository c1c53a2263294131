/* warp.c - what the lanes of a warp do together: they meet, and who comes last does the work for all. */
#include <string.h>

#include "kernels/simt/device.h"
#include "kernels/simt/state.h"

void warp_begin(struct simt *simt)
{
    int warps = (simt->thread_count + SIMT_WARP - 1) / SIMT_WARP;
    memset(simt->warps, 0, (size_t)warps * sizeof *simt->warps);
    for (int w = 0; w < warps; w++)
        for (int lane = 0; lane < SIMT_WARP; lane++)
            simt->warps[w].clock[lane][lane] = 1;
}

/* What any of the lanes knew, all of them know now. A meeting of the whole warp after another one, which is nearly
 * every one, only turns all clocks on by one. */
static void join_clocks(struct warp *warp, uint32_t mask)
{
    bool whole = mask == 0xffffffffu;
    if (whole && warp->alike) {
        warp->meetings++;
        return;
    }
    for (int lane = 0; lane < SIMT_WARP; lane++)
        for (int i = 0; i < SIMT_WARP; i++)
            warp->clock[lane][i] += warp->meetings;
    warp->meetings = 0;
    warp->alike = whole;
    uint32_t all[SIMT_WARP] = {0};
    for (uint32_t m = mask; m; m &= m - 1) {
        int lane = __builtin_ctz(m);
        warp->clock[lane][lane]++;
        for (int i = 0; i < SIMT_WARP; i++)
            all[i] = warp->clock[lane][i] > all[i] ? warp->clock[lane][i] : all[i];
    }
    for (uint32_t m = mask; m; m &= m - 1)
        memcpy(warp->clock[__builtin_ctz(m)], all, sizeof all);
}

/* Where a lane reads from, or -1: its own value, as the instruction has it at the warp's edge. */
static int source_lane(int lane, enum simt_shuffle how, int operand)
{
    switch (how) {
    case SIMT_SHUFFLE_INDEX:
        return operand & (SIMT_WARP - 1);
    case SIMT_SHUFFLE_UP:
        return lane - operand;
    case SIMT_SHUFFLE_DOWN:
        return lane + operand < SIMT_WARP ? lane + operand : -1;
    case SIMT_SHUFFLE_XOR:
        return lane ^ operand;
    }
    return -1;
}

static void shuffle_all(struct simt *simt, struct thread *lanes, uint32_t mask, int exchange)
{
    for (uint32_t m = mask; m; m &= m - 1) {
        int lane = __builtin_ctz(m),
            source = source_lane(lane, (enum simt_shuffle)exchange, lanes[lane].operand.operand);
        if (source < 0 || source >= SIMT_WARP)
            source = lane;
        if (!(mask >> source & 1))
            fault_raise(simt, &(struct suspect){SIMT_LANE_MASK, NULL, lanes[lane].place, 0, -1, -1},
                        "lane mask: lane %d reads from lane %d, which the mask %#010x leaves out", lane, source, mask);
        lanes[lane].result = lanes[source].operand.bits;
    }
}

static void vote_all(struct thread *lanes, uint32_t mask)
{
    uint32_t ballot = 0;
    for (uint32_t m = mask; m; m &= m - 1)
        ballot |= lanes[__builtin_ctz(m)].operand.bits << __builtin_ctz(m);
    for (uint32_t m = mask; m; m &= m - 1)
        lanes[__builtin_ctz(m)].result = ballot;
}

/* Lanes of `mask` that stand at this very exchange. */
static uint32_t arrived(const struct thread *lanes, int count, uint32_t mask, int exchange)
{
    uint32_t here = 0;
    for (int lane = 0; lane < count; lane++)
        if (lanes[lane].wait == AT_EXCHANGE && lanes[lane].mask == mask && lanes[lane].exchange == exchange)
            here |= 1u << lane;
    return here & mask;
}

uint32_t warp_meet(struct simt *simt, uint32_t mask, int exchange, const struct lane_operand *operand, uint32_t place)
{
    int number = simt->now / SIMT_WARP, lane = simt->now % SIMT_WARP;
    struct warp *warp = &simt->warps[number];
    struct thread *lanes = &simt->threads[number * SIMT_WARP], *me = simt->thread;
    int count = simt->thread_count - number * SIMT_WARP;
    if (!(mask >> lane & 1))
        fault_raise(simt, &(struct suspect){SIMT_LANE_MASK, NULL, place, 0, -1, -1},
                    "lane mask: lane %d takes part in an exchange whose mask %#010x leaves it out", lane, mask);
    me->wait = AT_EXCHANGE;
    me->mask = mask;
    me->exchange = exchange;
    me->operand = *operand;
    me->place = place;
    /* Whoever can still run has not arrived: only the last one need look at all others. */
    if ((warp->ready & mask & ~(1u << lane)) ||
        arrived(lanes, count < SIMT_WARP ? count : SIMT_WARP, mask, exchange) != mask) {
        block_wait(simt);
        return me->result;
    }
    /* Clocks first: what a lane wrote before it came is there for the others. */
    join_clocks(warp, mask);
    if (exchange >= EXCHANGE_MATRIX)
        matrix_exchange(simt, lanes, exchange);
    else if (exchange == EXCHANGE_VOTE)
        vote_all(lanes, mask);
    else if (exchange != EXCHANGE_SYNC)
        shuffle_all(simt, lanes, mask, exchange);
    simt->counts.exchanges++;
    for (uint32_t m = mask; m; m &= m - 1)
        lanes[__builtin_ctz(m)].wait = READY;
    warp->ready |= mask;
    return me->result;
}

void simt_sync_warp(uint32_t mask)
{
    warp_meet(simt_running, mask, EXCHANGE_SYNC, &(struct lane_operand){.bits = 0}, HERE);
}

uint32_t simt_shuffle(uint32_t mask, uint32_t bits, enum simt_shuffle how, int operand)
{
    const struct lane_operand mine = {.bits = bits, .operand = operand};
    return warp_meet(simt_running, mask, (int)how, &mine, HERE);
}

uint32_t simt_ballot(uint32_t mask, int predicate)
{
    const struct lane_operand mine = {.bits = predicate != 0};
    return warp_meet(simt_running, mask, EXCHANGE_VOTE, &mine, HERE);
}
