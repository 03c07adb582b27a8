/* SPDX-License-Identifier: MIT */
#include "verb.h"

#include <string.h>

#include "link_text.h"
#include "script_radio.h"
#include "script_target.h"
#include "uart_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Causes, as N lines name them. */
static const struct {
    const char *word;
    enum atc_cause cause;
} causes[] = {
    {"no-network", ATC_CAUSE_NO_NETWORK},
    {"pdp", ATC_CAUSE_PDP},
    {"name", ATC_CAUSE_NAME},
    {"socket", ATC_CAUSE_SOCKET},
    {"dtls", ATC_CAUSE_DTLS},
    {"send", ATC_CAUSE_SEND},
    {"memory", ATC_CAUSE_MEMORY},
    {"unsupported", ATC_CAUSE_UNSUPPORTED},
};

/* Orders, as N lines name them, and how they fail unless a cause is named. */
static const struct order_word {
    const char *word;
    enum atc_order_kind kind;
    enum atc_cause fails;
} order_words[] = {
    {"bind", ATC_ORDER_BIND, ATC_CAUSE_SOCKET},     {"open", ATC_ORDER_OPEN, ATC_CAUSE_SOCKET},
    {"send", ATC_ORDER_SEND, ATC_CAUSE_SEND},       {"resolve", ATC_ORDER_RESOLVE, ATC_CAUSE_NAME},
    {"radio", ATC_ORDER_RADIO, ATC_CAUSE_FAILURE},  {"ping", ATC_ORDER_PING, ATC_CAUSE_SEND},
    {"file", ATC_ORDER_FILE, ATC_CAUSE_FILE_STORE},
};

static const struct {
    const char *word;
    enum atc_registration registration;
} registrations[] = {
    {"off", ATC_REG_OFF},       {"home", ATC_REG_HOME},       {"searching", ATC_REG_SEARCHING},
    {"denied", ATC_REG_DENIED}, {"roaming", ATC_REG_ROAMING},
};

/* The module learns of the network as it is now. */
static const char *tell_network(struct verb_target *t)
{
    struct atc_event event;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_NETWORK;
    event.network = t->network;
    return t->event(t->ctx, &event);
}

static const struct order_word *find_order(struct script_span word)
{
    for (size_t i = 0; i < COUNT(order_words); i++)
        if (script_span_is(word, order_words[i].word))
            return &order_words[i];
    return NULL;
}

bool verb_order(struct script_span word, enum atc_order_kind *kind)
{
    const struct order_word *order = find_order(word);
    if (order != NULL)
        *kind = order->kind;
    return order != NULL;
}

bool verb_cause(struct script_span word, enum atc_cause usual, enum atc_cause *cause)
{
    *cause = usual;
    for (size_t i = 0; i < COUNT(causes); i++)
        if (script_span_is(word, causes[i].word)) {
            *cause = causes[i].cause;
            return true;
        }
    return word.len == 0;
}

/* "open-fail", "open-fail pdp" */
static const char *act_fail(struct verb_target *t, struct script_span word, struct script_span rest)
{
    enum atc_cause cause;
    word.len -= strlen("-fail");
    const struct order_word *order = find_order(word);
    if (order == NULL)
        return "bind-fail, open-fail, send-fail, resolve-fail, radio-fail, ping-fail or file-fail";
    if (!verb_cause(rest, order->fails, &cause))
        return "no such cause: no-network, pdp, name, socket, dtls, send, memory, unsupported";
    t->fail_next(t->ctx, order->kind, cause);
    return NULL;
}

/* "drop", "drop up", "delay 2s", "delay up 2s": without a way it is to the module */
static const char *act_once(struct verb_target *t, enum sim_once once, struct script_span rest)
{
    uint64_t time_ms = 0;
    const bool timed = once == SIM_ONCE_DELAY;
    const bool up = script_span_skip(&rest, "up") &&
                    (rest.len == 0 || script_span_skip(&rest, " "));
    if (timed ? !script_time(rest, &time_ms) || time_ms > UINT32_MAX : rest.len > 0)
        return "drop, dup, reorder, or delay and a time like 2s; up in front of it for what the "
               "module sends";
    sim_link_once(t->link, up ? SIM_UP : SIM_DOWN, once, (uint32_t)time_ms);
    return NULL;
}

static const char *act_coverage(struct verb_target *t, struct script_span rest)
{
    const bool on = script_span_is(rest, "on");
    if (!on && !script_span_is(rest, "off"))
        return "coverage on or coverage off";
    sim_link_cover(t->link, on);
    t->network.registration = on ? ATC_REG_HOME : ATC_REG_SEARCHING;
    return tell_network(t);
}

static const char *act_register(struct verb_target *t, struct script_span rest)
{
    for (size_t i = 0; i < COUNT(registrations); i++) {
        if (!script_span_is(rest, registrations[i].word))
            continue;
        t->network.registration = (uint8_t)registrations[i].registration;
        return tell_network(t);
    }
    return "register off, home, searching, denied or roaming";
}

static const char *act_rssi(struct verb_target *t, struct script_span rest)
{
    uint64_t rssi;
    if (!script_span_number(rest, 99, &rssi))
        return "rssi 0-31, or 99";
    t->network.rssi = (uint8_t)rssi;
    return tell_network(t);
}

static const char *act_rrc(struct verb_target *t, struct script_span rest)
{
    static const char *const words[] = {"auto", "idle", "connected", "asleep"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!script_span_is(rest, words[i]))
            continue;
        t->network.rrc = (uint8_t)i;
        return tell_network(t);
    }
    return "rrc auto, idle, connected or asleep";
}

/* "cell id=0318886E tac=213D" */
static const char *act_cell(struct verb_target *t, struct script_span rest)
{
    static const char help[] =
        "cell and any of id= tac= (hex) pci= earfcn= band= ecl= rsrp= rsrq= snr= "
        "(numbers) plmn= (5 or 6 digits)";
    struct script_span word;
    while (word = script_span_word(&rest), word.len > 0) {
        if (!script_cell_read(t->cell, word))
            return help;
        (void)script_span_skip(&rest, " ");
    }
    t->network.cell = t->cell;
    const char *why = tell_network(t);
    t->network.cell = NULL;
    return why;
}

/* "time 2026-11-21T08:00:00+08:00"; the zone may be left out */
static const char *act_time(struct verb_target *t, struct script_span rest)
{
    struct atc_event event;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_WALL_CLOCK;
    if (!script_time_of_day(rest, &event.offset, &event.zone))
        return "time and a moment like 2026-11-21T08:00:00 or 2026-11-21T16:00:00+08:00";
    return t->event(t->ctx, &event);
}

static const char *act_lost(struct verb_target *t, struct script_span rest)
{
    struct script_where where;
    struct atc_event event;
    script_where_read(&where, &rest);
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_CLOSED;
    event.session = where.has_session ? where.session : t->session;
    event.cause = ATC_CAUSE_SOCKET;
    return t->event(t->ctx, &event);
}

static bool ends_with(struct script_span word, const char *end)
{
    const size_t len = strlen(end);
    return word.len > len && memcmp(word.text + word.len - len, end, len) == 0;
}

static const char *act_attach(struct verb_target *t, struct script_span rest)
{
    (void)rest;
    sim_link_attach(t->link, true);
    t->network.attached = true;
    return tell_network(t);
}

static const char *act_detach(struct verb_target *t, struct script_span rest)
{
    (void)rest;
    sim_link_attach(t->link, false);
    t->network.attached = false;
    return tell_network(t);
}

static const char *act_drop(struct verb_target *t, struct script_span rest)
{
    return act_once(t, SIM_ONCE_DROP, rest);
}

static const char *act_dup(struct verb_target *t, struct script_span rest)
{
    return act_once(t, SIM_ONCE_DUP, rest);
}

static const char *act_delay(struct verb_target *t, struct script_span rest)
{
    return act_once(t, SIM_ONCE_DELAY, rest);
}

static const char *act_reorder(struct verb_target *t, struct script_span rest)
{
    return act_once(t, SIM_ONCE_REORDER, rest);
}

/* "nat expire" */
static const char *act_nat(struct verb_target *t, struct script_span rest)
{
    if (!script_span_is(rest, "expire"))
        return "nat expire";
    sim_link_nat_expire(t->link);
    return NULL;
}

/* "link loss=20%": on top of the link as it is, whose schedule starts anew */
static const char *act_link(struct verb_target *t, struct script_span rest)
{
    static char error[SIM_LINK_ERROR_MAX];
    struct sim_link_config config = t->link->config;
    if (!sim_link_parse(&config, rest.text, rest.len, error))
        return error;
    return t->set_link(t->ctx, &config);
}

/* "uart urc=before": on top of the serial line as it is */
static const char *act_uart(struct verb_target *t, struct script_span rest)
{
    static char error[SIM_UART_ERROR_MAX];
    struct sim_uart_config config = t->uart->config;
    if (!sim_uart_parse(&config, rest.text, rest.len, error))
        return error;
    return t->set_uart(t->ctx, &config);
}

/* The module restarts by itself. */
static const char *act_reboot(struct verb_target *t, struct script_span rest)
{
    if (rest.len > 0)
        return "reboot takes nothing more";
    sim_uart_reboot(t->uart);
    return t->set_uart(t->ctx, NULL);
}

static const struct verb {
    const char *word;
    const char *form;
    const char *(*act)(struct verb_target *t, struct script_span rest);
} verbs[] = {
    {"drop", "[up]: the next datagram to the module, or from it, is lost", act_drop},
    {"dup", "[up]: it arrives twice", act_dup},
    {"delay", "2s: it is so much later", act_delay},
    {"reorder", "[up]: it is held back, and others overtake it", act_reorder},
    {"nat", "expire: the address translator forgets the module", act_nat},
    {"link", "loss=20%: the link changes, on top of what it was; atcoap help link", act_link},
    {"uart", "urc=before: the serial line changes, likewise; atcoap help uart", act_uart},
    {"reboot", ": the module restarts by itself", act_reboot},
    {"coverage", "off, on", act_coverage},
    {"attach", ": the packet service is there", act_attach},
    {"detach", ": and it is gone", act_detach},
    {"register", "off, home, searching, denied, roaming", act_register},
    {"rssi", "17: 0 to 31, or 99", act_rssi},
    {"rrc", "auto, idle, connected, asleep", act_rrc},
    {"cell", "id=0318886E tac=213D pci= earfcn= band= ecl= rsrp= rsrq= snr= plmn=", act_cell},
    {"time", "2026-11-21T16:00:00+08:00: the network tells the time", act_time},
    {"lost", "[id=3]: the connection of a client is lost", act_lost},
};

const char *verb_help(size_t i, const char **form)
{
    if (i == COUNT(verbs)) {
        *form =
            "[CAUSE]: the next such order fails; also open-, send-, resolve-, radio-, ping- and "
            "file-fail";
        return "bind-fail";
    }
    if (i > COUNT(verbs))
        return NULL;
    *form = verbs[i].form;
    return verbs[i].word;
}

bool verb_is(struct script_span word)
{
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (script_span_is(word, verbs[i].word))
            return true;
    return ends_with(word, "-fail");
}

const char *verb_act(struct verb_target *target, struct script_span text)
{
    const struct script_span word = script_span_word(&text);
    (void)script_span_skip(&text, " ");
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (script_span_is(word, verbs[i].word))
            return verbs[i].act(target, text);
    if (ends_with(word, "-fail"))
        return act_fail(target, word, text);
    return "drop, dup, delay, reorder, nat, link, uart, reboot, multicast, icmp, bind-fail (open-, "
           "send-, resolve-, radio-, ping-, file-), coverage, attach, detach, register, rssi, rrc, "
           "cell, time or lost";
}
