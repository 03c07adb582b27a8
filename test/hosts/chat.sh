#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The oldest habit of all: pppd's chat(8), with a script of what to expect and what to type. Its words
# are all it knows; ERROR aborts, and so does half a minute without them.
#
# usage: chat.sh PORT bc95|bg96 SERVER UDP-PORT

set -eu
port=$1 module=$2 server=$3 udp=$4
script=$(mktemp)
trap 'rm -f "$script"' EXIT
export PATH="$PATH:/usr/sbin"

talk() {
    chat -t 30 -T "$server" -U "$udp" -f "$script" <"$port" >"$port"
}

case $module in
bc95)
    cat >"$script" <<'END'
ABORT ERROR
'' AT
OK-AT-OK ATE0
OK AT+CGATT?
'+CGATT:1' ''
OK AT+QCOAPCREATE=56830
OK AT+QCOAPHEAD=1
OK 'AT+QCOAPOPTION=2,11,"chat",12,"0"'
OK 'AT+QCOAPSEND=0,2,\T,\U'
> 'rain 3 mm^Z\c'
OK ''
'"rsp",2,2.01,' AT+QCOAPDATASTATUS?
'+QCOAPDATASTATUS: 4' ''
OK AT+QCOAPHEAD=1
OK 'AT+QCOAPOPTION=1,11,"chat"'
OK 'AT+QCOAPSEND=0,1,\T,\U'
> '^Z\c'
OK ''
'"rsp",2,2.05,' ''
',9,7261696E2033206D6D' AT+QCOAPDEL
OK ''
END
    ;;
bg96)
    cat >"$script" <<'END'
ABORT ERROR
'' AT
OK-AT-OK ATE0
OK AT+CGATT?
'+CGATT: 1' ''
OK 'AT+QCOAPOPEN=3,"\T",\U'
'+QCOAPOPEN: 3,0' 'AT+QCOAPOPTION=3,0,0,11,"chat"'
OK AT+QCOAPHEADER=3,1,1
OK AT+QCOAPSEND=3,0,2,1
> 'rain 3 mm^Z\c'
OK ''
'+QCOAPACK: 3,0,1,0' ''
'+QCOAPRECV: 3,1,2.01,6,' AT+QCOAPHEADER=3,2,1
OK AT+QCOAPSEND=3,0,1,1,0
> ''
OK ''
'+QCOAPACK: 3,0,2,0' ''
'+QCOAPRECV: 3,2,2.05,6,' ''
',9' ''
'rain 3 mm' AT+QCOAPCLOSE=3
'+QCOAPCLOSE: 3,0' ''
END
    ;;
esac
talk
echo "POST 2.01, GET 2.05"
