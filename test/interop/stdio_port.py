# SPDX-License-Identifier: MIT
"""Standard input and output as the module's port."""

import os
import subprocess

from harness import PROGRAM, At, Modem, Pipes, run_tests


def talk(data, *options, **files):
    """Everything in, end of input, everything out."""
    return subprocess.run(
        [PROGRAM, "run", "--stdio", *options],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
        **files,
    )


def test_end_of_input_ends_it_after_the_replies(place):
    done = talk(b"AT\rATE0\rAT\r")
    assert done.returncode == 0, done
    assert done.stdout == b"AT\r\r\nOK\r\nATE0\r\r\nOK\r\n\r\nOK\r\n", done.stdout
    assert done.stderr.count(b"line-before-result") == 1, done.stderr


def test_thousands_of_lines_through_a_pipe(place):
    done = talk(b"ATE0\r" + b"AT\r" * 5000)
    assert done.returncode == 0
    assert done.stdout == b"ATE0\r" + b"\r\nOK\r\n" * 5001


def test_files(place):
    with open(place + "/in", "wb") as file:
        file.write(b"ATE0\rAT\r")
    with open(place + "/in", "rb") as source, open(place + "/out", "wb") as sink:
        status = subprocess.run(
            [PROGRAM, "run", "--stdio"], stdin=source, stdout=sink, timeout=20
        ).returncode
    assert status == 0
    with open(place + "/out", "rb") as file:
        assert file.read() == b"ATE0\r\r\nOK\r\n\r\nOK\r\n"


def test_reader_that_leaves_ends_it(place):
    with Modem(
        "--stdio", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as modem:
        at = At(Pipes(modem.child)).hush()
        assert at.command("AT") == ["OK"]
        modem.child.stdout.close()
        at.write("AT\r")
        assert modem.wait() == 0


def test_conversation_and_sigterm(place):
    with Modem(
        "--stdio", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as modem:
        at = At(Pipes(modem.child)).hush()
        assert at.command("AT") == ["OK"]
        assert modem.stop() == 0


def test_leaves_a_shared_pipe_blocking(place):
    """What is written after us into the same pipe must not find it changed."""
    done = subprocess.run(
        [
            "sh",
            "-c",
            f'printf "AT\\r" | "{PROGRAM}" run --stdio; '
            'python3 -c "import fcntl, os; '
            'print(fcntl.fcntl(1, fcntl.F_GETFL) & os.O_NONBLOCK)"',
        ],
        stdout=subprocess.PIPE,
        timeout=20,
        check=True,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout == b"AT\r\r\nOK\r\n0\n", done.stdout


def test_timed_replies_are_waited_for(place):
    """With plausible delays a reply comes long after the input has ended."""
    done = talk(b"ATE0\rAT+CGATT?\rAT\r", "--set=timing=typical")
    assert done.returncode == 0
    assert done.stdout.count(b"\r\nOK\r\n") == 3, done.stdout


if __name__ == "__main__":
    run_tests(globals())
