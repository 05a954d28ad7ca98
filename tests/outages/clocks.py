"""clocks: what a machine's clock showed when it was t, and in which zone its programs print.

Takes  a random.Random. Gives  Clock: shown(t) in us; zones with the abbreviation that PostgreSQL would print.
Never  says anything about formats.
"""
SEC = 1_000_000

# Name, seconds east of UTC, what %Z gives (PostgreSQL, PgBouncer), is that abbreviation unambiguous. Captures are in northern
# winter, but for those that span a change (CHANGES).
ZONES = [
    ("UTC", 0, "UTC", True),
    ("Europe/Berlin", 3600, "CET", True),
    ("America/New_York", -18000, "EST", True),
    ("America/Los_Angeles", -28800, "PST", True),
    ("Asia/Tokyo", 32400, "JST", True),
    ("Asia/Kolkata", 19800, "IST", False),
    ("Asia/Kathmandu", 20700, "+0545", True),
    ("Australia/Adelaide", 37800, "ACDT", True),
    ("America/St_Johns", -12600, "NST", True),
    ("Asia/Shanghai", 28800, "CST", False),
    ("Pacific/Chatham", 49500, "+1345", True),
]
# Zone, when its summer time begins or ends (seconds since 1970), seconds east and %Z before it and from then on (the tz database).
CHANGES = [
    ("Europe/Berlin", 1761440400, (7200, "CEST"), (3600, "CET")),
    ("Europe/Berlin", 1774746000, (3600, "CET"), (7200, "CEST")),
    ("America/New_York", 1762063200, (-14400, "EDT"), (-18000, "EST")),
    ("America/New_York", 1772953200, (-18000, "EST"), (-14400, "EDT")),
    ("America/Los_Angeles", 1762074000, (-25200, "PDT"), (-28800, "PST")),
    ("America/Los_Angeles", 1772964000, (-28800, "PST"), (-25200, "PDT")),
    ("America/St_Johns", 1762057800, (-9000, "NDT"), (-12600, "NST")),
    ("America/St_Johns", 1772947800, (-12600, "NST"), (-9000, "NDT")),
]
WEIGHTS = [40, 14, 10, 6, 6, 6, 3, 2, 2, 6, 1]


def zone(rng):
    return rng.choices(ZONES, WEIGHTS)[0]


class Zone:
    """Where the wall clock of a machine stands: seconds east of UTC and abbreviation at a time (us, as its own clock has it)."""

    def __init__(self, drawn, start):
        """`drawn`: of ZONES; `start` of the capture, us."""
        self.name, self.winter_s, self.letters, self.clear = drawn
        near = [c for c in CHANGES if c[0] == self.name and abs(c[1] * SEC - start) < 45 * 86400 * SEC]
        self.change, self.sides = (near[0][1] * SEC, near[0][2:]) if near else (None, None)

    def at(self, us):
        return self.sides[us >= self.change] if self.change else (self.winter_s, self.letters)


class Clock:
    """offset + drift * (t - start), and a jump at `step_at`: ahead is positive."""

    def __init__(self, rng, start, end):
        kind = rng.random()
        if kind < 0.55:  # disciplined by NTP
            offset = rng.gauss(0, 8_000)
        elif kind < 0.75:
            offset = rng.gauss(0, 150_000)
        elif kind < 0.93:  # nobody looks after it
            offset = rng.choice((-1, 1)) * rng.uniform(0.4, 45) * SEC
        else:
            offset = rng.choice((-1, 1)) * rng.uniform(60, 400) * SEC
        self.offset_us, self.start = int(offset), start
        self.drift_ppm = rng.choice((-1, 1)) * rng.uniform(60, 300) if rng.random() < 0.04 else 0.0
        self.step_at, self.step_us = None, 0
        if rng.random() < 0.03 and abs(self.offset_us) > 300_000:
            self.step_at, self.step_us = int(rng.uniform(start + 0.25 * (end - start), start + 0.75 * (end - start))), -self.offset_us

    def ahead(self, t):
        us = self.offset_us + int(self.drift_ppm * (t - self.start) / 1e6)
        return us + (self.step_us if self.step_at is not None and t >= self.step_at else 0)

    def shown(self, t):
        return t + self.ahead(t)

    def truth(self):
        return {"offset_us": self.offset_us, "drift_ppm": self.drift_ppm, "step_at": self.step_at, "step_us": self.step_us}
