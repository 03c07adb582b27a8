/* SPDX-License-Identifier: MIT
 *
 * A host driver in C, and a test of it against the virtual module: opens a client, asks a server for
 * a resource and prints the answer. In one terminal
 *
 *     coap-server-notls -A 127.0.0.1
 *
 * in another
 *
 *     cc host_test.c -o host_test
 *     atcoap run --exec='./host_test {} 127.0.0.1 5683 time'
 *
 * The status is 0 if the answer was 2.05.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* --- the driver ------------------------------------------------------------------------------- */

struct module {
    int fd;
    char line[600]; /* the last line that came, without its end */
};

static bool module_open(struct module *m, const char *path)
{
    struct termios mode;

    m->fd = open(path, O_RDWR | O_NOCTTY);
    if (m->fd < 0 || tcgetattr(m->fd, &mode) != 0)
        return false;
    cfmakeraw(&mode);
    (void)cfsetspeed(&mode, B115200);
    return tcsetattr(m->fd, TCSANOW, &mode) == 0;
}

static bool module_type(struct module *m, const char *text)
{
    return write(m->fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* The next byte, or -1 if none comes in time. */
static int module_byte(struct module *m, int timeout_ms)
{
    struct pollfd fd = {.fd = m->fd, .events = POLLIN};
    unsigned char byte = 0;

    return poll(&fd, 1, timeout_ms) == 1 && read(m->fd, &byte, 1) == 1 ? byte : -1;
}

/* The next line that is not empty. A prompt is a line of its own, for it has no end. */
static bool module_line(struct module *m, int timeout_ms)
{
    size_t len = 0;

    for (;;) {
        const int byte = module_byte(m, timeout_ms);

        if (byte < 0)
            return false;
        if (byte != '\r' && byte != '\n' && len + 1 < sizeof m->line)
            m->line[len++] = (char)byte;
        m->line[len] = '\0';
        if ((byte == '\n' && len > 0) || strcmp(m->line, "> ") == 0)
            return true;
    }
}

/* Type a command, unless it is NULL, and wait for a line that begins with these words. */
static bool module_expect(struct module *m, const char *command, const char *words, int timeout_ms)
{
    if (command != NULL && !module_type(m, command))
        return false;
    while (module_line(m, timeout_ms)) {
        if (strncmp(m->line, words, strlen(words)) == 0)
            return true;
        if (strstr(m->line, "ERROR") != NULL)
            break;
    }
    (void)fprintf(stderr, "expected %s, got %s\n", words, m->line);
    return false;
}

/* --- the test --------------------------------------------------------------------------------- */

static bool get(struct module *m, const char *host, const char *port, const char *path)
{
    char command[300];

    if (!module_expect(m, "ATE0\r", "OK", 1000))
        return false;
    (void)snprintf(command, sizeof command, "AT+QCOAPOPEN=0,\"%s\",%s\r", host, port);
    if (!module_expect(m, command, "OK", 1000) || !module_expect(m, NULL, "+QCOAPOPEN: 0,0", 75000))
        return false;
    (void)snprintf(command, sizeof command, "AT+QCOAPOPTION=0,0,0,11,\"%s\"\r", path);
    if (!module_expect(m, command, "OK", 1000) ||
        !module_expect(m, "AT+QCOAPSEND=0,0,1,1\r", "> ", 1000) ||
        !module_expect(m, "\x1a", "OK", 1000) || !module_expect(m, NULL, "+QCOAPRECV: 0,", 93000))
        return false;
    return strstr(m->line, ",2.05,") != NULL && module_line(m, 1000);
}

int main(int argc, char **argv)
{
    struct module m = {.fd = -1};

    if (argc != 5) {
        (void)fprintf(stderr, "usage: %s TTY HOST PORT PATH\n", argv[0]);
        return 2;
    }
    if (!module_open(&m, argv[1])) {
        perror(argv[1]);
        return 2;
    }
    if (!get(&m, argv[2], argv[3], argv[4])) {
        (void)fprintf(stderr, "no 2.05; the last line was: %s\n", m.line);
        return 1;
    }
    (void)printf("%s\n", m.line);
    return module_expect(&m, "AT+QCOAPCLOSE=0\r", "+QCOAPCLOSE: 0,0", 1000) ? 0 : 1;
}
