"""world: a small shop on the way to an outage, by events: users, front (HAProxy, nginx), app instances with pools, PgBouncer, PostgreSQL.

Takes  a random.Random and a plan (kinds.py): what there is, how big, and what will happen when.
Gives  facts: for each source a list of (true instant in us, what, detail), in the order in which they happened. Nothing here
       knows formats, zones or clocks: the writers (front.py, app.py, db.py) turn facts into lines.
Holds  one heap of things to come.
Never  looks at the program that will read the logs.
"""
import heapq
from collections import deque
from itertools import count

SEC = 1_000_000
MS = 1_000

# Method, path ({} is a number below the third), share of the requests, milliseconds with a connection (median; 0: no database),
# table that it touches, statement.
ENDPOINTS = [
    ("GET", "/", 0, 0.10, 0, None, None),
    ("GET", "/api/products/{}", 300, 0.40, 22, "products", "SELECT id, name, price FROM products WHERE id = $1"),
    ("GET", "/api/orders?page={}", 60, 0.33, 80, "orders", "SELECT * FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT 20"),
    ("POST", "/api/checkout", 0, 0.14, 35, "orders", "INSERT INTO orders (user_id, total) VALUES ($1, $2)"),
    ("GET", "/api/report/{}", 12, 0.03, 350, "orders", "SELECT date_trunc('day', created), sum(total) FROM orders GROUP BY 1"),
]


class Trouble:
    """Why an app could not serve: `how` is the mechanism, `said` what the layer below said, `limit` the class of a refusal."""
    __slots__ = ("how", "said", "limit", "waited_us")

    def __init__(self, how, said="", limit=None, waited_us=0):
        self.how, self.said, self.limit, self.waited_us = how, said, limit, waited_us


class World:
    def __init__(self, rng, plan):
        self.rng, self.plan = rng, plan
        self.start, self.end, self.now = plan.start, plan.end, plan.start
        self.heap, self.number = [], count()
        self.facts = {}
        self.pids = count(rng.randrange(900, 9000))
        self.ports = count(rng.randrange(32768, 40000))
        self.db = Database(self)
        self.pooler = Pooler(self) if plan.pooler else None
        self.apps = [App(self, i) for i in range(plan.instances)]
        self.front = Front(self)

    def at(self, t, do, *what):
        heapq.heappush(self.heap, (t, next(self.number), do, what))

    def after(self, us, do, *what):
        heapq.heappush(self.heap, (self.now + int(us), next(self.number), do, what))

    def tell(self, source, what, *detail):
        self.facts.setdefault(source, []).append((self.now, what, detail))

    def run(self):
        heap, end = self.heap, self.end
        while heap:
            t, _, do, what = heapq.heappop(heap)
            if t > end:
                break
            self.now = t
            do(*what)
        return self.facts

    def pid(self):
        return next(self.pids) % 4194304

    def port(self):
        return 32768 + next(self.ports) % 28000

    def lognormal_us(self, median_ms, sigma):
        return int(self.rng.lognormvariate(0, sigma) * median_ms * MS) + 200


class Stream:
    """Users that arrive by a Poisson process, from `first` to `last`, reaching `rate` a second after `ramp_us`."""

    def __init__(self, world, first, last, rate, ramp_us=0, clients=180, net="203.0.113.", paths=None):
        self.world, self.first, self.last, self.rate, self.ramp_us = world, first, last, rate, ramp_us
        self.clients = [net + str(n) for n in range(1, min(clients, 250) + 1)]
        self.paths = paths or ENDPOINTS
        self.weights = [e[3] for e in self.paths]
        world.at(first, self.one)

    def one(self):
        w, rng = self.world, self.world.rng
        if w.now > self.last:
            return
        share = min(1.0, (w.now - self.first + 1) / self.ramp_us) if self.ramp_us else 1.0
        if w.now != self.first and rng.random() < share:
            client = self.clients[int(len(self.clients) * rng.random() ** 1.5)]
            method, path, top, _, ms, table, sql = rng.choices(self.paths, self.weights)[0]
            Request(w, client, method, path.replace("{}", str(rng.randrange(top))) if top else path, ms, table, sql, 0).begin()
        w.after(rng.expovariate(self.rate) * SEC + 1, self.one)


class Request:
    __slots__ = ("w", "rid", "client", "method", "path", "ms", "table", "sql", "tries", "began", "hops", "done", "web_began", "hop_began", "patience", "queued_us", "ahead")

    def __init__(self, w, client, method, path, ms, table, sql, tries):
        self.w, self.client, self.method, self.path, self.ms, self.table, self.sql, self.tries = w, client, method, path, ms, table, sql, tries
        self.rid = "%032x" % w.rng.getrandbits(128)
        self.hops, self.done = [], False
        self.queued_us, self.ahead = 0, 0  # in the load balancer's queue: how long, behind how many

    def begin(self):
        w = self.w
        self.began = w.now
        w.front.inside += 1
        w.after(w.rng.randrange(100, 900) if w.plan.lb else 0, w.front.admit, self)
        if w.rng.random() < w.plan.impatient:
            w.after(w.rng.uniform(4, 20) * SEC, w.front.gone, self)

    def again(self):
        """The user's program tries once more: same client and path, a new id (the front makes the ids)."""
        Request(self.w, self.client, self.method, self.path, self.ms, self.table, self.sql, self.tries + 1).begin()


class Front:
    """nginx (with HAProxy before it or not), or HAProxy alone: picks an instance, gives up after a timeout, remembers failures."""

    def __init__(self, world):
        self.w, self.turn, self.inside = world, 0, 0
        self.shunned = {}
        self.failures = {}
        self.admitted, self.queue = set(), deque()
        self.most = None  # the load balancer's maxconn of its server: what is more waits; None: no limit

    def alive(self):
        now = self.w.now
        return [a for a in self.w.apps if a.listed and self.shunned.get(a.index, 0) <= now]

    def admit(self, r):
        if self.most and len(self.admitted) >= self.most:
            r.ahead = len(self.queue)
            self.queue.append(r)
            return
        self.admitted.add(r)
        self.enter(r)

    def next(self, r):
        """A request is done: the one that waits longest takes its place."""
        self.admitted.discard(r)
        while self.queue and (not self.most or len(self.admitted) < self.most):
            waiting = self.queue.popleft()
            if not waiting.done:
                waiting.queued_us = self.w.now - waiting.began
                self.admitted.add(waiting)
                self.enter(waiting)

    def enter(self, r):
        r.web_began = self.w.now
        self.hop(r)

    def hop(self, r):
        w = self.w
        up = [a for a in self.alive() if a.index not in {h[0] for h in r.hops}]
        if not up:
            if not r.hops or w.plan.max_fails:
                r.hops.append([-1, 502, 0])
                w.tell("front", "no_live", r)
            self.finish(r, 503 if not w.plan.web else 502)
            return
        self.turn += 1
        app = up[self.turn % len(up)]
        if w.plan.least_conn:
            app = min(up, key=lambda a: (len(a.busy), (a.index - self.turn) % len(w.apps)))
        r.hop_began = w.now
        if not app.up:
            self.failed(r, app, "refused", 502)
            return
        r.hops.append([app.index, None, None])
        w.after(w.plan.web_timeout_us, self.timeout, r, app, len(r.hops))
        w.after(w.rng.randrange(150, 700), app.serve, r)

    def failed(self, r, app, how, status):
        w = self.w
        if how == "refused":
            r.hops.append([app.index, status, 0])
        else:
            r.hops[-1][1:] = [status, w.now - r.hop_began]
        w.tell("front", how, r, app.index)
        if w.plan.max_fails:
            self.failures[app.index] = self.failures.get(app.index, 0) + 1
            if self.failures[app.index] >= w.plan.max_fails:
                self.failures[app.index] = 0
                self.shunned[app.index] = w.now + w.plan.fail_timeout_us
        if (how == "refused" or r.method == "GET") and len(r.hops) < 3 and len(w.apps) > 1 and (w.plan.web or how == "refused"):
            self.hop(r)
        else:
            self.finish(r, status)

    def timeout(self, r, app, hop):
        if not r.done and len(r.hops) == hop and r.hops[-1][1] is None:
            self.failed(r, app, "timeout", 504)

    def gone(self, r):
        if not r.done:
            if r.hops and r.hops[-1][1] is None:
                r.hops[-1][1:] = ["-", self.w.now - r.hop_began]
            self.finish(r, 499)

    def broken(self, r, app):
        if not r.done and r.hops and r.hops[-1][1] is None and r.hops[-1][0] == app.index:
            self.failed(r, app, "closed", 502)

    def answer(self, r, app, status):
        """An instance has answered; nobody listens when the front has given up on it."""
        if not r.done and r.hops[-1][1] is None and r.hops[-1][0] == app.index:
            r.hops[-1][1:] = [status, self.w.now - r.hop_began]
            self.failures[app.index] = 0
            self.finish(r, status)

    def finish(self, r, status):
        w = self.w
        r.done = True
        self.inside -= 1
        self.next(r)
        w.tell("front", "answered", r, status, self.inside)
        if status >= 500 and r.tries < w.plan.retries and w.rng.random() < w.plan.retry_share:
            w.after(w.plan.retry_after_us * (0.6 + 0.8 * w.rng.random()), r.again)


class Connection:
    __slots__ = ("pid", "port", "user", "database", "app", "host", "began", "open", "owner", "statement", "through", "parted")

    def __init__(self, w, user, database, app, host, owner):
        self.pid, self.port, self.user, self.database, self.app, self.host = w.pid(), w.port(), user, database, app, host
        self.began, self.open, self.owner, self.statement, self.through, self.parted = w.now, True, owner, None, None, None


class Database:
    """PostgreSQL: slots, reserved ones, limits of roles and databases; locks on tables; restarts and crashes."""

    def __init__(self, world):
        self.w, self.state = world, "up"
        self.open = set()
        self.locks = {}
        self.slow = {}  # table: factor
        self.parsing = 0
        self.no_fork_until = 0
        self.running = 0

    def free(self):
        return self.w.plan.max_connections - self.w.plan.reserved - len(self.open)

    def connect(self, user, database, app, host, owner, then, superuser=False):
        """Gives then(Connection) or then(Trouble), some milliseconds later."""
        self.w.after(self.w.rng.randrange(700, 5000), self.decide, Connection(self.w, user, database, app, host, owner), then, superuser)

    def decide(self, c, then, superuser):
        w, p = self.w, self.w.plan
        if self.state in ("down", "crashed"):
            then(Trouble("unreachable"))
            return
        c.began = w.now
        if w.now < self.no_fork_until and w.rng.random() < 0.9:
            w.tell("db", "no_fork", c)
            then(Trouble("refused", "could not fork new process for connection: Resource temporarily unavailable", "db.fork_failed"))
            return
        w.tell("db", "received", c)
        if self.state != "up":
            text = {"starting": "the database system is starting up", "stopping": "the database system is shutting down",
                    "recovering": "the database system is in recovery mode" if p.pg < 14 else "the database system is not yet accepting connections"}[self.state]
            w.tell("db", "fatal", c, "57P03", text, None)
            then(Trouble("starting", text))
            return
        refused = None
        if not superuser:
            same_role = sum(1 for o in self.open if o.user == c.user) if c.user in p.role_limits else 0
            same_db = sum(1 for o in self.open if o.database == c.database) if c.database in p.database_limits else 0
            if self.free() <= 0:
                text = "sorry, too many clients already" if w.rng.random() < 0.015 else p.reserved_text
                refused = ("db.max_connections", text)
            elif same_db and same_db >= p.database_limits[c.database]:
                refused = ("db.database_limit", f'too many connections for database "{c.database}"')
            elif same_role and same_role >= p.role_limits[c.user]:
                refused = ("db.role_limit", f'too many connections for role "{c.user}"')
        if not refused or not refused[1].startswith("sorry"):
            w.tell("db", "authorized", c)
        if refused:
            w.tell("db", "fatal", c, "53300", refused[1], refused[0])
            then(Trouble("refused", refused[1], refused[0]))
            return
        self.open.add(c)
        then(c)

    def close(self, c):
        if c.open:
            c.open = False
            self.open.discard(c)
            if self.state == "up":
                self.w.tell("db", "disconnected", c, self.w.now - c.began)

    def run(self, c, table, sql, us, then):
        """A statement of `us` microseconds of work; then(None) or then(Trouble)."""
        c.statement = (sql, self.w.now, then)
        lock = self.locks.get(table)
        if lock:
            self.wait(lock, c, table, sql, us)
        else:
            self.work(c, table, us)

    def work(self, c, table, us):
        if not c.open:
            return
        self.running += 1
        us = us * self.slow.get(table, 1) * (1 + max(0, self.running - self.w.plan.cores) * self.w.plan.contention)
        self.w.after(us, self.finish, c, us)

    def finish(self, c, us):
        self.running -= 1
        if not c.open or not c.statement:
            return
        sql, began, then = c.statement
        c.statement = None
        took = self.w.now - began
        if took >= self.w.plan.log_min_us:
            self.w.tell("db", "slow", c, took, sql)
        then(None)

    # Locks: somebody in a long transaction holds the table; an ALTER TABLE waits for it; everybody else waits behind that.
    def hold(self, table, holder):
        self.locks[table] = {"holder": holder, "queue": []}

    def wait(self, lock, c, table, sql, us, mode="AccessShareLock"):
        if sql.startswith(("INSERT", "UPDATE")):
            mode = "RowExclusiveLock"
        if sql.startswith("ALTER"):
            mode = "AccessExclusiveLock"
        entry = [c, sql, us, self.w.now, mode, False]
        lock["queue"].append(entry)
        self.w.after(1000 * MS + self.w.rng.randrange(20, 400), self.still, lock, entry, table)

    def still(self, lock, entry, table):
        if entry in lock["queue"] and entry[0].open:
            entry[5] = True
            self.w.tell("db", "waiting", entry[0], entry[4], table, self.w.now - entry[3], lock["holder"].pid, [q[0].pid for q in lock["queue"]], entry[1])

    def release(self, table):
        lock = self.locks.pop(table, None)
        for c, sql, us, began, mode, told in lock["queue"] if lock else ():
            if c.open:
                if told:
                    self.w.tell("db", "acquired", c, mode, table, self.w.now - began, sql)
                self.work(c, table, us)

    def drop_all(self, how, said):
        """All sessions end; what they ran fails."""
        for c in sorted(self.open, key=lambda c: c.pid):  # a set has no order that stays
            c.open = False
            if how == "terminated":
                self.w.tell("db", "fatal", c, "57P01", said, None)
            if c.statement:
                then, c.statement = c.statement[2], None
                self.w.after(self.w.rng.randrange(200, 4000), then, Trouble(how, said))
            if c.owner:
                c.owner.lost(c)
        self.open.clear()
        self.locks.clear()
        self.running = 0

    def restart(self, down_us, new_max=None):
        w = self.w
        w.tell("db", "server", "LOG", "received fast shutdown request")
        w.tell("db", "server", "LOG", "aborting any active transactions")
        self.state = "stopping"
        self.drop_all("terminated", "terminating connection due to administrator command")
        w.after(30 * MS, w.tell, "db", "server", "LOG", "shutting down")
        w.after(80 * MS, self.stopped, down_us, new_max)

    def stopped(self, down_us, new_max):
        self.w.tell("db", "server", "LOG", "database system is shut down")
        self.state = "down"
        if new_max:
            self.w.plan.max_connections = new_max
        self.w.after(down_us, self.begin, "starting", 40 * MS)

    def begin(self, state, us):
        w, p = self.w, self.w.plan
        w.tell("db", "server", "LOG", f"starting PostgreSQL {p.pg_full} on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit")
        w.tell("db", "server", "LOG", 'listening on IPv4 address "%s", port 5432' % (p.hosts["db"] if p.addresses else "0.0.0.0"))
        self.state = state
        if state == "starting":
            w.tell("db", "startup", "LOG", "database system was shut down at {now}")
        w.after(us, self.ready)

    def ready(self):
        self.w.tell("db", "server", "LOG", "database system is ready to accept connections")
        self.state = "up"

    def crash(self, recover_us, signal):
        w = self.w
        victim = w.rng.choice(sorted(self.open, key=lambda c: c.pid)) if self.open else None
        pid = victim.pid if victim else w.pid()
        sql = victim.statement[0] if victim and victim.statement else "SELECT 1"
        w.tell("db", "server", "LOG", f"server process (PID {pid}) was terminated by signal {signal}", f"Failed process was running: {sql}")
        w.tell("db", "server", "LOG", "terminating any other active server processes")
        self.drop_all("lost", "")
        self.state = "recovering"
        w.after(120 * MS, w.tell, "db", "server", "LOG", "all server processes terminated; reinitializing")
        w.after(150 * MS, w.tell, "db", "startup", "LOG", "database system was interrupted; last known up at {now}")
        w.after(160 * MS, w.tell, "db", "startup", "LOG", "database system was not properly shut down; automatic recovery in progress")
        w.after(recover_us - 40 * MS, w.tell, "db", "startup", "LOG", "redo done at 0/7A12F48 system usage: CPU: user: 0.10 s, system: 0.04 s, elapsed: 1.90 s")
        w.after(recover_us, self.ready)


class Pooler:
    """PgBouncer, pool_mode=transaction: max_client_conn clients, pool_size server connections, query_wait_timeout."""

    def __init__(self, world):
        self.w = world
        self.clients, self.idle, self.total = 0, [], 0
        self.queue = deque()
        self.held_back = 0

    def connect(self, user, database, app, host, owner, then):
        self.w.after(self.w.rng.randrange(200, 1500), self.decide, Connection(self.w, user, database, app, host, owner), then)

    def decide(self, c, then):
        w = self.w
        if self.clients >= w.plan.max_client_conn:
            said = "no more connections allowed (max_client_conn)"
            w.tell("pooler", "refused", c, said, "pooler.client_limit", 0)
            then(Trouble("pooler", said, "pooler.client_limit"))
            return
        self.clients += 1
        c.began = w.now
        w.tell("pooler", "login", c)
        then(c)

    def close(self, c, why="client close request"):
        if c.open:
            c.open = False
            self.clients -= 1
            self.w.tell("pooler", "closed", c, why, self.w.now - c.began)

    def run(self, c, table, sql, us, then):
        w = self.w
        entry = [c, table, sql, us, then, w.now]
        if self.idle:
            self.give(self.idle.pop(), entry)
            return
        self.queue.append(entry)
        w.after(w.plan.query_wait_us, self.waited, entry)
        self.grow()

    def grow(self):
        w = self.w
        if self.total < w.plan.pool_size and w.now >= self.held_back:
            self.total += 1
            user, database = w.plan.app_role
            w.db.connect(user, database, "", w.plan.hosts["pooler"], self, self.grown)

    def grown(self, c):
        if isinstance(c, Trouble):
            self.total -= 1
            if c.how == "refused":
                self.w.tell("pooler", "server_refused", c.said, c.limit)
            self.held_back = self.w.now + 15 * SEC
            self.w.after(15 * SEC + 1, lambda: self.queue and self.grow())
            return
        self.w.tell("pooler", "server", c)
        self.next(c)

    def next(self, server):
        while self.queue:
            entry = self.queue.popleft()
            if entry[0].open and entry[4]:
                self.give(server, entry)
                return
        self.idle.append(server)

    def give(self, server, entry):
        c, table, sql, us, then, _ = entry
        entry[4] = None

        def done(trouble):
            if server.open:
                self.next(server)
            then(trouble)
        self.w.db.run(server, table, sql, us, done)

    def waited(self, entry):
        if entry[4] and entry[0].open:
            then, entry[4] = entry[4], None
            self.w.tell("pooler", "refused", entry[0], "query_wait_timeout", "pool.wait_timeout", self.w.now - entry[5])
            entry[0].open = False
            self.clients -= 1
            if entry[0].owner:
                entry[0].owner.lost(entry[0])
            then(Trouble("pooler", "query_wait_timeout", "pool.wait_timeout"))

    def lost(self, server):
        self.total -= 1
        if server in self.idle:
            self.idle.remove(server)


class App:
    """One instance: its pool (lazy or eager, with a time to wait), its version and its faults."""

    def __init__(self, world, index):
        self.w, self.index, self.name = world, index, f"app{index}"
        self.up, self.listed, self.version = True, True, world.plan.version
        self.pid = world.pid()
        self.idle, self.mine, self.queue = [], set(), deque()
        self.leaked, self.busy = [], set()
        self.leak, self.bug, self.hog = 0.0, None, None  # share of requests; path that fails; (path, ms) with the connection in hand
        self.trying = 0
        self.held_back, self.backoff_us, self.last_trouble = 0, 250 * MS, None

    @property
    def total(self):
        return len(self.mine) + self.trying

    def below(self):
        return self.w.pooler or self.w.db

    def begin(self):
        """The instance starts: its banner, and (an eager pool) its connections."""
        w = self.w
        self.up = True
        w.tell(self.name, "listening", self.pid, self.version)
        for n in range(w.plan.pool_min):
            w.after(n * w.rng.randrange(2, 12) * MS, self.grow)

    def serve(self, r):
        w = self.w
        if not self.up:
            w.front.broken(r, self)
            return
        job = [r, w.now, self.pid]
        self.busy.add(r)
        if self.bug and r.path.startswith(self.bug[0]) and w.rng.random() < self.bug[1]:
            w.after(w.rng.randrange(500, 6000), self.answer, job, Trouble("bug", self.bug[2]))
        elif not r.ms:
            w.after(w.rng.randrange(150, 1500), self.answer, job, None)
        else:
            self.acquire(job)

    def acquire(self, job):
        w, p = self.w, self.w.plan
        while self.idle:
            c = self.idle.pop()
            if c.open:
                self.use(c, job)
                return
        if self.total >= p.pool_max and p.pool_wait_us is None:
            self.answer(job, Trouble("pool_reject"))
            return
        entry = [job, w.now, False]
        self.queue.append(entry)
        if p.pool_wait_us is not None:
            w.after(p.pool_wait_us, self.waited, entry)
        if self.total < p.pool_max and self.trying < len(self.queue) and w.now >= self.held_back:
            self.grow()

    def grow(self):
        if self.up and self.total < self.w.plan.pool_max:
            self.trying += 1
            p = self.w.plan
            self.below().connect(*p.app_role, p.app_name, p.hosts[self.name], self, lambda c, pid=self.pid: self.grown(c, pid))

    def grown(self, c, pid):
        if pid != self.pid or not self.up:
            if not isinstance(c, Trouble):
                self.below().close(c)
            return
        self.trying -= 1
        if isinstance(c, Trouble):
            if self.w.plan.pool_hides:  # HikariCP: one thread tries again, less and less often; the caller waits for his timeout
                self.last_trouble = c
                self.backoff_us = min(5 * SEC, self.backoff_us * 3 // 2)
                self.held_back = self.w.now + self.backoff_us
                self.w.after(self.backoff_us, self.retry)
            elif self.queue:
                self.answer(self.queue.popleft()[0], c)
            return
        self.mine.add(c)
        self.backoff_us = 250 * MS
        self.hand(c)

    def retry(self):
        if self.queue and self.trying == 0:
            self.grow()

    def hand(self, c):
        """A connection is free: to whom waits longest, else to the idle ones."""
        while self.queue:
            entry = self.queue.popleft()
            if not entry[2]:
                self.use(c, entry[0])
                return
        self.idle.append(c)
        if self.w.plan.pool_idle_us and self.total > self.w.plan.pool_min:
            self.w.after(self.w.plan.pool_idle_us, self.reap, c, self.w.now)
        c.parted = self.w.now

    def reap(self, c, since):
        if c.open and c.parted == since and c in self.idle and self.total > self.w.plan.pool_min:
            self.idle.remove(c)
            self.mine.discard(c)
            self.below().close(c)

    def waited(self, entry):
        if not entry[2] and entry in self.queue:
            entry[2] = True
            self.queue.remove(entry)
            last = self.last_trouble if self.w.plan.pool_hides else None
            self.answer(entry[0], Trouble("pool_timeout", last.said if last and self.total < self.w.plan.pool_max else "", None, self.w.now - entry[1]))

    def use(self, c, job):
        w, r = self.w, job[0]
        us = w.lognormal_us(r.ms, 0.6)
        if self.hog and r.path.startswith(self.hog[0]):
            w.after(w.lognormal_us(self.hog[1], 0.25), self.after_hog, c, job, us)
            return
        self.below().run(c, r.table, r.sql, us, lambda trouble: self.used(c, job, trouble))

    def after_hog(self, c, job, us):
        if c.open:
            self.below().run(c, job[0].table, job[0].sql, us, lambda trouble: self.used(c, job, trouble))
        else:
            self.answer(job, Trouble("lost"))

    def used(self, c, job, trouble):
        w = self.w
        if c.open:
            if self.leak and w.rng.random() < self.leak and job[2] == self.pid:
                self.leaked.append(c)  # never given back; the pool does not know
                if w.plan.leak_outside:
                    self.mine.discard(c)
            elif job[2] == self.pid and self.up:
                self.hand(c)
            else:
                self.below().close(c)
        w.after(w.rng.randrange(100, 1500), self.answer, job, trouble)

    def answer(self, job, trouble):
        r, began, pid = job
        if pid != self.pid or not self.up:
            return
        self.busy.discard(r)
        status = 200 if not trouble else (503 if trouble.how.startswith("pool") and self.w.plan.busy_is_503 else 500)
        self.w.tell(self.name, "request", pid, r, status, self.w.now - began, trouble)
        self.w.front.answer(r, self, status)

    def lost(self, c):
        self.mine.discard(c)
        if c in self.idle:
            self.idle.remove(c)

    def stop(self, how):
        """how: "term" (drained first) or "crash"."""
        w = self.w
        self.up = False
        if how == "term":
            w.tell(self.name, "stopping", self.pid, self.version)
        else:
            w.tell(self.name, "crashed", self.pid, how)
        for r in sorted(self.busy, key=lambda r: r.rid):
            w.after(w.rng.randrange(0, 40) * MS, w.front.broken, r, self)
        self.busy.clear()
        for c in [*self.idle, *self.leaked]:
            self.below().close(c)
        self.idle, self.leaked, self.trying = [], [], 0
        self.mine.clear()
        self.queue.clear()
        self.pid = w.pid()

    def deploy(self, version, down_us, changes=()):
        """Drain, stop, start with another version; `changes` are (attribute, value) of the new one."""
        w = self.w
        if w.plan.graceful:
            self.listed = False
        w.after(w.rng.uniform(0.3, 1.2) * SEC, self.swap, version, down_us, changes)

    def swap(self, version, down_us, changes):
        self.stop("term")
        self.w.after(down_us, self.back, version, changes)

    def back(self, version, changes):
        self.version = version
        for name, value in changes:
            setattr(self, name, value)
        self.begin()
        self.listed = True
