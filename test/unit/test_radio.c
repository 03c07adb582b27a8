/* SPDX-License-Identifier: MIT
 *
 * What only a shell of one's own tells the module: an IPv6 address, a zone that is none (D-132).
 */
#include "bench.h"
#include "check.h"

static struct bench b;

static void expect(const char *typed, const char *said)
{
    (void)bench_type(&b, typed);
    assert_string_equal(bench_said(&b), said);
}

static void tell_address(const struct atc_addr *addr)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_NETWORK,
        .network = {.registration = ATC_REG_HOME, .attached = true, .rssi = 23, .addr = *addr},
    };

    bench_event(&b, &event);
    bench_pump(&b);
}

static void test_address_of_the_module(void **state)
{
    static const struct atc_addr none;
    static const struct atc_addr ipv4 = {.ip = {10, 1, 2, 3}, .family = ATC_FAMILY_IPV4};
    static const struct atc_addr ipv6 = {.ip = {0x20, 0x01, 0x0D, 0xB8, [15] = 7},
                                         .family = ATC_FAMILY_IPV6};

    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    expect("AT+QIACT=1\r", "\r\nOK\r\n");
    tell_address(&ipv6);
    expect("AT+QIACT?\r", "\r\n+QIACT: 1,1,2,\"2001:db8::7\"\r\n\r\nOK\r\n");
    tell_address(&none); /* as before */
    expect("AT+CGPADDR=1\r", "\r\n+CGPADDR: 1,2001:db8::7\r\n\r\nOK\r\n");
    tell_address(&ipv4);
    expect("AT+QIACT?\r", "\r\n+QIACT: 1,1,1,\"10.1.2.3\"\r\n\r\nOK\r\n");
}

static void tell_time(int8_t zone)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_WALL_CLOCK, .offset = 1795262400, .zone = zone};

    bench_event(&b, &event);
    bench_pump(&b);
}

static void test_zones(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    tell_time(56);
    expect("AT+CCLK?\r", "\r\n+CCLK: \"26/11/22,02:00:00+56\"\r\n\r\nOK\r\n");
    tell_time(127);
    expect("AT+CCLK?\r", "\r\n+CCLK: \"26/11/22,02:00:00+56\"\r\n\r\nOK\r\n");
    tell_time(-48);
    expect("AT+CCLK?\r", "\r\n+CCLK: \"26/11/21,00:00:00-48\"\r\n\r\nOK\r\n");
    tell_time(-128);
    expect("AT+CCLK?\r", "\r\n+CCLK: \"26/11/21,00:00:00-48\"\r\n\r\nOK\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_of_the_module),
        cmocka_unit_test(test_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
