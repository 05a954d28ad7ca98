#!/usr/bin/python3
"""incidents: see incidents.sh. Every expectation comes from truth files or from a grep of the raw logs, never from a draft."""
import collections
import csv
import gzip
import json
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "lab"))
from fact import done, fact  # noqa: E402
from judge import draft, evidence_holds, us  # noqa: E402
from verdicts import judge  # noqa: E402
import toldback  # noqa: E402
import wrapped  # noqa: E402

onset = sys.argv[1]


def refusal_bursts(d):
    return [b for b in d["bursts"] if b["signal"] == "db.connections.exhausted" and b["tier"] == "db"]


def counted(d, tier="db"):
    return sum(r["count"] for i in d["incidents"] for r in i["refusals"] if r["tier"] == tier and not r["echo"])


def one_outage(name, folder, first_us, last_us, refusals, deploy_us, restart_us):
    d = draft(onset, folder)
    fact(f"{name}: one incident", len(d["incidents"]) == 1, [i["onset"] for i in d["incidents"]])
    i = d["incidents"][0]
    onset_ = i["onset"]
    fact(f"{name}: the onset interval holds the true first refusal", us(onset_["lower"]) <= first_us <= us(onset_["upper"]), onset_)
    fact(f"{name}: onset.at lies within 50 ms of it", abs(us(onset_["at"]) - first_us) <= 50_000, onset_)
    fact(f"{name}: the database first", i["propagation"][0]["tier"] == "db", i["propagation"][0])
    fact(f"{name}: one burst of refusals in the database", len(refusal_bursts(d)) == 1, len(refusal_bursts(d)))
    if refusal_bursts(d):
        fact(f"{name}: its last refusal to the ms", abs(us(refusal_bursts(d)[0]["end"]["at"]) - last_us) <= 1000, refusal_bursts(d)[0]["end"])
    fact(f"{name}: refusals counted once", counted(d) == refusals, (counted(d), refusals))
    kinds = {(c["kind"], us(c["at"]["at"])) for c in i["changes"]}
    fact(f"{name}: the deploy is a change", any(k == "deploy" and abs(t - deploy_us) < 8_000_000 for k, t in kinds), sorted(kinds))
    fact(f"{name}: the restart of the database is a change", any("restart" in k and abs(t - restart_us) < 3_000_000 for k, t in kinds), sorted(kinds))
    verdicts = {(c["kind"], c["verdict"], (c["mitigation"] or {}).get("answered")) for c in i["changes"]}
    fact(f"{name}: the deploy after the onset is refuted", ("deploy", "refuted", None) in verdicts, sorted(map(str, verdicts)))
    fact(f"{name}: the curve answered the restart of the database", ("restart", "refuted", "yes") in verdicts, sorted(map(str, verdicts)))
    fact(f"{name}: no change is supported as the cause", not [v for v in verdicts if v[1] == "supported"], sorted(map(str, verdicts)))
    judged = [c for c in i["changes"] if c["kind"] != "traffic_surge"]  # a rise of traffic is what users did: not on trial
    fact(f"{name}: each change has its eight tests", judged and all([t["name"] for t in c["tests"]] == [f"R{n}" for n in range(1, 9)] for c in judged))
    true_cause_first(name, i, "traffic_surge")
    fact(f"{name}: 10 to 40 timeline entries", 10 <= len(d["timeline"]) <= 40, len(d["timeline"]))
    evidence_holds(name, d)
    status = collections.Counter()
    for path in Path(folder).glob("access.log*"):
        for line in gzip.open(path, "rt", errors="replace"):
            status[line.split('"')[2].split()[0][0]] += 1
    web = [s for s in d["sources"] if s["key"].endswith("access.log")]
    fact(f"{name}: every access line is a record", sum(s["records"] for s in web) == sum(status.values()), web and web[0]["records"])
    return d


def true_cause_first(name, incident, cause):
    got = [(c["cause"], c["score"], c["word"]) for c in incident["causes"]]
    fact(f"{name}: the true cause first, {cause}", got and got[0][0] == cause, got)


def as_expected(name, d, folder):
    """expected.json: written by hand from the truth."""
    expected = json.loads((folder / "expected.json").read_text())
    fact(f"{name}: {expected['incidents']} incidents", len(d["incidents"]) == expected["incidents"])
    if expected["began_in"]:
        fact(f"{name}: it began in the {expected['began_in']} tier", d["incidents"][0]["propagation"][0]["tier"] == expected["began_in"])
    for entry in expected["timeline"]:
        near = [e for e in d["timeline"] if e["kind"] == entry["kind"] and entry["tier"] in (None, e["tier"])]
        fact(f"{name}: the timeline tells: {entry['what']}",
             any(abs(us(e["at"]) - us(entry["at"])) <= entry["within_ms"] * 1000 for e in near), [(e["kind"], e["at"]) for e in near])


# ---- samples of our own lab
for folder in sorted(Path("samples").iterdir()):
    truth_file = folder / "truth.json"
    if not truth_file.exists():
        continue
    truth = json.loads(truth_file.read_text())
    if "users" in truth:  # a run of the whole stack
        as_expected(folder.name, judge(onset, folder), folder)
    elif truth["scenario"] == "outage":
        at = {e["kind"]: e["at_us"] for e in truth["events"] if e["kind"] in ("mitigation_begin", "deploy_begin")}
        r = truth["refusals"]
        d = one_outage(folder.name, folder / "logs", r["first_us"], r["last_us"], r["count"], at["deploy_begin"], at["mitigation_begin"])
        as_expected(folder.name, d, folder)
    elif truth["scenario"] == "black-friday":
        as_expected(folder.name, toldback.check(onset), folder)
    elif truth["scenario"] == "quiet":
        d = draft(onset, folder / "logs")
        as_expected(folder.name, d, folder)
        fact(f"{folder.name}: no incident", d["incidents"] == [], [i["title"] for i in d["incidents"]])
        fact(f"{folder.name}: the summary says so, with a reason", d["summary"]["incident"] is None and d["summary"]["reason"])

# ---- the same logs inside what carries other programs' lines
wrapped.check(onset)

shared = Path("../shared/incidents")
if not shared.is_dir():
    print("skipped: ../shared/incidents is not here")
else:
    # ---- spike
    truth = json.loads((shared / "spike/truth.json").read_text())
    b = truth["bursts"][0]
    restart = next(e["t"] for e in truth["events"] if e["kind"] == "mitigation_begin")
    deploy = next(e["t"] for e in truth["events"] if e["kind"] == "deploy_begin")
    d = one_outage("spike", shared / "spike/logs", b["onset"] * 1000, b["end"] * 1000, b["rejections"], deploy * 1000, restart * 1000)
    app = sum(r["count"] for i in d["incidents"] for r in i["refusals"] if r["tier"] == "app" and r["echo"])
    fact("spike: the app's 6,857 copies are echoes, not added", app == b["rejections"], app)
    # ---- crash
    d = draft(onset, shared / "db_crash/logs")
    fact("db_crash: no connection burst", not [b for b in d["bursts"] if "connections.exhausted" in b["signal"] or b["signal"] == "app.pool.exhausted"])
    fact("db_crash: and no refusal is counted", all(not i["refusals"] for i in d["incidents"]))
    evidence_holds("db_crash", d)
    true_cause_first("db_crash", d["incidents"][0], "database_crash")
    # ---- all wordings at once: counted by Python's csv from PostgreSQL's csvlog
    g = shared / "generated-outage"
    want = collections.Counter()
    for row in csv.reader(gzip.open(g / "postgresql.csv.gz", "rt", newline="")):
        if row[12] == "53300" and "max_wal_senders" not in row[13]:
            want["db.role_limit" if "for role" in row[13] and "connections for" in row[13] else
                 "db.database_limit" if "for database" in row[13] else "db.max_connections"] += 1
    d = draft(onset, g)
    got = collections.Counter()
    for i in d["incidents"]:
        for r in i["refusals"]:
            if r["tier"] == "db" and not r["echo"]:
                got[r["class"]] += r["count"]
    fact("generated-outage: each limit's refusals under its class, counted once", got == want, (dict(got), dict(want)))
    twins = [s for s in d["sources"] if s["twin_of"]]
    fact("generated-outage: two PostgreSQL twins and two nginx twins", sorted(s["tier"] for s in twins) == ["db", "db", "web", "web"],
         [(s["key"], s["twin_of"]) for s in d["sources"]])
    pool = sum(1 for line in gzip.open(g / "pgbouncer.log.gz", "rt") if "pooler error:" in line)
    pool_got = sum(c["count"] for b in d["bursts"] if b["signal"] == "pool.connections.exhausted" for c in b["classes"])
    fact("generated-outage: PgBouncer's refusals once each (no burst: fewer than ten)", pool_got in (0, pool), (pool_got, pool))
    evidence_holds("generated-outage", d)
    true_cause_first("generated-outage", d["incidents"][0], "slow_queries")  # "cause A": its onset; B and C came later
    text = json.dumps(d)
    fact("generated-outage: the statement that only quotes the words is no event", "select 'FATAL: sorry" not in text.lower())
done()
