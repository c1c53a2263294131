#include <qpdf/qpdf-c.h>

#include "slides/export.h"

struct walk {
    qpdf_data pdf;
    const struct paint_alts *alts;
    size_t next;
};

enum { DEEPEST = 32 };

/* The structure tree in the order in which it was drawn. */
static void walk(struct walk *w, qpdf_oh node, int depth)
{
    if (depth > DEEPEST)
        return;
    if (qpdf_oh_is_array(w->pdf, node)) {
        for (int i = 0; i < qpdf_oh_get_array_n_items(w->pdf, node); i++)
            walk(w, qpdf_oh_get_array_item(w->pdf, node, i), depth + 1);
        return;
    }
    if (!qpdf_oh_is_dictionary(w->pdf, node))
        return;
    qpdf_oh kind = qpdf_oh_get_key(w->pdf, node, "/S");
    if (qpdf_oh_is_name_and_equals(w->pdf, kind, "/Figure") && w->next < w->alts->count)
        qpdf_oh_replace_key(w->pdf, node, "/Alt", qpdf_oh_new_unicode_string(w->pdf, w->alts->texts[w->next++]));
    if (qpdf_oh_has_key(w->pdf, node, "/K"))
        walk(w, qpdf_oh_get_key(w->pdf, node, "/K"), depth + 1);
}

enum status pdf_finish(struct text *pdf, const struct paint_alts *alts, const char *lang, bool dated,
                       struct diags *diags)
{
    qpdf_data data = qpdf_init();
    struct walk w = {data, alts, 0};
    qpdf_set_suppress_warnings(data, QPDF_TRUE);
    qpdf_read_memory(data, "deck.pdf", pdf->bytes, pdf->length, NULL);
    if (!qpdf_has_error(data)) {
        qpdf_oh root = qpdf_get_root(data), preferences = qpdf_oh_new_dictionary(data);
        qpdf_oh marks = qpdf_oh_new_dictionary(data), info = qpdf_oh_get_key(data, qpdf_get_trailer(data), "/Info");
        if (!dated && qpdf_oh_is_dictionary(data, info)) /* cairo writes the time of day */
            qpdf_oh_remove_key(data, info, "/CreationDate");
        qpdf_oh_replace_key(data, marks, "/Marked", qpdf_oh_new_bool(data, QPDF_TRUE));
        qpdf_oh_replace_key(data, root, "/MarkInfo", marks);
        qpdf_oh_replace_key(data, root, "/Lang", qpdf_oh_new_unicode_string(data, lang ? lang : "en"));
        qpdf_oh_replace_key(data, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(data, QPDF_TRUE));
        qpdf_oh_replace_key(data, root, "/ViewerPreferences", preferences);
        walk(&w, qpdf_oh_get_key(data, root, "/StructTreeRoot"), 0);
        qpdf_init_write_memory(data);
        qpdf_set_deterministic_ID(data, QPDF_TRUE);
        qpdf_set_object_stream_mode(data, qpdf_o_generate);
        qpdf_write(data);
    }
    enum status status = STATUS_OK;
    if (qpdf_has_error(data)) {
        diags_error(diags, NULL, 0, NULL, "the PDF could not be finished: %s",
                    qpdf_get_error_full_text(data, qpdf_get_error(data)));
        status = STATUS_FAILED;
    } else if (w.next != alts->count) {
        diags_error(diags, NULL, 0, NULL, "the PDF lost figures: %zu were drawn, %zu are in its structure", alts->count,
                    w.next);
        status = STATUS_FAILED;
    } else {
        text_free(pdf);
        text_add_bytes(pdf, (const char *)qpdf_get_buffer(data), qpdf_get_buffer_length(data));
        if (pdf->failed) {
            diags_error(diags, NULL, 0, NULL, "out of memory while the PDF was finished");
            status = STATUS_NO_MEMORY;
        }
    }
    qpdf_cleanup(&data);
    return status;
}
