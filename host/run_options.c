/* SPDX-License-Identifier: MIT */
#include "run_options.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "config.h"
#include "dialects.h"
#include "entropy.h"
#include "link_text.h"
#include "options_sim.h"
#include "run.h"
#include "status.h"
#include "sweep.h"
#include "uart_text.h"
#include "udp.h"

/* Settings of the core that a mistyped name is compared with. */
enum { SETTINGS_MAX = 64 };

/* The command line wins over a file. */
static int set_attach(struct run_options *o, const struct option *option, enum attach_kind kind)
{
    const bool from_file = option->origin != NULL;

    if (o->attach.kind != ATTACH_NONE && o->attach.kind != kind && o->attach_from_file == from_file)
        return options_wrong(option, NULL,
                             "the module has one port: choose one of --pty, --tcp, --serial and "
                             "--stdio");
    o->attach.kind = kind;
    o->attach_from_file = from_file;
    return STATUS_GOOD;
}

static int take_pty(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (value != NULL && *value == '\0')
        return options_wrong(option, value, "give a path, or --pty alone");
    o->attach.pty_link = value;
    return set_attach(o, option, ATTACH_PTY);
}

static int take_tcp(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->attach.tcp_where = value;
    return set_attach(o, option, ATTACH_TCP);
}

static int take_stdio(void *target, const struct option *option, const char *value)
{
    (void)value;
    return set_attach(target, option, ATTACH_STDIO);
}

static int take_serial(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->attach.serial_where = value;
    o->config.baud = serial_speed(value);
    return set_attach(o, option, ATTACH_SERIAL);
}

static int take_exec(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->exec = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a command");
}

static int take_wait_client(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    (void)option;
    (void)value;
    o->attach.wait_client = true;
    return STATUS_GOOD;
}

static int take_ready_fd(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;
    uint64_t number = 0;

    if (!options_number(&number, value, INT_MAX) || fcntl((int)number, F_GETFD) < 0)
        return options_wrong(option, value, "give the number of a file descriptor that is open");
    o->attach.ready_fd = (int)number;
    return STATUS_GOOD;
}

static int take_config(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (o->config_path != NULL)
        return options_wrong(option, value, "give one file");
    o->config_path = value;
    return STATUS_GOOD;
}

static int take_dialect(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->config.dialect = dialects_find(value);
    o->config.model = dialects_model(value);
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

static const struct atc_setting_info *find_setting(const char *key)
{
    const struct atc_setting_info *info = NULL;

    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        if (strcmp(info->key, key) == 0)
            return info;
    }
    return NULL;
}

static const char *nearest_setting(const char *key)
{
    const char *names[SETTINGS_MAX] = {NULL};
    const struct atc_setting_info *info = NULL;

    for (size_t i = 0; i < SETTINGS_MAX - 1 && (info = atc_setting_info(i)) != NULL; i++)
        names[i] = info->key;
    return options_nearest(key, names);
}

static int reject_setting(const struct option *option, const char *text, const char *key)
{
    const struct atc_setting_info *info = find_setting(key);
    const char *nearest = nearest_setting(key);
    char allowed[160];

    if (info != NULL) {
        (void)snprintf(allowed, sizeof allowed, "%s takes %s", info->key, info->values);
        return options_wrong(option, text, allowed);
    }
    info = nearest == NULL ? NULL : find_setting(nearest);
    if (info == NULL)
        return options_wrong(option, text, "no such setting. All: atcoap help settings");
    (void)snprintf(allowed, sizeof allowed,
                   "no such setting; did you mean %s=%s (%s)? All: atcoap help settings", info->key,
                   info->values, info->source);
    return options_wrong(option, text, allowed);
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

static int take_timing(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    return atc_setting(&o->config.settings, "timing", value) == 0
               ? STATUS_GOOD
               : options_wrong(option, value, "give instant, typical or max");
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
    return options_take_seed(&o->seed, option, value);
}

static int take_link(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->link_text = value;
    return options_take_link(&o->link, option, value);
}

static int take_uart(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->uart_text = value;
    return options_take_uart(&o->uart, option, value);
}

static int take_sweep(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (option->origin != NULL)
        return options_wrong(option, value, "it stands on the command line only");
    o->sweep = true;
    return sweep_read(&o->sweep_seeds, value) ? STATUS_GOOD
                                              : options_wrong(option, value, "give a number");
}

static int take_speed(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    return clock_read_speed(&o->speed, value)
               ? STATUS_GOOD
               : options_wrong(option, value,
                               "give a number from 0.1 to 1000, with up to three digits behind "
                               "the point");
}

static int take_bind(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    if (strcmp(value, "any") == 0)
        o->bind.family = ATC_FAMILY_NONE;
    else if (!addr_parse(&o->bind, value))
        return options_wrong(option, value, "give an IPv4 or IPv6 address of this machine, or any");
    else if (!udp_can_bind(&o->bind))
        return options_wrong(option, value,
                             "this machine has no such address; give one that it has, or any");
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

static int take_control(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->control = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a path");
}

static int take_out(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->out = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a folder");
}

static int take_secrets(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    (void)option;
    (void)value;
    o->secrets = true;
    return STATUS_GOOD;
}

static int take_keylog(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    o->keylog = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a file");
}

static int take_strict(void *target, const struct option *option, const char *value)
{
    struct run_options *o = target;

    (void)option;
    (void)value;
    o->strict = true;
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
    {.name = "serial",
     .takes = OPTION_NEEDED,
     .value = "DEV[,BAUD]",
     .meaning = "a serial line to a microcontroller, raw, 8N1, without\n"
                "flow control; BAUD is 115200 if not given",
     .take = take_serial},
    {.name = "stdio",
     .meaning = "standard input and output; ends when the input does\n"
                "and every command has been answered",
     .take = take_stdio},
    {.name = "exec",
     .takes = OPTION_NEEDED,
     .value = "'CMD {}'",
     .meaning = "run CMD by /bin/sh with the port in place of each {}:\n"
                "the PTY's path or link, or HOST:PORT. Signals are\n"
                "passed on to it; atcoap ends with it, with its exit\n"
                "status, or with its own if that is higher",
     .take = take_exec},
    {.name = "wait-client",
     .meaning = "keep the module off until a program opens the port\n"
                "(on --serial and --stdio: until a byte comes), then\n"
                "switch it on: before, nothing is announced, no URC\n"
                "is sent and no time passes for it",
     .take = take_wait_client},
    {.name = "ready-fd",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "write what {} of --exec stands for and a newline to\n"
                "file descriptor N once the port can be opened, then\n"
                "close it",
     .take = take_ready_fd},
    {.name = "uart",
     .takes = OPTION_NEEDED,
     .value = "KEY=VALUE,...",
     .meaning = "what goes wrong on the serial line, as in urc=before\n"
                "or out.drop=0.1%,baud=9600. All of it: atcoap help\n"
                "uart",
     .take = take_uart},
    {.name = "sweep",
     .takes = OPTION_OPTIONAL,
     .value = "N",
     .meaning = "with --exec: run CMD over and over, with every order\n"
                "of URCs, a slow line and the faults of N seeds (20),\n"
                "until one makes it fail: exit status 1",
     .take = take_sweep},
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
     .keyed = true,
     .take = take_set},
    {.name = "timing",
     .takes = OPTION_NEEDED,
     .value = "instant|typical|max",
     .meaning = "how long a command takes: nothing (the default), as\n"
                "on a real module, or as long as the note allows;\n"
                "short for --set timing=...",
     .take = take_timing},
    {.name = "files",
     .takes = OPTION_NEEDED,
     .value = "DIR",
     .meaning = "keep the module's files, and what it stores over a\n"
                "restart, in this folder; without it, for this run",
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
    {.name = "link",
     .takes = OPTION_NEEDED,
     .value = "PRESET|KEY=VALUE,...",
     .meaning = "a bad network between the module and its servers, as\n"
                "in nbiot-ce1,loss=5%. All of it: atcoap help link",
     .take = take_link},
    {.name = "seed",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "the same message IDs, tokens, losses of --link and\n"
                "faults of --uart on each run; without it nobody can\n"
                "predict IDs and tokens, and --link and --uart say\n"
                "which seed they took",
     .take = take_seed},
    {.name = "speed",
     .takes = OPTION_NEEDED,
     .value = "R",
     .meaning = "the module's time and the link's run R times as fast\n"
                "as real time, 0.1 to 1000: time-outs pass sooner",
     .take = take_speed},
    {.name = "control",
     .takes = OPTION_NEEDED,
     .value = "SOCKET",
     .meaning = "a Unix socket at this path, for atcoap ctl to steer\n"
                "the module while it runs: link, coverage, restarts,\n"
                "requests of servers, counters (docs/control.md)",
     .take = take_control},
    {.meaning = "Record"},
    {.name = "out",
     .takes = OPTION_NEEDED,
     .value = "DIR",
     .meaning = "record the run in this folder: the AT port, events,\n"
                "a capture for Wireshark, ladders and a summary\n"
                "(docs/records.md). What an earlier run recorded there\n"
                "is replaced",
     .take = take_out},
    {.name = "secrets",
     .meaning = "with --out: put the secrets of DTLS connections into\n"
                "trace.pcapng, so that Wireshark looks inside; so does\n"
                "--keylog",
     .take = take_secrets},
    {.name = "keylog",
     .takes = OPTION_NEEDED,
     .value = "FILE",
     .meaning = "append the secrets of DTLS connections, for Wireshark\n"
                "to look inside; without it they are written nowhere",
     .take = take_keylog},
    {.name = "strict",
     .meaning = "exit status 1 if your program did something wrong, or\n"
                "relied on what no note promises. What that was is\n"
                "said at the end in any case: docs/lint.md",
     .take = take_strict},
    {.name = "verbose",
     .letter = 'v',
     .meaning = "AT bytes, datagrams and the module's steps on stderr",
     .take = take_verbose},
    {.meaning = "Other"},
    {.name = "config",
     .takes = OPTION_NEEDED,
     .value = "FILE",
     .meaning = "read options from FILE, one \"key = value\" a line, as\n"
                "in tcp = 7000, set.head = keep or verbose = yes; a\n"
                "line that begins with # is a comment. What stands on\n"
                "the command line wins",
     .early = true,
     .take = take_config},
    {.name = "help", .letter = 'h', .meaning = "this text", .early = true, .take = take_help},
};

const struct options run_options_table = {rows, sizeof rows / sizeof rows[0], "run"};

void run_help(FILE *out)
{
    (void)fputs("usage: atcoap run [options]\n"
                "\n"
                "One virtual module: CoAP AT commands on a serial port, real CoAP "
                "behind it.\n"
                "It says on stderr where the port is, and runs until Ctrl+C or "
                "SIGTERM.\n",
                out);
    options_help(&run_options_table, out);
    (void)fputs("\n"
                "Examples\n"
                "  atcoap run --pty=/tmp/modem0      then: picocom /tmp/modem0\n"
                "  atcoap run --dialect=bc95 --tcp=7000 -v\n"
                "  printf 'ATI\\r' | atcoap run --stdio --set echo=off\n"
                "  atcoap run --exec 'pytest my-driver --port={}' --timing=typical\n"
                "  atcoap run --serial=/dev/ttyUSB0,9600\n"
                "\n"
                "More: atcoap help settings, docs/commands.md (the AT commands),\n"
                "docs/deviations.md (where the notes are silent, and what it does).\n",
                out);
}

/* What only fits together or not once everything is read. */
static int check(const struct run_options *o)
{
    const bool stdio = o->attach.kind == ATTACH_STDIO;

    if (o->exec != NULL && (stdio || o->attach.kind == ATTACH_SERIAL)) {
        log_note("--exec needs a port that the command can open: --pty or --tcp");
        return STATUS_USAGE;
    }
    if (o->sweep && o->exec == NULL) {
        log_note("--sweep needs --exec='CMD {}', which it runs again and again");
        return STATUS_USAGE;
    }
    if (o->secrets && o->out == NULL) {
        log_note("--secrets needs --out=DIR, where they are put into trace.pcapng");
        return STATUS_USAGE;
    }
    if (o->attach.ready_fd != ATTACH_READY_NONE && stdio) {
        log_note("--ready-fd needs a port with a name: --pty, --tcp or --serial");
        return STATUS_USAGE;
    }
    return STATUS_GOOD;
}

/* Six digits will do to note down. */
static int choose_seed(struct run_options *o)
{
    struct entropy entropy;
    uint32_t bits = 0;

    entropy_system(&entropy);
    if (!entropy_fill(&entropy, (uint8_t *)&bits, sizeof bits)) {
        log_note("the system has no random numbers for a seed; give one with --seed");
        return STATUS_SYSTEM;
    }
    o->seed = bits % 1000000u;
    return STATUS_GOOD;
}

int run_options_read(struct run_options *o, struct config *config, int argc, char **argv)
{
    int status = STATUS_GOOD;

    memset(o, 0, sizeof *o);
    o->speed = CLOCK_REAL;
    o->attach.ready_fd = ATTACH_READY_NONE;
    o->config.dialect = &atc_dialect_bg96;
    atc_settings_default(&o->config.settings);
    status = options_read_early(&run_options_table, o, argc, argv);
    if (status == STATUS_GOOD && !o->help && o->config_path != NULL)
        status = config_read(config, &run_options_table, o, o->config_path);
    if (status == STATUS_GOOD && !o->help)
        status = options_read(&run_options_table, o, argc, argv);
    if (status == STATUS_GOOD && !o->help && !o->seeded)
        status = choose_seed(o);
    return status == STATUS_GOOD && !o->help ? check(o) : status;
}
