# SPDX-License-Identifier: MIT
"""hosts/echo_off_once.c: ATE0, then AT+NRB, and every reply must stand where it was."""

from harness import run_tests
from hosting import on_all_ways, run_cases


def test_echo_off_once(place):
    run_cases(
        on_all_ways("echo_off_once", ("bc95",)),
        ["POST 2.01", "GET 2.05 ONCE"],
        stored=(("reboot",), b"ONCE"),
        strict=True,
    )


if __name__ == "__main__":
    run_tests(globals())
