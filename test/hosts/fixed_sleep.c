/* SPDX-License-Identifier: MIT
 *
 * A host as it stands in many a sketch: type a command, sleep 300 ms, read once and look whether the
 * word is in what came. It never waits for anything else, so a reply and the URC behind it come in one
 * piece or in two, as it happens.
 *
 * usage: fixed_sleep PORT bc95|bg96 SERVER UDP-PORT
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SLEEP_US 300000
#define ROUNDS   10 /* how often main() comes round before it gives up */

static int port;
static char rx[4096];

static void fail(const char *what)
{
    fprintf(stderr, "fixed_sleep: %s: got \"%s\"\n", what, rx);
    exit(1);
}

static void read_once(void)
{
    ssize_t got = 0;

    (void)usleep(SLEEP_US);
    got = read(port, rx, sizeof rx - 1);
    rx[got > 0 ? got : 0] = '\0';
}

static void type(const char *text)
{
    if (write(port, text, strlen(text)) != (ssize_t)strlen(text))
        fail("write");
}

/* The next chunk that has the word; chunks that came late and empty ones are passed over. */
static void look_for(const char *word)
{
    for (int round = 0; round < ROUNDS; round++) {
        if (strstr(rx, word) != NULL)
            return;
        read_once();
    }
    fail(word);
}

static void command(const char *text, const char *word)
{
    rx[0] = '\0';
    type(text);
    type("\r");
    look_for(word);
    if (strstr(rx, "ERROR") != NULL)
        fail(text);
}

static void payload(const char *text)
{
    rx[0] = '\0';
    type(text);
    type("\x1a");
    look_for("OK");
}

static void talk_bc95(const char *server, const char *udp)
{
    char send[200];

    command("AT+CMEE=1", "OK");
    command("AT+CGATT?", "+CGATT:1");
    command("AT+QCOAPCREATE=56830", "OK");
    command("AT+QCOAPHEAD=1", "OK");
    command("AT+QCOAPOPTION=3,11,\"field\",11,\"sleepy\",12,\"0\"", "OK");
    (void)snprintf(send, sizeof send, "AT+QCOAPSEND=0,2,%s,%s", server, udp);
    command(send, ">");
    payload("soil=37");
    look_for("+QCOAPURC: \"rsp\",2,2.01,");
    puts("POST 2.01");
    command("AT+QCOAPDATASTATUS?", "+QCOAPDATASTATUS: 4");
    command("AT+QCOAPHEAD=1", "OK");
    command("AT+QCOAPOPTION=2,11,\"field\",11,\"sleepy\"", "OK");
    (void)snprintf(send, sizeof send, "AT+QCOAPSEND=0,1,%s,%s", server, udp);
    command(send, ">");
    payload("");
    look_for("+QCOAPURC: \"rsp\",2,2.05,");
    if (strstr(rx, ",7,736F696C3D3337\r\n") == NULL) /* soil=37 */
        fail("the answer");
    puts("GET 2.05 soil=37");
    command("AT+QCOAPDEL", "OK");
}

static void talk_bg96(const char *server, const char *udp)
{
    char open[300];

    command("AT+CGATT?", "+CGATT: 1");
    command("AT+QCOAPCFG=\"trans\",0,4,5", "OK");
    (void)snprintf(open, sizeof open, "AT+QCOAPOPEN=0,\"%s\",%s", server, udp);
    command(open, "OK");
    look_for("+QCOAPOPEN: 0,0");
    command("AT+QCOAPHEADER=0,4001,1", "OK");
    command("AT+QCOAPOPTION=0,0,0,11,\"field\"", "OK");
    command("AT+QCOAPOPTION=0,0,1,11,\"sleepy\"", "OK");
    command("AT+QCOAPSEND=0,0,2,3", ">");
    payload("soil=37");
    look_for("+QCOAPRECV: 0,4001,2.01,");
    puts("POST 2.01");
    command("AT+QCOAPHEADER=0,4002,1", "OK");
    command("AT+QCOAPSEND=0,0,1,3", ">");
    payload("");
    look_for("+QCOAPRECV: 0,4002,2.05,");
    if (strstr(rx, ",7\r\nsoil=37\r\n") == NULL)
        fail("the answer");
    puts("GET 2.05 soil=37");
    command("AT+QCOAPCLOSE=0", "+QCOAPCLOSE: 0,0");
}

int main(int argc, char *argv[])
{
    struct termios mode;

    if (argc != 5)
        return 2;
    port = open(argv[1], O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (port < 0 || tcgetattr(port, &mode) != 0)
        return 2;
    cfmakeraw(&mode);
    if (tcsetattr(port, TCSANOW, &mode) != 0)
        return 2;
    command("ATE0", "OK");
    if (strcmp(argv[2], "bc95") == 0)
        talk_bc95(argv[3], argv[4]);
    else
        talk_bg96(argv[3], argv[4]);
    return 0;
}
