# SPDX-License-Identifier: MIT
"""The installed program and its documents: the manual page and the completion
know what the help knows, no more and no less."""

import os
import re
import shutil
import subprocess

from installed import ROOT, find, install, run
from harness import PROGRAM, run_tests

COMPLETION = os.path.join(ROOT, "completion/atcoap")
PAGE = os.path.join(ROOT, "docs/atcoap.1")


def commands():
    return re.findall(r"^  ([a-z]+)  +\S", run([PROGRAM, "help"]), re.M)


def options(command):
    return set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", run([PROGRAM, "help", command]), re.M))


def settings():
    return re.findall(r"^  ([a-z-]+)=", run([PROGRAM, "help", "settings"]), re.M)


def complete(line):
    """What bash offers behind the line."""
    script = (
        'PATH="$1:$PATH"; source "$2"; COMP_LINE=$3; COMP_POINT=${#COMP_LINE};'
        'read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }";'
        '[[ $COMP_LINE == *" " ]] && COMP_WORDS+=("");'
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _atcoap;"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    out = run(["bash", "-c", script, "bash", os.path.dirname(PROGRAM), COMPLETION, line])
    return out.split()


def test_installed_files(place):
    prefix = install(place)
    assert find(prefix, "atcoap.1") == "share/man/man1/atcoap.1"
    assert find(prefix, "commands.md") == "share/doc/atcoap/docs/commands.md"
    assert find(prefix, "shell.c") == "share/doc/atcoap/examples/shell.c"
    assert os.path.isfile(prefix + "/share/bash-completion/completions/atcoap")
    assert run([prefix + "/bin/atcoap", "--version"]) == run([PROGRAM, "--version"])


def test_manual_page_is_well_formed(place):
    if shutil.which("mandoc"):
        run(["mandoc", "-T", "lint", "-W", "warning", PAGE])
    elif shutil.which("groff"):
        assert run(["groff", "-man", "-ww", "-z", PAGE]) == ""
    else:
        print("       (neither mandoc nor groff is installed)")


def section(page, name):
    match = re.search(rf"^\.S[SH] {name}\n(.*?)(?=^\.S[SH] |\Z)", page, re.M | re.S)
    assert match, f"docs/atcoap.1 has no section {name}"
    return match.group(1).replace("\\-", "-")


def test_manual_page_knows_every_command_and_option(place):
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    for command in commands():
        text = section(page, f"atcoap {command}")
        if command in ("help", "version"):
            continue
        known = set(re.findall(r"--[a-z][a-z-]*", text))
        missing = options(command) - known
        assert not missing, f"docs/atcoap.1, atcoap {command}: {missing}"
        tags = re.findall(r"^\.TP\n(.*(?:--).*)$", text, re.M)
        listed = {name for tag in tags for name in re.findall(r"--[a-z][a-z-]*", tag)}
        extra = listed - options(command)
        assert not extra, f"docs/atcoap.1, atcoap {command}: no such option: {extra}"


def test_manual_page_knows_every_setting(place):
    with open(PAGE, encoding="utf-8") as file:
        text = section(file.read(), "SETTINGS")
    listed = re.findall(r"^\.TP\n\.BR? ([a-z-]+)", text, re.M)
    assert sorted(listed) == sorted(settings())


def test_completion(place):
    assert set(commands()) <= set(complete("atcoap "))
    assert complete("atcoap ru") == ["run"]
    assert complete("atcoap run --dia") == ["--dialect="]
    assert "bc95" in complete("atcoap run --dialect=")
    assert "bc68" in complete("atcoap run --dialect bc6")
    assert complete("atcoap run --local-port=") == ["exact", "any"]
    assert {f"{key}=" for key in settings()} == set(complete("atcoap run --set "))
    assert complete("atcoap run --set=head=") == ["once", "keep"]
    assert complete("atcoap run --set head=k") == ["keep"]
    assert complete("atcoap help comm") == ["commands"]
    assert complete("atcoap help commands qcoapo") == ["QCOAPOPEN", "QCOAPOPTION"]


def test_completion_offers_files(place):
    open(os.path.join(place, "session.txt"), "w", encoding="ascii").close()
    assert complete(f"atcoap test {place}/sess") == [f"{place}/session.txt"]


def test_completion_is_quiet_without_the_program(place):
    script = f"source {COMPLETION}; COMP_WORDS=(nobody ''); COMP_CWORD=1; COMP_LINE='nobody '"
    done = subprocess.run(
        ["bash", "-c", f"{script}; COMP_POINT=7; compopt() {{ :; }}; _atcoap"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), done


if __name__ == "__main__":
    run_tests(globals())
