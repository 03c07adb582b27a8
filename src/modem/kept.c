/* SPDX-License-Identifier: MIT */
#include "kept.h"
#include "net.h"

/* Characters of an access point name, a user, a password. Source: 27.007 10.1.1, 3GPP 23.003 9.1. */
enum { PDP_TEXT_MAX = 127 };

/* --- values in memory ------------------------------------------------------------------------- */

static uint8_t *at(struct atc_engine *e, unsigned offset)
{
    return (uint8_t *)&e->kept + offset;
}

static void store(struct atc_engine *e, const struct atc_kept_row *row, uint32_t value)
{
    const uint16_t half = (uint16_t)value;
    const uint8_t byte = (uint8_t)value;

    if (row->size == 1)
        memcpy(at(e, row->offset), &byte, sizeof byte);
    else if (row->size == 2)
        memcpy(at(e, row->offset), &half, sizeof half);
    else
        memcpy(at(e, row->offset), &value, sizeof value);
}

static uint32_t load(struct atc_engine *e, const struct atc_kept_row *row)
{
    uint32_t value;
    uint16_t half;

    if (row->size == 1)
        return *at(e, row->offset);
    if (row->size == 2) {
        memcpy(&half, at(e, row->offset), sizeof half);
        return half;
    }
    memcpy(&value, at(e, row->offset), sizeof value);
    return value;
}

static struct atc_span load_list(struct atc_engine *e, const struct atc_kept_row *row)
{
    return atc_span(at(e, row->offset), *at(e, row->count_at));
}

static void store_list(struct atc_engine *e, const struct atc_kept_row *row, struct atc_span list)
{
    ATC_ASSERT(list.len <= row->capacity);
    if (list.len > 0)
        memcpy(at(e, row->offset), list.at, list.len);
    *at(e, row->count_at) = (uint8_t)list.len;
}

static void set_initial(struct atc_engine *e)
{
    const struct atc_dialect *d = e->cfg.dialect;

    for (unsigned i = 0; i < d->kept_count; i++) {
        const struct atc_kept_row *row = &d->kept[i];

        if (row->capacity > 0)
            store_list(e, row, atc_span_text(row->list));
        else
            store(e, row, row->initial);
    }
    (void)atc_pdp_define(e, d->pdp.first, &(struct atc_pdp_typed){.type = ATC_PDP_IP});
}

uint32_t atc_kept_factory(const struct atc_engine *e, size_t offset)
{
    const struct atc_kept_row *row = e->cfg.dialect->kept;

    while (row->offset != offset)
        row++;
    return row->initial;
}

uint32_t atc_kept_speed(const struct atc_engine *e)
{
    const uint32_t factory = atc_kept_factory(e, offsetof(struct atc_kept, baud));

    return e->kept.baud == factory && e->cfg.baud != 0 ? e->cfg.baud : e->kept.baud;
}

/* --- the text --------------------------------------------------------------------------------- */

static bool is_initial(struct atc_engine *e, const struct atc_kept_row *row)
{
    if (row->capacity > 0)
        return atc_span_equal(load_list(e, row), atc_span_text(row->list));
    return load(e, row) == row->initial;
}

static void put_row(struct atc_engine *e, struct atc_out *out, const struct atc_kept_row *row)
{
    const struct atc_span list = row->capacity > 0 ? load_list(e, row) : atc_span(NULL, 0);

    if (is_initial(e, row))
        return;
    atc_put_text(out, row->name);
    atc_put_byte(out, '=');
    if (row->capacity == 0)
        atc_put_number(out, load(e, row));
    for (size_t i = 0; i < list.len; i++) {
        if (i > 0)
            atc_put_byte(out, ',');
        atc_put_number(out, list.at[i]);
    }
    atc_put_byte(out, '\n');
}

/* pdp=<cid>,<type>,<auth>,"apn","user","password"; <type> 0 if the first context is not defined. */
static void put_pdp(const struct atc_engine *e, struct atc_out *out, unsigned cid)
{
    const struct atc_pdp *pdp = &e->pdp[cid];
    const struct atc_pdp factory = {.type = cid == e->cfg.dialect->pdp.first ? ATC_PDP_IP
                                                                             : ATC_PDP_NONE};

    if (memcmp(pdp, &factory, sizeof factory) == 0)
        return;
    atc_put_text(out, "pdp=");
    atc_put_number(out, cid);
    atc_put_byte(out, ',');
    atc_put_number(out, pdp->type);
    atc_put_byte(out, ',');
    atc_put_number(out, pdp->auth);
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++)
        atc_pdp_put_text(e, out, pdp->text[i]);
    atc_put_byte(out, '\n');
}

static void put_all(struct atc_engine *e, struct atc_out *out)
{
    for (unsigned i = 0; i < e->cfg.dialect->kept_count; i++)
        put_row(e, out, &e->cfg.dialect->kept[i]);
    for (unsigned cid = 0; cid < ATC_PDP_MAX; cid++)
        put_pdp(e, out, cid);
}

/* --- reading it back -------------------------------------------------------------------------- */

static bool is_number(const struct atc_arg *arg, uint32_t *number, uint32_t max)
{
    return arg->given && !arg->quoted && atc_text_number(number, arg->text, max);
}

static bool read_list(struct atc_engine *e, const struct atc_kept_row *row,
                      const struct atc_args *args)
{
    uint8_t list[ATC_ARG_MAX];

    if (args->count > row->capacity)
        return false;
    for (unsigned i = 0; i < args->count; i++) {
        uint32_t number;

        if (!is_number(&args->arg[i], &number, row->max) || number < row->min)
            return false;
        list[i] = (uint8_t)number;
    }
    store_list(e, row, atc_span(list, args->count));
    return true;
}

static bool read_row(struct atc_engine *e, const struct atc_kept_row *row,
                     const struct atc_args *args)
{
    uint32_t number;

    if (row->capacity > 0)
        return read_list(e, row, args);
    if (args->count != 1 || !is_number(&args->arg[0], &number, row->max) || number < row->min)
        return false;
    store(e, row, number);
    return true;
}

static bool is_pdp_text(const struct atc_arg *arg)
{
    const long len = atc_text_len(arg->text);

    return arg->quoted && len >= 0 && len <= PDP_TEXT_MAX;
}

static bool read_pdp(struct atc_engine *e, const struct atc_args *args)
{
    const struct atc_arg *a = args->arg;
    struct atc_pdp_typed pdp;
    uint32_t cid, type, auth;

    if (args->count != 3 + ATC_PDP_TEXTS || !is_number(&a[0], &cid, ATC_PDP_MAX - 1) ||
        !is_number(&a[1], &type, ATC_PDP_NONIP) || !is_number(&a[2], &auth, 3))
        return false;
    pdp.type = (uint8_t)type;
    pdp.auth = (uint8_t)auth;
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++) {
        if (!is_pdp_text(&a[3 + i]))
            return false;
        pdp.text[i] = a[3 + i].text;
    }
    if (type != ATC_PDP_NONE)
        return atc_pdp_define(e, cid, &pdp) == ATC_OK;
    atc_pdp_forget(e, cid);
    return true;
}

/* One line. Returns whether it was good. */
static bool read_line(struct atc_engine *e, struct atc_span line)
{
    struct atc_span name = atc_span(line.at, 0);
    struct atc_args args;

    while (name.len < line.len && line.at[name.len] != '=')
        name.len++;
    if (name.len == line.len ||
        !atc_lex_args(&args, atc_span(line.at + name.len + 1, line.len - name.len - 1)))
        return false;
    if (atc_span_equal(name, atc_span_text("pdp")))
        return read_pdp(e, &args);
    for (unsigned i = 0; i < e->cfg.dialect->kept_count; i++) {
        if (atc_span_equal(name, atc_span_text(e->cfg.dialect->kept[i].name)))
            return read_row(e, &e->cfg.dialect->kept[i], &args);
    }
    return false;
}

static void read_all(struct atc_engine *e, struct atc_span text)
{
    while (text.len > 0) {
        size_t len = 0;

        while (len < text.len && text.at[len] != '\n')
            len++;
        if (len > 0 && !read_line(e, atc_span(text.at, len)))
            atc_engine_count(e, 0, ATC_COUNT_KEPT_IGNORED, 0);
        len = len < text.len ? len + 1 : len;
        text = atc_span(text.at + len, text.len - len);
    }
}

uint8_t atc_kept_command(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_kept_row *row = e->cfg.dialect->kept;
    struct atc_out out;

    while (row->command == NULL)
        row++;
    ATC_ASSERT(atc_text_is(atc_span_text(row->command), call->row->name)); /* there is one */
    if (call->form == ATC_FORM_WRITE) {
        store(e, row, call->args.arg[0].number);
        atc_kept_changed(e);
        return ATC_OK;
    }
    out = atc_reply_base(e, row->command);
    atc_put_number(&out, load(e, row));
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- the store -------------------------------------------------------------------------------- */

static void order(struct atc_engine *e)
{
    (void)atc_engine_order(e, ATC_ORDER_FILE, 0, ATC_GIVER_KEPT, 0);
}

/* The block holds the text until the store has answered. */
static void write_now(struct atc_engine *e)
{
    struct atc_keeping *k = &e->keeping;
    struct atc_out out = atc_out_measure();

    k->changed = false;
    put_all(e, &out);
    if (out.len >= ATC_KEPT_MAX) { /* names and passwords of 17 contexts can be */
        atc_engine_count(e, 0, ATC_COUNT_KEPT_IGNORED, 0);
        return;
    }
    k->block = atc_net_block(e, out.len + 1); /* an empty text needs a block, too */
    if (k->block == ATC_NO_BLOCK) {
        atc_engine_count(e, 0, ATC_COUNT_POOL_FULL, 0);
        return;
    }
    out = atc_out(atc_pool_at(&e->pool, k->block), out.len + 1);
    put_all(e, &out);
    atc_put_byte(&out, '\n');
    k->writing = true;
    order(e);
}

void atc_kept_changed(struct atc_engine *e)
{
    e->keeping.changed = true;
    ATC_ASSERT(!e->keeping.loading); /* the TE waits for it */
    if (e->cfg.keep && !e->keeping.writing)
        write_now(e);
}

void atc_kept_start(struct atc_engine *e)
{
    set_initial(e);
    e->baud = atc_kept_speed(e);
    if (!e->cfg.keep)
        return;
    e->keeping.loading = true;
    order(e);
}

static void loaded(struct atc_engine *e, const struct atc_event *event)
{
    e->keeping.loading = false;
    if (event->kind != ATC_EVENT_FILE_DONE || event->cause != ATC_OK)
        return;
    if (event->len < event->size)
        atc_engine_count(e, 0, ATC_COUNT_KEPT_IGNORED, 0);
    else
        read_all(e, atc_span(event->data, event->len));
    atc_v250_loaded(e);
    if ((e->kept.flags & ATC_KEPT_STAY_OFF) != 0)
        atc_radio_set_fun(e, 0);
    if (e->baud != atc_kept_speed(e))
        atc_engine_speed(e, atc_kept_speed(e));
}

void atc_kept_answer(struct atc_engine *e, const struct atc_event *event)
{
    struct atc_keeping *k = &e->keeping;

    if (k->loading) {
        loaded(e, event);
        return;
    }
    atc_pool_free(&e->pool, k->block);
    k->block = ATC_NO_BLOCK;
    k->writing = false;
    if (k->changed)
        write_now(e);
}
