/* SPDX-License-Identifier: MIT
 *
 * The BG96: AT+QSSLCFG, what DTLS shall be like, for each of six contexts.
 */
#include "base.h"
#include "bg96.h"

/* Print "key",<context>: the start of a query's reply. */
static struct atc_out open_ssl_query(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QSSLCFG");

    atc_put_byte(&out, '"');
    atc_put_text(&out, call->row->key);
    atc_put_byte(&out, '"');
    atc_put_next(&out, call->args.arg[1].number);
    return out;
}

static struct atc_ssl *context_of(struct atc_engine *e, const struct atc_call *call)
{
    return &e->ssl[call->args.arg[1].number];
}

/* Query or set a value that fits a byte. */
static uint8_t configure_ssl(struct atc_engine *e, const struct atc_call *call, uint8_t *value)
{
    struct atc_out out;

    if (atc_given(call, 2)) {
        *value = (uint8_t)call->args.arg[2].number;
        return ATC_OK;
    }
    out = open_ssl_query(e, call);
    atc_put_next(&out, *value);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_ssl_dtls(struct atc_engine *e, const struct atc_call *call)
{
    return configure_ssl(e, call, &context_of(e, call)->dtls);
}

static uint8_t handle_ssl_version(struct atc_engine *e, const struct atc_call *call)
{
    return configure_ssl(e, call, &context_of(e, call)->version);
}

static uint8_t handle_ssl_level(struct atc_engine *e, const struct atc_call *call)
{
    return configure_ssl(e, call, &context_of(e, call)->level);
}

static uint8_t handle_ssl_session(struct atc_engine *e, const struct atc_call *call)
{
    return configure_ssl(e, call, &context_of(e, call)->session);
}

static uint8_t handle_ssl_time(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;

    if (atc_given(call, 2)) {
        context_of(e, call)->negotiate_s = (uint16_t)call->args.arg[2].number;
        return ATC_OK;
    }
    out = open_ssl_query(e, call);
    atc_put_next(&out, context_of(e, call)->negotiate_s);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* A cipher suite: 0X and four hex digits, one of those the test reply lists. */
static bool read_suite(uint16_t *suite, struct atc_span text)
{
    uint16_t number;
    uint8_t bytes[2];

    if (text.len != 6 || text.at[0] != '0' || atc_upper(text.at[1]) != 'X' ||
        !atc_text_is_hex(atc_span(text.at + 2, 4)))
        return false;
    (void)atc_text_unhex(bytes, atc_span(text.at + 2, 4));
    number = (uint16_t)(bytes[0] * 256u + bytes[1]);
    if (number != 0xC0A8 && number != 0x00AE && number != 0xFFFF)
        return false;
    *suite = number;
    return true;
}

static uint8_t handle_ssl_suite(struct atc_engine *e, const struct atc_call *call)
{
    const uint16_t own = context_of(e, call)->suite;
    const uint8_t bytes[2] = {(uint8_t)(own / 256u), (uint8_t)(own % 256u)};
    struct atc_out out;

    if (atc_given(call, 2))
        return read_suite(&context_of(e, call)->suite, call->args.arg[2].text)
                   ? ATC_OK
                   : (uint8_t)ATC_CAUSE_PARAMETER;
    out = open_ssl_query(e, call);
    atc_put_text(&out, ",0X");
    atc_put_hex(&out, atc_span(bytes, 2));
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
#define SSL_PARAMS(key_name, value_name, low, high)                                                \
    {                                                                                              \
        {.name = ATC_DOC("\"" key_name "\""), .kind = ATC_KIND_KEY},                               \
        {.name = ATC_DOC("SSL_ctxID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER},              \
        {.name = ATC_DOC(value_name), .min = (low), .max = (high), .kind = ATC_KIND_INTEGER,       \
         .flags = ATC_OPTIONAL},                                                                   \
    }

static const struct atc_param ssl_dtls_params[] = SSL_PARAMS("dtls", "DTLS_enable", 0, 1);
static const struct atc_param ssl_version_params[] = SSL_PARAMS("dtlsversion", "DTLS_version", 0, 2);
static const struct atc_param ssl_level_params[] = SSL_PARAMS("seclevel", "seclevel", 0, 2);
static const struct atc_param ssl_session_params[] = SSL_PARAMS("session", "session", 0, 1);
static const struct atc_param ssl_time_params[] = SSL_PARAMS("negotiatetime", "negotiate_time", 10, 300);

static const struct atc_param ssl_suite_params[] = {
    {.name = ATC_DOC("\"ciphersuite\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("SSL_ctxID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("cipher_suite"), .min = 6, .max = 6, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "QSSLCFG",
        .key = "dtls",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_dtls_params,
        .test_reply = "\"dtls\",(0-5),(0-1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_dtls,
        .source = ATC_DOC("BG96 5.2"),
    },
    {
        .name = "QSSLCFG",
        .key = "dtlsversion",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_version_params,
        .test_reply = "\"dtlsversion\",(0-5),(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_version,
        .source = ATC_DOC("BG96 5.2"),
    },
    {
        .name = "QSSLCFG",
        .key = "ciphersuite",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_suite_params,
        .test_reply = "\"ciphersuite\",(0-5),(0XC0A8,0X00AE,0XFFFF)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_suite,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "negotiatetime",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_time_params,
        .test_reply = "\"negotiatetime\",(0-5),(10-300)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_time,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "seclevel",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_level_params,
        .test_reply = "\"seclevel\",(0-5),(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_level,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "session",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_session_params,
        .test_reply = "\"session\",(0-5),(0-1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_session,
        .source = ATC_DOC("capture of a BG770A"),
    },
};

const struct atc_table atc_bg96_ssl = {commands, sizeof commands / sizeof commands[0]};
