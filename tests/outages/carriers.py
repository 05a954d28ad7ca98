"""carriers: what collects a program's lines, line by line, and wraps each: Docker's json-file, journald, rsyslog.

Takes  a random.Random of its own; the sources of a site. Gives  draw(): the carrier of each source, or None; wrap(): its bytes.
Never  changes a line, but as the carrier does (rsyslog writes a tab as #011).

    docker   json-file: {"log", "stream", "time"}, Go's JSON (<, > and & escaped), RFC3339Nano of the machine's clock (docs.docker.com,
             "JSON File logging driver"; moby daemon/logger/jsonfilelog)
    journal  journalctl -o json of a service that writes to stdout (systemd.journal-fields(7))
    syslog   rsyslog's traditional file format, RSYSLOG_TraditionalFileFormat: local time, no year, whole seconds; or RSYSLOG_FileFormat
"""
import json
import time

SEC = 1_000_000
COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
# A whole house has one way; which of its logs go that way. A program that hands its lines to syslog itself is its own business (HAProxy).
WAYS = ("docker", "journal", "syslog_old", "syslog")
COMM = {"web": "nginx", "app": "node", "pool": "pgbouncer", "db": "postgres", "lb": "haproxy"}


def draw(rng, site):
    """One house in six has a carrier; there, three logs in four come through it."""
    if rng.random() >= 0.17:
        return
    way = rng.choice(WAYS)
    for s in site.sources:
        carried = rng.random() < 0.75
        if not carried or s.headed or s.twin or (way.startswith("syslog") and s.tier in ("pool", "db")):
            continue  # these write to syslog themselves, in another form
        s.carrier = Carrier(rng, way, s)
        if way != "syslog_old":
            s.printed = True  # an instant stands in every line, if not in the program's own stamp


class Carrier:
    def __init__(self, rng, way, s):
        self.rng, self.way, self.s = rng, way, s
        self.pid, self.boot = rng.randrange(300, 30000), "%032x" % rng.getrandbits(128)
        self.process = s.path.split("/")[-1].split(".")[0] if s.tier == "app" else COMM[s.tier]
        self.number = rng.randrange(1000, 90000)
        self.error = s.path.endswith("error.log")
        self.last = 0

    def wrap(self, t, text):
        """The lines of one record, each wrapped; the carrier reads them one after the other, in some microseconds."""
        out = []
        for line in text.split("\n"):
            if self.way != "docker" and not line.strip():
                continue  # journald and syslog keep no empty messages
            self.last = t = max(t, self.last) + self.rng.randrange(8, 60)
            out.append(getattr(self, self.way)(t, line) + "\n")
        return "".join(out)

    def docker(self, t, line):
        us = self.s.clock.shown(t)
        digits = f"{us % SEC:06d}{self.rng.randrange(1000):03d}".rstrip("0")
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // SEC)) + ("." + digits if digits else "") + "Z"
        text = COMPACT({"log": line + "\n", "stream": "stderr" if self.error or self.s.tier in ("db", "pool") else "stdout", "time": when})
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def journal(self, t, line):
        us = self.s.clock.shown(t)
        self.number += 1
        return json.dumps({"__CURSOR": f"s=7f0c;i={self.number:x};b={self.boot};m={us % 10**11:x};t={us:x};x=1", "__REALTIME_TIMESTAMP": str(us), "__MONOTONIC_TIMESTAMP": str(us % 10**11), "_BOOT_ID": self.boot,
                           "PRIORITY": "6", "SYSLOG_FACILITY": "3", "_TRANSPORT": "stdout", "SYSLOG_IDENTIFIER": self.process, "_PID": str(self.pid), "_COMM": self.process,
                           "_SYSTEMD_UNIT": self.process + ".service", "_HOSTNAME": self.s.host, "MESSAGE": line.rstrip()})

    def syslog_old(self, t, line):
        seconds, _ = self.s.civil(t)
        month, day, rest = time.strftime("%b %d %H:%M:%S", time.gmtime(seconds)).split(" ")
        return f"{month} {int(day):2d} {rest} {self.s.host} {self.process}[{self.pid}]: {self.tabless(line)}"

    def syslog(self, t, line):
        seconds, us = self.s.civil(t)
        return f'{self.s.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us:06d}{self.s.offset(True)} {self.s.host} {self.process}[{self.pid}]: {self.tabless(line)}'

    @staticmethod
    def tabless(line):
        return line.replace("\t", "#011")
