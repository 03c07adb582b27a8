/* SPDX-License-Identifier: MIT */
#include "demo.h"

#include <string.h>

#include "addr.h"

/* Between two sessions. */
enum { SESSION_PAUSE_MS = 600 };

/* Longer than the last time-out of a message (RFC 7252 4.8.2, EXCHANGE_LIFETIME). */
enum { LINK_LIMIT_MS = 250000 };

static void on_line(void *ctx, const char *line, size_t len)
{
    struct demo *demo = ctx;
    if (demo->playing)
        demo_play_line(&demo->play, line, len, demo->now_ms);
}

static void on_output(void *ctx, const uint8_t *data, size_t len)
{
    struct demo *demo = ctx;
    demo_screen_output(&demo->screen, data, len, on_line, demo);
}

static void on_datagram(void *ctx, bool up, const uint8_t *data, size_t len)
{
    struct demo *demo = ctx;
    demo_screen_datagram(&demo->screen, up, data, len);
}

static void on_remark(void *ctx, const char *text)
{
    struct demo *demo = ctx;
    demo_screen_remark(&demo->screen, text);
}

static void on_type(void *ctx, const void *data, size_t len)
{
    struct demo *demo = ctx;
    const char *text = data;
    const size_t end = len > 0 && text[len - 1u] == '\r';
    demo_screen_typed(&demo->screen, data, len - end, false);
    demo_module_type(&demo->module, data, len);
}

static bool is_wanted(const struct demo *demo, const struct demo_session *session)
{
    return demo->dialect == NULL || demo->dialect == session->dialect;
}

/* The remark after the title comes with the session's first step, a moment later than the last
 * session's end. */
static void begin_session(struct demo *demo)
{
    const struct demo_stage stage = {demo, on_remark, on_type};
    const struct demo_session *session = &demo_sessions[demo->session];
    demo_module_start(&demo->module, session->dialect, demo->now_ms);
    demo->asked = false;
    demo_screen_title(&demo->screen, session->title);
    demo_play_start(&demo->play, session, &stage, &demo->server, demo->now_ms + SESSION_PAUSE_MS);
    if (demo->linked)
        demo->play.limit_ms = LINK_LIMIT_MS;
}

/* Begin the next session from demo->session on, or end playing. */
static void next_session(struct demo *demo)
{
    while (demo->session < demo_session_count && !is_wanted(demo, &demo_sessions[demo->session]))
        demo->session++;
    demo->playing = demo->session < demo_session_count;
    if (demo->playing)
        begin_session(demo);
}

void demo_slow_down(struct serve *serve)
{
    serve->delay_ms = DEMO_DELAY_MS;
    serve->peer.config.ack_timeout_ms = DEMO_ACK_TIMEOUT_MS;
}

void demo_start(struct demo *demo, uint64_t now_ms)
{
    struct script_buf text = {0};
    char server[ADDR_TEXT_MAX];
    demo->module.watch = (struct demo_watch){demo, on_output, on_datagram};
    demo->now_ms = now_ms;
    addr_text(server, &demo->server);
    script_buf_format(&text, "A module and the CoAP server coap://%s, in one program.\n", server);
    script_buf_text(&text, "Left the AT port: > to the module, < from it. "
                           "Right datagrams: -> up, <- down.\n");
    if (demo->has_keys)
        script_buf_text(&text, "Enter: on to a prompt of your own. q: leave.\n");
    script_buf_byte(&text, '\0');
    demo_screen_text(&demo->screen, text.data);
    script_buf_free(&text);
    demo->session = 0;
    next_session(demo);
}

static void notice_asking(struct demo *demo)
{
    const bool begins = demo->module.wants_data && !demo->asked;
    demo->asked = demo->module.wants_data;
    if (!begins)
        return;
    demo_screen_flush_line(&demo->screen);
    if (demo->playing)
        demo_play_asked(&demo->play, demo->now_ms);
}

static void judge_play(struct demo *demo)
{
    if (demo->play.state == DEMO_FAILED && demo->linked) {
        demo_screen_remark(&demo->screen, "The network was too bad for this session.");
    } else if (demo->play.state == DEMO_FAILED) {
        demo->failed = true;
        demo_stop_playing(demo);
        return;
    } else if (demo->play.state != DEMO_OVER) {
        return;
    }
    demo->session++;
    next_session(demo);
}

void demo_run(struct demo *demo, uint64_t now_ms)
{
    bool moved = true;
    demo->now_ms = now_ms;
    while (moved) {
        demo_module_run(&demo->module, now_ms);
        notice_asking(demo);
        moved = demo->playing && demo_play_deadline_ms(&demo->play) <= now_ms;
        if (moved)
            demo_play_run(&demo->play, now_ms);
        if (demo->playing)
            judge_play(demo);
    }
}

void demo_stop_playing(struct demo *demo)
{
    demo->playing = false;
    demo_module_start(&demo->module, demo_dialect(demo), demo->now_ms);
    demo->screen.partial.len = 0;
    demo->asked = false;
}

uint64_t demo_deadline_ms(const struct demo *demo)
{
    const uint64_t module_ms = demo_module_deadline_ms(&demo->module);
    const uint64_t play_ms = demo->playing ? demo_play_deadline_ms(&demo->play) : ATC_NEVER;
    return module_ms < play_ms ? module_ms : play_ms;
}

const struct atc_dialect *demo_dialect(const struct demo *demo)
{
    return demo->dialect != NULL ? demo->dialect : &atc_dialect_bg96;
}

const char *demo_dialect_name(const struct demo *demo)
{
    return demo_dialect(demo) == &atc_dialect_bg96 ? "bg96" : "bc95";
}

void demo_free(struct demo *demo)
{
    demo_play_free(&demo->play);
    demo_screen_free(&demo->screen);
    script_buf_free(&demo->module.input);
}
