"""watch: samples of PostgreSQL's and PgBouncer's own tables, once a second: truth that no log has.

Takes  where the database and the pooler listen.
Gives  activity: open client backends by user, database, application and client address; locks: who waits for a relation, who
       holds it; pools: PgBouncer's clients and servers, when they change. Each with its time in microseconds UTC.
Holds  one superuser connection (one of the reserved slots' kind, but it takes a slot that others then lack: it is in the
       samples) and one to PgBouncer's console (one of max_client_conn).
Never  writes to a database, or ends a run because a sample failed: a crashed database has none.
"""
import threading
import time

import psycopg2

ACTIVITY = """SELECT coalesce(usename, ''), coalesce(datname, ''), application_name, coalesce(host(client_addr), ''), count(*)
    FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""
WAITING = """SELECT l.pid, l.mode, l.relation::regclass::text, (extract(epoch FROM l.waitstart) * 1000000)::bigint,
        pg_blocking_pids(l.pid)
    FROM pg_locks l WHERE NOT l.granted AND l.locktype = 'relation' ORDER BY l.waitstart, l.pid"""
HOLDING = """SELECT l.pid, l.mode, l.relation::regclass::text, a.usename, a.application_name
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.granted AND l.locktype = 'relation' AND l.relation IN (SELECT relation FROM pg_locks WHERE NOT granted)
    ORDER BY 1, 2"""


class Watch:
    def __init__(self, database_dsn, pooler_dsn):
        self.activity, self.locks, self.pools = [], [], []
        self.running = True
        self.threads = [threading.Thread(target=self.follow, args=(database_dsn, self.database), daemon=True),
                        threading.Thread(target=self.follow, args=(pooler_dsn, self.pooler), daemon=True)]
        for thread in self.threads:
            thread.start()

    def follow(self, dsn, sample):
        connection = None
        begin = time.monotonic()
        number = 0
        while self.running:
            number += 1
            time.sleep(max(0.05, begin + number - time.monotonic()))
            try:
                if connection is None:
                    connection = psycopg2.connect(dsn, connect_timeout=2)
                    connection.autocommit = True
                with connection.cursor() as cursor:
                    sample(cursor)
            except psycopg2.Error:
                if connection is not None:
                    connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def database(self, cursor):
        at = time.time_ns() // 1000
        cursor.execute(ACTIVITY)
        rows = cursor.fetchall()
        self.activity.append({"at_us": at, "total": sum(r[4] for r in rows), "open": [list(r) for r in rows]})
        at = time.time_ns() // 1000
        cursor.execute(WAITING)
        waiting = cursor.fetchall()
        if waiting:
            cursor.execute(HOLDING)
            holding = cursor.fetchall()
            self.locks.append({"at_us": at, "waiting": [list(r) for r in waiting], "holding": [list(r) for r in holding]})

    def pooler(self, cursor):
        at = time.time_ns() // 1000
        cursor.execute("SHOW POOLS")
        names = [d[0] for d in cursor.description]
        rows = [dict(zip(names, r)) for r in cursor.fetchall()]
        keep = ("database", "user", "cl_active", "cl_waiting", "sv_active", "sv_idle", "maxwait", "maxwait_us")
        pools = [{k: r[k] for k in keep} for r in rows if r["database"] != "pgbouncer"]
        if not self.pools or self.pools[-1]["pools"] != pools:
            self.pools.append({"at_us": at, "pools": pools})

    def stats(self, dsn):
        """PgBouncer's totals, once, at the end."""
        try:
            connection = psycopg2.connect(dsn, connect_timeout=2)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SHOW STATS_TOTALS")
                names = [d[0] for d in cursor.description]
                found = [{n: int(v) if not isinstance(v, str) else v for n, v in zip(names, r)} for r in cursor.fetchall()]
            connection.close()
            return found
        except psycopg2.Error:
            return None

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join(10)
