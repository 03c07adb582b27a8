/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <string.h>

static const char prefix[] = "UFS:";

enum { PREFIX_LEN = sizeof prefix - 1 };

/* How much of a name is the prefix that makes no difference. */
static size_t prefix_len(const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < PREFIX_LEN; i++) {
        if (i == len || (name[i] & 0xDF) != (prefix[i] & 0xDF))
            return 0;
    }
    return PREFIX_LEN;
}

static bool same_name(const struct sim_file *file, const uint8_t *name, size_t len)
{
    const size_t skip_own = prefix_len(file->name, file->name_len);
    const size_t skip = prefix_len(name, len);

    return file->name_len - skip_own == len - skip &&
           memcmp(file->name + skip_own, name + skip, len - skip) == 0;
}

static struct sim_file *find(struct sim_store *store, const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < store->count; i++) {
        if (same_name(&store->file[i], name, len))
            return &store->file[i];
    }
    return NULL;
}

void sim_store_init(struct sim_store *store, size_t total)
{
    memset(store, 0, sizeof *store);
    store->total = total < SIM_STORE_BYTES ? total : SIM_STORE_BYTES;
}

static void read_file(struct sim_store *store, const struct atc_order *order,
                      struct atc_event *event)
{
    const struct sim_file *file = find(store, order->name, order->name_len);
    size_t len;

    if (file == NULL || order->offset > file->len) {
        event->cause = ATC_CAUSE_FILE_MISSING;
        return;
    }
    len = file->len - order->offset;
    event->data = store->memory + file->offset + order->offset;
    event->len = len < order->limit ? len : order->limit;
    event->size = (uint32_t)file->len;
}

static void list_file(struct sim_store *store, uint32_t index, struct atc_event *event)
{
    if (index >= store->count) {
        event->cause = ATC_CAUSE_FILE_MISSING;
        return;
    }
    event->data = store->file[index].name;
    event->len = store->file[index].name_len;
    event->size = (uint32_t)store->file[index].len;
}

/* Let what is appended from now on become a file of that name, of len bytes if that is known. */
static enum atc_cause start(struct sim_store *store, const uint8_t *name, size_t name_len,
                            size_t len)
{
    struct sim_file *file = &store->file[store->count];

    if (name_len > SIM_STORE_NAME_MAX)
        return ATC_CAUSE_FILE_NAME;
    if (store->count == SIM_STORE_FILES || len > store->total - store->used)
        return ATC_CAUSE_FILE_FULL;
    memcpy(file->name, name, name_len);
    file->name_len = name_len;
    file->offset = store->used;
    file->len = 0;
    store->keep_rest = false;
    store->writing = true;
    return ATC_OK;
}

static enum atc_cause begin_file(struct sim_store *store, const uint8_t *name, size_t name_len,
                                 size_t len)
{
    if (find(store, name, name_len) != NULL)
        return ATC_CAUSE_FILE_EXISTS;
    return start(store, name, name_len, len);
}

static void wipe_unfinished(struct sim_store *store)
{
    struct sim_file *file = &store->file[store->count];

    if (store->writing)
        memset(store->memory + file->offset, 0, file->len);
    store->writing = false;
}

static enum atc_cause append(struct sim_store *store, const uint8_t *data, size_t len)
{
    struct sim_file *file = &store->file[store->count];

    if (!store->writing)
        return ATC_CAUSE_FILE_STORE;
    if (len > store->total - store->used - file->len) {
        wipe_unfinished(store);
        return ATC_CAUSE_FILE_FULL;
    }
    if (len > 0)
        memcpy(store->memory + file->offset + file->len, data, len);
    file->len += len;
    return ATC_OK;
}

/* A copy of the file's first bytes stands behind all files until it takes the file's place: there has
 * to be room for both. */
static enum atc_cause edit_file(struct sim_store *store, const struct atc_order *order,
                                struct atc_event *event)
{
    struct sim_file *old = find(store, order->name, order->name_len);
    enum atc_cause cause;

    if (order->offset > (old == NULL ? 0 : old->len))
        return ATC_CAUSE_FILE_RANGE;
    cause = old == NULL ? start(store, order->name, order->name_len, 0)
                        : start(store, old->name, old->name_len, old->len);
    if (cause != ATC_OK)
        return cause;
    store->keep_rest = order->limit == 1;
    event->size = old == NULL ? 0 : (uint32_t)old->len;
    return old == NULL ? ATC_OK : append(store, store->memory + old->offset, order->offset);
}

static void remove_file(struct sim_store *store, struct sim_file *file)
{
    const size_t index = (size_t)(file - store->file);
    const size_t gone = file->len;

    memmove(store->memory + file->offset, store->memory + file->offset + gone,
            store->used - file->offset - gone);
    store->used -= gone;
    memset(store->memory + store->used, 0, gone);
    memmove(file, file + 1, (store->count - index - 1) * sizeof *file);
    store->count--;
    for (size_t i = index; i < store->count; i++)
        store->file[i].offset -= gone;
}

static enum atc_cause commit(struct sim_store *store)
{
    const struct sim_file *file = &store->file[store->count];
    struct sim_file *old;
    enum atc_cause cause = ATC_OK;

    if (!store->writing)
        return ATC_CAUSE_FILE_STORE;
    old = find(store, file->name, file->name_len);
    if (old != NULL && store->keep_rest && old->len > file->len)
        cause = append(store, store->memory + old->offset + file->len, old->len - file->len);
    if (cause != ATC_OK)
        return cause;
    store->used += file->len;
    store->count++;
    store->writing = false;
    if (old != NULL)
        remove_file(store, old);
    return ATC_OK;
}

static enum atc_cause delete_file(struct sim_store *store, const uint8_t *name, size_t len)
{
    struct sim_file *file = find(store, name, len);

    if (file == NULL)
        return ATC_CAUSE_FILE_MISSING;
    wipe_unfinished(store);
    remove_file(store, file);
    return ATC_OK;
}

bool sim_store_keep(struct sim_store *store, const uint8_t *data, size_t len)
{
    if (len > sizeof store->kept)
        return false;
    if (len > 0)
        memcpy(store->kept, data, len);
    store->kept_len = len;
    store->has_kept = true;
    return true;
}

void sim_store_order(struct sim_store *store, const struct atc_order *order,
                     struct atc_event *event)
{
    memset(event, 0, sizeof *event);
    event->kind = ATC_EVENT_FILE_DONE;
    event->order = order->id;
    event->session = order->session;
    switch ((enum atc_file_operation)order->operation) {
    case ATC_FILE_LIST:
        list_file(store, order->offset, event);
        break;
    case ATC_FILE_READ:
        read_file(store, order, event);
        break;
    case ATC_FILE_BEGIN:
        event->cause = begin_file(store, order->name, order->name_len, order->limit);
        break;
    case ATC_FILE_EDIT:
        event->cause = edit_file(store, order, event);
        break;
    case ATC_FILE_APPEND:
        event->cause = append(store, order->data, order->len);
        break;
    case ATC_FILE_COMMIT:
        event->cause = commit(store);
        break;
    case ATC_FILE_ABORT:
        wipe_unfinished(store);
        break;
    case ATC_FILE_DELETE:
        event->cause = delete_file(store, order->name, order->name_len);
        break;
    case ATC_FILE_RECALL:
        event->cause = store->has_kept ? ATC_OK : ATC_CAUSE_FILE_MISSING;
        event->data = store->kept;
        event->len = store->kept_len < order->limit ? store->kept_len : order->limit;
        event->size = (uint32_t)store->kept_len;
        break;
    case ATC_FILE_KEEP:
        event->cause = sim_store_keep(store, order->data, order->len) ? ATC_OK
                                                                      : ATC_CAUSE_FILE_FULL;
        break;
    case ATC_FILE_SPACE:
        event->size = (uint32_t)(store->total - store->used);
        event->total = (uint32_t)store->total;
        event->offset = (uint32_t)store->count;
        break;
    }
}

bool sim_store_put(struct sim_store *store, const char *name, const uint8_t *data, size_t len)
{
    const size_t name_len = strlen(name);

    (void)delete_file(store, (const uint8_t *)name, name_len);
    return begin_file(store, (const uint8_t *)name, name_len, len) == ATC_OK &&
           append(store, data, len) == ATC_OK && commit(store) == ATC_OK;
}
