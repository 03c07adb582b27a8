/* SPDX-License-Identifier: MIT
 *
 * Prints what the tables of the dialects hold, a line for each row with tabs between its columns, for
 * tools/coverage_report:
 *
 *   row     dialect  index  name  key  forms  parameters, comma between
 *   urc     dialect  kind   head  fields, comma between: when:content
 *   report  dialect  index  name  changes  levels  from which level the cell
 *   kept    dialect  index  name
 *   result  dialect  cause  its name  <err>  <result>
 */
#include <stdio.h>

#include "engine.h"

static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

static void put_commands(const struct atc_dialect *d)
{
    const struct atc_command *row;

    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++) {
        (void)printf("row\t%s\t%zu\t%s\t%s\t%u\t", d->name, i, row->name,
                     row->key != NULL ? row->key : "", row->forms);
        for (unsigned k = 0; k < row->param_count; k++)
            (void)printf("%s%s", k > 0 ? "," : "", row->params[k].name);
        (void)printf("\n");
    }
}

static const char *when_text(uint8_t when)
{
    switch ((enum atc_when)when) {
    case ATC_ALWAYS:
        return "always";
    case ATC_IF_SHOW_ADDRESS:
        return "address";
    case ATC_IF_SHOW_OPTIONS:
        return "options";
    case ATC_IF_TOKEN:
        return "token";
    case ATC_IF_PAYLOAD:
        return "payload";
    }
    return "?";
}

/* The part of a message without which a field has nothing to show. */
static const char *content_text(uint8_t field)
{
    switch (field) {
    case ATC_FIELD_TOKEN:
        return "token";
    case ATC_FIELD_OPTIONS:
    case ATC_FIELD_OPTIONS_QUOTED:
        return "options";
    case ATC_FIELD_PAYLOAD:
    case ATC_FIELD_PAYLOAD_CUT:
    case ATC_FIELD_PAYLOAD_RAW:
        return "payload";
    default:
        return "";
    }
}

static void put_urcs(const struct atc_dialect *d)
{
    for (unsigned kind = 0; kind < ATC_URC_COUNT; kind++) {
        const struct atc_urc *urc = &d->urcs[kind];

        if (urc->head == NULL)
            continue;
        (void)printf("urc\t%s\t%u\t%s\t", d->name, kind, urc->head);
        for (unsigned i = 0; i < urc->field_count; i++)
            (void)printf("%s%s:%s", i > 0 ? "," : "", when_text(urc->fields[i].when),
                         content_text(urc->fields[i].field));
        (void)printf("\n");
    }
}

static void put_reports(const struct atc_dialect *d)
{
    for (unsigned i = 0; i < d->report_count; i++) {
        const struct atc_report *row = &d->reports[i];

        (void)printf("report\t%s\t%u\t%s\t%u\t%u\t%u\n", d->name, i, row->name, row->changes,
                     row->levels, row->cell_from);
    }
}

static void put_kept(const struct atc_dialect *d)
{
    for (unsigned i = 0; i < d->kept_count; i++)
        (void)printf("kept\t%s\t%u\t%s\n", d->name, i, d->kept[i].name);
}

static void put_results(const struct atc_dialect *d)
{
    for (unsigned cause = 0; cause < ATC_CAUSE_COUNT; cause++)
        (void)printf("result\t%s\t%u\t%s\t%d\t%d\n", d->name, cause, atc_cause_name(cause),
                     d->results[cause].cme, d->results[cause].result);
}

int main(void)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        put_commands(dialects[i]);
        put_urcs(dialects[i]);
        put_reports(dialects[i]);
        put_kept(dialects[i]);
        put_results(dialects[i]);
    }
    return fflush(stdout) == 0 ? 0 : 3;
}
