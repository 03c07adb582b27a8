# SPDX-License-Identifier: MIT
"""hosts/fixed_sleep.c: types, sleeps 300 ms, reads once. It does nothing wrong, so --strict is quiet."""

from harness import run_tests
from hosting import on_all_ways, run_cases


def test_fixed_sleep(place):
    run_cases(
        on_all_ways("fixed_sleep", ("bc95", "bg96")),
        ["POST 2.01", "GET 2.05 soil=37"],
        stored=(("field", "sleepy"), b"soil=37"),
        strict=True,
    )


if __name__ == "__main__":
    run_tests(globals())
