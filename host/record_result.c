/* SPDX-License-Identifier: MIT */
#include "record_result.h"

#include <string.h>
#include <time.h>

enum { TIME_TEXT_MAX = 32 };

void record_result_head(struct json *json, const struct record_config *config)
{
    const struct atc_setting_info *info = NULL;

    json_string(json, "version", ATC_VERSION);
    json_string(json, "dialect", config->dialect);
    if (config->seeded)
        json_number(json, "seed", config->seed);
    if (config->link != NULL)
        json_string(json, "link", config->link);
    if (config->speed != RECORD_REAL_TIME)
        json_thousandths(json, "speed", config->speed);
    json_begin(json, "settings", '{');
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        char text[ATC_SETTING_TEXT_MAX];

        if (atc_setting_text(config->settings, info->key, text, sizeof text) == 0)
            json_string(json, info->key, text);
    }
    json_end(json, '}');
}

static void put_started(struct json *json, uint64_t epoch_us)
{
    const time_t seconds = (time_t)(epoch_us / 1000000u);
    char text[TIME_TEXT_MAX];
    struct tm tm;

    if (gmtime_r(&seconds, &tm) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) != 0)
        json_string(json, "started", text);
}

static void put_datagrams(struct json *json, const struct record_result *result)
{
    json_begin(json, "datagrams", '{');
    json_number(json, "out", result->datagrams[RECORD_OUT]);
    json_number(json, "out_repeats", result->repeats[RECORD_OUT]);
    json_number(json, "in", result->datagrams[RECORD_IN]);
    json_number(json, "in_repeats", result->repeats[RECORD_IN]);
    json_number(json, "lost", result->lost);
    json_end(json, '}');
}

static void put_counters(struct json *json, const struct atc_modem *modem)
{
    json_begin(json, "counters", '{');
    for (unsigned i = 0; i < ATC_COUNT_COUNT; i++)
        json_number(json, atc_count_name(i), atc_counter(modem, (enum atc_count)i));
    json_end(json, '}');
}

static void put_findings(struct json *json, const struct lint *lint)
{
    json_begin(json, "lint", '[');
    for (unsigned i = 0; i < lint->kinds; i++) {
        const struct lint_finding *finding = &lint->first[lint->order[i]];

        json_begin(json, NULL, '{');
        json_string(json, "name", lint_name(finding->kind));
        json_string(json, "rule", lint_rule(finding->kind)->source);
        json_number(json, "count", finding->count);
        json_number(json, "line", finding->line);
        json_string(json, "text", finding->text);
        json_end(json, '}');
    }
    json_end(json, ']');
}

void record_result_put(struct script_buf *out, const struct record_result *result,
                       const struct record_config *config, const struct atc_modem *modem,
                       const struct lint *lint)
{
    struct json json = {.out = out};

    json_begin(&json, NULL, '{');
    json_number(&json, "status", (uint64_t)result->status);
    json_string(&json, "reason", result->reason);
    json_bool(&json, "complete", result->complete);
    put_started(&json, config->epoch_us);
    json_seconds(&json, "seconds", result->us);
    record_result_head(&json, config);
    json_number(&json, "lines", result->lines);
    json_number(&json, "te_bytes", result->te_bytes);
    json_number(&json, "module_bytes", result->module_bytes);
    put_datagrams(&json, result);
    put_findings(&json, lint);
    put_counters(&json, modem);
    json_end(&json, '}');
    script_buf_byte(out, '\n');
}
