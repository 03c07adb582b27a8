/* SPDX-License-Identifier: MIT */
#include "seen.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *seen_file(void)
{
    static FILE *file;
    static bool asked;
    const char *path = getenv("ATCOAP_SEEN");

    if (asked)
        return file;
    asked = true;
    if (path == NULL || *path == '\0')
        return NULL;
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        abort();
    }
    return file;
}

void seen(const char *format, ...)
{
    FILE *file = seen_file();
    va_list args;

    if (file == NULL)
        return;
    va_start(args, format);
    (void)vfprintf(file, format, args);
    va_end(args);
    (void)fputc('\n', file);
}
