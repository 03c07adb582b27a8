/* SPDX-License-Identifier: MIT
 *
 * Any line as a verb of N! and atcoap ctl: what is wrong with it is said and nothing has happened, or
 * something has, within the bounds of the library. And any line as a datagram: what it stands for,
 * rendered as text, matches that text.
 */
#include <string.h>

#include "input.h"
#include "script_datagram.h"
#include "verb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* --- verbs ------------------------------------------------------------------------------------ */

static unsigned happened;

static const char *on_event(void *ctx, const struct atc_event *event)
{
    (void)ctx;
    happened++;
    FUZZ_REQUIRE(event->kind <= ATC_EVENT_RESET && event->cause < ATC_CAUSE_COUNT);
    FUZZ_REQUIRE(event->session < ATC_SESSION_MAX);
    if (event->kind == ATC_EVENT_NETWORK) {
        FUZZ_REQUIRE(event->network.rssi <= 31 || event->network.rssi == 99);
        FUZZ_REQUIRE(event->network.rrc <= ATC_RRC_ASLEEP);
        FUZZ_REQUIRE(event->network.registration <= ATC_REG_ROAMING);
    }
    if (event->kind == ATC_EVENT_WALL_CLOCK)
        FUZZ_REQUIRE(event->zone >= -48 && event->zone <= 56);
    return NULL;
}

static const char *on_link(void *ctx, const struct sim_link_config *config)
{
    (void)ctx;
    (void)config;
    happened++;
    return NULL;
}

static const char *on_uart(void *ctx, const struct sim_uart_config *config)
{
    (void)ctx;
    (void)config;
    happened++;
    return NULL;
}

static void on_fail(void *ctx, enum atc_order_kind kind, enum atc_cause cause)
{
    (void)ctx;
    happened++;
    FUZZ_REQUIRE(kind <= ATC_ORDER_UART && cause > ATC_OK && cause < ATC_CAUSE_COUNT);
}

static void act(struct script_span line)
{
    static struct sim_link link, before;
    static struct sim_uart uart;
    static struct atc_cell cell;
    struct verb_target target = {.link = &link,
                                 .uart = &uart,
                                 .cell = &cell,
                                 .event = on_event,
                                 .set_link = on_link,
                                 .set_uart = on_uart,
                                 .fail_next = on_fail};
    const char *why;

    memset(&cell, 0, sizeof cell);
    memset(&uart, 0, sizeof uart);
    memset(&link, 0, sizeof link);
    sim_link_init(&link, 1, 0);
    before = link;
    happened = 0;
    why = verb_act(&target, line);
    if (why != NULL)
        FUZZ_REQUIRE(why[0] != '\0' && happened == 0 && memcmp(&link, &before, sizeof link) == 0);
    else
        FUZZ_REQUIRE(happened > 0 || memcmp(&link, &before, sizeof link) != 0);
}

/* --- datagrams -------------------------------------------------------------------------------- */

static bool build(struct script_span text, struct script_buf *out)
{
    const struct script_vars none = {0};
    struct script_defaults defaults;

    script_defaults_start(&defaults);
    return script_datagram_build(text, &none, &defaults, out) == NULL;
}

static void write_datagram(struct script_span line)
{
    struct script_buf first = {0}, text = {0};
    struct script_vars vars = {0};
    const char *why = NULL;

    if (build(line, &first)) {
        script_datagram_render(&text, script_span_of(""), &vars, first.data, first.len);
        FUZZ_REQUIRE(
            script_datagram_match(script_span_buf(&text), &vars, first.data, first.len, &why) &&
            why == NULL);
    }
    script_vars_free(&vars);
    script_buf_free(&first);
    script_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};
    const bool verb = next(&in) % 2u == 0;
    const struct script_span line = {(const char *)in.at, in.left};

    if (len > 1024 || memchr(data, '\n', len) != NULL || memchr(data, '\0', len) != NULL)
        return 0; /* whoever reads lines has cut there */
    if (verb)
        act(line);
    else
        write_datagram(line);
    return 0;
}
