#!/usr/bin/python3
"""billing: a second app for the lab: threads, Python's logging in text with tracebacks, psycopg2's own pool.

Takes  PORT, DSN, VERSION, POOL_MAX, LOG, TAP and HOST from the environment (servers.py sets them).
Gives  /billing/invoices (20 to 60 ms in the database) and /billing/report (800 ms) on 127.0.0.1:PORT; a log of the kind
       "2026-11-22 11:16:41,040 ERROR [Thread-7 (process_request_thread)] billing.http: ..." with the traceback after it; a tap
       as shop.py's.
Holds  a psycopg2 ThreadedConnectionPool, which raises PoolError at once when it has nothing left.
Never  listens on anything but loopback.
"""
import json
import logging
import logging.handlers
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2
import psycopg2.pool

PORT = int(os.environ["PORT"])
VERSION = os.environ["VERSION"]

# WatchedFileHandler opens the file anew when it was renamed, as logging's users do under logrotate
handler = logging.handlers.WatchedFileHandler(os.environ["LOG"])
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s"))
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("billing.http")
tap_lock = threading.Lock()
tap_file = open(os.environ["TAP"], "a", buffering=1)
pool = None
pool_guard = threading.Lock()


def tap(where, error):
    with tap_lock:
        said = f"{type(error).__name__}: {error}"
        tap_file.write(json.dumps({"at_us": time.time_ns() // 1000, "where": where, "error": said}) + "\n")


def get_pool():
    """Made with the first request: the app starts without a database."""
    global pool
    with pool_guard:
        if pool is None:
            pool = psycopg2.pool.ThreadedConnectionPool(1, int(os.environ["POOL_MAX"]), os.environ["DSN"])
        return pool


def query(sql):
    where = "connect"
    connection = None
    good = False
    try:
        connection = get_pool().getconn()
        connection.autocommit = True
        where = "query"
        with connection.cursor() as cursor:
            cursor.execute(sql)
            good = True
            return cursor.fetchall()
    except psycopg2.pool.PoolError as error:
        tap("pool", error)
        raise
    except psycopg2.Error as error:
        tap(where, error)
        raise
    finally:
        if connection is not None:
            get_pool().putconn(connection, close=not good)


QUERIES = {
    "/billing/invoices": "SELECT count(*), pg_sleep(0.02 + random() * 0.04) FROM invoices",
    "/billing/report": "SELECT count(*), pg_sleep(0.8) FROM invoices",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def do_GET(self):
        begin = time.monotonic()
        rid = self.headers.get("X-Request-ID", "-")
        sql = QUERIES.get(self.path.split("?")[0])
        status = 200 if sql else 404
        if sql:
            try:
                query(sql)
            except psycopg2.Error:
                status = 500
                log.exception("Unhandled exception while handling GET %s request_id=%s", self.path, rid)
        log.info("GET %s -> %d in %.1fms request_id=%s", self.path, status, (time.monotonic() - begin) * 1000, rid)
        body = b"{}"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, _request, _address):
        pass  # nginx gave up on the answer; a traceback of http.server on the terminal helps nobody


server = Server(("127.0.0.1", PORT), Handler)


def stop(_signum, _frame):
    log.info("SIGTERM received, stopping")
    threading.Thread(target=server.shutdown, daemon=True).start()


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
log.info("billing %s listening on 127.0.0.1:%d", VERSION, PORT)
server.serve_forever()
log.info("stopped")
sys.exit(0)
