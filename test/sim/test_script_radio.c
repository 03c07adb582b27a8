/* SPDX-License-Identifier: MIT
 *
 * What N! cell and N! time take, and what they refuse. */
#define _GNU_SOURCE

#include "../../host/script_radio.c"
#include "../../host/script_text.c"

#include "check.h"

void log_note(const char *format, ...)
{
    (void)format;
}

static void test_cell(void **state)
{
    static const char *const bad[] = {
        "",
        "id",
        "id=",
        "id=10000000",
        "id=-1",
        "id=xyz",
        "tac=10000",
        "pci=504",
        "pci=-1",
        "pci=0x1",
        "earfcn=262144",
        "band=0",
        "band=256",
        "ecl=3",
        "rsrp=1",
        "rsrp=-1601",
        "snr=501",
        "rsrq=-401",
        "plmn=2620",
        "plmn=26201a",
        "plmn=2620112",
        "noise=1",
        "id=0000000000000000000000000000001",
    };
    static const char *const good[] = {
        "id=FFFFFFF", "tac=ffff",  "pci=503",  "earfcn=262143", "band=255",    "ecl=2",
        "rsrp=-1600", "rsrq=-400", "snr=-300", "plmn=26201",    "plmn=310410",
    };
    struct atc_cell cell;
    const struct atc_cell zero = {0};

    (void)state;
    cell = zero;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        EXPECT(!script_cell_read(&cell, script_span_of(bad[i])), "%s", bad[i]);
        EXPECT(memcmp(&cell, &zero, sizeof cell) == 0, "%s has changed it", bad[i]);
    }
    for (size_t i = 0; i < COUNT_OF(good); i++)
        EXPECT(script_cell_read(&cell, script_span_of(good[i])), "%s", good[i]);
    assert_true(cell.id == 0xFFFFFFF && cell.tac == 0xFFFF && cell.pci == 503);
    assert_true(cell.earfcn == 262143 && cell.band == 255 && cell.ecl == 2);
    assert_true(cell.rsrp == -1600 && cell.rsrq == -400 && cell.snr == -300);
    assert_string_equal(cell.plmn, "310410");
}

static void test_time_of_day(void **state)
{
    static const struct {
        const char *text;
        uint32_t seconds;
        int zone;
    } good[] = {
        {"1970-01-01T00:00:00", 0, 0},
        {"2026-11-21T08:00:00", 1795248000, 0},
        {"2026-11-21T08:00:00Z", 1795248000, 0},
        {"2026-11-21T16:00:00+08:00", 1795248000, 32},
        {"2026-11-21T04:30:00-03:30", 1795248000, -14},
        {"2026-11-21T22:00:00+14:00", 1795248000, 56},
    };
    static const char *const bad[] = {
        "",
        "2026-11-21",
        "2026-11-21 08:00:00",
        "2026-13-21T08:00:00",
        "2026-11-21T08:00:00+8",
        "2026-11-21T08:00:00+08:10",
        "2026-11-21T08:00:00+15:00",
        "2026-11-21T08:00:00 08:00",
        "1969-12-31T23:59:59",
        "2107-01-01T00:00:00",
        "2026-11-21T08:00:00+08:00x",
    };
    uint32_t seconds;
    int8_t zone;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        EXPECT(script_time_of_day(script_span_of(good[i].text), &seconds, &zone), "%s",
               good[i].text);
        EXPECT(seconds == good[i].seconds && zone == good[i].zone, "%s: %u %d", good[i].text,
               seconds, zone);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        EXPECT(!script_time_of_day(script_span_of(bad[i]), &seconds, &zone), "%s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell),
        cmocka_unit_test(test_time_of_day),
    };

    return cmocka_run_group_tests_name("script_radio", tests, NULL, NULL);
}
