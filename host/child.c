/* SPDX-License-Identifier: MIT
 *
 * The child gets a group of processes of its own, so that a signal reaches all
 * that it has started. Not if standard input is a terminal: then a group of its
 * own could not read from it; there Ctrl+C reaches both of us, and is not passed
 * on a second time. (A session of its own would be worse: the first terminal that
 * its leader opens, our port, would become its controlling terminal.)
 */
#include "child.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "status.h"

/* The command with each {} replaced; to be freed. */
static char *fill_in(const char *command, const char *place)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *braces = NULL;

    if (out == NULL)
        return NULL;
    while ((braces = strstr(command, "{}")) != NULL) {
        (void)fprintf(out, "%.*s%s", (int)(braces - command), command, place);
        command = braces + 2;
    }
    (void)fputs(command, out);
    return fclose(out) == 0 ? text : NULL;
}

static int exit_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void on_news(uv_signal_t *signal, int number)
{
    struct child *child = signal->data;
    int status = 0;

    (void)number;
    if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
        return;
    child->pid = 0;
    (void)uv_signal_stop(&child->news);
    child->ended(child->ctx, exit_status(status));
}

/* Signals in the child are as if nobody had touched them. */
static int spawn(struct child *child, char *command)
{
    char *const args[] = {(char[]){"sh"}, (char[]){"-c"}, command, NULL};
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    posix_spawnattr_t how;
    sigset_t set;
    int error = posix_spawnattr_init(&how);

    if (error != 0)
        return error;
    if (child->own_group)
        flags |= POSIX_SPAWN_SETPGROUP;
    (void)posix_spawnattr_setflags(&how, flags);
    (void)posix_spawnattr_setpgroup(&how, 0);
    (void)sigemptyset(&set);
    (void)posix_spawnattr_setsigmask(&how, &set);
    (void)sigaddset(&set, SIGPIPE);
    (void)sigaddset(&set, SIGXFSZ);
    (void)posix_spawnattr_setsigdefault(&how, &set);
    error = posix_spawn(&child->pid, "/bin/sh", NULL, &how, args, environ);
    (void)posix_spawnattr_destroy(&how);
    return error;
}

int child_start(struct child *child, uv_loop_t *uv, const char *command, const char *place,
                void (*ended)(void *ctx, int status), void *ctx)
{
    char *filled = fill_in(command, place);
    int error = 0;

    if (filled == NULL) {
        log_note("no memory");
        return STATUS_SYSTEM;
    }
    child->ended = ended;
    child->ctx = ctx;
    child->own_group = !isatty(STDIN_FILENO);
    (void)uv_signal_init(uv, &child->news);
    child->news.data = child;
    (void)uv_signal_start(&child->news, on_news, SIGCHLD);
    error = spawn(child, filled);
    free(filled);
    if (error == 0)
        return STATUS_GOOD;
    child->pid = 0;
    log_note("--exec: no /bin/sh: %s", strerror(error));
    return STATUS_SYSTEM;
}

bool child_signal(const struct child *child, int number)
{
    if (child->pid == 0)
        return false;
    if (child->own_group)
        (void)kill(-child->pid, number);
    else if (number == SIGTERM)
        (void)kill(child->pid, number);
    return true;
}
