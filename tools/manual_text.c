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
    {NULL, "QCOAPOPEN", NULL, "connect a client to its server; its URC comes within 75 s",
     "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\n"
     "AT+QCOAPOPEN?\n"},
    {NULL, "QCOAPCLOSE", NULL, "disconnect a client; its URC comes at once",
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
    {NULL, "QSSLCFG", "sslversion", "which versions of TLS a context offers; kept and printed, no more",
     "AT+QSSLCFG=\"sslversion\",0,3\n"
     "AT+QSSLCFG=\"sslversion\",0\n"},
    {NULL, "QSSLCFG", "cacert", "the file of the authority that signed the server's certificate; kept and printed, for DTLS goes by shared keys",
     "AT+QSSLCFG=\"cacert\",0,\"UFS:ca.pem\"\n"
     "AT+QSSLCFG=\"cacert\",0\n"},
    {NULL, "QSSLCFG", "clientcert", "the file of the module's certificate; kept and printed, no more",
     "AT+QSSLCFG=\"clientcert\",0,\"UFS:client.pem\"\n"
     "AT+QSSLCFG=\"clientcert\",0\n"},
    {NULL, "QSSLCFG", "clientkey", "the file of its private key; kept and printed, no more",
     "AT+QSSLCFG=\"clientkey\",0,\"UFS:key.pem\"\n"
     "AT+QSSLCFG=\"clientkey\",0\n"},
    {NULL, "QSSLCFG", "sni", "whether the server's name is told in the handshake; kept and printed, no more",
     "AT+QSSLCFG=\"sni\",0,1\n"
     "AT+QSSLCFG=\"sni\",0\n"},
    {NULL, "QSSLCFG", "checkhost", "whether a certificate has to bear the server's name; kept and printed, no more",
     "AT+QSSLCFG=\"checkhost\",0,1\n"
     "AT+QSSLCFG=\"checkhost\",0\n"},
    {NULL, "QSSLCFG", "ignorelocaltime", "whether the validity of certificates is left aside; kept and printed, no more",
     "AT+QSSLCFG=\"ignorelocaltime\",0,1\n"
     "AT+QSSLCFG=\"ignorelocaltime\",0\n"},
    {NULL, "QSSLCFG", "renegotiation", "whether a connection may be negotiated anew; kept and printed, no more",
     "AT+QSSLCFG=\"renegotiation\",0,0\n"
     "AT+QSSLCFG=\"renegotiation\",0\n"},
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
    {NULL, "QFOPEN", NULL, "open a file: a handle for it",
     "AT+QFOPEN=\"hello.txt\",1\n"
     "AT+QFWRITE=3000,5\n"
     "=Hello\n"
     "AT+QFOPEN?\n"},
    {NULL, "QFREAD", NULL, "read from an open file, at its position",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFOPEN=\"hello.txt\",2\n"
     "AT+QFREAD=3000,3\n"
     "AT+QFREAD=3000\n"},
    {NULL, "QFWRITE", NULL, "write into an open file, at its position",
     "AT+QFOPEN=\"hello.txt\"\n"
     "AT+QFWRITE=3000,5\n"
     "=Hello\n"},
    {NULL, "QFSEEK", NULL, "set the position in an open file",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFOPEN=\"hello.txt\"\n"
     "AT+QFSEEK=3000,2\n"
     "AT+QFREAD=3000\n"},
    {NULL, "QFPOSITION", NULL, "the position in an open file",
     "AT+QFOPEN=\"hello.txt\"\n"
     "AT+QFPOSITION=3000\n"},
    {NULL, "QFTUCAT", NULL, "cut an open file at its position",
     "AT+QFUPL=\"hello.txt\",5\n"
     "=Hello\n"
     "AT+QFOPEN=\"hello.txt\"\n"
     "AT+QFSEEK=3000,2\n"
     "AT+QFTUCAT=3000\n"
     "AT+QFLST\n"},
    {NULL, "QFCLOSE", NULL, "close a file",
     "AT+QFOPEN=\"hello.txt\"\n"
     "AT+QFCLOSE=3000\n"},
    {NULL, "QFLDS", NULL, "how much room there is for files",
     "AT+QFLDS=\"UFS\"\n"},

    /* --- network and contexts ---------------------------------------------------------------- */
    {"bg96", "CREG", NULL, "whether the module is registered, as for a circuit switched network",
     "AT+CREG=2\n"
     "AT+CREG?\n"},
    {"bg96", "CGREG", NULL, "whether the module is registered, as for GPRS",
     "AT+CGREG?\n"},
    {"bg96", "COPS", NULL, "which operator is used, and how it is shown",
     "AT+COPS?\n"
     "AT+COPS=3,2\n"
     "AT+COPS?\n"
     "AT+COPS=?\n"},
    {"bg96", "QCSQ", NULL, "signal: RSSI, RSRP, SINR and RSRQ",
     "AT+QCSQ\n"},
    {"bg96", "QNWINFO", NULL, "access technology, operator, band and channel",
     "AT+QNWINFO\n"},
    {"bg96", "QCSCON", NULL, "whether the signalling connection (RRC) is up",
     "AT+QCSCON=1\n"
     "AT+QCSCON?\n"},
    {"bg96", "CTZR", NULL, "report the time zone when the network tells the time",
     "AT+CTZR=1\n"
     "AT+CTZR?\n"},
    {"bg96", "CTZU", NULL, "whether the network sets the clock; kept and printed, for here it always does",
     "AT+CTZU=1\n"
     "AT+CTZU?\n"},
    {"bg96", "CCLK", NULL, "the clock",
     "AT+CCLK=\"24/09/26,08:12:33+32\"\n"
     "AT+CCLK?\n"},
    {"bg96", "CGACT", NULL, "activate or deactivate contexts",
     "AT+CGACT=1,1\n"
     "AT+CGACT?\n"},
    {"bg96", "CGPADDR", NULL, "addresses of contexts",
     "AT+QIACT=1\n"
     "AT+CGPADDR=1\n"
     "AT+CGPADDR\n"},
    {"bg96", "CGDCONT", NULL, "define a context, or take its definition back",
     "AT+CGDCONT=2,\"IP\",\"internet\"\n"
     "AT+CGDCONT?\n"
     "AT+CGDCONT=2\n"},
    {"bg96", "QICSGP", NULL, "define a context with user and password",
     "AT+QICSGP=1,1,\"internet\",\"me\",\"secret\",1\n"
     "AT+QICSGP=1\n"},
    {"bg96", "QIACT", NULL, "activate a context",
     "AT+QIACT=1\n"
     "AT+QIACT?\n"},
    {"bg96", "QIDEACT", NULL, "deactivate a context; its clients lose their connections",
     "AT+QIACT=1\n"
     "AT+QIDEACT=1\n"},
    {"bg96", "QIDNSCFG", NULL, "name servers; names are found by those of the machine all the same",
     "AT+QIACT=1\n"
     "AT+QIDNSCFG=1\n"},
    {"bg96", "QIDNSGIP", NULL, "the address of a name",
     "AT+QIACT=1\n"
     "AT+QIDNSGIP=1,\"coap.example\"\n"},
    {"bg96", "QPING", NULL, "ping a host",
     "AT+QIACT=1\n"
     "AT+QPING=1,\"192.0.2.1\",4,2\n"},
    {"bg96", "QIGETERROR", NULL, "why the last AT+QI... or AT+QPING failed",
     "AT+QIACT=5\n"
     "AT+QIGETERROR\n"},
    {"bg96", "CPSMS", NULL, "power saving mode: how long the module listens before it sleeps",
     "AT+CPSMS=1,,,\"00000100\",\"00001111\"\n"
     "AT+CPSMS?\n"},
    {"bg96", "CEDRXS", NULL, "extended discontinuous reception; kept and printed, no more",
     "AT+CEDRXS=1,5,\"0010\"\n"
     "AT+CEDRXS?\n"},
    {"bg96", "QCFG", "nwscanmode", "which radio technologies are searched; kept and printed, no more",
     "AT+QCFG=\"nwscanmode\",3,1\n"
     "AT+QCFG=\"nwscanmode\"\n"},
    {"bg96", "QCFG", "nwscanseq", "in which order; kept and printed, no more",
     "AT+QCFG=\"nwscanseq\",030201\n"
     "AT+QCFG=\"nwscanseq\"\n"},
    {"bg96", "QCFG", "iotopmode", "which of the two kinds of LTE; kept and printed, no more",
     "AT+QCFG=\"iotopmode\",1,1\n"
     "AT+QCFG=\"iotopmode\"\n"},
    {"bg96", "QCFG", "servicedomain", "which services are registered for; kept and printed, no more",
     "AT+QCFG=\"servicedomain\",1\n"
     "AT+QCFG=\"servicedomain\"\n"},
    {"bg96", "QCFG", "roamservice", "whether roaming is allowed; kept and printed, no more",
     "AT+QCFG=\"roamservice\",2\n"
     "AT+QCFG=\"roamservice\"\n"},
    {"bg96", "QCFG", "band", "which bands are searched; kept and printed, no more",
     "AT+QCFG=\"band\",0,0x80,0x80\n"
     "AT+QCFG=\"band\"\n"},

    /* --- the module of six clients ----------------------------------------------------------- */
    {"bg96", "GMI", NULL, "the maker",
     "AT+GMI\n"},
    {"bg96", "CGMI", NULL, "the maker",
     "AT+CGMI\n"},
    {"bg96", "GMM", NULL, "the model",
     "AT+GMM\n"},
    {"bg96", "GMR", NULL, "the revision",
     "AT+GMR\n"},
    {"bg96", "CGMR", NULL, "the revision",
     "AT+CGMR\n"},
    {"bg96", "GSN", NULL, "the IMEI",
     "AT+GSN\n"},
    {"bg96", "CPIN", NULL, "whether the SIM is ready; there is no PIN to enter",
     "AT+CPIN?\n"},
    {"bg96", "QINISTAT", NULL, "how far the SIM has started: 1 SIM, 2 short messages, 4 phone book, added up",
     "AT+QINISTAT\n"},
    {"bg96", "QCCID", NULL, "the number of the SIM card",
     "AT+QCCID\n"},
    {"bg96", "IPR", NULL, "the speed of the port; AT&W keeps it",
     "AT+IPR?\n"},
    {"bg96", "QURCCFG", "urcport", "where URCs go; kept and printed, for there is one port",
     "AT+QURCCFG=\"urcport\",\"uart1\"\n"
     "AT+QURCCFG=\"urcport\"\n"},

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
    {"bc95", "CGSN", NULL, "serial number, IMEI, software version",
     "AT+CGSN=1\n"
     "AT+CGSN\n"},
    {"bg96", "CGSN", NULL, "the IMEI",
     "AT+CGSN\n"},
    {NULL, "NRB", NULL, "restart the module",
     "AT+NRB\n"},
    {NULL, "CGMI", NULL, "the maker",
     "AT+CGMI\n"},
    {NULL, "CGMR", NULL, "the firmware",
     "AT+CGMR\n"},
    {NULL, "NCCID", NULL, "the number of the SIM card",
     "AT+NCCID\n"},
    {NULL, "CPIN", NULL, "whether the SIM card is ready",
     "AT+CPIN?\n"},
    {NULL, "CSCON", NULL, "whether there is a signalling connection (RRC), and its URC",
     "AT+CSCON=1\n"
     "AT+CSCON?\n"},
    {NULL, "NPSMR", NULL, "whether the module sleeps (PSM), and its URC",
     "AT+NPSMR=1\n"
     "AT+NPSMR?\n"},
    {NULL, "COPS", NULL, "the operator: choose one, or leave the network",
     "AT+COPS?\n"},
    {NULL, "CGDCONT", NULL, "PDP contexts and the names of their access points",
     "AT+CGDCONT=1,\"IP\",\"internet\"\n"
     "AT+CGDCONT?\n"},
    {NULL, "CGPADDR", NULL, "the module's addresses",
     "AT+CGPADDR\n"},
    {NULL, "CGACT", NULL, "which PDP contexts are active",
     "AT+CGACT?\n"},
    {NULL, "NUESTATS", NULL, "what the radio measures; powers in 1/10 dBm, times in ms",
     "AT+NUESTATS\n"
     "AT+NUESTATS=CELL\n"},
    {NULL, "NBAND", NULL, "the bands, in the order in which they are searched",
     "AT+NBAND?\n"
     "AT+CFUN=0\n"
     "AT+NBAND=8,20\n"
     "AT+NBAND?\n"},
    {NULL, "NCONFIG", NULL, "switches that work from the next restart on",
     "AT+NCONFIG=AUTOCONNECT,FALSE\n"
     "AT+NCONFIG?\n"},
    {NULL, "NATSPEED", NULL, "the speed of the serial port",
     "AT+NATSPEED?\n"},
    {NULL, "CPSMS", NULL, "whether the module may sleep (PSM), and when",
     "AT+CPSMS=1,,,\"01000001\",\"00000101\"\n"
     "AT+CPSMS?\n"},
    {NULL, "CEDRXS", NULL, "listen to the network less often (eDRX)",
     "AT+CEDRXS=1,5,\"0101\"\n"
     "AT+CEDRXS?\n"},
    {NULL, "CCLK", NULL, "the time; +32 is 32 quarter hours to the east",
     "AT+CCLK=\"26/11/21,08:00:00+32\"\n"
     "AT+CCLK?\n"},
    {NULL, "NPING", NULL, "ping a host; its URC tells address, TTL and ms",
     "AT+NPING=192.0.2.1\n"},
    {NULL, "QDNS", NULL, "find the address of a name",
     "AT+QDNS=0,coap.example\n"},
    {"bc95", "QIDNSCFG", NULL, "the name servers; shown, no more",
     "AT+QIDNSCFG=192.0.2.53\n"
     "AT+QIDNSCFG?\n"},
    {NULL, "QREGSWT", NULL, "registration with a platform; kept and shown, no more",
     "AT+QREGSWT=2\n"
     "AT+QREGSWT?\n"},
    {NULL, "NSONMI", NULL, "URCs for data of sockets; kept and shown, no more",
     "AT+NSONMI=1\n"},
    {NULL, "NNMI", NULL, "URCs for messages; kept and shown, no more",
     "AT+NNMI=1\n"},
    {NULL, "NSMI", NULL, "URCs for sent messages; kept and shown, no more",
     "AT+NSMI=1\n"},
    {NULL, "NCDP", NULL, "the server of a platform; kept and shown, no more",
     "AT+NCDP=192.0.2.9,5683\n"
     "AT+NCDP?\n"},
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
    {NULL, "X", NULL, "words of a dialled call; read and forgotten",
     "ATX4\n"},
    {NULL, "&C", NULL, "the carrier line of the port; read and forgotten",
     "AT&C1\n"},
    {NULL, "&D", NULL, "what the DTR line of the port does; read and forgotten",
     "AT&D0\n"},
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
    {NULL, "NCDP", "port", "its port; 5683 if left out"},
    {"bc95", NULL, "port", "the server's UDP port"},
    {"bg96", NULL, "port", "the server's UDP port"},

    {NULL, "QCOAPADDRES", "length", "characters of <resource>"},
    {NULL, "QCOAPADDRES", "resource", "the path, as in /t/d"},

    {NULL, "QCOAPHEAD", "mode",
     "1 ID and token are chosen; 2 ID chosen, token given; 3 ID given, no token; 4 ID given, "
     "token chosen; 5 both given"},
    {NULL, "QCOAPHEAD", "msgid",
     "the message ID, bare; modes 3, 4 and 5. In mode 2 its empty place may be left out, with its comma"},
    {NULL, "QCOAPHEAD", "tkl", "bytes of <token>, bare; modes 2 and 5"},
    {NULL, "QCOAPHEAD", "token", "two hex digits for each byte, bare or quoted; modes 2 and 5"},

    {NULL, "QCOAPOPTION", "opt_count", "how many options follow"},
    {NULL, "QCOAPOPTION", "opt_name", "the option's number, one of those under BC95: options"},
    {"bc95", "QCOAPOPTION", "opt_value",
     "its value, quoted or bare, written as the option's format says; empty where the option can be"},

    {NULL, "QCOAPSEND", "type", "0 CON, 1 NON, 2 ACK, 3 RST"},
    {NULL, "QCOAPSEND", "method/rspcode",
     "0 Empty, 1 GET, 2 POST, 3 PUT, 4 DELETE, or a response, 205 for 2.05: 201 to 205, 400 to 406, "
     "412, 413, 415, 500 to 505"},
    {NULL, "QCOAPSEND", "ip_addr", "the server's IPv4 or IPv6 address"},

    {NULL, "QCOAPCFG", "Showra", "0 no, 1 yes; left out: print it"},
    {NULL, "QCOAPCFG", "Showrspopt", "0 no, 1 yes; left out: print it"},
    {NULL, "QCOAPCFG", "PDP_cid", "the PDP context, 1 at start; left out: print it"},
    {NULL, "QCOAPCFG", "DTLS_enable", "0 plain UDP, as at start, 1 DTLS; left out: print both"},
    {NULL, "QCOAPCFG", "DTLS_contextID",
     "which context of AT+QSSLCFG, and the number in front of the key file's name; 0 at start, left out: as "
     "before"},
    {NULL, "QCOAPCFG", "timeout", "seconds until a CON is sent again first, 2 at start; left out: print both"},
    {NULL, "QCOAPCFG", "retry_count", "how often it is sent again, 5 at start"},

    {NULL, "QCOAPOPEN", "CoAP_server", "a name, or an IPv4 or IPv6 address"},

    {NULL, "QCOAPHEADER", "msgID", "the message ID"},
    {NULL, "QCOAPHEADER", "mode", "0 the token is given, or there is none; 1 it is chosen"},
    {NULL, "QCOAPHEADER", "TKL", "bytes of <token>; mode 0"},
    {NULL, "QCOAPHEADER", "token", "two hex digits for each byte; mode 0"},

    {NULL, "QCOAPOPTION", "mode", "0 fill the slot, 1 empty it"},
    {NULL, "QCOAPOPTION", "opt_index", "the slot"},
    {NULL, "QCOAPOPTION", "opt_number", "the option's number; mode 0"},
    {"bg96", "QCOAPOPTION", "opt_value", "its value, quoted or bare, written as the option's format says; mode 0"},

    {NULL, "QCOAPSEND", "code_value",
     "0 Empty, 1 GET, 2 POST, 3 PUT, 4 DELETE, or a response, c x 32 + dd, 69 for 2.05: 65 to 69, 128 to 134, "
     "140, 141, 143, 160 to 165"},
    {NULL, "QCOAPSEND", "opt_bitmask", "which slots go along: 1 for slot 0, 2 for slot 1, 4 for slot 2 ..."},
    {NULL, "QCOAPSEND", "payload_length", "bytes of payload; left out: up to Ctrl+Z"},

    {NULL, "QSSLCFG", "SSL_ctxID", "the context"},
    {NULL, "QSSLCFG", "DTLS_enable", "0 TLS, 1 DTLS; left out: print it"},
    {NULL, "QSSLCFG", "DTLS_version", "0 DTLS 1.0, 1 DTLS 1.2, 2 either; left out: print it"},
    {NULL, "QSSLCFG", "cipher_suite",
     "0XC0A8 PSK-AES128-CCM-8, 0X00AE PSK-AES128-CBC-SHA256, 0XFFFF all; left out: print it"},
    {NULL, "QSSLCFG", "SSL_version", "0 SSL 3, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 all; left out: print it"},
    {NULL, "QSSLCFG", "cacertpath", "the file's name; left out: print it"},
    {NULL, "QSSLCFG", "client_cert_path", "the file's name; left out: print it"},
    {NULL, "QSSLCFG", "client_key_path", "the file's name; left out: print it"},
    {NULL, "QSSLCFG", "SNI", "0 no, 1 yes; left out: print it"},
    {NULL, "QSSLCFG", "checkhost", "0 no, 1 yes; left out: print it"},
    {NULL, "QSSLCFG", "ignore_ltime", "0 no, 1 yes; left out: print it"},
    {NULL, "QSSLCFG", "renegotiation", "0 no, 1 yes; left out: print it"},
    {NULL, "QSSLCFG", "negotiate_time", "seconds; left out: print it"},
    {NULL, "QSSLCFG", "seclevel", "0 nothing, 1 the server, 2 both sides; left out: print it"},
    {NULL, "QSSLCFG", "session", "0 no, 1 yes; left out: print it"},

    {NULL, "QFLDS", "filename", "\"UFS\": free bytes and all bytes are printed; left out: used bytes and number of files"},
    {NULL, "QFLST", "filename", "a name, or \"*\" for all"},
    {NULL, "QFDEL", "filename", "a name, or \"*\" for all"},
    {NULL, "QFUPL", "filename", "the file's name, with or without UFS: in front"},
    {NULL, "QFOPEN", "filename", "the file's name, with or without UFS: in front"},
    {NULL, "QFOPEN", "mode", "0 read and write, it is made if it is not there; 1 the same, and it is emptied; 2 read only; left out: 0"},
    {NULL, "QFREAD", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFREAD", "length", "bytes at most; left out: up to the end"},
    {NULL, "QFWRITE", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFWRITE", "length", "bytes; left out: up to 10,240, ended by +++ and a second of silence"},
    {NULL, "QFWRITE", "timeout", "seconds to wait for the next byte; 5 if left out"},
    {NULL, "QFSEEK", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFSEEK", "offset", "how many bytes; not beyond the end of the file"},
    {NULL, "QFSEEK", "position", "0 from the start, 1 on from here, 2 back from the end; left out: 0"},
    {NULL, "QFPOSITION", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFTUCAT", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFCLOSE", "filehandle", "what AT+QFOPEN printed"},
    {NULL, "QFDWL", "filename", "the file's name, with or without UFS: in front"},
    {NULL, "QFUPL", "file_size", "its bytes; left out: up to 10,240, ended by +++ and a second of silence"},
    {NULL, "QFUPL", "timeout", "seconds to wait for the next byte; 5 if left out"},
    {NULL, "QFUPL", "ackmode", "1: an A comes for each 1,024 bytes"},

    {"bc95", "CMEE", "n", "0 ERROR, 1 +CME ERROR: <err>"},
    {"bg96", "CMEE", "n", "0 ERROR, 1 +CME ERROR: <err>, 2 +CME ERROR: and words"},
    {NULL, "CEREG", "n", "how much AT+CEREG? shows: from 2 on the cell, from 4 on timers"},
    {"bg96", "CREG", "n", "from 1 on changes are reported, from 2 on with the cell"},
    {"bg96", "CGREG", "n", "from 1 on changes are reported, from 2 on with the cell"},
    {"bg96", "COPS", "mode", "0 automatic, 1 the one that is named, 2 none, 3 only set <format>, 4 as 1, then as 0"},
    {"bg96", "COPS", "format", "0 long name, 1 short name, 2 number"},
    {"bg96", "COPS", "oper", "the operator, in that format; modes 1 and 4"},
    {"bg96", "COPS", "AcT", "the technology; read and forgotten"},
    {"bg96", "QCSCON", "n", "1: changes are reported"},
    {"bg96", "CTZR", "n", "1: it is"},
    {"bg96", "CTZU", "mode", "0 no, 1 yes, 3 yes, as local time"},
    {"bg96", "CCLK", "time", "yy/MM/dd,hh:mm:ss and the zone in quarter hours, as in +32"},
    {"bg96", "CGACT", "state", "1 activate, 0 deactivate"},
    {"bg96", "CGACT", "cid", "the context; left out: all that are defined"},
    {"bg96", "CGPADDR", "cid", "the context; left out: all that are defined"},
    {"bg96", "QIACT", "cid", "the context"},
    {"bg96", "QIDEACT", "cid", "the context"},
    {"bg96", "QIDNSCFG", "cid", "the context; it is active"},
    {"bg96", "QIDNSCFG", "pridnsaddr", "the first server's address; left out: print both"},
    {"bg96", "QIDNSCFG", "secdnsaddr", "the second one's"},
    {"bg96", "QIDNSGIP", "cid", "the context; it is active"},
    {"bg96", "QIDNSGIP", "host", "the name"},
    {"bg96", "QPING", "cid", "the context; it is active"},
    {"bg96", "QPING", "host", "an address or a name"},
    {"bg96", "QPING", "timeout", "seconds to wait for each echo; 4 if left out"},
    {"bg96", "QPING", "pingnum", "how many; 4 if left out"},
    {"bg96", "CGDCONT", "cid", "the context"},
    {"bg96", "CGDCONT", "PDP_type", "IP, IPV6, IPV4V6 or Non-IP; left out: the context is not defined any more"},
    {"bg96", "CGDCONT", "APN", "access point name"},
    {"bg96", "CGDCONT", "PDP_addr", "read and forgotten: the network chooses"},
    {"bg96", "CGDCONT", "d_comp", "read and forgotten"},
    {"bg96", "CGDCONT", "h_comp", "read and forgotten"},
    {"bg96", "QICSGP", "cid", "the context"},
    {"bg96", "QICSGP", "context_type", "1 IPv4, 2 IPv6; left out: print all"},
    {"bg96", "QICSGP", "APN", "access point name"},
    {"bg96", "QICSGP", "username", "for the access point; goes with <password>"},
    {"bg96", "QICSGP", "password", "for the access point"},
    {"bg96", "QICSGP", "authentication", "0 none, 1 PAP, 2 CHAP, 3 either"},
    {"bg96", "CPSMS", "mode", "0 off, 1 on, 2 off and timers as from the factory"},
    {"bg96", "CPSMS", "Requested_Periodic-RAU", "of 2G; read and forgotten"},
    {"bg96", "CPSMS", "Requested_GPRS-READY-timer", "of 2G; read and forgotten"},
    {"bg96", "CPSMS", "Requested_Periodic-TAU", "T3412 as GPRS timer 3, eight bits"},
    {"bg96", "CPSMS", "Requested_Active-Time", "T3324 as GPRS timer 2, eight bits"},
    {"bg96", "CEDRXS", "mode", "0 off, 1 on, 2 on with reports, 3 off and as from the factory"},
    {"bg96", "CEDRXS", "AcT-type", "1 LTE Cat M1, 5 NB-IoT; left out: both"},
    {"bg96", "CEDRXS", "Requested_eDRX_value", "four bits"},
    {"bg96", "QCFG", "scanmode", "0 automatic, 1 GSM, 3 LTE; left out: print it"},
    {"bg96", "QCFG", "scanseq", "up to three of 00 automatic, 01 GSM, 02 LTE Cat M1, 03 NB-IoT; left out: print it"},
    {"bg96", "QCFG", "mode", "0 LTE Cat M1, 1 NB-IoT, 2 both; left out: print it"},
    {"bg96", "QCFG", "service", "0 circuit switched, 1 packet, 2 both; left out: print it"},
    {"bg96", "QCFG", "roammode", "1 no, 2 yes, 255 as the SIM says; left out: print it"},
    {"bg96", "QCFG", "GSM_bands", "a mask in hex, 0x in front or not; 0: as it is; left out: print all"},
    {"bg96", "QCFG", "M1_bands", "likewise"},
    {"bg96", "QCFG", "NB1_bands", "likewise"},
    {"bg96", "QCFG", "effect", "0 from the next restart on, 1 at once; no difference here"},
    {"bg96", "CPIN", "pin", "four to eight digits"},
    {"bg96", "CPIN", "new_pin", "likewise"},
    {"bg96", "IPR", "rate", "bits in a second, one that the test form lists"},
    {"bg96", "QURCCFG", "urc_port", "usbat, usbmodem or uart1; left out: print it"},
    {NULL, "CFUN", "fun", "0 off, 1 on, 4 flight mode"},
    {NULL, "CFUN", "rst", "1: restart the module"},
    {NULL, "CGSN", "snt", "0 serial number, 1 IMEI, 2 IMEI and software version, 3 software version"},
    {NULL, "CSCON", "n", "0 no URC, 1 a URC; 2 with <state>, 3 with <access>, too"},
    {NULL, "NPSMR", "n", "0 no URC, 1 a URC"},
    {NULL, "COPS", "mode", "0 any operator, 1 this one, 2 none: leave the network"},
    {NULL, "COPS", "format", "2: <oper> is a number; mode 1"},
    {NULL, "COPS", "oper", "5 or 6 digits; mode 1"},
    {NULL, NULL, "cid", "the PDP context"},
    {NULL, "CGDCONT", "PDP_type", "\"IP\", \"IPV6\", \"IPV4V6\" or \"NONIP\"; <cid> alone: undefine it"},
    {NULL, "CGDCONT", "APN", "the name of the access point"},
    {NULL, "CGDCONT", "PDP_addr", "makes no difference"},
    {NULL, "CGDCONT", "d_comp", "only 0"},
    {NULL, "CGDCONT", "h_comp", "only 0"},
    {NULL, "CGACT", "state", "0 deactivate, 1 activate"},
    {NULL, "NUESTATS", "type", "RADIO, CELL, BLER, THP, APPSMEM or ALL"},
    {NULL, "NBAND", "band", "a band; only while AT+CFUN is 0"},
    {NULL, "NCONFIG", "function", "one of those that AT+NCONFIG? shows; only AUTOCONNECT has an effect"},
    {NULL, "NCONFIG", "value", "TRUE or FALSE"},
    {NULL, "NATSPEED", "baud_rate", "bits per second, from the OK on"},
    {NULL, "NATSPEED", "timeout", "seconds; if no command line comes in that time the old speed is back; 3 if left out, 0 never"},
    {NULL, "NATSPEED", "store", "1: it outlives a restart"},
    {NULL, "NATSPEED", "sync_mode", "makes no difference"},
    {NULL, "NATSPEED", "stopbits", "makes no difference"},
    {NULL, "NATSPEED", "parity", "makes no difference"},
    {NULL, "NATSPEED", "xonxoff", "makes no difference"},
    {NULL, "CPSMS", "mode", "0 stay awake, 1 sleep"},
    {NULL, "CPSMS", "Requested_Periodic-RAU", "leave its place empty"},
    {NULL, "CPSMS", "Requested_GPRS-READY-timer", "leave its place empty"},
    {NULL, "CPSMS", "Requested_Periodic-TAU", "8 bits, GPRS timer 3"},
    {NULL, "CPSMS", "Requested_Active-Time", "8 bits, GPRS timer 2: how long the module is awake behind a connection"},
    {NULL, "CEDRXS", "mode", "0 off, 1 on, 2 on with a URC, 3 off and as from the factory"},
    {NULL, "CEDRXS", "AcT-type", "the kind of network"},
    {NULL, "CEDRXS", "Requested_eDRX_value", "4 bits"},
    {NULL, "CCLK", "time", "yy/MM/dd,hh:mm:ss and quarter hours, which may be left out"},
    {NULL, "NPING", "remote_address", "an IPv4 or IPv6 address"},
    {NULL, "NPING", "p_size", "bytes; 12 if left out"},
    {NULL, "NPING", "timeout", "ms; 10,000 if left out"},
    {NULL, "QDNS", "mode", "only 0"},
    {NULL, "QDNS", "hostname", "the name"},
    {"bc95", "QIDNSCFG", "pridns", "an IPv4 or IPv6 address"},
    {"bc95", "QIDNSCFG", "secdns", "a second one"},
    {NULL, "QREGSWT", "n", "0 by command, 1 by itself, 2 never"},
    {NULL, "NSONMI", "n", "what a URC would show"},
    {NULL, "NNMI", "n", "what a URC would show"},
    {NULL, "NSMI", "n", "whether there would be a URC"},
    {NULL, "NCDP", "ip_addr", "an IPv4 address"},
    {NULL, "QPOWD", "mode", "0 at once, 1 in good order; both are the same here"},
    {NULL, "E", "value", "0 no echo, 1 echo; left out: 0"},
    {NULL, "I", "value", "makes no difference"},
    {NULL, "V", "value", "0 numbers, 1 words; left out: 0"},
    {NULL, "Q", "value", "0 results are printed, 1 they are not; left out: 0"},
    {NULL, "S3", "value", "the character's number; 13 is CR"},
    {NULL, "S4", "value", "the character's number; 10 is LF"},
    {NULL, "S5", "value", "the character's number; 8 is backspace"},
    {NULL, "X", "value", "makes no difference"},
    {NULL, "&C", "value", "makes no difference"},
    {NULL, "&D", "value", "makes no difference"},
    {NULL, "&F", "value", "there is one profile"},
    {NULL, "&W", "value", "there is one profile"},
    {NULL, "Z", "value", "there is one profile"},
    {NULL, "CGATT", "value", "0 detach, 1 attach"},
};

const struct manual_reply manual_replies[] = {
    {NULL, "QCOAPDATASTATUS", NULL, "+QCOAPDATASTATUS: <status>",
     "<status> 0 no CON since CREATE, 1 sent, waits for its ACK, 2 it could not be sent, 3 time-out, "
     "4 success, 5 an RST came"},
    {NULL, "QCOAPCFG", "Showra", "+QCOAPCFG: \"Showra\",<Showra>",
     "with the value left out; the read form prints OK alone"},
    {NULL, "QCOAPCFG", "Showrspopt", "+QCOAPCFG: \"Showrspopt\",<Showrspopt>",
     "with the value left out; the read form prints OK alone"},
    {NULL, "QCOAPCFG", "pdpcid", "+QCOAPCFG: \"pdpcid\",<PDP_cid>", "with the value left out"},
    {NULL, "QCOAPCFG", "pdpctxid", "+QCOAPCFG: \"pdpcid\",<PDP_cid>", "with the value left out"},
    {NULL, "QCOAPCFG", "dtls", "+QCOAPCFG: \"dtls\",<DTLS_enable>[,<DTLS_contextID>]",
     "with the values left out; the context is shown if DTLS is on"},
    {NULL, "QCOAPCFG", "trans", "+QCOAPCFG: \"trans\",<timeout>,<retry_count>",
     "with the values left out"},
    {NULL, "QCOAPOPEN", NULL, "+QCOAPOPEN: <clientID>,\"<CoAP_server>\",<port>,<status>",
     "a line for each client; <status> 0 its connection was lost, 1 opening, 2 connecting, 3 connected"},
    {"bc95", "CGSN", NULL, "+CGSN:<IMEI>", "with <snt> 1; the IMEI alone without <snt>"},
    {"bc95", "NCCID", NULL, "+NCCID:<ICCID>", "20 digits"},
    {"bc95", "CPIN", NULL, "+CPIN:READY", NULL},
    {"bc95", "CMEE", NULL, "+CMEE:<n>", NULL},
    {"bc95", "CFUN", NULL, "+CFUN:<fun>", NULL},
    {"bc95", "CEREG", NULL, "+CEREG:<n>,<stat>[,<tac>,<ci>,<AcT>...]",
     "<stat> 0 off, 1 home, 2 searching, 3 denied, 5 roaming; the cell from <n> 2 on, hex without quotes"},
    {"bc95", "CSCON", NULL, "+CSCON:<n>,<mode>", "<mode> 0 idle, 1 connected"},
    {"bc95", "NPSMR", NULL, "+NPSMR:<n>,<mode>", "<mode> 0 awake, 1 asleep"},
    {"bc95", "COPS", NULL, "+COPS:<mode>[,2,\"<oper>\"]", "without an operator while there is no service"},
    {"bc95", "CGDCONT", NULL, "+CGDCONT:<cid>,\"<PDP_type>\",\"<APN>\",,0,0", "a line for each context"},
    {"bc95", "CGPADDR", NULL, "+CGPADDR:<cid>[,<address>]", "without address while it is not active"},
    {"bc95", "CGACT", NULL, "+CGACT:<cid>,<state>", "a line for each context; <state> 0 not active, 1 active"},
    {"bc95", "NBAND", NULL, "+NBAND:<band>[,<band>...]", "in the order they were written"},
    {"bc95", "NCONFIG", NULL, "+NCONFIG:<function>,<value>", "a line for each function"},
    {"bc95", "NATSPEED", NULL, "+NATSPEED:<baud_rate>", NULL},
    {"bc95", "CCLK", NULL, "+CCLK:yy/MM/dd,hh:mm:ss+zz", "<zz> quarters of an hour"},
    {"bc95", "CGATT", NULL, "+CGATT:<state>", "0 detached, 1 attached"},
    {"bc95", "CSQ", NULL, "+CSQ:<rssi>,<ber>", "<rssi> 0 to 31 in steps of 2 dB from -113 dBm, 99 unknown; <ber> always 99"},
};
/* clang-format on */

const size_t manual_text_count = sizeof manual_texts / sizeof manual_texts[0];
const size_t manual_param_text_count = sizeof manual_param_texts / sizeof manual_param_texts[0];
const size_t manual_reply_count = sizeof manual_replies / sizeof manual_replies[0];
