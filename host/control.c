/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "json.h"
#include "script_target.h"
#include "status.h"
#include "verb.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { BACKLOG = 8 };

/* --- verbs of the surroundings ---------------------------------------------------------------- */

static const char *on_event(void *ctx, const struct atc_event *event)
{
    loop_event(ctx, event);
    return NULL;
}

static const char *on_link(void *ctx, const struct sim_link_config *config)
{
    struct loop *loop = ctx;

    if (config != NULL)
        air_config(&loop->air, config);
    else
        air_changed(&loop->air);
    return NULL;
}

static const char *on_uart(void *ctx, const struct sim_uart_config *config)
{
    struct loop *loop = ctx;

    if (config != NULL)
        sim_uart_config(&loop->uart, config, clock_now_ms(&loop->clock));
    loop_wake(loop);
    return NULL;
}

static void on_fail(void *ctx, enum atc_order_kind kind, enum atc_cause cause)
{
    struct loop *loop = ctx;

    loop->fail[kind] = cause;
}

static const char *act(struct control *control, struct script_span line)
{
    struct loop *loop = control->loop;
    struct verb_target target = {.ctx = loop,
                                 .link = &loop->air.link,
                                 .uart = &loop->uart,
                                 .network = loop->air.network,
                                 .cell = &control->cell,
                                 .session = loop->last_session,
                                 .event = on_event,
                                 .set_link = on_link,
                                 .set_uart = on_uart,
                                 .fail_next = on_fail};

    return verb_act(&target, line);
}

/* --- push ------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *code;
} methods[] = {
    {"GET", "0.01"},   {"POST", "0.02"},  {"PUT", "0.03"},    {"DELETE", "0.04"},
    {"FETCH", "0.05"}, {"PATCH", "0.06"}, {"IPATCH", "0.07"},
};

static void put_code(struct script_buf *out, struct script_span word)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (!script_span_is(word, methods[i].name))
            continue;
        script_buf_text(out, methods[i].code);
        return;
    }
    script_buf_span(out, word);
}

/* "/a/b?c=1&d" as options, each part from its mark to the next one. */
static void put_path(struct script_buf *out, struct script_span path)
{
    bool query = false;

    for (size_t at = 0; at < path.len;) {
        size_t len = 1;

        query = query || path.text[at] == '?';
        while (at + len < path.len && strchr(query ? "&" : "/?", path.text[at + len]) == NULL)
            len++;
        if (len > 1)
            script_buf_format(out, " %s=\"%.*s\"", query ? "uri-query" : "uri-path", (int)len - 1,
                              path.text + at + 1);
        at += len;
    }
}

/* Where it goes and where it comes from; the words of it are taken off the front of rest. */
static const char *read_where(const struct loop *loop, struct script_span *rest,
                              struct script_where *where)
{
    for (;;) {
        struct script_span after = *rest, word = script_span_word(&after), place = word;

        if (script_span_skip(&place, "from=")) {
            struct script_where from;

            script_where_read(&from, &place);
            if (!from.has_addr || place.len > 0)
                return "from=ADDRESS:PORT, as in from=192.0.2.1:5683 or from=[2001:db8::1]:5683";
            where->has_addr = true;
            where->addr = from.addr;
        } else if (script_span_skip(&place, "client=")) {
            uint64_t number = 0;

            if (!script_span_number(place, ATC_SESSION_MAX - 1, &number))
                return "client=N, from 0 to 5";
            where->has_session = true;
            where->session = (uint8_t)number;
        } else {
            break;
        }
        *rest = after;
        (void)script_span_skip(rest, " ");
    }
    if (!where->has_session)
        where->session = loop->last_session;
    if (!where->has_addr)
        where->addr = loop->peer[where->session];
    return NULL;
}

static const char *inject(struct control *control, const struct script_where *where,
                          const struct script_buf *data)
{
    struct loop *loop = control->loop;

    if (loop->udp.sockets[where->session] == NULL)
        return "that client is not open; client=N names another";
    if (secure_owns(&loop->secure, where->session))
        return "that client speaks DTLS: nothing can be pushed into it";
    if (where->addr.family == ATC_FAMILY_NONE)
        return "nothing was sent to anyone yet: say from=ADDRESS:PORT";
    udp_inject(&loop->udp, where->session, &where->addr, (const uint8_t *)data->data, data->len);
    return NULL;
}

/* "push CON GET /path from=192.0.2.1:5683 client=0 content-format=0 payload=..." */
static const char *push(struct control *control, struct script_span rest, struct script_buf *out)
{
    const struct script_vars none = {NULL, 0, 0, false};
    struct script_buf text = {NULL, 0, 0}, data = {NULL, 0, 0};
    struct script_where where = {.has_session = false};
    const struct script_span type = script_span_word(&rest), code = script_span_word(&rest);
    const char *why = NULL;

    (void)out;
    (void)script_span_skip(&rest, " ");
    if (code.len == 0)
        return "push TYPE CODE [/PATH[?QUERY]] [from=ADDRESS:PORT] [client=N] [OPTION=VALUE ...] "
               "[payload=...], as in push CON GET /t";
    script_buf_span(&text, type);
    script_buf_text(&text, " ");
    if (script_span_is(type, "hex"))
        script_buf_span(&text, code);
    else
        put_code(&text, code);
    if (rest.len > 0 && *rest.text == '/')
        put_path(&text, script_span_word(&rest));
    (void)script_span_skip(&rest, " ");
    why = read_where(control->loop, &rest, &where);
    if (rest.len > 0)
        script_buf_text(&text, " ");
    script_buf_span(&text, rest);
    if (why == NULL)
        why = script_datagram_build(script_span_buf(&text), &none, &control->defaults, &data);
    if (why == NULL)
        why = inject(control, &where, &data);
    script_buf_free(&text);
    script_buf_free(&data);
    return why;
}

/* --- status ----------------------------------------------------------------------------------- */

static void put_counters(struct json *json, const struct loop *loop)
{
    json_begin(json, "counters", '{');
    for (unsigned i = 0; i < ATC_COUNT_COUNT; i++)
        json_number(json, atc_count_name(i), atc_counter(&loop->modem, (enum atc_count)i));
    json_end(json, '}');
}

static void put_link(struct json *json, const struct loop *loop)
{
    static const char *const ways[] = {[SIM_UP] = "up", [SIM_DOWN] = "down"};
    const struct sim_link_state state = sim_link_state(&loop->air.link, clock_now_ms(&loop->clock));

    json_begin(json, "link", '{');
    json_bool(json, "covered", state.covered);
    json_bool(json, "attached", state.attached);
    for (unsigned i = 0; i < COUNT(ways); i++) {
        const struct sim_path *path = &loop->air.link.path[i];

        json_begin(json, ways[i], '{');
        json_number(json, "offered", path->offered);
        json_number(json, "lost", path->lost);
        json_number(json, "duplicated", path->duplicated);
        json_end(json, '}');
    }
    json_end(json, '}');
}

static void put_uart(struct json *json, const struct loop *loop)
{
    static const char *const ways[] = {[SIM_UART_OUT] = "out", [SIM_UART_IN] = "in"};
    const struct sim_uart *uart = &loop->uart;

    json_begin(json, "uart", '{');
    json_string(json, "urc", sim_urc_order_name(uart->config.urc));
    json_number(json, "moved", uart->moved);
    json_number(json, "reboots", uart->reboots);
    for (unsigned i = 0; i < COUNT(ways); i++) {
        json_begin(json, ways[i], '{');
        json_number(json, "bytes", uart->bytes[i]);
        json_number(json, "dropped", uart->dropped[i]);
        json_number(json, "garbled", uart->garbled[i]);
        json_end(json, '}');
    }
    json_end(json, '}');
}

static void put_clients(struct json *json, const struct loop *loop)
{
    json_begin(json, "clients", '[');
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
        if (loop->udp.sockets[i] != NULL)
            json_number(json, NULL, i);
    json_end(json, ']');
}

static const char *status(struct control *control, struct script_span rest, struct script_buf *out)
{
    const struct loop *loop = control->loop;
    struct json json = {.out = out};

    if (rest.len > 0)
        return "status takes nothing more";
    json_begin(&json, NULL, '{');
    json_bool(&json, "waiting", loop->waiting);
    json_bool(&json, "off", atc_is_off(&loop->modem));
    json_number(&json, "seed", loop->seed);
    put_clients(&json, loop);
    put_counters(&json, loop);
    put_link(&json, loop);
    put_uart(&json, loop);
    json_end(&json, '}');
    script_buf_text(out, "\n");
    return NULL;
}

/* --- the others ------------------------------------------------------------------------------- */

static const char *flush(struct control *control, struct script_span rest, struct script_buf *out)
{
    (void)out;
    if (rest.len > 0)
        return "flush takes nothing more";
    if (control->loop->record == NULL)
        return "nothing is recorded: --out was not given";
    record_flush(control->loop->record);
    return NULL;
}

static const char *quit(struct control *control, struct script_span rest, struct script_buf *out)
{
    (void)out;
    if (rest.len > 0)
        return "quit takes nothing more";
    control->quit(control->ctx);
    return NULL;
}

static const char *help(struct control *control, struct script_span rest, struct script_buf *out);

static const struct {
    const char *word;
    const char *form;
    bool always; /* also if the module still waits for its client */
    const char *(*act)(struct control *control, struct script_span rest, struct script_buf *out);
} commands[] = {
    {"status", "counters of module, link and serial line, as one line of JSON", true, status},
    {"push",
     "CON GET /t [from=192.0.2.1:5683] [client=0] [payload=\"x\"]: a message of a peer arrives",
     false, push},
    {"flush", "what is recorded so far can be read from the files", true, flush},
    {"quit", "the program ends", true, quit},
    {"help", "this list", true, help},
};

static const char *help(struct control *control, struct script_span rest, struct script_buf *out)
{
    const char *form = NULL, *word = NULL;

    (void)control;
    (void)rest;
    for (size_t i = 0; i < COUNT(commands); i++)
        script_buf_format(out, "%s  %s\n", commands[i].word, commands[i].form);
    for (size_t i = 0; (word = verb_help(i, &form)) != NULL; i++)
        script_buf_format(out, "%s%s%s\n", word, *form == ':' ? "" : " ", form);
    return NULL;
}

static bool is_printable(struct script_span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.text[i] < 0x20 || line.text[i] > 0x7e)
            return false;
    return true;
}

const char *control_do(struct control *control, struct script_span line, struct script_buf *out)
{
    struct script_span rest = line;
    const struct script_span word = script_span_word(&rest);

    (void)script_span_skip(&rest, " ");
    if (word.len == 0 || !is_printable(line))
        return "a command is a line of printable ASCII; help lists them";
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (!script_span_is(word, commands[i].word))
            continue;
        if (control->loop->waiting && !commands[i].always)
            return "the module is off until a client comes: --wait-client";
        return commands[i].act(control, rest, out);
    }
    if (control->loop->waiting)
        return "the module is off until a client comes: --wait-client";
    return verb_is(word) ? act(control, line) : "no such command; help lists them";
}

/* --- clients ---------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
    struct control_client *client = handle->data;

    client->taken = false;
}

static void drop(struct control_client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->pipe))
        uv_close((uv_handle_t *)&client->pipe, on_closed);
}

/* At once and whole, or the client is gone: it does not read. */
static void answer(struct control_client *client, const struct script_buf *text)
{
    uv_buf_t buf = uv_buf_init(text->data, (unsigned)text->len);

    if (uv_try_write((uv_stream_t *)&client->pipe, &buf, 1) != (int)text->len)
        drop(client);
}

static void refuse(struct control_client *client, const char *why)
{
    struct script_buf text = {NULL, 0, 0};

    script_buf_format(&text, "KO %s\n", why);
    answer(client, &text);
    script_buf_free(&text);
}

static void take_line(struct control_client *client)
{
    struct control *control = client->control;
    struct script_buf text = {NULL, 0, 0};
    struct script_span line = {client->line, client->len};
    const char *why = NULL;

    if (line.len > 0 && line.text[line.len - 1] == '\r')
        line.len--;
    log_detail(&control->loop->log, "control: %zu bytes", line.len);
    why = control_do(control, line, &text);
    if (why == NULL)
        record_note(control->loop->record, "control: %.*s", (int)line.len, line.text);
    if (why == NULL)
        script_buf_text(&text, "OK\n");
    else
        script_buf_format(&text, "KO %s\n", why);
    answer(client, &text);
    script_buf_free(&text);
}

static void take_byte(struct control_client *client, char byte)
{
    if (byte == '\n') {
        if (client->skipped)
            refuse(client, "the line is too long");
        else
            take_line(client);
        client->len = 0;
        client->skipped = false;
    } else if (client->len < sizeof client->line) {
        client->line[client->len++] = byte;
    } else {
        client->skipped = true;
    }
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct control_client *client = handle->data;

    (void)suggested;
    *buf = uv_buf_init(client->bytes, sizeof client->bytes);
}

static void on_bytes(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct control_client *client = stream->data;

    if (len < 0)
        drop(client);
    for (ssize_t i = 0; i < len && !uv_is_closing((uv_handle_t *)stream); i++)
        take_byte(client, buf->base[i]);
}

static struct control_client *free_place(struct control *control)
{
    for (size_t i = 0; i < CONTROL_CLIENT_MAX; i++)
        if (!control->clients[i].taken)
            return &control->clients[i];
    return NULL;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

/* There is no place for it. */
static void turn_away(struct control *control)
{
    static char text[] = "KO too many clients\n";
    uv_buf_t buf = uv_buf_init(text, sizeof text - 1);
    uv_pipe_t *pipe = calloc(1, sizeof *pipe);

    if (pipe == NULL || uv_pipe_init(&control->loop->uv, pipe, 0) != 0) {
        free(pipe);
        return;
    }
    if (uv_accept((uv_stream_t *)&control->listener, (uv_stream_t *)pipe) == 0)
        (void)uv_try_write((uv_stream_t *)pipe, &buf, 1);
    uv_close((uv_handle_t *)pipe, free_handle);
}

static void on_client(uv_stream_t *listener, int status)
{
    struct control *control = listener->data;
    struct control_client *client = free_place(control);

    if (status != 0)
        return;
    if (client == NULL) {
        turn_away(control);
        return;
    }
    client->control = control;
    client->len = 0;
    client->skipped = false;
    if (uv_pipe_init(&control->loop->uv, &client->pipe, 0) != 0)
        return;
    client->taken = true;
    client->pipe.data = client;
    if (uv_accept(listener, (uv_stream_t *)&client->pipe) != 0 ||
        uv_read_start((uv_stream_t *)&client->pipe, on_room, on_bytes) != 0)
        drop(client);
}

/* --- the socket ------------------------------------------------------------------------------- */

/* Whether there is a socket that nobody listens to. */
static bool is_dangling(const struct sockaddr_un *name)
{
    struct stat info;
    int fd = -1;
    bool refused = false;

    if (lstat(name->sun_path, &info) != 0 || !S_ISSOCK(info.st_mode))
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    refused = fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof *name) != 0 &&
              errno == ECONNREFUSED;
    if (fd >= 0)
        (void)close(fd);
    return refused;
}

/* A socket that is bound there, for this user alone; or -1, errno says why. */
static int bind_at(const struct sockaddr_un *name)
{
    const mode_t mask = umask(0177);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int failed = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)name, sizeof *name);
    const int error = errno;

    (void)umask(mask);
    if (failed != 0 && fd >= 0)
        (void)close(fd);
    errno = error;
    return failed == 0 ? fd : -1;
}

static int reject(const char *path, const char *why)
{
    log_note("--control=%s: %s", path, why);
    return STATUS_SYSTEM;
}

static bool listen_on(struct control *control, int fd)
{
    return uv_pipe_init(&control->loop->uv, &control->listener, 0) == 0 &&
           uv_pipe_open(&control->listener, fd) == 0 &&
           uv_listen((uv_stream_t *)&control->listener, BACKLOG, on_client) == 0;
}

int control_open(struct control *control, const char *path, struct loop *loop,
                 void (*quit_call)(void *ctx), void *ctx)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct stat info;
    int fd = -1;

    control->loop = loop;
    control->quit = quit_call;
    control->ctx = ctx;
    control->cell = atc_cell_default;
    control->listener.data = control;
    script_defaults_start(&control->defaults);
    if (*path == '\0' || strlen(path) >= sizeof name.sun_path)
        return reject(path, "a path of 1 to 107 bytes");
    memcpy(name.sun_path, path, strlen(path));
    if (is_dangling(&name))
        (void)unlink(path);
    fd = bind_at(&name);
    if (fd < 0)
        return reject(path, errno == EADDRINUSE ? "something is there already" : strerror(errno));
    control->path = path;
    if (lstat(path, &info) == 0) {
        control->device = (uint64_t)info.st_dev;
        control->inode = (uint64_t)info.st_ino;
    }
    return listen_on(control, fd) ? STATUS_GOOD : reject(path, "cannot listen there");
}

void control_close(struct control *control)
{
    struct stat info;

    if (control->path == NULL || lstat(control->path, &info) != 0)
        return;
    if ((uint64_t)info.st_dev == control->device && (uint64_t)info.st_ino == control->inode)
        (void)unlink(control->path);
}
