/* SPDX-License-Identifier: MIT
 *
 * Every integer parameter of every command of both dialects, taken from the tables: one below its
 * range, its ends, one above, missing, empty, quoted, with a sign, in another base, and one
 * parameter too many. What is out of range is answered as D-12 says, what is in range is taken, and
 * the next command works.
 */
#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "seeds.h"

enum { ARGS_MAX = 5, LINE_MAX = 400 };

/* A good write command for every row that has one. loose: bit n says that not every value within
 * the range of argument n goes with the others. */
struct good {
    const struct atc_dialect *dialect;
    const char *name, *key;
    const char *args[ARGS_MAX + 1];
    unsigned loose;
};

/* clang-format off */
static const struct good goods[] = {
    {&atc_dialect_bc95, "QCOAPCREATE", NULL, {"56830"}, 0},
    {&atc_dialect_bc95, "QCOAPADDRES", NULL, {"4", "\"/t/d\""}, 1},
    {&atc_dialect_bc95, "QCOAPHEAD", NULL, {"5", "77", "2", "0102"}, 1},
    {&atc_dialect_bc95, "QCOAPOPTION", NULL, {"1", "11", "\"a\""}, 3},
    {&atc_dialect_bc95, "QCOAPSEND", NULL, {"0", "1", "192.0.2.1", "5683"}, 3},
    {&atc_dialect_bc95, "QCOAPCFG", "Showra", {"\"Showra\"", "1"}, 0},
    {&atc_dialect_bc95, "QCOAPCFG", "Showrspopt", {"\"Showrspopt\"", "1"}, 0},
    {&atc_dialect_bc95, "CMEE", NULL, {"1"}, 0},
    {&atc_dialect_bc95, "CEREG", NULL, {"1"}, 0},
    {&atc_dialect_bc95, "CFUN", NULL, {"1"}, 0},
    {&atc_dialect_bc95, "CGSN", NULL, {"1"}, 0},
    {&atc_dialect_bc95, "CGATT", NULL, {"1"}, 0},

    {&atc_dialect_bg96, "QCOAPCFG", "pdpcid", {"\"pdpcid\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QCOAPCFG", "dtls", {"\"dtls\"", "0", "1", "0"}, 0},
    {&atc_dialect_bg96, "QCOAPCFG", "trans", {"\"trans\"", "0", "2", "5"}, 0},
    {&atc_dialect_bg96, "QCOAPCFG", "pdpctxid", {"\"pdpctxid\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QCOAPOPEN", NULL, {"0", "\"192.0.2.1\"", "5683"}, 0},
    {&atc_dialect_bg96, "QCOAPCLOSE", NULL, {"0"}, 0},
    {&atc_dialect_bg96, "QCOAPHEADER", NULL, {"0", "77", "0", "2", "0102"}, 12},
    {&atc_dialect_bg96, "QCOAPOPTION", NULL, {"0", "0", "0", "12", "40"}, 10},
    {&atc_dialect_bg96, "QCOAPSEND", NULL, {"0", "1", "2", "0", "5"}, 6},
    {&atc_dialect_bg96, "QSSLCFG", "dtls", {"\"dtls\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QSSLCFG", "dtlsversion", {"\"dtlsversion\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QSSLCFG", "ciphersuite", {"\"ciphersuite\"", "0", "0XC0A8"}, 0},
    {&atc_dialect_bg96, "QSSLCFG", "negotiatetime", {"\"negotiatetime\"", "0", "60"}, 0},
    {&atc_dialect_bg96, "QSSLCFG", "seclevel", {"\"seclevel\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QSSLCFG", "session", {"\"session\"", "0", "1"}, 0},
    {&atc_dialect_bg96, "QFUPL", NULL, {"\"x\"", "5", "5", "0"}, 2},
    {&atc_dialect_bg96, "QFDWL", NULL, {"\"a\""}, 0},
    {&atc_dialect_bg96, "QFLST", NULL, {"\"*\""}, 0},
    {&atc_dialect_bg96, "QFDEL", NULL, {"\"a\""}, 0},
    {&atc_dialect_bg96, "QFLDS", NULL, {"\"UFS\""}, 0},
    {&atc_dialect_bg96, "CMEE", NULL, {"1"}, 0},
    {&atc_dialect_bg96, "CEREG", NULL, {"1"}, 0},
    {&atc_dialect_bg96, "CFUN", NULL, {"1", "0"}, 0},
    {&atc_dialect_bg96, "QPOWD", NULL, {"1"}, 0},
    {&atc_dialect_bg96, "CGATT", NULL, {"1"}, 0},
};
/* clang-format on */

static struct bench fresh_bc95, created_bc95, open_bg96, b;

static void prepare(void)
{
    bench_new(&fresh_bc95, &atc_dialect_bc95, 1);
    (void)bench_type(&fresh_bc95, "AT+CMEE=1\r");
    created_bc95 = fresh_bc95;
    (void)bench_type(&created_bc95, "AT+QCOAPCREATE=56830\r");
    bench_new(&open_bg96, &atc_dialect_bg96, 1);
    store_put(&open_bg96.store, "a", "content");
    (void)bench_type(&open_bg96,
                     "AT+QCOAPOPEN=0,\"192.0.2.1\",1\rAT+QCOAPOPEN=1,\"192.0.2.1\",1\r"
                     "AT+QCOAPOPEN=2,\"192.0.2.1\",1\rAT+QCOAPOPEN=3,\"192.0.2.1\",1\r"
                     "AT+QCOAPOPEN=4,\"192.0.2.1\",1\rAT+QCOAPOPEN=5,\"192.0.2.1\",1\r");
}

static const struct bench *start_of(const struct good *good)
{
    if (good->dialect == &atc_dialect_bg96)
        return &open_bg96;
    return strcmp(good->name, "QCOAPCREATE") == 0 ? &fresh_bc95 : &created_bc95;
}

static bool is_key(const struct atc_command *row, const char *key)
{
    return row->key == NULL ? key == NULL : key != NULL && strcmp(row->key, key) == 0;
}

static const struct atc_command *row_of(const struct good *good)
{
    const struct atc_command *row = NULL;

    for (size_t i = 0; (row = atc_dialect_row(good->dialect, i)) != NULL; i++) {
        if (strcmp(row->name, good->name) == 0 && is_key(row, good->key))
            break;
    }
    EXPECT(row != NULL, "%s has no row", good->name);
    return row;
}

/* Type the good line with argument index as value, NULL: that and all behind it left out; behind is
 * added to the end. Leaves what was said in the bench. */
static void type_with(const struct good *good, unsigned index, const char *value,
                      const char *behind, char *line)
{
    size_t len = (size_t)snprintf(line, LINE_MAX, "AT+%s=", good->name);

    for (unsigned i = 0; good->args[i] != NULL && (value != NULL || i != index); i++)
        len += (size_t)snprintf(line + len, LINE_MAX - len, "%s%s", i > 0 ? "," : "",
                                i == index ? value : good->args[i]);
    (void)snprintf(line + len, LINE_MAX - len, "%s", behind);
    b = *start_of(good);
    (void)bench_said(&b);
    (void)bench_type(&b, line);
    (void)bench_type(&b, "\r");
}

static const char *parameter_error(const struct atc_command *row)
{
    return row->errors == ATC_ERRORS_PLAIN ? "\r\nERROR\r\n" : "\r\n+CME ERROR: 50\r\n";
}

static void check_next(const char *line)
{
    (void)bench_said(&b);
    (void)bench_type(&b, "AT+CSQ\r");
    EXPECT(strstr(bench_said(&b), "\r\nOK\r\n") != NULL, "%s: the next command", line);
}

static void expect_refused(const struct good *good, unsigned index, const char *value,
                           const char *behind)
{
    char line[LINE_MAX];

    type_with(good, index, value, behind, line);
    EXPECT(strcmp(b.te.text, parameter_error(row_of(good))) == 0, "%s: %s", line, b.te.text);
    EXPECT(b.orders.len == start_of(good)->orders.len, "%s: an order went out", line);
    check_next(line);
}

static void expect_taken(const struct good *good, unsigned index, const char *value)
{
    char line[LINE_MAX];

    type_with(good, index, value, "", line);
    EXPECT(b.te.len > 0 && strstr(b.te.text, "ERROR") == NULL, "%s: %s", line, b.te.text);
}

static void check_integer(const struct good *good, unsigned index, const struct atc_param *p)
{
    char below[24], above[24], low[24], high[24], quoted[24], blank[24], zeros[24];
    const char *const never[] = {quoted, blank, "+1",   "-1",         "0x1",
                                 "1.0",  "1e0", "\"\"", "4294967296", "18446744073709551616",
                                 "x",    "%s%n"};

    (void)snprintf(below, sizeof below, "%lld", (long long)p->min - 1);
    (void)snprintf(above, sizeof above, "%lld", (long long)p->max + 1);
    (void)snprintf(low, sizeof low, "%u", p->min);
    (void)snprintf(high, sizeof high, "%u", p->max);
    (void)snprintf(quoted, sizeof quoted, "\"%u\"", p->min);
    (void)snprintf(blank, sizeof blank, "%u %u", p->min, p->min);
    (void)snprintf(zeros, sizeof zeros, "000%s", good->args[index]);
    expect_refused(good, index, below, "");
    expect_refused(good, index, above, "");
    for (size_t i = 0; i < COUNT_OF(never); i++)
        expect_refused(good, index, never[i], "");
    expect_taken(good, index, zeros);
    if ((good->loose >> index & 1u) == 0) {
        expect_taken(good, index, low);
        expect_taken(good, index, high);
    }
}

static void check_good(const struct good *good)
{
    const struct atc_command *row = row_of(good);
    unsigned count = 0;

    while (good->args[count] != NULL)
        count++;
    EXPECT(count == row->param_count, "%s: %u arguments", good->name, count);
    for (unsigned i = 0; i < count; i++) {
        const struct atc_param *p = &row->params[i];

        expect_taken(good, i, good->args[i]);
        if (p->kind == ATC_KIND_INTEGER)
            check_integer(good, i, p);
        if ((p->flags & ATC_OPTIONAL) == 0) {
            if (p->kind != ATC_KIND_KEY)
                expect_refused(good, i, "", "");
            expect_refused(good, i, NULL, "");
        }
    }
    expect_refused(good, count, "", ",");
    expect_refused(good, count, "", ",1");
}

static void check_every_parameter(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(goods); i++)
        check_good(&goods[i]);
}

/* A new row needs a line in the table above. */
static void check_every_row_is_here(uint64_t seed)
{
    const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

    (void)seed;
    for (size_t d = 0; d < COUNT_OF(dialects); d++) {
        const struct atc_command *row;

        for (size_t i = 0; (row = atc_dialect_row(dialects[d], i)) != NULL; i++) {
            bool found = (row->forms & ATC_FORM_WRITE) == 0;

            for (size_t k = 0; k < COUNT_OF(goods); k++)
                found = found || (goods[k].dialect == dialects[d] && row_of(&goods[k]) == row);
            EXPECT(found, "%s has no good line", row->name);
        }
    }
}

/* Every form of every command that is there, and that those that are not give ERROR (D-11). */
static void check_form(const struct atc_dialect *d, const struct atc_command *row, unsigned forms,
                       const char *sign, unsigned form)
{
    char line[64];

    if (form == ATC_FORM_EXECUTE && (strcmp(row->name, "NRB") == 0))
        return;
    (void)snprintf(line, sizeof line, "AT+%s%s\r", row->name, sign);
    b = d == &atc_dialect_bc95 ? created_bc95 : open_bg96;
    (void)bench_said(&b);
    (void)bench_type(&b, line);
    if (forms & form)
        EXPECT(strstr(b.te.text, "\r\nOK\r\n") != NULL, "%s %s: %s", d->name, line, b.te.text);
    else
        EXPECT(strcmp(b.te.text, "\r\nERROR\r\n") == 0, "%s %s: %s", d->name, line, b.te.text);
}

static void check_every_form(uint64_t seed)
{
    const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

    (void)seed;
    prepare();
    for (size_t d = 0; d < COUNT_OF(dialects); d++) {
        const struct atc_command *row;

        for (size_t i = 0; (row = atc_dialect_row(dialects[d], i)) != NULL; i++) {
            if (row->forms & ATC_FORM_BASIC)
                continue;
            check_form(dialects[d], row, row->forms | ATC_FORM_TEST, "=?", ATC_FORM_TEST);
            check_form(dialects[d], row, row->forms, "?", ATC_FORM_READ);
            check_form(dialects[d], row, row->forms, "", ATC_FORM_EXECUTE);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every integer of every command", check_every_parameter, 1},
        {"every row has a good line", check_every_row_is_here, 1},
        {"every form of every command", check_every_form, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
