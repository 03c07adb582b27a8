# SPDX-License-Identifier: MIT
"""What the tests of an installation share: where it is built, and how to run
things. Not a test itself."""

import os
import subprocess
import sys

PLACE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(PLACE), "interop"))

from harness import PROGRAM, ROOT  # noqa: E402

BUILD = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(PROGRAM)
COMPILER = sys.argv[3] if len(sys.argv) > 3 else "cc"
FLAGS = " ".join(sys.argv[4:]).split()


def run(command, status=0, timeout=120, **options):
    """Run a command to its end; returns what it wrote."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=timeout,
        **options,
    )
    out = done.stdout.decode("utf-8", "replace")
    err = done.stderr.decode("utf-8", "replace")
    assert done.returncode == status, (command, done.returncode, out[-2000:], err[-2000:])
    return out + err


def install(place):
    """Install the build into a folder; returns the folder."""
    prefix = os.path.join(place, "prefix")
    run(["cmake", "--install", BUILD, "--prefix", prefix])
    return prefix


def find(prefix, name):
    """The one installed file of that name, relative to the prefix."""
    found = [
        os.path.relpath(os.path.join(folder, name), prefix)
        for folder, _, files in os.walk(prefix)
        if name in files
    ]
    assert len(found) == 1, (name, found)
    return found[0]
