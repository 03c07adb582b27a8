/* SPDX-License-Identifier: MIT
 *
 * A host with the long start that firmware for these modules has: ask for the module until it answers,
 * set up bands, contexts and the operator, reboot where that is needed, then ask again and again until
 * it is registered and attached. It compares whole strings, which is why blanks behind the colon matter.
 *
 * usage: bring_up PORT bc95|bg96 SERVER UDP-PORT
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum result { RES_OK, RES_ERROR, RES_TIMEOUT };

struct step {
    const char *command;
    const char *expected; /* in the reply; NULL: nothing but OK */
    int tries;            /* a second apart */
};

static const struct step start_bc95[] = {
    {"AT", NULL, 10},
    {"ATE0", NULL, 3},
    {"AT+CMEE=1", NULL, 1},
    {"AT+CGMM", "BC95", 1},
    {"AT+CGSN=1", "+CGSN:", 1},
    {"AT+NCCID", "+NCCID:", 3},
    {"AT+CIMI", NULL, 3},
    {"AT+CFUN=0", NULL, 3},
    {"AT+NBAND=20,8", NULL, 1},
    {"AT+NBAND?", "\r\n+NBAND:20,8\r\n", 1},
    {"AT+NCONFIG=AUTOCONNECT,FALSE", NULL, 1},
    {"AT+NCONFIG=CR_0354_0338_SCRAMBLING,TRUE", NULL, 1},
    {"AT+NCONFIG=CR_0859_SI_AVOID,TRUE", NULL, 1},
    {"AT+NRB", "REBOOT_CAUSE_APPLICATION_AT", 1},
    {"AT", NULL, 10},
    {"AT+CMEE=1", NULL, 1},
    {"AT+NCONFIG?", "+NCONFIG:AUTOCONNECT,FALSE\r\n", 1},
    {"AT+NBAND?", "\r\n+NBAND:20,8\r\n", 1},
    {"AT+CFUN?", "\r\n+CFUN:0\r\n", 1},
    {"AT+CGDCONT=0,\"IP\",\"iot.operator.example\"", NULL, 1},
    {"AT+CFUN=1", NULL, 3},
    {"AT+CEREG=1", NULL, 1},
    {"AT+CSCON=0", NULL, 1},
    {"AT+CPSMS=0", NULL, 1},
    {"AT+COPS=1,2,\"26201\"", NULL, 3},
    {"AT+CGATT=1", NULL, 3},
    {"AT+CEREG?", "\r\n+CEREG:1,1\r\n", 60},
    {"AT+CEREG=0", NULL, 1},
    {"AT+CEREG?", "\r\n+CEREG:0,1\r\n", 60},
    {"AT+CGATT?", "\r\n+CGATT:1\r\n", 60},
    {"AT+COPS?", "+COPS:1,2,\"26201\"", 1},
    {"AT+CSQ", "+CSQ:", 1},
    {"AT+CGPADDR", "+CGPADDR:0,", 10},
    {"AT+NUESTATS", "Signal power:-", 1},
    {"AT+CCLK?", "+CCLK:", 1},
};

static const struct step start_bg96[] = {
    {"AT", NULL, 10},
    {"ATE0", NULL, 3},
    {"ATI", "BG96\r\nRevision: ", 1},
    {"AT+CMEE=2", NULL, 1},
    {"AT+GSN", NULL, 1},
    {"AT+CPIN?", "\r\n+CPIN: READY\r\n", 20},
    {"AT+QCCID", "+QCCID: ", 3},
    {"AT+CIMI", NULL, 3},
    {"AT+QCFG=\"nwscanseq\",0302,1", NULL, 1},
    {"AT+QCFG=\"nwscanmode\",3,1", NULL, 1},
    {"AT+QCFG=\"iotopmode\",1,1", NULL, 1},
    {"AT+QCFG=\"band\",0,0,80000,1", NULL, 1},
    {"AT+QCFG=\"servicedomain\",1,1", NULL, 1},
    {"AT+CFUN=0", NULL, 1},
    {"AT+CFUN?", "\r\n+CFUN: 0\r\n", 1},
    {"AT+CGDCONT=1,\"IP\",\"iot.operator.example\"", NULL, 1},
    {"AT+CFUN=1", NULL, 3},
    {"AT+CPIN?", "\r\n+CPIN: READY\r\n", 20},
    {"AT+QURCCFG=\"urcport\",\"uart1\"", NULL, 1},
    {"AT+CPSMS=0", NULL, 1},
    {"AT+COPS=0", NULL, 3},
    {"AT+CEREG=0", NULL, 1},
    {"AT+CEREG?", "\r\n+CEREG: 0,1\r\n", 60},
    {"AT+CGATT=1", NULL, 3},
    {"AT+CGATT?", "\r\n+CGATT: 1\r\n", 60},
    {"AT+COPS?", "+COPS: 0,0,\"", 3},
    {"AT+CSQ", "+CSQ: ", 1},
    {"AT+QCSQ", "+QCSQ: \"", 1},
    {"AT+QNWINFO", "+QNWINFO: \"", 3},
    {"AT+CGDCONT?", "+CGDCONT: 1,\"IP\",\"iot.operator.example\"", 1},
    {"AT+QICSGP=1,1,\"iot.operator.example\",\"\",\"\",0", NULL, 1},
    {"AT+QIACT=1", NULL, 3},
    {"AT+QIACT?", "+QIACT: 1,1,1,\"", 3},
    {"AT+CGPADDR=1", "+CGPADDR: 1,", 3},
    {"AT+CCLK?", "+CCLK: \"", 1},
};

/* The note says 300 ms; a machine that is busy with other tests may take longer. */
#define REPLY_MS 3000

static int uart;
static char rx[4096];
static size_t rx_len;

static long long now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void flush(void)
{
    rx_len = 0;
    rx[0] = '\0';
}

/* Take what comes until the text is there, an error came, or the time is over. */
static enum result wait_text(const char *text, int timeout_ms)
{
    const long long end = now_ms() + timeout_ms;

    for (;;) {
        struct pollfd ready = {.fd = uart, .events = POLLIN};
        const long long left = end - now_ms();
        ssize_t got = 0;

        if (strstr(rx, text) != NULL)
            return RES_OK;
        if (strstr(rx, "ERROR") != NULL)
            return RES_ERROR;
        if (left <= 0 || poll(&ready, 1, (int)left) != 1)
            return RES_TIMEOUT;
        got = read(uart, rx + rx_len, sizeof rx - 1 - rx_len);
        if (got <= 0)
            return RES_ERROR;
        rx_len += (size_t)got;
        rx[rx_len] = '\0';
    }
}

static void put(const char *text)
{
    if (write(uart, text, strlen(text)) != (ssize_t)strlen(text))
        exit(1);
}

static enum result command(const char *text, const char *end, int timeout_ms)
{
    flush();
    put(text);
    put("\r");
    return wait_text(end, timeout_ms);
}

static void give_up(const char *what)
{
    fprintf(stderr, "bring_up: %s: \"%s\"\n", what, rx);
    exit(1);
}

/* A step, over and over. The tries that did not tell what is waited for are counted. */
static int take(const struct step *step)
{
    for (int attempt = 0; attempt < step->tries; attempt++) {
        const enum result result = command(step->command, "\r\nOK\r\n", 10000);

        if (result == RES_OK && (step->expected == NULL || strstr(rx, step->expected) != NULL))
            return attempt;
        (void)sleep(1);
    }
    give_up(step->command);
    return 0;
}

static void bring_up(const struct step *steps, size_t count)
{
    int waited = 0;

    for (size_t i = 0; i < count; i++)
        waited += take(&steps[i]);
    /* Right behind CFUN=1 no module is registered: one that says so has no network to look for. */
    printf("%s\n", waited > 0 ? "registered after a while" : "registered at once");
}

static void must(const char *text, const char *end, int timeout_ms)
{
    if (command(text, end, timeout_ms) != RES_OK)
        give_up(text);
}

static void must_come(const char *text)
{
    if (wait_text(text, 10000) != RES_OK)
        give_up(text);
}

static void session_bc95(const char *server, const char *udp)
{
    char send[200];

    must("AT+QCOAPCREATE=5683", "\r\nOK\r\n", REPLY_MS);
    for (int method = 2; method >= 1; method--) {
        must("AT+QCOAPHEAD=1", "\r\nOK\r\n", REPLY_MS);
        must("AT+QCOAPOPTION=2,11,\"up\",11,\"time\"", "\r\nOK\r\n", REPLY_MS);
        (void)snprintf(send, sizeof send, "AT+QCOAPSEND=0,%d,%s,%s", method, server, udp);
        must(send, ">", REPLY_MS);
        put(method == 2 ? "3137\x1a" : "\x1a");
        must_come("\r\nOK\r\n");
        must_come(method == 2 ? "\"rsp\",2,2.01," : "\"rsp\",2,2.05,");
        must_come(method == 2 ? "\r\n" : ",2,3137\r\n");
        puts(method == 2 ? "POST 2.01" : "GET 2.05 17");
        do {
            (void)usleep(100000);
            must("AT+QCOAPDATASTATUS?", "\r\nOK\r\n", REPLY_MS);
        } while (strstr(rx, "+QCOAPDATASTATUS: 1") != NULL);
        must_come("+QCOAPDATASTATUS: 4");
    }
    must("AT+QCOAPDEL", "\r\nOK\r\n", REPLY_MS);
}

static void session_bg96(const char *server, const char *udp)
{
    char open[320];

    must("AT+QCOAPCFG=\"pdpcid\",0,1", "\r\nOK\r\n", REPLY_MS);
    must("AT+QCOAPCFG=\"trans\",0,4,5", "\r\nOK\r\n", REPLY_MS);
    (void)snprintf(open, sizeof open, "AT+QCOAPOPEN=0,\"%s\",%s", server, udp);
    must(open, "+QCOAPOPEN: 0,0\r\n", 75000);
    must("AT+QCOAPOPTION=0,0,0,11,\"up\"", "\r\nOK\r\n", REPLY_MS);
    must("AT+QCOAPOPTION=0,0,1,11,\"time\"", "\r\nOK\r\n", REPLY_MS);
    must("AT+QCOAPHEADER=0,1,1", "\r\nOK\r\n", REPLY_MS);
    must("AT+QCOAPSEND=0,0,2,3,2", "> ", REPLY_MS);
    put("17");
    must_come("+QCOAPACK: 0,0,1,0\r\n");
    must_come("+QCOAPRECV: 0,1,2.01,");
    must_come(",0\r\n");
    puts("POST 2.01");
    must("AT+QCOAPHEADER=0,2,1", "\r\nOK\r\n", REPLY_MS);
    must("AT+QCOAPSEND=0,0,1,3,0", "> ", REPLY_MS);
    must_come("+QCOAPRECV: 0,2,2.05,");
    must_come(",2\r\n17\r\n");
    puts("GET 2.05 17");
    must("AT+QCOAPCLOSE=0", "+QCOAPCLOSE: 0,0\r\n", 75000);
    must("AT+QIDEACT=1", "\r\nOK\r\n", 40000);
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
    if (strcmp(argv[2], "bc95") == 0) {
        bring_up(start_bc95, sizeof start_bc95 / sizeof start_bc95[0]);
        session_bc95(argv[3], argv[4]);
    } else {
        bring_up(start_bg96, sizeof start_bg96 / sizeof start_bg96[0]);
        session_bg96(argv[3], argv[4]);
    }
    return 0;
}
