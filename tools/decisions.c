/* SPDX-License-Identifier: MIT */
#include "decisions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The page, NUL-terminated; made by cmake/embed.cmake. */
extern const unsigned char decisions_page[];

static const char entry_start[] = "\n### D-";

static struct decision_text text_of(const char *at, size_t len)
{
    const struct decision_text text = {at, len};

    return text;
}

static struct decision_text trim(struct decision_text text)
{
    while (text.len > 0 && isspace((unsigned char)text.at[0]))
        text = text_of(text.at + 1, text.len - 1);
    while (text.len > 0 && isspace((unsigned char)text.at[text.len - 1]))
        text.len--;
    return text;
}

static bool equal(struct decision_text text, const char *other)
{
    return text.len == strlen(other) && memcmp(text.at, other, text.len) == 0;
}

static bool starts_with(struct decision_text text, const char *word)
{
    return text.len >= strlen(word) && memcmp(text.at, word, strlen(word)) == 0;
}

/* Where word stands in the text, or NULL. */
static const char *find(struct decision_text text, const char *word)
{
    for (size_t i = 0; i + strlen(word) <= text.len; i++) {
        if (memcmp(text.at + i, word, strlen(word)) == 0)
            return text.at + i;
    }
    return NULL;
}

/* What stands before the first of these characters; the text goes on behind it. */
static struct decision_text split(struct decision_text *text, const char *ends)
{
    struct decision_text part = *text;

    for (part.len = 0; part.len < text->len && strchr(ends, text->at[part.len]) == NULL;)
        part.len++;
    *text = part.len < text->len ? text_of(text->at + part.len + 1, text->len - part.len - 1)
                                 : text_of(text->at + part.len, 0);
    return trim(part);
}

/* The lines of a field, up to the next one. */
static struct decision_text field(struct decision_text entry, const char *name)
{
    const char *start = find(entry, name);
    struct decision_text rest;

    if (start == NULL)
        return text_of(entry.at, 0);
    start += strlen(name);
    rest = text_of(start, entry.len - (size_t)(start - entry.at));
    for (size_t i = 0; i + 1 < rest.len; i++) {
        if (rest.at[i] == '\n' && rest.at[i + 1] != ' ')
            rest.len = i;
    }
    return trim(rest);
}

static void read_entry(struct decision *decision, const char *start)
{
    const char *end = strstr(start, "\n#");
    struct decision_text head;

    decision->entry = text_of(start, end == NULL ? strlen(start) : (size_t)(end - start));
    decision->number = (unsigned)strtoul(start + strlen("### D-"), NULL, 10);
    head = text_of(start, strcspn(start, "\n"));
    (void)split(&head, "-");
    (void)split(&head, " ");
    decision->title = trim(head);
    decision->place = field(decision->entry, "\n- Place:");
    decision->evidence = field(decision->entry, "\n- Evidence:");
}

bool decision_next(struct decision *decision)
{
    const char *from = decision->entry.at == NULL ? (const char *)decisions_page
                                                  : decision->entry.at + decision->entry.len;
    const char *start = strstr(from, entry_start);

    if (start == NULL)
        return false;
    read_entry(decision, start + 1);
    return true;
}

bool decision_find(struct decision *decision, unsigned number)
{
    memset(decision, 0, sizeof *decision);
    while (decision_next(decision)) {
        if (decision->number == number)
            return true;
    }
    return false;
}

/* Whether the text names AT+NAME, or ATN for a name of one letter; CREATE does not. */
static bool names_command(struct decision_text text, const char *name)
{
    char word[32];
    const char *found = NULL;

    (void)snprintf(word, sizeof word, "%s%s", name[1] == '\0' ? "AT" : "AT+", name);
    found = find(text, word);
    return found != NULL && !isalnum((unsigned char)found[strlen(word)]) &&
           (found == text.at || !isalnum((unsigned char)found[-1]));
}

/* Whether source, a list, has the item. */
static bool lists(const char *source, const char *item)
{
    struct decision_text rest = text_of(source, strlen(source));

    while (rest.len > 0) {
        if (equal(split(&rest, ","), item))
            return true;
    }
    return false;
}

/* Whether one of the chapters of a place is one of source. A note is named once for all chapters
 * that follow; a chapter's own table or note does not matter. */
static bool names_chapter(struct decision_text place, const char *source)
{
    char note[8] = "", chapter[48];

    while (place.len > 0) {
        struct decision_text item = split(&place, ",");

        if (starts_with(item, "BC95 ") || starts_with(item, "BG96 ") || starts_with(item, "RFC ")) {
            const struct decision_text word = split(&item, " ");

            (void)snprintf(note, sizeof note, "%.*s", (int)word.len, word.at);
        }
        if (isdigit((unsigned char)item.at[0]))
            item = split(&item, " ");
        (void)snprintf(chapter, sizeof chapter, "%s %.*s", note, (int)item.len, item.at);
        if (item.len > 0 && !starts_with(item, "5.") && lists(source, chapter))
            return true;
    }
    return false;
}

bool decision_is_about(const struct decision *decision, const char *source, const char *name)
{
    char own[8];

    (void)snprintf(own, sizeof own, "D-%02u", decision->number);
    if (lists(source, own) || names_chapter(decision->place, source))
        return true;
    return name != NULL &&
           (names_command(decision->title, name) || names_command(decision->place, name));
}

/* The classes of evidence as the page introduces them, and the standard beside the RFCs. */
static bool is_class(struct decision_text word)
{
    static const char *const classes[] = {"note", "manual", "log",  "driver",
                                          "RFC",  "V.250",  "guess"};

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (equal(word, classes[i]))
            return true;
    }
    return false;
}

void decision_put_evidence(const struct decision *decision, FILE *out)
{
    struct decision_text rest = decision->evidence;
    const char *against = find(rest, "against");
    bool first = true;

    if (against != NULL)
        rest.len = (size_t)(against - rest.at);
    while (rest.len > 0) {
        struct decision_text item = split(&rest, ",;");
        struct decision_text word = split(&item, " ");

        if (!is_class(word))
            continue;
        (void)fprintf(out, "%s%.*s", first ? "" : ", ", (int)word.len, word.at);
        first = false;
    }
}
