/* SPDX-License-Identifier: MIT
 *
 * A copied modem behaves as the original, whatever it was in the middle of and wherever it lies, and
 * neither of the two notices the other.
 */
#include "bench.h"
#include "check.h"
#include "host.h"
#include "seeds.h"

enum { TURNS_BEFORE = 15, TURNS_BEHIND = 15 };

static struct bench original, copy, reference;
static struct host_turn turn;

/* Part of a turn may be left out, so that the copy is taken in the middle of a line or payload. */
static void play_turn(struct bench *b, unsigned parts)
{
    (void)bench_write(b, turn.line, turn.line_len);
    if (parts > 0)
        (void)bench_type(b, "\r\n");
    if (parts > 1)
        (void)bench_write(b, turn.payload, turn.payload_len / 2);
    if (parts > 2)
        (void)bench_write(b, turn.payload + turn.payload_len / 2,
                          turn.payload_len - turn.payload_len / 2);
    bench_run(b, 50 * parts);
    if (parts > 3)
        bench_receive(b, "40010101b161");
    if (parts > 2)
        (void)bench_type(b, "\r\n");
}

static void play_behind(struct bench *b, uint64_t seed)
{
    struct rng rng = {seed};

    for (unsigned i = 0; i < TURNS_BEHIND; i++) {
        host_turn(&turn, &rng, b->cfg.dialect, HOST_SANE);
        play_turn(b, 4);
        bench_run(b, rng_below(&rng, 20000));
        bench_answer_late(b);
    }
}

static void compare(const char *what, const struct bench *a, const struct bench *b)
{
    EXPECT(bench_same(&a->te, 0, &b->te, 0), "%s: the TE read\n%s\nand\n%s", what, a->te.text,
           b->te.text);
    EXPECT(bench_same(&a->orders, 0, &b->orders, 0), "%s: orders\n%s\nand\n%s", what,
           a->orders.text, b->orders.text);
}

static void play(uint64_t seed, const struct atc_dialect *dialect)
{
    struct rng rng = {seed};

    bench_new(&original, dialect, seed);
    original.manner = seed % 4 == 0 ? BENCH_RANDOM : BENCH_GOOD;
    original.server_answers = seed % 2 == 0;
    for (unsigned i = 0; i < TURNS_BEFORE; i++) {
        host_turn(&turn, &rng, dialect, HOST_SANE);
        play_turn(&original, i + 1 < TURNS_BEFORE ? 4 : rng_below(&rng, 5));
    }
    copy = original;
    reference = original;

    play_behind(&copy, seed + 1); /* something else first: the original may not notice */
    play_behind(&original, seed);
    copy = reference;
    memset(&reference, 0xAA, sizeof reference);
    play_behind(&copy, seed);
    compare("original and copy", &original, &copy);
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a copy goes on as the original, BC95", check_bc95, 120},
        {"a copy goes on as the original, BG96", check_bg96, 120},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
