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

/*@ predicate atc_queue_ready(struct atc_queue *q) = \valid(q) && q->head <= q->tail <= q->cap; */

/*@ requires atc_queue_ready(q);
    assigns \nothing;
    ensures \result == q->tail - q->head; */
static inline size_t atc_queue_len(const struct atc_queue *q)
{
    return (size_t)(q->tail - q->head);
}

/*@ requires atc_queue_ready(q);
    assigns \nothing;
    ensures \result == q->cap - (q->tail - q->head); */
static inline size_t atc_queue_free(const struct atc_queue *q)
{
    return q->cap - atc_queue_len(q);
}

/* A writer over all free bytes; what it wrote waits only after atc_queue_commit(). */
/*@ requires atc_queue_ready(q) && \valid(memory + (0 .. q->cap - 1));
    requires \separated(q, memory + (0 .. q->cap - 1));
    assigns q->head, q->tail, memory[0 .. q->cap - 1];
    ensures atc_queue_ready(q) && q->head == 0 && q->tail == \old(q->tail) - \old(q->head);
    ensures kept: \forall integer i; 0 <= i < q->tail ==>
            memory[i] == \at(memory[\at(q->head, Pre) + i], Pre);
    ensures room: \result.buf == memory + q->tail && \result.cap == q->cap - q->tail &&
            \result.len == 0; */
struct atc_out atc_queue_room(struct atc_queue *q, uint8_t *memory);

/* Let what out wrote wait; nothing of it if it overflowed.
 * Returns whether it fitted. */
/*@ requires atc_queue_ready(q) && \valid_read(out) && \separated(q, out);
    requires room: out->len <= out->cap ==> out->cap <= q->cap - q->tail;
    assigns q->tail;
    ensures atc_queue_ready(q);
    ensures \result == true <==> out->len <= out->cap;
    ensures q->tail == \old(q->tail) + (\result ? out->len : 0); */
bool atc_queue_commit(struct atc_queue *q, const struct atc_out *out);

/* Let one byte wait. There is room. */
/*@ requires atc_queue_ready(q) && \valid(memory + (0 .. q->cap - 1));
    requires \separated(q, memory + (0 .. q->cap - 1));
    requires room: q->cap > q->tail - q->head;
    assigns q->head, q->tail, memory[0 .. q->cap - 1];
    ensures atc_queue_ready(q);
    ensures one_more: q->tail - q->head == \old(q->tail) - \old(q->head) + 1;
    ensures last:     memory[q->tail - 1] == byte; */
void atc_queue_push(struct atc_queue *q, uint8_t *memory, uint8_t byte);

/* The first n bytes that wait are done with; n at most atc_queue_len(). */
/*@ requires atc_queue_ready(q) && n <= q->tail - q->head;
    assigns q->head, q->tail;
    ensures atc_queue_ready(q);
    ensures q->tail - q->head == \old(q->tail) - \old(q->head) - n; */
void atc_queue_drop(struct atc_queue *q, size_t n);

#endif
