/* SPDX-License-Identifier: MIT */
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

#include "atcoap/atcoap.h"

enum { LINE_MAX_LEN = 1 << 20 };

/* --- one flat JSON object, taken apart in place ------------------------------------------------ */

/* A drawing may hold no byte that a terminal would obey. No record of ours has one. */
static char drawable(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F ? '?' : c;
}

struct json {
    char *at;
    const char *key;
    char *value; /* decoded text; other values as they are written */
    bool text;
    bool end;
};

static void skip_blanks(struct json *j)
{
    while (*j->at == ' ' || *j->at == '\t')
        j->at++;
}

/* The character of \uXXXX if it is one byte, '?' for all others. */
static char unicode(struct json *j)
{
    char digits[5] = "";
    char *end = NULL;
    unsigned long value;

    (void)strncpy(digits, j->at, 4);
    value = strtoul(digits, &end, 16);
    j->at += end - digits;
    return end == digits + 4 && value >= 0x20 && value < 0x7F ? (char)value : '?';
}

static char unescape(struct json *j)
{
    const char c = *j->at++;

    switch (c) {
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return '?';
    case 'u':
        return unicode(j);
    default:
        return c;
    }
}

/* Read a string behind its first quote. Returns NULL if it has no end. */
static char *read_string(struct json *j)
{
    char *start = j->at;
    char *to = start;

    while (*j->at != '"') {
        if (*j->at == '\0')
            return NULL;
        if (*j->at == '\\') {
            j->at++;
            if (*j->at == '\0')
                return NULL;
            *to++ = unescape(j);
        } else {
            *to++ = *j->at++;
        }
    }
    j->at++;
    *to = '\0';
    return start;
}

/* Step over a number, a word, or a nested object or list. */
static void skip_plain(struct json *j)
{
    int depth = 0;
    bool quoted = false;

    for (; *j->at != '\0'; j->at++) {
        if (quoted) {
            if (*j->at == '\\' && j->at[1] != '\0')
                j->at++;
            else if (*j->at == '"')
                quoted = false;
            continue;
        }
        if (*j->at == '"')
            quoted = true;
        else if (*j->at == '{' || *j->at == '[')
            depth++;
        else if (depth == 0 && (*j->at == ',' || *j->at == '}'))
            return;
        else if (*j->at == '}' || *j->at == ']')
            depth--;
    }
}

/* The next key and value. Returns false at the end and where the text is no object. */
static bool json_next(struct json *j)
{
    if (j->end)
        return false;
    skip_blanks(j);
    if (*j->at++ != '"')
        return false;
    j->key = read_string(j);
    if (j->key == NULL)
        return false;
    skip_blanks(j);
    if (*j->at++ != ':')
        return false;
    skip_blanks(j);
    j->text = *j->at == '"';
    if (j->text) {
        j->at++;
        j->value = read_string(j);
        if (j->value == NULL)
            return false;
        skip_blanks(j);
    } else {
        j->value = j->at;
        skip_plain(j);
    }
    j->end = *j->at != ',';
    if (*j->at == '\0')
        return false;
    *j->at++ = '\0';
    return true;
}

/* --- events ------------------------------------------------------------------------------------ */

/* Seconds with up to six decimals, as microseconds. */
static uint64_t read_time(const char *text)
{
    uint64_t us = 0;
    int decimals = -1;

    for (; (*text >= '0' && *text <= '9') || *text == '.'; text++) {
        if (*text == '.') {
            decimals = 0;
            continue;
        }
        if (decimals >= 6)
            break;
        us = us * 10 + (uint64_t)(*text - '0');
        decimals += decimals >= 0;
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++)
        us *= 10;
    return us;
}

static uint32_t read_number(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 10);
}

static const struct {
    const char *name;
    enum ladder_kind kind;
} kinds[] = {
    {"te", LADDER_TE},        {"module", LADDER_MODULE},   {"out", LADDER_OUT},
    {"in", LADDER_IN},        {"sent", LADDER_SENT},       {"arrived", LADDER_ARRIVED},
    {"lost", LADDER_LOST},    {"note", LADDER_NOTE},       {"lint", LADDER_NOTE},
    {"network", LADDER_NOTE}, {"command", LADDER_COMMAND},
};

/* Returns whether events of that name are drawn. */
static bool find_kind(enum ladder_kind *kind, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static void take_field(struct ladder_event *e, const struct json *j)
{
    const struct {
        const char *key;
        const char **text;
        uint32_t *number;
    } fields[] = {
        {"text", &e->text, NULL},       {"peer", &e->peer, NULL},
        {"type", &e->type, NULL},       {"code", &e->code, NULL},
        {"token", &e->token, NULL},     {"options", &e->options, NULL},
        {"why", &e->why, NULL},         {"d", NULL, &e->d},
        {"of", NULL, &e->of},           {"len", NULL, &e->len},
        {"payload", NULL, &e->payload}, {"repeat", NULL, &e->repeat},
        {"line", NULL, &e->line},       {"client", NULL, &e->client},
    };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].key, j->key) != 0)
            continue;
        if (fields[i].text != NULL)
            *fields[i].text = j->value;
        else
            *fields[i].number = read_number(j->value);
    }
    if (strcmp(j->key, "t") == 0)
        e->t_us = read_time(j->value);
    else if (strcmp(j->key, "mid") == 0)
        e->mid = (long)read_number(j->value);
    else if (strcmp(j->key, "dtls") == 0)
        e->dtls = strcmp(j->value, "true") == 0;
    else if (strcmp(j->key, "of") == 0)
        e->is_copy = true;
}

/* A text of a network event out of its fields. */
struct network_text {
    char text[160];
};

static void add_network(struct network_text *n, const struct json *j)
{
    static const char *const skipped[] = {"n", "t", "event"};
    const size_t len = strlen(n->text);

    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (strcmp(skipped[i], j->key) == 0)
            return;
    }
    (void)snprintf(n->text + len, sizeof n->text - len, "%s%s %s", len > 0 ? ", " : "", j->key,
                   j->value);
}

static const char *text_or(const char *text, const char *other)
{
    return text != NULL ? text : other;
}

/* The settings that are not at their defaults, "head=keep, nstart=2". */
static void take_settings(struct ladder *l, char *object)
{
    struct json j = {.at = object + (object[0] == '{')};
    struct atc_settings defaults;
    size_t len = 0;

    atc_settings_default(&defaults);
    while (json_next(&j) && len < sizeof l->subtitle) {
        char text[ATC_SETTING_TEXT_MAX];

        if (atc_setting_text(&defaults, j.key, text, sizeof text) == 0 &&
            strcmp(text, j.value) != 0)
            len += (size_t)snprintf(l->subtitle + len, sizeof l->subtitle - len, "%s%s=%s",
                                    len > 0 ? ", " : "", j.key, j.value);
    }
}

/* The words of the title, out of the first event. */
static void take_start(struct ladder *l, struct json *j)
{
    const char *version = "", *dialect = "", *seed = "", *link = "", *speed = "";

    while (json_next(j)) {
        if (strcmp(j->key, "version") == 0)
            version = j->value;
        else if (strcmp(j->key, "dialect") == 0)
            dialect = j->value;
        else if (strcmp(j->key, "seed") == 0)
            seed = j->value;
        else if (strcmp(j->key, "link") == 0)
            link = j->value;
        else if (strcmp(j->key, "speed") == 0)
            speed = j->value;
        else if (strcmp(j->key, "settings") == 0)
            take_settings(l, j->value);
    }
    (void)snprintf(l->title, sizeof l->title, "atcoap %s  %s%s%s%s%s%s%s", version, dialect,
                   seed[0] != '\0' ? "  seed " : "", seed, link[0] != '\0' ? "  link " : "", link,
                   speed[0] != '\0' && strcmp(speed, "1") != 0 ? "  speed " : "",
                   speed[0] != '\0' && strcmp(speed, "1") != 0 ? speed : "");
}

void ladder_init(struct ladder *l)
{
    memset(l, 0, sizeof *l);
}

void ladder_free(struct ladder *l)
{
    for (size_t i = 0; i < l->event_count; i++)
        free(l->events[i].memory);
    free(l->events);
    free(l->rows);
    ladder_init(l);
}

/* Make a place for one more; the older half goes when all are taken. */
static bool make_place(struct ladder *l)
{
    const size_t half = LADDER_EVENT_MAX / 2;

    if (l->event_count == LADDER_EVENT_MAX) {
        for (size_t i = 0; i < half; i++)
            free(l->events[i].memory);
        memmove(l->events, l->events + half, (l->event_count - half) * sizeof l->events[0]);
        l->event_count -= half;
        l->skipped += half;
    }
    if (l->event_count == l->event_capacity) {
        const size_t capacity = l->event_capacity == 0 ? 256 : 2 * l->event_capacity;
        struct ladder_event *events = realloc(l->events, capacity * sizeof events[0]);

        if (events == NULL)
            return false;
        l->events = events;
        l->event_capacity = capacity;
    }
    return true;
}

/* Read the fields of the event whose name was found. Returns whether it is drawn. */
static bool take_event(struct ladder *l, struct ladder_event *e, struct json *j, const char *name)
{
    struct network_text network = {""};

    if (strcmp(name, "start") == 0) {
        take_start(l, j);
        return false;
    }
    if (!find_kind(&e->kind, name))
        return false;
    while (json_next(j)) {
        take_field(e, j);
        if (strcmp(name, "network") == 0)
            add_network(&network, j);
    }
    e->text = text_or(e->text, "");
    e->peer = text_or(e->peer, "");
    e->type = text_or(e->type, "");
    e->code = text_or(e->code, "");
    e->token = text_or(e->token, "");
    e->options = text_or(e->options, "");
    e->why = text_or(e->why, "");
    if (network.text[0] != '\0') {
        char *copy = strdup(network.text);

        if (copy == NULL)
            return false;
        free(e->memory);
        e->memory = copy;
        e->text = copy;
        e->peer = e->type = e->code = e->token = e->options = e->why = "";
    }
    return true;
}

bool ladder_add(struct ladder *l, const char *line, size_t len)
{
    struct ladder_event event = {.mid = -1, .exchange = -1};
    struct json j = {.at = NULL};
    char *memory;
    const char *name = NULL;

    if (len == 0)
        return true;
    memory = malloc(len + 1);
    if (memory == NULL)
        return false;
    for (size_t i = 0; i < len; i++)
        memory[i] = drawable(line[i]);
    memory[len] = '\0';
    j.at = memory + (memory[0] == '{');
    event.memory = memory;
    /* "n", "t" and "event" come first. */
    for (int i = 0; i < 3 && name == NULL && json_next(&j); i++) {
        take_field(&event, &j);
        if (strcmp(j.key, "event") == 0)
            name = j.value;
    }
    if (memory[0] != '{' || name == NULL) {
        l->bad++;
        free(memory);
        return true;
    }
    if (event.t_us > l->end_us)
        l->end_us = event.t_us;
    if (!take_event(l, &event, &j, name)) {
        free(event.memory);
        return true;
    }
    if (!j.end) { /* cut off */
        l->bad++;
        free(event.memory);
        return true;
    }
    if (!make_place(l)) {
        free(event.memory);
        return false;
    }
    l->events[l->event_count++] = event;
    return true;
}

bool ladder_read(struct ladder *l, FILE *file)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    bool good = true;

    while (good && (len = getline(&line, &capacity, file)) >= 0) {
        if (len > 0 && line[len - 1] == '\n')
            len--;
        if (len > LINE_MAX_LEN)
            l->bad++;
        else
            good = ladder_add(l, line, (size_t)len);
    }
    free(line);
    return good && ferror(file) == 0;
}
