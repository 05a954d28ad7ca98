"""kinds: what can happen to the shop. Each kind draws a plan, writes a script of events, and says what the truth is.

Takes  a random.Random. Gives  Plan (the world's sizes) and Script (what happens when, whose fault it is).
Holds  KINDS, in the order in which seeds take them.
Never  decides how a log looks.

A script says in `expects` which incidents there are: cause (closed list of DESIGN.md), other causes that are as true, whether
connections were refused, and in which stretch of time. A kind may ask for at least some refusals (`need`); a draw of the world that has
less is drawn again with the next attempt, so that a "traffic spike" always is one.
"""
from random import Random
from types import SimpleNamespace as Namespace

import app_log
import clocks
from world import ENDPOINTS, SEC, Stream, Trouble

MINUTE = 60 * SEC
PG = [(13, "13.14 (Debian 13.14-1.pgdg120+1)"), (14, "14.11 (Debian 14.11-1.pgdg120+1)"), (15, "15.6 (Debian 15.6-0+deb12u1)"), (16, "16.2 (Debian 16.2-1.pgdg120+2)")]


def base(r):
    p = Namespace()
    p.start = (1764547200 + r.randrange(86 * 86400)) * SEC + r.randrange(SEC)  # December to February
    p.length = int(r.uniform(16, 32) * 60) * SEC
    p.end = p.start + p.length
    p.rate = r.uniform(1.5, 5.0)
    p.lb = r.random() < 0.4
    p.web = not p.lb or r.random() < 0.7
    p.pooler = False
    p.instances = r.randrange(2, 5)
    p.initial = None  # instances from the beginning; None: all
    p.version = f"{r.randrange(1, 4)}.{r.randrange(0, 20)}.{r.randrange(0, 9)}"
    p.app_name = r.choice(("shop-api", "checkout", "store-backend"))
    p.app_role = r.choice((("shop_app", "shop"), ("app", "production"), ("web", "store")))
    p.pool_max = r.randrange(8, 20)
    p.pool_min = r.choice((0, 1, 2))
    p.pool_idle_us = r.choice((10, 10, 30, 60)) * SEC
    p.pool_wait_us = r.choice((None, 2, 5, 10, 30))
    p.pool_wait_us = p.pool_wait_us and p.pool_wait_us * SEC
    p.pool_hides = False
    p.busy_is_503 = r.random() < 0.4
    p.leak_outside = True
    p.pg, p.pg_full = r.choice(PG)
    p.reserved = 3
    p.reserved_text = ("remaining connection slots are reserved for non-replication superuser connections" if p.pg < 16 else
                       "remaining connection slots are reserved for roles with the SUPERUSER attribute")
    p.max_connections = max(20, int(p.instances * p.pool_max * r.uniform(0.45, 0.8)))
    p.role_limits, p.database_limits = {}, {}
    p.cores, p.contention = r.randrange(3, 9), r.uniform(0.03, 0.12)
    p.log_min_us = r.choice((100, 250, 500, 1000, 10**9)) * 1000
    p.web_timeout_us = r.choice((5, 10, 30, 60)) * SEC
    p.max_fails, p.fail_timeout_us = r.choice((0, 1, 1, 3)), 10 * SEC
    p.retries, p.retry_share, p.retry_after_us = r.choice((0, 0, 1)), 0.3, 2 * SEC
    p.impatient = r.choice((0, 0.01, 0.05))
    p.least_conn = False  # nginx: the instance with fewest requests, not the next one
    p.graceful = r.random() < 0.6
    p.max_client_conn, p.pool_size, p.query_wait_us = 200, 12, 120 * SEC
    p.slow_factor = r.uniform(1.0, 2.5)  # of this shop's statements
    p.hosts = {"pooler": "10.0.2.9", "db": "10.0.2.10"}
    return p


def summer(p, r):
    """One capture in fourteen spans the hour in which a zone's summer time begins or ends; nothing else of it changes."""
    p.summer = None
    if r.random() >= 0.07:
        return
    name, change = r.choice(clocks.CHANGES)[:2]
    inside = int(r.uniform(0.25, 0.8) * p.length)
    p.start = (change * SEC - inside) // MINUTE * MINUTE + p.start % MINUTE
    p.end = p.start + p.length
    p.summer = {"zone": name, "change": change * SEC}


class Script:
    def __init__(self, r, p):
        self.r, self.p = r, p
        self.acts, self.expects, self.deploys, self.mends = [], [], [], []
        self.need = 0
        self.last = None  # when what causes the trouble ends; somebody may restart something just then (mend)
        self.onset = p.start + int(r.uniform(0.35, 0.6) * p.length)  # when the cause begins

    def at(self, t, do, *what):
        self.acts.append((int(t), do, what))

    def expect(self, first, last, cause, also=(), refusals=True):
        self.expects.append({"from": int(first), "to": int(last), "cause": cause, "also": list(also), "refusals": refusals})

    def roll(self, t, role, instances=None, changes=(), version=None):
        """A rolling deploy; says when the last instance is back."""
        r, p = self.r, self.p
        instances = list(range(p.initial or p.instances)) if instances is None else instances
        old = self.version
        parts = [int(x) for x in p.version.split(".")]
        self.version = version or f"{parts[0]}.{parts[1]}.{parts[2] + 1 + len(self.deploys)}"
        gap, down = r.uniform(4, 20) * SEC, int(r.uniform(0.8, 4) * SEC)
        for n, i in enumerate(instances):
            self.at(t + n * gap, lambda w, i=i, v=self.version: w.apps[i].deploy(v, down, changes))
        last = int(t + (len(instances) - 1) * gap + down + 2 * SEC)
        self.deploys.append({"first": int(t), "last": last, "version": self.version, "from": old, "role": role, "instances": instances})
        return last

    version = None


def stream(s, first, last, rate, ramp, net="198.51.100."):
    s.at(first, lambda w: Stream(w, int(first), int(last), rate, int(ramp), 240, net, w.endpoints))


def squeeze(p):
    """Pools that together want more than the database has."""
    p.max_connections = max(18, int(p.instances * p.pool_max * p_share(p)))


def p_share(p):
    return 0.5 + (p.pool_max % 5) * 0.06


def overload(p, r):
    """A rate at which ordinary statements fill the slots of the database."""
    mean_s = sum(e[3] * e[4] for e in ENDPOINTS) * p.slow_factor * 1.2 / 1000
    return (p.max_connections - p.reserved) / mean_s * r.uniform(0.9, 1.5)


# ---- the kinds ----

def traffic_spike(p, s, r):
    squeeze(p)
    p.slow_factor = r.uniform(4, 8)
    limit = r.random()
    if limit < 0.12:
        p.role_limits[p.app_role[0]] = (p.max_connections - p.reserved) * 3 // 4
    elif limit < 0.24:
        p.database_limits[p.app_role[1]] = (p.max_connections - p.reserved) * 3 // 4
    last = s.onset + r.uniform(30, 75) * SEC
    stream(s, s.onset, last, min(overload(p, r), 75), r.choice((0, 5, 20)) * SEC)
    if r.random() < 0.2:
        s.at(last - 8 * SEC, lambda w: w.db.restart(int(r.uniform(0.3, 2) * SEC), p.max_connections * 4))
    s.expect(s.onset, last + 60 * SEC, "traffic_surge")
    s.need = 30


def leak_after_deploy(p, s, r):
    squeeze(p)
    p.pool_max = max(p.pool_max, 12)
    s.onset = p.start + int(r.uniform(0.2, 0.35) * p.length)
    outside = r.random() < 0.75
    p.leak_outside = outside
    grow_s = r.uniform(100, 400)
    if outside:
        free = p.max_connections - p.reserved - 3
    else:
        p.max_connections = p.instances * p.pool_max + 20
        p.pool_wait_us = r.choice((2, 5, 10)) * SEC
        free = p.instances * p.pool_max
    share = min(0.9, free / (p.rate * 0.9 * grow_s))
    last = s.roll(s.onset, "cause", changes=[("leak", share)])
    stop = last + (grow_s * r.uniform(1.3, 1.8) + r.uniform(60, 150)) * SEC
    if r.random() < 0.7 and stop < p.end - 90 * SEC:
        s.roll(stop, "mitigation", changes=[("leak", 0.0)], version=p.version)
    elif stop < p.end - 90 * SEC:
        s.last = stop
    s.expect(s.onset, p.end, "connection_leak", () if outside else ("app_pool_exhausted",))
    s.need = 30


def lock_pileup(p, s, r):
    squeeze(p)
    p.rate = r.uniform(3, 6)
    p.log_lock_waits = r.random() < 0.8
    last = s.onset + r.uniform(35, 120) * SEC
    who = r.choice((("analyst", "psql"), ("migrator", "psql"), (p.app_role[0], "cron-reindex")))

    def begin(w):
        w.db.connect(who[0], p.app_role[1], who[1], "10.0.3.7", None, lambda c: holding(w, c))

    def holding(w, c):
        if isinstance(c, Trouble):
            return
        w.after(r.uniform(3, 20) * SEC, lambda: w.db.connect("migrator", p.app_role[1], "migration", "10.0.3.8", None, lambda m: alter(w, c, m)))
        w.at(int(last), lambda: (w.db.release("orders"), w.db.close(c)))

    def alter(w, c, m):
        if isinstance(m, Trouble):
            return
        w.db.hold("orders", c)
        w.db.run(m, "orders", "ALTER TABLE orders ADD COLUMN note text", 90_000, lambda trouble: w.db.close(m))
    s.at(s.onset, begin)
    s.last = last
    s.expect(s.onset, last + 60 * SEC, "lock_contention", () if p.log_lock_waits else ("slow_queries",))
    s.need = 20


def batch(p, s, t, last, refused_only_itself, r):
    """From cron, on the minute: opens many connections and keeps them; what is refused, it tries again."""
    want = 8 + r.randrange(6) if refused_only_itself else p.max_connections - p.reserved + r.randrange(3, 9)
    if refused_only_itself:
        p.role_limits["etl"] = r.randrange(2, 5)
    every = r.uniform(0.5, 2.0) * SEC

    def one(w, n):
        if w.now > last:
            return
        w.db.connect("etl", p.app_role[1], "nightly-export", "10.0.4.20", None, lambda c: got(w, n, c))

    def got(w, n, c):
        if isinstance(c, Trouble):
            w.after(every * (0.7 + 0.6 * w.rng.random()), one, w, n)
            return
        w.db.run(c, "orders", "COPY (SELECT * FROM orders WHERE id % 64 = $1) TO STDOUT", int(w.rng.uniform(4, 15) * SEC / max(1, 0.4 * want)), lambda trouble: None)
        w.at(int(max(w.now + 1, last)) + w.rng.randrange(3 * SEC), w.db.close, c)
    for n in range(want):
        s.at(t + n * r.uniform(0.05, 0.6) * SEC, one, n)


def cron_minute(t):
    return int(-(-t // MINUTE) * MINUTE)


def batch_job(p, s, r):
    squeeze(p)
    p.pool_idle_us, p.pool_min = 10 * SEC, r.choice((0, 1))
    s.onset = cron_minute(s.onset) + r.randrange(1, 1_500_000)
    last = s.onset + r.uniform(40, 140) * SEC
    batch(p, s, s.onset, last, r.random() < 0.25, r)
    s.last = last
    s.expect(s.onset, last + 40 * SEC, "batch_job")
    s.need = 20


def two_bursts(p, s, r):
    squeeze(p)
    p.pool_idle_us, p.pool_min = 10 * SEC, 0
    p.slow_factor = r.uniform(4, 8)
    s.onset = cron_minute(p.start + int(0.3 * p.length)) + r.randrange(1, 1_500_000)
    near = r.random() < 0.5
    first_last = s.onset + r.uniform(30, 50) * SEC
    second = first_last + (r.uniform(45, 100) if near else r.uniform(330, 420)) * SEC
    second_last = second + r.uniform(25, 45) * SEC
    same = r.random() < 0.5
    if same:
        for a, b in ((s.onset, first_last), (second, second_last)):
            stream(s, a, b, min(overload(p, r), 60), 0)
        causes = ("traffic_surge", "traffic_surge")
    else:
        batch(p, s, s.onset, first_last, False, r)
        stream(s, second, second_last, min(overload(p, r), 60), 0)
        causes = ("batch_job", "traffic_surge")
    if near:
        s.expect(s.onset, second_last + 60 * SEC, causes[0], causes[1:])
    else:
        s.expect(s.onset, first_last + 60 * SEC, causes[0])
        s.expect(second, second_last + 60 * SEC, causes[1])
    s.need = 30


def flapping(p, s, r):
    p.rate = r.uniform(3, 6)
    t = last = s.onset
    how = r.choice(("oom", "exception"))
    for _ in range(r.randrange(3, 6)):
        down = r.uniform(4, 12) * SEC
        for i in range(p.instances):
            a = t + r.uniform(0, 2) * SEC
            s.at(a, lambda w, i=i: w.apps[i].up and w.apps[i].stop(how))
            s.at(a + down, lambda w, i=i: w.apps[i].up or w.apps[i].begin())
        last = t + down + 2 * SEC
        t = last + r.uniform(15, 60) * SEC
    s.expect(s.onset, last + 30 * SEC, "application_error", (), False)


def pooler_limit(p, s, r):
    p.pooler = True
    p.pool_wait_us = r.choice((None, 5, 10))
    p.pool_wait_us = p.pool_wait_us and p.pool_wait_us * SEC
    p.slow_factor = r.uniform(2, 3)
    p.max_connections = 100
    last = s.onset + r.uniform(35, 90) * SEC
    way = r.choice(("clients", "clients", "wait", "scale"))
    mean_s = sum(e[3] * e[4] for e in ENDPOINTS) * p.slow_factor * 1.2 / 1000
    p.cores = 16
    if way == "clients":
        p.max_client_conn = max(8, p.instances * p.pool_max // 2)
        p.pool_size = p.max_client_conn // 2
        stream(s, s.onset, last, min(90, p.max_client_conn / mean_s), r.choice((0, 10)) * SEC)
        also = ("traffic_surge",)
    elif way == "wait":
        p.pool_size, p.query_wait_us = r.randrange(3, 6), r.choice((2, 3, 5)) * SEC
        p.max_client_conn, p.pool_max, p.pool_wait_us = 400, 60, None
        stream(s, s.onset, last, min(90, p.pool_size / mean_s * 2.5), r.choice((0, 10)) * SEC)
        also = ("traffic_surge",)
    else:
        p.initial = p.instances
        p.pool_min = p.pool_max = r.randrange(6, 12)
        p.max_client_conn = p.initial * p.pool_max + 2
        p.pool_size = 12
        p.instances += 2
        for i in range(p.initial, p.instances):
            s.at(s.onset + (i - p.initial) * r.uniform(1, 9) * SEC, lambda w, i=i: start_instance(w, i))
        last = s.onset + r.uniform(60, 150) * SEC
        for i in range(p.initial, p.instances):
            s.at(last, lambda w, i=i: stop_instance(w, i))
        also = ("pool_misconfiguration",)
    s.expect(s.onset, last + 60 * SEC, "pooler_limit", also)
    s.need = 20


def start_instance(w, i):
    w.apps[i].listed = True
    w.apps[i].begin()


def stop_instance(w, i):
    w.apps[i].listed = False
    w.apps[i].stop("term")


def crash(p, s, r):
    t = s.onset
    for _ in range(r.randrange(1, 4)):
        recover = int(r.uniform(2, 9) * SEC)
        s.at(t, lambda w, recover=recover: w.db.crash(recover, r.choice(("9: Killed", "9: Killed", "11: Segmentation fault", "6: Aborted"))))
        last = t + recover
        t = last + r.uniform(15, 70) * SEC
    p.pool_wait_us = None if r.random() < 0.5 else 5 * SEC
    s.expect(s.onset, last + 40 * SEC, "database_crash", (), False)


def trickle(p, s, r):
    p.role_limits["etl"] = 2

    def hold(w, n):
        w.db.connect("etl", p.app_role[1], "sync", "10.0.4.20", None, lambda c: None)

    def poke(w):
        w.db.connect("etl", p.app_role[1], "sync", "10.0.4.20", None, lambda c: None if isinstance(c, Trouble) else w.after(2 * SEC, w.db.close, c))
        w.after(w.rng.uniform(38, 95) * SEC, poke, w)
    s.at(p.start + SEC, hold, 0)
    s.at(p.start + 2 * SEC, hold, 1)
    s.at(p.start + 20 * SEC, poke)


def application_bug(p, s, r):
    p.rate = r.uniform(3, 6)
    path = r.choice(("/api/checkout", "/api/orders", "/api/products"))
    said = r.choice(("null", "key", "type"))
    last = s.roll(s.onset, "cause", changes=[("bug", (path, r.uniform(0.5, 1.0), said))])
    stop = last + r.uniform(90, 240) * SEC
    if stop < p.end - 60 * SEC:
        s.roll(stop, "mitigation", changes=[("bug", None)], version=p.version)
    s.expect(s.onset, min(stop + 120 * SEC, p.end), "application_error", (), False)


def quiet(p, s, r):
    p.max_connections = p.instances * p.pool_max + 20


def app_pool_only(p, s, r):
    p.pool_max = r.randrange(3, 7)
    p.pool_wait_us = r.choice((None, 2, 5, 10))
    p.pool_wait_us = p.pool_wait_us and p.pool_wait_us * SEC
    p.max_connections = p.instances * p.pool_max + 20
    p.rate = r.uniform(3, 6)
    last = s.onset + r.uniform(50, 150) * SEC
    hog = r.choice((("/api/checkout", 9000), ("/api/checkout", 16000), ("/api/orders", 5000)))
    s.at(s.onset, lambda w: [setattr(a, "hog", hog) for a in w.apps])
    s.at(last, lambda w: [setattr(a, "hog", None) for a in w.apps])
    s.last = last
    s.expect(s.onset, last + 60 * SEC, "app_pool_exhausted")
    s.need = 20


def retry_storm(p, s, r):
    squeeze(p)
    p.rate = r.uniform(5, 8)
    p.slow_factor = r.uniform(3, 5)
    p.cores, p.contention = 3, r.uniform(0.12, 0.2)
    p.retries, p.retry_share, p.retry_after_us = r.randrange(8, 14), 0.97, int(r.uniform(0.3, 0.9) * SEC)
    p.pool_wait_us, p.impatient = None, 0
    p.length = min(p.length, 16 * MINUTE)
    p.end = p.start + p.length
    s.onset = p.start + int(0.5 * p.length)
    down = int(r.uniform(5, 10) * SEC)
    way = r.choice(("restart", "stall"))
    if way == "restart":
        s.at(s.onset, lambda w: w.db.restart(down))
    else:
        s.at(s.onset, lambda w: w.db.slow.update(orders=40, products=40))
        s.at(s.onset + down, lambda w: w.db.slow.clear())
    s.at(s.onset + down + r.uniform(50, 90) * SEC, lambda w: setattr(p, "retries", 0))  # somebody turns the retries off
    s.expect(s.onset, s.onset + 180 * SEC, "retry_storm", ("database_restart",) if way == "restart" else ("slow_queries",))
    s.need = 40
    s.lasting = s.onset + down + 25 * SEC  # still refused then: it feeds itself


def slow_queries(p, s, r):
    squeeze(p)
    p.rate = r.uniform(3, 6)
    p.log_min_us = r.choice((250, 500, 1000, 1000, 10**9)) * 1000
    last = s.onset + r.uniform(60, 180) * SEC
    table = r.choice(("orders", "orders", "products"))
    factor = r.uniform(60, 140) if table == "products" else r.uniform(25, 60)
    s.at(s.onset, lambda w: w.db.slow.update({table: factor}))
    s.at(last, lambda w: w.db.slow.clear())
    s.last = last
    s.expect(s.onset, last + 60 * SEC, "slow_queries")
    s.need = 20


def scale_out(p, s, r):
    p.pool_max = p.pool_min = r.randrange(6, 14)
    p.initial = p.instances
    p.max_connections = p.initial * p.pool_max + p.reserved + r.randrange(1, 5)
    p.instances += r.randrange(1, 4)
    p.pool_idle_us = 0
    p.rate = r.uniform(3, 6)
    for i in range(p.initial, p.instances):
        s.at(s.onset + (i - p.initial) * r.uniform(2, 15) * SEC, lambda w, i=i: start_instance(w, i))
    last = s.onset + r.uniform(80, 200) * SEC
    for i in range(p.initial, p.instances):
        s.at(last, lambda w, i=i: stop_instance(w, i))
    s.expect(s.onset, last + 60 * SEC, "pool_misconfiguration")
    s.need = 20


def db_restart(p, s, r):
    p.rate = r.uniform(3, 6)
    down = r.uniform(3, 20) * SEC
    s.at(s.onset, lambda w: w.db.restart(int(down)))
    s.expect(s.onset, s.onset + down + 60 * SEC, "database_restart", (), False)


def os_limit(p, s, r):
    p.pool_idle_us, p.pool_min = 5 * SEC, 0
    p.rate = r.uniform(4, 7)
    p.slow_factor = r.uniform(2, 4)
    p.max_connections = 300
    last = int(s.onset + r.uniform(60, 150) * SEC)
    s.at(s.onset, lambda w: setattr(w.db, "no_fork_until", last))
    s.last = last
    s.expect(s.onset, last + 40 * SEC, "os_limit")
    s.need = 20


KINDS = [traffic_spike, leak_after_deploy, lock_pileup, batch_job, two_bursts, flapping, pooler_limit, crash, trickle, application_bug, quiet,
         app_pool_only, retry_storm, slow_queries, scale_out, db_restart, os_limit]
QUIET = {"quiet", "trickle"}  # no incident at all
CHANGED = {"leak_after_deploy", "application_bug"}  # a deploy did it


def herrings(p, s, r, kind):
    """Deploys that did nothing. R1: after the onset. R2: on part of the instances, before it. Else it cannot be decided from logs."""
    if kind == "quiet" or kind == "trickle":
        for _ in range(r.randrange(0, 3)):
            s.roll(p.start + r.uniform(0.1, 0.85) * p.length, "nothing")
        return
    if kind in CHANGED:
        return
    draw = r.random()
    members = list(range(p.initial or p.instances))
    if draw < 0.22:
        s.roll(s.onset - r.uniform(90, 420) * SEC, "herring-undecidable")
    elif draw < 0.45:
        s.roll(s.onset + r.uniform(22, 45) * SEC, "herring-R1")
    elif draw < 0.65 and kind not in ("flapping", "scale_out") and len(members) > 1:
        s.roll(s.onset - r.uniform(60, 240) * SEC, "herring-R2", members[:r.randrange(1, len(members))])


def mend(p, s, r):
    """One in five of those that end by themselves is ended by a restart: of the database, or where the fault is theirs, of the instances."""
    if s.last is None or r.random() >= 0.2:
        return
    at = int(s.last - r.uniform(0.1, 1.5) * SEC)
    if s.expects[0]["cause"] in ("app_pool_exhausted", "connection_leak"):
        s.roll(at, "mitigation", version=s.version)
        s.mends.append({"at": at, "what": "instances"})
    else:
        s.at(at, lambda w: w.db.restart(int(r.uniform(0.5, 6) * SEC)))
        s.mends.append({"at": at, "what": "database"})


def draw(rng, kind, seed):
    """A plan and its script. What was added later draws from streams of its own, so that each seed stays the outage that it was."""
    p = base(rng)
    summer(p, Random(f"{seed}/summer"))
    p.log_lock_waits = rng.random() < 0.6
    s = Script(rng, p)
    s.lasting = None
    s.version = p.version
    kind(p, s, rng)
    herrings(p, s, rng, kind.__name__)
    mend(p, s, Random(f"{seed}/mend"))
    p.app_style = rng.choice(app_log.styles_for(p) if p.pool_wait_us is None or rng.random() < 0.8 or kind is app_pool_only else ["slog_json", "slog_text", "zap"])
    p.pool_hides = p.app_style.startswith("spring")
    p.first_start = rng.random() < 0.15
    for i in range(p.instances):
        p.hosts[f"app{i}"] = f"10.0.1.{10 + i}"
    p.addresses = Random(f"{seed}/addresses").random() < 0.35  # programs say at their start where they listen, and whom they call
    return p, s
