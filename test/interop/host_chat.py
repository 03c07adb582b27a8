# SPDX-License-Identifier: MIT
"""hosts/chat.sh: pppd's chat(8), a host that nobody here wrote, with a script for each module. It
does nothing wrong, so --strict is quiet."""

from harness import run_tests
from hosting import on_all_ways, run_cases


def test_chat(place):
    run_cases(
        on_all_ways("chat", ("bc95", "bg96")),
        ["POST 2.01, GET 2.05"],
        stored=(("chat",), b"rain 3 mm"),
        strict=True,
    )


if __name__ == "__main__":
    run_tests(globals())
