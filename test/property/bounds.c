/* SPDX-License-Identifier: MIT
 *
 * Every form of every command and every parameter of every form, of both dialects, taken from the
 * tables. Each parameter: the ends of its range, one below and one above, every number between if
 * they are few, missing, an empty place, quoted, bare, and of the wrong kind; each command with one
 * parameter too many. What the table forbids is answered as D-12 says and leaves the modem as it
 * was, bit for bit; what it allows is taken. A good line that cannot be carried out now leaves it
 * so, too: no context, not attached, a CON outstanding.
 *
 * A new row brings a line of the table below with it.
 */
#include <ctype.h>

#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "engine.h"
#include "seeds.h"
#include "seen.h"

enum {
    ARGS_MAX = 8,
    LINE_MAX = 1200,
    FEW = 300, /* of so many numbers in a range each is tried */
};

/* One good write command for a row that has this form. */
struct good {
    const struct atc_dialect *dialect;
    const char *name, *key;
    const char *args[ARGS_MAX + 1];
    unsigned
        loose; /* bit n: not every value in the range of argument n goes with the others: values.c
                        and transcripts try those */
    unsigned needs;  /* bit n: argument n may be left out, but not with those before it as here */
    unsigned gap;    /* bit n: argument n may be empty, but not with the others as here */
    unsigned bare;   /* bit n: the handler takes argument n without quotes only */
    unsigned listed; /* bit n: of the range of argument n only these numbers are good: */
    const char *list;
};

#define BC95(name_, key_, ...)                                                    \
    {                                                                             \
        .dialect = &atc_dialect_bc95, .name = (name_), .key = (key_), __VA_ARGS__ \
    }
#define BG96(name_, key_, ...)                                                    \
    {                                                                             \
        .dialect = &atc_dialect_bg96, .name = (name_), .key = (key_), __VA_ARGS__ \
    }

/* clang-format off */
static const struct good goods[] = {
    BC95("QCOAPCREATE", NULL, .args = {"56830"}),
    BC95("QCOAPADDRES", NULL, .args = {"4", "\"/t/d\""}, .loose = 3),
    BC95("QCOAPHEAD", NULL, .args = {"5", "77", "2", "0102"}, .loose = 1, .needs = 14, .gap = 6, .bare = 6),
    BC95("QCOAPOPTION", NULL, .args = {"1", "11", "\"a\""}, .loose = 3),
    BC95("QCOAPSEND", NULL, .args = {"0", "1", "192.0.2.1", "5683"}, .loose = 7),
    BC95("QCOAPCFG", "Showra", .args = {"\"Showra\"", "1"}),
    BC95("QCOAPCFG", "Showrspopt", .args = {"\"Showrspopt\"", "1"}),
    BC95("CMEE", NULL, .args = {"1"}),
    BC95("CEREG", NULL, .args = {"1"}),
    BC95("CFUN", NULL, .args = {"1"}),
    BC95("CGSN", NULL, .args = {"1"}),
    BC95("CGATT", NULL, .args = {"1"}),
    BC95("CSCON", NULL, .args = {"1"}),
    BC95("NPSMR", NULL, .args = {"1"}),
    BC95("COPS", NULL, .args = {"1", "2", "\"26201\""}, .loose = 5, .needs = 6, .gap = 2),
    BC95("CGDCONT", NULL, .args = {"1", "\"IP\"", "\"a\"", "\"0.0.0.0\"", "0", "0"}, .loose = 2),
    BC95("CGPADDR", NULL, .args = {"0"}, .listed = 1, .list = "0"),
    BC95("CGACT", NULL, .args = {"1", "0"}, .loose = 3),
    BC95("NUESTATS", NULL, .args = {"CELL"}, .loose = 1),
    BC95("NBAND", NULL, .args = {"8", "20", "5", "1", "3", "28", "8", "8"}, .loose = 255, .gap = 126),
    BC95("NCONFIG", NULL, .args = {"AUTOCONNECT", "TRUE"}, .loose = 3),
    BC95("NATSPEED", NULL, .args = {"9600", "0", "0", "0", "1", "0", "0"}, .listed = 1, .list = "2400,4800,9600,57600,115200,230400,460800,921600"),
    BC95("CPSMS", NULL, .args = {"1", "", "", "00000001", "00000001"}, .loose = 30, .needs = 12),
    BC95("CEDRXS", NULL, .args = {"1", "5", "\"0010\""}, .loose = 4),
    BC95("CCLK", NULL, .args = {"\"26/11/21,08:00:00\""}, .loose = 1),
    BC95("NPING", NULL, .args = {"192.0.2.1", "8", "10"}, .loose = 1),
    BC95("QDNS", NULL, .args = {"0", "a"}, .loose = 2),
    BC95("QIDNSCFG", NULL, .args = {"192.0.2.1", "192.0.2.2"}, .loose = 3),
    BC95("QREGSWT", NULL, .args = {"1"}),
    BC95("NSONMI", NULL, .args = {"1"}),
    BC95("NNMI", NULL, .args = {"1"}),
    BC95("NSMI", NULL, .args = {"1"}),
    BC95("NCDP", NULL, .args = {"192.0.2.1", "1"}, .loose = 1),

    BG96("QCOAPCFG", "pdpcid", .args = {"\"pdpcid\"", "0", "1"}),
    BG96("QCOAPCFG", "dtls", .args = {"\"dtls\"", "0", "1", "0"}),
    BG96("QCOAPCFG", "trans", .args = {"\"trans\"", "0", "2", "5"}, .needs = 8, .gap = 4),
    BG96("QCOAPCFG", "pdpctxid", .args = {"\"pdpctxid\"", "0", "1"}),
    BG96("QCOAPOPEN", NULL, .args = {"0", "\"192.0.2.1\"", "5683"}),
    BG96("QCOAPCLOSE", NULL, .args = {"0"}),
    BG96("QCOAPHEADER", NULL, .args = {"0", "77", "0", "2", "0102"}, .loose = 28, .needs = 16, .gap = 8),
    BG96("QCOAPOPTION", NULL, .args = {"0", "0", "0", "12", "40"}, .loose = 10, .needs = 24, .gap = 8),
    BG96("QCOAPSEND", NULL, .args = {"0", "1", "2", "0", "5"}, .loose = 6),
    BG96("QSSLCFG", "dtls", .args = {"\"dtls\"", "0", "1"}),
    BG96("QSSLCFG", "dtlsversion", .args = {"\"dtlsversion\"", "0", "1"}),
    BG96("QSSLCFG", "ciphersuite", .args = {"\"ciphersuite\"", "0", "0XC0A8"}, .loose = 4),
    BG96("QSSLCFG", "negotiatetime", .args = {"\"negotiatetime\"", "0", "60"}),
    BG96("QSSLCFG", "seclevel", .args = {"\"seclevel\"", "0", "1"}),
    BG96("QSSLCFG", "session", .args = {"\"session\"", "0", "1"}),
    BG96("QSSLCFG", "sslversion", .args = {"\"sslversion\"", "0", "3"}),
    BG96("QSSLCFG", "sni", .args = {"\"sni\"", "0", "1"}),
    BG96("QSSLCFG", "checkhost", .args = {"\"checkhost\"", "0", "1"}),
    BG96("QSSLCFG", "ignorelocaltime", .args = {"\"ignorelocaltime\"", "0", "1"}),
    BG96("QSSLCFG", "renegotiation", .args = {"\"renegotiation\"", "0", "1"}),
    BG96("QSSLCFG", "cacert", .args = {"\"cacert\"", "0", "\"UFS:x.pem\""}),
    BG96("QSSLCFG", "clientcert", .args = {"\"clientcert\"", "0", "\"UFS:x.pem\""}),
    BG96("QSSLCFG", "clientkey", .args = {"\"clientkey\"", "0", "\"UFS:x.pem\""}),
    BG96("QFUPL", NULL, .args = {"\"x\"", "5", "5", "0"}, .loose = 3),
    BG96("QFDWL", NULL, .args = {"\"a\""}, .loose = 1),
    BG96("QFLST", NULL, .args = {"\"*\""}, .loose = 1),
    BG96("QFDEL", NULL, .args = {"\"a\""}, .loose = 1),
    BG96("QFLDS", NULL, .args = {"\"UFS\""}, .loose = 1),
    BG96("QFOPEN", NULL, .args = {"\"a\"", "0"}, .loose = 1),
    BG96("QFREAD", NULL, .args = {"3000", "1"}, .loose = 1),
    BG96("QFWRITE", NULL, .args = {"3000", "5", "5"}, .loose = 1),
    BG96("QFSEEK", NULL, .args = {"3000", "0", "0"}, .loose = 3),
    BG96("QFPOSITION", NULL, .args = {"3000"}, .loose = 1),
    BG96("QFTUCAT", NULL, .args = {"3000"}, .loose = 1),
    BG96("QFCLOSE", NULL, .args = {"3000"}, .loose = 1),
    BG96("CMEE", NULL, .args = {"1"}),
    BG96("CEREG", NULL, .args = {"1"}, .listed = 1, .list = "0,1,2,4"),
    BG96("CFUN", NULL, .args = {"1", "0"}, .listed = 1, .list = "0,1,4"),
    BG96("QPOWD", NULL, .args = {"1"}),
    BG96("CPIN", NULL, .args = {"1234", "\"5678\""}, .loose = 3),
    BG96("IPR", NULL, .args = {"115200"}, .listed = 1, .list = "4800,115200,921600"),
    BG96("QURCCFG", "urcport", .args = {"\"urcport\"", "\"uart1\""}, .loose = 2),
    BG96("CTZU", NULL, .args = {"1"}, .listed = 1, .list = "0,1,3"),
    BG96("CCLK", NULL, .args = {"\"24/09/26,08:12:33+32\""}, .loose = 1),
    BG96("CREG", NULL, .args = {"1"}),
    BG96("CGREG", NULL, .args = {"1"}),
    BG96("COPS", NULL, .args = {"1", "2", "\"46000\"", "9"}, .loose = 7, .needs = 6, .gap = 4),
    BG96("QCSCON", NULL, .args = {"1"}),
    BG96("CTZR", NULL, .args = {"1"}),
    BG96("CGACT", NULL, .args = {"1", "1"}),
    BG96("CGPADDR", NULL, .args = {"1"}),
    BG96("CGDCONT", NULL, .args = {"1", "\"IP\"", "\"apn\"", "\"0.0.0.0\"", "0", "0"}, .loose = 2, .gap = 2),
    BG96("QICSGP", NULL, .args = {"1", "1", "\"apn\"", "\"u\"", "\"p\"", "1"}, .needs = 20, .gap = 30),
    BG96("QIACT", NULL, .args = {"1"}),
    BG96("QIDEACT", NULL, .args = {"1"}),
    BG96("QIDNSCFG", NULL, .args = {"1", "\"10.0.0.1\"", "\"10.0.0.3\""}, .loose = 7),
    BG96("QIDNSGIP", NULL, .args = {"1", "\"192.0.2.1\""}, .loose = 3),
    BG96("QPING", NULL, .args = {"1", "\"192.0.2.1\"", "4", "4"}, .loose = 3),
    BG96("CPSMS", NULL, .args = {"1", "\"00000000\"", "\"00000000\"", "\"00000100\"", "\"00001111\""}, .loose = 30),
    BG96("CEDRXS", NULL, .args = {"1", "5", "\"0000\""}, .loose = 4, .listed = 2, .list = "1,5"),
    BG96("QCFG", "nwscanmode", .args = {"\"nwscanmode\"", "0", "1"}, .gap = 2, .listed = 2, .list = "0,1,3"),
    BG96("QCFG", "nwscanseq", .args = {"\"nwscanseq\"", "0203", "1"}, .gap = 2, .loose = 2),
    BG96("QCFG", "iotopmode", .args = {"\"iotopmode\"", "0", "1"}, .gap = 2),
    BG96("QCFG", "servicedomain", .args = {"\"servicedomain\"", "0", "1"}, .gap = 2),
    BG96("QCFG", "roamservice", .args = {"\"roamservice\"", "1", "1"}, .gap = 2, .listed = 2, .list = "1,2,255"),
    BG96("QCFG", "band", .args = {"\"band\"", "f", "0x80", "0x80", "1"}, .gap = 14, .needs = 12, .loose = 14),
    BG96("CGATT", NULL, .args = {"1"}),
};
/* clang-format on */

static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

/* --- modems ----------------------------------------------------------------------------------- */

static struct bench fresh_bc95, created_bc95, silent_bc95, open_bg96, contexts_bg96, b;
static const struct bench *start; /* what b was before the line */

/* A modem with a store for what survives a restart. */
static void new_bench(struct bench *bench, const struct atc_dialect *dialect)
{
    bench_config(bench, dialect, 1);
    bench->cfg.keep = true;
    bench_start(bench);
    bench_pump(bench);
}

/* All contexts are defined, none is active. */
static void prepare_contexts(void)
{
    new_bench(&contexts_bg96, &atc_dialect_bg96);
    for (unsigned cid = 1; cid <= 16; cid++) {
        char define[32];

        (void)snprintf(define, sizeof define, "AT+CGDCONT=%u,\"IP\"\r", cid);
        (void)bench_type(&contexts_bg96, define);
    }
}

static void prepare(void)
{
    new_bench(&fresh_bc95, &atc_dialect_bc95);
    (void)bench_type(&fresh_bc95, "AT+CMEE=1\r");
    created_bc95 = fresh_bc95;
    (void)bench_type(&created_bc95, "AT+QCOAPCREATE=56830\r");
    prepare_contexts();
    silent_bc95 = fresh_bc95;
    (void)bench_type(&silent_bc95, "AT+CFUN=0\r");
    new_bench(&open_bg96, &atc_dialect_bg96);
    store_put(&open_bg96.store, "a", "content");
    store_put(&open_bg96.store, "opened", "content");
    (void)bench_type(&open_bg96, "AT+QFOPEN=\"opened\"\r");
    (void)bench_type(&open_bg96,
                     "AT+QCOAPOPEN=0,\"192.0.2.1\",1\rAT+QCOAPOPEN=1,\"192.0.2.1\",1\r"
                     "AT+QCOAPOPEN=2,\"192.0.2.1\",1\rAT+QCOAPOPEN=3,\"192.0.2.1\",1\r"
                     "AT+QCOAPOPEN=4,\"192.0.2.1\",1\rAT+QCOAPOPEN=5,\"192.0.2.1\",1\r");
}

static bool is_of_contexts(const char *name)
{
    return strcmp(name, "QIACT") == 0 || strcmp(name, "CGACT") == 0 ||
           strcmp(name, "CGPADDR") == 0 || strcmp(name, "CGDCONT") == 0;
}

static const struct bench *start_of(const struct atc_dialect *dialect, const char *name)
{
    if (dialect == &atc_dialect_bg96)
        return is_of_contexts(name) ? &contexts_bg96 : &open_bg96;
    if (strcmp(name, "NBAND") == 0)
        return &silent_bc95;
    return strcmp(name, "QCOAPCREATE") == 0 ? &fresh_bc95 : &created_bc95;
}

/* Take the modem as it was. The logs and what was sent need no copying. */
static void go_back(void)
{
    memcpy(&b, start, offsetof(struct bench, sent));
    b.te.len = 0;
    b.te.text[0] = '\0';
    b.orders.len = 0;
}

/* What is left of a modem when what belongs to the line alone is taken away: its text, its reply, and
 * the place and number of the orders it gave, and where in the pool its blocks stand. */
static const struct atc_engine *rest_of(const struct bench *bench, struct atc_engine *rest)
{
    memcpy(rest, &bench->m, sizeof *rest);
    memset(&rest->line, 0, sizeof rest->line);
    memset(&rest->run, 0, sizeof rest->run);
    memset(&rest->out_queue, 0, sizeof rest->out_queue);
    memset(rest->out_memory, 0, sizeof rest->out_memory);
    memset(rest->order, 0, sizeof rest->order);
    rest->order_head = 0;
    rest->command_order = 0;
    rest->uploads = false;        /* whether what is typed next may be content */
    rest->transfer.ended = false; /* of the last payload */
    memset(&rest->pool, 0, sizeof rest->pool);
    rest->ip_error = 0; /* AT+QIGETERROR tells of what was refused */
    return rest;
}

static bool same_blocks(void)
{
    static struct atc_engine before, now;

    memcpy(&before, &start->m, sizeof before);
    memcpy(&now, &b.m, sizeof now);
    for (uint8_t block = 1; block <= ATC_BLOCK_MAX && block != 0; block++) {
        const bool used = before.pool.offset[block] != 0;

        if (used != (now.pool.offset[block] != 0))
            return false;
        if (used &&
            !atc_span_equal(atc_pool_span(&before.pool, block), atc_pool_span(&now.pool, block)))
            return false;
    }
    return true;
}

static bool is_unchanged(void)
{
    static struct atc_engine before, now;

    return same_blocks() && memcmp(rest_of(start, &before), rest_of(&b, &now), sizeof now) == 0;
}

/* --- lines ------------------------------------------------------------------------------------ */

static char line[LINE_MAX];
static unsigned cases;

static void type_line(void)
{
    cases++;
    go_back();
    (void)bench_type(&b, line);
    (void)bench_type(&b, "\r");
}

/* Whether the line was accepted: OK, or data is asked for. */
static bool is_taken(const struct atc_command *row)
{
    if (strcmp(row->name, "CPIN") == 0) /* no PIN is asked for */
        return strcmp(b.te.text, "\r\n+CME ERROR: 3\r\n") == 0;
    if (strstr(b.te.text, "ERROR") != NULL)
        return false;
    if (row->forms & (ATC_FORM_BASIC | ATC_FORM_S_WRITE))
        return true; /* some of them change what results look like */
    if (row->body == ATC_BODY_CONNECT)
        return strcmp(b.te.text, "\r\nCONNECT\r\n") == 0;
    if (row->body != ATC_BODY_NONE)
        return strncmp(b.te.text, b.cfg.dialect->prompt, strlen(b.cfg.dialect->prompt)) == 0;
    return strstr(b.te.text, "\r\nOK\r\n") != NULL;
}

/* What the line changed of the values that survive a restart is there when the power was off. */
static void expect_kept(void)
{
    static struct bench again;
    static struct atc_engine before, now, later;

    memcpy(&before, &start->m, sizeof before);
    memcpy(&now, &b.m, sizeof now);
    if (memcmp(&before.kept, &now.kept, sizeof now.kept) == 0 &&
        before.pdp_defined == now.pdp_defined)
        return;
    bench_config(&again, b.cfg.dialect, 2);
    again.cfg.keep = true;
    again.store = b.store;
    bench_start(&again);
    bench_pump(&again);
    memcpy(&later, &again.m, sizeof later);
    EXPECT(memcmp(&now.kept, &later.kept, sizeof now.kept) == 0 &&
               now.pdp_defined == later.pdp_defined,
           "%s: other values after the power was off; kept was:\n%.*s", line, (int)b.store.kept_len,
           (const char *)b.store.kept);
}

static void expect_taken(const struct atc_command *row)
{
    type_line();
    EXPECT(is_taken(row), "%s: %s", line, b.te.text);
    expect_kept();
}

static void expect_answer(const char *answer)
{
    type_line();
    EXPECT(strcmp(b.te.text, answer) == 0, "%s: %s", line, b.te.text);
    EXPECT(b.orders.len == 0, "%s: an order went out", line);
    EXPECT(is_unchanged(), "%s: the modem has changed", line);
    (void)bench_said(&b);
    (void)bench_type(&b, "AT+CSQ\r");
    EXPECT(strstr(bench_said(&b), "\r\nOK\r\n") != NULL, "%s: the next command", line);
}

static void expect_refused(const struct atc_command *row)
{
    expect_answer(row->errors != ATC_ERRORS_CME ? "\r\nERROR\r\n" : "\r\n+CME ERROR: 50\r\n");
}

/* --- parameters of write commands ------------------------------------------------------------- */

static bool is_key(const struct atc_command *row, const char *key)
{
    return row->key == NULL ? key == NULL : key != NULL && strcmp(row->key, key) == 0;
}

static const struct good *good_of(const struct atc_dialect *dialect, const struct atc_command *row)
{
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        if (goods[i].dialect == dialect && strcmp(goods[i].name, row->name) == 0 &&
            is_key(row, goods[i].key))
            return &goods[i];
    }
    return NULL;
}

static bool bit(unsigned bits, unsigned n)
{
    return (bits >> n & 1u) != 0;
}

/* The good line with argument index as value, NULL: that and all behind it left out. */
static void compose(const struct good *good, unsigned index, const char *value)
{
    size_t len = (size_t)snprintf(line, sizeof line, "AT+%s=", good->name);

    for (unsigned i = 0; good->args[i] != NULL && (value != NULL || i != index); i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%s", i > 0 ? "," : "",
                                i == index ? value : good->args[i]);
}

static void refuse(const struct good *good, const struct atc_command *row, unsigned index,
                   const char *value)
{
    compose(good, index, value);
    expect_refused(row);
}

static void take(const struct good *good, const struct atc_command *row, unsigned index,
                 const char *value)
{
    compose(good, index, value);
    expect_taken(row);
}

static bool is_listed(const struct good *good, unsigned index, uint32_t number)
{
    char wanted[16], list[64];

    if (!bit(good->listed, index))
        return true;
    (void)snprintf(wanted, sizeof wanted, ",%u,", number);
    (void)snprintf(list, sizeof list, ",%s,", good->list);
    return strstr(list, wanted) != NULL;
}

static void try_number(const struct good *good, const struct atc_command *row, unsigned index,
                       uint32_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%u", number);
    if (is_listed(good, index, number))
        take(good, row, index, text);
    else
        refuse(good, row, index, text);
}

static void check_integer(const struct good *good, const struct atc_command *row, unsigned index)
{
    const struct atc_param *p = &row->params[index];
    char below[24], above[24], blank[24], zeros[24];
    const char *const never[] = {below, above, blank, "+1",         "-1",
                                 "0x1", "1.0", "1e0", "4294967296", "18446744073709551616",
                                 "x",   "%s%n"};

    (void)snprintf(below, sizeof below, "%lld", (long long)p->min - 1);
    (void)snprintf(above, sizeof above, "%lld", (long long)p->max + 1);
    (void)snprintf(blank, sizeof blank, "%u %u", p->min, p->min);
    (void)snprintf(zeros, sizeof zeros, "000%s", good->args[index]);
    for (size_t i = 0; i < COUNT_OF(never); i++)
        refuse(good, row, index, never[i]);
    take(good, row, index, zeros);
    if (bit(good->loose, index))
        return;
    try_number(good, row, index, p->min);
    try_number(good, row, index, p->max);
    for (uint32_t n = p->min; p->max - p->min < FEW && n <= p->max; n++)
        try_number(good, row, index, n);
}

/* A text of so many bytes, between quotes or not. */
static const char *letters(size_t len, char byte, bool quoted)
{
    static char text[LINE_MAX];

    text[0] = '"';
    memset(text + 1, byte, len);
    memcpy(text + 1 + len, "\"", 2);
    if (!quoted)
        text[1 + len] = '\0';
    return quoted ? text : text + 1;
}

/* Lengths of strings, and of hex in bytes. */
static void check_length(const struct good *good, const struct atc_command *row, unsigned index)
{
    const struct atc_param *p = &row->params[index];
    const bool hex = p->kind == ATC_KIND_HEX;
    const size_t unit = hex ? 2 : 1;
    const char byte = hex ? '0' : 'a';

    if (p->min > 0)
        refuse(good, row, index, letters((p->min - 1) * unit, byte, true));
    refuse(good, row, index, letters((p->max + 1) * unit, byte, true));
    if (hex) {
        refuse(good, row, index, letters(p->max * unit - 1, byte, true));
        refuse(good, row, index, letters(p->max * unit, 'g', true));
    }
    if (bit(good->loose, index))
        return;
    take(good, row, index, letters(p->min * unit, byte, true));
    take(good, row, index, letters(p->max * unit, byte, true));
}

static void check_key(const struct good *good, const struct atc_command *row)
{
    static const char *const unknown[] = {"\"\"", "\"x\"", "\"0\""};
    char longer[64];

    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        compose(good, 0, unknown[i]);
        expect_answer("\r\nERROR\r\n");
    }
    (void)snprintf(longer, sizeof longer, "\"%sx\"", row->key);
    compose(good, 0, longer);
    expect_answer("\r\nERROR\r\n");
}

/* The good value with its quotes taken off, or put around it. */
static void check_quotes(const struct good *good, const struct atc_command *row, unsigned index)
{
    const uint8_t kind = row->params[index].kind;
    const char *value = good->args[index];
    const bool quoted = value[0] == '"';
    const size_t len = strlen(value) - (quoted ? 2u : 0u);
    char other[LINE_MAX];
    bool may;

    (void)snprintf(other, sizeof other, quoted ? "%.*s" : "\"%.*s\"", (int)len,
                   value + (quoted ? 1 : 0));
    if (kind == ATC_KIND_INTEGER || kind == ATC_KIND_STRING || kind == ATC_KIND_KEY)
        may = false;
    else
        may = !bit(good->bare, index) || quoted;
    if (may)
        take(good, row, index, other);
    else
        refuse(good, row, index, other);
    if (quoted) { /* not closed, and something around it */
        (void)snprintf(other, sizeof other, "%.*s", (int)len + 1, value);
        refuse(good, row, index, other);
        (void)snprintf(other, sizeof other, "%sx", value);
        refuse(good, row, index, other);
    }
}

/* Left out, and an empty place. */
static void check_absence(const struct good *good, const struct atc_command *row, unsigned index)
{
    const bool optional = (row->params[index].flags & ATC_OPTIONAL) != 0;
    const bool last = good->args[index + 1] == NULL;

    if (index == 0) {
        compose(good, 0, NULL);
        expect_refused(row);
        return;
    }
    if (optional && !bit(good->needs, index))
        take(good, row, index, NULL);
    else
        refuse(good, row, index, NULL);
    if (optional && !last && !bit(good->gap, index))
        take(good, row, index, "");
    else
        refuse(good, row, index, "");
}

static void check_param(const struct good *good, const struct atc_command *row, unsigned index)
{
    switch ((enum atc_kind)row->params[index].kind) {
    case ATC_KIND_INTEGER:
        check_integer(good, row, index);
        break;
    case ATC_KIND_STRING:
    case ATC_KIND_WORD:
    case ATC_KIND_HEX:
        check_length(good, row, index);
        break;
    case ATC_KIND_KEY:
        check_key(good, row);
        break;
    case ATC_KIND_VALUE:
        break; /* values.c */
    }
    check_quotes(good, row, index);
    check_absence(good, row, index);
}

/* Blanks around every argument, name and key in small letters: the same line (D-06, D-10). */
static void check_spelling(const struct good *good, const struct atc_command *row)
{
    size_t len = (size_t)snprintf(line, sizeof line, "AT+%s=", good->name);
    char *key;

    for (unsigned i = 0; good->args[i] != NULL; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s %s ", i > 0 ? "," : "",
                                good->args[i]);
    expect_taken(row);
    compose(good, 0, good->args[0]);
    key = row->key != NULL ? strchr(line, '"') : NULL;
    for (char *c = line; *c != '\0' && *c != (key != NULL ? ',' : '='); c++)
        *c = (char)tolower((unsigned char)*c);
    expect_taken(row);
}

/* What a refusal reads like for every value of AT+CMEE (D-15). */
static void check_words(const struct good *good, const struct atc_command *row)
{
    static const char *const cme[] = {"ERROR", "+CME ERROR: 50",
                                      "+CME ERROR: incorrect parameters"};
    const bool plain = row->errors == ATC_ERRORS_PLAIN;

    for (unsigned cmee = 0; cmee <= good->dialect->cmee_max; cmee++) {
        char answer[64];

        go_back();
        (void)snprintf(line, sizeof line, "AT+CMEE=%u\r", cmee);
        (void)bench_type(&b, line);
        (void)bench_said(&b);
        compose(good, 0, "");
        (void)bench_type(&b, line);
        (void)bench_type(&b, "\r");
        (void)snprintf(answer, sizeof answer, "\r\n%s\r\n", cme[plain ? 0 : cmee]);
        EXPECT(strcmp(b.te.text, answer) == 0, "%s, AT+CMEE=%u: %s", line, cmee, b.te.text);
    }
}

static size_t index_of(const struct atc_dialect *d, const struct atc_command *row)
{
    size_t index = 0;

    while (atc_dialect_row(d, index) != row)
        index++;
    return index;
}

static void check_good(const struct good *good, const struct atc_command *row)
{
    unsigned count = 0;

    while (good->args[count] != NULL)
        count++;
    EXPECT(count == row->param_count, "AT+%s: the line in test/property/bounds.c has %u arguments",
           row->name, count);
    take(good, row, count, "");
    for (unsigned i = 0; i < count; i++) {
        cases = 0;
        check_param(good, row, i);
        seen("parameter %s %zu %u %u", good->dialect->name, index_of(good->dialect, row), i, cases);
    }
    check_spelling(good, row);
    check_words(good, row);
    compose(good, count, "");
    (void)strcat(line, ",");
    expect_refused(row);
    (void)strcat(line, "1");
    expect_refused(row);
}

/* ATE, ATE0, ATS3=13 and the like. */
static void check_basic(const struct atc_dialect *d, const struct atc_command *row)
{
    const char *sign = row->forms & ATC_FORM_S_WRITE ? "=" : "";
    const bool optional = row->param_count == 0 || (row->params[0].flags & ATC_OPTIONAL) != 0;

    cases = 0;
    (void)snprintf(line, sizeof line, "AT%s%s", row->name, sign);
    if (optional)
        expect_taken(row);
    else
        expect_refused(row);
    for (uint32_t n = 0; row->param_count > 0 && n <= row->params[0].max + 1; n++) {
        (void)snprintf(line, sizeof line, "AT%s%s%u", row->name, sign, n);
        if (n >= row->params[0].min && n <= row->params[0].max)
            expect_taken(row);
        else
            expect_refused(row);
    }
    if (row->param_count > 0)
        seen("parameter %s %zu 0 %u", d->name, index_of(d, row), cases);
}

static void check_row(const struct atc_dialect *d, const struct atc_command *row)
{
    const struct good *good = good_of(d, row);

    start = start_of(d, row->name);
    if (row->forms & (ATC_FORM_BASIC | ATC_FORM_S_WRITE)) {
        check_basic(d, row);
        return;
    }
    if ((row->forms & ATC_FORM_WRITE) == 0)
        return;
    EXPECT(good != NULL,
           "%s: AT+%s%s%s has no entry in test/property/bounds.c: add one valid line to goods[]",
           d->name, row->name, row->key != NULL ? "=" : "", row->key != NULL ? row->key : "");
    check_good(good, row);
}

static void check_every_parameter(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t d = 0; d < COUNT_OF(dialects); d++) {
        const struct atc_command *row;

        for (size_t i = 0; (row = atc_dialect_row(dialects[d], i)) != NULL; i++)
            check_row(dialects[d], row);
    }
}

/* An entry whose row is gone. */
static void check_every_entry_has_a_row(uint64_t seed)
{
    (void)seed;
    for (size_t k = 0; k < COUNT_OF(goods); k++) {
        const struct atc_command *row;
        bool found = false;

        for (size_t i = 0; (row = atc_dialect_row(goods[k].dialect, i)) != NULL; i++)
            found = found || good_of(goods[k].dialect, row) == &goods[k];
        EXPECT(found, "%s: goods[] has AT+%s, the tables do not", goods[k].dialect->name,
               goods[k].name);
    }
}

/* --- loose parameters of base commands -------------------------------------------------------- */

/* What a loose argument may be with the others as in goods[], and what not: one behind the other,
 * a bar between. Those of the CoAP commands are tried in values.c. */
struct choice {
    const struct atc_dialect *dialect;
    const char *name, *key;
    unsigned arg;
    const char *good, *bad;
};

/* clang-format off */
static const struct choice choices[] = {
    {&atc_dialect_bc95, "COPS", NULL, 2, "\"26201\"|\"00101\"|\"310410\"", "\"2620\"|\"3104101\"|\"abcde\"|\"\""},
    {&atc_dialect_bc95, "CGDCONT", NULL, 1, "\"IP\"|\"NONIP\"", "\"X\"|\"\"|\"IPV4\"|IP "},
    {&atc_dialect_bc95, "NUESTATS", NULL, 0, "RADIO|CELL|BLER|THP|APPSMEM|ALL", "X|\"\"|RADIOS|0"},
    {&atc_dialect_bc95, "NBAND", NULL, 0, "1|3|5|8|20|28", "0|2|255|256|x"},
    {&atc_dialect_bc95, "NCONFIG", NULL, 1, "TRUE|FALSE", "X|0|1|TRUEE"},
    {&atc_dialect_bc95, "CPSMS", NULL, 4, "00000000|11111111", "0000000|000000000|0000000a|00000002"},
    {&atc_dialect_bc95, "CEDRXS", NULL, 2, "\"0000\"|\"0010\"|\"1111\"", "\"000\"|\"00000\"|\"2222\"|\"000a\""},
    {&atc_dialect_bc95, "CCLK", NULL, 0, "\"00/01/01,00:00:00\"|\"24/02/29,23:59:59\"|\"26/11/21,08:00:00+32\"",
     "\"26/13/01,00:00:00\"|\"26/00/01,00:00:00\"|\"26/02/29,00:00:00\"|\"26/01/01,24:00:00\"|\"26/01/01,00:60:00\"|\"26/01/01\"|\"\""},

    {&atc_dialect_bg96, "QURCCFG", "urcport", 1, "\"uart1\"|\"usbat\"|\"usbmodem\"", "\"uart9\"|\"\"|uart"},
    {&atc_dialect_bg96, "CCLK", NULL, 0, "\"00/01/01,00:00:00+00\"|\"24/02/29,23:59:59-48\"",
     "\"26/13/01,00:00:00+00\"|\"26/02/29,00:00:00+00\"|\"26/01/01,24:00:00+00\"|\"26/01/01,00:00:60+00\"|\"x\""},
    {&atc_dialect_bg96, "CGDCONT", NULL, 1, "\"IP\"|\"IPV6\"|\"IPV4V6\"", "\"X\"|\"\"|\"IPV4\""},
    {&atc_dialect_bg96, "CPSMS", NULL, 3, "\"00000000\"|\"11111111\"", "\"0000000\"|\"000000000\"|\"0000000a\""},
    {&atc_dialect_bg96, "CPSMS", NULL, 4, "\"00000000\"|\"11111111\"", "\"0000000\"|\"000000000\"|\"0000000a\""},
    {&atc_dialect_bg96, "CEDRXS", NULL, 2, "\"0000\"|\"1111\"", "\"000\"|\"00000\"|\"2222\""},
    {&atc_dialect_bg96, "QCFG", "nwscanseq", 1, "00|01|02|03|0203|020301", "04|0|02030102|x"},
    {&atc_dialect_bg96, "QFOPEN", NULL, 0, "\"a\"|\"b\"|\"UFS:a\"", "\"a/b\"|\".a\"|\"UFS:\""},
    {&atc_dialect_bg96, "QFDEL", NULL, 0, "\"a\"|\"UFS:a\"", "\"b\"|\"a/b\"|\"UFS:\""},
    {&atc_dialect_bg96, "QFDWL", NULL, 0, "\"a\"|\"UFS:a\"", "\"b\"|\"*\"|\".\""},
    {&atc_dialect_bg96, "QFREAD", NULL, 0, "3000", "0|1|2999|3001"},
    {&atc_dialect_bg96, "QFCLOSE", NULL, 0, "3000", "0|1|2999|3001"},
};
/* clang-format on */

static const struct atc_command *row_of(const struct choice *choice)
{
    const struct atc_command *row;

    for (size_t i = 0; (row = atc_dialect_row(choice->dialect, i)) != NULL; i++) {
        if (strcmp(row->name, choice->name) == 0 && is_key(row, choice->key))
            break;
    }
    EXPECT(row != NULL && good_of(choice->dialect, row) != NULL, "AT+%s", choice->name);
    return row;
}

/* Each of the values, which shall be taken, or refused with any error and no change. */
static void try_choices(const struct choice *choice, const char *values, bool good)
{
    const struct atc_command *row = row_of(choice);

    start = start_of(choice->dialect, choice->name);
    while (*values != '\0') {
        const size_t len = strcspn(values, "|");
        char value[64];

        (void)snprintf(value, sizeof value, "%.*s", (int)len, values);
        compose(good_of(choice->dialect, row), choice->arg, value);
        type_line();
        EXPECT(is_taken(row) == good, "%s: %s", line, b.te.text);
        if (!good)
            EXPECT(is_unchanged(), "%s: the modem has changed", line);
        values += len + (values[len] == '|');
    }
}

static void check_choices(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        try_choices(&choices[i], choices[i].good, true);
        try_choices(&choices[i], choices[i].bad, false);
    }
}

/* --- refusals for other reasons --------------------------------------------------------------- */

/* Modems in which much cannot be done: what is typed before the good lines. */
static const struct trouble {
    const struct atc_dialect *dialect;
    const char *name, *typed;
} troubles[] = {
    {&atc_dialect_bc95, "no context", ""},
    {&atc_dialect_bc95, "a context", "AT+QCOAPCREATE=1\r"},
    {&atc_dialect_bc95, "detached", "AT+CGATT=0\r"},
    {&atc_dialect_bc95, "detached with a context", "AT+QCOAPCREATE=1\rAT+CGATT=0\r"},
    {&atc_dialect_bc95, "radio off", "AT+CFUN=0\r"},
    {&atc_dialect_bc95, "a CON outstanding",
     "AT+QCOAPCREATE=1\rAT+QCOAPSEND=0,1,192.0.2.1,1\r\x1A"},
    {&atc_dialect_bg96, "no client open", ""},
    {&atc_dialect_bg96, "detached", "AT+CGATT=0\r"},
    {&atc_dialect_bg96, "radio off", "AT+CFUN=0\r"},
    {&atc_dialect_bg96, "a client open", "AT+QCOAPOPEN=0,\"192.0.2.1\",1\r"},
    {&atc_dialect_bg96, "a client lost", "AT+QCOAPOPEN=0,\"192.0.2.1\",1\rAT+CGATT=0\r"},
    {&atc_dialect_bg96, "a CON outstanding",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",1\rAT+QCOAPSEND=0,0,1,0,0\r"},
};

static void check_trouble(const struct trouble *trouble, unsigned *refusals)
{
    static struct bench troubled;

    new_bench(&troubled, trouble->dialect);
    (void)bench_type(&troubled, "AT+CMEE=1\r");
    (void)bench_type(&troubled, trouble->typed);
    EXPECT(strstr(bench_said(&troubled), "ERROR") == NULL, "%s", trouble->name);
    start = &troubled;
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        if (goods[i].dialect != trouble->dialect)
            continue;
        compose(&goods[i], ARGS_MAX, "");
        type_line();
        if (strstr(b.te.text, "ERROR") == NULL)
            continue;
        ++*refusals;
        EXPECT(is_unchanged(), "%s, %s: %s, and the modem has changed", trouble->name, line,
               b.te.text);
    }
}

/* A good line that cannot be carried out now changes as little as a bad one. */
static void check_every_trouble(uint64_t seed)
{
    unsigned refusals = 0;

    (void)seed;
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        check_trouble(&troubles[i], &refusals);
    EXPECT(refusals > COUNT_OF(troubles), "%u lines were refused", refusals);
}

/* --- forms ------------------------------------------------------------------------------------ */

/* All forms that rows of a name have. The test form is there for each (D-11). */
static unsigned forms_of(const struct atc_dialect *d, const char *name)
{
    const struct atc_command *row;
    unsigned forms = ATC_FORM_TEST;

    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++)
        forms |= strcmp(row->name, name) == 0 ? row->forms : 0u;
    return forms;
}

static bool is_first_of_name(const struct atc_dialect *d, const struct atc_command *row)
{
    const struct atc_command *other = NULL;

    for (size_t i = 0; (other = atc_dialect_row(d, i)) != NULL; i++) {
        if (strcmp(other->name, row->name) == 0)
            break;
    }
    return other == row;
}

/* Those that end without OK: the module restarts. */
static bool is_silent(const char *name)
{
    return strcmp(name, "NRB") == 0;
}

static void check_form(const struct atc_dialect *d, const struct atc_command *row, const char *sign,
                       enum atc_form form)
{
    (void)snprintf(line, sizeof line, "AT+%s%s", row->name, sign);
    if ((forms_of(d, row->name) & form) == 0) {
        expect_answer("\r\nERROR\r\n");
        return;
    }
    type_line();
    EXPECT(strstr(b.te.text, "ERROR\r\n") == NULL, "%s %s: %s", d->name, line, b.te.text);
    EXPECT((strstr(b.te.text, "\r\nOK\r\n") != NULL) != (is_silent(row->name) && *sign == '\0'),
           "%s %s: %s", d->name, line, b.te.text);
    if (form == ATC_FORM_TEST || form == ATC_FORM_READ)
        EXPECT(is_unchanged(), "%s %s: the modem has changed", d->name, line);
}

/* What the test form says: the ranges of every row of the name, in their order, or just OK. */
static void check_test_reply(const struct atc_dialect *d, const struct atc_command *row)
{
    const struct atc_command *other;
    const char *at = b.te.text;

    if (row->tests) {
        EXPECT(strncmp(at, "\r\n+", 3) == 0 && strncmp(at + 3, row->name, strlen(row->name)) == 0,
               "%s: %s", line, at);
        return;
    }
    for (size_t i = 0; (other = atc_dialect_row(d, i)) != NULL; i++) {
        if (strcmp(other->name, row->name) != 0 || other->test_reply == NULL)
            continue;
        at = strstr(at, other->test_reply);
        EXPECT(at != NULL, "%s: %s is missing in %s", line, other->test_reply, b.te.text);
    }
    if (at == b.te.text)
        EXPECT(strcmp(at, "\r\nOK\r\n") == 0, "%s: %s", line, at);
}

/* A write form where there is none, and more behind the signs of the others. */
static void check_no_form(const struct atc_dialect *d, const struct atc_command *row)
{
    const bool writes = (forms_of(d, row->name) & ATC_FORM_WRITE) != 0;

    (void)snprintf(line, sizeof line, "AT+%s?x", row->name);
    expect_answer("\r\nERROR\r\n");
    (void)snprintf(line, sizeof line, "AT+%s=?x", row->name);
    type_line();
    EXPECT(strstr(b.te.text, "ERROR") != NULL, "%s: %s", line, b.te.text);
    EXPECT(is_unchanged(), "%s: the modem has changed", line);
    if (writes)
        return;
    (void)snprintf(line, sizeof line, "AT+%s=1", row->name);
    expect_answer("\r\nERROR\r\n");
    (void)snprintf(line, sizeof line, "AT+%s=", row->name);
    expect_answer("\r\nERROR\r\n");
}

static void check_forms(const struct atc_dialect *d, const struct atc_command *row)
{
    start = start_of(d, row->name);
    check_form(d, row, "=?", ATC_FORM_TEST);
    check_test_reply(d, row);
    check_form(d, row, "?", ATC_FORM_READ);
    check_form(d, row, "", ATC_FORM_EXECUTE);
    check_no_form(d, row);
}

static void check_every_form(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t d = 0; d < COUNT_OF(dialects); d++) {
        const struct atc_command *row;

        for (size_t i = 0; (row = atc_dialect_row(dialects[d], i)) != NULL; i++) {
            if ((row->forms & (ATC_FORM_BASIC | ATC_FORM_S_READ)) == 0 &&
                is_first_of_name(dialects[d], row))
                check_forms(dialects[d], row);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every parameter of every command", check_every_parameter, 1},
        {"every entry has a row", check_every_entry_has_a_row, 1},
        {"values that only some lines take", check_choices, 1},
        {"good lines at the wrong time", check_every_trouble, 1},
        {"every form of every command", check_every_form, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
