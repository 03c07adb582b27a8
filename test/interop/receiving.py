# SPDX-License-Identifier: MIT
"""libcoap's client asks a module: what the module answers by itself, what its host
answers in the ACK, as CON and as NON, an observation of a resource of the module,
over IPv4 and IPv6; and a server that asks back a BG96."""

import socket
import subprocess

from harness import At, Modem, Process, Terminal, free_udp_port, run_tests

READY = r"^atcoap: pty (\S+)$"
CLIENT = "coap-client-notls"


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


class Module:
    """A BC95 with a resource."""

    def __enter__(self):
        self.modem = Modem("--dialect=bc95").__enter__()
        try:
            self.port = free_udp_port()
            self.at = start(self.modem)
            self.at.ok(f'AT+QCOAPCREATE={self.port};+QCOAPADDRES=2,"/a"')
            self.at.ok('AT+QCOAPCFG="Showra",1')
        except BaseException:
            self.modem.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        self.modem.__exit__(kind, value, trace)

    def uri(self, path, host="127.0.0.1"):
        return f"coap://{host}:{self.port}/{path}"

    def asked(self, rest, host="127.0.0.1"):
        """A "req" URC: the asker, the message's ID and the groups of rest."""
        match = self.at.urc(rf'\+QCOAPURC: "req",{host},(\d+),([01]),{rest}')
        return match.groups()

    def answer(self, type_, code, mid, token, port, payload="", host="127.0.0.1", options=""):
        head = f"5,{mid},{len(token) // 2},{token}" if token else f"3,{mid}"
        self.at.ok(f"AT+QCOAPHEAD={head}")
        if options:
            self.at.ok(f"AT+QCOAPOPTION={options}")
        self.at.send(f"AT+QCOAPSEND={type_},{code},{host},{port}", payload)


def ask(*options):
    """One run of the client: its output and what it complained about."""
    done = subprocess.run(
        [CLIENT, "-B", "5", *options], capture_output=True, timeout=20, check=False
    )
    return done.stdout.decode().strip(), done.stderr.decode()


def test_what_the_module_answers(place):
    with Module() as module:
        for host in ("127.0.0.1", "[::1]"):
            assert ask(module.uri(".well-known/core", host))[0] == "</a>"
            assert "4.04" in ask(module.uri("b", host))[1]
            assert "4.05" in ask("-m", "fetch", "-e", "x", module.uri("a", host))[1]
            # an unknown critical option, an unknown elective one
            assert "4.02" in ask("-O", "2049,x", module.uri("b", host))[1]
            assert "4.04" in ask("-O", "2048,x", module.uri("b", host))[1]
            assert "4.04" in ask("-N", module.uri("b", host))[1]
        module.at.silence(0.1)


def in_the_background(module, *options):
    return Process([CLIENT, "-B", "5", *options])


REQUEST = r"(\d+),(\d+),0[0-9A-F],\d,([0-9A-F]+),7,\"\d+\",11,\"a\".*"


def answered(answer, *options, host="127.0.0.1", literal="127.0.0.1"):
    """The client asks, the host answers; the client prints that."""
    with Module() as module, in_the_background(
        module, *options, module.uri("a", host)
    ) as client:
        port, type_, _, mid, token = module.asked(REQUEST, literal)
        answer(module, port, type_, mid, token)
        client.expect("^hello there$")


def piggybacked(module, port, type_, mid, token):
    assert type_ == "0"
    module.answer(2, 205, mid, token, port, b"hello there\n".hex())


def test_piggybacked(place):
    answered(piggybacked)


def test_piggybacked_over_ipv6(place):
    def answer(module, port, type_, mid, token):
        module.answer(2, 205, mid, token, port, b"hello there\n".hex(), "::1")

    answered(answer, host="[::1]", literal="::1")


def test_separate(place):
    """The client acknowledges: the host sees that."""

    def answer(module, port, type_, mid, token):
        module.answer(0, 205, 900, token, port, b"hello there\n".hex())
        module.at.urc(rf'\+QCOAPURC: "rsp",127\.0\.0\.1,{port},2,0,900')
        assert module.at.ok("AT+QCOAPDATASTATUS?") == ["+QCOAPDATASTATUS: 4"]

    answered(answer)


def test_separate_as_non(place):
    def answer(module, port, type_, mid, token):
        module.answer(1, 205, 900, token, port, b"hello there\n".hex())

    answered(answer)


def test_non_for_non(place):
    def answer(module, port, type_, mid, token):
        assert type_ == "1"
        module.answer(1, 205, 900, token, port, b"hello there\n".hex())

    answered(answer, "-N")


def test_put_with_payload(place):
    def answer(module, port, type_, mid, token):
        module.answer(2, 204, mid, token, port, b"hello there\n".hex())

    with Module() as module, in_the_background(
        module, "-m", "put", "-t", "0", "-e", "21.5", module.uri("a")
    ) as client:
        port, _, method, mid, token, length = module.asked(
            r'(\d+),(\d+),8[0-9A-F],\d,([0-9A-F]+),7,"\d+",11,"a",12,"0",(\d+),21\.5'
        )
        assert (method, length) == ("3", "4")
        answer(module, port, "0", mid, token)
        client.expect("^hello there$")


def test_repeats_are_answered_from_memory(place):
    """The client asks again while the host thinks: one URC, and one answer in the end."""
    with Module() as module, in_the_background(module, module.uri("a")) as client:
        port, _, _, mid, token = module.asked(REQUEST)
        module.at.silence(3.5)  # its time-out is at most 3 s
        module.answer(2, 205, mid, token, port, b"hello there\n".hex())
        client.expect("^hello there$")
        module.at.silence(0.5)


def test_observed(place):
    """A client observes the module's resource: notifications as NON and CON, and it says when it has
    enough."""
    with Module() as module, in_the_background(
        module, "-s", "2", module.uri("a")
    ) as client:
        port, _, _, mid, token = module.asked(
            r'(\d+),(\d+),0[0-9A-F],\d,([0-9A-F]+),6,"0",7,"\d+",11,"a".*'
        )
        module.answer(2, 205, mid, token, port, b"zero\n".hex(), options='1,6,"1"')
        client.expect("^zero$")
        module.answer(1, 205, 901, token, port, b"one\n".hex(), options='1,6,"2"')
        client.expect("^one$")
        module.answer(0, 205, 902, token, port, b"two\n".hex(), options='1,6,"3"')
        client.expect("^two$")
        module.at.urc(rf'\+QCOAPURC: "rsp",127\.0\.0\.1,{port},2,0,902')
        _, _, _, mid, last = module.asked(
            r'(\d+),(\d+),0[0-9A-F],\d,([0-9A-F]+),6,"1",7,"\d+",11,"a".*'
        )
        assert last == token
        module.answer(2, 205, mid, token, port, b"end\n".hex())
        assert client.wait() == 0
        # nobody listens any more: RST would come from a client that does
        module.answer(1, 205, 903, token, port, b"gone\n".hex(), options='1,6,"4"')
        module.at.silence(0.2)


def test_a_server_asks_back(place):
    """What a BG96's server may ask: answered by the host, by the module, and repeated."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, Modem() as modem:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        at = start(modem)
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.getsockname()[1]}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.ok("AT+QCOAPHEADER=0,7,0")
        at.send("AT+QCOAPSEND=0,1,1,0")
        at.urc(r"\+QCOAPACK: 0,1,7,0")
        data, module = server.recvfrom(2000)
        assert data == b"\x50\x01\x00\x07"

        def exchange(request, answer):
            server.sendto(request, module)
            assert server.recvfrom(2000) == (answer, module)

        request = b"\x42\x01\x12\x34\xaa\xbb\xb3led"
        server.sendto(request, module)
        at.urc(r'\+QCOAPRECV: 0,4660,0\.01,2,AABB,1,11,"led",0')
        at.ok("AT+QCOAPHEADER=0,4660,0,2,AABB")
        at.send("AT+QCOAPSEND=0,2,69,0", "on")
        at.urc(r"\+QCOAPACK: 0,2,4660,0")
        answer = b"\x62\x45\x12\x34\xaa\xbb\xffon"
        assert server.recvfrom(2000) == (answer, module)
        exchange(request, answer)
        exchange(b"\x40\x00\x00\x01", b"\x70\x00\x00\x01")
        exchange(b"\x41\x01\x00\x02\xcc\x90", b"\x61\x82\x00\x02\xcc")
        exchange(b"\x41\x45\x00\x03\xdd", b"\x70\x00\x00\x03")
        at.silence(0.1)


if __name__ == "__main__":
    run_tests(globals())
