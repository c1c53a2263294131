#include "cli/watch_files.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { GATHER_MS = 10 };

/* Editors write anew, or write beside it and rename: so folders are watched, and names compared. */
static const unsigned writings = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR;

struct watched {
    int folder; /* the kernel's number for it */
    char *name; /* NULL: any style file or image */
    enum watch_what what;
};

struct watch_files {
    int notices;
    struct watched *items;
    size_t count;
};

enum status watch_files_open(struct watch_files **files, struct diags *diags)
{
    *files = calloc(1, sizeof **files);
    if (*files)
        (*files)->notices = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (*files && (*files)->notices >= 0)
        return STATUS_OK;
    diags_error(diags, NULL, 0, "Raise fs.inotify.max_user_instances.", "files cannot be watched: %s", strerror(errno));
    free(*files);
    *files = NULL;
    return STATUS_FAILED;
}

void watch_files_close(struct watch_files *files)
{
    if (!files)
        return;
    close(files->notices);
    for (size_t i = 0; i < files->count; i++)
        free(files->items[i].name);
    free(files->items);
    free(files);
}

static bool is_same(const struct watched *a, const struct watched *b)
{
    return a->folder == b->folder && a->what == b->what && !a->name == !b->name &&
           (!a->name || strcmp(a->name, b->name) == 0);
}

void watch_files_add(struct watch_files *files, const char *path, enum watch_what what)
{
    const char *slash = strrchr(path, '/');
    char *folder = !slash ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
    /* The kernel answers the same number for a folder that it watches already. */
    struct watched item = {.folder = folder ? inotify_add_watch(files->notices, folder, writings) : -1, .what = what};
    free(folder);
    if (item.folder < 0)
        return;
    item.name = what == WATCH_LOOKS ? NULL : strdup(slash ? slash + 1 : path);
    bool known = false;
    for (size_t i = 0; i < files->count && !known; i++)
        known = is_same(&files->items[i], &item);
    struct watched *items = known ? NULL : realloc(files->items, (files->count + 1) * sizeof *items);
    if (!items) {
        free(item.name);
        return;
    }
    files->items = items;
    files->items[files->count++] = item;
}

static bool is_look(const char *name)
{
    static const char *const endings[] = {".yml", ".yaml", ".svg", ".png"};
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof endings / sizeof endings[0]; i++)
        if (strcmp(ending, endings[i]) == 0)
            return strncmp(name, "slide-", 6) != 0; /* what is drawn here */
    return false;
}

static bool concerns(const struct watched *item, const struct inotify_event *notice)
{
    return notice->mask & IN_Q_OVERFLOW ||
           (item->folder == notice->wd && notice->len &&
            (item->name ? strcmp(item->name, notice->name) == 0 : is_look(notice->name)));
}

/* Reads what lies there; false when nothing of it matters. */
static bool take_notices(struct watch_files *files, enum watch_event *event)
{
    _Alignas(struct inotify_event) char bytes[16384];
    bool any = false;
    for (ssize_t got; (got = read(files->notices, bytes, sizeof bytes)) > 0;)
        for (char *at = bytes; at < bytes + got;) {
            const struct inotify_event *notice = (const struct inotify_event *)(const void *)at;
            at += sizeof *notice + notice->len;
            for (size_t i = 0; i < files->count; i++)
                if (concerns(&files->items[i], notice)) {
                    any = true;
                    if (files->items[i].what != WATCH_DECK)
                        *event = WATCH_OTHERS_WRITTEN;
                }
        }
    return any;
}

enum watch_event watch_files_wait(struct watch_files *files, double seconds)
{
    struct pollfd from = {.fd = files->notices, .events = POLLIN};
    enum watch_event event = WATCH_DECK_WRITTEN;
    bool any = false;
    for (;;) {
        int ready = poll(&from, 1, any ? GATHER_MS : seconds < 0 ? -1 : (int)(1e3 * seconds));
        if (ready < 0 && errno != EINTR)
            return WATCH_FAILED;
        if (ready == 0)
            return any ? event : WATCH_QUIET;
        if (ready > 0)
            any |= take_notices(files, &event);
    }
}
