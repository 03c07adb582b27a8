/* SPDX-License-Identifier: MIT
 *
 * Paths of resources are kept in the pool: one that finds no room there is refused and not registered,
 * and what is deleted gives its room back.
 */
#include "bench.h"
#include "check.h"
#include "engine.h"
#include "pool.h"

static struct bench b;

static struct atc_pool *pool(void)
{
    return &((struct atc_engine *)(void *)b.m.state.bytes)->pool;
}

static const char *say(const char *line)
{
    (void)bench_type(&b, line);
    return bench_said(&b);
}

static void test_no_room(void **state)
{
    uint8_t last = ATC_NO_BLOCK, block;

    (void)state;
    bench_new(&b, &atc_dialect_bc95, 1);
    (void)say("AT+CMEE=1;+QCOAPCREATE=5683\r");
    while ((block = atc_pool_take(pool(), 40)) != ATC_NO_BLOCK)
        last = block;
    assert_string_equal(say("AT+QCOAPADDRES=42,\"/r1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\r"),
                        "\r\n+CME ERROR: 23\r\n");
    bench_receive(&b, "40010f01bd1c7231787878787878787878787878787878787878787878787878787878787878"
                      "787878787878787878");
    assert_null(strstr(bench_said(&b), "\"req\""));
    atc_pool_free(pool(), last);
    assert_string_equal(say("AT+QCOAPADDRES=3,\"/r1\"\r"), "\r\nOK\r\n");
    bench_receive(&b, "40010f02b27231");
    assert_non_null(strstr(bench_said(&b), "\"req\""));
}

static void test_room_comes_back(void **state)
{
    size_t room;

    (void)state;
    bench_new(&b, &atc_dialect_bc95, 1);
    (void)say("AT+QCOAPCREATE=5683\r");
    room = atc_pool_room_without(pool(), ATC_NO_BLOCK);
    assert_string_equal(say("AT+QCOAPADDRES=3,\"/r1\"\r"), "\r\nOK\r\n");
    assert_string_equal(say("AT+QCOAPADDRES=3,\"/r2\"\r"), "\r\nOK\r\n");
    assert_true(atc_pool_room_without(pool(), ATC_NO_BLOCK) < room);
    assert_string_equal(say("AT+QCOAPDEL\r"), "\r\nOK\r\n");
    assert_true(atc_pool_room_without(pool(), ATC_NO_BLOCK) == room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_room_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
