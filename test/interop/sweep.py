# SPDX-License-Identifier: MIT
"""Sweeps: a program and transcripts again and again, with other faults on the serial line each time."""

import glob
import re
import subprocess
import sys
import time

from harness import PROGRAM, ROOT, run_tests

# A host that looks for its result, whatever stands before it, and for its URC, wherever it stood.
STURDY = r"""
import os, re, select, sys, time, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
heard = b""
def wait(pattern):
    global heard
    end = time.monotonic() + 5
    while not re.search(pattern, heard):
        assert select.select([fd], [], [], max(0, end - time.monotonic()))[0], (pattern, heard)
        heard += os.read(fd, 4096)
def command(text):
    global heard
    os.write(fd, text + b"\r")
    wait(rb"\r\nOK\r\n")
    heard = heard.replace(b"\r\nOK\r\n", b"", 1)
command(b"ATE0")
command(b'AT+QCOAPOPEN=0,"127.0.0.1",5683')
wait(rb"\r\n\+QCOAPOPEN: 0,0\r\n")
command(b"AT+QCOAPCLOSE=0")
wait(rb"\r\n\+QCOAPCLOSE: 0,0\r\n")
"""

# One that takes whatever comes first for the result.
FRAGILE = r"""
import os, sys, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
file = os.fdopen(fd, "rb", buffering=0)
def line():
    got = b""
    while not got.endswith(b"\r\n") or not got.strip():
        got += file.read(1)
    return got.strip()
os.write(fd, b"ATE0\r")
while line() != b"OK":
    pass
os.write(fd, b'AT+QCOAPOPEN=0,"127.0.0.1",5683\r')
sys.exit(0 if line() == b"OK" else 7)
"""


def sweep(place, program, *options, timeout=100):
    with open(f"{place}/host.py", "w") as file:
        file.write(program)
    command = f"'{sys.executable}' '{place}/host.py' {{}}"
    done = subprocess.run(
        [PROGRAM, "run", f"--exec={command}", *options],
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    return done.returncode, done.stderr


def test_sturdy_host_passes(place):
    status, said = sweep(place, STURDY, "--sweep=2", "--uart=hold=200")
    assert status == 0, said
    assert "sweep: 7 runs with faults on the serial line, all good" in said, said


def test_fragile_host_is_found_D_224(place):
    """And with what is printed it is seen again."""
    status, said = sweep(place, FRAGILE, "--sweep=1", "--seed=11")
    assert status == 1, said
    assert "with --uart=urc=before its exit status is 7" in said, said
    again = re.search(r"again with (--uart=\S+) (--seed=11)\n", said)
    assert again, said
    assert sweep(place, FRAGILE, *again.groups())[0] == 7
    assert sweep(place, FRAGILE)[0] == 0


def test_host_that_hangs(place):
    """It is ended, and counts as broken: a host that waits for a URC for ever, say."""
    hang = "import sys, time\nif len(sys.argv) > 2: pass\n" + FRAGILE.replace(
        "sys.exit(0 if line() == b\"OK\" else 7)", "sys.exit(0) if line() == b'OK' else time.sleep(99)"
    )
    start = time.monotonic()
    status, said = sweep(place, hang, "--sweep=0")
    assert status == 1 and "it does not end" in said, said
    assert time.monotonic() - start < 30


def test_host_that_fails_anyway(place):
    status, said = sweep(place, "raise SystemExit(5)", "--sweep")
    assert status == 5 and "nothing was swept" in said, said


def demo(*options):
    return subprocess.run([PROGRAM, "demo", "--time=virtual", *options], capture_output=True,
                          timeout=60)


def test_demonstration(place):
    """Its host copes with every order of URCs and a slow line, and with none is as it was."""
    plain = demo()
    assert demo("--uart=off").stdout == plain.stdout
    for fault in ("before", "prompt", "echo", "split", "mixed,baud=9600"):
        done = demo(f"--uart=urc={fault}")
        assert done.returncode == 0, (fault, done.stderr)
        assert done.stdout != plain.stdout and done.stdout == demo(f"--uart=urc={fault}").stdout
    done = demo("--uart=reboot=line:3")
    assert done.returncode == 3 and b"not made for every fault" in done.stderr, done.stderr


def test_usage(place):
    for options in (["run", "--sweep"], ["run", "--exec=true {}", "--sweep=x"],
                    ["test", "--sweep", "--accept", "x.txt"], ["test", "--sweep=-1", "x.txt"]):
        done = subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=20)
        assert done.returncode == 2, (options, done)
    with open(f"{place}/c.ini", "w") as file:
        file.write("sweep = 3\n")
    done = subprocess.run([PROGRAM, "run", f"--config={place}/c.ini"], capture_output=True, text=True)
    assert done.returncode == 2 and "command line" in done.stderr, done


def test_transcripts_D_224(place):
    """The order of URCs and the pace change nothing that any transcript shows; lost bytes do."""
    # A module that restarts by itself loses what it was saying.
    folders = [f"{ROOT}/test/transcript/{name}" for name in ("bc95", "bg96", "link", "rfc")]
    files = [name for name in glob.glob(f"{ROOT}/test/transcript/decisions/*.txt")
             if "D-220" not in name]
    done = subprocess.run([PROGRAM, "test", "--sweep=3", *folders, *files], capture_output=True,
                          text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"^[5-9]\d\d passed, 0 failed", done.stderr, re.M), done.stderr[-300:]
    for fault, why in (("in.drop=2", "other replies"), ("out.drop=3", "does not read"),
                       ("out.garble=1", "does not read")):
        path = f"{ROOT}/test/transcript/decisions/D-221-prompt-bg96.txt"
        with open(path) as file:
            text = file.read().replace("uart urc=prompt\n", "")
        text = text.replace("T< >\nT< +QCOAPOPEN: 0,0\n", "T< >\n").replace("T< OK\nT> AT+QCOAPHEADER",
               "T< OK\nT< +QCOAPOPEN: 0,0\nT> AT+QCOAPHEADER")
        text = text.replace("T< OK\n+1s\n", "T< OK\n")
        with open(f"{place}/plain.txt", "w") as file:
            file.write(text)
        done = subprocess.run([PROGRAM, "test", "--sweep=1", f"--uart={fault}", f"{place}/plain.txt"],
                              capture_output=True, text=True, timeout=20)
        assert done.returncode == 1, (fault, done)
        assert f"with --uart={fault},urc=before" in done.stderr and why in done.stderr, done


if __name__ == "__main__":
    run_tests(globals())
