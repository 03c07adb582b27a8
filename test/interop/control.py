# SPDX-License-Identifier: MIT
"""Control of a module that runs, and a serial line with faults, through a real PTY."""

import json
import os
import re
import socket
import stat
import subprocess
import time

from harness import PROGRAM, At, Modem, Terminal, run_tests

READY = r"^atcoap: pty (\S+)$"


class Module:
    """A module with a control socket; with a place for its UDP peer, client 0 open to it."""

    def __init__(self, place, *options, peer=False):
        self.path = f"{place}/ctl"
        self.modem = Modem(f"--control={self.path}", *options)
        self.at = At(Terminal(self.modem.expect(READY).group(1)))
        self.peer = None
        if peer:
            self.at.hush()
            self.peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.peer.bind(("127.0.0.1", 0))
            self.peer.settimeout(5)
            self.at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{self.peer.getsockname()[1]}')
            self.at.urc(r"\+QCOAPOPEN: 0,0")

    def ctl(self, *words, status=0):
        done = subprocess.run(
            [PROGRAM, "ctl", self.path, *words], capture_output=True, text=True, timeout=20
        )
        assert done.returncode == status, (words, done)
        return done.stdout if status == 0 else done.stderr

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.at.port.close()
        if self.peer:
            self.peer.close()
        self.modem.__exit__(kind, value, trace)


def connect(module):
    client = socket.socket(socket.AF_UNIX)
    client.connect(module.path)  # without a time-out: it waits if the backlog is full
    client.settimeout(5)
    return client


def ask(client, line):
    """Send bytes, return the answer's last line."""
    client.sendall(line)
    got = b""
    while not re.search(rb"^(OK|KO [^\n]*)\n\Z", got, re.M):
        more = client.recv(65536)
        assert more, got
        got += more
    return got.splitlines()[-1].decode()


def test_socket(place):
    """Only its user may open it, it is removed at the end, and one that nobody listens to is
    replaced; anything else is not."""
    with Module(place) as module:
        assert stat.S_IMODE(os.stat(module.path).st_mode) == 0o600
        second = Modem(f"--control={module.path}")
        assert second.wait() == 3
        second.expect("something is there already")
        assert module.ctl("quit") == ""
        assert module.modem.wait() == 0
        assert not os.path.exists(module.path)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(f"{place}/ctl")
    stale.close()
    with Module(place) as module:
        os.unlink(module.path)
        with open(module.path, "w") as file:
            file.write("another's")
        module.modem.child.terminate()
        assert module.modem.wait() == 0
        assert os.path.exists(module.path)
    refused = Modem(f"--control={place}/ctl")
    assert refused.wait() == 3
    long = Modem(f"--control={place}/{'x' * 120}")
    assert long.wait() == 3


def test_no_module(place):
    for words in ([f"{place}/none", "status"], [f"{place}/{'x' * 200}", "status"]):
        assert subprocess.run([PROGRAM, "ctl", *words], capture_output=True).returncode == 3
    assert subprocess.run([PROGRAM, "ctl", f"{place}/none"], capture_output=True).returncode == 2


def test_help_and_status(place):
    with Module(place, peer=True) as module:
        words = {line.split()[0].rstrip(":") for line in module.ctl("help").splitlines()}
        assert {"status", "push", "quit", "link", "uart", "reboot", "coverage"} <= words, words
        status = json.loads(module.ctl("status"))
        assert status["clients"] == [0] and not status["off"] and not status["waiting"], status
        module.at.ok("AT+QCOAPHEADER=0,7,0,1,AA")
        module.at.send("AT+QCOAPSEND=0,1,1,0")
        module.peer.recv(100)
        status = json.loads(module.ctl("status"))
        assert status["counters"]["sent"] == 1 and status["link"]["up"]["offered"] == 1, status
        assert "no such command" in module.ctl("jump", status=1)
        assert "takes nothing more" in module.ctl("status", "now", status=1)
        assert "nothing is recorded" in module.ctl("flush", status=1)


def test_push_D_223(place):
    """A request arrives as if a server had sent it, and the answer goes there."""
    with Module(place, peer=True) as module:
        module.ctl("push", "CON", "PUT", "/a/b?c=1", "mid=9", "token=C0DE", 'payload="hello"')
        module.at.urc(r'\+QCOAPRECV: 0,9,0\.03,2,C0DE,3,11,"a",11,"b",15,"c=1",5\nhello')
        module.at.ok("AT+QCOAPHEADER=0,9,0,2,C0DE")
        module.at.send("AT+QCOAPSEND=0,2,68,0")
        assert module.peer.recv(100).hex() == "624400" + "09c0de"
        module.at.urc(r"\+QCOAPACK: 0,2,9,0")
        module.ctl("push", "hex", "400000" + "07")
        assert module.peer.recv(100).hex() == "70000007"
        assert "not open" in module.ctl("push", "CON", "GET", "client=3", status=1)
        assert "client=N" in module.ctl("push", "CON", "GET", "client=9", status=1)
        assert "from=" in module.ctl("push", "CON", "GET", "from=1.2.3.4", status=1)
        module.ctl("push", "NON", "eek", status=1)
        module.ctl("push", status=1)
        module.ctl("push", "NON", "GET", "from=127.0.0.1:9")  # no server of that client
        module.at.silence(0.2)
        module.ctl("link", "down.loss=100%")
        module.ctl("push", "NON", "GET")
        module.at.silence(0.2)


def test_push_behind_DTLS_D_223(place):
    os.mkdir(f"{place}/files")
    with open(f"{place}/files/0_server.psk", "w") as file:
        file.write("me&key")
    with Module(place, f"--files={place}/files", peer=True) as module:
        port = module.peer.getsockname()[1]
        module.at.ok('AT+QCOAPCFG="dtls",1,1,0')
        module.at.ok(f'AT+QCOAPOPEN=1,"127.0.0.1",{port}')
        module.peer.recv(2000)
        assert "DTLS" in module.ctl("push", "CON", "GET", "client=1", status=1)


def test_link_and_coverage(place):
    with Module(place, peer=True) as module:
        module.ctl("drop", "up")
        module.at.ok("AT+QCOAPHEADER=0,7,0,1,AA")
        module.at.send("AT+QCOAPSEND=0,1,1,0")
        module.at.urc(r"\+QCOAPACK: 0,1,7,0")
        module.ctl("link", "up.loss=100%")
        module.at.send("AT+QCOAPSEND=0,1,1,0")
        module.at.urc(r"\+QCOAPACK: 0,1,.*")
        status = json.loads(module.ctl("status"))
        assert status["link"]["up"]["lost"] == 2, status
        assert "loss=101%" in module.ctl("link", "loss=101%", status=1)
        module.at.ok("AT+CEREG=1")
        module.ctl("coverage", "off")
        module.at.urc(r"\+CEREG: 2")
        module.ctl("coverage", "on")
        module.at.urc(r"\+CEREG: 1")
        module.ctl("send-fail")
        module.at.command("AT+QCOAPSEND=0,1,1,0,0")
        module.at.urc(r"\+QCOAPACK: 0,1,\d+,-11")


def test_reboot(place):
    with Module(place, peer=True) as module:
        module.ctl("uart", "noise=loader")
        module.ctl("reboot")
        module.at.urc(r"Boot: Unsigned")
        for _ in range(3):
            assert module.at.line().endswith("Verified")
        assert module.at.line() == "RDY"
        for _ in range(6):
            module.at.line()
        assert module.at.command("AT+QCOAPOPEN?") == ["OK"]
        assert json.loads(module.ctl("status"))["uart"]["reboots"] == 1


def test_urc_orders(place):
    with Module(place, "--uart=urc=before", peer=True) as module:
        module.at.write("AT+QCOAPCLOSE=0\r")
        module.at.urc(r"\+QCOAPCLOSE: 0,0")
        module.at.exact(b"\r\nOK\r\n")
        module.ctl("uart", "urc=split,gap=300")
        start = time.monotonic()
        module.at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{module.peer.getsockname()[1]}')
        module.at.urc(r"\+QCOAPOPEN: 0,0")
        assert time.monotonic() - start > 0.25


def test_baud(place):
    """ATI has some 50 bytes, which take a sixth of a second at 3,000 baud."""
    with Module(place, "--uart=baud=1200") as module:
        start = time.monotonic()
        module.at.write("ATI\r")
        while b"\r\nOK\r\n" not in module.at.buffer:
            module.at.fill(start + 5)
        took = time.monotonic() - start
        expected = len(module.at.buffer) * 10 / 1200
        assert 0.9 * expected < took < expected + 5, (took, expected)


def test_file_content_on_a_slow_line_is_hidden(place):
    """What is on its way when the module has said all of it is not for records either."""
    lines = [
        "file 0_server.psk text me&topsecret",
        "uart baud=300",
        'T> AT+QFDWL="0_server.psk"',
        "+3s",
        r"T= \r\nCONNECT\r\nme&topsecret\r\n+QFDWL: 12,{R}\r\n\r\nOK\r\n",
    ]
    with open(f"{place}/slow.txt", "w") as file:
        file.write("\n".join(lines) + "\n")
    done = subprocess.run(
        [PROGRAM, "test", f"--out={place}/out", f"{place}/slow.txt"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with open(f"{place}/out/at.log") as file:
        log = file.read()
    shown = "".join(re.findall(r" < (.*)\n", log))
    assert "s" not in shown.replace("bytes", ""), shown[:500]


def test_waiting(place):
    with Modem(f"--control={place}/ctl", "--wait-client") as modem:
        modem.expect(READY)
        done = subprocess.run(
            [PROGRAM, "ctl", f"{place}/ctl", "reboot"], capture_output=True, text=True
        )
        assert done.returncode == 1 and "off until a client" in done.stderr, done


def test_hostile(place):
    """Long lines, binary, many clients, clients that do not read: the module answers all along."""
    with Module(place, peer=True) as module:
        client = connect(module)
        assert ask(client, b"x" * 100000 + b"\n") == "KO the line is too long"
        assert ask(client, bytes(range(1, 10)) + b"\n").startswith("KO a command is")
        assert ask(client, b"\xff\xfe\x00status\n").startswith("KO a command is")
        assert ask(client, b"\n").startswith("KO")
        assert ask(client, b"status\r\n") == "OK"
        assert ask(client, b"push CON GET /" + b"a/" * 2000 + b"\n").startswith("KO")
        many = []
        for _ in range(30):
            many.append(connect(module))
        assert many[-1].recv(100) == b"KO too many clients\n"
        assert module.at.command("AT") == ["OK"]
        for other in many:
            other.close()
        mute = connect(module)
        mute.settimeout(0.2)
        try:
            for _ in range(2000):
                mute.sendall(b"help\n" * 10)
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass
        assert module.at.command("AT") == ["OK"]
        mute.close()
        time.sleep(0.1)
        assert ask(client, b"status\n") == "OK"
        client.close()


if __name__ == "__main__":
    run_tests(globals())
