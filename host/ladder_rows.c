/* SPDX-License-Identifier: MIT
 *
 * From events to rows: bytes become lines, datagrams find their other end and their exchange, and
 * where there are too many rows the quiet ones are folded.
 */
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOOK_BACK = 2000, /* rows searched for the other end of a datagram */
    TE_WIDTH = 46,    /* characters of an AT line in its half of the picture */
    NET_WIDTH = 60,   /* of a datagram */
    FOLD_EDGE = 40,   /* rows that stay at both ends of a folded picture */
    FOLD_AROUND = 3,  /* and around each row worth seeing */
    FOLD_LEAST = 5    /* rows that are worth folding */
};

/* --- exchanges --------------------------------------------------------------------------------- */

/* A request and all that belongs to it, as far as it is still looked for. */
struct exchange {
    uint32_t client;
    long mid_out, mid_in;
    char token[20];
};

enum { EXCHANGE_MAX = 64 };

struct exchanges {
    struct exchange ring[EXCHANGE_MAX];
    int count; /* of all there were */
};

static bool is_answer(const struct ladder_event *e)
{
    return strcmp(e->type, "ACK") == 0 || strcmp(e->type, "RST") == 0;
}

static bool belongs(const struct exchange *x, const struct ladder_event *e)
{
    const bool out = e->kind == LADDER_OUT;

    if (x->client != e->client)
        return false;
    if (e->token[0] != '\0' && strcmp(x->token, e->token) == 0)
        return true;
    if (is_answer(e))
        return e->mid == (out ? x->mid_in : x->mid_out);
    return e->mid == (out ? x->mid_out : x->mid_in);
}

static int find_exchange(struct exchanges *all, const struct ladder_event *e)
{
    struct exchange *x;

    for (int i = all->count - 1; i >= 0 && i >= all->count - EXCHANGE_MAX; i--) {
        x = &all->ring[i % EXCHANGE_MAX];
        if (belongs(x, e))
            return i;
    }
    x = &all->ring[all->count % EXCHANGE_MAX];
    *x = (struct exchange){.client = e->client, .mid_out = -1, .mid_in = -1};
    (void)snprintf(x->token, sizeof x->token, "%s", e->token);
    return all->count++;
}

static void assign_exchanges(struct ladder *l)
{
    struct exchanges all = {.count = 0};

    for (size_t i = 0; i < l->event_count; i++) {
        struct ladder_event *e = &l->events[i];
        struct exchange *x;

        if ((e->kind != LADDER_OUT && e->kind != LADDER_IN && e->kind != LADDER_SENT) || e->mid < 0)
            continue;
        e->exchange = find_exchange(&all, e);
        x = &all.ring[e->exchange % EXCHANGE_MAX];
        if (!is_answer(e))
            *(e->kind == LADDER_OUT ? &x->mid_out : &x->mid_in) = e->mid;
    }
}

/* --- rows --------------------------------------------------------------------------------------- */

struct arranging {
    struct ladder *l;
    size_t capacity;
    bool failed;
    bool one_client, one_peer;
    char typed[512]; /* bytes of the TE that are no line yet */
    uint64_t typed_us;
    char echo[512]; /* bytes of the TE that may come back */
};

static struct ladder_row *add_row(struct arranging *a, enum ladder_shape shape, uint64_t t_us)
{
    static struct ladder_row spare;
    struct ladder *l = a->l;
    struct ladder_row *row = &spare;

    if (l->row_count == a->capacity) {
        const size_t capacity = a->capacity == 0 ? 256 : 2 * a->capacity;
        struct ladder_row *rows = realloc(l->rows, capacity * sizeof rows[0]);

        if (rows == NULL) {
            a->failed = true;
            return row;
        }
        l->rows = rows;
        a->capacity = capacity;
    }
    row = &l->rows[l->row_count++];
    memset(row, 0, sizeof *row);
    row->shape = shape;
    row->t_us = t_us;
    row->exchange = row->far = -1;
    return row;
}

/* Copy at most width characters; what is left out is shown by dots. */
static void cut(char *to, size_t width, const char *from)
{
    const size_t len = strlen(from);

    if (len <= width) {
        memcpy(to, from, len + 1);
        return;
    }
    memcpy(to, from, width - 3);
    memcpy(to + width - 3, "...", 4);
}

static void set_text(struct ladder_row *row, size_t width, const char *label, const char *detail)
{
    cut(row->label, width, label);
    cut(row->detail, width, detail);
    (void)snprintf(row->full, sizeof row->full, "%s%s%s", label, detail[0] != '\0' ? "  " : "",
                   detail);
}

/* The escapes that end a line of the TE, as at.log writes them. */
static const char *const ends[] = {"\\r", "\\n", "\\x1a", "\\x1b"};
enum { END_COUNT = sizeof ends / sizeof ends[0], CONTROL_ENDS = 2 };

/* The length of the line end at text, 0 if there is none. */
static size_t end_at(const char *text, unsigned *which)
{
    for (unsigned i = 0; i < END_COUNT; i++) {
        if (strncmp(text, ends[i], strlen(ends[i])) == 0) {
            *which = i;
            return strlen(ends[i]);
        }
    }
    return 0;
}

static void add_te_row(struct arranging *a, const char *text)
{
    if (text[0] != '\0')
        set_text(add_row(a, LADDER_ROW_TE, a->typed_us), TE_WIDTH, text, "");
}

/* What the TE typed without an end, before something else is drawn. */
static void flush_typed(struct arranging *a)
{
    add_te_row(a, a->typed);
    a->typed[0] = '\0';
}

static void append(char *to, size_t size, const char *text, size_t len)
{
    const size_t used = strlen(to);
    const size_t room = size - 1 - used;

    memcpy(to + used, text, len < room ? len : room);
    to[used + (len < room ? len : room)] = '\0';
}

static void take_te(struct arranging *a, const struct ladder_event *e)
{
    const char *at = e->text;

    append(a->echo, sizeof a->echo, e->text, strlen(e->text));
    while (*at != '\0') {
        unsigned which = 0;
        const size_t end = end_at(at, &which);

        if (a->typed[0] == '\0')
            a->typed_us = e->t_us;
        if (end == 0) {
            append(a->typed, sizeof a->typed, at, 1);
            at++;
            continue;
        }
        if (which >= CONTROL_ENDS) /* Ctrl+Z and ESC are worth seeing */
            append(a->typed, sizeof a->typed, which == CONTROL_ENDS ? "^Z" : "^[", 2);
        flush_typed(a);
        at += end;
    }
}

/* Step over what is only the echo of the TE's bytes. */
static const char *skip_echo(struct arranging *a, const char *text)
{
    size_t same = 0;

    while (text[same] != '\0' && text[same] == a->echo[same])
        same++;
    if (same == 0)
        a->echo[0] = '\0';
    else
        memmove(a->echo, a->echo + same, strlen(a->echo + same) + 1);
    return text + same;
}

static void add_module_row(struct arranging *a, uint64_t t_us, const char *text)
{
    struct ladder_row *row = add_row(a, LADDER_ROW_MODULE, t_us);

    set_text(row, TE_WIDTH, text, "");
    row->eventful = strstr(text, "ERROR") != NULL;
}

/* The lines of a chunk, several in a row as far as they fit. */
static void take_module(struct arranging *a, const struct ladder_event *e)
{
    const char *at = skip_echo(a, e->text);
    char line[512] = "";

    if (*at == '\0')
        return;
    flush_typed(a);
    while (*at != '\0') {
        unsigned which = 0;
        size_t len = 0;

        while (at[len] != '\0' && (end_at(at + len, &which) == 0 || which >= CONTROL_ENDS))
            len++;
        if (len > 0 && strlen(line) > 0 && strlen(line) + 3 + len > TE_WIDTH) {
            add_module_row(a, e->t_us, line);
            line[0] = '\0';
        }
        if (len > 0) {
            append(line, sizeof line, " / ", line[0] != '\0' ? 3 : 0);
            append(line, sizeof line, at, len);
        }
        at += len;
        at += end_at(at, &which);
    }
    if (line[0] != '\0')
        add_module_row(a, e->t_us, line);
}

/* --- datagrams ---------------------------------------------------------------------------------- */

static const char *code_name(const char *code)
{
    static const char *const names[][2] = {
        {"0.00", ""},
        {"0.01", " GET"},
        {"0.02", " POST"},
        {"0.03", " PUT"},
        {"0.04", " DELETE"},
        {"2.01", " Created"},
        {"2.02", " Deleted"},
        {"2.03", " Valid"},
        {"2.04", " Changed"},
        {"2.05", " Content"},
        {"2.31", " Continue"},
        {"4.00", " Bad Request"},
        {"4.01", " Unauthorized"},
        {"4.02", " Bad Option"},
        {"4.03", " Forbidden"},
        {"4.04", " Not Found"},
        {"4.05", " Method Not Allowed"},
        {"4.06", " Not Acceptable"},
        {"4.08", " Request Entity Incomplete"},
        {"4.12", " Precondition Failed"},
        {"4.13", " Request Entity Too Large"},
        {"4.15", " Unsupported Content-Format"},
        {"5.00", " Internal Server Error"},
        {"5.01", " Not Implemented"},
        {"5.02", " Bad Gateway"},
        {"5.03", " Service Unavailable"},
        {"5.04", " Gateway Timeout"},
        {"5.05", " Proxying Not Supported"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i][0], code) == 0)
            return names[i][1];
    }
    return "";
}

static void describe(const struct arranging *a, struct ladder_row *row,
                     const struct ladder_event *e, const char *fate)
{
    char label[160] = "";
    char detail[512] = "";
    char again[32] = "";
    size_t len = 0;

    if (e->repeat > 0)
        (void)snprintf(again, sizeof again, "  repeat %u", (unsigned)e->repeat);
    if (e->mid < 0)
        (void)snprintf(label, sizeof label, "%s%u bytes%s%s", e->dtls ? "DTLS " : "",
                       (unsigned)e->len, e->is_copy ? "  copy" : "", fate);
    else if (strcmp(e->code, "0.00") == 0)
        (void)snprintf(label, sizeof label, "%s  mid %ld%s%s%s", e->type, e->mid, again,
                       e->is_copy ? "  copy" : "", fate);
    else
        (void)snprintf(label, sizeof label, "%s %s%s  mid %ld%s%s%s", e->type, e->code,
                       code_name(e->code), e->mid, again, e->is_copy ? "  copy" : "", fate);
    if (!a->one_client)
        len += (size_t)snprintf(detail, sizeof detail, "client %u  ", (unsigned)e->client);
    if (!a->one_peer)
        len += (size_t)snprintf(detail + len, sizeof detail - len, "%s  ", e->peer);
    if (e->token[0] != '\0')
        len += (size_t)snprintf(detail + len, sizeof detail - len, "token %s  ", e->token);
    if (e->payload > 0)
        len += (size_t)snprintf(detail + len, sizeof detail - len, "%u byte%s  ",
                                (unsigned)e->payload, e->payload == 1 ? "" : "s");
    if (e->dtls && e->mid >= 0)
        len += (size_t)snprintf(detail + len, sizeof detail - len, "DTLS  ");
    (void)snprintf(detail + len, sizeof detail - len, "%.*s", 200, e->options);
    set_text(row, NET_WIDTH, label, detail);
    row->d = e->d;
    row->line = e->line;
    row->repeat = e->repeat;
    row->exchange = e->exchange;
    row->copy = e->is_copy;
    row->eventful = e->repeat > 0 || fate[0] != '\0' || strcmp(e->type, "RST") == 0 ||
                    e->code[0] == '4' || e->code[0] == '5' || e->is_copy;
}

/* The row of a datagram's other end, searched from the last one on; -1: there is none. */
static int find_row(const struct ladder *l, enum ladder_shape shape, uint32_t d)
{
    const size_t from = l->row_count;

    for (size_t i = from; i > 0 && i + LOOK_BACK > from; i--) {
        if (l->rows[i - 1].shape == shape && l->rows[i - 1].d == d)
            return (int)(i - 1);
    }
    return -1;
}

static struct ladder_row *add_far(struct arranging *a, const struct ladder_event *e)
{
    struct ladder_row *row = add_row(a, LADDER_ROW_FAR, e->t_us);

    row->d = e->d;
    row->exchange = e->exchange;
    return row;
}

static void take_out(struct arranging *a, const struct ladder_event *e)
{
    describe(a, add_row(a, LADDER_ROW_OUT, e->t_us), e, "");
    a->l->sent++;
    a->l->repeats += e->repeat > 0;
}

/* The server got it; right behind the module's row and at the same moment it needs no row. */
static void take_arrived(struct arranging *a, const struct ladder_event *e)
{
    const int near = find_row(a->l, LADDER_ROW_OUT, e->d);

    if (near < 0 || ((size_t)near + 1 == a->l->row_count && a->l->rows[near].t_us == e->t_us))
        return;
    (void)add_far(a, e);
    a->l->rows[near].far = (int)a->l->row_count - 1;
}

static void take_in(struct arranging *a, const struct ladder_event *e)
{
    const int far = find_row(a->l, LADDER_ROW_FAR, e->d);
    struct ladder_row *row;

    a->l->received++;
    if (far >= 0 && (size_t)far + 1 == a->l->row_count && a->l->rows[far].t_us == e->t_us) {
        a->l->row_count--;
        row = add_row(a, LADDER_ROW_IN, e->t_us);
    } else {
        row = add_row(a, LADDER_ROW_IN, e->t_us);
        row->far = far;
    }
    describe(a, row, e, "");
}

/* Of a datagram to the module only the server's end is there. */
static void take_lost(struct arranging *a, const struct ladder_event *e)
{
    const int near = find_row(a->l, LADDER_ROW_OUT, e->d);
    const int far = near < 0 ? find_row(a->l, LADDER_ROW_FAR, e->d) : -1;
    char fate[48];
    struct ladder_row *row = NULL;

    a->l->lost++;
    (void)snprintf(fate, sizeof fate, "  lost: %s", e->why[0] != '\0' ? e->why : "unknown");
    if (near >= 0)
        row = &a->l->rows[near];
    else if (far >= 0)
        row = &a->l->rows[far];
    if (row == NULL)
        return;
    if (far >= 0) {
        const struct ladder_event *sent = NULL;

        row->shape = LADDER_ROW_IN;
        for (size_t i = (size_t)(e - a->l->events); i > 0 && sent == NULL; i--) {
            if (a->l->events[i - 1].kind == LADDER_SENT && a->l->events[i - 1].d == e->d)
                sent = &a->l->events[i - 1];
        }
        if (sent != NULL)
            describe(a, row, sent, fate);
    } else {
        append(row->label, NET_WIDTH + 1, fate, strlen(fate));
        append(row->full, sizeof row->full, fate, strlen(fate));
    }
    row->lost = true;
    row->eventful = true;
}

/* A command line got its result: now the number of its row is known. */
static void take_command(struct arranging *a, const struct ladder_event *e)
{
    struct ladder *l = a->l;

    for (size_t i = l->row_count; i > 0 && i + LOOK_BACK > l->row_count; i--) {
        struct ladder_row *row = &l->rows[i - 1];

        if (row->shape == LADDER_ROW_TE && row->line == 0 && strcmp(row->full, e->text) == 0) {
            row->line = e->line;
            return;
        }
    }
}

static void take_event(struct arranging *a, const struct ladder_event *e)
{
    if (e->kind != LADDER_TE && e->kind != LADDER_MODULE && e->kind != LADDER_COMMAND)
        flush_typed(a);
    switch (e->kind) {
    case LADDER_TE:
        take_te(a, e);
        break;
    case LADDER_MODULE:
        take_module(a, e);
        break;
    case LADDER_OUT:
        take_out(a, e);
        break;
    case LADDER_IN:
        take_in(a, e);
        break;
    case LADDER_ARRIVED:
        take_arrived(a, e);
        break;
    case LADDER_SENT:
        (void)add_far(a, e);
        break;
    case LADDER_LOST:
        take_lost(a, e);
        break;
    case LADDER_COMMAND:
        take_command(a, e);
        break;
    case LADDER_NOTE: {
        struct ladder_row *row = add_row(a, LADDER_ROW_NOTE, e->t_us);

        set_text(row, sizeof row->label - 1, e->text, "");
        row->eventful = true;
        break;
    }
    }
}

/* --- what is shown ------------------------------------------------------------------------------ */

/* Whether the exchange has a message with the ID that is asked for. */
static bool has_mid(const struct ladder *l, const struct ladder_filter *filter, int exchange)
{
    for (size_t i = 0; i < l->event_count; i++) {
        if (l->events[i].exchange == exchange && l->events[i].mid == filter->mid)
            return true;
    }
    return false;
}

/* Whether the AT line led to a datagram of that ID's exchange. */
static bool line_has_mid(const struct ladder *l, const struct ladder_filter *filter, uint32_t line)
{
    for (size_t i = 0; i < l->event_count; i++) {
        const struct ladder_event *e = &l->events[i];

        if (line != 0 && e->line == line && e->kind == LADDER_OUT && e->exchange >= 0 &&
            has_mid(l, filter, e->exchange))
            return true;
    }
    return false;
}

static bool names_mid(const char *text, long mid)
{
    char number[16];
    const char *at = text;
    const size_t len = (size_t)snprintf(number, sizeof number, "%ld", mid);

    while ((at = strstr(at, number)) != NULL) {
        const bool begins = at == text || at[-1] < '0' || at[-1] > '9';

        if (begins && (at[len] < '0' || at[len] > '9'))
            return true;
        at++;
    }
    return false;
}

static bool passes(const struct ladder *l, const struct ladder_filter *filter,
                   const struct ladder_event *e)
{
    const bool datagram = e->kind == LADDER_OUT || e->kind == LADDER_IN || e->kind == LADDER_SENT;

    if (e->t_us < filter->from_us || e->t_us > filter->to_us)
        return false;
    if (datagram && filter->client >= 0 && e->client != (unsigned long)filter->client)
        return false;
    if (filter->mid < 0 || e->kind == LADDER_ARRIVED || e->kind == LADDER_LOST)
        return true;
    if (datagram)
        return e->exchange >= 0 && has_mid(l, filter, e->exchange);
    if (e->kind == LADDER_TE || e->kind == LADDER_COMMAND)
        return true; /* judged once its number is known */
    return e->kind == LADDER_MODULE && names_mid(e->text, filter->mid);
}

/* With a message ID asked for, AT lines that have nothing to do with it go again. */
static void drop_other_lines(struct ladder *l, const struct ladder_filter *filter)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->row_count; i++) {
        if (l->rows[i].shape == LADDER_ROW_TE && !line_has_mid(l, filter, l->rows[i].line))
            continue;
        /* Rows refer to each other by index. */
        for (size_t k = 0; k < l->row_count; k++) {
            if (l->rows[k].far == (int)i)
                l->rows[k].far = (int)kept;
        }
        l->rows[kept++] = l->rows[i];
    }
    l->row_count = kept;
}

/* An AT line has the colour of what it led to. */
static void colour_lines(struct ladder *l)
{
    for (size_t i = 0; i < l->row_count; i++) {
        struct ladder_row *row = &l->rows[i];

        if (row->shape != LADDER_ROW_TE || row->line == 0)
            continue;
        for (size_t k = i > LOOK_BACK ? i - LOOK_BACK : 0;
             k < l->row_count && k < i + LOOK_BACK && row->exchange < 0; k++) {
            if (l->rows[k].shape == LADDER_ROW_OUT && l->rows[k].line == row->line)
                row->exchange = l->rows[k].exchange;
        }
    }
}

static void survey(struct arranging *a)
{
    const struct ladder_event *first = NULL;

    a->one_client = a->one_peer = true;
    for (size_t i = 0; i < a->l->event_count; i++) {
        const struct ladder_event *e = &a->l->events[i];

        if (e->kind != LADDER_OUT && e->kind != LADDER_IN)
            continue;
        if (first == NULL)
            first = e;
        a->one_client = a->one_client && e->client == first->client;
        a->one_peer = a->one_peer && strcmp(e->peer, first->peer) == 0;
    }
    (void)snprintf(a->l->servers, sizeof a->l->servers, "%s",
                   first == NULL ? "server"
                   : a->one_peer ? first->peer
                                 : "servers");
}

/* --- folding ------------------------------------------------------------------------------------ */

/* Move rows together over those marked by shape -1 in keep, mending what points at them. */
static bool compact(struct ladder *l, const bool *keep)
{
    int *moved = malloc((l->row_count + 1) * sizeof moved[0]);
    size_t kept = 0;

    if (moved == NULL)
        return false;
    for (size_t i = 0; i < l->row_count; i++)
        moved[i] = keep[i] ? (int)kept++ : -1;
    kept = 0;
    for (size_t i = 0; i < l->row_count; i++) {
        if (!keep[i])
            continue;
        l->rows[kept] = l->rows[i];
        if (l->rows[kept].far >= 0)
            l->rows[kept].far = moved[l->rows[kept].far];
        kept++;
    }
    l->row_count = kept;
    free(moved);
    return true;
}

static bool ends_well(const struct ladder_row *row)
{
    const size_t len = strlen(row->label);

    return row->shape == LADDER_ROW_MODULE && len >= 2 && strcmp(row->label + len - 2, "OK") == 0;
}

/* A command and its OK become one row. */
static void fold_command(struct ladder *l, bool *keep, size_t i)
{
    struct ladder_row *row = &l->rows[i];
    char text[200];

    if (row->shape != LADDER_ROW_TE || i + 1 >= l->row_count || !ends_well(&l->rows[i + 1]))
        return;
    (void)snprintf(text, sizeof text, "%s -> %s", row->label, l->rows[i + 1].label);
    row->shape = LADDER_ROW_BOTH;
    cut(row->label, TE_WIDTH, text);
    append(row->full, sizeof row->full, "  ->  ", 6);
    append(row->full, sizeof row->full, l->rows[i + 1].full, strlen(l->rows[i + 1].full));
    keep[i + 1] = false;
}

/* A message and the next one of its exchange, if nothing happened to either, become one row. */
static void fold_round(struct ladder *l, bool *keep, size_t i)
{
    struct ladder_row *row = &l->rows[i];
    char text[224];

    if (row->shape != LADDER_ROW_OUT || row->eventful || row->exchange < 0)
        return;
    for (size_t k = i + 1; k < l->row_count && k < i + 12; k++) {
        struct ladder_row *answer = &l->rows[k];

        if (!keep[k] || answer->exchange != row->exchange || answer->shape == LADDER_ROW_FAR ||
            answer->shape == LADDER_ROW_TE)
            continue;
        if (answer->shape != LADDER_ROW_IN || answer->eventful)
            return;
        (void)snprintf(text, sizeof text, "answer after %.3f s: %s",
                       (double)(answer->t_us - row->t_us) / 1e6, answer->label);
        if (row->far >= 0)
            keep[row->far] = false;
        if (answer->far >= 0)
            keep[answer->far] = false;
        keep[k] = false;
        row->far = -1;
        row->shape = LADDER_ROW_ROUND;
        cut(row->detail, NET_WIDTH, text);
        append(row->full, sizeof row->full, "  ", 2);
        append(row->full, sizeof row->full, text, strlen(text));
        return;
    }
}

static bool fold_pairs(struct ladder *l)
{
    bool *keep = malloc((l->row_count + 1) * sizeof keep[0]);
    bool good;

    if (keep == NULL)
        return false;
    memset(keep, 1, l->row_count * sizeof keep[0]);
    for (size_t i = 0; i < l->row_count; i++) {
        if (!keep[i])
            continue;
        fold_command(l, keep, i);
        fold_round(l, keep, i);
    }
    good = compact(l, keep);
    free(keep);
    return good;
}

struct tally {
    unsigned rows, lines, datagrams, lost;
    uint64_t from_us, to_us;
};

static void count_row(struct tally *t, const struct ladder_row *row)
{
    if (t->rows++ == 0)
        t->from_us = row->t_us;
    t->to_us = row->t_us;
    t->lines += row->shape == LADDER_ROW_TE || row->shape == LADDER_ROW_BOTH;
    t->datagrams += row->shape == LADDER_ROW_OUT || row->shape == LADDER_ROW_IN;
    t->datagrams += row->shape == LADDER_ROW_ROUND ? 2 : 0;
    t->lost += row->lost;
}

static void put_tally(struct ladder_row *row, const struct tally *t)
{
    char text[160];

    (void)snprintf(text, sizeof text, "%.3f s to %.3f s, left out: %u AT, %u datagrams, %u lost",
                   (double)t->from_us / 1e6, (double)t->to_us / 1e6, t->lines, t->datagrams,
                   t->lost);
    memset(row, 0, sizeof *row);
    row->shape = LADDER_ROW_FOLD;
    row->t_us = t->from_us;
    row->exchange = row->far = -1;
    set_text(row, sizeof row->label - 1, text, "");
}

/* Rows that stay: both ends, what is worth seeing and what stands around it, up to a limit. */
static void choose(const struct ladder *l, bool *keep)
{
    size_t left = LADDER_ROW_MAX - 2 * FOLD_EDGE;

    for (size_t i = 0; i < l->row_count; i++)
        keep[i] = i < FOLD_EDGE || i + FOLD_EDGE >= l->row_count;
    for (size_t i = 0; i < l->row_count && left > 2 * FOLD_AROUND; i++) {
        if (!l->rows[i].eventful)
            continue;
        for (size_t k = i > FOLD_AROUND ? i - FOLD_AROUND : 0;
             k < l->row_count && k <= i + FOLD_AROUND; k++) {
            left -= !keep[k];
            keep[k] = true;
        }
    }
    for (size_t i = 0; i < l->row_count; i++) { /* both ends of an arrow, or none */
        const int far = l->rows[i].far;

        if (far >= 0)
            keep[i] = keep[far] = keep[i] || keep[far];
    }
}

/* A line that says what is left out is not worth it for a few rows. */
static void keep_short_runs(const struct ladder *l, bool *keep)
{
    size_t run = 0;

    for (size_t i = 0; i < l->row_count; i++) {
        run = keep[i] ? 0 : run + 1;
        if (run == 0 || (i + 1 < l->row_count && !keep[i + 1]) || run >= FOLD_LEAST)
            continue;
        while (run > 0)
            keep[i + 1 - run--] = true;
    }
}

static bool fold_quiet(struct ladder *l)
{
    bool *keep = malloc((l->row_count + 1) * sizeof keep[0]);
    struct tally tally = {0};
    bool good;

    if (keep == NULL)
        return false;
    choose(l, keep);
    keep_short_runs(l, keep);
    for (size_t i = 0; i < l->row_count; i++) {
        if (!keep[i])
            count_row(&tally, &l->rows[i]);
        if (tally.rows > 0 && (keep[i] || i + 1 == l->row_count)) {
            const size_t at = keep[i] ? i - 1 : i;

            put_tally(&l->rows[at], &tally);
            keep[at] = true;
            tally = (struct tally){0};
        }
    }
    good = compact(l, keep);
    free(keep);
    return good;
}

static void summarize(struct ladder *l)
{
    char changed[160];

    (void)snprintf(changed, sizeof changed, "%.*s", 150, l->subtitle);
    (void)snprintf(l->subtitle, sizeof l->subtitle,
                   "%s%s%u datagrams sent (%u of them again), %u received, %u lost; %.3f s%s",
                   changed, changed[0] != '\0' ? "; " : "", l->sent, l->repeats, l->received,
                   l->lost, (double)l->end_us / 1e6,
                   l->skipped > 0 ? "; the beginning is left out, see --from and --to" : "");
}

bool ladder_arrange(struct ladder *l, const struct ladder_filter *filter, bool full)
{
    struct arranging a = {.l = l};

    assign_exchanges(l);
    survey(&a);
    for (size_t i = 0; i < l->event_count; i++) {
        if (passes(l, filter, &l->events[i]))
            take_event(&a, &l->events[i]);
    }
    flush_typed(&a);
    if (a.failed)
        return false;
    if (filter->mid >= 0)
        drop_other_lines(l, filter);
    colour_lines(l);
    summarize(l);
    if (full || l->row_count <= LADDER_ROW_MAX)
        return true;
    return fold_pairs(l) && (l->row_count <= LADDER_ROW_MAX || fold_quiet(l));
}
