/* SPDX-License-Identifier: MIT */
#include "record_cause.h"

#include <stdio.h>
#include <string.h>

#include "escape.h"

enum { COAP_HEAD_LEN = 4 };

/* FNV-1a. */
static uint64_t hash_of(const uint8_t *data, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ data[i]) * 0x100000001B3u;
    return hash;
}

/* Free ones first, then what is not needed any more, then the oldest. */
static bool is_better(const struct record_cause *a, const struct record_cause *b)
{
    if (a->used != b->used)
        return !a->used;
    if (a->waiting != b->waiting)
        return !a->waiting;
    return a->at_us < b->at_us;
}

static struct record_cause *take_place(struct record_causes *causes)
{
    struct record_cause *best = &causes->items[0];

    for (size_t i = 1; i < RECORD_CAUSES; i++) {
        if (is_better(&causes->items[i], best))
            best = &causes->items[i];
    }
    memset(best, 0, sizeof *best);
    best->used = true;
    return best;
}

/* The text, escaped; one that is cut ends in dots. */
static void keep_text(struct record_cause *cause, const char *text, size_t len)
{
    size_t kept = 0;

    for (size_t i = 0; i < len; i++) {
        char byte[ESCAPE_MAX];
        const size_t byte_len = escape_byte(byte, (uint8_t)text[i]);

        if (kept + byte_len + 3 > RECORD_CAUSE_TEXT) {
            memcpy(cause->text + kept, "...", 3);
            kept += 3;
            break;
        }
        memcpy(cause->text + kept, byte, byte_len);
        kept += byte_len;
    }
    cause->text[kept] = '\0';
}

void record_cause_set(struct record_cause *cause, uint32_t line, const char *text, size_t len)
{
    cause->line = line;
    keep_text(cause, text, len);
}

void record_cause_start(struct record_causes *causes, unsigned client, uint16_t mid, uint32_t line,
                        const char *text, size_t len, uint64_t now_us)
{
    struct record_cause *cause = take_place(causes);

    cause->at_us = now_us;
    cause->client = (uint8_t)client;
    cause->mid = mid;
    cause->waiting = true;
    record_cause_set(cause, line, text, len);
}

void record_cause_end(struct record_causes *causes, unsigned client, uint16_t mid)
{
    for (size_t i = 0; i < RECORD_CAUSES; i++) {
        struct record_cause *cause = &causes->items[i];

        if (!cause->waiting || cause->client != client || cause->mid != mid)
            continue;
        cause->waiting = false;
        cause->used = cause->count > 0; /* what was announced and never left does not come */
    }
}

static bool is_announced(const struct record_cause *cause, uint16_t mid)
{
    return cause->count == 0 && cause->mid == mid;
}

static bool is_same(const struct record_cause *cause, uint64_t hash, uint64_t now_us)
{
    return cause->count > 0 && cause->hash == hash &&
           (cause->waiting || now_us - cause->at_us < RECORD_REPEAT_MAX_S * 1000000u);
}

/* What was announced comes before what went: the TE may give two messages one ID. */
static struct record_cause *find(struct record_causes *causes, unsigned client, uint64_t hash,
                                 uint16_t mid, uint64_t now_us)
{
    struct record_cause *same = NULL;

    for (size_t i = 0; i < RECORD_CAUSES; i++) {
        struct record_cause *cause = &causes->items[i];

        if (!cause->used || cause->client != client)
            continue;
        if (is_announced(cause, mid))
            return cause;
        if (is_same(cause, hash, now_us) && (same == NULL || same->at_us < cause->at_us))
            same = cause;
    }
    return same;
}

const struct record_cause *record_cause_seen(struct record_causes *causes, unsigned client,
                                             const uint8_t *data, size_t len, uint64_t now_us)
{
    const uint64_t hash = hash_of(data, len);
    const uint16_t mid = len >= COAP_HEAD_LEN ? (uint16_t)((unsigned)data[2] << 8 | data[3]) : 0;
    struct record_cause *cause = find(causes, client, hash, mid, now_us);

    if (cause == NULL) {
        cause = take_place(causes);
        cause->client = (uint8_t)client;
        cause->mid = mid;
    }
    cause->hash = hash;
    cause->at_us = now_us;
    cause->count++;
    return cause;
}
