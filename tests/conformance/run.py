"""run: cases through `onset check --records`.

Takes  the program; cases.
Gives  case.records, or case.trouble (a crash, a time-out) when there are none for that.
Each case is a file of its own in a temporary folder. Cases with equal options share a process: onset reads each file by itself
(its record says which: "path"). The files' names have no digit: a name may state a date, and the case does not.
"""
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MOST = 256     # cases in a process
SECONDS = 120  # no promise of speed: a process that takes longer hangs


def name(n):
    letters = ""
    for _ in range(4):
        n, rest = divmod(n, 26)
        letters = chr(ord("a") + rest) + letters
    return f"case-{letters}.log"


class Runner:
    def __init__(self, onset):
        self.onset = str(Path(onset).resolve())
        self.refused = {}  # options that the program does not know: how many cases

    def one(self, folder, options, cases):
        """The records of some cases by path; a string when there is trouble."""
        command = [self.onset, "check", "--records", "--no-mask", "--no-config", *options, "--", *(c.file for c in cases)]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return f"takes more than {SECONDS} s"
        if done.returncode == 64:
            return None
        if done.returncode not in (0, 1, 2):
            return f"ended with status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"
        found = {c.file: [] for c in cases}
        for line in done.stdout.split(b"\n"):
            if line:
                record = json.loads(line)
                found[record["path"]].append(record)
        return found

    def some(self, folder, cases):
        options = list(cases[0].options)
        found = self.one(folder, options, cases)
        while found is None and options:
            left_out = options[-2:]
            key = left_out[0] if left_out[0] != "--format" else "--format " + left_out[1].removeprefix("*=").split(":")[0]
            self.refused[key] = self.refused.get(key, 0) + len(cases)
            del options[-2:]
            found = self.one(folder, options, cases)
        if isinstance(found, dict):
            for c in cases:
                c.records = found[c.file]
        elif len(cases) == 1:
            cases[0].records = []
            cases[0].trouble = found or "the program takes none of the options"
        else:
            middle = len(cases) // 2
            self.some(folder, cases[:middle])
            self.some(folder, cases[middle:])

    def run(self, cases):
        groups = {}
        with tempfile.TemporaryDirectory(prefix="onset-conformance-") as folder:
            for n, c in enumerate(cases):
                c.file = name(n)
                with open(os.path.join(folder, c.file), "w", encoding="utf-8", newline="\n") as f:
                    f.write(c.text)
                groups.setdefault(c.options, []).append(c)
            parts = [group[i:i + MOST] for group in groups.values() for i in range(0, len(group), MOST)]
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda part: self.some(folder, part), parts))
