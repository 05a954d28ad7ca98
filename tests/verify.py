#!/usr/bin/env python3
"""verify: onset verify tells the truth of drafts and logs that were changed in a hundred ways.

Takes  the program: tests/verify.py build/checked/onset
Gives  a line for each fact that does not hold; last line "N passed, N failed".
Never  asks onset what is right: what holds, is missing or differs is known from what was done to the files and the JSON.
"""
import copy
import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ONSET = os.path.abspath(sys.argv[1])
SAMPLES = ["checkout-outage", "lock-pileup", "quiet-day", "black-friday"]
passed = failed = 0


def fact(holds, name, said=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAIL {name}\n{said}")


def verify(folder, *words):
    run = subprocess.run([ONSET, "verify", *words], cwd=folder, capture_output=True, text=True, timeout=300)
    table = {m[1]: [int(n) for n in m.groups()[1:]]
             for m in re.finditer(r"^  (files|evidence|recount) +(\d+) +(\d+) +(\d+)$", run.stdout, re.M)}
    return run.returncode, table, run.stdout + run.stderr


def contents(draft):
    return {p for s in draft["sources"] for p in s["fingerprints"]} | {e["fingerprint"] for e in draft["events"]}


def evidence(value):
    """Every piece of evidence, and the samples of lines that did not parse, as (fingerprint or None, place)."""
    if isinstance(value, dict):
        if {"fingerprint", "line", "offset"} <= value.keys():
            yield value
        for inner in value.values():
            yield from evidence(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from evidence(inner)


def pieces(draft, gone=()):
    """Pieces of evidence in contents that are there; in those that are gone."""
    prints = [e["fingerprint"] for e in evidence(draft)]
    for s in draft["sources"]:
        of_path = {}
        for f in s["files"]:
            of_path.setdefault(f["path"], f["fingerprint"])
        prints += [of_path[sample["path"]] for sample in s["samples"]]
    return sum(p not in gone for p in prints), sum(p in gone for p in prints)


def logs_below(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        return file.read()


def write(path, data):
    if path.endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    with open(path, "wb") as file:
        file.write(data)


def make(folder, sample):
    """A copy of a sample's logs, and their draft."""
    source = os.path.join(ROOT, "samples", sample)
    shutil.copytree(os.path.join(source, "logs"), os.path.join(folder, "logs"))
    words = []
    if os.path.exists(os.path.join(source, "events.jsonl")):
        shutil.copy(os.path.join(source, "events.jsonl"), folder)
        words = ["--events", "events.jsonl"]
    subprocess.run([ONSET, "draft", "logs", *words, "-o", "draft.json"], cwd=folder, capture_output=True, check=False)
    with open(os.path.join(folder, "draft.json"), encoding="utf-8") as file:
        return json.load(file)


def whole(name, result, draft):
    status, table, said = result
    there = len([p for p in contents(draft) if not p.startswith("0-")])
    fact(status == 0 and table["files"] == [there, 0, 0] and table["evidence"] == [pieces(draft)[0], 0, 0] and table["recount"][1:] == [0, 0]
         and table["recount"][0] > 1000 and "\neverything holds: " in said, name, said)


def stated(folder, draft):
    """Files of --events that are where they were."""
    return [e["path"] for e in draft["events"] if os.path.exists(os.path.join(folder, e["path"]))]


def moved(sample):
    """What rotation, compression, renaming and growth do to logs changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        draft = make(folder, sample)
        logs = os.path.join(folder, "logs")
        whole(f"{sample}: untouched", verify(folder, "draft.json"), draft)
        dice = random.Random(sample)
        for number, path in enumerate(logs_below(logs)):
            data, way = read(path), dice.randrange(4)
            os.remove(path)
            plain = path.removesuffix(".gz")
            if way == 0:
                write(plain, data)
            elif way == 1:
                write(plain, data + (b"" if data.endswith(b"\n") or not data else b"\n") + b"a line of tomorrow\n")
            elif way == 2:
                write(f"{plain}.{number + 10}.gz", data)
            else:
                write(os.path.join(logs, f"kept-{number}"), data)
        whole(f"{sample}: rotated, compressed, renamed, grown", verify(folder, "draft.json"), draft)
        os.rename(logs, os.path.join(folder, "away"))
        status, table, said = verify(folder, "draft.json", "--logs", "away", *stated(folder, draft))
        whole(f"{sample}: and elsewhere", (status, table, said), draft)
        # Where it was told not to look it says nothing of.
        os.rename(os.path.join(folder, "away"), logs)
        os.mkfifo(os.path.join(folder, "pipe"))
        status, table, said = verify(folder, "draft.json", "--logs", "pipe")
        fact(status == 2 and table["files"][2] == 0 and table["evidence"][0] == 0 and "others now" not in said, f"{sample}: only in a pipe", said)
        os.rename(logs, os.path.join(folder, "away"))
        status, _, said = verify(folder, "draft.json")
        fact(status == (1 if stated(folder, draft) else 2), f"{sample}: nowhere", said)


def joined(sample):
    """All files of a source, one behind the other, oldest first, as `zcat` would."""
    with tempfile.TemporaryDirectory() as folder:
        draft = make(folder, sample)
        done = set()
        os.mkdir(os.path.join(folder, "all"))
        for number, source in enumerate(draft["sources"]):
            paths = {f["fingerprint"]: f["path"] for f in source["files"]}
            data = b"".join(read(os.path.join(folder, paths[p])) for p in source["fingerprints"] if p not in done)
            done.update(source["fingerprints"])
            if data:
                write(os.path.join(folder, "all", f"{number}.log"), data)
        whole(f"{sample}: rotations in one file", verify(folder, "draft.json", "--logs", "all", *stated(folder, draft)), draft)


def gone(sample):
    """A log that is gone, cut or altered is named, and so is the number of what it proved."""
    with tempfile.TemporaryDirectory() as folder:
        draft = make(folder, sample)
        dice = random.Random(sample)
        files = [f for s in draft["sources"] for f in s["files"] if not f["fingerprint"].startswith("0-")]
        for file in dice.sample(files, min(4, len(files))):
            path, mark = os.path.join(folder, file["path"]), file["fingerprint"]
            kept = read(path)
            there, lost = pieces(draft, {mark})
            n = len([p for p in contents(draft) if not p.startswith("0-")])
            os.remove(path)
            status, table, said = verify(folder, "draft.json")
            fact(status == 1 and table["files"] == [n - 1, 1, 0] and table["evidence"] == [there, lost, 0] and file["path"] in said and
                 table["recount"][1:] == [0, 0], f"{sample}: {file['path']} is gone", said)
            write(path, kept[:-2])
            status, table, said = verify(folder, "draft.json")
            fact(status == 1 and table["files"][0] == n - 1 and sum(table["evidence"]) == there + lost and table["recount"][1:] == [0, 0],
                 f"{sample}: {file['path']} was cut", said)
            told = [e for e in evidence(draft) if e["fingerprint"] == mark and e["excerpt"]]
            if len(told) > 1:
                # A digit of a stamp or level: nothing masks it, and no placeholder stands for it.
                at = told[0]["offset"] + re.search(rb":[0-9]", kept[told[0]["offset"]:]).start() + 1
                same = sum(e["offset"] <= at < e["offset"] + e["length"] for e in told)
                write(path, kept[:at] + (b"8" if kept[at:at + 1] != b"8" else b"9") + kept[at + 1:])
                status, table, said = verify(folder, "draft.json")
                fact(status == 1 and (table["files"] == [n - 1, 0, 1] and table["evidence"] == [there + lost - same, 0, same] or
                                      same == len(told)), f"{sample}: one byte of evidence in {file['path']} is another", said)
            write(path, kept)
        whole(f"{sample}: all as it was", verify(folder, "draft.json"), draft)


def leaves(value, way=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*way, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, (*way, i))
    else:
        yield way, value


def changed(value, dice):
    if value is None:
        return 7
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.choice([1, -1, 1000000])
    at = dice.randrange(len(value) + 1)
    return value[:at] + dice.choice(["x", "-", "\x1b[2J"]) + value[at:]


def tampered(sample, rounds):
    """Whatever is changed in the JSON, it does not hold any more; and the place is named."""
    with tempfile.TemporaryDirectory() as folder:
        draft = make(folder, sample)
        dice = random.Random(sample)
        # The name and version of who made it are no claim about the logs; another schema is another document.
        places = [(way, value) for way, value in leaves(draft) if way[:2] not in (("generator", "name"), ("generator", "version"))
                  and way[-1] != "note"]
        by_kind = {}
        for way, value in places: # as many of each member as of any other, or series would be all
            by_kind.setdefault(tuple(step for step in way if isinstance(step, str)), []).append((way, value))
        kinds = list(by_kind.values())
        dice.shuffle(kinds)
        for kind in kinds[:rounds]:
            way, value = dice.choice(kind)
            other = copy.deepcopy(draft)
            at = other
            for step in way[:-1]:
                at = at[step]
            at[way[-1]] = changed(value, dice)
            with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
                json.dump(other, file)
            status, _, said = verify(folder, "other.json")
            names = [step for step in way if isinstance(step, str)]
            refused = status == 2 and "other.json" in said
            fact((status == 1 and (names[-1] in said or names[0] in said or "unchecked" in said) or refused) and "\neverything holds" not in said and
                 "\x1b" not in said, f"{sample}: {'.'.join(map(str, way))}: {value!r} to {at[way[-1]]!r}", said)
        for way in ("incidents", "bursts", "timeline", "sources", "unknowns"):
            if draft[way]:
                other = copy.deepcopy(draft)
                del other[way][dice.randrange(len(other[way]))]
                with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
                    json.dump(other, file)
                status, _, said = verify(folder, "other.json")
                fact(status == 1 and way[:-1] in said, f"{sample}: an element of {way} is left out", said)


def shown(sample):
    """--show prints the lines themselves, unmasked, each evidence of the item among them."""
    with tempfile.TemporaryDirectory() as folder:
        draft = make(folder, sample)
        for item in [*draft["bursts"][:2], *draft["timeline"][:3], *draft["findings"][:1]]:
            told = list(evidence(item))
            run = subprocess.run([ONSET, "verify", "draft.json", "--show", item["id"]], cwd=folder, capture_output=True, text=True, check=False)
            if not told:
                fact(run.returncode == 2 and "names no line" in run.stderr, f"{sample}: {item['id']} has no lines", run.stdout + run.stderr)
                continue
            good = run.returncode == 0
            for e in told:
                data = read(os.path.join(folder, e["path"]))
                line = data[e["offset"]:e["offset"] + e["length"]].split(b"\n")[0].rstrip(b"\r").decode()
                good = good and f">{e['line']:>9}  {line[:4096]}" in run.stdout
            fact(good, f"{sample}: the lines of {item['id']}", run.stdout + run.stderr)


def taken_out():
    """What redaction took out of a draft is matched; with a path that lost something, when the logs lie under the path that it was."""
    with tempfile.TemporaryDirectory() as folder:
        make(folder, "checkout-outage")
        os.rename(os.path.join(folder, "logs"), os.path.join(folder, "10.0.0.7"))
        for words in (["--no-redact"], ["--redact", "address"], ["--redact", "user,query"], [], ["--source", "web1"]):
            subprocess.run([ONSET, "draft", "10.0.0.7", *words, "-o", "draft.json"], cwd=folder, capture_output=True, check=False)
            with open(os.path.join(folder, "draft.json"), encoding="utf-8") as file:
                draft = json.load(file)
            whole(f"redacted: {words}", verify(folder, "draft.json", "--logs", "10.0.0.7"), draft)
            # Without the patterns there is no recount: each excerpt must agree by its placeholders.
            draft["generator"]["patterns"] = "0" * 16
            with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
                json.dump(draft, file)
            status, table, said = verify(folder, "other.json", "--logs", "10.0.0.7")
            fact(status == 1 and table["evidence"] == [pieces(draft)[0], 0, 0] and "unchecked" in said, f"redacted: {words}, without a recount", said)
            told = [e for e in evidence(draft) if e["excerpt"] and "GET " in e["excerpt"]]
            told[0]["excerpt"] = told[0]["excerpt"].replace("GET ", "PUT ")
            with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
                json.dump(draft, file)
            status, table, said = verify(folder, "other.json", "--logs", "10.0.0.7")
            fact(status == 1 and table["evidence"][2] == 1, f"redacted: {words}, one word of an excerpt is another", said)
        shutil.copytree(os.path.join(folder, "10.0.0.7"), os.path.join(folder, "away"))
        status, table, said = verify(folder, "draft.json", "--logs", "away")
        fact(status == 1 and table["recount"] == [0, 0, 0] and table["evidence"][1:] == [0, 0] and "taken out of a path" in said,
             "redacted: the logs lie under another path", said)


def main():
    samples = [s for s in SAMPLES if os.path.isdir(os.path.join(ROOT, "samples", s, "logs"))]
    for sample in samples:
        moved(sample)
        joined(sample)
        gone(sample)
        shown(sample)
    taken_out()
    tampered("checkout-outage", 60)
    tampered("lock-pileup", 200)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
