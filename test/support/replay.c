/* SPDX-License-Identifier: MIT
 *
 * Feeds a fuzz target the files of folders, in the order of their names: its corpus as a test, without
 * libFuzzer. Fails if there is none.
 *
 * usage: fuzz_NAME FILE|DIR... */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned fed;

static void stop(const char *path, const char *why)
{
    perror(path);
    (void)fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

/* In memory of its exact size, so that a sanitizer sees a byte read too many. */
static void feed(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    long len = 0;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (len = ftell(file)) < 0)
        stop(path, "cannot be read");
    rewind(file);
    data = malloc(len > 0 ? (size_t)len : 1);
    if (data == NULL || fread(data, 1, (size_t)len, file) != (size_t)len)
        stop(path, "cannot be read whole");
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, (size_t)len);
    free(data);
    fed++;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void feed_all(const char *place)
{
    struct dirent **entries;
    const int count = scandir(place, &entries, is_visible, alphasort);
    char path[4096];

    if (count < 0) {
        feed(place);
        return;
    }
    for (int i = 0; i < count; i++) {
        if ((size_t)snprintf(path, sizeof path, "%s/%s", place, entries[i]->d_name) >= sizeof path)
            stop(place, "the path is too long");
        feed(path);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        feed_all(argv[i]);
    if (fed == 0)
        stop(argc > 1 ? argv[1] : "no folder", "there is nothing to feed");
    (void)printf("%u inputs\n", fed);
    return 0;
}
