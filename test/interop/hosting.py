# SPDX-License-Identifier: MIT
"""Runs the hosts of test/hosts: each against a module and a libcoap server of its own, on the port
that --exec gives it. A host says on stdout what it got of the server and ends with 0; what the server
has afterwards is asked for without the module."""

import concurrent.futures
import os
import re
import socket
import subprocess
import sys
import traceback

from harness import PROGRAM, ROOT, Server



def host_command(name):
    """A script is its file, a host in C a program that the build has made."""
    for ending, runner in ((".py", "/usr/bin/python3"), (".sh", "/bin/sh")):
        script = os.path.join(ROOT, "test", "hosts", name + ending)
        if os.path.exists(script):
            return f"{runner} {script}"
    return os.path.join(os.path.dirname(PROGRAM), "test", "host_" + name)


def ask(server, *path):
    """The payload of a resource, by a datagram of our own; the empty path of the root works too."""
    message = bytearray(b"\x40\x01\x77\x01")
    number = 0
    for segment in path:
        assert len(segment) < 13
        message += bytes([(11 - number) << 4 | len(segment)]) + segment.encode()
        number = 11
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.sendto(message, (server.host, server.port))
        answer = s.recv(2000)
    assert answer[:2] == b"\x60\x45", f"{path}: {answer!r}"
    return answer.partition(b"\xff")[2]


class Case:
    """One run: which host, which module, and how."""

    def __init__(self, host, module, *rest, server="127.0.0.1", name=None, options=(), timeout=60):
        self.host = host
        self.module = module
        self.rest = rest
        self.address = server
        self.name = name or server
        self.options = options
        self.timeout = timeout

    def __str__(self):
        return " ".join([self.host, self.module, *self.rest, self.name, *self.options])

    def play(self, server, *options):
        """Run the host against a module. Returns status, stdout and stderr of both."""
        command = f"{host_command(self.host)} {{}} {self.module} {self.name} {server.port}"
        done = subprocess.run(
            [
                PROGRAM,
                "run",
                f"--dialect={self.module}",
                "--local-port=any",
                *options,
                *self.options,
                "--exec=" + " ".join([command, *self.rest]),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=self.timeout,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def run(self, lines, stored=None, strict=False, findings=(), said=()):
        """The host prints these lines and ends well, and the server has what it stored, a path and
        bytes. With strict the lint has no word to say; findings are the names of what it says, and
        said are patterns of what the module says else."""
        with Server(host=self.address) as server:
            status, out, err = self.play(server, *(["--strict"] if strict else []))
            assert status == 0, f"{self}: {status}\n{out}{err}"
            assert out.splitlines() == lines, f"{self}: {out}{err}"
            if stored:
                path, data = stored
                got = ask(server, *path)
                assert got == data, f"{self}: the server has {got!r}"
        if strict:
            assert "lint" not in err, f"{self}: {err}"
        for pattern in (*(rf" {finding} \(" for finding in findings), *said):
            assert re.search(pattern, err), f"{self}: no {pattern} in {err}"

    def needs(self, setting, complaint):
        """With that setting, or as the case is, this host cannot do its work: it complains."""
        with Server(host=self.address) as server:
            status, out, err = self.play(server, f"--set={setting}")
        assert status == 1, f"{self} {setting}: {status}\n{out}{err}"
        assert re.search(complaint, err), f"{self} {setting}: no {complaint} in {err}"


def run_cases(cases, lines, **expected):
    """All cases at the same time, for they sleep more than they compute."""
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        started = {pool.submit(case.run, lines, **expected): case for case in cases}
        for future in concurrent.futures.as_completed(started):
            try:
                future.result()
            except Exception:
                traceback.print_exc(file=sys.stderr)
                failed.append(str(started[future]))
    assert not failed, failed


def on_all_ways(host, modules, *rest, **how):
    """A host with each module: replies at once and at their usual pace, over IPv4 and IPv6."""
    return [
        Case(host, module, *rest, server=server, options=(f"--timing={timing}",), **how)
        for module in modules
        for timing, server in (("instant", "127.0.0.1"), ("typical", "127.0.0.1"), ("typical", "::1"))
    ]
