/* SPDX-License-Identifier: MIT
 *
 * The text of a transcript and the bytes it stands for: escapes, placeholders and captures. What
 * the lines are about is for others.
 *
 * A pattern is the text itself; it is read anew each time it is matched, so there is nothing to
 * compile and nothing to free. */
#ifndef ATCOAP_HOST_SCRIPT_TEXT_H
#define ATCOAP_HOST_SCRIPT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct script_span {
    const char *text;
    size_t len;
};

/* Bytes that grow. Zeroed it is empty. Out of memory ends the program: a test run cannot go on. */
struct script_buf {
    char *data;
    size_t len, size;
};

void script_buf_add(struct script_buf *buf, const void *data, size_t len);
void script_buf_text(struct script_buf *buf, const char *text);
void script_buf_span(struct script_buf *buf, struct script_span span);
void script_buf_byte(struct script_buf *buf, uint8_t byte);
void script_buf_format(struct script_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void script_buf_free(struct script_buf *buf);

struct script_span script_span_of(const char *text);
struct script_span script_span_buf(const struct script_buf *buf);
bool script_span_is(struct script_span span, const char *text);

/* Whether span begins with text; then it is cut off. */
bool script_span_skip(struct script_span *span, const char *text);

/* Cut off the next word; words are parted by blanks, and blanks in "quotes" do not part. Returns an
 * empty span at the end. */
struct script_span script_span_word(struct script_span *span);

/* A decimal number of no more than max, all of span. */
bool script_span_number(struct script_span span, uint64_t max, uint64_t *value);

/* What placeholders have captured so far; a later capture of the same name hides the earlier. */
struct script_var {
    struct script_span name; /* in the transcript's text */
    char *value;
    size_t len;
};

struct script_vars {
    struct script_var *items;
    size_t count, size;
    bool lenient; /* a name that was never captured matches anything */
};

void script_vars_rewind(struct script_vars *vars, size_t count);
void script_vars_free(struct script_vars *vars);

/* How to read a text. */
enum script_reading {
    SCRIPT_LINE = 1,    /* {R} stops at CR and LF */
    SCRIPT_EXACT = 2,   /* \r and \n are escapes too */
    SCRIPT_ANY_CASE = 4 /* letters match in either case */
};

/* Match pattern against the start of data. After it must come tail; NULL: the end of data.
 * Returns the bytes matched, without tail, or -1. Captures are added to vars, even if what the
 * caller matches next fails: then he rewinds them. */
ptrdiff_t script_match(struct script_span pattern, unsigned reading, struct script_vars *vars,
                       const void *data, size_t len, const char *tail);

/* Append the bytes a text stands for. Returns NULL, or what is wrong with the text: a placeholder
 * in it has no value, for one. */
const char *script_expand(struct script_span text, unsigned reading, const struct script_vars *vars,
                          struct script_buf *out);

/* The names that the lines so far can capture. */
enum { SCRIPT_NAMES_MAX = 256 };
struct script_names {
    size_t count; /* of all; those behind the last place are not told apart */
    struct script_span name[SCRIPT_NAMES_MAX];
};

/* Whether escapes and placeholders of a text that is expected are well formed, and the names it refers
 * to are among names, to which its own are added. Returns NULL, or what is wrong. */
const char *script_check(struct script_span text, unsigned reading, struct script_names *names);

/* Append the bytes that hex digits stand for. Returns NULL, or what is wrong with them. */
const char *script_unhex(struct script_span digits, struct script_buf *out);

/* Append the text that stands for data, as script_expand() would read it. */
void script_escape(struct script_buf *out, const void *data, size_t len, unsigned reading);

#endif
