/* SPDX-License-Identifier: MIT
 *
 * The module's clock: milliseconds that pass as fast as real ones, or by a factor faster or slower
 * (--speed). The engine, DTLS and the link live by it; sockets, ports and log lines do not.
 */
#ifndef ATCOAP_HOST_CLOCK_H
#define ATCOAP_HOST_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Speeds are in thousandths of real time. */
enum { CLOCK_REAL = 1000, CLOCK_SPEED_MIN = 100, CLOCK_SPEED_MAX = 1000000 };

struct clock {
    uint64_t start_us; /* of real time; the module's time is the same then */
    uint32_t speed;
};

/* Start it, at that speed. */
void clock_start(struct clock *clock, uint32_t speed);

/* The module's time. */
uint64_t clock_now_ms(const struct clock *clock);

/* How many real milliseconds to sleep until it is at_ms of the module's time; at least one. */
uint64_t clock_wait_ms(const struct clock *clock, uint64_t at_ms);

/* "20", "0.5": a speed between 0.1 and 1000, exact to a thousandth. Returns false if it is none. */
bool clock_read_speed(uint32_t *speed, const char *text);

/* The two above for any moment, for tests. */
uint64_t clock_at_ms(const struct clock *clock, uint64_t real_us);
uint64_t clock_wait_at_ms(const struct clock *clock, uint64_t at_ms, uint64_t real_us);

#endif
