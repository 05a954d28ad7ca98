"""Two applications with a database each, and a pooler that only one of them uses, on one machine: half an hour of logs.

From 11:20:00 to 11:21:59 the database of billing refuses (its own users, by the pooler), and from 11:20:05 to 11:21:55 shop fails by itself, since a
deploy at 11:19:50. Nothing that shop calls refuses anything. Truth: who calls whom is where the sockets go: web > shop > pg-shop, web > billing > pgb > pg-billing,
and five times web > a third one at port 8082, of which no log is kept."""
import datetime
import json

T0 = datetime.datetime(2026, 11, 22, 11, 0, 0, tzinfo=datetime.timezone.utc)
logs = {name: [] for name in ("access.log", "shop.log", "billing.log", "pgb.log", "pg-shop.log", "pg-billing.log")}


def at(s):
    return T0 + datetime.timedelta(seconds=s)


def pino(name, s, level, msg, **more):
    logs[name + ".log"].append((s, json.dumps({"level": level, "time": int(at(s).timestamp() * 1000), "pid": 7, "hostname": "h1", "service": name, **more, "msg": msg})))


def db(name, s, text):
    logs[name + ".log"].append((s, f"{at(s):%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" UTC [{1000 + int(s * 10) % 9000}] {text}"))


def web(s, path, status, upstream):
    logs["access.log"].append((s, f'192.0.2.{int(s) % 200} - - [{at(s):%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} 17 "-" "curl/8" rt=0.020 ua="127.0.0.1:{upstream}" us="{status}"'))


def failed(name, s, message, port):
    if port:
        message = f'connection to server at "127.0.0.1", port {port} failed: {message}'
    pino(name, s, 50, "request errored", err={"type": "Error", "message": message}, res={"statusCode": 500}, responseTime=11.5)


for name, port in (("pg-shop", 5432), ("pg-billing", 5433)):
    db(name, 1, f'LOG:  listening on IPv4 address "127.0.0.1", port {port}')
    for m in range(30):
        db(name, 60 * m + 3, "LOG:  checkpoint starting: time")
db("pgb", 1, "LOG listening on 127.0.0.1:6432")
for m in range(30):
    db("pgb", 60 * m + 4, "LOG S-0x55d0: billing/billing_app@127.0.0.1:5433 new connection to server (from 127.0.0.1:41166)")
pino("shop", 1.5, 30, "Server listening at http://127.0.0.1:8080")
pino("billing", 1.6, 30, "Server listening at http://127.0.0.1:8081")
for s in (10, 11, 12):
    failed("shop", s, "Connection refused", 5432)
    failed("billing", s, "Connection refused", 6432)
pino("shop", 1190, 30, "Server listening at http://127.0.0.1:8080", version="2.0.0")
for tick in range(20 * 2, 1800 * 2):
    s = tick / 2
    shop_bad, billing_bad = 1205 <= s < 1315, 1200 <= s < 1320
    web(s, "/cart", 500 if shop_bad else 200, 8080)
    if tick % 700 == 0:
        web(s + 0.2, "/blog", 502, 8082)
    web(s + 0.1, "/invoices", 500 if billing_bad else 200, 8081)
    if shop_bad:
        failed("shop", s, "cart is not defined", None)
    else:
        pino("shop", s, 30, "request completed", res={"statusCode": 200}, responseTime=20)
    if billing_bad:
        db("pg-billing", s + 0.05, "FATAL:  sorry, too many clients already")
        failed("billing", s + 0.06, "FATAL:  sorry, too many clients already", 6432)
    else:
        pino("billing", s + 0.06, 30, "request completed", res={"statusCode": 200}, responseTime=20)
for name, lines in logs.items():
    with open(name, "w") as out:
        out.writelines(line + "\n" for _, line in sorted(lines, key=lambda x: x[0]))
