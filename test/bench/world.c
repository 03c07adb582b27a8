/* SPDX-License-Identifier: MIT
 *
 * Any number of modems in the virtual world, in one thread: each sends a CON a minute and gets its
 * answer, spread evenly over the minute. Prints the CPU time of an exchange and the memory of a modem
 * with all that the world keeps for it (its link among it). Built with the small limits of
 * docs/porting.md, section 3.
 *
 * usage: bench_world MODEMS EXCHANGES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "resident.h"
#include "world.h"

enum { PERIOD_MS = 60000, PEERS = 16, CONFIGURE_MS = 10 };

static struct sim_world world;
static struct sim_peer peers[PEERS];
static uint64_t answers, errors;

static void on_te(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    (void)ctx;
    (void)modem;
    if (memmem(data, len, "\"rsp\"", 5) != NULL)
        answers++;
    if (memmem(data, len, "ERROR", 5) != NULL)
        errors++;
}

static void type(size_t modem, const char *text)
{
    const size_t len = strlen(text);

    if (sim_world_te_write(&world, modem, (const uint8_t *)text, len) != len)
        errors++;
}

/* What a SEND to the peer of a modem is typed as. */
static void ask(size_t modem)
{
    char line[64];

    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,2,192.0.2.%u,5683\r",
                   (unsigned)(modem % PEERS) + 1);
    type(modem, line);
    type(modem, "3C2F312F303E2C3C2F332F303E2C3C2F342F303E2C3C2F352F303E2C3C2F362F303E2C3C2F3333"
                "30332F303E3B69663D\x1a");
}

static void configure(size_t modem)
{
    type(modem, "AT+QCOAPCREATE=56830\r");
    type(modem, "AT+QCOAPHEAD=1\r");
    type(modem, "AT+QCOAPOPTION=6,11,\"echo\",12,\"40\",15,\"ep=863703030000001\",15,\"lt=86400\","
                "15,\"lwm2m=1.0\",15,\"b=U\"\r");
}

static void open_world(size_t count)
{
    struct atc_config modem = {.dialect = &atc_dialect_bc95};
    const struct sim_world_config config = {.modem = &modem,
                                            .modem_count = count,
                                            .peers = peers,
                                            .peer_count = PEERS,
                                            .flight_max = 4096,
                                            .seed = 1,
                                            .hooks = {.te = on_te}};

    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    modem.settings.option = ATC_LIFE_KEEP;
    modem.settings.head = ATC_LIFE_KEEP;
    modem.settings.token_len = 4;
    for (unsigned i = 0; i < PEERS; i++) {
        const struct atc_addr addr = {
            .ip = {192, 0, 2, (uint8_t)(i + 1)}, .port = 5683, .family = ATC_FAMILY_IPV4};

        sim_peer_init(&peers[i], &addr, NULL, i, 0);
    }
    if (sim_world_open(&world, &config) != 0) {
        (void)fputs("bench_world: no world\n", stderr);
        exit(1);
    }
    for (size_t i = 0; i < count; i++)
        configure(i);
    sim_world_run(&world, CONFIGURE_MS);
}

/* Request number n of all goes out at its place in the minute. */
static void run(size_t count, uint64_t from, uint64_t exchanges)
{
    for (uint64_t n = from; n < from + exchanges; n++) {
        sim_world_run(&world, CONFIGURE_MS + n * PERIOD_MS / count);
        ask(n % count);
    }
    sim_world_run(&world, CONFIGURE_MS + (from + exchanges) * PERIOD_MS / count);
}

static double cpu_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    const size_t count = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    const uint64_t exchanges = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    const double before = resident();
    double start_ns, per_modem;

    if (count == 0 || exchanges == 0) {
        (void)fputs("usage: bench_world MODEMS EXCHANGES\n", stderr);
        return 2;
    }
    open_world(count);
    run(count, 0, count); /* once round, so that every page is there */
    per_modem = (resident() - before) / (double)count;
    answers = 0;
    start_ns = cpu_ns();
    run(count, count, exchanges);
    start_ns = cpu_ns() - start_ns;
    if (answers != exchanges || errors != 0) {
        (void)fprintf(stderr, "bench_world: %llu answers, %llu errors\n",
                      (unsigned long long)answers, (unsigned long long)errors);
        return 1;
    }
    (void)printf("{\"modems\": %zu, \"ns\": %.0f, \"bytes\": %.0f, \"modem\": %zu}\n", count,
                 start_ns / (double)exchanges, per_modem, sizeof(struct atc_modem));
    sim_world_close(&world);
    return 0;
}
