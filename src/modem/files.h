/* SPDX-License-Identifier: MIT
 *
 * The AT side of the module's files: data entry, checksum, FILE orders; and the keys that files
 * hold. The files themselves are the shell's.
 */
#ifndef ATC_FILES_H
#define ATC_FILES_H

#include "engine.h"

/* AT+QFUPL, AT+QFDWL, AT+QFLST, AT+QFDEL, AT+QFLDS. */
uint8_t atc_files_upload(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_piece(struct atc_engine *e, struct atc_span typed);
uint8_t atc_files_download(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_list(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_delete(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_files_space(struct atc_engine *e, const struct atc_call *call);

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
