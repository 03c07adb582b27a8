/* SPDX-License-Identifier: MIT
 *
 * The text that keeps values over a restart is read like what the TE types: for every row of both
 * dialects the ends of its range and all between if they are few, one below and one above, and lines
 * that are no such line. What is wrong is counted and changes nothing (D-133).
 */
#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "engine.h"
#include "seeds.h"
#include "seen.h"

enum { FEW = 300 };

static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

static struct bench b;
static struct atc_engine factory, e;

/* Start a modem whose store holds the text. */
static void load(const struct atc_dialect *d, const char *text)
{
    bench_config(&b, d, 1);
    b.cfg.keep = true;
    b.store.kept_len = strlen(text);
    memcpy(b.store.kept, text, strlen(text));
    bench_start(&b);
    bench_pump(&b);
    memcpy(&e, &b.m, sizeof e);
}

static bool is_factory(void)
{
    return memcmp(&e.kept, &factory.kept, sizeof e.kept) == 0 &&
           e.pdp_defined == factory.pdp_defined;
}

static void expect_ignored(const struct atc_dialect *d, const char *text)
{
    load(d, text);
    EXPECT(is_factory() && e.counters[ATC_COUNT_KEPT_IGNORED] == 1, "%s: %s", d->name, text);
    (void)bench_type(&b, "AT\r");
    EXPECT(strcmp(bench_said(&b), "\r\nOK\r\n") == 0, "%s: %s", d->name, text);
}

/* The field of a row, as it is in memory. */
static uint32_t value_of(const struct atc_kept_row *row)
{
    const uint8_t *at = (const uint8_t *)&e.kept + row->offset;
    uint32_t four;
    uint16_t two;

    memcpy(&four, at, row->size == 4 ? 4 : 1);
    memcpy(&two, at, row->size == 2 ? 2 : 1);
    return row->size == 4 ? four : row->size == 2 ? two : *at;
}

static void expect_loaded(const struct atc_dialect *d, const struct atc_kept_row *row,
                          uint32_t value)
{
    char text[64];

    (void)snprintf(text, sizeof text, "%s=%u\n", row->name, value);
    load(d, text);
    EXPECT(e.counters[ATC_COUNT_KEPT_IGNORED] == 0 && value_of(row) == value, "%s: %s", d->name,
           text);
}

/* Lists are bands: their length, and each member's range. */
static void check_list(const struct atc_dialect *d, const struct atc_kept_row *row)
{
    char text[256];
    size_t len = (size_t)snprintf(text, sizeof text, "%s=%u", row->name, row->min);

    for (unsigned i = 1; i <= row->capacity; i++) {
        load(d, text);
        EXPECT(e.counters[ATC_COUNT_KEPT_IGNORED] == 0 &&
                   ((const uint8_t *)&e.kept)[row->count_at] == i,
               "%s: %s", d->name, text);
        len += (size_t)snprintf(text + len, sizeof text - len, ",%u", row->max);
    }
    expect_ignored(d, text); /* one more than there is room for */
}

static void check_row(const struct atc_dialect *d, const struct atc_kept_row *row)
{
    static const char *const never[] = {"", "x", "-1", "\"1\"", "1,", ",1", "4294967296", "1 1"};
    char text[64];

    if (row->capacity > 0)
        check_list(d, row);
    else
        expect_loaded(d, row, row->min);
    if (row->capacity == 0)
        expect_loaded(d, row, row->max);
    for (uint32_t n = row->min; row->capacity == 0 && row->max - row->min < FEW && n <= row->max;
         n++)
        expect_loaded(d, row, n);
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        (void)snprintf(text, sizeof text, "%s=%s\n", row->name, never[i]);
        expect_ignored(d, text);
    }
    (void)snprintf(text, sizeof text, "%s=%lld\n", row->name, (long long)row->min - 1);
    expect_ignored(d, text);
    (void)snprintf(text, sizeof text, "%s=%lld\n", row->name, (long long)row->max + 1);
    expect_ignored(d, text);
    (void)snprintf(text, sizeof text, "%s\n", row->name);
    expect_ignored(d, text);
    seen("kept %s %zu", d->name, (size_t)(row - d->kept));
}

static void check_rows(uint64_t seed)
{
    (void)seed;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        load(dialects[i], "");
        factory = e;
        for (unsigned k = 0; k < dialects[i]->kept_count; k++)
            check_row(dialects[i], &dialects[i]->kept[k]);
    }
}

static void check_lines(uint64_t seed)
{
    static const char *const never[] = {
        "=1\n",
        "nonesuch=1\n",
        "baud\n",
        "baud = 9600\n",
        "pdp=\n",
        "pdp=17,1,0,\"\",\"\",\"\"\n",
        "pdp=2,5,0,\"\",\"\",\"\"\n",
        "pdp=2,1,4,\"\",\"\",\"\"\n",
        "pdp=2,1,0,\"\",\"\"\n",
        "pdp=2,1,0,\"\",\"\",\"\",\"\"\n",
        "pdp=2,1,0,apn,\"\",\"\"\n",
        "pdp=2,1,0,\"\\\",\"\",\"\"\n",
        "pdp=2,1,0,\"apn,\"\",\"\"\n",
        "\x01\xFF\n",
        "no end of a line",
    };
    char text[256];

    (void)seed;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        load(dialects[i], "");
        factory = e;
        for (size_t k = 0; k < COUNT_OF(never); k++)
            expect_ignored(dialects[i], never[k]);
        for (unsigned len = 126; len <= 128; len++) {
            (void)snprintf(text, sizeof text, "pdp=2,1,0,\"%0*d\",\"\",\"\"\n", (int)len, 0);
            load(dialects[i], text);
            EXPECT((e.pdp_defined >> 2 & 1u) == (len <= 127), "%s: %s", dialects[i]->name, text);
        }
        load(dialects[i], "\n\npdp=2,1,0,\"apn\",\"\",\"\"\n\n");
        EXPECT((e.pdp_defined >> 2 & 1u) == 1 && e.counters[ATC_COUNT_KEPT_IGNORED] == 0, "%s",
               dialects[i]->name);
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every value that is kept", check_rows, 1},
        {"lines that are none", check_lines, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
