# SPDX-License-Identifier: MIT
"""hosts/sscanf.c: formats with literal heads, and the response code as a number with a fraction."""

from harness import run_tests
from hosting import Case, on_all_ways, run_cases


def test_bc95(place):
    run_cases(
        on_all_ways("sscanf", ("bc95",)),
        ["POST 2.01 ", "GET 2.05 34302E35", "GET 4.04"],
        stored=(("scan",), b"40.5"),
        strict=True,
    )


def test_bg96(place):
    run_cases(
        on_all_ways("sscanf", ("bg96",)),
        ["POST 2.01 ", "GET 2.05 40.5", "GET 4.04"],
        stored=(("scan",), b"40.5"),
        strict=True,
    )


def test_it_relies_on_the_blanks(place):
    """Not for numbers, before which sscanf skips blanks, but for digits that it takes as text."""
    Case("sscanf", "bc95").needs("colon=note", "sscanf: CGSN")


if __name__ == "__main__":
    run_tests(globals())
