#!/usr/bin/python3
"""generate: a seeded outage (or none) as logs, with truth. Small, so that the naive reference can read it too.

Takes  SEED, OUT folder.
Gives  OUT/logs/... (some gzipped, some rotated, some plain) and OUT/truth.json: kind, bursts of refusals as [first_us, last_us, n].
Holds  nothing; the same seed gives the same bytes.
Never  shares code with the program.

Kinds: spike, two (two bursts at least 25 s apart), holes (one burst with holes of up to 13 s), trickle (a refusal now and then:
no burst), quiet, whole (the capture is all incident), edge (it is on from the first line).
"""
import gzip
import json
import random
import sys
import time
from pathlib import Path

SEC = 1_000_000
KINDS = ["spike", "two", "holes", "trickle", "quiet", "whole", "edge"]
TEXTS = [
    ("db.max_connections", "remaining connection slots are reserved for non-replication superuser connections"),
    ("db.max_connections", "sorry, too many clients already"),
    ("db.max_connections", "remaining connection slots are reserved for roles with the SUPERUSER attribute"),
    ("db.role_limit", 'too many connections for role "{user}"'),
    ("db.database_limit", 'too many connections for database "{database}"'),
]


def stamp(us, form):
    return time.strftime(form, time.gmtime(us // SEC))


class Outage:
    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.kind = KINDS[seed % len(KINDS)]
        self.start = (1790000000 + rng.randrange(4000000)) * SEC + rng.randrange(SEC)
        self.length = rng.randrange(300, 700)
        self.end = self.start + self.length * SEC
        self.rate = rng.choice((2, 5, 12))
        self.refusal_rate = rng.choice((4, 10, 30))
        self.refusals = []
        spans = self.spans()
        for a, b in spans:
            t = a
            while t <= b:
                self.refusals.append(t // 1000 * 1000)
                t += int(rng.expovariate(self.refusal_rate) * SEC) + 1000
        if self.kind == "trickle":
            t = self.start
            while t < self.end:
                t += int(rng.uniform(40, 90) * SEC)
                self.refusals.append(min(t, self.end) // 1000 * 1000)
        self.refusals.sort()
        self.bursts = []
        if self.kind != "trickle":
            for a, b in ([(spans[0][0], spans[-1][1])] if self.kind == "holes" else spans):
                inside = [t for t in self.refusals if a - SEC <= t <= b + SEC]
                if inside:
                    self.bursts.append([inside[0], inside[-1], len(inside)])

    def spans(self):
        rng, s, e = self.rng, self.start, self.end
        at = lambda share: s + int((e - s) * share)
        if self.kind == "spike":
            a = at(rng.uniform(0.3, 0.5))
            return [(a, a + rng.randrange(20, 90) * SEC)]
        if self.kind == "two":
            a = at(0.2)
            b = a + rng.randrange(15, 40) * SEC
            c = b + rng.randrange(25, 60) * SEC
            return [(a, b), (c, c + rng.randrange(15, 40) * SEC)]
        if self.kind == "holes":
            out, a = [], at(0.3)
            for _ in range(4):
                b = a + rng.randrange(6, 15) * SEC
                out.append((a, b))
                a = b + rng.randrange(5, 13) * SEC
            return out
        if self.kind == "whole":
            return [(s, e)]
        if self.kind == "edge":
            return [(s, s + rng.randrange(40, 90) * SEC)]
        return []

    def write(self, out):
        rng = self.rng
        logs = out / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self.db, self.web, self.app = [], [], []
        pid = 1000
        events = [(t, True) for t in self.refusals]
        t = self.start
        while t < self.end:
            t += int(rng.expovariate(self.rate) * SEC) + 1
            events.append((t // 1000 * 1000, False))
        for t, refused in sorted(events):
            pid += 1
            user, database = rng.choice((("shop", "shop"), ("shop", "shop"), ("billing", "ledger")))
            rid = "%032x" % rng.getrandbits(128)
            text = rng.choice(TEXTS)[1].format(user=user, database=database) if refused else None
            took_ms = rng.randrange(2, 40) if refused else min(int(rng.lognormvariate(4, 0.8)), 4000)
            path = rng.choice(("/api/orders?page=%d", "/api/products/%d", "/")) .replace("%d", str(rng.randrange(500)))
            self.db.append((t, pid, user, database, text))
            self.app.append((t + 2000, rid, path, 500 if refused else 200, took_ms, text))
            self.web.append((t + 4000, rid, path, 500 if refused else 200, took_ms + 1))
        self.web.sort()
        self.app.sort()
        self.write_db(logs)
        self.write_web(logs)
        self.write_app(logs)
        self.write_lb(logs)
        (out / "truth.json").write_text(json.dumps({"kind": self.kind, "bursts": self.bursts, "refusals": len(self.refusals)}) + "\n")

    def deal(self, path, lines):
        """One stream into one to three rotated files, some gzipped (the newest never has a number)."""
        rng = self.rng
        pieces = rng.randrange(1, 4)
        cuts = [0] + sorted(rng.randrange(len(lines) + 1) for _ in range(pieces - 1)) + [len(lines)]
        for n in range(pieces):
            age = pieces - 1 - n
            name = path.name + (f".{age}" if age else "")
            data = "".join(line + "\n" for line in lines[cuts[n]:cuts[n + 1]]).encode()
            if rng.random() < 0.6:
                with gzip.GzipFile(path.with_name(name + ".gz"), "wb", mtime=0) as packed:
                    packed.write(data)
            else:
                path.with_name(name).write_bytes(data)

    def write_db(self, logs):
        forms = self.rng.choice((("stderr",), ("csv",), ("json",), ("stderr", "csv", "json")))
        stderr, rows, objects = [], [], []
        for n, (t, pid, user, database, text) in enumerate(self.db):
            when = stamp(t, "%Y-%m-%d %H:%M:%S") + f".{t // 1000 % 1000:03d} UTC"
            port = 30000 + pid % 30000
            session = "%x.%x" % (t // SEC, pid)
            entries = [("LOG", "00000", f"connection authorized: user={user} database={database} application_name=shop-api")]
            if text:
                entries.append(("FATAL", "53300", text))
            elif n % 97 == 0:
                entries.append(("LOG", "00000", "duration: 12.5 ms  statement: SELECT 'sorry, too many clients already'\n\tFROM words"))
            for number, (severity, state, said) in enumerate(entries, 1):
                stderr.append(f"{when} [{pid}] {user}@{database}/[unknown] {severity}:  {said}")
                quoted = said.replace('"', '""')
                rows.append(f'{when},"{user}","{database}",{pid},"127.0.0.1:{port}",{session},{number},"authentication",{when[:19]} UTC,3/{n},0,'
                            f'{severity},{state},"{quoted}",,,,,,,,,"","client backend",,0')
                objects.append(json.dumps({"timestamp": when, "user": user, "dbname": database, "pid": pid, "remote_host": "127.0.0.1",
                                           "remote_port": port, "session_id": session, "line_num": number, "ps": "authentication",
                                           "session_start": when[:19] + " UTC", "vxid": f"3/{n}", "txid": 0, "error_severity": severity,
                                           **({"state_code": state} if state != "00000" else {}), "message": said,
                                           "backend_type": "client backend", "query_id": 0}))
        for form, name, lines in (("stderr", "postgresql.log", stderr), ("csv", "postgresql.csv", rows), ("json", "postgresql.json", objects)):
            if form in forms:
                self.deal(logs / name, "\n".join(lines).split("\n") if form == "stderr" else lines)

    def write_web(self, logs):
        lines = []
        as_json = self.rng.random() < 0.4
        for t, rid, path, status, took in self.web:
            if as_json:
                lines.append(json.dumps({"time": stamp(t, "%Y-%m-%dT%H:%M:%S+00:00"), "msec": f"{t // SEC}.{t // 1000 % 1000:03d}",
                                         "remote_addr": "203.0.113.%d" % (t // 7000 % 250), "request": f"GET {path} HTTP/1.1", "status": status,
                                         "body_bytes_sent": 50, "request_time": took / 1000, "upstream_addr": "127.0.0.1:8080",
                                         "upstream_status": str(status), "request_id": rid}))
            else:
                lines.append(f'203.0.113.{t // 7000 % 250} - - [{stamp(t, "%d/%b/%Y:%H:%M:%S +0000")}] "GET {path} HTTP/1.1" {status} 50 "-" '
                             f'"okhttp/4.12.0" rt={took / 1000:.3f} urt={took / 1000:.3f} ua="127.0.0.1:8080" us="{status}" rid={rid}')
        self.deal(logs / "access.log", lines)

    def write_lb(self, logs):
        """Every third outage has HAProxy in front: what nginx answered, a millisecond later, and its own messages."""
        if self.start // SEC % 3:
            return
        header = self.rng.choice(("old", "new", "none"))
        lines = []
        for n, (t, rid, path, status, took) in enumerate(self.web):
            end, took = t // 1000 * 1000 + 1000, took + 1
            start, seconds = end - took * 1000, stamp(end, "%b %d %H:%M:%S")
            said = (f"203.0.113.{t // 7000 % 250}:{30000 + n % 30000} [{stamp(start, '%d/%b/%Y:%H:%M:%S')}.{start // 1000 % 1000:03d}] fe_shop "
                    f'be_nginx/web{n % 2} 0/0/1/{took - 1}/{took} {status} 212 - - ---- 9/9/4/2/0 0/0 {{{rid}}} "GET {path} HTTP/1.1"')
            said = [said] if n % 151 else [said, "Server be_nginx/web1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 1 active and 0 backup servers "
                                           "left. 3 sessions active, 0 requeued, 0 remaining in queue."]
            lead = {"old": f"{seconds} lb1 haproxy[7]: ", "new": f"<134>1 {stamp(end, '%Y-%m-%dT%H:%M:%S')}.{end % SEC:06d}+00:00 lb1 haproxy 7 - - ",
                    "none": ""}[header]
            lines += [lead + one for one in said]
        self.deal(logs / "haproxy.log", lines)

    def write_app(self, logs):
        lines = []
        python = self.rng.random() < 0.4
        for t, rid, path, status, took, text in self.app:
            if python:
                when = stamp(t, "%Y-%m-%d %H:%M:%S") + f",{t // 1000 % 1000:03d}"
                if text:
                    lines.append(f"{when} ERROR [MainThread] shop.http: Unhandled exception while handling GET {path} request_id={rid}")
                    lines += ["Traceback (most recent call last):", '  File "/srv/shop/app.py", line 7, in do', "    connect()",
                              f'psycopg2.OperationalError: connection to server at "127.0.0.1", port 5432 failed: FATAL:  {text}', ""]
                else:
                    lines.append(f"{when} INFO [MainThread] shop.http: GET {path} -> {status} in {took}.0ms request_id={rid}")
            else:
                row = {"level": 50 if text else 30, "time": t // 1000, "pid": 77, "hostname": "app1", "service": "shop-api",
                       "req": {"id": rid, "method": "GET", "url": path}, "res": {"statusCode": status}, "responseTime": took}
                if text:
                    row["err"] = {"type": "DatabaseError", "message": text, "stack": f"error: {text}\n    at x", "code": "53300"}
                row["msg"] = "request errored" if text else "request completed"
                lines.append(json.dumps(row, separators=(",", ":")))
        self.deal(logs / "shop-api.log", lines)


if __name__ == "__main__":
    Outage(int(sys.argv[1])).write(Path(sys.argv[2]))
