/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an unfinished file is called, and the values that survive a restart. No name of the TE begins
 * with a dot. */
static const char unfinished[] = ".unfinished";
static const char kept[] = ".kept";
static const char kept_unfinished[] = ".kept-unfinished";

static const char prefix[] = "UFS:";

enum { PREFIX_LEN = sizeof prefix - 1 };

/* The part of a name that counts. */
static const char *bare(const char *name)
{
    return strncasecmp(name, prefix, PREFIX_LEN) == 0 ? name + PREFIX_LEN : name;
}

/* A name as text, if a file in the folder can have it. The core has looked at it already; this is
 * the last gate before the file system. */
static bool read_name(char *text, const uint8_t *name, size_t len)
{
    if (len == 0 || len > STORE_NAME_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isprint(name[i]) || name[i] == '/' || name[i] == ' ')
            return false;
        text[i] = (char)name[i];
    }
    text[len] = '\0';
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): it ends in a NUL
    return text[0] != '.' && bare(text)[0] != '.' && bare(text)[0] != '\0';
}

static enum atc_cause cause_of_errno(void)
{
    switch (errno) {
    case ENOENT:
        return ATC_CAUSE_FILE_MISSING;
    case ENOSPC:
    case EDQUOT:
        return ATC_CAUSE_FILE_FULL;
    default:
        return ATC_CAUSE_FILE_STORE;
    }
}

/* --- the folder ------------------------------------------------------------------------------- */

/* A regular file that counts as one of the store. */
static bool is_file(const struct store *store, const char *name, struct stat *status)
{
    return name[0] != '.' && fstatat(store->dir, name, status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status->st_mode);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static DIR *open_listing(const struct store *store)
{
    const int fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (dir == NULL && fd >= 0)
        close(fd);
    return dir;
}

/* The names of all files, sorted. Returns how many, or -1. */
static long list_names(const struct store *store, char ***names)
{
    DIR *dir = open_listing(store);
    struct dirent *entry;
    struct stat status;
    size_t count = 0;

    *names = NULL;
    if (dir == NULL)
        return -1;
    while ((entry = readdir(dir)) != NULL) {
        char **more;

        if (!is_file(store, entry->d_name, &status))
            continue;
        more = realloc(*names, (count + 1) * sizeof **names);
        if (more == NULL)
            break;
        *names = more;
        more[count] = strdup(entry->d_name);
        if (more[count] == NULL)
            break;
        count++;
    }
    closedir(dir);
    if (count > 0)
        qsort(*names, count, sizeof **names, compare_names);
    return (long)count;
}

/* Bytes and count of all files. */
static size_t used_bytes(const struct store *store, size_t *files)
{
    char **names;
    const long count = list_names(store, &names);
    struct stat status;
    size_t sum = 0;

    *files = count > 0 ? (size_t)count : 0;
    for (long i = 0; i < count; i++) {
        if (is_file(store, names[i], &status))
            sum += (size_t)status.st_size;
    }
    free_names(names, *files);
    return sum;
}

/* The file on disk that a name means: itself, or the same with or without the prefix. */
static bool find(const struct store *store, char *found, const char *name)
{
    struct stat status;

    snprintf(found, STORE_NAME_MAX + PREFIX_LEN + 1, "%s", bare(name));
    if (is_file(store, found, &status))
        return true;
    snprintf(found, STORE_NAME_MAX + PREFIX_LEN + 1, "%s%s", prefix, bare(name));
    return is_file(store, found, &status);
}

int store_open(struct store *store, const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return -1;
    store->file = -1;
    store->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->dir < 0)
        return -1;
    if (flock(store->dir, LOCK_EX | LOCK_NB) != 0) {
        close(store->dir);
        return -1;
    }
    unlinkat(store->dir, unfinished, 0); /* left by a crash */
    return 0;
}

static void forget_unfinished(struct store *store)
{
    if (store->file < 0)
        return;
    close(store->file);
    store->file = -1;
    unlinkat(store->dir, unfinished, 0);
}

void store_close(struct store *store)
{
    forget_unfinished(store);
    close(store->dir);
    explicit_bzero(store->answer, sizeof store->answer);
}

/* --- orders ----------------------------------------------------------------------------------- */

static enum atc_cause list_file(struct store *store, uint32_t index, struct atc_event *event)
{
    char **names;
    const long count = list_names(store, &names);
    struct stat status;

    if (count < 0 || index >= (unsigned long)count) {
        free_names(names, count < 0 ? 0 : (size_t)count);
        return count < 0 ? ATC_CAUSE_FILE_STORE : ATC_CAUSE_FILE_MISSING;
    }
    event->len = strnlen(names[index], sizeof store->answer);
    memcpy(store->answer, names[index], event->len);
    event->data = store->answer;
    event->size = is_file(store, names[index], &status) ? (uint32_t)status.st_size : 0;
    free_names(names, (size_t)count);
    return ATC_OK;
}

/* Answer with what stands in a file of the folder. */
static enum atc_cause read_found(struct store *store, const char *found, uint32_t offset,
                                 uint32_t limit, struct atc_event *event)
{
    const int fd = openat(store->dir, found, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    ssize_t got;

    if (fd < 0)
        return cause_of_errno();
    if (limit > sizeof store->answer)
        limit = sizeof store->answer;
    got = fstat(fd, &status) == 0 ? pread(fd, store->answer, limit, (off_t)offset) : -1;
    close(fd);
    if (got < 0)
        return ATC_CAUSE_FILE_STORE;
    event->data = store->answer;
    event->len = (size_t)got;
    event->size = (uint32_t)status.st_size;
    return ATC_OK;
}

static enum atc_cause read_file(struct store *store, const char *name, uint32_t offset,
                                uint32_t limit, struct atc_event *event)
{
    char found[STORE_NAME_MAX + PREFIX_LEN + 1];

    if (!find(store, found, name))
        return ATC_CAUSE_FILE_MISSING;
    return read_found(store, found, offset, limit, event);
}

static enum atc_cause recall(struct store *store, uint32_t limit, struct atc_event *event)
{
    struct stat status;

    if (fstatat(store->dir, kept, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return cause_of_errno();
    if (!S_ISREG(status.st_mode))
        return ATC_CAUSE_FILE_STORE;
    return read_found(store, kept, 0, limit, event);
}

/* A new file takes the old one's place, so that a crash leaves one or the other. */
static enum atc_cause keep(const struct store *store, const uint8_t *data, size_t len)
{
    int fd;
    bool good;

    (void)unlinkat(store->dir, kept_unfinished, 0);
    fd = openat(store->dir, kept_unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0600);
    if (fd < 0)
        return cause_of_errno();
    good = write(fd, data, len) == (ssize_t)len && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    good = good && renameat(store->dir, kept_unfinished, store->dir, kept) == 0;
    if (!good)
        (void)unlinkat(store->dir, kept_unfinished, 0);
    return good ? ATC_OK : ATC_CAUSE_FILE_STORE;
}

/* Let what is appended from now on become a file of that name. */
static enum atc_cause start(struct store *store, const char *name, uint32_t announced)
{
    size_t files;

    if (announced > STORE_BYTES_MAX || used_bytes(store, &files) > STORE_BYTES_MAX - announced)
        return ATC_CAUSE_FILE_FULL;
    forget_unfinished(store);
    store->file = openat(store->dir, unfinished,
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (store->file < 0)
        return cause_of_errno();
    snprintf(store->name, sizeof store->name, "%s", name);
    store->written = 0;
    store->keep_rest = false;
    return ATC_OK;
}

static enum atc_cause begin_file(struct store *store, const char *name, uint32_t announced)
{
    char found[STORE_NAME_MAX + PREFIX_LEN + 1];

    return find(store, found, name) ? ATC_CAUSE_FILE_EXISTS : start(store, name, announced);
}

static enum atc_cause append(struct store *store, const uint8_t *data, size_t len)
{
    enum atc_cause cause = ATC_OK;

    if (store->file < 0)
        return ATC_CAUSE_FILE_STORE;
    for (size_t done = 0; done < len && cause == ATC_OK;) {
        const ssize_t wrote = write(store->file, data + done, len - done);

        if (wrote < 0 && errno != EINTR)
            cause = cause_of_errno();
        else if (wrote > 0)
            done += (size_t)wrote;
    }
    store->written += len;
    if (store->written > STORE_BYTES_MAX)
        cause = ATC_CAUSE_FILE_FULL;
    if (cause != ATC_OK)
        forget_unfinished(store);
    return cause;
}

/* Append bytes [from, to) of a file that is there. */
static enum atc_cause append_from(struct store *store, const char *found, size_t from, size_t to)
{
    const int fd = openat(store->dir, found, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    enum atc_cause cause = ATC_OK;

    if (fd < 0)
        return cause_of_errno();
    while (from < to && cause == ATC_OK) {
        const size_t want = to - from < sizeof store->answer ? to - from : sizeof store->answer;
        const ssize_t got = pread(fd, store->answer, want, (off_t)from);

        cause = got <= 0 ? ATC_CAUSE_FILE_STORE : append(store, store->answer, (size_t)got);
        from += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (cause != ATC_OK)
        forget_unfinished(store);
    return cause;
}

/* A file that is there is copied up to offset; the copy takes its place when it is complete. */
static enum atc_cause edit_file(struct store *store, const char *name,
                                const struct atc_order *order, struct atc_event *event)
{
    char found[STORE_NAME_MAX + PREFIX_LEN + 1];
    const bool there = find(store, found, name);
    struct stat status = {0};
    enum atc_cause cause;

    if (there && !is_file(store, found, &status))
        return ATC_CAUSE_FILE_STORE;
    if (order->offset > status.st_size)
        return ATC_CAUSE_FILE_RANGE;
    cause = start(store, there ? found : name, 0);
    if (cause != ATC_OK)
        return cause;
    store->keep_rest = order->limit == 1;
    event->size = (uint32_t)status.st_size;
    return there ? append_from(store, found, 0, order->offset) : ATC_OK;
}

/* What lies behind the bytes written in the file that is replaced. */
static enum atc_cause append_rest(struct store *store)
{
    struct stat status;

    if (!store->keep_rest || !is_file(store, store->name, &status) ||
        (size_t)status.st_size <= store->written)
        return ATC_OK;
    return append_from(store, store->name, store->written, (size_t)status.st_size);
}

static enum atc_cause commit(struct store *store)
{
    enum atc_cause cause;
    bool good;

    if (store->file < 0)
        return ATC_CAUSE_FILE_STORE;
    cause = append_rest(store);
    if (cause != ATC_OK)
        return cause;
    good = fsync(store->file) == 0;
    good = close(store->file) == 0 && good;
    store->file = -1;
    good = good && renameat(store->dir, unfinished, store->dir, store->name) == 0;
    if (!good)
        unlinkat(store->dir, unfinished, 0);
    else
        (void)fsync(store->dir);
    return good ? ATC_OK : ATC_CAUSE_FILE_STORE;
}

static enum atc_cause delete_file(struct store *store, const char *name)
{
    char found[STORE_NAME_MAX + PREFIX_LEN + 1];

    if (!find(store, found, name))
        return ATC_CAUSE_FILE_MISSING;
    return unlinkat(store->dir, found, 0) == 0 ? ATC_OK : cause_of_errno();
}

static void tell_space(const struct store *store, struct atc_event *event)
{
    size_t files;
    const size_t used = used_bytes(store, &files);

    event->total = STORE_BYTES_MAX;
    event->size = used < STORE_BYTES_MAX ? (uint32_t)(STORE_BYTES_MAX - used) : 0;
    event->offset = (uint32_t)files;
}

void store_order(struct store *store, const struct atc_order *order, struct atc_event *event)
{
    char name[STORE_NAME_MAX + 1];
    const bool named = read_name(name, order->name, order->name_len);

    memset(event, 0, sizeof *event);
    event->kind = ATC_EVENT_FILE_DONE;
    event->order = order->id;
    event->session = order->session;
    switch ((enum atc_file_operation)order->operation) {
    case ATC_FILE_LIST:
        event->cause = list_file(store, order->offset, event);
        break;
    case ATC_FILE_READ:
        event->cause = named ? read_file(store, name, order->offset, order->limit, event)
                             : ATC_CAUSE_FILE_NAME;
        break;
    case ATC_FILE_BEGIN:
        event->cause = named ? begin_file(store, name, order->limit) : ATC_CAUSE_FILE_NAME;
        break;
    case ATC_FILE_EDIT:
        event->cause = named ? edit_file(store, name, order, event) : ATC_CAUSE_FILE_NAME;
        break;
    case ATC_FILE_APPEND:
        event->cause = append(store, order->data, order->len);
        break;
    case ATC_FILE_COMMIT:
        event->cause = commit(store);
        break;
    case ATC_FILE_ABORT:
        forget_unfinished(store);
        break;
    case ATC_FILE_DELETE:
        event->cause = named ? delete_file(store, name) : ATC_CAUSE_FILE_NAME;
        break;
    case ATC_FILE_RECALL:
        event->cause = recall(store, order->limit, event);
        break;
    case ATC_FILE_KEEP:
        event->cause = keep(store, order->data, order->len);
        break;
    case ATC_FILE_SPACE:
        tell_space(store, event);
        break;
    }
}
