/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

#include "random.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

bool sim_text_is(struct sim_text t, const char *word)
{
    return strlen(word) == t.len && memcmp(t.at, word, t.len) == 0;
}

bool sim_text_cut(struct sim_text *rest, struct sim_text *part, char mark)
{
    const char *end = rest->len > 0 ? memchr(rest->at, mark, rest->len) : NULL;
    *part = *rest;
    if (end == NULL) {
        *rest = (struct sim_text){rest->at + rest->len, 0};
        return false;
    }
    part->len = (size_t)(end - rest->at);
    *rest = (struct sim_text){end + 1, rest->len - part->len - 1u};
    return true;
}

size_t sim_text_digits(struct sim_text *t, uint64_t *number, uint64_t max)
{
    size_t count = 0;
    *number = 0;
    while (count < t->len && t->at[count] >= '0' && t->at[count] <= '9') {
        *number = *number * 10u + (uint64_t)(t->at[count++] - '0');
        if (*number > max)
            return 0;
    }
    *t = (struct sim_text){t->at + count, t->len - count};
    return count;
}

bool sim_text_decimal(struct sim_text *t, uint64_t *value, uint64_t one, uint64_t max)
{
    if (sim_text_digits(t, value, max) == 0)
        return false;
    *value *= one;
    if (t->len == 0 || *t->at != '.')
        return *value <= max;
    *t = (struct sim_text){t->at + 1, t->len - 1u};
    const struct sim_text fraction = *t;
    uint64_t digits;
    const size_t count = sim_text_digits(t, &digits, max);
    for (size_t i = 0; i < count; i++) {
        if (one % 10u != 0)
            return false;
        one /= 10u;
        *value += (uint64_t)(fraction.at[i] - '0') * one;
    }
    return count > 0 && *value <= max;
}

bool sim_text_unit(struct sim_text t, const struct sim_unit *units, size_t count, uint32_t *value,
                   uint32_t max)
{
    for (size_t i = 0; i < count; i++) {
        struct sim_text rest = t;
        uint64_t wide;
        if (sim_text_decimal(&rest, &wide, units[i].worth, max) &&
            sim_text_is(rest, units[i].word)) {
            *value = (uint32_t)wide;
            return true;
        }
    }
    return false;
}

static const struct sim_unit times[] = {{"", 1},      {"ms", 1},      {"s", 1000},
                                        {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

bool sim_text_time(struct sim_text t, uint32_t *value)
{
    return sim_text_unit(t, times, COUNT(times), value, SIM_TIME_MAX_MS);
}

bool sim_text_percent(struct sim_text t, uint32_t *ppm)
{
    uint64_t value;
    if (!sim_text_decimal(&t, &value, SIM_PPM / 100u, SIM_PPM) || !sim_text_is(t, "%"))
        return false;
    *ppm = (uint32_t)value;
    return true;
}
