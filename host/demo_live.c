/* SPDX-License-Identifier: MIT
 *
 * The demonstration in real time: sockets on libuv, the embedded server on one of them, and at a
 * terminal a prompt. Keys wait while the module works on a command, so that what is pasted arrives
 * as if it had been typed. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "demo.h"
#include "demo_help.h"
#include "demo_terminal.h"
#include "help_commands.h"
#include "resolve.h"
#include "serve_port.h"
#include "status.h"
#include "udp.h"

enum { KEYS_MAX = 65536, SIGNAL_COUNT = 7 };

struct live {
    struct demo *demo;
    uv_loop_t uv;
    uv_timer_t timer;
    uv_poll_t keyboard;
    uv_signal_t signals[SIGNAL_COUNT];
    struct log log;
    struct clock clock;
    struct air air;
    struct udp udp;
    struct resolve resolve;
    struct serve_port server;
    bool at_terminal;
    bool prompting; /* the module is the user's */
    bool stopping;
    struct script_buf keys; /* pressed, and not taken yet */
    struct prompt prompt;
    struct demo_help help;
    bool broken; /* standard output cannot be written to */
};

static void pump(struct live *live);

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000u;
}

static void stop(struct live *live)
{
    live->stopping = true;
    uv_stop(&live->uv);
}

/* --- the network ------------------------------------------------------------------------------ */

static enum atc_cause open_client(void *ctx, const struct atc_order *order)
{
    struct live *live = ctx;
    return udp_open(&live->udp, order);
}

static bool send_datagram(void *ctx, const struct atc_order *order, enum atc_cause *cause)
{
    struct live *live = ctx;
    return udp_send(&live->udp, order, cause);
}

static bool resolve_name(void *ctx, const struct atc_order *order)
{
    struct live *live = ctx;
    return resolve_ask(&live->resolve, order);
}

static void close_client(void *ctx, unsigned session)
{
    struct live *live = ctx;
    udp_close(&live->udp, session);
}

static void on_event(void *ctx, const struct atc_event *event)
{
    struct live *live = ctx;
    if (live->stopping)
        return;
    demo_module_event(&live->demo->module, event, now_ms());
    pump(live);
}

/* --- the prompt ------------------------------------------------------------------------------- */

/* What the tables say of a command. Who asks for one that is not there is told on stderr. */
static void put_command_help(struct live *live, struct script_span name)
{
    char *text = NULL;
    char word[32];
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (memory == NULL)
        return;
    (void)snprintf(word, sizeof word, "%.*s", (int)name.len, name.text);
    (void)demo_screen_write(&live->demo->screen);
    const int status = help_commands(memory, word);
    if (fclose(memory) == 0 && status == STATUS_GOOD)
        demo_screen_text(&live->demo->screen, text);
    free(text);
}

/* "help" and "help commands" list what there is to try, "help NAME" says all about one. */
static void show_help(struct live *live, struct script_span words)
{
    struct script_buf text = {0};
    struct script_span name = script_span_word(&words);
    if (script_span_is(name, "commands"))
        name = script_span_word(&words);
    script_buf_format(&text, "%s> %.*s\n", demo_dialect_name(live->demo), (int)live->prompt.len,
                      live->prompt.line);
    if (name.len == 0)
        demo_help_list(&live->help, &text);
    script_buf_byte(&text, '\0');
    demo_screen_text(&live->demo->screen, text.data);
    script_buf_free(&text);
    if (name.len > 0)
        put_command_help(live, name);
}

/* The text between the commas of that number and of the next one; empty if there is none. */
static struct script_span argument(struct script_span line, unsigned number)
{
    size_t start = 0;
    for (; number > 0 && start < line.len; start++)
        number -= line.text[start] == ',';
    size_t end = start;
    while (end < line.len && line.text[end] != ',')
        end++;
    return (struct script_span){line.text + start, end - start};
}

/* So many bytes of data a command announces; 0: none, so Ctrl+Z ends them. */
static size_t announced(struct script_span line)
{
    static const struct {
        const char *command;
        unsigned argument;
    } rows[] = {{"AT+QCOAPSEND=", 4}, {"AT+QFUPL=", 1}, {"AT+QFWRITE=", 1}};
    uint64_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t len = strlen(rows[i].command);
        if (line.len >= len && strncasecmp(line.text, rows[i].command, len) == 0 &&
            script_span_number(argument(line, rows[i].argument), PROMPT_LINE_MAX, &count))
            return (size_t)count;
    }
    return 0;
}

/* Bytes for the module, and the row that shows them. */
static void type(struct live *live, const char *text, size_t len, const char *end)
{
    struct demo *demo = live->demo;
    struct script_buf typed = {0};
    script_buf_add(&typed, text, len);
    script_buf_text(&typed, end);
    const size_t shown = typed.len - (!live->prompt.data && *end == '\r');
    demo_screen_typed(
        &demo->screen, typed.data, shown,
        atc_is_secret_input(&demo->module.modem, (const uint8_t *)typed.data, typed.len));
    demo_module_type(&demo->module, typed.data, typed.len);
    script_buf_free(&typed);
}

static void take_command(struct live *live)
{
    struct prompt *prompt = &live->prompt;
    const struct script_span line = {prompt->line, prompt->len};
    struct script_span words = line;
    const struct script_span first = script_span_word(&words);
    if (first.len == 0)
        return;
    prompt_remember(prompt);
    if (script_span_is(first, "quit") || script_span_is(first, "exit")) {
        stop(live);
        return;
    }
    if (script_span_is(first, "help") || script_span_is(first, "?")) {
        show_help(live, words);
        return;
    }
    demo_help_typed(&live->help, line);
    type(live, line.text, line.len, "\r");
    prompt->want = announced(line);
    if (strncasecmp(first.text, "AT", 2) != 0)
        demo_screen_text(&live->demo->screen,
                         "  A module ignores lines that do not begin with AT.\n");
}

static void take_data(struct live *live, enum prompt_event event)
{
    struct prompt *prompt = &live->prompt;
    if (event == PROMPT_CANCEL)
        type(live, prompt->line, prompt->len, "\033");
    else if (event == PROMPT_ENTER)
        type(live, prompt->line, prompt->len, "\r");
    else
        type(live, prompt->line, prompt->len, prompt->ended ? "\032" : "");
    if (prompt->want > 0) /* less what has gone; the last byte ends it */
        prompt->want = prompt->want > prompt->len + 1u ? prompt->want - prompt->len - 1u : 1u;
}

static void act(struct live *live, enum prompt_event event)
{
    if (event == PROMPT_NONE)
        return;
    if (event == PROMPT_LEAVE) {
        stop(live);
        return;
    }
    if (live->prompt.data)
        take_data(live, event);
    else
        take_command(live);
    prompt_clear(&live->prompt);
}

/* What the next key means, the module decides: it asks for a command, or for data. */
static void follow_module(struct live *live)
{
    const struct demo_module *module = &live->demo->module;
    struct prompt *prompt = &live->prompt;
    if (prompt->data != module->wants_data)
        prompt_clear(prompt);
    prompt->data = module->wants_data;
    if (!prompt->data)
        prompt->hint = live->help.hint;
    else if (prompt->want > 0)
        prompt->hint = "the bytes you announced; the last one sends them";
    else
        prompt->hint = "your payload; Ctrl+Z sends it, ESC cancels";
}

static void begin_prompting(struct live *live)
{
    struct demo *demo = live->demo;
    struct script_buf text = {0};
    char server[ADDR_TEXT_MAX];
    addr_text(server, &demo->server);
    live->prompting = true;
    demo->screen.prompt = &live->prompt;
    demo_help_start(&live->help, demo_dialect(demo), &demo->server);
    script_buf_format(&text, "Your turn: this %s and the server are live. Ctrl+D or quit leaves.",
                      demo_dialect_name(demo));
    script_buf_byte(&text, '\0');
    demo_screen_title(&demo->screen, text.data);
    script_buf_free(&text);
}

static void draw_prompt(struct live *live)
{
    struct demo_screen *screen = &live->demo->screen;
    char label[16];
    if (live->demo->module.is_busy)
        return;
    (void)snprintf(label, sizeof label, "%s> ",
                   live->prompt.data ? "data" : demo_dialect_name(live->demo));
    prompt_draw(&live->prompt, label, screen->columns, &screen->out);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* While a session plays: Enter goes on to the prompt, q leaves. */
static void take_key_of_play(struct live *live, char key)
{
    if (key == 'q' || key == 'Q' || key == 3 || key == 4)
        stop(live);
    else if (key == '\r' || key == '\n')
        demo_stop_playing(live->demo);
}

static void drop_keys(struct live *live, size_t count)
{
    live->keys.len -= count;
    memmove(live->keys.data, live->keys.data + count, live->keys.len);
}

static bool is_waiting(const struct demo_module *module)
{
    return module->is_busy || module->input.len > 0;
}

/* Take keys until there are none, or the module is at work. */
static void take_keys(struct live *live)
{
    struct demo *demo = live->demo;
    while (live->keys.len > 0 && !live->stopping) {
        size_t used = 1;
        if (demo->playing) {
            take_key_of_play(live, live->keys.data[0]);
            drop_keys(live, used);
            continue;
        }
        if (!live->prompting || is_waiting(&demo->module))
            return;
        follow_module(live);
        const enum prompt_event event = prompt_keys(&live->prompt, (const uint8_t *)live->keys.data,
                                                    live->keys.len, &used);
        drop_keys(live, used);
        act(live, event);
        demo_run(demo, now_ms());
    }
}

static void on_keys(uv_poll_t *poll, int status, int events)
{
    struct live *live = poll->data;
    char bytes[1024];
    (void)events;
    const ssize_t len = status == 0 ? read(STDIN_FILENO, bytes, sizeof bytes) : 0;
    if (len < 0 && errno == EINTR)
        return;
    if (len <= 0 || live->keys.len > KEYS_MAX) {
        stop(live); /* the terminal has gone, or nobody could type that much */
        return;
    }
    /* A module that works for long must not keep anyone from leaving. */
    if (is_waiting(&live->demo->module) && memchr(bytes, 3, (size_t)len) != NULL)
        stop(live);
    script_buf_add(&live->keys, bytes, (size_t)len);
    pump(live);
}

/* --- the loop --------------------------------------------------------------------------------- */

static void on_timer(uv_timer_t *timer)
{
    pump(timer->data);
}

static void set_timer(struct live *live)
{
    const uint64_t due_ms = demo_deadline_ms(live->demo), now = now_ms();
    if (due_ms == ATC_NEVER) {
        (void)uv_timer_stop(&live->timer);
        return;
    }
    uv_update_time(&live->uv);
    (void)uv_timer_start(&live->timer, on_timer, due_ms > now ? due_ms - now : 1, 0);
}

/* The sessions are over: the user's turn, or the end. */
static void go_on(struct live *live)
{
    if (live->demo->playing || live->prompting)
        return;
    if (live->at_terminal)
        begin_prompting(live);
    else
        stop(live);
}

static void pump(struct live *live)
{
    if (live->stopping)
        return;
    demo_run(live->demo, now_ms());
    take_keys(live);
    go_on(live);
    take_keys(live);
    if (live->prompting && !live->stopping) {
        follow_module(live);
        draw_prompt(live);
    }
    live->broken = !demo_screen_write(&live->demo->screen) || live->broken;
    if (live->broken)
        stop(live);
    set_timer(live);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct live *live = signal->data;
    switch (number) {
    case SIGWINCH:
        demo_screen_resize(&live->demo->screen);
        break;
    case SIGTSTP:
        demo_terminal_give_back();
        (void)raise(SIGSTOP);
        return;
    case SIGCONT:
        if (live->at_terminal)
            (void)demo_terminal_take();
        break;
    default:
        stop(live);
        return;
    }
    pump(live);
}

static void start_signals(struct live *live)
{
    static const int numbers[SIGNAL_COUNT] = {SIGINT,   SIGTERM, SIGHUP, SIGQUIT,
                                              SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        live->signals[i].data = live;
        (void)uv_signal_init(&live->uv, &live->signals[i]);
        (void)uv_signal_start(&live->signals[i], on_signal, numbers[i]);
    }
}

/* The usual port, or another if that is taken. */
static int open_server(struct live *live)
{
    struct atc_addr address = {.family = ATC_FAMILY_IPV4, .ip = {127, 0, 0, 1}, .port = SERVE_PORT};
    uint64_t seed = 0;
    int error = UV_EADDRINUSE;
    (void)entropy_fill(&live->demo->module.entropy, (uint8_t *)&seed, sizeof seed);
    for (int tries = 0; tries < 2 && error == UV_EADDRINUSE; tries++) {
        error = serve_port_open(&live->server, &live->uv, &address, NULL, seed, &live->log);
        address.port = 0;
        (void)uv_run(&live->uv, UV_RUN_NOWAIT); /* what did not open must be closed first */
    }
    if (error == 0)
        demo_slow_down(&live->server.serve);
    else
        log_note("the embedded server cannot listen: %s", uv_strerror(error));
    return error == 0 ? STATUS_GOOD : STATUS_SYSTEM;
}

static void open_terminal(struct live *live)
{
    live->at_terminal = demo_terminal_is_there() && demo_terminal_take();
    if (live->demo->screen.colour)
        live->prompt.style = (struct prompt_style){"\033[1m", "\033[2m", "\033[0m"};
    else
        live->prompt.style = (struct prompt_style){"", "", ""};
    live->keyboard.data = live;
    if (live->at_terminal && uv_poll_init(&live->uv, &live->keyboard, STDIN_FILENO) == 0)
        (void)uv_poll_start(&live->keyboard, UV_READABLE, on_keys);
}

static int start(struct live *live)
{
    log_start(&live->log, false);
    live->timer.data = live;
    (void)uv_timer_init(&live->uv, &live->timer);
    start_signals(live);
    clock_start(&live->clock, CLOCK_REAL);
    air_init(&live->air, &live->uv, &live->clock, &live->log);
    udp_init(&live->udp, &live->uv, &live->air, &live->log, on_event, live);
    live->udp.record = live->demo->module.record;
    air_seed(&live->air, live->demo->seed);
    air_config(&live->air, &live->demo->link);
    live->udp.local_port = UDP_PORT_ANY; /* the usual one may be taken */
    resolve_init(&live->resolve, &live->uv, on_event, live);
    entropy_system(&live->demo->module.entropy);
    live->demo->module.network = (struct demo_network){live, open_client, send_datagram,
                                                       resolve_name, close_client};
    return open_server(live);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void finish(struct live *live)
{
    live->stopping = true;
    if (live->prompting)
        prompt_erase(&live->prompt, &live->demo->screen.out);
    live->broken = !demo_screen_write(&live->demo->screen) || live->broken;
    demo_terminal_give_back();
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
        udp_close(&live->udp, i);
    uv_walk(&live->uv, close_handle, NULL);
    (void)uv_run(&live->uv, UV_RUN_NOWAIT);
    (void)uv_loop_close(&live->uv);
    prompt_free(&live->prompt);
    demo_help_free(&live->help);
    script_buf_free(&live->keys);
}

int demo_live_run(struct demo *demo)
{
    static struct live live;
    live.demo = demo;
    if (uv_loop_init(&live.uv) != 0)
        return STATUS_SYSTEM;
    const int status = start(&live);
    if (status == STATUS_GOOD) {
        demo->server = live.server.address;
        open_terminal(&live);
        demo->has_keys = live.at_terminal;
        demo_start(demo, now_ms());
        pump(&live);
        if (!live.stopping)
            (void)uv_run(&live.uv, UV_RUN_DEFAULT);
    }
    finish(&live);
    if (live.broken && live.at_terminal) {
        __fpurge(stdout); /* a terminal that has gone is somebody who has left: no error */
        clearerr(stdout);
    }
    return status == STATUS_GOOD && live.broken && !live.at_terminal ? STATUS_SYSTEM : status;
}
