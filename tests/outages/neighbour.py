"""neighbour: a second application of the house, with a database of its own, that nothing happens to.

Takes  the plan of the outage; a random.Random of its own. Gives  draw(): its plan and facts, in the same window; None in three seeds of four.
Never  meets the shop, but in the front: the same nginx or HAProxy hands its requests on to other addresses.

With it there are two ways down from the front, and no call between them: shop > database and billing > database, or billing > PgBouncer >
database while the shop goes to its own database directly. Whatever happened to the shop, the neighbour has no part in it.
"""
from random import Random

import app_log
import kinds
import truth
from world import SEC, Stream, World

FIRST = 100  # number of its first instance, in the front
ENDPOINTS = [
    ("GET", "/billing/invoices/{}", 400, 0.60, 14, "invoices", "SELECT * FROM invoices WHERE id = $1"),
    ("GET", "/billing/balance/{}", 90, 0.30, 9, "accounts", "SELECT balance FROM accounts WHERE id = $1"),
    ("POST", "/billing/payments", 0, 0.10, 30, "invoices", "UPDATE invoices SET paid = now() WHERE id = $1"),
]


def draw(seed, plan):
    rng = Random(f"{seed}/neighbour")
    if rng.random() >= 0.25:
        return None, {}
    p = kinds.base(rng)
    for same in ("start", "length", "end", "lb", "web", "summer"):
        setattr(p, same, getattr(plan, same))
    p.rate, p.instances, p.pool_max, p.pool_wait_us = rng.uniform(0.5, 2.0), rng.choice((1, 2, 2)), 12, rng.choice((None, 5 * SEC))
    p.max_connections, p.slow_factor, p.log_min_us, p.impatient, p.retries = 100, 1.0, 10**9, 0, 0
    p.pooler = rng.random() < 0.4
    p.app_name, p.app_role, p.version = "billing", ("billing", "billing"), f"0.{rng.randrange(3, 40)}.0"
    p.log_lock_waits, p.first_start, p.addresses = True, False, True
    p.app_style = rng.choice(app_log.styles_for(p))
    p.pool_hides = p.app_style.startswith("spring")
    p.hosts = {"pooler": "10.0.7.9", "db": "10.0.8.10", **{f"app{i}": f"10.0.7.{10 + i}" for i in range(p.instances)}}
    world = World(rng, p)
    world.endpoints = ENDPOINTS
    for app in world.apps:
        world.at(p.start + 200_000 + app.index * 30_000, app.begin)
    Stream(world, p.start + 2_500_000, p.end, p.rate, 0, 90, "192.0.2.", ENDPOINTS)
    facts = world.run()
    if truth.refusals(facts) or any(what == "answered" and d[1] != 200 for _, what, d in facts["front"]):
        return None, {}  # never seen: it has room for ten times its load
    for r in {id(d[0]): d[0] for _, _, d in facts["front"]}.values():
        for hop in r.hops:
            hop[0] += FIRST
    return p, facts
