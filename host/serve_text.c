/* SPDX-License-Identifier: MIT */
#include "serve_text.h"

#include "coap.h"

/* Characters shown of a payload or of a path; bytes shown of a value in hex. */
enum { TEXT_MAX = 40, PATH_MAX_SHOWN = 200, HEX_MAX = 16 };

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static bool is_text(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((data[i] < 0x20 || data[i] > 0x7e) && data[i] != '\r' && data[i] != '\n')
            return false;
    return true;
}

static void put_escaped(struct script_buf *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (is_plain(data[i]))
            script_buf_byte(out, data[i]);
        else if (data[i] == '"' || data[i] == '\\')
            script_buf_format(out, "\\%c", data[i]);
        else
            script_buf_format(out, "\\x%02X", data[i]);
    }
}

static void put_hex(struct script_buf *out, const uint8_t *data, size_t len)
{
    const size_t shown = len < HEX_MAX ? len : HEX_MAX;
    for (size_t i = 0; i < shown; i++)
        script_buf_format(out, "%02X", data[i]);
    if (shown < len)
        script_buf_text(out, "...");
}

static void put_code(struct script_buf *out, const struct sim_coap *m)
{
    static const char *const methods[] = {"",       "GET",   "POST",  "PUT",
                                          "DELETE", "FETCH", "PATCH", "iPATCH"};
    if (m->code == 0)
        script_buf_text(out, m->type == SIM_CON ? " ping" : "");
    else if (m->code < sizeof methods / sizeof methods[0])
        script_buf_format(out, " %s", methods[m->code]);
    else
        script_buf_format(out, " %u.%02u", m->code >> 5, m->code & 31u);
}

/* All values of one option, each with its separator in front; the first one's may be another. */
static void put_joined(struct script_buf *out, const struct sim_coap *m, uint16_t number,
                       const char *first, const char *next)
{
    const size_t start = out->len;
    for (size_t i = 0; i < m->option_count; i++) {
        if (m->options[i].number != number)
            continue;
        script_buf_text(out, out->len == start ? first : next);
        put_escaped(out, m->options[i].value, m->options[i].len);
    }
    if (out->len - start <= PATH_MAX_SHOWN)
        return;
    out->len = start + PATH_MAX_SHOWN;
    script_buf_text(out, "...");
}

static void put_target(struct script_buf *out, const struct sim_coap *m)
{
    if (m->code == 0 || m->code >= 32)
        return;
    script_buf_byte(out, ' ');
    if (sim_coap_find(m, SIM_URI_PATH) == NULL)
        script_buf_byte(out, '/');
    put_joined(out, m, SIM_URI_PATH, "/", "/");
    put_joined(out, m, SIM_URI_QUERY, "?", "&");
}

static void put_option(struct script_buf *out, const struct sim_coap_option *o)
{
    switch (o->number) {
    case SIM_URI_PATH:
    case SIM_URI_QUERY:
    case SIM_LOCATION_PATH:
        return; /* put as a path */
    case SIM_OBSERVE:
        script_buf_format(out, " observe=%llu", (unsigned long long)sim_coap_uint(o));
        return;
    case SIM_CONTENT_FORMAT:
        script_buf_format(out, " format=%llu", (unsigned long long)sim_coap_uint(o));
        return;
    case SIM_ACCEPT:
        script_buf_format(out, " accept=%llu", (unsigned long long)sim_coap_uint(o));
        return;
    default:
        script_buf_format(out, " option%u=", o->number);
        put_hex(out, o->value, o->len);
    }
}

static void put_payload(struct script_buf *out, const struct sim_coap *m)
{
    const size_t shown = m->payload_len < TEXT_MAX ? m->payload_len : TEXT_MAX;
    if (m->payload_len == 0)
        return;
    script_buf_byte(out, ' ');
    if (is_text(m->payload, m->payload_len)) {
        script_buf_byte(out, '"');
        put_escaped(out, m->payload, shown);
        script_buf_text(out, shown < m->payload_len ? "...\"" : "\"");
    } else {
        script_buf_text(out, "hex ");
        put_hex(out, m->payload, m->payload_len);
    }
    script_buf_format(out, " (%zu byte%s)", m->payload_len, m->payload_len == 1 ? "" : "s");
}

void serve_text(struct script_buf *out, const void *data, size_t len)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    struct sim_coap m;
    const int status = sim_coap_parse(&m, data, len);
    if (status != 0) {
        script_buf_format(out, "%zu bytes that are no CoAP message: ", len);
        put_hex(out, data, len);
        return;
    }
    script_buf_text(out, types[m.type]);
    put_code(out, &m);
    put_target(out, &m);
    script_buf_format(out, " mid=%u", m.mid);
    if (m.token_len > 0) {
        script_buf_text(out, " token=");
        put_hex(out, m.token, m.token_len);
    }
    put_joined(out, &m, SIM_LOCATION_PATH, " location=/", "/");
    for (size_t i = 0; i < m.option_count; i++)
        put_option(out, &m.options[i]);
    put_payload(out, &m);
}
