#!/usr/bin/python3
"""reference: a naive second implementation of the counting half: logs in, facts out.

Takes  folders and files with logs (gzip or plain).
Gives  for each source: its lines by kind (records, joined, attached, unparsed, blank, head, joined over a rotation); every symptom event with time, line
       and offset; bursts by the dense, floating-point form of the automaton in facts/algorithms.md 1.2; requests with times.
Holds  everything in memory, in lists and dictionaries. Slow on purpose.
Never  shares a line, a table or a pattern file with the program: it was written from the design and the servers' manuals.
"""
import calendar
import csv
import gzip
import io
import json
import math
import re
from collections import defaultdict
from pathlib import Path

SEC = 1_000_000
MONTHS = {m: n for n, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


# ---------------------------------------------------------------- time
def civil(y, mo, d, h, mi, s, frac=""):
    return calendar.timegm((int(y), int(mo), int(d), int(h), int(mi), int(s))) * SEC + int((frac + "000000")[:6])


def offset_us(text):
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * (int(digits[:2]) * 3600 + int(digits[2:4] or 0) * 60) * SEC


ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d| UTC| GMT)?")


def iso(text):
    m = ISO.match(text)
    if not m:
        return None
    us = civil(*m.group(1, 2, 3, 4, 5, 6), m.group(7) or "")
    zone = m.group(8)
    if zone and zone[0] in "+-":
        us -= offset_us(zone)
    return us, (10 ** max(0, 6 - len(m.group(7) or ""))), bool(zone)


def clf(text):
    m = re.fullmatch(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})", text)
    d, mon, y, h, mi, s, zone = m.groups()
    return civil(y, MONTHS[mon], d, h, mi, s) - offset_us(zone)


def epoch(value):
    """Seconds, milliseconds, microseconds or nanoseconds, told apart by magnitude."""
    text = str(value)
    whole, _, frac = text.partition(".")
    n = int(whole)
    if n < 10**11:
        return n * SEC + int((frac + "000000")[:6])
    if n < 10**14:
        return n * 1000
    return n if n < 10**17 else n // 1000


# ---------------------------------------------------------------- events
class Event:
    __slots__ = ("us", "line", "offset", "signals", "status", "duration_us", "path", "user", "database", "pid", "calls")

    def __init__(self, us, line, offset):
        self.us, self.line, self.offset = us, line, offset
        self.signals = []
        self.status = self.duration_us = self.path = self.user = self.database = self.pid = self.calls = None


def db_refusal(text):
    if re.search(r'too many connections for role "', text):
        return "db.role_limit"
    if re.search(r'too many connections for database "', text):
        return "db.database_limit"
    if "sorry, too many clients already" in text or "remaining connection slots are reserved for" in text:
        return "db.max_connections"
    return None


def http_signals(event):
    s, d = event.status, event.duration_us
    if s is None:
        return
    if 500 <= s <= 599:
        event.signals.append(("http.server_error", f"http.{s}" if s in (500, 502, 503, 504) else "http.5xx"))
    if s == 499:
        event.signals.append(("http.client_gone", None))


def message_signals(event, text):
    """What a failing record's message, or any line of its exception text, says."""
    called = re.search(r'connection to server at "([^"]+)"(?: \(([^)]+)\))?, port (\d+)', text)  # libpq, fe-connect.c
    node = re.search(r"connect E[A-Z]+ ([\d.]+:\d+)", text)  # Node's net.js
    if node:
        event.calls = node.group(1)
    if called:
        event.calls = f"{called.group(2) or called.group(1)}:{called.group(3)}"
    refused = db_refusal(text)
    if refused:
        event.signals.append(("db.connections.exhausted", refused))
    if re.search(r"QueuePool limit of size \d+ overflow", text) or "PoolError: connection pool exhausted" in text or \
            re.search(r"Connection is not available, request timed out after \d+ms", text):
        event.signals.append(("app.pool.exhausted", None))
    if re.search(r"the database system is (starting up|not yet accepting connections|in recovery mode)", text):
        event.signals.append(("db.starting_up", None))
    if "the database system is shutting down" in text:
        event.signals.append(("db.shutting_down", None))


# ---------------------------------------------------------------- formats: (lines) -> events and counts
LINE = dict(records=0, joined=0, attached=0, unparsed=0, blank=0, head=0, joined_over_rotation=0)
NGINX = re.compile(r'(\S+) - (\S+) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?(.*)')
NGINX_ERROR = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d) \[(\w+)\] \d+#\d+: (?:\*\d+ )?(.*)")
PG = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC) \[(\d+)\] (.*?)(LOG|FATAL|ERROR|WARNING|PANIC|NOTICE|INFO|DEBUG\d?|"
                r"DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION):\s+(.*)", re.S)
ATTACH = {"DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION"}
PGB = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC) \[(\d+)\] (\w+) (.*)")
PY = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d),(\d{3}) (\w+) (.*)", re.S)


def last_upstream(text):
    """Of $upstream_addr the one that was tried last: "a, b" after a retry, "a : b" after an internal redirect."""
    address = re.split(r", | : ", text)[-1] if text else "-"
    return None if address == "-" else address


def nginx(lines, counts):
    for n, (offset, text) in enumerate(lines, 1):
        m = NGINX.fullmatch(text)
        if not m:
            counts["blank" if not text else "unparsed"] += 1
            continue
        counts["records"] += 1
        e = Event(clf(m.group(3)), n, offset)
        e.status = int(m.group(5))
        request = m.group(4).split(" ")
        e.path = request[1] if len(request) == 3 else None
        pairs = dict(re.findall(r'(\w+)="?([^"\s]*)"?', m.group(9)))
        if re.fullmatch(r"\d+\.\d+", pairs.get("rt", "")):
            e.duration_us = round(float(pairs["rt"]) * 1000) * 1000
        quoted = re.search(r' ua="([^"]*)"', m.group(9))
        e.calls = last_upstream(quoted.group(1)) if quoted else None
        http_signals(e)
        yield e


def nginx_json(lines, counts):
    for n, (offset, text) in enumerate(lines, 1):
        row = json.loads(text)
        counts["records"] += 1
        e = Event(epoch(row["msec"]), n, offset)
        e.status = row["status"]
        e.path = row["request"].split(" ")[1]
        e.duration_us = round(row["request_time"] * 1000) * 1000
        e.calls = last_upstream(row.get("upstream_addr"))
        http_signals(e)
        yield e


def nginx_error(lines, counts):
    for n, (offset, text) in enumerate(lines, 1):
        m = NGINX_ERROR.fullmatch(text)
        if not m:
            counts["blank" if not text else "unparsed"] += 1
            continue
        counts["records"] += 1
        e = Event(civil(*m.groups()[:6]), n, offset)
        said = m.group(8)
        upstream = re.search(r', upstream: "(?:\w+://)?([^/"]+)', said)
        e.calls = upstream.group(1) if upstream else None
        if m.group(7) in ("error", "alert", "crit", "emerg", "warn"):
            if said.startswith("no live upstreams"):
                e.signals.append(("lb.no_backend", None))
            elif re.match(r"connect\(\) failed \(111: ", said):
                e.signals.append(("backend.down", None))
        yield e


def pg_severity_failing(severity):
    return severity in ("FATAL", "ERROR", "PANIC", "WARNING")


def postgresql(lines, counts):
    current, recent = None, []
    for n, (offset, text) in enumerate(lines, 1):
        m = PG.fullmatch(text)
        if m and m.group(4) in ATTACH:
            pid = m.group(2)
            counts["attached" if pid in recent[-64:] else "unparsed"] += 1
            continue
        if not m:
            if text[:1] in ("\t", " ") or not text:
                counts["joined" if current else "head" if text else "blank"] += 1
            else:
                counts["unparsed"] += 1
            continue
        counts["records"] += 1
        current = Event(iso(m.group(1))[0], n, offset)
        recent.append(m.group(2))
        if pg_severity_failing(m.group(4)):
            message_signals(current, m.group(5))
        yield current


def postgresql_csv(lines, counts):
    text = "\n".join(t for _, t in lines)
    starts = [o for o, _ in lines]
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 0
    for row in reader:
        if not row:
            counts["blank"] += 1
            line = reader.line_num
            continue
        counts["records"] += 1
        counts["joined"] += reader.line_num - line - 1
        e = Event(iso(row[0])[0], line + 1, starts[line])
        line = reader.line_num
        if pg_severity_failing(row[11]):
            message_signals(e, row[13])
        yield e


def postgresql_json(lines, counts):
    for n, (offset, text) in enumerate(lines, 1):
        row = json.loads(text)
        counts["records"] += 1
        e = Event(iso(row["timestamp"])[0], n, offset)
        if pg_severity_failing(row["error_severity"]):
            message_signals(e, row["message"])
        yield e


def pgbouncer(lines, counts):
    for n, (offset, text) in enumerate(lines, 1):
        m = PGB.fullmatch(text)
        if not m:
            counts["blank" if not text else "unparsed"] += 1
            continue
        counts["records"] += 1
        e = Event(iso(m.group(1))[0], n, offset)
        server = re.match(r"S-0x[0-9a-f]+: \S+/\S+@(\S+:\d+) ", m.group(4))
        e.calls = server.group(1) if server else None
        if m.group(3) == "WARNING" and "pooler error: " in m.group(4):  # the LOG twin "closing because:" is the same refusal
            if "no more connections allowed" in m.group(4):
                e.signals.append(("pool.connections.exhausted", "pooler.client_limit"))
            elif "query_wait_timeout" in m.group(4):
                e.signals.append(("pool.connections.exhausted", "pool.wait_timeout"))
        yield e


# HAProxy's manual, sections 8.2.2, 8.2.3, 8.2.5 and 8.5. The header is syslog's: RFC 3164 as HAProxy and rsyslog write it, or RFC 5424.
HA_HEADER = re.compile(r"(?:<\d{1,3}>)?(?:(?P<old>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?:\S+ )?haproxy\[\d+\]: |"
                       r"1 (?P<new>\S+) \S+ haproxy \d+ - - )?(?P<message>.*)")
HA_START = r"\S+:\d+ \[(?P<start>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+ "
HA_HTTP = re.compile(HA_START + r"(?P<backend>\S+)/(?P<server>\S+) -?\d+/-?\d+/-?\d+/-?\d+/(?P<took>\d+) (?P<status>-1|\d{3}) \d+ \S+ \S+ (?P<state>\S{4}) "
                     r'[\d/+]+ \d+/\d+ (?:\{[^}]*\} ){0,2}"(?P<request>[^"]*)"')
HA_TCP = re.compile(HA_START + r"(?P<backend>\S+)/(?P<server>\S+) -?\d+/-?\d+/(?P<took>\d+) \d+ (?P<state>\S\S) [\d/+]+ \d+/\d+")
HA_SAID = re.compile(r"\[(?:NOTICE|WARNING|ALERT)\]|(?:Backup )?Server \S+/\S+ is |backend \S+ has no server available!|Proxy \S+ (started|stopped)|Health check for ")


def syslog_day(text, year):
    """A year-less stamp."""
    mon, d, clock = text[:3], text[4:6], text[7:]
    return civil(year, MONTHS[mon], d, *clock.split(":"))


def haproxy(lines, counts):
    """The stamp in brackets is the start; the last timer brings it to the end. HAProxy's own messages have the header's stamp only."""
    year = next((m.group(1) for m in (re.search(r"\[\d\d/\w{3}/(\d{4}):", text) for _, text in lines) if m), "2000")
    for n, (offset, text) in enumerate(lines, 1):
        header = HA_HEADER.fullmatch(text)
        said = header.group("message")
        m = HA_HTTP.fullmatch(said) or HA_TCP.fullmatch(said)
        if not m and not (HA_SAID.match(said) and (header.group("old") or header.group("new"))):
            counts["unparsed" if text else "blank"] += 1
            continue
        counts["records"] += 1
        if not m:
            us = iso(header.group("new"))[0] if header.group("new") else syslog_day(header.group("old"), year)
            e = Event(us, n, offset)
            server = re.match(r"(?:Backup )?Server (\S+/\S+) is |Health check for (?:backup )?server (\S+/\S+) ", said)
            e.calls = server and (server.group(1) or server.group(2))
            if " has no server available!" in said:
                e.signals.append(("lb.no_backend", None))
            yield e
            continue
        d, mon, y, h, mi, s, ms = re.split(r"[/:.]", m.group("start"))
        year = y
        start, took = civil(y, MONTHS[mon], d, h, mi, s, ms), int(m.group("took")) * 1000
        if header.group("new"):  # its zone: to the quarter of an hour
            start -= round((start + took - iso(header.group("new"))[0]) / (900 * SEC)) * 900 * SEC
        e = Event(start + took, n, offset)
        e.duration_us = took
        state, no_server = m.group("state"), m.group("server") == "<NOSRV>"
        e.calls = None if m.group("server").startswith("<") else f"{m.group('backend')}/{m.group('server')}"
        http = m.groupdict().get("status")
        if http and http != "-1":
            e.status = int(http)
            http_signals(e)
        if state.startswith("SC") and no_server and (len(state) == 2 or e.status == 503):
            e.signals.append(("lb.no_backend", None))
        if state[:2] in ("CC", "CH"):
            e.signals.append(("http.client_gone", None))
        yield e


# What runtimes print when nobody caught an exception. The first kind may also stand behind a logger's own line.
UNSURE = re.compile(r"(  \+ Exception Group )?Traceback \(most recent call last\):|\S+\.rb:\d+:in .*\([A-Z][\w:]*\)$")
LATER = re.compile(r"fatal error: |FATAL ERROR: ")
SURE = re.compile(r"node:\S+:\d{1,9}$|\S+\.[mc]?[jt]s:\d{1,9}$|Exception in thread |Fatal Python error: |panic: |unexpected fault address |"
                  r"SIG(SEGV: segmentation violation|ABRT: abort|QUIT: quit|BUS: bus error)|<--- Last few GCs --->|#<Thread:0x|"
                  r"# A fatal error has been detected by the Java|PHP (Fatal|Parse) error: |Unhandled exception\. ")


class Dump:
    """A dump that may be open: it takes the lines behind its head, down to a record, another head, a stamp or its last line."""

    def __init__(self):
        self.event = None
        self.text = []
        self.done = []

    def close(self):
        if self.event:
            message_signals(self.event, "\n".join(self.text))
            self.done.append(self.event)
        self.event = None

    def takes(self, text, at, counts, last_us, sure_only):
        """True when the line begins a dump or goes on with one; it is counted then."""
        if SURE.match(text) or (not self.event and (LATER.match(text) or (not sure_only and UNSURE.match(text)))):
            if last_us is None:
                return False
            self.close()
            self.event, self.text = Event(last_us, *at), [text]
            counts["records"] += 1
            return True
        if not self.event or re.match(r"\[?(\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d\d/\w{3}/\d{4})", text):
            self.close()
            return False
        counts["joined"] += 1
        self.text.append(text)
        if re.match(r"Node\.js v\d", text):
            self.close()
        return True


def python_text(lines, counts):
    entries, dump = [], Dump()
    for n, (offset, text) in enumerate(lines, 1):
        m = PY.fullmatch(text)
        if m:
            dump.close()
            counts["records"] += 1
            entries.append([Event(civil(*m.groups()[:6], m.group(7)), n, offset), m.group(8), [m.group(9)]])
        elif dump.takes(text, (n, offset), counts, entries[-1][0].us if entries else None, True):
            pass
        elif text[:1].isdigit():
            counts["unparsed"] += 1
        elif entries:
            counts["joined"] += 1
            entries[-1][2].append(text)
        else:
            counts["head" if text else "blank"] += 1
    dump.close()
    for e, level, said in entries:
        status = re.search(r"status=(\d{3})\b|-> (\d{3}) in ", said[0])
        if status:
            e.status = int(status.group(1) or status.group(2))
            took = re.search(r"duration_ms=([\d.]+)| in ([\d.]+)ms\b", said[0])
            e.duration_us = round(float(took.group(1) or took.group(2)) * 1000) if took else None
            http_signals(e)
        if level in ("WARNING", "ERROR", "CRITICAL"):
            message_signals(e, "\n".join(said))
    yield from sorted([e for e, _, _ in entries] + dump.done, key=lambda e: e.line)


def json_of(text):
    try:
        return json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None


def app_json(lines, counts):
    events, dump, last_us = [], Dump(), None
    for n, (offset, text) in enumerate(lines, 1):
        row = json_of(text)
        if row is None:
            if not dump.takes(text, (n, offset), counts, last_us, False):
                counts["unparsed" if text else "blank"] += 1
            continue
        dump.close()
        counts["records"] += 1
        stamp = row["time"]
        last_us = epoch(stamp) if isinstance(stamp, (int, float)) else iso(stamp)[0]
        e = Event(last_us, n, offset)
        e.status = row.get("res", {}).get("statusCode")
        if "responseTime" in row:
            e.duration_us = round(row["responseTime"] * 1000)
        http_signals(e)
        if row.get("level", 0) >= 40:
            err = row.get("err", {})
            message_signals(e, row.get("msg", "") + "\n" + err.get("message", ""))
        events.append(e)
    dump.close()
    yield from sorted(events + dump.done, key=lambda e: e.line)


def logback_json(lines, counts):
    """logstash-logback-encoder: one object a line, exceptions inside it."""
    for n, (offset, text) in enumerate(lines, 1):
        row = json_of(text)
        if row is None:
            counts["unparsed" if text else "blank"] += 1
            continue
        counts["records"] += 1
        e = Event(iso(row["@timestamp"])[0], n, offset)
        e.status = row.get("status")
        if "durationMs" in row:
            e.duration_us = row["durationMs"] * 1000
        http_signals(e)
        if row["level"] in ("WARN", "ERROR"):
            message_signals(e, row["message"] + "\n" + row.get("stack_trace", ""))
        yield e


def kind_of(text):
    """By the first lines, each on its own: a rotated file may begin in the middle of an entry."""
    for line in text.split("\n")[:50]:
        kind = kind_of_line(line) if line and line[0] not in " \t" else (None, "unknown")
        if kind[0]:
            return kind
    return None, "unknown"


def kind_of_line(first):
    if first.startswith("{"):
        row = json.loads(first)
        return (postgresql_json, "db") if "error_severity" in row else (nginx_json, "web") if "request_time" in row else \
            (logback_json if "@timestamp" in row else app_json, "app")
    if HA_HTTP.fullmatch(HA_HEADER.fullmatch(first).group("message")) or HA_TCP.fullmatch(HA_HEADER.fullmatch(first).group("message")):
        return haproxy, "lb"
    if re.match(r"\S+ - \S+ \[", first):
        return nginx, "web"
    if re.match(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[", first):
        return nginx_error, "web"
    if re.match(r"[\d-]{10} [\d:.]{12} UTC,", first):
        return postgresql_csv, "db"
    if re.match(r"[\d-]{10} [\d:.]{12} UTC \[\d+\] (LOG|WARNING|DEBUG|ERROR|FATAL|NOISE) ", first):
        return pgbouncer, "pool"
    if PG.fullmatch(first):
        return postgresql, "db"
    if re.match(r"[\d-]{10} [\d:]{8},\d{3} ", first):
        return python_text, "app"
    return None, "unknown"


def source_key(path):
    name = re.sub(r"\.gz$", "", path)
    name = re.sub(r"\.\d+$", "", name)
    return re.sub(r"[-_.]\d{4}-\d\d-\d\d(_\d{6})?(?=\.|$)", "", name)


# ---------------------------------------------------------------- bursts: dense CB2, floating point
CAP = 0.05  # events per second: the most that a signal which is ~0 in health may have as background
PERIODS = (60, 300, 600, 900, 1800, 3600)


def quiet_ln(x, rate, shape):
    if shape is None:
        return x * math.log(rate) - rate - math.lgamma(x + 1)
    return (math.lgamma(x + shape) - math.lgamma(shape) - math.lgamma(x + 1) + shape * math.log(shape / (shape + rate))
            + x * math.log(rate / (shape + rate)))


def blocks(cells, begin, per):
    """Sums of whole blocks of `per` cells, aligned to the epoch, that touch no gap (a cell None)."""
    whole = [cells[i:i + per] for i in range(-begin % per, len(cells) - per + 1, per)]
    return sorted(sum(b) for b in whole if None not in b)


def peak_of(rate):
    return max(3, math.ceil(rate + 5 * math.sqrt(rate) + 1 - 1e-9))


def background(cells, begin, width, cap):
    """`cap`: events per second that the background has at the most, 0: any. Gives rate, shape of the negative binomial or None, the least count that is a peak, and whether more than half of the blocks exceed
    the cap. The rate is the median of blocks of 60 s when there are twenty; in shorter captures the mean of those blocks of 10 s
    (of one cell when there are not even three) that are not far above the quietest quarter."""
    known = [x for x in cells if x is not None]
    per = max(1, 60 // width)
    sums = blocks(cells, begin, per)
    if len(sums) >= 20:
        rate = ((sums[(len(sums) - 1) // 2] + sums[len(sums) // 2]) / 2 + 0.5) / per
    else:
        per = max(1, 10 // width)
        sums = blocks(cells, begin, per)
        if len(sums) < 3:
            per, sums = 1, sorted(known)
        least = width / 120
        high = peak_of(sums[(len(sums) - 1) // 4] + least * per)
        quiet = [x for x in sums if x < high]
        rate = sum(quiet) / (len(quiet) * per) + least
    filled = cap and sum(x > cap * per * width for x in sums) * 2 > len(sums)
    if cap:
        rate = min(rate, cap * width)
    high = peak_of(rate)
    usual = [x for x in known if x < 4 * high]
    mean = sum(usual) / len(usual) if usual else 0
    variance = sum(x * x for x in usual) / len(usual) - mean * mean if usual else 0
    shape = max(0.2, mean * mean / (variance - mean)) if rate > 0.1 and variance > 1.2 * mean else None
    return rate, shape, high, filled


def periodic(cells, begin, width, high):
    """The chance of a peak at each cell: 1/600, more where at least 60 % of the periods have one at this phase (+- 2 s)."""
    known = sum(x is not None for x in cells)
    peak = [1 / 600] * len(cells)
    for seconds in PERIODS:
        period = seconds // width
        if seconds % width or period < 6 or known // period < 4:
            continue
        near = 2 if width == 1 else 0
        seen = defaultdict(set)
        for i, x in enumerate(cells):
            if x is not None and x >= high:
                for d in range(-near, near + 1):
                    at = begin + i + d
                    seen[at % period].add(at // period)
        times = known // period
        share = {phase: len(s) / times for phase, s in seen.items() if len(s) / times >= 0.6}
        if len(share) <= period // 4:
            for i in range(len(cells)):
                peak[i] = max(peak[i], min(share.get((begin + i) % period, 0), 0.9))
    return peak


def gains(cells, peak, rate, shape):
    """What each cell says for a burst, nats; a cell of a gap says nothing."""
    m = max(2.0, 5 * rate)
    low = math.floor(rate + math.sqrt(rate) + 1e-9)
    out = []
    for x, e in zip(cells, peak):
        if x is None:
            out.append(0.0)
        elif x <= low:
            out.append(-1.1)
        else:
            burst = x * math.log(m / (1 + m)) - math.log(1 + m)
            quiet = quiet_ln(x, rate, shape) + math.log(1 - e)
            other = burst + math.log(e)
            top = max(quiet, other)
            out.append(burst - top - math.log(math.exp(quiet - top) + math.exp(other - top)))
    return out


def viterbi(gain):
    """[(first cell, last cell)] of the burst state: 12 nats to begin one, 6 to end it."""
    up, down = 12.0, 6.0
    score, back = [0.0, -math.inf], []
    for g in gain:
        from0 = 0 if score[0] >= score[1] - down else 1
        from1 = 1 if score[1] >= score[0] - up else 0
        back.append((from0, from1))
        score = [max(score[0], score[1] - down), max(score[1], score[0] - up) + g]
    state = 0 if score[0] >= score[1] else 1
    states = []
    for choice in reversed(back):
        states.append(state)
        state = choice[state]
    states.reverse()
    found, start = [], None
    for i, s in enumerate(states + [0]):
        if s and start is None:
            start = i
        elif not s and start is not None:
            found.append((start, i - 1))
            start = None
    return found


def quiet_stretches(cells, found, rate):
    """The middle cell of each 20 cells inside a burst that hold no more than the background would: they separate two."""
    most = math.floor(20 * rate + 2 * math.sqrt(20 * rate) + 1e-4)
    out = set()
    for first, last in found:
        full = [i for i in range(first, last + 1) if cells[i]]
        for i in full[:-1]:
            window = cells[i + 1:i + 21]
            if i + 20 < full[-1] and None not in window and sum(window) <= most:
                out.add(i + 11)
    return out


def find(cells, peak, rate, shape, breaks):
    """Runs of cells in the burst state, found anew with a pause in each quiet stretch; nothing goes on behind a break."""
    def run(pauses):
        gain = [-1e9 if i in pauses else g for i, g in enumerate(gains(cells, peak, rate, shape))]
        found, at = [], 0
        for stop in [*breaks, (len(cells), len(cells))]:
            found += [(at + a, at + b) for a, b in viterbi(gain[at:stop[0]])]
            at = stop[1]
        return found
    pauses = quiet_stretches(cells, run(set()), rate)
    return run(pauses)


def bursts(events, start_us, end_us, gaps, cap):
    """[(first event, last event, count)] of sorted event times; the source covers [start, end]; gaps are stretches without a log.
    In cells of 1 s; then of 10 s and 60 s, where peaks count no more than one that is just too high and periodic ones not at all,
    what narrower cells did not show. A capture that is full of a signal that is ~0 in health, but too evenly, is one burst."""
    out, small = [], []
    for width in (1, 10, 60):
        step = width * SEC
        begin, end = start_us // step, end_us // step
        def empty():
            cells = [0] * (end - begin + 1)
            breaks = []
            for a, b in gaps:
                first, beyond = a // step + 1 - begin, b // step - begin
                cells[max(0, first):beyond] = [None] * (beyond - max(0, first))
                if b - a > 600 * SEC and beyond > first:
                    breaks.append((first, beyond))
            return cells, breaks
        cells, breaks = empty()
        if width == 1:
            for us in events:
                cells[us // step - begin] += 1
        else:
            for i, x in enumerate(fine):
                if x and fine_peak[i] <= 1 / 600:
                    cells[(fine_begin + i) // width - begin] += min(x, fine_high)
        rate, shape, high, filled = background(cells, begin, width, cap)
        peak = periodic(cells, begin, width, high)
        if width == 1:
            fine, fine_peak, fine_high, fine_begin, full = cells, peak, high, begin, filled
        narrower = list(out)
        for first, last in find(cells, peak, rate, shape, breaks):
            inside = [us for us in events if first <= us // step - begin <= last]
            if width == 1 and sum(x or 0 for x in cells[first:last + 1]) < 10:
                small.append((inside[0], inside[-1], len(inside)))
            if sum(x or 0 for x in cells[first:last + 1]) >= 10 and not any(o[0] <= inside[-1] and inside[0] <= o[1] for o in narrower):
                out.append((inside[0], inside[-1], len(inside)))
        if width == 1:
            fine_breaks = {i for a, b in gaps for i in range(a // SEC + 1 - begin, b // SEC - begin)}
    if cap:
        # a small one counts at most two minutes from a large one: it needs no ten events there
        near = [s for s in small if min((max(s[0] - o[1], o[0] - s[1]) for o in out), default=10**18) <= 120 * SEC]
        out += [s for s in near if not any(o[0] <= s[1] and s[0] <= o[1] for o in out)]
        out = reach(sorted(out), events, [peak > 1 / 600 for peak in fine_peak], fine, fine_begin, fine_breaks, cap == CAP)
    if not out and full and len(events) >= 10:
        lone = sum(fine[i] or 0 for i in range(len(fine)) if fine_peak[i] <= 1 / 600)
        if 2 * lone >= len(events):
            out = [(events[0], events[-1], len(events))]
    return sorted(out)


REACH = 30 * SEC
JOIN = 20 * SEC


def reach(bursts, events, periodic, cells, begin, silent, none_in_health):
    """Seconds with events near a burst belong to it: at most 30 s away (and no farther than the next burst is from it) where events are so
    rare more than two minutes from all bursts that by chance one of ten edges would have one so near; less than 20 s in a log too short to
    tell, if each of them is so near and no request's failure. Bursts that no 20 s part are one then. Not over a gap, not if they are periodic;
    between two bursts they are parted where the pause is longest."""
    seconds = []
    for us in events:
        if seconds and us // SEC == seconds[-1][0] // SEC:
            seconds[-1] = (seconds[-1][0], us, seconds[-1][2] + 1)
        else:
            seconds.append((us, us, 1))
    outside = [s for s in seconds if not any(b[0] <= s[0] <= b[1] for b in bursts)]
    regular = lambda s: periodic[s[0] // SEC - begin]
    far_s = sum(x is not None for x in cells) - sum((b[1] - b[0] + 240 * SEC) // SEC for b in bursts)
    far = [s for s in outside if all(s[1] < b[0] - 120 * SEC or s[0] > b[1] + 120 * SEC for b in bursts)]
    if far_s < 200:
        most = JOIN - 1
        if not none_in_health or not all(any(b[0] - s[1] < JOIN and s[0] - b[1] < JOIN for b in bursts) for s in outside):
            return bursts
    else:
        most = REACH
        if sum(s[2] for s in far if not regular(s)) > far_s // 300:
            return bursts

    def between(after, until):
        """The lone seconds between two bursts (None: an end of the log), and the pause before each and behind the last; inf: nothing joins."""
        row = [s for s in outside if (not after or s[0] > after[1]) and (not until or s[1] < until[0])]
        pauses = []
        for left, right in zip([after] + row, row + [until]):
            apart = right[0] - left[1] if left and right else math.inf
            if any(regular(s) for s in (left, right) if s in row) or apart < math.inf and any(
                    i in silent for i in range(left[1] // SEC - begin, right[0] // SEC - begin)):
                apart = math.inf
            pauses.append(apart)
        return row, pauses

    joined = []
    for b in bursts:
        if joined:
            row, pauses = between(joined[-1], b)
            if max(pauses) < JOIN:
                joined[-1] = (joined[-1][0], b[1], joined[-1][2] + sum(s[2] for s in row) + b[2])
                continue
        joined.append(tuple(b))
    out = [list(b) for b in joined]
    far = [min([most] + [max(o[0] - b[1], b[0] - o[1]) for o in joined if o is not b]) for b in joined]
    for k in range(len(joined) + 1):
        after, until = (joined[k - 1] if k else None), (joined[k] if k < len(joined) else None)
        row, pauses = between(after, until)
        if not row:
            continue
        widest = pauses.index(max(pauses))
        if after:
            for s in row[:min([j for j, p in enumerate(pauses) if p > far[k - 1]] + [widest])]:
                out[k - 1][1], out[k - 1][2] = s[1], out[k - 1][2] + s[2]
        if until:
            for s in row[max([j for j, p in enumerate(pauses) if p > far[k]] + [widest]):]:
                out[k][0], out[k][2] = min(out[k][0], s[0]), out[k][2] + s[2]
    return [tuple(b) for b in out]


def censored_by(burst, bursts, gaps, reach_us):
    """(start of the gap in which the burst may have begun, end of that in which it may have ended), or None: an event lost in a gap at
    most `reach_us` away would have belonged to it. What lies behind another burst is that one's."""
    begun = [a for a, b in gaps if 0 <= burst[0] - b <= reach_us and not any(b <= o[1] < burst[0] for o in bursts)]
    over = [b for a, b in gaps if 0 <= a - burst[1] <= reach_us and not any(burst[1] < o[0] <= a for o in bursts)]
    return max(begun, default=None), min(over, default=None)


def join_over_rotation(source):
    """Lines before a file's first record belong to the file whose last record is nearest before it, at most a minute: that one is read
    again with them behind it."""
    parts = [p for p in source["parts"] if p["events"]]
    for part in sorted(parts, key=lambda p: p["events"][0].us):
        head = part["lines"][:part["events"][0].line - 1]
        n = sum(bool(text) for _, text in head) if part["counts"]["head"] else 0
        before = [p for p in parts if p is not part and p["reader"] == part["reader"] and not p["joined"] and
                  0 <= part["events"][0].us - p["events"][-1].us <= 60 * SEC]
        if not n or not before:
            continue
        tail = max(before, key=lambda p: (p["events"][-1].us, p["events"][0].us))
        tail["joined"] = True
        tail["events"][:] = list(tail["reader"](tail["lines"] + head, dict(LINE)))
        source["counts"]["head"] -= n
        source["counts"]["joined_over_rotation"] += n


def sources(paths):
    files = []
    for given in paths:
        given = Path(given)
        files += sorted(p for p in given.rglob("*") if p.is_file()) if given.is_dir() else [given]
    options = [path for path in files if path.name == "onset.conf"]  # these, and the events that they name, are no logs
    said = [path.parent / name for path in options for name in re.findall(r"^events = (.*)$", path.read_text(), re.M)]
    files = [path for path in files if path not in options + said]
    found = {}
    for path in files:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "surrogateescape")
        reader, tier = kind_of(text)
        lines, offset = [], 0
        for piece in text.split("\n"):
            size = len(piece.encode("utf-8", "surrogateescape"))
            lines.append((offset, piece.removesuffix("\r")))
            offset += size + 1
        if lines and lines[-1][1] == "":
            lines.pop()
        counts = dict(LINE, lines=len(lines))
        events = list(reader(lines, counts)) if reader else []
        if not reader:
            counts["unparsed"] = len(lines)
        source = found.setdefault(source_key(str(path)), {"tier": tier, "files": [], "parts": [], "counts": dict(LINE, lines=0), "reader": reader})
        if reader:
            source["tier"], source["reader"] = tier, reader
        source["files"].append((str(path), events))
        source["parts"].append({"events": events, "lines": lines, "reader": reader, "counts": counts, "joined": False})
        for name, value in counts.items():
            source["counts"][name] += value
    for source in found.values():
        join_over_rotation(source)
    return found
