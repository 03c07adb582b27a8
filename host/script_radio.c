/* SPDX-License-Identifier: MIT */
#include "script_radio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORD_MAX = 32 };

/* A word as a string. Returns false if it is too long. */
static bool copy(char text[WORD_MAX], struct script_span word)
{
    if (word.len >= WORD_MAX)
        return false;
    memcpy(text, word.text, word.len);
    text[word.len] = '\0';
    return true;
}

static bool read_number(const char *text, int base, long min, long max, long *number)
{
    char *end;
    if (*text == '\0' || *text == ' ' || *text == '+')
        return false;
    *number = strtol(text, &end, base);
    return *end == '\0' && *number >= min && *number <= max;
}

static bool read_plmn(struct atc_cell *cell, const char *text)
{
    const size_t len = strlen(text);
    if (len < ATC_PLMN_MAX - 1 || len > ATC_PLMN_MAX || strspn(text, "0123456789") != len)
        return false;
    memset(cell->plmn, 0, sizeof cell->plmn);
    memcpy(cell->plmn, text, len);
    return true;
}

bool script_cell_read(struct atc_cell *cell, struct script_span word)
{
    char text[WORD_MAX];
    if (!copy(text, word))
        return false;
    char *value = strchr(text, '=');
    if (value == NULL)
        return false;
    *value++ = '\0';
    long n = 0;
    if (strcmp(text, "plmn") == 0)
        return read_plmn(cell, value);
    if (strcmp(text, "id") == 0 && read_number(value, 16, 0, 0xFFFFFFF, &n))
        cell->id = (uint32_t)n;
    else if (strcmp(text, "tac") == 0 && read_number(value, 16, 0, 0xFFFF, &n))
        cell->tac = (uint16_t)n;
    else if (strcmp(text, "pci") == 0 && read_number(value, 10, 0, 503, &n))
        cell->pci = (uint16_t)n;
    else if (strcmp(text, "earfcn") == 0 && read_number(value, 10, 0, 262143, &n))
        cell->earfcn = (uint32_t)n;
    else if (strcmp(text, "band") == 0 && read_number(value, 10, 1, 255, &n))
        cell->band = (uint8_t)n;
    else if (strcmp(text, "ecl") == 0 && read_number(value, 10, 0, 2, &n))
        cell->ecl = (uint8_t)n;
    else if (strcmp(text, "rsrp") == 0 && read_number(value, 10, -1600, 0, &n))
        cell->rsrp = (int16_t)n;
    else if (strcmp(text, "rsrq") == 0 && read_number(value, 10, -400, 0, &n))
        cell->rsrq = (int16_t)n;
    else if (strcmp(text, "snr") == 0 && read_number(value, 10, -300, 500, &n))
        cell->snr = (int16_t)n;
    else
        return false;
    return true;
}

/* "Z", "+08:00", nothing: minutes to the east. */
static bool read_zone(const char *text, int *minutes)
{
    int hour, minute, len = 0;
    char sign;
    *minutes = 0;
    if (*text == '\0' || strcmp(text, "Z") == 0)
        return true;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hour, &minute, &len) != 3 || text[len] != '\0')
        return false;
    *minutes = (sign == '-' ? -1 : 1) * (60 * hour + minute);
    return (sign == '+' || sign == '-') && hour >= 0 && hour <= 14 && minute >= 0 && minute < 60 &&
           minute % 15 == 0;
}

bool script_time_of_day(struct script_span text, uint32_t *seconds, int8_t *zone)
{
    char word[WORD_MAX];
    struct tm tm;
    int minutes;
    memset(&tm, 0, sizeof tm);
    const char *rest = copy(word, text) ? strptime(word, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
    if (rest == NULL || !read_zone(rest, &minutes))
        return false;
    const time_t moment = timegm(&tm) - 60 * minutes;
    if (moment < 0 || (uint64_t)moment > UINT32_MAX)
        return false;
    *seconds = (uint32_t)moment;
    *zone = (int8_t)(minutes / 15);
    return true;
}
