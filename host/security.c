/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security_library.h"

enum { PREFIX_LEN = 2 }; /* the length in front of each datagram in a queue */

void security_wipe(void *memory, size_t len)
{
    volatile uint8_t *byte = memory;

    while (len-- > 0)
        *byte++ = 0;
}

void security_ticket_wipe(struct security_ticket *ticket)
{
    security_wipe(ticket, sizeof *ticket);
}

/* --- the queues ------------------------------------------------------------------------------- */

static bool queue_put(struct security_queue *queue, const uint8_t *data, size_t len)
{
    uint8_t *at = queue->bytes + queue->used;

    if (len > UINT16_MAX || sizeof queue->bytes - queue->used < PREFIX_LEN + len)
        return false;
    at[0] = (uint8_t)(len >> 8);
    at[1] = (uint8_t)len;
    memcpy(at + PREFIX_LEN, data, len);
    queue->used += PREFIX_LEN + len;
    return true;
}

static const uint8_t *queue_peek(const struct security_queue *queue, size_t *len)
{
    *len = 0;
    if (queue->used == 0)
        return NULL;
    *len = (size_t)queue->bytes[0] << 8 | queue->bytes[1];
    return queue->bytes + PREFIX_LEN;
}

/* What is dropped may be a decrypted message, so no copy of it stays behind. */
static void queue_drop(struct security_queue *queue)
{
    size_t first = 0, left = 0;

    if (queue_peek(queue, &first) == NULL)
        return;
    first += PREFIX_LEN;
    left = queue->used - first;
    memmove(queue->bytes, queue->bytes + first, left);
    security_wipe(queue->bytes + left, first);
    queue->used = left;
}

/* --- for libraries ---------------------------------------------------------------------------- */

bool security_put_out(struct security *s, const uint8_t *data, size_t len)
{
    const bool kept = queue_put(&s->out, data, len);

    s->counts.sent += kept;
    s->counts.overflow += !kept;
    return kept;
}

bool security_put_in(struct security *s, const uint8_t *data, size_t len)
{
    const bool kept = queue_put(&s->in, data, len);

    s->counts.delivered += kept;
    s->counts.overflow += !kept;
    return kept;
}

void security_opened(struct security *s)
{
    s->state = SECURITY_OPEN;
    s->reason[0] = '\0';
}

void security_progress(struct security *s, const char *text)
{
    (void)snprintf(s->reason, sizeof s->reason, "%s", text);
}

void security_fail(struct security *s, const char *reason)
{
    (void)snprintf(s->reason, sizeof s->reason, "%s", reason);
    s->state = SECURITY_CLOSED;
}

/* --- time ------------------------------------------------------------------------------------- */

/* Secrets go the moment a connection closes, whoever closed it. */
static void end_if_closed(struct security *s)
{
    if (s->state != SECURITY_CLOSED || s->ended)
        return;
    s->ended = true;
    s->deadline_ms = ATC_NEVER;
    s->library->end(s);
}

static void give_up(struct security *s)
{
    char reason[SECURITY_REASON_MAX];

    (void)snprintf(reason, sizeof reason, "%.90s (gave up after %u s)", s->reason,
                   (unsigned)((s->handshake_max_ms + 999u) / 1000u));
    security_fail(s, reason);
}

/* Each thing runs at its own time, so that a late tick changes nothing but its own lateness. The
 * limit comes first: what is due at the same moment is too late. */
static void run_until(struct security *s, uint64_t now_ms)
{
    while (s->state != SECURITY_CLOSED && security_deadline_ms(s) <= now_ms) {
        const uint64_t due_ms = security_deadline_ms(s);

        if (due_ms > s->now_ms)
            s->now_ms = due_ms;
        if (s->state == SECURITY_HANDSHAKE && due_ms == s->limit_ms) {
            give_up(s);
        } else {
            s->deadline_ms = ATC_NEVER;
            s->library->expire(s);
        }
        end_if_closed(s);
    }
    if (now_ms > s->now_ms)
        s->now_ms = now_ms;
}

/* --- for the owner ---------------------------------------------------------------------------- */

struct security *security_open(const struct security_library *library,
                               const struct security_config *config, uint64_t now_ms)
{
    struct security *s = calloc(1, library->size);

    if (s == NULL)
        return NULL;
    s->library = library;
    s->now_ms = now_ms;
    s->deadline_ms = ATC_NEVER;
    s->handshake_max_ms = config->handshake_max_ms;
    s->limit_ms = now_ms + config->handshake_max_ms;
    s->state = SECURITY_HANDSHAKE;
    security_progress(s, "no answer from the server");
    library->open(s, config);
    end_if_closed(s);
    return s;
}

void security_free(struct security *s)
{
    if (s == NULL)
        return;
    s->state = SECURITY_CLOSED;
    end_if_closed(s);
    security_wipe(s, s->library->size);
    free(s);
}

void security_feed(struct security *s, const uint8_t *datagram, size_t len, uint64_t now_ms)
{
    run_until(s, now_ms);
    if (s->state == SECURITY_CLOSED)
        return;
    s->counts.received++;
    if (len == 0)
        s->counts.rejected++;
    else
        s->library->feed(s, datagram, len);
    end_if_closed(s);
}

bool security_send(struct security *s, const uint8_t *data, size_t len, uint64_t now_ms)
{
    bool left = false;

    run_until(s, now_ms);
    if (s->state != SECURITY_OPEN || len == 0 || len > SECURITY_MESSAGE_MAX)
        return false;
    left = s->library->send(s, data, len);
    end_if_closed(s);
    return left;
}

void security_tick(struct security *s, uint64_t now_ms)
{
    run_until(s, now_ms);
}

uint64_t security_deadline_ms(const struct security *s)
{
    const bool limited = s->state == SECURITY_HANDSHAKE && s->limit_ms < s->deadline_ms;

    return limited ? s->limit_ms : s->deadline_ms;
}

void security_close(struct security *s, uint64_t now_ms)
{
    run_until(s, now_ms);
    if (s->state == SECURITY_CLOSED)
        return;
    if (s->state == SECURITY_OPEN)
        s->library->close(s);
    security_fail(s, "closed by this side");
    end_if_closed(s);
}

const uint8_t *security_out_peek(const struct security *s, size_t *len)
{
    return queue_peek(&s->out, len);
}

void security_out_drop(struct security *s)
{
    queue_drop(&s->out);
}

const uint8_t *security_in_peek(const struct security *s, size_t *len)
{
    return queue_peek(&s->in, len);
}

void security_in_drop(struct security *s)
{
    queue_drop(&s->in);
}

enum security_state security_state(const struct security *s)
{
    return s->state;
}

const char *security_reason(const struct security *s)
{
    return s->reason;
}

bool security_is_resumed(const struct security *s)
{
    return s->resumed;
}

const struct security_counts *security_counts(const struct security *s)
{
    return &s->counts;
}
