/* SPDX-License-Identifier: MIT */
#include "script_target.h"

#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "log.h"
#include "status.h"

struct script_item *script_output_add(struct script_output *output)
{
    if (output->item_count == output->item_size) {
        const size_t size = 2u * output->item_size + 8u;
        void *items = realloc(output->items, size * sizeof *output->items);
        if (items == NULL) {
            log_note("out of memory");
            exit(STATUS_SYSTEM);
        }
        output->items = items;
        output->item_size = size;
    }
    struct script_item *item = &output->items[output->item_count++];
    memset(item, 0, sizeof *item);
    return item;
}

void script_output_free(struct script_output *output)
{
    for (size_t i = 0; i < output->item_count; i++)
        script_buf_free(&output->items[i].data);
    free(output->items);
    script_buf_free(&output->te);
    memset(output, 0, sizeof *output);
}

/* "192.0.2.1:5683", "[::1]:5683" */
static bool read_addr(struct script_span word, struct atc_addr *addr)
{
    char text[ADDR_TEXT_MAX];
    uint64_t port;
    size_t colon = word.len;
    while (colon > 0 && word.text[colon - 1u] != ':')
        colon--;
    if (colon < 2u || colon > sizeof text)
        return false;
    const struct script_span digits = {word.text + colon, word.len - colon};
    struct script_span ip = {word.text, colon - 1u};
    if (ip.len >= 2u && ip.text[0] == '[' && ip.text[ip.len - 1u] == ']')
        ip = (struct script_span){ip.text + 1, ip.len - 2u};
    memcpy(text, ip.text, ip.len);
    text[ip.len] = '\0';
    if (!script_span_number(digits, UINT16_MAX, &port) || !addr_parse(addr, text))
        return false;
    addr->port = (uint16_t)port;
    return true;
}

void script_where_read(struct script_where *where, struct script_span *text)
{
    uint64_t session;
    memset(where, 0, sizeof *where);
    struct script_span rest = *text;
    struct script_span word = script_span_word(&rest);
    if (script_span_skip(&word, "id=") && script_span_number(word, ATC_SESSION_MAX - 1, &session)) {
        where->has_session = true;
        where->session = (uint8_t)session;
        *text = rest;
        word = script_span_word(&rest);
    }
    if (read_addr(word, &where->addr)) {
        where->has_addr = true;
        *text = rest;
    }
    (void)script_span_skip(text, " ");
}
