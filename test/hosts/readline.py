#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A host made of pyserial's readline() with a time-out, as scripts on a Raspberry Pi are: a line is what
came until LF, or until half a second was over, and that is also how it sees the prompt, which has no
end.

usage: readline.py PORT bc95|bg96 SERVER UDP-PORT [SECONDS]

SECONDS is how long it waits for an answer of the server, 10 without it.
"""

import sys
import time

import serial


class ModemError(Exception):
    pass


class Modem:
    def __init__(self, port, patience):
        self.ser = serial.Serial(port, 9600, timeout=0.5)
        self.patience = patience
        self.ser.reset_input_buffer()
        self.urcs = []

    def readline(self):
        return self.ser.readline().decode("ascii", "replace").strip()

    def command(self, cmd, timeout=5):
        """The lines of the reply, without the OK."""
        self.ser.write((cmd + "\r").encode())
        return self.wait_ok(cmd, timeout)

    def wait_ok(self, what, timeout=5):
        lines = []
        end = time.time() + timeout
        while time.time() < end:
            line = self.readline()
            if line == "OK":
                return lines
            if line == "ERROR" or line.startswith("+CME ERROR"):
                raise ModemError(f"{what}: {line}")
            if line.startswith(("+QCOAPURC", "+QCOAPRECV", "+QCOAPACK", "+QCOAPOPEN: 0,")):
                self.urcs.append(line)
            elif line:
                lines.append(line)
        raise ModemError(f"{what}: time-out after {lines}")

    def send(self, cmd, payload):
        self.ser.write((cmd + "\r").encode())
        for _ in range(10):
            line = self.readline()
            if line == ">":
                break
            if line:
                raise ModemError(f"{cmd}: {line}")
        else:
            raise ModemError(f"{cmd}: no prompt")
        self.ser.write(payload.encode() + b"\x1a")
        self.wait_ok(cmd)

    def urc(self, head):
        """The next URC that begins so; others are passed over."""
        end = time.time() + self.patience
        while time.time() < end:
            line = self.urcs.pop(0) if self.urcs else self.readline()
            if line.startswith(head):
                return line[len(head) :]
        raise ModemError(f"no {head}")


class Bc95(Modem):
    def start(self, server, port):
        self.to = f"{server},{port}"
        self.command("AT+QCOAPCREATE=56830")

    def request(self, method, path, *more, payload=""):
        self.command("AT+QCOAPHEAD=1")
        options = [f'11,"{path}"', *more]
        if more and more[0].startswith("6,"):
            options.reverse()
        self.command(f"AT+QCOAPOPTION={len(options)}," + ",".join(options))
        self.send(f"AT+QCOAPSEND=0,{method},{self.to}", payload.encode().hex())

    def answer(self):
        """Code and payload."""
        fields = self.urc('+QCOAPURC: "rsp",').split(",")
        payload = bytes.fromhex(fields[4]).decode() if len(fields) > 4 else ""
        assert len(fields) < 5 or len(payload) == int(fields[3]), fields
        if self.command("AT+QCOAPDATASTATUS?") != ["+QCOAPDATASTATUS: 4"]:
            raise ModemError("not delivered")
        return fields[1], payload

    def observe(self, path, count):
        self.request(1, path, '6,"0"')
        return [self.answer()[0] for _ in range(count)]

    def stop(self):
        self.command("AT+QCOAPDEL")


class Bg96(Modem):
    slots = 0
    mid = 7000

    def start(self, server, port):
        self.command(f'AT+QCOAPOPEN=0,"{server}",{port}')
        if self.urc("+QCOAPOPEN: 0,") != "0":
            raise ModemError("not opened")

    def request(self, method, path, *more, payload=""):
        for slot in range(self.slots):
            self.command(f"AT+QCOAPOPTION=0,1,{slot}")
        options = [f'11,"{path}"', *more]
        self.slots = len(options)
        for slot, option in enumerate(options):
            self.command(f"AT+QCOAPOPTION=0,0,{slot},{option}")
        self.mid += 1
        self.command(f"AT+QCOAPHEADER=0,{self.mid},1")
        self.send(f"AT+QCOAPSEND=0,0,{method},{2 ** self.slots - 1}", payload)
        if self.urc(f"+QCOAPACK: 0,0,{self.mid},") != "0":
            raise ModemError("not delivered")

    def answer(self):
        fields = self.urc("+QCOAPRECV: 0,").split(",")
        length = int(fields[-1])
        payload = self.ser.read(length).decode() if length else ""
        assert len(payload) == length, payload
        return fields[1], payload

    def observe(self, path, count):
        self.request(1, path, "6,0")
        return [self.answer()[0] for _ in range(count)]

    def stop(self):
        self.command("AT+QCOAPCLOSE=0")
        self.urc("+QCOAPCLOSE: 0,0")


def main(port, kind, server, udp, patience="10"):
    modem = (Bc95 if kind == "bc95" else Bg96)(port, float(patience))
    modem.command("ATE0")
    print(modem.command("AT+CGMI")[0])
    modem.start(server, udp)
    modem.request(2, "rpi", payload="42 lux")
    print("POST", *modem.answer())
    modem.request(1, "rpi")
    print("GET", *modem.answer())
    print("observe", *modem.observe("time", 3))
    modem.stop()


main(*sys.argv[1:])
