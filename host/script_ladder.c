/* SPDX-License-Identifier: MIT */
#include "script_ladder.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD_LINES = 3, /* title, counts, an empty line; then the names of the columns */
    LINES_SHOWN = 24
};

/* Remove a folder of records. */
static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry = NULL;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char path[PATH_MAX + NAME_MAX + 2];

        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            (void)unlink(path);
    }
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(folder);
}

/* One line, indented and without blanks at its end. */
static void add_line(struct script_buf *out, const char *line, size_t len)
{
    while (len > 0 && line[len - 1] == ' ')
        len--;
    script_buf_text(out, "    ");
    script_buf_add(out, line, len);
    script_buf_byte(out, '\n');
}

/* The names of the columns and the last lines. */
static void add_end(struct script_buf *out, const char *text)
{
    const char *starts[LINES_SHOWN] = {NULL};
    size_t count = 0;

    for (const char *at = text; *at != '\0'; count++) {
        const char *end = strchr(at, '\n');

        if (count == HEAD_LINES)
            add_line(out, at, (size_t)(end - at));
        else if (count > HEAD_LINES)
            starts[count % LINES_SHOWN] = at;
        at = end + 1;
    }
    for (size_t i = count > HEAD_LINES + LINES_SHOWN ? count - LINES_SHOWN : HEAD_LINES + 1;
         i < count; i++) {
        const char *line = starts[i % LINES_SHOWN];

        add_line(out, line, (size_t)(strchr(line, '\n') - line));
    }
}

static void add_ladder(struct script_buf *out, const char *folder)
{
    char path[PATH_MAX + NAME_MAX + 2];
    char *text = NULL;
    size_t len = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/ladder.txt", folder);
    file = fopen(path, "re");
    if (file != NULL && getdelim(&text, &len, '\0', file) > 0)
        add_end(out, text);
    if (file != NULL)
        (void)fclose(file);
    free(text);
}

void script_ladder_add(struct script_buf *out, script_ladder_play *play, void *ctx)
{
    const char *where = getenv("TMPDIR");
    char folder[PATH_MAX];

    (void)snprintf(folder, sizeof folder, "%s/atcoap-XXXXXX", where != NULL ? where : "/tmp");
    if (mkdtemp(folder) == NULL)
        return;
    if (play(ctx, folder) == 0)
        add_ladder(out, folder);
    remove_folder(folder);
}
