/* SPDX-License-Identifier: MIT
 *
 * Every form of the URCs that show messages of peers: each optional part there and not there, every
 * response code the notes list, every type it can come with, and for requests every value of <mode>
 * there is. What is expected is put together here, field by field, as BC95 3.1 and 3.2 and BG96 3.4.1
 * print it (D-37, D-41, D-72).
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "seeds.h"
#include "seen.h"

enum { CON, NON, ACK, RST };
enum { OPTIONS_MAX = 80, TEXT_MAX = 4096, MID = 0x1234 };

/* Both peers of all tests: who is asked and who asks. */
static const struct peer {
    struct atc_addr addr;
    const char *text;
} peers[] = {
    {{.ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4}, "192.0.2.1"},
    {{.ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 7}, .port = 61616, .family = ATC_FAMILY_IPV6},
     "2001:db8::7"},
};

/* BC95 3.1 and BG96 tab.3. */
static const uint8_t response_codes[] = {
    0x41, 0x42, 0x43, 0x44, 0x45, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85,
    0x86, 0x8C, 0x8D, 0x8F, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5,
};

/* A message and how its parts are printed. */
struct message {
    unsigned type, code, mid, tkl;
    unsigned paths;   /* Uri-Path "t", so often */
    unsigned queries; /* Uri-Query "q", so often */
    int format;       /* Content-Format, -1: none */
    const char *payload;
};

static struct bench bc95[2][2], bg96, b; /* bc95: by Showra and Showrspopt */

static void prepare(void)
{
    for (unsigned ra = 0; ra < 2; ra++) {
        for (unsigned opt = 0; opt < 2; opt++) {
            struct bench *start = &bc95[ra][opt];
            char line[160];

            bench_new(start, &atc_dialect_bc95, 1);
            (void)snprintf(line, sizeof line,
                           "AT+QCOAPCREATE=56830;+QCOAPADDRES=2,\"/t\";+QCOAPADDRES=1,\"/\";"
                           "+QCOAPCFG=\"Showra\",%u;+QCOAPCFG=\"Showrspopt\",%u\r",
                           ra, opt);
            (void)bench_type(start, line);
            EXPECT(strcmp(bench_said(start), "\r\nOK\r\n") == 0, "%s", line);
        }
    }
    bench_new(&bg96, &atc_dialect_bg96, 1);
    (void)bench_type(&bg96, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&bg96);
}

static void go_back(const struct bench *start)
{
    memcpy(&b, start, offsetof(struct bench, sent));
    (void)bench_said(&b);
    b.orders.len = 0;
}

/* --- wire ------------------------------------------------------------------------------------- */

static const uint8_t token[8] = {0xC0, 0xDE, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06};

/* Deltas up to 15, lengths up to 12. */
static size_t put_option(uint8_t *at, unsigned *last, unsigned number, const char *value,
                         size_t len)
{
    const unsigned delta = number - *last;
    size_t head = 1;

    at[0] = (uint8_t)((delta < 13 ? delta : 13u) << 4 | len);
    if (delta >= 13)
        at[head++] = (uint8_t)(delta - 13);
    memcpy(at + head, value, len);
    *last = number;
    return head + len;
}

static size_t encode(uint8_t *data, const struct message *m)
{
    const char format = (char)m->format;
    unsigned last = 0;
    size_t len = 4;

    data[0] = (uint8_t)(0x40 | m->type << 4 | m->tkl);
    data[1] = (uint8_t)m->code;
    data[2] = (uint8_t)(m->mid / 256);
    data[3] = (uint8_t)(m->mid % 256);
    memcpy(data + len, token, m->tkl);
    len += m->tkl;
    for (unsigned i = 0; i < m->paths; i++)
        len += put_option(data + len, &last, 11, "t", 1);
    if (m->format >= 0)
        len += put_option(data + len, &last, 12, &format, m->format > 0 ? 1 : 0);
    for (unsigned i = 0; i < m->queries; i++)
        len += put_option(data + len, &last, 15, "q", 1);
    if (*m->payload != '\0')
        data[len++] = 0xFF;
    memcpy(data + len, m->payload, strlen(m->payload));
    return len + strlen(m->payload);
}

/* --- print ------------------------------------------------------------------------------------ */

static char wanted[TEXT_MAX];
static size_t wanted_len;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    wanted_len += (size_t)vsnprintf(wanted + wanted_len, sizeof wanted - wanted_len, format, args);
    va_end(args);
}

static void put_hex(const void *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        put("%02X", ((const uint8_t *)data)[i]);
}

static unsigned option_count(const struct message *m)
{
    return m->paths + (m->format >= 0 ? 1 : 0) + m->queries;
}

/* quote: around numbers, too. */
static void put_options(const struct message *m, const char *quote)
{
    for (unsigned i = 0; i < m->paths; i++)
        put(",11,\"t\"");
    if (m->format >= 0)
        put(",12,%s%d%s", quote, m->format, quote);
    for (unsigned i = 0; i < m->queries; i++)
        put(",15,\"q\"");
}

static void put_payload(const struct message *m)
{
    if (*m->payload == '\0')
        return;
    put(",%zu,", strlen(m->payload));
    if (m->format == 0 || m->format == 41 || m->format == 50)
        put("%s", m->payload);
    else
        put_hex(m->payload, strlen(m->payload));
}

static void begin(const char *head, const struct peer *shown)
{
    wanted_len = 0;
    put("\r\n%s", head);
    if (shown != NULL)
        put("%s,%u,", shown->text, shown->addr.port);
}

/* Let it come and compare what the TE is told. */
static void receive(const struct message *m, const struct peer *from)
{
    uint8_t data[BENCH_DATAGRAM_MAX];
    const size_t len = encode(data, m);
    const char *said;

    (void)bench_said(&b);
    bench_datagram(&b, 0, &from->addr, data, len);
    bench_pump(&b);
    said = bench_said(&b);
    EXPECT(strcmp(said, wanted) == 0, "wanted %s, got %s", wanted, said);
}

/* --- BC95 "rsp" ------------------------------------------------------------------------------- */

/* Send a request the message answers: a CON if it is an ACK or RST. */
static void ask_bc95(const struct message *m, const struct peer *to)
{
    char line[160], hex[17] = "";

    for (unsigned i = 0; i < m->tkl; i++)
        (void)snprintf(hex + 2 * i, 3, "%02X", token[i]);
    if (m->tkl > 0)
        (void)snprintf(line, sizeof line, "AT+QCOAPHEAD=5,%u,%u,%s\r", m->mid, m->tkl, hex);
    else
        (void)snprintf(line, sizeof line, "AT+QCOAPHEAD=3,%u\r", m->mid);
    (void)bench_type(&b, line);
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,1,%s,%u\r\x1A", m->type >= ACK ? CON : NON,
                   to->text, to->addr.port);
    (void)bench_type(&b, line);
    EXPECT(strstr(bench_said(&b), "ERROR") == NULL, "%s", line);
}

static void try_rsp(const struct message *m, unsigned ra, unsigned opt)
{
    for (size_t i = 0; i < COUNT_OF(peers); i++) {
        go_back(&bc95[ra][opt]);
        ask_bc95(m, &peers[i]);
        begin("+QCOAPURC: \"rsp\",", ra ? &peers[i] : NULL);
        if (m->code == 0)
            put("%u,0,%u", m->type, m->mid);
        else
            put("%u,%u.%02u,%u", m->type, m->code / 32, m->code % 32, m->mid);
        if (opt) {
            put(",%u", option_count(m));
            put_options(m, "\"");
        }
        put_payload(m);
        put("\r\n");
        receive(m, &peers[i]);
        seen("received bc95 %u %u", m->type, m->code);
    }
}

static const int formats[] = {-1, 0, 40, 41, 42, 47, 50, 60};
static const char *const payloads[] = {"", "x", "hi, \"you\""};

static void check_rsp_parts(struct message m, unsigned ra, unsigned opt)
{
    for (size_t f = 0; f < COUNT_OF(formats); f++) {
        for (size_t p = 0; p < COUNT_OF(payloads); p++) {
            for (m.queries = 0; m.queries < 3; m.queries++) {
                for (m.tkl = 0; m.tkl <= 8; m.tkl += 4) {
                    m.format = formats[f];
                    m.payload = payloads[p];
                    try_rsp(&m, ra, opt);
                }
            }
        }
    }
}

static void check_rsp(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned ra = 0; ra < 2; ra++) {
        for (unsigned opt = 0; opt < 2; opt++) {
            struct message m = {.mid = MID, .format = -1, .payload = ""};

            for (size_t c = 0; c < COUNT_OF(response_codes); c++) {
                for (unsigned type = CON; type <= ACK; type++) {
                    m.type = type;
                    m.code = response_codes[c];
                    try_rsp(&m, ra, opt);
                }
            }
            for (m.type = CON; m.type <= ACK; m.type++) {
                m.code = 0x45;
                check_rsp_parts(m, ra, opt);
            }
            m = (struct message){.mid = MID, .format = -1, .payload = ""};
            for (m.type = ACK; m.type <= RST; m.type++)
                try_rsp(&m, ra, opt); /* Empty */
        }
    }
}

/* --- BC95 "req" ------------------------------------------------------------------------------- */

static void try_req(const struct message *m, unsigned ra)
{
    const unsigned options = option_count(m) > 63 ? 63 : option_count(m);

    for (size_t i = 0; i < COUNT_OF(peers); i++) {
        go_back(&bc95[ra][m->mid % 2]); /* Showrspopt makes no difference */
        begin("+QCOAPURC: \"req\",", ra ? &peers[i] : NULL);
        put("%u,%u,%u,%02X", m->type, m->code, m->mid,
            (m->tkl > 0 ? 1u : 0u) + 2 * options + (*m->payload != '\0' ? 128u : 0u));
        if (m->tkl > 0) {
            put(",%u,", m->tkl);
            put_hex(token, m->tkl);
        }
        put_options(m, "\"");
        put_payload(m);
        put("\r\n");
        receive(m, &peers[i]);
    }
    seen("received bc95 %u %u", m->type, m->code);
    seen("mode bc95 %u %u %u", m->tkl > 0, option_count(m), *m->payload != '\0');
}

/* Without a token and with one, 0 to 64 options, without data and with: every <mode>, and one count
 * more than it can say. */
static void check_modes(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned count = 0; count <= 64; count++) {
        for (unsigned with = 0; with < 8; with++) {
            const struct message m = {.type = with & 4 ? NON : CON,
                                      .code = 2,
                                      .mid = MID + count,
                                      .tkl = with & 1 ? 1 + count % 8 : 0,
                                      .paths = count > 0 ? 1 : 0,
                                      .queries = count > 0 ? count - 1 : 0,
                                      .format = -1,
                                      .payload = with & 2 ? "data" : ""};

            try_req(&m, count % 2);
            try_req(&m, 1 - count % 2);
        }
    }
}

static void check_req(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned code = 1; code <= 4; code++) {
        for (size_t f = 0; f < COUNT_OF(formats); f++) {
            for (size_t p = 0; p < COUNT_OF(payloads); p++) {
                for (unsigned tkl = 0; tkl <= 8; tkl++) {
                    const struct message m = {.type = tkl % 2 ? NON : CON,
                                              .code = code,
                                              .mid = MID,
                                              .tkl = tkl,
                                              .paths = 1,
                                              .format = formats[f],
                                              .payload = payloads[p]};

                    try_req(&m, 0);
                    try_req(&m, 1);
                }
            }
        }
    }
}

/* --- BG96 ------------------------------------------------------------------------------------- */

static void ask_bg96(const struct message *m)
{
    char line[160];
    size_t len = (size_t)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%u,0,%u", m->mid, m->tkl);

    for (unsigned i = 0; i < m->tkl; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%02X", i > 0 ? "" : ",",
                                token[i]);
    (void)snprintf(line + len, sizeof line - len, "\rAT+QCOAPSEND=0,%u,1,0\r\x1A",
                   m->type == ACK ? CON : NON);
    (void)bench_type(&b, line);
    EXPECT(strstr(bench_said(&b), "ERROR") == NULL, "%s", line);
}

static void try_recv(const struct message *m)
{
    const bool request = m->code < 32;

    go_back(&bg96);
    if (!request)
        ask_bg96(m);
    wanted_len = 0;
    if (m->type == ACK)
        put("\r\n+QCOAPACK: 0,0,%u,0\r\n", m->mid);
    put("\r\n+QCOAPRECV: 0,%u,%u.%02u,%u,", m->mid, m->code / 32, m->code % 32, m->tkl);
    put_hex(token, m->tkl);
    put(",%u", option_count(m));
    put_options(m, "");
    put(",%zu", strlen(m->payload));
    if (*m->payload != '\0')
        put("\r\n%s", m->payload);
    put("\r\n");
    receive(m, &peers[0]);
    seen("received bg96 %u %u", m->type, m->code);
}

static void try_recv_parts(struct message m)
{
    for (m.tkl = 0; m.tkl <= 8; m.tkl++) {
        for (size_t f = 0; f < COUNT_OF(formats); f++) {
            for (size_t p = 0; p < COUNT_OF(payloads); p++) {
                for (m.queries = 0; m.queries < 3; m.queries++) {
                    m.format = formats[f];
                    m.payload = payloads[p];
                    try_recv(&m);
                }
            }
        }
    }
}

static void check_recv(uint64_t seed)
{
    struct message m = {.mid = MID, .format = -1, .payload = ""};

    (void)seed;
    prepare();
    for (size_t c = 0; c < COUNT_OF(response_codes); c++) {
        for (m.type = CON; m.type <= ACK; m.type++) {
            m.code = response_codes[c];
            try_recv(&m);
        }
    }
    for (m.code = 1; m.code <= 4; m.code++) {
        for (m.type = CON; m.type <= NON; m.type++)
            try_recv_parts(m);
    }
    m.code = 0x45;
    for (m.type = CON; m.type <= ACK; m.type++)
        try_recv_parts(m);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"+QCOAPURC: \"rsp\"", check_rsp, 1},
        {"+QCOAPURC: \"req\"", check_req, 1},
        {"every <mode>", check_modes, 1},
        {"+QCOAPRECV", check_recv, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
