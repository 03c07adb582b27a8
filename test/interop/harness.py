# SPDX-License-Identifier: MIT
"""Starts the program and other people's CoAP servers, and talks AT to it.

Nothing here waits a fixed time for something to be ready: every wait is for a
line, a byte or an answer, and has an end. What was started is stopped by its
process id, whatever happened.
"""

import os
import random
import re
import select
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(
    sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build/release/atcoap")
)
SERVER = "coap-server-notls"


class Process:
    """A program in the background whose stderr (and stdout) is collected by line."""

    def __init__(self, command, stdin=subprocess.DEVNULL, stdout=None, **how):
        self.lines = []
        self.news = threading.Condition()
        self.child = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE if stdout is None else stdout,
            stderr=subprocess.PIPE,
            **how,
        )
        self.readers = [self._collect(self.child.stderr)]
        if stdout is None:
            self.readers.append(self._collect(self.child.stdout))

    def _collect(self, stream):
        def run():
            for line in stream:
                with self.news:
                    self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                    self.news.notify_all()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def expect(self, pattern, timeout=10):
        """Wait for a line that matches; returns the match."""
        end = time.monotonic() + timeout
        seen = 0
        with self.news:
            while True:
                for line in self.lines[seen:]:
                    match = re.search(pattern, line)
                    if match:
                        return match
                seen = len(self.lines)
                left = end - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    raise AssertionError(
                        f"no line like {pattern!r} within {timeout} s in {self.lines}"
                    )

    def wait(self, timeout=10):
        """The exit status."""
        status = self.child.wait(timeout)
        for reader in self.readers:
            reader.join(timeout)
        return status

    def stop(self):
        """Ask it to end, and see to it. Returns the exit status."""
        if self.child.poll() is None:
            self.child.terminate()
        try:
            return self.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.wait()
            raise AssertionError(f"{self.child.args} does not end on SIGTERM")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and self.lines:
            print("   ", "\n    ".join(self.lines), file=sys.stderr)
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def free_udp_port():
    """A port that nobody has, and that the system gives to nobody who asks for any: tests run side by
    side, and each asks for many."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first_given = int(file.read().split()[0])
    while True:
        port = random.randrange(10_000, max(first_given, 12_000))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def free_port_pair():
    """A port that is free together with the one behind it, for UDP and TCP."""
    while True:
        port = free_udp_port()
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                for number in (port, port + 1):
                    with socket.socket(socket.AF_INET, kind) as s:
                        s.bind(("127.0.0.1", number))
            return port
        except (OSError, OverflowError):
            pass


class Server(Process):
    """libcoap's example server on loopback, ready when it answers a ping."""

    def __init__(
        self, *options, program=SERVER, port=None, host="127.0.0.1", find_port=free_udp_port
    ):
        self.host = host
        for _ in range(5):
            self.port = port or find_port()
            super().__init__(
                [program, "-A", host, "-p", str(self.port), "-d", "10", *options]
            )
            self._wait_ready(program)
            if port or not self._has_lost_a_port():
                return
            self.stop()
        raise AssertionError(f"{program} finds no free port: {self.lines}")

    def _has_lost_a_port(self):
        """Whether somebody took it since it was found free; the server runs without it."""
        time.sleep(0.02)
        return any("Address already in use" in line for line in self.lines)

    def _wait_ready(self, program):
        ping = bytes([0x40, 0, 0x12, 0x34])
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(0.05)
            for _ in range(200):
                s.sendto(ping, (self.host, self.port))
                try:
                    if s.recvfrom(64)[0] == bytes([0x70, 0, 0x12, 0x34]):
                        return
                except OSError:
                    pass
        self.stop()
        raise AssertionError(f"{program} does not answer: {self.lines}")


class SecureServer(Server):
    """The same with DTLS and a pre-shared key, at self.secure_port; library is
    openssl or gnutls."""

    def __init__(self, library, key, *options, port=None, **how):
        super().__init__(
            *("-k", key, "-h", "hint", "-v", "6", *options),
            program=f"coap-server-{library}",
            port=port,
            find_port=free_port_pair,
            **how,
        )
        self.secure_port = self.port + 1


class Relay:
    """Passes datagrams between one client and a server, and keeps them: pairs of
    whether the client sent it, and the bytes."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.server = ("127.0.0.1", port)
        self.seen = []
        self.ended = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        client = None
        while not self.ended:
            try:
                data, source = self.socket.recvfrom(65536)
            except OSError:
                continue
            sent = source != self.server
            if sent:
                client = source
            self.seen.append((sent, data))
            if sent or client is not None:
                self.socket.sendto(data, self.server if sent else client)

    def close(self):
        self.ended = True
        self.thread.join()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close()


class Modem(Process):
    """atcoap run with some options."""

    def __init__(self, *options, **how):
        super().__init__([PROGRAM, "run", *options], **how)


class Terminal:
    """The TE's end of a PTY, opened as a serial program does."""

    def __init__(self, path):
        import serial

        self.port = serial.Serial(path, 115200, timeout=0, exclusive=False)
        self.fd = self.port.fileno()

    def write(self, data):
        self.port.write(data)

    def close(self):
        self.port.close()


class Connection:
    """The TE's end of a TCP port."""

    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=5)
        self.fd = self.socket.fileno()

    def write(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


class Pipes:
    """The TE's end of standard input and output."""

    def __init__(self, child):
        self.child = child
        self.fd = child.stdout.fileno()

    def write(self, data):
        self.child.stdin.write(data)
        self.child.stdin.flush()


FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*")
URC = re.compile(r"\+QCOAP(URC|RECV|ACK|IND|CLOSE): ?|\+QCOAPOPEN: \d,-?\d+$")
BODY = re.compile(r"\+QCOAPRECV: .*,(\d+)")


class At:
    """Lines and replies on a port. Unsolicited results wait in self.urcs."""

    def __init__(self, port):
        self.port = port
        self.buffer = b""
        self.urcs = []

    def fill(self, end):
        """Read what is there, at least a byte."""
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.port.fd], [], [], left)[0]:
            raise AssertionError(
                f"nothing came; so far {self.buffer[:300]!r}, {self.urcs}"
            )
        data = os.read(self.port.fd, 65536)
        if not data:
            raise AssertionError(f"the port closed; so far {self.buffer!r}")
        self.buffer += data

    def take(self, count, end):
        while len(self.buffer) < count:
            self.fill(end)
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def hush(self):
        """Echo off, and everything before it forgotten."""
        self.write("\rATE0\r")
        end = time.monotonic() + 5
        while not re.search(rb"(ATE0\r?)?\r\nOK\r\n$", self.buffer):
            self.fill(end)
        self.buffer = b""
        return self

    def forget(self):
        """Read what comes until nothing does."""
        while select.select([self.port.fd], [], [], 0.2)[0]:
            os.read(self.port.fd, 65536)
        self.buffer = b""

    def exact(self, data, timeout=5):
        """The next bytes are these and no others."""
        end = time.monotonic() + timeout
        got = self.take(len(data), end)
        assert got == data, f"{got!r} instead of {data!r}"

    def line(self, timeout=5):
        """The next line in its CR LF frame; of a QCOAPRECV with its payload."""
        end = time.monotonic() + timeout
        start = self.take(2, end)
        assert start == b"\r\n", f"no frame: {start + self.buffer[:300]!r}"
        while b"\r\n" not in self.buffer:
            self.fill(end)
        raw, self.buffer = self.buffer.split(b"\r\n", 1)
        text = raw.decode("latin-1")
        body = BODY.fullmatch(text)
        if body and int(body.group(1)):
            text += "\n" + self.take(int(body.group(1)), end).decode("latin-1")
            assert self.take(2, end) == b"\r\n"
        # Lines of one reply share a CR LF: put the frame of the next one back.
        elif self.buffer and not self.buffer.startswith(b"\r\n"):
            self.buffer = b"\r\n" + self.buffer
        return text

    def write(self, data):
        self.port.write(data.encode("latin-1"))

    def command(self, text, timeout=5):
        """Send a line; returns the reply's lines, the final one last."""
        self.write(text + "\r")
        return self.reply(timeout)

    def reply(self, timeout=5):
        lines = []
        while not lines or not FINAL.fullmatch(lines[-1]):
            line = self.line(timeout)
            if URC.match(line):
                self.urcs.append(line)
            else:
                lines.append(line)
        return lines

    def ok(self, text, timeout=5):
        """Send a line that must succeed; returns the lines before OK."""
        lines = self.command(text, timeout)
        assert lines[-1] == "OK", f"{text}: {lines}"
        return lines[:-1]

    def prompt(self, text, timeout=5):
        """Send a line that must ask for data. URCs may come before."""
        self.write(text + "\r")
        end = time.monotonic() + timeout
        while True:
            while len(self.buffer) < 3:
                self.fill(end)
            if self.buffer.startswith(b"\r\n>"):
                break
            line = self.line(timeout)
            assert URC.match(line), f"{text}: {line}"
            self.urcs.append(line)
        self.take(3, end)
        if self.buffer.startswith(b" ") or not self.buffer:
            self._skip_blank()

    def _skip_blank(self):
        # "> " in one module, ">" in the other.
        if not self.buffer and select.select([self.port.fd], [], [], 0.05)[0]:
            self.buffer += os.read(self.port.fd, 65536)
        if self.buffer.startswith(b" "):
            self.buffer = self.buffer[1:]

    def send(self, text, payload="", timeout=5):
        """Send a line that asks for data, and the data, up to Ctrl+Z."""
        self.prompt(text, timeout)
        self.write(payload + "\x1a")
        lines = self.reply(timeout)
        assert lines == ["OK"], f"{text}: {lines}"

    def urc(self, pattern, timeout=5):
        """The next unsolicited result, which must match; returns the match."""
        line = self.urcs.pop(0) if self.urcs else self.line(timeout)
        match = re.fullmatch(pattern, line, re.DOTALL)
        assert match, f"{line!r} instead of {pattern!r}"
        return match

    def silence(self, seconds):
        """Nothing comes for so long."""
        assert not self.urcs and not self.buffer, f"{self.urcs} {self.buffer!r}"
        if select.select([self.port.fd], [], [], seconds)[0]:
            raise AssertionError(f"{os.read(self.port.fd, 4096)!r} instead of silence")


def is_raw(path):
    """Whether a terminal is raw as somebody finds it who only opens it."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        mode = termios.tcgetattr(fd)
    finally:
        os.close(fd)
    return (
        not mode[0] & (termios.ICRNL | termios.INLCR | termios.IXON)
        and not mode[1] & termios.OPOST
        and not mode[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
    )


def run_tests(namespace):
    """Run every test_ function in order, then exit."""
    failed = 0
    for name, test in list(namespace.items()):
        if not name.startswith("test_"):
            continue
        start = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as place:
                test(place)
            word = "ok"
        except Exception:
            traceback.print_exc()
            failed += 1
            word = "FAILED"
        print(f"{word:7}{name[5:]} ({time.monotonic() - start:.2f} s)", flush=True)
    sys.exit(1 if failed else 0)
