/* SPDX-License-Identifier: MIT
 *
 * The host is cut off at every byte of every transcript, and another one is started: it types ESC and
 * a line end, then AT. A copy of the module that was made at that byte must answer OK. If data of a
 * known length are being entered, which may be anything, the new host has to type as many; where it
 * does not, or a command still runs, time helps. A prompt without a length ends with the ESC.
 *
 * The transcripts are played as atcoap test does, byte by byte; whether they pass is not asked here.
 *
 * usage: cut DIR...     folders with transcripts
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine.h"
#include "lint.h"
#include "script_play.h"
#include "script_world.h"

/* Of what is typed in one go, these many bytes at both ends are tried, and one in STRIDE between. */
enum { EDGE = 200, STRIDE = 61 };
enum { SECOND_MS = 1000, DAY_MS = 86400000 };

/* How the module came back. */
enum remedy { AT_ONCE, BY_DATA, BY_TIME, REMEDY_COUNT };

static unsigned long long tried, remedies[REMEDY_COUNT];
static unsigned transcripts, powered_off;
static const char *playing;

/* --- the copy --------------------------------------------------------------------------------- */

static struct atc_modem copy;
static uint64_t now_ms;
static bool answered; /* a command line has ended with success */

static bool no_random(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    memset(buf, 7, len);
    return true;
}

static void watch(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    answered = answered || (record->kind == ATC_TRACE_COMMAND && record->to == ATC_OK);
}

static void answer(uint32_t order, bool file)
{
    struct atc_event event = {.kind = ATC_EVENT_DONE, .order = order};

    if (file) {
        event.kind = ATC_EVENT_FILE_DONE;
        event.cause = ATC_CAUSE_FILE_STORE;
    }
    atc_event(&copy, &event, now_ms);
}

static void settle(void)
{
    struct atc_order order;
    size_t len;

    for (bool any = true; any;) {
        any = false;
        for (; atc_te_peek(&copy, &len) != NULL && len > 0; any = true)
            atc_te_drop(&copy, len);
        for (; atc_order_next(&copy, &order); any = true)
            if (order.kind != ATC_ORDER_CLOSE && order.kind != ATC_ORDER_UART)
                answer(order.id, order.kind == ATC_ORDER_FILE);
    }
}

static void pass(uint64_t ms)
{
    const uint64_t until_ms = now_ms + ms;

    settle();
    while (atc_deadline_ms(&copy) <= until_ms) {
        now_ms = atc_deadline_ms(&copy) > now_ms ? atc_deadline_ms(&copy) : now_ms;
        atc_tick(&copy, now_ms);
        settle();
    }
    now_ms = until_ms;
    atc_tick(&copy, now_ms);
    settle();
}

/* What is not taken is lost, as on a port without flow control. */
static void type(const char *data, size_t len)
{
    for (size_t done = 0, n = 1; n > 0 && done < len; done += n) {
        n = atc_te_write(&copy, (const uint8_t *)data + done, len - done, now_ms);
        settle();
    }
}

/* A new host: it cancels what may be going on, then asks. */
static bool ask(void)
{
    const struct atc_engine *e = (const void *)&copy;
    const char end = (char)e->line.end; /* ATS3 may have changed it, and the host knows */
    const char cancel[] = {ATC_ESC, end}, at[] = {'A', 'T', end};

    type(cancel, sizeof cancel);
    pass(SECOND_MS);
    answered = false;
    type(at, sizeof at);
    pass(SECOND_MS);
    return answered;
}

static enum remedy bring_back(void)
{
    char filler[ATC_PAYLOAD_MAX];

    if (ask())
        return AT_ONCE;
    memset(filler, 'x', sizeof filler);
    type(filler, sizeof filler);
    if (ask())
        return BY_DATA;
    pass(DAY_MS);
    return ask() ? BY_TIME : REMEDY_COUNT;
}

/* --- the transcript --------------------------------------------------------------------------- */

static struct script_world world;
static struct script_target inner;
static unsigned line_bytes;

static void fail_cut(const char *why)
{
    const struct atc_engine *e = (const void *)sim_world_modem(&world.world, 0);

    (void)fprintf(stderr, "not so: %s: cut behind %u bytes, the line is in state %s: %s\n", playing,
                  line_bytes, atc_line_state_name(e->line.state), why);
    exit(1);
}

static void cut(void)
{
    struct atc_engine *e = (void *)&copy;
    enum remedy remedy;

    memcpy(&copy, sim_world_modem(&world.world, 0), sizeof copy);
    if (atc_is_off(&copy)) {
        powered_off++;
        return;
    }
    e->cfg.random = no_random;
    e->cfg.trace = watch;
    now_ms = world.world.now_ms;
    for (unsigned i = 0; i < SCRIPT_PENDING_MAX; i++) /* what the transcript would answer later */
        if (world.pending[i].used)
            answer(world.pending[i].id, false);
    remedy = bring_back();
    if (atc_is_off(&copy)) { /* what was typed was AT+QPOWD, but for its end */
        powered_off++;
        return;
    }
    if (remedy == REMEDY_COUNT)
        fail_cut("AT is not answered any more");
    remedies[remedy]++;
    tried++;
}

static const char *write_and_cut(void *ctx, const void *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *why = inner.write(ctx, (const char *)data + i, 1);

        line_bytes++;
        if (why != NULL)
            return why;
        if (i < EDGE || len - i <= EDGE || i % STRIDE == 0)
            cut();
    }
    return NULL;
}

static void play(const struct script *script)
{
    struct script_buf accepted = {0};
    struct script_result result;
    struct script_target outer;

    memset(&world, 0, sizeof world);
    script_world_target(&world, NULL, &inner);
    outer = inner;
    outer.write = write_and_cut;
    line_bytes = 0;
    script_play(script, &outer, &accepted, &result);
    script_buf_free(&world.found);
    script_buf_free(&result.message);
    script_buf_free(&accepted);
    transcripts++;
}

/* --- folders ---------------------------------------------------------------------------------- */

static void play_file(const char *path)
{
    struct script_buf text = {0};
    struct script script;
    char part[4096];
    size_t n;
    FILE *file = fopen(path, "rb");

    playing = path;
    if (file == NULL)
        fail_cut("it cannot be read");
    while ((n = fread(part, 1, sizeof part, file)) > 0)
        script_buf_add(&text, part, n);
    (void)fclose(file);
    if (script_parse(&script, script_span_buf(&text), 1) == NULL)
        play(&script);
    script_free(&script);
    script_buf_free(&text);
}

static void play_folder(const char *folder)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat info;
        const char *name = entries[i]->d_name, *dot = strrchr(name, '.');

        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        if (name[0] != '.' && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            play_folder(path);
        else if (dot != NULL && strcmp(dot, ".txt") == 0)
            play_file(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        play_folder(argv[i]);
    (void)printf(
        "%u transcripts, cut at %llu bytes: %llu times AT was answered at once, %llu times when "
        "the data had been filled up, %llu times when time had passed; %u times the module was "
        "switched off\n",
        transcripts, tried, remedies[AT_ONCE], remedies[BY_DATA], remedies[BY_TIME], powered_off);
    if (transcripts < 100 || tried < 100 * transcripts) {
        (void)fprintf(stderr, "usage: cut DIR...     so few are not all there are\n");
        return 2;
    }
    return 0;
}
