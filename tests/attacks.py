"""attacks: the corpus of what log text may try (fuzz/corpus/attacks.json), and logs of the samples with it in every place that clients,
applications, roles and people can write to.

Takes  an attack's bytes; a folder.
Gives  nginx, HAProxy, PgBouncer, application and PostgreSQL logs of two outages, and events; each attack between two marks.
Never  changes a stamp, a status or a duration: the outages stay what they are.
"""
import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOGS = [HERE.parent / "samples" / sample / "logs" for sample in ("checkout-outage", "lock-pileup")]
FIRST, LAST = b"Zqa", b"Zqz"
LONGEST = 20000  # of an attack in a line, and that many lines


def corpus():
    """Names and bytes."""
    rows = json.loads((HERE / "fuzz/corpus/attacks.json").read_text())
    return [(row["name"], row["text"].encode() * row.get("times", 1) if "text" in row else bytes.fromhex(row["hex"])) for row in rows]


@lru_cache(4)  # an attack stands in thousands of lines
def by_server(text):
    """As nginx, HAProxy and Apache write what a client sent: what would end the field or the line is escaped."""
    return b"".join(b"\\x%02X" % c if c in b"\"\\" or c < 32 or c == 127 else bytes([c]) for c in text)


@lru_cache(4)
def one_line(text):
    return re.sub(rb"[\r\n\0]+", b" ", text)


def access(line, text, n):
    # the user agent is the last but one part between quotes in the combined format; every seventh has the attack in its path, too
    said = by_server(text) if n % 2 else one_line(text).replace(b'"', b"'")
    line = re.sub(rb'"-" "[^"]*"', lambda _: b'"-" "' + said + b'"', line, count=1)
    if b'" 50' in line or n % 7 == 0:
        line = re.sub(rb'"(GET|POST) (/\S*)', lambda m: b'"' + m[1] + b" " + m[2] + b"/" + by_server(text).replace(b" ", b"+"), line, count=1)
    return line


def nginx_error(line, text, n):
    return line.replace(b"shop.example.test", one_line(text)).replace(b"GET /", b"GET /" + by_server(text).replace(b" ", b"+"))


def haproxy(line, text, n):
    said = one_line(text) if n % 2 else by_server(text)
    line = re.sub(rb"\{[^}]*\}", lambda _: b"{" + said.replace(b"}", b")") + b"}", line, count=1)
    name = re.sub(rb"[\s/\"{}]+", b"_", text)[:60]
    return line.replace(b"fe_shop", b"fe_" + name).replace(b"web1", b"web_" + name) if n % 2 else line


def pgbouncer(line, text, n):
    return line.replace(b"billing_app", one_line(text)[:100])


def json_app(line, text, n):
    try:
        row = json.loads(line)
    except ValueError:
        return line
    said = text.decode("utf-8", "surrogateescape")
    row["msg"] = row.get("msg", "") + " " + said
    row["hostname"] = said[:50]
    if "req" in row:
        row["req"]["url"] += "/" + said
        row["req"]["headers"] = {"user-agent": said}
    if "err" in row:
        row["err"]["message"] = row["err"].get("message", "") + " " + said
        row["err"]["stack"] = said + "\n    at " + said
    if n < 40:
        row["service"] = row["version"] = said[:80]
    return json.dumps(row, ensure_ascii=n % 2 == 0, separators=(",", ":")).encode("utf-8", "surrogateescape")


def python_app(line, text, n):
    return line.replace(b"/billing/invoices", b"/billing/" + one_line(text)).replace(b"2.0.1", one_line(text)[:50]) + (b" " + one_line(text) if n % 3 == 0 else b"")


def postgresql(line, text, n):
    # The server writes a line end inside of a message as line end and tab.
    said = text.replace(b"\n", b"\n\t")
    if b"FATAL" in line or b"ERROR" in line or b"still waiting" in line:
        line = line + b"\n" + line.split(b" FATAL:")[0].split(b" ERROR:")[0].split(b" LOG:")[0] + b" STATEMENT:  SELECT '" + said + b"'"
    line = line.replace(b"ADD COLUMN note", b"ADD COLUMN \"" + said + b"\"").replace(b"shop-api", one_line(text)[:63]).replace(b"reporting", one_line(text)[:63])
    return line.replace(b"billing_app", one_line(text)[:63].replace(b"@", b"%40")) if n % 2 else line


WRITERS = [("access", access), ("error", nginx_error), ("haproxy", haproxy), ("pgbouncer", pgbouncer), ("shop-api", json_app), ("billing", python_app),
           ("postgresql", postgresql)]


def plant(folder, attack, every=1):
    """Writes logs/ and events.jsonl; `attack` in every line that may have it (or in each `every`-th)."""
    text = FIRST + attack[:LONGEST] + LAST
    every = max(every, len(text) // 200)
    (folder / "logs").mkdir()
    for logs in LOGS:
        for path in sorted(logs.glob("*.gz")):
            write = next(w for begin, w in WRITERS if path.name.startswith(begin))
            lines = gzip.decompress(path.read_bytes()).split(b"\n")
            out = [write(line, text, n) if line and n % every == 0 else line for n, line in enumerate(lines)]
            out.insert(len(out) // 2, text)  # a line that is none
            name = logs.parent.name + "-" + path.name
            if path.name.startswith("error"):  # a file may have any name
                name = logs.parent.name + re.sub(r"[/\0]", "", text[:60].decode("utf-8", "ignore")) + ".log.gz"
            with gzip.GzipFile(folder / "logs" / name, "wb", 1, mtime=0) as file:
                file.write(b"\n".join(out))
    said = text.decode("utf-8", "replace")
    events = [{"at": "2026-11-22T13:40:20Z", "kind": "alert", "text": said, "by": said}, {"at": "2026-11-22T13:41:00Z", "kind": "deploy", "text": said, "service": said, "version": said},
              {"at": "2026-11-22T17:02:40Z", "kind": "note", "text": said, "link": said}]
    (folder / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for e in events))
