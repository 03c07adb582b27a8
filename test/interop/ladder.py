# SPDX-License-Identifier: MIT
"""atcoap ladder: recorded sessions drawn, read back by a browser.

Chromium draws the pictures: none may be blank, and no two texts may touch.
"""
import json
import os
import random
import re
import struct
import subprocess
import tempfile
import zlib

from harness import PROGRAM, run_tests


class Session:
    """An events.jsonl in the making."""

    def __init__(self, seed=7, **start):
        self.random = random.Random(seed)
        self.events = []
        self.datagrams = 0
        self.line = 0
        self.add(0, "start", **{"version": "1", "dialect": "bg96", "seed": seed,
                                "link": "nbiot-ce1,loss=5%", **start})

    def add(self, t, event, **fields):
        self.events.append((round(t, 6), len(self.events), event, fields))

    def command(self, t, text, result="OK"):
        self.line += 1
        self.add(t, "te", text=text + "\\r")
        self.add(t + 0.001, "module", text=f"\\r\\n{result}\\r\\n")
        self.add(t + 0.001, "command", line=self.line, text=text, result=result)
        return t + 0.1

    def message(self, kind, code, mid, token, **more):
        return {"client": 0, "peer": "192.0.2.1:5683", "len": 20, "hex": "", "type": kind,
                "code": code, "mid": mid, "token": token, "options": "", "payload": 0, **more}

    def exchange(self, t, mid, lose=(), code="2.04", delay=0.4, client=0):
        """A confirmable POST; lose names what is lost: "out1", "in2"."""
        token = f"{self.random.getrandbits(48):012x}"
        text = f"AT+QCOAPSEND={client},0,2,1,5"
        self.line += 1
        line = self.line
        self.add(t, "te", text=text + "\\r")
        self.add(t + 0.001, "module", text="\\r\\n> ")
        self.add(t + 0.05, "te", text="hello")
        t += 0.051
        for turn in range(5):
            self.datagrams += 2
            out, back = self.datagrams - 1, self.datagrams
            again = {"repeat": turn} if turn else {}
            self.add(t, "out", d=out, line=line, **self.message(
                "CON", "0.02", mid, token, options='uri-path="test"', payload=5, client=client,
                **again))
            if turn == 0:
                self.add(t, "module", text="\\r\\nOK\\r\\n")
                self.add(t, "command", line=line, text=text, result="OK")
            if f"out{turn + 1}" in lose:
                self.add(t, "lost", d=out, why="loss")
            else:
                self.add(t + delay, "arrived", d=out)
                answer = self.message("ACK", code, mid, token, client=client)
                self.add(t + delay, "sent", d=back, **answer)
                if f"in{turn + 1}" in lose:
                    self.add(t + delay, "lost", d=back, why="burst")
                else:
                    t += 2 * delay
                    self.add(t, "in", d=back, **answer)
                    self.add(t, "module", text=f"\\r\\n+QCOAPACK: {client},0,{mid},0\\r\\n")
                    break
            t += 2.5 * 2 ** turn
        return t + 0.7

    def write(self, folder, extra=""):
        with open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8") as file:
            for n, (t, _, event, fields) in enumerate(sorted(self.events, key=lambda e: e[:2])):
                file.write(json.dumps({"n": n, "t": t, "event": event, **fields}) + "\n")
            file.write(extra)


def ladder(*arguments, status=0):
    done = subprocess.run([PROGRAM, "ladder", *arguments], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    return done


def text_of(folder, *arguments):
    return ladder(folder, "--text", *arguments).stdout


def rows_of(text):
    """The lines behind the head that are rows of their own."""
    return [line for line in text.split("\n")[4:]
            if line and not re.match(r" {12}\| +\|   \S", line)]


# --- what a browser says --------------------------------------------------------------------------

CHECK = """<!doctype html><html><body style="margin:0">%s<pre id="verdict"></pre><script>
const boxes = [...document.querySelectorAll('svg text')].map(t => [t.textContent,
    t.getBoundingClientRect()]);
const page = document.querySelector('svg').getBoundingClientRect();
const bad = [];
for (let i = 0; i < boxes.length; i++) {
  const [text, a] = boxes[i];
  if (a.left < page.left || a.right > page.right || a.bottom > page.bottom)
    bad.push('outside: ' + text);
  for (let k = i + 1; k < boxes.length; k++) {
    const b = boxes[k][1];
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top + 2 < b.bottom - 2 &&
        b.top + 2 < a.bottom - 2)
      bad.push('touching: ' + text + ' | ' + boxes[k][0]);
  }
}
document.getElementById('verdict').textContent = 'texts=' + boxes.length + ' bad=' + bad.length +
    ' ' + bad.slice(0, 5).join(' ; ');
</script></body></html>"""


def chromium(*arguments):
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", f"--user-data-dir={profile}", *arguments],
            capture_output=True, text=True, timeout=200)


def texts_apart(folder):
    """How many texts the picture has; none touches another or leaves the page."""
    with open(os.path.join(folder, "ladder.svg"), encoding="utf-8") as file:
        svg = file.read()
    page = os.path.join(folder, "check.html")
    with open(page, "w", encoding="utf-8") as file:
        file.write(CHECK % svg)
    done = chromium("--dump-dom", f"file://{page}")
    verdict = re.search(r'id="verdict">texts=(\d+) bad=(\d+) (.*?)</pre>', done.stdout, re.S)
    assert verdict, (done.returncode, done.stderr[-500:])
    assert verdict[2] == "0", verdict[3]
    return int(verdict[1])


def png_pixels(path):
    """The pixels of an 8-bit PNG, as rows of bytes, and the bytes of each."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
            assert depth == 8 and colour in (2, 6), (depth, colour)
        if kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += length + 12
    size = 3 if colour == 2 else 4
    raw, rows, last = zlib.decompress(packed), [], bytearray(width * size)
    for y in range(height):
        kind, line = raw[y * (width * size + 1)], bytearray(
            raw[y * (width * size + 1) + 1:(y + 1) * (width * size + 1)])
        for x in range(len(line)):
            left = line[x - size] if x >= size else 0
            up, corner = last[x], last[x - size] if x >= size else 0
            if kind == 1:
                line[x] = (line[x] + left) & 255
            elif kind == 2:
                line[x] = (line[x] + up) & 255
            elif kind == 3:
                line[x] = (line[x] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                best = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                           (abs(guess - corner), 2, corner))[2]
                line[x] = (line[x] + best) & 255
        rows.append(line)
        last = line
    return rows, size


def drawn(folder):
    """The share of pixels that are not white, and how many colours there are."""
    path = os.path.join(folder, "ladder.png")
    done = chromium("--window-size=1020,600", f"--screenshot={path}",
                    f"file://{os.path.join(folder, 'ladder.svg')}")
    assert os.path.exists(path), done.stderr[-500:]
    rows, size = png_pixels(path)
    colours = {}
    for row in rows:
        for x in range(0, len(row), size):
            pixel = bytes(row[x:x + 3])
            colours[pixel] = colours.get(pixel, 0) + 1
    total = sum(colours.values())
    return 1 - colours.get(b"\xff\xff\xff", 0) / total, len(colours)


# --- the checks -----------------------------------------------------------------------------------

LOST_ACK = """# BG96 5.1 with the first ACK lost: the message is sent again, and answered
dialect bg96
set nstart=2
T> AT+QCOAPOPEN=0,"192.0.2.1",5683
T< OK
T< +QCOAPOPEN: 0,0
T> AT+QCOAPOPTION=0,0,0,11,"test"
T< OK
T> AT+QCOAPSEND=0,0,2,1,5
T< >
T> hello^.
N> CON 0.02 mid={m:N} token={t:H} uri-path="test" payload="hello"
T< OK
N! drop
N< ACK 2.04 mid={m} token={t}
+3s
N> CON 0.02 mid={m} token={t} uri-path="test" payload="hello"
T< +QCOAPIND: 0,0,{m},1,0
N< ACK 2.04 mid={m} token={t}
T< +QCOAPACK: 0,0,{m},0
T< +QCOAPRECV: 0,{m},2.04,6,{t},0,0
"""


def test_lost_ack(folder):
    """A recorded transcript: a picture of one exchange."""
    transcript = os.path.join(folder, "lost.txt")
    with open(transcript, "w", encoding="utf-8") as file:
        file.write(LOST_ACK)
    records = os.path.join(folder, "records")
    subprocess.run([PROGRAM, "test", transcript, f"--out={records}"], check=True, timeout=60,
                   capture_output=True)
    with open(os.path.join(records, "ladder.txt"), encoding="utf-8") as file:
        text = file.read()
    assert text == text_of(records)
    assert "nstart=2; 2 datagrams sent (1 of them again), 1 received, 1 lost" in text, text
    assert len(re.findall(r"CON 0\.02 POST  mid \d+", text)) == 2, text
    assert re.search(r"mid \d+  repeat 1 -+>\|", text), text
    assert re.search(r"\|x-+ ACK 2\.04 Changed  mid \d+  lost: listed \|", text), text
    assert re.search(r"\|<-+ \+QCOAPACK: 0,0,\d+,0 \|", text), text
    assert texts_apart(records) > 30
    share, colours = drawn(records)
    assert 0.01 < share < 0.5 and colours > 20, (share, colours)


def test_many(folder):
    """About 300 events, drawn one by one: still nothing touches."""
    session = Session()
    t = session.command(0.5, 'AT+QCOAPOPEN=0,"2001:db8:1111:2222:3333:4444:5555:6666",5683')
    for i in range(24):
        lose = [f"{way}{turn}" for way in ("out", "in") for turn in (1, 2, 3)
                if session.random.random() < 0.2]
        t = session.exchange(t, 100 + i, lose, ("2.04", "4.04")[i % 2], session.random.random())
    session.add(t, "note", text="coverage off")
    session.write(folder)
    ladder(folder, "--full")
    assert len(session.events) > 280, len(session.events)
    assert texts_apart(folder) > 300


def test_crowded(folder):
    """Answers lost within the second in which the request goes out again."""
    session = Session()
    token = "0102030405060708"
    for i in range(40):
        t = 1 + i * 0.01
        session.add(t, "out", d=3 * i, **session.message("CON", "0.01", i, token, options="x"))
        session.add(t, "arrived", d=3 * i)
        answer = session.message("ACK", "2.05", i, token, payload=15)
        session.add(t, "sent", d=3 * i + 1, **answer)
        session.add(t, "lost" if i % 2 else "in", d=3 * i + 1, **(
            {"why": "coverage"} if i % 2 else answer))
    session.write(folder)
    ladder(folder)
    assert texts_apart(folder) > 120


def test_folded(folder):
    """Thousands of events become a few hundred rows; what went wrong is still there."""
    session = Session()
    t = 0.5
    for i in range(900):
        lose = ("out1",) if i in (300, 600) else ()
        t = session.exchange(t, 1000 + i, lose)
    session.write(folder)
    ladder(folder)
    text = text_of(folder)
    rows = rows_of(text)
    assert len(rows) <= 320, len(rows)
    assert text.count("lost: loss") == 2 and "left out" in text
    assert re.search(r"answer after 0\.800 s: ACK 2\.04", text)
    full = rows_of(text_of(folder, "--full"))
    assert len(full) > 6000, len(full)
    part = text_of(folder, "--from=300", "--to=310", "--full")
    times = [float(line[:12]) for line in rows_of(part) if line[:12].strip()]
    assert times and min(times) >= 300 and max(times) <= 310, times
    texts_apart(folder)


def test_filters(folder):
    """One client, one message ID."""
    session = Session()
    t = session.exchange(0.5, 7, client=0)
    t = session.exchange(t, 8, client=3)
    session.exchange(t, 700, client=0)
    session.write(folder)
    assert "client 3" in text_of(folder)
    client = text_of(folder, "--client=3")
    assert "mid 8" in client and "mid 7" not in client, client
    mid = text_of(folder, "--mid=7")
    assert mid.count("mid 7") == 2 and "mid 8" not in mid and "mid 700" not in mid, mid
    assert mid.count("AT+QCOAPSEND=0,0,2,1,5") == 1 and "+QCOAPACK: 0,0,7,0" in mid, mid


def test_nothing_left(folder):
    """A filter that nothing passes leaves the pictures as they are."""
    session = Session()
    session.exchange(0.5, 7)
    session.write(folder)
    ladder(folder)
    path = os.path.join(folder, "ladder.txt")
    before = os.stat(path).st_mtime_ns
    assert "nothing is left to draw" in ladder(folder, "--from=100", status=2).stderr
    assert "nothing is left to draw" in ladder(folder, "--from=100", "--text", status=2).stderr
    assert os.stat(path).st_mtime_ns == before


def test_odd_input(folder):
    """Echo is no reply, several lines are several rows, rubbish is counted."""
    session = Session()
    session.add(0.1, "te", text="AT\\rATI\\r")
    session.add(0.1, "module", text="AT\\r\\r\\nOK\\r\\nATI\\r\\r\\nQuectel\\r\\nBG96\\r\\n\\r\\nOK\\r\\n")
    session.add(0.2, "te", text="AT+<&>\\r")
    session.add(0.2, "module", text="\\r\\nERROR\\r\\n")
    session.write(folder, 'no event\n{"n":1}\n{"n":2,"t":1,"event":"te","text":"cut')
    done = ladder(folder)
    assert "3 lines are no events" in done.stderr, done.stderr
    text = text_of(folder)
    assert re.search(r"\| AT -+>\|", text) and re.search(r"\| ATI -+>\|", text), text
    assert "Quectel / BG96 / OK" in text, text
    with open(os.path.join(folder, "ladder.svg"), encoding="utf-8") as file:
        assert "AT+&lt;&amp;&gt;" in file.read()


def test_errors(folder):
    assert "record a session with --out=DIR" in ladder(folder, status=2).stderr
    assert "which session" in ladder(status=2).stderr
    assert "give a message ID" in ladder(folder, "--mid=70000", status=2).stderr
    open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8").close()
    assert "no recorded session" in ladder(folder, status=2).stderr
    assert "usage: atcoap ladder" in ladder("--help").stdout


if __name__ == "__main__":
    run_tests(globals())
