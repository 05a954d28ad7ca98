#!/usr/bin/python3
"""compare: drafts of the program against the naive reference, on real and on generated logs.

Takes  the program, folders. Gives a line for each disagreement; last line "N passed, N failed".
"""
import json
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import curves
import reference
import waits
from fact import done, fact

SEC = reference.SEC
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
ZERO_IN_HEALTH = {"db.connections.exhausted", "pool.connections.exhausted", "app.pool.exhausted", "lb.no_backend",
                  "db.starting_up", "db.shutting_down"}
SIGNALS = ("db.connections.exhausted", "pool.connections.exhausted", "app.pool.exhausted", "http.server_error", "http.client_gone",
           "db.starting_up", "db.shutting_down", "lb.no_backend")
CLASSED = ("db.connections.exhausted", "pool.connections.exhausted", "http.server_error")


def us(text):
    stamp = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    delta = stamp - EPOCH
    return (delta.days * 86400 + delta.seconds) * SEC + delta.microseconds


def cap_of(signal, events):
    """Events per second that are background at the most: ~0 in health, or one request in twenty, or (0) any number."""
    if signal in ZERO_IN_HEALTH:
        return reference.CAP
    if signal != "http.server_error":
        return 0
    seconds = (max(e.us for e, _ in events) - min(e.us for e, _ in events)) // SEC + 1
    return max(reference.CAP, sum(e.status is not None for e, _ in events) / 20 / seconds)


def compare_source(name, src, ref, draft):
    counts = ref["counts"]
    for field in ("lines", "records", "joined", "attached", "unparsed", "head", "blank", "joined_over_rotation"):
        fact(f"{name}: {field}", src[field] == counts[field], (src[field], counts[field]))
    if src["twin_of"]:
        return
    events = [(e, path) for path, found in ref["files"] for e in found]
    if not events:
        return
    start, end = min(e.us for e, _ in events), max(e.us for e, _ in events)
    gaps = [(us(g["start"]), us(g["end"])) for g in src["gaps"]]
    stamps = sorted(e.us for e, _ in events)
    for a, b in gaps:
        fact(f"{name}: nothing is logged in a gap", not any(a < t < b for t in stamps) and b - a >= 60 * SEC, (a, b))
    for signal in SIGNALS:
        mine = sorted(((e.us, e.offset, e.line, path, c) for e, path in events for s, c in e.signals if s == signal), key=lambda x: x[:2])
        want = reference.bursts([m[0] for m in mine], start, end, gaps, cap_of(signal, events)) if mine else []
        got = [b for b in draft["bursts"] if b["source"] == src["id"] and b["signal"] == signal]
        got.sort(key=lambda b: b["onset_at_source"])
        found = [(us(b["onset_at_source"]), b["count"]) for b in got]
        fact(f"{name}: bursts of {signal}", found == [(w[0], w[2]) for w in want], (found, want))
        for b, w in zip(got, want):
            begun, over = reference.censored_by(w, want, gaps, max(b["width_us"], reference.REACH if cap_of(signal, events) else 0))
            for moment, seen, gap, bound, flag in ((b["onset"], w[0], begun, "lower", "censored_start"), (b["end"], w[1], over, "upper", "censored_end")):
                told = "the log has a gap" in moment.get("reason", "")
                fact(f"{name}: a gap beside a burst of {signal} is told", told == (gap is not None) and b[flag] >= told, (moment, gap))
                if gap is not None:  # the bound lies beyond the gap by what the clock may be off, at least
                    over_us, gap_us = abs(us(moment["at"]) - us(moment[bound])), abs(seen - gap)
                    fact(f"{name}: the bound of {signal} lies beyond the gap", over_us >= gap_us, (moment, gap))
            inside = [m for m in mine if w[0] <= m[0] <= w[1]]
            first, last = b["evidence"][0], b["evidence"][1] if len(b["evidence"]) > 1 else b["evidence"][0]
            fact(f"{name}: first line of {signal}", (first["path"], first["line"], first["offset"]) ==
                 (inside[0][3], inside[0][2], inside[0][1]), ((first["path"], first["line"]), inside[0]))
            newest = inside[-1]
            fact(f"{name}: last line of {signal}", (last["path"], last["line"], last["offset"]) == (newest[3], newest[2], newest[1]),
                 ((last["path"], last["line"]), newest))
            if signal in CLASSED:
                classes = {}
                for m in inside:
                    classes[m[4]] = classes.get(m[4], 0) + 1
                fact(f"{name}: classes of {signal}", {c["name"]: c["count"] for c in b["classes"]} == classes, (b["classes"], classes))


def compare_calls(name, src, ref, draft):
    """Addresses that records name as called: whose counts, as long as there is room for all of them."""
    want = {}
    for _, found in ref["files"]:
        for e in found:
            if e.calls:
                want[e.calls] = want.get(e.calls, 0) + 1
    got = {u["address"]: u["records"] for u in draft["topology"]["upstreams"] if u["source"] == src["id"] and u["how"] != "client"}
    fact(f"{name}: addresses called", got == want, (got, want))


def inside(at, a, b):
    """How much of the ten seconds that hold an instant lies between two others."""
    start = at // (10 * SEC) * 10 * SEC
    return min(start + 10 * SEC, b) - max(start, a)


def compare_impact(name, incident, draft, refs):
    impact = incident["impact"]
    if not impact["measured_at"] or impact["requests"] is None:
        return
    tier = next(s["tier"] for s in draft["sources"] if s["id"] == impact["measured_at"])
    keys = {s["key"] for s in draft["sources"] if s["tier"] == tier and not s["twin_of"]}
    a, b = us(incident["onset"]["at"]), us(incident["end"]["at"] or incident["onset"]["at"])
    served = [e for key in keys for _, found in refs[key]["files"] for e in found if e.status]
    during = [e for e in served if a // SEC <= e.us // SEC <= b // SEC]
    fact(f"{name}: requests during the incident", impact["requests"] == len(during), (impact["requests"], len(during)))
    fact(f"{name}: failed requests", impact["failed"] == sum(e.status >= 500 for e in during),
         (impact["failed"], sum(e.status >= 500 for e in during)))
    timed = [e for e in served if e.duration_us is not None]
    # ten seconds count when at least half of them lies in the incident; where none does, all that hold an instant of it
    tens = sorted(e.duration_us for e in timed if inside(e.us, a, b) >= 5 * SEC) or sorted(
        e.duration_us for e in timed if a // SEC // 10 <= e.us // SEC // 10 <= b // SEC // 10)
    if impact["during"]["requests"] is not None:
        fact(f"{name}: requests with a duration", impact["during"]["requests"] == len(tens), (impact["during"]["requests"], len(tens)))
        for percent, field in ((50, "p50_us"), (95, "p95_us"), (99, "p99_us")):
            want, got = curves.percentile(tens, percent), impact["during"][field]
            fact(f"{name}: {field} within 1/64 of the truth", abs(got - want) * 64 <= want, (got, want))


def compare(onset, name, folder):
    run = subprocess.run([onset, "draft", "--no-redact", str(folder)], capture_output=True)
    fact(f"{name}: a draft", run.returncode in (0, 1), (run.returncode, run.stderr[-300:]))
    if run.returncode > 1:
        return None
    draft = json.loads(run.stdout)
    refs = reference.sources([folder])
    known = {key: ref for key, ref in refs.items() if ref["reader"]}
    fact(f"{name}: the same sources", {s["key"] for s in draft["sources"]} == set(refs), ({s["key"] for s in draft["sources"]} ^ set(refs)))
    for src in draft["sources"]:
        if src["key"] in known:
            compare_source(f"{name}/{Path(src['key']).name}", src, known[src["key"]], draft)
            if src["tier"] in ("lb", "web", "app", "pool") and not src["twin_of"]:
                compare_calls(f"{name}/{Path(src['key']).name}", src, known[src["key"]], draft)
    for incident in draft["incidents"]:
        if all(s["key"] in known for s in draft["sources"] if s["tier"] in ("lb", "web", "app")):
            compare_impact(name, incident, draft, known)
    curves.compare(name, draft, known, us)
    return draft


def main():
    onset, seeds = sys.argv[1], int(sys.argv[2])
    here = Path(__file__).resolve().parents[2]
    folders = [p / "logs" for p in sorted((here / "samples").iterdir()) if (p / "logs").is_dir()]
    shared = (here / "../shared/incidents").resolve()
    if shared.is_dir():
        folders += [shared / "spike/logs", shared / "db_crash/logs", shared / "generated-outage"]
    else:
        print("skipped: ../shared/incidents is not here")
    for folder in folders:
        compare(onset, folder.parent.name if folder.name == "logs" else folder.name, folder)
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as work:
            subprocess.run([sys.executable, str(here / "tests/reference/generate.py"), str(seed), work], check=True)
            draft = compare(onset, f"seed {seed}", Path(work) / "logs")
            if not draft:
                continue
            truth = json.loads((Path(work) / "truth.json").read_text())
            counted = {s["id"] for s in draft["sources"] if s["tier"] == "db" and not s["twin_of"]}
            got = sorted((us(b["onset_at_source"]), us(b["end"]["at"]), b["count"]) for b in draft["bursts"]
                         if b["source"] in counted and b["signal"] == "db.connections.exhausted")
            fact(f"seed {seed} ({truth['kind']}): the true bursts of refusals", got == [tuple(b) for b in truth["bursts"]], (got, truth["bursts"]))
            refused = sum(r["count"] for i in draft["incidents"] for r in i["refusals"] if not r["echo"])
            fact(f"seed {seed} ({truth['kind']}): refusals counted once", refused == sum(b[2] for b in truth["bursts"]),
                 (refused, truth["bursts"]))
    waits.run(onset, min(seeds, 6))
    done()


if __name__ == "__main__":
    main()
