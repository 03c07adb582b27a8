# SPDX-License-Identifier: MIT
"""atcoap help commands, help settings and help D-nn: everything has an entry that
fits a terminal, in any spelling of its name."""

import re
import subprocess

from harness import PROGRAM, run_tests


def atcoap(*arguments, status=0):
    done = subprocess.run(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == status, (arguments, done)
    out = done.stdout.decode()
    wide = [line for line in out.splitlines() if len(line) >= 80]
    assert not wide, (arguments, wide)
    return out if status == 0 else done.stderr.decode()


def names():
    return re.findall(r"^  AT\+?([A-Z]+)\b", atcoap("help", "commands"), re.M)


def test_list_has_both_modules(place):
    out = atcoap("help", "commands")
    assert "--dialect=bc95" in out and "--dialect=bg96" in out
    assert {"QCOAPCREATE", "QCOAPOPEN", "QCOAPSEND", "CSQ", "E", "I"} <= set(names())
    assert not re.search(r"^  AT\S+ *\n(?! {20,}\S)", out, re.M)  # each with a meaning


def test_every_command_is_explained(place):
    for name in set(names()):
        out = atcoap("help", "commands", name)
        for word in ("errors", "at most", "source", "Example"):
            assert word in out, (name, word)
        assert re.search(r"^  (test|execute|basic) ", out, re.M), name
        # Every example ends well, but those that show an error.
        example = out.split("Example")[1].split("\n\n")[0]
        shows_error = re.search(r"^ +(ERROR|\+CM[ES] ERROR)", example, re.M)
        assert name in ("CMEE", "QIGETERROR") or not shows_error, name


def test_parameters_and_examples(place):
    out = atcoap("help", "commands", "qcoapopen")
    assert "AT+QCOAPOPEN=<clientID>,<CoAP_server>,<port>" in out
    assert re.search(r"^  <port> +integer, 1-65535$", out, re.M)
    assert '    AT+QCOAPOPEN=0,"192.0.2.1",5683\n    OK\n    +QCOAPOPEN: 0,0\n' in out
    assert "BG96 3.3.2" in out and "D-63" in out


def test_names_in_any_spelling(place):
    for name, same in (("at+csq", "CSQ"), ("AT+CSQ", "csq"), ("ATI", "i"), ("ate", "E")):
        assert atcoap("help", "commands", name) == atcoap("help", "commands", same)
    key = atcoap("help", "commands", 'AT+QCOAPCFG="Showra"')
    assert key == atcoap("help", "commands", "QCOAPCFG") == atcoap("help", "at+qcoapcfg=?")
    for words in (("help", "COMMANDS", "csq"), ("help", "Settings"), ("help", "d-1")):
        assert atcoap(*words)


def test_at_command_as_topic(place):
    assert atcoap("help", "AT+QCOAPSEND") == atcoap("help", "commands", "QCOAPSEND")
    assert atcoap("help", "ats3").startswith("ATS3 (bg96)")
    assert "no AT command NOSUCH" in atcoap("help", "AT+NOSUCH", status=2)


def test_unknown_names(place):
    assert "did you mean AT+QCOAPOPEN?" in atcoap("help", "commands", "at+qcoapopn", status=2)
    assert "help commands" in atcoap("help", "commands", "frobnicate", status=2)
    assert "help commands" in atcoap("help", "commands", 300 * "x", status=2)
    assert "help commands" in atcoap("help", "AT+NOSUCH", status=2)
    assert "deviations.md" in atcoap("help", "D-999", status=2)
    assert "atcoap help" in atcoap("help", "D-", status=2)


def test_settings_with_default_and_evidence(place):
    out = atcoap("help", "settings")
    flat = re.sub(r"\s+", " ", out)
    assert "head=once|keep a header serves one message" in flat
    assert "default once D-26 (note), D-65 (note, guess)" in flat
    assert "default off D-43" in flat and "off|1;" not in flat and "default 1280" in flat
    for entry in re.split(r"^  (?=\w)", out, flags=re.M)[1:]:
        assert "default" in entry, entry
        assert re.search(r"D-\d+ \(\w", entry), entry


def test_decisions(place):
    out = atcoap("help", "D-26")
    for word in ("How long", "- Place: ", "- Choice: ", "- Evidence: ", "- Status: "):
        assert word in out, word
    for number in re.findall(r"D-(\d+)", atcoap("help", "settings")):
        assert atcoap("help", f"D-{number}").startswith(f"D-{number} ")


if __name__ == "__main__":
    run_tests(globals())
