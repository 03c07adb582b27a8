/* SPDX-License-Identifier: MIT
 *
 * A client that was closed leaves nothing behind, whatever it did before and however the network, the
 * store and the peer behaved: no block of the pool, no timer, no message, no header or status for the
 * next one.
 */
#include <string.h>

#include "bench.h"
#include "check.h"
#include "engine.h"
#include "host.h"
#include "peer.h"
#include "seeds.h"

enum { TURNS = 12, LONG_MS = 800000 };

static struct bench bench;
static struct host_turn turn;

static const struct atc_engine *engine(void)
{
    return (const void *)&bench.m;
}

static size_t room(void)
{
    return atc_pool_room_without(&engine()->pool, ATC_NO_BLOCK);
}

static void receive(struct rng *rng)
{
    static uint8_t data[PEER_DATAGRAM_MAX];
    const size_t len = peer_datagram(data, rng, &bench);

    bench_datagram(&bench, rng_below(rng, bench.cfg.dialect->session_count), &bench_server, data,
                   len);
}

/* Commands whose texts stay in the pool on purpose: they belong to no client. */
static bool keeps_texts(void)
{
    static const char *const words[] = {"QICSGP", "CGDCONT", "QSSLCFG", "QFOPEN"};
    char line[256];
    const size_t len = turn.line_len < sizeof line - 1 ? turn.line_len : sizeof line - 1;

    for (size_t i = 0; i < len; i++)
        line[i] = turn.line[i] == '\0' ? '?' : (char)turn.line[i];
    line[len] = '\0';
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strstr(line, words[i]) != NULL)
            return true;
    }
    return false;
}

static void play(struct rng *rng)
{
    for (unsigned i = 0; i < TURNS; i++) {
        do {
            host_turn(&turn, rng, bench.cfg.dialect, HOST_SANE);
        } while (keeps_texts());
        (void)bench_write(&bench, turn.line, turn.line_len);
        (void)bench_type(&bench, "\r");
        (void)bench_write(&bench, turn.payload, turn.payload_len);
        if (rng_once_in(rng, 2))
            receive(rng);
        if (rng_once_in(rng, 4))
            bench_answer_late(&bench);
        bench_run(&bench, rng_below(rng, 30000));
    }
}

/* Whatever runs comes to its end, data entry included; the network and the modem are there. */
static void come_to_rest(void)
{
    static const char filler[4096] = "\x1B\r";

    bench.manner = BENCH_GOOD;
    bench_answer_late(&bench);
    bench_run(&bench, LONG_MS);
    (void)bench_write(&bench, filler, 2);
    bench_run(&bench, LONG_MS);
    (void)bench_write(&bench, filler, sizeof filler);
    (void)bench_type(&bench, "\r");
    bench_run(&bench, LONG_MS);
    (void)bench_type(&bench, "AT+CFUN=1\rAT+COPS=0\rAT+CGATT=1\r");
    bench_run(&bench, LONG_MS);
}

static void check_client(unsigned client)
{
    const struct atc_session *s = &engine()->session[client];
    const struct atc_endpoint *end = &engine()->messages.endpoint[client];

    EXPECT(s->state == ATC_SESSION_IDLE, "client %u", client);
    EXPECT(s->status == ATC_STATUS_NONE && !s->status_unread, "client %u", client);
    EXPECT(!s->header.given && !s->header.mid_given && s->header.tkl == 0, "client %u", client);
    EXPECT(s->slot_used == 0 && s->list == ATC_NO_BLOCK && !s->list_used, "client %u", client);
    EXPECT(s->name == ATC_NO_BLOCK && s->key == ATC_NO_BLOCK, "client %u", client);
    EXPECT(end->exchanges == ATC_NO_ENTRY && end->seens == ATC_NO_ENTRY, "client %u", client);
    EXPECT(!atc_timer_runs(&engine()->timers, ATC_TIMER_SESSION + client), "client %u", client);
}

/* A client that is idle cannot be closed, but may have options by now: so each is opened first. */
static void close_bc95(void)
{
    (void)bench_type(&bench, "AT+QCOAPCREATE=56830\rAT+QCOAPDEL\r");
}

static void close_bg96(void)
{
    for (unsigned i = 0; i < 6; i++) {
        char lines[128];

        (void)snprintf(lines, sizeof lines,
                       "AT+QCOAPCFG=\"dtls\",%u,0\rAT+QCOAPCFG=\"pdpcid\",%u,1\r"
                       "AT+QCOAPOPEN=%u,\"192.0.2.1\",5683\r",
                       i, i, i);
        (void)bench_type(&bench, lines);
        bench_run(&bench, 1000);
        EXPECT(engine()->session[i].state == ATC_SESSION_CONNECTED, "client %u", i);
        (void)snprintf(lines, sizeof lines, "AT+QCOAPCLOSE=%u\r", i);
        (void)bench_type(&bench, lines);
    }
}

static void play_and_close(uint64_t seed, const struct atc_dialect *dialect, void (*close)(void))
{
    struct rng rng = {seed};
    size_t at_first;

    bench_config(&bench, dialect, seed);
    bench.server_answers = seed % 2 == 0;
    bench.manner = seed % 3 == 0 ? BENCH_GOOD : BENCH_RANDOM;
    bench_start(&bench);
    at_first = room();
    play(&rng);
    come_to_rest();
    if (atc_is_off(&bench.m)) /* AT+QPOWD */
        return;
    close();
    bench_run(&bench, LONG_MS);
    for (unsigned i = 0; i < dialect->session_count; i++)
        check_client(i);
    EXPECT(room() == at_first, "%zu bytes in place of %zu", room(), at_first);
}

static void check_bc95(uint64_t seed)
{
    play_and_close(seed, &atc_dialect_bc95, close_bc95);
}

static void check_bg96(uint64_t seed)
{
    play_and_close(seed, &atc_dialect_bg96, close_bg96);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a closed client leaves nothing behind, BC95", check_bc95, 200},
        {"a closed client leaves nothing behind, BG96", check_bg96, 200},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
