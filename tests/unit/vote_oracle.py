#!/usr/bin/env python3
"""vote_oracle: does the truth lie inside the bound that src/fold/vote.c gives?

    vote_oracle.py build/checked/unit/test_vote [RUNS]

Simulates two logs of the same requests (request times log-normal, median 120 ms; the second log's line somewhere in the request; stamps of 1 s
or 1 ms; none or a fifth of the matches wrong by up to 30 s), makes the interval of each match as src/fold/match.h says, and compares the
answers with a vote of its own: counts at every end point. Then counts how often the truth lies inside, and the median bound, of those
that would be accepted. Last line: "N passed, N failed".
"""
import bisect
import math
import random
import subprocess
import sys

SECOND, MILLI, SLACK = 1_000_000, 1000, 5000


def matches(rng, truth, n, resolution_a, resolution_b, wrong):
    out = []
    for _ in range(n):
        length = int(math.exp(rng.gauss(math.log(120_000), 0.8)))
        end = rng.randrange(10**9, 10**10)
        line = end - length + rng.randrange(length + 1) + truth
        if rng.random() < wrong:
            line += rng.randrange(-30 * SECOND, 30 * SECOND)
        stamp_a, stamp_b = end // resolution_a * resolution_a, line // resolution_b * resolution_b
        start_a = stamp_a - length // MILLI * MILLI
        low, high = sorted((stamp_b - stamp_a, stamp_b - start_a))
        out.append((low - resolution_a - SLACK, high + resolution_b + SLACK))
    return out


def vote(items):
    lows, highs = sorted(i[0] for i in items), sorted(i[1] for i in items)

    def holders(at):
        return bisect.bisect_right(lows, at) - bisect.bisect_left(highs, at)
    best = max(holders(x) for x in lows)
    need = min(math.ceil(best * 95 / 100), best - 1) if best > 1 else best
    inside = [x for x in lows + highs if holders(x) >= need]
    return min(inside), max(inside), best


def main():
    program = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    rng = random.Random(4)
    cases = [(n, a, b, wrong) for n in (5, 8, 12, 20, 50, 200) for a, b in ((SECOND, MILLI), (MILLI, MILLI), (SECOND, SECOND))
             for wrong in (0, 0.2)]
    tries = []
    for case in cases:
        for _ in range(runs):
            truth = rng.randrange(-10 * SECOND, 10 * SECOND)
            tries.append((case, truth, matches(rng, truth, *case)))
    asked = "".join(f"{len(items)} {' '.join(f'{a} {b}' for a, b in items)}\n" for _, _, items in tries)
    answers = subprocess.run([program, "--votes"], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
    passed = failed = 0

    def fact(holds, what):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        if not holds:
            print("FAIL", what)
    results = {}
    differ = 0
    for (case, truth, items), line in zip(tries, answers):
        low, high, count = map(int, line.split())
        differ += (low, high, count) != vote(items)
        if count >= 0.6 * len(items):
            results.setdefault(case, []).append((low <= truth <= high, (high - low) // 2))
    fact(len(answers) == len(tries) and not differ, f"{differ} of {len(tries)} votes differ from a count at every end point")
    inside = total = 0
    for case, of_case in results.items():
        share = sum(r[0] for r in of_case) / len(of_case)
        median = sorted(r[1] for r in of_case)[len(of_case) // 2]
        inside, total = inside + sum(r[0] for r in of_case), total + len(of_case)
        fact(share >= 0.95, f"{case}: truth inside in {share:.3f}")
        n, a, b, _ = case
        if n >= 20 and b == MILLI:
            fact(median <= 200_000, f"{case}: median bound {median} us")
        if n >= 50 and b == MILLI:
            fact(median <= 150_000, f"{case}: median bound {median} us")
    fact(inside / total >= 0.98, f"truth inside in {inside / total:.4f} of all")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
