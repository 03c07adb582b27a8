/* SPDX-License-Identifier: MIT
 *
 * Everything fails once: each send, receive, opening, file operation, drawing of random bytes, timer
 * and slot of a table, at its first use, at its second ... until a session passes in which it is not
 * used so often. Then the same again, but from that use on all of them fail until the session ends.
 *
 * Whatever fails, each command line has one final result, nothing is due for ever, and when nothing
 * fails any more the module answers, gives back what it held, and delivers a message.
 *
 * Slots are the core's own: the linker puts the functions below in front of three of its functions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "lab.h"

enum { MINUTE_MS = 60000, WAIT_MS = 400000 };

static struct lab lab;

/* --- faults ----------------------------------------------------------------------------------- */

static enum lab_use failing; /* LAB_USE_COUNT: none */
static enum lab_use asked;   /* the same, for a report when nothing fails any more */
static unsigned fail_at;     /* its use of that number */
static bool on_and_on;       /* and all later ones */
static unsigned uses[LAB_USE_COUNT];

static bool fails(enum lab_use use)
{
    const unsigned number = ++uses[use];

    return use == failing && (on_and_on ? number >= fail_at : number == fail_at);
}

uint8_t __real_atc_pool_take(struct atc_pool *p, size_t len);
uint8_t __wrap_atc_pool_take(struct atc_pool *p, size_t len);
size_t __real_atc_pool_room_without(const struct atc_pool *p, uint8_t block);
size_t __wrap_atc_pool_room_without(const struct atc_pool *p, uint8_t block);
bool __real_atc_exchange_can_take(const struct atc_messages *ms);
bool __wrap_atc_exchange_can_take(const struct atc_messages *ms);

/* Whoever was told that there is room finds it. */
static bool promised;

size_t __wrap_atc_pool_room_without(const struct atc_pool *p, uint8_t block)
{
    promised = !fails(LAB_SLOT);
    return promised ? __real_atc_pool_room_without(p, block) : 0;
}

uint8_t __wrap_atc_pool_take(struct atc_pool *p, size_t len)
{
    const bool refuses = !promised && fails(LAB_SLOT);

    promised = false;
    return refuses ? ATC_NO_BLOCK : __real_atc_pool_take(p, len);
}

bool __wrap_atc_exchange_can_take(const struct atc_messages *ms)
{
    return !fails(LAB_SLOT) && __real_atc_exchange_can_take(ms);
}

/* --- sessions --------------------------------------------------------------------------------- */

/* T: a line is typed. P: data, if the module asks for it. +: seconds pass.
 * L: another link. */
struct session {
    const char *name;
    const struct atc_dialect *dialect;
    bool secure;
    const char *steps[48];
};

static const struct session sessions[] = {
    {"messages",
     &atc_dialect_bc95,
     false,
     {"TAT+QCOAPCREATE=56830",
      "TAT+QCOAPADDRES=1,\"t\"",
      "TAT+QCOAPCFG=\"Showrspopt\",1",
      "TAT+QCOAPHEAD=1",
      "TAT+QCOAPOPTION=1,11,\"echo\"",
      "TAT+QCOAPSEND=0,2,192.0.2.1,5683",
      "P21.5\x1a",
      "+5",
      "TAT+QCOAPDATASTATUS?",
      "TAT+QCOAPHEAD=4,77",
      "TAT+QCOAPOPTION=1,11,\"separate\"",
      "TAT+QCOAPSEND=0,1,192.0.2.1,5683",
      "P\x1a",
      "+5",
      "TAT+QCOAPHEAD=1",
      "TAT+QCOAPSEND=1,1,192.0.2.1,5683",
      "P\x1a",
      "+1",
      "TAT+QCOAPHEAD=1",
      "TAT+QCOAPOPTION=3,11,\"push\",15,\"path=/t\",15,\"type=con\"",
      "TAT+QCOAPSEND=0,2,192.0.2.1,5683",
      "Phello\x1a",
      "+5",
      "TAT+QCOAPHEAD=1",
      "TAT+QCOAPOPTION=3,11,\"push\",15,\"path=/nosuch\",15,\"type=con\"",
      "TAT+QCOAPSEND=0,2,192.0.2.1,5683",
      "Phello\x1a",
      "+60",
      "TAT+QCOAPHEAD=1",
      "TAT+QCOAPOPTION=2,6,0,11,\"time\"",
      "TAT+QCOAPSEND=0,1,192.0.2.1,5683",
      "P\x1a",
      "+40",
      "Lloss=100%",
      "TAT+QCOAPSEND=0,2,192.0.2.1,5683",
      "Plost\x1a",
      "+120",
      "Lperfect",
      "TAT+QCOAPDEL"}},
    {"base commands",
     &atc_dialect_bc95,
     false,
     {"TAT+CEREG=5", "TAT+CSCON=1", "TAT+CGATT=0", "+2", "TAT+CGATT=1", "+2", "TAT+CFUN=0", "+2",
      "TAT+CFUN=1", "+5", "TAT+CSQ", "TAT+CEREG?", "TAT+NRB", "+10", "TAT"}},
    {"messages",
     &atc_dialect_bg96,
     false,
     {"TAT+QCOAPCFG=\"trans\",0,4,5",
      "TAT+QCOAPOPEN=0,\"example.org\",5683",
      "+2",
      "TAT+QCOAPOPTION=0,0,0,11,\"echo\"",
      "TAT+QCOAPOPTION=0,0,1,11,\"separate\"",
      "TAT+QCOAPOPTION=0,0,2,11,\"push\"",
      "TAT+QCOAPOPTION=0,0,3,15,\"path=/t\"",
      "TAT+QCOAPHEADER=0,4660,1",
      "TAT+QCOAPSEND=0,0,2,1,4",
      "P21.5",
      "+5",
      "TAT+QCOAPSEND=0,0,1,2",
      "P\x1a",
      "+5",
      "TAT+QCOAPSEND=0,1,2,1",
      "Pabc\x1a",
      "+2",
      "TAT+QCOAPSEND=0,0,2,12",
      "Phello\x1a",
      "+60",
      "TAT+QCOAPOPTION=0,0,4,6,0",
      "TAT+QCOAPOPTION=0,0,5,11,\"time\"",
      "TAT+QCOAPSEND=0,0,1,48",
      "P\x1a",
      "+40",
      "Lloss=100%",
      "TAT+QCOAPSEND=0,0,2,1",
      "Plost\x1a",
      "+400",
      "Lperfect",
      "TAT+QCOAPOPEN?",
      "TAT+QCOAPCLOSE=0"}},
    {"DTLS",
     &atc_dialect_bg96,
     true,
     {"TAT+QSSLCFG=\"dtls\",0,1", "TAT+QCOAPCFG=\"dtls\",0,1,0",
      "TAT+QCOAPOPEN=0,\"example.org\",5683", "+80", "TAT+QCOAPOPTION=0,0,0,11,\"echo\"",
      "TAT+QCOAPSEND=0,0,2,1,4", "P21.5", "+100", "TAT+QCOAPCLOSE=0",
      "TAT+QCOAPOPEN=0,\"192.0.2.1\",5683", "+80", "TAT+QCOAPSEND=0,1,2,0", "Pabc\x1a", "+2",
      "TAT+QCOAPCLOSE=0"}},
    {"files",
     &atc_dialect_bg96,
     false,
     {"TAT+QFUPL=\"a.txt\",10,5", "P0123456789", "TAT+QFLST", "TAT+QFDWL=\"a.txt\"", "TAT+QFLDS",
      "TAT+QFOPEN=\"b.txt\",0", "TAT+QFWRITE=3000,4", "Pabcd", "TAT+QFSEEK=3000,0,0",
      "TAT+QFREAD=3000", "TAT+QFCLOSE=3000", "TAT+QFDEL=\"*\"", "TAT&W", "TAT+CFUN=1,1", "+10",
      "TAT"}},
};

static const struct session *session;

static void stop(const char *why, const char *what)
{
    static const char *const names[] = {"send",   "receive", "open", "file",
                                        "random", "timer",   "slot", "nothing"};

    (void)fprintf(stderr, "not so: %s%s; session \"%s\" of %s, %s fails at its use %u%s\n%s\n", why,
                  what, session->name, session->dialect == &atc_dialect_bc95 ? "BC95" : "BG96",
                  names[asked], fail_at, on_and_on ? " and all later ones" : "", lab.text);
    exit(1);
}

/* Whether the module waits for data. */
static bool is_asking(const char *reply)
{
    const size_t len = strlen(reply);

    return (len >= 1 && reply[len - 1] == '>') ||
           (len >= 2 && strcmp(reply + len - 2, "> ") == 0) ||
           (len >= 9 && strcmp(reply + len - 9, "CONNECT\r\n") == 0);
}

/* Type a line, and wait for its end or for a prompt. */
static const char *type_line(const char *text)
{
    char line[128];
    const unsigned before = lab.finals;
    const char *reply;
    const uint64_t until_ms = lab.now_ms + 10 * MINUTE_MS;

    (void)snprintf(line, sizeof line, "%s\r", text);
    reply = lab_type(&lab, line);
    while (lab.finals == before && !is_asking(reply))
        if (!lab_step(&lab, until_ms))
            stop("no end: ", text);
    if (lab.finals > before + 1)
        stop("two ends: ", text);
    return reply;
}

static const char *take_step(const char *step, const char *last)
{
    const unsigned before = lab.finals;

    if (step[0] == '+') {
        lab_run(&lab, lab.now_ms + strtoul(step + 1, NULL, 10) * 1000u);
        return last;
    }
    if (step[0] == 'L') {
        lab_link(&lab, step + 1);
        return last;
    }
    if (step[0] == 'T')
        return type_line(step + 1);
    if (!is_asking(last))
        return last;
    last = lab_type(&lab, step + 1);
    for (const uint64_t until_ms = lab.now_ms + 10 * MINUTE_MS; lab.finals == before;)
        if (!lab_step(&lab, until_ms))
            stop("no end behind ", step + 1);
    if (lab.finals != before + 1)
        stop("two ends behind ", step + 1);
    return last;
}

/* --- afterwards ------------------------------------------------------------------------------- */

static bool is_ok(const char *reply)
{
    return strstr(reply, "OK\r\n") != NULL && strstr(reply, "ERROR") == NULL;
}

static void expect_ok(const char *line)
{
    const char *reply = type_line(line);

    if (!is_ok(reply))
        stop(line, reply);
}

/* A CON is delivered. */
static void deliver_one(void)
{
    const struct atc_engine *e = (const void *)&lab.modem;
    const bool bc95 = session->dialect == &atc_dialect_bc95;

    if (bc95) {
        expect_ok("AT+QCOAPCREATE=56830");
    } else {
        (void)type_line("AT+QCOAPCFG=\"dtls\",0,0");
        expect_ok("AT+QCOAPOPEN=0,\"192.0.2.1\",5683");
        lab_run(&lab, lab.now_ms + 1000);
    }
    (void)take_step("Pok\x1a",
                    type_line(bc95 ? "AT+QCOAPSEND=0,2,192.0.2.1,5683" : "AT+QCOAPSEND=0,0,2,0"));
    lab_run(&lab, lab.now_ms + 1000);
    if (e->session[0].status != ATC_STATUS_SUCCESS)
        stop("a message is not delivered any more", "");
}

/* Bytes of the pool in use when every client is closed and every lifetime over. CLOSE forgets the
 * options of a client that is open. */
static unsigned held(void)
{
    const struct atc_engine *e = (const void *)&lab.modem;

    if (session->dialect == &atc_dialect_bc95) {
        expect_ok("AT+QCOAPDEL");
    } else {
        (void)type_line("AT+QCOAPCFG=\"dtls\",0,0");
        (void)type_line("AT+QCOAPOPEN=0,\"192.0.2.1\",5683");
        lab_run(&lab, lab.now_ms + MINUTE_MS);
        expect_ok("AT+QCOAPCLOSE=0");
    }
    lab_run(&lab, lab.now_ms + WAIT_MS);
    return (unsigned)(e->pool.end - e->pool.gaps);
}

static void play(const struct session *s)
{
    const struct lab_config config = {.dialect = s->dialect,
                                      .seed = 3,
                                      .now_ms = 1000,
                                      .secure = s->secure,
                                      .keep = true,
                                      .fails = fails};
    const char *last = "";

    session = s;
    memset(uses, 0, sizeof uses);
    lab_open(&lab, &config);
    for (unsigned i = 0; i < sizeof s->steps / sizeof s->steps[0] && s->steps[i] != NULL; i++)
        last = take_step(s->steps[i], last);
}

/* A module that had no random bytes at its start, or was not called for an hour, may still restart. */
static void come_to_rest(void)
{
    failing = LAB_USE_COUNT;
    lab_run(&lab, lab.now_ms + WAIT_MS);
    expect_ok("AT");
    (void)type_line("AT+CFUN=1");
    (void)type_line("AT+CGATT=1");
    lab_run(&lab, lab.now_ms + MINUTE_MS);
}

/* Play a session with a fault. Returns whether the fault came. */
static bool play_fault(const struct session *s, enum lab_use use, unsigned number,
                       unsigned *held_at_most)
{
    bool came;
    unsigned now;

    failing = asked = use;
    fail_at = number;
    play(s);
    came = use < LAB_USE_COUNT && uses[use] >= number;
    come_to_rest();
    now = held();
    if (use == LAB_USE_COUNT)
        *held_at_most = now;
    if (now > *held_at_most)
        stop("something is not given back", "");
    deliver_one();
    if (held() > *held_at_most)
        stop("something is not given back behind one more message", "");
    lab_close(&lab);
    return came;
}

static unsigned play_faults(const struct session *s)
{
    unsigned held_at_most = 0, played = 0;

    on_and_on = false;
    (void)play_fault(s, LAB_USE_COUNT, 0, &held_at_most);
    (void)printf("%-14s %s:", s->name, s->dialect == &atc_dialect_bc95 ? "BC95" : "BG96");
    for (unsigned use = 0; use < LAB_USE_COUNT; use++) {
        unsigned number = 1;

        for (on_and_on = false; play_fault(s, (enum lab_use)use, number, &held_at_most); number++)
            played++;
        (void)printf(" %u", number - 1);
        number = 1;
        for (on_and_on = true; play_fault(s, (enum lab_use)use, number, &held_at_most); number++)
            played++;
    }
    (void)printf("\n");
    return played;
}

int main(void)
{
    unsigned played = 0;

    (void)printf("uses of           send, receive, open, file, random, timer, slot\n");
    for (unsigned i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
        played += play_faults(&sessions[i]);
    (void)printf("%u sessions with a fault\n", played);
    return 0;
}
