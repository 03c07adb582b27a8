/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "status.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* How long a run may take: so many times what the first one took, and so long on top. */
enum { TIMES_MAX = 10, EXTRA_MS = 10000, POLL_MS = 10, KILL_MS = 3000 };

/* What each sweep begins with. */
static const char *const fixed[] = {"urc=before", "urc=prompt", "urc=echo", "urc=split",
                                    "baud=9600"};

bool sweep_text(char text[SWEEP_TEXT_MAX], size_t i, uint32_t seeds, const char *base)
{
    const char *front = base != NULL ? base : "", *comma = base != NULL ? "," : "";
    int len = 0;

    if (i >= COUNT(fixed) + seeds)
        return false;
    if (i < COUNT(fixed))
        len = snprintf(text, SWEEP_TEXT_MAX, "%s%s%s", front, comma, fixed[i]);
    else
        len = snprintf(text, SWEEP_TEXT_MAX, "%s%surc=mixed,seed=%zu", front, comma,
                       i - COUNT(fixed) + 1);
    return len > 0 && len < SWEEP_TEXT_MAX;
}

bool sweep_read(uint32_t *seeds, const char *value)
{
    uint64_t number = SWEEP_SEEDS;

    if (value != NULL && !options_number(&number, value, SWEEP_SEEDS_MAX))
        return false;
    *seeds = (uint32_t)number;
    return true;
}

/* --- of a program ----------------------------------------------------------------------------- */

static uint64_t clock_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};

    (void)nanosleep(&time, NULL);
}

/* Wait for it at most so long. Returns its exit status, or -1 if it still runs. */
static int wait_for(pid_t pid, uint64_t time_ms)
{
    const uint64_t end_ms = clock_ms() + time_ms;
    int status = 0;

    for (;;) {
        const pid_t got = waitpid(pid, &status, WNOHANG);

        if (got == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (got < 0 && errno != EINTR)
            return STATUS_SYSTEM;
        if (clock_ms() >= end_ms)
            return -1;
        pause_ms(POLL_MS);
    }
}

/* It is too slow. */
static void stop(pid_t pid)
{
    (void)kill(pid, SIGTERM);
    if (wait_for(pid, KILL_MS) >= 0)
        return;
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

/* Run it once. Returns its exit status; -1: it took longer than that. */
static int run_once(char **argv, uint64_t limit_ms)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* who stops us stops it */
        if (getppid() == parent)
            (void)execv("/proc/self/exe", argv);
        _exit(STATUS_SYSTEM);
    }
    if (pid < 0)
        return STATUS_SYSTEM;
    status = wait_for(pid, limit_ms);
    if (status < 0)
        stop(pid);
    return status;
}

static bool is_sweep(const char *arg)
{
    return strcmp(arg, "--sweep") == 0 || strncmp(arg, "--sweep=", strlen("--sweep=")) == 0;
}

/* "atcoap", the arguments but for --sweep, and places for two more. */
static char **copy_arguments(int argc, char **argv, size_t *count)
{
    static char program[] = "atcoap";
    char **copy = calloc((size_t)argc + 4, sizeof *copy);

    if (copy == NULL)
        return NULL;
    copy[(*count)++] = program;
    for (int i = 0; i < argc; i++)
        if (!is_sweep(argv[i]))
            copy[(*count)++] = argv[i];
    return copy;
}

static void tell_broken(const char *text, uint64_t seed, int status)
{
    if (status < 0)
        log_note("sweep: with --uart=%s it does not end", text);
    else
        log_note("sweep: with --uart=%s its exit status is %d", text, status);
    log_note("sweep: see it again with --uart=%s --seed=%llu", text, (unsigned long long)seed);
}

/* argv has places for --uart and --seed at its end. */
static int sweep_all(char **argv, size_t count, uint32_t seeds, uint64_t seed, const char *base)
{
    char text[SWEEP_TEXT_MAX], uart[SWEEP_TEXT_MAX + 8] = "--uart=off", number[32];
    const uint64_t start_ms = clock_ms();
    size_t i = 0;
    int status = 0;
    uint64_t limit_ms = UINT64_MAX / 2;

    (void)snprintf(number, sizeof number, "--seed=%llu", (unsigned long long)seed);
    argv[count] = uart;
    argv[count + 1] = number;
    status = run_once(argv, limit_ms);
    if (status != STATUS_GOOD) {
        log_note("sweep: without any fault its exit status is %d; nothing was swept", status);
        return status;
    }
    limit_ms = (clock_ms() - start_ms) * TIMES_MAX + EXTRA_MS;
    for (; sweep_text(text, i, seeds, base); i++) {
        (void)snprintf(uart, sizeof uart, "--uart=%s", text);
        status = run_once(argv, limit_ms);
        if (status != STATUS_GOOD) {
            tell_broken(text, seed, status);
            return STATUS_EXPECTATION;
        }
    }
    log_note("sweep: %zu runs with faults on the serial line, all good", i);
    return STATUS_GOOD;
}

int sweep_run(int argc, char **argv, uint32_t seeds, uint64_t seed, const char *base)
{
    size_t count = 0;
    char **copy = copy_arguments(argc, argv, &count);
    int status = STATUS_SYSTEM;

    if (copy == NULL)
        return STATUS_SYSTEM;
    status = sweep_all(copy, count, seeds, seed, base);
    free(copy);
    return status;
}
