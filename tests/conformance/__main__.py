"""conformance: third parties' log lines with expected values, through `onset check --records`.

Takes  the program; --dir FOLDER (default ../shared/conformance, which is no part of this project), of the layout that its README
       states: records/FAMILY.ndjson, connections/*.ndjson, postgresql_classes.ndjson, multiline_joins.ndjson, any of them missing;
       --show FAMILY[:FIELD] (repeated, "all") or VERBOSE=1: each failure: id, options, line, expected, ours;
       --step: as a step of tests/check.sh.
Gives  per family and field: cases, right, wrong, missing; what is not compared and why; the goals; last line
       "conformance: N right of M (P %)". With --step: notes, and "N passed, N failed": one fact a goal that was once reached,
       and one for each case that onset crashed or hung on. Skips with a message where the folder is absent.
Never  scores a `disputed` case (counted apart).

How a case becomes a file and options: cases.py. How values are compared: fields.py. What messages mean: signals.py.
A `negative` case must give no record of a known format or of a carrier: none whose format is another one than null (no format takes
the line) or stamped* (no known format: a time stamp was found in the text, which the line may well have). Of a raw of several lines each line counts for itself, as it does in a log; a line that is by itself a whole
message of RFC 5424 (its ABNF, below) may be a record.
"""
import argparse
import os
import re
import signal
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cases as loading  # noqa: E402
import fields  # noqa: E402
import signals  # noqa: E402
from run import Runner  # noqa: E402

# The goals of the project: name, share in ppm, what counts (family, field or None for all), reached (then check fails when it
# is lost).
GOALS = [
    ("nginx", 995_000, [("nginx_access", None), ("nginx_error", None), ("nginx_ingress", None)], True),
    ("PostgreSQL", 995_000, [("postgresql", None)], True),
    ("PgBouncer", 995_000, [("pgbouncer", None)], True),
    ("HAProxy", 995_000, [("haproxy", None)], True),
    ("MySQL", 980_000, [("mysql", None), ("mysql_slow", None)], True),
    ("syslog", 980_000, [("syslog", None)], True),
    ("container", 980_000, [("container", None)], True),
    ("HTTP access of others", 980_000, [("http_access_other", None)], True),
    ("logfmt", 980_000, [("logfmt_kv", None)], True),
    ("stack traces and joins", 980_000, [("stacktrace", None), ("multiline_joins", None)], True),
    ("timestamps", 970_000, [("timestamp", None)], True),
    ("timestamps and severities of other programs", 850_000,
     [("other", f) for f in ("timestamp", "severity_text", "severity_mapped", "gcp.severity", "severity_lnav")], True),
    ("connection messages: each under its class", 1_000_000, [("connections", None)], True),
    ("connection messages: no near miss", 1_000_000, [("near_miss", None)], True),
]
PRINTABLE = r"[\x21-\x7e]"
WHOLE_5424 = re.compile(
    rf"<(?:\d|[1-9]\d|1[0-8]\d|19[01])>[1-9]\d{{0,2}} (?:-|\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,6}})?(?:Z|[+-]\d\d:\d\d)) "
    rf"(?:-|{PRINTABLE}{{1,255}}) (?:-|{PRINTABLE}{{1,48}}) (?:-|{PRINTABLE}{{1,128}}) (?:-|{PRINTABLE}{{1,32}}) "
    r'(?:-|(?:\[[^ =\]"]{1,32}(?: [^ =\]"]{1,32}="(?:[^"\\\]]|\\.)*")*\])+)(?: .*)?')
RIGHT, WRONG, MISSING = 0, 1, 2


class Table:
    def __init__(self):
        self.counts = defaultdict(lambda: [0, 0, 0])  # (family, field)
        self.left = Counter()                         # (family, field, why)
        self.failures = []                            # (family, field, case, expected, ours)

    def add(self, case, field, right, expected, ours):
        self.counts[case.family, field][RIGHT if right else MISSING if right is None else WRONG] += 1
        if not right:
            self.failures.append((case.family, field, case, expected, ours))

    def sums(self, wanted):
        right = total = 0
        for (family, field), n in self.counts.items():
            if any(family == f and only in (None, field) for f, only in wanted):
                right += n[RIGHT]
                total += sum(n)
        return right, total


def negative(case):
    lines = case.text.split("\n")
    return [f"{r['format']}: {r.get('timestamp')}" for r in case.records if not (r.get("format") or "stamped").startswith("stamped")
            and not (len(case.text.strip().split("\n")) > 1 and WHOLE_5424.fullmatch(lines[r["line"] - 1].strip()))]


def score(sets):
    table, disputed = Table(), 0
    for case in sets["records"]:
        if case.row.get("disputed"):
            disputed += 1
            continue
        if case.row.get("negative"):
            found = negative(case)
            table.add(case, "(no record)", not found, "no record", found)
            continue
        for field, expected in case.expect.items():
            why = fields.not_compared(case, field, expected)
            if why:
                table.left[case.family, re.sub(r"^(ecs|vrl):.*", r"\1:*", field), why] += 1
            else:
                right, ours = fields.judge(case, field, expected)
                table.add(case, field, right, expected, ours)
    for case in sets["positive"]:
        right, ours = signals.positive(case)
        table.add(case, case.row["class"], right, case.row["class"], ours)
    for case in sets["near"]:
        right, ours = signals.near_miss(case)
        table.add(case, "(no connection signal)", right, "none", ours)
    for case in sets["classes"]:
        facts, left = signals.postgresql(case)
        for field, right, expected, ours in facts:
            table.add(case, field, right, expected, ours)
        for name in left:
            table.left[case.family, "classification", "no counterpart among our signals"] += 1
    for case in sets["joins"]:
        if signals.own_rule(case):
            table.left[case.family, "records", "joined by a rule that the test gave, and the case does not state"] += len(case.expect["records"])
            continue
        for right, expected, ours in signals.joined(case):
            table.add(case, "records", right, expected, ours)
    return table, disputed


def share(right, total):
    """Two digits, cut: 99.99 is not 100."""
    ppm = right * 1_000_000 // total if total else 0
    return f"{ppm // 10_000}.{ppm // 100 % 100:02d} %"


def print_table(table, disputed):
    print(f"{'family':<20} {'field':<34} {'cases':>6} {'right':>6} {'wrong':>6} {'missing':>7}")
    for family in sorted({f for f, _ in table.counts}):
        rows = {field: n for (f, field), n in table.counts.items() if f == family}
        for field, n in sorted(rows.items()):
            print(f"{family:<20} {field:<34} {sum(n):>6} {n[RIGHT]:>6} {n[WRONG]:>6} {n[MISSING]:>7}")
        right, total = table.sums([(family, None)])
        print(f"{family:<20} {'= ' + share(right, total):<34} {total:>6} {right:>6} {sum(n[WRONG] for n in rows.values()):>6}"
              f" {sum(n[MISSING] for n in rows.values()):>7}")
    if table.left:
        print("\nnot compared:")
        for (family, field, why), n in sorted(table.left.items()):
            print(f"{family:<20} {field:<34} {n:>6}  {why}")
    if disputed:
        print(f"\ndisputed, not scored: {disputed} cases")
    print()


def print_failures(table, shown):
    for family, field, case, expected, ours in table.failures:
        if any(s in ("all", family, f"{family}:{field}") for s in shown):
            print(f"{family}:{field}  {case.id}  {' '.join(case.options)}\n    raw      {case.text.rstrip()!r}\n"
                  f"    expected {expected!r}\n    ours     {ours!r}")


def goal_lines(table):
    """(name, right, total, reached now, was reached, line)"""
    for name, ppm, wanted, once in GOALS:
        right, total = table.sums(wanted)
        if total:
            now = right * 1_000_000 >= ppm * total
            goal = f"{ppm // 10_000}.{ppm // 1000 % 10} %"
            yield now, once, f"{'PASS ' if now else 'below'} {name}: {right} of {total}, {share(right, total)} (goal {goal})"


def main():
    parser = argparse.ArgumentParser(prog="conformance")
    parser.add_argument("onset")
    parser.add_argument("--dir", default=str(Path(__file__).resolve().parents[3] / "shared/conformance"))
    parser.add_argument("--show", action="append", default=[])
    parser.add_argument("--step", action="store_true")
    args = parser.parse_args()
    if os.environ.get("VERBOSE", "0") not in ("", "0"):
        args.show.append("all")
    if not Path(args.dir).is_dir():
        print(f"skipped: {args.dir} (third parties' lines, no part of this project) is not here")
        if args.step:
            print("0 passed, 0 failed")
        return 0
    sets = loading.load(args.dir)
    everything = [case for group in sets.values() for case in group]
    runner = Runner(args.onset)
    runner.run(everything)
    table, disputed = score(sets)
    if not args.step:
        print_table(table, disputed)
    print_failures(table, args.show)
    troubles = [c for c in everything if c.trouble]
    for case in troubles:
        print(f"TROUBLE {case.family} {case.id}: {case.trouble}")
    passed = failed = 0
    note = "note: " if args.step else ""
    for option, n in sorted(runner.refused.items()):
        print(f"{note}the program does not take {option} ({n} cases were read without)")
    for now, once, line in goal_lines(table):
        print(note + line)
        passed += now
        failed += once and not now
    right, total = (sum(n[RIGHT] for n in table.counts.values()), sum(sum(n) for n in table.counts.values()))
    print(f"{note}conformance: {right} right of {total} ({share(right, total)})")
    if args.step:
        print(f"{passed} passed, {failed + len(troubles)} failed")
    return 1 if args.step and failed + len(troubles) else 0


signal.signal(signal.SIGPIPE, signal.SIG_DFL)
sys.exit(main())
