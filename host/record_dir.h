/* SPDX-License-Identifier: MIT
 *
 * The folder a run is recorded in, and the files in it.
 *
 * Files grow by whole records and are never left with half a one: what does not go into a file is
 * taken back, and from then on that file stays as it is. A run goes on without its records; the
 * owner learns at the end that they are not complete.
 */
#ifndef ATCOAP_HOST_RECORD_DIR_H
#define ATCOAP_HOST_RECORD_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The files that are written as things happen. */
enum record_file { RECORD_AT, RECORD_EVENTS, RECORD_TRACE, RECORD_FILE_COUNT };

/* Bytes kept before they are written. */
enum { RECORD_BUFFER = 65536 };

struct record_sink {
    int fd;     /* -1: there is none, or it takes no more */
    off_t size; /* of the file: whole records */
    size_t len; /* bytes kept */
    char kept[RECORD_BUFFER];
};

/* Tells the user something, as log_note() does. */
typedef void record_say_call(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct record_dir {
    int fd;
    const char *path;
    bool broken; /* something could not be written */
    record_say_call *say;
    struct record_sink sinks[RECORD_FILE_COUNT];
};

/* Make the folder at path if only its last component is missing, take it for this run alone, and
 * remove what an earlier run recorded there; other files stay. is_private: trace.pcapng is for the
 * owner's eyes only. path must stay. Returns 0, or -1 after saying what is wrong. */
int record_dir_open(struct record_dir *dir, const char *path, bool is_private,
                    record_say_call *say);

/* Append a record. */
void record_dir_put(struct record_dir *dir, enum record_file which, const void *data, size_t len);

/* Write what is kept. */
void record_dir_flush(struct record_dir *dir);

/* Write a whole file at once; it appears complete or not at all. */
void record_dir_write(struct record_dir *dir, const char *name, const void *data, size_t len);

/* Write what is kept, and close everything. Returns whether all that was recorded is there. */
bool record_dir_close(struct record_dir *dir);

#endif
