"""lab: one shop, whole: HAProxy, nginx, two shop-api, billing, PgBouncer and PostgreSQL, with its users and its witnesses.

Takes  a folder for the result, a scenario's settings, a seed, a scale for every wait.
Gives  what a scenario plays with: nap, rate, deploy, rotate, actions with their times; collect(): DIR/logs/*.gz as a collector
       would find them, DIR/truth.json, DIR/tap/client.ndjson.gz (each request as the user saw it).
Holds  everything in one temporary folder and in processes it started, until stop().
Never  leaves a server or the folder behind, whatever went wrong.
"""
import gzip
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

import servers
import truth
from traffic import Traffic
from watch import Watch


def open_to_all():
    """A folder for temporary files that servers can enter which are not root, as we are; None: the usual one."""
    usual = Path(tempfile.gettempdir()).resolve()
    return None if all(p.stat().st_mode & 0o001 for p in (usual, *usual.parents)) else "/tmp"


class Lab:
    def __init__(self, scenario, seed, scale):
        self.scenario, self.seed, self.scale = scenario, seed, scale
        self.events = []
        self.apps = {}
        self.jobs = []
        self.syslog = self.haproxy = self.nginx = self.pgbouncer = self.db = self.traffic = self.watch = self.stats = None
        self.work = Path(tempfile.mkdtemp(prefix="onset-lab-", dir=open_to_all()))
        self.work.chmod(0o755)
        self.logs = self.work / "logs"
        self.logs.mkdir()
        self.logs.chmod(0o777)  # PgBouncer, which is not root, writes there too

    def event(self, kind, **more):
        self.events.append({"at_us": time.time_ns() // 1000, "kind": kind, **more})
        print(f"lab: {kind} {more or ''}", file=sys.stderr, flush=True)

    def nap(self, seconds, least=0.0):
        time.sleep(max(seconds * self.scale, least))

    # ---- start and stop
    def start(self):
        s = self.scenario
        self.db = servers.Postgres(self.work, s.max_connections)
        self.db.ctl("start")
        self.db.sql("CREATE ROLE shop_app LOGIN", "CREATE ROLE billing_app LOGIN", "CREATE ROLE etl LOGIN",
                    "CREATE ROLE analytics LOGIN", "CREATE ROLE migrator LOGIN IN ROLE shop_app",
                    "CREATE DATABASE shop OWNER shop_app", "CREATE DATABASE billing OWNER billing_app",
                    *s.setup)
        self.db.sql("SET ROLE shop_app; CREATE TABLE products (id int, price numeric);"
                    "INSERT INTO products SELECT n, n FROM generate_series(1, 200) n;"
                    "CREATE TABLE orders (id serial, user_id int, total numeric);"
                    "GRANT SELECT ON orders, products TO analytics, etl", database="shop")
        self.db.sql("SET ROLE billing_app; CREATE TABLE invoices AS SELECT n AS id FROM generate_series(1, 500) n",
                    database="billing")
        self.pgbouncer = servers.pgbouncer(self.work, self.logs, self.db, s.pooler)
        self.pgbouncer.start()
        shops = servers.ports(3)
        for index in (0, 1):
            self.apps[index] = self.shop(index, shops[index], "1.4.2", s.shop_pool)
        self.apps[2] = servers.app("billing", self.work, self.logs, "billing-1", shops[2],
                                   pool_max=s.billing_pool, version="2.0.1",
                                   dsn=self.db.dsn("billing_app", "billing", "billing", self.pgbouncer.port))
        for app in self.apps.values():
            app.start()
        self.nginx = servers.nginx(self.work, self.logs, shops[:2], shops[2])
        self.nginx.start()
        self.syslog = servers.syslog(self.logs)
        self.syslog.start()
        self.haproxy = servers.haproxy(self.work, self.nginx.port, self.syslog.port)
        self.haproxy.start()
        self.pooler_dsn = self.db.dsn("lab", "pgbouncer", port=self.pgbouncer.port)
        self.watch = Watch(self.db.dsn("postgres", "shop", "pg_exporter"), self.pooler_dsn)
        time.sleep(1.0)  # HAProxy's first check
        self.traffic = Traffic(self.haproxy.port, self.seed)

    def stop(self):
        def attempt(what):
            try:
                what()
            except Exception as error:  # the others must be stopped all the same
                print(f"lab: while stopping: {error}", file=sys.stderr)
        if self.traffic:
            attempt(self.traffic.stop)
        if self.watch:
            attempt(lambda: setattr(self, "stats", self.watch.stats(self.pooler_dsn)))
            attempt(self.watch.stop)
        for server in (*self.jobs, self.haproxy, self.nginx, *self.apps.values(), self.pgbouncer, self.syslog):
            if server:
                attempt(server.stop)
        if self.db:
            attempt(self.db.stop)

    def remove(self):
        shutil.rmtree(self.work, ignore_errors=True)

    # ---- what a scenario does
    def shop(self, index, port, version, pool, **more):
        s = self.scenario
        via = self.pgbouncer.port if s.shop_via_pooler else self.db.port
        return servers.app("shop", self.work, self.logs, f"shop-api-{index + 1}", port, version=version, pool_max=pool,
                           dsn=self.db.dsn("shop_app", "shop", port=via), **more)

    def rate(self, requests_per_second, **more):
        self.traffic.rate = requests_per_second
        self.event("load", requests_per_second=requests_per_second, **more)

    def deploy(self, version, pool=None, leak_one_in=0, apart=0.5, **more):
        """One instance after the other, at least `apart` seconds between them. nginx remembers a dead one for four seconds: less
        apart, and for a while it has none."""
        self.event("deploy_begin", service="shop-api", version=version, **more)
        for index in (0, 1):
            port = self.apps[index].port
            self.apps[index].stop()
            self.apps[index] = self.shop(index, port, version, pool or self.scenario.shop_pool, leak_one_in=leak_one_in)
            self.apps[index].start()
            self.nap(3, least=apart)
        self.event("deploy_end", service="shop-api", version=version, **more)

    def crash_app(self, index):
        self.event("app_killed", service=self.apps[index].name)
        self.apps[index].kill()

    def restart_app(self, index):
        self.apps[index].start()
        self.event("app_started", service=self.apps[index].name)

    def batch(self, role, database, **settings):
        job = servers.app("batch", self.work, self.logs, "etl-1", 0, dsn=self.db.dsn(role, database, "etl"), **settings)
        job.port = None  # it listens nowhere
        self.event("batch_begin", role=role, database=database, **settings)
        job.start()
        self.jobs.append(job)
        return job

    def end_batch(self, job):
        job.stop()
        self.event("batch_end")

    def session(self, user, database, application):
        connection = psycopg2.connect(self.db.dsn(user, database, application))
        return connection, connection.info.backend_pid

    def backend_of(self, user):
        """Id of one backend of this user. The apps keep theirs open, so there soon is one."""
        connection, _ = self.session("postgres", "shop", "psql")
        try:
            with connection.cursor() as cursor:
                for _ in range(200):
                    cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s ORDER BY pid LIMIT 1", (user,))
                    found = cursor.fetchone()
                    connection.rollback()
                    if found:
                        return found[0]
                    time.sleep(0.1)
        finally:
            connection.close()
        raise servers.Failed(f"no backend of {user} within 20 s\n{self.db.tail()}")

    def rotate(self):
        self.event("log_rotate")
        for log in sorted(self.logs.glob("*.log")):
            for n in range(8, 0, -1):
                older = log.with_name(f"{log.name}.{n}")
                if older.exists():
                    older.rename(log.with_name(f"{log.name}.{n + 1}"))
            log.rename(log.with_name(log.name + ".1"))
        os.kill(int((self.work / "nginx.pid").read_text()), signal.SIGUSR1)
        for server in (*self.apps.values(), self.pgbouncer, self.syslog):
            server.hup()
        self.db.ctl("logrotate")
        time.sleep(0.5)

    # ---- the end
    def collect(self, out):
        shutil.rmtree(out, ignore_errors=True)
        (out / "logs").mkdir(parents=True)
        (out / "tap").mkdir()
        for path in sorted(self.logs.iterdir()) + sorted((self.work / "pglogs").glob("*.log")):
            with open(path, "rb") as plain, open(out / "logs" / (path.name + ".gz"), "wb") as raw:
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as packed:
                    shutil.copyfileobj(plain, packed)
        tap = sorted(self.traffic.tap)
        with gzip.open(out / "tap/client.ndjson.gz", "wt") as text:
            for begin, end, status, path in tap:
                text.write(json.dumps({"begin_us": begin, "end_us": end, "status": status, "path": path}) + "\n")
        s = self.scenario
        limits = {"max_connections": s.max_connections, "superuser_reserved_connections": 3, "shop_pool": s.shop_pool,
                  "billing_pool": s.billing_pool, "pooler": s.pooler, **s.limits}
        found = truth.build(s.name, self.seed, self.scale, self.events, limits, self.work, self.logs, tap,
                            self.watch, self.stats)
        (out / "truth.json").write_text(tidy(found) + "\n")


def tidy(value):
    """JSON with one line for each item of the outer lists: a person can read it, and it stays small."""
    def one(v):
        return json.dumps(v, separators=(", ", ": "))
    lines = []
    for key, v in value.items():
        if isinstance(v, list) and v:
            lines.append(f" {json.dumps(key)}: [\n" + ",\n".join(f"  {one(x)}" for x in v) + "\n ]")
        elif isinstance(v, dict) and v:
            items = ",\n".join(f"  {json.dumps(k)}: {one(x)}" for k, x in v.items())
            lines.append(f" {json.dumps(key)}: {{\n{items}\n }}")
        else:
            lines.append(f" {json.dumps(key)}: {one(v)}")
    return "{\n" + ",\n".join(lines) + "\n}"
