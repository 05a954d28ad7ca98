#!/usr/bin/python3
"""equality: see equality.sh."""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "lab"))
import wrap  # noqa: E402
from fact import done, fact  # noqa: E402
from wrapped import SAMPLES  # noqa: E402

onset = sys.argv[1]


def draft_with(where, args, **env):
    run = subprocess.run([onset, "draft", *args], cwd=where, capture_output=True, env={**os.environ, **env})
    if run.returncode > 1:
        print("FAIL", args, run.returncode, run.stderr[-400:].decode(errors="replace"))
    return run.stdout


EVENTS = """{"at": "2026-11-22T17:02", "kind": "deploy", "text": "a deploy", "service": "shop"}
{"at": "2026-11-22T17:02:30Z", "kind": "alert", "text": "one of two at one time"}
{"at": "2026-11-22T17:02:30Z", "kind": "alert", "text": "two of two at one time"}
{"at": "2026-11-22T18:03:00+01:00", "kind": "mitigation", "text": "another zone"}
"""
CONFIG = """events = events.jsonl
around = 2026-11-22T17:02:30
margin = 30s
tier = shop-*.log*=app
"""


def check(name, folder, count, *options):
    """`options`: of every draft; they may name events.jsonl and options.conf."""
    def draft(where, args, **env):
        return draft_with(where, [*options, *args], **env)

    rng = random.Random(name)
    with tempfile.TemporaryDirectory() as work:
        shutil.copytree(folder, f"{work}/logs")
        subprocess.run(["chmod", "-R", "u+w", f"{work}/logs"], check=True)  # the copy of what may only be read may only be read
        files = sorted(str(p.relative_to(work)) for p in Path(work, "logs").rglob("*") if p.is_file() and p.suffix == ".gz")
        Path(work, "events.jsonl").write_text(EVENTS)
        Path(work, "options.conf").write_text(CONFIG)
        Path(work, "copy").mkdir()
        shutil.copy(Path(work, files[0]), Path(work, "copy", "again.log.gz"))
        files.append("copy/again.log.gz")
        want = draft(work, ["-j", "1", *files])
        fact(f"{name}: a draft is written", len(want) > 1000)
        for threads in range(1, 9):
            order = files[:]
            rng.shuffle(order)
            fact(f"{name}: {threads} threads, shuffled", draft(work, ["-j", str(threads), *order]) == want)
        fact(f"{name}: odd zone and locale", draft(work, files, TZ="Pacific/Chatham", LC_ALL="tr_TR.UTF-8") == want)
        for deal in range(count):
            piles = [[] for _ in range(rng.randrange(1, 5))]
            for path in files:
                rng.choice(piles).append(path)
            given = []
            for n, pile in enumerate(p for p in piles if p):
                if rng.random() < 0.7:
                    rng.shuffle(pile)
                    tally = f"{deal}-{n}.tally"
                    subprocess.run([onset, "scan", "-j", str(rng.randrange(1, 4)), *pile, "-o", tally], cwd=work, check=False,
                                   capture_output=True)
                    # a pile of nothing but unknown formats writes no tally (status 2): then its files are given themselves
                    given += [tally] if Path(work, tally).exists() else pile
                else:
                    given += pile
            rng.shuffle(given)
            fact(f"{name}: deal {deal} through tallies", draft(work, given) == want)
        one = subprocess.run([onset, "scan", *files, "-o", "one.tally"], cwd=work, capture_output=True)
        halves = [files[::2], files[1::2]]
        for n, half in enumerate(halves):
            subprocess.run([onset, "scan", *half, "-o", f"half{n}.tally"], cwd=work, capture_output=True)
        subprocess.run([onset, "scan", "half1.tally", "half0.tally", "-o", "both.tally"], cwd=work, capture_output=True)
        fact(f"{name}: tally(A + B) == tally(A) u tally(B), byte for byte",
             Path(work, "one.tally").read_bytes() == Path(work, "both.tally").read_bytes() and one.returncode in (0, 1))
        fact(f"{name}: tallies are private (mode 0600)", Path(work, "one.tally").stat().st_mode & 0o777 == 0o600)
        # the same content, compressed or not, in one gzip member or several: the same numbers
        for path in files:
            packed = Path(work, path).read_bytes()
            plain, mtime = gzip.decompress(packed), int.from_bytes(packed[4:8], "little")  # which the draft tells of the file
            parts = (plain[: len(plain) // 3], 1), (b"", 9), (plain[len(plain) // 3:], 9)
            Path(work, path).write_bytes(b"".join(gzip.compress(part, level, mtime=mtime) for part, level in parts))
        fact(f"{name}: split into gzip members", draft(work, files) == want)


check("checkout-outage", "samples/checkout-outage/logs", 4)
check("lock-pileup", "samples/lock-pileup/logs", 3)
check("lock-pileup, events and a time", "samples/lock-pileup/logs", 2, "--events", "events.jsonl", "--since", "2026-11-22 17:02")
check("lock-pileup, an options file", "samples/lock-pileup/logs", 2, "--config", "options.conf")
# a file in which the lines of several programs alternate is several parts, under one path or two
with tempfile.TemporaryDirectory() as made:
    outage, locks = SAMPLES
    alternating = b"".join(line.text + b"\n" for _, line in wrap.interleaved(outage.by_process("nginx", "postgres", "shop-api")))
    Path(made, "all.log.gz").write_bytes(gzip.compress(alternating))
    for path in locks.paths_but("haproxy"):
        shutil.copy(path, made)
    check("several formats in a file", made, 4)
    parts = json.loads(draft_with(made, ["all.log.gz"]))["sources"]
    fact("several formats in a file: a source for each tier", sorted(s["tier"] for s in parts) == ["app", "db", "web"], [s["key"] for s in parts])
    # and of several writers, in what carries them
    Path(made, "all.log.gz").unlink()
    Path(made, "compose.log.gz").write_bytes(gzip.compress(wrap.compose(outage.by_process("nginx", "postgres", "shop-api"))))
    Path(made, "syslog.1.gz").write_bytes(gzip.compress(wrap.syslog(locks.by_process("haproxy", "pgbouncer", "postgres"), "file")))
    check("several writers in a file", made, 4)
    parts = json.loads(draft_with(made, ["compose.log.gz", "syslog.1.gz"]))["sources"]
    fact("several writers in a file: a source for each", sorted(s["stream"] or "" for s in parts) ==
         ["db-1", "db1/postgres", "lb1/haproxy", "pool1/pgbouncer", "shop-api-1", "shop-api-2", "web-1"], [s["key"] for s in parts])
shared = Path("../shared/incidents")
if shared.is_dir():
    check("spike", shared / "spike/logs", 2)
    check("generated-outage", shared / "generated-outage", 6)
else:
    print("skipped: ../shared/incidents is not here")
done()
