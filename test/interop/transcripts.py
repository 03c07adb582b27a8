# SPDX-License-Identifier: MIT
"""atcoap test: verdicts, exit status, rewriting, JUnit, and a module on a port.

That transcripts check what they say is shown here by those that must fail.
"""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from harness import PROGRAM, Process, run_tests

GOOD = """# a comment
dialect bg96
T> AT+QCOAPOPEN=0,"192.0.2.1",5683
T< OK
T< +QCOAPOPEN: 0,0
T> AT+QCOAPSEND=0,0,1,0,0
T< >
N> CON 0.01 mid={m:N} token={t:H12}
T< OK
+3s
N> CON 0.01 mid={m} token={t}
T< +QCOAPIND: 0,0,{m},1,0
N< ACK 2.05 payload="hi"
T< +QCOAPACK: 0,0,{m},0
T< +QCOAPRECV: 0,{m},2.05,6,{t},0,2
T< hi
"""


def play(*arguments):
    done = subprocess.run(
        [PROGRAM, "test", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert done.stdout == b"", done.stdout
    return done.returncode, done.stderr.decode()


def write(place, name, text):
    path = os.path.join(place, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", newline="") as file:
        file.write(text)
    return path


def read(path):
    with open(path, newline="") as file:
        return file.read()


def test_passes(place):
    path = write(place, "good.txt", GOOD)
    assert play(path) == (0, "1 passed, 0 failed\n")
    assert play("-v", path) == (0, path + ": passed\n1 passed, 0 failed\n")
    for seed in range(20):
        assert play(f"--seed={seed}", path)[0] == 0, seed


def test_each_change_fails(place):
    """Whatever is changed in what is expected, and whatever is left out, is found."""
    lines = GOOD.splitlines(True)
    changes = 0
    for i, line in enumerate(lines):
        if not line.startswith(("T<", "N>")):
            continue
        left_out = lines[:i] + lines[i + 1 :]
        twice = lines[: i + 1] + lines[i:]
        other = lines[:i] + [line.replace("0", "9", 1).replace(" h", " x").replace("OK", "KO")]
        other += lines[i + 1 :]
        for changed in (left_out, twice, other):
            if changed == lines:
                continue
            status, err = play(write(place, "changed.txt", "".join(changed)))
            # A line that is left out may be where a name is captured.
            assert status in (1, 2), ("".join(changed), err)
            changes += 1
    assert changes > 20, changes


def test_failure_is_shown(place):
    path = write(place, "bad.txt", "T> AT\nT< ERROR\n")
    status, err = play(path)
    assert status == 1
    os.environ["TMPDIR"] = place
    ladder = re.sub(r" {2,}", "  ", re.sub(r"-{2,}", "--", play(path)[1]))
    assert ladder == (
        f"{path}:2: failed\n"
        "  after  T> AT\n"
        "  expected  T< ERROR\n"
        "  came  T< OK\n"
        "  seconds TE  module  server\n"
        "  0.000 | AT -->|  |\n"
        "  |<-- OK |  |\n"
        "0 passed, 1 failed\n"
    ), ladder
    many = write(place, "many.txt", 60 * "T> AT\nT< OK\n" + "T> AT\nT< ERROR\n")
    lines = play(many)[1].splitlines()
    assert 25 < len(lines) < 40 and lines[-2].count("|") == 3, lines
    del os.environ["TMPDIR"]
    assert sorted(os.listdir(place)) == ["bad.txt", "many.txt"]
    path = write(place, "silent.txt", "T> AT\nT< OK\n\n# the end\nT>\nT< OK\n")
    assert "came      nothing" in play(path)[1]
    path = write(place, "more.txt", "T> AT\n+1s\n")
    assert "expected  nothing more" in play(path)[1]


def test_framing_is_checked(place):
    for line in ("T= OK\\r\\n", "T= \\r\\nOK", "T= \\r\\n\\r\\nOK\\r\\n", "T= \\r\\nOK\\r"):
        status, _ = play(write(place, "frame.txt", f"T> AT\n{line}\n"))
        assert status == 1, line


def test_lint(place):
    """Findings are checked if the header names some, or with --strict."""
    bad = "T> AT+NOSUCH\nT< ERROR\n"
    path = write(place, "bad.txt", bad)
    assert play(path)[0] == 0
    status, err = play("--strict", path)
    assert status == 1 and err.startswith(f"{path}:2: failed\n"), err
    assert "line 1: AT+NOSUCH\n    unknown-command (D-11)" in err, err
    for header, status in (
        ("lint 1 unknown-command", 0),
        ("lint none", 1),
        ("lint 2 unknown-command", 1),
        ("lint 1 unknown-command\nlint 1 quotes", 1),
    ):
        path = write(place, "named.txt", f"{header}\n{bad}")
        for option in ((), ("--strict",)):
            assert play(*option, path)[0] == status, header
        text = read(path)
        assert play("--accept", path)[0] == status and read(path) == text, header
    assert play("--strict", write(place, "good.txt", GOOD))[0] == 0


def test_cannot_be_played(place):
    broken = {
        "mark": ("X> AT\n", 1),
        "blank": ("T> AT \n", 1),
        "setting": ("# x\nset nosuch=1\n", 2),
        "order": ("T> AT\nT< OK\ndialect bc95\n", 3),
        "escape": ("T> AT^\n", 1),
        "name": ("T> AT\nT< OK\nT> {m}\n", 3),
        "expected": ("T> AT\nT< {m}\n", 2),
        "later": ("T> AT\nT< {m}\nT< {m:N}\n", 2),
        "option": ("N< CON 0.01 nosuch=1\n", 1),
        "act": ("N! dance\n", 1),
        "group": ("T{\nT< OK\n", 1),
        "done": ("N< done open\n", 1),
    }
    for name, (text, line) in broken.items():
        path = write(place, name + ".txt", text)
        status, err = play(path)
        assert status == 2 and err.startswith(f"{path}:{line}: cannot be played\n"), (name, err)
        # It is not rewritten either.
        assert play("--accept", path)[0] == 2 and read(path) == text, name


def test_worst_status_counts(place):
    good = write(place, "a/good.txt", GOOD)
    write(place, "a/b/bad.txt", "T> AT\n")
    write(place, "a/b/notes.md", "no transcript\n")
    status, err = play(os.path.join(place, "a"))
    assert status == 1 and err.endswith("1 passed, 1 failed\n"), err
    write(place, "a/c.txt", "what?\n")
    status, err = play(os.path.join(place, "a"), good)
    assert status == 2 and err.endswith("2 passed, 2 failed\n"), err
    assert err.index("/b/bad.txt") < err.index("/c.txt"), err
    os.makedirs(os.path.join(place, "empty"))
    assert play(os.path.join(place, "empty"))[0] == 2
    assert play(os.path.join(place, "nosuch.txt"))[0] == 2
    assert play()[0] == 2


def test_accept_leaves_what_fits(place):
    path = write(place, "good.txt", GOOD)
    assert play("--accept", path) == (0, "1 passed, 0 failed\n")
    assert read(path) == GOOD


def test_accept_rewrites_the_rest(place):
    changed = GOOD.replace("T< OK\nT< +QCOAPOPEN: 0,0\n", "T< ERROR\n# kept\n")
    changed = changed.replace("+QCOAPIND: 0,0,{m},1,0", "+QCOAPIND: 0,0,{m},9,0")
    changed = changed.replace("N> CON 0.01 mid={m:N} token={t:H12}", "N> NON 0.01 mid={m:N} token={t:H}")
    changed = changed.replace("T< hi\n", "T< hi\nT< +MORE\n")
    path = write(place, "changed.txt", changed)
    assert play("--accept", path)[0] == 0
    expected = GOOD.replace("T< +QCOAPOPEN: 0,0\n", "T< +QCOAPOPEN: 0,0\n# kept\n")
    expected = expected.replace("token={t:H12}", "token={t:H}")
    assert read(path) == expected, read(path)
    assert play(path)[0] == 0


def test_junit(place):
    write(place, "set/good.txt", GOOD)
    write(place, "set/bad.txt", 'T> AT+QCOAPOPEN=0,"<&>",1\nT< x\\x01\n')
    write(place, "set/broken.txt", "what?\n")
    out = os.path.join(place, "out.xml")
    assert play(os.path.join(place, "set"), "--junit=" + out)[0] == 2
    suite = ElementTree.parse(out).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    names = [case.get("name") for case in suite]
    assert names == ["bad", "broken", "good"], names
    assert '"<&>"' in suite[0][0].text
    assert suite[1][0].tag == "error" and suite[0][0].tag == "failure" and len(suite[2]) == 0


def test_unordered_group(place):
    group = (
        'dialect bg96\nT> AT+QCOAPOPEN=0,"192.0.2.1",1\nT{{\n{}\n{}\nT}}\n'
    )
    for lines in (("T< OK", "T< +QCOAPOPEN: 0,0"), ("T< +QCOAPOPEN: 0,0", "T< OK")):
        assert play(write(place, "group.txt", group.format(*lines)))[0] == 0, lines
    for lines in (("T< OK", "T< +QCOAPOPEN: 0,1"), ("T< OK", "T< OK")):
        assert play(write(place, "group.txt", group.format(*lines)))[0] == 1, lines


def test_on_a_port(place):
    """The same file against a module in real time; N lines are skipped."""
    link = os.path.join(place, "modem")
    module = Process([PROGRAM, "run", "--dialect=bc95", "--pty=" + link])
    try:
        module.expect("pty ")
        text = (
            "dialect bc95\nT> AT+QCOAPCREATE=?\nT< +QCOAPCREATE: <1-65535>\nT< OK\n"
            "N< 192.0.2.1:5683 CON 0.00\nN> RST 0.00 mid={m:N}\n"
            "+100ms\nT> AT+CGATT?\nT< +CGATT:1\nT= \\r\\nOK\\r\\n\nT> ATI\nT{\nT< {m}\n"
            "T< {R}\nT< {R}\nT< OK\nT}\n"
        )
        path = write(place, "port.txt", text)
        assert play("--port=" + link, path) == (0, "1 passed, 0 failed\n")
        path = write(place, "wrong.txt", text.replace("+CGATT:1", "+CGATT:0"))
        status, err = play("--port=" + link, path)
        assert status == 1 and "came      T< +CGATT:1" in err, err
    finally:
        module.stop()
    status, err = play("--port=" + os.path.join(place, "nosuch"), path)
    assert status == 2 and "cannot be opened" in err, err


if __name__ == "__main__":
    run_tests(globals())
