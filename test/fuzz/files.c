/* SPDX-License-Identifier: MIT
 *
 * The module's files, with a store that does as it is told and with one that does not. With the first,
 * every reply is, byte for byte, what a model of the files says: uploads, downloads, files that are
 * opened, written in the middle and read. With the other, which fails, is short, lies about sizes or
 * names, every command line ends, and afterwards AT is answered.
 */
#define _GNU_SOURCE /* memmem() */
#include <stdarg.h>

#include "bench.h" /* its store */
#include "modem.h"
#include "out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { NAMES = 3, CONTENT_MAX = 2000, HEARD_MAX = 4 * STORE_SIZE_MAX, OPS_MAX = 24 };

static struct fuzz_modem f;
static struct store store;
static struct input lies; /* the hostile store's answers */

/* --- the model -------------------------------------------------------------------------------- */

static struct file {
    bool there;
    size_t len;
    uint8_t data[STORE_SIZE_MAX];
} files[NAMES];

static const char *const names[NAMES] = {"0_server.psk", "UFS:a", "log.txt"};

/* The 16-bit words of it XORed, an odd last byte in the high half. */
static unsigned checksum(const uint8_t *data, size_t len)
{
    unsigned high = 0, low = 0;

    for (size_t i = 0; i < len; i += 2)
        high ^= data[i];
    for (size_t i = 1; i < len; i += 2)
        low ^= data[i];
    return 256 * high + low;
}

/* --- the stores ------------------------------------------------------------------------------- */

static void obey(struct fuzz_modem *modem, struct atc_event *event, const struct atc_order *order)
{
    (void)modem;
    store_answer(&store, event, order);
}

static void lie(struct fuzz_modem *modem, struct atc_event *event, const struct atc_order *order)
{
    static uint8_t content[ATC_KEPT_MAX + 4096];
    const unsigned how = next(&lies);

    obey(modem, event, order);
    if (how < 96)
        return;
    if (how < 160) {
        event->cause = (enum atc_cause)(how % ATC_CAUSE_COUNT);
    } else if (how < 192) {
        event->size = next_16(&lies) << (how % 20u);
        event->total = event->offset = event->size / 2;
    } else {
        memset(content, (int)how, sizeof content);
        event->data = content;
        event->len = next_16(&lies) % ((how & 1u) != 0 ? sizeof content : 16u);
    }
}

/* --- the TE ----------------------------------------------------------------------------------- */

static uint8_t heard[HEARD_MAX];

static void say(const char *text)
{
    fuzz_type(&f, (const uint8_t *)text, strlen(text));
}

static void expect(const void *expected, size_t len)
{
    if (f.file != obey)
        return;
    if (f.heard_len != len || memcmp(heard, expected, len) != 0)
        (void)fprintf(stderr, "expected %.*s\nheard %.*s\n", (int)len, (const char *)expected,
                      (int)f.heard_len, (const char *)heard);
    FUZZ_REQUIRE(f.heard_len == len && memcmp(heard, expected, len) == 0);
}

static void expect_text(const char *expected)
{
    expect(expected, strlen(expected));
}

/* What is between the same two texts as a download. */
static void expect_content(const char *before, const uint8_t *data, size_t len, const char *after)
{
    static uint8_t all[HEARD_MAX];
    struct atc_out out = atc_out(all, sizeof all);

    atc_put_text(&out, before);
    atc_put_bytes(&out, atc_span(data, len));
    atc_put_text(&out, after);
    FUZZ_REQUIRE(!atc_out_failed(&out));
    expect(all, out.len);
}

static bool asked_for_data(void)
{
    static const char connect[] = "\r\nCONNECT\r\n";

    return f.heard_len == sizeof connect - 1 && memcmp(heard, connect, f.heard_len) == 0;
}

static void command(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void command(const char *format, ...)
{
    char line[128];
    va_list args;

    f.heard_len = 0;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    say(line);
}

static size_t compose(struct input *in, uint8_t *content)
{
    size_t len = next(in);
    size_t have = len = len < 128 ? 1 + len : 1 + (len * 131u) % CONTENT_MAX;
    const uint8_t *bytes = next_bytes(in, &have);

    memset(content, (int)len, len);
    if (have > 0)
        memcpy(content, bytes, have);
    return len;
}

/* In pieces of up to so many bytes. */
static void type_content(const uint8_t *content, size_t len, size_t piece)
{
    f.heard_len = 0;
    while (len > 0) {
        const size_t n = len < piece ? len : piece;

        fuzz_type(&f, content, n);
        content += n;
        len -= n;
    }
}

/* --- operations ------------------------------------------------------------------------------- */

static void upload(struct input *in, unsigned i)
{
    static uint8_t content[CONTENT_MAX];
    const size_t len = compose(in, content);
    const unsigned piece = next(in);
    char text[64];

    command("AT+QFUPL=\"%s\",%zu\r", names[i], len);
    if (files[i].there) {
        expect_text("\r\n+CME ERROR: 407\r\n");
        return;
    }
    expect_text("\r\nCONNECT\r\n");
    if (!asked_for_data())
        return;
    type_content(content, len, 1u + piece * 4u);
    (void)snprintf(text, sizeof text, "\r\n+QFUPL: %zu,%x\r\n\r\nOK\r\n", len,
                   checksum(content, len));
    expect_text(text);
    files[i].there = true;
    files[i].len = len;
    memcpy(files[i].data, content, len);
}

static void download(unsigned i)
{
    char after[64];

    command("AT+QFDWL=\"%s\"\r", names[i]);
    if (!files[i].there) {
        expect_text("\r\n+CME ERROR: 405\r\n");
        return;
    }
    (void)snprintf(after, sizeof after, "\r\n+QFDWL: %zu,%x\r\n\r\nOK\r\n", files[i].len,
                   checksum(files[i].data, files[i].len));
    expect_content("\r\nCONNECT\r\n", files[i].data, files[i].len, after);
}

static void delete_file(unsigned i)
{
    command("AT+QFDEL=\"%s\"\r", names[i]);
    expect_text(files[i].there ? "\r\nOK\r\n" : "\r\n+CME ERROR: 405\r\n");
    files[i].there = false;
}

/* Each is listed with its size, and nothing else is. */
static void list(void)
{
    char line[128];
    size_t len = 0;

    command("AT+QFLST\r");
    if (f.file != obey)
        return;
    for (unsigned i = 0; i < NAMES; i++) {
        const int n = snprintf(line, sizeof line, "+QFLST: \"%s\",%zu\r\n", names[i], files[i].len);

        if (!files[i].there)
            continue;
        FUZZ_REQUIRE(memmem(heard, f.heard_len, line, (size_t)n) != NULL);
        len += (size_t)n;
    }
    FUZZ_REQUIRE(f.heard_len == len + strlen(len > 0 ? "\r\n\r\nOK\r\n" : "\r\nOK\r\n"));
}

static void write_in(struct input *in, struct file *file, size_t at)
{
    static uint8_t content[CONTENT_MAX];
    const size_t len = compose(in, content);
    const unsigned piece = next(in);
    char text[64];

    if (at + len > STORE_SIZE_MAX)
        return;
    command("AT+QFWRITE=3000,%zu\r", len);
    expect_text("\r\nCONNECT\r\n");
    if (!asked_for_data())
        return;
    type_content(content, len, 1u + piece * 4u);
    memcpy(file->data + at, content, len);
    file->len = at + len > file->len ? at + len : file->len;
    (void)snprintf(text, sizeof text, "\r\n+QFWRITE: %zu,%zu\r\n\r\nOK\r\n", len, file->len);
    expect_text(text);
}

static void read_in(const struct file *file, size_t at, size_t want)
{
    const size_t left = file->len - at;
    const size_t len = want < left ? want : left;
    char before[32];

    command("AT+QFREAD=3000,%zu\r", want);
    (void)snprintf(before, sizeof before, "\r\nCONNECT %zu\r\n", len);
    if (len == 0)
        expect_text("\r\n+CME ERROR: 402\r\n");
    else
        expect_content(before, file->data + at, len, "\r\nOK\r\n");
}

/* Open a file, go somewhere, write or read or cut it off, and close it. */
static void open_file(struct input *in, unsigned i)
{
    const unsigned how = next(in);
    const size_t to = next_16(in) % (STORE_SIZE_MAX + 1);
    size_t at = 0;

    command("AT+QFOPEN=\"%s\",%u\r", names[i], how & 1u);
    expect_text("\r\n+QFOPEN: 3000\r\n\r\nOK\r\n");
    if (!files[i].there || (how & 1u) != 0)
        files[i].len = 0;
    files[i].there = true;
    command("AT+QFSEEK=3000,%zu,0\r", to);
    expect_text(to <= files[i].len ? "\r\nOK\r\n" : "\r\n+CME ERROR: 401\r\n");
    if (to <= files[i].len)
        at = to;
    if ((how & 2u) != 0)
        write_in(in, &files[i], at);
    else if ((how & 4u) != 0)
        read_in(&files[i], at, 1u + next_16(in) % STORE_SIZE_MAX);
    else if (at < files[i].len) {
        command("AT+QFTUCAT=3000\r");
        expect_text("\r\nOK\r\n");
        files[i].len = at;
    }
    command("AT+QFCLOSE=3000\r");
    expect_text("\r\nOK\r\n");
}

static void act(struct input *in)
{
    const unsigned op = next(in);
    const unsigned i = op / 8u % NAMES;

    switch (op % 8u) {
    case 0:
    case 1:
        upload(in, i);
        break;
    case 2:
        download(i);
        break;
    case 3:
        delete_file(i);
        break;
    case 4:
        list();
        break;
    case 5:
        command("AT+QFLDS%s\r", op < 128 ? "" : "=\"UFS\"");
        break;
    default:
        open_file(in, i);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t check[] = "AT\r";
    struct input in = {data, len};
    const bool hostile = (next(&in) & 1u) != 0;
    unsigned ended;

    memset(files, 0, sizeof files);
    memset(&store, 0, sizeof store);
    fuzz_start(&f, 1 | 2);
    f.heard = heard;
    f.heard_max = sizeof heard;
    f.file = hostile ? lie : obey;
    say("AT\r");
    lies = in;
    for (unsigned i = 0; i < OPS_MAX && in.left > 0; i++)
        act(&in);
    for (unsigned i = 0; i < NAMES; i++)
        download(i);
    fuzz_leave(&f);
    FUZZ_REQUIRE(f.begun == f.ended);
    ended = f.ended;
    fuzz_type(&f, check, sizeof check - 1);
    FUZZ_REQUIRE(atc_is_off(&f.m) || f.ended == ended + 1);
    return 0;
}
