/* SPDX-License-Identifier: MIT
 *
 * However the bytes of the TE are cut into calls, and however few of the module's bytes the TE takes
 * at a time, it reads the same and the same orders go out. The shell drains and carries out orders
 * when the modem takes no more, as the header says, and at the end of a turn.
 */
#include "bench.h"
#include "check.h"
#include "host.h"
#include "seeds.h"

enum { TURNS = 25 };

enum cut { WHOLE, BYTES, ANY };

static struct bench benches[4];
static struct host_turn turns[TURNS];

static size_t next_len(struct rng *rng, enum cut cut, size_t left)
{
    switch (cut) {
    case WHOLE:
        return left;
    case BYTES:
        return 1;
    case ANY:
        return 1 + rng_below(rng, (unsigned)(left < 40 ? left : 40));
    }
    return left;
}

/* Type bytes in pieces without draining between them unless the modem takes no more. */
static void type_cut(struct bench *b, struct rng *rng, enum cut cut, const uint8_t *data,
                     size_t len)
{
    unsigned refused = 0;

    for (size_t at = 0; at < len && refused < 2;) {
        const size_t want = next_len(rng, cut, len - at);
        const size_t took = atc_te_write(&b->m, data + at, want, b->now_ms);

        at += took;
        refused = took == 0 ? refused + 1 : 0;
        if (took < want)
            bench_pump(b);
    }
}

static void type_turn(struct bench *b, const struct host_turn *turn, enum cut cut)
{
    struct rng rng = {77};
    uint8_t typed[2 * HOST_TURN_MAX];
    size_t len = turn->line_len;

    memcpy(typed, turn->line, len);
    typed[len++] = '\r';
    memcpy(typed + len, turn->payload, turn->payload_len);
    len += turn->payload_len;
    typed[len++] = '\r';
    typed[len++] = '\n';
    bench_enter(b);
    type_cut(b, &rng, cut, typed, len);
    bench_pump(b);
    bench_run(b, 700);
}

static void compare(const char *what, const struct bench *a, const struct bench *b)
{
    EXPECT(bench_same(&a->te, 0, &b->te, 0), "%s: the TE read\n%s\nand\n%s", what, a->te.text,
           b->te.text);
    EXPECT(bench_same(&a->orders, 0, &b->orders, 0), "%s: orders\n%s\nand\n%s", what,
           a->orders.text, b->orders.text);
}

static void play(uint64_t seed, const struct atc_dialect *dialect, enum host_style style)
{
    struct rng rng = {seed};
    const uint8_t echo = rng_once_in(&rng, 2);

    for (unsigned i = 0; i < TURNS; i++)
        host_turn(&turns[i], &rng, dialect, style);
    for (unsigned k = 0; k < 4; k++) {
        struct bench *b = &benches[k];

        bench_config(b, dialect, seed);
        b->cfg.settings.echo = echo;
        b->server_answers = seed % 2 == 0;
        b->drain_max = k == 3 ? 1 : 0;
        bench_start(b);
        for (unsigned i = 0; i < TURNS; i++)
            type_turn(b, &turns[i], k == 0 ? WHOLE : k == 1 ? BYTES : ANY);
    }
    compare("whole, bytes", &benches[0], &benches[1]);
    compare("whole, pieces", &benches[0], &benches[2]);
    compare("whole, drained byte by byte", &benches[0], &benches[3]);
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95, seed % 3 == 0 ? HOST_NOISY : HOST_SANE);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96, seed % 3 == 0 ? HOST_NOISY : HOST_SANE);
}

/* With a pause behind every byte nothing but the moment of a URC could change; a host that reads
 * line by line sees the same lines. Echo is off, for an echo would stand between them. */
static void type_slowly(struct bench *b, const struct host_turn *turn, bool slowly)
{
    for (size_t i = 0; i < turn->line_len + 1; i++) {
        const uint8_t byte = i < turn->line_len ? turn->line[i] : '\r';

        struct rng unused = {0};

        bench_enter(b);
        type_cut(b, &unused, WHOLE, &byte, 1);
        if (slowly)
            bench_pump(b);
    }
    bench_pump(b);
    (void)bench_write(b, turn->payload, turn->payload_len);
    (void)bench_type(b, "\r\n");
    bench_run(b, 700);
}

static void play_slowly(uint64_t seed, const struct atc_dialect *dialect)
{
    struct rng rng = {seed};

    for (unsigned k = 0; k < 2; k++)
        bench_new(&benches[k], dialect, seed);
    for (unsigned i = 0; i < TURNS; i++) {
        host_turn(&turns[0], &rng, dialect, HOST_SANE);
        type_slowly(&benches[0], &turns[0], false);
        type_slowly(&benches[1], &turns[0], true);
    }
    compare("with pauses", &benches[0], &benches[1]);
}

static void check_slowly(uint64_t seed)
{
    play_slowly(seed, seed % 2 ? &atc_dialect_bc95 : &atc_dialect_bg96);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"any chunking, BC95", check_bc95, 150},
        {"any chunking, BG96", check_bg96, 150},
        {"any pauses", check_slowly, 150},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
