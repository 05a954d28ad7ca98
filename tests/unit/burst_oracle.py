#!/usr/bin/env python3
"""burst_oracle: a naive, dense, floating-point CB2, written from facts/algorithms.md 1.2 and its corrections, against which
src/incident/burst.c is compared. One array element a second, no runs, no sparse tricks, libm logarithms, Viterbi with back-pointers.

    burst_oracle.py build/checked/unit/test_burst [SEEDS]

Also the integer logarithms against libm's. Last line: "N passed, N failed".
"""
import math
import random
import subprocess
import sys

UP, DOWN, LOW = 12.0, 6.0, 1.1
PERIODS = (60, 300, 600, 900, 1800, 3600)
CAP = 0.05
BRIDGE = 600
REACH = 30


def nb_log(x, mean, r):
    return (math.lgamma(x + r) - math.lgamma(r) - math.lgamma(x + 1)
            + r * math.log(r / (r + mean)) + x * math.log(mean / (r + mean)))


def poisson_log(x, mean):
    return x * math.log(mean) - mean - math.lgamma(x + 1)


class Level:
    """Counts xs[i] of cells of `width` seconds; gap[i] is None, "bridge" or "break"."""

    def __init__(self, width, begin, xs, gap):
        self.width, self.begin, self.xs, self.gap = width, begin, xs, gap

    def fit(self, health_zero):
        w, xs, n = self.width, self.xs, len(self.xs)
        covered = [i for i in range(n) if not self.gap[i]]
        def blocks(seconds):
            """(cells of a block, sorted sums of the blocks that are covered whole)"""
            per = max(1, seconds // w)
            sums = []
            for block in range(self.begin // per - 1, (self.begin + n) // per + 2):
                cells = [i - self.begin for i in range(block * per, block * per + per)]
                if all(0 <= i < n and not self.gap[i] for i in cells):
                    sums.append(sum(xs[i] for i in cells))
            return per, sorted(sums)

        per, sums = blocks(60)
        m = len(sums)
        if m >= 20:
            rate = ((sums[(m - 1) // 2] + sums[m // 2]) / 2 + 0.5) / per
        else:
            per, sums = blocks(10)
            if len(sums) < 3:
                per, sums = blocks(1)
            m = len(sums)
            least = w / 120
            normal = sums[(m - 1) // 4] + least * per
            high = max(3, math.ceil(normal + 5 * math.sqrt(normal) + 1 - 1e-9))
            quiet = [s for s in sums if s < high]
            rate = sum(quiet) / len(quiet) / per + least
        filled = sum(s > CAP * per * w for s in sums) * 2 > m
        self.filled = bool(filled and health_zero)
        if health_zero:
            rate = min(rate, CAP * w)
        self.rate = rate
        self.high = max(3, math.ceil(rate + 5 * math.sqrt(rate) + 1 - 1e-9))
        self.low = rate + math.sqrt(rate)
        self.r = None
        quiet = [xs[i] for i in covered if xs[i] < 4 * self.high]
        if quiet and rate > 0.1:
            mean = sum(quiet) / len(quiet)
            var = sum((x - mean) ** 2 for x in quiet) / len(quiet)
            if mean > 0 and var / mean > 1.2:
                self.r = max(0.2, mean * mean / (var - mean))
        self.eps = [1 / 600] * n
        self.masked = [False] * n
        for period_s in PERIODS:
            period = period_s // w
            if period_s % w or period < 6 or len(covered) // period < 4:
                continue
            times = len(covered) // period
            tolerance = 2 if w == 1 else 0
            seen = [set() for _ in range(period)]
            for i in covered:
                if xs[i] >= self.high:
                    for d in range(-tolerance, tolerance + 1):
                        at = i + self.begin + d
                        if at >= 0:
                            seen[at % period].add(at // period)
            share = [len(s) / times for s in seen]
            peaks = [p for p in range(period) if len(seen[p]) * 10 >= times * 6]
            if not peaks or len(peaks) > period // 4:
                continue
            for i in range(n):
                phase = (i + self.begin) % period
                if len(seen[phase]) * 10 >= times * 6:
                    self.eps[i] = max(self.eps[i], min(share[phase], 0.9))
                    self.masked[i] = True

    def gain(self, i):
        x, eps, rate = self.xs[i], self.eps[i], self.rate
        if x <= self.low + 1e-9:
            return -LOW
        m = max(2.0, 5 * rate)
        g = -math.log1p(m) + x * (math.log(m) - math.log1p(m))
        b = nb_log(x, rate, self.r) if self.r is not None else poisson_log(x, rate)
        terms = (math.log(1 - eps) + b, math.log(eps) + g)
        top = max(terms)
        return g - (top + math.log(sum(math.exp(t - top) for t in terms)))

    def paused_states(self):
        """Stretches of 20 cells at background level inside a burst get a pause in their middle; then all is found again."""
        self.pauses = set()
        state = self.states()
        most = 20 * self.rate + 2 * math.sqrt(20 * self.rate) + 1e-6
        for a in range(len(state)):
            b = a + 20
            if a == 0 or b >= len(state) or not self.xs[a - 1] or not all(state[a - 1:b + 1]) or any(self.gap[a:b]):
                continue
            rest = b
            while rest < len(state) and state[rest] and not self.xs[rest]:
                rest += 1
            if rest < len(state) and state[rest] and sum(self.xs[a:b]) <= most:
                self.pauses.add(a + 10)
        return self.states() if self.pauses else state

    def states(self):
        n = len(self.xs)
        state = [0] * n
        start = 0
        while start < n:
            if self.gap[start] == "break":
                start += 1
                continue
            end = start
            while end < n and self.gap[end] != "break":
                end += 1
            v0, v1 = 0.0, -math.inf
            back = []
            for i in range(start, end):
                to0 = v1 - DOWN > v0          # ties stay
                to1 = v0 - UP > v1
                back.append((1 if to0 else 0, 0 if to1 else 1))
                gain = 0.0 if self.gap[i] else -math.inf if i in self.pauses else self.gain(i)
                v0, v1 = max(v0, v1 - DOWN), max(v1, v0 - UP) + gain
            s = 1 if v1 > v0 else 0
            for i in range(end - 1, start - 1, -1):
                state[i] = s
                s = back[i - start][s]
            start = end
        return state

    def bursts(self):
        """(first non-empty cell, last, censored at start, at end, ongoing), cells relative to begin."""
        state, out, i, n = self.paused_states(), [], 0, len(self.xs)
        self.few = []  # likewise, of fewer than ten events
        while i < n:
            if not state[i]:
                i += 1
                continue
            j = i
            while j < n and state[j]:
                j += 1
            cells = [k for k in range(i, j) if self.xs[k] or self.raw[k]]
            to = out if sum(self.xs[i:j]) >= 10 else self.few
            to.append((cells[0], cells[-1], i == 0 or bool(self.gap[i]) or bool(self.gap[i - 1]), j == n or bool(self.gap[j]), j == n))
            i = j
        return out


def gap_cells(width, begin, n, gaps):
    out = [None] * n
    for a, b in gaps:
        for c in range(a // width + 1, b // width):
            if 0 <= c - begin < n:
                out[c - begin] = "bridge" if b - a <= BRIDGE else "break"
    return out


def cb2(start, end, counts, gaps, health_zero, whiles=()):
    """counts: {second: n}. Returns [(first second, last second, width, flags...)]."""
    xs = [counts.get(t, 0) for t in range(start, end + 1)]
    fine = Level(1, start, xs, gap_cells(1, start, len(xs), gaps))
    fine.raw = xs
    fine.fit(health_zero)
    found = [(start + a, start + b, 1, ca, cb, on, fine.filled) for a, b, ca, cb, on in fine.bursts()]
    for width in (10, 60):
        begin = start // width
        n = end // width - begin + 1
        sums, raw = [0] * n, [0] * n
        for i, x in enumerate(xs):
            raw[(start + i) // width - begin] += x
            if not fine.masked[i]:
                sums[(start + i) // width - begin] += min(x, fine.high)
        level = Level(width, begin, sums, gap_cells(width, begin, n, gaps))
        level.raw = raw
        level.fit(health_zero)
        finer = list(found)
        for a, b, ca, cb, on in level.bursts():
            inside = [start + i for i, x in enumerate(xs) if x and begin + a <= (start + i) // width <= begin + b]
            burst = (inside[0], inside[-1], width, ca, cb, on, level.filled)
            if all(f[1] < burst[0] or burst[1] < f[0] for f in finer):
                found.append(burst)
    if health_zero:
        few = [(start + a, start + b, 1, ca, cb, on, fine.filled) for a, b, ca, cb, on in fine.few]
        found += [f for f in few if any(f[0] - o[1] <= 120 and o[0] - f[1] <= 120 for o in found)
                  and all(f[1] < o[0] or o[1] < f[0] for o in found)]
        found = sorted(found)
    periodic = sum(x for x, m in zip(xs, fine.masked) if m)
    if not found and fine.filled and sum(xs) >= 10 and periodic <= sum(xs) // 2:
        times = sorted(counts)
        found = [(times[0], times[-1], 1, True, True, True, True)]
    if health_zero:
        found = reach(met(found, start, xs, fine, whiles), start, xs, fine)
    return censor(sorted(found), gaps, health_zero)


def censor(found, gaps, health_zero):
    """A gap within reach of a burst may have swallowed its first or last event, when no other burst stands between."""
    out = []
    for f in found:
        near = max(REACH if health_zero else 0, f[2])
        others = [o for o in found if o is not f]
        before = [b for a, b in gaps if b <= f[0] and f[0] - b <= near and not any(b <= o[1] < f[0] for o in others)]
        behind = [a for a, b in gaps if a >= f[1] and a - f[1] <= near and not any(f[1] < o[0] <= a for o in others)]
        out.append(f[:3] + (f[3] or bool(before), f[4] or bool(behind)) + f[5:])
    return out


def lone_of(found, start, xs):
    inside = set()
    for f in found:
        inside.update(range(f[0], f[1] + 1))
    return [start + i for i, x in enumerate(xs) if x and start + i not in inside]


def rare(found, start, xs, fine):
    """Farther than 120 s from all bursts: at most one event in ten times REACH, and 200 s of it."""
    far_s = sum(1 for g in fine.gap if not g) - sum(f[1] - f[0] + 240 for f in found)
    far = [t for t in lone_of(found, start, xs) if all(t < f[0] - 120 or t > f[1] + 120 for f in found)]
    return far_s >= 200 and sum(xs[t - start] for t in far if not fine.masked[t - start]) <= far_s // (10 * REACH)


def near(found, start, xs, fine):
    """Less than 200 s are farther than 120 s from all bursts, and no event as far from one as parts bursts."""
    far_s = sum(1 for g in fine.gap if not g) - sum(f[1] - f[0] + 240 for f in found)
    return far_s < 200 and all(any(f[0] - t < 20 and t - f[1] < 20 for f in found) for t in lone_of(found, start, xs))


def met(found, start, xs, fine, whiles):
    """Rows of ten events or more that no burst is near, while other logs fail."""
    rows = []
    for t in (start + i for i, x in enumerate(xs) if x):
        if rows and t - rows[-1][-1] <= REACH and not any(fine.masked[u - start] for u in (rows[-1][-1], t)) \
                and not any(fine.gap[rows[-1][-1] - start:t - start]):
            rows[-1].append(t)
        else:
            rows.append([t])
    more = []
    for row in rows:
        n, a, b = sum(xs[t - start] for t in row), row[0], row[-1]
        if n >= 10 and 10 * n >= b - a and not fine.masked[a - start] and any(w[0] <= b and a <= w[1] for w in whiles) \
                and all(b < f[0] - REACH or a > f[1] + REACH for f in found):
            more.append((a, b, 1, False, False, False, fine.filled))
    return sorted(found + more) if more and rare(sorted(found + more), start, xs, fine) else found


def reach(found, start, xs, fine):
    """Lone events at most REACH s from a burst belong to it, when the signal is rare elsewhere; what no 20 s part is joined."""
    most = REACH if rare(found, start, xs, fine) else 19 if near(found, start, xs, fine) else None
    if not found or most is None:
        return found
    lone = lone_of(found, start, xs)

    def between(a, b):
        """Events between two bursts (None: an end of the log), with theirs; and where a stop is, by pause."""
        row = [t for t in lone if (not a or t > a[1]) and (not b or t < b[0])]
        chain = [a[1] if a else None] + row + [b[0] if b else None]

        def pause(j):
            t, u = chain[j], chain[j + 1]
            if t is None or u is None or (j == 0 and a[4]) or (j == len(row) and b[3]):
                return math.inf
            if (j > 0 and fine.masked[t - start]) or (j < len(row) and fine.masked[u - start]) or any(fine.gap[t - start:u - start]):
                return math.inf
            return u - t
        return row, [pause(j) for j in range(len(row) + 1)]

    joined = []
    for f in found:
        if joined and max(between(joined[-1], f)[1]) < 20:
            a = joined.pop()
            f = (a[0], f[1], min(a[2], f[2]), a[3], f[4], f[5], a[6])
        joined.append(f)
    found = [list(f) for f in joined]
    far = [min([most] + [g[0] - f[1] if g[0] > f[1] else f[0] - g[1] for g in joined if g is not f]) for f in joined]
    for k in range(len(joined) + 1):
        a, b = joined[k - 1] if k else None, joined[k] if k < len(joined) else None
        row, pauses = between(a, b)
        if not row:
            continue
        widest = pauses.index(max(pauses))
        if a:
            stop = min([j for j, p in enumerate(pauses) if p > far[k - 1]] + [widest])
            if stop > 0:
                found[k - 1][1] = row[stop - 1]
        if b:
            stop = max([j for j, p in enumerate(pauses) if p > far[k]] + [widest])
            if stop < len(row):
                found[k][0] = row[stop]
    return [tuple(f) for f in found]


# ---- the families of table 1.4 ----

def poisson(rng, mean):
    if mean <= 0:
        return 0
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, k, p = math.exp(-mean), 0, rng.random()
    while p > limit:
        k, p = k + 1, p * rng.random()
    return k


def nb(rng, mean, k):
    return poisson(rng, rng.gammavariate(k, mean / k))


def series(family, seed):
    rng = random.Random(f"{family}-{seed}")
    start = rng.randrange(1_700_000_000, 1_700_100_000)
    length = 4 * 3600
    end = start + length - 1
    background = {"weak": 0.05}.get(family, 0.02)
    x = [poisson(rng, background) for _ in range(length)]
    gaps, truth = [], None
    if family == "noisy":
        x = [nb(rng, 0.5, 0.3) for _ in range(length)]
    a = rng.randrange(1800, length - 4000)
    d = rng.randrange(60, 1200)
    if family in ("spikes", "null"):
        for _ in range(30):
            x[rng.randrange(length)] += rng.randrange(10, 51)
    if family in ("cron", "null"):
        phase = rng.randrange(300)
        for t in range(phase, length, 300):
            x[min(length - 1, t + rng.randrange(2))] += rng.randrange(10, 51)
    if family != "null":
        truth = (start + a, start + a + d - 1)
        t = a
        on = True
        while family == "onoff" and t < a + d:
            k = rng.randrange(3, 7) if on else rng.randrange(6, 13)
            for i in range(t, min(t + k, a + d)):
                x[i] += nb(rng, 20, 5) if on else 0
            t += k
            on = not on
        for i in range(a, a + d):
            if family == "weak":
                x[i] += poisson(rng, 1)
            elif family == "ramp":
                x[i] += poisson(rng, 20 * min(1, (i - a) / 60))
            elif family == "gap":
                x[i] += nb(rng, 20, 5)
            elif family != "onoff":
                x[i] += nb(rng, 20, 5)
        if family == "ramp":
            for i in range(a + d, min(length, a + d + 600)):
                x[i] += poisson(rng, 20 * math.exp(-(i - a - d) / 60))
            truth = (start + a, start + a + d + 219)  # where it falls below one event in two seconds
        if family == "gap":
            g = a + d // 2
            tail = x[g:a + d]
            for i in range(g, g + 300):
                x[i] = 0
            for i, v in enumerate(tail):
                x[g + 300 + i] = v
            gaps = [(start + g - 1, start + g + 300)]
            truth = (start + a, start + a + d + 299)
    return start, end, {start + i: v for i, v in enumerate(x) if v}, gaps, truth


def randomised(seed):
    """Anything goes: short captures, any rate, several bursts, gaps of any length, signals that are ~0 in health."""
    rng = random.Random(f"any-{seed}")
    start = rng.randrange(1_600_000_000, 1_600_010_000)
    length = rng.choice((7, 40, 90, 300, 1000, 5000))
    rate = rng.choice((0, 0.001, 0.02, 0.3, 2, 10, 50))
    x = [poisson(rng, rate) for _ in range(length)]
    for _ in range(rng.randrange(4)):
        a, d, more = rng.randrange(length), rng.choice((1, 2, 3, 5, 20, 100, 600)), rng.choice((0.3, 1, 5, 40, 400))
        for i in range(a, min(length, a + d)):
            x[i] += poisson(rng, more)
    gaps = []
    at = 0
    for _ in range(rng.randrange(3)):
        a = at + rng.randrange(1, 1 + max(1, length // 2))
        b = a + rng.choice((61, 100, 400, 599, 601, 900))
        if b >= length:
            break
        for i in range(a + 1, b):
            x[i] = 0
        gaps.append((start + a, start + b))
        at = b
    health_zero, whiles = rng.randrange(2), []
    for _ in range(rng.choice((0, 1, 3))):
        a = start + rng.randrange(length)
        whiles.append((a, a + rng.choice((0, 5, 60, 600))))
    return start, start + length - 1, {start + i: v for i, v in enumerate(x) if v}, gaps, health_zero, whiles


FAMILIES = ("clean", "weak", "spikes", "cron", "gap", "onoff", "ramp", "noisy", "null")


def logarithms(program):
    """ln, ln gamma and log-sum-exp of thousands of values, within 1 micro-nat (and libm's own 1e-15 of the value)."""
    rng = random.Random("logarithms")
    cases = [(1, 1 << 31, 0, 0), (2**64 - 1, 1, 10**9, -10**9)]
    for _ in range(5000):
        cases.append((rng.getrandbits(rng.randrange(1, 65)) or 1, rng.getrandbits(rng.randrange(1, 59)) or 1,
                      rng.randrange(-10**8, 10**8), rng.randrange(-10**8, 10**8)))
    for _ in range(1000):
        a = rng.randrange(-10**9, 10**9)
        cases.append((rng.randrange(1, 1 << 30), rng.randrange(1, 1 << 36), a, a + rng.randrange(-40 * 10**6, 40 * 10**6)))
    told = subprocess.run([program, "--logarithms"], input="".join("%d %d %d %d\n" % c for c in cases), capture_output=True,
                          text=True, check=True)
    failed = 0
    for (v, z, a, b), line in zip(cases, told.stdout.splitlines(), strict=True):
        top = max(a, b) / 1e6
        want = (math.log(v) - 20 * math.log(2), math.lgamma(z / 2**32),
                top + math.log(math.exp(a / 1e6 - top) + math.exp(b / 1e6 - top)))
        for got, w in zip(map(int, line.split()), want):
            if abs(got - w * 1e6) > 1 + abs(w) * 1e6 * 1e-14:
                failed += 1
                print(f"FAIL logarithms {v} {z} {a} {b}: {got} instead of {w * 1e6}")
    return 3 * len(cases) - failed, failed


def main():
    program = sys.argv[1]
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    cases = [(f, s) + series(f, s)[:4] + (0, []) for f in FAMILIES for s in range(seeds)]
    cases += [("any", s) + randomised(s) for s in range(seeds * 10)]
    cases = [c for c in cases if c[4]]
    text = []
    for _, _, start, end, counts, gaps, health, whiles in cases:
        text.append(f"S {start} {end} {int(health)} {len(counts)} {len(gaps)} {len(whiles)}")
        text += [f"{t} {counts[t]}" for t in sorted(counts)]
        text += [f"{a} {b}" for a, b in gaps + whiles]
    told = subprocess.run([program, "--series"], input="\n".join(text) + "\n", capture_output=True, text=True, check=True)
    lines = iter(told.stdout.splitlines())
    passed, failed = logarithms(program)
    report = {}
    for family, seed, start, end, counts, gaps, health, whiles in cases:
        times = sorted(counts)
        got = []
        for _ in range(int(next(lines))):
            f = next(lines).split()
            got.append((times[int(f[0])], times[int(f[1])], int(f[2])) + tuple(v == "1" for v in f[3:7]))
        want = cb2(start, end, counts, gaps, bool(health), whiles)
        if got == want:
            passed += 1
        else:
            failed += 1
            print(f"FAIL {family} {seed}: {[(g[0]-start, g[1]-start) + g[2:] for g in got]} instead of "
                  f"{[(w[0]-start, w[1]-start) + w[2:] for w in want]}")
        if family != "any":
            truth = series(family, seed)[4]
            hits = [g for g in got if truth and min(g[1], truth[1]) - max(g[0], truth[0]) + 1 >
                    0.5 * (max(g[1], truth[1]) - min(g[0], truth[0]) + 1)]
            r = report.setdefault(family, [0, 0, 0, [], []])
            r[0] += 1
            r[1] += bool(hits)
            r[2] += len(got) - len(hits)
            if hits:
                r[3].append(abs(hits[0][0] - truth[0]))
                r[4].append(abs(hits[0][1] - truth[1]))
    for family, (n, hits, false, on, off) in report.items():
        q = lambda v, p: sorted(v)[min(len(v) - 1, int(p * len(v)))] if v else "-"
        print(f"  {family:7} series {n}, found {hits}, false {false}, onset p50/p95 {q(on, .5)}/{q(on, .95)} s, "
              f"end {q(off, .5)}/{q(off, .95)} s")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
