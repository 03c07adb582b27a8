#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What script/bench does once everything is there: build, measure, print and keep.

Times on a machine with other things to do are noise. So whatever is compared runs in turns, round after
round, and what counts is the median of the rounds' ratios.
"""

import json
import os
import platform
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402  the path comes first
from rows import Row, as_markdown, as_text, median_ratio, number  # noqa: E402

RESULTS = os.path.join(measure.ROOT, "bench/results.json")
PAGE = os.path.join(measure.ROOT, "docs/performance.md")
MARKS = ("<!-- script/bench: table -->", "<!-- script/bench: end -->")

CLIENT_CPU, SERVER_CPU = "0", "1"

# rounds, seconds of each, exchanges of the virtual world
FULL = {"rounds": 5, "seconds": 1.0, "exchanges": 300000, "handshakes": 400}
QUICK = {"rounds": 3, "seconds": 0.25, "exchanges": 100000, "handshakes": 100}

TITLES = {
    "codec": "Codec",
    "at": "AT lines",
    "exchange": "Exchanges over loopback",
    "scale": "Many modems",
    "pty": "The program on a pseudo terminal",
    "calls": "System calls",
    "dtls": "DTLS 1.2 with a pre-shared key",
    "size": "Flash and RAM of a Cortex-M3",
}


def progress(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def program(name):
    return os.path.join(measure.BUILD, name)


def run(name, *words, cpu=None):
    """Run a program that prints one line of JSON."""
    command = [program(name), *(str(word) for word in words)]
    if cpu is not None:
        command = ["taskset", "-c", cpu, *command]
    return json.loads(measure.output(*command))


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A program that runs until the block ends."""

    def __init__(self, *command, cpu=None, stdout=subprocess.DEVNULL):
        pinned = ["taskset", "-c", cpu] if cpu is not None else []
        self.process = subprocess.Popen([*pinned, *command], stdout=stdout,
                                        stderr=subprocess.DEVNULL, text=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.terminate()
        self.process.wait()


class Server(Process):
    """bench_floor or bench_libcoap, on a port of its own."""

    def __init__(self, name, cpu):
        self.port = free_port()
        super().__init__(program(name), "serve", str(self.port), cpu=cpu)
        time.sleep(0.2)


def interleave(shapes, how, label):
    """Each shape once a round. shapes: name to function; returns name to results."""
    found = {name: [] for name in shapes}
    for turn in range(how["rounds"]):
        progress(f"{label}: round {turn + 1} of {how['rounds']}")
        for name, function in shapes.items():
            found[name].append(function())
    return found


def rate(results):
    return [r["requests"] / (r["wall_ns"] / 1e9) for r in results]


def cpu_us(results):
    return [r["cpu_ns"] / r["requests"] / 1000 for r in results]


def p50_us(results):
    return [r["p50_ns"] / 1000 for r in results]


def ratio_row(part, name, ours, theirs, goal, beside, unit, times="x"):
    """A ratio as the value, the two medians beside it."""
    beside = (f"{number(statistics.median(ours))} : {number(statistics.median(theirs))} {unit}, "
              f"{beside}")
    return Row(part, name, round(median_ratio(ours, theirs), 3), times, goal, beside)


# --- the parts ----------------------------------------------------------------------------------


CODEC_GOALS = {"encode-request": 400, "encode-response": 180, "decode-request": 400,
               "decode-response": 150}
CODEC_WORDS = {"encode-request": "encode the request", "encode-response": "encode the response",
               "decode-request": "decode the request, walk its options",
               "decode-response": "decode the response, walk its options"}


def part_codec(_how):
    rows = []
    for part, goal in CODEC_GOALS.items():
        progress(f"codec: {part}")
        ours = measure.instructions("bench_codec", part, 1000)
        theirs = measure.instructions("bench_codec_libcoap", part, 1000)
        rows.append(Row("codec", CODEC_WORDS[part], ours, "instructions", ("<=", goal),
                        f"libcoap {theirs:,}"))
    progress("codec: repeat")
    ours = measure.instructions("bench_codec", "repeat", 1000)
    rows.append(Row("codec", "the request again, its options kept encoded", ours, "instructions",
                    ("<=", 120), "measured and written, payload copied"))
    return rows


AT_WORDS = {
    "status": "`AT+QCOAPDATASTATUS?`",
    "option": "`AT+QCOAPOPTION` with twelve options",
    "send": "a SEND of 512 bytes as hex, its 2.04, the URC",
    "bc95": "a request and its response, BC95",
    "bg96": "a request and its response, BG96",
}


def part_at(_how):
    rows = []
    for part, words in AT_WORDS.items():
        progress(f"at: {part}")
        rows.append(Row("at", words, measure.instructions("bench_at", part, 100), "instructions"))
    typed = measure.instructions("bench_at", "typed", 100)
    status = measure.instructions("bench_at", "status", 100)
    rows.append(Row("at", "one byte typed as payload", round((typed - status) / 1024, 1),
                    "instructions"))
    turns = 100000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    measure.output(program("bench_at"), "typed", str(turns))
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    rows.append(Row("at", "payload through the line handler", round(turns * 1024 / seconds / 1e6),
                    "MB/s of CPU time", None, "a line at 115,200 baud brings 0.012"))
    return rows


def exchange_shapes(how, port, ours, both_cpus):
    """The clients against one server; ours: fleets and shells, too."""
    seconds = how["seconds"]

    def client(name, *words):
        return lambda: run(name, *words, cpu=CLIENT_CPU)

    if not both_cpus:
        shapes = {
            "floor": client("bench_floor", "one", 1, 1, seconds, port),
            "shell bg96": client("bench_shell", "bg96", seconds, port),
            "shell bc95": client("bench_shell", "bc95", seconds, port),
            "fleet": client("bench_fleet", "sockets", 1, 1, seconds, port, "bg96"),
            "libcoap": client("bench_libcoap", "client", 1, 1, seconds, port),
        }
    else:
        shapes = {
            "floor shared": client("bench_floor", "shared", 64, 64, seconds, port),
            "fleet shared": client("bench_fleet", "shared", 64, 64, seconds, port, "bg96"),
            "fleet shared bc95": client("bench_fleet", "shared", 64, 64, seconds, port, "bc95"),
            "floor sockets": client("bench_floor", "sockets", 64, 64, seconds, port),
            "fleet sockets": client("bench_fleet", "sockets", 64, 64, seconds, port, "bg96"),
            "libcoap": client("bench_libcoap", "client", 64, 64, seconds, port),
        }
    return shapes if ours else {k: v for k, v in shapes.items() if "floor" in k or k == "libcoap"}


def window_64(how):
    with Server("bench_floor", SERVER_CPU) as server:
        found = interleave(exchange_shapes(how, server.port, True, True), how,
                           "exchange, window 64, bare server")
    rates = {name: rate(results) for name, results in found.items()}
    cpus = {name: cpu_us(results) for name, results in found.items()}
    rows = []
    for kind in ("shared", "sockets"):
        rows += [
            ratio_row("exchange", f"window 64, {kind}: requests a second", rates[f"fleet {kind}"],
                      rates[f"floor {kind}"], (">=", 0.85), "bare client", "/s"),
            ratio_row("exchange", f"window 64, {kind}: CPU a request", cpus[f"fleet {kind}"],
                      cpus[f"floor {kind}"], ("<=", 1.2), "bare client", "us"),
        ]
    rows += [
        ratio_row("exchange", "window 64, shared, BC95: requests a second",
                  rates["fleet shared bc95"], rates["floor shared"], (">=", 0.85), "bare client",
                  "/s"),
        ratio_row("exchange", "window 64, shared: requests a second", rates["fleet shared"],
                  rates["libcoap"], (">=", 5), "libcoap's client", "/s"),
        ratio_row("exchange", "window 64, shared: CPU a request", cpus["fleet shared"],
                  cpus["libcoap"], None, "libcoap's client", "us"),
    ]
    with Server("bench_libcoap", SERVER_CPU) as server:
        found = interleave(
            {k: v for k, v in exchange_shapes(how, server.port, True, True).items()
             if k in ("fleet shared", "floor shared", "libcoap")}, how,
            "exchange, window 64, libcoap's server")
    rows.append(ratio_row("exchange", "window 64, libcoap's server: requests a second",
                          rate(found["fleet shared"]), rate(found["libcoap"]), None,
                          "libcoap's client", "/s"))
    return rows


def window_1(how):
    rows = []
    for name, words in (("bench_floor", "bare server"), ("bench_libcoap", "libcoap's server")):
        with Server(name, CLIENT_CPU) as server:
            found = interleave(exchange_shapes(how, server.port, True, False), how,
                               f"exchange, window 1, {words}")
        times = {shape: p50_us(results) for shape, results in found.items()}
        goal = ("<=", 1.15) if name == "bench_floor" else None
        for shape in ("shell bg96", "shell bc95", "fleet", "libcoap"):
            rows.append(ratio_row("exchange", f"window 1, {words}: {shape}", times[shape],
                                  times["floor"], goal if shape.startswith("shell") else None,
                                  "bare client, p50", "us"))
    return rows


def part_exchange(how):
    return window_64(how) + window_1(how)


WORLD_COUNTS = [1, 64, 1000, 10000, 100000]


def scale_world(how):
    # The modems of one round, then those of the next, so that noise meets all of them.
    found = interleave(
        {count: (lambda n=count: run("bench_world", n, how["exchanges"], cpu=CLIENT_CPU))
         for count in WORLD_COUNTS}, {**how, "rounds": 3}, "scale: virtual world")
    times = {n: [r["ns"] / 1000 for r in results] for n, results in found.items()}
    rows = [Row("scale", "virtual world, 64 modems: CPU an exchange",
                round(statistics.median(times[64]), 2), "us", None,
                "modem, link and server on one clock")]
    for count in (1, 1000, 10000, 100000):
        goal = ("<=", 1.25) if count == 10000 else None
        rows.append(ratio_row("scale", f"virtual world, {count:,} modems", times[count], times[64],
                              goal, "at 64", "us"))
    last = found[100000][-1]
    rows.append(Row("scale", "virtual world: memory a modem", last["bytes"], "bytes", None,
                    f"struct atc_modem {last['modem']:,}, the rest link and place in the world"))
    return rows


def scale_sockets(how):
    seconds = how["seconds"]
    counts = {"sockets": [64, 1000, 10000], "shared": [64, 1000, 10000, 100000]}
    rows = []
    with Server("bench_floor", SERVER_CPU) as server:
        for kind, sizes in counts.items():
            shapes = {}
            for n in sizes:
                for name in ("bench_fleet_small", "bench_floor"):
                    shapes[(name, n)] = (lambda name=name, n=n, kind=kind: run(
                        name, kind, n, 64, seconds, server.port, cpu=CLIENT_CPU))
            found = interleave(shapes, how, f"scale: {kind}")
            cpus = {key: cpu_us(results) for key, results in found.items()}
            for n in sizes[1:]:
                floor = median_ratio(cpus[("bench_floor", n)], cpus[("bench_floor", 64)])
                goal = ("<=", 1.25) if n == 10000 else None
                rows.append(ratio_row(
                    "scale", f"{kind}, {n:,} modems: CPU a request",
                    cpus[("bench_fleet_small", n)], cpus[("bench_fleet_small", 64)], goal,
                    f"at 64; bare client {number(floor)} x", "us"))
            memory = found[("bench_fleet_small", sizes[-1])][-1]["rss_kb"] * 1024 / sizes[-1]
            rows.append(Row("scale", f"{kind}, {sizes[-1]:,} modems: memory a modem",
                            round(memory), "bytes"))
    return rows


def part_scale(how):
    return scale_world(how) + scale_sockets(how)


class Module(Process):
    """The program as a BC95 on a pseudo terminal."""

    SETTINGS = ["--dialect=bc95", "--set=echo=off", "--set=option=keep", "--set=head=keep",
                "--set=token-len=4", "--local-port=any"]

    def __init__(self, place, *front, cpu=None):
        self.path = os.path.join(place, "modem")
        super().__init__(*front, program("atcoap"), "run", *self.SETTINGS, f"--pty={self.path}",
                         cpu=cpu)
        while not os.path.exists(self.path):
            if self.process.poll() is not None:
                raise RuntimeError("the program ended at once")
            time.sleep(0.05)
        time.sleep(0.2)

    def __exit__(self, kind, value, trace):
        # Behind strace it is the program that has to end.
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            for child in file.read().split():
                os.kill(int(child), signal.SIGTERM)
        super().__exit__(kind, value, trace)


def part_pty(how):
    with tempfile.TemporaryDirectory() as place, Server("bench_floor", CLIENT_CPU) as server, \
            Process(program("bench_pty"), "echo", cpu=CLIENT_CPU,
                    stdout=subprocess.PIPE) as echo, Module(place, cpu=CLIENT_CPU) as module:
        path = echo.process.stdout.readline().strip()
        seconds = how["seconds"]
        found = interleave({
            "floor": lambda: run("bench_pty", "at", path, seconds, cpu=CLIENT_CPU),
            "at": lambda: run("bench_pty", "at", module.path, seconds, cpu=CLIENT_CPU),
            "send": lambda: run("bench_pty", "send", module.path, seconds, server.port,
                                cpu=CLIENT_CPU),
            "bare": lambda: run("bench_floor", "one", 1, 1, seconds, server.port, cpu=CLIENT_CPU),
        }, how, "pty")
    times = {name: p50_us(results) for name, results in found.items()}
    return [
        ratio_row("pty", "AT and its OK", times["at"], times["floor"], None,
                  "bare echo, p50", "us"),
        ratio_row("pty", "SEND, prompt, payload, OK, the response's URC", times["send"],
                  times["bare"], None, "the request alone over a bare socket, p50", "us"),
    ]


def read_calls(log):
    """What strace -c wrote: calls by name, "total" among them."""
    with open(log, encoding="utf-8") as file:
        lines = [line.split() for line in file if re.match(r"\s*\d+\.\d\d\s", line)]
    # % time, seconds, usecs/call, calls, errors if there were any, name
    return {words[-1]: int(words[3]) for words in lines}


def traced(log, name, *words):
    """Run a client under strace: its calls by name, and requests."""
    said = json.loads(measure.output("strace", "-c", "-f", "-o", log, program(name),
                                     *(str(word) for word in words)))
    return read_calls(log), said["requests"]


def traced_program(place, log, seconds, port):
    with Module(place, "strace", "-c", "-f", "-o", log) as module:
        said = run("bench_pty", "send", module.path, seconds, port)
    return read_calls(log), said["requests"]


def network_calls(calls):
    """Without those for the terminal: each of its reads was woken by an epoll_wait."""
    get = calls.get
    return (get("sendmsg", 0) + get("recvmsg", 0) + get("epoll_wait", 0) - get("read", 0))


def calls_each(function, count):
    """System calls a request: of a long run less a short one."""
    (few_calls, few), (many_calls, many) = function(0.1), function(0.5)
    return round((count(many_calls) - count(few_calls)) / (many - few), 2)


def part_calls(_how):
    rows = []
    with tempfile.TemporaryDirectory() as place, Server("bench_floor", None) as server:
        log, port = os.path.join(place, "calls"), server.port
        shapes = [
            ("the least shell, window 1", ("<=", 2), "send, recv",
             lambda s: traced(log, "bench_shell", "bg96", s, port)),
            ("a fleet, one modem, a socket", None, "",
             lambda s: traced(log, "bench_fleet", "sockets", 1, 1, s, port)),
            ("a fleet, window 64, sockets", None, "",
             lambda s: traced(log, "bench_fleet", "sockets", 64, 64, s, port)),
            ("a fleet, window 64, shared", ("<=", 0.1), "sendmmsg, recvmmsg, epoll_wait",
             lambda s: traced(log, "bench_fleet", "shared", 64, 64, s, port)),
            ("libcoap's client, window 1", None, "",
             lambda s: traced(log, "bench_libcoap", "client", 1, 1, s, port)),
            ("libcoap's client, window 64", None, "",
             lambda s: traced(log, "bench_libcoap", "client", 64, 64, s, port)),
            ("the program, its network side", ("<=", 3.5), "sendmsg, recvmsg twice, epoll_wait",
             lambda s: traced_program(place, log, s, port)),
            ("the program, its pseudo terminal too", None, "",
             lambda s: traced_program(place, log, s, port)),
        ]
        for words, goal, beside, function in shapes:
            progress(f"calls: {words}")
            count = network_calls if "network" in words else lambda calls: calls["total"]
            rows.append(Row("calls", words, calls_each(function, count), "calls a request", goal,
                            beside))
    return rows


def part_dtls(how):
    count = how["handshakes"]
    found = interleave({
        "own": lambda: run("bench_dtls", "own", count, cpu=CLIENT_CPU),
        "bare": lambda: run("bench_dtls", "bare", count, cpu=CLIENT_CPU),
    }, {**how, "rounds": 3}, "dtls")
    us = {name: {key: [r[key] / 1000 for r in results] for key in ("handshake_ns", "record_ns")}
          for name, results in found.items()}
    own, bare = found["own"][0], found["bare"][0]
    load = statistics.median(r["load_ns"] / 1000 for r in found["bare"])
    return [
        Row("dtls", "handshake: CPU of the client",
            round(statistics.median(us["own"]["handshake_ns"]), 1), "us", ("<=", 60),
            f"Mbed TLS bare {number(statistics.median(us['bare']['handshake_ns']))} us"),
        ratio_row("dtls", "handshake", us["own"]["handshake_ns"], us["bare"]["handshake_ns"], None,
                  "Mbed TLS bare", "us"),
        ratio_row("dtls", "a record of 105 bytes there and back", us["own"]["record_ns"],
                  us["bare"]["record_ns"], None, "Mbed TLS bare", "us"),
        Row("dtls", "bytes that a record adds", own["wire"], "bytes"),
        Row("dtls", "heap of an idle session", round(own["bytes"]), "bytes", None,
            f"Mbed TLS bare {bare['bytes']:,.0f}; ours has queues for eight datagrams"),
        Row("dtls", "a parked session (not ours: Mbed TLS alone)", bare["parked"], "bytes", None,
            f"loaded again in {number(load)} us"),
    ]


def stack_depth():
    """Bytes below the deepest call of the library, by tools/stack_report: "  1200  atc_te_write"."""
    said = measure.output(os.path.join(measure.ROOT, "tools/stack_report"))
    return max(int(n) for n in re.findall(r"^\s*(\d+)\s+atc_\w+", said, re.MULTILINE))


def part_size(_how):
    progress("size")
    objects, lines = measure.size_report()
    layer = sum(objects[name][0] for name in measure.MESSAGE_LAYER)
    rows = [
        Row("size", "codec (pdu)", objects["pdu"][0], "bytes", ("<=", 1024), "libcoap 5.2 KB"),
        Row("size", "message layer (" + ", ".join(measure.MESSAGE_LAYER) + ")", layer, "bytes",
            ("<=", 6 * 1024), "libcoap's client 31 KB"),
    ]
    goals = {"CoAP commands of bc95": 14, "CoAP commands of bg96": 14, "CoAP commands of both": 20}
    for name, value in lines.items():
        goal = ("<=", goals[name] * 1024) if name in goals else None
        if "sizeof" not in name:
            rows.append(Row("size", f"flash: {name}", value, "bytes", goal))
    rows += [
        Row("size", "RAM of a modem, limits of config.h (BG96)", measure.modem_size({}), "bytes",
            ("<=", 24 * 1024)),
        Row("size", "RAM of a modem, limits of the BC95 note",
            measure.modem_size(measure.limits_for("BC95")), "bytes", ("<=", 12 * 1024)),
        Row("size", "RAM of a modem, small limits", measure.modem_size(measure.limits_for("small")),
            "bytes", ("<=", 2 * 1024)),
    ]
    rows.append(Row("size", "deepest stack", stack_depth(), "bytes", ("<=", 1024),
                    "tools/stack_report"))
    return rows


PARTS = {"codec": part_codec, "at": part_at, "exchange": part_exchange, "scale": part_scale,
         "pty": part_pty, "calls": part_calls, "dtls": part_dtls, "size": part_size}


# --- what is kept -------------------------------------------------------------------------------


def first_line(*command):
    return measure.output(*command).splitlines()[0]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*:\s*(.*)$", file.read(), re.MULTILINE)
    libcoap = first_line("pkg-config", "--modversion", "libcoap-3-notls")
    return {
        "cpu": model.group(1) if model else platform.processor(),
        "cpus": os.cpu_count(),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
        "compiler": first_line("gcc", "--version"),
        "cross compiler": first_line("arm-none-eabi-gcc", "--version"),
        "valgrind": first_line("valgrind", "--version"),
        "libcoap": libcoap,
        "commit": first_line("git", "-C", measure.ROOT, "describe", "--always", "--dirty"),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def keep(where, rows):
    with open(RESULTS, "w", encoding="utf-8") as file:
        json.dump({"machine": where, "rows": [row.record() for row in rows]}, file, indent=2)
        file.write("\n")
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    before, behind = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
    facts = (f"{where['date']}, {where['cpus']} CPUs ({where['cpu']}), {where['compiler']}, "
             f"libcoap {where['libcoap']}; load at the start {where['load']}.")
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(f"{before}{MARKS[0]}\n\n{facts}\n\n{as_markdown(rows, TITLES)}\n\n"
                   f"{MARKS[1]}{behind}")


def main():
    words = sys.argv[1:]
    how = QUICK if "--quick" in words else FULL
    parts = [word for word in words if word != "--quick"]
    if any(part not in PARTS for part in parts):
        print("usage: script/bench [--quick] [PART...]", file=sys.stderr)
        print("parts: " + ", ".join(PARTS), file=sys.stderr)
        return 2
    where = machine()
    progress("building")
    measure.build()
    rows = []
    for name in parts or PARTS:
        rows += PARTS[name](how)
    print(as_text(rows))
    judged = [row.reached() for row in rows if row.goal is not None]
    print(f"\n{sum(judged)} of {len(judged)} goals reached.")
    if not parts and how is FULL:
        keep(where, rows)
        print("Kept in bench/results.json and docs/performance.md.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"bench: {error}")
