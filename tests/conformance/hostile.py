"""hostile: everything that stands in ../shared, as logs: no crash, no hang, no more than linear time.

Takes  the program; --shared FOLDER (default ../shared); --doubling: time instead of survival; --each: by hand, each case alone
       (repeated, cut, with bytes changed); --seed N.
Gives  survival: one fact a log and verb (check --records; of the families also check, draft): the program ends with status 0, 1 or 2, within an
       hour, and each record is a JSON object. Logs are the files of the folder and, of each family of cases, all raws in one.
       doubling: one fact a family: user time for 4 times a family's text is less than 8 times that for the text (linear: 4,
       quadratic: 16; the text is made long enough to be measured, and measured again where a busy machine spoiled it: what is not
       linear fails each time). Last line "N passed, N failed".
Never  asserts a time. Skips with a message where the folder is absent. What is "not for reading" there (*.bin) is not read.
"""
import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import cases as loading  # noqa: E402
from fact import done, fact  # noqa: E402

HANGS_S = 3600
VERBS = [["check", "--records"], ["check"], ["draft"]]
ENOUGH_S = 0.03     # of user time for the shortest text
MEASURED = 5        # times, at most
ENOUGH_BYTES = 1 << 18


def run(onset, folder, args, **more):
    return subprocess.run([onset, *args], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANGS_S, **more)


def survives(onset, folder, name, args):
    """Why not; empty when it does."""
    try:
        r = run(onset, folder, [*args, "--no-config", "--", name])
    except subprocess.TimeoutExpired:
        return "hangs"
    if r.returncode not in (0, 1, 2):
        return f"status {r.returncode}: {r.stderr[-3000:].decode(errors='replace')}"
    if "--records" in args:
        try:
            for line in r.stdout.split(b"\n"):
                assert not line or isinstance(json.loads(line), dict)
        except (ValueError, AssertionError) as e:
            return f"a record is no JSON object: {e}"
    return ""


def families(shared):
    """Raws by family, in the order of the file."""
    out = {}
    for group in loading.load(shared / "conformance").values():
        for case in group:
            out.setdefault(case.family, []).append(case.text)
    return out


def survival(onset, shared):
    logs = [p for p in sorted(shared.rglob("*")) if p.is_file() and p.suffix != ".bin"]
    with tempfile.TemporaryDirectory(prefix="onset-hostile-") as folder:
        made = []
        for family, raws in families(shared).items():
            made.append(f"{family}.log")
            (Path(folder) / made[-1]).write_text("".join(raws), encoding="utf-8", newline="\n")
        made.append("all.log")
        (Path(folder) / made[-1]).write_text("".join(t for raws in families(shared).values() for t in raws), encoding="utf-8", newline="\n")
        for args in VERBS:
            # Files are drafted by other tests, too; once is enough here.
            for name in made + ([str(p) for p in logs] if args is VERBS[0] else []):
                why = survives(onset, folder, name, args)
                fact(f"{' '.join(args)} {name}", not why, why)


def user_s(onset, folder, text):
    (Path(folder) / "text.log").write_text(text, encoding="utf-8", newline="\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run(onset, folder, ["check", "--records", "--no-config", "-o", "out", "--", "text.log"])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def doubling(onset, shared):
    with tempfile.TemporaryDirectory(prefix="onset-hostile-") as folder:
        for family, raws in families(shared).items():
            text = "".join(raws)
            text *= -(-ENOUGH_BYTES // len(text))
            while user_s(onset, folder, text) < ENOUGH_S and len(text) < 1 << 24:
                text += text
            for _ in range(MEASURED):
                once, four = user_s(onset, folder, text), user_s(onset, folder, text * 4)
                if four < 8 * once:
                    break
            fact(f"{family}: four times the text takes less than eight times as long", four < 8 * once,
                 f"{len(text)} bytes: {once:.3f} s, {4 * len(text)} bytes: {four:.3f} s")


def each(onset, shared, seed):
    """By hand: each case alone, repeated, cut anywhere, with bytes changed."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="onset-hostile-") as folder:
        for family, raws in families(shared).items():
            bad = 0
            names = []
            for n, raw in enumerate(raws):
                data = raw.encode()
                changed = bytearray(data * 3)
                for _ in range(1 + len(changed) // 20):
                    changed[dice.randrange(len(changed))] = dice.choice(b"\0\n\r\x1b\"\\[]{}<>:=- 09aZ\xff\xc3")
                for what, content in (("many", data * 50), ("cut", data[:dice.randrange(len(data))]), ("changed", bytes(changed)),
                                      ("line", data.replace(b"\n", b" ") * 200)):
                    names.append(f"{family}-{n}-{what}.log")
                    (Path(folder) / names[-1]).write_bytes(content)
            for i in range(0, len(names), 200):
                for args in VERBS:
                    r = run(onset, folder, [*args, "--no-config", "--", *names[i:i + 200]])
                    if r.returncode not in (0, 1, 2):
                        bad += 1
                        alone = [(name, survives(onset, folder, name, args)) for name in names[i:i + 200]]
                        print("FAIL", args, [a for a in alone if a[1]][:3] or r.stderr[-3000:].decode(errors="replace"), flush=True)
            fact(f"{family}: each case changed", not bad)
            print(family, len(names), flush=True)
            for name in names:
                os.unlink(os.path.join(folder, name))


def main():
    parser = argparse.ArgumentParser(prog="hostile")
    parser.add_argument("onset")
    parser.add_argument("--shared", default=str(HERE.parents[2] / "shared"))
    parser.add_argument("--doubling", action="store_true")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    shared, onset = Path(args.shared), str(Path(args.onset).resolve())
    if not shared.is_dir():
        print(f"skipped: {shared} (logs that are not part of this project) is not here")
    elif args.doubling:
        doubling(onset, shared)
    elif args.each:
        each(onset, shared, args.seed)
    else:
        survival(onset, shared)
    done()


main()
