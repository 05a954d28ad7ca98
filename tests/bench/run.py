#!/usr/bin/python3
"""run.py: see run. Each round runs gzip and then every case once, so that drift of the machine hits all alike."""
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

onset, megabytes, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = Path("build/bench") / f"mb{megabytes}"
if not (data / "text.log.gz").exists():
    print(f"generating {megabytes} MB of nginx text and half as much of each other log in {data} ...")
    subprocess.run([sys.executable, "tests/bench/generate.py", str(data), str(megabytes)], check=True)
split = [str(p) for p in sorted((data / "split").glob("*.gz"))]
nginx, pg, app, haproxy, text = (str(data / f"{name}.log.gz") for name in ("nginx", "pg", "app", "haproxy", "text"))
cases = [
    ("nginx, one file, one thread", [nginx], 1, 0.9),
    ("nginx, 8 files, two threads", split, 2, 0.6),
    ("PostgreSQL stderr, one thread", [pg], 1, None),
    ("app JSON lines, one thread", [app], 1, None),
    ("app text lines, one thread", [text], 1, None),
    ("HAProxy httplog, one thread", [haproxy], 1, None),
]


def once(command):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


ratios = {name: [] for name, *_ in cases}
peak = {name: 0 for name, *_ in cases}
for _ in range(runs + 1):  # the first round warms the page cache and is not counted
    for name, files, threads, _goal in cases:
        base, _, _ = once(["gzip", "-dc", *files])
        took, rss, status = once([onset, "draft", "-j", str(threads), *files])
        if status not in (0, 1):
            sys.exit(f"{name}: onset ended with status {status}")
        ratios[name].append(took / base)
        peak[name] = max(peak[name], rss)
print(f"{'case':34} {'median':>7} {'min':>6} {'max':>6} {'goal':>6} {'peak MiB':>9}   (share of gzip -dc, {runs} interleaved runs)")
for name, files, threads, goal in cases:
    counted = ratios[name][1:]
    print(f"{name:34} {statistics.median(counted):7.2f} {min(counted):6.2f} {max(counted):6.2f} {goal or '-':>6} {peak[name] / 1024:9.1f}")
