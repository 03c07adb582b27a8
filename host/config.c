/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "status.h"

/* Room for "PATH:LINE" in front of an error. */
enum { ORIGIN_MAX = 320 };

struct config_text {
    struct config_text *next;
    char text[];
};

struct reading {
    struct config *config;
    const struct options *options;
    void *target;
    const char *path;
    FILE *file;
    unsigned line;
    int status; /* of the first mistake, behind which nothing is read */
};

static void put_origin(char out[ORIGIN_MAX], const struct reading *reading)
{
    (void)snprintf(out, ORIGIN_MAX, "%s:%u", reading->path, reading->line);
}

static int fail(struct reading *reading, const char *what)
{
    char origin[ORIGIN_MAX];

    put_origin(origin, reading);
    log_note("%s: %s", origin, what);
    reading->status = STATUS_USAGE;
    return 0;
}

/* Like fgets(). Counts the lines, and takes off the blanks in front: inih would
 * take an indented line for more of the one above. */
static char *read_line(char *out, int size, void *ctx)
{
    struct reading *reading = ctx;
    size_t blanks = 0;

    if (reading->status != STATUS_GOOD || fgets(out, size, reading->file) == NULL)
        return NULL;
    reading->line++;
    if (strchr(out, '\n') == NULL && !feof(reading->file)) {
        (void)fail(reading, "the line is too long");
        return NULL;
    }
    blanks = strspn(out, " \t");
    memmove(out, out + blanks, strlen(out + blanks) + 1);
    return out;
}

/* A copy that lives as long as config. */
static const char *keep(struct config *config, const char *value)
{
    const size_t size = strlen(value) + 1;
    struct config_text *text = malloc(sizeof *text + size);

    if (text == NULL)
        return NULL;
    memcpy(text->text, value, size);
    text->next = config->texts;
    config->texts = text;
    return text->text;
}

/* Returns whether the line is good, as inih wants it. */
static int on_value(void *ctx, const char *section, const char *key, const char *value)
{
    struct reading *reading = ctx;
    char origin[ORIGIN_MAX];
    const char *kept = NULL;

    if (reading->status != STATUS_GOOD)
        return 0;
    if (*section != '\0')
        return fail(reading, "no [sections] here, only key = value lines");
    kept = keep(reading->config, value);
    if (kept == NULL)
        return fail(reading, "no memory");
    put_origin(origin, reading);
    reading->status = options_set(reading->options, reading->target, origin, key, kept);
    return reading->status == STATUS_GOOD;
}

static int fail_whole(const char *path)
{
    log_note("--config=%s: cannot be read; give a file", path);
    return STATUS_USAGE;
}

int config_read(struct config *config, const struct options *options, void *target,
                const char *path)
{
    struct reading reading = {.config = config, .options = options, .target = target, .path = path};
    int line = 0;

    reading.file = fopen(path, "re");
    if (reading.file == NULL) {
        log_note("--config=%s: %s", path, strerror(errno));
        return STATUS_USAGE;
    }
    line = ini_parse_stream(read_line, &reading, on_value, &reading);
    if (ferror(reading.file) && reading.status == STATUS_GOOD)
        reading.status = fail_whole(path);
    (void)fclose(reading.file);
    if (line > 0 && reading.status == STATUS_GOOD) {
        reading.line = (unsigned)line;
        (void)fail(&reading, "give key = value, or a comment behind # or ;");
    }
    return reading.status;
}

void config_free(struct config *config)
{
    while (config->texts != NULL) {
        struct config_text *text = config->texts;

        config->texts = text->next;
        free(text);
    }
}
