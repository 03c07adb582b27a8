# SPDX-License-Identifier: MIT
"""The embedded server: libcoap's client asks it, then a module of each kind."""

import os
import re
import signal
import socket
import subprocess
import time

from harness import PROGRAM, At, Modem, Process, Terminal, run_tests

READY = r"^atcoap: serve coap://(.+):(\d+)$"
PTY = r"^atcoap: pty (\S+)$"
CLIENT = "coap-client-notls"


class Serve(Process):
    """atcoap serve on a free port, ready for requests."""

    def __init__(self, *options):
        super().__init__([PROGRAM, "serve", "--port=0", *options])
        match = self.expect(READY)
        self.host, self.port = match.group(1), int(match.group(2))

    def url(self, path):
        return f"coap://{self.host}:{self.port}/{path}"


def client(method, url, *options, wait=5):
    """What libcoap's client prints; payloads on stdout, errors on stderr."""
    done = subprocess.run(
        [CLIENT, "-B", str(wait), "-m", method, *options, url],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=30,
        check=False,
    )
    return done.stdout.decode().rstrip("\n")


def start(modem):
    return At(Terminal(modem.expect(PTY).group(1))).hush()


def test_hello(place):
    with Serve() as server:
        assert client("get", server.url("hello")) == "hello word from server"
        assert client("get", server.url("hello?name=bob")) == "hello bob"
        assert client("get", server.url("")) == "atcoap model server"
        assert server.stop() == 0


def test_core_lists_the_resources(place):
    with Serve() as server:
        links = client("get", server.url(".well-known/core"))
        for path in ("", "hello", "time", "echo", "rd", "separate", "large", "push"):
            assert f"</{path}>" in links, links
        assert "</time>;obs" in links
        assert server.stop() == 0


def test_echo_takes_every_method_and_size(place):
    with Serve("-v") as server:
        for method, code in (("put", "2.04"), ("post", "2.04"), ("delete", "2.02")):
            assert client(method, server.url("echo"), "-e", "on") == "on"
            server.expect(rf"ACK {re.escape(code)} .*\"on\" \(2 bytes\)")
        assert client("get", server.url("echo"), "-e", "on") == "on"
        for size in (1, 12, 13, 14, 268, 269, 300, 1000, 1024):
            name = os.path.join(place, "payload")
            text = "".join(chr(ord("a") + i % 26) for i in range(size))
            with open(name, "w", encoding="ascii") as f:
                f.write(text)
            assert client("put", server.url("echo"), "-f", name) == text, size
        assert server.stop() == 0


def test_echo_of_the_largest_and_of_too_much(place):
    with Serve() as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.connect((server.host, server.port))
        for number, size, head in ((1, 4096, "6044"), (2, 4097, "608d"), (3, 60000, "608d")):
            s.send(bytes([0x40, 3, 0, number]) + b"\xb4echo\xff" + b"x" * size)
            answer = s.recv(65536)
            assert answer[:2].hex() == head, (size, answer[:40])
            if head == "6044":
                assert answer[4:] == b"\xff" + b"x" * size
            else:
                assert answer[4:] == b"\xffRequest Entity Too Large"
        assert server.stop() == 0


def test_rd_gives_every_post_a_place_of_its_own(place):
    with Serve() as server:
        places = []
        for _ in range(2):
            log = client("post", server.url("rd?ep=a"), "-v", "7")
            assert "c:2.01" in log, log
            places.append(re.search(r"Location-Path:rd, Location-Path:(\w+)", log).group(1))
        assert places[0] != places[1], places
        log = client("delete", server.url("rd/" + places[0]), "-v", "7")
        assert "c:2.02" in log, log
        assert server.stop() == 0


def test_separate(place):
    with Serve("-v") as server:
        begin = time.monotonic()
        assert client("get", server.url("separate")) == "took a while"
        assert time.monotonic() - begin > 0.9
        server.expect(r"> \S+ ACK mid=\d+$")
        server.expect(r"> \S+ CON 2\.05 .*took a while")
        server.expect(r"< \S+ ACK mid=\d+$")
        assert server.stop() == 0


def test_large(place):
    with Serve() as server:
        assert client("get", server.url("large?n=1000")) == ("0123456789abcdef" * 63)[:1000]
        assert client("get", server.url("large?n=0")) == ""
        assert len(client("get", server.url("large"))) == 1024
        for wrong in ("x", "", "-1", "4097", "99999999999999999999"):
            assert client("get", server.url("large?n=" + wrong)) == "4.00 Bad Request", wrong
        assert server.stop() == 0


def test_time_notifies_its_observers(place):
    with Serve("-v") as server:
        # The client prints one number behind the other.
        assert client("get", server.url("time"), "-s", "3", wait=10).startswith("012")
        for sequence, second in ((1, 0), (2, 1), (3, 2)):
            server.expect(rf"observe={sequence} format=0 \"{second}\" \(1 byte\)$")
        server.expect(r"< \S+ CON GET /time .*observe=1")
        assert server.stop() == 0


def test_what_is_not_there(place):
    with Serve() as server:
        assert client("get", server.url("nothing")) == "4.04 Not Found"
        assert client("delete", server.url("hello")) == "4.05 Method Not Allowed"
        assert client("get", server.url("hello"), "-A", "40") == "4.06 Not Acceptable"
        assert server.stop() == 0


def test_many_askers_at_once(place):
    with Serve() as server:
        children = [
            subprocess.Popen(
                [CLIENT, "-B", "10", "-m", "put", "-e", f"number {i}", server.url("echo")],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for i in range(24)
        ]
        for i, child in enumerate(children):
            assert child.communicate(timeout=30)[0].decode().strip() == f"number {i}"
        assert server.stop() == 0


def test_ipv6(place):
    with Serve("--bind=::1") as server:
        assert server.host == "[::1]"
        assert client("get", server.url("hello")) == "hello word from server"
        assert server.stop() == 0
    with Serve("--bind=::") as server:
        for host in ("127.0.0.1", "[::1]"):
            answer = client("get", f"coap://{host}:{server.port}/hello")
            assert answer == "hello word from server", (host, answer)
        assert server.stop() == 0


def test_delay_makes_a_client_wait(place):
    with Serve("--delay=700") as server:
        begin = time.monotonic()
        assert client("get", server.url("hello")) == "hello word from server"
        assert 0.6 < time.monotonic() - begin < 2
        assert server.stop() == 0


def test_ends_with_good_status_on_both_signals(place):
    for number in (signal.SIGINT, signal.SIGTERM):
        with Serve() as server:
            server.child.send_signal(number)
            assert server.wait() == 0


def test_wrong_options_and_a_port_in_use(place):
    with Serve() as server:
        for options, status, words in (
            ([f"--port={server.port}"], 3, "--port=0 picks a free port"),
            (["--port=65536"], 2, "0-65535"),
            (["--bind=localhost"], 2, "give an address"),
            (["--bind=192.0.2.1", "--port=0"], 3, "cannot listen on"),
            (["--delay=x"], 2, "milliseconds"),
            (["--prot=1"], 2, "did you mean --port"),
        ):
            done = subprocess.run(
                [PROGRAM, "serve", *options], stderr=subprocess.PIPE, timeout=10, check=False
            )
            assert done.returncode == status, (options, done)
            assert words in done.stderr.decode(), (options, done)
        assert server.stop() == 0


def test_help_names_the_resources(place):
    text = subprocess.run(
        [PROGRAM, "help", "serve"], stdout=subprocess.PIPE, timeout=10, check=True
    ).stdout.decode()
    for word in ("--port", "--bind", "/time", "/push", "5683"):
        assert word in text, word


def test_push_reaches_a_bc95(place):
    with Serve("-v") as server, Modem("--dialect=bc95", "--local-port=any") as modem:
        at = start(modem)
        at.ok("AT+QCOAPCREATE=56830")
        at.ok('AT+QCOAPADDRES=4,"/t/d"')
        for method, code in (("get", 1), ("post", 2), ("put", 3), ("delete", 4)):
            at.ok(
                f'AT+QCOAPOPTION=5,11,"push",15,"path=/t/d",15,"method={method}",'
                '15,"type=con",15,"token=1A84BFE989C01C08"'
            )
            at.send(f"AT+QCOAPSEND=0,2,{server.host},{server.port}")
            at.urc(r'\+QCOAPURC: "rsp",2,2\.04,\d+')
            mid = at.urc(
                rf'\+QCOAPURC: "req",0,{code},(\d+),05,8,1A84BFE989C01C08,11,"t",11,"d"'
            ).group(1)
            at.ok(f"AT+QCOAPHEAD=5,{mid},8,1A84BFE989C01C08")
            at.send(f"AT+QCOAPSEND=2,205,{server.host},{server.port}")
            server.expect(rf"< \S+ ACK 2\.05 mid={mid} token=1A84BFE989C01C08")
        at.silence(2.5)  # acknowledged, so not sent again
        assert modem.stop() == 0
        assert server.stop() == 0


def test_push_reaches_a_bg96(place):
    with Serve("-v") as server, Modem() as modem:
        at = start(modem)
        at.ok(f'AT+QCOAPOPEN=0,"{server.host}",{server.port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        queries = ("path=/t/d", "method=post", "type=non", "token=0102")
        at.ok('AT+QCOAPOPTION=0,0,0,11,"push"')
        for slot, query in enumerate(queries, 1):
            at.ok(f'AT+QCOAPOPTION=0,0,{slot},15,"{query}"')
        at.send("AT+QCOAPSEND=0,0,2,31", "on")
        at.urc(r"\+QCOAPACK: 0,0,\d+,0")
        at.urc(r"\+QCOAPRECV: 0,\d+,2\.04,6,[0-9A-F]{12},0,0")
        at.urc(r'\+QCOAPRECV: 0,\d+,0\.02,2,0102,2,11,"t",11,"d",2\non')
        at.ok("AT+QCOAPHEADER=0,4660,0,2,0102")
        at.send("AT+QCOAPSEND=0,1,68,0")
        at.urc(r"\+QCOAPACK: 0,1,4660,0")
        server.expect(r"< \S+ NON 2\.04 mid=4660 token=0102")
        assert modem.stop() == 0
        assert server.stop() == 0


def test_a_module_observes_the_time(place):
    with Serve() as server, Modem("--dialect=bc95", "--local-port=any") as modem:
        at = start(modem)
        at.ok("AT+QCOAPCREATE=56830")
        at.ok("AT+QCOAPHEAD=5,1,2,0102")
        at.ok('AT+QCOAPOPTION=2,6,"0",11,"time"')
        at.send(f"AT+QCOAPSEND=0,1,{server.host},{server.port}")
        at.urc(r'\+QCOAPURC: "rsp",2,2\.05,1,\d+,\d+')
        for _ in range(5):  # one of five is confirmable
            at.urc(r'\+QCOAPURC: "rsp",[01],2\.05,\d+,\d+,\d+', timeout=3)
        at.ok("AT+QCOAPDEL")
        assert modem.stop() == 0
        assert server.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
