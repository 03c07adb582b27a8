/* SPDX-License-Identifier: MIT */
#include "timer.h"

_Static_assert(ATC_TIMER_MAX < 255, "timer numbers and places are bytes");

static bool earlier(const struct atc_timers *t, unsigned a, unsigned b)
{
    return t->at_ms[a] < t->at_ms[b] || (t->at_ms[a] == t->at_ms[b] && a < b);
}

static void put_at(struct atc_timers *t, unsigned at, unsigned timer)
{
    t->heap[at] = (uint8_t)timer;
    t->place[timer] = (uint8_t)(at + 1u);
}

static void sift_up(struct atc_timers *t, unsigned at)
{
    const unsigned timer = t->heap[at];

    while (at > 0) {
        const unsigned parent = (at - 1u) / 2u;

        if (!earlier(t, timer, t->heap[parent]))
            break;
        put_at(t, at, t->heap[parent]);
        at = parent;
    }
    put_at(t, at, timer);
}

static void sift_down(struct atc_timers *t, unsigned at)
{
    const unsigned timer = t->heap[at];

    for (;;) {
        unsigned child = 2u * at + 1u;

        if (child >= t->count)
            break;
        if (child + 1u < t->count && earlier(t, t->heap[child + 1u], t->heap[child]))
            child++;
        if (!earlier(t, t->heap[child], timer))
            break;
        put_at(t, at, t->heap[child]);
        at = child;
    }
    put_at(t, at, timer);
}

void atc_timers_init(struct atc_timers *t)
{
    memset(t, 0, sizeof *t);
}

void atc_timer_set(struct atc_timers *t, unsigned timer, uint64_t at_ms)
{
    ATC_ASSERT(timer < ATC_TIMER_MAX);
    atc_timer_stop(t, timer);
    t->at_ms[timer] = at_ms;
    put_at(t, t->count, timer);
    t->count++;
    sift_up(t, t->count - 1u);
}

void atc_timer_stop(struct atc_timers *t, unsigned timer)
{
    unsigned at, last;

    ATC_ASSERT(timer < ATC_TIMER_MAX);
    if (t->place[timer] == 0)
        return;
    at = t->place[timer] - 1u;
    t->place[timer] = 0;
    t->count--;
    if (at == t->count)
        return;
    last = t->heap[t->count];
    put_at(t, at, last);
    sift_up(t, at);
    sift_down(t, t->place[last] - 1u);
}

bool atc_timer_runs(const struct atc_timers *t, unsigned timer)
{
    return t->place[timer] != 0;
}

uint64_t atc_timers_next_ms(const struct atc_timers *t)
{
    return t->count == 0 ? UINT64_MAX : t->at_ms[t->heap[0]];
}

int atc_timers_take(struct atc_timers *t, uint64_t now_ms)
{
    int timer;

    if (atc_timers_next_ms(t) > now_ms || t->count == 0)
        return -1;
    timer = t->heap[0];
    atc_timer_stop(t, (unsigned)timer);
    return timer;
}
