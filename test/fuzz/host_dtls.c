/* SPDX-License-Identifier: MIT
 *
 * DTLS as the program does it, without a network. Any datagram: the records found in it are those a
 * second reading of RFC 6347 4.1 finds. And a connection between a client and a server on a virtual
 * clock, into which forged, cut, changed and repeated datagrams are thrown: before the handshake is
 * done nothing may break; once it is open each message comes out once at most, nothing else comes out,
 * and the connection lives on.
 */
#include <string.h>

#include "dtls_pair.h"
#include "dtls_record.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* --- records ---------------------------------------------------------------------------------- */

/* Read from the end of each record to the next, all of them checked before any is counted. */
static void look(const uint8_t *data, size_t len)
{
    const struct dtls_records seen = dtls_records_look(data, len);
    unsigned count = 0, application = 0;
    bool key_exchange = false;
    size_t at = 0;

    for (;;) {
        const uint8_t *r = data + at;
        const size_t left = len - at;
        size_t body;

        if (left < 13)
            break;
        body = 256u * r[11] + r[12];
        if (r[0] < 20 || r[0] > 23 || r[1] != 0xFE || left < 13 + body)
            break;
        count++;
        application += r[0] == 23;
        key_exchange |= r[0] == 22 && r[3] == 0 && r[4] == 0 && body > 0 && r[13] == 16;
        at += 13 + body;
    }
    FUZZ_REQUIRE(seen.whole == at && seen.count == count && seen.application == application);
    FUZZ_REQUIRE(seen.key_exchange == key_exchange);
}

/* --- a connection ----------------------------------------------------------------------------- */

static struct pair b;

/* A datagram like the last one that went that way, changed in some bytes, cut or made longer; or as it
 * was. */
static void inject_like_last(struct input *in, bool up)
{
    static uint8_t data[PAIR_DATAGRAM_MAX];
    size_t len = b.last[up].len;

    memcpy(data, b.last[up].data, len);
    for (unsigned changes = next(in) % 4u; changes > 0 && len > 0; changes--) {
        const size_t at = next_16(in) % len;

        data[at] ^= (uint8_t)next(in);
    }
    if (next(in) % 4u == 0 && len > 0)
        len = next_16(in) % len;
    if (len > 0)
        pair_inject(&b, up, data, len);
}

/* To the client, or before it is open to the server of the tests, too: that one may start anew with a
 * repeated hello, RFC 6347 4.2.8. */
static void inject(struct input *in, bool open)
{
    const unsigned how = next(in);
    const bool up = (how & 1u) != 0 && !open;
    size_t len = next(in);
    const uint8_t *bytes;

    if ((how & 2u) != 0) {
        inject_like_last(in, up);
        return;
    }
    bytes = next_bytes(in, &len);
    look(bytes, len);
    if (len > 0)
        pair_inject(&b, up, bytes, len);
}

static bool is_fatal_in_clear(const struct pair *pair)
{
    return security_state(pair->client) != SECURITY_OPEN ||
           security_state(pair->server) != SECURITY_OPEN;
}

static void play(struct input *in)
{
    const unsigned early = next(in) % 4u;
    unsigned sent = 0;

    pair_init(&b, 1 + next(in) % 4u);
    b.echo = true;
    pair_open_server(&b);
    pair_open_client(&b);
    for (unsigned i = 0; i < early; i++) {
        pair_run(&b, b.now_ms + next(in) % 128u);
        inject(in, false);
    }
    (void)pair_shake(&b);
    pair_run(&b, b.now_ms + 10u * PAIR_WAY_MS);
    /* In the clear anybody can end a handshake, RFC 6347 4.1.2.7; that is told, and not more. */
    if (early > 0 && is_fatal_in_clear(&b)) {
        pair_end(&b);
        return;
    }
    FUZZ_REQUIRE(!is_fatal_in_clear(&b));
    for (unsigned i = 0; i < 12 && in->left > 0; i++) {
        if (next(in) % 3u == 0) {
            sent++;
            FUZZ_REQUIRE(pair_ping(&b, "a message"));
        } else {
            inject(in, true);
        }
        FUZZ_REQUIRE(b.got_up == sent && b.got_down == sent);
    }
    FUZZ_REQUIRE(pair_ping(&b, "the last one"));
    FUZZ_REQUIRE(b.message_len == 12 && memcmp(b.message, "the last one", 12) == 0);
    pair_end(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};

    if (next(&in) % 8u != 0)
        look(in.at, in.left);
    else
        play(&in);
    return 0;
}
