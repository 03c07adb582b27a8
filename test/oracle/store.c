/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <string.h>

/* A name without its "UFS:". */
static const uint8_t *bare(const uint8_t *name, size_t *len)
{
    if (*len < 4 || memcmp(name, "UFS:", 4) != 0)
        return name;
    *len -= 4;
    return name + 4;
}

static bool is_named(const struct store_file *file, const uint8_t *name, size_t len)
{
    size_t own_len = file->name_len;
    const uint8_t *own = bare(file->name, &own_len);

    name = bare(name, &len);
    return own_len == len && memcmp(own, name, len) == 0;
}

static struct store_file *find(struct store *store, const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < STORE_FILES; i++) {
        if (store->file[i].used && is_named(&store->file[i], name, len))
            return &store->file[i];
    }
    return NULL;
}

static struct store_file *nth(struct store *store, size_t index)
{
    for (size_t i = 0; i < STORE_FILES; i++) {
        if (store->file[i].used && index-- == 0)
            return &store->file[i];
    }
    return NULL;
}

static enum atc_cause begin(struct store *store, const struct atc_order *order)
{
    if (find(store, order->name, order->name_len) != NULL)
        return ATC_CAUSE_FILE_EXISTS;
    if (order->name_len > STORE_NAME_MAX)
        return ATC_CAUSE_FILE_NAME;
    memset(&store->begun, 0, sizeof store->begun);
    store->begun.used = true;
    store->begun.name_len = order->name_len;
    memcpy(store->begun.name, order->name, order->name_len);
    return ATC_OK;
}

/* Begin with the start of a file that is there, or with nothing. */
static enum atc_cause edit(struct store *store, struct atc_event *event,
                           const struct atc_order *order)
{
    const struct store_file *old = find(store, order->name, order->name_len);

    event->size = old == NULL ? 0 : (uint32_t)old->len;
    if (order->offset > event->size)
        return ATC_CAUSE_FILE_RANGE;
    if (old == NULL) {
        memset(&store->begun, 0, sizeof store->begun);
        store->begun.name_len = order->name_len;
        memcpy(store->begun.name, order->name, order->name_len);
    } else {
        store->begun = *old;
    }
    store->begun.used = true;
    store->begun.len = order->offset;
    store->keep_rest = order->limit == 1;
    return ATC_OK;
}

/* What lies behind the bytes written, and then the file itself gives way. */
static void replace(struct store *store)
{
    struct store_file *old = find(store, store->begun.name, store->begun.name_len);
    struct store_file *file = &store->begun;

    if (old == NULL)
        return;
    if (store->keep_rest && old->len > file->len) {
        memcpy(file->data + file->len, old->data + file->len, old->len - file->len);
        file->len = old->len;
    }
    old->used = false;
}

static enum atc_cause append(struct store *store, const struct atc_order *order)
{
    struct store_file *file = &store->begun;

    if (!file->used || order->len > STORE_SIZE_MAX - file->len) {
        file->used = false;
        return ATC_CAUSE_FILE_FULL;
    }
    memcpy(file->data + file->len, order->data, order->len);
    file->len += order->len;
    return ATC_OK;
}

static enum atc_cause commit(struct store *store)
{
    if (store->begun.used)
        replace(store);
    for (size_t i = 0; i < STORE_FILES; i++) {
        if (!store->file[i].used && store->begun.used) {
            store->file[i] = store->begun;
            store->begun.used = false;
            return ATC_OK;
        }
    }
    return ATC_CAUSE_FILE_FULL;
}

static void read_file(struct atc_event *event, const struct store_file *file,
                      const struct atc_order *order)
{
    const size_t at = order->offset < file->len ? order->offset : file->len;
    const size_t left = file->len - at;

    event->data = file->data + at;
    event->len = left < order->limit ? left : order->limit;
    event->size = (uint32_t)file->len;
}

static void count_space(const struct store *store, struct atc_event *event)
{
    event->total = STORE_FILES * STORE_SIZE_MAX;
    event->size = event->total;
    for (size_t i = 0; i < STORE_FILES; i++) {
        event->size -= store->file[i].used ? (uint32_t)store->file[i].len : 0;
        event->offset += store->file[i].used;
    }
}

void store_answer(struct store *store, struct atc_event *event, const struct atc_order *order)
{
    struct store_file *file = NULL;

    event->kind = ATC_EVENT_FILE_DONE;
    event->order = order->id;
    event->cause = ATC_OK;
    if (order->operation == ATC_FILE_READ || order->operation == ATC_FILE_DELETE)
        file = find(store, order->name, order->name_len);
    else if (order->operation == ATC_FILE_LIST)
        file = nth(store, order->offset);
    switch ((enum atc_file_operation)order->operation) {
    case ATC_FILE_LIST:
    case ATC_FILE_READ:
    case ATC_FILE_DELETE:
        if (file == NULL) {
            event->cause = ATC_CAUSE_FILE_MISSING;
        } else if (order->operation == ATC_FILE_READ) {
            read_file(event, file, order);
        } else if (order->operation == ATC_FILE_DELETE) {
            file->used = false;
        } else {
            event->data = file->name;
            event->len = file->name_len;
            event->size = (uint32_t)file->len;
        }
        break;
    case ATC_FILE_BEGIN:
        event->cause = begin(store, order);
        break;
    case ATC_FILE_EDIT:
        event->cause = edit(store, event, order);
        break;
    case ATC_FILE_APPEND:
        event->cause = append(store, order);
        break;
    case ATC_FILE_COMMIT:
        event->cause = commit(store);
        break;
    case ATC_FILE_ABORT:
        store->begun.used = false;
        break;
    case ATC_FILE_RECALL:
        event->cause = store->kept_len == 0 ? ATC_CAUSE_FILE_MISSING : ATC_OK;
        event->data = store->kept;
        event->len = event->size = (uint32_t)store->kept_len;
        break;
    case ATC_FILE_KEEP:
        store->kept_len = order->len;
        memcpy(store->kept, order->data, order->len);
        break;
    case ATC_FILE_SPACE:
        count_space(store, event);
        break;
    }
}

void store_put(struct store *store, const char *name, const char *content)
{
    for (size_t i = 0; i < STORE_FILES; i++) {
        struct store_file *file = &store->file[i];

        if (file->used)
            continue;
        file->used = true;
        file->name_len = strlen(name);
        file->len = strlen(content);
        memcpy(file->name, name, file->name_len);
        memcpy(file->data, content, file->len);
        return;
    }
}
