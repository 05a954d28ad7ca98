"""clocks: what a machine's clock showed when it was t, and in which zone its programs print.

Takes  a random.Random. Gives  Clock: shown(t) in us; zones with the abbreviation that PostgreSQL would print.
Never  says anything about formats.
"""
SEC = 1_000_000

# Name, seconds east of UTC, what %Z gives (PostgreSQL, PgBouncer), is that abbreviation unambiguous. All captures are in northern
# winter, so there is no change to or from summer time in them.
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
WEIGHTS = [40, 14, 10, 6, 6, 6, 3, 2, 2, 6, 1]


def zone(rng):
    return rng.choices(ZONES, WEIGHTS)[0]


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
