# SPDX-License-Identifier: MIT
"""hosts/typist.py: a character, its echo, the next one, while notifications come; slowly over the payload."""

from harness import run_tests
from hosting import on_all_ways, run_cases


def test_bc95(place):
    run_cases(
        on_all_ways("typist", ("bc95",)),
        ["POST 2.01", "GET 13,6279206F6E652066696E676572", "notified True"],
        stored=(("typed", "slowly"), b"by one finger"),
        strict=True,
    )


def test_bg96(place):
    run_cases(
        on_all_ways("typist", ("bg96",)),
        ["POST 2.01", "GET 25 by one finger, as it were", "notified True"],
        stored=(("typed", "slowly"), b"by one finger, as it were"),
    )


if __name__ == "__main__":
    run_tests(globals())
