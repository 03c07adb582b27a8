/* SPDX-License-Identifier: MIT */
#include "uart_text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "words.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Bounds of the values. */
enum { BAUD_MIN = 300, BAUD_MAX = 4000000 };

/* --- values: each reads all of t into the member at that place --------------------------------- */

static bool take_order(void *at, struct sim_text t)
{
    for (unsigned i = 0; i < SIM_URC_COUNT; i++) {
        if (!sim_text_is(t, sim_urc_order_name(i)))
            continue;
        *(uint8_t *)at = (uint8_t)i;
        return true;
    }
    return false;
}

static bool take_noise(void *at, struct sim_text t)
{
    static const char *const words[] = {
        [SIM_NOISE_NONE] = "off", [SIM_NOISE_RANDOM] = "random", [SIM_NOISE_LOADER] = "loader"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!sim_text_is(t, words[i]))
            continue;
        *(uint8_t *)at = (uint8_t)i;
        return true;
    }
    return false;
}

static bool take_time(void *at, struct sim_text t)
{
    return sim_text_time(t, at) && *(uint32_t *)at > 0;
}

static bool take_number(struct sim_text t, uint32_t min, uint32_t max, uint32_t *out)
{
    uint64_t number = 0;
    if (sim_text_digits(&t, &number, max) == 0 || t.len > 0 || number < min)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool take_baud(void *at, struct sim_text t)
{
    if (!sim_text_is(t, "off"))
        return take_number(t, BAUD_MIN, BAUD_MAX, at);
    *(uint32_t *)at = 0;
    return true;
}

static bool take_seed(void *at, struct sim_text t)
{
    return take_number(t, 1, UINT32_MAX, at);
}

static bool take_list(struct sim_uart_list *list, struct sim_text t)
{
    for (list->count = 0; t.len > 0; list->count++) {
        struct sim_text item;
        (void)sim_text_cut(&t, &item, ',');
        if (list->count == SIM_UART_LIST_MAX ||
            !take_number(item, 1, UINT32_MAX, &list->number[list->count]))
            return false;
    }
    return list->count > 0;
}

/* A share, or numbers of bytes; one kind replaces the other. */
static bool take_bytes(uint32_t *ppm, struct sim_uart_list *list, struct sim_text t)
{
    *ppm = 0;
    memset(list, 0, sizeof *list);
    return sim_text_percent(t, ppm) || take_list(list, t);
}

static bool take_drop(void *at, struct sim_text t)
{
    struct sim_uart_way_config *c = at;
    return take_bytes(&c->drop_ppm, &c->drop, t);
}

static bool take_garble(void *at, struct sim_text t)
{
    struct sim_uart_way_config *c = at;
    return take_bytes(&c->garble_ppm, &c->garble, t);
}

/* "1%" of the lines, "line:5", "30s" after the start, "off". */
static bool take_reboot(void *at, struct sim_text t)
{
    struct sim_uart_config *c = at;
    struct sim_text word = t;
    c->reboot_ppm = c->reboot_line = c->reboot_at_ms = 0;
    if (sim_text_is(t, "off") || sim_text_percent(t, &c->reboot_ppm))
        return true;
    if (sim_text_cut(&t, &word, ':'))
        return sim_text_is(word, "line") && take_number(t, 1, UINT32_MAX, &c->reboot_line);
    return take_time(&c->reboot_at_ms, word);
}

/* --- keys ------------------------------------------------------------------------------------- */

static const struct key {
    struct sim_uart_key shown;
    size_t offset;
    bool (*take)(void *at, struct sim_text value);
} keys[] = {
    {{"urc", "before",
      "where a URC goes: after, where it comes; before, in front of the next final result; prompt, "
      "between the next prompt and its data; echo, into the echo of the next line; split, in two "
      "writes; mixed, the dice choose each time",
      false},
     offsetof(struct sim_uart_config, urc),
     take_order},
    {{"hold", "1s", "so long a URC waits for that place, then it goes where it is", false},
     offsetof(struct sim_uart_config, hold_ms),
     take_time},
    {{"gap", "20", "so long a URC pauses that is split", false},
     offsetof(struct sim_uart_config, gap_ms),
     take_time},
    {{"baud", "9600", "bytes to the host take their time, ten bits each; 300 to 4000000, or off",
      false},
     offsetof(struct sim_uart_config, baud),
     take_baud},
    {{"drop", "0.1%",
      "so many bytes are lost, each for itself; or 3,40: these, counted from the start, up to 16",
      true},
     0,
     take_drop},
    {{"garble", "0.1%", "one bit of so many bytes is changed; or of these", true}, 0, take_garble},
    {{"noise", "loader",
      "what comes when the module starts, before its banner: loader, lines of a boot loader; "
      "random, 8 to 40 bytes of any value; or off",
      false},
     offsetof(struct sim_uart_config, noise),
     take_noise},
    {{"reboot", "line:5",
      "the module restarts by itself: line:5, instead of answering the 5th line; 1%, so many of "
      "the "
      "lines; 30s, so long after the start; or off",
      false},
     0,
     take_reboot},
    {{"seed", "3", "other dice than those of the run's seed", false},
     offsetof(struct sim_uart_config, seed),
     take_seed},
};

const struct sim_uart_key *sim_uart_key(size_t i)
{
    return i < COUNT(keys) ? &keys[i].shown : NULL;
}

/* --- reader ----------------------------------------------------------------------------------- */

/* A word as a string, cut if it is longer than any name. */
static const char *copy(char out[33], struct sim_text t)
{
    const size_t len = t.len < 32u ? t.len : 32u;
    if (len > 0)
        memcpy(out, t.at, len);
    out[len] = '\0';
    return out;
}

static bool reject_key(struct sim_text name, char *error)
{
    const char *names[COUNT(keys) + 1u];
    char shown[33];
    for (size_t i = 0; i < COUNT(keys); i++)
        names[i] = keys[i].shown.name;
    names[COUNT(keys)] = NULL;
    const char *nearest = sim_nearest(copy(shown, name), names);
    (void)snprintf(error, SIM_UART_ERROR_MAX, "no key \"%s\"%s%s%s All: atcoap help uart", shown,
                   nearest != NULL ? "; did you mean " : ".", nearest != NULL ? nearest : "",
                   nearest != NULL ? "?" : "");
    return false;
}

static bool reject_value(const struct key *key, struct sim_text value, char *error)
{
    char shown[33];
    (void)snprintf(error, SIM_UART_ERROR_MAX, "%s=%s: give %s=%s (%.160s)", key->shown.name,
                   copy(shown, value), key->shown.name, key->shown.form, key->shown.meaning);
    return false;
}

/* Which ways a key is for: both, or the one in front of it. */
static unsigned take_way(struct sim_text *name)
{
    static const char *const fronts[] = {[SIM_UART_OUT] = "out.", [SIM_UART_IN] = "in."};
    for (unsigned i = 0; i < COUNT(fronts); i++) {
        const size_t len = strlen(fronts[i]);
        if (name->len > len && memcmp(name->at, fronts[i], len) == 0) {
            *name = (struct sim_text){name->at + len, name->len - len};
            return 1u << i;
        }
    }
    return 1u << SIM_UART_OUT | 1u << SIM_UART_IN;
}

static const struct key *find_key(struct sim_text name)
{
    for (size_t i = 0; i < COUNT(keys); i++)
        if (sim_text_is(name, keys[i].shown.name))
            return &keys[i];
    return NULL;
}

static bool set(struct sim_uart_config *config, struct sim_text name, struct sim_text value,
                char *error)
{
    struct sim_text bare = name;
    const unsigned ways = take_way(&bare);
    const struct key *key = find_key(bare);
    if (key == NULL || (!key->shown.per_way && bare.len < name.len))
        return reject_key(name, error);
    if (!key->shown.per_way)
        return key->take((char *)config + key->offset, value) || reject_value(key, value, error);
    for (unsigned i = 0; i < 2u; i++)
        if ((ways & 1u << i) != 0 && !key->take(&config->way[i], value))
            return reject_value(key, value, error);
    return true;
}

/* Whether what follows up to the next comma is a number: it belongs to the list before it. */
static bool goes_on(struct sim_text rest)
{
    return rest.len > 0 && *rest.at >= '0' && *rest.at <= '9';
}

bool sim_uart_parse(struct sim_uart_config *config, const char *text, size_t len,
                    char error[SIM_UART_ERROR_MAX])
{
    struct sim_uart_config read = *config;
    struct sim_text rest = {text, len}, item, name;
    bool more = true;
    for (bool first = true; more; first = false) {
        more = sim_text_cut(&rest, &item, ',');
        if (first && sim_text_is(item, "off")) {
            memset(&read, 0, sizeof read);
            continue;
        }
        while (more && goes_on(rest)) {
            struct sim_text further;
            more = sim_text_cut(&rest, &further, ',');
            item.len = (size_t)(further.at + further.len - item.at);
        }
        if (!sim_text_cut(&item, &name, '=')) {
            (void)snprintf(error, SIM_UART_ERROR_MAX,
                           "give KEY=VALUE,..., or off in front. All: atcoap help uart");
            return false;
        }
        if (!set(&read, name, item, error))
            return false;
    }
    *config = read;
    return true;
}
