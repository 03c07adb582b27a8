/* SPDX-License-Identifier: MIT
 *
 * Reads the options of atcoap run, makes the module's port and lets the loop
 * run. Leaves the loop to loop.c and each kind of port to its own file.
 */
#include "run.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "dialects.h"
#include "loop.h"
#include "options.h"
#include "pty.h"
#include "status.h"
#include "stdport.h"
#include "tcp.h"

enum attach { ATTACH_NONE, ATTACH_PTY, ATTACH_TCP, ATTACH_STDIO };

struct run_options {
    enum attach attach;
    const char *pty_link;
    const char *tcp_where;
    struct atc_config config;
    const char *files;
    struct atc_addr bind;
    enum udp_local_port local_port;
    uint64_t seed;
    bool seeded;
    bool verbose;
    bool help;
};

struct run {
    struct run_options options;
    struct loop loop;
    struct pty pty;
    struct tcp tcp;
    struct stdport std;
    struct store store;
};

static int set_attach(struct run_options *o, const struct option *option, enum attach attach)
{
    if (o->attach != ATTACH_NONE && o->attach != attach)
        return options_wrong(option, NULL,
                             "the module has one port: choose one of --pty, "
                             "--tcp and --stdio");
    o->attach = attach;
    return STATUS_GOOD;
}

static int take_pty(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (value != NULL && *value == '\0')
        return options_wrong(option, value, "give a path, or --pty alone");
    o->pty_link = value;
    return set_attach(o, option, ATTACH_PTY);
}

static int take_tcp(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->tcp_where = value;
    return set_attach(o, option, ATTACH_TCP);
}

static int take_stdio(void *target, const struct option *option, const char *value)
{
    (void)value;
    return set_attach(target, option, ATTACH_STDIO);
}

static int take_dialect(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->config.dialect = dialects_find(value);
    return o->config.dialect != NULL ? STATUS_GOOD
                                     : options_wrong(option, value, "give " DIALECTS_KNOWN);
}

static bool is_identity(const char *text)
{
    return strlen(text) == 15 && strspn(text, "0123456789") == 15;
}

static int take_imei(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (!is_identity(value))
        return options_wrong(option, value, "give 15 digits");
    o->config.imei = value;
    return STATUS_GOOD;
}

static int take_imsi(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (!is_identity(value))
        return options_wrong(option, value, "give 15 digits");
    o->config.imsi = value;
    return STATUS_GOOD;
}

/* A text in lines of at most 79 columns. */
static void put_wrapped(FILE *out, const char *indent, const char *text)
{
    while (*text != '\0') {
        size_t len = strlen(text);

        if (strlen(indent) + len > 79) {
            len = 79 - strlen(indent);
            while (len > 1 && text[len] != ' ')
                len--;
        }
        (void)fprintf(out, "%s%.*s\n", indent, (int)len, text);
        text += len + (text[len] == ' ');
    }
}

static void list_settings(FILE *out)
{
    const struct atc_setting_info *info = NULL;

    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        (void)fprintf(out, "  %s=%s (%s)\n", info->key, info->values, info->source);
        put_wrapped(out, "      ", info->meaning);
    }
}

static const struct atc_setting_info *find_setting(const char *key)
{
    const struct atc_setting_info *info = NULL;

    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        if (strcmp(info->key, key) == 0)
            return info;
    }
    return NULL;
}

static int reject_setting(const struct option *option, const char *text, const char *key)
{
    const struct atc_setting_info *info = find_setting(key);
    char allowed[128];

    if (info != NULL) {
        (void)snprintf(allowed, sizeof allowed, "%s takes %s", info->key, info->values);
        return options_wrong(option, text, allowed);
    }
    (void)options_wrong(option, text, "no such setting; there are");
    list_settings(stderr);
    return STATUS_USAGE;
}

static int take_set(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;
    const size_t key_len = strcspn(value, "=");
    char key[32] = "";

    if (key_len >= sizeof key || value[key_len] == '\0')
        return options_wrong(option, value, "give KEY=VALUE, as in head=keep");
    memcpy(key, value, key_len);
    if (atc_setting(&o->config.settings, key, value + key_len + 1) != 0)
        return reject_setting(option, value, key);
    return STATUS_GOOD;
}

static int take_files(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->files = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a folder");
}

static int take_seed(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->seeded = true;
    if (!options_number(&o->seed, value, UINT64_MAX))
        return options_wrong(option, value, "give a number from 0 to 18446744073709551615");
    return STATUS_GOOD;
}

static int take_bind(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (strcmp(value, "any") == 0)
        o->bind.family = ATC_FAMILY_NONE;
    else if (!addr_parse(&o->bind, value))
        return options_wrong(option, value,
                             "give an IPv4 or IPv6 address of this machine, "
                             "or any");
    return STATUS_GOOD;
}

static int take_local_port(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (strcmp(value, "exact") == 0)
        o->local_port = UDP_PORT_EXACT;
    else if (strcmp(value, "any") == 0)
        o->local_port = UDP_PORT_ANY;
    else
        return options_wrong(option, value, "give exact or any");
    return STATUS_GOOD;
}

static int take_verbose(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    (void)option;
    (void)value;
    o->verbose = true;
    return STATUS_GOOD;
}

static int take_help(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    (void)option;
    (void)value;
    o->help = true;
    return STATUS_GOOD;
}

static const struct option rows[] = {
    {.meaning = "Attach: where your program finds the module's serial port"},
    {.name = "pty",
     .takes = OPTION_OPTIONAL,
     .value = "LINK",
     .meaning = "a pseudo terminal (the default); LINK names it: a\n"
                "symbolic link, removed at the end",
     .take = take_pty},
    {.name = "tcp",
     .takes = OPTION_NEEDED,
     .value = "[HOST:]PORT",
     .meaning = "a TCP port; loopback without HOST, a free one for 0.\n"
                "One client at a time, the next waits for its turn",
     .take = take_tcp},
    {.name = "stdio",
     .meaning = "standard input and output; ends when the input does\n"
                "and every command has been answered",
     .take = take_stdio},
    {.meaning = "Module: which one it is"},
    {.name = "dialect",
     .takes = OPTION_NEEDED,
     .value = "NAME",
     .meaning = DIALECTS_KNOWN "; default bg96",
     .take = take_dialect},
    {.name = "imei",
     .takes = OPTION_NEEDED,
     .value = "DIGITS",
     .meaning = "15 digits",
     .take = take_imei},
    {.name = "imsi",
     .takes = OPTION_NEEDED,
     .value = "DIGITS",
     .meaning = "15 digits",
     .take = take_imsi},
    {.name = "set",
     .takes = OPTION_NEEDED,
     .value = "KEY=VALUE",
     .meaning = "choose where the notes leave a choice; may be\n"
                "repeated. All keys: atcoap help settings",
     .take = take_set},
    {.name = "files",
     .takes = OPTION_NEEDED,
     .value = "DIR",
     .meaning = "keep the module's files in this folder between runs;\n"
                "without it they are gone at the end",
     .take = take_files},
    {.meaning = "Network: the CoAP side"},
    {.name = "bind",
     .takes = OPTION_NEEDED,
     .value = "ADDRESS",
     .meaning = "send from this address only; default any, of IPv4\n"
                "and IPv6",
     .take = take_bind},
    {.name = "local-port",
     .takes = OPTION_NEEDED,
     .value = "exact|any",
     .meaning = "take the UDP port the AT command names (default), or\n"
                "a free one, for several modules on one machine",
     .take = take_local_port},
    {.name = "seed",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "the same message IDs and tokens on each run; without\n"
                "it nobody can predict them",
     .take = take_seed},
    {.meaning = "Record"},
    {.name = "verbose",
     .letter = 'v',
     .meaning = "AT bytes, datagrams and the module's steps on stderr",
     .take = take_verbose},
    {.name = "help", .letter = 'h', .meaning = "this text", .take = take_help},
};

static const struct options table = {rows, sizeof rows / sizeof rows[0], "run"};

void run_help(FILE *out)
{
    (void)fputs("usage: atcoap run [options]\n"
                "\n"
                "One virtual module: CoAP AT commands on a serial port, real CoAP "
                "behind it.\n"
                "It says on stderr where the port is, and runs until Ctrl+C or "
                "SIGTERM.\n",
                out);
    options_help(&table, out);
    (void)fputs("\n"
                "Examples\n"
                "  atcoap run --pty=/tmp/modem0      then: picocom /tmp/modem0\n"
                "  atcoap run --dialect=bc95 --tcp=7000 -v\n"
                "  printf 'ATI\\r' | atcoap run --stdio --set echo=off\n"
                "\n"
                "More: atcoap help settings, docs/commands.md (the AT commands),\n"
                "docs/deviations.md (where the notes are silent, and what it does).\n",
                out);
}

void run_help_settings(FILE *out)
{
    (void)fputs("Settings for atcoap run --set KEY=VALUE. The first value is "
                "the default; D-nn\nis the entry in docs/deviations.md.\n\n",
                out);
    list_settings(out);
}

static void on_tcp_ended(void *ctx)
{
    struct run *run = ctx;

    log_note("tcp client %s left", run->tcp.client);
    port_detach(&run->loop.port);
}

static void on_tcp_free(void *ctx)
{
    struct run *run = ctx;

    tcp_next(&run->tcp);
}

static void on_stdio_ended(void *ctx)
{
    struct run *run = ctx;

    loop_stop(&run->loop);
}

/* The terminal's master does not end, unless the system takes it away. */
static void on_pty_ended(void *ctx)
{
    struct run *run = ctx;

    log_note("the pseudo terminal failed");
    loop_stop(&run->loop);
}

static int attach(struct run *run, int in_fd, int out_fd)
{
    const int error = port_attach(&run->loop.port, in_fd, out_fd);

    if (error == 0)
        return STATUS_GOOD;
    log_note("cannot watch the port: %s", uv_strerror(error));
    return STATUS_SYSTEM;
}

static int open_pty(struct run *run)
{
    int in_fd = -1, out_fd = -1;
    int status = pty_open(&run->pty, run->options.pty_link, &in_fd, &out_fd);

    if (status != STATUS_GOOD)
        return status;
    run->loop.port_ended = on_pty_ended;
    status = attach(run, in_fd, out_fd);
    if (status != STATUS_GOOD)
        pty_close(&run->pty);
    else if (run->pty.linked)
        log_note("pty %s link %s", run->pty.path, run->pty.link);
    else
        log_note("pty %s", run->pty.path);
    return status;
}

static int open_tcp(struct run *run)
{
    run->loop.port_ended = on_tcp_ended;
    run->loop.port_free = on_tcp_free;
    return tcp_open(&run->tcp, &run->loop.port, &run->loop.uv, run->options.tcp_where);
}

static int open_stdio(struct run *run)
{
    int in_fd = -1, out_fd = -1;
    const int status = stdport_open(&run->std, &in_fd, &out_fd);

    if (status != STATUS_GOOD)
        return status;
    run->loop.port_ended = on_stdio_ended;
    return attach(run, in_fd, out_fd);
}

static int open_port(struct run *run)
{
    switch (run->options.attach) {
    case ATTACH_NONE:
    case ATTACH_PTY:
        return open_pty(run);
    case ATTACH_TCP:
        return open_tcp(run);
    case ATTACH_STDIO:
        return open_stdio(run);
    }
    return STATUS_SYSTEM;
}

static void close_port(struct run *run)
{
    switch (run->options.attach) {
    case ATTACH_NONE:
    case ATTACH_PTY:
        pty_close(&run->pty);
        return;
    case ATTACH_TCP:
        return; /* the loop has closed it */
    case ATTACH_STDIO:
        stdport_close(&run->std);
        return;
    }
}

static int open_files(struct run *run)
{
    const char *path = run->options.files;

    if (path == NULL)
        return STATUS_GOOD;
    if (store_open(&run->store, path) != 0) {
        log_note("--files=%s: %s", path, strerror(errno));
        return STATUS_SYSTEM;
    }
    run->loop.folder = &run->store;
    return STATUS_GOOD;
}

static void close_files(struct run *run)
{
    if (run->loop.folder != NULL)
        store_close(run->loop.folder);
}

static int start(struct run *run)
{
    struct run_options *o = &run->options;
    int error = loop_init(&run->loop, o->verbose);

    if (error != 0) {
        log_note("no event loop: %s", uv_strerror(error));
        return STATUS_SYSTEM;
    }
    run->loop.ctx = run;
    run->loop.udp.bind = o->bind;
    run->loop.udp.local_port = o->local_port;
    run->loop.resolve.family = o->bind.family;
    if (o->seeded) {
        entropy_seeded(&run->loop.entropy, o->seed);
        log_note("seed %llu", (unsigned long long)o->seed);
    }
    error = loop_start(&run->loop, &o->config);
    if (error != 0) {
        log_note("the module does not start: error %d", error);
        return STATUS_SYSTEM;
    }
    error = open_files(run);
    return error == STATUS_GOOD ? open_port(run) : error;
}

int run_main(int argc, char **argv)
{
    static struct run run; /* too large for some stacks */
    struct run_options *o = &run.options;
    int status = STATUS_GOOD;

    o->config.dialect = &atc_dialect_bg96;
    atc_settings_default(&o->config.settings);
    status = options_read(&table, o, argc, argv);
    if (status == STATUS_GOOD && o->help) {
        run_help(stdout);
        return STATUS_GOOD;
    }
    if (status != STATUS_GOOD)
        return status;
    status = start(&run);
    if (status != STATUS_GOOD)
        return status;
    loop_run(&run.loop);
    close_port(&run);
    close_files(&run);
    /* libuv would wait at exit for a resolver that may take half a minute. */
    if (loop_is_resolving(&run.loop))
        _exit(status);
    return status;
}
