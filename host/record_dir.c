/* SPDX-License-Identifier: MIT */
#include "record_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const sink_names[RECORD_FILE_COUNT] = {
    [RECORD_AT] = "at.log", [RECORD_EVENTS] = "events.jsonl", [RECORD_TRACE] = "trace.pcapng"};

/* Written at the end, so one that is found is of an earlier run. */
static const char *const late_names[] = {"ladder.svg", "ladder.txt", "lint.txt", "result.json"};

/* What an unfinished file is called. */
static const char unfinished[] = ".unfinished";

enum { LATE_COUNT = sizeof late_names / sizeof late_names[0] };

static int complain(struct record_dir *dir, const char *name)
{
    dir->say("--out=%s: %s%s%s; give a folder that can be written, or one to make", dir->path, name,
             *name != '\0' ? ": " : "", strerror(errno));
    return -1;
}

static int open_folder(struct record_dir *dir)
{
    if (mkdir(dir->path, 0777) != 0 && errno != EEXIST)
        return complain(dir, "");
    dir->fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir->fd < 0)
        return complain(dir, "");
    if (flock(dir->fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return complain(dir, "");
    dir->say("--out=%s: another run is being recorded there; choose another folder", dir->path);
    return -1;
}

static int forget(struct record_dir *dir, const char *name)
{
    return unlinkat(dir->fd, name, 0) == 0 || errno == ENOENT ? 0 : complain(dir, name);
}

/* All of them before the first new one, so that two runs never stand side by side. */
static int forget_earlier(struct record_dir *dir)
{
    int error = forget(dir, unfinished);

    for (size_t i = 0; i < LATE_COUNT && error == 0; i++)
        error = forget(dir, late_names[i]);
    for (size_t i = 0; i < RECORD_FILE_COUNT && error == 0; i++)
        error = forget(dir, sink_names[i]);
    return error;
}

/* O_EXCL: a link that somebody put there meanwhile is not followed. */
static int create(const struct record_dir *dir, const char *name, bool is_private)
{
    return openat(dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY,
                  is_private ? 0600 : 0666);
}

static int open_sinks(struct record_dir *dir, bool is_private)
{
    for (size_t i = 0; i < RECORD_FILE_COUNT; i++) {
        dir->sinks[i].fd = create(dir, sink_names[i], is_private && i == RECORD_TRACE);
        if (dir->sinks[i].fd < 0)
            return complain(dir, sink_names[i]);
    }
    return 0;
}

static void close_all(struct record_dir *dir)
{
    for (size_t i = 0; i < RECORD_FILE_COUNT; i++) {
        if (dir->sinks[i].fd >= 0)
            (void)close(dir->sinks[i].fd);
        dir->sinks[i].fd = -1;
    }
    if (dir->fd >= 0)
        (void)close(dir->fd); /* lets the lock go */
    dir->fd = -1;
}

int record_dir_open(struct record_dir *dir, const char *path, bool is_private, record_say_call *say)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a file over the limit of ulimit -f is an error like others */
    dir->fd = -1;
    dir->path = path;
    dir->broken = false;
    dir->say = say;
    for (size_t i = 0; i < RECORD_FILE_COUNT; i++) {
        dir->sinks[i].fd = -1;
        dir->sinks[i].size = 0;
        dir->sinks[i].len = 0;
    }
    if (open_folder(dir) == 0 && forget_earlier(dir) == 0 && open_sinks(dir, is_private) == 0)
        return 0;
    close_all(dir);
    return -1;
}

/* Said once, for the first file. */
static void note_failure(struct record_dir *dir, const char *name)
{
    if (!dir->broken)
        dir->say("--out=%s: %s: %s; the run goes on, but its records are not complete", dir->path,
                 name, strerror(errno));
    dir->broken = true;
}

/* Returns whether all of it was written. */
static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        const ssize_t written = write(fd, data, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        len -= (size_t)written;
    }
    return true;
}

/* data are whole records. */
static void write_records(struct record_dir *dir, enum record_file which, const char *data,
                          size_t len)
{
    struct record_sink *sink = &dir->sinks[which];

    if (sink->fd < 0)
        return;
    if (write_all(sink->fd, data, len)) {
        sink->size += (off_t)len;
        return;
    }
    note_failure(dir, sink_names[which]);
    (void)!ftruncate(sink->fd, sink->size);
    (void)close(sink->fd);
    sink->fd = -1;
}

static void flush_sink(struct record_dir *dir, enum record_file which)
{
    struct record_sink *sink = &dir->sinks[which];

    write_records(dir, which, sink->kept, sink->len);
    sink->len = 0;
}

void record_dir_put(struct record_dir *dir, enum record_file which, const void *data, size_t len)
{
    struct record_sink *sink = &dir->sinks[which];

    if (len > sizeof sink->kept - sink->len)
        flush_sink(dir, which);
    if (len > sizeof sink->kept) {
        write_records(dir, which, data, len);
        return;
    }
    memcpy(sink->kept + sink->len, data, len);
    sink->len += len;
}

void record_dir_flush(struct record_dir *dir)
{
    for (size_t i = 0; i < RECORD_FILE_COUNT; i++) {
        if (dir->sinks[i].len > 0)
            flush_sink(dir, (enum record_file)i);
    }
}

void record_dir_write(struct record_dir *dir, const char *name, const void *data, size_t len)
{
    const int fd = create(dir, unfinished, false);
    bool written = false;

    if (fd < 0) {
        note_failure(dir, name);
        return;
    }
    written = write_all(fd, data, len);
    written = close(fd) == 0 && written;
    written = written && renameat(dir->fd, unfinished, dir->fd, name) == 0;
    if (written)
        return;
    note_failure(dir, name);
    (void)unlinkat(dir->fd, unfinished, 0);
}

bool record_dir_close(struct record_dir *dir)
{
    record_dir_flush(dir);
    close_all(dir);
    return !dir->broken;
}
