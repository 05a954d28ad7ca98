#!/usr/bin/python3
"""logformats: random log_format strings, written by a real nginx and read by onset.

Takes  the onset binary; --n formats; --seed (a new one each time, printed).
Gives  for each format one line: how many records agree; each that differs; last line "N passed, N failed".
       The server writes each request into all logs, and into one in JSON with all variables (escape=json): what that says is the
       truth, read with Python's json.
Holds  nginx with one worker and an upstream of our own in a temporary folder on loopback, stopped at the end, also after an error.
Never  draws a format that cannot be read back: a variable that may hold anything stands in quotes.
"""
import argparse
import base64
import http.server
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import servers  # noqa: E402

# Variable: onset's field.
PLAIN = {
    "remote_addr": "client.address", "remote_port": "client.port", "request_method": "http.request.method",
    "status": "http.response.status_code", "body_bytes_sent": "http.response.body.size", "request_id": "request.id",
    "host": "server.address", "server_name": "server.address", "hostname": "host.name", "pid": "process.pid",
    "connection": "nginx.connection_id",
}
QUOTED = {
    "request_uri": "url.original", "http_referer": "http.request.header.referer", "http_user_agent": "user_agent.original",
    "remote_user": "user.name", "http_host": "http.request.header.host",
}
LISTS = {
    "upstream_addr": "upstream.address", "upstream_status": "upstream.status", "upstream_connect_time": "upstream.connect_time",
    "upstream_header_time": "upstream.header_time", "upstream_response_time": "upstream.response_time",
}
STAMPS = ["time_local", "time_iso8601", "msec"]
OTHERS = ["request", "request_time", "server_protocol"]
# Passed over.
IGNORED = ["bytes_sent", "request_length", "gzip_ratio", "scheme", "server_port", "connection_requests", "upstream_cache_status", "pipe",
           "http_x_forwarded_for", "upstream_response_length"]
ALL = [*PLAIN, *QUOTED, *LISTS, *STAMPS, *OTHERS]
SEPARATORS = [" ", " | ", "|", ";", " - ", "\t", " ; ", " # ", " ~ "]


def random_format(chance):
    stamp = chance.choice(STAMPS)
    names = [n for n in [*PLAIN, *QUOTED, *LISTS, *OTHERS] if chance.random() < 0.4] + [n for n in IGNORED if chance.random() < 0.15]
    # onset wants one of them.
    if "status" not in names and "request" not in names:
        names.append(chance.choice(["status", "request"]))
    # Each names the same field as another one.
    for one, other in [("host", "server_name"), ("request", "request_method"), ("request", "request_uri"), ("request", "server_protocol")]:
        if one in names and other in names:
            names.remove(other)
    names.insert(chance.randrange(len(names) + 1), stamp)
    chance.shuffle(names)
    text = chance.choice(["", "", "", "<", "log: ", "v2 "])
    for i, name in enumerate(names):
        label = chance.choice(["", "", "", f"{name}=", f"{name[:3]}:"])
        variable = chance.choice([f"${name}", f"${{{name}}}"])
        quotes = name in QUOTED or name in ("request", "http_x_forwarded_for") or (name in LISTS and chance.random() < 0.5)
        if quotes or (name not in LISTS and chance.random() < 0.15):
            variable = f'"{variable}"'
        elif name in LISTS or chance.random() < 0.1 or (name == "time_local" and chance.random() < 0.7):
            variable = f"[{variable}]"
        text += label + variable + (chance.choice(SEPARATORS) if i + 1 < len(names) else "")
    return chance.choice(["default", "default", "json"]), text, names


class Upstream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        if self.path.startswith("/slow"):
            time.sleep(0.5)
        body = b"x" * (len(self.path) * 7 % 300)
        try:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(404 if "missing" in self.path else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")
        except OSError:
            pass

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = answer

    def log_message(self, *_):
        pass


class Nginx:
    def __init__(self, formats):
        self.work = Path(tempfile.mkdtemp(prefix="onset-logformats-"))
        self.upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
        threading.Thread(target=self.upstream.serve_forever, daemon=True).start()
        self.port, closed = servers.ports(2)
        good = self.upstream.server_address[1]
        twin = ",".join(f'"{n}":"${n}"' for n in ALL)
        lines = [f"log_format f{i} escape={escape} '{text}'; access_log {self.work}/f{i}.log f{i};"
                 for i, (escape, text, _) in enumerate(formats)]
        newline = "\n"
        (self.work / "nginx.conf").write_text(f"""
daemon off; master_process off; worker_processes 1; pid {self.work}/pid; error_log {self.work}/error.log info;
events {{ worker_connections 256; }}
http {{
client_body_temp_path {self.work}; proxy_temp_path {self.work}; fastcgi_temp_path {self.work}; uwsgi_temp_path {self.work};
scgi_temp_path {self.work};
log_format twin escape=json '{{{twin}}}';
access_log {self.work}/twin.json twin;
{newline.join(lines)}
upstream one {{ server 127.0.0.1:{good}; }}
upstream none {{ server 127.0.0.1:{closed} max_fails=0; }}
upstream both {{ server 127.0.0.1:{closed} max_fails=0; server 127.0.0.1:{good} backup; }}
server {{
  listen 127.0.0.1:{self.port}; server_name shop.example;
  ignore_invalid_headers off; client_header_timeout 300ms;
  proxy_read_timeout 200ms;
  location / {{ proxy_pass http://one; }}
  location /none {{ proxy_pass http://none; }}
  location /both {{ proxy_pass http://both; }}
  location /slow {{ proxy_pass http://one; }}
  location /gone {{ proxy_read_timeout 5s; proxy_pass http://one/slow; }}
  location /here {{ return 204; }}
  location /moved {{ return 301 /here; }}
}}
}}
""")
        self.process = subprocess.Popen([servers.find("nginx"), "-p", self.work, "-c", self.work / "nginx.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(500):
            if self.process.poll() is not None:
                said = self.process.stderr.read().decode(errors="replace")
                self.stop()
                raise servers.Failed(f"nginx did not start: {said}")
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.upstream.shutdown()
        shutil.rmtree(self.work, ignore_errors=True)

    def send(self, request, wait=True):
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.settimeout(3)
            s.sendall(request)
            if not wait:
                time.sleep(0.1)
                return
            try:
                while s.recv(65536):
                    pass
            except OSError:
                pass


def traffic(nginx, chance):
    targets = ["/", "/cart?id=7", "/a%20b%22c", "/caf\u00e9?q=\u00fc\u4e2d", "/x?a=\"quoted\"&b='", "/back\\slash", "/here", "/moved", "/missing/1",
               "/none", "/both", "/both?a=1,2 : 3".replace(" ", "%20"), "//double//", "/?" + "long" * 200, "http://shop.example/absolute",
               "/;a=b|c#d", "/${x}%", "/[1]{2}<3>"]
    agents = ["curl/7.88.1", "Mozilla/5.0 (X11; Linux x86_64) \"odd\" \\ back", "", "a\tb", "caf\u00e9 \u4e2d\u6587", "-", "x | y ; z - # ~"]
    referers = ["", "https://shop.example/?q=\"x\"", "http://a.example/ b", "-"]
    users = [None, "bob", "o'b \"x\"", "anna|b;c"]
    methods = ["GET", "GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"]
    requests = []
    for target in targets:
        for _ in range(3):
            headers = [f"Host: {chance.choice(['shop.example', 'shop.example:80', 'WWW.Shop.Example', '[::1]:8080'])}", "Connection: close"]
            if agent := chance.choice(agents):
                headers.append(f"User-Agent: {agent}")
            if referer := chance.choice(referers):
                headers.append(f"Referer: {referer}")
            if user := chance.choice(users):
                headers.append("Authorization: Basic " + base64.b64encode(f"{user}:secret".encode()).decode())
            if chance.random() < 0.3:
                headers.append("X-Forwarded-For: 192.0.2.7, 10.0.0.1")
            method = chance.choice(methods)
            body = ""
            if method in ("POST", "PUT", "PATCH"):
                body = "a=" + "1" * chance.randrange(50)
                headers.append(f"Content-Length: {len(body)}")
            requests.append("\r\n".join([f"{method} {target} HTTP/{chance.choice(['1.1', '1.1', '1.0'])}", *headers, "", body]).encode())
    for request in requests:
        nginx.send(request)
    for odd in [b"GET /old\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
                b"NONSENSE\r\n\r\n", b"get / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /slow HTTP/1.0\r\nHost: shop.example\r\n\r\n",
                b"GET /big HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 40000 + b"\r\n\r\n", b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET / HTTP/3.7\r\nHost: a\r\n\r\n", b"GET /cut"]:
        nginx.send(odd)
    nginx.send(b"GET /gone HTTP/1.1\r\nHost: shop.example\r\n\r\n", wait=False)
    time.sleep(0.6)  # of /gone: its upstream answers


def wanted(twin, name):
    """(field, value) pairs: what a record must have; None: absent."""
    value = twin[name] or None
    value = None if value == "-" else value
    if name in ("time_local", "time_iso8601", "msec"):
        if name == "msec":
            us = round(float(twin[name]) * 10**6)
        else:
            form = "%d/%b/%Y:%H:%M:%S %z" if name == "time_local" else "%Y-%m-%dT%H:%M:%S%z"
            us = round(datetime.strptime(twin[name], form).timestamp() * 10**6)
        return [("timestamp", datetime.fromtimestamp(us // 10**6, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{us % 10**6:06}Z")]
    if name == "request_time":
        return [("duration_us", round(float(value) * 10**6))]
    if name == "server_protocol":
        return [("network.protocol.version", value and value.removeprefix("HTTP/"))]
    if name == "request":
        m = re.fullmatch(r"([A-Z]+) (\S+) HTTP/(\d\.\d)", value or "")
        return list(zip(("http.request.method", "url.original", "network.protocol.version"), m.groups())) if m else [("request", value)]
    if name in LISTS:
        last = re.split(r", | : ", value)[-1] if value else None
        return [(LISTS[name], None if last == "-" else last)]
    field = {**PLAIN, **QUOTED}[name]
    return [(field, value)]


def compare(onset, nginx, i, escape, text, names):
    stated = f"*.log=nginx:{'' if escape == 'default' else f'escape={escape} '}{text}"
    done = subprocess.run([onset, "check", "--records", "--no-config", "--no-mask", "--format", stated, str(nginx.work / f"f{i}.log")],
                          capture_output=True, text=True)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    # onset's output has no NUL.
    truth = [json.loads(line.replace("\\u0000", "\ufffd"))
             for line in (nginx.work / "twin.json").read_text(errors="replace").splitlines()]
    wrong = []
    if len(records) != len(truth):
        wrong.append(f"  {len(truth)} requests, {len(records)} records: {done.stderr.strip()[-300:]}")
    by_line = {r["line"]: r for r in records}
    for n, twin in enumerate(truth, 1):
        record = by_line.get(n, {})
        for name in names:
            for field, want in wanted(twin, name) if name not in IGNORED else []:
                got = record.get(field)
                if (None if got is None else str(got)) != (None if want is None else str(want)):
                    wrong.append(f"  line {n}: {field}: {want!r:.200}, read {got!r:.200} (${name})")
    print(f"{'FAIL' if wrong else 'ok  '} {len(records):4} records  escape={escape} {text!r}")
    for line in wrong[:6]:
        print(line)
    return not wrong and len(truth) > 50


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("onset")
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    try:
        servers.find("nginx")
    except servers.Failed as why:
        print(f"skipped: logformats: {why}\n0 passed, 0 failed")
        return 0
    print(f"note: logformats: --seed {options.seed}")
    chance = random.Random(options.seed)
    formats = [random_format(chance) for _ in range(options.n)]
    nginx = Nginx(formats)
    try:
        traffic(nginx, chance)
        passed = sum(compare(options.onset, nginx, i, *f) for i, f in enumerate(formats))
    finally:
        nginx.stop()
    print(f"{passed} passed, {options.n - passed} failed")
    return passed != options.n


if __name__ == "__main__":
    sys.exit(main())
