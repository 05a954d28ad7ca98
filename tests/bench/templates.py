#!/usr/bin/python3
"""templates: how well messages are grouped, beside people's labels.

Takes  build/MODE/unit/test_starmerge; a folder with loghub's *_2k.log_structured.csv (github.com/logpai/loghub; not in the tree).
Gives  for each log its grouping accuracy (share of the messages whose group holds exactly those of one label) and F1 of the groups
       (a template counts once); the published accuracy of Drain, tuned for each log; both means.
Holds  nothing. Never  shows the program a label.
"""
import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

# Grouping accuracy of Drain: Zhu et al., Tools and Benchmarks for Automated Log Parsing, ICSE 2019; the same in
# github.com/logpai/logparser, logparser/Drain/README.md.
DRAIN = {"HDFS": 0.998, "Hadoop": 0.948, "Spark": 0.920, "Zookeeper": 0.967, "OpenStack": 0.733, "BGL": 0.963, "HPC": 0.887, "Thunderbird": 0.955,
         "Windows": 0.997, "Linux": 0.690, "Mac": 0.787, "Android": 0.911, "HealthApp": 0.780, "Apache": 1.000, "OpenSSH": 0.788, "Proxifier": 0.527}


def groups(names):
    out = defaultdict(set)
    for i, name in enumerate(names):
        out[name].add(i)
    return {frozenset(g) for g in out.values()}


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    sums = [0.0, 0.0, 0.0]
    files = sorted(folder.glob("*_2k.log_structured.csv"))
    for path in files:
        with path.open(newline="", encoding="utf-8", errors="replace") as f:
            rows = list(csv.DictReader(f))
        text = "".join(" ".join(r["Content"].splitlines()) + "\n" for r in rows)
        told = subprocess.run([program, "--templates"], input=text.encode(), capture_output=True, check=True).stdout.decode(errors="replace").split("\n")[:-1]
        assert len(told) == len(rows), path
        mine, truth = groups(told), groups(r["EventId"] for r in rows)
        both = mine & truth
        system = path.name.split("_")[0]
        scores = (sum(map(len, both)) / len(rows), 2 * len(both) / (len(mine) + len(truth)), DRAIN[system])
        sums = [a + b for a, b in zip(sums, scores)]
        print(f"{system:12} accuracy {scores[0]:.3f}   F1 {scores[1]:.3f}   Drain's accuracy {scores[2]:.3f}   templates {len(mine):4d}, labels {len(truth):4d}")
    print(f"{'mean':12} accuracy {sums[0] / len(files):.3f}   F1 {sums[1] / len(files):.3f}   Drain's accuracy {sums[2] / len(files):.3f}")


if __name__ == "__main__":
    main()
