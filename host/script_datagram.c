/* SPDX-License-Identifier: MIT */
#include "script_datagram.h"

#include <string.h>

#define COUNT(array)    (sizeof(array) / sizeof(array)[0])
#define MID_FIRST       40001u /* of the messages a transcript sends without saying mid= */
#define CODE_DETAIL_MAX 31u

enum format { UINT, STRING, OPAQUE, EMPTY };

/* Source: RFC 7252 tab.4, RFC 7641, RFC 7959. */
static const struct option_name {
    uint16_t number;
    const char *name;
    enum format format;
} option_names[] = {
    {1, "if-match", OPAQUE},
    {3, "uri-host", STRING},
    {4, "etag", OPAQUE},
    {5, "if-none-match", EMPTY},
    {6, "observe", UINT},
    {7, "uri-port", UINT},
    {8, "location-path", STRING},
    {11, "uri-path", STRING},
    {12, "content-format", UINT},
    {14, "max-age", UINT},
    {15, "uri-query", STRING},
    {17, "accept", UINT},
    {20, "location-query", STRING},
    {23, "block2", UINT},
    {27, "block1", UINT},
    {28, "size2", UINT},
    {35, "proxy-uri", STRING},
    {39, "proxy-scheme", STRING},
    {60, "size1", UINT},
};

static const char *const type_names[] = {"CON", "NON", "ACK", "RST"};

static const char *const bad_message = "a datagram is CON|NON|ACK|RST c.dd [mid=N] [token=HEX] "
                                       "[option=value ...] [payload=\"text\" or "
                                       "payload=hex:HEX], or hex HEX";

static const struct option_name *option_of(uint16_t number)
{
    for (size_t i = 0; i < COUNT(option_names); i++)
        if (option_names[i].number == number)
            return &option_names[i];
    return NULL;
}

static enum format format_of(uint16_t number)
{
    const struct option_name *o = option_of(number);
    if (o == NULL)
        return OPAQUE;
    return o->format;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Cut "name=" or a whole word off; what is left is the value. */
static struct script_span split_name(struct script_span *word, bool *has_value)
{
    struct script_span name = {word->text, 0};
    while (name.len < word->len && word->text[name.len] != '=')
        name.len++;
    *has_value = name.len < word->len;
    const size_t used = name.len + (*has_value ? 1u : 0u);
    word->text += used;
    word->len -= used;
    return name;
}

static bool option_number(struct script_span name, uint16_t *number)
{
    uint64_t value;
    for (size_t i = 0; i < COUNT(option_names); i++)
        if (script_span_is(name, option_names[i].name)) {
            *number = option_names[i].number;
            return true;
        }
    if (!script_span_number(name, UINT16_MAX, &value))
        return false;
    *number = (uint16_t)value;
    return true;
}

/* Take the quotes off. */
static bool unquote(struct script_span *value)
{
    if (value->len < 2u || value->text[0] != '"' || value->text[value->len - 1u] != '"')
        return false;
    value->text++;
    value->len -= 2u;
    return true;
}

static bool read_type(struct script_span word, uint8_t *type)
{
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (script_span_is(word, type_names[i])) {
            *type = (uint8_t)i;
            return true;
        }
    return false;
}

/* "4.04" */
static bool read_code(struct script_span word, uint8_t *code)
{
    uint64_t class, detail;
    if (word.len != 4u || word.text[1] != '.' ||
        !script_span_number((struct script_span){word.text, 1}, 7, &class) ||
        !script_span_number((struct script_span){word.text + 2, 2}, CODE_DETAIL_MAX, &detail))
        return false;
    *code = (uint8_t)(class * 32u + detail);
    return true;
}

static void put_hex(struct script_buf *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        script_buf_format(out, "%02X", data[i]);
}

/* --- building --------------------------------------------------------------------------------- */

/* The message in the making; bytes holds what its options and payload will point to. */
struct builder {
    const struct script_vars *vars;
    struct script_buf word;  /* the present value, its placeholders filled in */
    struct script_buf bytes; /* values one behind the other */
    struct sim_coap message;
    bool has_mid, has_token;
    const char *why;
};

static struct script_span fill_in(struct builder *b, struct script_span value)
{
    b->word.len = 0;
    if (b->why == NULL)
        b->why = script_expand(value, 0, b->vars, &b->word);
    return script_span_buf(&b->word);
}

static void add_value(struct builder *b, uint16_t number, struct script_span value)
{
    uint64_t uint;
    uint8_t raw[8];
    const bool quoted = unquote(&value);
    const bool hex = !quoted && (script_span_skip(&value, "hex:") || format_of(number) == OPAQUE);
    const struct script_span text = fill_in(b, value);
    if (b->why != NULL)
        return;
    if (quoted)
        script_buf_span(&b->bytes, text);
    else if (hex)
        b->why = script_unhex(text, &b->bytes);
    else if (format_of(number) == UINT && script_span_number(text, UINT64_MAX, &uint))
        script_buf_add(&b->bytes, raw, sim_coap_put_uint(raw, uint));
    else
        b->why = "an option value is \"text\", a number or hex:HEX, as its format asks for";
}

/* Values are appended to bytes, which moves as it grows: until the end options hold offsets. */
static void add_option(struct builder *b, struct script_span name, bool has_value,
                       struct script_span value)
{
    uint16_t number = 0;
    const size_t start = b->bytes.len;
    if (!option_number(name, &number)) {
        b->why = "no option of that name; give its number";
        return;
    }
    if (has_value)
        add_value(b, number, value);
    if (b->why == NULL && !sim_coap_add(&b->message, number, NULL, b->bytes.len - start))
        b->why = "too many options, or a value that is too long";
}

static void add_payload(struct builder *b, struct script_span value)
{
    const bool hex = script_span_skip(&value, "hex:");
    const size_t start = b->bytes.len;
    if (!hex && !unquote(&value)) {
        b->why = "a payload is \"text\" or hex:HEX";
        return;
    }
    const struct script_span text = fill_in(b, value);
    if (b->why == NULL && hex)
        b->why = script_unhex(text, &b->bytes);
    else
        script_buf_span(&b->bytes, text);
    b->message.payload_len = b->bytes.len - start;
}

static void add_token(struct builder *b, struct script_span value)
{
    const size_t start = b->bytes.len;
    const struct script_span text = fill_in(b, value);
    if (b->why == NULL)
        b->why = script_unhex(text, &b->bytes);
    const size_t len = b->bytes.len - start;
    b->bytes.len = start;
    if (b->why == NULL && len > SIM_COAP_TOKEN_MAX)
        b->why = "a token has at most 8 bytes; use hex for a datagram that breaks the rules";
    if (b->why != NULL)
        return;
    b->has_token = true;
    b->message.token_len = (uint8_t)len;
    if (len > 0)
        memcpy(b->message.token, b->bytes.data + start, len);
}

static void add_mid(struct builder *b, struct script_span value)
{
    uint64_t mid = 0;
    const struct script_span text = fill_in(b, value);
    if (b->why == NULL && !script_span_number(text, UINT16_MAX, &mid))
        b->why = "a message ID is 0-65535";
    b->has_mid = true;
    b->message.mid = (uint16_t)mid;
}

static void add_word(struct builder *b, struct script_span word)
{
    bool has_value;
    const struct script_span name = split_name(&word, &has_value);
    if (b->message.payload_len > 0)
        b->why = "the payload comes last";
    else if (script_span_is(name, "mid"))
        add_mid(b, word);
    else if (script_span_is(name, "token"))
        add_token(b, word);
    else if (script_span_is(name, "payload"))
        add_payload(b, word);
    else
        add_option(b, name, has_value, word);
}

static void fill_defaults(struct builder *b, struct script_defaults *defaults)
{
    struct sim_coap *m = &b->message;
    const bool answers = m->type == SIM_ACK || m->type == SIM_RST;
    if (!b->has_mid)
        m->mid = answers ? defaults->reply_mid : defaults->next_mid++;
    if (b->has_token || m->code < SIM_CODE(2, 0))
        return;
    m->token_len = defaults->token_len;
    memcpy(m->token, defaults->token, sizeof m->token);
}

static void link_values(struct builder *b)
{
    /* Without any bytes all of them are empty. */
    const uint8_t *at = b->bytes.len > 0 ? (const uint8_t *)b->bytes.data : (const uint8_t *)"";
    for (size_t i = 0; i < b->message.option_count; i++) {
        b->message.options[i].value = at;
        at += b->message.options[i].len;
    }
    b->message.payload = at;
}

static void build_message(struct builder *b, struct script_span text,
                          struct script_defaults *defaults, struct script_buf *out)
{
    uint8_t data[SIM_DATAGRAM_MAX];
    struct script_span word = script_span_word(&text);
    if (!read_type(word, &b->message.type)) {
        b->why = bad_message;
        return;
    }
    word = script_span_word(&text);
    if (!read_code(word, &b->message.code)) {
        b->why = bad_message;
        return;
    }
    for (word = script_span_word(&text); word.len > 0 && b->why == NULL;
         word = script_span_word(&text))
        add_word(b, word);
    if (b->why != NULL)
        return;
    fill_defaults(b, defaults);
    link_values(b);
    const int len = sim_coap_build(&b->message, data, sizeof data);
    if (len == SIM_COAP_FORMAT)
        b->why = "options stand in ascending order; use hex for a datagram that breaks the rules";
    else if (len < 0)
        b->why = "a datagram that long is not carried";
    else
        script_buf_add(out, data, (size_t)len);
}

const char *script_datagram_build(struct script_span text, const struct script_vars *vars,
                                  struct script_defaults *defaults, struct script_buf *out)
{
    struct builder b;
    memset(&b, 0, sizeof b);
    b.vars = vars;
    if (script_span_skip(&text, "hex ")) {
        const struct script_span digits = fill_in(&b, text);
        b.why = b.why == NULL ? script_unhex(digits, out) : b.why;
    } else {
        build_message(&b, text, defaults, out);
    }
    script_buf_free(&b.word);
    script_buf_free(&b.bytes);
    return b.why;
}

/* --- rendering -------------------------------------------------------------------------------- */

/* Text between quotes: a quote inside would end it. */
static void put_quoted(struct script_buf *out, const uint8_t *data, size_t len)
{
    script_buf_byte(out, '"');
    while (len > 0) {
        const uint8_t *quote = memchr(data, '"', len);
        const size_t part = quote != NULL ? (size_t)(quote - data) : len;
        script_escape(out, data, part, SCRIPT_LINE);
        if (quote != NULL)
            script_buf_text(out, "\\x22");
        const size_t used = part + (quote != NULL ? 1u : 0u);
        data += used;
        len -= used;
    }
    script_buf_byte(out, '"');
}

static bool is_text(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((data[i] < 0x20u && data[i] != '\r' && data[i] != '\n') || data[i] >= 0x7fu)
            return false;
    return true;
}

/* A number in its shortest form: what decimal can say. */
static bool is_plain_uint(const struct sim_coap_option *o)
{
    return o->len <= 8u && (o->len == 0 || o->value[0] != 0);
}

static void put_value(struct script_buf *out, const struct sim_coap_option *o)
{
    const enum format format = format_of(o->number);
    if (format == EMPTY && o->len == 0)
        return;
    script_buf_byte(out, '=');
    if (format == STRING) {
        put_quoted(out, o->value, o->len);
    } else if (format == UINT && is_plain_uint(o)) {
        script_buf_format(out, "%llu", (unsigned long long)sim_coap_uint(o));
    } else {
        script_buf_text(out, format == OPAQUE ? "" : "hex:");
        put_hex(out, o->value, o->len);
    }
}

static void put_option(struct script_buf *out, const struct sim_coap_option *o)
{
    const struct option_name *name = option_of(o->number);
    if (name != NULL)
        script_buf_text(out, name->name);
    else
        script_buf_format(out, "%u", o->number);
    put_value(out, o);
}

static void put_payload(struct script_buf *out, const struct sim_coap *m)
{
    script_buf_text(out, "payload=");
    if (is_text(m->payload, m->payload_len)) {
        put_quoted(out, m->payload, m->payload_len);
        return;
    }
    script_buf_text(out, "hex:");
    put_hex(out, m->payload, m->payload_len);
}

/* --- matching --------------------------------------------------------------------------------- */

static bool match_text(struct script_span pattern, unsigned reading, struct script_vars *vars,
                       const void *data, size_t len)
{
    return script_match(pattern, reading, vars, data, len, NULL) >= 0;
}

static bool match_hex(struct script_span pattern, struct script_vars *vars, const uint8_t *data,
                      size_t len)
{
    struct script_buf digits = {NULL, 0, 0};
    put_hex(&digits, data, len);
    const bool good = match_text(pattern, SCRIPT_ANY_CASE, vars, digits.data, digits.len);
    script_buf_free(&digits);
    return good;
}

/* Quoted text against the bytes, everything else against the form it would be rendered in. */
static bool match_value(struct script_span value, struct script_vars *vars,
                        const struct sim_coap_option *o)
{
    char number[24];
    if (unquote(&value))
        return match_text(value, 0, vars, o->value, o->len);
    if (script_span_skip(&value, "hex:") || format_of(o->number) == OPAQUE)
        return match_hex(value, vars, o->value, o->len);
    if (format_of(o->number) != UINT || !is_plain_uint(o))
        return false;
    struct script_buf text = {number, 0, sizeof number};
    script_buf_format(&text, "%llu", (unsigned long long)sim_coap_uint(o));
    return match_text(value, 0, vars, number, text.len);
}

static bool match_option(struct script_span word, struct script_vars *vars,
                         const struct sim_coap_option *o)
{
    bool has_value;
    uint16_t number;
    const struct script_span name = split_name(&word, &has_value);
    if (!option_number(name, &number) || number != o->number)
        return false;
    return has_value ? match_value(word, vars, o) : o->len == 0;
}

static bool match_payload(struct script_span value, struct script_vars *vars,
                          const struct sim_coap *m)
{
    if (script_span_skip(&value, "hex:"))
        return match_hex(value, vars, m->payload, m->payload_len);
    return unquote(&value) && match_text(value, 0, vars, m->payload, m->payload_len);
}

static bool match_mid(struct script_span value, struct script_vars *vars, const struct sim_coap *m)
{
    char digits[8];
    struct script_buf text = {digits, 0, sizeof digits};
    script_buf_format(&text, "%u", m->mid);
    return match_text(value, 0, vars, digits, text.len);
}

/* What of a message the words have spoken for. */
struct reading {
    const struct sim_coap *message;
    struct script_vars *vars;
    size_t options;
    bool token, payload;
};

static bool match_word(struct reading *r, struct script_span word)
{
    bool has_value;
    struct script_span value = word;
    const struct sim_coap *m = r->message;
    const struct script_span name = split_name(&value, &has_value);
    if (script_span_is(name, "mid"))
        return match_mid(value, r->vars, m);
    if (script_span_is(name, "token")) {
        r->token = true;
        return match_hex(value, r->vars, m->token, m->token_len);
    }
    if (script_span_is(name, "payload")) {
        r->payload = true;
        return match_payload(value, r->vars, m);
    }
    return r->options < m->option_count && match_option(word, r->vars, &m->options[r->options++]);
}

/* The mistakes that would make a line match nothing, whatever comes. */
static const char *check_words(struct script_span text)
{
    uint8_t byte;
    if (script_span_skip(&text, "hex "))
        return NULL;
    if (!read_type(script_span_word(&text), &byte) || !read_code(script_span_word(&text), &byte))
        return bad_message;
    for (struct script_span word = script_span_word(&text); word.len > 0;
         word = script_span_word(&text)) {
        bool has_value;
        uint16_t number;
        const struct script_span name = split_name(&word, &has_value);
        if (!script_span_is(name, "mid") && !script_span_is(name, "token") &&
            !script_span_is(name, "payload") && !option_number(name, &number))
            return "no option of that name; give its number";
    }
    return NULL;
}

static bool match_message(struct script_span text, struct script_vars *vars,
                          const struct sim_coap *m)
{
    uint8_t type = 0, code = 0;
    struct reading r = {m, vars, 0, false, false};
    if (!read_type(script_span_word(&text), &type) || !read_code(script_span_word(&text), &code) ||
        type != m->type || code != m->code)
        return false;
    for (struct script_span word = script_span_word(&text); word.len > 0;
         word = script_span_word(&text))
        if (!match_word(&r, word))
            return false;
    return (r.token || m->token_len == 0) && (r.payload || m->payload_len == 0) &&
           r.options == m->option_count;
}

bool script_datagram_match(struct script_span text, struct script_vars *vars, const void *data,
                           size_t len, const char **why)
{
    struct sim_coap m;
    const size_t mark = vars->count;
    bool good;
    *why = check_words(text);
    if (*why != NULL)
        return false;
    if (script_span_skip(&text, "hex "))
        good = match_hex(text, vars, data, len);
    else
        good = sim_coap_parse(&m, data, len) == 0 && match_message(text, vars, &m);
    if (!good)
        script_vars_rewind(vars, mark);
    return good;
}

/* --- rendering a whole one -------------------------------------------------------------------- */

/* The word of the old text for that field, if it still fits; options by their place. */
static bool keep_word(struct script_buf *out, struct script_span old, const char *field,
                      size_t option, const struct sim_coap *m, struct script_vars *vars)
{
    size_t seen = 0;
    for (struct script_span word = script_span_word(&old); word.len > 0;
         word = script_span_word(&old)) {
        bool has_value;
        uint16_t number;
        struct script_span value = word;
        const struct script_span name = split_name(&value, &has_value);
        const bool is_option = option_number(name, &number);
        struct reading r = {m, vars, option, false, false};
        if (is_option ? field != NULL || seen++ != option
                      : field == NULL || !script_span_is(name, field))
            continue;
        if (!match_word(&r, word))
            return false;
        script_buf_byte(out, ' ');
        script_buf_span(out, word);
        return true;
    }
    return false;
}

static void render_message(struct script_buf *out, struct script_span old, struct script_vars *vars,
                           const struct sim_coap *m)
{
    script_buf_format(out, "%s %u.%02u", type_names[m->type], m->code >> 5, m->code & 31u);
    if (!keep_word(out, old, "mid", 0, m, vars))
        script_buf_format(out, " mid=%u", m->mid);
    if (m->token_len > 0 && !keep_word(out, old, "token", 0, m, vars)) {
        script_buf_text(out, " token=");
        put_hex(out, m->token, m->token_len);
    }
    for (size_t i = 0; i < m->option_count; i++) {
        if (keep_word(out, old, NULL, i, m, vars))
            continue;
        script_buf_byte(out, ' ');
        put_option(out, &m->options[i]);
    }
    if (m->payload_len > 0 && !keep_word(out, old, "payload", 0, m, vars)) {
        script_buf_byte(out, ' ');
        put_payload(out, m);
    }
}

void script_datagram_render(struct script_buf *out, struct script_span old,
                            struct script_vars *vars, const void *data, size_t len)
{
    struct sim_coap m;
    if (sim_coap_parse(&m, data, len) == 0) {
        render_message(out, old, vars, &m);
        return;
    }
    script_buf_text(out, "hex ");
    put_hex(out, data, len);
}

void script_datagram_options(struct script_buf *out, const struct sim_coap *message)
{
    for (size_t i = 0; i < message->option_count; i++) {
        if (i > 0)
            script_buf_byte(out, ' ');
        put_option(out, &message->options[i]);
    }
}

/* --- defaults --------------------------------------------------------------------------------- */

void script_defaults_start(struct script_defaults *defaults)
{
    memset(defaults, 0, sizeof *defaults);
    defaults->next_mid = MID_FIRST;
}

void script_defaults_note(struct script_defaults *defaults, const void *data, size_t len)
{
    struct sim_coap m;
    if (sim_coap_parse(&m, data, len) != 0 || m.type == SIM_ACK || m.type == SIM_RST)
        return;
    defaults->reply_mid = m.mid;
    if (m.code == 0 || m.code >= SIM_CODE(1, 0))
        return;
    defaults->token_len = m.token_len;
    memcpy(defaults->token, m.token, sizeof defaults->token);
}
