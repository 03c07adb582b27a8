/* SPDX-License-Identifier: MIT
 *
 * Round trips over a pseudo terminal: AT and its OK, or a whole request of a BC95. And the floor for
 * the first: a bare process that answers OK to every CR.
 *
 * usage: bench_pty echo                      prints where it is
 *        bench_pty at PATH SECONDS
 *        bench_pty send PATH SECONDS PORT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "load.h"
#include "score.h"

static int port;

static void make_raw(int fd)
{
    struct termios mode;

    if (tcgetattr(fd, &mode) != 0)
        score_fail("tcgetattr");
    cfmakeraw(&mode);
    if (tcsetattr(fd, TCSANOW, &mode) != 0)
        score_fail("tcsetattr");
}

/* --- the floor -------------------------------------------------------------------------------- */

static void echo(void)
{
    static const char ok[] = "\r\nOK\r\n";
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    char path[64], typed[256];
    int slave;

    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
        ptsname_r(master, path, sizeof path) != 0)
        score_fail("no pseudo terminal");
    slave = open(path, O_RDWR | O_NOCTTY); /* stays open, so that no hang-up is seen */
    make_raw(slave);
    (void)puts(path);
    (void)fflush(stdout);
    for (;;) {
        const ssize_t len = read(master, typed, sizeof typed);

        if (len < 0)
            score_fail("read");
        if (memchr(typed, '\r', (size_t)len) != NULL && write(master, ok, sizeof ok - 1) < 0)
            score_fail("write");
    }
}

/* --- the client ------------------------------------------------------------------------------- */

static void type(const char *text)
{
    if (write(port, text, strlen(text)) != (ssize_t)strlen(text))
        score_fail("write");
}

/* Read until it was said, or ERROR. Returns which. */
static bool heard(const char *expected)
{
    static char said[1024];
    size_t used = 0;

    while (used < sizeof said - 1) {
        const ssize_t len = read(port, said + used, sizeof said - 1 - used);

        if (len <= 0)
            score_fail("read");
        used += (size_t)len;
        said[used] = '\0';
        if (strstr(said, expected) != NULL)
            return true;
        if (strstr(said, "ERROR") != NULL)
            break;
    }
    return false;
}

static void hear(const char *expected)
{
    if (heard(expected))
        return;
    errno = EPROTO;
    score_fail(expected);
}

static void run_at(double seconds)
{
    type("AT\r");
    hear("OK\r\n");
    score_start(seconds);
    do {
        type("AT\r");
        hear("OK\r\n");
    } while (!score_one());
}

static void configure(void)
{
    static const char *const lines[] = {"AT+QCOAPCREATE=56830\r", "AT+QCOAPHEAD=1\r",
                                        "AT+QCOAPOPTION=6," LOAD_OPTIONS_TYPED "\r"};

    type("AT+QCOAPDEL\r"); /* what a run before has left */
    (void)heard("OK\r\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        type(lines[i]);
        hear("OK\r\n");
    }
}

static void run_send(double seconds, unsigned udp_port)
{
    char line[64], payload[2 * LOAD_PAYLOAD_LEN + 2];
    char *hex = payload;

    for (size_t i = 0; i < LOAD_PAYLOAD_LEN; i++)
        hex += sprintf(hex, "%02X", load_payload[i]);
    (void)strcpy(hex, "\x1a");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,2,127.0.0.1,%u\r", udp_port);
    configure();
    score_start(seconds);
    do {
        type(line);
        hear(">");
        type(payload);
        hear("2.05");
    } while (!score_one());
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "echo") == 0)
        echo();
    if (argc < 4) {
        (void)fputs("usage: bench_pty echo\n"
                    "       bench_pty at PATH SECONDS\n"
                    "       bench_pty send PATH SECONDS PORT\n",
                    stderr);
        return 2;
    }
    port = open(argv[2], O_RDWR | O_NOCTTY);
    if (port < 0)
        score_fail(argv[2]);
    make_raw(port);
    if (strcmp(argv[1], "at") == 0)
        run_at(atof(argv[3]));
    else
        run_send(atof(argv[3]), argc > 4 ? (unsigned)atoi(argv[4]) : 0);
    score_print();
    return 0;
}
