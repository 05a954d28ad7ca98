"""servers: Debian's PostgreSQL, PgBouncer, nginx, HAProxy and the lab's own apps, on loopback.

Takes  a working folder and settings; each server picks its port from ports().
Gives  start, stop, rotate, and what a server needs besides (SQL, a recovery that takes its time). A server that does not
       come up raises Failed with the last lines of its log.
Holds  processes it started itself, each in a session of its own, ended by its id.
Never  listens on anything but 127.0.0.1, uses a port in the range of outgoing connections or one that is taken, or ends what
       it did not start.
"""
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_S = 60  # a busy machine may take long to start a server; without a port after this it never will


class Failed(Exception):
    """A server did not do what it was told; the text ends in the last lines of its log."""


def find(name):
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise Failed(f"{name} is not installed: tests/deps.sh lab")
    return found


def ports(n):
    """n free ports below the range from which the system takes ports for outgoing connections."""
    held = []
    try:
        while len(held) < n:
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", random.SystemRandom().randrange(26000, 32700)))
            except OSError:
                one.close()
                continue
            held.append(one)
        return [s.getsockname()[1] for s in held]
    finally:
        for s in held:
            s.close()


def tail(path, lines=15):
    try:
        return "\n".join(Path(path).read_text(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return f"({error})"


class Server:
    """One process: start() waits for its port, stop() for its end. What it said on the terminal, and the end of
    its log (None: it has none), are shown when it fails."""

    def __init__(self, name, argv, log, port=None, env=None, user=None):
        self.name, self.argv, self.log, self.port, self.user = name, argv, log, port, user or {}
        self.env = dict(os.environ, **(env or {}))
        self.process = None
        self.said = tempfile.TemporaryFile()

    def story(self):
        self.said.seek(0)
        said = "\n".join(self.said.read().decode(errors="replace").splitlines()[-15:])
        return said + (f"\nits log:\n{tail(self.log)}" if self.log else "")

    def start(self):
        if self.port and self.taken():
            raise Failed(f"{self.name}: another program listens on its port {self.port} now")
        self.process = subprocess.Popen(self.argv, env=self.env, start_new_session=True, stdin=subprocess.DEVNULL,
                                        stdout=self.said, stderr=self.said, cwd="/", **self.user)
        self.wait()

    def taken(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def wait(self):
        until = time.monotonic() + START_S
        while self.port:
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended with status {self.process.returncode}:\n{self.story()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise Failed(f"{self.name} does not listen on {self.port} after {START_S} s:\n{self.story()}") from None
                time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def hup(self):
        self.process.send_signal(signal.SIGHUP)


class Postgres:
    def __init__(self, work, max_connections):
        self.work, self.data, self.logs = work, work / "pg", work / "pglogs"
        self.port = ports(1)[0]
        # PostgreSQL and PgBouncer refuse to run as root
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        for folder in (self.data, self.logs):
            folder.mkdir()
            if self.user:
                shutil.chown(folder, "postgres", "postgres")
        self.data.chmod(0o700)
        self.run([find("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8"])
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"""
listen_addresses = '127.0.0.1'
port = {self.port}
unix_socket_directories = ''
logging_collector = on
log_directory = '{self.logs}'
log_filename = 'postgresql-%Y-%m-%d_%H%M%S.log'
log_destination = 'stderr,csvlog'
log_file_mode = 0644
log_line_prefix = '%m [%p] %q%u@%d/%a '
log_timezone = 'UTC'
log_connections = on
log_disconnections = on
log_lock_waits = on
log_min_duration_statement = 1000
max_connections = {max_connections}
superuser_reserved_connections = 3
fsync = off
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
""")  # the last two: a container may have little of /dev/shm, or none

    def run(self, argv):
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", cwd="/",
                              **self.user)
        if done.returncode:
            raise Failed(f"{' '.join(argv)}: status {done.returncode}\n{done.stdout[-500:]}"
                         f"{done.stderr[-1500:]}\n{self.tail()}")

    def ctl(self, *what):
        # its output goes to a file: the server would inherit a pipe, and we would wait for it for ever
        argv = [find("pg_ctl"), "-D", str(self.data), "-w", "-t", str(START_S), *what]
        with open(self.work / "pg_ctl.out", "a") as out:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", **self.user)
        if done.returncode:
            raise Failed(f"pg_ctl {what[0]}: status {done.returncode}\n{tail(self.work / 'pg_ctl.out')}\n{self.tail()}")

    def tail(self):
        logs = sorted(self.logs.glob("*.log"))
        return tail(logs[-1]) if logs else ""

    def dsn(self, user, database, application=None, port=None):
        name = f" application_name={application}" if application else ""
        return f"host=127.0.0.1 port={port or self.port} user={user} dbname={database}{name}"

    def sql(self, *statements, database="postgres"):
        for statement in statements:
            self.run([find("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", self.dsn("postgres", database, "psql"),
                      "-c", statement])

    def children(self, word):
        """Ids of the server's processes whose title holds the word."""
        parent = (self.data / "postmaster.pid").read_text().split()[0]
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                stat = (path / "stat").read_text()
                title = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue  # it ended meanwhile
            if stat.rsplit(")", 1)[1].split()[1] == parent and word in title:
                found.append(int(path.name))
        return found

    def hold_recovery(self, seconds):
        """Waits for the startup process of a crash recovery and stops it for a while: a small database would recover in
        milliseconds, a real one does not. Returns its id, None when recovery was over before."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for pid in self.children("startup"):
                try:
                    os.kill(pid, signal.SIGSTOP)
                    time.sleep(seconds)
                    os.kill(pid, signal.SIGCONT)
                    return pid
                except ProcessLookupError:
                    pass
            time.sleep(0.002)
        return None

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            try:
                self.ctl("stop", "-m", "fast")
            except Failed:
                self.ctl("stop", "-m", "immediate")


def pgbouncer(work, logs, db, settings):
    port = ports(1)[0]
    users = work / "users.txt"
    users.write_text("".join(f'"{u}" ""\n' for u in ("shop_app", "billing_app", "lab")))
    conf = work / "pgbouncer.ini"
    every = {"pool_mode": "transaction", "max_client_conn": 100, "default_pool_size": 4, "query_wait_timeout": 120,
             "stats_period": 15, "server_login_retry": 3}  # its own default of 15 s would be most of a short run
    conf.write_text(f"""[databases]
* = host=127.0.0.1 port={db.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
admin_users = lab
logfile = {logs}/pgbouncer.log
ignore_startup_parameters = extra_float_digits
""" + "".join(f"{k} = {v}\n" for k, v in {**every, **settings}.items()))
    # -q: what it logs goes to its log file only
    return Server("pgbouncer", [find("pgbouncer"), "-q", str(conf)], logs / "pgbouncer.log", port, user=db.user)


def nginx(work, logs, shops, billing):
    port = ports(1)[0]
    conf = work / "nginx.conf"
    peers = " ".join(f"server 127.0.0.1:{p} max_fails=3 fail_timeout=4s;" for p in shops)
    conf.write_text(f"""
worker_processes 1;
pid {work}/nginx.pid;
error_log {logs}/error.log warn;
daemon off;
events {{ worker_connections 2048; }}
http {{
    log_format timed '$http_x_client - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
                     '"$http_user_agent" rt=$request_time uct=$upstream_connect_time urt=$upstream_response_time '
                     'ua="$upstream_addr" us="$upstream_status" rid=$http_x_request_id';
    access_log {logs}/access.log timed;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    upstream shop {{ {peers} }}
    upstream billing {{ server 127.0.0.1:{billing} max_fails=3 fail_timeout=4s; }}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        server_name shop.example.test;
        proxy_set_header X-Request-ID $http_x_request_id;
        proxy_read_timeout 10s;
        location / {{ proxy_pass http://shop; }}
        location /billing/ {{ proxy_pass http://billing; }}
    }}
}}
""")
    return Server("nginx", [find("nginx"), "-e", str(logs / "error.log"), "-c", str(conf)], logs / "error.log", port)


def haproxy(work, nginx_port, syslog_port):
    port = ports(1)[0]
    conf = work / "haproxy.cfg"
    conf.write_text(f"""
global
    log 127.0.0.1:{syslog_port} format rfc3164 local0
    log-send-hostname lb1
    maxconn 2000
    no strict-limits
defaults
    mode http
    log global
    option httplog
    timeout connect 2s
    timeout client 30s
    timeout server 15s
    timeout queue 5s
    timeout http-keep-alive 30s
    retries 1
frontend fe_shop
    bind 127.0.0.1:{port}
    http-request set-header X-Request-ID %[uuid()]
    http-request capture req.hdr(X-Request-ID) len 36
    default_backend be_nginx
backend be_nginx
    option httpchk GET /
    default-server inter 1s fall 2 rise 2
    server web1 127.0.0.1:{nginx_port} check maxconn 500
""")
    return Server("haproxy", [find("haproxy"), "-db", "-q", "-f", str(conf)], None, port)


def syslog(logs):
    """What rsyslog does on a real host: HAProxy has no log file of its own."""
    port = ports(1)[0]
    log = logs / "haproxy.log"
    return Server("syslog", [sys.executable, "-B", str(HERE / "syslog.py"), str(port), str(log)], log, port)


def app(kind, work, logs, name, port, **settings):
    """kind: shop (JSON lines) or billing (text); settings go to its environment in capitals."""
    env = {k.upper(): str(v) for k, v in settings.items()}
    env.update(PORT=str(port), LOG=str(logs / f"{name}.log"), TAP=str(work / f"tap-{name}"), HOST=name)
    return Server(name, [sys.executable, "-B", str(HERE / f"{kind}.py")], logs / f"{name}.log", port, env)
