/* SPDX-License-Identifier: MIT
 *
 * Words for the rows of the dialects. Where two dialects share words, one entry serves both; an
 * entry for one dialect stands before one for all.
 */
#include "manual.h"

/* clang-format off */
const struct manual_text manual_texts[] = {
    /* --- CoAP, one context ------------------------------------------------------------------- */
    {NULL, "QCOAPCREATE", NULL, "make the CoAP context, on a local UDP port",
     "AT+QCOAPCREATE=56830\n"},
    {NULL, "QCOAPDEL", NULL, "end the CoAP context and everything in it",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPDEL\n"},
    {NULL, "QCOAPADDRES", NULL, "register a resource that servers may ask for",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPADDRES=4,\"/t/d\"\n"
     "AT+QCOAPOPTION=4,11,\"push\",15,\"path=/t/d\",15,\"method=get\",15,\"token=0102\"\n"
     "AT+QCOAPSEND=1,2,192.0.2.1,5683\n"
     ">\n"
     "AT+QCOAPHEAD=5,{mid},2,0102\n"
     "AT+QCOAPSEND=2,205,192.0.2.1,5683\n"
     ">21.5\n"},
    {NULL, "QCOAPHEAD", NULL, "message ID and token of the next message",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPHEAD=5,13940,4,02040608\n"
     "AT+QCOAPOPTION=1,11,\"hello\"\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     ">\n"},
    {"bc95", "QCOAPOPTION", NULL, "all options of the next message",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPOPTION=2,11,\"hello\",15,\"name=you\"\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     ">\n"},
    {"bc95", "QCOAPSEND", NULL, "send a message to a server",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPOPTION=2,11,\"echo\",12,\"0\"\n"
     "AT+QCOAPSEND=0,2,192.0.2.1,5683\n"
     ">21.5 degrees\n"},
    {NULL, "QCOAPDATASTATUS", NULL, "what became of the last CON message",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPDATASTATUS?\n"
     "AT+QCOAPOPTION=1,11,\"hello\"\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     ">\n"
     "AT+QCOAPDATASTATUS?\n"},
    {NULL, "QCOAPCFG", "Showra", "whether URCs show address and port of the server",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPCFG=\"Showra\",1\n"
     "AT+QCOAPCFG=\"Showra\"\n"
     "AT+QCOAPOPTION=1,11,\"hello\"\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     ">\n"},
    {NULL, "QCOAPCFG", "Showrspopt", "whether response URCs show the options",
     "AT+QCOAPCREATE=56830\n"
     "AT+QCOAPCFG=\"Showrspopt\",1\n"
     "AT+QCOAPOPTION=1,11,\"hello\"\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     ">\n"},

    /* --- CoAP, six clients ------------------------------------------------------------------- */
    {NULL, "QCOAPCFG", "pdpcid", "the PDP context of a client",
     "AT+QCOAPCFG=\"pdpcid\",0,2\n"
     "AT+QCOAPCFG=\"pdpcid\",0\n"},
    {NULL, "QCOAPCFG", "dtls", "whether the next OPEN of a client uses DTLS",
     "AT+QCOAPCFG=\"dtls\",0,1,2\n"
     "AT+QCOAPCFG=\"dtls\",0\n"},
    {NULL, "QCOAPCFG", "trans", "time-out and retransmissions of a client's CONs",
     "AT+QCOAPCFG=\"trans\",0,4,5\n"
     "AT+QCOAPCFG=\"trans\",0\n"},
    {NULL, "QCOAPCFG", "pdpctxid", "another spelling of \"pdpcid\"",
     "AT+QCOAPCFG=\"pdpctxid\",0,2\n"
     "AT+QCOAPCFG=\"pdpctxid\",0\n"},
    {NULL, "QCOAPOPEN", NULL, "connect a client to its server",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPOPEN?\n"},
    {NULL, "QCOAPCLOSE", NULL, "disconnect a client",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPCLOSE=0\n"},
    {NULL, "QCOAPHEADER", NULL, "message ID and token of a client's next message",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPHEADER=0,1234,0,4,01020304\n"
     "AT+QCOAPOPTION=0,0,0,11,\"hello\"\n"
     "AT+QCOAPSEND=0,0,1,1,0\n"},
    {"bg96", "QCOAPOPTION", NULL, "fill or empty one of a client's option slots",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPOPTION=0,0,0,11,\"hello\"\n"
     "AT+QCOAPOPTION=0,0,1,15,\"name=you\"\n"
     "AT+QCOAPSEND=0,0,1,3,0\n"
     "AT+QCOAPOPTION=0,1,1\n"},
    {"bg96", "QCOAPSEND", NULL, "send a message to a client's server",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPOPTION=0,0,0,11,\"echo\"\n"
     "AT+QCOAPOPTION=0,0,1,12,0\n"
     "AT+QCOAPSEND=0,0,2,3,12\n"
     "=21.5 degrees\n"
     "AT+QCOAPSEND=0,1,2,3\n"
     ">21.4 degrees\n"},

    /* --- DTLS and files ---------------------------------------------------------------------- */
    {NULL, "QSSLCFG", "dtls", "a note for the TE; OPEN goes by AT+QCOAPCFG=\"dtls\"",
     "AT+QSSLCFG=\"dtls\",0,1\n"
     "AT+QSSLCFG=\"dtls\",0\n"},
    {NULL, "QSSLCFG", "dtlsversion", "which versions of DTLS a context offers",
     "AT+QSSLCFG=\"dtlsversion\",0,1\n"
     "AT+QSSLCFG=\"dtlsversion\",0\n"},
    {NULL, "QSSLCFG", "ciphersuite", "which cipher suites a context offers",
     "AT+QSSLCFG=\"ciphersuite\",0,0XC0A8\n"
     "AT+QSSLCFG=\"ciphersuite\",0\n"},
    {NULL, "QSSLCFG", "negotiatetime", "how long a handshake may take",
     "AT+QSSLCFG=\"negotiatetime\",0,60\n"
     "AT+QSSLCFG=\"negotiatetime\",0\n"},
    {NULL, "QSSLCFG", "seclevel", "what is verified; kept and printed, no more",
     "AT+QSSLCFG=\"seclevel\",0,0\n"
     "AT+QSSLCFG=\"seclevel\",0\n"},
    {NULL, "QSSLCFG", "session", "whether a DTLS session may be resumed",
     "AT+QSSLCFG=\"session\",0,0\n"
     "AT+QSSLCFG=\"session\",0\n"},
    {NULL, "QFUPL", NULL, "put a file into the module",
     "AT+QFUPL=\"0_server.psk\",11\n"
     "=Client1&key\n"},
    {NULL, "QFDWL", NULL, "read a file",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFDWL=\"hello.txt\"\n"},
    {NULL, "QFLST", NULL, "list the files",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFLST=\"*\"\n"},
    {NULL, "QFDEL", NULL, "delete files",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFDEL=\"hello.txt\"\n"},
    {NULL, "QFLDS", NULL, "how much room there is for files",
     "AT+QFLDS=\"UFS\"\n"},

    /* --- the module -------------------------------------------------------------------------- */
    {"bc95", "CMEE", NULL, "whether errors have a number",
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"
     "AT+CMEE=1\n"
     "AT+QCOAPSEND=0,1,192.0.2.1,5683\n"},
    {"bg96", "CMEE", NULL, "whether errors have a number, or words",
     "AT+CMEE=1\n"
     "AT+CFUN=9\n"
     "AT+CMEE=2\n"
     "AT+CFUN=9\n"},
    {NULL, "CEREG", NULL, "whether the module is registered",
     "AT+CEREG?\n"
     "AT+CEREG=2\n"
     "AT+CEREG?\n"},
    {NULL, "CFUN", NULL, "switch the radio on and off",
     "AT+CFUN=0\n"
     "AT+CFUN?\n"
     "AT+CFUN=1\n"},
    {"bc95", "CGSN", NULL, "the IMEI",
     "AT+CGSN=1\n"
     "AT+CGSN\n"},
    {"bg96", "CGSN", NULL, "the IMEI",
     "AT+CGSN\n"},
    {NULL, "NRB", NULL, "restart the module",
     "AT+NRB\n"},
    {NULL, "QPOWD", NULL, "switch the module off",
     "AT+QPOWD=1\n"},
    {NULL, "E", NULL, "echo what is typed, or do not",
     "ATE0\n"},
    {NULL, "I", NULL, "maker, model and revision",
     "ATI\n"},
    {NULL, "V", NULL, "whether results are words or numbers",
     "ATV0\n"
     "AT+CSQ\n"
     "ATV1\n"},
    {NULL, "Q", NULL, "whether results are printed at all; URCs are in any case",
     "ATQ1\n"
     "AT+CSQ\n"
     "ATQ0\n"},
    {NULL, "S3", NULL, "the character that ends a line, both ways",
     "ATS3?\n"},
    {NULL, "S4", NULL, "the second character of a line end in replies",
     "ATS4?\n"},
    {NULL, "S5", NULL, "the character that removes the last one typed; DEL does so too",
     "ATS5?\n"},
    {NULL, "&F", NULL, "bring the settings of the AT line back to those of the factory",
     "AT&F\n"},
    {NULL, "&W", NULL, "keep the settings of the AT line over a restart",
     "ATE0&W\n"},
    {NULL, "Z", NULL, "bring back the settings that AT&W kept",
     "ATV0\n"
     "ATZ\n"},
    {NULL, "CGATT", NULL, "attach to the network, or detach",
     "AT+CGATT?\n"
     "AT+CGATT=0\n"
     "AT+CGATT?\n"},
    {NULL, "CGMM", NULL, "the model",
     "AT+CGMM\n"},
    {NULL, "CIMI", NULL, "the IMSI",
     "AT+CIMI\n"},
    {NULL, "CSQ", NULL, "signal strength",
     "AT+CSQ\n"},
};

const struct manual_param_text manual_param_texts[] = {
    {NULL, NULL, "clientID", "the client"},
    {NULL, NULL, "local_port", "UDP port of this machine"},
    {"bc95", NULL, "port", "the server's UDP port"},
    {"bg96", NULL, "port", "the server's UDP port"},

    {NULL, "QCOAPADDRES", "length", "characters of <resource>"},
    {NULL, "QCOAPADDRES", "resource", "the path, as in /t/d"},

    {NULL, "QCOAPHEAD", "mode",
     "1 ID and token are chosen; 2 ID chosen, token given; 3 ID given, no token; 4 ID given, "
     "token chosen; 5 both given"},
    {NULL, "QCOAPHEAD", "msgid",
     "the message ID; modes 3, 4 and 5. In mode 2 its empty place may be left out, with its comma"},
    {NULL, "QCOAPHEAD", "tkl", "bytes of <token>; modes 2 and 5"},
    {NULL, "QCOAPHEAD", "token", "two hex digits for each byte; modes 2 and 5"},

    {NULL, "QCOAPOPTION", "opt_count", "how many options follow"},
    {NULL, "QCOAPOPTION", "opt_name", "the option's number"},
    {"bc95", "QCOAPOPTION", "opt_value", "its value, written as the option's format says"},

    {NULL, "QCOAPSEND", "type", "0 CON, 1 NON, 2 ACK, 3 RST"},
    {NULL, "QCOAPSEND", "method/rspcode",
     "0 Empty, 1 GET, 2 POST, 3 PUT, 4 DELETE, or a response: 205 is 2.05"},
    {NULL, "QCOAPSEND", "ip_addr", "the server's IPv4 or IPv6 address"},

    {NULL, "QCOAPCFG", "Showra", "0 no, 1 yes; left out: print it"},
    {NULL, "QCOAPCFG", "Showrspopt", "0 no, 1 yes; left out: print it"},
    {NULL, "QCOAPCFG", "PDP_cid", "the PDP context; left out: print it"},
    {NULL, "QCOAPCFG", "DTLS_enable", "0 plain UDP, 1 DTLS; left out: print both"},
    {NULL, "QCOAPCFG", "DTLS_contextID",
     "which context of AT+QSSLCFG, and the number in front of the key file's name"},
    {NULL, "QCOAPCFG", "timeout", "seconds until a CON is sent again first; left out: print both"},
    {NULL, "QCOAPCFG", "retry_count", "how often it is sent again; goes with <timeout>"},

    {NULL, "QCOAPOPEN", "CoAP_server", "a name, or an IPv4 or IPv6 address"},

    {NULL, "QCOAPHEADER", "msgID", "the message ID"},
    {NULL, "QCOAPHEADER", "mode", "0 the token is given, or there is none; 1 it is chosen"},
    {NULL, "QCOAPHEADER", "TKL", "bytes of <token>; mode 0"},
    {NULL, "QCOAPHEADER", "token", "two hex digits for each byte; mode 0"},

    {NULL, "QCOAPOPTION", "mode", "0 fill the slot, 1 empty it"},
    {NULL, "QCOAPOPTION", "opt_index", "the slot"},
    {NULL, "QCOAPOPTION", "opt_number", "the option's number; mode 0"},
    {"bg96", "QCOAPOPTION", "opt_value", "its value, written as the option's format says; mode 0"},

    {NULL, "QCOAPSEND", "code_value",
     "0 Empty, 1 GET, 2 POST, 3 PUT, 4 DELETE, or a response: c x 32 + dd, so 69 is 2.05"},
    {NULL, "QCOAPSEND", "opt_bitmask", "which slots go along: 1 for slot 0, 2 for slot 1, 4 for slot 2 ..."},
    {NULL, "QCOAPSEND", "payload_length", "bytes of payload; left out: up to Ctrl+Z"},

    {NULL, "QSSLCFG", "SSL_ctxID", "the context"},
    {NULL, "QSSLCFG", "DTLS_enable", "0 TLS, 1 DTLS; left out: print it"},
    {NULL, "QSSLCFG", "DTLS_version", "0 DTLS 1.0, 1 DTLS 1.2, 2 either; left out: print it"},
    {NULL, "QSSLCFG", "cipher_suite",
     "0XC0A8 PSK-AES128-CCM-8, 0X00AE PSK-AES128-CBC-SHA256, 0XFFFF all; left out: print it"},
    {NULL, "QSSLCFG", "negotiate_time", "seconds; left out: print it"},
    {NULL, "QSSLCFG", "seclevel", "0 nothing, 1 the server, 2 both sides; left out: print it"},
    {NULL, "QSSLCFG", "session", "0 no, 1 yes; left out: print it"},

    {NULL, "QFLDS", "filename", "\"UFS\": free bytes and all bytes are printed; left out: used bytes and number of files"},
    {NULL, "QFLST", "filename", "a name, or \"*\" for all"},
    {NULL, "QFDEL", "filename", "a name, or \"*\" for all"},
    {NULL, "QFUPL", "filename", "the file's name, with or without UFS: in front"},
    {NULL, "QFDWL", "filename", "the file's name, with or without UFS: in front"},
    {NULL, "QFUPL", "file_size", "its bytes; left out: up to 10,240, ended by +++ and a second of silence"},
    {NULL, "QFUPL", "timeout", "seconds to wait for the next byte; 5 if left out"},
    {NULL, "QFUPL", "ackmode", "1: an A comes for each 1,024 bytes"},

    {"bc95", "CMEE", "n", "0 ERROR, 1 +CME ERROR: <err>"},
    {"bg96", "CMEE", "n", "0 ERROR, 1 +CME ERROR: <err>, 2 +CME ERROR: and words"},
    {NULL, "CEREG", "n", "how much AT+CEREG? shows: from 2 on the cell, from 4 on timers"},
    {NULL, "CFUN", "fun", "0 off, 1 on, 4 flight mode"},
    {NULL, "CFUN", "rst", "1: restart the module"},
    {NULL, "CGSN", "snt", "1: the IMEI"},
    {NULL, "QPOWD", "mode", "0 at once, 1 in good order; both are the same here"},
    {NULL, "E", "value", "0 no echo, 1 echo; left out: 0"},
    {NULL, "I", "value", "makes no difference"},
    {NULL, "V", "value", "0 numbers, 1 words; left out: 0"},
    {NULL, "Q", "value", "0 results are printed, 1 they are not; left out: 0"},
    {NULL, "S3", "value", "the character's number; 13 is CR"},
    {NULL, "S4", "value", "the character's number; 10 is LF"},
    {NULL, "S5", "value", "the character's number; 8 is backspace"},
    {NULL, "&F", "value", "there is one profile"},
    {NULL, "&W", "value", "there is one profile"},
    {NULL, "Z", "value", "there is one profile"},
    {NULL, "CGATT", "value", "0 detach, 1 attach"},
};
/* clang-format on */

const size_t manual_text_count = sizeof manual_texts / sizeof manual_texts[0];
const size_t manual_param_text_count = sizeof manual_param_texts / sizeof manual_param_texts[0];
