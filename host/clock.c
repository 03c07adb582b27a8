/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <time.h>

static uint64_t real_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

void clock_start(struct clock *clock, uint32_t speed)
{
    clock->start_us = real_us();
    clock->speed = speed;
}

/* At the highest speed the product has room for half a year. */
uint64_t clock_at_ms(const struct clock *clock, uint64_t real_us)
{
    return clock->start_us / 1000u + (real_us - clock->start_us) * clock->speed / 1000000u;
}

uint64_t clock_wait_at_ms(const struct clock *clock, uint64_t at_ms, uint64_t real_us)
{
    const uint64_t now_ms = clock_at_ms(clock, real_us);

    if (at_ms <= now_ms)
        return 1;
    return ((at_ms - now_ms) * 1000u + clock->speed - 1u) / clock->speed;
}

uint64_t clock_now_ms(const struct clock *clock)
{
    return clock_at_ms(clock, real_us());
}

uint64_t clock_wait_ms(const struct clock *clock, uint64_t at_ms)
{
    return clock_wait_at_ms(clock, at_ms, real_us());
}

bool clock_read_speed(uint32_t *speed, const char *text)
{
    uint32_t value = 0, worth = CLOCK_REAL;
    bool point = false;
    const char *at = text;

    for (; *at != '\0' && value <= CLOCK_SPEED_MAX; at++) {
        if (*at == '.' && !point && at > text && at[1] != '\0') {
            point = true;
            continue;
        }
        if (*at < '0' || *at > '9' || (point && worth == 1))
            return false;
        if (point)
            worth /= 10u;
        value = point ? value + (uint32_t)(*at - '0') * worth
                      : value * 10u + (uint32_t)(*at - '0') * CLOCK_REAL;
    }
    *speed = value;
    return *at == '\0' && value >= CLOCK_SPEED_MIN && value <= CLOCK_SPEED_MAX;
}
