/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdio.h>
#include <string.h>

size_t escape_byte(char out[ESCAPE_MAX], uint8_t byte)
{
    if (byte == '\r')
        (void)strcpy(out, "\\r");
    else if (byte == '\n')
        (void)strcpy(out, "\\n");
    else if (byte == '\\')
        (void)strcpy(out, "\\\\");
    else if (byte < 0x20 || byte > 0x7E)
        (void)snprintf(out, ESCAPE_MAX, "\\x%02X", byte);
    else
        (void)snprintf(out, ESCAPE_MAX, "%c", byte);
    return strlen(out);
}
