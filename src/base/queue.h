/* SPDX-License-Identifier: MIT
 *
 * A fixed byte queue over memory that its user owns.
 *
 * What waits always stands in one piece, so a reader sees all of it and a writer can compose a
 * record in place: atc_queue_room() makes the free bytes one piece too, at the price of a move.
 * The queue holds no pointer, only positions.
 */
#ifndef ATC_QUEUE_H
#define ATC_QUEUE_H

#include "out.h"

/* Bytes [head, tail) of the memory wait; 0 <= head <= tail <= cap. */
struct atc_queue {
    uint16_t head, tail, cap;
};

static inline size_t atc_queue_len(const struct atc_queue *q)
{
    return (size_t)(q->tail - q->head);
}

static inline size_t atc_queue_free(const struct atc_queue *q)
{
    return q->cap - atc_queue_len(q);
}

/* A writer over all free bytes; what it wrote waits only after atc_queue_commit(). */
struct atc_out atc_queue_room(struct atc_queue *q, uint8_t *memory);

/* Let what out wrote wait; nothing of it if it overflowed.
 * Returns whether it fitted. */
bool atc_queue_commit(struct atc_queue *q, const struct atc_out *out);

/* Let one byte wait. There is room. */
void atc_queue_push(struct atc_queue *q, uint8_t *memory, uint8_t byte);

/* The first n bytes that wait are done with; n at most atc_queue_len(). */
void atc_queue_drop(struct atc_queue *q, size_t n);

#endif
