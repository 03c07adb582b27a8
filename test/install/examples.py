# SPDX-License-Identifier: MIT
"""The examples as their first lines say to build and run them, against the
installed library and program."""

import os
import re
import subprocess
import time

from installed import COMPILER, FLAGS, ROOT, install, run
from harness import PROGRAM, Modem, Server, run_tests

EXAMPLES = os.path.join(ROOT, "examples")


def build(place, name, *flags):
    program = os.path.join(place, name)
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
    run(
        [COMPILER, *FLAGS, "-std=c11", *warnings]
        + [os.path.join(EXAMPLES, f"{name}.c"), "-o", program, *flags]
    )
    return program


def pkg_config(prefix):
    folder = os.path.dirname(
        subprocess.check_output(["find", prefix, "-name", "atcoap.pc"], text=True).strip()
    )
    settings = dict(os.environ, PKG_CONFIG_PATH=folder)
    return run(["pkg-config", "--cflags", "--libs", "atcoap"], env=settings).split()


class Session:
    """Lines to a program, and what it says in between."""

    def __init__(self, program):
        self.child = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.said = b""

    def type(self, text, until):
        self.child.stdin.write(text.encode())
        self.child.stdin.flush()
        end = time.monotonic() + 10
        while not re.search(until, self.said):
            assert time.monotonic() < end, (text, until, self.said)
            self.said += os.read(self.child.stdout.fileno(), 4096)
        said, self.said = self.said, b""
        return said

    def close(self):
        self.child.stdin.close()
        assert self.child.wait(5) == 0
        self.child.stdout.close()


def test_shell(place):
    program = build(place, "shell", *pkg_config(install(place)))
    with Server() as server:
        session = Session(program)
        session.type("ATI\n", rb"BG96\r\n(.|\s)*OK")
        session.type(
            f'AT+QCOAPOPEN=0,"127.0.0.1",{server.port}\n', rb"\+QCOAPOPEN: 0,0\r\n"
        )
        session.type('AT+QCOAPOPTION=0,0,0,11,"time"\n', rb"OK\r\n")
        session.type("AT+QCOAPSEND=0,0,1,1,0\n", rb"\+QCOAPRECV: 0,\d+,2\.05,.*\r\n.+\r\n")
        session.type("AT+QCOAPCLOSE=0\n", rb"\+QCOAPCLOSE: 0,0\r\n")
        session.type('AT+QCOAPOPEN=0,"a.name",5683\n', rb"\+QCOAPOPEN: 0,-5\r\n")
        session.close()


def test_host_test_in_c(place):
    program = build(place, "host_test")
    with Server() as server, Modem("--pty") as modem:
        path = modem.expect(r"^atcoap: pty (\S+)").group(1)
        where = [path, "127.0.0.1", str(server.port)]
        assert re.search(r"\d\d:\d\d:\d\d", run([program, *where, "time"]))
        assert "no 2.05" in run([program, *where, "nothing"], status=1)


def test_host_test_as_the_modules_child(place):
    program = build(place, "host_test")
    with Server() as server:
        said = run(
            [PROGRAM, "run", f"--exec={program} {{}} 127.0.0.1 {server.port} time"]
        )
        assert re.search(r"\d\d:\d\d:\d\d", said)


def test_host_test_in_python(place):
    settings = dict(os.environ, ATCOAP=PROGRAM, PYTHONDONTWRITEBYTECODE="1")
    said = run(
        ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + [os.path.join(EXAMPLES, "test_host.py")],
        env=settings,
    )
    assert re.search(r"^4 passed", said, re.M), said


if __name__ == "__main__":
    run_tests(globals())
