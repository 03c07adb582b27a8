/* SPDX-License-Identifier: MIT
 *
 * The sessions that the demonstration plays: who types what, and what must come of it before the
 * next line. Leaves the module, the clock and the screen to the owner. */
#ifndef ATCOAP_HOST_DEMO_PLAY_H
#define ATCOAP_HOST_DEMO_PLAY_H

#include "atcoap/atcoap.h"
#include "script_text.h"

struct demo_step {
    const char *remark;  /* what happens, for people; NULL: it goes without saying */
    const char *command; /* {host}, {port} and what was captured before are filled in */
    const char *data;    /* typed once the module asks for data; NULL: it does not */
    const char *until;   /* a line that must come before the next step, with captures; NULL: the
                            final result is enough */
    bool at_once;        /* typed without a pause */
};

struct demo_session {
    const char *title;
    const struct atc_dialect *dialect;
    const struct demo_step *steps;
    size_t step_count;
};

extern const struct demo_session demo_sessions[];
extern const size_t demo_session_count;

enum demo_state {
    DEMO_PAUSE,   /* before a command is typed */
    DEMO_REPLY,   /* its final result is awaited */
    DEMO_PROMPT,  /* a pause before the data */
    DEMO_OUTCOME, /* the line after it is awaited */
    DEMO_REST,    /* a moment after that */
    DEMO_OVER,    /* the session is through */
    DEMO_FAILED   /* something else came, or nothing did */
};

/* What a player does. */
struct demo_stage {
    void *ctx;
    void (*remark)(void *ctx, const char *text);
    void (*type)(void *ctx, const void *data, size_t len);
};

struct demo_play {
    const struct demo_session *session;
    struct demo_stage stage;
    enum demo_state state;
    size_t step;
    bool found;        /* the line that until describes has come */
    uint64_t limit_ms; /* how long to wait for what must come; set by demo_play_start() */
    uint64_t due_ms;   /* when the state ends by itself */
    struct script_vars vars;
};

/* Begin a session with that server. */
void demo_play_start(struct demo_play *play, const struct demo_session *session,
                     const struct demo_stage *stage, const struct atc_addr *server,
                     uint64_t now_ms);

/* A line came from the module. */
void demo_play_line(struct demo_play *play, const char *line, size_t len, uint64_t now_ms);

/* The module asks for data. */
void demo_play_asked(struct demo_play *play, uint64_t now_ms);

/* Do what is due. */
void demo_play_run(struct demo_play *play, uint64_t now_ms);

/* When demo_play_run() is needed next, or ATC_NEVER. */
uint64_t demo_play_deadline_ms(const struct demo_play *play);

void demo_play_free(struct demo_play *play);

#endif
