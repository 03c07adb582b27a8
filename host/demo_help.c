/* SPDX-License-Identifier: MIT */
#include "demo_help.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "addr.h"

enum { COMMAND_COLUMN = 36 };

struct demo_topic {
    const char *command; /* NULL ends the list */
    const char *meaning;
};

static const struct demo_topic bg96_topics[] = {
    {"AT+QCOAPOPEN=0,\"{host}\",{port}", "open client 0"},
    {"AT+QCOAPOPEN?", "the clients there are; 3 is connected"},
    {"AT+QCOAPOPTION=0,0,0,11,\"hello\"", "slot 0: Uri-Path (11) hello"},
    {"AT+QCOAPOPTION=0,0,1,6,0", "slot 1: Observe (6), from now on"},
    {"AT+QCOAPOPTION=0,1,1", "empty slot 1"},
    {"AT+QCOAPHEADER=0,1234,1", "ID 1234, any token, for the next message"},
    {"AT+QCOAPSEND=0,0,1,1", "CON (0) GET (1) with slot 0 (bit mask 1)"},
    {"AT+QCOAPSEND=0,1,2,1,5", "NON (1) POST (2), slot 0, five bytes"},
    {"AT+QCOAPCFG=\"trans\",0,4,5", "wait 4 s for an ACK, send again 5 times"},
    {"AT+QCOAPCLOSE=0", "close client 0"},
    {"AT+CSQ", "signal quality"},
    {"AT+CEREG?", "registration with the network"},
    {"ATI", "what the module is"},
    {NULL, NULL},
};

static const struct demo_topic bc95_topics[] = {
    {"AT+QCOAPCREATE=56830", "create the context, on that UDP port"},
    {"AT+QCOAPADDRES=4,\"/t/d\"", "add a resource of the module's own"},
    {"AT+QCOAPHEAD=3,5566", "ID 5566, no token, for the next message"},
    {"AT+QCOAPOPTION=1,11,\"hello\"", "one option: Uri-Path (11) hello"},
    {"AT+QCOAPOPTION=2,6,\"0\",11,\"time\"", "two: Observe (6), Uri-Path time"},
    {"AT+QCOAPSEND=0,1,{host},{port}", "send a CON (0) GET (1)"},
    {"AT+QCOAPSEND=1,2,{host},{port}", "send a NON (1) POST (2)"},
    {"AT+QCOAPDATASTATUS?", "was it acknowledged; 4 is yes"},
    {"AT+QCOAPCFG=\"Showra\",1", "results name the sender"},
    {"AT+QCOAPCFG=\"Showrspopt\",1", "results show options"},
    {"AT+QCOAPDEL", "delete the context"},
    {"AT+CSQ", "signal quality"},
    {"AT+CEREG?", "registration with the network"},
    {"ATI", "what the module is"},
    {NULL, NULL},
};

/* The path of hints: a request, then an observation. */
static const char *const bg96_path[] = {
    "AT+QCOAPOPEN=0,\"{host}\",{port}",
    "AT+QCOAPOPTION=0,0,0,11,\"hello\"",
    "AT+QCOAPSEND=0,0,1,1",
    "AT+QCOAPOPTION=0,0,1,11,\"time\"",
    "AT+QCOAPOPTION=0,0,2,6,0",
    "AT+QCOAPSEND=0,0,1,6,0",
    "AT+QCOAPCLOSE=0",
    NULL,
};

static const char *const bc95_path[] = {
    "AT+QCOAPCREATE=56830",
    "AT+QCOAPOPTION=1,11,\"hello\"",
    "AT+QCOAPSEND=0,1,{host},{port}",
    "AT+QCOAPOPTION=2,6,\"0\",11,\"time\"",
    "AT+QCOAPSEND=0,1,{host},{port}",
    "AT+QCOAPDEL",
    NULL,
};

static const char *const *path_of(const struct demo_help *help)
{
    return help->topics == bg96_topics ? bg96_path : bc95_path;
}

static void expand(const struct demo_help *help, const char *text, struct script_buf *out)
{
    (void)script_expand(script_span_of(text), SCRIPT_LINE, &help->vars, out);
}

static void set_hint(struct demo_help *help)
{
    const char *command = path_of(help)[help->step];
    struct script_buf text = {0};
    if (command != NULL) {
        expand(help, command, &text);
        script_buf_text(&text, "  (Tab takes this; help commands; quit)");
    } else {
        script_buf_text(&text, "help commands  (what else there is; quit leaves)");
    }
    (void)snprintf(help->hint, sizeof help->hint, "%.*s", (int)text.len, text.data);
    script_buf_free(&text);
}

void demo_help_start(struct demo_help *help, const struct atc_dialect *dialect,
                     const struct atc_addr *server)
{
    char address[ADDR_TEXT_MAX];
    addr_text(address, server);
    script_vars_rewind(&help->vars, 0);
    (void)script_match(script_span_of("{host:R}:{port:N}"), SCRIPT_LINE, &help->vars, address,
                       strlen(address), NULL);
    help->topics = dialect == &atc_dialect_bg96 ? bg96_topics : bc95_topics;
    help->step = 0;
    set_hint(help);
}

/* The part of a command that names it: "AT+QCOAPOPEN" of "AT+QCOAPOPEN=0,...". */
static size_t name_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] != '=' && text[n] != '?')
        n++;
    return n;
}

void demo_help_typed(struct demo_help *help, struct script_span line)
{
    const char *wanted = path_of(help)[help->step];
    if (wanted == NULL)
        return;
    const size_t len = name_len(wanted, strlen(wanted));
    if (name_len(line.text, line.len) != len || strncasecmp(line.text, wanted, len) != 0)
        return;
    help->step++;
    set_hint(help);
}

static void list_topic(const struct demo_help *help, const struct demo_topic *topic,
                       struct script_buf *out)
{
    const size_t start = out->len;
    script_buf_text(out, "  ");
    expand(help, topic->command, out);
    do
        script_buf_byte(out, ' ');
    while (out->len - start < COMMAND_COLUMN);
    script_buf_text(out, topic->meaning);
    script_buf_byte(out, '\n');
}

void demo_help_list(const struct demo_help *help, struct script_buf *out)
{
    for (const struct demo_topic *t = help->topics; t->command != NULL; t++)
        list_topic(help, t, out);
    script_buf_text(
        out, "  help QCOAPSEND tells all about a command; AT+QCOAPSEND=? asks the module.\n"
             "Keys\n"
             "  Left, Right, Home, End, Backspace, Ctrl+U (all away), Ctrl+K (the rest away)\n"
             "  Up, Down: lines typed before. Tab: the hint. Ctrl+D or quit: leave.\n"
             "  When the module asks for data: Ctrl+Z sends them, ESC cancels.\n");
}

void demo_help_free(struct demo_help *help)
{
    script_vars_free(&help->vars);
}
