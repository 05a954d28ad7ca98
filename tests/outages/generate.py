#!/usr/bin/python3
"""generate: an outage (or a quiet hour) as the logs of all that took part, with truth.

Takes  SEED, OUT folder. Python 3's standard library only.
Gives  OUT/logs/..., OUT/events/... (of two seeds in five) and OUT/truth.json (README.md). The same seed gives the same bytes.
Never  shares code with the program; what a log looks like comes from the servers' documentation and from real logs.
"""
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import kinds
import said
import site_logs
import truth
from world import Stream, World


def play(seed):
    """One world whose outage is what its kind says: (kind, plan, script, facts)."""
    kind = kinds.KINDS[seed % len(kinds.KINDS)]
    for attempt in range(60):
        rng = random.Random(f"{seed}/{attempt}")
        plan, script = kinds.draw(rng, kind, seed)
        world = World(rng, plan)
        begin(world, plan, script)
        facts = world.run()
        if truth.holds(plan, script, facts):
            return kind.__name__, plan, script, facts, random.Random(f"{seed}/{attempt}/logs")
    raise SystemExit(f"seed {seed}: no draw of {kind.__name__} came out as one")


def begin(world, plan, script):
    world.endpoints = [(m, path, top, share, ms * plan.slow_factor, table, sql) for m, path, top, share, ms, table, sql in kinds.ENDPOINTS]
    if plan.first_start:
        world.at(plan.start, world.db.begin, "starting", 40_000)
        world.db.state = "down"
    for app in world.apps:
        if plan.initial is not None and app.index >= plan.initial:
            app.up = app.listed = False
        else:
            world.at(plan.start + 300_000 + app.index * 40_000, app.begin)
    Stream(world, plan.start + 2_000_000, plan.end, plan.rate, 0, 200, "203.0.113.", world.endpoints)
    world.at(plan.start + 3_000_000, monitor, world, world.rng.choice((15, 30, 60)) * 1_000_000)
    world.at(plan.start + 7_000_000, reporter, world)
    for t, do, what in script.acts:
        world.at(max(t, plan.start), do, world, *what)


def monitor(world, every):
    """postgres_exporter: a superuser that comes and goes."""
    world.db.connect("postgres", "postgres", "postgres_exporter", "10.0.5.2", None,
                     lambda c: hasattr(c, "pid") and world.after(9_000, world.db.close, c), superuser=True)
    world.after(every, monitor, world, every)


def reporter(world):
    """Somebody's dashboard: a session now and then, for some seconds."""
    def got(c):
        if hasattr(c, "pid"):
            world.db.run(c, "orders", "SELECT count(*) FROM orders", 300_000, lambda trouble: world.after(2_000_000, world.db.close, c))
    world.db.connect("metabase", world.plan.app_role[1], "Metabase", "10.0.6.4", None, got)
    world.after(world.rng.uniform(50, 200) * 1_000_000, reporter, world)


def generate(seed, out):
    kind, plan, script, facts, rng = play(seed)
    site = site_logs.Site(seed, rng, plan, facts)
    (out / "logs").mkdir(parents=True, exist_ok=True)
    site.write(out / "logs")
    options = site_logs.zones_stated(random.Random(f"{seed}/stated"), site)
    told = truth.tell(seed, kind, plan, script, facts, site)
    told["options"] = options
    people = said.draw(random.Random(f"{seed}/said"), told)
    told["said"] = people and {"events": people["said"], "detection": people["detection"]}
    for name, text in sorted(people["files"].items()) if people else ():
        (out / "events").mkdir(exist_ok=True)
        (out / "events" / name).write_text(text)
        told["options"] += ["--events", f"events/{name}"]
    (out / "truth.json").write_text(json.dumps(told) + "\n")
    return told


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
