#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A host that ends everything it types in the same way, payloads included, for its print function
does so: with CR, with CR LF or with LF. It never switches the echo off and finds what it looks for
anywhere in what came.

usage: line_ends.py PORT bc95|bg96 SERVER UDP-PORT cr|crlf|lf
"""

import os
import re
import select
import sys
import termios
import tty

path, module, server, udp, kind = sys.argv[1:]
END = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n"}[kind]
port = os.open(path, os.O_RDWR | os.O_NOCTTY)
tty.setraw(port, termios.TCSANOW)
heard = b""


def println(text):
    os.write(port, text.encode() + END)


def find(pattern, seconds=5):
    """Read on until this came; what stands behind it is looked at next."""
    global heard
    while True:
        match = re.search(pattern, heard)
        if match:
            heard = heard[match.end() :]
            return [group.decode() for group in match.groups()]
        if re.search(rb"\r\n(ERROR|\+CME ERROR: \d+)\r\n", heard):
            sys.exit(f"line_ends: {pattern} ended in {heard}")
        if not select.select([port], [], [], seconds)[0]:
            sys.exit(f"line_ends: no {pattern} in {heard}")
        heard += os.read(port, 4096)


def command(text):
    println(text)
    find(rb"\r\nOK\r\n")


def data(text, payload):
    println(text)
    find(rb"\r\n>")
    println(payload + "\x1a")
    find(rb"\r\nOK\r\n")


def bc95():
    rsp = rb'\r\n\+QCOAPURC: "rsp",(\d),(\d\.\d\d),\d+(?:,(\d+),([^\r]*))?\r\n'
    post, get = f"AT+QCOAPSEND=0,2,{server},{udp}", f"AT+QCOAPSEND=0,1,{server},{udp}"
    command("AT+CMEE=1")
    command("AT+QCOAPCREATE=56830")
    command("AT+QCOAPHEAD=1")
    command('AT+QCOAPOPTION=2,11,"ends",12,"0"')
    data(post, "t=-4.5")
    find(rb'\r\n\+QCOAPURC: "rsp",2,2\.01,\d+\r\n')
    print("POST 2.01")
    println("AT+QCOAPDATASTATUS?")
    find(rb"\r\n\+QCOAPDATASTATUS: 4\r\n\r\nOK\r\n")
    command("AT+QCOAPHEAD=1")
    command('AT+QCOAPOPTION=1,11,"ends"')
    data(get, "")
    print("GET", *find(rsp))
    command("AT+QCOAPHEAD=2,1,0B")
    command('AT+QCOAPOPTION=2,6,"0",11,"time"')
    data(get, "")
    kinds = [find(rsp)[1] for _ in range(3)]
    print("observe", *kinds)
    command("AT+QCOAPDEL")


def bg96():
    recv = rb"\r\n\+QCOAPRECV: 1,(\d+),(\d\.\d\d),\d+,[0-9A-F]*,(?:\d+)(?:,[^\r]*)?,(\d+)\r\n"
    command('AT+QCOAPCFG="trans",1,4,5')
    command(f'AT+QCOAPOPEN=1,"{server}",{udp}')
    find(rb"\r\n\+QCOAPOPEN: 1,0\r\n", 75)
    command('AT+QCOAPOPTION=1,0,0,11,"ends"')
    command("AT+QCOAPOPTION=1,0,1,12,0")
    command("AT+QCOAPHEADER=1,50,1")
    data("AT+QCOAPSEND=1,0,2,3", "t=-4.5")
    find(rb"\r\n\+QCOAPACK: 1,0,50,0\r\n")
    print("POST", find(recv)[1])
    command("AT+QCOAPHEADER=1,51,1")
    # This one with a length, and so without Ctrl+Z; but println() ends it, too.
    println("AT+QCOAPSEND=1,0,3,3,6")
    find(rb"\r\n> ")
    println("t=-5.5")
    find(rb"\r\nOK\r\n")
    print("PUT", find(recv)[1])
    command("AT+QCOAPHEADER=1,52,1")
    data("AT+QCOAPSEND=1,0,1,1", "")
    mid, code, length = find(recv)
    print("GET", code, length, *find(rb"(t=-?\d\.\d)\r\n"))
    command("AT+QCOAPOPTION=1,0,2,6,0")
    command('AT+QCOAPOPTION=1,0,3,11,"time"')
    command("AT+QCOAPHEADER=1,53,1")
    data("AT+QCOAPSEND=1,0,1,12", "")
    print("observe", *[find(recv)[1] for _ in range(3)])
    command("AT+QCOAPCLOSE=1")
    find(rb"\r\n\+QCOAPCLOSE: 1,0\r\n", 75)


command("AT")
bc95() if module == "bc95" else bg96()
