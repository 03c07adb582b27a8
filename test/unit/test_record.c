/* SPDX-License-Identifier: MIT
 *
 * What a record writes, to the byte, with a clock and a module of the test's own. Whole runs are in
 * test/interop/records.py.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "addr.h"
#include "check.h"
#include "record.h"
#include "rng.h"
#include "script_text.h"

static char folder[] = "/tmp/test_record.XXXXXX";
static uint64_t clock_us;
static bool secured;
static unsigned said;
static struct atc_modem modem;
static struct lint lint;
static struct script_buf content;

static uint64_t get_clock(void *ctx)
{
    (void)ctx;
    return clock_us;
}

static void say(const char *format, ...)
{
    (void)format;
    said++;
}

static bool fill(void *ctx, uint8_t *buf, size_t len)
{
    rng_fill(ctx, buf, len);
    return true;
}

static struct record *open_record(const char *link)
{
    static struct atc_settings settings;
    struct record_config config = {.path = folder,
                                   .dialect = "bg96",
                                   .link = link,
                                   .seed = 42,
                                   .seeded = true,
                                   .settings = &settings,
                                   .clock_us = get_clock,
                                   .speed = 1000,
                                   .say = say};
    struct rng rng = {1};
    struct atc_config modem_config = {.dialect = &atc_dialect_bg96, .random = fill, .ctx = &rng};

    atc_settings_default(&settings);
    atc_settings_default(&modem_config.settings);
    assert_int_equal(atc_init(&modem, &modem_config, 0), 0);
    lint_start(&lint);
    clock_us = 0;
    secured = false;
    said = 0;
    return record_open(&config);
}

static void read_file(const char *name)
{
    char path[128], bytes[4096];
    ssize_t len = 0;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    const int fd = open(path, O_RDONLY);
    EXPECT(fd >= 0, "%s", path);
    content.len = 0;
    while ((len = read(fd, bytes, sizeof bytes)) > 0)
        script_buf_add(&content, bytes, (size_t)len);
    (void)close(fd);
    script_buf_byte(&content, '\0');
}

/* The lines of events.jsonl behind the first. */
static void expect_events(const char *text)
{
    read_file("events.jsonl");
    const char *start = strchr(content.data, '\n');
    assert_non_null(start);
    assert_string_equal(start + 1, text);
}

static struct sim_verdict verdict(enum sim_step step, enum sim_direction direction, uint32_t number)
{
    static const uint8_t get[] = {0x41, 1, 0, 77, 0xAA, 0xB1, 't', 0xFF, '!'};
    struct sim_verdict v = {
        .step = step, .direction = direction, .number = number, .data = get, .len = sizeof get};

    (void)addr_parse(&v.peer, "192.0.2.1");
    v.peer.port = 5683;
    return v;
}

static void happen(struct record *r, enum sim_step step, enum sim_direction direction,
                   uint32_t number, enum sim_why why, uint32_t of)
{
    struct sim_verdict v = verdict(step, direction, number);
    struct record_end end = {.secured = secured};

    (void)addr_parse(&end.local, "10.0.0.2");
    v.why = why;
    v.of = of;
    record_verdict(r, &v, &end);
}

#define GET "\"client\":0,\"peer\":\"192.0.2.1:5683\",\"len\":9,\"hex\":\"4101004daab174ff21\","
#define MESSAGE                                                                              \
    "\"type\":\"CON\",\"code\":\"0.01\",\"mid\":77,\"token\":\"aa\",\"options\":\"uri-path=" \
    "\\\"t\\\"\","                                                                           \
    "\"payload\":1"

static void test_start_and_end(void **state)
{
    struct record *r = open_record("loss=5%");

    (void)state;
    clock_us = 1500000;
    record_reason(r, "SIG%s", "TERM");
    record_reason(r, "another");
    assert_int_equal(record_close(r, &modem, &lint, 0), 0);
    expect_events(
        "{\"n\":1,\"t\":1.500000,\"event\":\"end\",\"status\":0,\"reason\":\"SIGTERM\"}\n");
    static const char head[] =
        "{\"n\":0,\"t\":0.000000,\"event\":\"start\",\"version\":\"" ATC_VERSION
        "\",\"dialect\":\"bg96\",\"seed\":42,\"link\":\"loss=5%\","
        "\"settings\":{\"line-end\":\"any\",";
    assert_memory_equal(content.data, head, sizeof head - 1);
    read_file("result.json");
    static const char result[] = "{\"status\":0,\"reason\":\"SIGTERM\",\"complete\":true,"
                                 "\"started\":\"1970-01-01T00:00:00Z\",\"seconds\":1.500000,";
    assert_memory_equal(content.data, result, sizeof result - 1);
    read_file("lint.txt");
    EXPECT(strchr(content.data, '\n') == content.data + content.len - 2, "%s", content.data);
    assert_int_equal(said, 0);
}

static void test_at_log(void **state)
{
    struct record *r = open_record(NULL);

    (void)state;
    clock_us = 1;
    record_te(r, (const uint8_t *)"AT\r", 3, false);
    record_te(r, (const uint8_t *)"", 0, false);
    clock_us = 86400123456u;
    record_module(r, (const uint8_t *)"\r\n\\\x1A\xFF", 5, false);
    record_te(r, (const uint8_t *)"<5 bytes>", 9, false);
    record_te(r, (const uint8_t *)"<secret", 7, true);
    record_module(r, (const uint8_t *)"secret", 6, true);
    (void)record_close(r, &modem, &lint, 0);
    read_file("at.log");
    assert_string_equal(content.data, "0.000001 > AT\\r\n"
                                      "86400.123456 < \\r\\n\\\\\\x1A\\xFF\n"
                                      "86400.123456 > \\x3C5 bytes>\n"
                                      "86400.123456 > <7 bytes>\n"
                                      "86400.123456 < <6 bytes>\n");
}

/* With a link the other end is told of, too. */
static void test_verdicts(void **state)
{
    struct record *r = open_record("dup=10%");

    (void)state;
    happen(r, SIM_STEP_SENT, SIM_UP, 1, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_LOST, SIM_UP, 1, SIM_WHY_BURST, 0);
    clock_us = 2000000;
    happen(r, SIM_STEP_SENT, SIM_UP, 2, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_SENT, SIM_UP, 3, SIM_WHY_NONE, 2);
    clock_us = 3000000;
    happen(r, SIM_STEP_ARRIVED, SIM_UP, 2, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_LOST, SIM_UP, 3, SIM_WHY_QUEUE, 0);
    happen(r, SIM_STEP_SENT, SIM_DOWN, 4, SIM_WHY_NONE, 0);
    clock_us = 4000000;
    happen(r, SIM_STEP_ARRIVED, SIM_DOWN, 4, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_SENT, SIM_DOWN, 5, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_LOST, SIM_DOWN, 5, SIM_WHY_COVERAGE, 0);
    (void)record_close(r, &modem, &lint, 0);
    expect_events("{\"n\":1,\"t\":0.000000,\"event\":\"out\",\"d\":1," GET MESSAGE "}\n"
                  "{\"n\":2,\"t\":0.000000,\"event\":\"lost\",\"d\":1,\"why\":\"burst\"}\n"
                  "{\"n\":3,\"t\":2.000000,\"event\":\"out\",\"d\":2," GET MESSAGE
                  ",\"repeat\":1}\n"
                  "{\"n\":4,\"t\":2.000000,\"event\":\"out\",\"d\":3," GET "\"of\":2," MESSAGE "}\n"
                  "{\"n\":5,\"t\":3.000000,\"event\":\"arrived\",\"d\":2}\n"
                  "{\"n\":6,\"t\":3.000000,\"event\":\"lost\",\"d\":3,\"why\":\"queue\"}\n"
                  "{\"n\":7,\"t\":3.000000,\"event\":\"sent\",\"d\":4," GET MESSAGE "}\n"
                  "{\"n\":8,\"t\":4.000000,\"event\":\"in\",\"d\":4," GET MESSAGE "}\n"
                  "{\"n\":9,\"t\":4.000000,\"event\":\"sent\",\"d\":5," GET MESSAGE "}\n"
                  "{\"n\":10,\"t\":4.000000,\"event\":\"lost\",\"d\":5,\"why\":\"coverage\"}\n"
                  "{\"n\":11,\"t\":4.000000,\"event\":\"end\",\"status\":0,\"reason\":\"\"}\n");
    read_file("result.json");
    EXPECT(strstr(content.data, "\"datagrams\":{\"out\":2,\"out_repeats\":1,\"in\":1,"
                                "\"in_repeats\":0,\"lost\":3}") != NULL,
           "%s", content.data);
}

/* Without one it is where it goes at once; what is lost all the same says what it was. */
static void test_perfect_link(void **state)
{
    struct record *r = open_record(NULL);

    (void)state;
    happen(r, SIM_STEP_SENT, SIM_UP, 1, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_ARRIVED, SIM_UP, 1, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_SENT, SIM_DOWN, 2, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_ARRIVED, SIM_DOWN, 2, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_SENT, SIM_UP, 3, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_LOST, SIM_UP, 3, SIM_WHY_LOCAL, 0);
    happen(r, SIM_STEP_SENT, SIM_DOWN, 4, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_LOST, SIM_DOWN, 4, SIM_WHY_LISTED, 0);
    (void)record_close(r, &modem, &lint, 0);
    expect_events("{\"n\":1,\"t\":0.000000,\"event\":\"out\",\"d\":1," GET MESSAGE "}\n"
                  "{\"n\":2,\"t\":0.000000,\"event\":\"in\",\"d\":2," GET MESSAGE "}\n"
                  "{\"n\":3,\"t\":0.000000,\"event\":\"out\",\"d\":3," GET MESSAGE
                  ",\"repeat\":1}\n"
                  "{\"n\":4,\"t\":0.000000,\"event\":\"lost\",\"d\":3,\"why\":\"local\"}\n"
                  "{\"n\":5,\"t\":0.000000,\"event\":\"sent\",\"d\":4," GET MESSAGE "}\n"
                  "{\"n\":6,\"t\":0.000000,\"event\":\"lost\",\"d\":4,\"why\":\"listed\"}\n"
                  "{\"n\":7,\"t\":0.000000,\"event\":\"end\",\"status\":0,\"reason\":\"\"}\n");
}

/* What is inside belongs to the datagram it was told with, and to its copies. */
static void test_inside(void **state)
{
    static const uint8_t inside[] = {0x60, 0, 0, 9};
    struct record *r = open_record("dup=10%");

    (void)state;
    secured = true;
    record_inside(r, SIM_UP, 0, inside, sizeof inside);
    happen(r, SIM_STEP_SENT, SIM_UP, 1, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_SENT, SIM_UP, 2, SIM_WHY_NONE, 1);
    happen(r, SIM_STEP_SENT, SIM_UP, 3, SIM_WHY_NONE, 0);
    happen(r, SIM_STEP_ARRIVED, SIM_DOWN, 4, SIM_WHY_NONE, 0);
    record_inside(r, SIM_DOWN, 1, inside, sizeof inside);
    happen(r, SIM_STEP_ARRIVED, SIM_DOWN, 5, SIM_WHY_NONE, 0);
    record_inside(r, SIM_DOWN, 0, inside, sizeof inside);
    (void)record_close(r, &modem, &lint, 0);
#define ACK                                                                                       \
    "\"dtls\":true,\"type\":\"ACK\",\"code\":\"0.00\",\"mid\":9,\"token\":\"\",\"options\":\"\"," \
    "\"payload\":0"
    expect_events("{\"n\":1,\"t\":0.000000,\"event\":\"out\",\"d\":1," GET ACK "}\n"
                  "{\"n\":2,\"t\":0.000000,\"event\":\"out\",\"d\":2," GET "\"of\":1," ACK "}\n"
                  "{\"n\":3,\"t\":0.000000,\"event\":\"out\",\"d\":3," GET "\"dtls\":true}\n"
                  "{\"n\":4,\"t\":0.000000,\"event\":\"in\",\"d\":4," GET "\"dtls\":true}\n"
                  "{\"n\":5,\"t\":0.000000,\"event\":\"in\",\"d\":5," GET ACK "}\n"
                  "{\"n\":6,\"t\":0.000000,\"event\":\"end\",\"status\":0,\"reason\":\"\"}\n");
}

/* Calls without a record do nothing. */
static void test_no_record(void **state)
{
    const struct atc_trace trace = {.kind = ATC_TRACE_SESSION};
    const struct lint_finding finding = {.count = 1};
    const struct atc_network network = {.attached = true};
    const struct sim_verdict v = verdict(SIM_STEP_SENT, SIM_UP, 1);
    const struct record_end end = {.secured = false};

    (void)state;
    record_te(NULL, (const uint8_t *)"AT", 2, false);
    record_taken(NULL, (const uint8_t *)"AT", 2);
    record_module(NULL, (const uint8_t *)"AT", 2, false);
    record_read(NULL);
    record_trace(NULL, &trace);
    record_verdict(NULL, &v, &end);
    record_inside(NULL, SIM_UP, 0, (const uint8_t *)"x", 1);
    record_network(NULL, &network);
    record_finding(NULL, &finding);
    record_note(NULL, "x");
    record_secret(NULL, "x");
    record_reason(NULL, "x");
    record_flush(NULL);
    assert_int_equal(record_close(NULL, NULL, NULL, 2), 2);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    DIR *dir = opendir(folder);
    struct dirent *entry = NULL;

    (void)state;
    while (dir != NULL && (entry = readdir(dir)) != NULL)
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir != NULL)
        (void)closedir(dir);
    script_buf_free(&content);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_and_end), cmocka_unit_test(test_at_log),
        cmocka_unit_test(test_verdicts),      cmocka_unit_test(test_perfect_link),
        cmocka_unit_test(test_inside),        cmocka_unit_test(test_no_record),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
