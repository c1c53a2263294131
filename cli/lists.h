/* lists.h - what `flashdeck list` can show: each prints one list, at most `width` columns wide. */
#ifndef CLI_LISTS_H
#define CLI_LISTS_H

void list_kernels(int width);
void list_presets(int width);
void list_sass(int width);
void list_axes(int width);
void list_metrics(int width);
void list_layouts(int width);
void list_canvases(int width);
void list_themes(int width);
void list_types(int width);
void list_brands(int width);
void list_patterns(int width);
void list_calls(int width);

/* One entry: its name, then words wrapped beside it. */
void list_entry(const char *name, int name_width, const char *words, int width);

#endif
