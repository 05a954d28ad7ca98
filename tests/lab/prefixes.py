#!/usr/bin/python3
"""prefixes: random log_line_prefix strings, written by a real PostgreSQL and read by onset.

Takes  the onset binary; --n prefixes; --seed (a new one each time, printed).
Gives  for each prefix one line: how many records agree; each record that differs; last line "N passed, N failed".
       The server writes stderr and jsonlog at once; what it put into the JSON is the truth, read with Python's json.
Holds  one server in a temporary folder on loopback, stopped at the end, also after an error. Prefix and zone change while it runs,
       between two files of its log, so that no line of one prefix stands in the file of another.
Never  compares what a line cannot tell: a value that holds the text behind its escape.
"""
import argparse
import json
import os
import pwd
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import servers  # noqa: E402

# Escape: (onset's field, jsonlog's key).
FIELDS = {
    "a": ("application.name", "application_name"), "u": ("user.name", "user"), "d": ("db.namespace", "dbname"),
    "h": ("client.address", "remote_host"), "r": ("client.address", "remote_host"), "b": ("db.backend_type", "backend_type"),
    "p": ("process.pid", "pid"), "i": ("postgresql.command_tag", "ps"), "e": ("db.response.status_code", "state_code"),
    "c": ("session.id", "session_id"), "l": ("postgresql.session_line_number", "line_num"),
    "v": ("postgresql.virtual_transaction_id", "vxid"), "x": ("postgresql.transaction_id", "txid"),
}
ATTACHED = (("db.detail", "detail"), ("db.hint", "hint"), ("db.context", "context"), ("db.query.text", "statement"))
SEPARATORS = ["|", " | ", ";", " ; ", "~", " <", "> ", " {", "} ", "=", " %% ", "/", "#"]
ZONES = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "America/New_York"]


def missing():
    """What is not here, for a message; empty when all is."""
    there = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if not there:
        return "PostgreSQL is not installed"
    if max(int(folder.parent.name.split(".")[0]) for folder in there) < 15:
        return "PostgreSQL is older than 15, which has no jsonlog"
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return f"PostgreSQL does not run as a user without a name (id {os.getuid()})"
    return ""


class Server:
    """`destination`: log_destination; `settings`: further lines of its configuration."""

    def __init__(self, destination="stderr,jsonlog", settings=""):
        self.work = Path(tempfile.mkdtemp(prefix="onset-prefixes-"))
        self.work.chmod(0o755)
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.data = self.work / "data"
        self.port = servers.ports(1)[0]
        if self.user:
            shutil.chown(self.work, "postgres")
        self.run(servers.find("initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"""
port = {self.port}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{self.work}'
fsync = off
max_connections = 8
logging_collector = on
log_directory = '{self.work}/log'
log_filename = 'start.log'
log_destination = '{destination}'
log_connections = on
log_disconnections = on
log_lock_waits = on
deadlock_timeout = 20ms
log_checkpoints = on
log_temp_files = 0
work_mem = 64kB
log_autovacuum_min_duration = 0
autovacuum_naptime = 1s
log_min_duration_statement = 5ms
compute_query_id = on
{settings}
""")

    def run(self, *command, check=True):
        done = subprocess.run([*self.user, *map(str, command)], capture_output=True, text=True, cwd="/")
        if check and done.returncode:
            log = self.work / "start.log"
            sys.exit(f"prefixes: {command[0]}: {done.stderr}{log.read_text() if log.exists() else str()}")
        return done

    def start(self):
        self.run(servers.find("pg_ctl"), "-D", self.data, "-w", "-l", self.work / "start.log", "start")
        self.pid = int((self.data / "postmaster.pid").read_text().split()[0])

    def reload(self, name, prefix, zone):
        """Until its log is NAME.json."""
        quoted = prefix.replace("\\", "\\\\").replace("'", "''")
        (self.data / "postgresql.auto.conf").write_text(
            f"log_line_prefix = '{quoted}'\nlog_timezone = '{zone}'\nlog_filename = '{name}.log'\n")
        os.kill(self.pid, signal.SIGHUP)
        for _ in range(500):
            if (self.work / "log" / f"{name}.json").exists():
                break
            time.sleep(0.01)

    def use(self, name, prefix, zone):
        """From now on into NAME.log and NAME.json, all lines with this prefix."""
        self.reload(name + "-before", *getattr(self, "layout", ("%m [%p] ", "UTC")))
        self.layout = (prefix, zone)
        self.reload(name + "-before", prefix, zone)
        time.sleep(0.1)  # every process has read it
        self.reload(name, prefix, zone)

    def leave(self):
        """What was begun under a name is written."""
        time.sleep(0.05)
        self.after = f"after-{time.monotonic_ns()}"
        self.reload(self.after, *self.layout)
        time.sleep(0.05)

    def stop(self):
        self.run(servers.find("pg_ctl"), "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    def psql(self, sql, user="postgres", database="postgres", app="psql", local=False, wait=True):
        host = str(self.work) if local else "127.0.0.1"
        command = [servers.find("psql"), "-X", "-q", "-h", host, "-p", str(self.port), "-U", user, "-d", database, "-c", sql]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "PGAPPNAME": app})
        if wait:
            process.wait()
        return process


def prepare(server):
    server.psql("CREATE ROLE \"odd user\" LOGIN; CREATE ROLE limited LOGIN CONNECTION LIMIT 0")
    server.psql("CREATE DATABASE \"my-db\"")


def traffic(server):
    server.psql("DROP TABLE IF EXISTS t; CREATE TABLE t (a int primary key, b text);"
                "INSERT INTO t SELECT n, repeat('x', 50) FROM generate_series(1, 5000) n; DELETE FROM t WHERE a > 10", database="my-db")
    clients = [
        server.psql("INSERT INTO t VALUES (1, 'again')", database="my-db", app="an app: with, signs", wait=False),
        server.psql("SELECT 1 /\n\t0,\n  'LOG:  no'", database="my-db", user="odd user", app="", wait=False),
        server.psql("SELECT * FROM nowhere", local=True, app="LOG", wait=False),
        server.psql("SELECT count(*) FROM (SELECT n, random() r FROM generate_series(1, 20000) n ORDER BY 2) x", wait=False),
        server.psql("SELECT 1", user="nobody", wait=False),
        server.psql("SELECT 1", user="limited", wait=False),
    ]
    for process in clients:
        process.wait()
    server.psql("DO $$ BEGIN RAISE WARNING E'two\\nlines of %', 1; END $$; CHECKPOINT", local=True)
    holder = server.psql("BEGIN; LOCK TABLE t; SELECT pg_sleep(0.25)", database="my-db", wait=False)
    time.sleep(0.1)
    waiting = [server.psql("BEGIN; UPDATE t SET b = 'y' WHERE a = 1; COMMIT", database="my-db", app="waits", wait=False)
               for _ in range(7)]
    for process in [holder, *waiting]:
        process.wait()


def random_prefix(chance):
    escapes = [e for e in "audrhbpPntmiecslvxQ" if chance.random() < 0.45]
    if "r" in escapes and "h" in escapes:
        escapes.remove(chance.choice("rh"))
    stamp = chance.choice("tmn")
    escapes = [e for e in escapes if e not in "tmn"] + [stamp]
    chance.shuffle(escapes)
    quit_at = chance.randrange(len(escapes) + 1) if chance.random() < 0.5 else None
    # Behind %q nothing of a background process is printed: its time has to stand before.
    if quit_at is not None and escapes.index(stamp) >= quit_at:
        escapes.remove(stamp)
        escapes.insert(0, stamp)
        quit_at = max(quit_at, 1)
    text = chance.choice(["", "", "<", "pg: "])
    for i, escape in enumerate(escapes):
        if i == quit_at:
            text += "%q"
        padding = chance.choice(["", "", "", "", "-", ""]) + str(chance.randrange(1, 25)) if chance.random() < 0.3 else ""
        # A process that has just begun shows the path of its program as %i.
        text += "%" + padding + escape + chance.choice([s for s in SEPARATORS if s != "/" or escape != "i"])
    return text + " ", escapes if quit_at is None else escapes[:quit_at], escapes


def truth_of(path):
    for line in path.read_text().splitlines():
        yield json.loads(line)


def same_time(entry, ours, escapes):
    """The JSON's stamp in UTC, when its zone says where that is."""
    stamp, zone = entry["timestamp"].rsplit(" ", 1)
    offset = {"UTC": 0, "CET": 1, "CEST": 2, "-03": -3, "EST": -5, "EDT": None, "IST": None}.get(zone)
    if offset is None and "n" not in escapes:
        return True
    if offset is None:
        offset = {"IST": 5.5, "EDT": -4}[zone]
    us = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=timezone.utc).timestamp() - offset * 3600
    got = datetime.strptime(ours["timestamp"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()
    return abs(us - got) < (0.005 if "m" in escapes or "n" in escapes else 1.02)


def value_of(entry, key):
    value = entry.get(key)
    if value in (None, "", "[unknown]") or (key == "state_code" and value == "00000"):
        return None
    return str(value)


def bare(text):
    """Without the literals of SQL, which onset masks."""
    text = re.sub(r"\$\$.*|'[^']*'|(\*\*\*|\b[0-9])[0-9.*]*", "#", text, flags=re.S)
    return re.sub(r" at character #$", "", text)


def plain(text):
    """Without the tab that the stderr log writes behind each line's end."""
    return text.replace("\n\t", "\n")


def differences(entry, ours, attached, before_quit, escapes):
    background = not entry.get("user") and not entry.get("remote_host")
    message = ours.get("message", "")
    if bare(plain(message)) != bare(entry["message"]):
        yield "message", entry["message"], message
    if ours.get("severity_text") != entry["error_severity"]:
        yield "severity_text", entry["error_severity"], ours.get("severity_text")
    if not same_time(entry, ours, escapes):
        yield "timestamp", entry["timestamp"], ours["timestamp"]
    for escape in escapes:
        if escape not in FIELDS or (background and escape not in before_quit):
            continue
        field, key = FIELDS[escape]
        want, got = value_of(entry, key), ours.get(field)
        got = None if got in (None, "00000") else str(got)
        # What the message says beside the prefix.
        if want is None and got is not None and entry["message"].startswith(("connection ", "disconnection", "replication ")):
            continue
        # Each log counts its own lines, stderr the attachments too.
        if escape == "l" and got and int(got) >= int(want):
            continue
        if want != got:
            yield field, want, got
    for field, key in ATTACHED:
        want = entry.get(key)
        got = attached.get(field)
        # Attachments find their record by its pid.
        if want is not None and "p" in escapes and (got is None or bare(plain(got)) != bare(want)):
            yield field, want, got


def read(onset, path, *options):
    """Records, each with what was attached to it."""
    done = subprocess.run([onset, "check", "--records", "--no-config", *options, str(path)], capture_output=True, text=True)
    records = []
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if "message" in record:
            records.append((record, {}))
        else:
            owner = next((r for r in reversed(records) if r[0].get("process.pid") == record.get("process.pid")), None)
            for field, _ in ATTACHED:
                if owner and field in record:
                    owner[1][field] = record[field]
    return records, done.stderr.strip()[-300:]


def lines_over(entry, ours, escapes):
    """How far the line number of stderr is ahead: of records that say the same, the nearest is the one."""
    number = ours.get("postgresql.session_line_number") if "l" in escapes else None
    return abs(int(number) - entry["line_num"]) if number is not None else 0


def same_file(server, name):
    """The JSON's entries whose text is in NAME.log: a process writes the JSON first, and the files may change between the two."""
    log = server.work / "log"
    texts = [path.read_text(errors="replace") if path.exists() else ""
             for path in (log / f"{name}-before.log", log / f"{name}.log", log / f"{server.after}.log")]
    earlier, entries = (list(truth_of(log / f"{file}.json")) for file in (f"{name}-before", name))

    def late(entry, group, text, later):
        first = entry["message"].split("\n")[0]
        return first in later and sum(e["message"].split("\n")[0] == first for e in group) > text.count(first)

    for entry in reversed(entries[-10:]):
        if late(entry, entries, *texts[1:]):
            entries.remove(entry)
    return [entry for entry in earlier[-10:] if late(entry, earlier, *texts[:2])] + entries


def compare(onset, server, name, prefix, before_quit, escapes):
    text_log = server.work / "log" / f"{name}.log"
    records, said = read(onset, text_log, "--format", f"*.log=postgresql:{prefix}")
    truth = same_file(server, name)
    wrong = []
    if len(truth) != len(records):
        wrong.append(f"  {len(truth)} records in the JSON, {len(records)} read: {said}")
    # Two processes may stand in another order in the two logs: the first one near by that agrees is it.
    left = list(records)
    for entry in truth:
        near = [list(differences(entry, *r, before_quit, escapes)) for r in left[:30]]
        best = min(range(len(near)), key=lambda i: (len(near[i]), lines_over(entry, left[i][0], escapes), i), default=None)
        if best is None:
            continue
        record, _ = left.pop(best)
        wrong += [f"  line {record['line']}: {field}: {want!r}, read {got!r}" for field, want, got in near[best]]
    print(f"{'ok  ' if not wrong else 'FAIL'} {len(records):4} records  {prefix!r}")
    for line in wrong[:6]:
        print(line)
    return not wrong and len(truth) > 20


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("onset")
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    if missing():
        print(f"skipped: prefixes: {missing()}\n0 passed, 0 failed")
        return 0
    print(f"note: prefixes: --seed {options.seed}")
    chance = random.Random(options.seed)
    server = Server()
    passed = 0
    try:
        server.start()
        prepare(server)
        for n in range(options.n):
            prefix, before_quit, escapes = random_prefix(chance)
            server.use(f"p{n}", prefix, chance.choice(ZONES))
            traffic(server)
            server.leave()
            passed += compare(options.onset, server, f"p{n}", prefix, before_quit, escapes)
    finally:
        server.stop()
        shutil.rmtree(server.work)
    print(f"{passed} passed, {options.n - passed} failed")
    return passed != options.n


if __name__ == "__main__":
    sys.exit(main())
