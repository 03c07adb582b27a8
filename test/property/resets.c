/* SPDX-License-Identifier: MIT
 *
 * A module that is reset at any moment (ATC_EVENT_RESET, D-220): whatever it was doing and whatever was
 * half typed, it says nothing until its banner, and is then as after any other restart.
 */
#include <string.h>

#include "bench.h"
#include "check.h"
#include "host.h"
#include "seeds.h"

enum { TURNS = 6, BOOT_MS = 1500 };

static struct bench bench;
static struct host_turn turn;

static void reset(struct bench *b)
{
    const struct atc_event event = {.kind = ATC_EVENT_RESET};

    bench_event(b, &event);
    bench_pump(b);
}

/* Part of a turn: the line or some of it, the payload or some of that. */
static void type_part(struct bench *b, struct rng *rng)
{
    (void)bench_write(b, turn.line, rng_below(rng, (unsigned)turn.line_len + 1u));
    if (rng_once_in(rng, 4))
        return;
    (void)bench_type(b, "\r");
    (void)bench_write(b, turn.payload, rng_below(rng, (unsigned)turn.payload_len + 1u));
}

static void check_restarted(struct bench *b, const char *banner)
{
    (void)bench_said(b);
    (void)bench_type(b, "AT\r");
    bench_run(b, BOOT_MS - 1);
    EXPECT(*bench_said(b) == '\0', "it speaks while it restarts");
    bench_run(b, 1);
    EXPECT(strcmp(bench_said(b), banner) == 0, "another banner");
    (void)bench_type(b, "AT\r");
    EXPECT(strcmp(bench_said(b), "\r\nOK\r\n") == 0, "AT is not answered");
    bench_run(b, 400000);
    EXPECT(*bench_said(b) == '\0', "something of the time before");
}

static void play(uint64_t seed, const struct atc_dialect *dialect, const char *banner)
{
    struct rng rng = {seed};

    bench_config(&bench, dialect, seed);
    bench.server_answers = seed % 2 == 0;
    bench.manner = seed % 3 == 0 ? BENCH_RANDOM : BENCH_GOOD;
    bench_start(&bench);
    for (unsigned i = 0; i < TURNS; i++) {
        host_turn(&turn, &rng, dialect, HOST_SANE);
        (void)bench_write(&bench, turn.line, turn.line_len);
        (void)bench_type(&bench, "\r");
        (void)bench_write(&bench, turn.payload, turn.payload_len);
        bench_run(&bench, rng_below(&rng, 3000));
    }
    host_turn(&turn, &rng, dialect, HOST_SANE);
    type_part(&bench, &rng);
    bench.manner = BENCH_GOOD;
    bench_answer_late(&bench);
    reset(&bench);
    if (seed % 5 == 0)
        reset(&bench); /* one in the middle of the other */
    check_restarted(&bench, banner);
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95, "\r\nREBOOT_CAUSE_APPLICATION_AT\r\n\r\nNeul \r\n\r\nOK\r\n");
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96,
         "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n"
         "\r\n+QIND: PB DONE\r\n\r\nAPP RDY\r\n");
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a reset at any moment, BC95", check_bc95, 300},
        {"a reset at any moment, BG96", check_bg96, 300},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
