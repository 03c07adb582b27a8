# SPDX-License-Identifier: MIT
"""Help that teaches, and errors that name their remedy."""

import re
import subprocess

from harness import PROGRAM, run_tests


def atcoap(*arguments):
    done = subprocess.run(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def refuses(arguments, *words):
    """Status 2, nothing on stdout, and the remedy on stderr."""
    status, out, err = atcoap(*arguments)
    assert (status, out) == (2, ""), (arguments, status, out, err)
    for word in words:
        assert word in err, (arguments, word, err)


def test_version(place):
    status, out, _ = atcoap("--version")
    assert status == 0 and out.startswith("atcoap 0."), out


def test_help_goes_to_stdout(place):
    commands = re.findall(r"^  ([a-z]+) +\S", atcoap("help")[1], re.M)
    assert len(commands) > 6, commands
    for arguments in (["help"], ["--help"], ["run", "--help"], ["help", "settings"]) + tuple(
        ["help", command] for command in commands if command not in ("atcoap", "picocom")
    ):
        status, out, err = atcoap(*arguments)
        assert (status, err) == (0, ""), (arguments, err)
        assert "atcoap" in out
        assert not [line for line in out.splitlines() if len(line) >= 80], arguments


def test_output_that_finds_no_place_is_a_failure(place):
    """A full disk under "atcoap ... > file" must not look like success."""
    for arguments in (
        ["version"],
        ["help"],
        ["help", "settings"],
        ["run", "--help"],
        ["demo", "--time=virtual", "--dialect=bc95"],
        ["run", "--stdio"],
    ):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [PROGRAM, *arguments], input=b"AT\r", stdout=full, stderr=subprocess.PIPE, timeout=20
            )
        assert done.returncode == 3, (arguments, done)
        assert b"standard output: No space left" in done.stderr, (arguments, done)


def test_folders_and_files_that_cannot_be(place):
    """Each names its remedy."""
    for option, status, remedy in (
        ("--files=/nosuch/a", 3, "give a folder"),
        ("--out=/nosuch/a", 3, "give a folder"),
        ("--keylog=/nosuch/a", 3, "give a file"),
        ("--config=" + place, 2, "give a file"),
        ("--pty=/nosuch/a", 3, "--pty=LINK"),
        ("--tcp=203.0.113.1:5000", 3, "give an address of this machine"),
    ):
        got, _, err = atcoap("run", option, "--exec=true" if option[2] in "pt" else "--stdio")
        assert got == status and remedy in err, (option, got, err)
    got, _, err = atcoap("test", place)
    assert got == 2 and "*.txt" in err, err


def test_help_run_shows_every_group_and_examples(place):
    out = atcoap("help", "run")[1]
    for word in (
        "--pty[=LINK]",
        "--tcp=[HOST:]PORT",
        "--stdio",
        "--dialect=",
        "--local-port=",
        "--seed=",
        "Examples",
        "help settings",
    ):
        assert word in out, word


def test_help_settings_lists_them(place):
    status, out, _ = atcoap("help", "settings")
    assert status == 0
    assert "once|keep" in out and "D-26" in out


def test_without_a_command(place):
    refuses([], "usage: atcoap", "help run")


def test_unknown_command(place):
    refuses(["rum"], "did you mean run", "atcoap help")
    refuses(["frobnicate"], "atcoap help")
    refuses(["help", "frobnicate"], "atcoap help")


def test_unknown_options(place):
    refuses(["run", "--dilect=bc95"], "did you mean --dialect", "help run")
    refuses(["run", "--completely-else"], "help run")
    refuses(["run", "-x"], "help run")
    refuses(["run", "modem0"], "help run")


def test_wrong_values_name_the_right_ones(place):
    refuses(["run", "--dialect=sara"], "bg96", "bc95", "bc68")
    refuses(["run", "--dialect"], "value")
    refuses(["run", "--stdio=yes"], "no value")
    refuses(["run", "--imei=123"], "15 digits")
    refuses(["run", "--imsi=12345678901234x"], "15 digits")
    refuses(["run", "--seed=-1"], "number")
    refuses(["run", "--bind=loopback"], "address")
    refuses(["run", "--bind=192.0.2.1"], "this machine has no such address")
    refuses(["run", "--local-port=some"], "exact", "any")
    refuses(["run", "--tcp=host:port:9"], "[HOST:]PORT")
    refuses(["run", "--pty", "--tcp=0"], "--stdio")


def test_D_124_wrong_settings_list_what_there_is(place):
    refuses(["run", "--set", "head=sometimes"], "once|keep")
    refuses(["run", "--set=hed=keep"], "once|keep", "D-26")
    refuses(["run", "--set=head"], "KEY=VALUE")
    refuses(["run", "--set=max-retransmit=15"], "0..14")


def test_names_of_modules_in_any_case(place):
    for name in ("BG96", "bc95", "BC95-G", "Bc68"):
        status, _, err = atcoap("run", "--stdio", f"--dialect={name}")
        assert (status, err) == (0, ""), (name, err)


def test_says_the_seed(place):
    assert atcoap("run", "--stdio", "--seed=7")[2] == "atcoap: seed 7\n"


if __name__ == "__main__":
    run_tests(globals())
