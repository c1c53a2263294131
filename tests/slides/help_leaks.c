/* What the leak check of the address sanitizer passes over in tests of slides, and why.
 *
 * fontconfig keeps its configuration and the patterns that it matched until the process ends, and pango keeps them in
 * caches of its font map: a program may free neither while other threads may still draw. Nothing of ours is named here:
 * a leak of our own code has no frame of these libraries at its top, or it is one of a pango object that we created
 * ourselves, whose allocation comes from libgobject. Not linked in, this function is never called. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n"
           "leak:libpangoft2\n";
}
