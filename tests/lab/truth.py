"""truth: what happened in a run, counted without onset, written to truth.json.

Takes  PostgreSQL's csvlog (not among the logs given), read with Python's csv; PgBouncer's log; the apps' taps; the users' tap;
       the samples of watch.py; the list of what was done.
Gives  build(): the object for truth.json. All times are microseconds UTC by the one clock of this machine.
Holds  nothing.
Never  guesses: what was not seen is null or an empty list.
"""
import calendar
import collections
import csv
import json
import re
import time

POOLER = {"no more connections allowed (max_client_conn)": "pooler.client_limit", "query_wait_timeout": "pool.wait_timeout"}
BURST_GAP_US = 20_000_000  # a pause of this length parts two bursts (seen in real outages: pauses within one are under 15 s)
FAIL_GAP_US = 15_000_000  # failures of users less than this apart are one stretch (a human would call them one)


def stamp_us(text):
    whole, ms = text.removesuffix(" UTC").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%d %H:%M:%S")) * 1_000_000 + int(ms) * 1000


def refusal_class(message):
    if message.startswith("too many connections for role "):
        return "db.role_limit"
    if message.startswith("too many connections for database "):
        return "db.database_limit"
    if message.startswith("sorry, too many clients already") or message.startswith("remaining connection slots are reserved"):
        return "db.max_connections"
    return None


def csvlog(folder):
    """Rows of the csvlog in order of time, with the columns that are needed by name."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="", errors="replace") as text:
            for r in csv.reader(text):
                rows.append({"at_us": stamp_us(r[0]), "user": r[1] or None, "database": r[2] or None, "pid": int(r[3]),
                             "severity": r[11], "state": r[12], "message": r[13], "detail": r[14]})
    rows.sort(key=lambda r: r["at_us"])
    return rows


def spanned(rows, keys):
    """Counts by the keys, each with its first and last time."""
    groups = collections.defaultdict(list)
    for r in rows:
        groups[tuple(r[k] for k in keys)].append(r["at_us"])
    return [{**dict(zip(keys, key)), "count": len(at), "first_us": min(at), "last_us": max(at)}
            for key, at in sorted(groups.items(), key=lambda item: (min(item[1]), str(item[0])))]


def stretches(times, gap_us=FAIL_GAP_US):
    """Sorted times as [{first_us, last_us, count}], split where nothing happened for gap_us."""
    found = []
    for at in sorted(times):
        if found and at - found[-1]["last_us"] < gap_us:
            found[-1]["last_us"] = at
            found[-1]["count"] += 1
        else:
            found.append({"first_us": at, "last_us": at, "count": 1})
    return found


def refusals(rows):
    seen = [{**r, "class": refusal_class(r["message"])} for r in rows if r["state"] == "53300"]
    return {
        "count": len(seen),
        "first_us": seen[0]["at_us"] if seen else None,
        "last_us": seen[-1]["at_us"] if seen else None,
        "messages": dict(sorted(collections.Counter(r["message"] for r in seen).items())),
        "by": spanned(seen, ("class", "user", "database")),
        "each": [[r["at_us"], r["class"], r["user"], r["database"]] for r in seen],
        "stretches": stretches([r["at_us"] for r in seen], BURST_GAP_US),
    }


def database(rows):
    """What PostgreSQL said of itself: states, crashes, when it was ready, locks."""
    words = {"crashed": "was terminated by signal", "shutdown": "received fast shutdown request",
             "ready": "database system is ready to accept"}
    told = {name: [r["at_us"] for r in rows if word in r["message"]] for name, word in words.items()}
    waits = []
    for r in rows:
        m = re.match(r"process (\d+) still waiting for (\w+) on (.+) after ([\d.]+) ms", r["message"])
        if m:
            d = re.match(r"Process(?:es)? holding the lock: ([\d, ]+)\. Wait queue: ([\d, ]*)", r["detail"])
            waits.append({"at_us": r["at_us"], "pid": int(m[1]), "mode": m[2], "object": m[3],
                          "waited_us": round(float(m[4]) * 1000),
                          "holders": [int(x) for x in d[1].split(",")] if d else [],
                          "queue": len(d[2].split(",")) if d and d[2] else 0})
    got = []
    for r in rows:
        m = re.match(r"process (\d+) acquired (\w+) on (.+) after ([\d.]+) ms", r["message"])
        if m:
            got.append({"at_us": r["at_us"], "pid": int(m[1]), "mode": m[2], "object": m[3],
                        "waited_us": round(float(m[4]) * 1000)})
    states = spanned([r for r in rows if r["state"][:3] in ("57P", "533", "55P")], ("state",))
    return {"states": states, **told, "lock_waits": waits, "lock_acquired": got}


def pooler(logs):
    """PgBouncer's own log: refusals by their words, the first and last of each."""
    seen = []
    relayed = []
    for path in logs.glob("pgbouncer.log*"):
        for line in path.read_text(errors="replace").splitlines():
            m = re.match(r"(\S+ \S+ UTC) \[\d+\] WARNING \S+: (\S+?)/(\S+?)@\S+ pooler error: (.*)", line)
            if m:
                seen.append({"at_us": stamp_us(m[1]), "database": None if m[2] == "(nodb)" else m[2],
                             "user": None if m[3] == "(nouser)" else m[3], "message": m[4]})
            m = re.match(r"(\S+ \S+ UTC) \[\d+\] WARNING .*server login failed: FATAL (.*)", line)
            if m:
                relayed.append({"at_us": stamp_us(m[1]), "message": m[2]})
    seen.sort(key=lambda r: r["at_us"])
    return {"refusals": spanned(seen, ("message", "user", "database")), "login_failed": spanned(relayed, ("message",)),
            "each": [[r["at_us"], POOLER.get(r["message"]), r["user"], r["database"]] for r in seen],
            "stretches": stretches([r["at_us"] for r in seen], BURST_GAP_US)}


def taps(work):
    """What the apps saw of their database, by their own clock."""
    found = {}
    for path in sorted(work.glob("tap-*")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        rows = [{**r, "error": r["error"].split("\n")[0]} for r in rows]
        found[path.name.removeprefix("tap-")] = spanned(rows, ("where", "error"))
    return found


def quantiles(tap):
    took = sorted(end - begin for begin, end, status, _ in tap)
    if not took:
        return None
    return {f"p{p}_us": took[min(len(took) - 1, len(took) * p // 100)] for p in (50, 95, 99)} | {"requests": len(took)}


def answers(tap):
    """Answers in each second from the first on."""
    if not tap:
        return None
    first = min(r[1] for r in tap) // 1_000_000
    each = collections.Counter(r[1] // 1_000_000 - first for r in tap)
    return {"first_s": first, "each": [each[n] for n in range(max(each) + 1)]}


def users(tap):
    """What the users saw. Failed: a status of 500 and above, or no answer (0)."""
    bad = [r for r in tap if r[2] >= 500 or r[2] == 0]
    first, last = (min(r[1] for r in bad), max(r[1] for r in bad)) if bad else (None, None)
    per_path = collections.Counter(r[3] if not r[3].startswith("/api/products/") else "/api/products" for r in bad)
    return {
        "requests": len(tap),
        "failed": len(bad),
        "status": {str(k): v for k, v in sorted(collections.Counter(r[2] for r in tap).items())},
        "answers": answers(tap),
        "failed_us": sorted(r[1] for r in bad),
        "first_failure_us": first,
        "last_failure_us": last,
        "failures": stretches([r[1] for r in bad]),
        "failed_paths": dict(sorted(per_path.items())),
        "latency_before": quantiles([r for r in tap if first and r[1] < first]) if bad else quantiles(tap),
        "latency_during": quantiles([r for r in tap if bad and first <= r[1] <= last]),
        "slowest_us": max((r[1] - r[0] for r in tap), default=None),
        "first_over_1s_us": min((r[1] for r in tap if r[1] - r[0] >= 1_000_000), default=None),
    }


def locks(samples):
    """The longest queue of the samples, and who held then: the holder is who blocks the first in the queue."""
    if not samples:
        return None
    peak = max(samples, key=lambda s: len(s["waiting"]))
    return {"queue_peak": len(peak["waiting"]), "at_us": peak["at_us"], "first_waiter": peak["waiting"][0],
            "holding": [h for h in peak["holding"] if h[0] in peak["waiting"][0][4]],
            "samples": [{"at_us": s["at_us"], "queue": len(s["waiting"])} for s in samples]}


def build(scenario, seed, scale, events, limits, work, logs, tap, watch, stats):
    rows = csvlog(work / "pglogs")
    seen = taps(work)
    full = [r for rows_ in seen.values() for r in rows_ if "too many c" in r["error"] or "connection slots" in r["error"]]
    status = users(tap)
    return {
        "scenario": scenario,
        "seed": seed,
        "scale": scale,
        "events": events,
        "limits": limits,
        "refusals": refusals(rows),
        "database": database(rows),
        "pooler": {**pooler(logs), "stats_totals": stats},
        "client_tap": {"count": sum(r["count"] for r in full), "first_us": min((r["first_us"] for r in full), default=None),
                       "last_us": max((r["last_us"] for r in full), default=None)},
        "app_taps": seen,
        "users": status,
        "http_client_side": status["status"],
        "locks": locks(watch.locks),
        "activity": watch.activity,
        "pools": watch.pools,
    }
