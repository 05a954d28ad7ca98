"""app_log: the instances' logs, in the way of their language's usual logger.

pino (epoch ms or ISO), Python logging (asctime: local time, comma, no zone) with psycopg2 or SQLAlchemy, python-json-logger, Spring
Boot 2 (local time, no zone) and 3 (offset), with logstash-logback-encoder, Go's log/slog (JSON and text) and zap. Wordings: facts of drivers' sources and real logs.
"""
import json

COMPACT = json.JSONEncoder(separators=(",", ":")).encode
SEC = 1_000_000
# style: zone printed, resolution, pools whose words it uses
STYLES = {"pino": (True, 1000), "pino_iso": (True, 1000), "python": (False, 1000), "python_json": (False, 1000), "spring2": (False, 1000), "spring3": (True, 1000),
          "slog_json": (True, 1), "slog_text": (True, 1000), "zap": (True, 1000), "logback": (True, 1000)}  # logback: chosen (black_friday), never drawn
BUGS = {"null": ("TypeError", "Cannot read properties of undefined (reading 'price')"), "key": ("KeyError", "'discount'"), "type": ("ValueError", "invalid literal for int() with base 10: ''")}


def styles_for(p):
    """Which languages have such a pool: psycopg2's refuses at once, HikariCP hides what the database said until the timeout."""
    if p.pool_wait_us is None:
        return ["python", "python_json"]
    return ["pino", "pino_iso", "python", "python_json", "spring2", "spring3"]


def write(site):
    p, rng = site.plan, site.rng
    family = p.app_style
    printed, resolution = STYLES[family]
    for i in range(p.instances):
        name = f"app{i}"
        if name not in site.facts:
            continue
        s = site.source(f"{name}/{p.app_name}.log", "app", name, printed, resolution, local=family not in ("pino", "pino_iso", "zap", "logback"))
        writer = Writer(site, s, i, family)
        for t, what, d in site.facts[name]:
            getattr(writer, what)(t, *d)
        for _ in range(rng.choice((0, 0, 2))):
            t = int(rng.uniform(p.start + SEC, p.end))
            writer.plain(t, "INFO", "docs: what to do about 'sorry, too many clients already': raise the pool timeout, not max_connections")
            writer.plain(t + 40_000, "WARN", "cache miss ratio 0.31 over 0.30")


class Writer:
    def __init__(self, site, s, index, style):
        self.site, self.s, self.style = site, s, style
        self.p, self.rng = site.plan, site.rng
        self.host = f"{self.p.app_name}-{index + 1}"
        self.thread = 0
        self.index = index
        self.below = (self.p.hosts["pooler"], 6432) if self.p.pooler else (self.p.hosts["db"], 5432)  # whom it calls

    # ---- stamps ----

    def when(self, t):
        s = self.s
        seconds, us = s.civil(t)
        if self.style in ("python", "python_json"):
            return f'{s.stamp(seconds, "%Y-%m-%d %H:%M:%S")},{us // 1000:03d}'
        if self.style == "spring2":
            return f'{s.stamp(seconds, "%Y-%m-%d %H:%M:%S")}.{us // 1000:03d}'
        if self.style == "spring3":
            return f'{s.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us // 1000:03d}{s.offset(True) if s.east_s else "Z"}'
        if self.style == "slog_json":
            return f'{s.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us:06d}{s.offset(True) if s.east_s else "Z"}'
        if self.style == "slog_text":
            return f'{s.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us // 1000:03d}{s.offset(True) if s.east_s else "Z"}'
        if self.style in ("pino_iso", "logback"):
            return f'{s.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us // 1000:03d}Z'
        return None

    # ---- lines ----

    def plain(self, t, level, text, pid=77, **more):
        s, style = self.s, self.style
        if style in ("pino", "pino_iso"):
            o = {"level": {"INFO": 30, "WARN": 40, "ERROR": 50}[level], "time": s.clock.shown(t) // 1000 if style == "pino" else self.when(t), "pid": pid, "hostname": self.host,
                 "service": self.p.app_name, **more, "msg": text}
            s.add(t, COMPACT(o))
        elif style == "python":
            tail = "".join(f" {k}={v}" for k, v in more.items())
            s.add(t, f"{self.when(t)} {'WARNING' if level == 'WARN' else level} [{pid}:MainThread] {self.p.app_name}: {text}{tail}")
        elif style == "python_json":
            s.add(t, json.dumps({"asctime": self.when(t), "levelname": "WARNING" if level == "WARN" else level, "name": self.p.app_name, "process": pid, "message": text, **more}))
        elif style in ("spring2", "spring3"):
            tail = "".join(f" {k}={v}" for k, v in more.items())
            if style == "spring2":
                s.add(t, f"{self.when(t)} {level:>5} {pid} --- [{'main':>15}] com.example.shop.Application           : {text}{tail}")
            else:
                s.add(t, f"{self.when(t)} {level:>5} {pid} --- [{self.p.app_name}] [{'main':>15}] com.example.shop.Application           : {text}{tail}")
        elif style == "logback":
            s.add(t, COMPACT({"@timestamp": self.when(t), "@version": "1", "message": text, "logger_name": "com.example.shop.Application", "thread_name": "main", "level": level,
                              "service": self.p.app_name, **more}))
        elif style == "slog_json":
            s.add(t, COMPACT({"time": self.when(t), "level": level, "msg": text, **more}))
        elif style == "slog_text":
            tail = "".join(f" {k}={quoted(v)}" for k, v in more.items())
            s.add(t, f"time={self.when(t)} level={level} msg={quoted(text)}{tail}")
        else:
            o = {"level": level.lower(), "ts": s.clock.shown(t) // 1000 / 1000, "caller": "server/main.go:61", "msg": text, **more}
            s.add(t, COMPACT(o))

    def listening(self, t, pid, version):
        fields = self.style not in ("python", "spring2", "spring3")
        port = self.site.port if self.p.addresses else 8080
        if self.p.addresses:
            self.addresses(t - 40_000, pid, f"{self.p.hosts[f'app{self.index}']}:{port}", port)
        self.plain(t, "INFO", f"{self.p.app_name} {version} listening", pid, **({"version": version, "port": port} if fields else {}))

    def addresses(self, t, pid, own, port):
        """What Fastify, gunicorn, a Go program say of where they listen; Spring's Tomcat, which says the port alone, and Flyway of the database."""
        if self.style.startswith("pino"):
            self.plain(t, "INFO", f"Server listening at http://{own}", pid)
        elif self.style.startswith("python"):
            self.plain(t, "INFO", f"Listening at: http://{own} ({pid})", pid)
        elif self.style.startswith("spring") or self.style == "logback":
            self.plain(t, "INFO", f"Database: jdbc:postgresql://{self.below[0]}:{self.below[1]}/{self.p.app_role[1]} (PostgreSQL {self.p.pg}.4)", pid)
            self.plain(t + 20_000, "INFO", f"Tomcat started on port(s): {port} (http) with context path ''", pid)
        else:
            self.plain(t, "INFO", f"listening on {own}", pid)

    def stopping(self, t, pid, version):
        self.plain(t, "INFO", "SIGTERM received, draining", pid, **({"version": version} if self.style not in ("python", "spring2", "spring3") else {}))

    def crashed(self, t, pid, how):
        """Killed from outside, a program says nothing; an unhandled exception may be the last that it says."""
        if how == "exception":
            self.plain(t, "ERROR", "uncaught exception, exiting", pid)

    def words(self, trouble, waited):
        """(type, text, code, lines of a cause) as the driver or pool of the language has it."""
        node, python = self.style.startswith("pino"), self.style.startswith("python")
        java = self.style.startswith("spring") or self.style == "logback"
        how, said = trouble.how, trouble.said
        host, port = self.below
        at = f'connection to server at "{host}", port {port} failed: '
        if how in ("refused", "starting"):
            code = "57P03" if how == "starting" else ("53300" if trouble.limit != "db.fork_failed" else None)
            if trouble.limit == "db.fork_failed":
                return ("OperationalError" if python else "Error", at + said if python else said, None)
            if node:
                return "DatabaseError", said, code
            if python:
                return "psycopg2.OperationalError", f"{at}FATAL:  {said}", None
            if java:
                return "org.postgresql.util.PSQLException", f"FATAL: {said}", None
            return "", (f"pq: {said}" if self.style != "zap" else
                        f"failed to connect to `host={host} user={self.p.app_role[0]} database={self.p.app_role[1]}`: server error (FATAL: {said} (SQLSTATE {code}))"), None
        if how == "pooler":
            if node:
                return "DatabaseError", said, "08P01"
            if python:
                return "psycopg2.OperationalError", (f"{at}FATAL:  {said}" if "max_client" in said else f"{said}\nserver closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request."), None
            if java:
                return "org.postgresql.util.PSQLException", f"FATAL: {said}", None
            return "", f"pq: {said}", None
        if how == "pool_timeout":
            s = self.p.pool_wait_us // SEC
            if node:
                return "Error", "timeout exceeded when trying to connect", None
            if python:
                return "sqlalchemy.exc.TimeoutError", f"QueuePool limit of size {max(1, self.p.pool_max - 5)} overflow {min(5, self.p.pool_max - 1)} reached, connection timed out, timeout {s}.00 (Background on this error at: https://sqlalche.me/e/14/3o7r)", None
            if java:
                return ("java.sql.SQLTransientConnectionException", f"HikariPool-1 - Connection is not available, request timed out after {waited // 1000 + 1}ms.", said or None)
            return "", "context deadline exceeded", None
        if how == "pool_reject":
            return "psycopg2.pool.PoolError", "connection pool exhausted", None
        if how == "unreachable":
            if node:
                return "Error", f"connect ECONNREFUSED {host}:{port}", "ECONNREFUSED"
            if python:
                return "psycopg2.OperationalError", f"{at}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?", None
            if java:
                return "org.postgresql.util.PSQLException", f"Connection to {host}:{port} refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.", None
            return "", f"dial tcp {host}:{port}: connect: connection refused", None
        if how == "bug":
            name, text = BUGS[said]
            return (name if not java else "java.lang.NullPointerException"), (text if not java else "Cannot invoke \"java.math.BigDecimal.add()\" because \"discount\" is null"), None
        if how == "terminated":
            if node:
                return "DatabaseError", said, "57P01"
            return ("psycopg2.errors.AdminShutdown" if python else "org.postgresql.util.PSQLException" if java else ""), (f"FATAL: {said}" if java else said), None
        if node:
            return "Error", "Connection terminated unexpectedly", None
        if python:
            return "psycopg2.OperationalError", "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.", None
        if java:
            return "org.postgresql.util.PSQLException", "An I/O error occurred while sending to the backend.", None
        return "", "unexpected EOF", None

    def request(self, t, pid, r, status, took_us, trouble):
        s, style, ids = self.s, self.style, self.site.ids
        ms = took_us / 1000
        if ids:
            s.ids.add(r.rid)
        if trouble and (trouble.limit or trouble.how in ("pool_timeout", "pool_reject")) and not (trouble.how == "pool_timeout" and not style.startswith(("pino", "python", "spring", "logback"))):
            whose = "app" if trouble.how.startswith("pool_") else "pool" if trouble.how == "pooler" else "db"
            s.refused.append((t, whose))
        kind, text, code = self.words(trouble, trouble.waited_us) if trouble else (None, None, None)
        self.thread = (self.thread + 1) % 40
        if style in ("pino", "pino_iso"):
            o = {"level": 50 if trouble else 30, "time": s.clock.shown(t) // 1000 if style == "pino" else self.when(t), "pid": pid, "hostname": self.host, "service": self.p.app_name}
            if trouble:
                o["err"] = {"type": kind, "message": text, "stack": f"{kind}: {text}\n    at Parser.parseErrorMessage (/srv/shop/node_modules/pg-protocol/dist/parser.js:283:98)\n"
                                                                    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"}
                if code:
                    o["err"]["code"] = code
            o["req"] = {**({"id": r.rid} if ids else {}), "method": r.method, "url": r.path}
            o["res"] = {"statusCode": status}
            o["responseTime"] = round(ms, 1)
            o["msg"] = "request errored" if trouble else "request completed"
            s.add(t, COMPACT(o))
        elif style == "logback":
            o = {"@timestamp": self.when(t), "@version": "1", "message": "request failed" if trouble else "request", "logger_name": "com.example.shop.web.AccessLog",
                 "thread_name": f"http-nio-8080-exec-{self.thread % 12 + 1}", "level": "ERROR" if trouble else "INFO", "service": self.p.app_name, **({"requestId": r.rid} if ids else {}),
                 "method": r.method, "path": r.path, "status": status, "durationMs": took_us // 1000}
            if trouble:
                cause = (f"Caused by: org.postgresql.util.PSQLException: FATAL: {code}\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.doAuthentication(ConnectionFactoryImpl.java:659)\n"
                         if code and trouble.how == "pool_timeout" else "")
                o["stack_trace"] = f"{kind}: {text}\n\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)\n" + cause
            s.add(t, COMPACT(o))
        elif style == "python":
            who = f"[{pid}:Thread-{self.thread} (process_request_thread)] {self.p.app_name}.http"
            rid = f" request_id={r.rid}" if ids else ""
            if trouble:
                s.add(t, f"{self.when(t)} ERROR {who}: Unhandled exception while handling {r.method} {r.path}{rid}\n" + traceback(kind, text))
            s.add(t + 1, f"{self.when(t)} INFO {who}: {r.method} {r.path} -> {status} in {ms:.1f}ms{rid}")
        elif style == "python_json":
            o = {"asctime": self.when(t), "levelname": "ERROR" if trouble else "INFO", "name": self.p.app_name + ".http", "process": pid,
                 "message": "request failed" if trouble else "request", "method": r.method, "path": r.path, "status": status, "duration_ms": round(ms, 1)}
            if ids:
                o["request_id"] = r.rid
            if trouble:
                o["exc_info"] = traceback(kind, text)
            s.add(t, json.dumps(o))
        elif style in ("spring2", "spring3"):
            who = f"{pid} --- [nio-8080-exec-{self.thread}]" if style == "spring2" else f"{pid} --- [{self.p.app_name}] [nio-8080-exec-{self.thread}]"
            rid = f" requestId={r.rid}" if ids else ""
            if trouble:
                cause = f"\nCaused by: org.postgresql.util.PSQLException: FATAL: {code}\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.doAuthentication(ConnectionFactoryImpl.java:659)\n\t... 61 common frames omitted" if code and trouble.how == "pool_timeout" else ""
                s.add(t, f"{self.when(t)} ERROR {who} c.e.shop.web.ApiExceptionHandler         : {r.method} {r.path} failed{rid}\n\n{kind}: {text}\n"
                         "\tat com.example.shop.orders.OrderService.find(OrderService.java:71)\n\tat com.example.shop.web.OrderController.list(OrderController.java:38)" + cause + "\n")
            s.add(t + 1, f"{self.when(t)}  INFO {who} c.e.shop.web.AccessLog                   : {r.method} {r.path} status={status} durationMs={ms:.0f}{rid}")
        else:
            more = {**({"request_id": r.rid} if ids else {}), "method": r.method, "path": r.path, "status": status, "duration_ms": round(ms, 1)}
            if trouble:
                more["error"] = f"{kind}: {text}" if kind else text
            self.plain(t, "ERROR" if trouble else "INFO", "request failed" if trouble else "request", pid, **more)


def traceback(kind, text):
    return ('Traceback (most recent call last):\n  File "/srv/shop/app.py", line 117, in handle_request\n    connection = pool.getconn()\n                 ^^^^^^^^^^^^^^\n'
            f'  File "/srv/shop/orders.py", line 44, in listing\n    cursor.execute(sql, args)\n{kind}: {text}' + ("\n" if kind.startswith("psycopg2.Operational") else ""))


def quoted(v):
    v = str(v)
    return json.dumps(v) if any(c in v for c in ' "=\n') or not v else v
