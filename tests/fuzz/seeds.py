#!/usr/bin/env python3
"""seeds: the corpus of fuzz_part, which has to be made again whenever tallies get another version.

Takes  the built program: tests/fuzz/seeds.py build/release/onset
Gives  tests/fuzz/corpus/part/*: the first part of the tally of a few lines of the samples and golden cases.
"""
import gzip
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Name: a log, and which of its lines (from, to), or those with one of these words.
SEEDS = {
    "pg": ("tests/golden/postgresql-three-logs/in/server.log", (0, 60)),
    "pgb": ("samples/lock-pileup/logs/pgbouncer.log.gz", (0, 40)),
    "ha": ("samples/lock-pileup/logs/haproxy.log.gz", (700, 740)),
    "locks": ("samples/lock-pileup/logs/postgresql-2026-11-22_170124.log.gz", ("still waiting for", "DETAIL:  Process")),
    "web": ("samples/checkout-outage/logs/access.log.1.gz", (2000, 2040)),
    "app": ("samples/checkout-outage/logs/shop-api-2.log.1.gz", (1000, 1030)),
}


def lines_of(path, which):
    path = os.path.join(ROOT, path)
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        lines = file.readlines()
    if isinstance(which[0], int):
        return lines[which[0]:which[1]]
    return [line for line in lines if any(word.encode() in line for word in which)][:40]


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 128:
            return value, at


def main():
    onset = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for name, (path, which) in SEEDS.items():
            log, tally = os.path.join(folder, "a.log"), os.path.join(folder, "a.tally")
            with open(log, "wb") as file:
                file.writelines(lines_of(path, which))
            subprocess.run([onset, "scan", "-j1", log, "-o", tally], check=True)
            with open(tally, "rb") as file:
                data = file.read()
            parts, at = varint(data, 24)  # behind magic, version and the hash of the patterns (tally.c, tally_encode)
            size, at = varint(data, at)
            if parts != 1:
                sys.exit(f"{name}: {parts} parts")
            with open(os.path.join(HERE, "corpus", "part", name), "wb") as file:
                file.write(data[at:at + size])


main()
