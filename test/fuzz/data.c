/* SPDX-License-Identifier: MIT
 *
 * Data entry of AT+QCOAPSEND against a model of it, D-04, D-32, D-33, D-68 and D-100: whatever is typed
 * behind the line, the payload that leaves is the one the decisions name, or none leaves. However the
 * bytes are cut into writes, and afterwards AT is answered.
 */
#include "decoder.h"
#include "modem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { PAYLOAD_MAX = 1024, CTRL_Z = 0x1A, ESC = 0x1B };

static struct fuzz_modem f;

struct entry {
    bool raw;        /* BG96: bytes as they are, too many are an error */
    bool crlf;       /* the host ends its lines in CR LF */
    bool text;       /* an option says that the payload is text */
    uint8_t payload; /* the settings */
    uint8_t body_lf;
    long announced; /* -1: up to Ctrl+Z */
    unsigned piece; /* bytes a write, 0: all at once */
};

struct outcome {
    bool sent;
    size_t len;
    uint8_t payload[PAYLOAD_MAX];
};

/* --- the model -------------------------------------------------------------------------------- */

static int digit(uint8_t byte)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = byte != 0 ? strchr(digits, byte) : NULL;

    return at == NULL ? -1 : (int)((at - digits) % 16);
}

static bool is_hex(const uint8_t *typed, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (digit(typed[i]) < 0)
            return false;
    return len % 2 == 0;
}

static void keep(struct outcome *out, const uint8_t *typed, size_t len, bool hex)
{
    out->sent = true;
    for (size_t i = 0; i < (hex ? len / 2 : len) && out->len < PAYLOAD_MAX; i++)
        out->payload[out->len++] =
            hex ? (uint8_t)(16 * digit(typed[2 * i]) + digit(typed[2 * i + 1])) : typed[i];
}

static void expect(struct outcome *out, const struct entry *entry, const uint8_t *typed, size_t len)
{
    const bool drops_lf = entry->body_lf == ATC_BODY_LF_DROP ||
                          (entry->body_lf == ATC_BODY_LF_AUTO && entry->crlf);
    size_t end = 0;

    out->sent = false;
    out->len = 0;
    if (entry->announced == 0) {
        out->sent = true;
        return;
    }
    if (drops_lf && len > 0 && typed[0] == '\n') {
        typed++;
        len--;
    }
    if (entry->announced > 0) {
        if (len >= (size_t)entry->announced)
            keep(out, typed, (size_t)entry->announced, false);
        return;
    }
    while (end < len && typed[end] != CTRL_Z && typed[end] != ESC)
        end++;
    if (end == len || typed[end] == ESC)
        return;
    if (entry->raw) {
        if (end <= PAYLOAD_MAX)
            keep(out, typed, end, false);
        return;
    }
    if (entry->payload == ATC_PAYLOAD_HEX)
        out->sent = is_hex(typed, end);
    else
        out->sent = true;
    if (out->sent)
        keep(out, typed, end,
             entry->payload != ATC_PAYLOAD_TEXT && is_hex(typed, end) &&
                 (entry->payload == ATC_PAYLOAD_HEX || !entry->text));
}

/* --- the modem -------------------------------------------------------------------------------- */

static void say(const char *text)
{
    fuzz_type(&f, (const uint8_t *)text, strlen(text));
}

static void say_line(const struct entry *entry, const char *text)
{
    say(text);
    say(entry->crlf ? "\r\n" : "\r");
}

static void begin(const struct entry *entry)
{
    struct atc_config cfg;
    char line[64];

    fuzz_configure(&f, &cfg, entry->raw ? 1 | 2 : 2);
    cfg.settings.payload = entry->payload;
    cfg.settings.body_lf = entry->body_lf;
    FUZZ_REQUIRE(atc_init(&f.m, &cfg, 0) == 0);
    say_line(entry, entry->raw ? "AT+QCOAPOPEN=0,\"192.0.2.1\",5683" : "AT+QCOAPCREATE=56830");
    if (entry->text)
        say_line(entry, entry->raw ? "AT+QCOAPOPTION=0,0,0,12,0" : "AT+QCOAPOPTION=1,12,\"0\"");
    if (!entry->raw)
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=1,2,192.0.2.1,5683\r");
    else if (entry->announced < 0)
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,2,1\r");
    else
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,2,1,%ld\r", entry->announced);
    say(line);
}

static void require(const struct outcome *expected, unsigned before)
{
    static struct decoder_message message;

    FUZZ_REQUIRE(f.sent_count == before + expected->sent);
    if (!expected->sent)
        return;
    decoder_read(&message, f.last, f.last_len);
    FUZZ_REQUIRE(message.verdict == DECODER_ACCEPT && message.type == 1 && message.code == 2);
    FUZZ_REQUIRE(message.payload_len == expected->len);
    FUZZ_REQUIRE(memcmp(f.last + f.last_len - expected->len, expected->payload, expected->len) ==
                 0);
}

/* The first bytes are choices, the rest is typed; with repeat, again and again. */
static size_t choose(struct entry *entry, struct input *in, uint8_t *typed, size_t room)
{
    const unsigned a = next(in), b = next(in);
    const unsigned announced = next_16(in) % (PAYLOAD_MAX + 1);
    size_t repeat, len = 0;

    entry->raw = (a & 1u) != 0;
    entry->crlf = (a & 2u) != 0;
    entry->text = (a & 4u) != 0;
    entry->payload = (uint8_t)(a / 8u % 3u);
    entry->body_lf = (uint8_t)(a / 32u % 3u);
    entry->announced = entry->raw && (b & 1u) != 0 ? (long)announced : -1;
    entry->piece = b / 2u % 16u;
    repeat = b >= 128 ? 1u + next(in) * 16u : 1;
    if (entry->crlf)
        typed[len++] = '\n';
    for (; repeat > 0 && in->left > 0 && in->left <= room - 1 - len; repeat--) {
        memcpy(typed + len, in->at, in->left);
        len += in->left;
    }
    if (b >= 128) /* what is repeated seldom has an end of its own */
        typed[len++] = CTRL_Z;
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t typed[8192];
    static const uint8_t check[] = "AT\r";
    struct input in = {data, len};
    struct outcome expected;
    struct entry entry;
    unsigned before, ended;
    size_t count;

    if (len > 4096)
        return 0;
    count = choose(&entry, &in, typed, sizeof typed);
    expect(&expected, &entry, typed, count);
    begin(&entry);
    before = f.sent_count - (entry.announced == 0); /* that one leaves at once */
    for (size_t at = 0; at < count;) {
        const size_t piece = entry.piece > 0 && entry.piece < count - at ? entry.piece : count - at;

        fuzz_type(&f, typed + at, piece);
        at += piece;
    }
    require(&expected, before);
    fuzz_leave(&f);
    ended = f.ended;
    fuzz_type(&f, check, sizeof check - 1);
    FUZZ_REQUIRE(f.begun == f.ended && (atc_is_off(&f.m) || f.ended == ended + 1));
    return 0;
}
