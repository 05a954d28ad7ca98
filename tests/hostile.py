#!/usr/bin/python3
"""hostile: attacks in real log lines, through every format that the program writes.

Takes  the program (argv[1]); pandoc, cmark-gfm and chromium where they are, else what they would show is skipped, and said so.
Gives  a line for each fact that does not hold; last line "N passed, N failed".
Never  asks a format whether an attack is in it: text of logs is to be told. It asks what the format's own reader makes of it: that
       nothing but text came of it. Each attack stands between two marks, so that a document without the attack is noticed.
"""
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import attacks
from fact import done, fact
from pages import HEADINGS, UNSEEN, check_markdown, check_page, cmark, pandoc

HERE = Path(__file__).resolve().parent
RAW = re.compile(rb"[\x00-\x1f]")
program = str(Path(sys.argv[1]).resolve())


def run(arguments, folder, wanted=(0,), **how):
    ran = subprocess.run([program, *arguments], cwd=folder, capture_output=True, timeout=600, **how)
    fact(f"{' '.join(arguments)[:60]} ends with {wanted}", ran.returncode in wanted, (ran.returncode, ran.stderr[-300:]))
    return ran.stdout, ran.stderr


def on_terminal(arguments, folder):
    """What a person sees on standard error, when that is a terminal."""
    main, other = pty.openpty()
    seen = []

    def read():
        while True:
            try:
                data = os.read(main, 65536)
            except OSError:
                return
            if not data:
                return
            seen.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    subprocess.run([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=other, timeout=600)
    os.close(other)
    reader.join()
    os.close(main)
    # The terminal's driver makes \r\n of \n; the line of progress is ours: it goes back with \r and is wiped out.
    return b"".join(seen).replace(b"\r\n", b"\n").replace(b"\r", b"").replace(b"\x1b[K", b"").replace(b"\x1b[2K", b"")


def plain(name, data):
    """Text for a terminal: UTF-8, no byte below 0x20 but ends of lines and tabs, no 0x7f to 0x9f, nothing that turns or hides."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        fact(f"{name}: UTF-8", False, error)
        return
    bad = UNSEEN.findall(text)
    fact(f"{name}: nothing unseen", not bad, (bad[:5], [line for line in text.splitlines() if UNSEEN.search(line)][:1]))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def check_json(name, data):
    """RFC 8259, in UTF-8; no raw control character, so that it may be looked at."""
    try:
        value = json.loads(data.decode())
    except ValueError as error:
        fact(f"{name}: JSON", False, error)
        return None
    fact(f"{name}: the JSON has no character that a terminal would obey", not (set(data) & (set(range(32)) - {10}) or UNSEEN.search(data.decode().replace("\n", ""))), "")
    return value


def verified(name, folder, draft):
    """verify reads the lines again, and --show prints them unmasked: with the attack, but nothing that a terminal would obey."""
    ended = draft["incidents"][0]["id"] if draft["incidents"] else "none"
    found, said = run(["verify", "t.json", "--logs", "logs", "events.jsonl"], folder, (0, 1))
    plain(f"{name}: verify", found + said)
    fact(f"{name}: verify says something", found.strip(), said)
    shown, said = run(["verify", "t.json", "--logs", "logs", "events.jsonl", "--show", ended], folder, (0, 1))
    plain(f"{name}: verify --show", shown + said)
    fact(f"{name}: the attack is in what verify shows", attacks.FIRST in shown, shown[:300])
    plain(f"{name}: verify on a terminal", on_terminal(["verify", "t.json", "--logs", "logs"], folder))


def attack_all(name, attack, templates):
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        attacks.plant(folder, attack)
        data, said = run(["draft", "logs", "--events", "events.jsonl"], folder, (0, 1))
        plain(f"{name}: what the draft says of trouble", said)
        draft = check_json(f"{name}: draft", data)
        if not draft:
            return
        (folder / "t.json").write_bytes(data)
        fact(f"{name}: two outages are told, whatever stands beside them", len(draft["incidents"]) >= 2, [i["title"] for i in draft["incidents"]])
        mark = attacks.FIRST.decode()
        fact(f"{name}: the attack is in the draft", sum(mark in text for text in strings(draft)) >= 5, "")
        verified(name, folder, draft)
        page, said = run(["report", "t.json"], folder)
        plain(f"{name}: what the report says of trouble", said)
        fact(f"{name}: the attack is in the page", mark.encode() in page)
        check_page(name, page)
        for template in templates:
            text, said = run(["report", "t.json", "-f", "markdown", "--template", template], folder)
            plain(f"{name}: {template}", text)
            fact(f"{name}: the attack is in {template}", mark.encode() in text)
            check_markdown(f"{name}, {template}", template, text.decode())
        plain(f"{name}: check", b"".join(run(["check", "logs"], folder, (0, 1))))
        plain(f"{name}: the digest on a terminal", on_terminal(["draft", "logs", "--events", "events.jsonl", "-o", "again.json"], folder))
        records, said = run(["check", "--records", "logs"], folder, (0, 1))
        plain(f"{name}: what --records says of trouble", said)
        lines = records.split(b"\n")
        wrong = [line for line in lines[:-1] if RAW.search(line)]
        wrong = wrong or UNSEEN.search("".join(line.decode() for line in lines[:-1]))
        fact(f"{name}: a record is a line of JSON without control characters", not wrong and lines[-1] == b"", wrong)
        for line in lines[:-1:25]:
            json.loads(line)


def messages(name, attack):
    """Names of files and options in what the program says of them."""
    said = attack.decode("utf-8", "surrogateescape").replace("\0", "")[:120]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        file = folder / ("x" + said.replace("/", "")[:40])
        file.write_bytes(b"{\"" + attack[:4000])
        for arguments in (["draft", said], ["draft", file.name], ["report", file.name], ["report", said], ["verify", file.name], ["verify", said], ["verify", file.name, "--logs", said], ["check", file.name], [said], ["draft", "--" + said],
                          ["draft", "--zone", said], ["draft", "--format", said], ["draft", "--tier", said], ["draft", "--since", said, file.name],
                          ["draft", "--events", file.name, file.name], ["report", "--template", said, file.name], ["report", "-f", said]):
            try:
                ran = subprocess.run([program, *arguments], cwd=folder, capture_output=True, timeout=600, stdin=subprocess.DEVNULL)
            except ValueError:
                continue  # no program can be given that
            fact(f"{name}: {arguments[:2]} ends by itself", ran.returncode in (0, 1, 2, 64), ran.returncode)
            plain(f"{name}: what is said of {arguments[:2]!r:.80}", ran.stderr)


def main():
    if not pandoc:
        print("skipped: pandoc is not here; it reads no Markdown back")
    if not cmark:
        print("skipped: cmark-gfm is not here; it reads no Markdown back")
    corpus = attacks.corpus()
    templates = sorted(HEADINGS)
    for i, (name, attack) in enumerate(corpus):
        attack_all(name, attack, templates[i % 3 : i % 3 + 1])
        messages(name, attack)
    attack_all("a megabyte", b"<b>\x1b[31m" * 130000, templates)
    attack_all("all at once", b" ".join(a[:60] for _, a in corpus), templates)
    done()


os.chdir(HERE.parent)
main()
