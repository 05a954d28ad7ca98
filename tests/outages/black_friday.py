#!/usr/bin/python3
"""black_friday: the postmortem that everybody knows, as logs: samples/black-friday.

Takes  OUT folder. Python 3's standard library only.
Gives  OUT/logs/... (events.jsonl among them), OUT/truth.json: the same bytes each time. OUT/STORY.md and OUT/expected.json are written by hand.
Never  shares code with the program; the world, and most of how its programs write, are those of the other outages (README.md).

The shop is small: 20 connections, of which other services hold fourteen. What is for sale at 09:57 brings seven times the requests, in waves,
and they hold more connections than are left. What people did is in SAID; the deploy of 09:41 has no part in it.
"""
import gzip
import json
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent))
import app_log
import db_log
import front_log
import kinds
import site_logs
import truth
from clocks import ZONES, Zone
from world import SEC, Connection, Stream, Trouble, World

MINUTE = 60 * SEC
DAY = 1795737600  # 2026-11-27T00:00:00Z, the fourth Friday of November


def clock(text):
    h, m, s = (float(x) for x in text.split(":"))
    return int((DAY + h * 3600 + m * 60 + s) * SEC)


START, END = clock("08:45:00"), clock("12:15:30")
DEPLOY, SALE, BACK = clock("09:41:10"), clock("09:57:20"), clock("10:36:12")
RELOAD, RESTART, ENLARGE = clock("12:00:03.2"), clock("12:00:40.5"), clock("12:01:15")
OLD, NEW = "2.7.4", "2.8.0"
WORLD = 9  # of some draws one without a refusal before the sale, and with instances that failed alike
ROTATIONS = [clock("09:25:00"), clock("10:25:00"), clock("11:25:00")]
# Method, path, numbers, share, milliseconds with a connection, table, statement: pages are put together from many statements.
PAGES = [
    ("GET", "/", 0, 0.14, 0, None, None),
    ("GET", "/products/{}", 300, 0.40, 1450, "products", "SELECT id, name, price FROM products WHERE id = $1"),
    ("GET", "/search?q=sku-{}", 90, 0.20, 2000, "products", "SELECT id, name FROM products WHERE tags @> $1 LIMIT 40"),
    ("GET", "/cart", 0, 0.14, 1050, "orders", "SELECT * FROM carts WHERE user_id = $1"),
    ("POST", "/checkout", 0, 0.12, 2200, "orders", "INSERT INTO orders (user_id, total) VALUES ($1, $2)"),
]
SAID = [
    ("10:00:00", "alert", "ShopErrorRate: more than 5 % of requests fail, p95 over 3 s", "alertmanager", {}),
    ("10:02:40", "acknowledge", "on it", "oncall-1", {}),
    ("10:15:00", "note", "Database connections are exhausted: 20 of 20 in use, the app gets \"sorry, too many clients already\"", "oncall-1", {}),
    ("10:30:00", "note", "We suspect this morning's deploy of shop-api 2.8.0; rolling it back", "commander-1", {"service": "shop-api", "version": NEW}),
    ("10:52:00", "note", "The roll-back changed nothing", "commander-1", {}),
    ("11:00:00", "note", "Escalated to the senior DBA and the backend lead", "commander-1", {}),
    ("11:30:00", "note", "Traffic spike found: requests are up about sevenfold since 09:57, when the Black Friday mail went out", "backend-1", {}),
    ("12:00:00", "mitigation", "Load balancer: maxconn 12 for web1, the others wait in its queue. PostgreSQL: max_connections 20 to 60. shop-api: pools of 3 to 14", "dba-1", {}),
    ("12:15:00", "resolve", "No errors for 14 minutes; traffic is still high", "commander-1", {}),
]


def plan():
    p = kinds.base(Random("black-friday"))
    p.start, p.end, p.length = START, END, END - START
    p.lb = p.web = True
    p.instances, p.initial, p.version, p.app_name, p.app_role = 3, None, OLD, "shop-api", ("shop_app", "shop")
    p.pool_max, p.pool_min, p.pool_idle_us, p.pool_wait_us, p.pool_hides = 3, 1, 10 * SEC, 3 * SEC, True
    p.max_connections, p.reserved, p.reserved_text = 20, 0, "sorry, too many clients already"  # superuser_reserved_connections = 0
    p.pg, p.pg_full = kinds.PG[2]
    p.cores, p.contention, p.slow_factor = 8, 0.03, 1.0
    p.log_min_us, p.log_lock_waits = 10**9, True
    p.web_timeout_us, p.max_fails, p.impatient = 30 * SEC, 0, 0.01
    p.retries, p.retry_share, p.retry_after_us = 0, 0.0, SEC
    p.busy_is_503, p.graceful, p.leak_outside, p.least_conn = False, True, True, True
    p.hosts = {"db": "10.0.2.10", "pooler": None, **{f"app{i}": f"10.0.1.{11 + i}" for i in range(3)}}
    p.app_style, p.addresses, p.summer, p.first_start = "logback", True, None, False
    p.rate = 0.45
    return p


def others(world):
    """Who else holds connections: a search indexer, a ledger, a mailer: thirteen, all day."""
    for n, (user, app, host) in enumerate([("indexer", "indexer", "10.0.4.5")] * 6 + [("ledger", "ledger", "10.0.4.9")] * 4 + [("mailer", "mailer", "10.0.4.12")] * 4):
        world.at(START + 100_000 + n * 70_000, steady, world, user, app, host)


def steady(world, user, app, host):
    """A session that stays; refused or ended, its program tries again."""
    class Owner:
        def lost(self, c):
            world.after(2 * SEC, steady, world, user, app, host)

    def got(c):
        if isinstance(c, Trouble):
            world.after(5 * SEC, steady, world, user, app, host)
    world.db.connect(user, world.plan.app_role[1], app, host, Owner(), got)


def exporter(world):
    """postgres_exporter, once a minute. No superuser: it is refused like everybody, and nobody looks."""
    world.db.connect("monitor", "postgres", "postgres_exporter", "10.0.5.2", None, lambda c: isinstance(c, Trouble) or world.after(9_000, world.db.close, c))
    world.after(MINUTE, exporter, world)


def reload(world):
    """HAProxy takes a new configuration: no more than 12 requests at web1, the others wait."""
    world.tell("front", "reload")
    world.front.most = 12


def enlarge(world):
    world.plan.pool_max = 14


def play():
    p = plan()
    world = World(Random(f"black-friday/{WORLD}"), p)
    world.endpoints = PAGES
    for app in world.apps:
        world.at(START + 300_000 + app.index * 40_000, app.begin)
    others(world)
    world.at(START + 20 * SEC, exporter, world)
    Stream(world, START + 2 * SEC, END, p.rate, 0, 200, "203.0.113.", world.endpoints)
    # Who got the mail comes at once, and in waves ever after: it was sent in batches.
    Stream(world, SALE, END, 2.1, 20 * SEC, 240, "198.51.100.", world.endpoints)
    r, t = Random("black-friday/waves"), SALE
    while t < END - 2 * MINUTE:
        last = t + int(r.uniform(100, 200) * SEC)
        if t < RELOAD < last + 2 * MINUTE:
            last = RELOAD + 4 * MINUTE  # what ended it was not that the wave was over
        Stream(world, t, min(last, END), r.uniform(0.9, 1.7), 20 * SEC, 240, "198.51.100.", world.endpoints)
        t = last + int(r.uniform(60, 110) * SEC)
    # The roll-out of 09:41 stopped at two of three: no changes on a Friday like this.
    for n, i in enumerate((0, 1)):
        world.at(DEPLOY + n * 75 * SEC, lambda i=i: world.apps[i].deploy(NEW, 2_300_000))
        world.at(BACK + n * 50 * SEC, lambda i=i: world.apps[i].deploy(OLD, 2_300_000))
    world.at(RELOAD, reload, world)
    world.at(RESTART, lambda: world.db.restart(1_400_000, 60))
    world.at(ENLARGE, enlarge, world)
    for i in range(3):
        world.at(ENLARGE + i * 15 * SEC, lambda i=i: world.apps[i].deploy(world.apps[i].version, 2_300_000))
    return p, world, world.run()


def name_requests(facts):
    """HAProxy: unique-id-format %{+X}o%ci%Ts%rt; handed on as X-Request-Id."""
    seen = {id(d[0]): d[0] for _, what, d in facts["front"] if what == "answered"}
    for n, r in enumerate(sorted(seen.values(), key=lambda r: (r.began, r.client))):
        a, b, c, e = (int(x) for x in r.client.split("."))
        r.rid = f"{a:02X}{b:02X}{c:02X}{e:02X}{r.began // SEC:X}{n:04X}"


class Still:
    """A clock that is right."""
    def shown(self, t):
        return t


class House(site_logs.Site):
    """One site, written by the writers of all outages; its forms are chosen, not drawn."""

    def __init__(self, p, facts):
        self.rng, self.plan, self.facts = Random("black-friday/site"), p, facts
        self.clocks, self.zones, self.sources, self.ids, self.port = {}, {}, [], True, 8080
        self.neighbour = site_logs.Neighbour(self, "black-friday", None, {})
        self.reloads = [t for t, what, d in facts["front"] if what == "reload"]
        facts["front"] = [f for f in facts["front"] if f[1] != "reload"]
        front_log.nginx(self, "timed")
        front_log.haproxy(self, "old")
        self.reloaded()
        app_log.write(self)
        self.database()
        self.sort()

    def clock(self, host):
        return Still()

    def zone(self, host):
        return Zone(ZONES[0], self.plan.start)

    def reloaded(self):
        """What HAProxy 2.6 says of a reload, as Debian's rsyslog keeps it: the master's standard error, the old worker's own log."""
        lb = next(s for s in self.sources if s.tier == "lb")
        master, worker, new = 611, self.front_pid, 48213
        for t in self.reloads:
            conns = sum(1 for x, what, d in self.facts["front"] if x < t)
            lb.lines = [(x, text.replace(f"haproxy[{worker}]", f"haproxy[{new}]", 1) if x > t + 44_000 else text) for x, text in lb.lines]
            for us, pid, text in ((0, master, f"[NOTICE]   ({master}) : Reloading HAProxy"),
                                  (31_000, worker, f"Proxy fe_shop stopped (cumulated conns: FE: {conns}, BE: 0)."), (31_200, worker, f"Proxy be_nginx stopped (cumulated conns: FE: 0, BE: {conns})."),
                                  (44_000, master, f"[NOTICE]   ({master}) : New worker ({new}) forked"), (44_300, master, f"[NOTICE]   ({master}) : Loading success.")):
                lb.add(t + us, f"{time.strftime('%b %d %H:%M:%S', time.gmtime((t + us) // SEC))} lb1 haproxy[{pid}]: {text}")

    def database(self):
        s = self.source("postgresql/postgresql.log", "db", "db", True, 1000)
        w = db_log.Postgresql(s, "stderr", db_log.PREFIXES[0], True, self.plan)
        for t, what, d in self.facts["db"]:
            getattr(w, what)(t, *d)
        rng, t = Random("black-friday/routine"), START + 12 * SEC
        while t < END:  # checkpoints, as an idle server of this size has them
            w.line(t, None, "LOG", "checkpoint starting: time", pid=688)
            w.line(t + 26_400_000, None, "LOG", f"checkpoint complete: wrote {rng.randrange(20, 300)} buffers (0.{rng.randrange(10)}%); 0 WAL file(s) added, 0 removed, 0 recycled; "
                   "write=26.117 s, sync=0.011 s, total=26.302 s; sync files=31, longest=0.004 s, average=0.001 s; distance=1211 kB, estimate=2034 kB", pid=688)
            t += 300 * SEC

    def write(self, folder):
        """logrotate, by the hour; all packed."""
        for s in self.sources:
            cuts = [START, *ROTATIONS, END + MINUTE]
            for n in range(len(cuts) - 1):
                lines = [text for t, text in s.lines if (cuts[n] <= t or not n) and t < cuts[n + 1]]
                age = len(cuts) - 2 - n
                path = folder / (s.path.replace("/", "-", 0) + (f".{age}" if age else "") + ".gz")
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
                    packed.write("".join(line + "\n" for line in lines).encode())


def rfc3339(us):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // SEC)) + (f".{us % SEC:06d}" if us % SEC else "") + "Z"


def tell(p, facts):
    """truth.json: from the facts, never from a log line."""
    refused = truth.refusals(facts)
    answers = [(t, d[1]) for t, what, d in facts["front"] if what == "answered"]
    failed = [t for t, status in answers if isinstance(status, int) and status >= 500]
    of_db = [x for x in refused if x[1] == "db"]
    per_s = lambda a, b: round(sum(1 for t, _ in answers if a <= t < b) * SEC / (b - a), 2)
    starts = [[rfc3339(t), source, d[1]] for source in sorted(facts) if source.startswith("app") for t, what, d in facts[source] if what == "listening"]
    server = {d[1]: t for t, what, d in facts["db"] if what == "server"}
    waits = [x for x in refused if x[1] == "app"]
    return {"scenario": "black-friday", "window": [rfc3339(START), rfc3339(END)], "cause": "traffic_surge",
            "sale": rfc3339(SALE), "requests_per_second": {"before": per_s(START, SALE), "during": per_s(SALE + MINUTE, RELOAD), "after": per_s(ENLARGE + MINUTE, END)},
            "deploy": {"at": rfc3339(DEPLOY), "version": NEW, "from": OLD, "instances": ["app0", "app1"], "role": "blamed, no part in it"},
            "rollback": {"at": rfc3339(BACK), "version": OLD}, "starts": starts,
            "first_failure": rfc3339(min(failed)), "last_failure": rfc3339(max(failed)), "failed": len(failed), "requests": len(answers),
            "refused": {"count": len(of_db), "first": rfc3339(min(of_db)[0]), "last": rfc3339(max(of_db)[0]),
                        "by_user": {u: sum(1 for x in of_db if x[3] == u) for u in sorted({x[3] for x in of_db})}},
            "pool_timeouts": {"count": len(waits), "first": waits and rfc3339(min(waits)[0]), "last": waits and rfc3339(max(waits)[0])},
            "mitigations": {"haproxy_reload": rfc3339(RELOAD), "postgresql_restart": rfc3339(RESTART), "postgresql_ready": rfc3339(server["database system is ready to accept connections"]),
                            "pools_enlarged": rfc3339(ENLARGE)},
            "limit": {"before": 20, "after": 60}, "said": [[rfc3339(clock(at)), kind, text] for at, kind, text, *_ in SAID]}


def generate(out):
    p, world, facts = play()
    name_requests(facts)
    site = House(p, facts)
    site.write(out / "logs")
    (out / "truth.json").write_text(json.dumps(tell(p, facts), indent=1) + "\n")
    with (out / "logs/events.jsonl").open("w") as f:
        for at, kind, text, by, more in SAID:
            f.write(json.dumps({"at": rfc3339(clock(at)), "kind": kind, "text": text, "by": by, **more}) + "\n")


if __name__ == "__main__":
    generate(Path(sys.argv[1]))
