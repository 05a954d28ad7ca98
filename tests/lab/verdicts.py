"""verdicts: what the draft of each scenario must say, and what it must not.

Takes  a Case (judge.py).
Gives  SCENARIOS: by name, the facts of one scenario; judge(): all facts of one run.
Holds  nothing.
Never  takes an expectation from a draft.
"""
import json
from datetime import datetime, timezone

from judge import STRAGGLERS, Case, evidence_holds, tally_of, us


def outage(c):
    i = c.one_incident("db", "app", "web", "lb")
    if i is None:
        return
    c.fact("the database first", i["propagation"][0]["tier"] == "db", i["propagation"][0])
    bursts, want = c.bursts("db", "db.connections.exhausted"), c.truth["refusals"]["stretches"]
    c.fact(f"{len(want)} burst of refusals in the database", len(bursts) == len(want), (want, [b["onset"] for b in bursts]))
    c.changes(i)
    c.holders(i)
    c.surge(i, c.events("load")[1]["at_us"])


def quiet(c):
    c.fact("the users saw no more than a failure or two", c.truth["users"]["failed"] <= STRAGGLERS, c.truth["users"]["status"])
    c.fact("no incident", c.d["incidents"] == [], [x["title"] for x in c.d["incidents"]])
    c.fact("the summary says so, with a reason", c.d["summary"]["incident"] is None and c.d["summary"]["reason"])


def lock_pileup(c):
    i = c.one_incident("db", "app", "web", "lb")
    if i is None:
        return
    c.holders(i)
    locks, waits = i.get("locks"), c.truth["database"]["lock_waits"]
    c.fact("the lock waits are told", bool(locks), "incident.locks is missing or null")
    if not locks:
        return
    each = {}  # the server may report one wait again: the same process, waiting since the same moment
    for w in waits:
        since = w["at_us"] - w["waited_us"]
        if not any(abs(since - x) < 50_000 for x in each.setdefault(w["pid"], [])):
            each[w["pid"]].append(since)
    n = sum(len(x) for x in each.values())
    c.fact(f"{n} waits, each counted once", locks["waits"] == n, (locks["waits"], len(waits)))
    queue = max(w["queue"] for w in waits)
    c.fact("the longest queue", locks["queue_peak"] == queue, (locks["queue_peak"], queue))
    sampled = c.truth["locks"]["queue_peak"]
    c.fact("the longest queue, as pg_locks saw it", abs(queue - sampled) <= 1, (queue, sampled))
    longest = max(w["waited_us"] for w in c.truth["database"]["lock_acquired"] + waits)
    c.fact("the longest wait", abs(locks["longest_us"] - longest) <= 1000, (locks["longest_us"], longest))
    began = c.truth["locks"]["first_waiter"][3]  # pg_locks.waitstart
    c.fact("when the first began to wait", abs(us(locks["onset"]["at"]) - began) <= 20_000, (locks["onset"], began))
    held = {h["pid"]: h for o in locks["objects"] for h in o["holders"]}
    root = c.events("long_transaction_begin")[0]
    h = held.get(root["pid"])
    c.fact("the holder's pid", h is not None, (held, root))
    c.fact("and who it is", h and (h["user"], h["application"]) == (root["user"], root["application"]), (h, root))
    named = {w["object"].split()[1] for w in waits}
    c.fact("the relation that the server names", all(any(n in o["object"] for o in locks["objects"]) for n in named),
           (named, [o["object"] for o in locks["objects"]]))
    modes = tally_of([(w["mode"],) for w in waits], 0)
    most = [m for m, n in modes.items() if n == max(modes.values())]
    c.fact("the mode that most waited for", locks["objects"][0]["mode"] in most, (locks["objects"][0]["mode"], modes))
    c.fact("the statements that waited are told", any("from orders" in x["db.query.text"].lower() for x in i["statements"]),
           [x["db.query.text"] for x in i["statements"]])


def leak_after_deploy(c):
    i = c.one_incident("db", "app", "web", "lb")
    if i is None:
        return
    c.changes(i)
    c.holders(i)
    leaky = [h["count"] for h in i["holders"]["items"] if h["dimension"] == "application" and h["name"] == "shop-receipts"]
    c.fact("the application that leaks is among the holders", leaky and leaky[0] >= 4, i["holders"]["items"])
    early = [x["summary"] for x in i["changes"] if x["kind"] == "traffic_surge" and us(x["at"]["at"]) <= us(i["onset"]["at"])]
    c.fact("no rush is told, there was none", not early, early)


def db_crash(c):
    i = c.one_incident("db", "app", "web", "lb")
    if i is None:
        return
    c.fact("no refusal is counted, no limit was reached", not i["refusals"], i["refusals"])
    c.fact("no burst of exhausted connections", not [b for b in c.d["bursts"] if b["signal"].endswith("connections.exhausted")])
    crash, ready = c.truth["database"]["crashed"][0], c.truth["database"]["ready"][-1]
    told = [(e["kind"], us(e["at"]) - crash) for e in c.d["timeline"] if e["tier"] == "db"]
    c.fact("the crash is told at its time", any(abs(t) <= 1000 for _, t in told), told)
    words = datetime.fromtimestamp(ready / 1e6, timezone.utc).strftime("ready again %H:%M:%S")
    c.fact("and when it was ready again", words in json.dumps(i["changes"]), (words, [x["summary"] for x in i["changes"]]))


def role_trickle(c):
    """A limit that does its work from the first minute to the last: counted and told, but nobody's outage."""
    c.fact("no user's request failed in the run", c.truth["users"]["failed"] == 0, c.truth["users"]["status"])
    for i in c.d["incidents"]:
        c.fact("no users' failures are claimed that users did not see", not i["impact"]["failed"], i["impact"]["failed"])
        c.fact("only the batch role is named", {r["scope"]["user"] for r in c.refusals("db")} == {"etl"}, i["refusals"])
        c.fact("neither begin nor end is claimed: the logs have none",
               i["ongoing"] and all(b["assumed_baseline"] for b in c.bursts("db", "db.connections.exhausted")),
               (i["onset"], i["end"]))
        c.fact("only the database and the job that is its client", {p["tier"] for p in i["propagation"]} <= {"db", "app"})


def two_bursts(c):
    want, bursts = c.truth["refusals"]["stretches"], c.bursts("db", "db.connections.exhausted")
    c.fact(f"{len(want)} bursts in the database", len(bursts) == len(want) == 2, (want, [b["onset"] for b in bursts]))
    for b, s in zip(bursts, want):
        got = us(b["onset"]["at"]), us(b["end"]["at"]), b["count"]
        c.fact(f"{b['class']}: first and last to the ms, and the count", got == (s["first_us"], s["last_us"], s["count"]),
               (got, s))
    c.fact("first the role's limit, then the server's", [b["class"] for b in bursts] == ["db.role_limit", "db.max_connections"],
           [b["class"] for b in bursts])
    # Beside the batch role's five connections a user may find the server full, too: then the truth says so.
    met = {}
    for r in c.truth["refusals"]["each"]:
        if want[0]["first_us"] <= r[0] <= want[0]["last_us"]:
            met[r[2]] = met.get(r[2], 0) + 1
    c.fact("the first is the batch role's", max(met, key=met.get) == "etl", met)
    c.fact("and who else met it is told", bursts and {x["name"]: x["count"] for x in bursts[0]["users"]} == met, met)
    c.fact("an incident", len(c.d["incidents"]) in (1, 2), [x["title"] for x in c.d["incidents"]])
    for i in c.d["incidents"]:
        c.users_saw(i)


def pooler_limit(c):
    i = c.one_incident("pool", "app", "web", "lb")
    if i is None:
        return
    c.fact("both limits were met in the run", len(tally_of(c.truth["pooler"]["each"], 1)) == 2, c.truth["pooler"]["refusals"])
    c.fact("the database is not blamed", not c.bursts("db", "db.connections.exhausted"))
    c.fact("the pooler first", i["propagation"][0]["tier"] == "pool", i["propagation"][0])
    causes = [x["cause"] for x in i["causes"]]
    c.metric(i, "pgbouncer.time.wait")
    c.fact("no cause but the pooler's limit", set(causes) <= {"pooler_limit", "pool_misconfiguration", "traffic_surge"}, causes)


def flapping(c):
    i = c.one_incident("web", "lb")
    if i is None:
        return
    c.fact("nothing ran out of connections", not i["refusals"] and not [b for b in c.d["bursts"] if "exhausted" in b["signal"]])
    kinds = ("start", "restart", "deploy")
    told = [us(x["at"]["at"]) for x in i["changes"] if x["tier"] == "app" and x["kind"] in kinds and x["service"] == "shop-api"]
    for e in c.events("app_started")[::2]:  # the two instances start together
        after = [t - e["at_us"] for t in told]
        c.fact("the restart of the app is told", any(abs(x) < 1_500_000 for x in after), after)
    one, want = c.bursts("lb", "http.server_error"), c.truth["users"]["failures"]
    c.fact("its pauses of a few seconds do not split it", len(one) == len(want) == 1, [(b["onset"], b["end"]) for b in one])


def app_pool_only(c):
    i = c.one_incident("app", "web", "lb")
    if i is None:
        return
    n = sum(r["count"] for rows in c.truth["app_taps"].values() for r in rows if r["where"] == "pool")
    got = [(r["tier"], r["class"], r["count"]) for r in i["refusals"] if not r["echo"]]
    c.fact(f"{n} refusals of the app's own pool", got == [("app", "pool.reject", n)], got)
    c.fact("the database is not blamed", not c.bursts("db"), [b["signal"] for b in c.bursts("db")])
    c.fact("the app first", i["propagation"][0]["tier"] == "app", [(p["tier"], p["onset"]["at"]) for p in i["propagation"]])
    failing = {e["path"] for e in i["impact"]["endpoints"] if e["failed"]}
    theirs = set(c.truth["users"]["failed_paths"])
    c.fact("the paths that failed are named", failing == theirs, (failing, theirs))


# What began it, as the scenarios' own texts say.
CAUSES = {"outage": "traffic_surge", "lock_pileup": "lock_contention", "leak_after_deploy": "connection_leak", "db_crash": "database_crash",
          "role_trickle": "batch_job", "two_bursts": "batch_job", "pooler_limit": "pooler_limit", "flapping": "application_error",
          "app_pool_only": "app_pool_exhausted"}

SCENARIOS = {
    f.__name__: f
    for f in (outage, quiet, lock_pileup, leak_after_deploy, db_crash, role_trickle, two_bursts, pooler_limit, flapping,
              app_pool_only)
}


def judge(onset, folder):
    """Judges; returns the draft with the zones stated."""
    c = Case(onset, folder, "--zone", "*=UTC")
    refused = c.truth["refusals"]["each"]
    # counted once, at the deepest tier whose log has them
    pooled = [] if refused else [r for r in c.truth["pooler"]["each"] if r[1]]
    for case in (c, Case(onset, folder)):
        case.refusals_are("db", refused)
        case.refusals_are("pool", pooled)
    SCENARIOS[c.truth["scenario"]](c)
    for i in c.d["incidents"][:1]:
        got = [(x["cause"], x["score"], x["word"]) for x in i["causes"]]
        # The shortest runs have half a minute before the outage: too little to know what is usual, which the draft has to say.
        unknown = not got and i["load_reason"] and "begin less than forty seconds before the onset" in i["load_reason"]
        c.fact("the true cause first, or not known for want of a time before", unknown or (got and got[0][0] == CAUSES.get(c.truth["scenario"])), got)
    evidence_holds(c.name, c.d)
    lost = [(s["key"], s["unparsed"], s["samples"]) for s in c.d["sources"] if s["unparsed"]]
    c.fact("every line of every server was read", not lost, lost)
    return c.d
