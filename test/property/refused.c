/* SPDX-License-Identifier: MIT
 *
 * A command that is refused changes nothing. Two modems have the same past; one gets one more line,
 * and if that ends in an error both are asked and told the same things: they say and send the same.
 * The random numbers that the refused one may have drawn are the shell's, and are given back.
 */
#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "host.h"
#include "seeds.h"

enum { ROUNDS = 25 };

static struct bench plain, asked;
static struct host_turn turn;

static const char *const bc95_questions[] = {
    "AT+CMEE?",
    "AT+CEREG?",
    "AT+CGATT?",
    "AT+QCOAPDATASTATUS?",
    "AT+QCOAPCFG=\"Showra\"",
    "AT+QCOAPCFG=\"Showrspopt\"",
    "AT+QCOAPSEND=1,2,192.0.2.9,5683",
    "AT+QCOAPSEND=0,1,192.0.2.9,5683",
    "AT+QCOAPSEND=0,1,192.0.2.9,5683",
    "AT+QCOAPDATASTATUS?",
    "AT+QCOAPCREATE=56830",
    "AT+QCOAPSEND=1,2,192.0.2.9,5683",
    "AT+QCOAPDEL",
};

static const char *const bg96_questions[] = {
    "AT+CMEE?",
    "AT+CEREG?",
    "AT+CGATT?",
    "AT+QCOAPOPEN?",
    "AT+QCOAPCFG=\"pdpcid\",0",
    "AT+QCOAPCFG=\"pdpcid\",1",
    "AT+QCOAPCFG=\"dtls\",0",
    "AT+QCOAPCFG=\"dtls\",1",
    "AT+QCOAPCFG=\"trans\",0",
    "AT+QCOAPCFG=\"trans\",1",
    "AT+QSSLCFG=\"dtlsversion\",0",
    "AT+QSSLCFG=\"negotiatetime\",1",
    "AT+QCOAPSEND=0,1,2,255",
    "AT+QCOAPSEND=1,1,2,255",
    "AT+QCOAPSEND=0,0,2,255,0",
    "AT+QCOAPSEND=0,0,1,255",
    "AT+QFLST",
    "AT+QFDEL=\"*\"",
    "AT+QCOAPOPEN=1,\"192.0.2.1\",5683",
    "AT+QCOAPSEND=1,1,1,255",
    "AT+QCOAPCLOSE=0",
    "AT+QCOAPCLOSE=1",
};

/* Type a line and, at a prompt, a payload. */
static void type(struct bench *b, const void *line, size_t len, const void *payload,
                 size_t payload_len)
{
    const size_t from = b->te.len;

    (void)bench_write(b, line, len);
    (void)bench_type(b, "\r\n");
    if (strstr(b->te.text + from, b->cfg.dialect->prompt) == NULL)
        return;
    (void)bench_write(b, payload, payload_len);
    (void)bench_type(b, "\r\n");
}

static void question(struct bench *b)
{
    const bool bc95 = b->cfg.dialect == &atc_dialect_bc95;
    const char *const *questions = bc95 ? bc95_questions : bg96_questions;
    const size_t count = bc95 ? COUNT_OF(bc95_questions) : COUNT_OF(bg96_questions);

    /* Which resources there are shows in what becomes of a request. */
    bench_receive(b, "40010f01b1740164");
    bench_receive(b, "40010f02b134013001"
                     "32");
    for (size_t i = 0; i < count; i++) {
        type(b, questions[i], strlen(questions[i]), "0102\x1A", 5);
        bench_run(b, 100);
    }
    bench_run(b, 400000);
}

static bool was_refused(struct bench *b, size_t from)
{
    return strstr(b->te.text + from, "ERROR") != NULL &&
           strstr(b->te.text + from, "\r\nOK\r\n") == NULL;
}

static void try_one(struct rng *rng)
{
    host_turn(&turn, rng, plain.cfg.dialect, HOST_SANE);
    if (memchr(turn.line, ';', turn.line_len) != NULL)
        return; /* what stands before the error has been carried out */
    asked = plain;
    type(&asked, turn.line, turn.line_len, turn.payload, turn.payload_len);
    if (!was_refused(&asked, plain.te.len))
        return;
    asked.random = plain.random;
    asked.te = plain.te;
    asked.orders = plain.orders;
    {
        static struct bench behind;

        behind = plain;
        question(&behind);
        question(&asked);
        EXPECT(bench_same(&behind.te, plain.te.len, &asked.te, plain.te.len),
               "%.*s is refused and changes\n%s\nto\n%s", (int)turn.line_len,
               (const char *)turn.line, behind.te.text + plain.te.len,
               asked.te.text + plain.te.len);
        EXPECT(bench_same(&behind.orders, plain.orders.len, &asked.orders, plain.orders.len),
               "%.*s is refused and changes\n%s\nto\n%s", (int)turn.line_len,
               (const char *)turn.line, behind.orders.text + plain.orders.len,
               asked.orders.text + plain.orders.len);
    }
}

static void play(uint64_t seed, const struct atc_dialect *dialect)
{
    struct rng rng = {seed};

    bench_new(&plain, dialect, seed);
    plain.server_answers = seed % 2 == 0;
    type(&plain, "AT+QCOAPCREATE=56830", 20, "", 0);
    type(&plain, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683", 31, "", 0);
    for (unsigned i = 0; i < ROUNDS && !atc_is_off(&plain.m); i++) {
        for (unsigned k = 0; k < 3; k++)
            try_one(&rng);
        host_turn(&turn, &rng, dialect, HOST_SANE);
        type(&plain, turn.line, turn.line_len, turn.payload, turn.payload_len);
        bench_run(&plain, 2000);
    }
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a refused command changes nothing, BC95", check_bc95, 60},
        {"a refused command changes nothing, BG96", check_bg96, 60},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
