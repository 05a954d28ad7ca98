#!/usr/bin/python3
"""syslogparts: PostgreSQL through syslog, in parts, read by onset.

Takes  the onset binary.
Gives  for each way to write one line: how many records agree; each record that differs; last line "N passed, N failed".
       The server writes to syslog and jsonlog at once; what it put into the JSON is the truth. We are the syslog server: what comes
       through /dev/log is written as rsyslog's two file formats have it (RSYSLOG_TraditionalFileFormat, RSYSLOG_FileFormat), control
       characters as "#011".
Holds  /dev/log, a link to a socket of its own, and one server on loopback; both are gone at the end, also after an error, and when it is
       killed: a process that waits for that clears up.
Never  takes a /dev/log that is somebody's: then, and where it may not be made, it is skipped.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import prefixes  # noqa: E402

SOCKET = "/dev/log"
EDGE = 10  # records at each end of the log that may stand in the files before and behind it
# name, log_line_prefix, escapes, settings, an ISO stamp
WAYS = [
    ("defaults", "%q%u@%d ", "ud", "", False),
    ("no prefix", "", "", "", True),
    ("with a time", "%m [%p] %q%u@%d/%a ", "mpuda", "", True),
    ("names", "user=%u,db=%d,app=%a,client=%h ", "udah", "", False),
    ("no numbers", "[%p] %q%u@%d ", "pud", "syslog_sequence_numbers = off", True),
    ("whole", "%e %q%u@%d ", "eud", "syslog_split_messages = off", False),
    ("whole, no numbers", "user=%u,db=%d ", "ud", "syslog_split_messages = off\nsyslog_sequence_numbers = off", True),
]


class Keeper:
    """A process of its own that clears up when this one is gone, whatever ended it: all that is made is in one folder."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="onset-syslogparts-"))
        self.folder.chmod(0o755)
        tempfile.tempdir = str(self.folder)
        reads, self.pipe = os.pipe()
        self.child = os.fork()
        if self.child:
            os.close(reads)
            return
        os.close(self.pipe)
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        os.read(reads, 1)
        self.clear()
        os._exit(0)

    def clear(self):
        if os.path.islink(SOCKET) and Path(os.readlink(SOCKET)).parent == self.folder:
            os.unlink(SOCKET)
        # What this one has begun may be about to begin more: initdb a folder, pg_ctl a server.
        for _ in range(20):
            if not self.folder.exists():
                return
            for file in self.folder.glob("*/data/postmaster.pid"):
                try:
                    os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
                except (OSError, ValueError, IndexError):
                    pass
            time.sleep(0.5)
            shutil.rmtree(self.folder, ignore_errors=True)

    def close(self):
        os.close(self.pipe)
        os.waitpid(self.child, 0)


class Listener:
    """What a syslog server does: each datagram is a line of the file."""

    def __init__(self, folder):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(folder / "log"))
        (folder / "log").chmod(0o666)
        os.symlink(folder / "log", SOCKET)
        self.socket.settimeout(0.2)
        self.file = None
        self.iso = False
        self.closed = False
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while not self.closed:
            try:
                data = self.socket.recv(1 << 18)
            except TimeoutError:
                continue
            # glibc: <PRI>Mmm dd hh:mm:ss ident[pid]: text
            m = re.match(rb"<\d+>(\w{3} [ \d]\d \d\d:\d\d:\d\d) (.*)", data.rstrip(b"\0\n"), re.S)
            if not m:
                continue
            text = re.sub(rb"[\0-\x1f\x7f]", lambda c: b"#%03o" % c[0][0], m[2])
            stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00").encode() if self.iso else m[1]
            with self.lock:
                if self.file:
                    self.file.write(stamp + b" db1 " + text + b"\n")

    def into(self, path, iso):
        with self.lock:
            if self.file:
                self.file.close()
            self.iso = iso
            self.file = path and open(path, "wb")

    def close(self):
        self.closed = True
        self.thread.join()
        self.socket.close()
        os.unlink(SOCKET)


def long_statements(server):
    """Longer than a part (900 bytes), with and without blanks to cut at, over lines, and not all of ASCII."""
    words = " ".join(f"{n} AS column_{n}" for n in range(200)).replace(" AS", " AS ")
    server.psql(f"SELECT 1/0, {', '.join(f'{n} AS c{n}' for n in range(300))}")
    server.psql("SELECT nowhere." + "x" * 2500)
    server.psql("SELECT nowhere." + "ü" * 1300 + "€" * 700)
    server.psql("DO $$ BEGIN RAISE WARNING '%', repeat('y', 2000) || ' ' || repeat('z', 898) || E'\\n' || repeat('LOG:', 500); END $$")
    server.psql("SELECT 1/0 AS " + '"' + "ü" * 20 + '"' + ",\n\n\t'" + "é\n" * 700 + "'")
    server.psql(f"SELECT nothing_of({words!r})".replace("'", "$$"))


def same_time(entry, ours, iso):
    if not ours.get("timestamp"):
        return False
    stamp = datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S.%f UTC").timestamp()
    got = datetime.strptime(ours["timestamp"].rstrip("Z"), "%Y-%m-%dT%H:%M:%S.%f").timestamp()
    return abs(stamp - got) < (0.3 if iso else 1.3)


def text_of(value):
    """Parts lose no character but those at which lines begin: a tab, and a line of nothing (write_syslog() passes it over)."""
    return re.sub(r"\n\s*", "\n", prefixes.bare(value)).strip()


def differences(entry, ours, attached, escapes, iso):
    fields = [("message", "message"), *prefixes.ATTACHED]
    for field, key in fields:
        want, got = entry.get(key), attached.get(field, ours.get(field))
        if key == "statement" and want is None:
            continue
        if text_of(want or "") != text_of(got or ""):
            yield field, want, got
    for field, key in [("severity_text", "error_severity"), ("process.pid", "pid"),
                       *(prefixes.FIELDS[e] for e in escapes if e in prefixes.FIELDS)]:
        want, got = prefixes.value_of(entry, key), ours.get(field)
        got = None if got in (None, "00000") else str(got)
        said = entry["message"].startswith(("connection ", "disconnection"))
        if want != got and not (want is None and said):
            yield field, want, got
    if "host.name" not in ours or ours["host.name"] != "db1":
        yield "host.name", "db1", ours.get("host.name")
    if not same_time(entry, ours, iso):
        yield "timestamp", entry["timestamp"], ours.get("timestamp")


def truth_of(server, name):
    """The JSON's entries that are in the file: it begins a little later than the JSON's, and ends a little earlier."""
    log = server.work / "log"
    text = (log / f"{name}.syslog").read_text(errors="replace")

    def is_there(entry):
        first = re.sub(r"[\0-\x1f\x7f]", lambda c: f"#{ord(c[0]):03o}", entry["message"].split("\n")[0])[:200]
        return re.search(rf"postgres\[{entry['pid']}\]: .*{re.escape(first)}", text)

    before, entries, behind = (list(prefixes.truth_of(log / f"{file}.json")) for file in (f"{name}-before", name, server.after))
    edge = min(EDGE, len(entries) // 2)
    head, tail = before[-EDGE:] + entries[:edge], entries[len(entries) - edge:] + behind[:EDGE]
    return [*filter(is_there, head), *entries[edge:len(entries) - edge], *filter(is_there, tail)]


def compare(onset, server, name, escapes, iso):
    records, said = prefixes.read(onset, server.work / "log" / f"{name}.syslog", "--no-mask", "--year", str(datetime.now(timezone.utc).year))
    truth = truth_of(server, name)
    wrong = []
    if len(truth) != len(records):
        wrong.append(f"  {len(truth)} records in the JSON, {len(records)} read: {said}")
    left = list(records)
    for entry in truth:
        near = [list(differences(entry, *r, escapes, iso)) for r in left[:30]]
        best = min(range(len(near)), key=lambda i: (len(near[i]), i), default=None)
        if best is None:
            continue
        record, _ = left.pop(best)
        wrong += [f"  line {record['line']}: {field}: {want!r:.300}, read {got!r:.300}" for field, want, got in near[best]]
    return len(records), wrong if len(truth) > 20 else [*wrong, f"  only {len(truth)} records in the JSON"]


def skip():
    if prefixes.missing():
        return prefixes.missing()
    if os.getuid():
        return f"not root: {SOCKET} cannot be made"
    if os.path.lexists(SOCKET):
        return f"{SOCKET} is in use here"
    if not os.access(os.path.dirname(SOCKET), os.W_OK):
        return f"{SOCKET} cannot be made"
    return ""


def run(onset, listener, way):
    name, prefix, escapes, settings, iso = way
    server = prefixes.Server("syslog,jsonlog", f"syslog_facility = 'LOCAL0'\nlog_duration = off\n{settings}\n")
    file = name.replace(", ", "-").replace(" ", "-")
    try:
        server.start()
        prefixes.prepare(server)
        server.use(file, prefix, "UTC")
        listener.into(server.work / "log" / f"{file}.syslog", iso)
        prefixes.traffic(server)
        long_statements(server)
        time.sleep(0.1)
        listener.into(None, iso)
        server.leave()
        n, wrong = compare(onset, server, file, escapes, iso)
        if wrong and os.environ.get("ONSET_KEEP"):
            shutil.copytree(server.work / "log", os.environ["ONSET_KEEP"], dirs_exist_ok=True)
    finally:
        listener.into(None, iso)
        server.stop()
        shutil.rmtree(server.work)
    print(f"{'FAIL' if wrong else 'ok  '} {n:4} records  {name}: {prefix!r}, {'ISO' if iso else 'traditional'}")
    for line in wrong[:6]:
        print(line)
    return not wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("onset")
    parser.add_argument("way", nargs="*")
    options = parser.parse_args()
    why = skip()
    if why:
        print(f"skipped: PostgreSQL through syslog: {why}\n0 passed, 0 failed")
        return 0
    ways = [w for w in WAYS if not options.way or w[0] in options.way]
    keeper = Keeper()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        listener = Listener(keeper.folder)
        try:
            passed = sum(run(options.onset, listener, way) for way in ways)
        finally:
            listener.close()
    finally:
        keeper.close()
    print(f"{passed} passed, {len(ways) - passed} failed")
    return passed != len(ways)


if __name__ == "__main__":
    sys.exit(main())
