/* SPDX-License-Identifier: MIT
 *
 * A host that says how long its payload is and ends it with Ctrl+Z all the same, since one function
 * sends every payload; with CR LF behind, since another ends every line. The Ctrl+Z must not become a
 * byte of the payload, nor spoil the command behind it.
 *
 * usage: extra_ctrl_z PORT bg96 SERVER UDP-PORT
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int uart;
static char buffer[2048];
static size_t used;

/* Read on until the text is there; drop everything up to its end. */
static void wait_for(const char *text, int timeout_ms)
{
    for (;;) {
        struct pollfd ready = {.fd = uart, .events = POLLIN};
        const char *found = strstr(buffer, text);
        ssize_t got = 0;

        if (found != NULL) {
            used -= (size_t)(found - buffer) + strlen(text);
            memmove(buffer, found + strlen(text), used + 1);
            return;
        }
        if (strstr(buffer, "ERROR") == NULL && used < sizeof buffer - 1 &&
            poll(&ready, 1, timeout_ms) == 1)
            got = read(uart, buffer + used, sizeof buffer - 1 - used);
        if (got <= 0) {
            fprintf(stderr, "extra_ctrl_z: no \"%s\" in \"%s\"\n", text, buffer);
            exit(1);
        }
        used += (size_t)got;
        buffer[used] = '\0';
    }
}

static void put(const char *text)
{
    if (write(uart, text, strlen(text)) != (ssize_t)strlen(text))
        exit(1);
}

static void println(const char *text)
{
    put(text);
    put("\r\n");
}

static void ok(const char *line)
{
    println(line);
    wait_for("\r\nOK\r\n", 2000);
}

static void send_payload(const char *method_and_options, const char *text)
{
    char line[64];

    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,0,%s,%zu", method_and_options, strlen(text));
    println(line);
    wait_for("> ", 2000);
    put(text);
    println("\x1a");
    wait_for("\r\nOK\r\n", 2000);
}

/* Put a text into the resource and read it back, which must be this text and nothing more. */
static void round_trip(int number, const char *text)
{
    char line[1200];

    (void)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%d,1", number);
    ok(line);
    send_payload("3,1", text);
    (void)snprintf(line, sizeof line, "+QCOAPACK: 0,0,%d,0\r\n", number);
    wait_for(line, 5000);
    (void)snprintf(line, sizeof line, "+QCOAPRECV: 0,%d,2.0", number);
    wait_for(line, 5000);
    wait_for("\r\n", 2000);
    (void)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%d,1", number + 1);
    ok(line);
    send_payload("1,1", "");
    (void)snprintf(line, sizeof line, "+QCOAPRECV: 0,%d,2.05,6,", number + 1);
    wait_for(line, 5000);
    (void)snprintf(line, sizeof line, ",0,%zu\r\n%s\r\n", strlen(text), text);
    wait_for(line, 2000);
    printf("GET 2.05 %s\n", text);
}

int main(int argc, char *argv[])
{
    struct termios mode;
    char open_line[320];

    if (argc != 5 || strcmp(argv[2], "bg96") != 0)
        return 2;
    uart = open(argv[1], O_RDWR | O_NOCTTY);
    if (uart < 0 || tcgetattr(uart, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(uart, TCSANOW, &mode) != 0)
        return 2;
    ok("ATE0");
    (void)snprintf(open_line, sizeof open_line, "AT+QCOAPOPEN=0,\"%s\",%s", argv[3], argv[4]);
    ok(open_line);
    wait_for("\r\n+QCOAPOPEN: 0,0\r\n", 75000);
    ok("AT+QCOAPOPTION=0,0,0,11,\"counted\"");
    round_trip(100, "a");
    round_trip(200, "p=1013.25");
    round_trip(300, "AT+QCOAPCLOSE=0");
    ok("AT+QCOAPCLOSE=0");
    wait_for("\r\n+QCOAPCLOSE: 0,0\r\n", 75000);
    return used == 0 ? 0 : 1;
}
