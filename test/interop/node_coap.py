# SPDX-License-Identifier: MIT
"""The npm package "coap", a stack of its own in JavaScript: as the server that the
modules talk to, and as the client whose requests a module's host answers."""

import json
import os
import shutil
import subprocess

from harness import PROGRAM, At, Modem, Process, Relay, Terminal, free_udp_port, run_tests
from modules import CONTENT_FORMAT, GET, OBSERVE, URI_PATH, URI_QUERY, Bc95, Bg96

READY = r"^atcoap: pty (\S+)$"

# The last release that runs on the Node.js of Debian 12.
PACKAGE, VERSION = "coap", "1.3.0"
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node")
STORE = os.path.join(os.path.dirname(PROGRAM), "node")

POST, PUT = 2, 3


def installed():
    try:
        with open(f"{STORE}/node_modules/{PACKAGE}/package.json", encoding="utf-8") as file:
            return json.load(file)["version"] == VERSION
    except OSError:
        return False


def fetch_package():
    """The package, into the build folder, unless it is there."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise AssertionError("needs node and npm: apt-get install nodejs npm")
    if installed():
        return
    os.makedirs(STORE, exist_ok=True)
    try:
        done = subprocess.run(
            ["npm", "install", "--prefix", STORE, "--no-save", "--no-package-lock"]
            + ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
            + [f"{PACKAGE}@{VERSION}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        said = done.stdout.decode("utf-8", "replace")[-2000:]
    except subprocess.TimeoutExpired:
        said = "nothing came within 60 s"
    assert installed(), (
        f"npm cannot fetch {PACKAGE}@{VERSION}; this test needs the npm registry: {said}"
    )


class Node(Process):
    """One of the scripts."""

    def __init__(self, script, *arguments):
        os.environ["NODE_PATH"] = f"{STORE}/node_modules"
        command = ["node", os.path.join(SCRIPTS, script), *arguments]
        super().__init__(command, stdin=subprocess.PIPE)


class Client(Node):
    """Sends requests from one port, and collects what comes back by their number."""

    def __init__(self):
        self.port = free_udp_port()
        self.count = 0
        super().__init__("client.js", str(self.port))
        self.expect(r"^ready$")

    def ask(self, port, path, method="GET", **more):
        """Send a request; returns its number."""
        self.count += 1
        order = dict(id=self.count, port=port, path=path, method=method, **more)
        self.child.stdin.write(json.dumps(order).encode() + b"\n")
        self.child.stdin.flush()
        return self.count

    def said(self, number):
        """The lines about that number so far."""
        return [line for line in self.lines if line.startswith(f'{{"id":{number},')]

    def answer(self, number, which=1, timeout=10):
        """The which-th thing that came for it."""
        with self.news:
            found = self.news.wait_for(lambda: len(self.said(number)) >= which, timeout)
            assert found, (number, self.lines)
            return json.loads(self.said(number)[which - 1])


# --- node as the server -------------------------------------------------------


def with_server(place, dialect, talk):
    fetch_package()
    with Node("server.js") as server, Modem(f"--dialect={dialect}") as modem:
        port = int(server.expect(r"^listening (\d+)$").group(1))
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        module = (Bc95 if dialect == "bc95" else Bg96)(at, port)
        talk(module)
        module.close()
        at.silence(0.5)
        at.port.close()


def visit(module):
    module.request(GET, [(URI_PATH, "hello")])
    answer = module.answer()
    assert (answer.code, answer.payload) == ("2.05", "hello from node"), vars(answer)
    assert dict(answer.options) == {4: "E7A9", CONTENT_FORMAT: "0"}, answer.options
    module.delivered()

    text = (CONTENT_FORMAT, "0")
    for method in (POST, PUT):
        module.request(method, [(URI_PATH, "echo"), text], payload="x" * 1000)
        answer = module.answer()
        assert (answer.code, answer.payload[:512]) == ("2.04", "x" * 512), vars(answer)

    module.request(GET, [(URI_PATH, "query"), (URI_QUERY, "a=1"), (URI_QUERY, "b=2")])
    answer = module.answer()
    assert answer.payload == "/query?a=1&b=2", vars(answer)

    module.request(GET, [(URI_PATH, "nowhere")])
    assert module.answer().code == "4.04"

    module.request(GET, [(URI_PATH, "separate")], token="5E9A8A7E")
    answer = module.separate()
    assert (answer.code, answer.payload) == ("2.05", "late"), vars(answer)


def watch(module):
    module.request(GET, [(OBSERVE, "0"), (URI_PATH, "observe")], token="0B5E")
    payloads = []
    for _ in range(4):
        answer = module.answer()
        assert answer.code == "2.05" and answer.has(OBSERVE), vars(answer)
        payloads.append(answer.payload)
    assert payloads == [f"change {number}" for number in range(4)]
    module.request(GET, [(OBSERVE, "1"), (URI_PATH, "observe")], token="0B5E")
    for _ in range(5):  # a notification may have been on its way
        answer = module.answer()
        if not answer.has(OBSERVE):
            break
    assert answer.payload == "now", vars(answer)


def test_bc95_at_a_node_server(place):
    with_server(place, "bc95", visit)


def test_bg96_at_a_node_server(place):
    with_server(place, "bg96", visit)


def test_bc95_observes_a_node_server(place):
    with_server(place, "bc95", watch)


def test_bg96_observes_a_node_server(place):
    with_server(place, "bg96", watch)


# --- node as the client ---------------------------------------------------------

REQUEST = (
    r'\+QCOAPURC: "req",127\.0\.0\.1,(?P<port>\d+),(?P<type>\d),(?P<method>\d),(?P<mid>\d+),'
    r"[0-9A-F]{2},(?P<tkl>\d),(?P<token>[0-9A-F]+)(?P<rest>.*)"
)


class Host:
    """The TE of a BC95 that offers a resource."""

    def __init__(self, at):
        self.at = at
        self.port = free_udp_port()
        at.ok(f"AT+QCOAPCREATE={self.port}")
        at.ok('AT+QCOAPADDRES=4,"/t/d"')
        at.ok('AT+QCOAPCFG="Showra",1')

    def request(self, method, rest):
        """The next request, which must be so."""
        request = self.at.urc(REQUEST)
        assert request["method"] == str(method), request.groups()
        assert request["rest"] == rest, request.groups()
        return request

    def reply(self, request, type_, code, options="", payload=""):
        """Answer it: type 2 with the request's ID, others with one of their own."""
        token = f'{request["tkl"]},{request["token"]}'
        mode = f'5,{request["mid"]}' if type_ == 2 else "2"
        self.at.ok(f"AT+QCOAPHEAD={mode},{token}")
        if options:
            self.at.ok(f"AT+QCOAPOPTION={options}")
        self.at.send(f'AT+QCOAPSEND={type_},{code},127.0.0.1,{request["port"]}', payload)


def with_client(talk):
    fetch_package()
    with Client() as client, Modem("--dialect=bc95") as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        host = Host(at)
        talk(client, host)
        at.silence(0.3)
        at.port.close()


PATH = ',11,"t",11,"d"'


def ask_for_everything(client, host):
    number = client.ask(host.port, "/t/d")
    request = host.request(GET, PATH)
    assert (request["type"], request["port"]) == ("0", str(client.port))
    host.reply(request, 2, 205, '1,12,"0"', "21.5 degrees")
    answer = client.answer(number)
    assert (answer["code"], answer["payload"]) == ("2.05", "21.5 degrees"), answer
    assert answer["format"] == "text/plain", answer

    number = client.ask(host.port, "/t/d", "PUT", query="unit=c", payload="22")
    host.reply(host.request(PUT, PATH + ',15,"unit=c",2,3232'), 2, 204)
    assert client.answer(number)["code"] == "2.04"

    number = client.ask(host.port, "/t/d", "DELETE", confirmable=False)
    request = host.request(4, PATH)
    assert request["type"] == "1"
    host.reply(request, 1, 202)
    assert client.answer(number)["code"] == "2.02"

    number = client.ask(host.port, "/t/d/e")
    assert client.answer(number)["code"] == "4.04"
    number = client.ask(host.port, "/.well-known/core")
    answer = client.answer(number)
    assert (answer["code"], answer["payload"]) == ("2.05", "</t/d>"), answer
    assert answer["format"] == "application/link-format", answer


def ask_a_slow_host(client, host):
    """The client asks again before the answer comes; the host hears of it once."""
    number = client.ask(host.port, "/t/d")
    request = host.request(GET, PATH)
    host.at.silence(3.2)
    host.reply(request, 2, 205, payload="slow")
    assert client.answer(number)["payload"] == "slow"


def answer_separately(client, host):
    number = client.ask(host.port, "/t/d")
    request = host.request(GET, PATH)
    host.at.ok(f'AT+QCOAPHEAD=3,{request["mid"]}')
    host.at.send(f'AT+QCOAPSEND=2,0,127.0.0.1,{request["port"]}')
    host.reply(request, 0, 205, payload="separate")
    assert client.answer(number)["payload"] == "separate"
    host.at.urc(r'\+QCOAPURC: "rsp",127\.0\.0\.1,\d+,2,0,\d+')  # its ACK
    assert host.at.ok("AT+QCOAPDATASTATUS?") == ["+QCOAPDATASTATUS: 4"]


def notify(client, host):
    """The host is observed: notifications are messages with the request's token."""
    number = client.ask(host.port, "/t/d", observe=True)
    request = host.request(GET, ',6,"0"' + PATH)
    for count, (type_, text) in enumerate(((2, "one"), (1, "two"), (0, "last")), 1):
        host.reply(request, type_, 205, f'1,6,"{count}"', text)
        assert client.answer(number, count)["payload"] == text
    host.at.urc(r'\+QCOAPURC: "rsp",127\.0\.0\.1,\d+,2,0,\d+')


def test_bc95_is_asked_by_node(place):
    with_client(ask_for_everything)


def test_bc95_is_asked_again_by_node(place):
    with_client(ask_a_slow_host)


def test_bc95_answers_node_separately(place):
    with_client(answer_separately)


def test_bc95_is_observed_by_node(place):
    with_client(notify)


def test_bg96_is_asked_by_node(place):
    """A client of the BG96 hears its server alone, so node asks from the port that
    the client is connected to."""
    fetch_package()
    with Client() as client, Relay(client.port) as relay, Modem() as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{relay.port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.send("AT+QCOAPSEND=0,0,0,0")  # a ping: now the server knows the way
        at.urc(r"\+QCOAPACK: 0,0,\d+,-3")

        number = client.ask(relay.port, "/t/d", payload="21")
        request = at.urc(
            r'\+QCOAPRECV: 0,(\d+),0\.01,8,([0-9A-F]{16}),2,11,"t",11,"d",2\n21'
        )
        at.ok(f"AT+QCOAPHEADER=0,{request.group(1)},0,8,{request.group(2)}")
        at.ok("AT+QCOAPOPTION=0,0,0,12,0")
        at.send("AT+QCOAPSEND=0,2,69,1", "21.5 degrees")
        at.urc(rf"\+QCOAPACK: 0,2,{request.group(1)},0")
        answer = client.answer(number)
        assert (answer["code"], answer["payload"]) == ("2.05", "21.5 degrees"), answer
        at.silence(0.3)
        at.port.close()


if __name__ == "__main__":
    run_tests(globals())
