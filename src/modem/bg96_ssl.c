/* SPDX-License-Identifier: MIT
 *
 * The BG96: AT+QSSLCFG, what DTLS shall be like, for each of six contexts.
 */
#include "base.h"
#include "bg96.h"
#include "net.h"

/* Print "key",<context>: the start of a query's reply. */
static struct atc_out open_ssl_query(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QSSLCFG");

    atc_put_quoted(&out, call->row->key);
    atc_put_next(&out, call->args.arg[1].number);
    return out;
}

static struct atc_ssl *context_of(struct atc_engine *e, const struct atc_call *call)
{
    return &e->ssl[call->args.arg[1].number];
}

/* Where the values of these keys stand. */
#define PLACE(key_name, field)                                   \
    {                                                            \
        .key = (key_name), .at = offsetof(struct atc_ssl, field) \
    }

static const struct place {
    const char *key;
    uint8_t at;
} places[] = {
    PLACE("sslversion", ssl_version),
    PLACE("cacert", ca_cert),
    PLACE("clientcert", client_cert),
    PLACE("clientkey", client_key),
    PLACE("seclevel", level),
    PLACE("session", session),
    PLACE("sni", sni),
    PLACE("checkhost", check_host),
    PLACE("ignorelocaltime", ignore_time),
    PLACE("renegotiation", renegotiation),
    PLACE("dtls", dtls),
    PLACE("dtlsversion", version),
};

static uint8_t *place_of(struct atc_engine *e, const struct atc_call *call)
{
    const struct place *place = places;

    while (!atc_text_is(atc_span_text(place->key), call->row->key))
        place++;
    return (uint8_t *)context_of(e, call) + place->at;
}

/* Query or set a number that fits a byte. */
static uint8_t handle_ssl_number(struct atc_engine *e, const struct atc_call *call)
{
    uint8_t *value = place_of(e, call);
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

/* Query or set the name of a file, which is not looked at: DTLS goes by keys that are shared. */
static uint8_t handle_ssl_path(struct atc_engine *e, const struct atc_call *call)
{
    uint8_t *path = place_of(e, call);
    struct atc_out out;

    if (atc_given(call, 2)) {
        const uint8_t block = atc_net_keep(e, call->args.arg[2].text);

        if (block == ATC_NO_BLOCK)
            return ATC_CAUSE_MEMORY;
        atc_pool_free(&e->pool, *path);
        *path = block;
        return ATC_OK;
    }
    out = open_ssl_query(e, call);
    atc_put_text(&out, ",\"");
    if (*path != ATC_NO_BLOCK)
        atc_put_bytes(&out, atc_pool_span(&e->pool, *path));
    atc_put_byte(&out, '"');
    atc_reply_close(e, &out);
    return ATC_OK;
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

static const struct atc_param ssl_version_params[] = SSL_PARAMS("sslversion", "SSL_version", 0, 4);
static const struct atc_param ssl_level_params[] = SSL_PARAMS("seclevel", "seclevel", 0, 2);
static const struct atc_param ssl_session_params[] = SSL_PARAMS("session", "session", 0, 1);
static const struct atc_param ssl_sni_params[] = SSL_PARAMS("sni", "SNI", 0, 1);
static const struct atc_param ssl_host_params[] = SSL_PARAMS("checkhost", "checkhost", 0, 1);
static const struct atc_param ssl_ignore_params[] = SSL_PARAMS("ignorelocaltime", "ignore_ltime", 0, 1);
static const struct atc_param ssl_renegotiation_params[] = SSL_PARAMS("renegotiation", "renegotiation", 0, 1);
static const struct atc_param ssl_dtls_params[] = SSL_PARAMS("dtls", "DTLS_enable", 0, 1);
static const struct atc_param ssl_dtlsversion_params[] = SSL_PARAMS("dtlsversion", "DTLS_version", 0, 2);
static const struct atc_param ssl_time_params[] = SSL_PARAMS("negotiatetime", "negotiate_time", 10, 300);

#define PATH_PARAMS(key_name, value_name)                                                          \
    {                                                                                              \
        {.name = ATC_DOC("\"" key_name "\""), .kind = ATC_KIND_KEY},                               \
        {.name = ATC_DOC("SSL_ctxID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER},              \
        {.name = ATC_DOC(value_name), .min = 1, .max = 80, .kind = ATC_KIND_STRING,                \
         .flags = ATC_OPTIONAL},                                                                   \
    }

static const struct atc_param ssl_ca_params[] = PATH_PARAMS("cacert", "cacertpath");
static const struct atc_param ssl_cert_params[] = PATH_PARAMS("clientcert", "client_cert_path");
static const struct atc_param ssl_key_params[] = PATH_PARAMS("clientkey", "client_key_path");

static const struct atc_param ssl_suite_params[] = {
    {.name = ATC_DOC("\"ciphersuite\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("SSL_ctxID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("cipher_suite"), .min = 6, .max = 6, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "QSSLCFG",
        .key = "sslversion",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_version_params,
        .test_reply = "\"sslversion\",(0-5),(0-4)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("capture of a BG770A"),
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
        .key = "cacert",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_ca_params,
        .test_reply = "\"cacert\",(0-5),<cacertpath>",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_path,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "clientcert",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_cert_params,
        .test_reply = "\"clientcert\",(0-5),<client_cert_path>",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_path,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "clientkey",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_key_params,
        .test_reply = "\"clientkey\",(0-5),<client_key_path>",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_path,
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
        .handler = handle_ssl_number,
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
        .handler = handle_ssl_number,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "sni",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_sni_params,
        .test_reply = "\"sni\",(0-5),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "checkhost",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_host_params,
        .test_reply = "\"checkhost\",(0-5),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "ignorelocaltime",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_ignore_params,
        .test_reply = "\"ignorelocaltime\",(0-5),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
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
        .key = "renegotiation",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_renegotiation_params,
        .test_reply = "\"renegotiation\",(0-5),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("capture of a BG770A"),
    },
    {
        .name = "QSSLCFG",
        .key = "dtls",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_dtls_params,
        .test_reply = "\"dtls\",(0-5),(0-1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("BG96 5.2"),
    },
    {
        .name = "QSSLCFG",
        .key = "dtlsversion",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = ssl_dtlsversion_params,
        .test_reply = "\"dtlsversion\",(0-5),(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ssl_number,
        .source = ATC_DOC("BG96 5.2"),
    },
};

const struct atc_table atc_bg96_ssl = {commands, sizeof commands / sizeof commands[0]};
