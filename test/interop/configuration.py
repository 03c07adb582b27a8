# SPDX-License-Identifier: MIT
"""Options in a file: the same as on the command line, which wins."""

import subprocess

from harness import PROGRAM, At, Connection, Modem, Terminal, run_tests


def write(place, text):
    path = place + "/modem.ini"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def refused(place, text, *words, options=()):
    """Status 2, nothing on stdout, and each of the words on stderr."""
    path = write(place, text)
    done = subprocess.run(
        [PROGRAM, "run", f"--config={path}", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    err = done.stderr.decode().replace(path, "FILE")
    assert (done.returncode, done.stdout) == (2, b""), (text, done)
    for word in words:
        assert word in err, (text, word, err)


def talk(place, text, data, *options):
    """What the module on stdio answers to data, and stderr."""
    done = subprocess.run(
        [PROGRAM, "run", "--config", write(place, text), *options],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 0, done
    return done.stdout, done.stderr


def test_every_kind_of_value(place):
    link = place + "/modem0"
    text = f"""\
# A comment, and blank lines.

  pty = {link}
dialect=bc95
imei = 490154203237518   ; and one behind a value
set = echo=off
set.head = keep
verbose = no
wait-client = yes
"""
    with Modem(f"--config={write(place, text)}") as modem:
        modem.expect(rf"^atcoap: pty \S+ link {link}$")
        at = At(Terminal(link))
        at.write("AT+CGSN=1\r")  # no echo
        assert at.reply() == ["+CGSN:490154203237518", "OK"]
        assert modem.stop() == 0


def test_optional_value_may_be_empty(place):
    with Modem(f"--config={write(place, 'pty =')}") as modem:
        modem.expect(r"^atcoap: pty \S+$")
        assert modem.stop() == 0


def test_command_line_wins(place):
    text = "tcp = 1\ndialect = bc95\nset.echo = on\nseed = 5\n"
    out, err = talk(place, text, b"ATI\r", "--stdio", "--dialect=bg96", "--set=echo=off", "--seed=6")
    assert b"BG96" in out and not out.startswith(b"ATI"), out
    assert err == b"atcoap: seed 6\n", err


def test_exec_in_a_file(place):
    done = subprocess.run(
        [PROGRAM, "run", "--config", write(place, "tcp = 127.0.0.1:0\nexec = test -n '{}' && exit 6")],
        stdin=subprocess.DEVNULL,
        timeout=10,
    )
    assert done.returncode == 6


def test_tcp_from_a_file(place):
    with Modem("--config", write(place, "tcp = [::1]:0")) as modem:
        port = int(modem.expect(r"^atcoap: tcp \[::1\]:(\d+)$").group(1))
        At(Connection(port, "::1")).hush()


def test_unknown_keys_name_line_and_remedy(place):
    refused(place, "tcp = 0\n\n# x\ndilect = bc95\n", "FILE:4:", "dilect", "did you mean dialect")
    refused(place, "entirely = else\n", "FILE:1:", "entirely", "help run")
    refused(place, "tcp = 0\nset.hed = keep\n", "FILE:2:", "did you mean head=once|keep")
    refused(place, "tcp.x = 0\n", "FILE:1:", "tcp.x")
    for key in ("config", "help"):
        refused(place, f"{key} = x\n", "FILE:1:", f"no key {key}")


def test_wrong_values_name_the_line(place):
    refused(place, "tcp = 0\nimei = 12\n", "FILE:2:", "imei = 12", "15 digits")
    refused(place, "stdio = perhaps\n", "FILE:1:", "yes or no")
    refused(place, "tcp =\n", "FILE:1:", "needs a value")
    refused(place, "set.head = sometimes\n", "FILE:1:", "once|keep")
    refused(place, "tcp = 0\nstdio = yes\n", "FILE:2:", "one port")


def test_wrong_lines(place):
    refused(place, "tcp = 0\nstdio\n", "FILE:2:", "key = value")
    refused(place, "[module]\ntcp = 0\n", "FILE:2:", "sections")
    refused(place, "tcp = 0\nfiles = " + "x" * 5000 + "\n", "FILE:2:", "too long")


def test_only_the_first_mistake_is_told(place):
    path = write(place, "one = 1\ntwo = 2\n")
    done = subprocess.run(
        [PROGRAM, "run", f"--config={path}", "--three"],
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1, done


def test_missing_file(place):
    for path in (place + "/none.ini", place):
        done = subprocess.run(
            [PROGRAM, "run", f"--config={path}"], stderr=subprocess.PIPE, timeout=10
        )
        assert done.returncode == 2 and path.encode() in done.stderr, done


def test_help_in_spite_of_it(place):
    done = subprocess.run(
        [PROGRAM, "run", f"--config={place}/none.ini", "--help"],
        stdout=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 0 and b"--config=FILE" in done.stdout


if __name__ == "__main__":
    run_tests(globals())
