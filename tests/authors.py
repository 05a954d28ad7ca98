"""authors: what a pattern's author meets: one file in a folder is a format, and each mistake is told where it is.

Takes  the program. Gives facts (fact.py); last line "N passed, N failed".
Each row changes one line of a whole file (GOOD_FORMAT, GOOD_SIGNAL) and names what the program must say: the words, the text
under which the caret stands, and words of the hint. A row's expectation is written by hand from what the author did wrong.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fact import done, fact

onset = str(Path(sys.argv[1]).resolve())

GOOD_FORMAT = """\
# The shop writes this.
format = shop_api
title = the shop's own log
tier = app
regex = ^(?<timestamp>\\S+)[ ](?<severity_text>[A-Z]+)[ ]
\t# of a pool
\t(?<thread_name>\\S+)[ ]-[ ](?<message>.*)
multiline = any
message-fields = pairs
sample = 2026-11-22T11:15:12.836Z ERROR worker-3 - checkout failed status=500 duration_ms=12.5
expect timestamp = 2026-11-22T11:15:12.836Z
expect severity = ERROR
expect http.response.status_code = 500
reject = 2026-11-22 11:15:12 UTC [77] ERROR:  this is PostgreSQL's
"""
GOOD_SIGNAL = """\
signal = shop.stock.empty
title = the stock service is empty
role = symptom
health = zero
visible = yes
strength = states
sentence = {count} orders found no stock.
rule = shop.stock
class = shop.stock
tier = app
contains = out of stock
sample = app ERROR | checkout failed: out of stock
near = app ERROR | checkout failed: card declined
"""
TEMPLATE = "template = nginx: $remote_addr [$time_local] \"$request\" $status $body_bytes_sent"

# what the author did, (old, new)..., words of the message, the text under the caret ("": no caret), words of the hint
FORMAT_MISTAKES = [
    ("a bad regex", [("(?<timestamp>\\S+)", "(?<timestamp>\\S+")], "missing closing parenthesis", None, "[ ]"),
    ("a field nobody knows", [("thread_name", "thred_name")], 'no field "thred_name"', "thred_name", "thread.name"),
    ("a key nobody knows", [("multiline = any", "multline = any")], "unknown key", "multline", "multiline"),
    ("an expectation of a field nobody knows", [("expect severity", "expect severty")], "no such field", "severty", "severity"),
    ("an expectation that does not hold", [("status_code = 500", "status_code = 502")], "does not hold", "502", '"500"'),
    ("a sample that does not match", [(" - checkout", " checkout")], "sample does not match", "checkout", "-"),
    ("a sample without a whole stamp", [("2026-11-22T11:15:12.836Z ERROR", "11:15:12 ERROR")], "no readable time stamp", "11:15:12", "date"),
    ("a line to reject that is taken", [("reject = 2026-11-22 11:15:12 UTC [77] ERROR:  this", "reject = 2026-11-22T11:15:12Z INFO w - this")],
     "must not match", "2026-11-22T11:15:12Z INFO", "narrower"),
    ("endless backtracking", [("(?<message>.*)", "(?<message>(?:[a-z ]+)*)!$"), ("checkout failed status=500 duration_ms=12.5", "a" * 40 + "?")],
     "sample does not match", None, "endless backtracking"),
    ("a name that is not the file's", [("format = shop_api", "format = shop")], "name is not the file's", "shop", "NAME.pattern"),
    ("a tier nobody knows", [("tier = app", "tier = apps")], "no such tier", "apps", "app"),
    ("no tier", [("tier = app\n", "")], "lacks tier", "", "patterns/README.md"),
    ("no time stamp", [("<timestamp>", "<log_logger>")], "lacks a timestamp", "", "patterns/README.md"),
    ("no way to split", [(GOOD_FORMAT[GOOD_FORMAT.index("regex"):GOOD_FORMAT.index("multiline")], "")], "lacks a template", "", ""),
    ("a key twice", [("tier = app", "tier = app\ntier = web")], "once", "tier = web", "line 4"),
    ("no sample", [(GOOD_FORMAT[GOOD_FORMAT.index("sample"):GOOD_FORMAT.index("reject")], "")], "no sample", "", "sample = "),
    ("an expectation without a sample", [("sample = ", "# sample = ")], "without a sample", None, "below its sample"),
    ("no blanks around the equals sign", [("tier = app", "tier=app")], 'no "key = value"', None, "one blank"),
    ("an indented line behind a comment", [("# The shop writes this.", "# The shop writes this.\n\tnow")], "but there is none", None, ""),
    ("a word that the key does not know", [("multiline = any", "multiline = all")], '"no", "indent" or "any"', "all", ""),
    ("a template of a server nobody knows", [("regex = ", "template = lighttpd: ")], "begins with", "lighttpd", ""),
    ("a log_format that says no outcome", [(GOOD_FORMAT[GOOD_FORMAT.index("regex"):GOOD_FORMAT.index("multiline")],
     "template = nginx: $remote_addr [$time_local]\n")], "no $status and no $request", "$remote_addr", "neither when nor what"),
    ("a log_format of HAProxy with a variable nobody knows", [(GOOD_FORMAT[GOOD_FORMAT.index("regex"):GOOD_FORMAT.index("multiline")],
     "template = haproxy: %ci [%tr] %ZZ %ST\n")], "%ZZ", "%ZZ", ""),
    ("a prefix with an escape nobody knows", [(GOOD_FORMAT[GOOD_FORMAT.index("regex"):GOOD_FORMAT.index("multiline")],
     "template = postgresql:%m [%y] \n")], 'unknown escape "%y"', "%y", "SHOW log_line_prefix"),
    ("two ways to split", [("multiline = any", TEMPLATE)], "one way to split", "nginx:", "Keep one"),
]
SIGNAL_MISTAKES = [
    ("a sample that is not matched", [("checkout failed: out of stock", "checkout failed: sold out")], "sample", "app ERROR | checkout failed: sold", ""),
    ("a near miss that is matched", [("card declined", "out of stock")], "near", "app ERROR | checkout failed: out", ""),
    ("a role nobody knows", [("role = symptom", "role = sympton")], "", "sympton", "symptom"),
    ("a key nobody knows", [("health = zero", "helth = zero")], "unknown key", "helth", "health"),
    ("a rule's key nobody knows", [("contains = ", "contain = ")], "unknown key", "contain", "contains"),
    ("a rule without a condition", [("contains = out of stock\n", "")], "", None, ""),
    ("a rule without a class", [("class = shop.stock\n", "")], "no class", None, "class = "),
    ("a text too short to look for", [("contains = out of stock", "contains = out")], "", "out", ""),
    ("a bad regex", [("contains = out of stock", "regex = out[ ]of[ ](stock")], "parenthesis", None, ""),
    ("a name that is not the file's", [("signal = shop.stock.empty", "signal = shop.stock")], "name is not the file's", "shop.stock", ""),
    ("a name that is taken", None, "taken", None, "another name"),
    ("no sentence", [("sentence = {count} orders found no stock.\n", "")], "sentence", "", ""),
    ("a severity nobody knows", [("tier = app\n", "severity = bad\n")], "", "bad", ""),
    ("a status that is none", [("tier = app\n", "status = 5xx\n")], "", "5xx", ""),
]


def check(files):
    """Runs `onset check --patterns` on these files: exit status, standard error, standard output."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text)
        run = subprocess.run([onset, "check", "--patterns", "."], cwd=folder, capture_output=True, text=True)
        return run.returncode, run.stderr, run.stdout


def caret(error):
    """The text over and behind the first caret."""
    lines = error.splitlines()
    for i, line in enumerate(lines):
        if line.strip(" |") == "^":
            return lines[i - 1][line.index("^"):]
    return None


def mistake(kind, name, good, row):
    what, changes, words, under, hint = row
    text = good
    for old, new in changes:
        if text.count(old) != 1:
            fact(f"{kind}, {what}: the row fits the file", False, old)
            return
        text = text.replace(old, new)
    status, error, _ = check({name: text})
    where = caret(error)
    fact(f"{kind}, {what}: exit 2", status == 2, status)
    fact(f"{kind}, {what}: the message says so and names the file", words in error and name in error, error)
    fact(f"{kind}, {what}: the hint helps", "hint: " in error and hint in error[error.index("hint: "):], error)
    if under == "":
        fact(f"{kind}, {what}: no place to show", where is None, error)
    elif under is None:
        fact(f"{kind}, {what}: a place is shown", where is not None, error)
    else:
        fact(f"{kind}, {what}: the caret stands there", where is not None and where.startswith(under), error)


def detected():
    """One file in a folder is all that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "patterns").mkdir()
        Path(folder, "patterns/shop_api.pattern").write_text(GOOD_FORMAT)
        Path(folder, "shop.log").write_text("".join(
            f"2026-11-22T11:15:{s:02}.836Z ERROR worker-3 - checkout failed status=500 duration_ms=12.5\n" for s in range(60)))
        run = subprocess.run([onset, "check", "--patterns", "patterns", "shop.log"], cwd=folder, capture_output=True, text=True)
        fact("a log of the new format is detected", run.returncode == 0 and "shop_api (application), takes 60 of" in run.stdout,
             run.stdout + run.stderr)
        run = subprocess.run([onset, "check", "shop.log"], cwd=folder, capture_output=True, text=True)
        fact("without the file it is not", "shop_api" not in run.stdout, run.stdout)


def the_guide():
    """The pieces of patterns/README.md, put together, are files that pass."""
    guide = Path(__file__).resolve().parent.parent.joinpath("patterns/README.md").read_text()
    pieces = re.findall(r"(?:^    .*\n)+", guide, re.M)
    pieces = ["".join(line[4:] for line in piece.splitlines(True)) for piece in pieces]
    wanted = ("format = ", "regex = ", "sample = ", "expect ", "reject = ")
    steps = {start: piece for piece in reversed(pieces) for start in wanted if piece.startswith(start)}
    first, more = steps["sample = "].split("\n", 1)
    text = steps["format = "] + steps["regex = "] + first + "\n" + steps["expect "] + more + steps["reject = "]
    at = guide.index("    signal = ")
    signal = "".join(line[4:] or "\n" for line in guide[at:guide.index("| key", at)].splitlines(True))
    status, error, out = check({"shop_api.pattern": text, "shop.stock.empty.signal": signal})
    fact("the guide's format and signal pass", status == 0 and not error and "the shop's own log" in out, error + text + signal)
    records = Path(__file__).resolve().parent.parent.joinpath("src/line/record.h").read_text().split("RECORD_METRICS")[0]
    missing = [f for f in re.findall(r'X\(\w+, "([^"]{2,})"\)', records) if f"`{f}`" not in guide]
    fact("the guide names every field", not missing, missing)
    formats = Path(__file__).resolve().parent.parent.joinpath("patterns/formats").glob("*.pattern")
    missing = [f.stem for f in formats if f"`{f.stem}`" not in guide]
    fact("the guide names every format", not missing, missing)
    compiler = Path(__file__).resolve().parent.parent.joinpath("src/parse/compile.c").read_text()
    keys = re.findall(r'^\t\{"([a-z-]+)", (?:true|false), ', compiler, re.M)
    missing = [key for key in keys if not re.search(rf"`{key}\b|^    {key}\b", guide, re.M)]
    fact("the guide names every key", len(keys) > 20 and not missing, missing or keys)


def main():
    detected()
    the_guide()
    status, error, out = check({"shop_api.pattern": GOOD_FORMAT, "shop.stock.empty.signal": GOOD_SIGNAL})
    fact("the good files pass", status == 0 and not error and "shop_api" in out, error)
    other = GOOD_FORMAT.replace("format = shop_api", "format = shop_web")
    status, error, _ = check({"shop_api.pattern": GOOD_FORMAT, "shop_web.pattern": other})
    fact("two formats that claim one sample are both named", status == 2 and '"shop_web" takes it too' in error and
         '"shop_api" takes it too' in error and (caret(error) or "").startswith("2026-11-22T11"), error)
    for row in FORMAT_MISTAKES:
        mistake("format", "shop_api.pattern", GOOD_FORMAT, row)
    for row in SIGNAL_MISTAKES:
        if row[1]:
            mistake("signal", "shop.stock.empty.signal", GOOD_SIGNAL, row)
        else:
            taken = GOOD_SIGNAL.replace("signal = shop.stock.empty", "signal = http.requests")
            mistake("signal", "http.requests.signal", taken, (row[0], [], *row[2:]))
    done()


main()
