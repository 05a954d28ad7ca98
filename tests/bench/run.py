#!/usr/bin/python3
"""run.py: see run. Each round runs gzip and then every case once, so that drift of the machine hits all alike. Two shares: of the time
on the wall, and of the processor's (user + system, of all threads), which other people's programs disturb less."""
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import formats

onset, megabytes, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = Path("build/bench") / f"mb{megabytes}"
split = [str(data / "split" / f"access.log.{n}.gz") for n in range(1, 9)]
nginx, pg, app, haproxy, text = (str(data / f"{name}.log.gz") for name in ("nginx", "pg", "app", "haproxy", "text"))
cases = [
    ("nginx, one file, one thread", [nginx], 1, 0.9),
    ("nginx, 8 files, two threads", split, 2, 0.6),
    ("PostgreSQL stderr, one thread", [pg], 1, None),
    ("app JSON lines, one thread", [app], 1, None),
    ("app text lines, one thread", [text], 1, None),
    ("HAProxy httplog, one thread", [haproxy], 1, None),
]
for names, kind, goal in ((formats.REGEX, "regex", 1.0), (formats.OTHERS, "scanner", None)):
    cases += [(f"{name} ({kind}), one thread", [str(data / "formats" / f"{name}.log.gz")], 1, goal) for name in names]
if len(sys.argv) > 4:
    cases = [case for case in cases if any(word in case[0] for word in sys.argv[4:])]
wanted = {Path(file) for _, files, _, _ in cases for file in files}
if any(file.parent != data / "formats" and not (data / "text.log.gz").exists() for file in wanted):
    print(f"generating {megabytes} MB of nginx text and half as much of each other log in {data} ...", flush=True)
    subprocess.run([sys.executable, "tests/bench/generate.py", str(data), str(megabytes)], check=True)
names = {file.name.removesuffix(".log.gz") for file in wanted if file.parent == data / "formats"}
if any(not (data / "formats" / f"{name}.log.gz").exists() for name in names):
    print(f"generating {megabytes // 6} MB of each of {len(names)} formats ...", flush=True)
    formats.generate(data / "formats", megabytes // 6, names)


def once(command):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


ratios = {name: [] for name, *_ in cases}
processor = {name: [] for name, *_ in cases}
peak = {name: 0 for name, *_ in cases}
for _ in range(runs + 1):  # the first round warms the page cache and is not counted
    for name, files, threads, _goal in cases:
        base, base_used, _, _ = once(["gzip", "-dc", *files])
        took, used, rss, status = once([onset, "draft", "-j", str(threads), *files])
        if status not in (0, 1):
            sys.exit(f"{name}: onset ended with status {status}")
        ratios[name].append(took / base)
        processor[name].append(used / base_used)
        peak[name] = max(peak[name], rss)
print(f"{'case':36} {'median':>7} {'min':>6} {'max':>6} {'processor':>10} {'goal':>6} {'peak MiB':>9}   (share of gzip -dc, {runs} interleaved runs)")
for name, files, threads, goal in cases:
    counted = ratios[name][1:]
    print(f"{name:36} {statistics.median(counted):7.2f} {min(counted):6.2f} {max(counted):6.2f} {statistics.median(processor[name][1:]):10.2f} "
          f"{goal or '-':>6} {peak[name] / 1024:9.1f}")
