/* SPDX-License-Identifier: MIT */
#include "queue.h"

struct atc_out atc_queue_room(struct atc_queue *q, uint8_t *memory)
{
    if (q->head > 0) {
        const size_t len = atc_queue_len(q);

        memmove(memory, memory + q->head, len);
        q->head = 0;
        q->tail = (uint16_t)len;
    }
    return atc_out(memory + q->tail, (size_t)(q->cap - q->tail));
}

bool atc_queue_commit(struct atc_queue *q, const struct atc_out *out)
{
    if (atc_out_failed(out))
        return false;
    q->tail = (uint16_t)(q->tail + out->len);
    return true;
}

void atc_queue_push(struct atc_queue *q, uint8_t *memory, uint8_t byte)
{
    ATC_ASSERT(atc_queue_free(q) > 0);
    if (q->tail == q->cap)
        (void)atc_queue_room(q, memory);
    memory[q->tail++] = byte;
}

void atc_queue_drop(struct atc_queue *q, size_t n)
{
    ATC_ASSERT(n <= atc_queue_len(q));
    q->head = (uint16_t)(q->head + n);
    if (q->head == q->tail) {
        q->head = 0;
        q->tail = 0;
    }
}
