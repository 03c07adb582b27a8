/* SPDX-License-Identifier: MIT
 *
 * RFC 7252 9.1 below the socket, on a virtual clock: what is of another session or epoch is no message,
 * there is no second epoch, and a message that is sent again is another record. Rules 46 and 104 to
 * 106; against a server in test/interop/rules_dtls.py.
 */
#include "check.h"
#include "dtls_pair.h"

static struct pair b;

enum { EPOCH_AT = 3, NUMBER_AT = 5, CONTENT_AT = 13 };

/* A good record of the server that the client has not got. */
static struct pair_packet hold_back(const char *text)
{
    b.cut = true;
    assert_true(security_send(b.server, (const uint8_t *)text, strlen(text), b.now_ms));
    pair_run(&b, b.now_ms);
    b.cut = false;
    return b.last[false];
}

static void rule_104_a_record_of_another_epoch_is_no_message(void **state)
{
    static struct pair_packet good;

    (void)state;
    pair_init(&b, 1);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    good = hold_back("an ACK");
    assert_int_equal(good.data[EPOCH_AT] * 256 + good.data[EPOCH_AT + 1], 1);
    for (unsigned epoch = 0; epoch < 65536; epoch += epoch < 4 ? 1 : 4099) {
        if (epoch == 1)
            continue;
        good.data[EPOCH_AT] = (uint8_t)(epoch >> 8);
        good.data[EPOCH_AT + 1] = (uint8_t)epoch;
        pair_inject(&b, false, good.data, good.len);
        EXPECT(b.got_down == 0, "epoch %u", epoch);
    }
    good.data[EPOCH_AT] = 0;
    good.data[EPOCH_AT + 1] = 1;
    pair_inject(&b, false, good.data, good.len);
    assert_int_equal(b.got_down, 1);
    pair_end(&b);
}

/* The same client and server, the same key, both handshakes in full and by a ticket. */
static void rule_046_a_record_of_the_last_session_is_no_message(void **state)
{
    static struct pair_packet old;

    (void)state;
    for (unsigned resumed = 0; resumed < 2; resumed++) {
        pair_init(&b, 2);
        b.service.sessions = resumed == 1;
        assert_int_equal(pair_connect(&b), SECURITY_OPEN);
        pair_run(&b, b.now_ms + 100);
        old = hold_back("of the last session");
        pair_close_client(&b);
        pair_open_client(&b);
        assert_int_equal(pair_shake(&b), SECURITY_OPEN);
        assert_int_equal(security_is_resumed(b.client), resumed == 1);
        for (unsigned number = 0; number < 64; number++) {
            old.data[NUMBER_AT + 5] = (uint8_t)number;
            pair_inject(&b, false, old.data, old.len);
        }
        assert_int_equal(b.got_down, 0);
        assert_int_equal(security_state(b.client), SECURITY_OPEN);
        assert_true(pair_ping(&b, "of this one"));
        pair_end(&b);
    }
}

static void rule_105_there_is_no_second_epoch(void **state)
{
    (void)state;
    pair_init(&b, 3);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    for (unsigned i = 0; i < 5; i++) {
        assert_true(pair_ping(&b, "a message"));
        assert_int_equal(b.last[true].data[EPOCH_AT + 1], 1);
        dtls_server_renegotiate(b.server);
        pair_run(&b, b.now_ms + 100);
        assert_int_equal(security_state(b.client), SECURITY_OPEN);
    }
    pair_end(&b);
}

static uint64_t number_of(const struct pair_packet *packet)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < 6; i++)
        number = number << 8 | packet->data[NUMBER_AT + i];
    return number;
}

static void rule_106_a_resend_is_another_record(void **state)
{
    static const uint8_t message[] = {0x40, 0x01, 0x12, 0x34};
    static struct pair_packet last;

    (void)state;
    pair_init(&b, 4);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    b.echo = false;
    for (unsigned i = 0; i < 5; i++) {
        assert_true(security_send(b.client, message, sizeof message, b.now_ms));
        pair_run(&b, b.now_ms + 1000);
        assert_int_equal(b.got_up, i + 1);
        if (i > 0) {
            assert_true(number_of(&b.last[true]) == number_of(&last) + 1);
            assert_int_equal(b.last[true].len, last.len);
            assert_memory_not_equal(b.last[true].data + CONTENT_AT, last.data + CONTENT_AT,
                                    last.len - CONTENT_AT);
        }
        last = b.last[true];
    }
    pair_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_046_a_record_of_the_last_session_is_no_message),
        cmocka_unit_test(rule_104_a_record_of_another_epoch_is_no_message),
        cmocka_unit_test(rule_105_there_is_no_second_epoch),
        cmocka_unit_test(rule_106_a_resend_is_another_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
