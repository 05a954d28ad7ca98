#!/usr/bin/python3
"""formats: bench data of the formats that a regex or a scanner splits, seeded: one log a format.

Takes  OUT folder, MB of text a log, seed.
Gives  OUT/NAME.log.gz for each name in FORMATS, gzip -6: a day of a shop's logs, in the words and with the entropy of real ones
       (a sixth to a tenth of their text; third parties' logs in archives are a sixth to a fifteenth): a request's ids stand in several
       lines, a score of messages in a skewed mix, stamps and amounts that differ, a trace of some twenty lines for one record in a hundred.
Never  needs anything but Python's standard library.
"""
import gzip
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

START = 1795305600  # 2026-11-22T00:00:00Z
PATHS = ["/api/orders/{id}", "/api/orders?page={small}&sort=created_at", "/api/products/{id}/reviews", "/cart/{hex8}/items", "/search?q={word}+{word}",
         "/api/customers/{uuid}", "/checkout/{hex16}/confirm", "/static/app.{hex8}.js"]
WORDS = """shoes red winter boots leather running trail jacket summer blue size cotton child women men sale black white green wool cap
belt socks sandals hiking rain coat scarf gloves bag travel sport soft light heavy new vintage classic""".split()
PEOPLE = "alice bob carla dmitri elena farid grace hugo ines jonas katya liam maria nils olga pedro quinn rosa sven tara".split()
# What a shop says, the frequent first: weights fall by a fifth from one to the next.
MESSAGES = [
    ("INFO", "order {id} of customer {id} placed, {small} items, total {money} EUR, request_id={uuid}"),
    ("INFO", "request {hex16} {verb} {path} completed with {status} in {ms} ms"),
    ("INFO", "payment {uuid} authorized by provider in {ms} ms, amount={money} currency=EUR"),
    ("DEBUG", "cache miss for key product:{id}:{hex8}, loading from the database"),
    ("INFO", "GET {path} {status} {ms}ms client={ip} request_id={hex16}"),
    ("DEBUG", "executed SELECT o.id, o.total, o.state FROM orders o WHERE o.customer_id = {id} AND o.created_at > '{date}' LIMIT {small} in {ms} ms"),
    ("INFO", "user {person}{small}@example.test signed in from {ip}, session {hex16}"),
    ("INFO", "reserved {small} of product {id} in warehouse {small} until {clock}"),
    ("DEBUG", "response from http://inventory:8080{path}: {status}, {bytes} bytes, trace={hex16}"),
    ("INFO", "sent message {uuid} to topic orders.v2 partition {small} offset {big}"),
    ("INFO", "consumed {small} messages of topic stock.changes, lag {id}, offset {big}"),
    ("INFO", "mail order_confirmation to {person}.{word}@example.test queued as {hex16}"),
    ("WARN", "slow query: {ms} ms for UPDATE carts SET state = 'open', total = {money} WHERE id = '{uuid}'"),
    ("INFO", "price of product {id} changed from {money} to {money} by rule {word}-{small}"),
    ("INFO", "job {uuid} {word}_export finished after {ms} ms, {id} rows"),
    ("DEBUG", "connection pool: {small} active, {small} idle, 0 waiting of 40"),
    ("WARN", "retry {small} of call to http://payment:8443/v1/charges/{uuid} after {ms} ms: status {status}"),
    ("INFO", "search '{word} {word}' returned {id} hits in {ms} ms from shard {small}"),
    ("INFO", "session {hex16} of customer {id} expired after 1800 s"),
    ("INFO", "uploaded s3://shop-media/{hex8}/{uuid}.jpg, {bytes} bytes in {ms} ms"),
    ("WARN", "coupon {word}{small} rejected for cart {hex16}: minimum total of {money} EUR not reached"),
    ("ERROR", "could not deliver webhook {uuid} to https://partner{small}.example.test{path}: timeout after {ms} ms"),
]
METHODS = ["GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH"]
CLASSES = ["OrderController", "OrderService", "PaymentClient", "CartRepository", "StockListener", "SearchService", "MailSender", "SessionStore", "PriceEngine",
           "WebhookDispatcher", "CustomerController", "CacheLoader"]
PACKAGES = ["com.shop.orders", "com.shop.payment", "com.shop.cart", "com.shop.stock", "com.shop.search.index", "com.shop.web", "com.shop.core.cache"]
HEX = "0123456789abcdef"


class Words:
    """Values that a message's places take."""

    def __init__(self, rng):
        self.rng = rng
        self.clients = [f"{rng.randrange(1, 223)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(20000)]
        self.cumulative = [sum(0.8 ** k for k in range(i + 1)) for i in range(len(MESSAGES))]
        self.makers = {
            "id": lambda: str(rng.randrange(100, 400000)), "small": lambda: str(rng.randrange(1, 60)), "big": lambda: str(rng.randrange(10 ** 8, 10 ** 9)),
            "money": lambda: f"{rng.lognormvariate(3.6, 0.8):.2f}", "ms": lambda: str(int(rng.lognormvariate(3.6, 1.0)) + 1),
            "bytes": lambda: str(rng.randrange(200, 90000)), "status": lambda: "200" if rng.random() < 0.92 else rng.choice(["201", "204", "302", "304", "404", "500"]),
            "verb": lambda: rng.choice(METHODS), "word": lambda: self.of(WORDS), "person": lambda: self.of(PEOPLE), "ip": self.client,
            "hex8": lambda: f"{rng.getrandbits(32):08x}", "hex16": lambda: f"{rng.getrandbits(64):016x}", "uuid": self.uuid, "path": self.path,
            "date": lambda: f"2026-11-{rng.randrange(1, 22):02d}", "clock": lambda: f"{rng.randrange(24):02d}:{rng.randrange(60):02d}",
        }
        self.recent = {}
        for name in ("id", "ip", "hex8", "hex16", "uuid", "path", "bytes"):
            self.makers[name] = self.again(name, self.makers[name])
        self.split = [(level, self.cut(text)) for level, text in MESSAGES]
        self.paths = [self.cut(text) for text in PATHS]

    def again(self, name, make):
        """Three of four times a value of the last dozen: the lines of one request name the same things."""
        kept = self.recent[name] = []

        def value():
            if len(kept) == 12 and self.rng.random() < 0.75:
                return kept[self.rng.randrange(12)]
            new = make()
            if len(kept) == 12:
                kept[self.rng.randrange(12)] = new
            else:
                kept.append(new)
            return new
        return value

    def a(self, name):
        return self.makers[name]()

    def of(self, items):
        """The first ones are the frequent ones."""
        return items[min(int(self.rng.expovariate(0.5)), len(items) - 1)]

    @staticmethod
    def cut(text):
        pieces = text.replace("{", "\0").replace("}", "\0").split("\0")
        return pieces

    def fill(self, pieces):
        return "".join(piece if i % 2 == 0 else self.makers[piece]() for i, piece in enumerate(pieces))

    def text(self, text):
        return self.fill(self.cut(text))

    def client(self):
        return self.clients[min(int(self.rng.paretovariate(0.6)) - 1, len(self.clients) - 1)]

    def uuid(self):
        h = f"{self.rng.getrandbits(128):032x}"
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def path(self):
        return self.fill(self.rng.choice(self.paths))

    def message(self):
        level, pieces = self.rng.choices(self.split, cum_weights=self.cumulative)[0]
        return level, self.fill(pieces)


def iso(ms, between=" ", point=","):
    return time.strftime(f"%Y-%m-%d{between}%H:%M:%S", time.gmtime(ms // 1000)) + f"{point}{ms % 1000:03d}"


def java_trace(w):
    lines = [f"java.util.concurrent.TimeoutException: no answer within {w.rng.randrange(500, 9000)} ms"]
    for _ in range(w.rng.randrange(8, 30)):
        name = w.of(CLASSES)
        lines.append(f"\tat {w.of(PACKAGES)}.{name}.{w.of(WORDS)}{w.rng.randrange(9)}({name}.java:{w.rng.randrange(20, 900)})")
    return "\n".join(lines) + "\n"


def log4j(w, ms):
    level, message = w.message()
    trace = java_trace(w) if w.rng.random() < 0.01 else ""
    return f"{iso(ms)} [http-nio-8080-exec-{w.rng.randrange(1, 60)}] {level:5} {w.of(PACKAGES)}.{w.of(CLASSES)} - {message}\n{trace}"


def spring(w, ms):
    level, message = w.message()
    trace = java_trace(w) if w.rng.random() < 0.01 else ""
    name = f"c.s.{w.of(WORDS)}.{w.of(CLASSES)}"
    return f"{iso(ms, 'T', '.')}Z {level:>5} 1 --- [shop-api] [nio-8080-exec-{w.rng.randrange(1, 60)}] {name:40} : {message}\n{trace}"


def python(w, ms):
    level, message = w.message()
    trace = ""
    if w.rng.random() < 0.01:
        trace = "Traceback (most recent call last):\n" + "".join(
            f'  File "/srv/shop/{w.of(WORDS)}/{w.of(WORDS)}.py", line {w.rng.randrange(9, 800)}, in {w.of(WORDS)}\n    return self.{w.of(WORDS)}(order_id, {w.of(WORDS)})\n'
            for _ in range(w.rng.randrange(4, 12))) + f"requests.exceptions.ReadTimeout: read timed out after {w.rng.randrange(1, 30)} s\n"
    return f"{iso(ms)} {level.replace('WARN', 'WARNING')} [Thread-{w.rng.randrange(1, 40)}] shop.{w.of(WORDS)}.{w.of(WORDS)}: {message}\n{trace}"


def python_dashes(w, ms):
    level, message = w.message()
    return f"{iso(ms)} - shop.{w.of(WORDS)}.{w.of(WORDS)} - {level.replace('WARN', 'WARNING')} - {message}\n"


def go(w, ms):
    level, message = w.message()
    stamp = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}{w.rng.randrange(1000):03d}"
    return f"{stamp} {w.of(WORDS)}/{w.of(WORDS)}.go:{w.rng.randrange(10, 900)}: {'' if level == 'INFO' else level + ' '}{message}\n"


def gin(w, ms):
    stamp = time.strftime("%Y/%m/%d - %H:%M:%S", time.gmtime(ms // 1000))
    took = f"{w.rng.lognormvariate(2.5, 1):.6f}ms"
    return f"[GIN] {stamp} | {w.a('status')} | {took:>13} | {w.a('ip'):>15} | {w.rng.choice(METHODS):8} \"{w.a('path')}\"\n"


def php(w, ms):
    level, message = w.message()
    word = {"WARN": "WARNING"}.get(level, level)
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(ms // 1000))
    return f'[{stamp}] production.{word}: {message} {{"userId":{w.rng.randrange(90000)},"trace":"{w.a("hex16")}"}} \n'


def php_errors(w, ms):
    stamp = time.strftime("%d-%b-%Y %H:%M:%S UTC", time.gmtime(ms // 1000))
    level, message = w.message()
    where = f" in /srv/shop/src/{w.of(CLASSES)}.php on line {w.rng.randrange(9, 700)}"
    return f"[{stamp}] {'PHP Warning:  ' if level != 'INFO' else ''}{message}{where if level != 'INFO' else ''}\n"


def ruby(w, ms):
    level, message = w.message()
    stamp = iso(ms, "T", ".") + f"{w.rng.randrange(1000):03d}"
    if w.rng.random() < 0.4:
        level, message = "INFO", w.rng.choice([
            'Started {verb} "{path}" for {ip} at 2026-11-22 {clock}:07 +0000', "Completed {status} OK in {ms}ms (Views: {ms}.4ms | ActiveRecord: {small}.1ms | Allocations: {id})",
            "Processing by OrdersController#show as JSON", '  Parameters: {"id"=>"{id}", "locale"=>"en"}'])
        message = w.text(message.replace('{"id"=>', "(id ").replace('"en"}', '"en")')) if "Parameters" in message else w.text(message)
    return f"{level[0]}, [{stamp} #{w.rng.randrange(20, 60)}]  {level:>5} -- : [{w.a('uuid')}] {message}\n"


def node(w, ms):
    level, message = w.message()
    return f"{iso(ms, 'T', '.')}Z [{level.lower()}]: {message}\n"


def hadoop(w, ms):
    stamp = time.strftime("%y/%m/%d %H:%M:%S", time.gmtime(ms // 1000))
    task, stage = w.rng.randrange(200000), w.rng.randrange(900)
    message = w.rng.choice([f"Finished task {task}.0 in stage {stage}.0 (TID {task}) in {w.a('ms')} ms on {w.a('ip')} (executor {stage % 40}) ({task % 400}/400)",
                            f"Starting task {task}.0 in stage {stage}.0 (TID {task}, {w.a('ip')}, executor {stage % 40}, partition {task % 400}, PROCESS_LOCAL, {w.a('bytes')} bytes)",
                            f"Block broadcast_{stage}_piece0 stored as bytes in memory (estimated size {w.a('money')} KB, free {w.a('money')} MB)",
                            f"Added rdd_{stage}_{task % 400} in memory on {w.a('ip')}:{w.rng.randrange(30000, 60000)} (size: {w.a('money')} MB, free: {w.a('money')} MB)"])
    return f"{stamp} {w.rng.choice(['INFO'] * 20 + ['WARN'])} {w.rng.choice(['scheduler.TaskSetManager', 'storage.BlockManagerInfo', 'memory.MemoryStore', 'executor.Executor'])}: {message}\n"


def redis(w, ms):
    stamp = time.strftime("%d %b %Y %H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}"
    message = w.text(w.rng.choice(["{id} changes in 60 seconds. Saving...", "Background saving started by pid {id}", "DB saved on disk", "Accepted {ip}:{id}",
                                   "Client closed connection id={id} addr={ip}:{id} laddr=10.0.0.9:6379 fd={small} name= age={id} idle={small}", "DB 0: {id} keys ({small} volatile) in {big} slots HT.",
                                   "RDB: {small} MB of memory used by copy-on-write", "Synchronization with replica {ip}:6379 succeeded"]))
    return f"4711:M {stamp} {w.rng.choice('***-.#')} {message}\n"


def elastic(w, ms):
    level, message = w.message()
    return (f'{{"type": "server", "timestamp": "{iso(ms, "T")}Z", "level": "{level}", "component": "o.e.{w.of(WORDS)}.{w.of(CLASSES)}", "cluster.name": "shop", '
            f'"node.name": "node-{w.rng.randrange(5)}", "message": "{message}", "cluster.uuid": "zJzYtEBoQV2sR5c1vyKlTg", "node.id": "H6Nqzv1dSM6K4c8ZXWmSSQ"  }}\n')


def traefik(w, ms):
    stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(ms // 1000))
    agent = w.rng.choice(["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "curl/8.5.0",
                          "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"])
    return (f'{w.a("ip")} - - [{stamp}] "{w.rng.choice(METHODS)} {w.a("path")} HTTP/2.0" {w.a("status")} {w.a("bytes")} "https://shop.example.test/" "{agent}" '
            f'{ms % 10 ** 7} "shop@docker" "http://172.17.0.{w.rng.randrange(2, 9)}:8080" {w.a("ms")}ms\n')


def nginx_error(w, ms):
    stamp = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(ms // 1000))
    path = w.a('path')
    what = w.rng.choice(["connect() failed (111: Connection refused) while connecting to upstream", "upstream timed out (110: Connection timed out) while reading response header from upstream",
                         f'open() "/srv/www{path}" failed (2: No such file or directory)'])
    tail = "" if "open()" in what else f', upstream: "http://10.0.0.{w.rng.randrange(9)}:8080{path}"'
    return (f'{stamp} [error] {w.rng.randrange(30, 34)}#30: *{w.rng.randrange(10 ** 7)} {what}, client: {w.a("ip")}, server: shop.example.test, '
            f'request: "GET {path} HTTP/1.1"{tail}, host: "shop.example.test"\n')


def pgbouncer(w, ms):
    who = f"C-0x{w.rng.getrandbits(44):012x}: shop/shop_app@{w.a('ip')}:{w.rng.randrange(30000, 60000)}"
    what = w.rng.choice(["login attempt: db=shop user=shop_app tls=no", f"closing because: client close request (age={w.rng.randrange(900)}s)", "closing because: client unexpected eof (age=3s)"])
    return f"{iso(ms, ' ', '.')} UTC [8191] LOG {who} {what}\n"


def mongodb_text(w, ms):
    return (f"{iso(ms, 'T', '.')}+0000 I COMMAND  [conn{w.rng.randrange(9000)}] command shop.orders command: find {{ find: \"orders\", filter: {{ customer: {w.rng.randrange(400000)} }}, $db: \"shop\" }} "
            f"planSummary: IXSCAN {{ customer: 1 }} keysExamined:{w.rng.randrange(900)} docsExamined:{w.rng.randrange(900)} nreturned:{w.rng.randrange(100)} reslen:{w.a('bytes')} protocol:op_msg {w.a('ms')}ms\n")


def elastic_slow(w, ms):
    took = int(w.a('ms'))
    return (f"[{iso(ms, 'T')}][{w.rng.choice(['WARN ', 'INFO '])}][index.search.slowlog.query] [node-{w.rng.randrange(5)}] [orders-2026.11.{w.rng.randrange(1, 23):02d}][{w.rng.randrange(5)}] took[{took}ms], took_millis[{took}], "
            f"total_hits[{w.a('id')}], types[], stats[], search_type[QUERY_THEN_FETCH], total_shards[5], source[{{\"query\":{{\"match\":{{\"title\":\"{w.of(WORDS)} {w.of(WORDS)}\"}}}},\"from\":{w.rng.randrange(200)}}}],\n")


def logfmt(w, ms):
    level, message = w.message()
    return f'time={iso(ms, "T", ".")}Z level={level.lower()} logger={w.of(WORDS)}.{w.of(WORDS)} msg="{message}" duration={w.a("ms")}ms request_id={w.a("hex16")}\n'


def stamped(w, ms):
    level, message = w.message()
    return f"{iso(ms, ' ', '.')} <{w.of(WORDS)}:{w.rng.randrange(90)}> {level} {message}\n"


def syslog(w, ms):
    stamp = time.strftime("%b %e %H:%M:%S", time.gmtime(ms // 1000))
    name = w.rng.choice(["sshd", "CRON", "systemd", "kernel", "dockerd", "shop-api"])
    return f"{stamp} app{w.rng.randrange(1, 4)} {name}[{w.rng.randrange(300, 40000)}]: {w.message()[1]}\n"


def postgresql_syslog(w, ms):
    stamp = time.strftime("%b %e %H:%M:%S", time.gmtime(ms // 1000))
    pid = w.rng.randrange(300, 40000)
    return (f"{stamp} db1 postgres[{pid}]: [{w.rng.randrange(1, 90)}-1] {iso(ms, ' ', '.')} UTC [{pid}] shop@shop LOG:  duration: {w.a('money')} ms  statement: "
            f"SELECT id, total FROM orders WHERE customer_id = {w.a('id')} AND state = '{w.of(WORDS)}' LIMIT {w.rng.randrange(90)}\n")


def mysql_slow(w, ms):
    took = w.rng.lognormvariate(0.5, 1)
    return (f"# Time: {iso(ms, 'T', '.')}{w.rng.randrange(1000):03d}Z\n# User@Host: shop[shop] @  [{w.a('ip')}]  Id: {w.rng.randrange(90000)}\n"
            f"# Query_time: {took:.6f}  Lock_time: {took / 1000:.6f} Rows_sent: {w.rng.randrange(900)}  Rows_examined: {w.a('id')}\nSET timestamp={ms // 1000};\n"
            f"SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = '{w.of(WORDS)}' AND o.total > {w.a('money')} LIMIT {w.rng.randrange(900)};\n")


REGEX = {"java": log4j, "spring": spring, "python": python, "python_dashes": python_dashes, "go": go, "gin": gin, "php": php, "php_errors": php_errors, "ruby": ruby, "node": node,
         "nginx_error": nginx_error, "pgbouncer": pgbouncer, "mongodb_text": mongodb_text, "elastic_slow": elastic_slow}
OTHERS = {"hadoop": hadoop, "redis": redis, "elastic": elastic, "traefik": traefik, "logfmt": logfmt, "stamped": stamped, "syslog": syslog, "postgresql_syslog": postgresql_syslog,
          "mysql_slow": mysql_slow}


def write(out, name, line, megabytes, seed):
    w = Words(random.Random(f"{seed} {name}"))
    wanted, written, ms = megabytes * 1000000, 0, START * 1000
    part = out / f"{name}.part"
    with gzip.GzipFile(part, "wb", compresslevel=6, mtime=0) as packed:
        while written < wanted:
            batch = []
            for _ in range(2000):
                ms += int(w.rng.expovariate(1 / 40))  # 25 lines a second, in bursts as they come
                batch.append(line(w, ms))
            text = "".join(batch).encode()
            packed.write(text)
            written += len(text)
    part.rename(out / f"{name}.log.gz")


def generate(out, megabytes, names=None, seed=7):
    """Those of `names` (all) that are not there yet, two at a time."""
    out.mkdir(parents=True, exist_ok=True)
    lines = {name: line for name, line in (REGEX | OTHERS).items() if names is None or name in names}
    with ProcessPoolExecutor(2) as pool:
        made = [pool.submit(write, out, name, line, megabytes, seed) for name, line in lines.items() if not (out / f"{name}.log.gz").exists()]
        for future in made:
            future.result()


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]), seed=int(sys.argv[3]) if len(sys.argv) > 3 else 7)
