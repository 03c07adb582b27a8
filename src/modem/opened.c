/* SPDX-License-Identifier: MIT
 *
 * Files that are open: a name and a position for each handle. The store knows nothing of handles: each
 * read and write names its file, and a write replaces the file as a whole. Source: D-156.
 */
#include "base.h"
#include "files.h"

/* The first handle. */
enum { HANDLE_FIRST = 3000 };

/* <mode> */
enum { MODE_WRITE, MODE_NEW, MODE_READ };

/* What AT+QFSEEK counts from. */
enum { FROM_START, FROM_HERE, FROM_END };

_Static_assert(ATC_OPEN_MAX >= 1 && ATC_OPEN_MAX <= 32, "ATC_OPEN_MAX in config.h");

/* A name without its storage. */
static struct atc_span bare(struct atc_span name)
{
    if (name.len >= 4 && atc_text_is(atc_span(name.at, 4), "UFS:"))
        return atc_span(name.at + 4, name.len - 4);
    return name;
}

bool atc_opened_has(const struct atc_engine *e, struct atc_span name)
{
    for (unsigned i = 0; i < ATC_OPEN_MAX; i++) {
        if (e->opened[i].name == ATC_NO_BLOCK)
            continue;
        if (atc_text_is(name, "*") ||
            atc_span_equal(bare(name), bare(atc_pool_span(&e->pool, e->opened[i].name))))
            return true;
    }
    return false;
}

static void close_file(struct atc_engine *e, struct atc_opened *file)
{
    atc_pool_free(&e->pool, file->name);
    memset(file, 0, sizeof *file);
}

void atc_opened_reset(struct atc_engine *e)
{
    for (unsigned i = 0; i < ATC_OPEN_MAX; i++)
        close_file(e, &e->opened[i]);
}

/* The file of the command's first argument; NULL if that is no handle. */
static struct atc_opened *find_file(struct atc_engine *e, const struct atc_call *call)
{
    const uint32_t index = call->args.arg[0].number - HANDLE_FIRST;

    if (index >= ATC_OPEN_MAX || e->opened[index].name == ATC_NO_BLOCK)
        return NULL;
    return &e->opened[index];
}

/* The same, and orders of the command are about it from now on, at its position. */
static struct atc_opened *use_file(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_opened *file = find_file(e, call);

    if (file == NULL)
        return NULL;
    e->transfer.opened = (uint8_t)(file - e->opened + 1);
    e->transfer.offset = file->position;
    return file;
}

/* --- AT+QFOPEN -------------------------------------------------------------------------------- */

/* A line for each file, one a step. */
static uint8_t list_opened(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_opened *file = &e->opened[call->step];
    struct atc_out out;

    if (call->step == ATC_OPEN_MAX)
        return ATC_OK;
    if (file->name == ATC_NO_BLOCK)
        return ATC_MORE;
    out = atc_reply_base(e, "QFOPEN");
    atc_put_byte(&out, '"');
    atc_put_bytes(&out, atc_pool_span(&e->pool, file->name));
    atc_put_byte(&out, '"');
    atc_put_next(&out, HANDLE_FIRST + call->step);
    atc_put_next(&out, file->mode);
    atc_reply_close(e, &out);
    return ATC_MORE;
}

static uint8_t begin_open(struct atc_engine *e, const struct atc_call *call)
{
    unsigned free_at = 0;
    uint8_t cause;

    if (atc_opened_has(e, call->args.arg[0].text))
        return ATC_CAUSE_FILE_IN_USE;
    while (free_at < ATC_OPEN_MAX && e->opened[free_at].name != ATC_NO_BLOCK)
        free_at++;
    if (free_at == ATC_OPEN_MAX)
        return ATC_CAUSE_FILE_OPENS;
    cause = atc_files_name(e, &call->args.arg[0]);
    return cause != ATC_OK ? cause : atc_files_ask(e, ATC_FILE_READ); /* no byte: is it there? */
}

static uint8_t give_handle(struct atc_engine *e, uint8_t mode)
{
    unsigned i = 0;

    while (e->opened[i].name != ATC_NO_BLOCK)
        i++;
    e->opened[i].name = e->transfer.name;
    e->opened[i].mode = mode;
    e->opened[i].position = 0;
    e->transfer.name = ATC_NO_BLOCK;
    atc_base_number(e, "QFOPEN", HANDLE_FIRST + i);
    return atc_files_done(e, ATC_OK);
}

uint8_t atc_opened_open(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t operation = e->transfer.operation;
    uint8_t mode;
    bool missing;

    if (call->form == ATC_FORM_READ)
        return list_opened(e, call);
    mode = (uint8_t)atc_number_or(call, 1, MODE_WRITE);
    if (call->step == 0)
        return begin_open(e, call);
    missing = operation == ATC_FILE_READ && e->run.result == ATC_CAUSE_FILE_MISSING;
    if (e->run.result != ATC_OK && (!missing || mode == MODE_READ))
        return atc_files_done(e, e->run.result);
    if (missing || (operation == ATC_FILE_READ && mode == MODE_NEW))
        return atc_files_ask(e, ATC_FILE_EDIT);
    if (operation == ATC_FILE_EDIT)
        return atc_files_ask(e, ATC_FILE_COMMIT);
    return give_handle(e, mode);
}

/* --- reading ---------------------------------------------------------------------------------- */

static uint8_t ask_bytes(struct atc_engine *e)
{
    struct atc_transfer *t = &e->transfer;
    const uint32_t left = t->size - t->moved;

    t->limit = (uint16_t)(left < ATC_FILES_READ_MAX ? left : ATC_FILES_READ_MAX);
    return atc_files_ask(e, ATC_FILE_READ);
}

/* CONNECT and how many bytes will come. */
static void announce(struct atc_engine *e)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_text(&out, "CONNECT ");
    atc_put_number(&out, e->transfer.size);
    atc_reply_close(e, &out);
}

uint8_t atc_opened_read(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_transfer *t = &e->transfer;
    struct atc_opened *file = use_file(e, call);
    struct atc_span piece;

    if (file == NULL)
        return ATC_CAUSE_FILE_HANDLE;
    if (call->step == 0) {
        t->size = atc_number_or(call, 1, UINT32_MAX);
        return ask_bytes(e);
    }
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    if (e->answer == NULL)
        return ask_bytes(e);
    piece = atc_span(e->answer->data, e->answer->len);
    if (t->moved == 0) {
        if (file->position >= t->total || piece.len == 0)
            return atc_files_done(e, ATC_CAUSE_FILE_EMPTY);
        if (t->size > t->total - file->position)
            t->size = t->total - file->position;
        announce(e);
    }
    atc_files_print(e, piece);
    t->moved += (uint32_t)piece.len;
    file->position += (uint32_t)piece.len;
    t->offset = file->position;
    return t->moved < t->size && piece.len > 0 ? ask_bytes(e) : atc_files_done(e, ATC_OK);
}

/* --- writing ---------------------------------------------------------------------------------- */

uint8_t atc_opened_write(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_transfer *t = &e->transfer;

    if (call->step == 0) {
        const struct atc_opened *file = use_file(e, call);

        if (file == NULL || file->mode == MODE_READ)
            return atc_files_done(e, file == NULL ? ATC_CAUSE_FILE_HANDLE : ATC_CAUSE_FILE_MODE);
        t->size = atc_number_or(call, 1, ATC_FILES_SIZE_DEFAULT);
        t->timeout_s = (uint16_t)atc_number_or(call, 2, ATC_FILES_TIMEOUT_DEFAULT_S);
        t->keep_rest = true;
        return atc_files_ask(e, ATC_FILE_EDIT);
    }
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    t->size_before = t->total;
    t->open = true;
    return atc_engine_ask_raw(e, call, t->size, ATC_FILES_PIECE_MAX, t->timeout_s * 1000u);
}

void atc_opened_written(struct atc_engine *e)
{
    const struct atc_transfer *t = &e->transfer;
    struct atc_opened *file = &e->opened[t->opened - 1];
    struct atc_out out;

    file->position += t->moved;
    e->run.replied = false; /* data stood before it: a frame of its own */
    out = atc_reply_base(e, "QFWRITE");
    atc_put_number(&out, t->moved);
    atc_put_next(&out, file->position > t->size_before ? file->position : t->size_before);
    atc_reply_close(e, &out);
}

/* Cut the file at its position. */
uint8_t atc_opened_cut(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_opened *file = use_file(e, call);

    if (file == NULL || file->mode == MODE_READ)
        return atc_files_done(e, file == NULL ? ATC_CAUSE_FILE_HANDLE : ATC_CAUSE_FILE_MODE);
    if (call->step == 0)
        return atc_files_ask(e, ATC_FILE_EDIT);
    if (e->run.result == ATC_OK && e->transfer.operation == ATC_FILE_EDIT)
        return atc_files_ask(e, ATC_FILE_COMMIT);
    return atc_files_done(e, e->run.result);
}

/* --- the position ----------------------------------------------------------------------------- */

/* Where AT+QFSEEK leads to in a file of that size; beyond the end is ATC_CAUSE_FILE_RANGE. From the end
 * it counts backwards. */
static uint8_t seek(struct atc_opened *file, const struct atc_call *call, uint32_t size)
{
    const uint32_t by = call->args.arg[1].number;
    const uint32_t from = atc_number_or(call, 2, FROM_START);
    const uint32_t start = from == FROM_HERE ? file->position : 0;

    if (start > size || by > size - start)
        return ATC_CAUSE_FILE_RANGE;
    file->position = from == FROM_END ? size - by : start + by;
    return ATC_OK;
}

uint8_t atc_opened_seek(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_opened *file = use_file(e, call);

    if (file == NULL)
        return ATC_CAUSE_FILE_HANDLE;
    if (call->step == 0) {
        e->transfer.offset = 0;
        return atc_files_ask(e, ATC_FILE_READ); /* no byte: how large is it? */
    }
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    return atc_files_done(e, seek(file, call, e->transfer.total));
}

uint8_t atc_opened_position(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_opened *file = find_file(e, call);

    if (file == NULL)
        return ATC_CAUSE_FILE_HANDLE;
    atc_base_number(e, "QFPOSITION", file->position);
    return ATC_OK;
}

uint8_t atc_opened_close(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_opened *file = find_file(e, call);

    if (file == NULL)
        return ATC_CAUSE_FILE_HANDLE;
    close_file(e, file);
    return ATC_OK;
}
