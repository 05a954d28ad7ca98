"""fields: what a third party expects of a line, beside what onset read.

Names of ours that differ from theirs stand in NAMES; what has no counterpart in our output in NOT_COMPARED, with the reason: it
is counted and listed, never hidden. A field that is compared and that we do not give is "missing".

How values are compared:
  timestamp   as UTC, at the precision that the expectation is printed with: three digits when it has one to three (they are
              printed without trailing zeros), six when it has more; cut, not rounded (the data show it: 12:08:33.335892 is .335).
              Where neither the line nor the case says a zone (ours then has "zone": null): civil time against civil time. Where
              neither says a year (ours has "year": null; the third party took it from a file's mtime): all but the year.
              A line whose stamp is its start (Apache, HAProxy) may be given at its end: start = ours - duration_us.
  numbers     as numbers, whether printed as text or not; durations in the unit of the name, from our duration_us, cut to
              milliseconds where the expectation is of whole ones
  severity    severity_text as printed, in any case. A word that does not stand in the line is the third party's own name for a
              level, and a letter is a sign for one: then the level must be the same (band()), as for severity_mapped, gcp.severity,
              severity_lnav
  message     but for white space at its ends and the way lines are joined; nginx errors with or without ", client: ..."; a
              PostgreSQL DETAIL, HINT, CONTEXT, STATEMENT, QUERY line alone: the text of that field; "statement: SQL" with or
              without what stands before the SQL, where the SQL is our db.query.text; Apache's with or without the "AH00094: " that is expected as
              error.code, too
  timestamp_text    but for runs of blanks ("Aug  7", "Aug 7")
              of an access line: its request line
  url.domain  (Elastic's) of our url.original, where that is absolute and no header says the host
  W3C extended logs print "+" for a blank in an agent: as it stands, or what it means
  none        a word by which a program says that there is nothing (NONE: PgBouncer's "(nodb)", PostgreSQL's "[unknown]" and its
              transaction 0): ours may be that word, or absent from a record that is there
  url.original    of a request line that is no request ("HELP", a TLS hello): the whole of it, our `request`; an absolute one with
              or without "https:"; a query that the line prints apart may be behind it or not
  nginx's and Apache's "\\xNN", '\\"' in an URL, agent or referer: as it stands, or what it means (bytes that are no UTF-8 are U+FFFD in ours)
  exception.message    where no exception.type is expected it is Datadog's name for the words of the message: one is in the other
  other text  byte for byte, but for white space at its ends
Not scored, but counted: a case that is a piece of the third party's program, where the line's parts stand beside each other
("('+', '<1>1 ', Call(...))"); a message with a sign that its line does not have; an address or id that does not stand in its own line (two lines of a third party's test were mixed up); a
program's name that no line prints (the third party was told which log it is: nginx and Apache write byte for byte the same); a
level that is taken from an HTTP status; an epoch, or the time of a W3C extended log, which are UTC, that the third party took for civil time.
"""
import datetime
import json
import re
import zoneinfo

import rustvalue

NAMES = {
    "logger.name": ["log.logger", "code.file.path"],
    "postgresql.session_id": ["session.id"],
    "postgresql.application_name": ["application.name"],
    "postgresql.backend_type": ["db.backend_type"],
    "postgresql.detail": ["db.detail"],
    "haproxy.termination_state": ["error.code"],
    "http.response.size": ["http.response.body.size"],
    "http.request_line": ["request"],
    # Datadog's network.client.ip, where the line says only which of two it came from
    "client.address": ["client.address", "source.address"],
    "client.port": ["client.port", "source.port"],
    "vrl:version": ["syslog.version"],
    "vrl:thread": ["thread.id"],
    "vrl:port": ["client.port"],
    "vrl:referrer": ["http.request.header.referer"],
    "vrl:module": ["log.logger"],
    "vrl:identity": ["apache.remote_logname", "http.ident", "identity"],
    "ecs:client.ip": ["client.address"],
    "ecs:client.address": ["client.address"],
    "ecs:client.port": ["client.port"],
    "ecs:url.domain": ["http.request.header.host", "server.address"],
    "ecs:http.request.mime_type": ["http.request.header.content-type", "http.response.header.content-type"],
    "ecs:log.syslog.priority": ["syslog.priority"],
    "ecs:system.syslog.version": ["syslog.version"],
    "ecs:error.message": ["exception.message", "message"],
    "ecs:service.name": ["service.name"],
    "ecs:java.log.origin.thread.name": ["thread.name"],
    "ecs:java.log.origin.class.name": ["log.logger", "code.namespace"],
    "ecs:apache.error.module": ["log.logger"],
    "mysql.slowlog.user": ["user.name"],
    "mysql.slowlog.database": ["db.namespace"],
    "mysql.slowlog.query": ["db.query.text"],
}
NUMBERS = {
    "client.port", "http.response.status_code", "http.response.body.size", "http.response.size", "process.pid", "thread.id",
    "nginx.connection_id", "postgresql.session_line_number", "postgresql.transaction_id", "syslog.priority", "syslog.version",
    "vrl:version", "vrl:port", "ecs:client.port", "ecs:log.syslog.priority", "code.line.number", "lines", "records",
}
# Their name: how many of its units are a second.
DURATIONS = {"duration_ns": 10**9, "duration_ms": 10**3, "http.server.request.duration_s": 1, "mysql.slowlog.query_time": 1,
             "ecs:squid.request.duration": 10**3, "ecs:aws.cloudfront.time_taken": 1, "ecs:aws.s3access.total_time": 10**3,
             "ecs:rails.request.duration.total": 10**3, "ecs:mongodb.profile.duration": 10**3}
SAME_LEVEL = {"severity_mapped", "gcp.severity", "severity_lnav"}
NOT_COMPARED = [
    (r"ecs:.*", "a name of Elastic's own vocabulary without a counterpart here"),
    (r"vrl:(message1|message2|rust)", "a fragment of a Rust program, not a value"),
    (r"mysql\.slowlog\.(normalized_query|tables|statement|comments)", "derived by the third party, not in the line"),
]
NONE = {"db.namespace": {"(nodb)", "unknown", "[unknown]"}, "user.name": {"(nouser)", "unknown", "[unknown]", "-"},
        "postgresql.transaction_id": {"0"}, "postgresql.application_name": {"[unknown]"}}
VERBATIM = {"client.address", "client.port", "process.pid", "nginx.connection_id", "request.id", "host.name", "postgresql.session_id",
            "url.original"}
FACILITIES = ("kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron "
              "local0 local1 local2 local3 local4 local5 local6 local7").split()
BANDS = [(1, "trace verbose finest finer v"), (5, "debug fine config d"),
         (9, "info information informational log note notice default i ok success n system"), (13, "warn warning w"), (17, "error err e severe"),
         (18, "critical crit alert emergency emerg fatal panic f c")]


def number(value):
    """An int where it is one, so that large ids stay exact; None when it is no number."""
    try:
        return int(str(value).strip())
    except ValueError:
        try:
            return float(str(value).strip())
        except ValueError:
            return None


def band(level):
    """TRACE, DEBUG, INFO, WARN, ERROR, worse: of a word or of OpenTelemetry's number; None when unknown."""
    if isinstance(level, int):
        return next((b for b in (18, 17, 13, 9, 5, 1) if level >= b), None)
    word = str(level).strip().lower()
    return next((b for b, words in BANDS if word in words.split()), None)


def squeezed(text):
    return re.sub(r"\s+", " ", str(text)).strip()


def lines_of(text):
    """Text whose lines may have been joined with or without their indentation."""
    return [line.strip() for line in str(text).strip().split("\n")]


class Read:
    """What onset gave for a case: its first record with a time (else the first), and attachments behind it."""

    def __init__(self, case):
        self.case = case
        timed = [r for r in case.records if r.get("timestamp")]
        self.main = (timed or case.records or [{}])[0]
        self.rest = [r for r in case.records if r is not self.main and "message" not in r]

    def get(self, name):
        for r in [self.main, *self.rest]:
            for place in (r, r.get("attributes") or {}):
                if name in place and place[name] is not None:
                    return place[name]
        return None

    def attribute(self, *ends):
        """An attribute by the end of its name, in any case: "mysql.slowlog.rows_sent" for Rows_sent."""
        for name, value in (self.main.get("attributes") or {}).items():
            if any(name.lower() == end or name.lower().endswith("." + end) for end in ends):
                return value
        return None

    def first(self, names):
        return [v for v in (self.get(n) for n in names) if v is not None]


def times(read, expected):
    m = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z", expected)
    ours = read.main.get("timestamp")
    if not ours:
        return None
    digits = 0 if not m[2] else 3 if len(m[2]) <= 3 else 6
    fraction = "." + (m[2] + "000000")[:digits] if digits else ""
    want = m[1] + fraction
    stamps = [ours]
    duration = read.main.get("duration_us")
    if duration:
        stamps.append(moved(ours, -datetime.timedelta(microseconds=duration)))
    if "year" in read.main and "--year" not in read.case.options:
        zone = stated_zone(read.case)
        if "zone" in read.main and zone:
            want = moved(m[1], zone(m[1]))[:19] + fraction
        return ours[4:len(want)] == want[4:]
    return any((s.rstrip("Z") + "000000")[:len(want)] == want for s in stamps)


def moved(stamp, by):
    return (datetime.datetime.fromisoformat(stamp.rstrip("Z")) + by).isoformat(timespec="microseconds")


def stated_zone(case):
    """The offset from UTC at a time of UTC, as the case states it; None when it states none."""
    zone = case.options[case.options.index("--zone") + 1].removeprefix("*=") if "--zone" in case.options else None
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone or "")
    if offset:
        by = datetime.timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (-1 if offset[1] == "-" else 1)
        return lambda _: by
    if zone:
        return lambda utc: datetime.datetime.fromisoformat(utc + "+00:00").astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    return None


def moved_utc(case, expected):
    """The line is of a W3C extended log, whose times are UTC, and the third party took it for civil time of the zone it was told."""
    zone, main = stated_zone(case), Read(case).main
    ours = (main.get("timestamp") or "")[:19]
    return (zone and ours and main.get("format") in ("iis_access", "iis_httperr", "w3c", "aws_cloudfront")
            and moved(ours, -zone(expected[:19]))[:19] == expected[:19] != ours)


def moved_epoch(case, expected):
    """The line's stamp is an epoch, and the third party took it for civil time of the zone it was told."""
    zone = stated_zone(case)
    epoch = re.search(r"(?<!\d)(1\d{9})(?=\D|\d{3}\D|\d{6}\D|\d{9}\D)", case.text)
    text = Read(case).main.get("timestamp_text", "")
    if not zone or not epoch or not re.fullmatch(r"[\d.,]+", text):
        return False
    utc = datetime.datetime.fromtimestamp(int(epoch[1]), datetime.timezone.utc).isoformat()[:19]
    return zone(utc) and moved(utc, -zone(utc))[:19] == expected[:19]


def messages(read, expected):
    ours = read.first(["message"]) or read.first(["db.detail", "db.hint", "db.context", "db.query.text"])
    stack = read.get("exception.stacktrace")
    line = [read.get(n) for n in ("http.request.method", "url.original", "network.protocol.version")]
    if not ours and all(line):
        ours = ["{} {} HTTP/{}".format(*line)]
    if not ours:
        return None
    want = lines_of(expected)
    for text in ours + ([f"{ours[0]}\n{stack}"] if stack else []):
        if lines_of(text) == want:
            return True
    query = str(read.get("db.query.text")).strip()
    if query == str(expected).strip() and ours[0].strip().endswith(": " + query):
        return True
    code = read.case.expect.get("error.code")
    if code and lines_of(ours[0]) == lines_of(f"{code}: {expected}"):
        return True
    # nginx prints ", client: ..., server: ..." behind the message; either way to read it is right.
    if ", client: " in str(expected):
        return lines_of(ours[0]) == lines_of(str(expected).split(", client: ")[0])
    return False


def in_raw(case, word):
    return re.search(r"(?<![A-Za-z])" + re.escape(str(word)) + r"(?![A-Za-z])", case.text, re.I) is not None


def same_text(ours, expected):
    return str(ours).strip() == str(expected).strip()


def meant(text):
    """What nginx's and Apache's escapes mean; runs of what ours cannot print as one sign."""
    raw = re.sub(rb'\\(?:x([0-9A-Fa-f]{2})|(["\\]))', lambda m: bytes([int(m[1], 16)]) if m[1] else m[2], str(text).encode())
    return re.sub("[\0\ufffd]+", "\ufffd", raw.decode(errors="replace"))


def same_url(ours, expected):
    ours, expected = str(ours).strip(), str(expected).strip()
    return expected in (ours, re.sub(r"^https?:(?=//)", "", ours)) or meant(expected) == meant(ours)


def pairs(read, rust):
    """kv:rust, a literal: each pair must be ours, by its name. None when there is no record at all."""
    want = rustvalue.parse(rust)
    if not read.case.records:
        return None
    ours = read.main.get("attributes") or {}
    return all(name in ours and rustvalue.same(ours[name], value) for name, value in want.items())


def not_compared(case, name, value):
    """Why, or None when it is compared."""
    if re.match(r"\('\+', ", case.text):
        return "the case is an expression of the third party's program that was not worked out, not a line"
    if name == "message" and "\\" not in case.text and any(ord(c) > 0x7F and c not in case.text for c in str(value)):
        return "has a sign that does not stand in its own line"
    if name == "timestamp" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", str(value)):
        return "an expression of the third party's program, not a value"
    if name == "message" and "".join(str(value).split()) == "".join(case.text.split()):
        return "the third party leaves the line as it is: nothing is expected of it"
    if name == "process.name" and not re.search(r"(?<![^\s<>])" + re.escape(str(value)) + r"(?=[\[:\s,])", case.text):
        return "not in the line: the third party was told it"
    if name == "severity_text" and re.fullmatch(r"\d+", str(value)):
        return "a number of the third party's own list of levels"
    if name in ("severity_lnav", "severity_mapped") and any("http.response.status_code" in r for r in case.records or []):
        return "taken from the HTTP status, no level is in the line"
    if name == "timestamp" and moved_epoch(case, value):
        return "an epoch taken for civil time"
    if name == "timestamp" and moved_utc(case, value):
        return "the UTC of a W3C extended log taken for civil time"
    if name == "kv:rust" and "=" not in case.text:
        return "the test told its function other delimiters than \"=\", and the case does not state them"
    own = str(value).split("?")[0] if name == "url.original" else str(value)
    if name in VERBATIM and isinstance(value, (str, int)) and own.lower() not in case.text.lower().replace("\\/", "/"):
        return "does not stand in its own line"
    if name in NAMES or name in DURATIONS or name in ("ecs:url.path", "ecs:network.protocol"):
        return None
    for pattern, why in NOT_COMPARED:
        if re.fullmatch(pattern, name):
            return why
    return None


def judge(case, name, expected):
    """True: right, False: wrong, None: missing; and what ours was."""
    read = Read(case)
    if isinstance(expected, list):
        verdicts = [judge(case, name, e) for e in expected]
        return max(verdicts, key=lambda v: (v[0] is True, v[0] is not None))
    if name == "timestamp":
        return times(read, expected), read.main.get("timestamp")
    if name == "records":
        return len(case.records) == number(expected) if case.records else None, len(case.records)
    if name == "message":
        return messages(read, expected), read.get("message") or read.get("db.detail")
    if name == "kv:rust":
        return pairs(read, expected), read.main.get("attributes")
    if name in SAME_LEVEL or name == "severity_text":
        text, level = read.get("severity_text"), read.get("severity_number")
        if name == "severity_text" and len(str(expected)) > 1 and in_raw(case, expected):
            return (same_text(text.lower(), str(expected).lower()) if text else None), text
        # Google's levels have no TRACE.
        same = band(level) == band(expected) or (name == "gcp.severity" and band(level) == 1 and band(expected) == 5)
        return (None if level is None else same or str(text).lower() == str(expected).lower()), (text, level)
    if name in DURATIONS:
        us, want = read.get("duration_us"), number(expected)
        if us is None or want is None:
            return None, us
        want = want * 10**6 / DURATIONS[name]
        return abs(us - want) < 1 or (want % 1000 == 0 and us - us % 1000 == want), us
    if name in ("syslog.severity.code", "syslog.facility.code", "vrl:facility"):
        priority = number(read.get("syslog.priority"))
        if priority is None:
            return None, None
        ours = priority & 7 if name == "syslog.severity.code" else priority >> 3
        return str(expected) in (str(ours), FACILITIES[ours] if name == "vrl:facility" else None), ours
    if name == "ecs:network.protocol" and expected in ("http", "https", "ws", "wss"):
        scheme = (read.main.get("attributes") or {}).get("url.scheme")
        return (None if scheme is None else scheme == expected), scheme
    if name in ("network.protocol", "ecs:network.protocol"):
        version = read.get("network.protocol.version")
        return (None if version is None else f"HTTP/{version}" == str(expected)), version
    if name == "ecs:url.domain" and not read.first(NAMES[name]):
        absolute = re.match(r"[a-z]+://(\[[^]]*\]|[^/:]*)", read.get("url.original") or "")
        return (absolute[1] == expected if absolute else None), absolute and absolute[0]
    if name == "ecs:url.path":
        url = read.get("url.original")
        return (None if url is None else re.sub(r"^[a-z]+://[^/]*", "", url).split("?")[0] == expected), url
    if name == "timestamp_text":
        ours = read.get("timestamp_text")
        return (None if ours is None else squeezed(ours) == squeezed(expected)), ours
    if name == "mysql.slowlog.query":
        ours = read.get("db.query.text")
        return (None if ours is None else squeezed(ours).rstrip("; ") == squeezed(expected).rstrip("; ")), ours
    if name == "mysql.slowlog.client":
        ours = read.first(["mysql.slowlog.client", "client.address", "client.host", "mysql.client.host"])
        return (None if not ours else any(str(o) in str(expected).replace("[", " ").replace("]", " ").split() or o == expected for o in ours)), ours
    if name.startswith("mysql.slowlog.") and name not in NAMES:
        end = name.rsplit(".", 1)[1].lower()
        ours = read.attribute(end, "innodb_" + end, "innodb_" + end.removesuffix("_sec"))
        if ours is None:
            return None, None
        return (same_text(ours, expected) or (number(ours) is not None and number(ours) == number(expected))
                or (isinstance(expected, bool) and str(ours).lower() in (("yes", "true", "1") if expected else ("no", "false", "0")))), ours
    if name.startswith("vrl:") and isinstance(expected, dict):
        # An element of RFC 5424's structured data: its parameters are attributes, "sd.ELEMENT.PARAMETER".
        element = "sd." + name.removeprefix("vrl:") + "."
        ours = {n.removeprefix(element): v for n, v in (read.main.get("attributes") or {}).items() if n.startswith(element)}
        return (None if not case.records else ours == expected), ours
    ours = read.first(NAMES.get(name, [name]))
    if not ours and case.records and str(expected) in NONE.get(name, ()):
        return True, None
    if name == "url.original" and not ours and read.get("http.request.method") is None:
        ours = read.first(["request"])
    if name == "exception.message" and not ours and "exception.type" not in case.expect:
        text, want = squeezed(read.get("message") or ""), squeezed(expected)
        return (text in want or want in text if text else None), text
    if name == "lines":
        ours = ours and [read.main["lines"]]
    if not ours:
        return None, None
    if name in NUMBERS:
        return any(number(o) is not None and number(o) == number(expected) or same_text(o, expected) for o in ours), ours[0]
    if name in ("url.original", "user_agent.original", "http.request.header.referer"):
        # IIS prints the query in a column of its own.
        parted = name == "url.original" and str(ours[0]) not in case.text and str(ours[0]).split("?")[0] == expected
        # A query that the line prints apart, where we have it as an attribute of its own.
        query = (read.main.get("attributes") or {}).get("url.query", "").removeprefix("?")
        parted |= name == "url.original" and bool(query) and f"{ours[0]}?{query}" == expected
        plus = name == "user_agent.original" and read.main.get("format") == "iis_access" and str(ours[0]).replace(" ", "+") == expected
        return parted or plus or any(same_url(o, expected) for o in ours), ours[0]
    if isinstance(expected, (dict, bool)):
        return any(same_text(o, json.dumps(expected)) for o in ours), ours[0]
    return any(same_text(o, expected) for o in ours), ours[0]
