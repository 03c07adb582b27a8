/* SPDX-License-Identifier: MIT
 *
 * The seam by itself, with the least that can stand behind it: what security.c promises holds
 * whatever the library.
 */
#include "check.h"
#include "plain_security.h"

static const uint8_t key[] = "key";

static struct security *start(uint32_t limit_ms)
{
    const struct security_config config = {
        .key = key, .key_len = sizeof key, .handshake_max_ms = limit_ms};

    return security_open(&plain_security, &config, 1000);
}

/* Take one datagram and look at its first byte; 0 if there is none. */
static uint8_t take_out(struct security *s)
{
    size_t len = 0;
    const uint8_t *data = security_out_peek(s, &len);
    const uint8_t first = data != NULL && len > 0 ? data[0] : 0;

    security_out_drop(s);
    return first;
}

static struct security *start_open(void)
{
    struct security *s = start(5000);

    assert_int_equal(take_out(s), 'H');
    security_feed(s, (const uint8_t *)"H", 1, 1010);
    assert_int_equal(security_state(s), SECURITY_OPEN);
    return s;
}

static void test_exchange(void **state)
{
    struct security *s = start_open();
    const uint8_t *data = NULL;
    size_t len = 0;

    (void)state;
    assert_true(security_send(s, (const uint8_t *)"ask", 3, 1020));
    data = security_out_peek(s, &len);
    assert_int_equal(len, 4);
    assert_memory_equal(data, "Mask", 4);
    security_out_drop(s);
    assert_null(security_out_peek(s, &len));
    security_feed(s, (const uint8_t *)"Manswer", 7, 1030);
    security_feed(s, (const uint8_t *)"Mmore", 5, 1030);
    data = security_in_peek(s, &len);
    assert_int_equal(len, 6);
    assert_memory_equal(data, "answer", 6);
    security_in_drop(s);
    data = security_in_peek(s, &len);
    assert_int_equal(len, 4);
    assert_memory_equal(data, "more", 4);
    security_in_drop(s);
    assert_null(security_in_peek(s, &len));
    security_in_drop(s);
    security_free(s);
}

/* Before it is open and after it is closed nothing passes. */
static void test_states(void **state)
{
    struct security *s = start(5000);
    size_t len = 0;

    (void)state;
    assert_int_equal(security_state(s), SECURITY_HANDSHAKE);
    assert_false(security_send(s, (const uint8_t *)"x", 1, 1000));
    security_feed(s, (const uint8_t *)"H", 1, 1000);
    security_close(s, 1100);
    assert_int_equal(security_state(s), SECURITY_CLOSED);
    assert_false(security_send(s, (const uint8_t *)"x", 1, 1200));
    security_feed(s, (const uint8_t *)"Mx", 2, 1200);
    assert_null(security_in_peek(s, &len));
    security_close(s, 1300);
    assert_int_equal(take_out(s), 'H');
    assert_int_equal(take_out(s), 'G');
    assert_int_equal(take_out(s), 0);
    security_free(s);
}

/* Repeated by the library, ended by the seam; in one late tick the same as in many. */
static void test_limit(void **state)
{
    (void)state;
    for (uint64_t step_ms = 1; step_ms <= 8192; step_ms *= 2) {
        struct security *s = start(3500);

        for (uint64_t now_ms = 1000; now_ms < 10000; now_ms += step_ms)
            security_tick(s, now_ms);
        security_tick(s, 10000);
        assert_int_equal(security_state(s), SECURITY_CLOSED);
        assert_string_equal(security_reason(s), "no answer from the server (gave up after 4 s)");
        assert_int_equal(security_counts(s)->sent, 4);
        security_free(s);
    }
}

/* What is due at the limit's own moment is too late. */
static void test_limit_first(void **state)
{
    struct security *s = start(2000);

    (void)state;
    security_tick(s, 2999);
    assert_int_equal(security_state(s), SECURITY_HANDSHAKE);
    security_feed(s, (const uint8_t *)"H", 1, 3000);
    assert_int_equal(security_state(s), SECURITY_CLOSED);
    assert_int_equal(security_counts(s)->sent, 2);
    security_free(s);
}

static void test_clock_steps_back(void **state)
{
    struct security *s = start(5000);

    (void)state;
    security_tick(s, 2500);
    security_tick(s, 1);
    assert_int_equal(security_counts(s)->sent, 2);
    assert_true(security_deadline_ms(s) == 3000);
    security_free(s);
}

static void test_full_queues(void **state)
{
    static uint8_t message[1 + SECURITY_MESSAGE_MAX];
    struct security *s = start_open();
    unsigned taken = 0;
    size_t len = 0;

    (void)state;
    message[0] = 'M';
    for (unsigned i = 0; i < 10; i++)
        security_feed(s, message, sizeof message, 1100);
    while (security_in_peek(s, &len) != NULL) {
        assert_int_equal(len, SECURITY_MESSAGE_MAX);
        security_in_drop(s);
        taken++;
    }
    assert_int_equal(taken, 4);
    assert_int_equal(security_counts(s)->delivered, 4);
    assert_int_equal(security_counts(s)->overflow, 6);
    security_feed(s, NULL, 0, 1100);
    assert_int_equal(security_counts(s)->rejected, 1);
    security_free(s);
    security_free(NULL);
}

static void test_refused(void **state)
{
    const struct security_config config = {.handshake_max_ms = 1000};
    struct security *s = security_open(&plain_security, &config, 0);

    (void)state;
    assert_int_equal(security_state(s), SECURITY_CLOSED);
    assert_string_equal(security_reason(s), "no key");
    assert_true(security_deadline_ms(s) == ATC_NEVER);
    security_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_limit_first),
        cmocka_unit_test(test_clock_steps_back),
        cmocka_unit_test(test_full_queues),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
