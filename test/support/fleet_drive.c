/* SPDX-License-Identifier: MIT
 *
 * A host for each modem of a fleet, by AT commands alone: modem i stores a text of its own in a resource
 * of its own and asks for it again and again. One that gets another modem's text, or none, is a fault.
 * interop/fleet.py runs it against a server that loses datagrams and one that does not.
 *
 * usage: fleet_drive bc95|bg96 sockets|shared PORT MODEMS ROUNDS SECONDS
 *
 * Prints the counts; the status is 0 if every modem got every answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet.h"

/* What to type, and the beginning of the line that answers it. %u is the modem's number, %p the server's
 * port, %l the modem's own, which is the one behind that. */
struct step {
    const char *typed;
    const char *awaited;
};

/* Where the answer of a GET has its payload: on that line, or on the next. */
struct script {
    const char *name;
    const struct atc_dialect *dialect;
    const struct step *steps;
    unsigned count, repeat;
    bool next_line;
};

static const struct step bc95_steps[] = {
    {"ATE0\r", "OK"},
    {"AT+QCOAPCREATE=%l\r", "OK"},
    {"AT+QCOAPOPTION=1,11,\"m%u\"\r", "OK"},
    {"AT+QCOAPSEND=0,3,127.0.0.1,%p\rtext of %u\x1a", "+QCOAPURC: \"rsp\",2,2.0"},
    {"AT+QCOAPOPTION=1,11,\"m%u\"\r", "OK"},
    {"AT+QCOAPSEND=0,1,127.0.0.1,%p\r\x1a", "+QCOAPURC: \"rsp\",2,2.05"},
};

static const struct step bg96_steps[] = {
    {"ATE0\r", "OK"},
    {"AT+QCOAPOPEN=0,\"127.0.0.1\",%p\r", "+QCOAPOPEN: 0,0"},
    {"AT+QCOAPOPTION=0,0,0,11,\"m%u\"\r", "OK"},
    {"AT+QCOAPSEND=0,0,3,1\rtext of %u\x1a", "+QCOAPRECV: 0,"},
    {"AT+QCOAPSEND=0,0,1,1\r\x1a", "+QCOAPRECV: 0,"},
};

static const struct script scripts[] = {
    {"bc95", &atc_dialect_bc95, bc95_steps, 6, 4, false},
    {"bg96", &atc_dialect_bg96, bg96_steps, 5, 4, true},
};

/* The host of one modem. */
struct host {
    char line[200]; /* what has come of the line that is under way */
    unsigned len;
    unsigned step, rounds;
    unsigned typed; /* bytes of the step that the modem has taken */
    bool awaits_text;
    bool done;
};

static const struct script *script;
static struct fleet *fleet;
static struct host *hosts;
static unsigned port, modem_count, rounds, done_count, right, wrong;

/* What the step says for that modem. Returns its length. */
static unsigned compose(char *text, size_t size, uint32_t modem)
{
    size_t len = 0;

    for (const char *p = script->steps[hosts[modem].step].typed; *p != '\0'; p++) {
        if (*p != '%') {
            len += (size_t)snprintf(text + len, size - len, "%c", *p);
            continue;
        }
        p++;
        len += (size_t)snprintf(text + len, size - len, "%u",
                                *p == 'u' ? modem : port + (*p == 'l'));
    }
    return (unsigned)len;
}

static void type(uint32_t modem)
{
    struct host *host = &hosts[modem];
    char text[200];
    const unsigned len = compose(text, sizeof text, modem);

    if (!host->done && host->typed < len)
        host->typed += (unsigned)fleet_te_write(fleet, modem, (uint8_t *)text + host->typed,
                                                len - host->typed);
}

static void next_step(struct host *host)
{
    host->typed = 0;
    host->step++;
    if (host->step < script->count)
        return;
    host->step = script->repeat;
    host->rounds++;
    host->done = host->rounds == rounds;
    done_count += host->done;
}

/* Whether a line ends with this modem's text, in hex as well. */
static bool has_text(const struct host *host, uint32_t modem)
{
    char text[40], hex[80];
    const size_t len = (size_t)snprintf(text, sizeof text, "text of %u", modem);

    for (size_t i = 0; i < len; i++)
        (void)snprintf(hex + 2 * i, 3, "%02X", (unsigned char)text[i]);
    return (host->len >= len && strcmp(host->line + host->len - len, text) == 0) ||
           (host->len >= 2 * len && strcmp(host->line + host->len - 2 * len, hex) == 0);
}

static void judge(struct host *host, uint32_t modem)
{
    const bool good = has_text(host, modem);

    right += good;
    wrong += !good;
    if (!good)
        (void)fprintf(stderr, "modem %u got: %s\n", modem, host->line);
}

static void read_line(uint32_t modem)
{
    struct host *host = &hosts[modem];
    const char *awaited = script->steps[host->step].awaited;
    const bool get = host->step + 1 == script->count;

    if (host->done || host->len == 0)
        return;
    if (host->awaits_text) {
        host->awaits_text = false;
        judge(host, modem);
        next_step(host);
    } else if (strncmp(host->line, awaited, strlen(awaited)) == 0) {
        if (get && script->next_line) {
            host->awaits_text = true;
            return;
        }
        if (get)
            judge(host, modem);
        next_step(host);
    } else if (strstr(host->line, "ERROR") != NULL) {
        (void)fprintf(stderr, "modem %u, step %u: %s\n", modem, host->step, host->line);
        wrong++;
        host->done = true;
        done_count++;
    }
}

static void read_output(uint32_t modem)
{
    struct host *host = &hosts[modem];
    size_t len = 0;
    const uint8_t *said = NULL;

    while (said = fleet_te_peek(fleet, modem, &len), len > 0) {
        for (size_t i = 0; i < len; i++) {
            if (said[i] == '\n') {
                host->line[host->len] = '\0';
                read_line(modem);
                host->len = 0;
            } else if (said[i] != '\r' && host->len + 1 < sizeof host->line) {
                host->line[host->len++] = (char)said[i];
            }
        }
        fleet_te_drop(fleet, modem, len);
    }
}

static int start(const char *dialect, const char *endpoints)
{
    static struct atc_config modem;
    struct fleet_config config = {.modem = &modem};

    for (unsigned i = 0; i < 2; i++) {
        if (strcmp(dialect, scripts[i].name) == 0)
            script = &scripts[i];
    }
    modem.dialect = script->dialect;
    atc_settings_default(&modem.settings);
    modem.settings.ack_timeout_ms = 1000; /* as short as it may be: the tests wait for it */
    config.net.endpoints = strcmp(endpoints, "shared") == 0 ? FLEET_SHARED : FLEET_SOCKETS;
    config.net.modem_count = modem_count;
    config.net.device = "lo";
    config.net.first = (struct atc_addr){.ip = {127, 1, 0, 1}, .family = ATC_FAMILY_IPV4};
    return fleet_open(&fleet, &config);
}

static void run(uint64_t until_ms)
{
    uint32_t modem = 0;

    while (done_count < modem_count && fleet_now_ms(fleet) < until_ms) {
        fleet_turn(fleet, 100);
        while (fleet_next(fleet, &modem)) {
            read_output(modem);
            type(modem);
        }
    }
}

static unsigned sum(enum atc_count count)
{
    unsigned total = 0;

    for (uint32_t i = 0; i < modem_count; i++)
        total += atc_counter(fleet_modem(fleet, i), count);
    return total;
}

int main(int argc, char **argv)
{
    const struct fleet_net_counts *counts = NULL;
    int status = 0;

    if (argc != 7)
        return 2;
    port = (unsigned)atoi(argv[3]);
    modem_count = (unsigned)atoi(argv[4]);
    rounds = (unsigned)atoi(argv[5]);
    hosts = calloc(modem_count, sizeof *hosts);
    status = start(argv[1], argv[2]);
    if (status != 0 || hosts == NULL) {
        (void)fprintf(stderr, "fleet_open: %d\n", status);
        return 2;
    }
    for (uint32_t i = 0; i < modem_count; i++)
        type(i);
    run(fleet_now_ms(fleet) + 1000u * (unsigned)atoi(argv[6]));
    counts = fleet_counts(fleet);
    (void)printf("modems %u done %u right %u wrong %u retransmitted %u strangers %u duplicates %u "
                 "sent %llu received %llu failed %llu strays %llu\n",
                 modem_count, done_count, right, wrong, sum(ATC_COUNT_RETRANSMITTED),
                 sum(ATC_COUNT_DROP_STRANGER) + sum(ATC_COUNT_DROP_TOKEN), sum(ATC_COUNT_DUPLICATE),
                 (unsigned long long)counts->sent, (unsigned long long)counts->received,
                 (unsigned long long)counts->failed, (unsigned long long)counts->strays);
    fleet_close(fleet);
    free(hosts);
    return done_count == modem_count && wrong == 0 && right == modem_count * rounds ? 0 : 1;
}
