/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* At a window of one no more requests than that. A modem has some 49,152 message IDs for 247 s (RFC 7252 4.4,
 * D-18) and refuses what comes beyond; five runs of so many are well below. */
enum { ONE_MAX = 9000 };

static struct {
    uint64_t requests;
    uint64_t start_ns, end_ns, cpu_ns; /* end_ns: when the time is up */
    uint64_t last_ns;
    uint32_t sample_count;
    uint32_t samples[ONE_MAX]; /* ns */
} score;

static uint64_t read_ns(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void score_start(double seconds)
{
    score.start_ns = read_ns(CLOCK_MONOTONIC);
    score.last_ns = score.start_ns;
    score.end_ns = score.start_ns + (uint64_t)(seconds * 1e9);
    score.cpu_ns = read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

bool score_answered(unsigned count)
{
    score.requests += count;
    score.last_ns = read_ns(CLOCK_MONOTONIC);
    return score.last_ns >= score.end_ns;
}

bool score_one(void)
{
    const uint64_t before_ns = score.last_ns;
    const bool over = score_answered(1);

    score.samples[score.sample_count++] = (uint32_t)(score.last_ns - before_ns);
    return over || score.sample_count == ONE_MAX;
}

static int compare(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Of the samples, the one so far up. */
static uint32_t percentile(double share)
{
    return score.samples[(uint32_t)(share * (score.sample_count - 1))];
}

void score_print(void)
{
    const uint64_t cpu_ns = read_ns(CLOCK_PROCESS_CPUTIME_ID) - score.cpu_ns;
    struct rusage usage = {0};

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("{\"requests\": %llu, \"wall_ns\": %llu, \"cpu_ns\": %llu, \"rss_kb\": %ld",
                 (unsigned long long)score.requests,
                 (unsigned long long)(score.last_ns - score.start_ns), (unsigned long long)cpu_ns,
                 usage.ru_maxrss);
    if (score.sample_count > 0) {
        qsort(score.samples, score.sample_count, sizeof score.samples[0], compare);
        (void)printf(", \"p50_ns\": %u, \"p99_ns\": %u", percentile(0.5), percentile(0.99));
    }
    (void)puts("}");
}

void score_fail(const char *what)
{
    perror(what);
    exit(1);
}
