/* SPDX-License-Identifier: MIT
 *
 * The run-time settings by their names. Firmware sets the fields of struct atc_settings itself and
 * does not link this file.
 */
#include "atcoap/atcoap.h"
#include "text.h"

/* A setting: a choice of words whose place among the others is the value, or a range of numbers. */
struct setting {
    struct atc_setting_info info;
    uint16_t offset;
    uint8_t size;
    uint32_t min, max; /* max 0: words */
};

#define FIELD(field) offsetof(struct atc_settings, field), sizeof(((struct atc_settings *)0)->field)

/* clang-format off */
static const struct setting settings[] = {
    {{"line-end", "any|cr", "D-01", "what ends a command line: CR or LF, or CR alone"}, FIELD(line_end), 0, 0},
    {{"noise", "ignore|error", "D-02", "a line that does not begin with AT gives nothing, or ERROR"}, FIELD(noise), 0, 0},
    {{"body-lf", "auto|drop|keep", "D-04", "an LF behind the CR of a SEND line: dropped if the host ends lines in CR LF, always, never"}, FIELD(body_lf), 0, 0},
    {{"echo", "on|off", "D-05", "command echo at start"}, FIELD(echo), 0, 0},
    {{"colon", "field|note", "D-08", "where field modules print no blank behind the colon of base replies: none, or one as the note prints"}, FIELD(colon), 0, 0},
    {{"timing", "instant|typical|max", "D-16", "how long replies take: no time, about as long as a module's, the note's maximum"}, FIELD(timing), 0, 0},
    {{"head", "once|keep", "D-26, D-65, D-108", "a header serves one message, or all until it is changed"}, FIELD(head), 0, 0},
    {{"option", "once|keep", "D-26", "an option list serves one message, or all until it is changed"}, FIELD(option), 0, 0},
    {{"content-format", "note|any", "D-29", "only the Content-Formats of the note, or any, where the note has a list"}, FIELD(content_format), 0, 0},
    {{"options", "note|any", "D-29, D-66", "only the option numbers of the note, or any"}, FIELD(options), 0, 0},
    {{"split-path", "on|off", "D-30", "a path in one value becomes an option for each segment"}, FIELD(split_path), 0, 0},
    {{"names", "off|on", "D-31", "a host name is good where the note wants an address (AT+QCOAPSEND with <ip_addr>)"}, FIELD(names), 0, 0},
    {{"esc", "error|ok|52", "D-32, D-68", "a cancelled data entry ends in an error, or in OK"}, FIELD(esc), 0, 0},
    {{"payload", "auto|hex|text", "D-33, D-100", "typed hex digits stand for bytes unless the Content-Format is text, always, never (AT+QCOAPSEND with <ip_addr>)"}, FIELD(payload), 0, 0},
    {{"unmatched", "4.04|urc", "D-42", "a request for a path that is not registered is answered with 4.04, or reported"}, FIELD(unmatched), 0, 0},
    {{"psk", "auto|hex|text", "D-74", "the key in a PSK file is hex if it looks like hex, always, or never"}, FIELD(psk), 0, 0},
    {{"nstart", "1..4", "D-34, D-69", "confirmable messages outstanding per client"}, FIELD(nstart), 1, 4},
    {{"token-len", "0..8", "D-27, D-65", "bytes of a token the module chooses; the default is the module's"}, FIELD(token_len), 0, 8},
    {{"max-retransmit", "0..14", "D-36, D-124", "retransmissions of a confirmable message; the default is the module's"}, FIELD(max_retransmit), 0, 14},
    {{"message-max", "1280..4096", "D-17", "bytes of the largest message in both directions"}, FIELD(message_max), 1280, 4096},
    {{"rsp-max", "512|1024", "D-38", "bytes of a payload shown in a \"rsp\" URC"}, FIELD(rsp_max), 0, 0},
    {{"ack-timeout", "1000..60000", "D-36", "milliseconds a confirmable message waits for its ACK at least; default 2000"}, FIELD(ack_timeout_ms), 1000, 60000},
    {{"auto-ack", "off|1..60000", "D-43", "acknowledge a request the host has not answered after so many milliseconds"}, FIELD(auto_ack_ms), 0, 60000},
    {{"prompt-timeout", "off|1..3600000", "D-68, D-121", "cancel a data entry in which nothing is typed for so many milliseconds"}, FIELD(prompt_timeout_ms), 0, 3600000},
};
/* clang-format on */

enum { SETTING_COUNT = sizeof settings / sizeof settings[0] };

/* The defaults of message-max and rsp-max, or what the limits of config.h leave of them; with those two
 * the same may stand twice. NOLINTBEGIN(bugprone-branch-clone) */
enum {
    MESSAGE_DEFAULT = ATC_MESSAGE_MAX < 1280 ? ATC_MESSAGE_MAX : 1280,
    RSP_DEFAULT = ATC_PAYLOAD_MAX < 512 ? ATC_PAYLOAD_MAX : 512
}; /* NOLINTEND(bugprone-branch-clone) */

void atc_settings_default(struct atc_settings *s)
{
    memset(s, 0, sizeof *s);
    s->echo = ATC_ON;
    s->split_path = ATC_ON;
    s->nstart = 1;
    s->token_len = 255;
    s->max_retransmit = 255;
    s->message_max = MESSAGE_DEFAULT;
    s->rsp_max = RSP_DEFAULT;
}

const struct atc_setting_info *atc_setting_info(size_t index)
{
    return index < SETTING_COUNT ? &settings[index].info : NULL;
}

static void store(struct atc_settings *s, const struct setting *setting, uint32_t value)
{
    uint8_t *at = (uint8_t *)s + setting->offset;
    const uint16_t half = (uint16_t)value;
    const uint8_t byte = (uint8_t)value;

    if (setting->size == 1)
        memcpy(at, &byte, sizeof byte);
    else if (setting->size == 2)
        memcpy(at, &half, sizeof half);
    else
        memcpy(at, &value, sizeof value);
}

/* The place of value among the words of a list, or -1. */
static int place_of(const char *words, struct atc_span value)
{
    struct atc_span rest = atc_span_text(words);

    for (int place = 0; rest.len > 0; place++) {
        size_t len = 0;

        while (len < rest.len && rest.at[len] != '|')
            len++;
        if (atc_span_equal(atc_span(rest.at, len), value))
            return place;
        len = len < rest.len ? len + 1 : len;
        rest = atc_span(rest.at + len, rest.len - len);
    }
    return -1;
}

/* "on" and "off" are the other way round than ATC_ON and ATC_OFF: the default comes first. */
static uint32_t value_of(const struct setting *setting, int place)
{
    if (atc_span_equal(atc_span_text(setting->info.values), atc_span_text("on|off")))
        return place == 0 ? ATC_ON : ATC_OFF;
    return (uint32_t)place;
}

static int set_words(struct atc_settings *s, const struct setting *setting, struct atc_span value)
{
    const int place = place_of(setting->info.values, value);
    uint32_t number = value_of(setting, place);

    if (place < 0)
        return ATC_E_VALUE;
    if (setting->size == 2) /* the words are the values */
        (void)atc_text_number(&number, value, UINT16_MAX);
    store(s, setting, number);
    return 0;
}

int atc_setting(struct atc_settings *s, const char *key, const char *value)
{
    const struct atc_span text = atc_span_text(value);

    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &settings[i];
        uint32_t number;

        if (!atc_span_equal(atc_span_text(setting->info.key), atc_span_text(key)))
            continue;
        if (setting->max == 0)
            return set_words(s, setting, text);
        if (setting->info.values[0] == 'o' && atc_span_equal(text, atc_span_text("off"))) {
            store(s, setting, 0);
            return 0;
        }
        if (!atc_text_number(&number, text, setting->max) || number < setting->min ||
            (setting->offset == offsetof(struct atc_settings, message_max) &&
             number > ATC_MESSAGE_MAX))
            return ATC_E_VALUE;
        store(s, setting, number);
        return 0;
    }
    return ATC_E_KEY;
}

static uint32_t load(const struct atc_settings *s, const struct setting *setting)
{
    const uint8_t *at = (const uint8_t *)s + setting->offset;
    uint16_t half;
    uint32_t value;

    if (setting->size == 1)
        return *at;
    memcpy(&half, at, sizeof half);
    if (setting->size == 2)
        return half;
    memcpy(&value, at, sizeof value);
    return value;
}

/* The word at that place of a list, or nothing. */
static struct atc_span word_at(const char *words, uint32_t place)
{
    struct atc_span rest = atc_span_text(words);

    for (;; place--) {
        size_t len = 0;

        while (len < rest.len && rest.at[len] != '|')
            len++;
        if (place == 0)
            return atc_span(rest.at, len);
        if (len == rest.len)
            return atc_span(NULL, 0);
        rest = atc_span(rest.at + len + 1, rest.len - len - 1);
    }
}

/* Write number in decimal to the end of text[0..ATC_SETTING_TEXT_MAX). */
static struct atc_span digits_of(uint8_t *text, uint32_t number)
{
    size_t at = ATC_SETTING_TEXT_MAX;

    do {
        text[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return atc_span(text + at, ATC_SETTING_TEXT_MAX - at);
}

static struct atc_span text_of(uint8_t *buf, const struct setting *setting, uint32_t value)
{
    if (setting->max == 0 && setting->size == 1)
        return word_at(setting->info.values, value_of(setting, (int)value));
    if (setting->info.values[0] == 'o' && value == 0)
        return atc_span_text("off");
    if (setting->max != 0 && (value < setting->min || value > setting->max))
        return atc_span_text("module");
    return digits_of(buf, value);
}

int atc_setting_text(const struct atc_settings *s, const char *key, char *text, size_t size)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &settings[i];
        uint8_t buf[ATC_SETTING_TEXT_MAX];
        struct atc_span value;

        if (!atc_span_equal(atc_span_text(setting->info.key), atc_span_text(key)))
            continue;
        value = text_of(buf, setting, load(s, setting));
        if (value.len >= size)
            return ATC_E_FULL;
        atc_copy((uint8_t *)text, value); /* a value that no word stands for is nothing */
        text[value.len] = '\0';
        return 0;
    }
    return ATC_E_KEY;
}
