/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "gen_commands.h"

static void put_forms(FILE *out, const struct atc_command *row)
{
    (void)fputs("| form | line |\n| --- | --- |\n", out);
    for (unsigned form = ATC_FORM_TEST; form <= ATC_FORM_S_WRITE; form *= 2) {
        if ((row->forms & form) == 0)
            continue;
        (void)fprintf(out, "| %s | `", manual_form_name((enum atc_form)form));
        manual_put_line(out, row, (enum atc_form)form);
        (void)fputs("` |\n", out);
    }
    (void)fputs("\n", out);
}

static void put_param(FILE *out, const struct atc_dialect *d, const struct atc_command *row,
                      const struct atc_param *param)
{
    const char *meaning = manual_param_text(d, row, param->name);

    (void)fprintf(out, "| `<%s>` | %s%s | ", param->name, manual_kind(param),
                  (param->flags & ATC_OPTIONAL) != 0 ? ", optional" : "");
    manual_put_range(out, param);
    (void)fputs(" | ", out);
    gen_cell(out, meaning == NULL ? "" : meaning);
    (void)fputs(" |\n", out);
}

static void put_params(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const unsigned first = row->key == NULL ? 0 : 1; /* the key stands in the heading */

    if (row->param_count <= first)
        return;
    (void)fputs("| parameter | kind | range | meaning |\n| --- | --- | --- | --- |\n", out);
    for (unsigned i = first; i < row->param_count; i++)
        put_param(out, d, row, &row->params[i]);
    (void)fputs("\n", out);
}

static void put_test_reply(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    if ((row->forms & ATC_FORM_TEST) == 0)
        return;
    if (row->test_reply == NULL) {
        (void)fputs("- Test reply: `OK` alone\n", out);
        return;
    }
    (void)fputs("- Test reply: `", out);
    (void)manual_put_test_reply(out, d, row);
    (void)fputs("`\n", out);
}

static void put_reply(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const struct manual_reply *reply = manual_reply(d, row);

    if (reply == NULL)
        return;
    (void)fprintf(out, "- Reply: `%s`", reply->reply);
    if (reply->meaning != NULL) {
        (void)fputs("; ", out);
        gen_cell(out, reply->meaning);
    }
    (void)fputs("\n", out);
}

static void put_facts(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const char *body = manual_body(d, row);

    put_test_reply(out, d, row);
    put_reply(out, d, row);
    if (body != NULL)
        (void)fprintf(out, "- Data: %s\n", body);
    (void)fputs("- Errors: ", out);
    gen_cell(out, manual_errors(d, row));
    (void)fputs("\n- Maximum response time: ", out);
    manual_put_time(out, row->reply_max_ms);
    (void)fputs("\n", out);
    gen_source(out, row->source, row->name);
}

static bool put_command(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const struct manual_text *text = manual_text(d, row);
    char heading[96];

    if (text == NULL)
        return false;
    gen_command_heading(heading, d, row);
    gen_heading(out, 3, heading);
    (void)fprintf(out, "%c%s.\n\n", toupper((unsigned char)text->meaning[0]), text->meaning + 1);
    put_forms(out, row);
    put_params(out, d, row);
    put_facts(out, d, row);
    (void)fputs("\nExample:\n\n", out);
    return manual_play(out, d, text->example, "    ");
}

bool gen_commands(FILE *out, const struct atc_dialect *d, bool base)
{
    const struct atc_command *row = NULL;

    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++) {
        if (row->base == base && !put_command(out, d, row))
            return false;
    }
    return true;
}
