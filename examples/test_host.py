# SPDX-License-Identifier: MIT
"""Tests of a host in Python against the virtual module, with pyserial and pytest.

    apt-get install python3-serial python3-pytest
    pytest-3 test_host.py

The fixtures start a module and a server for each test, and stop them. ATCOAP
names the program if it is not on the PATH; the Port at the top stands for the
driver that you want to test.
"""

import os
import re
import socket
import subprocess

import pytest
import serial

PROGRAM = os.environ.get("ATCOAP", "atcoap")


class Port:
    """The driver under test: commands and lines on a serial port."""

    def __init__(self, path):
        self.serial = serial.Serial(path, 115200, timeout=5)

    def line(self):
        """The next line that is not empty."""
        while True:
            raw = self.serial.readline()
            assert raw, "nothing came within 5 s"
            if raw.strip():
                return raw.decode().strip()

    def command(self, text):
        """Type a command; returns the lines up to OK."""
        self.serial.write(f"{text}\r".encode())
        lines = []
        while True:
            line = self.line()
            assert "ERROR" not in line, f"{text}: {line}"
            if line == "OK":
                return lines
            lines.append(line)

    def send(self, text, payload=""):
        """Type a command that asks for data, and the data."""
        self.serial.write(f"{text}\r".encode())
        assert self.serial.read_until(b"> ").endswith(b"> ")
        self.serial.write(payload.encode() + b"\x1a")
        assert self.line() == "OK"


def start(*arguments):
    """Start the program; returns the process and what it announces first."""
    process = subprocess.Popen([PROGRAM, *arguments], stderr=subprocess.PIPE, text=True)
    return process, process.stderr.readline()


def stop(process):
    process.terminate()
    assert process.wait(5) == 0
    process.stderr.close()


@pytest.fixture
def modem():
    """A fresh BG96, its echo off."""
    process, line = start("run", "--dialect=bg96", "--set=ack-timeout=1000")
    port = Port(re.match(r"atcoap: pty (\S+)", line).group(1))
    port.command("ATE0")
    yield port
    port.serial.close()
    stop(process)


@pytest.fixture
def server():
    """The port of a CoAP server on this machine."""
    process, line = start("serve", "--port=0")
    yield re.search(r"coap://127\.0\.0\.1:(\d+)", line).group(1)
    stop(process)


def test_identifies_itself(modem):
    assert modem.command("AT+CGMM") == ["BG96"]


def test_get(modem, server):
    modem.command(f'AT+QCOAPOPEN=0,"127.0.0.1",{server}')
    assert modem.line() == "+QCOAPOPEN: 0,0"
    modem.command('AT+QCOAPOPTION=0,0,0,11,"hello"')
    modem.send("AT+QCOAPSEND=0,0,1,1")
    assert re.fullmatch(r"\+QCOAPACK: 0,0,\d+,0", modem.line())
    assert ",2.05," in modem.line()
    assert "hello" in modem.line()


def test_post_comes_back(modem, server):
    modem.command(f'AT+QCOAPOPEN=0,"127.0.0.1",{server}')
    assert modem.line() == "+QCOAPOPEN: 0,0"
    modem.command('AT+QCOAPOPTION=0,0,0,11,"echo"')
    modem.send("AT+QCOAPSEND=0,1,2,1", "21.5 degrees")
    assert re.fullmatch(r"\+QCOAPACK: 0,1,\d+,0", modem.line())
    assert re.fullmatch(r"\+QCOAPRECV: 0,\d+,2\.04,.*,12", modem.line())
    assert modem.line() == "21.5 degrees"


def test_a_silent_server_is_asked_again(modem):
    """Nobody answers: the module sends again, and says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        modem.command(f'AT+QCOAPOPEN=0,"127.0.0.1",{silent.getsockname()[1]}')
        assert modem.line() == "+QCOAPOPEN: 0,0"
        modem.send("AT+QCOAPSEND=0,0,1,0")
        again = re.fullmatch(r"\+QCOAPIND: 0,0,(\d+),1,0", modem.line())
        assert again
        first, second = silent.recv(2000), silent.recv(2000)
        assert first == second
        assert first[2:4] == int(again.group(1)).to_bytes(2, "big")
