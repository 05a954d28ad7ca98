"""cases: a folder of third parties' lines with expected values, as cases to run.

Takes  the folder: records/FAMILY.ndjson, connections/{positive,near_miss}.ndjson, postgresql_classes.ndjson,
       multiline_joins.ndjson; any of them may be missing.
Gives  Case objects; each is a file of its own to onset.
Options are given only where the case states them:
  zone     hint.default_tz, else tz when that is UTC or an offset (an abbreviation stands in the line itself)
  year     hint.year
  format   log_line_prefix (one without a %, such as "LogPrefixHeroku2", is a name in the third party's program), and log_format
           (an Apache one where the case's format says apache, else nginx's)
"""
import json
import re
from pathlib import Path

PREFIX = "2026-11-22 11:15:12.836 UTC [123] user@db "


class Case:
    """text: what onset reads. options: of the command line, equal for all cases that share a process."""

    def __init__(self, family, row, text, options=(), expect=None):
        self.family = family
        self.id = row.get("id") or text.split("\n")[0][:80]
        self.row = row
        self.text = text if text.endswith("\n") else text + "\n"
        self.options = tuple(options)
        self.expect = expect if expect is not None else row.get("expect") or {}
        self.records = None  # what onset gave: dicts in the order of the file
        self.trouble = None  # why it gave nothing: a crash, a time-out


def rows(path):
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="\n") as f:
        return [json.loads(line) for line in f if line.strip()]


def stated(row):
    hint = row.get("hint") or {}
    zone = hint.get("default_tz")
    if not zone and re.fullmatch(r"UTC|[+-]\d\d:?\d\d", row.get("tz") or ""):
        zone = row["tz"]
    options = []
    if zone:
        options += ["--zone", f"*={zone}"]
    if hint.get("year"):
        options += ["--year", f"*={hint['year']}"]
    if "%" in (row.get("log_line_prefix") or ""):
        options += ["--format", f"*=postgresql:{row['log_line_prefix']}"]
    elif row.get("log_format"):
        kind = "apache" if "apache" in row.get("format", "") else "nginx"
        options += ["--format", f"*={kind}:{row['log_format']}"]
    return options


def records(folder):
    out = []
    for path in sorted((folder / "records").glob("*.ndjson")):
        out += [Case(path.stem, row, row["raw"], stated(row)) for row in rows(path)]
    return out


def connections(folder):
    positive = [Case("connections", row, row["raw"]) for row in rows(folder / "connections/positive.ndjson")]
    return positive, [Case("near_miss", row, row["raw"]) for row in rows(folder / "connections/near_miss.ndjson")]


def postgresql_classes(folder):
    """A group of messages without a prefix: written as PostgreSQL would, continuation lines with a tab before them."""
    out = []
    for n, row in enumerate(rows(folder / "postgresql_classes.ndjson")):
        text = ""
        for line in row["lines"]:
            level = line["level"] if line.get("level") not in (None, "None") else "LOG"
            text += PREFIX + level + ":  " + line["content"].rstrip("\n").replace("\n", "\n\t") + "\n"
        row["id"] = f"postgresql_classes#{n + 1}"
        out.append(Case("postgresql_classes", row, text, expect=row["expect"]))
    return out


def joins(folder):
    """A line has no newline in it: one inside an object of JSON is its escape, as in the others of the test."""
    return [Case("multiline_joins", row, "\n".join(line.rstrip("\n").replace("\n", "\\n") for line in row["raw_lines"]))
            for row in rows(folder / "multiline_joins.ndjson")]


def load(folder):
    folder = Path(folder)
    positive, near = connections(folder)
    return {"records": records(folder), "positive": positive, "near": near,
            "classes": postgresql_classes(folder), "joins": joins(folder)}
