/* SPDX-License-Identifier: MIT
 *
 * Which line made a datagram, and how often it has gone.
 */
#include "check.h"
#include "record_cause.h"

static struct record_causes causes;

static void clear(void)
{
    memset(&causes, 0, sizeof causes);
}

static const uint8_t get[] = {0x40, 1, 0, 77, 0xB1, 't'};
static const uint8_t ack[] = {0x60, 0, 0, 77};

static const struct record_cause *see(unsigned client, const uint8_t *data, size_t len,
                                      uint64_t now_us)
{
    return record_cause_seen(&causes, client, data, len, now_us);
}

static void test_line_and_repeats(void **state)
{
    const struct record_cause *cause;

    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X\x1A", 5, 0);
    for (uint32_t count = 1; count <= 5; count++) {
        cause = see(0, get, sizeof get, count);
        assert_int_equal(cause->line, 5);
        assert_int_equal(cause->count, count);
        assert_string_equal(cause->text, "AT+X\\x1A");
    }
}

/* The module's own answer may have the ID of a request of ours, which went before. */
static void test_own_answers_have_no_line(void **state)
{
    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X", 4, 0);
    (void)see(0, get, sizeof get, 1);
    assert_int_equal(see(0, ack, sizeof ack, 2)->line, 0);
    assert_int_equal(see(0, ack, sizeof ack, 3)->count, 2);
    assert_int_equal(see(0, get, sizeof get, 4)->line, 5);
}

static void test_clients_are_apart(void **state)
{
    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X", 4, 0);
    assert_int_equal(see(1, get, sizeof get, 1)->line, 0);
    assert_int_equal(see(0, get, sizeof get, 2)->line, 5);
    assert_int_equal(see(1, get, sizeof get, 3)->count, 2);
}

/* The TE may give two messages one ID, and even the same bytes. */
static void test_the_same_bytes_again(void **state)
{
    const struct record_cause *cause;

    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X", 4, 0);
    (void)see(0, get, sizeof get, 1);
    record_cause_end(&causes, 0, 77);
    record_cause_start(&causes, 0, 77, 9, "AT+Y", 4, 2);
    cause = see(0, get, sizeof get, 3);
    assert_int_equal(cause->line, 9);
    assert_int_equal(cause->count, 1);
    cause = see(0, get, sizeof get, 4);
    assert_int_equal(cause->line, 9);
    assert_int_equal(cause->count, 2);
}

/* One that was closed before it left leaves its ID to others. */
static void test_announced_and_dropped(void **state)
{
    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X", 4, 0);
    record_cause_end(&causes, 0, 77);
    assert_int_equal(see(0, ack, sizeof ack, 1)->line, 0);
}

static void test_repeats_end(void **state)
{
    const uint64_t late_us = RECORD_REPEAT_MAX_S * UINT64_C(1000000);

    (void)state;
    clear();
    (void)see(0, ack, sizeof ack, 0);
    assert_int_equal(see(0, ack, sizeof ack, late_us - 1)->count, 2);
    assert_int_equal(see(0, ack, sizeof ack, 2 * late_us - 1)->count, 1);
}

/* A flood of others does not push out what may still be sent again. */
static void test_full(void **state)
{
    (void)state;
    clear();
    record_cause_start(&causes, 0, 77, 5, "AT+X", 4, 0);
    (void)see(0, get, sizeof get, 0);
    for (unsigned i = 0; i < 4 * RECORD_CAUSES; i++) {
        const uint8_t other[] = {0x50, 2, (uint8_t)(i >> 8), (uint8_t)i, 1};

        assert_int_equal(see(0, other, sizeof other, 1 + i)->count, 1);
    }
    assert_int_equal(see(0, get, sizeof get, 5000)->line, 5);
    assert_int_equal(see(0, get, sizeof get, 5001)->count, 3);
}

static void test_long_text(void **state)
{
    char text[2 * RECORD_CAUSE_TEXT];

    (void)state;
    clear();
    memset(text, 'x', sizeof text);
    record_cause_start(&causes, 0, 77, 5, text, RECORD_CAUSE_TEXT - 3, 0);
    assert_int_equal(strlen(see(0, get, sizeof get, 0)->text), RECORD_CAUSE_TEXT - 3);
    clear();
    record_cause_start(&causes, 0, 77, 5, text, sizeof text, 0);
    assert_int_equal(strlen(see(0, get, sizeof get, 0)->text), RECORD_CAUSE_TEXT);
    assert_string_equal(see(0, get, sizeof get, 0)->text + RECORD_CAUSE_TEXT - 4, "x...");
    clear();
    memset(text, 1, sizeof text);
    record_cause_start(&causes, 0, 77, 5, text, sizeof text, 0);
    assert_true(strlen(see(0, get, sizeof get, 0)->text) <= RECORD_CAUSE_TEXT);
}

/* What is no CoAP has no ID, and is told from others by its bytes. */
static void test_short(void **state)
{
    (void)state;
    clear();
    assert_int_equal(see(0, get, 3, 0)->count, 1);
    assert_int_equal(see(0, get, 2, 1)->count, 1);
    assert_int_equal(see(0, get, 0, 2)->count, 1);
    assert_int_equal(see(0, get, 3, 3)->count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_and_repeats),
        cmocka_unit_test(test_own_answers_have_no_line),
        cmocka_unit_test(test_clients_are_apart),
        cmocka_unit_test(test_the_same_bytes_again),
        cmocka_unit_test(test_announced_and_dropped),
        cmocka_unit_test(test_repeats_end),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
