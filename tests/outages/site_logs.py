"""site_logs: who logs where, on which machine, by which clock, in which zone; into files, some rotated, some packed, one with a hole.

Takes  a random.Random, the plan, the facts. Gives  Site: write(folder), truth().
Holds  one Source for each log.
Never  changes a fact: a log may only be late, rounded, in another zone, cut into files, or have lost a stretch.
"""
import gzip
import random
import time

import app_log
import carriers
import db_log
import front_log
import neighbour
from clocks import SEC, ZONES, Clock, Zone, zone


class Source:
    """One log of one program on one machine."""

    def __init__(self, site, path, tier, host, zone_printed, resolution_us, local=True):
        self.site, self.path, self.tier, self.host = site, path, tier, host
        self.clock, self.zone = site.clock(host), site.zone(host) if local else Zone(ZONES[0], site.plan.start)
        self.printed = zone_printed  # the zone (or an epoch) stands in the lines
        self.resolution_us = resolution_us
        self.lines = []  # (true us, text)
        self.refused = []  # (true us, whose limit: db, pool, app)
        self.ids = set()
        self.gap, self.hole_shows = None, False  # [first, last] lost; much longer than its usual pauses
        self.lost_first = None  # the first refusal that the hole has swallowed, when it was the first of all
        self.twin = None
        self.clients = self.upstreams = False  # its lines name who calls it, or whom it calls, by address
        self.stated = None  # the zone that its owner states (zones_stated)
        self.headed, self.carrier = False, None  # it has a syslog header of its own; what wraps its lines
        self.files = []
        self.cache = {}

    def add(self, t, text):
        self.lines.append((t, text))

    def civil(self, t):
        """(seconds since 1970 as the wall clock there shows them, microseconds)."""
        shown = self.clock.shown(t)
        self.east_s, self.letters = self.zone.at(shown)
        return divmod(shown + self.east_s * SEC, SEC)

    def stamp(self, seconds, form):
        key = (seconds, form)
        got = self.cache.get(key)
        if got is None:
            got = self.cache[key] = time.strftime(form, time.gmtime(seconds))
        return got

    def offset(self, colon):
        """As of the last civil()."""
        east = self.east_s
        sign, east = ("-", -east) if east < 0 else ("+", east)
        return f"{sign}{east // 3600:02d}{':' if colon else ''}{east % 3600 // 60:02d}"


class Neighbour:
    """The logs of the second application: its own plan, facts and machines, the house's zone and ids. Without a plan there is none."""

    def __init__(self, site, seed, plan, facts):
        self.site, self.plan, self.facts, self.ids = site, plan, facts, site.ids
        self.rng = random.Random(f"{seed}/neighbour/logs")
        self.port = 8950

    def source(self, path, tier, host, *what, **how):
        self.site.clocks.setdefault("b-" + host, Clock(self.rng, self.plan.start, self.plan.end))
        self.site.zones.setdefault("b-" + host, Zone(self.site.house_zone, self.plan.start))
        return self.site.source("b-" + path, tier, "b-" + host, *what, **how)


class Site:
    def __init__(self, seed, rng, plan, facts):
        self.rng, self.plan, self.facts = rng, plan, facts
        self.clocks, self.zones, self.sources = {}, {}, []
        self.house_zone = zone(rng)
        self.ids = rng.random() < 0.85
        self.port = 8080
        self.neighbour = Neighbour(self, seed, *neighbour.draw(seed, plan))
        front_log.write(self)
        app_log.write(self)
        db_log.write(self)
        self.sort()
        self.lose()
        if self.neighbour.plan:
            app_log.write(self.neighbour)
            db_log.write(self.neighbour)
            self.sort()
        carriers.draw(random.Random(f"{seed}/carriers"), self)

    def sort(self):
        for s in self.sources:
            s.lines.sort(key=lambda line: line[0])

    def front(self):
        """What the front did for all applications of the house."""
        return sorted(self.facts.get("front", []) + self.neighbour.facts.get("front", []), key=lambda fact: fact[0])

    def clock(self, host):
        if host not in self.clocks:
            self.clocks[host] = Clock(self.rng, self.plan.start, self.plan.end)
        return self.clocks[host]

    def zone(self, host):
        if host not in self.zones:
            drawn = self.house_zone if self.rng.random() < 0.7 else zone(self.rng)
            summer = self.plan.summer
            if summer and drawn is self.house_zone:
                drawn = next(z for z in ZONES if z[0] == summer["zone"])
            self.zones[host] = Zone(drawn, self.plan.start)
        return self.zones[host]

    def source(self, *what, **how):
        s = Source(self, *what, **how)
        self.sources.append(s)
        return s

    def lose(self):
        """One log in eight sites has a hole: a full disk, a stopped shipper. Half of these holes hide how the refusals began."""
        rng, p = self.rng, self.plan
        if rng.random() < 0.12:
            refusing = max(self.sources, key=lambda s: len(s.refused))
            if rng.random() < 0.5 and len(refusing.refused) > 100:
                s = refusing
                begin = min(s.refused)[0]
                first, last = begin - int(rng.uniform(60, 120) * SEC), begin + int(rng.uniform(4, 20) * SEC)
            else:
                s = rng.choice([s for s in self.sources if len(s.lines) > 200] or self.sources)
                first = int(rng.uniform(p.start + 0.2 * p.length, p.start + 0.7 * p.length))
                last = first + int(rng.uniform(90, 300) * SEC)
            s.gap = [first, last]
            pauses = sorted(b[0] - a[0] for a, b in zip(s.lines, s.lines[1:]) if b[0] < first)
            s.hole_shows = bool(pauses) and last - first >= max(60 * SEC, 20 * pauses[len(pauses) // 2])
            for t in self.sources:
                if t is s or (s.twin and t.twin == s.twin):
                    t.gap = s.gap
                    t.lines = [x for x in t.lines if not s.gap[0] <= x[0] < s.gap[1]]
                    if t.refused and s.gap[0] <= min(t.refused)[0] < s.gap[1]:
                        t.lost_first = min(t.refused)[0]
                    t.refused = [x for x in t.refused if not s.gap[0] <= x[0] < s.gap[1]]

    def write(self, folder):
        for s in self.sources:
            self.deal(folder, s)

    def deal(self, folder, s):
        """One log into one to three files, some of them packed."""
        rng = self.rng
        pieces = rng.choice((1, 1, 2, 3)) if len(s.lines) > 300 else 1
        cuts = sorted(rng.randrange(len(s.lines)) for _ in range(pieces - 1))
        cuts = [0, *cuts, len(s.lines)]
        way = rng.choice(("number", "date"))
        dated = s.path.startswith("postgresql") and rng.random() < 0.6
        for n in range(pieces):
            part = s.lines[cuts[n]:cuts[n + 1]]
            age = pieces - 1 - n
            if dated:
                stem, dot, end = s.path.rpartition(".")
                name = stem + time.strftime("-%Y-%m-%d_%H%M%S", time.gmtime(s.civil(part[0][0] if part else self.plan.start)[0])) + dot + end
            elif way == "date" and age:
                seconds = s.civil(part[-1][0] if part else self.plan.start)[0]
                name = s.path + time.strftime("-%Y%m%d%H", time.gmtime(seconds)) + (f".{age}" if age > 1 else "")
            else:
                name = s.path + (f".{age}" if age else "")
            data = "".join(s.carrier.wrap(t, text) if s.carrier else text + "\n" for t, text in part).encode()
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if rng.random() < 0.5:
                name += ".gz"
                path = folder / name
                with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
                    packed.write(data)
            else:
                path.write_bytes(data)
            s.files.append(name)

    def edges(self):
        """[caller, called, do addresses tell]: paths of logs. They do when the one names the other's, and that one says that it is there: an
        instance that listens (plan.addresses), as upstream or as client; PgBouncer, which names server and client."""
        out = []
        by = {(s.host, s.tier): s.path for s in reversed(self.sources)}  # of twins, and of nginx's two, the first
        web, lb = by.get(("web", "web")), by.get(("lb", "lb"))
        out += [[lb, web, False]] if lb and web else []
        upstreams = any(s.upstreams for s in self.sources)
        clients = {s.path for s in self.sources if s.clients}
        for mark, plan in (("", self.plan), ("b-", self.neighbour.plan)):
            if not plan:
                continue
            pool, db = by.get((mark + "pooler", "pool")), by.get((mark + "db", "db"))
            out += [[pool, db, db in clients]] if pool and db else []
            for i in range(plan.instances):
                app = by.get((f"{mark}app{i}", "app"))
                if app:
                    out += [[x, y, told and plan.addresses and not plan.app_style.startswith("spring")] for x, y, told in ((web or lb, app, bool(web) and upstreams), (app, pool or db, (pool or db) in clients)) if x and y]
        return out

    def truth(self):
        out = []
        for s in self.sources:
            shares = {o.path: len(s.ids & o.ids) for o in self.sources if o.host != s.host}
            out.append({"path": s.path, "files": s.files, "tier": s.tier, "host": s.host, "zone_s": s.zone.at(self.plan.start)[0], "zone": s.zone.name, "zone_printed": s.printed,
                        "zone_change": s.zone.change and self.plan.start <= s.zone.change <= self.plan.end and [s.zone.change, s.zone.sides[0][0], s.zone.sides[1][0]] or None,
                        "clock": s.clock.truth(), "resolution_us": s.resolution_us, "shared_ids": max(shares.values(), default=0), "shares": {k: n for k, n in shares.items() if n}, "gap": s.gap, "hole_shows": s.hole_shows, "lost_first": s.lost_first, "twin": s.twin, "carrier": s.carrier and s.carrier.way, "stated": s.stated,
                        "lines": len(s.lines), "first": s.lines[0][0] if s.lines else None, "refusals": [[t, whose] for t, whose in sorted(s.refused)]})
        return out


def zones_stated(rng, site):
    """What its owner would say of logs that do not print their zone: `--zone GLOB=NAME`. Half of them where the clocks change, one in ten else."""
    out = []
    share = 0.5 if site.plan.summer else 0.1
    for s in site.sources:
        if rng.random() < share and not s.printed:
            s.stated = s.zone.name
            for name in s.files:
                out += ["--zone", f"logs/{name}={s.zone.name}"]
    return out
