#!/usr/bin/python3
"""score: outages with known truth, drafted by the program, and how far the drafts are right.

Takes  the program; --seeds N (default 200), --first N; --seed N [--keep DIR] [-v]: one outage, its truth beside the draft; --step: for
       tests/check.sh, only the goals that GATED names. Two worlds at a time.
Gives  a table of measures with goals; last line "N passed, N failed". Exit 1 when a goal (with --step: a gated one) is missed.
Holds  GOALS. Never  looks at the program's source.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import generate
import measures

SEC = 1_000_000


def share(a, b):
    return a / b if b else None


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))] if values else None


def least(goal):
    return lambda v: v >= goal


def most(goal):
    return lambda v: v <= goal


# name, value of the sums, goal as told, is it reached, how to print it
GOALS = [
    ("bursts of refusals: precision", lambda s: share(s["burst_true"], s["burst_true"] + len(s["burst_false"])), ">= 99 %", least(0.99), "%"),
    ("bursts of refusals: recall", lambda s: share(s["burst_wanted"] - len(s["burst_missed"]), s["burst_wanted"]), ">= 99 %", least(0.99), "%"),
    ("onset error, ms stamps: median", lambda s: percentile(s["onset_ms"], 0.5), "0", most(999), "ms"),
    ("onset error, ms stamps: p95", lambda s: percentile(s["onset_ms"], 0.95), "<= 100 ms", most(100_000), "ms"),
    ("onset error, 1 s stamps: p95", lambda s: percentile(s["onset_s"], 0.95), "<= 1 s", most(SEC), "ms"),
    ("onsets in a gap told as such", lambda s: share(sum(s["onset_censored"]), len(s["onset_censored"])), "all", least(1.0), "%"),
    ("clock: truth in the stated bound", lambda s: share(sum(s["clock_inside"]), len(s["clock_inside"])), ">= 98 %", least(0.98), "%"),
    ("clock: median bound, 20 ids or more", lambda s: percentile(s["clock_bound"], 0.5), "<= 150 ms", most(150_000), "ms"),
    ("zones found, of those with ids", lambda s: share(s["zone_found"], s["zone_wanted"]), ">= 80 %", least(0.80), "%"),
    ("zones wrong", lambda s: len(s["zone_wrong"]), "0", most(0), ""),
    ("incidents found", lambda s: share(s["incident_wanted"] - len(s["incident_missed"]), s["incident_wanted"]), ">= 99 %", least(0.99), "%"),
    ("cause: first", lambda s: share(s["cause_first"], s["cause_wanted"]), ">= 90 %", least(0.90), "%"),
    ("cause: among three", lambda s: share(s["cause_three"], s["cause_wanted"]), ">= 98 %", least(0.98), "%"),
    ("red herrings blamed", lambda s: len(s["blamed"]), "0", most(0), ""),
    ("red herrings refuted, of those R1, R2 hold for", lambda s: share(s["refuted"], s["refutable"]), ">= 80 %", least(0.80), "%"),
    ("true deploys refuted", lambda s: len(s["true_refuted"]), "0", most(0), ""),
    ("detection: stated steps told", lambda s: share(s["step_wanted"] - len(s["step_wrong"]), s["step_wanted"]), ">= 99 %", least(0.99), "%"),
    ("detection gap, error: p95", lambda s: percentile(s["gap_error"], 0.95), "<= 1 s", most(SEC), "ms"),
    ("who calls whom: logs taken for others", lambda s: len(s["call_wrong"]), "0", most(0), ""),
    ("who calls whom, where addresses tell", lambda s: share(s["call_wanted"] - len(s["call_missed"]), s["call_wanted"]), ">= 80 %", least(0.80), "%"),
    ("connection incidents where there was none", lambda s: len(s["still_wrong"]), "0", most(0), ""),
    ("incidents on quiet and trickle", lambda s: len(s["quiet_wrong"]), "0", most(0), ""),
]
# Measures that a few seeds may have no case of.
NONE_OF = {"onset error, 1 s stamps: p95", "onsets in a gap told as such", "detection: stated steps told", "detection gap, error: p95",
           "who calls whom, where addresses tell"}
# What CI insists on; a goal that is reached on 200 seeds belongs here. Not yet: what OPEN names.
OPEN = {"detection gap, error: p95"}
GATED = {goal[0] for goal in GOALS} - OPEN


def draft_of(program, folder, options):
    # A draft of logs with a hole or an unknown zone is complete all the same: 0. Anything else is a defect of the program.
    run = subprocess.run([program, "draft", "--no-redact", "logs", *options], capture_output=True, cwd=folder)
    if run.returncode not in (0, 1) or not run.stdout:
        raise SystemExit(f"{folder}: status {run.returncode}: {run.stderr.decode(errors='replace')[:400]}")
    if b"matches no file" in run.stderr:
        raise SystemExit(f"{folder}: an option of truth.json means nothing: {run.stderr.decode(errors='replace')[:400]}")
    return json.loads(run.stdout)


def one(job):
    program, seed = job
    with tempfile.TemporaryDirectory(prefix="onset-outage-") as work:
        truth = generate.generate(seed, Path(work))
        return seed, measures.measure(truth, draft_of(program, Path(work), truth["options"]))


def show(value, unit):
    if value is None:
        return "not told"
    return f"{100 * value:.1f} %" if unit == "%" else f"{value / 1000:.1f} ms" if unit == "ms" else str(value)


def table(sums, gated):
    passed = failed = 0
    for name, value, goal, reached, unit in GOALS:
        v = value(sums)
        if v is None and name in NONE_OF:
            continue  # these seeds have none of the kind
        ok = v is not None and reached(v)
        counts = name in GATED or not gated
        passed += ok and counts
        failed += not ok and counts
        print(f"  {name:48} {show(v, unit):>12}   {goal:10} {'reached' if ok else 'MISSED' if counts else 'missed (not gated yet)'}")
    return passed, failed


def verbose(truth, draft, result):
    print("truth:", truth["kind"], json.dumps(truth["incidents"]), truth["refusals"])
    for d in truth["deploys"]:
        print("  deploy", d["role"], d["from"], "to", d["version"], measures.iso(d["first"]), "instances", d["instances"])
    b = measures.Beside(truth, draft)
    for log in truth["sources"]:
        s = b.log.get(log["path"])
        c = s["clock"] if s else {}
        print(f"  {log['path']:30} lines {log['lines']} ids {log['shared_ids']} zone {log['zone_s']} printed {log['zone_printed']} clock {log['clock']['offset_us']} us"
              f" drift {log['clock']['drift_ppm']:.0f} step {log['clock']['step_us']} gap {log['gap']}")
        print(f"  {'':8} draft: {s and (s['format'], s['zone'], s['zone_how'], s['unparsed'], s['twin_of'])} zone_offset_s {c.get('zone_offset_s')} offset {c.get('offset_us')}"
              f" +- {c.get('uncertainty_us')} against {c.get('against') and b.of[c['against']]['path'] if c.get('against') in b.of else None} by {c.get('method')} n {c.get('n')}")
        for whose in sorted({w for _, w in log["refusals"]}):
            times = [t for t, w in log["refusals"] if w == whose]
            for x in measures.clusters(times, measures.FINE_US, log["gap"]):
                print(f"  {'':8} truth: refusals ({whose}) {measures.iso(x[0])} to {measures.iso(x[1])} n {x[2]}")
    for x in draft["bursts"]:
        print("  burst", x["tier"], x["signal"], x["class"], x["onset"]["at"], x["end"]["at"], x["count"], b.of.get(x["source"], {}).get("path"), "incident", x["incident"])
    for i in draft["incidents"]:
        print("  incident", i["id"], i["onset"]["at"], i["end"]["at"], i["title"])
        for c in i["causes"]:
            print("    cause", c["cause"], c["score"], c["word"], c["for"], "against", c["against"])
            for t in c.get("terms", ()):
                print("      ", t["name"], t["points"], t["text"])
        for c in i["changes"]:
            print("    change", c["kind"], c["at"]["at"], c["version"], c["verdict"], c["summary"], c["reason"])
            for t in c.get("tests") or ():
                print("      ", t["name"], t["result"], t["text"])
    for k, v in result.items():
        if v and not (isinstance(v, list) and all(isinstance(x, (int, bool)) for x in v)):
            print("  measure", k, v)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("program")
    a.add_argument("--seeds", type=int, default=200)
    a.add_argument("--first", type=int, default=0)
    a.add_argument("--seed", type=int)
    a.add_argument("--keep")
    a.add_argument("-v", action="store_true")
    a.add_argument("--step", action="store_true")
    a.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    a = a.parse_args()
    program = str(Path(a.program).resolve())
    if a.seed is not None:
        with tempfile.TemporaryDirectory(prefix="onset-outage-") as work:
            folder = Path(a.keep) if a.keep else Path(work)
            truth = generate.generate(a.seed, folder)
            draft = draft_of(program, folder, truth["options"])
            (folder / "draft.json").write_text(json.dumps(draft, indent=1))
            verbose(truth, draft, measures.measure(truth, draft))
        return 0
    sums, misses = None, {}
    with ProcessPoolExecutor(a.jobs) as pool:
        for seed, m in pool.map(one, [(program, s) for s in range(a.first, a.first + a.seeds)]):
            for k, v in m.items():
                if isinstance(v, list) and v and not all(isinstance(x, (int, bool)) for x in v):
                    misses.setdefault(k, []).extend((seed, x) for x in v)
            sums = m if sums is None else {k: sums[k] + v for k, v in m.items()}
    print(f"{a.seeds} outages, seeds {a.first} to {a.first + a.seeds - 1}")
    passed, failed = table(sums, a.step)
    if a.v:
        for k, v in sorted(misses.items()):
            print(k)
            for seed, x in v:
                print(f"  seed {seed}: {x}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
