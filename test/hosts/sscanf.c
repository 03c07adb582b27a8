/* SPDX-License-Identifier: MIT
 *
 * A host whose parser is sscanf: every line that comes is held against formats with literal heads,
 * blanks after the colon and all, and the response code is read as a number with a fraction. A blank
 * too many or a field out of place and it reads nothing.
 *
 * usage: sscanf PORT bc95|bg96 SERVER UDP-PORT
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

static struct {
    int fd;
    bool final_ok, final_error, prompt;
    int rssi, ber, attached, registered;
    int opened, closed, acked_id, delivered; /* -1: not told yet */
    int answer_id, answer_class, answer_detail, option_count, payload_len;
    int answers;
    unsigned status;
    char address[64], imei[16];
    char payload[1100];
} modem;

/* One line of the BC95. */
static void scan_bc95(const char *line)
{
    float code = 0;
    int type = 0;
    int id = 0;
    int len = 0;
    char data[1100] = "";
    int count = 0;

    if (sscanf(line, "+CSQ:%d,%d", &modem.rssi, &modem.ber) == 2)
        return;
    if (sscanf(line, "+CGATT:%d", &modem.attached) == 1)
        return;
    if (sscanf(line, "+CEREG:%*d,%d", &modem.registered) == 1)
        return;
    if (sscanf(line, "+CGSN:%15[0-9]", modem.imei) == 1)
        return;
    if (sscanf(line, "+CGPADDR:%*d,%63[0-9.]", modem.address) == 1)
        return;
    if (sscanf(line, "+QCOAPDATASTATUS: %u", &modem.status) == 1)
        return;
    count = sscanf(line, "+QCOAPURC: \"rsp\",%d,%f,%d,%d,%1099s", &type, &code, &id, &len, data);
    if (count < 3)
        return;
    modem.answer_class = (int)code;
    modem.answer_detail = (int)(code * 100.0F + 0.5F) % 100;
    modem.answer_id = id;
    modem.payload_len = count == 5 ? len : 0;
    strcpy(modem.payload, data);
    modem.answers++;
}

/* One line of the BG96; the payload behind it is read by its length. */
static void scan_bg96(const char *line)
{
    char token[17] = "";
    int tkl = 0;
    int read_to = 0;
    int c = 0;
    int d = 0;
    int id = 0;
    int count = 0;

    if (sscanf(line, "+CSQ: %d,%d", &modem.rssi, &modem.ber) == 2)
        return;
    if (sscanf(line, "+CGATT: %d", &modem.attached) == 1)
        return;
    if (sscanf(line, "+CEREG: %*d,%d", &modem.registered) == 1)
        return;
    if (sscanf(line, "+CGPADDR: %*d,%63[0-9.]", modem.address) == 1)
        return;
    if (sscanf(line, "+QCOAPOPEN: %*d,%d", &modem.opened) == 1)
        return;
    if (sscanf(line, "+QCOAPCLOSE: %*d,%d", &modem.closed) == 1)
        return;
    if (sscanf(line, "+QCOAPACK: %*d,%*d,%d,%d", &modem.acked_id, &modem.delivered) == 2)
        return;
    if (sscanf(line, "+QCOAPRECV: %*d,%d,%d.%d,%d,%16[0-9A-F],%d%n", &id, &c, &d, &tkl, token,
               &count, &read_to) != 6)
        return;
    line += read_to;
    for (int i = 0; i < count; i++) {
        char value[256];
        int number = 0;

        read_to = 0;
        if (sscanf(line, ",%d,\"%255[^\"]\"%n", &number, value, &read_to) != 2 || read_to == 0)
            (void)sscanf(line, ",%d,%255[^,]%n", &number, value, &read_to);
        line += read_to;
    }
    modem.payload_len = -1;
    (void)sscanf(line, ",%d", &modem.payload_len);
    modem.answer_id = id;
    modem.answer_class = c;
    modem.answer_detail = d;
    modem.option_count = count;
    if ((int)strlen(token) != 2 * tkl)
        modem.answer_class = -1;
    modem.answers++;
}

static void (*scan)(const char *line);

static int get(int timeout_ms)
{
    struct pollfd ready = {.fd = modem.fd, .events = POLLIN};
    unsigned char byte = 0;

    return poll(&ready, 1, timeout_ms) == 1 && read(modem.fd, &byte, 1) == 1 ? byte : -1;
}

/* The payload of the BG96, which follows its line. */
static void take_payload(void)
{
    for (int i = 0; i < modem.payload_len && i < 1099; i++) {
        modem.payload[i] = (char)get(1000);
        modem.payload[i + 1] = '\0';
    }
}

/* Take what comes, line by line, until this holds or nothing came for so long. */
static void run_until(bool (*holds)(void), const char *what, int timeout_ms)
{
    static char line[1400];
    static size_t len;

    while (!holds()) {
        const int byte = get(timeout_ms);
        const int answers = modem.answers;

        if (byte < 0 || modem.final_error) {
            fprintf(stderr, "sscanf: no %s; last \"%s\"\n", what, line);
            exit(1);
        }
        if (byte == '>' && len == 0)
            modem.prompt = true;
        if (byte != '\n' && len + 1 < sizeof line)
            line[len++] = (char)byte;
        line[len] = '\0';
        if (byte != '\n')
            continue;
        len = 0;
        if (strcmp(line, "OK\r") == 0)
            modem.final_ok = true;
        else if (strncmp(line, "ERROR", 5) == 0 || strncmp(line, "+CME", 4) == 0)
            modem.final_error = true;
        else
            scan(line);
        if (scan == scan_bg96 && modem.answers > answers)
            take_payload();
        if (modem.prompt)
            len = 0;
    }
    if (modem.prompt)
        len = 0;
}

static bool is_ok(void)
{
    return modem.final_ok;
}

static bool is_prompt(void)
{
    return modem.prompt;
}

static bool is_answered(void)
{
    return modem.answers > 0;
}

static bool is_opened(void)
{
    return modem.opened >= 0;
}

static bool is_closed(void)
{
    return modem.closed >= 0;
}

static void put(const char *text)
{
    if (write(modem.fd, text, strlen(text)) != (ssize_t)strlen(text))
        exit(1);
}

static void at(const char *line)
{
    modem.final_ok = false;
    put(line);
    put("\r");
    run_until(is_ok, line, 3000);
}

static void send_data(const char *line, const char *data)
{
    modem.final_ok = false;
    modem.prompt = false;
    modem.answers = 0;
    modem.delivered = -1;
    modem.payload[0] = '\0';
    put(line);
    put("\r");
    run_until(is_prompt, "prompt", 3000);
    modem.prompt = false;
    put(data);
    put("\x1a");
    run_until(is_ok, "OK", 3000);
}

static void expect(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "sscanf: %s: %d.%02d id %d, %d bytes \"%s\", acked %d %d\n", what,
            modem.answer_class, modem.answer_detail, modem.answer_id, modem.payload_len,
            modem.payload, modem.acked_id, modem.delivered);
    exit(1);
}

static void answer(const char *method, int id, const char *code, const char *payload)
{
    char got[8];

    run_until(is_answered, "answer", 5000);
    (void)snprintf(got, sizeof got, "%d.%02d", modem.answer_class, modem.answer_detail);
    expect(strcmp(got, code) == 0 && modem.answer_id == id, method);
    expect(strcmp(modem.payload, payload) == 0, payload);
    printf("%s %s %s\n", method, got, payload);
}

static void base(void)
{
    modem.rssi = modem.attached = modem.registered = -1;
    at("AT+CSQ");
    at("AT+CGATT?");
    at("AT+CEREG?");
    at("AT+CGPADDR");
    expect(modem.rssi >= 0 && modem.rssi <= 31 && modem.ber == 99, "CSQ");
    expect(modem.attached == 1 && modem.registered == 1, "CGATT, CEREG");
}

static void talk_bc95(const char *server, const char *udp)
{
    char line[200];

    base();
    at("AT+CGSN=1");
    expect(strlen(modem.imei) == 15 && modem.address[0] != '\0', "CGSN, CGPADDR");
    at("AT+QCOAPCREATE=56830");
    at("AT+QCOAPHEAD=5,9001,2,ABCD");
    at("AT+QCOAPOPTION=1,11,\"scan\"");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,2,%s,%s", server, udp);
    send_data(line, "34302E35");
    answer("POST", 9001, "2.01", "");
    at("AT+QCOAPDATASTATUS?");
    expect(modem.status == 4, "DATASTATUS");
    at("AT+QCOAPHEAD=5,9002,2,ABCE");
    at("AT+QCOAPOPTION=1,11,\"scan\"");
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,%s,%s", server, udp);
    send_data(line, "");
    answer("GET", 9002, "2.05", "34302E35");
    expect(modem.payload_len == 4, "the length");
    at("AT+QCOAPHEAD=5,9003,2,ABCF");
    at("AT+QCOAPOPTION=2,11,\"no\",11,\"such\"");
    send_data(line, "");
    run_until(is_answered, "answer", 5000);
    expect(modem.answer_class == 4 && modem.answer_detail == 4, "4.04");
    puts("GET 4.04");
    at("AT+QCOAPDEL");
}

static void talk_bg96(const char *server, const char *udp)
{
    char line[320];

    modem.opened = modem.closed = -1;
    at("AT+QIACT=1");
    base();
    expect(modem.address[0] != '\0', "CGPADDR");
    (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=2,\"%s\",%s", server, udp);
    at(line);
    run_until(is_opened, "+QCOAPOPEN", 75000);
    expect(modem.opened == 0, "+QCOAPOPEN");
    at("AT+QCOAPHEADER=2,9001,0,2,ABCD");
    at("AT+QCOAPOPTION=2,0,0,11,\"scan\"");
    send_data("AT+QCOAPSEND=2,0,2,1", "40.5");
    answer("POST", 9001, "2.01", "");
    expect(modem.acked_id == 9001 && modem.delivered == 0, "+QCOAPACK");
    expect(modem.option_count == 1, "Location-Path");
    at("AT+QCOAPHEADER=2,9002,0,2,ABCE");
    send_data("AT+QCOAPSEND=2,0,1,1", "");
    answer("GET", 9002, "2.05", "40.5");
    at("AT+QCOAPHEADER=2,9003,0,2,ABCF");
    at("AT+QCOAPOPTION=2,0,1,11,\"such\"");
    send_data("AT+QCOAPSEND=2,0,1,3", "");
    run_until(is_answered, "answer", 5000);
    expect(modem.answer_class == 4 && modem.answer_detail == 4, "4.04");
    puts("GET 4.04");
    at("AT+QCOAPCLOSE=2");
    run_until(is_closed, "+QCOAPCLOSE", 75000);
    expect(modem.closed == 0, "+QCOAPCLOSE");
}

int main(int argc, char *argv[])
{
    struct termios mode;

    if (argc != 5)
        return 2;
    modem.fd = open(argv[1], O_RDWR | O_NOCTTY);
    if (modem.fd < 0 || tcgetattr(modem.fd, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(modem.fd, TCSANOW, &mode) != 0)
        return 2;
    scan = strcmp(argv[2], "bc95") == 0 ? scan_bc95 : scan_bg96;
    at("ATE0");
    if (scan == scan_bc95)
        talk_bc95(argv[3], argv[4]);
    else
        talk_bg96(argv[3], argv[4]);
    return 0;
}
