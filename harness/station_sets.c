#include "harness/station_sets.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/select/choice.h"

/* Sets in turn must hold this many times what the cache does: then a set is gone when its turn comes again. */
enum { CACHES_PASSED = 5 };

static void free_tensors(struct station_sets *sets, struct attention_tensors *t)
{
    void *const all[] = {(void *)t->q, (void *)t->k, (void *)t->v, t->o, t->log_sum_exp};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i])
            sets->device->give_back(sets->session, all[i]);
    *t = (struct attention_tensors){0};
}

static void free_blocks(struct station_sets *sets, struct station_set *set)
{
    void *const all[] = {set->block_first, set->block_list, set->gate, set->angles};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i])
            sets->device->give_back(sets->session, all[i]);
    set->block_first = NULL;
    set->block_list = NULL;
    set->gate = set->angles = NULL;
}

static void free_set(struct station_sets *sets, struct station_set *set)
{
    for (int i = 0; i < set->count; i++)
        free_tensors(sets, &set->tensors[i]);
    free_blocks(sets, set);
    tensors_free(&set->host);
    free(set);
}

static void free_workspace(struct station_sets *sets)
{
    if (sets->workspace)
        sets->device->give_back(sets->session, sets->workspace);
    sets->workspace = NULL;
    sets->workspace_bytes = 0;
}

void station_sets_free(struct station_sets *sets)
{
    for (int i = 0; i < sets->count; i++)
        free_set(sets, sets->kept[i]);
    sets->count = 0;
    free_workspace(sets);
}

static void drop(struct station_sets *sets, int index)
{
    free_set(sets, sets->kept[index]);
    sets->kept[index] = sets->kept[--sets->count];
}

/* Frees what was used longest ago, `but` for one; then the workspace. False when nothing is left to free. */
static bool make_room(struct station_sets *sets, const struct station_set *but)
{
    int oldest = -1;
    for (int i = 0; i < sets->count; i++)
        if (sets->kept[i] != but && (oldest < 0 || sets->kept[i]->used < sets->kept[oldest]->used))
            oldest = i;
    if (oldest >= 0) {
        drop(sets, oldest);
        return true;
    }
    if (!sets->workspace)
        return false;
    free_workspace(sets);
    return true;
}

static void *take(struct station_sets *sets, const struct station_set *but, const char *name, size_t bytes)
{
    void *memory = sets->device->take(sets->session, name, bytes);
    while (!memory && make_room(sets, but))
        memory = sets->device->take(sets->session, name, bytes);
    return memory;
}

/* What is only there to take turns pushes nobody out. */
static void *take_for(struct station_sets *sets, const struct station_set *set, const char *name, size_t bytes)
{
    return set->count == 0 ? take(sets, set, name, bytes) : sets->device->take(sets->session, name, bytes);
}

static enum status upload(struct station_sets *sets, struct attention_tensors *t, const struct station_set *set,
                          size_t q_bytes, size_t kv_bytes, struct device_fault *fault)
{
    const struct {
        const void *to, *from;
        size_t bytes;
    } moves[] = {{t->q, set->host.q, q_bytes}, {t->k, set->host.k, kv_bytes}, {t->v, set->host.v, kv_bytes}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < 3 && status == STATUS_OK; i++)
        status = sets->device->upload(sets->session, (void *)moves[i].to, moves[i].from, moves[i].bytes, fault);
    return status;
}

/* One more copy of the inputs on the device, with outputs of its own. The values are the same in each: what matters is
 * where they lie. */
static enum status add_copy(struct station_sets *sets, struct station_set *set, struct device_fault *fault)
{
    const struct attention_problem *p = &set->host.lengths;
    size_t q_bytes = (size_t)attention_q_elements(p) * dtype_size(p->dtype);
    size_t kv_bytes = (size_t)attention_kv_elements(p) * dtype_size(p->dtype);
    struct attention_tensors *t = &set->tensors[set->count];
    t->q = take_for(sets, set, "q", q_bytes);
    t->k = take_for(sets, set, "k", kv_bytes);
    t->v = take_for(sets, set, "v", kv_bytes);
    t->o = take_for(sets, set, "o", q_bytes);
    t->log_sum_exp = take_for(sets, set, "log_sum_exp", (size_t)attention_rows(p) * sizeof(float));
    if (!t->q || !t->k || !t->v || !t->o || !t->log_sum_exp) {
        free_tensors(sets, t);
        return STATUS_NO_MEMORY;
    }
    set->count++;
    return upload(sets, t, set, q_bytes, kv_bytes, fault);
}

static struct station_set *find(struct station_sets *sets, const struct station_case *c)
{
    for (int i = 0; i < sets->count; i++)
        if (tensors_fit(&sets->kept[i]->host, c->problem) && sets->kept[i]->seed == c->seed)
            return sets->kept[i];
    return NULL;
}

static struct station_set *make(struct station_sets *sets, const struct station_case *c)
{
    if (sets->count == STATION_KEPT)
        make_room(sets, NULL);
    struct station_set *set = calloc(1, sizeof *set);
    if (!set)
        return NULL;
    if (tensors_make(&set->host, c->problem, c->seed, c->threads) != STATUS_OK) {
        free(set);
        return NULL;
    }
    set->seed = c->seed;
    sets->kept[sets->count++] = set;
    return set;
}

/* How many sets pass the cache. */
static int sets_wanted(const struct station_sets *sets, const struct station_case *c)
{
    double wanted = ceil(CACHES_PASSED * sets->device->cache(sets->session) / (double)tensors_bytes(c->problem));
    wanted = sets->device->cache(sets->session) > 0 ? fmax(2, wanted) : 1;
    return (int)fmin(wanted, STATION_SETS);
}

static enum status get_workspace(struct station_sets *sets, const struct station_set *set, size_t scratch)
{
    if (scratch <= sets->workspace_bytes)
        return STATUS_OK;
    free_workspace(sets);
    sets->workspace = take(sets, set, "workspace", scratch);
    sets->workspace_bytes = sets->workspace ? scratch : 0;
    return sets->workspace ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A copy of `bytes` bytes on the device; of none, room for a number. */
static enum status put(struct station_sets *sets, const struct station_set *set, const char *name, const void *from,
                       size_t bytes, void **to, struct device_fault *fault)
{
    *to = take(sets, set, name, bytes ? bytes : sizeof(int64_t));
    if (!*to)
        return STATUS_NO_MEMORY;
    return bytes ? sets->device->upload(sets->session, *to, from, bytes, fault) : STATUS_OK;
}

/* Small beside the tensors, so it is put there anew for each question. */
static enum status get_blocks(struct station_sets *sets, struct station_set *set, const struct block_mask *mask,
                              struct device_fault *fault)
{
    free_blocks(sets, set);
    if (!mask)
        return STATUS_OK;
    size_t first_bytes = (size_t)(mask->count * mask->rows + 1) * sizeof *mask->first;
    size_t list_bytes = (size_t)mask->entries * sizeof *mask->block;
    enum status status = put(sets, set, "block_first", mask->first, first_bytes, (void **)&set->block_first, fault);
    if (status == STATUS_OK)
        status = put(sets, set, "block_list", mask->block, list_bytes, (void **)&set->block_list, fault);
    const struct block_choice *choice = mask->choice;
    if (status != STATUS_OK || !choice)
        return status;
    size_t weights = (size_t)gate_weights(choice->gate.heads, choice->gate.head_dim) * sizeof(float);
    size_t angles = choice_angles(choice->length, choice->gate.head_dim) * sizeof(float);
    status = put(sets, set, "gate", choice->gate.weights, weights, (void **)&set->gate, fault);
    if (status == STATUS_OK)
        status = put(sets, set, "angles", choice->angles, angles, (void **)&set->angles, fault);
    return status;
}

enum status station_sets_get(struct station_sets *sets, const struct station_case *c, bool rotate, size_t scratch,
                             struct station_set **set, void **workspace, struct device_fault *fault)
{
    struct station_set *found = find(sets, c);
    enum status status = STATUS_OK;
    if (!found)
        found = make(sets, c);
    if (!found)
        return STATUS_NO_MEMORY;
    found->used = ++sets->asked;
    if (found->count == 0)
        status = add_copy(sets, found, fault);
    if (status == STATUS_OK)
        status = get_blocks(sets, found, c->problem->mask.blocks, fault);
    if (status == STATUS_OK)
        status = get_workspace(sets, found, scratch);
    for (int wanted = rotate ? sets_wanted(sets, c) : 1; status == STATUS_OK && found->count < wanted;) {
        status = add_copy(sets, found, fault);
        if (status == STATUS_NO_MEMORY) { /* fewer take turns then; the record says how many */
            status = STATUS_OK;
            break;
        }
    }
    if (status == STATUS_NO_MEMORY)
        station_sets_free(sets); /* a half-made set would be taken for a whole one */
    *set = found;
    *workspace = sets->workspace;
    return status;
}
