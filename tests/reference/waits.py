#!/usr/bin/python3
"""waits: lock waits, slow statements and the numbers of HAProxy and PgBouncer, against a naive count of the same files.

Takes  the program, how many seeds.
Gives  a line for each disagreement; last line "N passed, N failed".
Holds  a folder of made logs per seed: PostgreSQL (stderr), HAProxy, PgBouncer, with an outage in them.
Never  shares a line with the program: what is expected is counted from the written lines, with regular expressions.
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fact import done, fact

BEGIN = datetime(2026, 11, 22, 9, 0, 0, tzinfo=timezone.utc)
STAMP = r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] "


def us(text):
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "T" in text else "%Y-%m-%d %H:%M:%S.%f"
    return (datetime.strptime(text, form).replace(tzinfo=timezone.utc) - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


def at(seconds):
    return (BEGIN + timedelta(milliseconds=int(seconds * 1000))).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


# ---------------------------------------------------------------- made logs
def make_postgresql(rng, path):
    """70 minutes; from minute 60 on a pile of lock waits, then refusals."""
    lines = []

    def say(seconds, pid, who, word, text):
        lines.append((seconds, len(lines), f"{at(seconds)} UTC [{pid}] {who} {word}:  {text}"))
    say(0, 1, "@/", "LOG", "database system is ready to accept connections")
    for i in range(70 * 60):
        say(i + rng.random(), rng.randint(2, 90), "shop@shop/api", "LOG",
            f"duration: {rng.randint(50, 400)}.{rng.randint(0, 999):03} ms  statement: SELECT * FROM orders WHERE id = {rng.randint(1, 9999)}")
    pid = 1000
    for _ in range(rng.randint(30, 200)):
        begin = rng.choice([rng.uniform(100, 3000), rng.uniform(3500, 3700), rng.uniform(3600, 3660)])
        pid += 1
        mode, thing = rng.choice(["AccessShareLock", "RowExclusiveLock"]), f"relation {rng.randint(1, 3)} of database 5"
        holder, queue = rng.randint(500, 502), list(range(pid - rng.randint(0, 20), pid + 1))
        say(begin + 1, pid, "shop@shop/api", "LOG", f"process {pid} still waiting for {mode} on {thing} after 1000.{rng.randint(0, 999):03} ms")
        say(begin + 1, pid, "shop@shop/api", "DETAIL", f"Process holding the lock: {holder}. Wait queue: {', '.join(map(str, queue))}.")
        if rng.random() < 0.8:
            more = rng.uniform(1.1, 50)
            say(begin + more, pid, "shop@shop/api", "LOG", f"process {pid} acquired {mode} on {thing} after {int(more * 1000)}.{rng.randint(0, 999):03} ms")
    for i in range(rng.randint(200, 600)):
        say(3620 + rng.uniform(0, 40), 5000 + i, "shop@shop/[unknown]", "FATAL", "sorry, too many clients already")
        if i % 4 == 0:
            say(3620 + rng.uniform(0, 40), 5000, "shop@shop/api", "LOG", f"duration: {rng.randint(1000, 9000)}.500 ms  execute a1: UPDATE stock SET n = {i} WHERE id IN ({', '.join('7' * rng.randint(1, 5))})")
    path.write_text("".join(text + "\n" for _, _, text in sorted(lines)))


def make_haproxy(rng, path):
    out = []
    for i in range(70 * 60):
        full = 3620 <= i < 3660
        t = BEGIN + timedelta(seconds=i, milliseconds=rng.randint(0, 999))
        queue = rng.randint(0, 90) if full else rng.randint(0, 2)
        conns = [rng.randint(100, 140) for _ in range(4)]
        status, state = (503, "sQ--") if full else (200, "----")
        out.append(f"127.0.0.1:4000 [{t.strftime('%d/%b/%Y:%H:%M:%S.%f')[:-3]}] fe_shop be_app{i % 2}/app1 0/{rng.randint(0, 5)}/1/20/26 {status} 209 - - "
                   f"{state} {'/'.join(map(str, conns))}/0 0/{queue} \"GET /a HTTP/1.1\"\n")
    path.write_text("".join(out))


def make_pgbouncer(rng, path):
    out = []
    for minute in range(70):
        wait = rng.randint(5_000_000, 9_000_000) if minute == 60 else rng.randint(0, 900)
        out.append((minute * 60 + 30, f"LOG stats: {rng.randint(30, 60)} xacts/s, {rng.randint(40, 70)} queries/s, in 4531 B/s, out 4216 B/s, "
                    f"xact {rng.randint(1000, 1900)} us, query {rng.randint(500, 900)} us, wait {wait} us"))
    path.write_text("".join(f"{at(s)} UTC [7] {text}\n" for s, text in out))


# ---------------------------------------------------------------- naive counts
def count_locks(text, onset, end):
    waits, last = [], {}
    for line in text.splitlines():
        m = re.match(STAMP + r"\S+ (\w+):  (.*)", line)
        stamp, pid = us(m[1]), m[2]
        w = re.match(r"process (\d+) still waiting for (\w+) on (.+) after (\d+)\.(\d{3}) ms", m[4])
        a = re.match(r"process (\d+) acquired (\w+) on (.+) after (\d+)\.(\d{3}) ms", m[4])
        d = re.match(r"Process holding the lock: (\d+)\. Wait queue: (.*)\.$", m[4])
        if w:
            waited = int(w[4]) * 1000 + int(w[5])
            last[pid] = {"object": w[3], "waited": waited, "began": stamp - waited, "until": stamp, "holder": None, "queue": 0}
            waits.append(last[pid])
        elif a:
            waited = int(a[4]) * 1000 + int(a[5])
            last[pid].update(waited=waited, began=stamp - waited, until=stamp)
        elif d:
            last[pid].update(holder=int(d[1]), queue=len(d[2].split(", ")))
    return [w for w in waits if w["until"] >= onset - 300_000_000 and w["began"] <= end]


def count_statements(text, onset, end):
    minute = 60_000_000
    start, stop = (onset - minute) // minute, end // minute + 1
    out = {}
    for line in text.splitlines():
        m = re.match(STAMP + r"\S+ LOG:  duration: (\d+)\.(\d{3}) ms  (?:statement|execute \w+): (.*)", line)
        if not m:
            continue
        sql = re.sub(r"\d+(, \d+)+", "N, ...", m[5])
        sql = re.sub(r"(?<![\w$])\d+", "N", sql).replace("N", "***") if "orders" in sql else re.sub(r"(?<= )\d+|(?<=\()\d+", "***", sql).replace("N, ...", "***, ...")
        one = out.setdefault(sql, {"count": 0, "before": 0, "total_us": 0, "max_us": 0})
        cell, spent = us(m[1]) // minute, int(m[3]) * 1000 + int(m[4])
        if start <= cell < stop:
            one["count"] += 1
            one["total_us"] += spent
            one["max_us"] = max(one["max_us"], spent)
        elif 2 * start - stop <= cell < start:
            one["before"] += 1
    return {sql: one for sql, one in out.items() if one["count"]}


def count_metrics(haproxy, pgbouncer, onset, end):
    """{(name, key): (least, [(time, value)])}, then the rule."""
    found = {}

    def add(name, key, least, stamp, value):
        found.setdefault((name, key), (least, []))[1].append((stamp, value))
    for line in haproxy.splitlines():
        m = re.match(r"\S+ \[(\S+)\] (\S+) (\S+)/(\S+) (\d+)/(\d+)/(\d+)/(\d+)/(\d+) \d+ \d+ - - \S+ (\d+)/(\d+)/(\d+)/(\d+)/(\d+) (\d+)/(\d+)", line)
        stamp = us(datetime.strptime(m[1], "%d/%b/%Y:%H:%M:%S.%f").strftime("%Y-%m-%d %H:%M:%S.%f")) + int(m[9]) * 1000
        backend = m[3]
        add("haproxy.connections.process", None, 3, stamp, int(m[10]))
        add("haproxy.connections.backend", backend, 3, stamp, int(m[12]))
        add("haproxy.queue.backend", backend, 3, stamp, int(m[16]))
        add("haproxy.time.queue", backend, 100_000, stamp, int(m[6]) * 1000)
    for line in pgbouncer.splitlines():
        m = re.match(STAMP + r"LOG stats: (\d+) xacts/s.*wait (\d+) us$", line)
        add("pgbouncer.transactions", None, 10, us(m[1]), int(m[3]))
        add("pgbouncer.time.wait", None, 100_000, us(m[1]), int(m[4]))
    start = onset - 60_000_000
    out = {}
    for name, (least, values) in found.items():
        before = max([v for t, v in values if start - 3_600_000_000 <= t < start], default=0)
        peak, when = max(((v, -t) for t, v in values if start <= t <= end), default=(0, 0))
        if peak >= 2 * before + least:
            out[name] = (before, peak, -when)
    return out


# ---------------------------------------------------------------- comparison
def compare(name, draft, folder):
    fact(f"{name}: one incident", len(draft["incidents"]) == 1, [i["title"] for i in draft["incidents"]])
    if len(draft["incidents"]) != 1:
        return
    incident = draft["incidents"][0]
    onset, end = us(incident["onset"]["at"]), us(incident["end"]["at"])
    text = (folder / "postgresql.log").read_text()
    waits, locks = count_locks(text, onset, end), incident["locks"]
    fact(f"{name}: lock waits", locks and locks["waits"] == len(waits), (locks and locks["waits"], len(waits)))
    if locks and waits:
        fact(f"{name}: the longest", locks["longest_us"] == max(w["waited"] for w in waits), (locks["longest_us"], max(w["waited"] for w in waits)))
        fact(f"{name}: the longest queue", locks["queue_peak"] == max(w["queue"] for w in waits), locks["queue_peak"])
        fact(f"{name}: the first begins", us(locks["onset"]["at"]) == min(w["began"] for w in waits), locks["onset"])
        got = {o["object"]: (o["waits"], {h["pid"]: h["waits"] for h in o["holders"]}) for o in locks["objects"]}
        want = {}
        for w in waits:
            count, holders = want.get(w["object"], (0, {}))
            want[w["object"]] = (count + 1, {**holders, w["holder"]: holders.get(w["holder"], 0) + 1})
        fact(f"{name}: objects and holders", got == want, (got, want))
    want = count_statements(text, onset, end)
    got = {s["db.query.text"]: {k: s[k] for k in ("count", "before", "total_us", "max_us")} for s in incident["statements"]}
    fact(f"{name}: statements", got == want, (got, want))
    want = count_metrics((folder / "haproxy.log").read_text(), (folder / "pgbouncer.log").read_text(), onset, end)
    got = {(m["name"], m["key"]): (m["before"], m["peak"], us(m["at"])) for m in incident["metrics"]}
    fact(f"{name}: metrics that rose", got == want, (got, want))


def run(onset, seeds):
    for seed in range(seeds):
        rng = random.Random(seed)
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "logs"
            folder.mkdir()
            make_postgresql(rng, folder / "postgresql.log")
            make_haproxy(rng, folder / "haproxy.log")
            make_pgbouncer(rng, folder / "pgbouncer.log")
            direct = subprocess.run([onset, "draft", "--no-redact", str(folder)], capture_output=True)
            fact(f"waits {seed}: a draft", direct.returncode in (0, 1), direct.stderr[-300:])
            subprocess.run([onset, "scan", str(folder), "-o", f"{work}/all.tally"], capture_output=True)
            told = subprocess.run([onset, "draft", "--no-redact", f"{work}/all.tally"], capture_output=True)
            compare(f"waits {seed}", json.loads(direct.stdout), folder)
            fact(f"waits {seed}: the tally tells the same", json.loads(told.stdout)["incidents"] == json.loads(direct.stdout)["incidents"], "")


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
    done()
