/* SPDX-License-Identifier: MIT
 *
 * The program: finds the command and hands over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "atcoap/atcoap.h"
#include "control.h"
#include "demo.h"
#include "help.h"
#include "ladder.h"
#include "log.h"
#include "options.h"
#include "run.h"
#include "script.h"
#include "serve.h"
#include "status.h"

struct command {
    const char *name;
    const char *meaning;
    int (*main)(int argc, char **argv);
};

static int help_main(int argc, char **argv);

static int version_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)puts("atcoap " ATC_VERSION);
    return STATUS_GOOD;
}

static const struct command commands[] = {
    {"run", "one virtual module on a serial port", run_main},
    {"demo", "a module and a server at work, then yours to try", demo_main},
    {"test", "run transcripts on virtual time", script_main},
    {"serve", "a CoAP server to talk to, on this machine", serve_main},
    {"ctl", "steer a module that runs", control_main},
    {"ladder", "draw a recorded session", ladder_main},
    {"help", "how to use a command: atcoap help COMMAND", help_main},
    {"version", "print the version", version_main},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    (void)fputs("usage: atcoap COMMAND [options]\n"
                "\n"
                "A CoAP AT-command modem in software: it answers like a "
                "Quectel BC95-G, BC68 or\n"
                "BG96, and the CoAP behind it is real.\n"
                "\n",
                out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].meaning);
    (void)fputs("\n"
                "A first session:\n"
                "  atcoap run --pty=/tmp/modem0\n"
                "  picocom /tmp/modem0          (type ATI, then Enter)\n"
                "\n"
                "More: atcoap help run, help settings, help link, help uart, help lint,\n"
                "help commands (all AT commands), help AT+CSQ (one), help D-30 (a decision)\n",
                out);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int reject(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};
    const char *nearest = NULL;

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    nearest = options_nearest(name, names);
    if (nearest != NULL)
        log_note("no command %s; did you mean %s? See: atcoap help", name, nearest);
    else
        log_note("no command %s. See: atcoap help", name);
    return STATUS_USAGE;
}

static int help_main(int argc, char **argv)
{
    char help[] = "--help";
    const struct command *command = NULL;

    if (argc < 2) {
        print_usage(stdout);
        return STATUS_GOOD;
    }
    if (help_is_topic(argv[1]))
        return help_topic(argv[1], argv[2]);
    command = find_command(argv[1]);
    if (command == NULL)
        return reject(argv[1]);
    if (command->main == help_main || command->main == version_main) {
        print_usage(stdout);
        return STATUS_GOOD;
    }
    return command->main(2, (char *[]){argv[1], help, NULL});
}

static int carry_out(int argc, char **argv)
{
    const struct command *command = NULL;

    if (argc < 2) {
        print_usage(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0)
        return version_main(0, NULL);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help_main(1, argv);
    command = find_command(argv[1]);
    return command != NULL ? command->main(argc - 1, argv + 1) : reject(argv[1]);
}

/* What was printed and found no place is a failure, too: a full disk must not look like success. */
int main(int argc, char **argv)
{
    const int status = carry_out(argc, argv);

    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return status;
    log_note("cannot write to standard output: %s", strerror(errno));
    return status > STATUS_SYSTEM ? status : STATUS_SYSTEM;
}
