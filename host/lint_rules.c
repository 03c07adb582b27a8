/* SPDX-License-Identifier: MIT
 *
 * The rules: what each kind of finding is called, where it stands, what it means and what to do. */
#include <string.h>

#include "lint.h"

static const struct lint_rule rules[LINT_COUNT] = {
    [ATC_REMARK_DEAF] =
        {.source = "D-98, D-122",
         .what = "A command was typed while the module restarted or was off. It never saw it, and "
                 "there will be no result.",
         .remedy = "Wait for the last line of the start-up banner, or type AT until OK comes, and "
                   "only then go on."},
    [ATC_REMARK_KEY_CASE] =
        {.source = "D-06",
         .what = "A key in quotes is spelled with other capitals than in the note. This module "
                 "accepts it; whether the real one does is not written.",
         .remedy = "Write the key as the note prints it, e.g. \"Showra\" or \"pdpcid\"."},
    [ATC_REMARK_KEY_SLIP] =
        {.source = "D-60, BG96 5.2",
         .what = "\"pdpctxid\" stands in one example of the note only; the command's own chapter "
                 "calls the key \"pdpcid\".",
         .remedy = "Write AT+QCOAPCFG=\"pdpcid\",..."},
    [ATC_REMARK_QUOTES] =
        {.source = "D-12, D-28, D-66",
         .what = "A value is quoted where the note shows it bare, or bare where it shows quotes. "
                 "Hosts do both and this module takes both; a real one need not.",
         .remedy = "Quote as the note does. BC95: option values quoted, token and address bare. "
                   "BG96: server and string options quoted, numbers bare."},
    [ATC_REMARK_RESOURCE_SLASH] =
        {.source = "D-24",
         .what = "The resource does not begin with a slash. One is supplied here; every example of "
                 "the note has it written out.",
         .remedy = "AT+QCOAPADDRES=4,\"/t/d\", with the slash counted."},
    [ATC_REMARK_PATH] =
        {.source = "D-30",
         .what = "There is a slash in the value of one Uri-Path or Location-Path option. It is "
                 "split into segments here; the notes give one segment per option, and a module "
                 "that takes the value as it is asks for a resource that does not exist.",
         .remedy = "Give each segment an option of its own, without slashes: 11,\"a\",11,\"b\"."},
    [ATC_REMARK_OPTION_UNLISTED] =
        {.source = "D-66, BG96 3.3.5 tab.2",
         .what = "Option 6, Observe, is not in the note's table of options, though the note speaks "
                 "of observation. The real module may refuse it.",
         .remedy = "Be ready for ERROR, and poll with GET then."},
    [ATC_REMARK_SLOT_USED] =
        {.source = "D-66",
         .what = "An option was put into an index that still holds one. It is replaced here; the "
                 "note has a mode for removing and does not speak of replacing.",
         .remedy = "Remove the old one first: AT+QCOAPOPTION=<clientID>,1,<opt_index>."},
    [ATC_REMARK_SLOT_EMPTY] =
        {.source = "D-67",
         .what = "<opt_bitmask> has a bit whose index holds no option. The bit is ignored, so an "
                 "option you meant to send may be missing.",
         .remedy = "Bit n stands for index n. Set only bits of indices that were added before."},
    [ATC_REMARK_HEX] =
        {.source = "D-33",
         .what = "The payload looks like a number or a word and consists of hex digits, so half as "
                 "many bytes were sent: 1234 leaves as the bytes 12 34.",
         .remedy =
             "To send text, add Content-Format 0 (option 12), or write the text in hex; to say "
             "that hex is meant, run with --set payload=hex."},
    [ATC_REMARK_TOO_LONG] =
        {.source = "D-17",
         .what = "Header, token, options and payload together are longer than the largest message. "
                 "Nothing was sent.",
         .remedy = "Send less at once; the limit is 1,280 bytes (--set message-max)."},
    [ATC_REMARK_MID_ALIVE] =
        {.source = "D-18, RFC 7252 4.4",
         .what = "The message ID set for this SEND went to the same server shortly before. The "
                 "server takes the new message for a repeat of the old one and repeats its old "
                 "answer, or none.",
         .remedy = "Count the ID up from message to message, or leave it to the module (BC95: HEAD "
                   "mode 1 or 2, or no HEAD; BG96: no HEADER)."},
    [ATC_REMARK_TOKEN_OPEN] =
        {.source = "D-90, RFC 7252 5.3.1",
         .what =
             "A request to that server with the same token still waits for its response. It was "
             "given up: a response can belong to one request only.",
         .remedy = "Give each request that is open a token of its own."},
    [ATC_REMARK_UNASKED] =
        {.source = "D-31",
         .what =
             "An ACK, an RST or a response was sent that answers no request: no message of that "
             "ID (response: of that token) came from that address, it has its answer already, "
             "or it was forgotten. The server will ignore it.",
         .remedy =
             "Before SEND set the ID and the token of the request with HEAD=5 or HEADER; they "
             "stand in the URC. Responses of a server are acknowledged by the module itself."},
    [ATC_REMARK_ELSEWHERE] =
        {.source = "D-43",
         .what = "The answer bears the ID or token of a request, but goes to another address or "
                 "port than that came from. The one who asked gets nothing.",
         .remedy = "Switch AT+QCOAPCFG=\"Showra\",1 on and answer to the address in the URC."},
    [ATC_REMARK_ACK_FOR_NON] =
        {.source = "D-72, RFC 7252 4.3",
         .what = "A NON request was answered with an ACK. An ACK acknowledges a CON only.",
         .remedy = "Answer NON with NON (type 1) and the request's token; the URC shows or implies "
                   "the type."},
    [ATC_REMARK_STATUS_UNREAD] =
        {.source = "BC95 2.6 note 2, D-35",
         .what = "A CON got lost: no ACK came after all retransmissions, or it did not leave. Only "
                 "AT+QCOAPDATASTATUS? tells, no URC does, and the next SEND came without it.",
         .remedy = "After a CON whose \"rsp\" does not come, ask AT+QCOAPDATASTATUS? until it is 2 "
                   "or more, and send again if it is 2, 3 or 5."},
    [ATC_REMARK_OPTIONS_GONE] =
        {.source = "D-26",
         .what =
             "A request without options follows one that had some. An option list serves one "
             "message, as the examples of the note suggest, so this request has no Uri-Path and "
             "asks for /.",
         .remedy = "Give AT+QCOAPOPTION before each SEND."},
    [ATC_REMARK_OPTION_TWICE] =
        {.source = "D-246, RFC 7252 5.4.5",
         .what =
             "A message has an option twice that may stand once, as Uri-Host, Content-Format or "
             "Accept. It is sent so; a server ignores the second or answers 4.02.",
         .remedy = "Give each of these options once. Uri-Path, Uri-Query, ETag and If-Match may be "
                   "repeated."},
    [ATC_REMARK_DTLS_UNSET] =
        {.source = "D-116, BG96 5.2",
         .what = "DTLS is on for the client, but not in its context: the note's example sets both. "
                 "Here the client's setting decides; a real module may speak TLS, or not open.",
         .remedy = "AT+QSSLCFG=\"dtls\",<DTLS_contextID>,1 before OPEN."},
    [ATC_REMARK_CFG_LATE] =
        {.source = "BC95 2.8 note 1",
         .what =
             "The form of the URCs was changed while a CON was outstanding. Its URC may come in "
             "either form.",
         .remedy = "Configure with AT+QCOAPCFG before AT+QCOAPSEND."},
    [ATC_REMARK_OPEN_TWICE] =
        {.source = "D-63",
         .what = "OPEN for a client that is open or still opening: +QCOAPOPEN ends with -10 or -2.",
         .remedy = "Wait for the +QCOAPOPEN of the last OPEN, and CLOSE before the next."},
    [ATC_REMARK_UPLOAD_SHORT] =
        {.source = "D-117",
         .what = "Fewer bytes of a file came than were announced; the upload ended when its "
                 "time-out did, and what came is the file.",
         .remedy = "Announce as many bytes as are sent, and compare size and checksum of +QFUPL."},
    [LINT_UNKNOWN] =
        {.name = "unknown-command",
         .source = "D-11",
         .what = "The module has no such command, no such key of it, or not in this form (test, "
                 "read, write, execute).",
         .remedy = "atcoap help commands lists what there is; AT+<name>=? asks the module."},
    [LINT_PARAMETER] =
        {.name = "bad-parameter",
         .source = "D-12",
         .what = "A parameter is missing, one too many, malformed or out of range. Nothing was "
                 "changed.",
         .remedy = "atcoap help <command> shows the parameters and their ranges."},
    [LINT_ORDER] =
        {.name = "wrong-order",
         .source = "D-22, D-64, D-69",
         .what = "The command is good, but not now: before CREATE or OPEN has succeeded, after DEL "
                 "or CLOSE, a second time, or while what it would change is in use.",
         .remedy = "BC95: CREATE first, once. BG96: SEND only after +QCOAPOPEN: <clientID>,0."},
    [LINT_BUSY] =
        {.name = "send-while-outstanding",
         .source = "BC95 2.6 note 2, D-34, D-69",
         .what = "A CON or NON was to be sent while a CON still waits for its ACK. It was refused.",
         .remedy = "Wait for the delivery: BC95 AT+QCOAPDATASTATUS? or the \"rsp\" URC, BG96 "
                   "+QCOAPACK. It may take minutes in a bad network."},
    [LINT_FULL] =
        {.name = "table-full",
         .source = "D-17, D-24",
         .what = "The module has no room for more: resources, options, or messages under way.",
         .remedy = "Register or send less at once; an option list must fit into one message."},
    [LINT_LINE_LONG] = {.name = "line-too-long",
                        .source = "D-13",
                        .what =
                            "A command line is longer than 2,560 bytes and was thrown away whole.",
                        .remedy = "Split the line, and look whether a line end is missing."},
    [LINT_LINE_NOISE] =
        {.name = "line-without-at",
         .source = "D-02",
         .what = "A line that does not begin with AT was ignored. Often it is a payload whose SEND "
                 "was refused, or the module's own output sent back to it. It is not shown, for it "
                 "may be the content of a file.",
         .remedy = "Send a payload only after the prompt, and nothing else without AT."},
    [LINT_NOISE] =
        {.name = "bytes-before-at",
         .source = "D-02",
         .what = "Control bytes, blanks or bytes above 7F came before a line and were dropped.",
         .remedy = "Look for noise on the line, a wrong speed, or a buffer that is sent from the "
                   "wrong place."},
    [LINT_LF] = {.name = "line-feed-ends-line",
                 .source = "D-01, BC95 1.2",
                 .what =
                     "A line ends in LF alone. The notes say that CR ends a line, BC95 that LF is "
                     "ignored: on such a module the command never starts.",
                 .remedy = "End lines with CR."},
    [LINT_SEND_LF] =
        {.name = "line-feed-before-data",
         .source = "D-04",
         .what =
             "An LF follows the CR of a line that asks for data. It arrives behind the prompt; "
             "here it depends on the line before whether it is dropped or the first byte of the "
             "payload.",
         .remedy = "End lines with CR alone, at least those of SEND and QFUPL."},
    [LINT_GARBAGE] =
        {.name = "bytes-behind-data",
         .source = "D-03",
         .what = "Bytes other than a line end follow the end of the data: a second Ctrl+Z, or more "
                 "than was announced. They were dropped up to the next AT.",
         .remedy = "Send nothing behind Ctrl+Z, and nothing behind data of a given length."},
    [LINT_EARLY_LINE] =
        {.name = "line-before-result",
         .source = "D-16, D-123",
         .what = "More was typed before the final result of this line was out. Real modules lose "
                 "such bytes, or break the command off.",
         .remedy = "Wait for OK or an error before the next line."},
    [LINT_EARLY_DATA] = {.name = "data-before-prompt",
                         .source = "BC95 2.6, BG96 3.3.6",
                         .what =
                             "Data was typed before the module asked for it. Real modules lose it.",
                         .remedy = "Wait for > (SEND) or CONNECT (QFUPL), then send the data."},
    [LINT_PAYLOAD_LONG] =
        {.name = "payload-too-long",
         .source = "BC95 2.6 note 1, D-32, D-68",
         .what = "More than 1,024 bytes of payload were typed. BC95 sends the first 1,024, BG96 "
                 "refuses.",
         .remedy = "Send at most 1,024 bytes (2,048 hex digits) with one SEND."},
    [LINT_NOT_READ] =
        {.name = "port-not-read",
         .source = "D-14",
         .what = "A URC got lost: those before it were not read, or a line stayed half typed.",
         .remedy = "Read the port all the time, not only behind a command."},
    [LINT_UNANSWERED] =
        {.name = "request-not-answered",
         .source = "D-43, RFC 7252 5.2.2",
         .what =
             "A CON request of the server was reported and nothing was sent for 2 s. The server "
             "repeats it and gives up in the end.",
         .remedy =
             "Answer at once with type 2 and the request's ID; if the answer takes time, send "
             "an empty ACK (type 2, code 0) first. --set auto-ack=1500 does that for you."},
    [LINT_KEY] =
        {.name = "no-key-file",
         .source = "D-74, BG96 3.3.1",
         .what = "An OPEN with DTLS found no key file, or one that is not identity&key. It ends "
                 "with -9.",
         .remedy = "Upload <DTLS_contextID>_server.psk with AT+QFUPL before OPEN."},
};

const char *lint_name(unsigned kind)
{
    return kind < ATC_REMARK_COUNT ? atc_remark_name(kind) : rules[kind].name;
}

const struct lint_rule *lint_rule(unsigned kind)
{
    return &rules[kind];
}

unsigned lint_kind(const char *name, size_t len)
{
    unsigned kind = 0;

    while (kind < LINT_COUNT &&
           (strlen(lint_name(kind)) != len || memcmp(lint_name(kind), name, len) != 0))
        kind++;
    return kind;
}
