#!/usr/bin/python3
"""batch: a job that loads data with several connections at once, for the lab.

Takes  DSN, EVERY (seconds between rounds), PARALLEL (connections a round), HOLD (seconds each is held), LOG, TAP, HOST.
Gives  rounds until it is told to stop; a log of Python's logging in text; a tap as shop.py's.
Holds  nothing between rounds.
Never  retries within a round.
"""
import json
import logging
import os
import signal
import threading
import time

import psycopg2

EVERY, PARALLEL, HOLD = float(os.environ["EVERY"]), int(os.environ["PARALLEL"]), float(os.environ["HOLD"])
logging.basicConfig(filename=os.environ["LOG"], level=logging.INFO,
                    format="%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s")
log = logging.getLogger("etl")
tap_file = open(os.environ["TAP"], "a", buffering=1)
tap_lock = threading.Lock()
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())


def load(part):
    try:
        connection = psycopg2.connect(os.environ["DSN"])
    except psycopg2.Error as error:
        with tap_lock:
            said = f"{type(error).__name__}: {error}"
            tap_file.write(json.dumps({"at_us": time.time_ns() // 1000, "where": "connect", "error": said}) + "\n")
        log.exception("part %d failed", part)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", (HOLD,))
    connection.close()


number = 0
log.info("etl starts, %d connections a round", PARALLEL)
while not stopping.is_set():
    number += 1
    parts = [threading.Thread(target=load, args=(n,), name=f"part-{n}") for n in range(PARALLEL)]
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    log.info("round %d done", number)
    stopping.wait(EVERY)
log.info("etl ends")
