#!/usr/bin/python3
"""run: one real outage (or a quiet stretch) on loopback, from Debian's nginx and PostgreSQL.

Takes  --scenario outage|quiet, --out DIR (made anew), --seed N.
Gives  DIR/logs/*.gz (rotated, as a collector would find them) and DIR/truth.json: what was done and when, and what an
       independent tap saw: PostgreSQL's csvlog (not among the logs given) and the app's client-side tap.
Holds  its servers in a temporary folder, stopped by pid at the end, also after an error.
Never  talks to anything but 127.0.0.1, runs longer than about six minutes, or touches a server it did not start.
"""
import argparse
import calendar
import csv
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import http.client
from pathlib import Path

HERE = Path(__file__).resolve().parent
PG_PORT, NGINX_PORT, APP_PORTS = 21632, 21680, (21681, 21682)
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1",
    "okhttp/4.12.0",
]


def find(name):
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        sys.exit(f"lab: {name} is not installed: apt-get install postgresql nginx-light python3-psycopg2")
    return found


class Lab:
    def __init__(self, out, seed):
        self.out = out
        self.work = Path(tempfile.mkdtemp(prefix="onset-lab-"))
        self.work.chmod(0o755)
        self.random = random.Random(seed)
        self.events = []
        self.apps = {}
        self.nginx = None
        self.rate = 0.0
        self.running = True
        self.client_side = {}
        self.client_lock = threading.Lock()
        self.logs = self.work / "logs"
        self.logs.mkdir()
        self.pg_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def event(self, kind, **more):
        self.events.append({"at_us": time.time_ns() // 1000, "kind": kind, **more})
        print(f"lab: {kind} {more or ''}", file=sys.stderr)

    # ---- servers
    def start_postgres(self, max_connections):
        data = self.work / "pg"
        if not data.exists():
            data.mkdir()
            pglogs = self.work / "pglogs"
            pglogs.mkdir()
            if self.pg_user:
                for d in (data, pglogs):
                    shutil.chown(d, "postgres", "postgres")
            data.chmod(0o700)
            subprocess.run([*self.pg_user, find("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync",
                            "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL)
            (data / "postgresql.auto.conf").write_text("")
            with open(data / "postgresql.conf", "a") as conf:
                conf.write(f"""
listen_addresses = '127.0.0.1'
port = {PG_PORT}
unix_socket_directories = '{self.work}/pg'
logging_collector = on
log_directory = '{self.work}/pglogs'
log_filename = 'postgresql-%Y-%m-%d_%H%M%S.log'
log_destination = 'stderr,csvlog'
log_line_prefix = '%m [%p] %q%u@%d/%a '
log_timezone = 'UTC'
log_connections = on
log_disconnections = on
log_lock_waits = on
log_min_duration_statement = 1000
max_connections = {max_connections}
superuser_reserved_connections = 3
fsync = off
""")
        self.pg_ctl("start")

    def pg_ctl(self, *what):
        subprocess.run([*self.pg_user, find("pg_ctl"), "-D", str(self.work / "pg"), "-w", "-t", "30", *what], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def psql(self, sql, database="postgres"):
        subprocess.run([find("psql"), "-q", "-h", "127.0.0.1", "-p", str(PG_PORT), "-U", "postgres", "-d", database, "-c", sql],
                       check=True, stdout=subprocess.DEVNULL)

    def start_nginx(self):
        conf = self.work / "nginx.conf"
        conf.write_text(f"""
worker_processes 1;
pid {self.work}/nginx.pid;
error_log {self.logs}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    log_format timed '$http_x_client - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
                     '"$http_user_agent" rt=$request_time uct=$upstream_connect_time urt=$upstream_response_time '
                     'ua="$upstream_addr" us="$upstream_status" rid=$request_id';
    access_log {self.logs}/access.log timed;
    client_body_temp_path {self.work}/body; proxy_temp_path {self.work}/proxy; fastcgi_temp_path {self.work}/fastcgi;
    uwsgi_temp_path {self.work}/uwsgi; scgi_temp_path {self.work}/scgi;
    upstream shop {{ server 127.0.0.1:{APP_PORTS[0]} max_fails=3 fail_timeout=4s; server 127.0.0.1:{APP_PORTS[1]} max_fails=3 fail_timeout=4s; }}
    server {{
        listen 127.0.0.1:{NGINX_PORT} backlog=1024;
        server_name shop.example.test;
        location / {{
            proxy_pass http://shop;
            proxy_set_header X-Request-ID $request_id;
            proxy_read_timeout 10s;
        }}
    }}
}}
""")
        self.nginx = subprocess.Popen([find("nginx"), "-e", str(self.logs / "error.log"), "-c", str(conf), "-g", "daemon off;"],
                                      start_new_session=True)

    def start_app(self, index, version, pool):
        env = dict(os.environ, PORT=str(APP_PORTS[index]), DSN=f"host=127.0.0.1 port={PG_PORT} user=shop_app dbname=shop",
                   VERSION=version, POOL_MAX=str(pool), LOG=str(self.logs / f"shop-api-{index + 1}.log"),
                   TAP=str(self.work / f"tap-{index + 1}"), HOST=f"app{index + 1}")
        self.apps[index] = subprocess.Popen([sys.executable, str(HERE / "app.py")], env=env, start_new_session=True)

    def stop_process(self, process):
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def deploy(self, version, pool, **more):
        self.event("deploy_begin", service="shop-api", version=version, **more)
        for index in sorted(self.apps):
            self.stop_process(self.apps[index])
            self.start_app(index, version, pool)
            time.sleep(2.0)
        self.event("deploy_end", service="shop-api", version=version, **more)

    def rotate(self):
        self.event("log_rotate")
        for log in sorted(self.logs.glob("*.log")):
            for n in range(8, 0, -1):
                older = log.with_name(f"{log.name}.{n}")
                if older.exists():
                    older.rename(log.with_name(f"{log.name}.{n + 1}"))
            log.rename(log.with_name(log.name + ".1"))
        os.kill(int((self.work / "nginx.pid").read_text()), signal.SIGUSR1)
        for app in self.apps.values():
            app.send_signal(signal.SIGHUP)
        self.pg_ctl("logrotate")
        time.sleep(0.3)

    # ---- load: open loop, so that slowness does not hide the demand; bounded by 64 workers and the scenario's time
    def client(self, number):
        rng = random.Random(f"{number}")
        connection = None
        while self.running:
            rate = self.rate / 64
            if rate <= 0:
                time.sleep(0.2)
                continue
            # at most 2 s at a time, so that a change of rate is soon felt; exponential waits have no memory
            wait = rng.expovariate(rate)
            time.sleep(min(wait, 2.0))
            if wait > 2.0:
                continue
            pick = rng.random()
            path = ("/api/orders?page=%d" % rng.randrange(40) if pick < 0.55 else "/api/products/%d" % rng.randrange(200)
                    if pick < 0.85 else "/api/checkout" if pick < 0.95 else "/" if pick < 0.998 else "/favicon.ico")
            method = "POST" if path == "/api/checkout" else "GET"
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", NGINX_PORT, timeout=15)
                connection.request(method, path, headers={"User-Agent": rng.choice(AGENTS),
                                                          "X-Client": f"203.0.113.{rng.randrange(1, 250)}"})
                answer = connection.getresponse()
                answer.read()
                with self.client_lock:
                    self.client_side[answer.status] = self.client_side.get(answer.status, 0) + 1
            except OSError:
                connection = None
            except http.client.HTTPException:
                connection = None

    def set_rate(self, rate, **more):
        self.rate = rate
        self.event("load", requests_per_second=rate, **more)

    # ---- the end
    def stop(self):
        self.running = False
        time.sleep(2.5)  # let the clients finish, or the end of the run looks like an outage of its own
        for app in self.apps.values():
            self.stop_process(app)
        self.stop_process(self.nginx)
        if (self.work / "pg" / "postmaster.pid").exists():
            self.pg_ctl("stop", "-m", "fast")

    def refusals(self):
        """PostgreSQL's own csvlog, read by Python's csv module: (microseconds, message) of each 53300."""
        seen = []
        for path in sorted((self.work / "pglogs").glob("*.csv")):
            with open(path, newline="") as rows:
                for row in csv.reader(rows):
                    if row[12] == "53300":
                        whole, ms = row[0].removesuffix(" UTC").split(".")
                        stamp = time.strptime(whole, "%Y-%m-%d %H:%M:%S")
                        seen.append((calendar.timegm(stamp) * 1_000_000 + int(ms) * 1000, row[13]))
        return sorted(seen)

    def collect(self, scenario):
        target = self.out / "logs"
        shutil.rmtree(self.out, ignore_errors=True)
        target.mkdir(parents=True)
        files = sorted(self.logs.iterdir()) + sorted((self.work / "pglogs").glob("*.log"))
        for path in files:
            with open(path, "rb") as plain, open(target / (path.name + ".gz"), "wb") as raw:
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as packed:
                    shutil.copyfileobj(plain, packed)
        taps = []
        for path in sorted(self.work.glob("tap-*")):
            taps += [json.loads(line) for line in path.read_text().splitlines()]
        refused = self.refusals()
        full = sorted(t["at_ns"] // 1000 for t in taps if "too many clients" in t["error"] or "connection slots" in t["error"])
        truth = {
            "scenario": scenario,
            "events": self.events,
            "refusals": {
                "count": len(refused),
                "first_us": refused[0][0] if refused else None,
                "last_us": refused[-1][0] if refused else None,
                "messages": {m: sum(1 for _, x in refused if x == m) for m in sorted({m for _, m in refused})},
            },
            "client_tap": {"count": len(full), "first_us": full[0] if full else None, "last_us": full[-1] if full else None},
            "http_client_side": {str(k): v for k, v in sorted(self.client_side.items())},
        }
        (self.out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
        shutil.rmtree(self.work)


def outage(lab, nap):
    lab.set_rate(18)
    nap(70)
    lab.rotate()
    nap(35)
    lab.set_rate(150, why="a campaign mail went out")
    nap(28)
    lab.deploy("1.4.3", 12, red_herring=True)
    nap(20)
    lab.rotate()
    nap(20)
    lab.event("mitigation_begin", what="max_connections 20 -> 120, PostgreSQL restart")
    lab.psql("ALTER SYSTEM SET max_connections = 120")
    lab.pg_ctl("restart", "-m", "fast")
    lab.event("mitigation_end")
    nap(25)
    lab.set_rate(18)
    nap(75)


def quiet(lab, nap):
    lab.set_rate(12)
    nap(80)
    lab.rotate()
    nap(40)
    lab.deploy("1.4.3", 12)
    nap(60)
    lab.rotate()
    nap(70)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", choices=("outage", "quiet"), default="outage")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="multiply every wait by this (1.0: about five minutes)")
    args = parser.parse_args()
    lab = Lab(args.out, args.seed)

    def nap(seconds):
        time.sleep(seconds * args.scale)

    try:
        lab.start_postgres(max_connections=20)
        lab.psql("CREATE ROLE shop_app LOGIN")
        lab.psql("CREATE DATABASE shop OWNER shop_app")
        lab.psql("CREATE TABLE products (id int, price numeric); INSERT INTO products SELECT n, n FROM generate_series(1, 200) n;"
                 "CREATE TABLE orders (id serial, user_id int, total numeric);"
                 "GRANT ALL ON products, orders, orders_id_seq TO shop_app", "shop")
        for index in range(2):
            lab.start_app(index, "1.4.2", 12)
        lab.start_nginx()
        time.sleep(1.5)
        for number in range(64):
            threading.Thread(target=lab.client, args=(f"{args.seed}-{number}",), daemon=True).start()
        {"outage": outage, "quiet": quiet}[args.scenario](lab, nap)
        lab.event("end")
    finally:
        lab.stop()
    lab.collect(args.scenario)


if __name__ == "__main__":
    main()
