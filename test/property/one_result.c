/* SPDX-License-Identifier: MIT
 *
 * Every command line gets exactly one final result, a line that is none gets nothing: for random
 * lines of both dialects, clean and noisy, with echo off. Results are counted in what the TE reads,
 * and what is a line is decided by a second reading of the rules.
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "host.h"
#include "seeds.h"

enum { TURNS = 60 };

static struct bench b;
static struct host_turn turn;

/* How often a text occurs, occurrences not overlapping. */
static unsigned count_of(const char *said, const char *text)
{
    unsigned count = 0;

    for (; (said = strstr(said, text)) != NULL; said += strlen(text))
        count++;
    return count;
}

/* Final results in what was said; URCs look different. */
static unsigned results_in(const char *said)
{
    return count_of(said, "\r\nOK\r\n") + count_of(said, "\r\nERROR\r\n") +
           count_of(said, "\r\n+CME ERROR: ");
}

static bool ends_in(const char *said, const char *text)
{
    const size_t len = strlen(said), want = strlen(text);

    return len >= want && strcmp(said + len - want, text) == 0;
}

/* Type the payload, and more if more was announced. */
static void type_payload(bool raw)
{
    (void)bench_write(&b, turn.payload, turn.payload_len);
    for (unsigned i = 0; i < ATC_PAYLOAD_MAX && b.te.len == 0; i++)
        (void)bench_type(&b, "x");
    if (raw)
        bench_run(&b, 70000000); /* an upload that is not complete ends by itself */
}

/* Noise may hold ATV or ATQ: results are words again. */
static void reframe(void)
{
    (void)bench_type(&b, b.cfg.dialect == &atc_dialect_bg96 ? "\rATQ0V1\r" : "");
    (void)bench_said(&b);
}

static void type_turn(void)
{
    const bool reframes = host_may_reframe(turn.line, turn.line_len);
    const bool command = host_is_command(turn.line, turn.line_len);
    const char *said;
    bool raw;

    reframe();
    (void)bench_write(&b, turn.line, turn.line_len);
    (void)bench_type(&b, "\r\n");
    said = bench_said(&b);
    raw = ends_in(said, "\r\nCONNECT\r\n");
    if (raw || ends_in(said, b.cfg.dialect->prompt)) {
        EXPECT(command && results_in(said) == 0, "%.*s: %s", (int)turn.line_len,
               (const char *)turn.line, said);
        type_payload(raw);
        said = bench_said(&b);
        (void)bench_type(&b, "\r\n");
    }
    if (reframes && b.cfg.dialect == &atc_dialect_bg96)
        bench_run(&b, 1000);
    else if (strstr(said, "REBOOTING") != NULL)
        bench_run(&b, 3000);
    else
        EXPECT(results_in(said) == (command ? 1 : 0), "%.*s: %s", (int)turn.line_len,
               (const char *)turn.line, said);
    bench_run(&b, 2000);
    (void)bench_said(&b);
}

static void play(uint64_t seed, const struct atc_dialect *dialect, enum host_style style)
{
    struct rng rng = {seed};

    bench_new(&b, dialect, seed);
    b.server_answers = rng_once_in(&rng, 2);
    for (unsigned i = 0; i < TURNS && !atc_is_off(&b.m); i++) {
        host_turn(&turn, &rng, dialect, style);
        type_turn();
        b.te.len = 0;
    }
    reframe();
    (void)bench_type(&b, "AT\r");
    if (!atc_is_off(&b.m))
        EXPECT(ends_in(bench_said(&b), "\r\nOK\r\n"), "the last line");
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95, HOST_SANE);
}

static void check_bc95_noise(uint64_t seed)
{
    play(seed, &atc_dialect_bc95, HOST_NOISY);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96, HOST_SANE);
}

static void check_bg96_noise(uint64_t seed)
{
    play(seed, &atc_dialect_bg96, HOST_NOISY);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"one result a line, BC95", check_bc95, 100},
        {"one result a line, BC95, noise", check_bc95_noise, 150},
        {"one result a line, BG96", check_bg96, 100},
        {"one result a line, BG96, noise", check_bg96_noise, 150},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
