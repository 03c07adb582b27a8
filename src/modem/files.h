/* SPDX-License-Identifier: MIT
 *
 * The AT side of the module's files: data entry, checksum, FILE orders; and the keys that files
 * hold. The files themselves are the shell's.
 */
#ifndef ATC_FILES_H
#define ATC_FILES_H

#include "engine.h"

/* AT+QFOPEN, AT+QFREAD, AT+QFWRITE, AT+QFSEEK, AT+QFPOSITION, AT+QFTUCAT, AT+QFCLOSE. */
uint8_t atc_opened_open(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_read(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_write(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_seek(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_position(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_cut(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_opened_close(struct atc_engine *e, const struct atc_call *call);

/* AT+QFUPL, AT+QFDWL, AT+QFLST, AT+QFDEL, AT+QFLDS. */
uint8_t atc_files_upload(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_piece(struct atc_engine *e, struct atc_span typed);
uint8_t atc_files_download(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_list(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_delete(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_space(struct atc_engine *e, const struct atc_call *call);

/* How a FILE order of the present command ended. A store that answers with more than was asked for,
 * or with a name too long to be one, has failed. */
uint8_t atc_files_cause(const struct atc_engine *e, const struct atc_event *event);

/* What follows is for files.c and opened.c. */

enum {
    ATC_FILES_SIZE_DEFAULT = 10240, /* bytes of an upload whose size is not given */
    ATC_FILES_TIMEOUT_DEFAULT_S = 5,
    ATC_FILES_PIECE_MAX = 1024, /* bytes of a piece of an upload; with <ackmode> each gets an A */
    ATC_FILES_READ_MAX = 256    /* bytes of a piece of a download */
};

/* Let a FILE order out for the present command, which then waits; e->transfer says what it says. */
uint8_t atc_files_ask(struct atc_engine *e, enum atc_file_operation operation);

/* The transfer is over and its name forgotten. Returns result. */
uint8_t atc_files_done(struct atc_engine *e, uint8_t result);

/* Keep the name of the transfer's file. Returns ATC_OK, ATC_CAUSE_FILE_NAME or ATC_CAUSE_MEMORY. */
uint8_t atc_files_name(struct atc_engine *e, const struct atc_arg *arg);

/* Print bytes of a file: not for logs. There is room for them. */
void atc_files_print(struct atc_engine *e, struct atc_span content);

/* The bytes of AT+QFWRITE are in the file. */
void atc_opened_written(struct atc_engine *e);

/* Whether a file of that name is open; "*": any. */
bool atc_opened_has(const struct atc_engine *e, struct atc_span name);

/* Close all files. */
void atc_opened_reset(struct atc_engine *e);

/* Bring file transfer and AT+QSSLCFG to what they are at start. */
void atc_files_reset(struct atc_engine *e);

/* Fill in what a FILE order says. */
void atc_files_fill(const struct atc_engine *e, struct atc_order *order,
                    const struct atc_pending *p);

/* Fill in what an OPEN with DTLS says. */
void atc_files_fill_dtls(const struct atc_engine *e, struct atc_dtls *dtls,
                         const struct atc_session *s);

/* Take identity and key from the content of a PSK file.
 * Returns false if it is malformed or the pool is full. Source: D-74. */
bool atc_files_keep_key(struct atc_engine *e, struct atc_session *s, struct atc_span content);

#endif
