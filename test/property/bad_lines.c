/* SPDX-License-Identifier: MIT
 *
 * Lines that are wrong, odd or at an edge, and what each is answered (A01 to A17, P01 to P14): with
 * AT+CMEE=1, a context or client there, echo off. Behind each the next command works.
 */
#include "bench.h"
#include "check.h"
#include "seeds.h"

#define OK     "\r\nOK\r\n"
#define ERROR  "\r\nERROR\r\n"
#define CME50  "\r\n+CME ERROR: 50\r\n"
#define CME23  "\r\n+CME ERROR: 23\r\n"
#define CME3   "\r\n+CME ERROR: 3\r\n"
#define PROMPT "\r\n>"
#define NONE   ""

/* 180 bytes. */
#define X20  "xxxxxxxxxxxxxxxxxxxx"
#define X60  X20 X20 X20
#define X180 X60 X60 X60
#define X240 X180 X60

static struct bench fresh[2], b;

struct wrong {
    const char *typed; /* a CR is added */
    const char *said;
};

/* clang-format off */
static const struct wrong bc95_lines[] = {
    /* A: the line */
    {"", NONE},
    {"\r\r\n\n", NONE},
    {"A\r", NONE},
    {"A/", NONE},
    {"HELLO", NONE},
    {"\x01\x02\x11\x13\x80\xFF AT", OK},
    {"AT", OK},
    {"aT", OK},
    {"At+csq", "\r\n+CSQ:23,99\r\n" OK},
    {"AT\x08\x08\x08\x08\x08\x08 AT", OK},
    {"AT ", OK},
    {"AT;", OK},
    {"AT;;;;", OK},
    {"AT +CSQ", ERROR},
    {"AT+ CSQ", ERROR},
    {"AT+CSQ ", "\r\n+CSQ:23,99\r\n" OK},
    {"AT+CS Q", ERROR},
    {"AT+CEREG =1", ERROR},
    {"AT+CEREG ?", ERROR},
    {"AT+CEREG= 1 ", OK},
    {"AT+CEREG= ?", CME50},
    {"AT+CEREG=?1", CME50},
    {"AT+CEREG=??", CME50},
    {"AT+CEREG?1", ERROR},
    {"AT+NONAME", ERROR},
    {"AT+NONAME=1", ERROR},
    {"AT+NONAME?", ERROR},
    {"AT+NONAME=?", ERROR},
    {"AT+ABCDEFGHIJKLMNO", ERROR},
    {"AT+ABCDEFGHIJKLMNOP", ERROR},
    {"AT+ABCDEFGHIJKLMNOPQ", ERROR},
    {"AT+" X240, ERROR},
    {"AT+", ERROR},
    {"AT=", ERROR},
    {"AT?", ERROR},
    {"AT\"", ERROR},
    {"AT+CSQ\x01", ERROR},
    {"ATE2", CME50},
    {"ATE99999999999", CME50},
    {"ATQ", ERROR},
    {"AT+CSQ;+CSQ", "\r\n+CSQ:23,99\r\n\r\n+CSQ:23,99\r\n" OK},
    {"AT+CSQ;+NONAME;+CSQ", "\r\n+CSQ:23,99\r\n" ERROR},
    {"AT+CSQ;+CEREG=9;+CSQ", "\r\n+CSQ:23,99\r\n" CME50},
    {"AT+CSQ;AT+CSQ", "\r\n+CSQ:23,99\r\n" ERROR},
    {"AT+CSQ;+QCOAPSEND=1,1,192.0.2.1,5683;+CSQ", CME50},
    {"AT+QCOAPSEND=1,1,192.0.2.1,5683;", PROMPT},
    {"AT+CSQ;+QCOAPSEND=1,1,192.0.2.1,5683", "\r\n+CSQ:23,99\r\n" PROMPT},

    /* CREATE, DEL, ADDRES */
    {"AT+QCOAPCREATE=56830", CME3},
    {"AT+QCOAPCREATE=0", CME50},
    {"AT+QCOAPCREATE=", CME50},
    {"AT+QCOAPCREATE=,", CME50},
    {"AT+QCOAPCREATE=,,,", CME50},
    {"AT+QCOAPCREATE", ERROR},
    {"AT+QCOAPCREATE?", ERROR},
    {"AT+QCOAPDEL=1", ERROR},
    {"AT+QCOAPDEL?", ERROR},
    {"AT+QCOAPDEL=?", OK},
    {"AT+QCOAPADDRES=4,\"/t/d\"", OK},
    {"AT+QCOAPADDRES=3,\"t/d\"", OK},
    {"AT+QCOAPADDRES=5,\"/t/d\"", CME50},
    {"AT+QCOAPADDRES=3,\"/t/d\"", CME50},
    {"AT+QCOAPADDRES=0,\"\"", CME50},
    {"AT+QCOAPADDRES=1,\"\"", CME50},
    {"AT+QCOAPADDRES=4,/t/d", CME50},
    {"AT+QCOAPADDRES=4,\"/t/d", CME50},
    {"AT+QCOAPADDRES=4,\"/t\"/d\"", CME50},
    {"AT+QCOAPADDRES=4,\"/t/d\"x", CME50},
    {"AT+QCOAPADDRES=4,x\"/t/d\"", CME50},
    {"AT+QCOAPADDRES=4,\"/t/d\" ", OK},
    {"AT+QCOAPADDRES=4,\"/t/d\",", CME50},
    {"AT+QCOAPADDRES=4", CME50},
    {"AT+QCOAPADDRES=50,\"/" X20 X20 "xxxxxxxxx\"", OK},
    {"AT+QCOAPADDRES=51,\"/" X20 X20 "xxxxxxxxxx\"", CME50},
    {"AT+QCOAPADDRES=6,\"%s%n%x\"", OK},

    /* HEAD */
    {"AT+QCOAPHEAD=0", CME50},
    {"AT+QCOAPHEAD=6", CME50},
    {"AT+QCOAPHEAD=1", OK},
    {"AT+QCOAPHEAD=1,5", CME50},
    {"AT+QCOAPHEAD=1,", CME50},
    {"AT+QCOAPHEAD=2", CME50},
    {"AT+QCOAPHEAD=2,2", CME50},
    {"AT+QCOAPHEAD=2,2,abCD", OK},
    {"AT+QCOAPHEAD=2,2,\"abCD\"", OK},
    {"AT+QCOAPHEAD=2,,2,abCD", OK},
    {"AT+QCOAPHEAD=2,5,2,abCD", CME50},
    {"AT+QCOAPHEAD=2,2,abC", CME50},
    {"AT+QCOAPHEAD=2,2,abCDE", CME50},
    {"AT+QCOAPHEAD=2,2,abCDEF", CME50},
    {"AT+QCOAPHEAD=2,2,abCG", CME50},
    {"AT+QCOAPHEAD=2,0,", CME50},
    {"AT+QCOAPHEAD=2,0,\"\"", CME50},
    {"AT+QCOAPHEAD=2,9,010203040506070809", CME50},
    {"AT+QCOAPHEAD=2,8,0102030405060708", OK},
    {"AT+QCOAPHEAD=3", CME50},
    {"AT+QCOAPHEAD=3,0", OK},
    {"AT+QCOAPHEAD=3,65535", OK},
    {"AT+QCOAPHEAD=3,65536", CME50},
    {"AT+QCOAPHEAD=3,-1", CME50},
    {"AT+QCOAPHEAD=3,\"5\"", CME50},
    {"AT+QCOAPHEAD=3,1 2", CME50},
    {"AT+QCOAPHEAD=3,5,2,abCD", CME50},
    {"AT+QCOAPHEAD=4", CME50},
    {"AT+QCOAPHEAD=4,5", OK},
    {"AT+QCOAPHEAD=5,5", CME50},
    {"AT+QCOAPHEAD=5,5,2", CME50},
    {"AT+QCOAPHEAD=5,,2,abCD", CME50},
    {"AT+QCOAPHEAD=5,5,2,abCD", OK},
    {"AT+QCOAPHEAD=5,5,2,abCD,", CME50},

    /* OPTION */
    {"AT+QCOAPOPTION=0", CME50},
    {"AT+QCOAPOPTION=1", CME50},
    {"AT+QCOAPOPTION=1,11", CME50},
    {"AT+QCOAPOPTION=1,11,\"a\"", OK},
    {"AT+QCOAPOPTION=1,11,a", OK},
    {"AT+QCOAPOPTION=2,11,\"a\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"a\",11,\"b\"", CME50},
    {"AT+QCOAPOPTION=13,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab", CME50},
    {"AT+QCOAPOPTION=12,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab,1,ab", OK},
    {"AT+QCOAPOPTION=1,0,\"a\"", CME50},
    {"AT+QCOAPOPTION=1,2,\"a\"", CME50},
    {"AT+QCOAPOPTION=1,9,\"00\"", CME50},
    {"AT+QCOAPOPTION=1,2049,\"00\"", CME50},
    {"AT+QCOAPOPTION=1,65535,\"00\"", CME50},
    {"AT+QCOAPOPTION=1,65536,\"00\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"" X180 "\"", OK},
    {"AT+QCOAPOPTION=1,11,\"" X180 "x\"", CME50},
    {"AT+QCOAPOPTION=1,11,\".\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"..\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"a/../b\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"...\"", OK},
    {"AT+QCOAPOPTION=1,11,\"\"", OK},
    {"AT+QCOAPOPTION=1,11,\"a\\0\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"a\\00\\0D\\0A\"", OK},
    {"AT+QCOAPOPTION=1,3,\"\"", CME50},
    {"AT+QCOAPOPTION=1,3,\"h\"", OK},
    {"AT+QCOAPOPTION=1,12,\"0\"", OK},
    {"AT+QCOAPOPTION=1,12,50", OK},
    {"AT+QCOAPOPTION=1,12,\"43\"", CME50},
    {"AT+QCOAPOPTION=1,12,\"65535\"", CME50},
    {"AT+QCOAPOPTION=1,12,\"text/plain\"", CME50},
    {"AT+QCOAPOPTION=1,12,\"\"", CME50},
    {"AT+QCOAPOPTION=1,17,\"47\"", OK},
    {"AT+QCOAPOPTION=1,17,\"1\"", CME50},
    {"AT+QCOAPOPTION=1,5,\"\"", OK},
    {"AT+QCOAPOPTION=1,5,\"00\"", CME50},
    {"AT+QCOAPOPTION=1,5,", CME50},
    {"AT+QCOAPOPTION=1,1,\"abc\"", CME50},
    {"AT+QCOAPOPTION=1,1,\"zz\"", CME50},
    {"AT+QCOAPOPTION=1,1,\"\"", CME50},
    {"AT+QCOAPOPTION=1,1,\"0102030405060708\"", OK},
    {"AT+QCOAPOPTION=1,1,\"010203040506070809\"", CME50},
    {"AT+QCOAPOPTION=1,4,\"\"", CME50},
    {"AT+QCOAPOPTION=1,6,\"16777215\"", OK},
    {"AT+QCOAPOPTION=1,6,\"16777216\"", CME50},
    {"AT+QCOAPOPTION=1,7,\"65535\"", OK},
    {"AT+QCOAPOPTION=1,7,\"65536\"", CME50},
    {"AT+QCOAPOPTION=1,14,\"4294967295\"", OK},
    {"AT+QCOAPOPTION=1,14,\"4294967296\"", CME50},
    {"AT+QCOAPOPTION=1,14,\"-1\"", CME50},
    {"AT+QCOAPOPTION=1,23,\"6\"", OK},
    {"AT+QCOAPOPTION=1,23,\"7\"", CME50},
    {"AT+QCOAPOPTION=1,27,\"16777214\"", OK},
    {"AT+QCOAPOPTION=1,27,\"16777215\"", CME50},
    {"AT+QCOAPOPTION=8,15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\",15,\"" X180 "\"", CME23},
    {"AT+QCOAPOPTION=1,11,\"a\" \"b\"", CME50},
    {"AT+QCOAPOPTION=1,11,\"%s%n%x\"", OK},

    /* SEND */
    {"AT+QCOAPSEND", ERROR},
    {"AT+QCOAPSEND?", ERROR},
    {"AT+QCOAPSEND=0,1,192.0.2.1", CME50},
    {"AT+QCOAPSEND=0,1,192.0.2.1,5683,1", CME50},
    {"AT+QCOAPSEND=4,1,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,5,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,65,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,100,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,200,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,206,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,231,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,300,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,407,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,414,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,432,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,506,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,600,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,205,192.0.2.1,5683", PROMPT},
    {"AT+QCOAPSEND=0,415,192.0.2.1,5683", PROMPT},
    {"AT+QCOAPSEND=0,0,192.0.2.1,5683", PROMPT},
    {"AT+QCOAPSEND=1,0,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=2,1,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=2,0,192.0.2.1,5683", PROMPT},
    {"AT+QCOAPSEND=3,0,192.0.2.1,5683", PROMPT},
    {"AT+QCOAPSEND=3,205,192.0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,1,\"192.0.2.1\",5683", PROMPT},
    {"AT+QCOAPSEND=0,1, 192.0.2.1 ,5683", PROMPT},
    {"AT+QCOAPSEND=0,1,192. 0.2.1,5683", CME50},
    {"AT+QCOAPSEND=0,1,2001:db8::1,5683", PROMPT},
    {"AT+QCOAPSEND=0,1,[2001:db8::1],5683", CME50},
    {"AT+QCOAPSEND=0,1,2001:db8::1::2,5683", CME50},
    {"AT+QCOAPSEND=0,1,256.1.1.1,5683", CME50},
    {"AT+QCOAPSEND=0,1,1.2.3,5683", CME50},
    {"AT+QCOAPSEND=0,1,1.2.3.4.5,5683", CME50},
    {"AT+QCOAPSEND=0,1,1.2.3.,5683", CME50},
    {"AT+QCOAPSEND=0,1,0.0.0.0,5683", CME50},
    {"AT+QCOAPSEND=0,1,::,5683", CME50},
    {"AT+QCOAPSEND=0,1,255.255.255.255,5683", CME50},
    {"AT+QCOAPSEND=0,1,224.0.1.187,5683", CME50},
    {"AT+QCOAPSEND=1,1,224.0.1.187,5683", PROMPT},
    {"AT+QCOAPSEND=0,1,ff02::fd,5683", CME50},
    {"AT+QCOAPSEND=0,1,name.example,5683", CME50},
    {"AT+QCOAPSEND=0,1,name;rm,5683", CME50},
    {"AT+QCOAPSEND=0,1,,5683", CME50},
    {"AT+QCOAPSEND=0,1,192.0.2.1,0", CME50},
    {"AT+QCOAPSEND=0,1,192.0.2.1,65535", PROMPT},
    {"AT+QCOAPSEND=0,1,192.0.2.1,65536", CME50},

    /* DATASTATUS, CFG */
    {"AT+QCOAPDATASTATUS", ERROR},
    {"AT+QCOAPDATASTATUS=1", ERROR},
    {"AT+QCOAPCFG", ERROR},
    {"AT+QCOAPCFG=", CME50},
    {"AT+QCOAPCFG=\"Nothing\",1", ERROR},
    {"AT+QCOAPCFG=\"\"", ERROR},
    {"AT+QCOAPCFG=Showra,1", CME50},
    {"AT+QCOAPCFG=\"SHOWRA\",1", OK},
    {"AT+QCOAPCFG=\"showra\"", "\r\n+QCOAPCFG: \"Showra\",0\r\n" OK},
    {"AT+QCOAPCFG=\"Showra\",2", CME50},
    {"AT+QCOAPCFG=\"Showra\",", CME50},
    {"AT+QCOAPCFG=\"Showra\",1,1", CME50},
};

#undef PROMPT
#define PROMPT "\r\n> "
#define CSQ    "\r\n+CSQ: 23,99\r\n"

static const struct wrong bg96_lines[] = {
    {"", NONE},
    {"AT", OK},
    {"ATE2", CME50},
    {"AT+NONAME", ERROR},
    {"AT+CSQ;+NONAME;+CSQ", CSQ ERROR},
    {"AT+CSQ;+QCOAPSEND=0,1,1,0;+CSQ", ERROR},
    {"AT+CSQ;+QFUPL=\"x\",5;+CSQ", CME50},
    {"AT+QCOAPCFG", ERROR},
    {"AT+QCOAPCFG?", ERROR},
    {"AT+QCOAPCFG=", ERROR},
    {"AT+QCOAPCFG=\"nothing\",0", ERROR},
    {"AT+QCOAPCFG=\"pdpcid\"", ERROR},
    {"AT+QCOAPCFG=pdpcid,0", ERROR},
    {"AT+QCOAPCFG=\"PDPCID\",0", "\r\n+QCOAPCFG: \"pdpcid\",1\r\n" OK},
    {"AT+QCOAPCFG=\"pdpctxid\",0", "\r\n+QCOAPCFG: \"pdpcid\",1\r\n" OK},
    {"AT+QCOAPCFG=\"dtls\",0", "\r\n+QCOAPCFG: \"dtls\",0\r\n" OK},
    {"AT+QCOAPCFG=\"trans\",0", "\r\n+QCOAPCFG: \"trans\",2,5\r\n" OK},
    {"AT+QCOAPCFG=\"trans\",0,4", ERROR},
    {"AT+QCOAPCFG=\"trans\",0,,5", ERROR},
    {"AT+QCOAPOPEN=0,\"\",5683", ERROR},
    {"AT+QCOAPOPEN=0,\"192.0.2.1\"", ERROR},
    {"AT+QCOAPOPEN=0,192.0.2.1,5683", OK "\r\n+QCOAPOPEN: 0,-10\r\n"},
    {"AT+QCOAPOPEN=0,\"192.0.2.1\",5683", OK "\r\n+QCOAPOPEN: 0,-10\r\n"},
    {"AT+QCOAPOPEN=1,\"" X240 "xxxxxxxxxxxxxxx\",5683", OK "\r\n+QCOAPOPEN: 1,0\r\n"},
    {"AT+QCOAPOPEN=1,\"" X240 "xxxxxxxxxxxxxxxx\",5683", ERROR},
    {"AT+QCOAPOPEN=0,\"x", ERROR},
    {"AT+QCOAPCLOSE=5", ERROR},
    {"AT+QCOAPCLOSE", ERROR},
    {"AT+QCOAPHEADER=0,77", ERROR},
    {"AT+QCOAPHEADER=0,77,0", OK},
    {"AT+QCOAPHEADER=0,77,0,0", OK},
    {"AT+QCOAPHEADER=0,77,0,2", ERROR},
    {"AT+QCOAPHEADER=0,77,0,2,abCD", OK},
    {"AT+QCOAPHEADER=0,77,0,2,\"abCD\"", OK},
    {"AT+QCOAPHEADER=0,77,0,2,abC", ERROR},
    {"AT+QCOAPHEADER=0,77,0,2,abCDEF", ERROR},
    {"AT+QCOAPHEADER=0,77,0,2,abCG", ERROR},
    {"AT+QCOAPHEADER=0,77,0,9,010203040506070809", ERROR},
    {"AT+QCOAPHEADER=0,77,1", OK},
    {"AT+QCOAPHEADER=0,77,1,2,abCD", ERROR},
    {"AT+QCOAPHEADER=0,77,1,2", ERROR},
    {"AT+QCOAPHEADER=0,,1", ERROR},
    {"AT+QCOAPHEADER=5,77,1", OK},
    {"AT+QCOAPOPTION=0,0,11,\"19\"", ERROR},
    {"AT+QCOAPOPTION=0,0,0", ERROR},
    {"AT+QCOAPOPTION=0,0,0,11", ERROR},
    {"AT+QCOAPOPTION=0,0,0,11,\"a\"", OK},
    {"AT+QCOAPOPTION=0,0,0,11,a", OK},
    {"AT+QCOAPOPTION=0,0,0,5", OK},
    {"AT+QCOAPOPTION=0,0,0,5,\"\"", OK},
    {"AT+QCOAPOPTION=0,0,0,5,\"x\"", ERROR},
    {"AT+QCOAPOPTION=0,0,0,6,0", OK},
    {"AT+QCOAPOPTION=0,0,0,23,6", ERROR},
    {"AT+QCOAPOPTION=0,0,0,28,6", ERROR},
    {"AT+QCOAPOPTION=0,0,0,9,00", ERROR},
    {"AT+QCOAPOPTION=0,0,0,0,00", ERROR},
    {"AT+QCOAPOPTION=0,0,0,65535,00", ERROR},
    {"AT+QCOAPOPTION=0,0,0,12,65535", OK},
    {"AT+QCOAPOPTION=0,0,0,12,65536", ERROR},
    {"AT+QCOAPOPTION=0,0,0,1,\"\"", OK},
    {"AT+QCOAPOPTION=0,0,0,4,\"\"", ERROR},
    {"AT+QCOAPOPTION=0,0,0,4,010203040506070809", ERROR},
    {"AT+QCOAPOPTION=0,0,0,11,\"" X240 "xxxxxxxxxxxxxxx\"", OK},
    {"AT+QCOAPOPTION=0,0,0,11,\"" X240 "xxxxxxxxxxxxxxxx\"", ERROR},
    {"AT+QCOAPOPTION=0,0,0,35,\"" X240 X240 X240 X240 X60 "xxxxxxxxxxxxxx\"", OK},
    {"AT+QCOAPOPTION=0,0,0,35,\"" X240 X240 X240 X240 X60 "xxxxxxxxxxxxxxx\"", ERROR},
    {"AT+QCOAPOPTION=0,1,0", ERROR},
    {"AT+QCOAPOPTION=0,1,0,11", ERROR},
    {"AT+QCOAPOPTION=0,0,8,11,\"a\"", ERROR},
    {"AT+QCOAPSEND=0,1,1", ERROR},
    {"AT+QCOAPSEND=0,1,1,0", PROMPT},
    {"AT+QCOAPSEND=0,1,1,255", PROMPT},
    {"AT+QCOAPSEND=0,1,1,256", ERROR},
    {"AT+QCOAPSEND=0,1,1,0,1024", PROMPT},
    {"AT+QCOAPSEND=0,1,1,0,1025", ERROR},
    {"AT+QCOAPSEND=0,1,1,0,", ERROR},
    {"AT+QCOAPSEND=0,1,0,0", ERROR},
    {"AT+QCOAPSEND=0,1,5,0", ERROR},
    {"AT+QCOAPSEND=0,1,64,0", ERROR},
    {"AT+QCOAPSEND=0,1,65,0", PROMPT},
    {"AT+QCOAPSEND=0,1,70,0", ERROR},
    {"AT+QCOAPSEND=0,1,135,0", ERROR},
    {"AT+QCOAPSEND=0,1,165,0", PROMPT},
    {"AT+QCOAPSEND=0,1,166,0", ERROR},
    {"AT+QCOAPSEND=0,0,0,0,0", PROMPT OK},
    {"AT+QCOAPSEND=0,0,0,0,5", ERROR},
    {"AT+QCOAPSEND=0,3,1,0", ERROR},
    {"AT+QCOAPSEND=0,2,1,0", ERROR},
    {"AT+QCOAPSEND=5,1,1,0", ERROR},
    {"AT+QCOAPSEND=6,1,1,0", ERROR},
    {"AT+QSSLCFG=\"nothing\",0", ERROR},
    {"AT+QSSLCFG=\"dtls\",6", CME50},
    {"AT+QFUPL=\"x\",0", CME50},
    {"AT+QFUPL=x,5", CME50},
    {"AT+CFUN=2", CME50},
    {"AT+CFUN=3", CME50},
    {"AT+CEREG=3", CME50},
};
/* clang-format on */

static void prepare(void)
{
    bench_new(&fresh[0], &atc_dialect_bc95, 1);
    (void)bench_type(&fresh[0], "AT+CMEE=1\rAT+QCOAPCREATE=56830\r");
    bench_new(&fresh[1], &atc_dialect_bg96, 1);
    (void)bench_type(&fresh[1], "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&fresh[0]);
    (void)bench_said(&fresh[1]);
}

static bool ends_in(const char *said, const char *text)
{
    return strlen(said) >= strlen(text) && strcmp(said + strlen(said) - strlen(text), text) == 0;
}

/* Fill a payload up if one is asked for, then type the next command. */
static void check_next(const char *typed)
{
    const char *said = b.te.text;

    if (ends_in(said, ">") || ends_in(said, "> ")) {
        for (unsigned i = 0; i < 1100; i++)
            (void)bench_type(&b, "x");
        (void)bench_type(&b, "\x1A");
    }
    (void)bench_said(&b);
    (void)bench_type(&b, "AT+CGATT?\r");
    EXPECT(ends_in(bench_said(&b), OK), "%s: the next command", typed);
}

static void check_line(size_t dialect, const struct wrong *wrong)
{
    b = fresh[dialect];
    (void)bench_type(&b, wrong->typed);
    (void)bench_type(&b, "\r");
    EXPECT(strcmp(b.te.text, wrong->said) == 0, "%s: %s", wrong->typed, b.te.text);
    check_next(wrong->typed);
}

static void check_bc95(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(bc95_lines); i++)
        check_line(0, &bc95_lines[i]);
}

static void check_bg96(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(bg96_lines); i++)
        check_line(1, &bg96_lines[i]);
}

/* --- long lines (D-13) ------------------------------------------------------------------------- */

static void type_long(size_t dialect, const char *start, size_t len, const char *said)
{
    b = fresh[dialect];
    (void)bench_type(&b, start);
    for (size_t i = strlen(start); i < len; i++)
        (void)bench_type(&b, "x");
    (void)bench_type(&b, "\r");
    EXPECT(strcmp(b.te.text, said) == 0, "%s ... of %zu bytes: %s", start, len, b.te.text);
    check_next(start);
}

static void check_long_lines(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t dialect = 0; dialect < 2; dialect++) {
        const char *too_long = dialect == 0 ? CME50 : ERROR;

        type_long(dialect, "AT+", 2559, ERROR);
        type_long(dialect, "AT+", 2560, ERROR);
        type_long(dialect, "AT+CEREG=\"", 2560, CME50);
        type_long(dialect, "AT+", 2561, too_long);
        type_long(dialect, "AT+", 25600, too_long);
        type_long(dialect, "XX", 25600, NONE);
    }
}

/* --- before there is a context ---------------------------------------------------------------- */

static void check_before_create(uint64_t seed)
{
    /* D-22; parameters are judged before the state, D-12. */
    static const struct wrong lines[] = {
        {"AT+QCOAPADDRES=4,\"/t/d\"", CME3},
        {"AT+QCOAPADDRES=5,\"/t/d\"", CME50},
        {"AT+QCOAPHEAD=1", CME3},
        {"AT+QCOAPHEAD=0", CME50},
        {"AT+QCOAPHEAD=3", CME50},
        {"AT+QCOAPOPTION=1,11,\"a\"", CME3},
        {"AT+QCOAPOPTION=1,12,\"43\"", CME50},
        {"AT+QCOAPSEND=0,1,192.0.2.1,5683", CME3},
        {"AT+QCOAPSEND=0,1,0.0.0.0,5683", CME50},
        {"AT+QCOAPCFG=\"Showra\",1", OK},
        {"AT+QCOAPDATASTATUS?", "\r\n+QCOAPDATASTATUS: 0\r\n" OK},
        {"AT+QCOAPDEL", OK},
    };

    (void)seed;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        bench_new(&b, &atc_dialect_bc95, 1);
        (void)bench_type(&b, "AT+CMEE=1\r");
        (void)bench_said(&b);
        (void)bench_type(&b, lines[i].typed);
        (void)bench_type(&b, "\r");
        EXPECT(strcmp(b.te.text, lines[i].said) == 0, "%s: %s", lines[i].typed, b.te.text);
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"bad lines, BC95", check_bc95, 1},
        {"bad lines, BG96", check_bg96, 1},
        {"long lines", check_long_lines, 1},
        {"before there is a context", check_before_create, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
