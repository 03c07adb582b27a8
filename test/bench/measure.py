# SPDX-License-Identifier: MIT
"""How script/bench and tools/check_guards measure what does not depend on the machine's mood: instructions
by callgrind, bytes on a Cortex-M3."""

import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build/bench")

# (name, program, part, turns): a difference between so many turns and three times as many, so that what
# happens once does not count.
INSTRUCTIONS = [
    ("codec/encode-request", "bench_codec", "encode-request", 1000),
    ("codec/encode-response", "bench_codec", "encode-response", 1000),
    ("codec/decode-request", "bench_codec", "decode-request", 1000),
    ("codec/decode-response", "bench_codec", "decode-response", 1000),
    ("codec/repeat", "bench_codec", "repeat", 1000),
    ("at/status", "bench_at", "status", 100),
    ("at/option", "bench_at", "option", 100),
    ("at/send", "bench_at", "send", 100),
    ("at/typed", "bench_at", "typed", 100),
    ("exchange/bc95", "bench_at", "bc95", 100),
    ("exchange/bg96", "bench_at", "bg96", 100),
]

# What makes up the message layer: "CoAP core" of docs/performance.md.
CODEC = ["pdu"]
MESSAGE_LAYER = ["pdu", "out", "option", "exchange", "pool", "timer"]


def output(*command, **how):
    """What a command says; its complaints are part of the error if it fails. None takes ten minutes."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, timeout=600, **how)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def build(*targets, source=ROOT, place=BUILD, options=()):
    """Configure and build the preset bench, all of it or the targets."""
    output("cmake", "--preset", "bench", "-B", place, *options, cwd=source)
    output("cmake", "--build", place, *(word for name in targets for word in ("--target", name)))


def collected(program, part, turns):
    said = output("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, part,
                  str(turns))
    return int(re.search(r"Collected : (\d+)", said).group(1))


def instructions(program, part, turns, place=BUILD):
    """Instructions a turn."""
    path = os.path.join(place, program)
    return (collected(path, part, 3 * turns) - collected(path, part, turns)) // (2 * turns)


def size_report(**how):
    """What tools/size_report says: text of each object, and the lines behind, both by name."""
    objects, lines = {}, {}
    for line in output(os.path.join(ROOT, "tools/size_report"), **how).splitlines():
        found = re.match(r"\s*(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+(\w+)\.o$", line)
        if found:
            objects[found.group(4)] = tuple(int(found.group(i)) for i in (1, 2, 3))
        found = re.match(r"(\S.*?)\s+(\d+) bytes of (flash|RAM)$", line)
        if found:
            lines[found.group(1)] = int(found.group(2))
    return objects, lines


def limits_for(use):
    """The limits that docs/porting.md, section 3, gives a use, by name without ATC_."""
    with open(os.path.join(ROOT, "docs/porting.md"), encoding="utf-8") as file:
        row = re.search(rf"^\| {use}[^|]*\| `([^`]+)` \|", file.read(), re.MULTILINE)
    return dict(word.split("=") for word in row.group(1).split())


def modem_size(limits):
    """sizeof(struct atc_modem) on a Cortex-M3 under these limits; the library itself says whether they
    fit together."""
    flags = " ".join(f"-DATC_{name}={value}" for name, value in limits.items())
    with tempfile.TemporaryDirectory() as place:
        source = os.path.join(place, "size.c")
        with open(source, "w", encoding="ascii") as file:
            file.write('#include "atcoap/atcoap.h"\nstruct atc_modem size;\n')
        checked = os.path.join(ROOT, "src/modem/engine.c")
        output(os.path.join(ROOT, "tools/cortex_m3"), place, source, checked,
               env={**os.environ, "CFLAGS": flags})
        said = output("arm-none-eabi-nm", "-S", os.path.join(place, "size.o"))
        return int(said.split()[1], 16)
