/* SPDX-License-Identifier: MIT
 *
 * A host that does not think about options: it prints them as its table has them, in no order and
 * without quotes, and hands over a path as it stands in its configuration, slashes and all.
 *
 * usage: loose_options PORT bc95|bg96 SERVER UDP-PORT
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CONFIG_PATH "/house/loose/t1"

struct option {
    int number;
    const char *value;
};

static const struct option of_post[] = {{15, "unit=C"}, {12, "0"}, {11, CONFIG_PATH}, {15, "n=1"}};
static const struct option of_get[] = {{17, "0"}, {11, CONFIG_PATH}};

static int uart;
static char all[8192]; /* what came since the last command */
static size_t all_len;

static void die(const char *what)
{
    fprintf(stderr, "loose_options: %s: \"%s\"\n", what, all);
    exit(1);
}

/* Read on until the text is there; returns what stands behind it. */
static const char *until(const char *text)
{
    for (;;) {
        struct pollfd ready = {.fd = uart, .events = POLLIN};
        const char *found = strstr(all, text);
        ssize_t got = 0;

        if (found != NULL)
            return found + strlen(text);
        if (strstr(all, "ERROR") != NULL || poll(&ready, 1, 5000) != 1)
            die(text);
        got = read(uart, all + all_len, sizeof all - 1 - all_len);
        if (got <= 0)
            die("read");
        all_len += (size_t)got;
        all[all_len] = '\0';
    }
}

static void put(const char *text)
{
    if (write(uart, text, strlen(text)) != (ssize_t)strlen(text))
        die("write");
}

static void command(const char *line, const char *end)
{
    all_len = 0;
    all[0] = '\0';
    put(line);
    put("\r");
    (void)until(end);
}

static void bc95_request(const char *method, const struct option *options, int count,
                         const char *to, const char *payload)
{
    char line[400];
    int len = snprintf(line, sizeof line, "AT+QCOAPOPTION=%d", count);

    for (int i = 0; i < count; i++)
        len += snprintf(line + len, sizeof line - (size_t)len, ",%d,%s", options[i].number,
                        options[i].value);
    command("AT+QCOAPHEAD=1", "OK");
    command(line, "OK");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,%s,%s", method, to);
    command(line, ">");
    put(payload);
    put("\x1a");
    (void)until("OK");
}

static void bg96_request(const char *method, const struct option *options, int count,
                         const char *payload)
{
    char line[400];

    for (int i = 0; i < count; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,%d,%d,%s", 7 - i, options[i].number,
                       options[i].value);
        command(line, "OK");
    }
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,0,%s,%d", method,
                   0xFF & (0xFF << (8 - count)));
    command(line, ">");
    put(payload);
    put("\x1a");
    (void)until("OK");
    (void)until("+QCOAPACK: 0,0,");
    (void)until("+QCOAPRECV: 0,");
}

static void talk_bc95(const char *server, const char *udp)
{
    char to[200];

    (void)snprintf(to, sizeof to, "%s,%s", server, udp);
    command("AT+QCOAPCREATE=56830", "OK");
    command("AT+QCOAPCFG=\"Showrspopt\",1", "OK");
    bc95_request("2", of_post, 4, to, "19.5");
    (void)until("+QCOAPURC: \"rsp\",2,2.01,");
    /* The server says where it put it, a segment an option. */
    (void)until(",5,8,\"house\",8,\"loose\",8,\"t1\",20,\"unit=C\",20,\"n=1\"\r\n");
    puts("POST 2.01");
    bc95_request("1", of_get, 2, to, "");
    (void)until("+QCOAPURC: \"rsp\",2,2.05,");
    (void)until(",4,31392E35\r\n");
    puts("GET 2.05 19.5");
    command("AT+QCOAPDEL", "OK");
}

static void talk_bg96(const char *server, const char *udp)
{
    char line[320];

    (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=0,%s,%s", server, udp);
    command(line, "OK");
    (void)until("+QCOAPOPEN: 0,0");
    bg96_request("2", of_post, 4, "19.5");
    (void)until(",2.01,6,");
    /* The slots count from behind, and so does the query. */
    (void)until(",5,8,\"house\",8,\"loose\",8,\"t1\",20,\"n=1\",20,\"unit=C\",0\r\n");
    puts("POST 2.01");
    for (int i = 4; i < 8; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,1,%d", i);
        command(line, "OK");
    }
    bg96_request("1", of_get, 2, "");
    (void)until(",2.05,6,");
    (void)until(",4\r\n19.5\r\n");
    puts("GET 2.05 19.5");
    command("AT+QCOAPCLOSE=0", "+QCOAPCLOSE: 0,0");
}

int main(int argc, char *argv[])
{
    struct termios mode;

    if (argc != 5)
        return 2;
    uart = open(argv[1], O_RDWR | O_NOCTTY);
    if (uart < 0 || tcgetattr(uart, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(uart, TCSANOW, &mode) != 0)
        return 2;
    command("ATE0", "OK");
    if (strcmp(argv[2], "bc95") == 0)
        talk_bc95(argv[3], argv[4]);
    else
        talk_bg96(argv[3], argv[4]);
    return 0;
}
