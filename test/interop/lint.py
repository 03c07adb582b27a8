# SPDX-License-Identifier: MIT
"""The lint of the host, as a CI job has it: drivers that are run by --exec against a
module and a server. A good one leaves no word and status 0, a bad one is told what it
did, and --strict makes that status 1. The examples of docs count as good ones."""

import json
import os
import re
import subprocess
import sys

from harness import PROGRAM, Modem, At, Process, Terminal, run_tests

EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples")

# What every driver begins with: a port, and lines with their replies.
COMMON = r"""
import os, sys, time, tty
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
server = sys.argv[2]
tty.setraw(port)
got = b""
def write(text):
    os.write(port, text.encode())
def until(*ends):
    global got
    while not any(end in got for end in ends):
        got += os.read(port, 500)
    at = min(got.index(end) + len(end) for end in ends if end in got)
    said, got = got[:at], got[at:]
    return said.decode()
def line(text, end="\r"):
    write(text + end)
    return until(b"OK\r\n", b"ERROR\r\n")
def send(text, payload):
    write(text + "\r")
    until(b">")
    write(payload + "\x1a")
    return until(b"OK\r\n", b"ERROR\r\n")
write("ATE0\r")
until(b"OK\r\n")
"""

GOOD_BG96 = COMMON + r"""
line('AT+QCOAPCFG="trans",0,2,4')
write('AT+QCOAPOPEN=0,"127.0.0.1",' + server + '\r')
until(b"+QCOAPOPEN: 0,0\r\n")
for slot, name in enumerate(("hello",)):
    line('AT+QCOAPOPTION=0,0,%d,11,"%s"' % (slot, name))
for i in range(3):
    line("AT+QCOAPHEADER=0,%d,1" % (100 + i))
    write("AT+QCOAPSEND=0,0,1,1,0\r")
    until(b"+QCOAPRECV: 0,")
line("AT+QCOAPOPTION=0,1,0")
line('AT+QCOAPOPTION=0,0,0,11,"echo"')
write("AT+QCOAPSEND=0,1,2,1,5\r")
until(b"> ")
write("12345")
until(b"+QCOAPRECV: 0,")
write("AT+QCOAPCLOSE=0\r")
until(b"+QCOAPCLOSE: 0,0\r\n")
"""

GOOD_BC95 = COMMON + r"""
line("AT+QCOAPCREATE=56830")
line('AT+QCOAPADDRES=4,"/t/d"')
line('AT+QCOAPCFG="Showra",1')
for i in range(3):
    line("AT+QCOAPHEAD=1")
    line('AT+QCOAPOPTION=1,11,"hello"')
    send("AT+QCOAPSEND=0,1,127.0.0.1," + server, "")
    until(b'"rsp",')
    line("AT+QCOAPDATASTATUS?")
line('AT+QCOAPOPTION=5,11,"push",15,"path=/t/d",15,"method=get",15,"type=con",15,"delay=0"')
send("AT+QCOAPSEND=0,2,127.0.0.1," + server, "")
until(b'"req",')
ip, udp, kind, method, mid, mode, *rest = until(b"\r\n").split(",")
if int(mode, 16) & 1:
    line("AT+QCOAPHEAD=5,%s,%s,%s" % (mid, rest[0], rest[1]))
else:
    line("AT+QCOAPHEAD=3," + mid)
send("AT+QCOAPSEND=2,205,%s,%s" % (ip, udp), "30313233")
line("AT+QCOAPDEL")
"""

BAD = COMMON + r"""
line("AT+QCOAPSEND=0,0,1,0,0")
line("AT+NOSUCH")
line("AT+CSQ", "\n")
write('AT+QCOAPOPEN=0,"127.0.0.1",' + server + '\r')
until(b"+QCOAPOPEN: 0,0\r\n")
line('AT+QCOAPOPTION=0,0,0,11,"a/b"')
line('AT+QCOAPOPTION=0,0,0,11,"a/b"')
write("AT+QCOAPSEND=0,1,2,3,2\rhi")
until(b"+QCOAPACK")
write("garbage\r")
line("AT")
sys.exit(int(sys.argv[3]))
"""


def serve():
    """A server, and its port."""
    server = Process([PROGRAM, "serve", "--port=0"])
    return server, server.expect(r"^atcoap: serve coap://127.0.0.1:(\d+)$").group(1)


def run(place, driver, port, *options, rest=""):
    path = place + "/driver.py"
    with open(path, "w", encoding="ascii") as file:
        file.write(driver)
    done = subprocess.run(
        [PROGRAM, "run", *options, f"--exec={sys.executable} {path} {{}} {port} {rest}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_good_drivers_leave_no_word(place):
    server, port = serve()
    with server:
        for dialect, driver in (("bg96", GOOD_BG96), ("bc95", GOOD_BC95)):
            for timing in ("instant", "typical"):
                how = (f"--dialect={dialect}", f"--timing={timing}", "--local-port=any")
                status, out, err = run(place, driver, port, "--strict", *how)
                assert (status, out) == (0, ""), (dialect, timing, status, err)
                assert "lint" not in err, (dialect, timing, err)


def test_bad_driver_is_told(place):
    server, port = serve()
    with server:
        status, out, err = run(place, BAD, port, rest="0")
        assert status == 0, err
        strict, _, again = run(place, BAD, port, "--strict", rest="0")
        assert strict == 1, again
        higher, _, _ = run(place, BAD, port, "--strict", rest="7")
        assert higher == 7
    assert out == ""
    assert "atcoap: lint: 9 findings in 9 command lines" in err, err
    for place_of, name in (
        ("line 2: AT+QCOAPSEND=0,0,1,0,0", "wrong-order (D-22, D-64, D-69)"),
        ("line 3: AT+NOSUCH", "unknown-command (D-11)"),
        ("line 4: AT+CSQ", "line-feed-ends-line (D-01, BC95 1.2)"),
        (
            'line 6: AT+QCOAPOPTION=0,0,0,11,"a/b"',
            "path-in-one-value (D-30), 2 times; this is the first",
        ),
        ('line 7: AT+QCOAPOPTION=0,0,0,11,"a/b"', "slot-in-use (D-66)"),
        ("line 8: AT+QCOAPSEND=0,1,2,3,2", "data-before-prompt (BC95 2.6, BG96 3.3.6)"),
        ("line 8: AT+QCOAPSEND=0,1,2,3,2", "empty-slot-in-bitmask (D-67)"),
        ("after line 8: AT+QCOAPSEND=0,1,2,3,2", "bytes-behind-data (D-03)"),
    ):
        assert f"\n{place_of}\n    {name}\n" in err, (place_of, name, err)
    assert err.count("    Remedy: ") == 8, err
    assert max(len(line) for line in err.splitlines()) <= 130


def test_live_and_in_records(place):
    """With -v each case as it comes; with --out the report and the cases in files."""
    server, port = serve()
    with server:
        out = place + "/out"
        status, _, err = run(place, BAD, port, "-v", f"--out={out}", "--strict", rest="0")
    assert status == 1, err
    live = re.findall(r"^\d+\.\d{6} lint: ((?:after )?line \d+: \S+)", err, re.M)
    assert live[0] == "line 2: wrong-order" and "line 6: path-in-one-value" in live, live
    with open(out + "/lint.txt", encoding="ascii") as file:
        text = file.read()
    assert text in err and "unknown-command" in text, text
    with open(out + "/events.jsonl", encoding="ascii") as file:
        events = [json.loads(line) for line in file]
    found = [(e["line"], e["name"]) for e in events if e["event"] == "lint"]
    assert (6, "path-in-one-value") in found and (3, "unknown-command") in found, found
    # Its lines and those of the records have one count.
    lines = {e["line"]: e["text"] for e in events if e["event"] == "command"}
    assert lines[3].startswith("AT+NOSUCH") and lines[6].startswith("AT+QCOAPOPTION"), lines
    with open(out + "/result.json", encoding="ascii") as file:
        result = json.load(file)
    assert result["status"] == 1 and "unknown-command" in [f["name"] for f in result["lint"]]


def test_nothing_to_say_is_said_in_a_file(place):
    out = place + "/quiet"
    with Modem(f"--out={out}") as modem:
        at = At(Terminal(modem.expect(r"pty (\S+)").group(1))).hush()
        assert at.command("AT+CSQ")[-1] == "OK"
        assert modem.stop() == 0
    with open(out + "/lint.txt", encoding="ascii") as file:
        assert re.fullmatch(r"no findings in \d+ command lines\n", file.read())


def test_content_of_files_stays_out(place):
    """A host that uploads a key, and does not look whether it may."""
    with Modem() as modem:
        at = At(Terminal(modem.expect(r"pty (\S+)").group(1))).hush()
        for _ in range(2):
            at.write('AT+QFUPL="0_server.psk",9\r')
            at.line()
            at.write("me&secret\r")
            at.forget()
        modem.stop()
        said = "\n".join(modem.lines)
    assert "line-without-at" in said and "secret" not in said, said


def test_help(place):
    text = subprocess.run(
        [PROGRAM, "help", "lint"], stdout=subprocess.PIPE, timeout=20, check=True
    ).stdout.decode()
    names = re.findall(r"^([a-z-]+) \(", text, re.M)
    with open(os.path.join(EXAMPLES, "..", "docs", "lint.md"), encoding="ascii") as file:
        assert sorted(names) == sorted(re.findall(r"^### (\S+)$", file.read(), re.M))


def test_example_in_c_is_a_good_host(place):
    host = place + "/host_test"
    subprocess.run(["cc", EXAMPLES + "/host_test.c", "-o", host], timeout=60, check=True)
    server, port = serve()
    with server:
        done = subprocess.run(
            [PROGRAM, "run", "--strict", f"--exec={host} {{}} 127.0.0.1 {port} time"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )
    assert done.returncode == 0, done
    assert b"lint" not in done.stderr, done.stderr


if __name__ == "__main__":
    run_tests(globals())
