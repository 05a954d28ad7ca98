#!/usr/bin/python3
"""generate: bench data: a day of a shop's logs with an outage in the middle, seeded.

Takes  OUT folder, MB of nginx text, seed.
Gives  OUT/nginx.log.gz (combined + two timings, about 240 bytes a line, gzipped to about a twelfth), OUT/split/access.log.N.gz (the same lines in 8 files), OUT/pg.log.gz,
       OUT/app.log.gz (JSON lines), OUT/haproxy.log.gz (httplog through syslog), OUT/text.log.gz (Python's logging); gzip -6.
Never  needs anything but Python's standard library.
"""
import gzip
import random
import sys
import time
from pathlib import Path

out, megabytes, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 7
rng = random.Random(seed)
out.mkdir(parents=True, exist_ok=True)
(out / "split").mkdir(exist_ok=True)
START = 1795305600  # 2026-11-22T00:00:00Z
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
]
PATHS = ["/api/orders?page=%d", "/api/products/%d", "/api/products?page=%d", "/cart/%d/items", "/search?q=shoes+%d", "/static/app.%d.js"]
clients = [f"{rng.randrange(1, 223)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(60000)]


def nginx(lines):
    per_second = max(1, lines // 86400 + 1)
    made = 0
    second = 0
    while made < lines:
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(START + second))
        outage = 36000 <= second < 37200
        for _ in range(per_second * (4 if outage else 1)):
            failed = outage and rng.random() < 0.4
            rt = rng.lognormvariate(-2.3, 0.8) * (6 if outage else 1)
            path = PATHS[min(int(rng.expovariate(0.7)), 5)] % rng.randrange(4000)
            client = clients[min(int(rng.paretovariate(0.6)) - 1, 59999)]
            yield (f'{client} - - [{stamp}] "GET {path} HTTP/1.1" {500 if failed else 200} {rng.randrange(200, 40000)} '
                   f'"https://shop.example.test/c/{rng.randrange(50)}" "{AGENTS[rng.randrange(5)]}" {rt:.3f} {rt * 0.98:.3f}\n')
            made += 1
            if made >= lines:
                return
        second += 1


def pg(lines):
    made, pid, at = 0, 1000, 0.0
    while made < lines:
        at += 86400 / lines * 2.2
        pid = pid % 60000 + 1
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(START + int(at))) + f".{int(at * 1000) % 1000:03d} UTC"
        yield f"{stamp} [{pid}] [unknown]@[unknown]/[unknown] LOG:  connection received: host=10.0.0.{pid % 200} port={30000 + pid % 30000}\n"
        yield f"{stamp} [{pid}] shop@shop/[unknown] LOG:  connection authorized: user=shop database=shop application_name=shop-api\n"
        if 36000 <= at < 37200:
            yield f"{stamp} [{pid}] shop@shop/[unknown] FATAL:  remaining connection slots are reserved for non-replication superuser connections\n"
        else:
            yield f"{stamp} [{pid}] shop@shop/shop-api LOG:  disconnection: session time: 0:00:00.{rng.randrange(1000):03d} user=shop database=shop host=10.0.0.{pid % 200} port={30000 + pid % 30000}\n"
        made += 3


def app(lines):
    for n in range(lines):
        ms = START * 1000 + n * 86400000 // lines
        failed = 36000000 <= ms - START * 1000 < 37200000 and rng.random() < 0.4
        error = ',"err":{"type":"DatabaseError","message":"sorry, too many clients already","code":"53300"}' if failed else ""
        yield ('{"level":%d,"time":%d,"pid":%d,"hostname":"app1","service":"shop-api","req":{"id":"%032x","method":"GET","url":"/api/orders?page=%d"},'
               '"res":{"statusCode":%d},"responseTime":%.1f%s,"msg":"%s"}\n' %
               (50 if failed else 30, ms, 3000 + n % 4, rng.getrandbits(128), n % 40, 500 if failed else 200, rng.expovariate(0.01), error,
                "request errored" if failed else "request completed"))


def haproxy(lines):
    for n in range(lines):
        end = n * 86400000 // lines
        outage = 36000000 <= end < 37200000
        failed = outage and rng.random() < 0.4
        queued, response, connect = rng.randrange(400) if outage else 0, int(rng.lognormvariate(4.6, 0.8) * (6 if outage else 1)), rng.randrange(3)
        total = queued + (5000 if failed else connect + response + 1)
        accepted = START * 1000 + end - total
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S", time.gmtime(accepted // 1000)) + f".{accepted % 1000:03d}"
        logged = time.strftime("%b %e %H:%M:%S", time.gmtime(START + end // 1000))
        client = clients[min(int(rng.paretovariate(0.6)) - 1, 59999)]
        path = PATHS[min(int(rng.expovariate(0.7)), 5)] % rng.randrange(4000)
        server, open_, queue = rng.randrange(4), rng.randrange(380, 420) if outage else rng.randrange(20, 60), rng.randrange(80) if outage else 0
        timers = f"0/{queued}/-1/-1/{total}" if failed else f"0/{queued}/{connect}/{response}/{total}"
        yield (f"{logged} lb1 haproxy[812]: {client}:{30000 + n % 30000} [{stamp}] shop shop/{'<NOSRV>' if failed else f'web{server}'} {timers} "
               f"{503 if failed else 200} {217 if failed else rng.randrange(200, 40000)} - - {'sC--' if failed else '----'} "
               f"{open_ + 2}/{open_}/{open_ - 1}/{open_ // 4}/0 0/{queue} \"GET {path} HTTP/1.1\"\n")


def text(lines):
    names = ["shop.orders", "shop.cart", "shop.web.access", "shop.payments", "shop.search"]
    made = 0
    while made < lines:
        ms = made * 86400000 // lines
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(START + ms // 1000)) + f",{ms % 1000:03d}"
        name, request = names[rng.randrange(5)], f"{rng.getrandbits(64):016x}"
        if 36000000 <= ms < 37200000 and rng.random() < 0.4:
            yield (f"{stamp} ERROR [{name}] request {request} failed\n"
                   'Traceback (most recent call last):\n  File "/srv/shop/db.py", line 88, in connect\n    conn = self.pool.getconn()\n'
                   'psycopg2.OperationalError: connection to server at "10.0.0.9", port 5432 failed: FATAL:  sorry, too many clients already\n')
            made += 5
        elif rng.random() < 0.05:
            yield f"{stamp} WARNING [{name}] cart {rng.randrange(90000)} took {rng.randrange(900, 4000)} ms to price\n"
            made += 1
        else:
            yield f"{stamp} INFO [{name}] request {request} GET /api/orders?page={rng.randrange(40)} 200 in {rng.randrange(4, 300)} ms\n"
            made += 1


def write(path, lines):
    with gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) as packed:
        batch = []
        for line in lines:
            batch.append(line)
            if len(batch) == 10000:
                packed.write("".join(batch).encode())
                batch.clear()
        packed.write("".join(batch).encode())


n = megabytes * 1000000 // 240
write(out / "nginx.log.gz", nginx(n))
all_lines = gzip.open(out / "nginx.log.gz").readlines()
for part in range(8):
    with gzip.GzipFile(out / "split" / f"access.log.{8 - part}.gz", "wb", compresslevel=6, mtime=0) as packed:
        packed.writelines(all_lines[part * n // 8:(part + 1) * n // 8])
write(out / "pg.log.gz", pg(megabytes * 1000000 // 120 // 2))
write(out / "app.log.gz", app(megabytes * 1000000 // 250 // 2))
write(out / "haproxy.log.gz", haproxy(megabytes * 1000000 // 180 // 2))
write(out / "text.log.gz", text(megabytes * 1000000 // 110 // 2))
