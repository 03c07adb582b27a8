/* SPDX-License-Identifier: MIT
 *
 * The random bytes of the program: ChaCha20 against the vectors of its RFC, and how its stream is cut
 * into blocks. The system's random bytes are played here.
 */
#include <errno.h>

#include "check.h"
#include "entropy.h"

static unsigned asked;
static bool refuse;

/* In place of the C library's: bytes 0, 1, 2 ... */
ssize_t getrandom(void *buf, size_t len, unsigned flags);
ssize_t getrandom(void *buf, size_t len, unsigned flags)
{
    (void)flags;
    asked++;
    if (asked == 1) {
        errno = EINTR; /* once: that is no failure */
        return -1;
    }
    if (refuse) {
        errno = ENOSYS;
        return -1;
    }
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)buf)[i] = (uint8_t)i;
    return (ssize_t)len;
}

static int reset(void **state)
{
    (void)state;
    asked = 0;
    refuse = false;
    return 0;
}

struct vector {
    uint8_t key[CHACHA_KEY_LEN];
    uint8_t nonce[CHACHA_NONCE_LEN];
    uint32_t counter;
    const char *head; /* the first bytes of the block */
};

/* RFC 8439 2.3.2, and A.1 test vectors 1, 2, 4 and 5. */
static const struct vector vectors[] = {
    {.key = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
             16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31},
     .nonce = {0, 0, 0, 9, 0, 0, 0, 0x4a},
     .counter = 1,
     .head = "\x10\xf1\xe7\xe4\xd1\x3b\x59\x15\x50\x0f\xdd\x1f\xa3\x20\x71\xc4"},
    {.head = "\x76\xb8\xe0\xad\xa0\xf1\x3d\x90\x40\x5d\x6a\xe5\x53\x86\xbd\x28"},
    {.counter = 1, .head = "\x9f\x07\xe7\xbe\x55\x51\x38\x7a\x98\xba\x97\x7c\x73\x2d\x08\x0d"},
    {.key = {0, 0xff},
     .counter = 2,
     .head = "\x72\xd5\x4d\xfb\xf1\x2e\xc4\x4b\x36\x26\x92\xdf\x94\x13\x7f\x32"},
    {.nonce = {[11] = 2},
     .head = "\xc2\xc6\x4d\x37\x8c\xd5\x36\x37\x4a\xe2\x04\xb9\xef\x93\x3f\xcd"},
};

static void test_chacha_gives_the_blocks_of_rfc_8439(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        uint8_t block[CHACHA_BLOCK_LEN];

        chacha_block(block, vectors[i].key, vectors[i].counter, vectors[i].nonce);
        EXPECT(memcmp(block, vectors[i].head, 16) == 0, "vector %zu", i);
    }
}

/* Two streams of one key, drawn in different pieces, are the same over many blocks. */
static void test_pieces_make_no_difference(void **state)
{
    enum { LEN = 5 * ENTROPY_BLOCK_LEN + 3 };
    static const size_t pieces[] = {1, 2, 4, 8, 3, ENTROPY_BLOCK_LEN, 700, 0};
    static uint8_t whole[LEN], cut[LEN + 1000];
    struct entropy a, b;
    size_t at = 0;

    (void)state;
    entropy_system(&a);
    entropy_system(&b);
    assert_true(entropy_fill(&a, whole, LEN));
    for (unsigned i = 0; at < LEN; i++) {
        assert_true(entropy_fill(&b, cut + at, pieces[i % COUNT_OF(pieces)]));
        at += pieces[i % COUNT_OF(pieces)];
    }
    assert_memory_equal(whole, cut, LEN);
    assert_int_equal(asked, 3); /* once each, and the one that was interrupted */
}

/* The first block is that of the system's key, the next one that of another. */
static void test_each_block_has_a_key_of_its_own(void **state)
{
    static const uint8_t nonce[CHACHA_NONCE_LEN] = {0};
    uint8_t drawn[2 * ENTROPY_BLOCK_LEN], key[CHACHA_KEY_LEN], block[CHACHA_BLOCK_LEN];
    struct entropy entropy;

    (void)state;
    entropy_system(&entropy);
    assert_true(entropy_fill(&entropy, drawn, sizeof drawn));
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (unsigned i = 0; i < 2; i++) {
        chacha_block(block, key, 0, nonce);
        memcpy(key, block, sizeof key); /* the next one */
        assert_memory_equal(drawn + i * ENTROPY_BLOCK_LEN, block + sizeof key,
                            sizeof block - sizeof key);
    }
    assert_memory_equal(entropy.key, key, sizeof key);
}

static void test_what_was_handed_out_is_wiped(void **state)
{
    uint8_t drawn[20];
    struct entropy entropy;

    (void)state;
    entropy_system(&entropy);
    assert_true(entropy_fill(&entropy, drawn, sizeof drawn));
    for (unsigned i = 0; i < sizeof drawn; i++)
        assert_int_equal(entropy.block[i], 0);
}

static void test_without_the_system_there_are_none(void **state)
{
    uint8_t drawn[1];
    struct entropy entropy;

    (void)state;
    refuse = true;
    entropy_system(&entropy);
    assert_false(entropy_fill(&entropy, drawn, sizeof drawn));
    refuse = false;
    assert_true(entropy_fill(&entropy, drawn, sizeof drawn));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_chacha_gives_the_blocks_of_rfc_8439, reset),
        cmocka_unit_test_setup(test_pieces_make_no_difference, reset),
        cmocka_unit_test_setup(test_each_block_has_a_key_of_its_own, reset),
        cmocka_unit_test_setup(test_what_was_handed_out_is_wiped, reset),
        cmocka_unit_test_setup(test_without_the_system_there_are_none, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
