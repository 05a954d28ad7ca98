#!/usr/bin/python3
"""apacheformats: random LogFormat strings, written by a real Apache httpd and read by onset.

Takes  the onset binary; --n formats, --seed.
Gives  for each format one line: how many records agree; each record that differs; last line "N passed, N failed".
       The server writes each request twice: in the random format, and in a twin of one directive a column, parted by tabs, which
       Apache escapes in values. The twin, read with Python, is the truth.
Holds  a server in a temporary folder on loopback, stopped at the end, also after an error.
Never  asks for more than a line can tell: what stands in quotes ends at its quote, and values without quotes have no blanks.
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

# Directive: onset's field, in quotes or not; None: a value that no field takes.
DIRECTIVES = {
    "%h": "client.address", "%u": "user.name", "%r": "request", "%>s": "http.response.status_code", "%b": "http.response.body.size",
    "%B": "http.response.body.size", "%{Referer}i": "http.request.header.referer", "%{User-Agent}i": "user_agent.original",
    "%{Host}i": "http.request.header.host", "%m": "http.request.method", "%U%q": "url.original", "%v": "server.address",
    "%{remote}p": "client.port", "%P": "process.pid", "%{UNIQUE_ID}e": "request.id", "%H": "network.protocol.version",
    "%l": None, "%I": None, "%O": None, "%p": None, "%X": None, "%k": None, "%A": None, "%f": None, "%{X-Test}i": None, "%{Set-Cookie}o": None,
    "%{session}C": None, "%!200,304,302{Referer}i": None, "%404{User-Agent}i": None, "%<s": None, "%R": None,
}
QUOTED = {"%r", "%{Referer}i", "%{User-Agent}i", "%{X-Test}i", "%{Set-Cookie}o", "%U%q", "%f", "%!200,304,302{Referer}i",
          "%404{User-Agent}i", "%{session}C", "%u", "%R"}
TIMES = ["%t", "%t", "%{begin}t", "%{%Y-%m-%d %H:%M:%S %z}t", "%{%d/%b/%Y:%T %z}t", "%{sec}t", "%{msec}t", "%{usec}t", "%{end:%F %T}t.%{end:msec_frac}t%{end:%z}t",
         "%{%a %b %e %H:%M:%S %Y %z}t", "%{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t%{%z}t", "[%{%d/%b/%Y %I:%M:%S %p %z}t]", "%{end}t", "%{%s}t"]
DURATIONS = [("%D", 1), ("%{us}T", 1), ("%{ms}T", 1000), ("%T", 10**6), ("%{s}T", 10**6), (None, 0), (None, 0)]
SEPARATORS = [" ", " ", " ", "|", " | ", " ; ", "\\t", " - "]
TWIN = ["%>s", "%D", "%{usec}t", "%{end:usec}t", *DIRECTIVES]
ESCAPES = {"b": "\b", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}


def meant(value):
    """What Apache's escapes mean, as bytes read as UTF-8."""
    out = bytearray()
    i = 0
    raw = value.encode("utf-8", "surrogateescape")
    while i < len(raw):
        if raw[i] == 0x5C and raw[i + 1:i + 2] == b"x":
            out.append(int(raw[i + 2:i + 4], 16))
            i += 4
        elif raw[i] == 0x5C:
            out += ESCAPES[chr(raw[i + 1])].encode()
            i += 2
        else:
            out.append(raw[i])
            i += 1
    return out.decode("utf-8", "replace")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, binary, modules, formats):
        self.work = Path(tempfile.mkdtemp(prefix="onset-apacheformats-"))
        self.port = free_port()
        self.work.chmod(0o755)
        (self.work / "htdocs").mkdir()
        (self.work / "htdocs" / "a b.txt").write_text("hello\n")
        (self.work / "htdocs" / "empty.txt").write_text("")
        (self.work / "htpasswd").write_text("alice:{PLAIN}x\n")
        wanted = "mpm_event authz_core authn_core authz_host unique_id logio headers alias env setenvif dir mime".split()
        lines = [f"LoadModule {m}_module {modules}/mod_{m}.so" for m in wanted if Path(modules, f"mod_{m}.so").exists()]
        lines += [f"ServerName shop.example.test", f"Listen 127.0.0.1:{self.port}", f"PidFile {self.work}/httpd.pid",
                  f"DocumentRoot {self.work}/htdocs", f"ErrorLog {self.work}/error.log", "LogLevel crit", "Mutex sem", "KeepAlive On",
                  "HttpProtocolOptions Unsafe", f"DefaultRuntimeDir {self.work}", "TypesConfig /dev/null",
                  'Header always set Set-Cookie "id=1; path=/"', "StartServers 1", "ThreadsPerChild 4", "MaxRequestWorkers 4", "ServerLimit 1",
                  f"<Directory {self.work}/htdocs>", "Require all granted", "</Directory>", "Redirect 302 /old /a%20b.txt"]
        for i, text in enumerate(formats):
            quoted = text.replace('"', '\\"')
            lines.append(f'CustomLog {self.work}/log{i} "{quoted}"')
        lines.append(f'CustomLog {self.work}/twin "' + "\\t".join(TWIN).replace('"', '\\"') + '"')
        (self.work / "httpd.conf").write_text("\n".join(lines) + "\n")
        user = ["runuser", "-u", "www-data", "--"] if os.getuid() == 0 else []
        if user:
            shutil.chown(self.work, "www-data")
        self.process = subprocess.Popen([*user, binary, "-X", "-f", self.work / "httpd.conf"], stdout=subprocess.DEVNULL,
                                        stderr=open(self.work / "start.log", "w"), env={**os.environ, "TZ": "Asia/Kolkata"}, cwd="/")
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        said = (self.work / "start.log").read_text() + ((self.work / "error.log").read_text() if (self.work / "error.log").exists() else "")
        self.stop()
        sys.exit(f"apacheformats: httpd does not start: {said}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def ask(self, raw):
        with socket.create_connection(("127.0.0.1", self.port), 5) as s:
            s.sendall(raw)
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass


def traffic(server):
    end = b"Connection: close\r\n\r\n"
    for raw in [
        b"GET /a%20b.txt?x=1&y=%22 HTTP/1.1\r\nHost: shop.example.test\r\nUser-Agent: Mozilla/5.0 (\"quoted\" \\back)\r\nReferer: https://x/?a=b c\r\n" + end,
        b"GET /empty.txt HTTP/1.1\r\nHost: shop\r\nUser-Agent: caf\xc3\xa9 \xff\r\nX-Test: it's; a | b - c ; d\r\nCookie: session=a b; q=1\r\n" + end,
        b"GET /missing/\"x\"?q=%5C HTTP/1.0\r\n\r\n",
        b"HEAD /old?x HTTP/1.1\r\nHost: [::1]\r\nAuthorization: Basic YWxpY2U6eA==\r\n" + end,
        b"POST /a%20b.txt HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nReferer: -\r\n" + end + b"abc",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: h\r\n" + end,
        b"GET /a%20b.txt\r\n\r\n",
    ]:
        server.ask(raw)
    time.sleep(0.3)


def random_format(chance):
    picked = [d for d in DIRECTIVES if chance.random() < 0.3]
    for must in ("%>s", "%r"):
        if must not in picked:
            picked.append(must)
    if "%b" in picked and "%B" in picked:
        picked.remove(chance.choice(["%b", "%B"]))
    stamp = chance.choice(TIMES)
    duration, unit = chance.choice(DURATIONS)
    picked += [stamp] + ([duration] if duration else [])
    chance.shuffle(picked)
    text = chance.choice(["", "", "<", "web1: "])
    for i, directive in enumerate(picked):
        text += f'"{directive}"' if directive in QUOTED else directive
        text += chance.choice(SEPARATORS) if i + 1 < len(picked) else ""
    return text, picked, stamp, (duration, unit)


def expected_time(twin, stamp, unit):
    """Begin or end in microseconds, cut to what the format prints; moved to the end by a begin's duration."""
    end = "end" in stamp
    us = int(twin["%{end:usec}t" if end else "%{usec}t"])
    step = 1 if "usec" in stamp else 1000 if "msec" in stamp else 10**6
    us -= us % step
    if not end and unit:
        us += int(twin["%D"]) // unit * unit
    return us


def compare(record, twin, picked, stamp, unit):
    wrong = []
    read = {**record, **record.get("attributes", {})}
    stamped = datetime.fromisoformat(record["timestamp"].replace("Z", "+00:00")) if record.get("timestamp") else None
    ours = None if stamped is None else int(stamped.timestamp()) * 10**6 + stamped.microsecond
    want = expected_time(twin, stamp, unit)
    if ours != want:
        wrong.append(("timestamp", want, ours))
    if unit and read.get("duration_us") != int(twin["%D"]) // unit * unit:
        wrong.append(("duration", int(twin["%D"]), read.get("duration_us")))
    for directive in picked:
        field = DIRECTIVES.get(directive)
        if not field or (directive in ("%m", "%U%q", "%H") and "%r" in picked):
            continue
        value = twin[directive]
        want = None if value in ("-", "", '""') else meant(value)
        if field == "network.protocol.version" and want:
            want = want.removeprefix("HTTP/")
        got = read.get(field)
        if (None if got is None else str(got)) != want:
            wrong.append((directive, want, got))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("onset")
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    binary = next((b for b in ("/usr/sbin/apache2", "/usr/sbin/httpd") if Path(b).exists()), None)
    modules = next((m for m in ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules") if Path(m).exists()), None)
    if not binary or not modules:
        print("skipped: Apache httpd is not installed: apt-get install apache2-bin\n0 passed, 0 failed")
        return 0
    chance = random.Random(options.seed)
    formats = [random_format(chance) for _ in range(options.n)]
    server = Server(binary, modules, [f[0] for f in formats])
    passed = failed = 0
    try:
        traffic(server)
        server.stop()
        twins = [dict(zip(TWIN, line.split("\t")))
                 for line in (server.work / "twin").read_text(errors="surrogateescape").splitlines()]
        for i, (text, picked, stamp, (_, unit)) in enumerate(formats):
            # onset reads the escapes as httpd.conf has them
            done = subprocess.run([options.onset, "check", "--records", "--no-mask", "--format", f"*=apache:{text}", server.work / f"log{i}"],
                                  capture_output=True, text=True)
            records = [json.loads(line) for line in done.stdout.splitlines()]
            lines = (server.work / f"log{i}").read_text(errors="replace").splitlines()
            bad = 0
            for record, twin in zip(records, twins):
                wrong = compare(record, twin, picked, stamp, unit)
                for directive, want, got in wrong:
                    print(f"  {directive}: Apache {want!r}, onset {got!r}\n    {lines[record['line'] - 1]}")
                bad += bool(wrong)
            if len(records) != len(twins):
                print(f"  {len(records)} records of {len(twins)} lines: {done.stderr.strip()[:300]}")
                bad += abs(len(twins) - len(records))
            print(f"{'PASS' if not bad else 'FAIL'} {len(twins) - bad} of {len(twins)} records agree: {text}")
            passed, failed = passed + (not bad), failed + bool(bad)
    finally:
        server.stop()
        shutil.rmtree(server.work, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
