/* SPDX-License-Identifier: MIT
 *
 * Names of counters, causes and states, for logs. Firmware that logs nothing does not link it.
 */
#include "engine.h"

static const char *pick(const char *const *names, size_t count, unsigned index)
{
    return index < count ? names[index] : "?";
}

#define PICK(names, index) pick(names, sizeof names / sizeof names[0], index)

const char *atc_count_name(unsigned count)
{
    static const char *const names[ATC_COUNT_COUNT] = {
        [ATC_COUNT_RECEIVED] = "received",
        [ATC_COUNT_SENT] = "sent",
        [ATC_COUNT_RETRANSMITTED] = "retransmitted",
        [ATC_COUNT_DELIVERED] = "delivered",
        [ATC_COUNT_ANSWERED] = "answered",
        [ATC_COUNT_DUPLICATE] = "duplicate",
        [ATC_COUNT_DROP_CLOSED] = "dropped: client not connected",
        [ATC_COUNT_DROP_VERSION] = "dropped: not CoAP version 1",
        [ATC_COUNT_DROP_FORMAT] = "rejected: message format error",
        [ATC_COUNT_DROP_LONG] = "dropped: longer than message-max",
        [ATC_COUNT_DROP_STRANGER] = "dropped: not from the client's server",
        [ATC_COUNT_DROP_CODE] = "rejected: reserved code, or not of that type",
        [ATC_COUNT_DROP_EMPTY] = "dropped: Empty NON",
        [ATC_COUNT_DROP_MID] = "dropped: ACK or RST with unknown message ID",
        [ATC_COUNT_DROP_TOKEN] = "rejected: response with unknown token",
        [ATC_COUNT_DROP_OPTION] = "dropped: NON request with unknown critical option",
        [ATC_COUNT_DROP_MULTICAST] = "dropped: multicast",
        [ATC_COUNT_KEPT_IGNORED] = "kept value ignored",
        [ATC_COUNT_DROP_UNREACHABLE] = "dropped: not attached or asleep",
        [ATC_COUNT_DROP_BUSY] = "dropped: orders not taken away",
        [ATC_COUNT_DROP_RATE] = "dropped: too many answers",
        [ATC_COUNT_PING] = "ping answered",
        [ATC_COUNT_NON_RESET] = "RST for a NON",
        [ATC_COUNT_URC_OVERFLOW] = "URC lost: queue full",
        [ATC_COUNT_URC_CUT] = "URC payload cut to rsp-max",
        [ATC_COUNT_LINE_LONG] = "command line too long",
        [ATC_COUNT_LINE_NOISE] = "line without AT",
        [ATC_COUNT_PAYLOAD_CUT] = "payload typed too long",
        [ATC_COUNT_EXCHANGE_EVICTED] = "open request gave way",
        [ATC_COUNT_SEEN_EVICTED] = "remembered message gave way",
        [ATC_COUNT_ANSWER_EVICTED] = "remembered answer gave way",
        [ATC_COUNT_POOL_FULL] = "pool full: no answer",
        [ATC_COUNT_STALE] = "event without an order",
        [ATC_COUNT_MID_EXHAUSTED] = "message IDs exhausted",
        [ATC_COUNT_MODE_OPTIONS] = "more options than <mode> can say",
    };

    return PICK(names, count);
}

const char *atc_remark_name(unsigned remark)
{
    static const char *const names[ATC_REMARK_COUNT] = {
        [ATC_REMARK_DEAF] = "line-while-restarting",
        [ATC_REMARK_KEY_CASE] = "key-case",
        [ATC_REMARK_KEY_SLIP] = "key-slip",
        [ATC_REMARK_QUOTES] = "quotes",
        [ATC_REMARK_RESOURCE_SLASH] = "resource-without-slash",
        [ATC_REMARK_PATH] = "path-in-one-value",
        [ATC_REMARK_OPTION_UNLISTED] = "unlisted-option",
        [ATC_REMARK_SLOT_USED] = "slot-in-use",
        [ATC_REMARK_SLOT_EMPTY] = "empty-slot-in-bitmask",
        [ATC_REMARK_HEX] = "text-taken-for-hex",
        [ATC_REMARK_TOO_LONG] = "message-too-long",
        [ATC_REMARK_MID_ALIVE] = "message-id-in-use",
        [ATC_REMARK_TOKEN_OPEN] = "token-in-use",
        [ATC_REMARK_UNASKED] = "unasked-answer",
        [ATC_REMARK_ELSEWHERE] = "answer-to-another-address",
        [ATC_REMARK_ACK_FOR_NON] = "ack-for-non",
        [ATC_REMARK_STATUS_UNREAD] = "status-not-read",
        [ATC_REMARK_OPTION_TWICE] = "option-twice",
        [ATC_REMARK_OPTIONS_GONE] = "options-used-up",
        [ATC_REMARK_DTLS_UNSET] = "dtls-not-configured",
        [ATC_REMARK_CFG_LATE] = "configured-too-late",
        [ATC_REMARK_OPEN_TWICE] = "opened-twice",
        [ATC_REMARK_UPLOAD_SHORT] = "upload-too-short",
    };

    return PICK(names, remark);
}

const char *atc_cause_name(unsigned cause)
{
    static const char *const names[ATC_CAUSE_COUNT] = {
        [ATC_OK] = "ok",
        [ATC_CAUSE_UNKNOWN] = "unknown command or form",
        [ATC_CAUSE_PARAMETER] = "bad parameter",
        [ATC_CAUSE_NOT_ALLOWED] = "not allowed in this state",
        [ATC_CAUSE_MEMORY] = "table or pool full",
        [ATC_CAUSE_NO_NETWORK] = "not attached",
        [ATC_CAUSE_ABORTED] = "cancelled",
        [ATC_CAUSE_BUSY] = "confirmable message outstanding",
        [ATC_CAUSE_FAILURE] = "module failure",
        [ATC_CAUSE_UNSUPPORTED] = "unsupported order",
        [ATC_CAUSE_NAME] = "name has no address",
        [ATC_CAUSE_PDP] = "PDP context not active",
        [ATC_CAUSE_SOCKET] = "no socket",
        [ATC_CAUSE_DTLS] = "DTLS handshake failed",
        [ATC_CAUSE_OCCUPIED] = "client connected already",
        [ATC_CAUSE_IN_PROGRESS] = "client opening",
        [ATC_CAUSE_SEND] = "not sent or not acknowledged",
        [ATC_CAUSE_RESET] = "reset by peer",
        [ATC_CAUSE_FILE_MISSING] = "no such file",
        [ATC_CAUSE_FILE_EXISTS] = "file exists",
        [ATC_CAUSE_FILE_NAME] = "bad file name",
        [ATC_CAUSE_FILE_FULL] = "store full",
        [ATC_CAUSE_FILE_TIMEOUT] = "file bytes late",
        [ATC_CAUSE_FILE_STORE] = "store failed",
        [ATC_CAUSE_SIM] = "SIM off",
        [ATC_CAUSE_FILE_HANDLE] = "no such handle",
        [ATC_CAUSE_FILE_OPENS] = "too many open files",
        [ATC_CAUSE_FILE_IN_USE] = "file in use",
        [ATC_CAUSE_FILE_MODE] = "file read only",
        [ATC_CAUSE_FILE_EMPTY] = "end of file",
        [ATC_CAUSE_FILE_RANGE] = "beyond end of file",
    };

    return cause == ATC_SILENT ? "restart" : PICK(names, cause);
}

const char *atc_order_name(unsigned kind)
{
    static const char *const names[] = {
        [ATC_ORDER_BIND] = "bind",   [ATC_ORDER_OPEN] = "open",       [ATC_ORDER_SEND] = "send",
        [ATC_ORDER_CLOSE] = "close", [ATC_ORDER_RESOLVE] = "resolve", [ATC_ORDER_FILE] = "file",
        [ATC_ORDER_RADIO] = "radio", [ATC_ORDER_PING] = "ping",       [ATC_ORDER_UART] = "uart",
    };

    return PICK(names, kind);
}

const char *atc_session_state_name(unsigned state)
{
    static const char *const names[ATC_SESSION_STATE_COUNT] = {
        [ATC_SESSION_IDLE] = "idle",
        [ATC_SESSION_OPENING] = "opening",
        [ATC_SESSION_CONNECTING] = "connecting",
        [ATC_SESSION_CONNECTED] = "connected",
        [ATC_SESSION_CLOSING] = "closing",
        [ATC_SESSION_LOST] = "lost",
    };

    return PICK(names, state);
}

const char *atc_exchange_state_name(unsigned state)
{
    static const char *const names[ATC_EXCHANGE_STATE_COUNT] = {
        [ATC_EXCHANGE_FREE] = "free",
        [ATC_EXCHANGE_SENDING] = "sending",
        [ATC_EXCHANGE_WAIT_ACK] = "wait ack",
        [ATC_EXCHANGE_WAIT_RESPONSE] = "wait response",
    };

    return PICK(names, state);
}

const char *atc_line_state_name(unsigned state)
{
    static const char *const names[ATC_LINE_STATE_COUNT] = {
        [ATC_LINE_IDLE] = "idle",     [ATC_LINE_TYPING] = "typing", [ATC_LINE_BUSY] = "busy",
        [ATC_LINE_PROMPT] = "prompt", [ATC_LINE_BODY] = "body",
    };

    return PICK(names, state);
}
