"""wrap: logs of single programs put into what carries the lines of several: compose, Docker, CRI, syslog, journald.

Takes  files that one program wrote in turn (rotated ones too), gzipped or not; who wrote them.
Gives  bytes as the carrier writes them, in the order of the lines' own times, lines of different writers interleaved.
Holds  everything in memory: for tests.
Never  takes the program's own text for more than it is: what a carrier changes of it (a tab to #011, a long line to parts) is what
       that carrier's program does, as documented where it is done.
"""
import gzip
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# What a line's own stamp looks like: (pattern, strptime format); UTC where none is printed, as in our samples.
STAMPS = [(re.compile(rb'^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3})[ |]'), "%Y-%m-%d %H:%M:%S.%f"),
          (re.compile(rb'^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \['), "%Y/%m/%d %H:%M:%S"),
          (re.compile(rb'^[^\[]{0,80}\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d) \+0000\] "'), "%d/%b/%Y:%H:%M:%S"),
          (re.compile(rb'^(\w{3} [ \d]\d \d\d:\d\d:\d\d) '), "%b %d %H:%M:%S")]
# HAProxy's httplog: when the request was accepted, and its timers: it was logged when all of them were over.
HAPROXY = re.compile(rb'^[^\[]*\[\d+\]: \S+ \[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+ \S+ \S*/(\d+) ')
EPOCH_MS = re.compile(rb'^\{.{0,40}"time":(\d{13})\b')
PART_BYTES = 16 * 1024  # Docker's and containerd's read buffer: a longer line is cut there
POSTGRES_CHUNK = 900    # PG_SYSLOG_LIMIT
PREFIX = re.compile(rb'^\S+ \S+ \S+ \[(\d+)\] (?:\S+ )?(\w+):  ')  # of the samples: '%m [%p] %q%u@%d/%a '
ATTACHED = {b"DETAIL", b"HINT", b"CONTEXT", b"QUERY", b"STATEMENT", b"LOCATION"}


class Line:
    """One line and its time. `starts`: it is the first of its entry."""

    def __init__(self, at_us, text, starts):
        self.at_us, self.text, self.starts = at_us, text, starts


class Writer:
    """A program: `name` (container, service), host and process as syslog has them."""

    def __init__(self, name, lines, process, host, pid=1):
        self.name, self.lines, self.process, self.host, self.pid = name, lines, process, host, pid


def stamp_us(text, year):
    """The line's own time; None: it has none."""
    found = EPOCH_MS.match(text)
    if found:
        return int(found[1]) * 1000
    found = HAPROXY.match(text)
    if found:
        at = datetime.strptime(found[1].decode(), "%d/%b/%Y:%H:%M:%S.%f").replace(tzinfo=timezone.utc)
        return (at - EPOCH) // timedelta(microseconds=1) + int(found[2]) * 1000
    for pattern, form in STAMPS:
        found = pattern.match(text)
        if found:
            words = found[1].decode().replace(",", ".")
            at = datetime.strptime(words if "%Y" in form else f"{year} {words}", form if "%Y" in form else f"%Y {form}")
            return (at.replace(tzinfo=timezone.utc) - EPOCH) // timedelta(microseconds=1)
    return None


def read(*paths, year=2026):
    """The lines of the files of one log, in the order of their times: of rotated files the oldest first. The lines that go on with
    an entry are a little later, so that other writers' lines may come between."""
    files = []
    for path in paths:
        raw = Path(path).read_bytes()
        lines = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).splitlines()
        first = next((us for us in (stamp_us(line, year) for line in lines) if us is not None), 0)
        files.append((first, lines))
    out, at_us = [], 0
    for _, lines in sorted(files, key=lambda f: f[0]):
        for text in lines:
            own = stamp_us(text, year)
            at_us = at_us + 1 if own is None else max(own, at_us)  # a log is in the order in which it was written
            out.append(Line(at_us, text, own is not None))
    return out


def interleaved(writers):
    """(writer, line), by time; of equal times the writers take turns in the order given."""
    every = [(line.at_us, n, i, w, line) for n, w in enumerate(writers) for i, line in enumerate(w.lines)]
    return [(w, line) for _, _, _, w, line in sorted(every, key=lambda e: e[:3])]


def rfc3339(at_us, digits, zone="Z"):
    at = EPOCH + timedelta(microseconds=at_us)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}{'0' * 9}"[:20 + digits] + zone


# ---- one file for all writers
def compose(writers):
    """`docker compose logs --no-color`: the container's name, padded to the longest, and a bar."""
    width = max(len(w.name) for w in writers)
    return b"".join(f"{w.name:{width}}  | ".encode() + line.text + b"\n" for w, line in interleaved(writers))


def syslog_messages(writer):
    """(time, text): as the program gives its lines to syslog(3)."""
    if writer.process == "postgres":
        return postgres_messages(writer)
    out = []
    for line in writer.lines:
        text = line.text
        if writer.process == "pgbouncer":  # its own stamp and level are not said to syslog
            text = re.sub(rb"^\S+ \S+ \S+ \[\d+\] (?:LOG|WARNING|ERROR|FATAL|NOISE|DEBUG) ", b"", text)
        elif writer.process == "haproxy":  # the lab's syslog server put its header before it
            text = re.sub(rb"^\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ haproxy\[\d+\]: ", b"", text)
        out.append((line.at_us, writer.pid, text))
    return out


def postgres_messages(writer):
    """PostgreSQL's elog.c, write_syslog(): the whole entry with its DETAIL and STATEMENT is one message with a number, cut at each
    newline (and after 900 bytes, at a blank) into "[number-part] text"."""
    entries = []
    for line in writer.lines:
        found = PREFIX.match(line.text)
        pid = int(found[1]) if found else entries[-1][1] if entries else writer.pid
        goes_on = entries and (not found or (found[2] in ATTACHED and entries[-1][1] == pid))
        if goes_on:
            entries[-1][2].append(line.text)
        else:
            entries.append((line.at_us, pid, [line.text]))
    out, numbers = [], {}
    for at_us, pid, lines in entries:
        numbers[pid] = numbers.get(pid, 0) + 1
        part = 0
        for text in lines:
            while text:
                cut = len(text)
                if cut > POSTGRES_CHUNK:
                    blank = text.rfind(b" ", 1, POSTGRES_CHUNK)
                    cut = blank if blank > 0 else POSTGRES_CHUNK
                part += 1
                out.append((at_us, pid, b"[%d-%d] " % (numbers[pid], part) + text[:cut]))
                text = text[cut:]
    return out


def severity(text):
    """syslog's: HAProxy's send_log() of a server and a backend; of the rest, info."""
    if text.endswith(b"has no server available!"):
        return 0
    return 1 if b" is DOWN, reason: " in text else 5 if b" is UP, reason: " in text else 6


def escaped(text):
    """rsyslog's $EscapeControlCharactersOnReceive: a tab is #011."""
    return b"".join(b"#%03o" % c if c < 32 or c == 127 else bytes([c]) for c in text)


def syslog(writers, form="traditional", others=()):
    """/var/log/syslog of rsyslog: RSYSLOG_TraditionalFileFormat, RSYSLOG_FileFormat or RSYSLOG_SyslogProtocol23Format. `others`:
    (time, host, tag, text) of further programs."""
    every = [(at_us, n, i, w.host, w.process, pid, text) for n, w in enumerate(writers)
             for i, (at_us, pid, text) in enumerate(syslog_messages(w))]
    every += [(at_us, len(writers), i, host, tag, None, text.encode()) for i, (at_us, host, tag, text) in enumerate(others)]
    out = []
    for at_us, _, _, host, process, pid, text in sorted(every, key=lambda e: e[:3]):
        at = EPOCH + timedelta(microseconds=at_us)
        tag = process if pid is None else f"{process}[{pid}]"
        if form == "traditional":
            head = f"{at:%b} {at.day:2d} {at:%H:%M:%S} {host} {tag}: "
        elif form == "file":
            head = f"{rfc3339(at_us, 6, '+00:00')} {host} {tag}: "
        else:
            head = f"<{16 * 8 + severity(text)}>1 {rfc3339(at_us, 6, '+00:00')} {host} {process} {pid or '-'} - - "
        out.append(head.encode() + escaped(text) + b"\n")
    return b"".join(out)


def journal(writers):
    """`journalctl -o json`: one object a line; MESSAGE as an array of bytes where it is not printable (a tab is)."""
    out = []
    every = [(at_us, n, i, w, pid, text) for n, w in enumerate(writers) for i, (at_us, pid, text) in enumerate(syslog_messages(w))]
    for at_us, _, _, w, pid, text in sorted(every, key=lambda e: e[:3]):
        try:
            message = text.decode()
            message = message if all(c >= " " or c == "\t" for c in message) else list(text)
        except UnicodeDecodeError:
            message = list(text)
        out.append(json.dumps({"__REALTIME_TIMESTAMP": str(at_us), "_HOSTNAME": w.host, "SYSLOG_IDENTIFIER": w.process,
                               "_PID": str(pid), "PRIORITY": str(severity(text)), "_TRANSPORT": "syslog", "MESSAGE": message}))
    return ("\n".join(out) + "\n").encode()


# ---- a file for each writer
def parts_of(text):
    """(part, is the last one)"""
    for at in range(0, max(len(text), 1), PART_BYTES):
        yield text[at:at + PART_BYTES], at + PART_BYTES >= len(text)


def docker(writer):
    """Docker's json-file driver. Text that is no UTF-8 has U+FFFD, and what HTML would read is escaped, as there."""
    out = []
    for line in writer.lines:
        for part, last in parts_of(line.text):
            out.append(json.dumps({"log": part.decode(errors="replace") + ("\n" if last else ""), "stream": "stdout",
                                   "time": rfc3339(line.at_us, 9)}, ensure_ascii=False, separators=(",", ":"))
                       .replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
    return ("\n".join(out) + "\n").encode()


def cri(writer):
    """/var/log/pods/.../0.log of containerd and CRI-O."""
    out = []
    for line in writer.lines:
        for part, last in parts_of(line.text):
            out.append(f"{rfc3339(line.at_us, 9)} stdout {'F' if last else 'P'} ".encode() + part)
    return b"\n".join(out) + b"\n"
