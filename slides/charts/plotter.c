#include "slides/charts/plotter.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "reports/gnuplot.h"

struct plotter {
    GMutex lock; /* for all below: gnuplot answers one script at a time */
    struct gnuplot *gnuplot;
    GHashTable *pictures; /* script to GBytes */
    double seconds;
};

struct plotter *plotter_open(void)
{
    struct plotter *plotter = calloc(1, sizeof *plotter);
    if (!plotter)
        return NULL;
    g_mutex_init(&plotter->lock);
    plotter->pictures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    return plotter;
}

void plotter_close(struct plotter *plotter)
{
    if (!plotter)
        return;
    gnuplot_close(plotter->gnuplot);
    g_hash_table_destroy(plotter->pictures);
    g_mutex_clear(&plotter->lock);
    free(plotter);
}

/* gnuplot marks filled polygons as "crispEdges", which turns antialiasing off: rounded corners would show steps. */
static void soften(char *svg)
{
    static const char crisp[] = "shape-rendering='crispEdges'";
    for (char *at = svg; (at = strstr(at, crisp)) != NULL;)
        memset(at, ' ', sizeof crisp - 1);
}

static GBytes *draw(struct plotter *plotter, const char *script, struct diags *diags)
{
    double from = process_now();
    char *svg = NULL;
    size_t length = 0;
    enum status status = plotter->gnuplot ? STATUS_OK : gnuplot_open(&plotter->gnuplot, diags);
    if (status == STATUS_OK)
        status = gnuplot_svg(plotter->gnuplot, script, &svg, &length, diags);
    plotter->seconds += process_now() - from;
    if (status != STATUS_OK)
        return NULL;
    soften(svg);
    GBytes *bytes = g_bytes_new(svg, length);
    free(svg);
    g_hash_table_insert(plotter->pictures, g_strdup(script), bytes);
    return bytes;
}

enum status plotter_svg(struct plotter *plotter, const char *script, const char **svg, size_t *length,
                        struct diags *diags)
{
    g_mutex_lock(&plotter->lock);
    GBytes *bytes = g_hash_table_lookup(plotter->pictures, script);
    if (!bytes)
        bytes = draw(plotter, script, diags);
    if (bytes)
        *svg = g_bytes_get_data(bytes, length);
    g_mutex_unlock(&plotter->lock);
    return bytes ? STATUS_OK : STATUS_FAILED;
}

size_t plotter_drawn(const struct plotter *plotter, double *seconds)
{
    *seconds = plotter->seconds;
    return g_hash_table_size(plotter->pictures);
}
