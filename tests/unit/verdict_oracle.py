#!/usr/bin/env python3
"""verdict_oracle: the statistics of R2, R5, R6 and R7 in floating point, written from facts/algorithms.md 3.4 without looking at src/.

Prints C tables for test_ratio.c and test_slope.c: run it, compare, paste. The numbers in the tests are these.
"""
import math
import random


def ln_ratio(a, b, phi=1.0):
    ln = math.log((a[0] + .5) / a[1]) - math.log((b[0] + .5) / b[1])
    half = 1.96 * math.sqrt(phi * (1 / (a[0] + .5) + 1 / (b[0] + .5)))
    return ln, ln - half, ln + half


def rrr(a, b, c, d, phi=1.0):
    ln = math.log((a[0] + .5) / a[1]) - math.log((b[0] + .5) / b[1]) - math.log((c[0] + .5) / c[1]) + math.log((d[0] + .5) / d[1])
    half = 1.96 * math.sqrt(phi * sum(1 / (x[0] + .5) for x in (a, b, c, d)))
    return ln, ln - half, ln + half


def phi(groups):
    chi = freedom = 0
    for blocks in groups:
        blocks = [b for b in blocks if b[1]]
        events, out_of = sum(b[0] for b in blocks), sum(b[1] for b in blocks)
        if not events or len(blocks) < 2:
            continue
        chi += sum((x - n * events / out_of) ** 2 / (n * events / out_of) for x, n in blocks)
        freedom += len(blocks) - 1
    return max(1.0, chi / freedom) if freedom else 1.0


def phi_of_two(a, c):
    """Over-dispersion of the ratio of two groups, block by block: binomial in the events of the block."""
    ea, na, ec, nc = (sum(x[i] for x in g) for g, i in ((a, 0), (a, 1), (c, 0), (c, 1)))
    r = (ea / na) / (ec / nc)
    chi, used = 0, 0
    for (x, n), (y, m) in zip(a, c):
        p = r * n / (r * n + m) if r * n + m else 0
        if x + y and 0 < p < 1:
            chi += (x - (x + y) * p) ** 2 / ((x + y) * p * (1 - p))
            used += 1
    return max(1.0, chi / (used - 1)) if used > 1 else 1.0


def chance(x):
    return 1 - math.exp(-x)


def theil_sen(points):
    slopes = sorted((y2 - y1) / (x2 - x1) for i, (x1, y1) in enumerate(points) for x2, y2 in points[i + 1:])
    n, m = len(points), len(slopes)
    c = 1.96 * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = int((m - c) // 2)
    median = slopes[m // 2] if m % 2 else (slopes[m // 2 - 1] + slopes[m // 2]) / 2
    return median, (slopes[low] if low >= 0 else -math.inf), (slopes[m - 1 - low] if low >= 0 else math.inf)


def micro(values):
    return ", ".join(str(round(v * 1e6)) for v in values)


if __name__ == "__main__":
    print("/* ratio_of: a, b, phi > ln, lower, upper (micro-nats) */")
    for a, b, p in (((100, 1000), (10, 1000), 1), ((0, 500), (0, 500), 1), ((7, 90), (3, 4000), 2.5), ((30000, 70000), (29000, 70500), 12)):
        print("\t{{%d, %d}, {%d, %d}, %d, {%s}}," % (*a, *b, p * 1e6, micro(ln_ratio(a, b, p))))
    print("/* ratio_of_ratios */")
    for a, b, c, d, p in (((100, 1000), (10, 1000), (110, 1000), (9, 1000), 1), ((400, 1000), (2, 9000), (3, 1000), (2, 9000), 3),
                          ((0, 100), (0, 100), (50, 100), (1, 100), 1), ((900, 2000), (10, 8000), (870, 1900), (12, 8000), 4.2)):
        print("\t{{%d, %d}, {%d, %d}, {%d, %d}, {%d, %d}, %d, {%s}}," % (*a, *b, *c, *d, p * 1e6, micro(rrr(a, b, c, d, p))))
    print("/* scatter */")
    for g in ([[(1, 10), (2, 10), (0, 10), (9, 10)]], [[(5, 100), (5, 100)], [(50, 100), (10, 100), (3, 0)]], [[(0, 5), (0, 5)]]):
        print("\t", g, round(phi(g) * 1e6))
    print("/* scatter of two */")
    for a, c in (([(40, 100), (90, 100), (88, 90)], [(90, 100), (80, 110), (95, 100)]), ([(10, 100), (50, 100)], [(11, 100), (48, 100)])):
        print("\t", a, c, round(phi_of_two(a, c) * 1e6))
    print("/* chance */")
    for x in (0, 1, 100000, 223144, 693147, 1000000, 5000000, 20000000):
        print("\t{%d, %d}," % (x, round(chance(x / 1e6) * 1e6)))
    print("/* milli */")
    for x in (0, 405465, 693147, -693147, 2302585, -2302585, 10000000, -9000000):
        print("\t{%d, %d}," % (x, round(math.exp(x / 1e6) * 1000)))
    print("/* slopes: y > median, lower, upper per step, millionths */")
    rng = random.Random(7)
    for ys in ([10 + 2 * i for i in range(12)], [rng.randrange(40, 60) for _ in range(30)], [rng.randrange(0, 9) + i // 2 for i in range(40)],
               [5] * 10, [3, 1, 2]):
        m, lo, hi = theil_sen(list(enumerate(ys)))
        print("\t", ys, len(ys), *(round(v * 1e6) if math.isfinite(v) else None for v in (m, lo, hi)))
