/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <stdio.h>
#include <string.h>

/* --- the grammar ------------------------------------------------------------------------------ */

/* In a template: %n a number of any kind, %c a client, %t 0-3, %b 0 or 1, %k code, %m bitmask,
 * %h hex digits, %q a quoted string, %o an option's number and value, %O a whole option list, %l a
 * length and a string that agree, %a an address, %p a port, %s a slot, %f a file name. */
static const char *const bc95_templates[] = {
    "+QCOAPCREATE=%p",
    "+QCOAPCREATE=56830",
    "+QCOAPCREATE=56830",
    "+QCOAPCREATE=?",
    "+QCOAPDEL",
    "+QCOAPADDRES=%l",
    "+QCOAPADDRES=%n,%q",
    "+QCOAPHEAD=1",
    "+QCOAPHEAD=2,%n,%h",
    "+QCOAPHEAD=2,4,01020304",
    "+QCOAPHEAD=3,%n",
    "+QCOAPHEAD=4,%n",
    "+QCOAPHEAD=5,%n,%n,%h",
    "+QCOAPHEAD=5,77,2,abCD",
    "+QCOAPOPTION=%O",
    "+QCOAPOPTION=1,%o",
    "+QCOAPOPTION=2,%o,%o",
    "+QCOAPOPTION=%n,%o",
    "+QCOAPSEND=%t,%k,%a,%p",
    "+QCOAPSEND=0,1,192.0.2.1,5683",
    "+QCOAPSEND=1,2,192.0.2.1,5683",
    "+QCOAPSEND=2,205,192.0.2.1,5683",
    "+QCOAPSEND=1,205,192.0.2.1,5683",
    "+QCOAPSEND=0,205,192.0.2.1,5683",
    "+QCOAPSEND=%t,0,192.0.2.1,5683",
    "+QCOAPHEAD=5,258,2,0102",
    "+QCOAPHEAD=5,259,2,0102",
    "+QCOAPHEAD=3,260",
    "+QCOAPOPTION=1,6,\"%b\"",
    "+QCOAPDATASTATUS?",
    "+QCOAPCFG=\"Showra\",%b",
    "+QCOAPCFG=\"Showrspopt\",%b",
    "+QCOAPCFG=\"showra\"",
    "+QCOAPCFG=%q",
    "+QCOAPCFG?",
    "+CFUN=%b",
    "+NRB",
    "+CGSN=1",
};

static const char *const bg96_templates[] = {
    "+QCOAPCFG=\"pdpcid\",%c,%n",
    "+QCOAPCFG=\"pdpctxid\",%c",
    "+QCOAPCFG=\"dtls\",%c,%b,%n",
    "+QCOAPCFG=\"dtls\",%c,%b",
    "+QCOAPCFG=\"trans\",%c,%n,%n",
    "+QCOAPCFG=\"trans\",%c,2,4",
    "+QCOAPCFG=\"trans\",%c",
    "+QCOAPCFG=%q",
    "+QCOAPOPEN=%c,%q,%p",
    "+QCOAPOPEN=%c,\"192.0.2.1\",5683",
    "+QCOAPOPEN=0,\"192.0.2.1\",5683",
    "+QCOAPOPEN=0,\"192.0.2.1\",5683",
    "+QCOAPOPEN=1,\"example.com\",5684",
    "+QCOAPOPEN?",
    "+QCOAPCLOSE=%c",
    "+QCOAPHEADER=%c,%n,%b",
    "+QCOAPHEADER=%c,%n,0,%n,%h",
    "+QCOAPHEADER=0,77,0,2,abCD",
    "+QCOAPOPTION=%c,0,%s,%o",
    "+QCOAPOPTION=0,0,%s,%o",
    "+QCOAPOPTION=0,1,%s",
    "+QCOAPOPTION=%c,%b,%s",
    "+QCOAPSEND=%c,%t,%k,%m",
    "+QCOAPSEND=%c,%t,%k,%m,%n",
    "+QCOAPSEND=0,0,1,255,0",
    "+QCOAPSEND=0,0,2,%m,5",
    "+QCOAPSEND=0,1,2,%m",
    "+QCOAPSEND=0,2,69,%m,0",
    "+QCOAPSEND=0,1,69,%m,0",
    "+QCOAPSEND=0,0,69,%m,0",
    "+QCOAPSEND=0,3,0,0,0",
    "+QCOAPSEND=0,2,0,0,0",
    "+QCOAPHEADER=0,258,0,2,0102",
    "+QCOAPHEADER=0,259,0,2,0102",
    "+QCOAPHEADER=0,260,0",
    "+QCOAPOPTION=0,0,7,6,%b",
    "+QSSLCFG=\"dtlsversion\",%c,%n",
    "+QSSLCFG=\"negotiatetime\",%c,%n",
    "+QFUPL=%f,%n",
    "+QFUPL=%f,5,1",
    "+QFDWL=%f",
    "+QFOPEN=%f",
    "+QFOPEN=\"a\",%n",
    "+QFOPEN?",
    "+QFWRITE=3000,%n",
    "+QFWRITE=3000,5",
    "+QFREAD=3000",
    "+QFREAD=3000,%n",
    "+QFSEEK=3000,%n,%b",
    "+QFTUCAT=3000",
    "+QFCLOSE=3000",
    "+QIACT=%n",
    "+QPING=1,%q",
    "+QPING=1,\"192.0.2.1\",%n,%n",
    "+QIDNSGIP=1,%q",
    "+QIDEACT=%n",
    "+CGDCONT=%n,\"IP\",%q",
    "+QCFG=\"band\",%h,%h,%h",
    "+COPS=%n",
    "+QFLST",
    "+QFDEL=%f",
    "+QFLDS=\"UFS\"",
    "+CFUN=%n",
    "+CFUN=1,1",
};

static const char *const common_templates[] = {
    "",
    "E0",
    "I",
    "+CGATT?",
    "+CGATT=%b",
    "+CSQ",
    "+CMEE=%n",
    "+CMEE?",
    "+CEREG=%n",
    "+CEREG?",
    "+CIMI",
    "+CGMM;+CSQ",
    "+CMEE=1;E0",
    ";;",
    "+NOTHING",
    "+QCOAPSEND=?",
    "+QCOAPOPTION=?",
    "+QCOAPHEAD?",
    "+CSQ;+X;+CSQ",
    "+CMEE=\"1\"",
    "+CGATT=1",
};

struct writer {
    uint8_t *buf;
    size_t len, max;
    struct rng *rng;
};

static void put(struct writer *w, const char *text)
{
    const size_t len = strlen(text);

    if (len <= w->max - w->len) {
        memcpy(w->buf + w->len, text, len);
        w->len += len;
    }
}

static void put_number(struct writer *w, unsigned long number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%lu", number);
    put(w, text);
}

static void put_any_number(struct writer *w)
{
    static const char *const numbers[] = {"0",   "1",    "2",     "3",     "4",          "5",
                                          "8",   "16",   "60",    "61",    "69",         "255",
                                          "256", "1024", "65535", "65536", "4294967296", "",
                                          "-1",  "007",  "\"1\"", "1 1",   "0x1",        "12345"};

    put(w, numbers[rng_below(w->rng, sizeof numbers / sizeof numbers[0])]);
}

static void put_digits(struct writer *w, const char *digits, unsigned max)
{
    for (unsigned n = rng_below(w->rng, max + 1); n > 0; n--) {
        const char digit[2] = {digits[rng_below(w->rng, (unsigned)strlen(digits))], '\0'};

        put(w, digit);
    }
}

static void put_string(struct writer *w)
{
    put(w, "\"");
    put_digits(w, "abcdefghijklmnopqrstuvwxyz0123456789/.,;= -_", 60);
    put(w, rng_once_in(w->rng, 20) ? "\\0D\\0AOK" : "");
    put(w, rng_once_in(w->rng, 40) ? "" : "\"");
}

/* Several of these and a payload make more than a message holds. */
static void put_long_option(struct writer *w)
{
    put(w, "15,\"");
    for (unsigned i = 0; i < 170; i++)
        put(w, "q");
    put(w, "\"");
}

static void put_option(struct writer *w)
{
    static const char *const options[] = {
        "11,\"a/b\"", "11,\"/x\"",   "11,\"\"",    "11,\"..\"",    "15,\"k=v\"", "12,\"0\"",
        "12,40",      "12,\"50\"",   "12,65535",   "6,\"0\"",      "6,1",        "1,\"0102\"",
        "4,\"ab\"",   "4,abc",       "3,\"host\"", "5,\"\"",       "7,5683",     "7,65536",
        "14,\"60\"",  "17,\"41\"",   "23,6",       "27,\"16\"",    "28,1000",    "35,\"coap://x/\"",
        "60,99",      "2049,\"00\"", "0,1",        "15,\"a;b,c\"",
    };

    if (rng_once_in(w->rng, 8)) {
        put_number(w, rng_below(w->rng, 70));
        put(w, ",");
        put_string(w);
    } else if (rng_once_in(w->rng, 5)) {
        put_long_option(w);
    } else {
        put(w, options[rng_below(w->rng, sizeof options / sizeof options[0])]);
    }
}

static void put_option_list(struct writer *w)
{
    const unsigned count = 1 + rng_below(w->rng, 13);

    put_number(w, rng_once_in(w->rng, 10) ? count + 1 : count);
    for (unsigned i = 0; i < count; i++) {
        put(w, ",");
        put_option(w);
    }
}

static void put_resource(struct writer *w)
{
    static const char *const resources[] = {"4,\"/t/d\"",   "3,\"t/d\"",  "1,\"/\"",
                                            "6,\"/4/0/2\"", "5,\"/t/d\"", "4,\"/x/y\""};

    put(w, resources[rng_below(w->rng, 6)]);
}

static void put_address(struct writer *w)
{
    static const char *const addresses[] = {
        "192.0.2.1", "192.0.2.1",     "192.0.2.7",   "2001:db8::1",  "0.0.0.0",
        "256.1.1.1", "\"192.0.2.1\"", "224.0.1.187", "name.example", ""};

    put(w, addresses[rng_below(w->rng, 10)]);
}

static void put_file(struct writer *w)
{
    static const char *const files[] = {
        "\"UFS:0_server.psk\"", "\"a\"", "\"b.txt\"", "\"../x\"", "\"*\"", "\"\""};

    put(w, files[rng_below(w->rng, 6)]);
}

static void put_code(struct writer *w)
{
    static const unsigned codes[] = {0,  1,   2,   3,   4,   5,   31,  65,
                                     69, 132, 165, 166, 201, 205, 404, 505};

    put_number(w, codes[rng_below(w->rng, 16)]);
}

static void put_directive(struct writer *w, char what)
{
    switch (what) {
    case 'n':
        put_any_number(w);
        break;
    case 'c':
        put_number(w, rng_once_in(w->rng, 3) ? rng_below(w->rng, 7) : rng_below(w->rng, 2));
        break;
    case 't':
        put_number(w, rng_below(w->rng, rng_once_in(w->rng, 8) ? 5 : 3));
        break;
    case 'b':
        put_number(w, rng_below(w->rng, rng_once_in(w->rng, 8) ? 3 : 2));
        break;
    case 's':
        put_number(w, rng_below(w->rng, 9));
        break;
    case 'm':
        put_number(w, rng_below(w->rng, 257));
        break;
    case 'k':
        put_code(w);
        break;
    case 'p':
        put(w, rng_once_in(w->rng, 3) ? "5684" : "5683");
        break;
    case 'h':
        put_digits(w, "0123456789abcdefABCDEFg", 16);
        break;
    case 'q':
        put_string(w);
        break;
    case 'o':
        put_option(w);
        break;
    case 'O':
        put_option_list(w);
        break;
    case 'l':
        put_resource(w);
        break;
    case 'a':
        put_address(w);
        break;
    case 'f':
        put_file(w);
        break;
    default:
        break;
    }
}

static void fill_in(struct writer *w, const char *template)
{
    for (; *template != '\0'; template ++) {
        const char text[2] = {*template, '\0'};

        if (*template == '%')
            put_directive(w, *++template);
        else
            put(w, text);
    }
}

/* --- payloads --------------------------------------------------------------------------------- */

static void put_payload(struct writer *w)
{
    static const unsigned lengths[] = {0, 1, 5, 20, 300, 1023, 1024, 1025, 2047, 2048, 2050};
    const unsigned len = lengths[rng_below(w->rng, rng_once_in(w->rng, 4) ? 11 : 4)];
    const bool hex = rng_once_in(w->rng, 2);

    for (unsigned i = 0; i < len && w->len < w->max; i++)
        w->buf[w->len++] = hex ? (uint8_t) "0123456789abcdef"[rng_below(w->rng, 16)]
                               : (uint8_t)(' ' + rng_below(w->rng, 95));
    put(w, rng_once_in(w->rng, 8) ? "\x1B" : "\x1A");
}

/* --- noise ------------------------------------------------------------------------------------ */

static uint8_t noise(struct rng *rng)
{
    uint8_t byte = (uint8_t)rng_next(rng);

    while (byte == '\r' || byte == '\n')
        byte = (uint8_t)rng_next(rng);
    return byte;
}

static void spoil(struct host_turn *turn, struct rng *rng)
{
    for (unsigned n = rng_below(rng, 4); n > 0 && turn->line_len < HOST_TURN_MAX; n--) {
        const size_t at = rng_below(rng, (unsigned)turn->line_len + 1);

        if (rng_once_in(rng, 2)) {
            memmove(turn->line + at + 1, turn->line + at, turn->line_len - at);
            turn->line[at] = noise(rng);
            turn->line_len++;
        } else if (at < turn->line_len && rng_once_in(rng, 2)) {
            turn->line[at] = noise(rng);
        } else if (at < turn->line_len) {
            turn->line_len--;
            memmove(turn->line + at, turn->line + at + 1, turn->line_len - at);
        }
    }
}

static void long_line(struct writer *w)
{
    const unsigned len = ATC_LINE_MAX - 4 + rng_below(w->rng, 8);

    put(w, "AT+QCOAPCFG=\"");
    while (w->len < len && w->len < w->max)
        w->buf[w->len++] = 'x';
}

void host_turn(struct host_turn *turn, struct rng *rng, const struct atc_dialect *dialect,
               enum host_style style)
{
    struct writer line = {turn->line, 0, HOST_TURN_MAX - 8, rng};
    struct writer payload = {turn->payload, 0, HOST_TURN_MAX - 8, rng};
    const bool bc95 = dialect == &atc_dialect_bc95;
    const char *const *own = bc95 ? bc95_templates : bg96_templates;
    const unsigned count = bc95 ? sizeof bc95_templates / sizeof bc95_templates[0]
                                : sizeof bg96_templates / sizeof bg96_templates[0];

    if (style == HOST_NOISY && rng_once_in(rng, 40))
        long_line(&line);
    else
        put(&line, rng_once_in(rng, 4) ? "at" : "AT");
    if (rng_once_in(rng, 4))
        fill_in(
            &line,
            common_templates[rng_below(rng, sizeof common_templates / sizeof common_templates[0])]);
    else
        fill_in(&line, own[rng_below(rng, count)]);
    turn->line_len = line.len;
    if (style == HOST_NOISY)
        spoil(turn, rng);
    put_payload(&payload);
    turn->payload_len = payload.len;
}

bool host_may_reframe(const uint8_t *line, size_t len)
{
    for (size_t i = 0; i < len && line[i] != '='; i++) {
        if (strchr("vqzs&/", line[i] | 32) != NULL || line[i] == '/' || line[i] == '&')
            return true;
    }
    return false;
}

/* --- what a line is --------------------------------------------------------------------------- */

/* Edit a line as a person would see it on a terminal, then look at its first two letters. */
bool host_is_command(const uint8_t *line, size_t len)
{
    uint8_t kept[HOST_TURN_MAX];
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        const uint8_t c = line[i];

        if (c == 0x1A || c == 0x1B)
            continue;
        if (c == 0x08 || c == 0x7F)
            count -= count > 0;
        else if (count > 0 || (c > ' ' && c < 0x80))
            kept[count++] = c;
    }
    return count >= 2 && (kept[0] | 32) == 'a' && (kept[1] | 32) == 't';
}
