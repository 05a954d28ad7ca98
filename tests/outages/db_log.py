"""db_log: PostgreSQL's stderr, csvlog and jsonlog, PgBouncer's log.

PostgreSQL: manual 20.8 (log_line_prefix, columns of csvlog, keys of jsonlog); a session that is refused has no application name yet.
PgBouncer: its own log of version 1.18 (two lines for a refusal).
"""
import json

COMPACT = json.JSONEncoder(separators=(",", ":")).encode
SEC = 1_000_000
PREFIXES = [  # text after the stamp (m: ms, t: seconds), part for sessions only
    ("m", "[{pid}] ", "{user}@{db}/{app} "),
    ("m", "[{pid}] ", "{user}@{db} "),
    ("m", "[{pid}] ", ""),
    ("t", "[{pid}]: user={user},db={db},app={app},client={host} ", None),
    ("m", "[{pid}] user={user},db={db},app={app},client={host} ", None),
]
RELATION = {"orders": 16397, "products": 16402}


def write(site):
    postgresql(site)
    if site.plan.pooler:
        pgbouncer(site)


def postgresql(site):
    rng, p = site.rng, site.plan
    forms = [("stderr",), ("csv",)] + ([("json",)] if p.pg >= 15 else [])
    form = rng.choice(forms) if rng.random() < 0.87 else ("stderr", "csv")
    prefix = rng.choice(PREFIXES)
    connections = rng.random() < 0.8
    local = rng.random() < 0.4
    writers = []
    for one in form:
        s = site.source(f"postgresql/postgresql.{'log' if one == 'stderr' else one}", "db", "db", True, SEC if one == "stderr" and prefix[0] == "t" else 1000, local=local)
        s.printed = s.zone.clear
        s.twin = "postgresql" if len(form) > 1 else None
        s.clients = connections  # log_connections: where each client is
        writers.append(Postgresql(s, one, prefix, connections, p))
    for w in writers:
        for t, what, d in site.facts.get("db", ()):
            getattr(w, what)(t, *d)
        w.refusals(site.facts.get("db", ()))
    routine(site, writers)


def routine(site, writers):
    """Checkpoints, autovacuum, other people's statements: the words in a text, another database's message."""
    rng, p = site.rng, site.plan
    t, pid = p.start + rng.randrange(60) * SEC, 712
    lines = []
    while t < p.end:
        lines.append((t, pid, "LOG", "checkpoint starting: time"))
        lines.append((t + 27 * SEC, pid, "LOG", f"checkpoint complete: wrote {rng.randrange(20, 900)} buffers (0.{rng.randrange(10)}%); 0 WAL file(s) added, 0 removed, 0 recycled; "
                                                f"write={rng.randrange(4, 26)}.117 s, sync=0.011 s, total=26.302 s; sync files=31, longest=0.004 s, average=0.001 s; distance=1211 kB, estimate=2034 kB"))
        t += 300 * SEC
    for _ in range(rng.randrange(0, 4)):
        t = int(rng.uniform(p.start, p.end))
        lines.append((t, rng.randrange(3000, 9000), "LOG", 'automatic vacuum of table "shop.public.orders": index scans: 0\n\tpages: 0 removed, 128 remain, 128 scanned (100.00% of total)\n'
                                                           "\ttuples: 39 removed, 20006 remain, 0 are dead but not yet removable\n\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.12 s"))
    decoys = []
    for _ in range(rng.choice((0, 0, 2, 30))):
        t = int(rng.uniform(p.start, p.end))
        decoys.append((t, rng.randrange(3000, 9000), rng.choice((
            ("LOG", "00000", "duration: 1312.201 ms  statement: INSERT INTO tickets (text) VALUES ('FATAL: sorry, too many clients already')"),
            ("ERROR", "42P01", 'relation "too_many_connections" does not exist at character 15'),
            ("FATAL", "3D000", 'database "too many clients" does not exist')))))
    for w in writers:
        for t, pid, severity, text in lines:
            w.line(t, None, severity, text, pid=pid)
        for t, pid, (severity, state, text) in decoys:
            w.line(t, None, severity, text, state, pid=pid)


class Postgresql:
    def __init__(self, s, form, prefix, connections, plan):
        self.s, self.form, self.prefix, self.connections, self.p = s, form, prefix, connections, plan
        self.numbers = {}

    def line(self, t, c, severity, text, state="00000", named=False, app=None, pid=None, detail=None, sql=None):
        """c: the session; named: its user and database are known by now; app: its application's name, when it has told it."""
        s = self.s
        seconds, us = s.civil(t)
        pid = c.pid if c else pid if pid is not None else 700
        if self.form == "stderr":
            when = s.stamp(seconds, "%Y-%m-%d %H:%M:%S") + (f".{us // 1000:03d} " if self.prefix[0] == "m" else " ") + s.letters + " "
            fill = {"pid": pid, "user": c.user if named else "[unknown]", "db": c.database if named else "[unknown]", "app": app or "[unknown]", "host": c.host if c else ""}
            if not c:
                fill.update(user="", db="", app="")
            lead = when + self.prefix[1].format(**fill) + (self.prefix[2].format(**fill) if self.prefix[2] and c else "")
            out = f"{lead}{severity}:  {text}"
            if detail:
                out += f"\n{lead}DETAIL:  {detail}"
            if sql:
                out += f"\n{lead}STATEMENT:  {sql}"
            s.add(t, out)
            return
        when = s.stamp(seconds, "%Y-%m-%d %H:%M:%S") + f".{us // 1000:03d} " + s.letters
        number = self.numbers[pid] = self.numbers.get(pid, 0) + 1
        began, _ = s.civil(c.began if c else self.p.start)
        session_start = s.stamp(began, "%Y-%m-%d %H:%M:%S") + " " + s.letters
        session = "%x.%x" % (began - s.east_s, pid)
        if self.form == "csv":
            q = lambda v: '"' + v.replace('"', '""') + '"' if v else ""
            s.add(t, ",".join((when, q(c.user if c and named else ""), q(c.database if c and named else ""), str(pid), q(f"{c.host}:{c.port}" if c else ""), session, str(number),
                               q("startup" if c and not app else "idle" if c else ""), session_start, "", "0", severity, state, q(text), q(detail or ""), "", "", "", "", q(sql or ""), "", "",
                               q(app or "") or '""', q("client backend" if c else "postmaster")) + (("", "0") if self.p.pg >= 14 else ())))
            return
        o = {"timestamp": when}
        if c and named:
            o.update(user=c.user, dbname=c.database)
        o["pid"] = pid
        if c:
            o.update(remote_host=c.host, remote_port=c.port)
        o.update(session_id=session, line_num=number)
        if c:
            o["ps"] = "startup" if not app else "idle"
        o.update(session_start=session_start, txid=0, error_severity=severity)
        if state != "00000":
            o["state_code"] = state
        o["message"] = text
        if detail:
            o["detail"] = detail
        if sql:
            o["statement"] = sql
        if app:
            o["application_name"] = app
        o.update(backend_type="client backend" if c else "postmaster", query_id=0)
        s.add(t, COMPACT(o))

    # ---- one for each kind of fact ----

    def received(self, t, c):
        if self.connections:
            self.line(t - 900, c, "LOG", f"connection received: host={c.host} port={c.port}")

    def authorized(self, t, c):
        if self.connections:
            self.line(t - 100, c, "LOG", f"connection authorized: user={c.user} database={c.database}" + (f" application_name={c.app}" if c.app else ""), named=True)

    def fatal(self, t, c, state, text, limit):
        detail = "Consistent recovery state has not been yet reached." if text.endswith("not yet accepting connections") else None
        self.line(t, c, "FATAL", text, state, detail=detail, named=True, app=(c.app or None) if state == "57P01" else None)

    def no_fork(self, t, c):
        self.line(t, None, "LOG", "could not fork new process for connection: Resource temporarily unavailable")

    def disconnected(self, t, c, us):
        if self.connections:
            s, ms = divmod(us // 1000, 1000)
            self.line(t, c, "LOG", f"disconnection: session time: {s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}.{ms:03d} user={c.user} database={c.database} host={c.host} port={c.port}", named=True, app=c.app or None)

    def slow(self, t, c, us, sql):
        self.line(t, c, "LOG", f"duration: {us / 1000:.3f} ms  execute <unnamed>: {sql}", named=True, app=c.app or None)

    def waiting(self, t, c, mode, table, us, holder, queue, sql):
        if self.p.log_lock_waits:
            self.line(t, c, "LOG", f"process {c.pid} still waiting for {mode} on relation {RELATION[table]} of database 16389 after {us / 1000:.3f} ms", named=True, app=c.app or None,
                      detail=f"Process holding the lock: {holder}. Wait queue: {', '.join(map(str, queue))}.", sql=sql)

    def acquired(self, t, c, mode, table, us, sql):
        if self.p.log_lock_waits:
            self.line(t, c, "LOG", f"process {c.pid} acquired {mode} on relation {RELATION[table]} of database 16389 after {us / 1000:.3f} ms", named=True, app=c.app or None, sql=sql)

    def server(self, t, severity, text, detail=None):
        self.line(t, None, severity, text, detail=detail)

    def startup(self, t, severity, text):
        seconds, _ = self.s.civil(t - 20 * SEC)
        self.line(t, None, severity, text.replace("{now}", self.s.stamp(seconds, "%Y-%m-%d %H:%M:%S") + " " + self.s.letters), pid=702)

    def refusals(self, facts):
        for t, what, d in facts:
            if what == "no_fork" or (what == "fatal" and d[3]):
                self.s.refused.append((t, "db"))


def pgbouncer(site):
    rng, p = site.rng, site.plan
    s = site.source("pgbouncer/pgbouncer.log", "pool", "pooler", True, 1000)
    s.printed = s.zone.clear
    s.clients = True
    pid = rng.randrange(400, 20000)
    db, pooler = p.hosts["db"], p.hosts["pooler"]

    def add(t, text):
        seconds, us = s.civil(t)
        s.add(t, f'{s.stamp(seconds, "%Y-%m-%d %H:%M:%S")}.{us // 1000:03d} {s.letters} [{pid}] {text}')

    def who(c):
        return f"C-0x5634577{c.pid * 608 % 0xfffff:05x}: "
    add(p.start, f"LOG kernel file descriptor limit: 1024 (hard: 524288); max_client_conn: {p.max_client_conn}, max expected fd use: {p.max_client_conn + 12}")
    add(p.start + 400, "LOG listening on 0.0.0.0:6432")
    add(p.start + 800, "LOG process up: PgBouncer 1.18.0, libevent 2.1.12-stable (epoll), adns: c-ares 1.18.1, tls: OpenSSL 3.0.11 19 Sep 2023")
    for t, what, d in site.facts.get("pooler", ()):
        if what == "login":
            add(t, f"LOG {who(d[0])}{d[0].database}/{d[0].user}@{d[0].host}:{d[0].port} login attempt: db={d[0].database} user={d[0].user} tls=no")
        elif what == "closed":
            add(t, f"LOG {who(d[0])}{d[0].database}/{d[0].user}@{d[0].host}:{d[0].port} closing because: {d[1]} (age={d[2] // SEC}s)")
        elif what == "server":
            add(t, f"LOG S-0x5634577{d[0].pid * 608 % 0xfffff:05x}: {d[0].database}/{d[0].user}@{db}:5432 new connection to server (from {pooler}:{d[0].port})")
        elif what == "server_refused":
            add(t, f"WARNING S-0x56345772c2f0: {p.app_role[1]}/{p.app_role[0]}@{db}:5432 server login failed: FATAL {d[0]}")
        elif what == "refused":
            c, said, limit, waited = d
            name = "(nodb)/(nouser)" if "max_client" in said else f"{c.database}/{c.user}"
            add(t, f"LOG {who(c)}{name}@{c.host}:{c.port} closing because: {said} (age={waited // SEC}s)")
            add(t, f"WARNING {who(c)}{name}@{c.host}:{c.port} pooler error: {said}")
            s.refused.append((t, "pool"))
    t = p.start + 60 * SEC
    while t < p.end:
        add(t, f"LOG stats: {int(p.rate)} xacts/s, {int(p.rate)} queries/s, in 4531 B/s, out 4216 B/s, xact 39562 us, query 38060 us, wait 464 us")
        t += 60 * SEC
