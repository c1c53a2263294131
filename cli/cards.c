#include "cli/cards.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/terminal.h"
#include "harness/places.h"
#include "harness/summary.h"

void device_row(const char *name, int width, const char *format, ...)
{
    char *words = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&words, format, arguments) < 0)
        words = NULL;
    va_end(arguments);
    printf("%-10s  ", name);
    terminal_wrap(words ? words : "", 12, width, stdout);
    free(words);
}

void cards_look(struct cards *cards, bool roofs)
{
    enum { OPENING_SECONDS = 120 };
    *cards = (struct cards){0};
    gpus_look(&cards->gpus);
    for (int i = 0; i < cards->gpus.count; i++) {
        struct places places;
        struct diags diags = {0};
        char name[16];
        snprintf(name, sizeof name, "cuda:%d", i);
        if (places_choose(&places, device_table, device_count, name, OPENING_SECONDS, &diags) == STATUS_OK) {
            places_look(&places, roofs);
            cards->items[i] = places.items[0].gpu;
            snprintf(cards->reasons[i], sizeof cards->reasons[i], "%.199s", places.items[0].worker.gone);
        } else {
            snprintf(cards->reasons[i], sizeof cards->reasons[i], "%.199s", places.missing);
        }
        places_close(&places);
        diags_free(&diags);
    }
}

static void print_rate(const char *name, double rate, double unit, const char *words, int width)
{
    if (isfinite(rate))
        device_row(name, width, "%.1f %s", rate / unit, words);
}

static void print_card(const struct machine_gpu *gpu, bool roofs, int width)
{
    char memory[24], limit[40] = "";
    summary_bytes((double)gpu->memory, memory, sizeof memory);
    if (isfinite(gpu->power_limit))
        snprintf(limit, sizeof limit, ", power limit %.0f W", gpu->power_limit);
    device_row("", width, "%d multiprocessors, %lld KiB of SRAM a block, L2 %lld MiB, HBM %s%s", gpu->multiprocessors,
               (long long)gpu->sram_block >> 10, (long long)gpu->l2 >> 20, memory, limit);
    device_row("", width, "driver for %s, built with %s; clocks and power: %s", gpu->driver, gpu->toolkit,
               gpu->sensors);
    if (!roofs)
        return;
    print_rate("copy", gpu->copy, 1e9, "GB/s, 1 GiB copied inside HBM, bytes read + written; best of 10", width);
    print_rate("products", gpu->product_bf16, 1e12, "TFLOP/s in bf16, 8192 x 8192 x 8192, random data; best of 10",
               width);
    print_rate("", gpu->product_f32, 1e12, "TFLOP/s in float32, 4096 x 4096 x 4096", width);
    device_row("", width, "products by: %s", gpu->products[0] ? gpu->products : "nobody");
}

void cards_print(const struct cards *cards, bool roofs, int width)
{
    putchar('\n');
    for (int i = 0; i < cards->gpus.count; i++) {
        device_row("GPU", width, "cuda:%d, %s, compute capability %d.%d", i, cards->gpus.items[i].name,
                   cards->gpus.items[i].major, cards->gpus.items[i].minor);
        if (cards->items[i].name[0])
            print_card(&cards->items[i], roofs, width);
        if (cards->reasons[i][0])
            device_row("", width, "! %s", cards->reasons[i]);
    }
    if (cards->gpus.count == 0)
        device_row("GPU", width, "none: %s; the CPU kernels need none", cards->gpus.reason);
}

static json_t *number(double value)
{
    return isfinite(value) && value > 0 ? json_real(value) : json_null();
}

static json_t *card_json(const struct cards *cards, int i)
{
    const struct machine_gpu *gpu = &cards->items[i];
    json_t *card =
        json_pack("{s:s, s:i, s:i, s:I}", "name", cards->gpus.items[i].name, "major", cards->gpus.items[i].major,
                  "minor", cards->gpus.items[i].minor, "memory", (json_int_t)cards->gpus.items[i].memory);
    if (gpu->name[0])
        json_object_update_new(
            card, json_pack("{s:i, s:I, s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "multiprocessors",
                            gpu->multiprocessors, "sram_block", (json_int_t)gpu->sram_block, "l2", (json_int_t)gpu->l2,
                            "driver", gpu->driver, "toolkit", gpu->toolkit, "sensors", gpu->sensors, "products",
                            gpu->products, "power_limit", number(gpu->power_limit), "copy", number(gpu->copy),
                            "product_bf16", number(gpu->product_bf16), "product_f32", number(gpu->product_f32)));
    json_object_set_new(card, "error", cards->reasons[i][0] ? json_string(cards->reasons[i]) : json_null());
    return card;
}

json_t *cards_json(const struct cards *cards)
{
    json_t *list = json_array();
    for (int i = 0; i < cards->gpus.count; i++)
        json_array_append_new(list, card_json(cards, i));
    return list;
}
