#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A host that types like a careful hand: a character, then it waits for its echo, then the next. While it
does so an observed resource changes every second; what comes of it may stand between lines, never
within one that is typed within a second, nor within a payload or a reply.

usage: typist.py PORT bc95|bg96 SERVER UDP-PORT
"""

import os
import select
import sys
import termios
import time
import tty

path, module, server, udp = sys.argv[1:]
port = os.open(path, os.O_RDWR | os.O_NOCTTY)
tty.setraw(port, termios.TCSANOW)
urcs = []


def byte(seconds=5):
    if not select.select([port], [], [], seconds)[0]:
        raise SystemExit(f"typist: nothing comes; so far {urcs}")
    return os.read(port, 1).decode("latin-1")


def must_be(got, wanted, where):
    if got != wanted:
        raise SystemExit(f"typist: {got!r} instead of {wanted!r} in {where!r}")


def line():
    """The rest of a line."""
    text = ""
    while not text.endswith("\r\n"):
        text += byte()
    return text[:-2]


def urc():
    """One whose CR has come."""
    must_be(byte(), "\n", "the frame of a URC")
    text = line()
    must_be(text[:6], "+QCOAP", text)
    if text.startswith("+QCOAPRECV"):
        length = int(text.rsplit(",", 1)[1])
        if length:
            text += " " + "".join(byte() for _ in range(length))
            must_be(byte() + byte(), "\r\n", text)
    urcs.append(text)


def press(text):
    """Type, each character behind the echo of the last. Before the first one URCs may come."""
    began = time.monotonic()
    for place, character in enumerate(text):
        os.write(port, character.encode())
        echo = byte()
        # A module does not keep them back for ever.
        while echo == "\r" and (place == 0 or time.monotonic() - began > 0.9):
            urc()
            echo = byte()
        must_be(echo, character, text)


def enter(text):
    press(text)
    os.write(port, b"\r")
    if module == "bg96":
        must_be(byte(), "\r", f"the echo of the CR behind {text}")
    must_be(byte() + byte(), "\r\n", f"the reply to {text}")


def command(text):
    enter(text)
    must_be(line(), "OK", text)


def data(text, payload):
    enter(text)
    must_be(byte(), ">", text)
    if module == "bg96":
        must_be(byte(), " ", text)
    for character in payload:
        os.write(port, character.encode())
        must_be(byte(), character, payload)
        time.sleep(0.15)
    os.write(port, b"\x1a")
    must_be(byte() + byte(), "\r\n", f"the reply to {payload}")
    must_be(line(), "OK", payload)


def answer(head):
    """The URC that begins so; the others stay."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for place, text in enumerate(urcs):
            if text.startswith(head):
                return urcs.pop(place)[len(head) :]
        must_be(byte(), "\r", "a URC")
        urc()
    raise SystemExit(f"typist: no {head} in {urcs}")


def bc95():
    to = f"{server},{udp}"
    command("AT+QCOAPCREATE=56830")
    command("AT+QCOAPHEAD=5,100,1,0A")
    command('AT+QCOAPOPTION=2,6,"0",11,"time"')
    data(f"AT+QCOAPSEND=0,1,{to}", "")
    answer('+QCOAPURC: "rsp",2,2.05,100,')
    for mid, method in ((101, 2), (102, 1)):
        command(f"AT+QCOAPHEAD=5,{mid},1,{mid - 90:02X}")
        command('AT+QCOAPOPTION=2,11,"typed",11,"slowly"')
        data(f"AT+QCOAPSEND=0,{method},{to}", "6279206f6e652066696e676572" if method == 2 else "")
    print("POST", answer('+QCOAPURC: "rsp",2,2.01,101') or "2.01")
    print("GET", answer('+QCOAPURC: "rsp",2,2.05,102,'))


def bg96():
    command(f'AT+QCOAPOPEN=0,"{server}",{udp}')
    answer("+QCOAPOPEN: 0,0")
    for slot, value in enumerate(("6,0", '11,"time"', '11,"typed"', '11,"slowly"')):
        command(f"AT+QCOAPOPTION=0,0,{slot},{value}")
    for mid, method, mask, payload in (
        (100, 1, 3, ""),
        (101, 2, 12, "by one finger, as it were"),
        (102, 1, 12, ""),
    ):
        command(f"AT+QCOAPHEADER=0,{mid},0,1,{mid - 90:02X}")
        data(f"AT+QCOAPSEND=0,0,{method},{mask}", payload)
        answer(f"+QCOAPACK: 0,0,{mid},0")
    answer("+QCOAPRECV: 0,100,2.05,1,0A,")
    answer("+QCOAPRECV: 0,101,2.01,1,0B,")
    print("POST 2.01")
    print("GET", answer("+QCOAPRECV: 0,102,2.05,1,0C,0,"))


command("AT")
bc95() if module == "bc95" else bg96()
# What was observed meanwhile, whole, and nothing else.
notification = '+QCOAPURC: "rsp",' if module == "bc95" else "+QCOAPRECV: 0,"
strangers = [text for text in urcs if not text.startswith(notification)]
print("notified", len(urcs) > 1 and not strangers, *strangers)
