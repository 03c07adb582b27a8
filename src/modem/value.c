/* SPDX-License-Identifier: MIT
 *
 * Option values and addresses between AT text and wire, both ways. A value that is printed can be
 * written back. Source: D-28 to D-30, D-66, D-72.
 */
#include "engine.h"

/* The Content-Formats both notes know. Source: D-29. */
static const uint8_t content_formats[] = {0, 40, 41, 42, 47, 50};

static struct atc_span skip(struct atc_span text, size_t n)
{
    return atc_span(text.at + n, text.len - n);
}

/* --- typed values ----------------------------------------------------------------------------- */

static bool is_path(uint32_t number)
{
    return number == ATC_OPT_URI_PATH || number == ATC_OPT_LOCATION_PATH;
}

/* Cut the next segment off a path. A slash that is typed as \2F does not separate. */
static struct atc_span next_segment(struct atc_span *path)
{
    size_t len = 0;
    struct atc_span segment;

    while (len < path->len && path->at[len] != '/')
        len++;
    segment = atc_span(path->at, len);
    *path = skip(*path, len < path->len ? len + 1 : len);
    return segment;
}

/* Whether a segment stands for . or .., escapes or not. */
static bool is_dots(struct atc_span segment)
{
    const long len = atc_text_len(segment);

    if (len != 1 && len != 2)
        return false;
    while (segment.len > 0) {
        if (atc_text_next(&segment) != '.')
            return false;
    }
    return true;
}

/* The segments of a path may not be . or .. (RFC 7252 5.10.1). */
static bool check_path(struct atc_span path, bool split)
{
    if (!split)
        return !is_dots(path);
    while (path.len > 0) {
        if (is_dots(next_segment(&path)))
            return false;
    }
    return true;
}

/* The largest number that len bytes hold. */
static uint32_t uint_max(size_t len)
{
    return len >= 4 ? UINT32_MAX : ((uint32_t)1 << 8 * len) - 1u;
}

/* The SZX of a block option: 7 is reserved. Source: RFC 7959 2.2. */
static bool check_block(uint32_t number, uint32_t value)
{
    return (number != ATC_OPT_BLOCK1 && number != ATC_OPT_BLOCK2) || value % 8u != 7u;
}

static bool check_format(const struct atc_engine *e, uint32_t number, uint32_t value)
{
    if (number != ATC_OPT_CONTENT_FORMAT && number != ATC_OPT_ACCEPT)
        return true;
    if (!e->cfg.dialect->closed_formats || e->cfg.settings.content_format == ATC_VALUES_ANY)
        return true;
    for (size_t i = 0; i < sizeof content_formats; i++) {
        if (content_formats[i] == value)
            return true;
    }
    return false;
}

static bool check_hex(struct atc_span text, size_t min, size_t max)
{
    return atc_text_is_hex(text) && text.len / 2u >= min && text.len / 2u <= max;
}

static bool check_text(const struct atc_engine *e, const struct atc_option_row *row,
                       struct atc_span text)
{
    const long len = atc_text_len(text);
    const bool split = e->cfg.settings.split_path == ATC_ON;

    if (len < row->min || len > row->max)
        return false;
    return !is_path(row->number) || check_path(text, split);
}

static bool is_listed(const struct atc_engine *e, uint32_t number)
{
    const struct atc_dialect *d = e->cfg.dialect;

    for (size_t i = 0; i < d->option_count; i++) {
        if (d->options[i] == number)
            return true;
    }
    return e->cfg.settings.options == ATC_VALUES_ANY;
}

bool atc_value_check(const struct atc_engine *e, uint32_t number, const struct atc_arg *arg)
{
    const struct atc_option_row *row = atc_option_row(number);
    const uint8_t value_min = e->cfg.dialect->value_min;
    const uint16_t value_max = e->cfg.dialect->value_max;
    uint32_t value;

    if (!is_listed(e, number) || atc_text_len(arg->text) > value_max)
        return false;
    if (row == NULL)
        return check_hex(arg->text, 0, value_max);
    if (!arg->given)
        return row->format == ATC_FORMAT_EMPTY;
    switch ((enum atc_format)row->format) {
    case ATC_FORMAT_EMPTY:
        return arg->text.len == 0;
    case ATC_FORMAT_OPAQUE:
        return check_hex(arg->text, row->min > value_min ? row->min : value_min, row->max);
    case ATC_FORMAT_UINT:
        return atc_text_number(&value, arg->text, uint_max(row->max)) &&
               check_format(e, number, value) && check_block(number, value);
    case ATC_FORMAT_STRING:
        break;
    }
    return check_text(e, row, arg->text);
}

uint32_t atc_value_number(const struct atc_arg *arg)
{
    uint32_t number = 0;

    (void)atc_text_number(&number, arg->text, UINT32_MAX);
    return number;
}

/* One option whose value is a string with escapes. */
static void put_text_option(struct atc_out *out, uint32_t *last, uint32_t number,
                            struct atc_span text)
{
    atc_put_option_head(out, number - *last, (size_t)atc_text_len(text));
    while (text.len > 0)
        atc_put_byte(out, (uint8_t)atc_text_next(&text));
    *last = number;
}

static void put_path(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span path)
{
    bool more;

    if (path.len > 0 && path.at[0] == '/')
        path = skip(path, 1);
    do {
        const size_t len = path.len;
        const struct atc_span segment = next_segment(&path);

        put_text_option(out, last, number, segment);
        more = segment.len < len; /* a slash came behind it */
    } while (more);
}

/* One option whose value is typed in hex. */
static void put_hex_option(struct atc_out *out, uint32_t *last, uint32_t number,
                           struct atc_span text)
{
    atc_put_option_head(out, number - *last, text.len / 2u);
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        uint8_t byte;

        (void)atc_text_unhex(&byte, atc_span(text.at + i, 2));
        atc_put_byte(out, byte);
    }
    *last = number;
}

void atc_value_put(const struct atc_engine *e, struct atc_out *out, uint32_t *last, uint32_t number,
                   const struct atc_arg *arg)
{
    const struct atc_option_row *row = atc_option_row(number);
    const struct atc_span text = arg->given ? arg->text : atc_span(arg->text.at, 0);
    uint8_t buf[4];

    if (row == NULL || row->format == ATC_FORMAT_OPAQUE) {
        put_hex_option(out, last, number, text);
    } else if (row->format == ATC_FORMAT_UINT) {
        const size_t len = atc_option_put_uint(buf, atc_value_number(arg));

        atc_put_option(out, last, number, atc_span(buf, len));
    } else if (is_path(number) && e->cfg.settings.split_path == ATC_ON) {
        put_path(out, last, number, text);
    } else {
        put_text_option(out, last, number, text);
    }
}

/* --- received values -------------------------------------------------------------------------- */

static void print_text(struct atc_out *out, struct atc_span value)
{
    atc_put_byte(out, '"');
    atc_put_escaped(out, value);
    atc_put_byte(out, '"');
}

static void print_bare(struct atc_out *out, const struct atc_option_row *row, struct atc_span value)
{
    if (row != NULL && row->format == ATC_FORMAT_UINT && value.len <= 4)
        atc_put_number(out, atc_option_uint(value));
    else
        atc_put_hex(out, value);
}

void atc_value_print(struct atc_out *out, const struct atc_option *option, bool always_quoted)
{
    const struct atc_option_row *row = atc_option_row(option->number);

    if (row != NULL && row->format == ATC_FORMAT_STRING) {
        print_text(out, option->value);
        return;
    }
    if (always_quoted)
        atc_put_byte(out, '"');
    print_bare(out, row, option->value);
    if (always_quoted)
        atc_put_byte(out, '"');
}

/* --- addresses -------------------------------------------------------------------------------- */

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static void put_ipv4(struct atc_out *out, const uint8_t *ip)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            atc_put_byte(out, '.');
        atc_put_number(out, ip[i]);
    }
}

static unsigned group_of(const uint8_t *ip, unsigned index)
{
    return ip[2 * index] * 256u + ip[2 * index + 1];
}

/* The longest run of zero groups, at least two. Returns its length. Source: RFC 5952 4.2. */
static unsigned longest_zeros(const uint8_t *ip, unsigned *start)
{
    unsigned best = 1;

    *start = 8;
    for (unsigned i = 0; i < 8; i++) {
        unsigned len = 0;

        while (i + len < 8 && group_of(ip, i + len) == 0)
            len++;
        if (len > best) {
            best = len;
            *start = i;
        }
    }
    return *start == 8 ? 0 : best;
}

/* A group in lower-case hex without leading zeros. */
static void put_group(struct atc_out *out, unsigned group)
{
    bool leading = true;

    for (unsigned shift = 16; shift > 0; shift -= 4) {
        const unsigned digit = group >> (shift - 4) & 15u;

        leading = leading && digit == 0 && shift > 4;
        if (!leading)
            atc_put_byte(out, (uint8_t)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

static void put_ipv6(struct atc_out *out, const uint8_t *ip)
{
    unsigned start;
    const unsigned zeros = longest_zeros(ip, &start);

    for (unsigned i = 0; i < 8; i++) {
        if (i == start) {
            atc_put_text(out, "::");
            i += zeros - 1;
            continue;
        }
        if (i > 0 && i != start + zeros)
            atc_put_byte(out, ':');
        put_group(out, group_of(ip, i));
    }
}

void atc_put_addr(struct atc_out *out, const struct atc_addr *addr)
{
    if (addr->family == ATC_FAMILY_IPV6)
        put_ipv6(out, addr->ip);
    else
        put_ipv4(out, addr->ip);
    if (addr->scope == 0)
        return;
    atc_put_byte(out, '%');
    atc_put_number(out, addr->scope);
}

static bool read_ipv4(uint8_t *ip, struct atc_span text)
{
    for (unsigned i = 0; i < 4; i++) {
        uint32_t number;
        size_t len = 0;

        while (len < text.len && text.at[len] != '.')
            len++;
        if (len > 3 || (len > 1 && text.at[0] == '0') ||
            !atc_text_number(&number, atc_span(text.at, len), 255))
            return false;
        if ((len < text.len) != (i < 3))
            return false;
        ip[i] = (uint8_t)number;
        text = skip(text, len < text.len ? len + 1 : len);
    }
    return true;
}

/* One to four hex digits. */
static bool read_group(uint8_t *group, struct atc_span text)
{
    uint8_t digits[4] = {'0', '0', '0', '0'};

    if (text.len == 0 || text.len > 4)
        return false;
    memcpy(digits + 4 - text.len, text.at, text.len);
    if (!atc_text_is_hex(atc_span(digits, 4)))
        return false;
    (void)atc_text_unhex(group, atc_span(digits, 4));
    return true;
}

/* Groups between colons into ip[0..16); the last may be an IPv4 address if it ends the whole.
 * Returns how many bytes, or -1. */
static int read_groups(uint8_t *ip, struct atc_span text, bool ends)
{
    int at = 0;

    while (text.len > 0) {
        size_t len = 0;

        while (len < text.len && text.at[len] != ':')
            len++;
        if (ends && len == text.len && at <= 12 && read_ipv4(ip + at, text))
            return at + 4;
        if (at > 14 || !read_group(ip + at, atc_span(text.at, len)))
            return -1;
        at += 2;
        if (len + 1 == text.len)
            return -1; /* a colon at the end */
        text = skip(text, len < text.len ? len + 1 : len);
    }
    return at;
}

static bool read_ipv6(uint8_t *ip, struct atc_span text)
{
    uint8_t tail[16];
    int head_len, tail_len;

    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] != ':' || text.at[i + 1] != ':')
            continue;
        memset(ip, 0, 16);
        head_len = read_groups(ip, atc_span(text.at, i), false);
        tail_len = read_groups(tail, skip(text, i + 2), true);
        if (head_len < 0 || tail_len < 0 || head_len + tail_len > 14)
            return false;
        memset(ip + head_len, 0, (size_t)(16 - head_len));
        memcpy(ip + 16 - tail_len, tail, (size_t)tail_len);
        return true;
    }
    return read_groups(ip, text, true) == 16;
}

/* Whether an IPv6 address means something else on each interface: link-local, or a group of an
 * interface or a link. Source: RFC 4007 4. */
static bool has_zones(const uint8_t *ip)
{
    return (ip[0] == 0xFE && (ip[1] & 0xC0u) == 0x80) || (ip[0] == 0xFF && (ip[1] & 0x0Fu) <= 2);
}

/* Cut the zone, % and a number, off an IPv6 address; 0 if there is none. Returns false if what stands
 * behind the % is no number of an interface. Source: RFC 4007 11, D-184. */
static bool cut_zone(uint32_t *scope, struct atc_span *text)
{
    size_t len = 0;

    *scope = 0;
    while (len < text->len && text->at[len] != '%')
        len++;
    if (len == text->len)
        return true;
    if (!atc_text_number(scope, skip(*text, len + 1), UINT32_MAX) || *scope == 0)
        return false;
    *text = atc_span(text->at, len);
    return true;
}

bool atc_text_addr(struct atc_addr *addr, struct atc_span text)
{
    uint8_t ip[16] = {0};
    uint32_t scope;

    if (!cut_zone(&scope, &text))
        return false;
    if (scope == 0 && read_ipv4(ip, text)) {
        addr->family = ATC_FAMILY_IPV4;
    } else if (read_ipv6(ip, text) && (scope == 0 || has_zones(ip))) {
        addr->family = ATC_FAMILY_IPV6;
        if (memcmp(ip, mapped_prefix, sizeof mapped_prefix) == 0) {
            addr->family = ATC_FAMILY_IPV4;
            memmove(ip, ip + 12, 4);
            memset(ip + 4, 0, 12);
        }
    } else {
        return false;
    }
    memcpy(addr->ip, ip, sizeof ip);
    addr->scope = scope;
    return true;
}
