/* SPDX-License-Identifier: MIT
 *
 * Any text as what an earlier run has kept, in both dialects: the modem starts, and what it keeps in
 * turn is read back without loss by another.
 */
#include "modem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct fuzz_modem f;

struct text {
    uint8_t bytes[ATC_KEPT_MAX];
    size_t len;
    bool written;
};

/* Carry out what is ordered: content is what was kept, and what is kept goes to text. */
static void obey(struct text *text, const uint8_t *content, size_t len)
{
    struct atc_order order;

    while (atc_order_next(&f.m, &order)) {
        struct atc_event event = {.kind = ATC_EVENT_DONE, .order = order.id};

        if (order.kind == ATC_ORDER_FILE && order.operation == ATC_FILE_RECALL) {
            event.kind = ATC_EVENT_FILE_DONE;
            event.data = content;
            event.len = len < order.limit ? len : order.limit;
            event.size = (uint32_t)len;
        } else if (order.kind == ATC_ORDER_FILE && order.operation == ATC_FILE_KEEP) {
            FUZZ_REQUIRE(order.len <= sizeof text->bytes);
            event.kind = ATC_EVENT_FILE_DONE;
            memcpy(text->bytes, order.data, order.len);
            text->len = order.len;
            text->written = true;
        }
        if (order.kind != ATC_ORDER_CLOSE && order.kind != ATC_ORDER_UART)
            atc_event(&f.m, &event, f.now_ms);
    }
}

/* A modem that has kept content; a command makes it keep everything anew. */
static void play(struct text *text, unsigned choice, const uint8_t *content, size_t len)
{
    static const uint8_t command[] = "AT+CEDRXS=0\r";
    size_t done = 0;

    text->len = 0;
    text->written = false;
    fuzz_start(&f, choice);
    obey(text, content, len);
    while (done < sizeof command - 1) {
        const size_t n = atc_te_write(&f.m, command + done, sizeof command - 1 - done, f.now_ms);

        FUZZ_REQUIRE(n > 0); /* nothing is in its way once it has what was kept */
        done += n;
        fuzz_drain(&f, SIZE_MAX);
        obey(text, content, len);
    }
    FUZZ_REQUIRE(f.begun == 1 && f.ended == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct text first, second;

    if (len == 0)
        return 0;
    play(&first, (data[0] & 1u) | FUZZ_KEEPS, data + 1, len - 1);
    if (!first.written) /* the TE's texts are too long to be kept */
        return 0;
    play(&second, (data[0] & 1u) | FUZZ_KEEPS, first.bytes, first.len);
    FUZZ_REQUIRE(atc_counter(&f.m, ATC_COUNT_KEPT_IGNORED) == 0);
    FUZZ_REQUIRE(second.len == first.len && memcmp(second.bytes, first.bytes, first.len) == 0);
    return 0;
}
