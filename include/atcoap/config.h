/* SPDX-License-Identifier: MIT
 *
 * Every limit of the core: what it bounds, its range, its default and its RAM
 * cost.
 *
 * Override a limit with -D on the compiler's command line, the same for the
 * library and for every file that includes atcoap.h; atc_init() refuses a
 * struct of another size. The defaults are the limits the two notes name. RAM
 * costs are bytes in struct atc_modem.
 */
#ifndef ATCOAP_CONFIG_H
#define ATCOAP_CONFIG_H

/* CoAP clients of one modem: BG96 has ids 0-5, BC95 one context. Range 1-6 (a
 * client id is one digit in both notes). RAM: 104 each. Source: BG96 3.3.2. */
#ifndef ATC_SESSION_MAX
#define ATC_SESSION_MAX 6
#endif

/* Bytes of one command line, and of one payload as typed (BC95: 2,048 hex
 * digits). Range 128-32768. RAM: 1 each. Source: D-13. */
#ifndef ATC_LINE_MAX
#define ATC_LINE_MAX 2560
#endif

/* Bytes of echo and replies that wait for the TE. At least ATC_REPLY_MAX + 128.
 * RAM: 1 each. */
#ifndef ATC_OUT_SIZE
#define ATC_OUT_SIZE 640
#endif

/* The longest reply line one step of a handler may write; the longest is
 * +QCOAPOPEN with a name of 255 bytes. RAM: none of its own. */
#ifndef ATC_REPLY_MAX
#define ATC_REPLY_MAX 320
#endif

/* Bytes of unsolicited results (URCs) that wait for the TE; also the longest
 * single URC. A URC that finds no room is counted (ATC_COUNT_URC_OVERFLOW).
 * Range 64-65535. RAM: 1 each. Source: D-14. */
#ifndef ATC_URC_SIZE
#define ATC_URC_SIZE 3072
#endif

/* Bytes of the largest CoAP message, both directions. Range 64-65535. RAM: none
 * of its own, see ATC_POOL_SIZE. Source: D-17. */
#ifndef ATC_MESSAGE_MAX
#define ATC_MESSAGE_MAX 1280
#endif

/* Bytes of the largest payload a SEND takes. Range 1-ATC_MESSAGE_MAX. RAM:
 * none. Source: BC95 2.6, BG96 3.3.6. */
#ifndef ATC_PAYLOAD_MAX
#define ATC_PAYLOAD_MAX 1024
#endif

/* Bytes of the pool that all clients share for server names, configured
 * options, messages in flight and remembered answers. One client wants 3 x
 * (ATC_MESSAGE_MAX + 8). Range 256-65535. RAM: 1 each. */
#ifndef ATC_POOL_SIZE
#define ATC_POOL_SIZE 9216
#endif

/* Blocks in that pool: one a name, an option slot, a resource, a message in flight,
 * a remembered answer. Range 4-254. RAM: 2 each. */
#ifndef ATC_BLOCK_MAX
#define ATC_BLOCK_MAX 132
#endif

/* Messages of ours that are alive: waiting for an ACK or for a response. When
 * all are taken the oldest request that only waits for a response gives way.
 * Range 2-254. RAM: 72 each. */
#ifndef ATC_EXCHANGE_MAX
#define ATC_EXCHANGE_MAX 24
#endif

/* Messages of the peers that are remembered, to recognise repeats and to match
 * answers. When all are taken the oldest gives way. Range 2-254. RAM: 64 each.
 */
#ifndef ATC_SEEN_MAX
#define ATC_SEEN_MAX 24
#endif

/* Answers that the module gives by itself within a second, to all peers together: RSTs, error
 * answers, its list of resources, repetitions. What comes beyond is dropped and counted
 * (ATC_COUNT_DROP_RATE). Range 1-65535. RAM: none. Source: RFC 7252 4.7, D-180. */
#ifndef ATC_ANSWER_RATE
#define ATC_ANSWER_RATE 64
#endif

/* Orders that wait for the shell. At least ATC_SESSION_MAX + 4. RAM: 48 each.
 */
#ifndef ATC_ORDER_MAX
#define ATC_ORDER_MAX 16
#endif

/* Resources that AT+QCOAPADDRES registers. Range 1-254. RAM: 1 each, and the path in
 * the pool. Source: D-24. */
#ifndef ATC_RESOURCE_MAX
#define ATC_RESOURCE_MAX 20
#endif

/* Files that AT+QFOPEN holds open. Range 1-32. RAM: 8 each. */
#ifndef ATC_OPEN_MAX
#define ATC_OPEN_MAX 8
#endif

/* Characters of one such resource. Source: BC95 2.3. */
#define ATC_RESOURCE_LEN_MAX 50

/* Bytes of a server name or address. Source: BG96 3.3.2. */
#define ATC_NAME_MAX 255

/* Option slots of one client (AT+QCOAPOPTION <opt_index>). Source: BG96 3.3.5.
 */
#define ATC_OPTION_SLOT_MAX 8

/* Options in one AT+QCOAPOPTION list. Source: BC95 2.5. */
#define ATC_OPTION_LIST_MAX 12

/* Bytes of the text that holds the values which survive a restart. RAM: none of its own; it is made in
 * the pool. Source: D-133. */
#define ATC_KEPT_MAX 1024

/* Names and sources in the tables, for documents and tests only. Define ATC_NO_DOC to leave them out
 * of a firmware image. */
#ifdef ATC_NO_DOC
#define ATC_DOC(text) 0
#else
#define ATC_DOC(text) text
#endif

/* Timers: one a message in flight, one a client, and twelve of the module's own. */
#define ATC_TIMER_MAX (ATC_EXCHANGE_MAX + ATC_SESSION_MAX + 12)

/* The bytes of struct atc_modem: the sum of the above and of what no limit
 * changes. */
#define ATC_MODEM_SIZE                                                                          \
    (((ATC_LINE_MAX + ATC_OUT_SIZE + ATC_URC_SIZE + ATC_POOL_SIZE + 2 * ATC_BLOCK_MAX +         \
       104 * ATC_SESSION_MAX + 72 * ATC_EXCHANGE_MAX + 64 * ATC_SEEN_MAX + 48 * ATC_ORDER_MAX + \
       ATC_RESOURCE_MAX + 8 * ATC_OPEN_MAX + 1472) /                                            \
      8) *                                                                                      \
     8)

#endif
