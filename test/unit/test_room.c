/* SPDX-License-Identifier: MIT
 *
 * Texts of commands are kept in the pool. With nothing left in it each such command says so, changes
 * nothing, and is good again when there is room.
 */
#include "bench.h"
#include "check.h"
#include "engine.h"

static struct bench b;

static void expect(const char *typed, const char *said)
{
    (void)bench_type(&b, typed);
    EXPECT(strcmp(bench_said(&b), said) == 0, "%s", typed);
}

static struct atc_engine before;

/* Take all blocks but so many. */
static void fill_pool(unsigned left)
{
    struct atc_engine e;
    uint8_t taken[UINT8_MAX];
    unsigned count = 0;

    memcpy(&before, &b.m, sizeof before);
    e = before;
    while ((taken[count] = atc_pool_take(&e.pool, 1)) != ATC_NO_BLOCK)
        count++;
    while (left-- > 0)
        atc_pool_free(&e.pool, taken[--count]);
    memcpy(&b.m, &e, sizeof e);
}

/* As it was before; nothing may have been taken since. */
static void empty_pool(void)
{
    struct atc_engine e;

    memcpy(&e, &b.m, sizeof e);
    e.pool = before.pool;
    memcpy(&b.m, &e, sizeof e);
}

static void test_contexts(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    expect("AT+CGDCONT=2,\"IP\",\"old\"\r", "\r\nOK\r\n");
    fill_pool(0);
    expect("AT+CGDCONT=2,\"IPV6\",\"new\"\r", "\r\n+CME ERROR: 23\r\n");
    expect("AT+QICSGP=2,1,\"new\",\"me\",\"secret\",1\r", "\r\nERROR\r\n");
    expect("AT+QIGETERROR\r", "\r\n+QIGETERROR: 553,memory not enough\r\n\r\nOK\r\n");
    expect("AT+CGDCONT?\r", "\r\n+CGDCONT: 1,\"IP\",\"\",\"0.0.0.0\",0,0\r\n"
                            "+CGDCONT: 2,\"IP\",\"old\",\"0.0.0.0\",0,0\r\n\r\nOK\r\n");
    expect("AT+CGDCONT=3,\"IPV6\"\r", "\r\nOK\r\n"); /* no text: no room is needed */
    empty_pool();
    expect("AT+CGDCONT=2,\"IPV6\",\"new\"\r", "\r\nOK\r\n");
}

/* Two of three texts find room: what they took is given back. */
static void test_half_a_context(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    fill_pool(2);
    for (unsigned i = 0; i < 3; i++)
        expect("AT+QICSGP=2,1,\"apn\",\"me\",\"secret\",1\r", "\r\nERROR\r\n");
    expect("AT+QICSGP=2,1,\"apn\",\"me\",\"\",1\r", "\r\nOK\r\n");
    expect("AT+QICSGP=2\r", "\r\n+QICSGP: 1,\"apn\",\"me\",\"\",1\r\n\r\nOK\r\n");
}

static void test_paths_and_names(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    expect("AT+QIACT=1\r", "\r\nOK\r\n");
    expect("AT+QSSLCFG=\"cacert\",0,\"old.pem\"\r", "\r\nOK\r\n");
    fill_pool(0);
    expect("AT+QSSLCFG=\"cacert\",0,\"new.pem\"\r", "\r\n+CME ERROR: 23\r\n");
    expect("AT+QSSLCFG=\"cacert\",0\r", "\r\n+QSSLCFG: \"cacert\",0,\"old.pem\"\r\n\r\nOK\r\n");
    expect("AT+QPING=1,\"192.0.2.1\"\r", "\r\nERROR\r\n");
    expect("AT+QIDNSGIP=1,\"a.example\"\r", "\r\nERROR\r\n");
    expect("AT+QIGETERROR\r", "\r\n+QIGETERROR: 553,memory not enough\r\n\r\nOK\r\n");
    expect("AT+QFUPL=\"a\",5\r", "\r\n+CME ERROR: 23\r\n");
    empty_pool();
    expect("AT+QSSLCFG=\"cacert\",0,\"new.pem\"\r", "\r\nOK\r\n");
}

static void test_name_of_a_server(void **state)
{
    (void)state;
    bench_config(&b, &atc_dialect_bc95, 1);
    b.cfg.settings.names = ATC_ON;
    bench_start(&b);
    expect("AT+CMEE=1\r", "\r\nOK\r\n");
    expect("AT+QCOAPCREATE=5683\r", "\r\nOK\r\n");
    fill_pool(0);
    expect("AT+QCOAPSEND=0,1,a.example,5683\r", "\r\n+CME ERROR: 23\r\n");
    empty_pool();
    expect("AT+QCOAPSEND=0,1,a.example,5683\r", "\r\n>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contexts),
        cmocka_unit_test(test_half_a_context),
        cmocka_unit_test(test_paths_and_names),
        cmocka_unit_test(test_name_of_a_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
