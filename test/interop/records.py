# SPDX-License-Identifier: MIT
"""What --out writes: that the files agree with each other and with what happened,
with tshark as the judge of the capture; that they are whole however the run ends;
and that no secret is in them."""

import glob
import json
import os
import re
import resource
import signal
import socket
import stat
import struct
import subprocess
import time

from harness import (
    PROGRAM,
    ROOT,
    At,
    Connection,
    Modem,
    Pipes,
    SecureServer,
    Server,
    Terminal,
    free_udp_port,
    run_tests,
)
from modules import Bc95, Bg96, get_root, get_separate, put_get_delete, upload, use_dtls

READY = r"^atcoap: pty (\S+)$"
FILES = {"at.log", "events.jsonl", "trace.pcapng", "result.json"}
LATE = {"ladder.svg", "ladder.txt", "lint.txt"}
TYPES = ("CON", "NON", "ACK", "RST")
KEY = "12344FG89"
PSK = "864508030012428&" + KEY.encode().hex()


# --- reading what was recorded ----------------------------------------------------------------


def read_events(out):
    """The events, which count up and never go back in time."""
    with open(out + "/events.jsonl", encoding="ascii") as file:
        text = file.read()
    assert text.endswith("\n"), text[-100:]
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["n"] for event in events] == list(range(len(events)))
    times = [event["t"] for event in events]
    assert times == sorted(times), times
    assert events[0]["event"] == "start"
    return events


def of_kind(events, *kinds):
    return [event for event in events if event["event"] in kinds]


def wait_for(out, kind, count):
    """Until so many events of a kind stand in the file, which is written while the run goes on."""
    end = time.monotonic() + 10
    while len(of_kind(read_events(out), kind)) < count:
        assert time.monotonic() < end, read_events(out)
        time.sleep(0.02)


def read_result(out):
    with open(out + "/result.json", encoding="ascii") as file:
        return json.load(file)


ESCAPE = re.compile(r"\\(r|n|\\|x([0-9A-F]{2}))")


def unescape(text):
    """The bytes of a chunk of at.log; None if they were not to be shown."""
    if text.startswith("<"):
        assert re.fullmatch(r"<\d+ bytes>", text), text
        return None
    plain = {"r": "\r", "n": "\n", "\\": "\\"}
    assert ESCAPE.sub("", text).count("\\") == 0, text
    return ESCAPE.sub(
        lambda m: chr(int(m.group(2), 16)) if m.group(2) else plain[m.group(1)], text
    ).encode("latin-1")


def read_at(out):
    """The chunks: time, whether to the module, bytes."""
    chunks = []
    with open(out + "/at.log", encoding="ascii", newline="\n") as file:
        for line in file:
            match = re.fullmatch(r"(\d+\.\d{6}) ([<>]) ([ -~]+)\n", line)
            assert match, line
            chunks.append((float(match.group(1)), match.group(2) == ">", unescape(match.group(3))))
    return chunks


def tshark(out, *arguments):
    done = subprocess.run(
        ["tshark", "-n", "-r", out + "/trace.pcapng", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert done.returncode == 0, done
    return done.stdout.decode().splitlines()


FIELDS = ["frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport", "udp.payload"]
FIELDS += ["coap.type", "coap.code", "coap.mid", "coap.token", "coap.payload_length"]
FIELDS += ["coap.opt.uri_path", "coap.opt.uri_query", "coap.opt.ctype", "coap.opt.observe"]
FIELDS += ["frame.comment", "frame.packet_flags_direction"]


def read_packets(out, port, *arguments):
    """What tshark makes of the capture, a dictionary for each packet."""
    words = [word for name in FIELDS for word in ("-e", name)]
    decode = ("-d", f"udp.port=={port},coap") if port else ()
    check = ("-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
    wrong = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0"
    assert tshark(out, *decode, *check, *arguments, "-Y", wrong) == []
    lines = tshark(
        out, *decode, *arguments, "-T", "fields", "-E", "aggregator=|", *words
    )
    return [dict(zip(FIELDS, line.split("\t"))) for line in lines]


def value_of(event, name):
    """The values of an option in the text of an event, joined as tshark does."""
    found = re.findall(rf'(?:^| ){name}=(?:"([^"]*)"|(\S+))', event["options"])
    return "|".join(text or number for text, number in found)


def compare_message(event, packet):
    what = (event, packet)
    assert packet["coap.type"] == str(TYPES.index(event["type"])), what
    code = int(packet["coap.code"])
    assert f"{code >> 5}.{code & 31:02}" == event["code"], what
    assert packet["coap.mid"] == str(event["mid"]), what
    assert packet["coap.token"].replace(":", "") == event["token"], what
    assert (packet["coap.payload_length"] or "0") == str(event["payload"]), what
    assert packet["coap.opt.uri_path"] == value_of(event, "uri-path"), what
    assert packet["coap.opt.uri_query"] == value_of(event, "uri-query"), what
    assert packet["coap.opt.observe"] == value_of(event, "observe"), what


def compare(out, port, *arguments):
    """Each datagram of the events against its packet. Returns the pairs."""
    events = read_events(out)
    datagrams = of_kind(events, "out", "in")
    packets = read_packets(out, port, *arguments)
    assert len(packets) == len(datagrams), (len(packets), len(datagrams))
    lines = {event["line"]: event["text"] for event in of_kind(events, "command")}
    start = float(packets[0]["frame.time_epoch"]) - datagrams[0]["t"]
    assert abs(start - time.time()) < 300
    for number, (event, packet) in enumerate(zip(datagrams, packets)):
        what = (event, packet)
        outward = event["event"] == "out"
        assert event["d"] == number + 1, what
        assert abs(float(packet["frame.time_epoch"]) - start - event["t"]) < 2e-6, what
        ends = [f'{packet["ip.src"]}:{packet["udp.srcport"]}']
        ends += [f'{packet["ip.dst"]}:{packet["udp.dstport"]}']
        assert ends[1 if outward else 0] == event["peer"], what
        assert ends[0 if outward else 1].startswith("127.0.0.1:"), what
        assert packet["udp.payload"].replace(":", "") == event["hex"], what
        assert len(event["hex"]) == 2 * event["len"], what
        if "type" in event:
            compare_message(event, packet)
        comment = [f"repeat {event['repeat']}"] if "repeat" in event else []
        if "line" in event:
            comment.append(f"line {event['line']}: {lines[event['line']]}")
        assert packet["frame.comment"] == "; ".join(comment), what
    return list(zip(datagrams, packets))


def read_all(out):
    content = b""
    for name in os.listdir(out):
        with open(f"{out}/{name}", "rb") as file:
            content += file.read()
    return content


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


# --- sessions ---------------------------------------------------------------------------------


def session(place, dialect, module_of):
    out = place + "/out"
    with Server() as server, Modem(f"--dialect={dialect}", f"--out={out}") as modem:
        at = start(modem)
        module = module_of(at, server.port)
        get_root(module)
        put_get_delete(module)
        get_separate(module)
        assert modem.stop() == 0
    pairs = compare(out, server.port)
    assert set(os.listdir(out)) == FILES | LATE, os.listdir(out)

    # Every request of the host has a line that is a SEND, the module's own ACK has none.
    for event, _ in pairs:
        own = event["type"] == "ACK" and event["event"] == "out"
        assert ("line" in event) == (event["event"] == "out" and not own), event
    sent = [event for event, _ in pairs if event["event"] == "out"]
    sends = [e["line"] for e in of_kind(read_events(out), "command") if "SEND=" in e["text"]]
    assert [event["line"] for event in sent if "line" in event] == sends, (sent, sends)

    result = read_result(out)
    assert result["status"] == 0 and result["reason"] == "SIGTERM" and result["complete"]
    assert result["dialect"] == dialect and result["settings"]["head"] == "once"
    assert result["counters"]["sent"] == len(sent) == result["datagrams"]["out"], result
    assert result["counters"]["received"] == len(pairs) - len(sent), result
    last = read_events(out)[-1]
    assert (last["event"], last["status"], last["reason"]) == ("end", 0, "SIGTERM"), last


def test_bg96(place):
    session(place, "bg96", Bg96)


def test_bc95(place):
    session(place, "bc95", Bc95)


def test_D_215_at_log_is_the_port(place):
    """What was typed and what came, byte for byte; events.jsonl has the same chunks."""
    out = place + "/out"
    typed = b"ATE0\r\nAT+QCOAPALIST?\r<5 bytes>\rback\\slash\r\x00\x7f\xe9\x1b\rATI\nAT\r"
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", f"--out={out}"],
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 0, done
    chunks = read_at(out)
    assert b"".join(data for _, to, data in chunks if to) == typed
    assert b"".join(data for _, to, data in chunks if not to) == done.stdout
    with open(out + "/at.log", encoding="ascii") as file:
        texts = file.readlines()
    events = of_kind(read_events(out), "te", "module")
    assert len(events) == len(texts)
    for event, line in zip(events, texts):
        moment, mark, text = line.rstrip("\n").split(" ", 2)
        assert float(moment) == event["t"] and text == event["text"], (event, line)
        assert (mark == ">") == (event["event"] == "te"), (event, line)
    assert read_result(out)["te_bytes"] == len(typed)
    assert read_result(out)["module_bytes"] == len(done.stdout)


def test_at_log_can_be_played_again(place):
    """With the same seed and no server the same bytes come."""
    typed = b'ATE0\rAT+QCOAPOPEN=0,"127.0.0.1",9\rAT+QCOAPSEND=0,1,2,0\r<a\\b\x00\r\n\xff\x1a'
    typed += b"AT+QCOAPHEADER?\rATI\rAT+FOO\r"
    heard = []
    for name in ("first", "second"):
        done = subprocess.run(
            [PROGRAM, "run", "--stdio", "--seed=5", f"--out={place}/{name}"],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=10,
        )
        chunks = read_at(f"{place}/{name}")
        typed = b"".join(data for _, to, data in chunks if to)
        heard.append(done.stdout)
    assert heard[0] == heard[1] and b"ERROR" in heard[0], heard


def test_commands_have_results(place):
    out = place + "/out"
    with Modem("--dialect=bc95", f"--out={out}") as modem:
        at = start(modem)
        at.ok("AT+CMEE=1")
        assert at.command("AT+QCOAPHEAD=9")[-1].startswith("+CME ERROR")
        at.write("noise\r")
        at.ok("AT")
        modem.stop()
    commands = of_kind(read_events(out), "command")
    assert [c["line"] for c in commands] == list(range(1, len(commands) + 1))
    assert [(c["text"], c["result"]) for c in commands[-3:]] == [
        ("AT+CMEE=1", "OK"),
        ("AT+QCOAPHEAD=9", "+CME ERROR: 50"),
        ("AT", "OK"),
    ], commands
    assert read_result(out)["lines"] == len(commands)


def test_findings(place):
    """The lint's lines are the records' lines, and its report is there."""
    out = place + "/out"
    typed = b'ATE0\rAT+NOPE\rA/AT+QCOAPOPEN=0,"127.0.0.1",9\rAT+QCOAPSEND=0,1,2,0\rx\x1aAT+NOPE\r'
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", "--strict", f"--out={out}"],
        input=typed,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 1, done
    events = read_events(out)
    lines = {event["line"]: event["text"] for event in of_kind(events, "command")}
    found = [(e["name"], lines.get(e["line"])) for e in of_kind(events, "lint")]
    assert found.count(("unknown-command", "AT+NOPE")) == 2 and ("unknown-command", "A/") in found, found
    result = read_result(out)
    assert result["status"] == 1 and result["lines"] == len(lines), result
    unknown = [finding for finding in result["lint"] if finding["name"] == "unknown-command"][0]
    assert (unknown["count"], unknown["line"], unknown["text"]) == (3, 2, "AT+NOPE"), unknown
    with open(out + "/lint.txt", encoding="ascii") as file:
        assert "AT+NOPE" in file.read()


def test_what_fails_is_noted(place):
    """A name that nobody has, and a port that is taken."""
    out = place + "/out"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))
        with Modem("--dialect=bc95", f"--out={out}", "--bind=127.0.0.1") as modem:
            at = start(modem)
            assert at.command(f"AT+QCOAPCREATE={taken.getsockname()[1]}")[-1] != "OK"
            modem.stop()
    notes = [event["text"] for event in of_kind(read_events(out), "note")]
    assert len(notes) == 1 and re.match(r"client 0: \w+ failed: ", notes[0]), notes


# --- repeats ----------------------------------------------------------------------------------


def test_D_217_repeats_are_counted(place):
    """A server that never answers, and one that says everything twice."""
    out = place + "/out"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        port = peer.getsockname()[1]
        with Modem(
            f"--out={out}", "--set=ack-timeout=1000", "--set=max-retransmit=2"
        ) as modem:
            at = start(modem)
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{port}')
            at.urc(r"\+QCOAPOPEN: 0,0")
            at.ok("AT+QCOAPHEADER=0,500,0,1,AA")
            at.send("AT+QCOAPSEND=0,0,1,0")
            at.urc(r"\+QCOAPIND: .*", 5)
            source = peer.recvfrom(100)[1]
            question = bytes([0x40, 1, 0x30, 0x39])
            for _ in range(2):
                peer.sendto(question, source)
            at.urc(r"\+QCOAPRECV: 0,12345,.*")
            wait_for(out, "in", 2)
            modem.stop()
    pairs = compare(out, port)
    seen = [(e["event"], e["mid"], e.get("repeat"), "line" in e) for e, _ in pairs]
    assert seen[:2] == [("out", 500, None, True), ("out", 500, 1, True)], seen
    assert ("in", 12345, None, False) in seen and ("in", 12345, 1, False) in seen, seen
    counts = read_result(out)["datagrams"]
    assert counts["out_repeats"] >= 1 and counts["in_repeats"] == 1, counts


def test_what_is_no_coap(place):
    """It has its bytes and no more; the capture has it, too."""
    out = place + "/out"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        port = peer.getsockname()[1]
        with Modem(f"--out={out}") as modem:
            at = start(modem)
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{port}')
            at.urc(r"\+QCOAPOPEN: 0,0")
            at.send("AT+QCOAPSEND=0,1,1,0")
            source = peer.recvfrom(100)[1]
            peer.sendto(b"\xff", source)
            peer.sendto(b"\x40\x01\x00\x01\xf0", source)
            peer.sendto(b"", source)
            wait_for(out, "in", 3)
            modem.stop()
    datagrams = of_kind(read_events(out), "in")
    assert [event["hex"] for event in datagrams] == ["ff", "40010001f0", ""], datagrams
    assert all("type" not in event for event in datagrams), datagrams
    answers = of_kind(read_events(out), "out")[1:]
    assert [event["type"] for event in answers] == ["RST"], answers
    assert len(tshark(out)) == 5


def test_ipv6(place):
    out = place + "/out"
    with Server(host="::1") as server, Modem(f"--out={out}") as modem:
        at = start(modem)
        module = Bg96(at, server.port, host="::1")
        get_root(module)
        modem.stop()
    ends = tshark(
        out, "-T", "fields", "-e", "ipv6.src", "-e", "ipv6.dst", "-o", "udp.check_checksum:TRUE",
        "-e", "udp.checksum.status", "-e", "udp.dstport",
    )
    assert [end.split("\t")[:3] for end in ends] == [["::1", "::1", "1"]] * len(ends), ends
    assert ends[0].split("\t")[3] == str(server.port), ends


# --- a bad network ----------------------------------------------------------------------------


def test_bad_network(place):
    """Every datagram of either side comes to one end, which events and capture agree upon."""
    out = place + "/out"
    link = "loss=25%,dup=25%,delay=50:400"
    with Server() as server, Modem(
        f"--out={out}", f"--link={link}", "--seed=11", "--speed=20", "--set=ack-timeout=1000"
    ) as modem:
        at = start(modem)
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.ok('AT+QCOAPOPTION=0,0,0,11,"time"')
        for number in range(30):
            at.ok(f"AT+QCOAPHEADER=0,{number},1")
            at.send("AT+QCOAPSEND=0,0,1,1")
            while not re.match(rf"\+QCOAPACK: 0,0,{number},", at.urc(".*", 10).group(0)):
                pass
        at.ok("AT")
        modem.stop()
    events = read_events(out)
    assert (events[0]["link"], events[0]["seed"], events[0]["speed"]) == (link, 11, 20)
    ends = {}
    for event in of_kind(events, "arrived", "in", "lost"):
        assert event["d"] not in ends, event
        ends[event["d"]] = event
    left = of_kind(events, "out", "sent")
    assert len({event["d"] for event in left}) == len(left)
    assert {event["d"] for event in left} >= set(ends), (left, ends)
    for event in left:
        end = ends.get(event["d"])
        if end and end["event"] != "lost":
            assert (end["event"] == "in") == (event["event"] == "sent"), (event, end)
        if end and end["event"] == "in":
            assert end["hex"] == event["hex"] and end["t"] > event["t"], (event, end)
    copies = [event for event in left if "of" in event]
    assert copies and all(ends[event["of"]]["d"] != event["d"] for event in copies)

    # At the module: what it sent, once each, and what reached it.
    here = [e for e in of_kind(events, "out", "in") if "of" not in e]
    packets = read_packets(out, server.port)
    assert len(packets) == len(here), (len(packets), len(here))
    lost = 0
    for event, packet in zip(here, packets):
        compare_message(event, packet)
        parts = packet["frame.comment"].split("; ") if packet["frame.comment"] else []
        end = ends.get(event["d"], {})
        is_lost = event["event"] == "out" and end.get("event") == "lost"
        assert ("lost: loss" in parts) == is_lost, (event, packet)
        assert (f"repeat {event.get('repeat')}" in parts) == ("repeat" in event), packet
        lost += is_lost
    assert lost > 3, lost
    datagrams = read_result(out)["datagrams"]
    assert datagrams["lost"] == len(of_kind(events, "lost")) > lost, datagrams
    assert datagrams["out"] == len(of_kind(here, "out")), datagrams
    assert datagrams["out"] == read_result(out)["counters"]["sent"], datagrams


def test_same_seed_same_fate(place):
    """Datagram by datagram."""
    fates = []
    for name in ("first", "second"):
        out = f"{place}/{name}"
        with Server() as server, Modem(
            f"--out={out}", "--link=loss=40%", "--seed=3", "--speed=50", "--set=ack-timeout=1000"
        ) as modem:
            at = start(modem)
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.port}')
            at.urc(r"\+QCOAPOPEN: 0,0")
            for number in range(10):
                at.ok(f"AT+QCOAPHEADER=0,{number},1")
                at.send("AT+QCOAPSEND=0,0,1,0")
                while not re.match(rf"\+QCOAPACK: 0,0,{number},", at.urc(".*", 10).group(0)):
                    pass
            modem.stop()
        events = of_kind(read_events(out), "out", "sent", "lost")
        fates.append([(event["event"], event["d"]) for event in events])
    assert fates[0] == fates[1] and ("lost" in dict(fates[0])), fates


def test_coverage(place):
    out = place + "/out"
    with Modem(f"--out={out}", "--link=coverage=in:1s/out:2s/in", "--speed=10") as modem:
        at = start(modem)
        at.ok("AT")
        wait_for(out, "network", 2)
        modem.stop()
    networks = of_kind(read_events(out), "network")
    assert [event["registration"] for event in networks] == [2, 1], networks


# --- DTLS -------------------------------------------------------------------------------------


def dtls_session(place, library, *options):
    out = place + "/out"
    with SecureServer(library, KEY) as server, Modem(f"--out={out}", *options) as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        module = Bg96(at, server.secure_port)
        get_root(module)
        put_get_delete(module)
        module.close()
        assert modem.stop() == 0
    content = read_all(out)
    for secret in (PSK, KEY, KEY.encode().hex(), KEY.encode().hex().upper()):
        assert secret.encode() not in content, secret
    return out, server.secure_port


def looks_inside(place, library, *options):
    """The capture alone shows the CoAP, which is what the events say."""
    out, port = dtls_session(place, library, *options)
    messages = [e for e in of_kind(read_events(out), "out", "in") if "type" in e]
    assert len(messages) == 12 and all(e["dtls"] for e in messages), messages
    assert all(("line" in e) == (e["event"] == "out") for e in messages), messages
    packets = [packet for packet in read_packets(out, 0, "-d", f"dtls.port=={port},coap") if packet["coap.type"]]
    assert len(packets) == 12, packets
    for event, packet in zip(messages, packets):
        compare_message(event, packet)
        if event["event"] == "out":
            assert re.search(r"line \d+: AT\+QCOAPSEND=", packet["frame.comment"]), packet
    handshake = of_kind(read_events(out), "out")[0]
    commands = {e["line"]: e["text"] for e in of_kind(read_events(out), "command")}
    assert "type" not in handshake and "QCOAPOPEN" in commands[handshake["line"]], handshake
    assert stat.S_IMODE(os.stat(out + "/trace.pcapng").st_mode) == 0o600


def test_dtls_openssl(place):
    looks_inside(place, "openssl", "--secrets")


def test_dtls_gnutls(place):
    looks_inside(place, "gnutls", "--secrets")


def test_dtls_keylog(place):
    looks_inside(place, "openssl", f"--keylog={place}/keys")
    assert os.path.getsize(place + "/keys") > 0


def test_dtls_without_secrets(place):
    out, port = dtls_session(place, "openssl")
    assert len(tshark(out, "-Y", "dtls")) > 12
    assert tshark(out, "-d", f"dtls.port=={port},coap", "-Y", "coap") == []


def test_uploaded_key_stays_hidden(place):
    """In both directions, and though the host is slow."""
    out = place + "/out"
    content = "identity&0123456789abcdef"
    with Modem(f"--out={out}", "-v") as modem:
        at = start(modem)
        upload(at, "0_server.psk", content)
        at.write('AT+QFDWL="0_server.psk"\r')
        at.exact(f"\r\nCONNECT\r\n{content}\r\n+QFDWL: 25,".encode())
        modem.stop()
        shown = "\n".join(modem.lines)
    recorded = read_all(out).decode("latin-1")
    for text in (shown, recorded):
        assert content not in text and "0123456789abcdef" not in text, text
    assert "<25 bytes>" in recorded


def test_D_250_content_that_was_not_asked_for(place):
    """A host that types a key although its upload was refused, or more than it said. Key and echo are
    hidden in every file; commands and replies are not."""
    out = place + "/out"
    key = b"identity&0123456789abcdef"
    upload_line = b'AT+QFUPL="0_server.psk",%d\r'
    typed = (
        upload_line % 13 + key,  # a part of it is too much
        upload_line % 25 + key + b"\r\n" + key + b"\r",  # it exists: 407
        b"ATE1\r" + upload_line % 25 + key + b"\r",
        b"AT+QFWRITE=3000,25\r" + key + b"AT+CSQ\r",  # no such handle; the line goes on
        b"AT+CGATT?\r",
    )
    done = run_once(f"--out={out}", "-v", "--set=echo=off", typed=b"".join(typed))
    assert done.returncode == 0, done
    for text in (done.stderr, read_all(out)):
        assert b"012345" not in text and b"89abcdef" not in text, text
    with open(out + "/at.log", encoding="ascii") as file:
        chunks = [line.split(" ", 1)[1].rstrip("\n") for line in file]
    upload_text = 'AT+QFUPL="0_server.psk",25\\r'
    refused = "\\r\\n+CME ERROR: 407\\r\\n"
    assert [chunk[2:] for chunk in chunks if chunk[0] == ">"] == [
        *('AT+QFUPL="0_server.psk",13\\r', "<52 bytes>", "<26 bytes>", "\\n", "<26 bytes>"),
        *("ATE1\\r", upload_text, "<26 bytes>", "AT+QFWRITE=3000,25\\r", "<32 bytes>", "AT+CGATT?\\r"),
    ], chunks
    assert "".join(chunk[2:] for chunk in chunks if chunk[0] == "<") == (
        "<11 bytes>\\r\\n+QFUPL: 13,2818\\r\\n\\r\\nOK\\r\\n"
        + f"{refused}\\r\\nOK\\r\\n{upload_text}{refused}<26 bytes>"
        + "AT+QFWRITE=3000,25\\r\\r\\n+CME ERROR: 416\\r\\n<32 bytes>"
        + "AT+CGATT?\\r\\r\\n+CGATT: 1\\r\\n\\r\\nOK\\r\\n"
    ), chunks


# --- how it ends ------------------------------------------------------------------------------


def test_killed_in_the_middle(place):
    """What has happened is in the files, whole lines and blocks; the result is missing."""
    out = place + "/out"
    with Server() as server, Modem(f"--out={out}") as modem:
        at = start(modem)
        module = Bg96(at, server.port)
        get_root(module)
        at.ok("AT")
        modem.child.send_signal(signal.SIGKILL)
        modem.wait()
    assert not os.path.exists(out + "/result.json")
    pairs = compare(out, server.port)
    assert len(pairs) == 2, pairs
    assert read_at(out)[-1][2].endswith(b"\r\n")


def test_ends(place):
    """Each way a run can end has its reason."""
    cases = [
        (["--exec=exit 4"], None, 4, "the command of --exec has ended with status 4"),
        (["--stdio"], None, 0, "the TE has gone"),
        ([], signal.SIGINT, 0, "SIGINT"),
        ([], signal.SIGHUP, 0, "SIGHUP"),
        (["--tcp=192.0.2.1:1"], None, 3, "it did not start"),
    ]
    for number, (options, end, status, reason) in enumerate(cases):
        out = f"{place}/{number}"
        with Modem(f"--out={out}", *options) as modem:
            if end:
                modem.expect(READY)
                modem.child.send_signal(end)
            assert modem.wait() == status, (options, modem.lines)
        result = read_result(out)
        assert (result["status"], result["reason"]) == (status, reason), result
        assert read_events(out)[-1]["reason"] == reason


def rss_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


def test_memory_does_not_grow(place):
    """50,000 datagrams in, and what the module says to them."""
    out = place + "/out"
    port = free_udp_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        with Modem("--dialect=bc95", "--tcp=0", f"--out={out}") as modem:
            tcp = int(modem.expect(r"tcp \S+:(\d+)").group(1))
            at = At(Connection(tcp)).hush()
            at.ok(f"AT+QCOAPCREATE={port}")
            sizes = []
            for number in range(50_000):
                if number % 10_000 == 5_000:
                    sizes.append(rss_kib(modem.child.pid))
                ping = struct.pack("!BBH", 0x40, 0, number & 0xFFFF)
                peer.sendto(ping, ("127.0.0.1", port))
                if number % 50 == 49:  # so that the socket does not lose too many
                    at.ok("AT")
            sizes.append(rss_kib(modem.child.pid))
            modem.stop()
    assert sizes[-1] - sizes[0] < 300, sizes
    result = read_result(out)
    assert result["datagrams"]["in"] > 10_000 and result["lines"] == 1002, result
    print(f"       {sizes[0]} KiB at the start, {sizes[-1]} KiB at the end")


# --- the folder -------------------------------------------------------------------------------


def run_once(*options, typed=b"AT\r", **how):
    return subprocess.run(
        [PROGRAM, "run", "--stdio", *options],
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
        **how,
    )


def test_D_216_an_earlier_run_is_replaced(place):
    out = place + "/out"
    os.mkdir(out)
    for name in ("at.log", "ladder.svg", "ladder.txt", "lint.txt", "result.json", "notes.txt"):
        with open(f"{out}/{name}", "w", encoding="ascii") as file:
            file.write("old\n")
    os.symlink(place + "/elsewhere", out + "/events.jsonl")
    assert run_once(f"--out={out}").returncode == 0
    assert not os.path.exists(place + "/elsewhere")
    assert not os.path.islink(out + "/events.jsonl")
    with open(out + "/notes.txt", encoding="ascii") as file:
        assert file.read() == "old\n"
    for name in FILES - {"trace.pcapng"}:
        with open(f"{out}/{name}", encoding="ascii") as file:
            assert "old" not in file.read(), name
    assert read_result(out)["lines"] == 1


def test_D_216_a_folder_in_use_is_refused(place):
    out = place + "/out"
    with Modem(f"--out={out}") as modem:
        at = start(modem)
        done = run_once(f"--out={out}")
        assert done.returncode == 3 and done.stdout == b"", done
        assert b"another run is being recorded there" in done.stderr, done
        at.ok("AT")
        modem.stop()
    assert read_result(out)["lines"] == 2
    assert run_once(f"--out={out}").returncode == 0


def test_bad_folders(place):
    os.mkdir(place + "/taken")
    os.mkdir(place + "/taken/at.log")
    with open(place + "/file", "w", encoding="ascii"):
        pass
    for where, text in (
        ("/missing/out", "No such file or directory"),
        ("/file", "Not a directory"),
        ("/taken", "at.log: Is a directory"),
    ):
        done = run_once(f"--out={place}{where}")
        assert done.returncode == 3 and done.stdout == b"", done
        expected = f"atcoap: --out={place}{where}: {text}; give a folder that can be written, "
        assert done.stderr.decode().startswith(expected), (done.stderr, expected)
    assert glob.glob(place + "/taken/*") == [place + "/taken/at.log"]
    done = run_once("--out=")
    assert done.returncode == 2, done
    done = run_once("--secrets")
    assert done.returncode == 2 and b"--secrets needs --out" in done.stderr, done


def test_D_218_disk_full(place):
    """Said once; the module works on, the files are cut at a whole record, status 3."""
    out = place + "/out"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    with Modem(
        "--stdio", f"--out={out}", stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=limit
    ) as modem:
        at = At(Pipes(modem.child)).hush()
        for _ in range(500):
            at.ok("AT")
        modem.child.stdin.close()
        assert modem.wait() == 3
    said = [line for line in modem.lines if "--out" in line]
    assert len(said) == 1 and "File too large" in said[0], modem.lines
    events = read_events(out)
    assert len(events) > 50 and events[-1]["event"] != "end"
    assert len(read_at(out)) > 50
    result = read_result(out)
    assert (result["status"], result["complete"], result["lines"]) == (3, False, 501), result


# --- the demonstration ------------------------------------------------------------------------


def demonstrate(out, *options):
    return subprocess.run(
        [PROGRAM, "demo", f"--out={out}", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=100,
    )


def test_demonstration(place):
    """In virtual time, so that it is the same each time: every session's datagrams, and its lines."""
    link = "--link=loss=20%,dup=10%"
    for name in ("first", "second"):
        done = demonstrate(f"{place}/{name}", "--time=virtual", "--seed=1", link)
        assert done.returncode == 0, done
    for name in FILES | LATE:
        with open(f"{place}/first/{name}", "rb") as one, open(f"{place}/second/{name}", "rb") as two:
            assert one.read() == two.read(), name
    events = read_events(place + "/first")
    starts = [event["text"] for event in of_kind(events, "note")]
    assert [text.split()[-1] for text in starts] == ["bc95", "bc95", "bg96"], starts
    packets = read_packets(place + "/first", 0)
    here = [e for e in of_kind(events, "out", "in") if "of" not in e]
    assert len(packets) == len(here) > 10
    for event, packet in zip(here, packets):
        compare_message(event, packet)
    sends = [e["line"] for e in of_kind(events, "command") if "SEND=" in e["text"]]
    caused = {event["line"] for event in here if "line" in event}
    assert caused <= set(sends) and len(caused) > 5, (caused, sends)
    assert demonstrate(place + "/missing/out", "--time=virtual").returncode == 3


# --- transcripts ------------------------------------------------------------------------------


def play(out, path):
    return subprocess.run(
        [PROGRAM, "test", f"--out={out}", path],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=60,
    )


def test_transcripts(place):
    """Each is recorded as a run is, and nothing comes of it that the files disagree about."""
    paths = sorted(glob.glob(ROOT + "/test/transcript/**/*.txt", recursive=True))
    assert len(paths) > 100
    out = place + "/out"
    datagrams = 0
    for path in paths:
        done = play(out, path)
        assert done.returncode == 0, (path, done)
        events = read_events(out)
        texts = [event["text"] for event in of_kind(events, "te", "module")]
        with open(out + "/at.log", encoding="ascii") as file:
            assert texts == [line.rstrip("\n").split(" ", 2)[2] for line in file], path
        result = read_result(out)
        assert result["reason"] == "the transcript passed", (path, result)
        lines = [event["line"] for event in of_kind(events, "command")]
        assert len(lines) == len(set(lines)) <= result["lines"], path
        for event in of_kind(events, "out", "in"):
            assert event.get("line", 0) <= result["lines"], (path, event)
            datagrams += 1
    assert datagrams > 100


def test_transcript_twice_the_same(place):
    """On a virtual clock every byte is, but for the pictures' names of folders."""
    path = ROOT + "/test/transcript/bg96/3.3.2-open-port-zero.txt"
    for name in ("first", "second"):
        assert play(f"{place}/{name}", path).returncode == 0
    for name in FILES | LATE:
        with open(f"{place}/first/{name}", "rb") as one, open(f"{place}/second/{name}", "rb") as two:
            assert one.read() == two.read(), name


def test_transcript_that_fails(place):
    path = place + "/fails.txt"
    with open(path, "w", encoding="ascii") as file:
        file.write("T> AT\nT< ERROR\n")
    done = play(place + "/out", path)
    assert done.returncode == 1, done
    result = read_result(place + "/out")
    assert (result["status"], result["reason"]) == (1, "the transcript failed"), result
    for arguments in ([place], [path, path], ["--port=/dev/null", path]):
        done = play(place + "/other", arguments[0]) if len(arguments) == 1 else subprocess.run(
            [PROGRAM, "test", f"--out={place}/other", *arguments],
            stderr=subprocess.PIPE,
            timeout=10,
        )
        assert done.returncode == 2 and b"one transcript" in done.stderr, done
        assert not os.path.exists(place + "/other")


if __name__ == "__main__":
    run_tests(globals())
