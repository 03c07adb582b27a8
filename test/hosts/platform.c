/* SPDX-License-Identifier: MIT
 *
 * A host on an IoT platform, in the manner of chapter 5.2 of its module's note: it registers, and then
 * the platform asks and the host answers. Values are read, written and observed; what a request says is
 * taken apart by its <mode>.
 *
 * usage: platform PORT bc95 SERVER UDP-PORT LOCAL-PORT REQUESTS
 *
 * It says "registered" when it is, and ends after so many requests.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct request {
    char ip[64];
    unsigned port, type, method, id, mode, tkl, len;
    char token[17];
    char path[64];
    char data[200];
    int observe; /* the option's value, -1 without it */
};

static int uart;
static char line[3000];

static void die(const char *what)
{
    fprintf(stderr, "platform: %s: last \"%s\"\n", what, line);
    exit(1);
}

/* The next line that is not empty, or the prompt. */
static void next_line(int timeout_ms)
{
    size_t len = 0;

    for (;;) {
        struct pollfd ready = {.fd = uart, .events = POLLIN};
        char byte = 0;

        if (poll(&ready, 1, timeout_ms) != 1 || read(uart, &byte, 1) != 1)
            die("nothing came");
        if (byte != '\r' && byte != '\n' && len + 1 < sizeof line)
            line[len++] = byte;
        line[len] = '\0';
        if ((byte == '\n' && len > 0) || strcmp(line, ">") == 0)
            return;
    }
}

static void expect(const char *head)
{
    next_line(5000);
    if (strncmp(line, head, strlen(head)) != 0)
        die(head);
}

static void put(const char *text)
{
    if (write(uart, text, strlen(text)) != (ssize_t)strlen(text))
        die("write");
}

static void command(const char *text, const char *reply)
{
    put(text);
    put("\r");
    expect(reply);
}

/* --- requests --------------------------------------------------------------------------------- */

static void take_option(struct request *r, unsigned number, const char *value)
{
    const size_t len = strlen(r->path);

    if (number == 11)
        (void)snprintf(r->path + len, sizeof r->path - len, "/%s", value);
    if (number == 6)
        r->observe = atoi(value);
}

static struct request parse(const char *text)
{
    struct request r = {.observe = -1};
    int at = 0;

    if (sscanf(text, "+QCOAPURC: \"req\",%63[^,],%u,%u,%u,%u,%2X%n", r.ip, &r.port, &r.type,
               &r.method, &r.id, &r.mode, &at) != 6)
        die("no request");
    text += at;
    if (r.mode & 1U) {
        if (sscanf(text, ",%u,%16[0-9A-Fa-f]%n", &r.tkl, r.token, &at) != 2)
            die("no token");
        text += at;
    }
    for (unsigned i = 0; i < (r.mode >> 1 & 0x3FU); i++) {
        char value[256] = "";
        unsigned number = 0;

        at = 0;
        (void)sscanf(text, ",%u,\"%255[^\"]\"%n", &number, value, &at);
        if (at == 0)
            (void)sscanf(text, ",%u,\"\"%n", &number, &at);
        if (at == 0)
            die("no option");
        take_option(&r, number, value);
        text += at;
    }
    if (r.mode & 0x80U) {
        if (sscanf(text, ",%u,%199[^\r]%n", &r.len, r.data, &at) != 2)
            die("no data");
        text += at;
    }
    if (*text != '\0')
        die("something is left");
    return r;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void send_message(const struct request *r, int type, int code, const char *payload)
{
    char text[200];

    (void)snprintf(text, sizeof text, "AT+QCOAPSEND=%d,%d,%s,%u", type, code, r->ip, r->port);
    command(text, ">");
    put(payload);
    put("\x1a");
    expect("OK");
}

static void respond(const struct request *r, int code, const char *options, const char *payload)
{
    char text[200];

    if (r->tkl > 0)
        (void)snprintf(text, sizeof text, "AT+QCOAPHEAD=5,%u,%u,%s", r->id, r->tkl, r->token);
    else
        (void)snprintf(text, sizeof text, "AT+QCOAPHEAD=3,%u", r->id);
    command(text, "OK");
    if (options != NULL)
        command(options, "OK");
    send_message(r, r->type == 0 ? 2 : 1, code, payload);
}

static void notify(const struct request *r, int number, const char *payload)
{
    char text[200];

    (void)snprintf(text, sizeof text, "AT+QCOAPHEAD=2,%u,%s", r->tkl, r->token);
    command(text, "OK");
    (void)snprintf(text, sizeof text, "AT+QCOAPOPTION=2,6,\"%d\",12,\"0\"", number);
    command(text, "OK");
    send_message(r, 1, 205, payload);
}

static void answer(const struct request *r)
{
    printf("%u %s%s%s\n", r->method, r->path, r->len > 0 ? " " : "", r->data);
    if (r->method == 3) {
        respond(r, 204, NULL, "");
    } else if (r->observe == 0) {
        respond(r, 205, "AT+QCOAPOPTION=2,6,\"1\",12,\"0\"", "T1");
        notify(r, 2, "T2");
        notify(r, 3, "T3");
    } else {
        respond(r, 205, "AT+QCOAPOPTION=1,12,\"0\"", "92");
    }
}

static void register_at(const char *server, const char *udp)
{
    struct request platform = {.port = (unsigned)atoi(udp)};

    (void)snprintf(platform.ip, sizeof platform.ip, "%s", server);
    command("AT+QCOAPHEAD=1", "OK");
    command("AT+QCOAPOPTION=5,11,\"rd\",12,\"40\",15,\"lwm2m=1.0\",15,\"ep=867725030002525\",15,"
            "\"lt=60\"",
            "OK");
    send_message(&platform, 0, 2, "3c2f332f303e2c3c2f31392f303e"); /* </3/0>,</19/0> */
    expect("+QCOAPURC: \"rsp\",");
    if (strstr(line, ",2,2.01,") == NULL)
        die("not registered");
    puts("registered");
    (void)fflush(stdout);
}

int main(int argc, char *argv[])
{
    struct termios mode;
    char create[32];

    if (argc != 7 || strcmp(argv[2], "bc95") != 0)
        return 2;
    uart = open(argv[1], O_RDWR | O_NOCTTY);
    if (uart < 0 || tcgetattr(uart, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(uart, TCSANOW, &mode) != 0)
        return 2;
    put("ATE0\r");
    do {
        next_line(3000);
    } while (strcmp(line, "OK") != 0);
    (void)snprintf(create, sizeof create, "AT+QCOAPCREATE=%s", argv[5]);
    command(create, "OK");
    command("AT+QCOAPCFG=\"Showra\",1", "OK");
    command("AT+QCOAPADDRES=6,\"/3/0/9\"", "OK");
    command("AT+QCOAPADDRES=7,\"/19/0/0\"", "OK");
    command("AT+QCOAPADDRES=7,\"/19/1/0\"", "OK");
    register_at(argv[3], argv[4]);
    for (int left = atoi(argv[6]); left > 0; left--) {
        struct request r;

        next_line(20000);
        r = parse(line);
        answer(&r);
    }
    command("AT+QCOAPDEL", "OK");
    return 0;
}
