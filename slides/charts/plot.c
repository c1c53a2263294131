#include "slides/charts/plot.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void plot_cache_free(struct plot_cache *cache)
{
    if (cache->picture)
        g_object_unref(cache->picture);
    free(cache->script);
    *cache = (struct plot_cache){.plotter = cache->plotter};
}

void plot_begin(struct plot *plot, struct paint *paint, struct box box)
{
    *plot = (struct plot){.paint = paint, .box = box, .unit = paint->style->unit};
    text_format(&plot->setup,
                "set terminal svg size %.0f,%.0f noenhanced rounded\n"
                "unset key\nunset border\nunset tics\n",
                ceil(box.w), ceil(box.h));
}

static const char *hex_words(struct color c, char words[16])
{
    snprintf(words, 16, "#%02x%02x%02x", (unsigned)lround(255 * c.r), (unsigned)lround(255 * c.g),
             (unsigned)lround(255 * c.b));
    return words;
}

static const char *color_words(const struct plot *plot, enum role role, char words[16])
{
    return hex_words(paint_color(plot->paint, role), words);
}

/* What the axis would say at a pixel outside of its ends. */
static double beyond(const struct axis *axis, double pixel)
{
    double share = (pixel - axis->from) / (axis->to - axis->from);
    return axis->log ? axis->low * pow(axis->high / axis->low, share) : axis->low + share * (axis->high - axis->low);
}

/* gnuplot's plot area is the whole box, so that a mark on an axis' end is not cut in half; the ranges are drawn out
 * to the box's edges for it. */
void plot_area(struct plot *plot, const struct axis *x, const struct axis *y)
{
    double w = ceil(plot->box.w), h = ceil(plot->box.h);
    plot->left = fmin(x->from, x->to);
    plot->right = fmax(x->from, x->to);
    plot->top = fmin(y->from, y->to);
    plot->bottom = fmax(y->from, y->to);
    text_add(&plot->setup, "set lmargin at screen 0\nset rmargin at screen 1\n"
                           "set tmargin at screen 1\nset bmargin at screen 0\n");
    text_format(&plot->setup, "%s%sset xrange [%.17g:%.17g] noextend\nset yrange [%.17g:%.17g] noextend\n",
                x->log ? "set logscale x\n" : "", y->log ? "set logscale y\n" : "", beyond(x, 0), beyond(x, w),
                beyond(y, h), beyond(y, 0));
    text_format(&plot->setup, "set x2range [0:%.0f] noextend\nset y2range [%.0f:0] noextend\n", w, h);
}

static void grid(struct plot *plot, const char *from, const char *to)
{
    char color[16];
    text_format(&plot->setup, "set arrow from %s to %s nohead back lw %.3f lc rgb \"%s\"\n", from, to, 2 * plot->unit,
                color_words(plot, ROLE_LINE, color));
}

void plot_grid_x(struct plot *plot, double at)
{
    char from[64], to[64];
    snprintf(from, sizeof from, "first %.17g,second %.3f", at, plot->bottom);
    snprintf(to, sizeof to, "first %.17g,second %.3f", at, plot->top);
    grid(plot, from, to);
}

void plot_grid_y(struct plot *plot, double at)
{
    char from[64], to[64];
    snprintf(from, sizeof from, "second %.3f,first %.17g", plot->left, at);
    snprintf(to, sizeof to, "second %.3f,first %.17g", plot->right, at);
    grid(plot, from, to);
}

/* A block of data for one clause of the plot command. */
static void block(struct plot *plot, const double *x, const double *y, size_t count)
{
    text_format(&plot->data, "$d%d << END\n", ++plot->blocks);
    for (size_t i = 0; i < count; i++)
        text_format(&plot->data, "%.17g %.17g\n", x[i], y[i]);
    text_add(&plot->data, "END\n");
}

static void clause(struct plot *plot, enum scale scale, const char *with, enum role role)
{
    char color[16];
    text_format(&plot->clauses, "%s$d%d using 1:2 axes %s with %s lc rgb \"%s\" notitle",
                plot->clauses.length ? ", " : "plot ", plot->blocks, scale == SCALE_DATA ? "x1y1" : "x2y2", with,
                color_words(plot, role, color));
}

void plot_path(struct plot *plot, enum scale scale, enum role role, double width, bool dashed, const double *x,
               const double *y, size_t count)
{
    char with[96];
    block(plot, x, y, count);
    snprintf(with, sizeof with, "lines %s lw %.3f", dashed ? "dt (8,9)" : "dt solid", width);
    clause(plot, scale, with, role);
}

void plot_segment(struct plot *plot, enum scale scale, enum role role, double width, double x0, double y0, double x1,
                  double y1)
{
    const double x[] = {x0, x1}, y[] = {y0, y1};
    plot_path(plot, scale, role, width, false, x, y, 2);
}

void plot_mark(struct plot *plot, enum scale scale, enum shape shape, enum role role, double radius, double x, double y)
{
    /* gnuplot's filled point types, and their reach at `ps 1`: shapes of the same weight, not of the same width. */
    static const struct {
        int type;
        double reach;
    } shapes[SHAPES] = {[SHAPE_CIRCLE] = {7, 4.5},
                        [SHAPE_SQUARE] = {5, 5.0},
                        [SHAPE_TRIANGLE] = {9, 4.6},
                        [SHAPE_DIAMOND] = {13, 5.3},
                        [SHAPE_TURNED] = {11, 4.6}};
    char with[96];
    block(plot, &x, &y, 1);
    snprintf(with, sizeof with, "points pt %d ps %.4f", shapes[shape].type, radius / shapes[shape].reach);
    clause(plot, scale, with, role);
}

/* A quarter of a circle about (x, y) from `angle`, counted clockwise as the eye sees it. */
static void corner(struct text *object, double x, double y, double r, double angle)
{
    enum { STEPS = 8 };
    for (int i = 0; i <= (r > 0 ? STEPS : 0); i++) {
        double a = angle + i * (M_PI / 2) / STEPS;
        text_format(object, "%ssecond %.3f,second %.3f", object->length ? " to " : "", x + r * cos(a), y + r * sin(a));
    }
}

static void rounded(struct plot *plot, struct box bar, double left, double right, struct color fill)
{
    struct text object = {0};
    char color[16];
    corner(&object, bar.x + left, bar.y + left, left, M_PI);
    corner(&object, bar.x + bar.w - right, bar.y + right, right, 1.5 * M_PI);
    corner(&object, bar.x + bar.w - right, bar.y + bar.h - right, right, 0);
    corner(&object, bar.x + left, bar.y + bar.h - left, left, M_PI / 2);
    text_format(&object, " to second %.3f,second %.3f", bar.x, bar.y + left); /* closed */
    text_format(&plot->setup, "set object %d polygon from %s back noclip fc rgb \"%s\" fs solid noborder\n",
                ++plot->objects, object.bytes ? object.bytes : "", hex_words(fill, color));
    plot->failed |= object.failed;
    text_free(&object);
}

void plot_bar(struct plot *plot, struct box bar, double radius, enum corners corners, enum role role)
{
    double r = fmin(radius, fmin(bar.w, bar.h) / 2);
    rounded(plot, bar, corners & CORNERS_LEFT ? r : 0, corners & CORNERS_RIGHT ? r : 0, paint_color(plot->paint, role));
}

void plot_tile(struct plot *plot, struct box tile, double radius, struct color color)
{
    double r = fmin(radius, fmin(tile.w, tile.h) / 2);
    rounded(plot, tile, r, r, color);
}

void plot_blank(struct plot *plot, struct box box)
{
    const double x[] = {box.x, box.x + box.w, box.x + box.w, box.x, box.x};
    const double y[] = {box.y, box.y, box.y + box.h, box.y + box.h, box.y};
    block(plot, x, y, 5);
    clause(plot, SCALE_PIXELS, "filledcurves closed fs solid noborder", ROLE_BACKGROUND);
}

void plot_interval(struct plot *plot, bool across, enum role role, double low, double high, double at)
{
    double cap = 11 * plot->unit;
    const enum role roles[] = {ROLE_BACKGROUND, role};
    const double widths[] = {8 * plot->unit, 3 * plot->unit};
    for (int pass = 0; pass < 2; pass++) {
        const double along[] = {low, high}, level[] = {at, at}, caps[] = {at - cap, at + cap};
        const double lows[] = {low, low}, highs[] = {high, high};
        plot_path(plot, SCALE_PIXELS, roles[pass], widths[pass], false, across ? along : level, across ? level : along,
                  2);
        plot_path(plot, SCALE_PIXELS, roles[pass], widths[pass], false, across ? lows : caps, across ? caps : lows, 2);
        plot_path(plot, SCALE_PIXELS, roles[pass], widths[pass], false, across ? highs : caps, across ? caps : highs,
                  2);
    }
}

void plot_markup(struct plot *plot, const struct text_style *style, const char *markup, double x, double y)
{
    struct plot_word *words = realloc(plot->words, (plot->word_count + 1) * sizeof *words);
    char *copy = strdup(markup);
    plot->failed |= !words || !copy;
    if (words)
        plot->words = words;
    if (words && copy)
        words[plot->word_count++] = (struct plot_word){*style, copy, x, y};
    else
        free(copy);
}

void plot_words(struct plot *plot, const struct text_style *style, const char *plain, double x, double y)
{
    char *markup = g_markup_escape_text(plain, -1);
    plot_markup(plot, style, markup, x, y);
    g_free(markup);
}

/* The SVG of this script, as librsvg reads it; the cache keeps both. Takes `script`. */
static enum status make_picture(struct plot *plot, struct plot_cache *cache, char *script)
{
    struct diags *diags = plot->paint->diags;
    const char *svg;
    size_t length;
    GError *error = NULL;
    if (cache->script && strcmp(cache->script, script) == 0) {
        free(script);
        return STATUS_OK;
    }
    enum status status = plotter_svg(cache->plotter, script, &svg, &length, diags);
    RsvgHandle *handle = status == STATUS_OK ? rsvg_handle_new_from_data((const guint8 *)svg, length, &error) : NULL;
    if (handle) {
        plot_cache_free(cache);
        cache->picture = handle;
        cache->script = script;
        return STATUS_OK;
    }
    free(script);
    if (status == STATUS_OK)
        diags_error(diags, plot->paint->file, plot->paint->line, NULL, "gnuplot's SVG cannot be read: %s",
                    error ? error->message : "out of memory");
    g_clear_error(&error);
    return status == STATUS_OK ? STATUS_FAILED : status;
}

static enum status draw_picture(struct plot *plot, struct plot_cache *cache)
{
    struct paint *paint = plot->paint;
    GError *error = NULL;
    RsvgRectangle place = {plot->box.x, plot->box.y, ceil(plot->box.w), ceil(plot->box.h)};
    cairo_save(paint->cairo);
    bool drawn = rsvg_handle_render_document(cache->picture, paint->cairo, &place, &error);
    cairo_restore(paint->cairo);
    if (drawn)
        return STATUS_OK;
    diags_error(paint->diags, paint->file, paint->line, NULL, "the chart cannot be drawn: %s",
                error ? error->message : "no reason given");
    g_clear_error(&error);
    return STATUS_FAILED;
}

void plot_drop(struct plot *plot)
{
    for (size_t i = 0; i < plot->word_count; i++)
        free(plot->words[i].markup);
    free(plot->words);
    text_free(&plot->setup);
    text_free(&plot->data);
    text_free(&plot->clauses);
    *plot = (struct plot){0};
}

enum status plot_end(struct plot *plot, struct plot_cache *cache)
{
    struct text script = {0};
    plot->failed |= plot->setup.failed || plot->data.failed || plot->clauses.failed;
    text_add(&script, plot->setup.bytes);
    text_add(&script, plot->data.bytes ? plot->data.bytes : "");
    text_add(&script, plot->clauses.bytes ? plot->clauses.bytes : "plot NaN notitle");
    text_add(&script, "\n");
    char *whole = text_take(&script);
    enum status status = STATUS_OK;
    if (plot->failed || !whole) {
        diags_error(plot->paint->diags, plot->paint->file, plot->paint->line, NULL, "out of memory");
        free(whole);
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK)
        status = make_picture(plot, cache, whole);
    if (status == STATUS_OK)
        status = draw_picture(plot, cache);
    for (size_t i = 0; i < plot->word_count && status == STATUS_OK; i++) {
        const struct plot_word *word = &plot->words[i];
        paint_text_baseline(plot->paint, &word->style, word->markup, plot->box.x + word->x, plot->box.y + word->y, 0);
    }
    plot_drop(plot);
    return status;
}
