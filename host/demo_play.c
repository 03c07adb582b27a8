/* SPDX-License-Identifier: MIT */
#include "demo_play.h"

#include <string.h>

#include "addr.h"

/* Pauses: time to read a remark, which grows with its length, and the fingers of who types. */
enum { READ_MS = 300, READ_LETTER_MS = 8, TYPE_MS = 150, DATA_MS = 250, LIMIT_MS = 20000 };

/* So long after a step whatever else it led to has come. */
enum { REST_MS = 120 };

static const struct demo_step *step_of(const struct demo_play *play)
{
    return &play->session->steps[play->step];
}

static void set_state(struct demo_play *play, enum demo_state state, uint64_t due_ms)
{
    play->state = state;
    play->due_ms = due_ms;
}

/* Say what the step does, and wait as long as it takes to read that. */
static void begin_step(struct demo_play *play, uint64_t now_ms)
{
    const struct demo_step *step = step_of(play);
    uint64_t pause_ms = step->at_once ? 0 : TYPE_MS;
    play->found = step->until == NULL;
    if (step->remark != NULL) {
        play->stage.remark(play->stage.ctx, step->remark);
        pause_ms = step->at_once ? 0 : READ_MS + READ_LETTER_MS * strlen(step->remark);
    }
    set_state(play, DEMO_PAUSE, now_ms + pause_ms);
}

static bool is_last(const struct demo_play *play)
{
    return play->step + 1u == play->session->step_count;
}

static void end_step(struct demo_play *play, uint64_t now_ms)
{
    const bool hurries = !is_last(play) && step_of(play)[1].at_once;
    set_state(play, DEMO_REST, now_ms + (hurries ? 1 : REST_MS));
}

static void next_step(struct demo_play *play, uint64_t now_ms)
{
    if (is_last(play)) {
        set_state(play, DEMO_OVER, ATC_NEVER);
        return;
    }
    play->step++;
    begin_step(play, now_ms);
}

/* Let {host} and {port} stand for the server. */
static void name_server(struct script_vars *vars, const struct atc_addr *server)
{
    char address[ADDR_TEXT_MAX];
    addr_text(address, server);
    (void)script_match(script_span_of("{host:R}:{port:N}"), SCRIPT_LINE, vars, address,
                       strlen(address), NULL);
}

void demo_play_start(struct demo_play *play, const struct demo_session *session,
                     const struct demo_stage *stage, const struct atc_addr *server, uint64_t now_ms)
{
    play->session = session;
    play->stage = *stage;
    play->step = 0;
    play->limit_ms = LIMIT_MS;
    script_vars_rewind(&play->vars, 0);
    name_server(&play->vars, server);
    begin_step(play, now_ms);
}

static void type_command(struct demo_play *play)
{
    struct script_buf line = {0};
    (void)script_expand(script_span_of(step_of(play)->command), SCRIPT_LINE, &play->vars, &line);
    script_buf_byte(&line, '\r');
    play->stage.type(play->stage.ctx, line.data, line.len);
    script_buf_free(&line);
}

void demo_play_run(struct demo_play *play, uint64_t now_ms)
{
    if (now_ms < play->due_ms)
        return;
    switch (play->state) {
    case DEMO_PAUSE:
        set_state(play, DEMO_REPLY, now_ms + play->limit_ms);
        type_command(play);
        return;
    case DEMO_PROMPT:
        set_state(play, DEMO_REPLY, now_ms + play->limit_ms);
        play->stage.type(play->stage.ctx, step_of(play)->data, strlen(step_of(play)->data));
        return;
    case DEMO_REST:
        next_step(play, now_ms);
        return;
    case DEMO_REPLY:
    case DEMO_OUTCOME:
        set_state(play, DEMO_FAILED, ATC_NEVER);
        return;
    case DEMO_OVER:
    case DEMO_FAILED:
        return;
    }
}

static bool is_until(struct demo_play *play, const char *line, size_t len)
{
    const size_t mark = play->vars.count;
    if (script_match(script_span_of(step_of(play)->until), SCRIPT_LINE, &play->vars, line, len,
                     NULL) >= 0)
        return true;
    script_vars_rewind(&play->vars, mark);
    return false;
}

void demo_play_line(struct demo_play *play, const char *line, size_t len, uint64_t now_ms)
{
    struct script_span span = {line, len};
    if (play->state != DEMO_REPLY && play->state != DEMO_OUTCOME)
        return;
    if (!play->found)
        play->found = is_until(play, line, len);
    if (play->state == DEMO_REPLY && script_span_is(span, "OK"))
        set_state(play, DEMO_OUTCOME, now_ms + play->limit_ms);
    else if (script_span_is(span, "ERROR") || script_span_skip(&span, "+CME ERROR"))
        set_state(play, DEMO_FAILED, ATC_NEVER);
    if (play->state == DEMO_OUTCOME && play->found)
        end_step(play, now_ms);
}

void demo_play_asked(struct demo_play *play, uint64_t now_ms)
{
    if (play->state == DEMO_REPLY && step_of(play)->data != NULL)
        set_state(play, DEMO_PROMPT, now_ms + DATA_MS);
}

uint64_t demo_play_deadline_ms(const struct demo_play *play)
{
    return play->due_ms;
}

void demo_play_free(struct demo_play *play)
{
    script_vars_free(&play->vars);
}

/* --- the sessions ----------------------------------------------------------------------------- */

#define CTRL_Z "\x1a"

/* Source: BC95 5.1, mended as D-46 says; its server gives the time at /time, and sends a request to
 * who posts to /push. */
static const struct demo_step bc95_requests[] = {
    {"Is the module attached to the network?", "AT+CGATT?", NULL, NULL, false},
    {"Create the CoAP context. It listens on UDP port 56830.", "AT+QCOAPCREATE=56830", NULL, NULL,
     false},
    {"Send a confirmable (0) GET (1) for the server's root. The module asks for a payload; Ctrl+Z "
     "ends it, empty.",
     "AT+QCOAPSEND=0,1,{host},{port}", CTRL_Z, NULL, false},
    {"The request is on its way and not acknowledged yet: status 1. Then the answer comes as an "
     "unsolicited result.",
     "AT+QCOAPDATASTATUS?", NULL, "+QCOAPURC: \"rsp\",{R}", true},
    {"Acknowledged now: status 4.", "AT+QCOAPDATASTATUS?", NULL, NULL, false},
    {"The next message shall have the ID 5566 and no token.", "AT+QCOAPHEAD=3,5566", NULL, NULL,
     false},
    {NULL, "AT+QCOAPSEND=0,1,{host},{port}", CTRL_Z, "+QCOAPURC: \"rsp\",{R}", false},
    {"Option 11 is Uri-Path: ask for /time.", "AT+QCOAPOPTION=1,11,\"time\"", NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,1,{host},{port}", CTRL_Z, "+QCOAPURC: \"rsp\",{R}", false},
    {"A message ID and a token of our own, and the path /hello.", "AT+QCOAPHEAD=5,6677,4,30323436",
     NULL, NULL, false},
    {NULL, "AT+QCOAPOPTION=1,11,\"hello\"", NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,1,{host},{port}", CTRL_Z, "+QCOAPURC: \"rsp\",{R}", false},
    {"From here on results name the sender's address and port.", "AT+QCOAPCFG=\"Showra\",1", NULL,
     NULL, false},
    {"The module can be a server too: add the resource /t/d.", "AT+QCOAPADDRES=4,\"/t/d\"", NULL,
     NULL, false},
    {"Ask the server to send a request of its own, a GET for /t/d.",
     "AT+QCOAPOPTION=5,11,\"push\",15,\"path=/t/d\",15,\"method=get\",15,\"type=con\","
     "15,\"token=1A84BFE989C01C08\"",
     NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,2,{host},{port}", CTRL_Z,
     "+QCOAPURC: \"req\",{R},{R},0,1,{mid:N},{R},8,{token:H}{R}", false},
    {"There it is. Answer with its message ID and token, and the code 2.05.",
     "AT+QCOAPHEAD=5,{mid},8,{token}", NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=1,205,{host},{port}", CTRL_Z, NULL, false},
    {"Delete the context, and all that belongs to it.", "AT+QCOAPDEL", NULL, NULL, false},
};

/* Source: BC95 5.3, mended as D-46 says, with a shorter name of the endpoint. */
static const struct demo_step bc95_registration[] = {
    {"A new context, whose results show the options of responses.", "AT+QCOAPCREATE=56830", NULL,
     NULL, false},
    {NULL, "AT+QCOAPCFG=\"Showrspopt\",1", NULL, NULL, false},
    {"Register with a resource directory: five options, for POST /rd.",
     "AT+QCOAPOPTION=5,11,\"rd\",12,\"40\",15,\"ep=863703030822519\",15,\"b=U\",15,\"lt=2700\"",
     NULL, NULL, false},
    {"The payload, typed as hex, is a list of links. The answer is 2.01, created, with two options "
     "8, Location-Path.",
     "AT+QCOAPSEND=0,2,{host},{port}", "3c2f3e3b72743d226f6d612e6c776d326d222c3c2f30" CTRL_Z,
     "+QCOAPURC: \"rsp\",{R}", false},
    {NULL, "AT+QCOAPDATASTATUS?", NULL, NULL, false},
    {"Once more, with the sender's address. Options hold for one message only.",
     "AT+QCOAPCFG=\"Showra\",1", NULL, NULL, false},
    {NULL,
     "AT+QCOAPOPTION=5,11,\"rd\",12,\"40\",15,\"ep=863703030822519\",15,\"b=U\",15,\"lt=2700\"",
     NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,2,{host},{port}", "3c2f3e3b72743d226f6d612e6c776d326d222c3c2f30" CTRL_Z,
     "+QCOAPURC: \"rsp\",{R}", false},
    {"Show neither from here on. Ask for /hello with a query, which is option 15.",
     "AT+QCOAPCFG=\"Showrspopt\",0", NULL, NULL, false},
    {NULL, "AT+QCOAPCFG=\"Showra\",0", NULL, NULL, false},
    {NULL, "AT+QCOAPOPTION=2,11,\"hello\",15,\"name=aaaa\"", NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,1,{host},{port}", CTRL_Z, "+QCOAPURC: \"rsp\",{R}", false},
    {NULL, "AT+QCOAPDEL", NULL, NULL, false},
};

/* Source: BG96 5.1, mended as D-60 says. The note ends with the error; a request that succeeds is
 * added, for there is a server that has something to say. */
static const struct demo_step bg96_client[] = {
    {"Client 0 uses PDP context 1, waits 4 seconds for an ACK and sends again up to 5 times.",
     "AT+QCOAPCFG=\"pdpcid\",0,1", NULL, NULL, false},
    {NULL, "AT+QCOAPCFG=\"trans\",0,4,5", NULL, NULL, false},
    {"Open client 0. OK says that it has begun, the unsolicited result how it ended.",
     "AT+QCOAPOPEN=0,\"{host}\",{port}", NULL, "+QCOAPOPEN: 0,0", false},
    {"Which clients are there? Status 3 is connected.", "AT+QCOAPOPEN?", NULL, NULL, false},
    {"The next message has the ID 1234, and a token that the module chooses.",
     "AT+QCOAPHEADER=0,1234,1", NULL, NULL, false},
    {"Options stand in slots. Slot 0: Uri-Path (11) \"19\". Slot 1: Content-Format (12) 40.",
     "AT+QCOAPOPTION=0,0,0,11,\"19\"", NULL, NULL, false},
    {NULL, "AT+QCOAPOPTION=0,0,1,12,40", NULL, NULL, false},
    {"Send a non-confirmable (1) POST (2) with slot 0 (bit mask 1) and 20 bytes. The server has no "
     "/19 and says so.",
     "AT+QCOAPSEND=0,1,2,1,20", "Hello, CoAP Message!", "+QCOAPRECV: 0,{R}", false},
    {"Now for something that is there: /hello in slot 2, with a confirmable (0) GET (1) and slot 2 "
     "alone (bit mask 4). The ACK brings the answer with it.",
     "AT+QCOAPOPTION=0,0,2,11,\"hello\"", NULL, NULL, false},
    {NULL, "AT+QCOAPSEND=0,0,1,4", CTRL_Z, "+QCOAPRECV: 0,{R}", false},
    {"Close client 0.", "AT+QCOAPCLOSE=0", NULL, "+QCOAPCLOSE: 0,0", false},
};

#define STEPS(steps) (steps), sizeof(steps) / sizeof(steps)[0]

const struct demo_session demo_sessions[] = {
    {"BC95: requests to a server, and one from it", &atc_dialect_bc95, STEPS(bc95_requests)},
    {"BC95: a registration, and what results show", &atc_dialect_bc95, STEPS(bc95_registration)},
    {"BG96: a client, its options and its results", &atc_dialect_bg96, STEPS(bg96_client)},
};

const size_t demo_session_count = sizeof demo_sessions / sizeof demo_sessions[0];
