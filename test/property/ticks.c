/* SPDX-License-Identifier: MIT
 *
 * Ticking more often than the deadlines ask for changes nothing: neither what the TE reads nor what
 * goes out, nor when. With lost answers, late ones, retransmissions and whatever a peer may send;
 * every moment of every order is compared.
 */
#include "bench.h"
#include "check.h"
#include "host.h"
#include "peer.h"
#include "seeds.h"

enum { TURNS = 20 };

static struct bench seldom, often;
static struct host_turn turn;

static void pass(struct bench *b, uint64_t ms, uint64_t step_ms)
{
    if (step_ms == 0)
        bench_run(b, ms);
    else
        bench_run_in_steps(b, ms, step_ms);
}

static void receive(struct bench *b, uint64_t seed)
{
    static uint8_t data[PEER_DATAGRAM_MAX];
    struct rng rng = {seed};
    const size_t len = peer_datagram(data, &rng, b);

    bench_datagram(b, 0, &bench_server, data, len);
    bench_pump(b);
}

static void play_turn(struct bench *b, uint64_t seed, uint64_t ms, uint64_t step_ms)
{
    (void)bench_write(b, turn.line, turn.line_len);
    (void)bench_type(b, "\r\n");
    pass(b, 40, step_ms);
    (void)bench_write(b, turn.payload, turn.payload_len);
    pass(b, ms / 2, step_ms);
    receive(b, seed);
    pass(b, ms - ms / 2, step_ms);
    (void)bench_type(b, "\r\n");
    if (ms % 3 == 0)
        bench_answer_late(b);
}

static void play(uint64_t seed, const struct atc_dialect *dialect)
{
    static const uint64_t waits_ms[] = {0, 10, 2500, 9000, 70000, 300000};
    struct bench *const both[2] = {&seldom, &often};
    struct rng rng = {seed};

    for (unsigned k = 0; k < 2; k++) {
        bench_config(both[k], dialect, seed);
        both[k]->manner = seed % 4 == 0 ? BENCH_RANDOM : BENCH_GOOD;
        both[k]->cfg.settings.timing = (uint8_t)(seed % 3);
        both[k]->cfg.settings.auto_ack_ms = seed % 5 == 0 ? 1500 : 0;
        bench_start(both[k]);
    }
    for (unsigned i = 0; i < TURNS; i++) {
        const uint64_t ms = waits_ms[rng_below(&rng, COUNT_OF(waits_ms))];
        const uint64_t step_ms = 1 + rng_below(&rng, ms > 10000 ? 5000 : 50);

        host_turn(&turn, &rng, dialect, HOST_SANE);
        play_turn(&seldom, seed + i, ms, 0);
        play_turn(&often, seed + i, ms, step_ms);
    }
    EXPECT(bench_same(&seldom.te, 0, &often.te, 0), "the TE read\n%s\nand\n%s", seldom.te.text,
           often.te.text);
    EXPECT(bench_same(&seldom.orders, 0, &often.orders, 0), "orders\n%s\nand\n%s",
           seldom.orders.text, often.orders.text);
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
        {"ticking more often, BC95", check_bc95, 120},
        {"ticking more often, BG96", check_bg96, 120},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
