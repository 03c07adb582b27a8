/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <string.h>

#include "escape.h"

/* Source: RFC 8259 7. */
static void put_character(struct script_buf *out, uint8_t byte)
{
    if (byte == '"' || byte == '\\')
        script_buf_format(out, "\\%c", byte);
    else if (byte < 0x20 || byte > 0x7E)
        script_buf_format(out, "\\u%04x", byte);
    else
        script_buf_byte(out, byte);
}

static void put_text(struct script_buf *out, const uint8_t *text, size_t len)
{
    script_buf_byte(out, '"');
    for (size_t i = 0; i < len; i++)
        put_character(out, text[i]);
    script_buf_byte(out, '"');
}

/* What stands in front of a value. */
static void put_key(struct json *json, const char *key)
{
    if (json->more)
        script_buf_byte(json->out, ',');
    json->more = true;
    if (key == NULL)
        return;
    put_text(json->out, (const uint8_t *)key, strlen(key));
    script_buf_byte(json->out, ':');
}

void json_begin(struct json *json, const char *key, char bracket)
{
    put_key(json, key);
    script_buf_byte(json->out, (uint8_t)bracket);
    json->more = false;
}

void json_end(struct json *json, char bracket)
{
    script_buf_byte(json->out, (uint8_t)bracket);
    json->more = true;
}

void json_text(struct json *json, const char *key, const void *text, size_t len)
{
    put_key(json, key);
    put_text(json->out, text, len);
}

void json_string(struct json *json, const char *key, const char *text)
{
    json_text(json, key, text, strlen(text));
}

void json_escaped(struct json *json, const char *key, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    put_key(json, key);
    script_buf_byte(json->out, '"');
    for (size_t i = 0; i < len; i++) {
        char text[ESCAPE_MAX];
        const size_t text_len = escape_byte(text, bytes[i]);

        for (size_t j = 0; j < text_len; j++)
            put_character(json->out, (uint8_t)text[j]);
    }
    script_buf_byte(json->out, '"');
}

void json_hex(struct json *json, const char *key, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;

    put_key(json, key);
    script_buf_byte(json->out, '"');
    for (size_t i = 0; i < len; i++) {
        script_buf_byte(json->out, (uint8_t)digits[bytes[i] >> 4]);
        script_buf_byte(json->out, (uint8_t)digits[bytes[i] & 15]);
    }
    script_buf_byte(json->out, '"');
}

void json_number(struct json *json, const char *key, uint64_t number)
{
    put_key(json, key);
    script_buf_format(json->out, "%llu", (unsigned long long)number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    put_key(json, key);
    script_buf_text(json->out, value ? "true" : "false");
}

void json_seconds(struct json *json, const char *key, uint64_t us)
{
    put_key(json, key);
    script_buf_format(json->out, "%llu.%06llu", (unsigned long long)(us / 1000000u),
                      (unsigned long long)(us % 1000000u));
}

void json_thousandths(struct json *json, const char *key, uint64_t number)
{
    put_key(json, key);
    script_buf_format(json->out, "%llu.%03llu", (unsigned long long)(number / 1000u),
                      (unsigned long long)(number % 1000u));
}
