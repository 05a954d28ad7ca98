"""toldback: the story of samples/black-friday, told back by the draft and by the reports: each of its facts at its instant, marked as from
logs or from people.

Takes  the program. Gives facts (fact.py). Never takes an expectation from a draft: truth.json says what the simulation did, events.jsonl
what people said.
"""
import gzip
import html
import json
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "lab"))
from fact import fact  # noqa: E402
from judge import draft, evidence_holds  # noqa: E402

SAMPLE = Path("samples/black-friday")
SEC = 1_000_000


def us(text):
    """RFC 3339 in UTC, with or without a fraction."""
    return int((datetime.fromisoformat(text.replace("Z", "+00:00")) - datetime(2026, 11, 27, tzinfo=timezone.utc)) / timedelta(microseconds=1))


def near(name, seen, wanted, within_us):
    fact(f"black-friday: {name}", seen is not None and abs(us(seen) - us(wanted)) <= within_us, (seen, wanted))


def is_what_the_generator_writes():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", "tests/outages/black_friday.py", folder], check=True)
        made = {p.relative_to(folder): p for p in Path(folder).rglob("*") if p.is_file()}
        kept = {p.relative_to(SAMPLE): p for p in SAMPLE.rglob("*") if p.is_file()}
        fact("black-friday: the generator writes the files that are kept", set(made) == set(kept) - {Path(x) for x in ("STORY.md", "expected.json", "report.png", "logs/onset.conf")},
             sorted(map(str, set(made) ^ set(kept))))
        raw = lambda p: gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes()
        fact("black-friday: and in them the same bytes", [str(k) for k in made if k in kept and raw(made[k]) != raw(kept[k])] == [])


def check_logs(d, i, truth):
    """What the logs tell: onset, exhaustion, deploy, roll-back, surge, mitigation, end."""
    sources = {s["id"]: s["tier"] for s in d["sources"]}
    told = lambda kind, tier: next((e for e in d["timeline"] if e["kind"] == kind and e["tier"] == tier), None)
    rise = told("traffic_surge", "lb")
    fact("black-friday: the rise is told from the load balancer's log, with its line", rise is not None and rise["evidence"], rise)
    near("the rise is told when the sale began", rise and rise["at"], truth["sale"], 30 * SEC)
    near("the onset is the first refusal", i["onset"]["at"], truth["refused"]["first"], 50_000)
    for kind, tier in (("onset", "db"), ("deploy", "app"), ("rollback", "app"), ("reload", "lb"), ("restart", "db"), ("restart", "app"), ("end", "lb")):
        e = told(kind, tier)
        fact(f"black-friday: {kind} of {tier} is told from the log of that tier", e is not None and sources.get(e["source"]) == tier, e)
    counted = sum(r["count"] for r in i["refusals"] if not r["echo"])
    fact("black-friday: the exhaustion: each refused connection once", counted == truth["refused"]["count"], counted)
    fact("black-friday: all connections were in use", (i["holders"]["open"], i["holders"]["limit"]) == (truth["limit"]["before"],) * 2, i["holders"])
    fact("black-friday: failed requests, as many as in the simulation (those of the last restarts may stand apart)",
         0 <= truth["failed"] - i["impact"]["failed"] <= 5, (i["impact"]["failed"], truth["failed"]))
    fact("black-friday: the app's own pools are exhausted", any(b["signal"] == "app.pool.exhausted" for b in d["bursts"]))
    slower = i["impact"]
    fact("black-friday: responses were slow", slower["during"]["p50_us"] > slower["before"]["p50_us"] * 13 // 10, slower)

    cause = i["causes"][0]
    fact("black-friday: the cause is the surge", (cause["cause"], cause["word"]) == ("traffic_surge", "probable"), (cause["cause"], cause["word"]))
    near("the surge began with the sale", cause["at"]["at"], truth["sale"], 30 * SEC)
    rose = re.search(r"rose from ([\d.]+)/s to ([\d.]+)/s", cause["for"][0])
    rates = truth["requests_per_second"]
    fact("black-friday: from so many requests to so many", rose and abs(float(rose[1]) - rates["before"]) < 0.15 and abs(float(rose[2]) - rates["during"]) < 1.0, (cause["for"][0], rates))

    changes = {(c["kind"], c["tier"]): c for c in i["changes"] if c["kind"] != "mitigation"}
    deploy, back = changes.get(("deploy", "app")), changes.get(("rollback", "app"))
    fact("black-friday: deploy and roll-back are changes", deploy and back, sorted(changes))
    if not deploy or not back:
        return
    near("the deploy", deploy["at"]["at"], truth["deploy"]["at"], 1_500_000)
    near("the roll-back", back["at"]["at"], truth["rollback"]["at"], 1_500_000)
    fact("black-friday: from version to version", (deploy["from_version"], deploy["version"], back["version"]) == ("2.7.4", "2.8.0", "2.7.4"), (deploy["from_version"], deploy["version"], back["version"]))
    tests = {t["name"]: t for t in deploy["tests"]}
    fact("black-friday: the deploy is refuted", deploy["verdict"] == "refuted", deploy["reason"])
    for name in ("R2", "R3"):
        fact(f"black-friday: by {name}, with numbers", tests[name]["result"] == "refutes" and re.search(r"\d", tests[name]["text"]), tests[name])
    fact("black-friday: the roll-back did not help", back["mitigation"]["answered"] == "no", back["mitigation"])
    fact("black-friday: nothing is supported as the cause but the surge", [c["kind"] for c in i["changes"] if c["verdict"] == "supported"] == [])
    for kind, tier, name in (("reload", "lb", "haproxy_reload"), ("restart", "db", "postgresql_restart"), ("restart", "app", "pools_enlarged")):
        near(f"{name} is a change", changes.get((kind, tier), {"at": {"at": None}})["at"]["at"], truth["mitigations"][name], 1_500_000)
    fact("black-friday: after the restart with more connections it was over", changes[("restart", "db")]["mitigation"]["answered"] == "yes", changes[("restart", "db")]["mitigation"])
    fact("black-friday: it ended with the mitigation", us(truth["mitigations"]["haproxy_reload"]) < us(i["end"]["at"]) <= us(truth["last_failure"]), i["end"])


def check_people(d, i, truth):
    """What people said: each event once, at its instant, of the tier of people, with the line that says so."""
    event_file = d["events"][0]["id"]
    lines = (SAMPLE / "logs/events.jsonl").read_text().splitlines()
    for n, line in enumerate(lines, 1):
        said = json.loads(line)
        found = [e for e in d["timeline"] if e["source"] == event_file and us(e["at"]) == us(said["at"])]
        fact(f"black-friday: told as stated: {said['text'][:40]}", len(found) == 1 and (found[0]["kind"], found[0]["tier"]) == (said["kind"], "human") and said["text"] in found[0]["summary"] and
             f"events.jsonl, line {n}" in found[0]["body"], found)
    blame = next(e for e in d["timeline"] if "We suspect" in e["summary"])
    deploy = next(c for c in i["changes"] if c["kind"] == "deploy")
    fact("black-friday: who blames the deploy is told beside its verdict", {"rel": "change", "id": deploy["id"]} in blame["links"] and "refuted: R2" in blame["summary"], blame)
    fact("black-friday: nothing else is told as stated", sum(e["source"] == event_file for e in d["timeline"]) == len(lines))
    at = {json.loads(line)["kind"]: json.loads(line)["at"] for line in reversed(lines)}
    for step, kind in (("alert", "alert"), ("acknowledge", "acknowledge"), ("mitigation", "mitigation"), ("resolve", "resolve")):
        near(f"detection: {step}", i["detection"][step]["at"]["at"], at[kind], 0)
        gap = us(at[kind]) - us(truth["refused"]["first"])
        fact(f"black-friday: {step}: so long after the onset", abs(i["detection"][step]["after_onset_us"] - gap) < 50_000, i["detection"][step])


def check_reports(onset, d, truth):
    data = json.dumps(d).encode()
    run = lambda *options: subprocess.run([onset, "report", "-", *options], input=data, capture_output=True).stdout.decode()
    page = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", run())))
    texts = {"the page": page, **{t: re.sub(r"\\(.)", r"\1", run("-f", "markdown", "--template", t)) for t in ("google", "pagerduty", "brief")}}
    for name, text in texts.items():
        for said in map(json.loads, (SAMPLE / "logs/events.jsonl").read_text().splitlines()):
            fact(f"black-friday: {name} tells what people said: {said['text'][:30]}", re.sub(r"[^\w ]", "", said["text"]) in re.sub(r"[^\w ]", "", html.unescape(text)))
        for words in ("2.7.4 to 2.8.0", "refuted", f"{truth['refused']['count']:,}", "09:57:30.512", "12:00:40.500", "10:36:12"):
            fact(f"black-friday: {name} tells {words}", words in text)
        fact(f"black-friday: {name}: connection monitoring, with thresholds", re.search(r"[Aa]lert on .*connections.*80 %", text, re.S) and re.search(r"[Aa]lert on .*wait for a connection", text))
    for name in ("google", "pagerduty"):
        fact(f"black-friday: {name}: tasks have boxes to tick", texts[name].count("- [ ] ") >= 4, texts[name].count("- [ ] "))
        fact(f"black-friday: {name}: what ended it", re.search(r"12:00:50", texts[name]) is not None)


def check_picture():
    picture = SAMPLE / "report.png"
    fact("black-friday: the README shows its picture", f"({picture})" in Path("README.md").read_text() and picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n")
    fact("black-friday: which is small", picture.stat().st_size < 200_000, picture.stat().st_size)


def check(onset):
    truth = json.loads((SAMPLE / "truth.json").read_text())
    is_what_the_generator_writes()
    d = draft(onset, SAMPLE / "logs")
    fact("black-friday: one incident", len(d["incidents"]) == 1, [i["title"] for i in d["incidents"]])
    check_logs(d, d["incidents"][0], truth)
    check_people(d, d["incidents"][0], truth)
    evidence_holds("black-friday", d)
    check_reports(onset, d, truth)
    check_picture()
    return d
