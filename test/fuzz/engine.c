/* SPDX-License-Identifier: MIT
 *
 * The whole engine as a stream of events: bytes from the TE, whole commands, datagrams (some made of
 * what the modem has sent), orders answered well, badly or late, steps of the clock. Nothing may
 * crash, assert, or leave a command line without its end.
 */
#include "modem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct fuzz_modem f;

/* Commands that lead somewhere, so that not every one has to be found letter by letter. */
static const char *const commands[] = {
    "AT+QCOAPCREATE=56830\r",
    "AT+QCOAPDEL\r",
    "AT+QCOAPADDRES=4,\"/t/d\"\r",
    "AT+QCOAPHEAD=5,258,2,0102\r",
    "AT+QCOAPHEAD=1\r",
    "AT+QCOAPOPTION=2,11,\"t/d\",6,\"0\"\r",
    "AT+QCOAPOPTION=2,11,\"t\",12,\"0\"\r",
    "AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1a",
    "AT+QCOAPSEND=1,2,192.0.2.1,5683\r3132\x1a",
    "AT+QCOAPSEND=2,205,192.0.2.1,5683\rhello\x1a",
    "AT+QCOAPSEND=0,205,192.0.2.1,5683\r\x1a",
    "AT+QCOAPCFG=\"Showra\",1;+QCOAPCFG=\"Showrspopt\",1\r",
    "AT+QCOAPDATASTATUS?\r",
    "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r",
    "AT+QCOAPOPEN=1,\"a.example\",5683\r",
    "AT+QCOAPCFG=\"dtls\",1,1,0\r",
    "AT+QCOAPCFG=\"trans\",0,2,4\r",
    "AT+QCOAPCLOSE=0\r",
    "AT+QCOAPCLOSE=1\r",
    "AT+QCOAPHEADER=0,258,0,2,0102\r",
    "AT+QCOAPOPTION=0,0,0,11,\"t/d\"\r",
    "AT+QCOAPOPTION=0,0,1,6,0\r",
    "AT+QCOAPOPTION=0,1,1\r",
    "AT+QCOAPSEND=0,0,1,255,0\r",
    "AT+QCOAPSEND=0,1,2,1,5\rhello",
    "AT+QCOAPSEND=0,2,69,0\r\x1a",
    "AT+QCOAPOPEN?\r",
    "AT+QFUPL=\"UFS:0_server.psk\",5\rid&ab",
    "AT+QFDWL=\"0_server.psk\"\r",
    "AT+QFLST\r",
    "AT+CGATT=0\r",
    "AT+CEREG=5;+CSCON=1;+NPSMR=1\r",
    "AT+CPSMS=1,,,00000001,00000000\r",
    "AT+CFUN=0\r",
    "AT+CFUN=1\r",
    "AT+COPS=2;+COPS=0\r",
    "AT+CGDCONT=1,\"IP\",\"internet\";+CGDCONT?;+CGPADDR\r",
    "AT+NUESTATS=ALL\r",
    "AT+NATSPEED=115200,3,1\r",
    "AT+NPING=192.0.2.1\r",
    "AT+QDNS=0,a.example\r",
    "AT+CGATT=1\r",
    "AT+NRB\r",
    "AT+CFUN=1,1\r",
    "AT+QCOAPHEAD=2,2,ABCD\r",
    "AT+QCOAPHEAD=4,300\r",
    "AT+QCOAPSEND=1,0,192.0.2.1,5683\r\x1a",
    "AT+QCOAPSEND=0,0,192.0.2.1,5683\r\x1a",
    "AT+QCOAPSEND=3,0,192.0.2.1,5683\r\x1a",
    "AT+QCOAPSEND=1,1,224.0.1.187,5683\r\x1a",
    "AT+QCOAPSEND=0,3,2001:db8::1,5683\rFFFF\x1b",
    "AT+QCOAPADDRES=17,\"/.well-known/core\"\r",
    "AT+QCOAPOPTION=3,4,\"0102\",17,\"50\",23,\"6\"\r",
    "AT+QCOAPOPTION=0,0,2,35,\"coap://a/b?c\"\r",
    "AT+QCOAPOPTION=0,0,3,12,50\r",
    "AT+QCOAPSEND=0,3,0,0,0\r",
    "AT+QCOAPSEND=0,2,0,0,0\r",
    "AT+QCOAPSEND=1,0,3,255\rabc\x1a",
    "AT+QCOAPHEADER=0,0,1,8,0102030405060708\r",
    "AT+QSSLCFG=\"dtls\",0,1;+QSSLCFG=\"negotiatetime\",0,10\r",
    "AT+QSSLCFG=\"cacert\",1,\"a.pem\";+QSSLCFG=\"cacert\",1\r",
    "AT+QFOPEN=\"a\",0;+QFWRITE=3000,3\rabc",
    "AT+QFSEEK=3000,0,0;+QFREAD=3000,10\r",
    "AT+QFTUCAT=3000;+QFPOSITION=3000;+QFCLOSE=3000\r",
    "AT+QFDEL=\"*\";+QFLDS;+QFLDS=\"UFS\"\r",
    "AT+QPING=1,\"192.0.2.1\",2,2;+QIGETERROR\r",
    "AT+QIDNSGIP=1,\"a.example\"\r",
    "AT+QIACT=1;+QIACT?;+QIDEACT=1\r",
    "AT+CSQ;+CEREG?;+COPS?;+CGATT?;+CCLK?;+CSCON?\r",
    "AT+COPS=?\r",
    "ATE1V0Q0S3=13S4?&W\r",
    "ATZ\r",
    "AT&F\r",
    "A/",
    "AT+CMEE=2;+NOPE\r",
    "AT+QPOWD\r",
    "AT+NSOCR=DGRAM,17,3005,1\r",
    "AT+QNWINFO;+QCFG=\"nwscanmode\";+QCSCON=1;+CPIN?\r",
};

static void type_bytes(struct input *in)
{
    size_t len = next(in) % 64u;

    if (len > in->left)
        len = in->left;
    (void)atc_te_write(&f.m, in->at, len, f.now_ms);
    in->at += len;
    in->left -= len;
}

static void type_command(unsigned index)
{
    const char *text = commands[index % (sizeof commands / sizeof commands[0])];

    (void)atc_te_write(&f.m, (const uint8_t *)text, strlen(text), f.now_ms);
}

/* A datagram from the server, or from somebody else. */
static void receive(const uint8_t *data, size_t len, unsigned kind)
{
    struct atc_event event = {.kind = ATC_EVENT_DATAGRAM, .data = data, .len = len};

    event.peer = fuzz_server;
    event.session = (uint8_t)(kind >> 5);
    if ((kind & 16u) != 0)
        event.peer.port = 7;
    event.multicast = (kind & 15u) == 15;
    atc_event(&f.m, &event, f.now_ms);
}

static void receive_bytes(struct input *in)
{
    const unsigned kind = next(in);
    size_t len = next(in);

    if (len > in->left)
        len = in->left;
    receive(in->at, len, kind);
    in->at += len;
    in->left -= len;
}

/* An answer to one of the last messages: its ID and token, another type and code. */
static void receive_answer(struct input *in)
{
    uint8_t *sent = f.sent[next(in) % FUZZ_SENT_MAX];
    const unsigned kind = next(in);
    uint8_t answer[32];
    size_t len = 4u + sent[0] % 16u % 9u;

    memcpy(answer, sent, sizeof answer);
    answer[0] = (uint8_t)(0x40u + kind % 4u * 16u + (len - 4u));
    answer[1] = (uint8_t)next(in);
    if (answer[1] == 0) {
        answer[0] &= 0xF0;
        len = 4;
    } else {
        answer[3] = (uint8_t)(answer[3] + (kind >> 6)); /* at times another ID */
        for (unsigned extra = kind / 4u % 8u; extra > 0; extra--)
            answer[len++] = (uint8_t)next(in);
    }
    receive(answer, len, 0);
}

static void change_network(unsigned kind)
{
    struct atc_event event = {.kind = ATC_EVENT_NETWORK};

    event.network.attached = (kind & 1u) != 0;
    event.network.registration = (kind & 2u) != 0 ? ATC_REG_HOME : ATC_REG_SEARCHING;
    event.network.rssi = (uint8_t)(kind / 8u);
    event.network.rrc = (uint8_t)(kind / 64u);
    if (kind % 32u == 31u)
        event.kind = ATC_EVENT_RESET;
    else if ((kind & 4u) != 0) {
        event.kind = ATC_EVENT_CLOSED;
        event.session = (uint8_t)(kind >> 5);
    }
    atc_event(&f.m, &event, f.now_ms);
    /* The line it was at is forgotten, D-220, unless there were too many orders for a restart. */
    if (event.kind == ATC_EVENT_RESET &&
        ((struct atc_engine *)(void *)f.m.state.bytes)->line.state == ATC_LINE_IDLE)
        f.ended = f.begun;
}

/* The time, a cell, an answer to no order or one that lies. */
static void bring_news(struct input *in)
{
    struct atc_cell cell = {.id = next_16(in), .band = 8, .ecl = 1, .plmn = "26201"};
    struct atc_event event = {.kind = (enum atc_event_kind)(next(in) % (ATC_EVENT_RESET + 1)),
                              .order = next_16(in) << 16 | next(in),
                              .cause = (enum atc_cause)(next(in) % ATC_CAUSE_COUNT),
                              .peer = fuzz_server,
                              .session = (uint8_t)next(in),
                              .zone = (int8_t)(next(in) % 105u - 48)};

    if (event.kind == ATC_EVENT_NETWORK) {
        event.network.attached = true;
        event.network.registration = ATC_REG_ROAMING;
        event.network.rssi = 99;
        event.network.cell = &cell;
        event.network.addr = fuzz_server;
    }
    if (event.kind == ATC_EVENT_RESET)
        return; /* change_network() does that */
    event.offset = event.size = event.total = next_16(in) * 65537u;
    event.data = in->at;
    event.len = next(in) % 64u < in->left ? next(in) % 64u % (in->left + 1) : in->left;
    atc_event(&f.m, &event, f.now_ms);
}

/* The order that waits longest is answered with anything. */
static void answer_badly(struct input *in)
{
    static uint8_t content[600];
    struct atc_event event = {.kind = ATC_EVENT_FILE_DONE, .data = content};

    if (f.open_count == 0)
        return;
    event.order = f.open[0].id;
    event.session = f.open[0].session;
    if (f.open[0].kind == ATC_ORDER_PING || f.open[0].kind == ATC_ORDER_RESOLVE)
        event.kind = (enum atc_event_kind)(next(in) % (ATC_EVENT_FILE_DONE + 1));
    event.cause = next(in) % 4u == 0 ? (enum atc_cause)(next(in) % ATC_CAUSE_COUNT) : ATC_OK;
    event.size = event.offset = event.total = next_16(in);
    event.len = next_16(in) % sizeof content;
    memset(content, (int)next(in), sizeof content);
    f.open_count--;
    memmove(f.open, f.open + 1, f.open_count * sizeof f.open[0]);
    atc_event(&f.m, &event, f.now_ms);
}

static void play(struct input *in)
{
    const unsigned op = next(in);

    switch (op % 10u) {
    case 0:
        type_bytes(in);
        break;
    case 1:
    case 2:
        type_command(next(in));
        break;
    case 3:
        receive_bytes(in);
        break;
    case 4:
        receive_answer(in);
        break;
    case 5:
        f.now_ms += (uint64_t)1 << next(in) % 24u;
        atc_tick(&f.m, f.now_ms);
        break;
    case 6:
        fuzz_take_orders(&f);
        fuzz_answer(&f, op / 10u < 20u ? ATC_OK : (enum atc_cause)(op % ATC_CAUSE_COUNT));
        break;
    case 7:
        change_network(next(in));
        break;
    case 8:
        fuzz_drain(&f, next(in));
        break;
    default:
        if (op < 200)
            fuzz_settle(&f);
        else if (op < 230)
            bring_news(in);
        else
            answer_badly(in);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};

    fuzz_start(&f, next(&in) | (len % 2u == 0 ? FUZZ_KEEPS : 0) | (len % 7u == 0 ? FUZZ_BARE : 0));
    while (in.left > 0)
        play(&in);
    fuzz_settle(&f);
    fuzz_leave(&f);
    FUZZ_REQUIRE(f.begun == f.ended);
    return 0;
}
