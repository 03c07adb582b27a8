/* SPDX-License-Identifier: MIT
 *
 * What outlives a DTLS connection and what must not: sessions that are resumed, the key log, and
 * secrets, of which no copy may be anywhere in the memory of the process once all is closed.
 */
#define _XOPEN_SOURCE 700 /* pread */

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "dtls_pair.h"

static struct pair b;

/* --- resumption ------------------------------------------------------------------------------- */

static void reopen(void)
{
    pair_close_client(&b);
    pair_open_client(&b);
    assert_int_equal(pair_shake(&b), SECURITY_OPEN);
    assert_true(pair_ping(&b, "reopened"));
}

static void test_resumed(void **state)
{
    (void)state;
    pair_init(&b, 1);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_int_equal(b.flights, 6);
    for (unsigned i = 0; i < 3; i++) {
        reopen();
        assert_true(security_is_resumed(b.client));
        assert_int_equal(b.flights, 5);
        assert_true(b.first_ms[PAIR_SERVER_HELLO] < b.first_ms[PAIR_KEY]);
        assert_true(b.first_ms[PAIR_FINISHED] == ATC_NEVER);
    }
    pair_end(&b);
    for (size_t i = 0; i < sizeof b.ticket; i++)
        assert_int_equal(((const uint8_t *)&b.ticket)[i], 0);
}

static void test_not_wanted(void **state)
{
    (void)state;
    pair_init(&b, 2);
    b.config.ticket = NULL;
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    reopen();
    assert_false(security_is_resumed(b.client));
    assert_int_equal(b.flights, 6);
    pair_end(&b);
}

static void test_server_forgets(void **state)
{
    (void)state;
    pair_init(&b, 3);
    b.service.sessions = false;
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    reopen();
    assert_false(security_is_resumed(b.client));
    pair_end(&b);
}

/* A ticket is good for what it was made with and nothing else; what is offered besides costs a full
 * handshake, and the wrong key stays the wrong key. */
static void test_bound(void **state)
{
    static const uint8_t name[] = "elsewhere";

    (void)state;
    for (unsigned what = 0; what < 5; what++) {
        pair_init(&b, what);
        assert_int_equal(pair_connect(&b), SECURITY_OPEN);
        pair_close_client(&b);
        switch (what) {
        case 0:
            b.config.peer.ip[3]++;
            break;
        case 1:
            b.config.peer.port++;
            break;
        case 2:
            b.config.name = name;
            b.config.name_len = sizeof name - 1;
            break;
        case 3:
            b.config.suite = SECURITY_PSK_AES_128_CCM_8;
            break;
        default:
            b.config.key = name;
            b.config.key_len = sizeof name - 1;
        }
        pair_open_client(&b);
        EXPECT(pair_shake(&b) == (what == 4 ? SECURITY_CLOSED : SECURITY_OPEN), "what %u", what);
        EXPECT(!security_is_resumed(b.client), "what %u", what);
        pair_end(&b);
    }
}

/* A ticket of broken or foreign bytes costs a full handshake at the most. */
static void test_broken_ticket(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct rng rng = {seed};

        pair_init(&b, seed);
        assert_int_equal(pair_connect(&b), SECURITY_OPEN);
        pair_close_client(&b);
        if (seed % 2 == 0)
            b.ticket.len = (uint16_t)rng_below(&rng, b.ticket.len);
        else
            b.ticket.bytes[rng_below(&rng, 3)] ^= 0xff; /* the version that wrote it */
        pair_open_client(&b);
        EXPECT(pair_shake(&b) == SECURITY_OPEN, "seed %llu", (unsigned long long)seed);
        EXPECT(pair_ping(&b, "well"), "seed %llu", (unsigned long long)seed);
        pair_end(&b);
    }
}

/* After a resumed handshake in which flights were repeated again and again, a long message leaves
 * all the same, though nothing has come from the server yet. */
static void test_long_message_after_repeats(void **state)
{
    static uint8_t message[SECURITY_MESSAGE_MAX];

    (void)state;
    pair_init(&b, 4);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_close_client(&b);
    b.cut = true;
    pair_open_client(&b);
    pair_run(&b, b.now_ms + 10000);
    b.cut = false;
    assert_int_equal(pair_shake(&b), SECURITY_OPEN);
    assert_true(security_is_resumed(b.client));
    assert_int_equal(security_counts(b.client)->repeated, 4);
    assert_true(security_send(b.client, message, sizeof message, b.now_ms));
    pair_run(&b, b.now_ms + 1000);
    assert_int_equal(b.got_down, 1);
    assert_int_equal(b.message_len, sizeof message);
    pair_end(&b);
}

/* A handshake that fails takes the ticket it was begun with along. */
static void test_failed_ticket(void **state)
{
    (void)state;
    pair_init(&b, 5);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_close_client(&b);
    assert_true(b.ticket.len > 0);
    b.cut = true;
    pair_open_client(&b);
    assert_int_equal(pair_shake(&b), SECURITY_CLOSED);
    assert_int_equal(b.ticket.len, 0);
    pair_end(&b);
}

/* --- the key log ------------------------------------------------------------------------------ */

static void test_key_log(void **state)
{
    const uint8_t *random = b.last[true].data + 13 + 12 + 2;
    char hex[65];

    (void)state;
    pair_init(&b, 6);
    pair_log_keys(&b);
    pair_open_server(&b);
    pair_open_client(&b);
    for (size_t i = 0; i < 32; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", random[i]);
    assert_int_equal(pair_shake(&b), SECURITY_OPEN);
    assert_int_equal(b.log_lines, 1);
    assert_int_equal(strlen(b.log_line), 14 + 64 + 1 + 96);
    assert_memory_equal(b.log_line, "CLIENT_RANDOM ", 14);
    assert_memory_equal(b.log_line + 14, hex, 64);
    assert_int_equal(strspn(b.log_line + 79, "0123456789abcdef"), 96);
    reopen();
    assert_true(security_is_resumed(b.client));
    assert_int_equal(b.log_lines, 2);
    pair_end(&b);
    pair_init(&b, 6);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_int_equal(b.log_lines, 0);
    pair_end(&b);
}

/* --- secrets in memory ------------------------------------------------------------------------ */

enum { NEEDLE_MAX = 48, CHUNK = 1 << 16, MASK = 0xA5, MAPPING_MAX = 1 << 28 };

/* What to look for, masked, so that it does not find itself. */
struct needle {
    size_t len;
    uint8_t masked[NEEDLE_MAX];
};

static struct needle mask(const uint8_t *secret, size_t len)
{
    struct needle needle = {len, {0}};

    for (size_t i = 0; i < len; i++)
        needle.masked[i] = secret[i] ^ MASK;
    return needle;
}

static void wipe(void *memory, size_t len)
{
    volatile uint8_t *byte = memory;

    while (len-- > 0)
        *byte++ = 0;
}

static bool is_at(const struct needle *needle, const uint8_t *at)
{
    for (size_t i = 0; i < needle->len; i++) {
        if ((at[i] ^ MASK) != needle->masked[i])
            return false;
    }
    return true;
}

/* How often the needle is in one mapping. */
static unsigned count_in(int memory, uint64_t from, uint64_t to, const struct needle *needle)
{
    static uint8_t chunk[CHUNK];
    unsigned found = 0;

    while (from < to) {
        const size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        const ssize_t got = pread(memory, chunk, want, (off_t)from);

        if (got < (ssize_t)needle->len)
            break;
        for (size_t i = 0; i + needle->len <= (size_t)got; i++)
            found += is_at(needle, chunk + i);
        from += (size_t)got == want && want == CHUNK ? CHUNK - needle->len + 1 : (size_t)got;
    }
    wipe(chunk, sizeof chunk);
    return found;
}

/* How often the needle is in any memory of this process that can be written, but for the sanitizer's
 * own, which is endless. */
static unsigned count_everywhere(const struct needle *needle)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    const int memory = open("/proc/self/mem", O_RDONLY);
    unsigned long long from = 0, to = 0;
    char line[512], rights[5] = "";
    unsigned found = 0;

    assert_non_null(maps);
    assert_true(memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%llx-%llx %4s", &from, &to, rights) == 3 && rights[1] == 'w' &&
            to - from < MAPPING_MAX)
            found += count_in(memory, from, to, needle);
    }
    (void)fclose(maps);
    (void)close(memory);
    return found;
}

static void unhex(uint8_t *out, const char *hex, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

/* Connect with a key that nothing else in this program knows, and say something with it. Returns
 * what to look for: the key, the master secret and the message. */
static void connect_once(struct needle found[3], uint8_t key[32], bool fail)
{
    static char identity[] = "secret keeper";
    struct dtls_server_key row = {identity, key, 32};
    struct rng rng = {(uint64_t)(uintptr_t)&b ^ (uint64_t)getpid()};
    uint8_t master[48], text[32];

    pair_init(&b, 7);
    rng_fill(&rng, key, 32);
    rng_fill(&rng, text, sizeof text);
    found[0] = mask(key, 32);
    found[2] = mask(text, sizeof text);
    b.service.keys = &row;
    b.service.key_count = 1;
    b.config.identity = (const uint8_t *)identity;
    b.config.identity_len = strlen(identity);
    b.config.key = key;
    b.config.key_len = 32;
    pair_log_keys(&b);
    pair_open_server(&b);
    b.cut = fail;
    pair_open_client(&b);
    if (!fail) {
        assert_int_equal(pair_shake(&b), SECURITY_OPEN);
        assert_true(security_send(b.client, text, sizeof text, b.now_ms));
        pair_run(&b, b.now_ms + 1000);
        assert_int_equal(b.got_down, 1);
        unhex(master, b.log_line + 79, sizeof master);
    }
    found[1] = mask(master, sizeof master);
    wipe(master, sizeof master);
    wipe(text, sizeof text);
}

static void look_for_secrets(bool fail)
{
    struct needle secrets[3];
    uint8_t key[32];
    bool wiped = true;

    connect_once(secrets, key, fail);
    assert_true(count_everywhere(&secrets[0]) > 0);
    if (!fail) {
        assert_true(count_everywhere(&secrets[1]) > 0);
        assert_true(count_everywhere(&secrets[2]) > 0);
    }
    security_free(b.server);
    b.server = NULL;
    wipe(key, sizeof key);
    if (fail) {
        pair_run(&b, b.now_ms + b.config.handshake_max_ms);
        assert_int_equal(security_state(b.client), SECURITY_CLOSED);
        EXPECT(count_everywhere(&secrets[0]) == 0, "the key, before it is freed");
    }
    pair_end(&b);
    wipe(b.message, sizeof b.message);
    for (size_t i = 0; i < (fail ? 1 : 3); i++) {
        const unsigned found = count_everywhere(&secrets[i]);

        wiped = wiped && found == 0;
        if (found != 0)
            print_error("%s: %u copies\n",
                        i == 0   ? "key"
                        : i == 1 ? "master secret"
                                 : "message",
                        found);
    }
    assert_true(wiped);
}

static void test_no_secret_left(void **state)
{
    (void)state;
    look_for_secrets(false);
}

static void test_no_secret_left_after_failure(void **state)
{
    (void)state;
    look_for_secrets(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resumed),        cmocka_unit_test(test_not_wanted),
        cmocka_unit_test(test_server_forgets), cmocka_unit_test(test_bound),
        cmocka_unit_test(test_broken_ticket),  cmocka_unit_test(test_long_message_after_repeats),
        cmocka_unit_test(test_failed_ticket),  cmocka_unit_test(test_key_log),
        cmocka_unit_test(test_no_secret_left), cmocka_unit_test(test_no_secret_left_after_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
