/* SPDX-License-Identifier: MIT
 *
 * A host that types ATE0 once in its life and then reboots the module: it relies on the echo staying
 * off, for it takes replies from fixed places. An echo would put every one of them off.
 *
 * usage: echo_off_once PORT bc95 SERVER UDP-PORT
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

static void die(const char *what, const char *got)
{
    fprintf(stderr, "echo_off_once: %s: got \"%s\"\n", what, got);
    exit(1);
}

/* So many bytes, or as many as come before the line has been silent for so long. */
static size_t receive(char *to, size_t count, int silence_ms)
{
    size_t got = 0;

    while (got < count) {
        struct pollfd ready = {.fd = uart, .events = POLLIN};
        ssize_t more = 0;

        if (poll(&ready, 1, silence_ms) == 1)
            more = read(uart, to + got, count - got);
        if (more <= 0)
            break;
        got += (size_t)more;
    }
    to[got] = '\0';
    return got;
}

static void put(const char *text)
{
    if (write(uart, text, strlen(text)) != (ssize_t)strlen(text))
        die("write", "");
}

/* The very next bytes are these. */
static void exactly(const char *text)
{
    char got[200];

    (void)receive(got, strlen(text), 3000);
    if (strcmp(got, text) != 0)
        die(text, got);
}

static void command(const char *line, const char *reply)
{
    put(line);
    put("\r");
    exactly(reply);
}

static void reboot(void)
{
    static const char end[] = "\r\nOK\r\n";
    char got[500];
    size_t len = 0;

    command("AT+NRB", "\r\nREBOOTING\r\n");
    len = receive(got, 1, 10000);
    len += receive(got + len, sizeof got - 1 - len, 1000);
    if (strstr(got, "REBOOT_CAUSE_APPLICATION_AT\r\n") == NULL || len < sizeof end ||
        strcmp(got + len - (sizeof end - 1), end) != 0)
        die("the banner", got);
}

/* The line of a URC, which begins so; what stands behind goes to rest. */
static void urc(const char *head, char *rest, size_t size)
{
    size_t len = 0;

    exactly(head);
    while (len + 1 < size && receive(rest + len, 1, 3000) == 1 && rest[len] != '\n')
        len++;
    rest[len] = '\0';
}

int main(int argc, char *argv[])
{
    struct termios mode;
    char line[200];
    char rest[200];

    if (argc != 5 || strcmp(argv[2], "bc95") != 0)
        return 2;
    uart = open(argv[1], O_RDWR | O_NOCTTY);
    if (uart < 0 || tcgetattr(uart, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(uart, TCSANOW, &mode) != 0)
        return 2;
    put("ATE0\r");
    (void)receive(rest, sizeof rest - 1, 1500);
    reboot();
    command("AT", "\r\nOK\r\n");
    command("AT+CGATT?", "\r\n+CGATT:1\r\n\r\nOK\r\n");
    command("AT+QCOAPCREATE=56830", "\r\nOK\r\n");
    command("AT+QCOAPHEAD=4,700", "\r\nOK\r\n");
    command("AT+QCOAPOPTION=1,11,\"reboot\"", "\r\nOK\r\n");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,2,%s,%s", argv[3], argv[4]);
    command(line, "\r\n>");
    put("4f4e4345\x1a");
    exactly("\r\nOK\r\n");
    urc("\r\n+QCOAPURC: \"rsp\",2,2.01,700", rest, sizeof rest);
    puts("POST 2.01");
    command("AT+QCOAPDATASTATUS?", "\r\n+QCOAPDATASTATUS: 4\r\n\r\nOK\r\n");
    command("AT+QCOAPHEAD=4,701", "\r\nOK\r\n");
    command("AT+QCOAPOPTION=1,11,\"reboot\"", "\r\nOK\r\n");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,%s,%s", argv[3], argv[4]);
    command(line, "\r\n>");
    put("\x1a");
    exactly("\r\nOK\r\n");
    urc("\r\n+QCOAPURC: \"rsp\",2,2.05,701,4,", rest, sizeof rest);
    if (strcmp(rest, "4F4E4345\r") != 0)
        die("the answer", rest);
    puts("GET 2.05 ONCE");
    command("AT+QCOAPDEL", "\r\nOK\r\n");
    return receive(rest, 1, 200) == 0 ? 0 : 1;
}
