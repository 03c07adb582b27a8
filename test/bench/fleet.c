/* SPDX-License-Identifier: MIT
 *
 * Many modems on real sockets, host/fleet.h, each driven through AT commands: a SEND, its prompt, the
 * payload, and the URC with the response. Of all modems a window has a request outstanding; whenever
 * one is answered, the next modem sends. As bench_floor does with bare datagrams.
 *
 * usage: bench_fleet sockets|shared MODEMS WINDOW SECONDS PORT [bc95|bg96]
 */
#include "fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "load.h"
#include "score.h"

enum { LINES_MAX = 9 };

/* What a modem is told, one line when the one before was answered; the last two are a SEND's. */
struct script {
    char text[LINES_MAX][128];
    size_t len[LINES_MAX];
    unsigned count;
    const char *answer; /* what ends a request */
    const char *ready;  /* what ends the opening line */
};

static struct fleet *fleet;
static struct script script;
static uint32_t modem_count, window;
static uint8_t *at;    /* of each modem: the line that is typed next */
static uint32_t *idle; /* the modems without a request, a ring: who waits longest sends next */
static uint32_t idle_first, idle_last;
static uint32_t ready_count;

static void add(const char *line)
{
    char *to = script.text[script.count];

    script.len[script.count++] = (size_t)snprintf(to, sizeof script.text[0], "%s", line);
}

static void write_bc95(uint16_t port)
{
    char line[128];
    char *hex = line;

    add("AT+QCOAPCREATE=56830\r");
    add("AT+QCOAPHEAD=1\r");
    add("AT+QCOAPOPTION=6,11,\"rd\",12,\"40\",15,\"ep=863703030000001\",15,\"lt=86400\","
        "15,\"lwm2m=1.0\",15,\"b=U\"\r");
    for (size_t i = 0; i < LOAD_PAYLOAD_LEN; i++)
        hex += sprintf(hex, "%02X", load_payload[i]);
    (void)strcpy(hex, "\x1a");
    (void)snprintf(script.text[LINES_MAX - 1], sizeof script.text[0],
                   "AT+QCOAPSEND=0,2,127.0.0.1,%u\r", port);
    add(script.text[LINES_MAX - 1]);
    add(line);
    script.answer = "2.05";
    script.ready = "OK";
}

static void write_bg96(uint16_t port)
{
    static const char *const options[LOAD_OPTION_COUNT] = {
        "11,\"rd\"",        "12,40",     "15,\"ep=863703030000001\"", "15,\"lt=86400\"",
        "15,\"lwm2m=1.0\"", "15,\"b=U\""};
    char line[128];

    (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=0,\"127.0.0.1\",%u\r", port);
    add(line);
    for (unsigned i = 0; i < LOAD_OPTION_COUNT; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,%u,%s\r", i, options[i]);
        add(line);
    }
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,0,2,63,%d\r", LOAD_PAYLOAD_LEN);
    add(line);
    (void)snprintf(line, sizeof line, "%.48s", (const char *)load_payload);
    add(line);
    script.answer = "2.05";
    script.ready = "+QCOAPOPEN: 0,0";
}

static void type(uint32_t modem)
{
    const unsigned line = at[modem]++;
    const uint8_t *text = (const uint8_t *)script.text[line];

    if (fleet_te_write(fleet, modem, text, script.len[line]) != script.len[line])
        score_fail("a modem does not take a line");
}

static void rest(uint32_t modem)
{
    idle[idle_last++ % modem_count] = modem;
}

/* Let the next modem send. */
static void ask(void)
{
    const uint32_t modem = idle[idle_first++ % modem_count];

    at[modem] = (uint8_t)(script.count - 2);
    type(modem);
}

/* What a modem said while it is configured. Returns true when it is ready. */
static bool configure(uint32_t modem, const char *said)
{
    if (strstr(said, "ERROR") != NULL)
        score_fail(said);
    if (strstr(said, at[modem] == 1 ? script.ready : "OK") == NULL)
        return false;
    if (at[modem] == script.count - 2) {
        rest(modem);
        return true;
    }
    type(modem);
    return false;
}

/* What it said while it sends. Returns how many requests were answered. */
static unsigned serve(uint32_t modem, const char *said)
{
    if (strchr(said, '>') != NULL && at[modem] == script.count - 1) {
        type(modem);
        return 0;
    }
    if (strstr(said, "ERROR") != NULL)
        score_fail("a modem says ERROR");
    if (strstr(said, script.answer) == NULL)
        return 0;
    rest(modem);
    ask();
    return 1;
}

/* All that modems have to say. Returns how many became ready, or requests were answered. */
static unsigned listen(bool configured)
{
    unsigned count = 0;
    uint32_t modem;

    while (fleet_next(fleet, &modem)) {
        size_t len;
        const uint8_t *said;

        while ((said = fleet_te_peek(fleet, modem, &len)) != NULL && len > 0) {
            char text[512];

            len = len < sizeof text ? len : sizeof text - 1;
            memcpy(text, said, len);
            text[len] = '\0';
            fleet_te_drop(fleet, modem, len);
            count += configured ? serve(modem, text) : configure(modem, text);
        }
    }
    return count;
}

static void open_fleet(bool shared, const struct atc_dialect *dialect)
{
    struct atc_config modem = {.dialect = dialect};
    const struct rlimit files = {1u << 20, 1u << 20};
    const struct fleet_config config = {
        .net = {.endpoints = shared ? FLEET_SHARED : FLEET_SOCKETS,
                .modem_count = modem_count,
                .first = {.ip = {127, 1, 0, 0}, .family = ATC_FAMILY_IPV4}},
        .modem = &modem};

    (void)setrlimit(RLIMIT_NOFILE, &files);
    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    modem.settings.option = ATC_LIFE_KEEP;
    modem.settings.head = ATC_LIFE_KEEP;
    modem.settings.token_len = LOAD_TOKEN_LEN;
    if (fleet_open(&fleet, &config) != 0)
        score_fail("fleet_open");
}

static void run(double seconds)
{
    unsigned answered;

    for (uint32_t i = 0; i < modem_count; i++)
        type(i);
    while (ready_count < modem_count) {
        fleet_turn(fleet, 0);
        ready_count += listen(false);
    }
    score_start(seconds);
    for (uint32_t i = 0; i < window; i++)
        ask();
    do {
        fleet_turn(fleet, -1);
        answered = listen(true);
    } while (!(window == 1 && answered == 1 ? score_one() : score_answered(answered)));
    score_print();
}

int main(int argc, char **argv)
{
    const bool bg96 = argc == 7 && strcmp(argv[6], "bg96") == 0;

    if (argc < 6) {
        (void)fputs("usage: bench_fleet sockets|shared MODEMS WINDOW SECONDS PORT [bc95|bg96]\n",
                    stderr);
        return 2;
    }
    modem_count = (uint32_t)atoi(argv[2]);
    window = (uint32_t)atoi(argv[3]);
    at = calloc(modem_count, sizeof *at);
    idle = calloc(modem_count, sizeof *idle);
    if (bg96)
        write_bg96((uint16_t)atoi(argv[5]));
    else
        write_bc95((uint16_t)atoi(argv[5]));
    open_fleet(strcmp(argv[1], "shared") == 0, bg96 ? &atc_dialect_bg96 : &atc_dialect_bc95);
    run(atof(argv[4]));
    fleet_close(fleet);
    return 0;
}
