# SPDX-License-Identifier: MIT
"""The same seed, settings and input give the same bytes: on the screen of the
demonstration and in the records of a transcript, twice, and as they were before."""

import os
import subprocess

from harness import PROGRAM, ROOT, run_tests

GOLDEN = os.path.join(ROOT, "test/golden/demo-nbiot-ce2.txt")
TRANSCRIPTS = os.path.join(ROOT, "test/transcript/link")


def demo(seed):
    command = [PROGRAM, "demo", "--time=virtual", "--link=nbiot-ce2", f"--seed={seed}"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done
    return done.stdout


def test_demo(place):
    """If the sessions have changed on purpose: write what `atcoap demo --time=virtual
    --link=nbiot-ce2 --seed=7` prints to the golden file, and look at the difference."""
    with open(GOLDEN, "rb") as file:
        golden = file.read()
    first = demo(7)
    assert first == demo(7), "two runs differ"
    assert first == golden, f"not what {GOLDEN} says; see this test's comment"
    assert first != demo(8)


def records(folder):
    """All files below a folder, by their names in it."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def test_records_of_transcripts(place):
    runs = []
    for run in ("first", "second"):
        folder = os.path.join(place, run)
        for name in ("seed", "psm", "reorder"):
            path = os.path.join(TRANSCRIPTS, name + ".txt")
            os.makedirs(folder, exist_ok=True)
            done = subprocess.run(
                [PROGRAM, "test", f"--out={folder}/{name}", path],
                capture_output=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done
        runs.append(records(folder))
    assert len(runs[0]) >= 9, list(runs[0])
    assert sorted(runs[0]) == sorted(runs[1])
    for name, content in runs[0].items():
        assert content == runs[1][name], name
    lost = [line for line in runs[0]["seed/events.jsonl"].splitlines() if b'"lost"' in line]
    assert len(lost) == 2 and all(b'"why":"loss"' in line for line in lost), lost


if __name__ == "__main__":
    run_tests(globals())
