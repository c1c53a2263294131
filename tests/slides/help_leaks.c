/* What the leak check of the address sanitizer passes over in tests of slides, and why.
 *
 * fontconfig keeps its configuration and the patterns that it matched until the process ends, and pango keeps them in
 * caches of its font map: a program may free neither while other threads may still draw. What our own code allocates
 * has no frame of these libraries above it and is still reported. Objects of glib's own small-object allocator are seen
 * only with G_SLICE=always-malloc in the environment. Without the sanitizer this function is never called.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n"
           "leak:libpangoft2\n";
}
