#!/usr/bin/python3
"""shop: a small shop API that logs JSON lines, for the lab.

Takes  PORT, DSN, VERSION, POOL_MAX, LOG, TAP and HOST from the environment (servers.py sets them). LEAK_ONE_IN=n: each checkout
       opens a connection of its own for the receipt, and one in n is never closed.
Gives  HTTP answers on 127.0.0.1:PORT; a JSON-lines log (reopened on SIGHUP, as after logrotate); a *tap*: one line for each
       failure of the database with the client's own clock, which is truth for the tests and never part of the logs.
Holds  a pool that grows to its maximum on demand and never shrinks while connections are good.
Never  listens on anything but loopback.
"""
import json
import os
import queue
import random
import signal
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

PORT = int(os.environ["PORT"])
DSN = os.environ["DSN"]
VERSION = os.environ["VERSION"]
POOL_MAX = int(os.environ["POOL_MAX"])
LOG = os.environ["LOG"]
TAP = os.environ["TAP"]
HOST = os.environ["HOST"]
LEAK_ONE_IN = int(os.environ.get("LEAK_ONE_IN", "0"))

lock = threading.Lock()
log_file = open(LOG, "a", buffering=1)
tap_file = open(TAP, "a", buffering=1)
leaked = []


def now_ms():
    return time.time_ns() // 1_000_000


def log(level, msg, **fields):
    record = {"level": level, "time": now_ms(), "pid": os.getpid(), "hostname": HOST, "service": "shop-api"}
    record.update(fields)
    record["msg"] = msg
    with lock:
        log_file.write(json.dumps(record, separators=(",", ":")) + "\n")


def tap(where, error):
    with lock:
        said = f"{type(error).__name__}: {error}"
        tap_file.write(json.dumps({"at_us": time.time_ns() // 1000, "where": where, "error": said}) + "\n")


def reopen(_signum, _frame):
    global log_file
    log_file = open(LOG, "a", buffering=1)


def connect(application):
    try:
        connection = psycopg2.connect(DSN, application_name=application)
    except psycopg2.Error as error:
        tap("connect", error)
        raise
    connection.autocommit = True
    return connection


class Pool:
    def __init__(self):
        self.idle = queue.LifoQueue()
        self.open = 0
        self.guard = threading.Lock()

    def take(self):
        try:
            return self.idle.get_nowait()
        except queue.Empty:
            pass
        with self.guard:
            may_open = self.open < POOL_MAX
            if may_open:
                self.open += 1
        if not may_open:
            return self.idle.get(timeout=30)
        try:
            return connect("shop-api")
        except psycopg2.Error:
            with self.guard:
                self.open -= 1
            raise

    def give(self, connection, good):
        if good:
            self.idle.put(connection)
            return
        with self.guard:
            self.open -= 1
        connection.close()


pool = Pool()
QUERIES = {
    "/api/products": "SELECT count(*), pg_sleep(0.01 + random() * 0.03) FROM products",
    "/api/orders": "SELECT count(*), pg_sleep(0.05 + random() * 0.15) FROM orders WHERE user_id = 7",
    "/api/checkout": "INSERT INTO orders (user_id, total) SELECT 7, 12.50 FROM pg_sleep(0.02)",
}


def ask(path, query):
    if LEAK_ONE_IN and path == "/api/checkout":
        receipt = connect("shop-receipts")
        if random.randrange(LEAK_ONE_IN) == 0:
            leaked.append(receipt)
        else:
            receipt.close()
    connection = pool.take()
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
    except psycopg2.Error as error:
        tap("query", error)
        pool.give(connection, False)
        raise
    pool.give(connection, True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_request(self):
        begin = time.monotonic()
        path = self.path.split("?")[0]
        query = next((q for prefix, q in QUERIES.items() if path.startswith(prefix)), None)
        req = {"id": self.headers.get("X-Request-ID", ""), "method": self.command, "url": self.path}
        error = None
        if query:
            try:
                ask(path, query)
            except Exception as caught:  # every failure of the database becomes a 500, as in many a real shop
                error = {
                    "type": type(caught).__name__,
                    "message": str(caught).strip(),
                    "stack": traceback.format_exc(limit=3),
                }
        status = 500 if error else 200 if query or path == "/" else 404
        fields = {"req": req, "res": {"statusCode": status}, "responseTime": round((time.monotonic() - begin) * 1000, 1)}
        if error:
            log(50, "request errored", err=error, **fields)
        elif path != "/" or req["id"]:  # the load balancer's checks carry no id and are not logged
            log(30, "request completed", **fields)
        self.answer(status, b'{"error":"internal"}' if error else b'{"ok":true}')

    do_GET = do_POST = handle_request


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, _request, _address):
        pass  # nginx gave up on the answer; a traceback of http.server on the terminal helps nobody


server = Server(("127.0.0.1", PORT), Handler)


def stop(_signum, _frame):
    log(30, "SIGTERM received, draining", version=VERSION)
    threading.Thread(target=server.shutdown, daemon=True).start()


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGHUP, reopen)
log(30, f"shop-api {VERSION} listening", version=VERSION, port=PORT, poolMax=POOL_MAX)
server.serve_forever()
log(30, "bye", version=VERSION)
sys.exit(0)
