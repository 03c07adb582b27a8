/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "manual.h"
#include "world.h"

/* Time that passes behind each line, so that its answers and its restart are over. */
enum { PAUSE_MS = 4000 };

enum { TE_MAX = 8192, FLIGHT_MAX = 16, SEED = 4, LINE_MAX_LEN = 256 };

struct play {
    FILE *out;
    const char *indent;
    struct sim_world world;
    struct sim_peer peer;
    struct sim_store store;
    bool asked; /* a prompt waits for data, its line is not ended */
    unsigned long mid;
};

static bool start(struct play *play, const struct atc_dialect *d)
{
    static const struct sim_name server = {
        .addr = {.ip = {192, 0, 2, 1}, .family = ATC_FAMILY_IPV4}};
    const struct atc_addr address = {.ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};
    struct atc_config modem = {.dialect = d};
    struct sim_world_config config = {.modem = &modem,
                                      .modem_count = 1,
                                      .peers = &play->peer,
                                      .peer_count = 1,
                                      .names = &server,
                                      .name_count = 1,
                                      .stores = &play->store,
                                      .flight_max = FLIGHT_MAX,
                                      .te_max = TE_MAX,
                                      .seed = SEED};

    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    sim_peer_init(&play->peer, &address, NULL, SEED, 0);
    sim_store_init(&play->store, SIM_STORE_BYTES);
    return sim_world_open(&play->world, &config) == 0;
}

static void type(struct play *play, const char *data, size_t len)
{
    while (len > 0) {
        const size_t taken = sim_world_te_write(&play->world, 0, (const uint8_t *)data, len);

        data += taken;
        len -= taken;
        sim_world_run(&play->world, play->world.now_ms + 1);
    }
}

/* Keep the message ID of a request if one was reported: +QCOAPURC: "req",<type>,<method>,<msgid>. */
static void note_request(struct play *play, const char *said, size_t len)
{
    static const char head[] = "\"req\",";

    for (size_t i = 0; i + sizeof head + 4 < len; i++) {
        if (memcmp(said + i, head, sizeof head - 1) == 0)
            play->mid = strtoul(said + i + sizeof head - 1 + 4, NULL, 10);
    }
}

/* Print what the module said, a line each; the frames of replies and URCs look alike. */
static void show(struct play *play)
{
    size_t len = 0;
    const uint8_t *said = sim_world_te(&play->world, 0, &len);
    bool fresh = true;

    note_request(play, (const char *)said, len);
    for (size_t i = 0; i < len; i++) {
        if (said[i] == '\r' || (said[i] == '\n' && fresh))
            continue;
        if (fresh)
            (void)fputs(play->indent, play->out);
        (void)fputc(said[i], play->out);
        fresh = said[i] == '\n';
    }
    play->asked = !fresh;
    sim_world_te_drop(&play->world, 0, len);
}

/* Put the message ID in its place. */
static void fill_in(char out[LINE_MAX_LEN], const struct play *play, const char *line, size_t len)
{
    const char *place = strstr(line, "{mid}");

    if (place == NULL || place >= line + len)
        (void)snprintf(out, LINE_MAX_LEN, "%.*s", (int)len, line);
    else
        (void)snprintf(out, LINE_MAX_LEN, "%.*s%lu%.*s", (int)(place - line), line, play->mid,
                       (int)(line + len - place) - 5, place + 5);
}

/* A line of an example, the first character of data not counted. */
static void type_line(struct play *play, const char *line, size_t len)
{
    const size_t skip = line[0] == '>' || line[0] == '=' ? 1 : 0;
    const char *end = line[0] == '>' ? "\x1a" : line[0] == '=' ? "" : "\r";
    char typed[LINE_MAX_LEN];

    fill_in(typed, play, line + skip, len - skip);
    if (!play->asked)
        (void)fputs(play->indent, play->out);
    (void)fprintf(play->out, "%s%s\n", typed, *end == '\x1a' ? "<Ctrl+Z>" : "");
    type(play, typed, strlen(typed));
    type(play, end, strlen(end));
    sim_world_run(&play->world, play->world.now_ms + PAUSE_MS);
    show(play);
}

bool manual_play(FILE *out, const struct atc_dialect *d, const char *example, const char *indent)
{
    struct play *play = calloc(1, sizeof *play);

    if (play == NULL || !start(play, d)) {
        free(play);
        return false;
    }
    play->out = out;
    play->indent = indent;
    while (*example != '\0') {
        const size_t len = strcspn(example, "\n");

        type_line(play, example, len);
        example += len + (example[len] == '\n');
    }
    sim_world_close(&play->world);
    free(play);
    return true;
}
