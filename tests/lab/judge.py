"""judge: a draft of a run's logs against the run's truth.json.

Takes  the program, the folder of a run (logs/, truth.json), the scenario's name from the truth.
Gives  facts (fact.py): refusals per class and scope to the last one, onset and end within the stated uncertainty, tiers that failed, the
       users' failures by their own count, who held connections and locks, and what each scenario must and must not say.
Holds  nothing.
Never  takes an expectation from a draft.

The zone of logs that print none is stated (--zone '*=UTC'), as their operator knows it: without it the draft rightly says that it
does not know the order.
"""
import gzip
import json
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from fact import fact

TIERS = {  # which tiers' own logs tell of the failure; the run's design, not the draft, decides
    "outage": {"db", "app", "web", "lb"},
    "lock_pileup": {"db", "app", "web", "lb"},
    "leak_after_deploy": {"db", "app", "web", "lb"},
    "db_crash": {"db", "app", "web", "lb"},
    "two_bursts": {"db", "app", "web", "lb"},
    "pooler_limit": {"pool", "app", "web", "lb"},
    "flapping": {"web", "lb"},
    "app_pool_only": {"app", "web", "lb"},
}
SLACK_US = 50_000      # the same event by two clocks of one machine: the server's line and the client's, under load
STRAGGLERS = 2  # one or two failures apart from the others are no burst
BURST_GAP_US = 20_000_000  # a pause that parts two bursts; also truth.py's
LEAST = 10             # fewer events than this are no burst by design (story/burst.h); they may be told or not
CLIENT_SLACK_US = 1_000_000  # stamps of access.log are whole seconds


def us(text):
    stamp = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return int((stamp - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1_000_000 + 0.5)


def draft(onset, folder, *options):
    run = subprocess.run([onset, "draft", *options, str(folder)], capture_output=True)
    fact(f"{folder}: exit status 0", run.returncode == 0, run.stderr[-500:])
    return json.loads(run.stdout or "{}")


def evidence_holds(name, d):
    """Every piece of evidence stands where it says it does: offset, length, line number."""
    texts = {}
    wrong = total = 0
    values = [d]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            if {"line", "offset", "length", "path"} <= value.keys():
                total += 1
                path = value["path"]
                if path not in texts:
                    raw = Path(path).read_bytes()
                    texts[path] = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
                text = texts[path]
                at = value["offset"]
                if (at and text[at - 1:at] != b"\n") or text.count(b"\n", 0, at) + 1 != value["line"] or \
                        text[at + value["length"]:at + value["length"] + 1] not in (b"\n", b"\r", b""):
                    wrong += 1
            values += value.values()
        elif isinstance(value, list):
            values += value
    fact(f"{name}: all {total} pieces of evidence stand where they say", wrong == 0 and total > 0, f"{wrong} of {total} wrong")


def counted(d, tier, cls):
    return sum(r["count"] for i in d["incidents"] for r in i["refusals"] if r["tier"] == tier and r["class"] == cls and not r["echo"])


def bursts_of(each):
    """Refusals [at_us, class, user, database] without stragglers: those of stretches (pauses under 20 s) of at least LEAST."""
    kept, run = [], []
    for r in sorted(each, key=lambda r: r[0]) + [[1 << 62, None, None, None]]:
        if run and r[0] - run[-1][0] >= BURST_GAP_US:
            kept += run if len(run) >= LEAST else []
            run = []
        run.append(r)
    return kept


def tally_of(rows, column):
    found = {}
    for r in rows:
        if r[column]:
            found[r[column]] = found.get(r[column], 0) + 1
    return found


def refusals(name, d, tier, each):
    """Each class's count, and each user's and database's under it, at the tier whose log has them."""
    rows = bursts_of(each)
    classes = tally_of(rows, 1)
    for cls, n in classes.items():
        mine = [r for r in rows if r[1] == cls]
        fact(f"{name}: {n} refusals of {cls}, counted once", counted(d, tier, cls) == n,
             [(r["tier"], r["class"], r["count"], r["echo"]) for i in d["incidents"] for r in i["refusals"]])
        bursts = [b for b in d["bursts"] if b["tier"] == tier and any(x["name"] == cls for x in b["classes"])]
        if len(classes) == 1 or all(len(b["classes"]) == 1 for b in bursts):  # a burst of several classes has the users of all
            for key, column in (("users", 2), ("databases", 3)):
                seen = {}
                for x in (x for b in bursts for x in b[key]):
                    seen[x["name"]] = seen.get(x["name"], 0) + x["count"]
                fact(f"{name}: {cls} by {key}", seen == tally_of(mine, column), (seen, tally_of(mine, column)))
        told = [r for i in d["incidents"] for r in i["refusals"] if r["tier"] == tier and r["class"] == cls and not r["echo"]]
        if told:
            first, last = min(us(r["onset"]["at"]) for r in told), max(us(r["end"]["at"]) for r in told)
            fact(f"{name}: {cls}: first and last refusal to the ms", (first, last) == (mine[0][0], mine[-1][0]),
                 (first - mine[0][0], last - mine[-1][0]))
        for r in told:
            for key, column in (("user", 2), ("database", 3)):
                fact(f"{name}: a row of {cls} names a {key} only when that many of its refusals are that one's",
                     r["scope"][key] is None or tally_of(mine, column).get(r["scope"][key], 0) >= r["count"], (r["scope"], r["count"]))
    got = {r["class"] for i in d["incidents"] for r in i["refusals"] if r["tier"] == tier and not r["echo"]}
    fact(f"{name}: no refusal of another class in the {tier} tier", got <= {r[1] for r in each}, got)


def first_symptom(truth):
    """The first thing that any log can prove and that is no cause: a refusal, a user's failure, a crash. (Who waited for a lock, or what
    was deployed, is why: it has its own time and is never the onset.)"""
    found = [truth["refusals"]["first_us"], truth["users"]["first_failure_us"]] + truth["database"]["crashed"]
    found += [r["first_us"] for r in truth["pooler"]["refusals"]]
    return min(x for x in found if x)


def users_saw(name, d, i, truth):
    """The users' failures by their own clock: all of them, and none after the end but stragglers, which are no burst."""
    upper = us(i["end"]["upper"]) + CLIENT_SLACK_US
    lower = us(i["onset"]["lower"])
    others = [x for x in d["incidents"] if x["id"] != i["id"]]
    near = [t for t in truth["users"]["failed_us"] if not any(us(x["onset"]["lower"]) <= t <= us(x["end"]["upper"]) for x in others)]
    inside = [t for t in near if lower <= t <= upper]
    if not inside:
        fact(f"{name}: no user's failure is claimed when no user saw one", not i["impact"]["failed"], i["impact"]["failed"])
        return
    after = [t for t in near if upper < t <= upper + 60_000_000]
    fact(f"{name}: the users' failures end with the incident", len(after) <= STRAGGLERS, (i["end"], [(t - upper) / 1e6 for t in after[:20]]))
    before = [t for t in near if lower - 60_000_000 <= t < lower - CLIENT_SLACK_US]
    fact(f"{name}: and begin with it", len(before) <= STRAGGLERS, (i["onset"], [(t - lower) / 1e6 for t in before[:20]]))
    last = [t for t in inside if t <= us(i["end"]["upper"]) + CLIENT_SLACK_US][-1]
    fact(f"{name}: the end is the users' last failure", us(i["end"]["lower"]) - CLIENT_SLACK_US <= last, (i["end"], (last - us(i["end"]["at"])) / 1e6))
    failed = i["impact"]["failed"]
    slack = STRAGGLERS + len(inside) // 200  # a request that ends with the bin may fall to either side
    fact(f"{name}: {len(inside)} failed requests, as the users count them", failed is not None and abs(failed - len(inside)) <= slack,
         (failed, i["impact"]["measured_at"]))


def one_incident(name, d, truth):
    """What holds of every scenario with one outage. Returns the incident."""
    fact(f"{name}: one incident", len(d["incidents"]) == 1, [(x["title"], x["onset"]["at"]) for x in d["incidents"]])
    if not d["incidents"]:
        return None
    i = d["incidents"][0]
    first = first_symptom(truth)
    o = i["onset"]
    fact(f"{name}: the onset interval holds the first symptom", us(o["lower"]) - SLACK_US <= first <= us(o["upper"]) + SLACK_US,
         (o, (us(o["at"]) - first) / 1e6))
    told = {p["tier"] for p in i["propagation"]}
    want = set(TIERS[truth["scenario"]])
    pooler = sum(r["count"] for r in truth["pooler"]["refusals"] + truth["pooler"]["login_failed"])
    if pooler >= LEAST:  # its own log, read with Python, tells of errors
        want.add("pool")
    elif pooler:
        told.discard("pool")
    fact(f"{name}: the tiers that failed", told == want, (sorted(told), sorted(want)))
    users_saw(name, d, i, truth)
    fact(f"{name}: 10 to 40 timeline entries", 10 <= len(d["timeline"]) <= 40, len(d["timeline"]))
    return i


def changes(name, i, truth):
    """Deploys and restarts that were made are told, at their time."""
    got = [(c["kind"], us(c["at"]["at"])) for c in i["changes"]]
    for e in truth["events"]:
        if e["kind"] == "deploy_begin":
            fact(f"{name}: the deploy of {e['version']} is a change", any(k == "deploy" and abs(t - e["at_us"]) < 3_000_000 for k, t in got),
                 [(k, (t - e["at_us"]) / 1e6) for k, t in got])
    for at in truth["database"]["shutdown"][:-1]:  # the last is the end of the run
        fact(f"{name}: the restart of the database is a change", any("restart" in k and abs(t - at) < 1_000_000 for k, t in got), got)


def holders(name, i, truth):
    """Open connections at the first refusal against the samples of pg_stat_activity around it."""
    near = [s for s in truth["activity"] if abs(s["at_us"] - truth["refusals"]["first_us"]) <= 2_500_000]
    if len(near) < 2:
        return
    h = i["holders"]
    columns = {"role": 0, "database": 1, "application": 2}
    for dimension, column in columns.items():
        seen = {}
        for s in near:
            for row in s["open"]:
                seen.setdefault(row[column], {}).setdefault(s["at_us"], 0)
                seen[row[column]][s["at_us"]] += row[4]
        for item in h["items"]:
            if item["dimension"] != dimension or item["count"] < 4:
                continue
            by_time = list(seen.get(item["name"], {}).values()) or [0]
            fact(f"{name}: {dimension} {item['name']!r} held {item['count']}: pg_stat_activity saw as many",
                 min(by_time) - 1 <= item["count"] <= max(by_time) + 1, by_time)
    room = truth["limits"]["max_connections"] - truth["limits"]["superuser_reserved_connections"]
    if h["limit"] is not None:
        fact(f"{name}: the limit in force", h["limit"] in (room, truth["limits"]["max_connections"]), (h["limit"], room))


# ---- scenarios
def outage(name, d, truth):
    i = one_incident(name, d, truth)
    if i:
        fact(f"{name}: the database first", i["propagation"][0]["tier"] == "db", i["propagation"][0])
        fact(f"{name}: one burst of refusals in the database", sum(b["signal"] == "db.connections.exhausted" and b["tier"] == "db" for b in d["bursts"])
             == len(truth["refusals"]["stretches"]), truth["refusals"]["stretches"])
        changes(name, i, truth)
        holders(name, i, truth)
        surge = [e["at_us"] for e in truth["events"] if e["kind"] == "load"][1]
        fact(f"{name}: the rush is told at its time", any(c["kind"] == "traffic_surge" and abs(us(c["at"]["at"]) - surge) < 2_000_000 for c in i["changes"]),
             [(c["kind"], c["at"]["at"]) for c in i["changes"]])


def quiet(name, d, truth):
    fact(f"{name}: no incident", d["incidents"] == [], [x["title"] for x in d["incidents"]])
    fact(f"{name}: the summary says so, with a reason", d["summary"]["incident"] is None and d["summary"]["reason"])


def lock_pileup(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    holders(name, i, truth)
    locks = i.get("locks")
    waits = truth["database"]["lock_waits"]
    fact(f"{name}: the lock waits are told", bool(locks), "no key incident.locks")
    if not locks:
        return
    long_one = next(e for e in truth["events"] if e["kind"] == "long_transaction_begin")
    fact(f"{name}: lock waits, each report once", locks["waits"] == len(waits), (locks["waits"], len(waits)))
    fact(f"{name}: the longest queue", locks["queue_peak"] == max(w["queue"] for w in waits), (locks["queue_peak"], max(w["queue"] for w in waits)))
    longest = max(w["waited_us"] for w in truth["database"]["lock_acquired"] + waits)
    fact(f"{name}: the longest wait", abs(locks["longest_us"] - longest) <= 1000, (locks["longest_us"], longest))
    held = {h["pid"]: h for o in locks["objects"] for h in o["holders"]}
    fact(f"{name}: the holder's pid", long_one["pid"] in held, (held, long_one))
    if long_one["pid"] in held:
        h = held[long_one["pid"]]
        fact(f"{name}: who it is", (h["user"], h["application"]) == (long_one["user"], long_one["application"]), h)
    fact(f"{name}: on the object that the server names", {w["object"].split(" of ")[0].split()[-1] for w in waits} <=
         {t for o in locks["objects"] for t in str(o["object"]).replace("/", " ").split()}, [o["object"] for o in locks["objects"]])


def leak_after_deploy(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    changes(name, i, truth)
    holders(name, i, truth)
    fact(f"{name}: the application that leaks is among the holders",
         any(h["dimension"] == "application" and h["name"] == "shop-receipts" and h["count"] >= 4 for h in i["holders"]["items"]),
         [(h["dimension"], h["name"], h["count"]) for h in i["holders"]["items"]])
    fact(f"{name}: no rush is told, there was none before the onset",
         not any(c["kind"] == "traffic_surge" and us(c["at"]["at"]) <= us(i["onset"]["at"]) for c in i["changes"]))


def db_crash(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    fact(f"{name}: no refusal is counted, no limit was reached", not i["refusals"], i["refusals"])
    fact(f"{name}: no burst of exhausted connections", not [b for b in d["bursts"] if b["signal"].endswith("connections.exhausted")])
    crash, ready = truth["database"]["crashed"][0], truth["database"]["ready"][-1]
    told = [(e["kind"], us(e["at"])) for e in d["timeline"] if e["tier"] == "db"]
    fact(f"{name}: the crash is told at its time", any(abs(t - crash) <= 1000 for _, t in told), [(k, (t - crash) / 1e6) for k, t in told])
    text = json.dumps(d["timeline"]) + json.dumps(i["changes"])
    fact(f"{name}: and when it was ready again", any(abs(t - ready) <= 1000 for _, t in told) or
         datetime.fromtimestamp(ready / 1e6, timezone.utc).strftime("ready %H:%M:%S") in text, [(k, (t - ready) / 1e6) for k, t in told])


def role_trickle(name, d, truth):
    """A limit that does its work from the first minute to the last: counted and told, but nobody's outage."""
    fact(f"{name}: no user's request failed in the run", truth["users"]["failed"] == 0, truth["users"]["status"])
    for i in d["incidents"]:
        fact(f"{name}: no users' failures are claimed that users did not see", not i["impact"]["failed"], i["impact"]["failed"])
        fact(f"{name}: only the batch role is named", {r["scope"]["user"] for r in i["refusals"] if not r["echo"]} == {"etl"}, i["refusals"])
        fact(f"{name}: neither begin nor end is claimed, the logs have neither", i["ongoing"] and any(b["assumed_baseline"] for b in d["bursts"]),
             (i["onset"], i["end"]))
        fact(f"{name}: tiers: the database, and the job as its client", {p["tier"] for p in i["propagation"]} <= {"db", "app"}, i["propagation"])


def two_bursts(name, d, truth):
    stretches = truth["refusals"]["stretches"]
    bursts = sorted((b for b in d["bursts"] if b["signal"] == "db.connections.exhausted" and b["tier"] == "db"), key=lambda b: us(b["onset"]["at"]))
    fact(f"{name}: {len(stretches)} bursts in the database", len(bursts) == len(stretches), [(b["class"], b["onset"]["at"], b["end"]["at"]) for b in bursts])
    for b, s in zip(bursts, stretches):
        fact(f"{name}: {b['class']}: first and last to the ms, and the count", (us(b["onset"]["at"]), us(b["end"]["at"]), b["count"]) ==
             (s["first_us"], s["last_us"], s["count"]), (b["onset"]["at"], b["end"]["at"], b["count"], s))
    if len(bursts) == 2:
        fact(f"{name}: first the role's limit, then the server's", [b["class"] for b in bursts] == ["db.role_limit", "db.max_connections"])
        fact(f"{name}: the first is the batch role's alone", [x["name"] for x in bursts[0]["users"]] == ["etl"], bursts[0]["users"])
    fact(f"{name}: an incident", len(d["incidents"]) in (1, 2), [x["title"] for x in d["incidents"]])
    for i in d["incidents"]:
        users_saw(name, d, i, truth)


def pooler_limit(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    fact(f"{name}: both limits were met in the run", len(tally_of(truth["pooler"]["each"], 1)) == 2, truth["pooler"]["refusals"])
    fact(f"{name}: the database is not blamed", not [b for b in d["bursts"] if b["tier"] == "db" and b["signal"] == "db.connections.exhausted"])
    fact(f"{name}: the pooler first", i["propagation"][0]["tier"] == "pool", i["propagation"][0])


def flapping(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    fact(f"{name}: nothing ran out of connections", not i["refusals"] and not [b for b in d["bursts"] if "exhausted" in b["signal"]])
    starts = [e["at_us"] for e in truth["events"] if e["kind"] == "app_started"]
    text = json.dumps(i["changes"])
    fact(f"{name}: the restarts of the app are told", "shop-api" in text and any(c["tier"] == "app" and us(c["onset"]["at"] if "onset" in c else c["at"]["at"])
         <= starts[-1] + 1_000_000 and c["kind"] in ("start", "restart", "deploy") and c["evidence"] for c in i["changes"]),
         [(c["kind"], c["tier"], c["at"]["at"], c["summary"]) for c in i["changes"]])
    one = [b for b in d["bursts"] if b["signal"] == "http.server_error" and b["tier"] == "lb"]
    fact(f"{name}: one burst of users' failures, its pauses of a few seconds bridged", len(one) == len(truth["users"]["failures"]),
         [(b["onset"]["at"], b["end"]["at"], b["count"]) for b in one])


def app_pool_only(name, d, truth):
    i = one_incident(name, d, truth)
    if i is None:
        return
    n = sum(r["count"] for rows in truth["app_taps"].values() for r in rows if r["where"] == "pool")
    got = [(r["tier"], r["class"], r["count"]) for r in i["refusals"] if not r["echo"]]
    fact(f"{name}: {n} refusals of the app's own pool", got == [("app", "pool.reject", n)], got)
    fact(f"{name}: the database is not blamed", not [b for b in d["bursts"] if b["tier"] == "db"], [(b["signal"], b["tier"]) for b in d["bursts"]])
    fact(f"{name}: the app first", i["propagation"][0]["tier"] == "app", [(p["tier"], p["onset"]["at"]) for p in i["propagation"]])
    fact(f"{name}: the failing path is named", i["impact"]["endpoints"] and any("billing" in e["path"] and e["failed"] for e in i["impact"]["endpoints"]),
         i["impact"]["endpoints"])


SCENARIOS = {f.__name__: f for f in (outage, quiet, lock_pileup, leak_after_deploy, db_crash, role_trickle, two_bursts, pooler_limit, flapping, app_pool_only)}


def judge(onset, folder):
    """Judges; returns the draft."""
    truth = json.loads((folder / "truth.json").read_text())
    name = truth["scenario"]
    d = draft(onset, folder / "logs", "--zone", "*=UTC")
    refusals(name, d, "db", truth["refusals"]["each"])
    refusals(name, d, "pool", [] if truth["refusals"]["count"] else [r for r in truth["pooler"]["each"] if r[1]])
    SCENARIOS[name](name, d, truth)
    evidence_holds(name, d)
    lost = [(s["key"], s["unparsed"], s["samples"]) for s in d["sources"] if s["unparsed"]]
    fact(f"{name}: every line of every server was read", not lost, lost)
    return d
