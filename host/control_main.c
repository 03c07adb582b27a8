/* SPDX-License-Identifier: MIT
 *
 * atcoap ctl: one command for a running module, and its answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "status.h"

/* A module answers at once; so long we wait for one that hangs. */
enum { ANSWER_S = 10 };

static void print_help(void)
{
    (void)fputs("usage: atcoap ctl SOCKET COMMAND...\n"
                "\n"
                "One command for a module that was started with --control=SOCKET. What it says\n"
                "is on standard output. Status 0: it was done; 1: it was refused, and why; 2:\n"
                "usage; 3: no module answers at SOCKET.\n"
                "\n"
                "  atcoap ctl SOCKET help               lists the commands\n"
                "  atcoap ctl SOCKET status             counters, as JSON\n"
                "  atcoap ctl SOCKET link loss=20%\n"
                "  atcoap ctl SOCKET coverage off\n"
                "  atcoap ctl SOCKET push CON GET /t\n"
                "  atcoap ctl SOCKET reboot\n"
                "\n"
                "The page docs/control.md says more.\n",
                stdout);
}

static int fail(const char *path, const char *why)
{
    log_note("%s: %s", path, why);
    return STATUS_SYSTEM;
}

static int connect_to(const char *path)
{
    const struct timeval wait = {.tv_sec = ANSWER_S};
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = -1;

    if (strlen(path) >= sizeof name.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(name.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(fd, (const struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* The words, a blank between them. */
static void join(struct script_buf *out, int count, char **words)
{
    for (int i = 0; i < count; i++) {
        script_buf_text(out, i > 0 ? " " : "");
        script_buf_text(out, words[i]);
    }
    script_buf_text(out, "\n");
}

static bool send_all(int fd, const struct script_buf *text)
{
    for (size_t at = 0; at < text->len;) {
        const ssize_t n = send(fd, text->data + at, text->len - at, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

/* Print lines up to the verdict. */
static int take_answer(const char *path, FILE *in)
{
    char line[16384];

    while (fgets(line, sizeof line, in) != NULL) {
        if (strcmp(line, "OK\n") == 0)
            return STATUS_GOOD;
        if (strncmp(line, "KO ", 3) == 0) {
            line[strcspn(line, "\n")] = '\0';
            log_note("%s", line + 3);
            return STATUS_EXPECTATION;
        }
        (void)fputs(line, stdout);
    }
    return fail(path, "no answer");
}

static int ask(const char *path, const struct script_buf *text)
{
    const int fd = connect_to(path);
    FILE *in = NULL;
    int status = STATUS_SYSTEM;

    if (fd < 0)
        return fail(path, strerror(errno));
    in = send_all(fd, text) ? fdopen(fd, "r") : NULL;
    if (in == NULL) {
        (void)close(fd);
        return fail(path, "no answer");
    }
    status = take_answer(path, in);
    (void)fclose(in);
    return status;
}

int control_main(int argc, char **argv)
{
    struct script_buf text = {NULL, 0, 0};
    int status = STATUS_GOOD;

    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return STATUS_GOOD;
    }
    if (argc < 3) {
        log_note("give a socket and a command. See: atcoap help ctl");
        return STATUS_USAGE;
    }
    join(&text, argc - 2, argv + 2);
    if (memchr(text.data, '\n', text.len) != text.data + text.len - 1) {
        log_note("a command is one line");
        status = STATUS_USAGE;
    } else {
        status = ask(argv[1], &text);
    }
    script_buf_free(&text);
    return status;
}
