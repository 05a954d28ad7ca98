#!/usr/bin/python3
"""picture: the README's picture: the top of the report of samples/black-friday, as Chromium draws it.

Takes  the program; chromium in PATH. `tests/picture.py build/release/onset` writes samples/black-friday/report.png.
Gives  a PNG of at most 256 colours.
Never  shows what the report does not: it leaves out the navigation, the sentences that the README has as text, the tables behind plots, and what
       stands below the lanes; of the lanes those between load balancer and database.
"""
import collections
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

WIDTH, HEIGHT = 1000, 4000
LEFT_OUT = [r"<nav.*?</nav>", r'<dl class="story">.*?</dl>', r"<details.*?</details>", r'<h3 class="tier">Web server.*?(?=<h3 class="tier">Database)',
            r'<p[^>]*>\d+ more series.*?(?=<section aria-labelledby="timeline">)']


def page(program, folder):
    draft = folder / "t.json"
    subprocess.run([program, "draft", "samples/black-friday/logs", "-o", str(draft)], check=True, capture_output=True)
    text = subprocess.run([program, "report", str(draft)], check=True, capture_output=True).stdout.decode()
    for part in LEFT_OUT:
        text = re.sub(part, "", text, flags=re.S)
    text = re.sub(r'<section aria-labelledby="timeline">.*</main>', "</main>", text, flags=re.S)
    text = re.sub(r"<footer.*?</footer>", "", text, flags=re.S)
    path = folder / "t.html"
    path.write_text(text)
    return path


def rows_of(png):
    """(width, rows of RGB bytes) of a PNG of 8 bits a channel, not interlaced (ISO/IEC 15948, 9.2: filters)."""
    at, data = 8, b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        at += 12 + size
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            data += body
    step = {2: 3, 6: 4}[colour]
    raw, rows, last = zlib.decompress(data), [], bytes(width * step)
    for y in range(height):
        kind, line = raw[y * (width * step + 1)], bytearray(raw[y * (width * step + 1) + 1:(y + 1) * (width * step + 1)])
        for x in range(len(line)) if kind else ():
            a, b, c = line[x - step] if x >= step else 0, last[x], last[x - step] if x >= step else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[x] = line[x] + (0, a, b, (a + b) // 2, paeth)[kind] & 255
        last = bytes(line)
        rows.append(last if step == 3 else b"".join(last[x:x + 3] for x in range(0, len(last), 4)))
    return width, rows


def write(path, width, rows):
    """With a palette: the 256 colours that stand most often, of 5 bits a channel where there are more; others take the nearest."""
    seen = collections.Counter(row[x:x + 3] for row in rows for x in range(0, len(row), 3))
    palette = [c for c, _ in seen.most_common(256)]
    place = {c: i for i, c in enumerate(palette)}
    for c in seen:
        if c not in place:
            place[c] = min(range(len(palette)), key=lambda i: sum((a - b) ** 2 for a, b in zip(palette[i], c)))
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    raw = b"".join(b"\0" + bytes(place[row[x:x + 3]] for x in range(0, len(row), 3)) for row in rows)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)) + chunk(b"PLTE", b"".join(palette)) +
                     chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def main(program):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shot = folder / "t.png"
        subprocess.run([chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}",
                        f"--screenshot={shot}", f"file://{page(program, folder)}"], check=True, capture_output=True, timeout=180)
        width, rows = rows_of(shot.read_bytes())
    blank = rows[-1]
    last = max(y for y, row in enumerate(rows) if row != blank)
    out = Path("samples/black-friday/report.png")
    write(out, width, rows[:last + 24])
    print(f"{out}: {width} x {last + 24}, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
