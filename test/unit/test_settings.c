/* SPDX-License-Identifier: MIT
 *
 * The run-time settings: every switch of the decisions is there, takes the values it names and no
 * other, the first word is the default; and what atc_init() refuses.
 */
#include <stdlib.h>

#include "atcoap/atcoap.h"
#include "check.h"
#include "rng.h"

static const char *const keys[] = {
    "line-end",    "noise",     "body-lf",        "echo",           "colon",
    "timing",      "head",      "option",         "content-format", "options",
    "split-path",  "esc",       "payload",        "unmatched",      "psk",
    "nstart",      "token-len", "max-retransmit", "message-max",    "rsp-max",
    "ack-timeout", "auto-ack",  "prompt-timeout", "names",
};

static const struct atc_setting_info *info_of(const char *key)
{
    const struct atc_setting_info *info;

    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        if (strcmp(info->key, key) == 0)
            return info;
    }
    return NULL;
}

static void test_all_are_there(void **state)
{
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        EXPECT(info_of(keys[i]) != NULL, "no setting %s", keys[i]);
    while (atc_setting_info(count) != NULL)
        count++;
    assert_int_equal(count, COUNT_OF(keys));
    assert_null(atc_setting_info(SIZE_MAX));
}

static void test_all_are_told_about(void **state)
{
    const struct atc_setting_info *info;

    (void)state;
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        EXPECT(strncmp(info->source, "D-", 2) == 0, "%s", info->key);
        EXPECT(strlen(info->meaning) > 10, "%s", info->key);
        EXPECT(strlen(info->values) > 0, "%s", info->key);
    }
}

/* Settings as bytes: every field counts, so start from zeros to have no stray padding. */
static void start(struct atc_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    atc_settings_default(settings);
}

/* Whether a list of values is one of words, "once|keep". */
static bool is_words(const char *values)
{
    return strchr(values, '|') != NULL && strstr(values, "..") == NULL;
}

static void check_words(const struct atc_setting_info *info)
{
    char words[64];
    const char *word;
    bool first = true;

    (void)snprintf(words, sizeof words, "%s", info->values);
    for (word = strtok(words, "|"); word != NULL; word = strtok(NULL, "|"), first = false) {
        struct atc_settings set, plain;

        start(&set);
        start(&plain);
        if (strcmp(info->key, "rsp-max") == 0 && atoi(word) > ATC_PAYLOAD_MAX)
            continue;
        EXPECT(atc_setting(&set, info->key, word) == 0, "%s=%s", info->key, word);
        EXPECT((memcmp(&set, &plain, sizeof set) == 0) == first || strcmp(word, "52") == 0, "%s=%s",
               info->key, word);
    }
}

static void test_words(void **state)
{
    const struct atc_setting_info *info;

    (void)state;
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        if (is_words(info->values))
            check_words(info);
    }
}

static void test_numbers(void **state)
{
    static const struct {
        const char *key, *value;
        int result;
    } cases[] = {
        {"nstart", "0", ATC_E_VALUE},
        {"nstart", "1", 0},
        {"nstart", "4", 0},
        {"nstart", "5", ATC_E_VALUE},
        {"nstart", "", ATC_E_VALUE},
        {"nstart", " 1", ATC_E_VALUE},
        {"nstart", "+1", ATC_E_VALUE},
        {"nstart", "257", ATC_E_VALUE},
        {"token-len", "0", 0},
        {"token-len", "8", 0},
        {"token-len", "9", ATC_E_VALUE},
        {"max-retransmit", "0", 0},
        {"max-retransmit", "4", 0},
        {"max-retransmit", "14", 0},
        {"max-retransmit", "15", ATC_E_VALUE},
        {"max-retransmit", "255", ATC_E_VALUE},
        {"message-max", "1279", ATC_E_VALUE},
        {"message-max", "1280", 0},
        {"message-max", "1281", ATC_MESSAGE_MAX > 1280 ? 0 : ATC_E_VALUE},
        {"message-max", "4096", ATC_MESSAGE_MAX >= 4096 ? 0 : ATC_E_VALUE},
        {"message-max", "4097", ATC_E_VALUE},
        {"rsp-max", "512", 0},
        {"rsp-max", "1024", 0},
        {"rsp-max", "513", ATC_E_VALUE},
        {"ack-timeout", "999", ATC_E_VALUE},
        {"ack-timeout", "1000", 0},
        {"ack-timeout", "60000", 0},
        {"ack-timeout", "60001", ATC_E_VALUE},
        {"ack-timeout", "4294968296", ATC_E_VALUE},
        {"auto-ack", "off", 0},
        {"auto-ack", "0", 0},
        {"auto-ack", "1", 0},
        {"auto-ack", "60000", 0},
        {"auto-ack", "60001", ATC_E_VALUE},
        {"auto-ack", "on", ATC_E_VALUE},
        {"prompt-timeout", "off", 0},
        {"prompt-timeout", "0", 0},
        {"prompt-timeout", "1", 0},
        {"prompt-timeout", "3600000", 0},
        {"prompt-timeout", "3600001", ATC_E_VALUE},
        {"head", "KEEP", ATC_E_VALUE},
        {"head", "kee", ATC_E_VALUE},
        {"head", "once|keep", ATC_E_VALUE},
        {"head", "", ATC_E_VALUE},
        {"HEAD", "keep", ATC_E_KEY},
        {"", "keep", ATC_E_KEY},
        {"heads", "keep", ATC_E_KEY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct atc_settings set, plain;

        start(&set);
        start(&plain);
        EXPECT(atc_setting(&set, cases[i].key, cases[i].value) == cases[i].result, "%s=%s",
               cases[i].key, cases[i].value);
        if (cases[i].result != 0)
            EXPECT(memcmp(&set, &plain, sizeof set) == 0, "%s=%s changed something", cases[i].key,
                   cases[i].value);
    }
}

static void test_values_arrive(void **state)
{
    struct atc_settings s;

    (void)state;
    start(&s);
    assert_int_equal(s.echo, ATC_ON);
    assert_int_equal(s.split_path, ATC_ON);
    assert_int_equal(atc_setting(&s, "echo", "off"), 0);
    assert_int_equal(s.echo, ATC_OFF);
    assert_int_equal(atc_setting(&s, "ack-timeout", "4000"), 0);
    assert_int_equal(s.ack_timeout_ms, 4000);
    assert_int_equal(atc_setting(&s, "auto-ack", "1500"), 0);
    assert_int_equal(s.auto_ack_ms, 1500);
    assert_int_equal(atc_setting(&s, "auto-ack", "off"), 0);
    assert_int_equal(s.auto_ack_ms, 0);
    assert_int_equal(atc_setting(&s, "rsp-max", "1024"), 0);
    assert_int_equal(s.rsp_max, 1024);
    assert_int_equal(atc_setting(&s, "body-lf", "keep"), 0);
    assert_int_equal(s.body_lf, ATC_BODY_LF_KEEP);
    assert_int_equal(atc_setting(&s, "timing", "max"), 0);
    assert_int_equal(s.timing, ATC_TIMING_MAX);
}

/* --- atc_setting_text() ----------------------------------------------------------------------- */

/* Whatever is set comes back as it was set. */
static void test_text_comes_back(void **state)
{
    static const char *const values[][2] = {
        {"nstart", "4"},          {"token-len", "0"},
        {"token-len", "8"},       {"ack-timeout", "1000"},
        {"ack-timeout", "60000"}, {"auto-ack", "off"},
        {"auto-ack", "1"},        {"prompt-timeout", "3600000"},
        {"rsp-max", "512"},       {"message-max", "1280"},
        {"max-retransmit", "0"},  {"max-retransmit", "14"},
    };
    const struct atc_setting_info *info;
    char text[ATC_SETTING_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct atc_settings s;

        start(&s);
        assert_int_equal(atc_setting(&s, values[i][0], values[i][1]), 0);
        assert_int_equal(atc_setting_text(&s, values[i][0], text, sizeof text), 0);
        assert_string_equal(text, values[i][1]);
    }
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        char words[64];

        (void)snprintf(words, sizeof words, "%s", is_words(info->values) ? info->values : "");
        for (const char *word = strtok(words, "|"); word != NULL; word = strtok(NULL, "|")) {
            struct atc_settings s;

            start(&s);
            if (atc_setting(&s, info->key, word) != 0)
                continue;
            EXPECT(atc_setting_text(&s, info->key, text, sizeof text) == 0 &&
                       strcmp(text, word) == 0,
                   "%s=%s came back as %s", info->key, word, text);
        }
    }
}

static void test_text_of_defaults(void **state)
{
    struct atc_settings s;
    char text[ATC_SETTING_TEXT_MAX];

    (void)state;
    start(&s);
    assert_int_equal(atc_setting_text(&s, "head", text, sizeof text), 0);
    assert_string_equal(text, "once");
    assert_int_equal(atc_setting_text(&s, "echo", text, sizeof text), 0);
    assert_string_equal(text, "on");
    for (size_t i = 0; i < 3; i++) {
        static const char *const dialects[] = {"token-len", "max-retransmit", "ack-timeout"};

        assert_int_equal(atc_setting_text(&s, dialects[i], text, sizeof text), 0);
        assert_string_equal(text, "module");
    }
    assert_int_equal(atc_setting_text(&s, "head", text, 5), 0);
    assert_int_equal(atc_setting_text(&s, "head", text, 4), ATC_E_FULL);
    assert_int_equal(atc_setting_text(&s, "heads", text, sizeof text), ATC_E_KEY);
}

/* Firmware has written a value that no word stands for. */
static void test_text_of_no_word(void **state)
{
    struct atc_settings s;
    char text[ATC_SETTING_TEXT_MAX] = "x";

    (void)state;
    start(&s);
    s.noise = 2;
    assert_int_equal(atc_setting_text(&s, "noise", text, sizeof text), 0);
    assert_string_equal(text, "");
}

/* --- atc_init() ------------------------------------------------------------------------------- */

static bool fill(void *ctx, uint8_t *buf, size_t len)
{
    rng_fill(ctx, buf, len);
    return true;
}

static void no_dialect(struct atc_config *c)
{
    c->dialect = NULL;
}

static void no_random(struct atc_config *c)
{
    c->random = NULL;
}

static void nstart_0(struct atc_config *c)
{
    c->settings.nstart = 0;
}

static void nstart_5(struct atc_config *c)
{
    c->settings.nstart = 5;
}

static void token_9(struct atc_config *c)
{
    c->settings.token_len = 9;
}

static void retransmit_254(struct atc_config *c)
{
    c->settings.max_retransmit = 254;
}

static void message_tiny(struct atc_config *c)
{
    c->settings.message_max = 63;
}

static void message_huge(struct atc_config *c)
{
    c->settings.message_max = ATC_MESSAGE_MAX + 1;
}

static void rsp_0(struct atc_config *c)
{
    c->settings.rsp_max = 0;
}

static void rsp_huge(struct atc_config *c)
{
    c->settings.rsp_max = ATC_PAYLOAD_MAX + 1;
}

static void ack_short(struct atc_config *c)
{
    c->settings.ack_timeout_ms = 999;
}

static void ack_long(struct atc_config *c)
{
    c->settings.ack_timeout_ms = 60001;
}

static void test_init_refuses(void **state)
{
    static void (*const spoil[])(struct atc_config *) = {
        no_dialect,   no_random,    nstart_0, nstart_5, token_9,   retransmit_254,
        message_tiny, message_huge, rsp_0,    rsp_huge, ack_short, ack_long,
    };
    static struct atc_modem m;
    struct rng rng = {12};

    (void)state;
    for (size_t i = 0; i <= COUNT_OF(spoil); i++) {
        struct atc_config cfg = {.dialect = &atc_dialect_bg96, .random = fill, .ctx = &rng};

        atc_settings_default(&cfg.settings);
        if (i < COUNT_OF(spoil))
            spoil[i](&cfg);
        EXPECT(atc_init(&m, &cfg, 0) == (i < COUNT_OF(spoil) ? ATC_E_CONFIG : 0), "case %zu", i);
    }
}

/* A library with other limits refuses the struct instead of writing behind it. */
static void test_init_refuses_other_size(void **state)
{
    static struct atc_modem m;
    struct rng rng = {13};
    struct atc_config cfg = {.dialect = &atc_dialect_bc95, .random = fill, .ctx = &rng};

    (void)state;
    atc_settings_default(&cfg.settings);
    assert_int_equal(atc_init_sized(&m, sizeof m - 8, &cfg, 0), ATC_E_SIZE);
    assert_int_equal(atc_init_sized(&m, sizeof m + 8, &cfg, 0), ATC_E_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_there),   cmocka_unit_test(test_all_are_told_about),
        cmocka_unit_test(test_words),           cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_values_arrive),   cmocka_unit_test(test_text_comes_back),
        cmocka_unit_test(test_text_of_no_word), cmocka_unit_test(test_text_of_defaults),
        cmocka_unit_test(test_init_refuses),    cmocka_unit_test(test_init_refuses_other_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
