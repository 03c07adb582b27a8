/* SPDX-License-Identifier: MIT
 *
 * The keys and presets of a link, and the reader of both. Numbers are decimal and exact: no
 * fraction that the unit cannot hold is rounded away. */
#include "link_text.h"

#include "nearest.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Bounds of the values. */
#define RATE_MAX          1000000000u
#define QUEUE_BYTES_MAX   1000000000u
#define MTU_MIN           (SIM_HEADERS_LEN + 20u) /* a header and options of CoAP */
#define MTU_MAX           65535u
#define PSM_PERIOD_MIN_MS 1000u
#define PSM_BUFFER_MAX    1000u
#define RRC_IDLE_MS       10000u /* if rrc= stands alone */

/* Nested presets: one may begin with another. */
#define PRESET_DEPTH 4u

/* --- presets ---------------------------------------------------------------------------------- */

static const struct sim_link_preset presets[] = {
    {"perfect", "", "nothing is lost, nothing takes time"},
    {"lan", "delay=1", "a wire: one millisecond each way (a guess)"},
    {"ltem",
     "up.rate=375k,down.rate=300k,delay=40:120,loss=0.1%,queue=16,mtu=1358,rrc=100:300,"
     "rrc-idle=10s",
     "LTE-M. Rates: category M1 in half duplex, 3GPP 36.306 of release 13; packet size: what 3GPP "
     "23.060 annex C advises. The rest is a guess"},
    {"nbiot-ce0",
     "up.rate=20k,down.rate=25k,delay=150:600,loss=0.2%,queue=16,mtu=1358,rrc=500:2000,"
     "rrc-idle=20s",
     "NB-IoT near the mast, about 144 dB of coupling loss. Rates: a single tone of 15 kHz up, "
     "category NB1 down, 3GPP 36.306 of release 13; packet size: 3GPP 23.060 annex C. Delays, loss "
     "and times: guesses"},
    {"nbiot-ce1",
     "up.rate=2500,down.rate=3k,delay=400:1600,tail=300,loss=1%,queue=8,mtu=1358,rrc=1s:4s,"
     "rrc-idle=20s",
     "NB-IoT inside a building, about 154 dB. Repetitions take most of the rate; how many is the "
     "network's choice, so all numbers but the packet size are guesses"},
    {"nbiot-ce2",
     "up.rate=250,down.rate=300,delay=1500:6000,tail=1500,loss=3%,burst-start=0.5%,burst-end=25%,"
     "queue=4,mtu=1358,rrc=3s:10s,rrc-idle=20s",
     "NB-IoT in a cellar, about 164 dB. 3GPP 45.820 demands at least 160 bit/s and 10 s for a "
     "first "
     "report there, and that is what these rates and the time to connect are near; loss, bursts "
     "and "
     "delays are guesses"},
    {"edge",
     "up.rate=59200,down.rate=118400,delay=150:400,tail=50,loss=0.5%,queue=32,mtu=1500,rrc=200:600,"
     "rrc-idle=2s",
     "EDGE. Rates: one time slot up and two down, 59.2 kbit/s each, 3GPP 43.064. The rest is a "
     "guess"},
    {"nbiot-psm", "nbiot-ce0,psm=20s:1h,psm-buffer=4",
     "nbiot-ce0 with power saving: reachable for 20 s after its last message, then asleep until it "
     "sends or an hour is over. How much a network keeps meanwhile is the operator's choice (3GPP "
     "23.682 4.5.7); four datagrams are a guess"},
};

const struct sim_link_preset *sim_link_preset(size_t i)
{
    return i < COUNT(presets) ? &presets[i] : NULL;
}

static const struct sim_unit rates[] = {{"", 1}, {"k", 1000}, {"M", 1000000}};
static const struct sim_unit sizes[] = {{"B", 1}, {"kB", 1000}};

/* --- values: each reads all of t into the member at that place --------------------------------- */

static bool take_percent(void *at, struct sim_text t)
{
    return sim_text_percent(t, at);
}

static bool take_time(void *at, struct sim_text t)
{
    return sim_text_time(t, at);
}

static bool take_time_or_off(void *at, struct sim_text t)
{
    if (!sim_text_is(t, "off"))
        return sim_text_time(t, at) && *(uint32_t *)at > 0;
    *(uint32_t *)at = 0;
    return true;
}

static bool take_range(void *at, struct sim_text t)
{
    struct sim_range *range = at;
    struct sim_text min;
    const bool both = sim_text_cut(&t, &min, ':');
    if (!sim_text_time(min, &range->min_ms) || !sim_text_time(both ? t : min, &range->max_ms))
        return false;
    return range->min_ms <= range->max_ms;
}

static bool take_rate(void *at, struct sim_text t)
{
    if (!sim_text_is(t, "off"))
        return sim_text_unit(t, rates, COUNT(rates), at, RATE_MAX) && *(uint32_t *)at > 0;
    *(uint32_t *)at = 0;
    return true;
}

/* Datagrams or bytes; one kind replaces the other. */
static bool take_queue(void *at, struct sim_text t)
{
    struct sim_path_config *c = at;
    uint64_t count;
    c->queue_bytes = 0;
    c->queue_count = 0;
    if (sim_text_is(t, "off"))
        return true;
    if (sim_text_unit(t, sizes, COUNT(sizes), &c->queue_bytes, QUEUE_BYTES_MAX))
        return c->queue_bytes > 0;
    if (sim_text_digits(&t, &count, SIM_QUEUE_MAX) == 0 || t.len > 0)
        return false;
    c->queue_count = (uint32_t)count;
    return count > 0;
}

static bool take_mtu(void *at, struct sim_text t)
{
    uint64_t mtu = 0;
    if (!sim_text_is(t, "off") &&
        (sim_text_digits(&t, &mtu, MTU_MAX) == 0 || t.len > 0 || mtu < MTU_MIN))
        return false;
    *(uint32_t *)at = (uint32_t)mtu;
    return true;
}

static bool take_drop(void *at, struct sim_text t)
{
    struct sim_path_config *c = at;
    for (c->drop_count = 0; t.len > 0; c->drop_count++) {
        struct sim_text item;
        uint64_t number;
        if (c->drop_count == SIM_DROP_MAX)
            return false;
        (void)sim_text_cut(&t, &item, ',');
        if (sim_text_digits(&item, &number, UINT32_MAX) == 0 || item.len > 0 || number == 0)
            return false;
        c->drop[c->drop_count] = (uint32_t)number;
    }
    return c->drop_count > 0;
}

/* "in:30s", "out:1m", and at the end also "detach". */
static bool take_phase(struct sim_phase *phase, struct sim_text t, bool last)
{
    static const char *const words[] = {
        [SIM_COVERAGE_IN] = "in", [SIM_COVERAGE_OUT] = "out", [SIM_COVERAGE_DETACH] = "detach"};
    struct sim_text word;
    const bool timed = sim_text_cut(&t, &word, ':');
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!sim_text_is(word, words[i]))
            continue;
        phase->coverage = (uint8_t)i;
        phase->for_ms = 0;
        return timed ? sim_text_time(t, &phase->for_ms) && phase->for_ms > 0 : last;
    }
    return false;
}

/* "30s:90s", in and out in turn. */
static bool take_turns(struct sim_link_config *c, struct sim_text t)
{
    struct sim_text in;
    if (!sim_text_cut(&t, &in, ':') || !sim_text_time(in, &c->phase[0].for_ms) ||
        !sim_text_time(t, &c->phase[1].for_ms))
        return false;
    c->phase[0].coverage = SIM_COVERAGE_IN;
    c->phase[1].coverage = SIM_COVERAGE_OUT;
    c->phase_count = 2;
    return c->phase[0].for_ms > 0 && c->phase[1].for_ms > 0;
}

static bool take_coverage(void *at, struct sim_text t)
{
    struct sim_link_config *c = at;
    c->phase_count = 0;
    if (sim_text_is(t, "always") || take_turns(c, t))
        return true;
    for (c->phase_count = 0; t.len > 0; c->phase_count++) {
        struct sim_text item;
        if (c->phase_count == SIM_PHASE_MAX)
            return false;
        const bool last = !sim_text_cut(&t, &item, '/');
        if (!take_phase(&c->phase[c->phase_count], item, last))
            return false;
    }
    return c->phase_count > 0;
}

static bool take_psm(void *at, struct sim_text t)
{
    struct sim_link_config *c = at;
    struct sim_text active;
    c->psm = !sim_text_is(t, "off");
    if (!c->psm)
        return true;
    return sim_text_cut(&t, &active, ':') && sim_text_time(active, &c->psm_active_ms) &&
           sim_text_time(t, &c->psm_period_ms) && c->psm_period_ms >= PSM_PERIOD_MIN_MS &&
           c->psm_period_ms > c->psm_active_ms;
}

static bool take_buffer(void *at, struct sim_text t)
{
    uint64_t count;
    if (sim_text_digits(&t, &count, PSM_BUFFER_MAX) == 0 || t.len > 0)
        return false;
    *(uint32_t *)at = (uint32_t)count;
    return true;
}

static bool take_uart(void *at, struct sim_text t)
{
    *(bool *)at = sim_text_is(t, "deaf");
    return *(bool *)at || sim_text_is(t, "awake");
}

/* --- keys ------------------------------------------------------------------------------------- */

struct key {
    struct sim_link_key shown;
    size_t offset;
    bool (*take)(void *at, struct sim_text value);
};

/* A row for each direction's member, for the whole direction, for the link's member, for the link. */
#define PATH(name, member, take, form, meaning)                                     \
    {                                                                               \
        {name, form, meaning, true}, offsetof(struct sim_path_config, member), take \
    }
#define WHOLE_PATH(name, take, form, meaning) \
    {                                         \
        {name, form, meaning, true}, 0, take  \
    }
#define LINK(name, member, take, form, meaning)                                      \
    {                                                                                \
        {name, form, meaning, false}, offsetof(struct sim_link_config, member), take \
    }
#define WHOLE_LINK(name, take, form, meaning) \
    {                                         \
        {name, form, meaning, false}, 0, take \
    }

static const struct key keys[] = {
    PATH("loss", loss_ppm, take_percent, "5%", "so many are lost, each for itself"),
    PATH("burst-start", burst_start_ppm, take_percent, "0.5%",
         "chance per datagram that a burst of losses begins (Gilbert-Elliott)"),
    PATH("burst-end", burst_end_ppm, take_percent, "25%",
         "chance per datagram that it ends: with 25% a burst is four long in the mean"),
    PATH("burst-loss", burst_loss_ppm, take_percent, "80%",
         "so many are lost within a burst; all without it"),
    WHOLE_PATH("drop", take_drop, "2,5",
               "these are lost, the 2nd and the 5th of their direction; up to 16 numbers"),
    PATH("dup", dup_ppm, take_percent, "1%", "so many arrive twice, the copy with its own delay"),
    PATH("reorder", reorder_ppm, take_percent, "2%",
         "so many are held back, and later ones overtake them; without it the order is kept"),
    PATH("reorder-by", reorder_ms, take_time, "500", "held back so long; a second without it"),
    PATH("delay", delay, take_range, "400:1600",
         "time on the way: one value, or evenly between two"),
    PATH("tail", tail_ms, take_time, "300",
         "a further delay with a long tail, and this mean: half are below 0.6 of it, one in a "
         "hundred is above 6 times, none above 28 times"),
    PATH("rate", rate, take_rate, "20k", "bit/s, also with k or M; one goes after the other; off"),
    WHOLE_PATH("queue", take_queue, "8",
               "what may wait for its turn, the one that is being sent included: up to 64 "
               "datagrams, or bytes with B or kB behind the number; more is lost; off"),
    PATH("mtu", mtu, take_mtu, "1358",
         "bytes of the largest packet, 28 of them for IP and UDP; 48 to 65535; what is longer is "
         "lost; off"),
    WHOLE_LINK("coverage", take_coverage, "30s:90s",
               "in and out of coverage in turn; or steps such as in:1m/out:30s/detach:10s, over "
               "and over, the last one for good if it has no time; always"),
    LINK("rrc", rrc, take_range, "1s:4s",
         "time from idle to connected, which the first datagram waits for"),
    LINK("rrc-idle", rrc_idle_ms, take_time, "20s",
         "idle again after so long without a datagram; 10s without it if rrc is given"),
    WHOLE_LINK("psm", take_psm, "20s:1h",
               "power saving: reachable so long after it became idle (T3324), then asleep until it "
               "sends, or until so long after it became idle (T3412); off"),
    LINK("psm-buffer", psm_buffer, take_buffer, "4",
         "datagrams that the network keeps for a module asleep, 0 to 1000; more are lost"),
    LINK("psm-uart", psm_deaf, take_uart, "deaf",
         "what is typed at a module asleep is lost; or awake: it hears"),
    LINK("nat", nat_ms, take_time_or_off, "30s",
         "what a server sends is lost once nothing passed for so long, until the module sends, "
         "from another port then; off"),
};

static const struct key *find_key(struct sim_text name)
{
    for (size_t i = 0; i < COUNT(keys); i++)
        if (sim_text_is(name, keys[i].shown.name))
            return &keys[i];
    return NULL;
}

const struct sim_link_key *sim_link_key(size_t i)
{
    return i < COUNT(keys) ? &keys[i].shown : NULL;
}

/* --- errors ----------------------------------------------------------------------------------- */

/* A word as a string, cut if it is longer than any name. */
static void copy(char out[33], struct sim_text t)
{
    const size_t len = t.len < 32u ? t.len : 32u;
    if (len > 0)
        memcpy(out, t.at, len);
    out[len] = '\0';
}

static bool reject_value(const struct key *key, struct sim_text value, char *error)
{
    char shown[33];
    copy(shown, value);
    (void)snprintf(error, SIM_LINK_ERROR_MAX, "%s=%s: give %s=%s (%.200s)", key->shown.name, shown,
                   key->shown.name, key->shown.form, key->shown.meaning);
    return false;
}

static bool reject_name(struct sim_text name, const char *what, const char *const *names,
                        char *error)
{
    char shown[33];
    copy(shown, name);
    const char *nearest = sim_nearest(shown, names);
    (void)snprintf(error, SIM_LINK_ERROR_MAX, "no %s \"%s\"%s%s%s All: atcoap help link", what,
                   shown, nearest != NULL ? "; did you mean " : ".", nearest != NULL ? nearest : "",
                   nearest != NULL ? "?" : "");
    return false;
}

static bool reject_key(struct sim_text name, char *error)
{
    const char *names[COUNT(keys) + 1u];
    for (size_t i = 0; i < COUNT(keys); i++)
        names[i] = keys[i].shown.name;
    names[COUNT(keys)] = NULL;
    return reject_name(name, "key", names, error);
}

static bool reject_preset(struct sim_text name, char *error)
{
    const char *names[COUNT(presets) + 1u];
    for (size_t i = 0; i < COUNT(presets); i++)
        names[i] = presets[i].name;
    names[COUNT(presets)] = NULL;
    return reject_name(name, "preset", names, error);
}

static bool reject(const char *why, char *error)
{
    (void)snprintf(error, SIM_LINK_ERROR_MAX, "%s", why);
    return false;
}

/* --- reader ----------------------------------------------------------------------------------- */

/* Which directions a key is for: both, or the one in front of it. */
static unsigned take_direction(struct sim_text *name)
{
    static const char *const fronts[] = {[SIM_UP] = "up.", [SIM_DOWN] = "down."};
    for (unsigned i = 0; i < COUNT(fronts); i++) {
        const size_t len = strlen(fronts[i]);
        if (name->len > len && memcmp(name->at, fronts[i], len) == 0) {
            *name = (struct sim_text){name->at + len, name->len - len};
            return 1u << i;
        }
    }
    return 1u << SIM_UP | 1u << SIM_DOWN;
}

static bool set(struct sim_link_config *config, struct sim_text name, struct sim_text value,
                char *error)
{
    const struct sim_text whole = name;
    const unsigned directions = take_direction(&name);
    const struct key *key = find_key(name);
    if (key == NULL)
        return reject_key(name, error);
    if (!key->shown.per_direction && name.len < whole.len)
        return reject("up. and down. stand only before what each direction has for itself", error);
    if (!key->shown.per_direction)
        return key->take((char *)config + key->offset, value) || reject_value(key, value, error);
    for (unsigned i = 0; i < 2u; i++) {
        char *at = (char *)&config->path[i] + key->offset;
        if ((directions & 1u << i) != 0 && !key->take(at, value))
            return reject_value(key, value, error);
    }
    return true;
}

static bool is_number(struct sim_text t)
{
    uint64_t number;
    return sim_text_digits(&t, &number, UINT32_MAX) > 0 && t.len == 0;
}

/* The numbers behind "drop=2" belong to it. */
static void extend(struct sim_text *rest, struct sim_text *item)
{
    for (struct sim_text next = *rest, more; sim_text_cut(&next, &more, ',') || more.len > 0;
         *rest = next) {
        if (!is_number(more))
            return;
        item->len = (size_t)(more.at + more.len - item->at);
    }
}

static bool read_items(struct sim_link_config *config, struct sim_text rest, unsigned depth,
                       char *error);

static bool use_preset(struct sim_link_config *config, struct sim_text name, unsigned depth,
                       char *error)
{
    for (size_t i = 0; i < COUNT(presets); i++) {
        if (!sim_text_is(name, presets[i].name) || depth == PRESET_DEPTH)
            continue;
        memset(config, 0, sizeof *config);
        const struct sim_text all = {presets[i].text, strlen(presets[i].text)};
        return read_items(config, all, depth + 1u, error);
    }
    return reject_preset(name, error);
}

static bool read_item(struct sim_link_config *config, struct sim_text item, bool first,
                      unsigned depth, char *error)
{
    struct sim_text name;
    if (sim_text_cut(&item, &name, '='))
        return set(config, name, item, error);
    const struct sim_text whole = name;
    (void)take_direction(&name);
    if (find_key(name) != NULL)
        return reject_value(find_key(name), item, error);
    return first ? use_preset(config, whole, depth, error)
                 : reject("a preset stands first, then KEY=VALUE", error);
}

static bool read_items(struct sim_link_config *config, struct sim_text rest, unsigned depth,
                       char *error)
{
    bool first = true;
    while (rest.len > 0) {
        struct sim_text item;
        const bool more = sim_text_cut(&rest, &item, ',');
        if (more && rest.len == 0)
            return reject("nothing stands behind the last comma", error);
        if (item.len > 0 && memchr(item.at, '=', item.len) != NULL)
            extend(&rest, &item);
        if (!read_item(config, item, first, depth, error))
            return false;
        first = false;
    }
    return true;
}

/* What only makes sense together. */
static bool complete(struct sim_link_config *c, char *error)
{
    for (unsigned i = 0; i < 2u; i++) {
        const struct sim_path_config *path = &c->path[i];
        if (path->burst_start_ppm > 0 && path->burst_end_ppm == 0)
            return reject("burst-start needs burst-end, or a burst would never end", error);
        if ((path->queue_bytes > 0 || path->queue_count > 0) && path->rate == 0)
            return reject("queue needs rate, or nothing ever waits", error);
    }
    if (c->psm_deaf && !c->psm)
        return reject("psm-uart needs psm", error);
    if (c->rrc.max_ms > 0 && c->rrc_idle_ms == 0)
        c->rrc_idle_ms = RRC_IDLE_MS;
    return true;
}

bool sim_link_parse(struct sim_link_config *config, const char *text, size_t len,
                    char error[SIM_LINK_ERROR_MAX])
{
    struct sim_link_config read = *config;
    if (len == 0)
        return reject("give a preset, or KEY=VALUE. All: atcoap help link", error);
    if (!read_items(&read, (struct sim_text){text, len}, 0, error) || !complete(&read, error))
        return false;
    *config = read;
    return true;
}
