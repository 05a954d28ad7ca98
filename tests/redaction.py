#!/usr/bin/python3
"""redaction: nothing of whom and what a log names leaves, unless it is asked for.

Takes  the program (argv[1]).
Gives  a line for each fact that does not hold; last line "N passed, N failed".
Holds  every secret with its kind and its place, made here: none is made twice, so that each names the place that lets it through.

Secrets are planted in logs of every format that the patterns know (in fields, in free text, in lines that do not parse), in the names
of files, in events, in options; and, as what a later field may hold, in each string of a draft. Of those that the program keeps at all
(--no-redact shows which), none may be in the draft, the digest, the pages, or what is made of an unredacted draft.
"""
import copy
import csv
import html
import io
import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fact import done, fact

program = str(Path(sys.argv[1]).resolve())
FORMS = (["-f", "html"], ["-f", "markdown", "--template", "google"], ["-f", "markdown", "--template", "pagerduty"], ["-f", "markdown", "--template", "brief"])
LABELS = {"address": "(?:client|server)", "email": "email", "user": "user", "token": "token", "cookie": "cookie", "card": "card", "id": "id",
          "query": "query", "sql": "literal", "jwt": "jwt", "secret": "secret"}


def run(*arguments, data=None, where=None):
    return subprocess.run([program, *map(str, arguments)], input=data, capture_output=True, cwd=where, timeout=600)


class Secrets:
    """Makes secrets; remembers each with its kind and its place."""

    def __init__(self, seed):
        self.random, self.number, self.all = random.Random(seed), itertools.count(1), {}

    def word(self, n):
        return "".join(self.random.choice("bcdfghjklmnpqrstvwxz") for _ in range(n))

    def digits(self, n):
        return self.random.choice("56789") + "".join(self.random.choice("0123456789") for _ in range(n - 1))

    def make(self, kind, place):
        n = next(self.number)
        value = getattr(self, kind)(n)
        self.all[value] = (kind, place)
        return value

    def v4(self, n):
        return f"203.0.{100 + n // 250}.{n % 250 + 1}"

    def v6(self, n):
        return f"2001:db8:{n:x}::{self.random.randrange(1, 0xffff):x}"

    def mac(self, n):
        return "02:%02x:%02x:" % (n >> 8, n & 255) + ":".join("%02x" % self.random.randrange(256) for _ in range(3))

    def user(self, n):
        return f"{self.word(5)}_{self.word(3)}{n}"

    def email(self, n):
        return f"{self.word(6)}{n}@{self.word(6)}.example"

    def uuid(self, n):
        h = "%032x" % self.random.getrandbits(128)
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

    def hex(self, n):
        return "%032x" % (self.random.getrandbits(124) | 0xa << 120)

    def key(self, n):
        return "sk_live_" + "".join(self.random.choice("abcdefghijkmnopqrsTUVWXYZ23456789") for _ in range(24))

    def jwt(self, n):
        def part(k):
            return "".join(self.random.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789_") for _ in range(k))
        return f"eyJ{part(17)}.eyJ{part(20)}.{part(22)}"

    def card(self, n):
        body = [4] + [self.random.randrange(10) for _ in range(14)]
        total = sum((d * 2 - 9 if d > 4 else d * 2) if i % 2 == 0 else d for i, d in enumerate(body))
        return "".join(map(str, body)) + str(-total % 10)

    def number_(self, n):
        return self.digits(9) + "%03d" % n

    def account(self, n):
        return self.digits(4) + "%03d" % n

    def phone(self, n):
        return "+49 30 " + self.digits(5) + "%03d" % n

    def iban(self, n):
        body = self.digits(15) + "%03d" % n
        return "DE%02d%s" % (98 - int(body + "131400") % 97, body)

    def password(self, n):
        return f"{self.word(4)}!{n}{self.word(4).upper()}"

    def plain(self, n):
        return f"{self.word(7)}{n}"


# ---- logs ----

START = datetime(2026, 3, 11, 10, 0, tzinfo=timezone.utc)


class Log:
    """One file: `head` lines of health, then a burst of what fails, each line with secrets of its own."""

    def __init__(self, name, line, times=14, every=20, quiet=None):
        self.name, self.line, self.times, self.every, self.quiet = name, line, times, every, quiet


def clf(t):
    return t.strftime("%d/%b/%Y:%H:%M:%S +0000")


def iso(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (t.microsecond // 1000)


def pg(t):
    return t.strftime("%Y-%m-%d %H:%M:%S.") + "%03d UTC" % (t.microsecond // 1000)


def csv_line(values):
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().rstrip("\r\n")


def access(m, t, failed):
    kind = ("v4", "v6")[t.microsecond % 2]
    return (f'{m(kind, "remote_addr")} - {m("user", "remote_user")} [{clf(t)}] "GET /api/orders/{m("account", "path")}?{m("plain", "query name")}='
            f'{m("plain", "query value")} HTTP/1.1" {500 if failed else 200} 20 "https://x.example/?{m("plain", "referer query")}" "{m("email", "user agent")}"')


def nginx_error(m, t, failed):
    level = "error" if failed else "notice"
    return (f'{t:%Y/%m/%d %H:%M:%S} [{level}] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, client: {m("v4", "client")}, '
            f'server: x, request: "GET /a?{m("plain", "query")} HTTP/1.1", upstream: "http://{m("v4", "upstream")}:8080/a", host: "{m("v4", "host")}"')


def nginx_auth(m, t, failed):
    return (f'{t:%Y/%m/%d %H:%M:%S} [error] 7#7: *9 user "{m("user", "auth user")}": password mismatch, client: {m("v6", "client")}, server: x, '
            f'request: "GET / HTTP/1.1"')


def haproxy(m, t, failed):
    return (f'{t:%b %d %H:%M:%S} lb1 haproxy[77]: {m("v4", "client_ip")}:40{t.second:02d}0 [{t:%d/%b/%Y:%H:%M:%S.000}] fe be/web1 0/0/1/12/13 '
            f'{503 if failed else 200} 217 - - SC-- 63/63/0/0/0 0/0 {{{m("uuid", "captured header")}}} "GET /x?{m("plain", "query")} HTTP/1.1"')


def haproxy_user(m, t, failed):
    return (f'{t:%b %d %H:%M:%S} lb1 haproxy[77]: {m("v6", "client_ip")}:4000 [{t:%d/%b/%Y:%H:%M:%S.000}] fe be/web1 0/0/1/12/13 {503 if failed else 200} '
            f'217 - - SC-- 63/63/0/0/0 0/0 "GET /account/{m("account", "path")} HTTP/1.1"')


def app_json(m, t, failed):
    return json.dumps({"level": "error" if failed else "info", "time": iso(t), "msg": f'login failed for {m("user", "msg")} from {m("v4", "msg")}',
                       "user": m("user", "field"), "ip": m("v6", "field"), "order_id": m("account", "field")})


def app_json_id(m, t, failed):
    return json.dumps({"level": "error", "time": iso(t), "msg": "payment failed", "token": m("plain", "field"), "session": m("hex", "field"),
                       "phone": m("phone", "field"), "iban": m("iban", "field")})


def app_python(m, t, failed):
    level = "ERROR" if failed else "INFO"
    return (f'{t:%Y-%m-%d %H:%M:%S},{t.microsecond // 1000:03d} {level} shop.db could not connect: user={m("user", "user=")} '
            f'url=postgres://{m("user", "userinfo")}:{m("password", "userinfo")}@{m("v4", "url host")}:5432/shop')


def app_text(m, t, failed):
    return (f'{t:%Y-%m-%d %H:%M:%S},{t.microsecond // 1000:03d} ERROR shop.web customer {m("account", "customer N")} mail {m("email", "free text")} '
            f'card {m("card", "free text")} Authorization: Bearer {m("jwt", "header")}')


def app_logfmt(m, t, failed):
    return (f'time="{iso(t)}" level=error msg="upstream refused" remote={m("v4", "remote")} user={m("user", "user=")} '
            f'trace={m("hex", "trace")} cookie="sid={m("plain", "cookie")}"')


def app_trace(m, t, failed):
    return (f'{t:%Y-%m-%d %H:%M:%S},{t.microsecond // 1000:03d} ERROR shop.x bad key {m("key", "free text")}\nTraceback (most recent call last):\n'
            f'  File "/home/{m("user", "home")}/shop/db.py", line 7, in get\nValueError: account {m("number_", "exception")}')


def app_java(m, t, failed):
    return (f'{t:%Y-%m-%d %H:%M:%S}.{t.microsecond // 1000:03d} ERROR 1 --- [nio-80-exec-1] c.e.shop.Db : Access denied for user \'{m("user", "mysql user")}\'@\''
            f'{m("v4", "mysql host")}\' (using password: YES)')


def postgres(m, t, failed):
    user = m("user", "%u")
    if failed:
        return f'{pg(t)} [99] {user}@shop/psql FATAL:  sorry, too many clients already'
    return f'{pg(t)} [99] {user}@shop/psql LOG:  connection authorized: user={user} database=shop'


def postgres_detail(m, t, failed):
    return (f'{pg(t)} [98] {m("user", "%u")}@shop/psql ERROR:  duplicate key value violates unique constraint "k"\n'
            f'{pg(t)} [98] app@shop/psql DETAIL:  Key (email)=({m("email", "DETAIL")}) already exists.\n'
            f"{pg(t)} [98] app@shop/psql STATEMENT:  INSERT INTO t (a, b) VALUES ('{m('plain', 'STATEMENT')}', {m('number_', 'STATEMENT')})")


def postgres_auth(m, t, failed):
    return f'{pg(t)} [97] [unknown]@[unknown]/[unknown] FATAL:  password authentication failed for user "{m("user", "FATAL")}"'


def postgres_slow(m, t, failed):
    return (f"{pg(t)} [96] {m('user', '%u')}@shop/psql LOG:  duration: 8123.456 ms  statement: SELECT * FROM orders WHERE name = '{m('plain', 'statement')}' "
            f"AND account = {m('number_', 'statement')}")


def postgres_csv(m, t, failed):
    user, host = m("user", "user_name"), m("v4", "connection_from")
    return csv_line([pg(t), user, "shop", "95", f"{host}:5000", "6922a3b1.5f", "1", "startup", pg(t)[:-8] + " UTC", "3/1", "0",
                     "FATAL", "53300", "sorry, too many clients already", "", "", "", "", "", "", "", "", "psql", "client backend", "", "0"])


def postgres_json(m, t, failed):
    return json.dumps({"timestamp": pg(t), "user": m("user", "user"), "dbname": "shop", "pid": 94, "remote_host": m("v6", "remote_host"), "remote_port": 5000,
                       "session_id": "6922a3b1.5e", "line_num": 1, "ps": "startup", "session_start": pg(t), "vxid": "4/1", "txid": 0, "error_severity": "FATAL",
                       "state_code": "53300", "message": "sorry, too many clients already", "backend_type": "client backend", "query_id": 0})


def postgres_received(m, t, failed):
    return f'{pg(t)} [93] [unknown]@[unknown]/[unknown] LOG:  connection received: host={m("v4", "host=")} port=4000'


def pgbouncer(m, t, failed):
    return f'{pg(t)} [15] LOG C-0x5634: shop/{m("user", "user")}@{m("v4", "client")}:4000 pooler error: no more connections allowed (max_client_conn)'


def pgbouncer_v6(m, t, failed):
    return f'{pg(t)} [15] WARNING C-0x5634: shop/{m("user", "user")}@[{m("v6", "client")}]:4000 pooler error: query_wait_timeout'


def syslog(m, t, failed):
    return f'{t:%b %d %H:%M:%S} db1 sshd[5]: Accepted publickey for {m("user", "sshd")} from {m("v4", "sshd")} port 22 ssh2'


def syslog_app(m, t, failed):
    return (f'<11>1 {iso(t)} app1 shop 5 - - could not connect: user "{m("user", "quoted")}" at {m("v6", "address")}, mac {m("mac", "mac")}')


def mysql(m, t, failed):
    return f"{iso(t)} 12 [Warning] [MY-010055] [Server] Access denied for user '{m('user', 'user')}'@'{m('v4', 'host')}' (using password: YES)"


def envoy(m, t, failed):
    return (f'[{iso(t)}] "GET /a/{m("account", "path")}?{m("plain", "query")} HTTP/1.1" 503 UF 0 91 3 - "{m("v4", "x-forwarded-for")}" "curl/8.5.0" '
            f'"{m("uuid", "x-request-id")}" "x.example" "{m("v4", "upstream")}:80"')


def traefik(m, t, failed):
    return json.dumps({"ClientAddr": m("v4", "ClientAddr") + ":4000", "ClientUsername": m("user", "ClientUsername"), "DownstreamStatus": 502, "Duration": 1000000,
                       "RequestMethod": "GET", "RequestPath": "/x?" + m("plain", "query"), "RouterName": "r", "ServiceURL": f"http://{m('v4', 'ServiceURL')}:80",
                       "StartUTC": iso(t), "level": "info", "msg": "", "time": iso(t)})


def unknown(m, t, failed):
    kind = next(unknown.kinds)
    return {"user": f"## handed over to user {m('user', 'unparsed')}", "email": f"## mail {m('email', 'unparsed')}", "jwt": f"## {m('jwt', 'unparsed')} #",
            "uuid": f"## session {m('uuid', 'unparsed')}", "card": f"## pan {m('card', 'unparsed')}", "phone": f"## call {m('phone', 'unparsed')}",
            "iban": f"## transfer to {m('iban', 'unparsed')}", "key": f"## key {m('key', 'unparsed')}", "mac": f"## lease {m('mac', 'unparsed')}",
            "v6": f"## from [{m('v6', 'unparsed')}]:443", "v4": f"## from ::ffff:{m('v4', 'unparsed mapped')}", "url": f"## ftp://x:{m('password', 'unparsed')}@h/"}[kind]


KINDS = ("user", "email", "jwt", "uuid", "card", "phone", "iban", "key", "mac", "v6", "v4", "url")
LOGS = [Log("access.log", access), Log("error.log", nginx_error), Log("auth-error.log", nginx_auth), Log("haproxy.log", haproxy), Log("haproxy2.log", haproxy_user),
        Log("app.json.log", app_json), Log("pay.json.log", app_json_id), Log("python.log", app_python), Log("text.log", app_text), Log("logfmt.log", app_logfmt),
        Log("trace.log", app_trace), Log("java.log", app_java), Log("postgresql.log", postgres), Log("pg-detail.log", postgres_detail), Log("pg-auth.log", postgres_auth),
        Log("pg-slow.log", postgres_slow), Log("pg.csv", postgres_csv), Log("pg.json", postgres_json), Log("pg-received.log", postgres_received),
        Log("pgbouncer.log", pgbouncer), Log("pgbouncer6.log", pgbouncer_v6), Log("secure.log", syslog), Log("rfc5424.log", syslog_app), Log("mysqld.log", mysql),
        Log("envoy.log", envoy), Log("traefik.log", traefik)]


def write_logs(folder, secrets):
    """Each format: health, then a burst; and some lines of no format in each."""
    unknown.kinds = itertools.cycle(KINDS)
    for log in LOGS:
        lines = []
        for i in range(40):
            t = START + timedelta(seconds=30 * i, milliseconds=i)
            lines.append(log.line(lambda kind, place: secrets.make(kind, f"{log.name}: {place}"), t, False))
        for i in range(log.times):
            t = START + timedelta(seconds=1200 + i, milliseconds=7 * i)
            lines.append(log.line(lambda kind, place: secrets.make(kind, f"{log.name}: {place}"), t, True))
        for i in range(3):
            lines.insert(5 + 2 * i, unknown(lambda kind, place: secrets.make(kind, f"{log.name}: {place}"), START, False))
        (folder / log.name).write_text("\n".join(lines) + "\n")


def write_events(path, secrets):
    def m(kind, place):
        return secrets.make(kind, f"events: {place}")
    events = [
        {"kind": "alert", "text": f"5xx from {m('v4', 'text')}, mail {m('email', 'text')}", "by": m("user", "by")},
        {"kind": "note", "text": f"asked user {m('user', 'text')}: order {m('account', 'text')}, https://x.example/?{m('plain', 'query')}", "by": m("email", "by")},
        {"kind": "chat", "text": f"token: {m('plain', 'text')} {m('jwt', 'text')} password={m('plain', 'password')}", "by": m("user", "by")},
        {"kind": "mitigation", "text": f"killed {m('user', 'text')}@shop; card {m('card', 'text')}; DELETE FROM t WHERE name = '{m('plain', 'statement')}'", "by": m("user", "by")},
        {"kind": "deploy", "text": f"curl -H 'Cookie: {m('plain', 'cookie')}' http://{m('user', 'userinfo')}:{m('password', 'userinfo')}@h/", "by": m("user", "by")},
        {"kind": "resolve", "text": f"call {m('phone', 'text')}, session {m('uuid', 'text')}, {m('iban', 'text')}, {m('number_', 'text')}", "by": m("user", "by")},
    ]
    path.write_text("".join(json.dumps({"at": iso(START + timedelta(seconds=1200 + 60 * i)), **e}) + "\n" for i, e in enumerate(events)))


def shown(text, secrets):
    """Which of them a text holds, in any of the escapes that our outputs know."""
    texts = {text, html.unescape(text), text.replace("\\", ""), urllib.parse.unquote(text)}
    return {s for s in secrets if any(s in t for t in texts)}


def none_in(name, text, secrets):
    left = shown(text, secrets.all)
    fact(f"{name}: none of {len(secrets.all)} secrets is in it", not left, sorted((secrets.all[s], s) for s in left)[:12])
    return left


def planted():
    secrets = Secrets(1)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        logs = work / secrets.make("v4", "name of a folder")
        logs.mkdir()
        write_logs(logs, secrets)
        write_events(work / "events.jsonl", secrets)
        options = ["--no-config", "--digest", "--events", work / "events.jsonl", "--zone", "*=UTC", "--source", f"pg*={secrets.make('v4', '--source')}", "--year", "2026"]
        raw = run("draft", *options, "--no-redact", logs, "-o", work / "raw.json")
        told = run("draft", *options, logs, "-o", work / "told.json")
        fact("both drafts are written", raw.returncode <= 1 and told.returncode <= 1, raw.stderr[-300:] + told.stderr[-300:])
        raw_text, told_text = (work / "raw.json").read_text(), (work / "told.json").read_text()
        kept = shown(raw_text, secrets.all)
        fact(f"at least 200 secrets are in a draft that is not redacted ({len(kept)})", len(kept) >= 200, len(kept))
        kinds = {secrets.all[s][0] for s in kept}
        fact("of these every kind that no mask takes when the log is read", kinds >= {"v4", "v6", "mac", "user", "uuid", "account"}, kinds)
        none_in("the draft", told_text, secrets)
        none_in("the digest", "\n".join(x for x in told.stderr.decode().split("\n") if not x.startswith(("onset:", "  draft"))), secrets)
        told_draft, raw_draft = json.loads(told_text), json.loads(raw_text)
        same_numbers(raw_draft, told_draft)
        for form in FORMS:
            page = run("report", work / "told.json", *form)
            fact(f"{form}: a page of the draft", page.returncode == 0, page.stderr)
            none_in(f"{form}", page.stdout.decode(), secrets)
            late = run("report", work / "raw.json", *form)
            fact(f"{form}: of a draft that was not redacted the page is the same", late.stdout == page.stdout, first_difference(late.stdout, page.stdout))
            bare = run("report", work / "raw.json", *form, "--no-redact")
            fact(f"{form}: --no-redact tells what the draft tells", len(shown(bare.stdout.decode(), secrets.all)) >= 20, bare.stderr)
        summary(told_draft, raw_draft)
        one_kind(work, logs, options, secrets)


def first_difference(a, b):
    for x, y in zip(a.split(b"\n"), b.split(b"\n")):
        if x != y:
            return x[:300], y[:300]
    return len(a), len(b)


def numbers(value):
    """All that is no string, with the place it stands at."""
    if isinstance(value, dict):
        return {k: numbers(v) for k, v in value.items() if k != "redaction"}
    if isinstance(value, list):
        return [numbers(v) for v in value]
    return "text" if isinstance(value, str) else value


def same_numbers(raw, told):
    fact("redaction changes strings only", numbers(raw) == numbers(told))


def summary(told, raw):
    counts = {c["kind"]: c for c in told["redaction"]["counts"]}
    fact("a draft that was not redacted says so", raw["redaction"] == {"kinds": [], "counts": []}, raw["redaction"])
    fact("all kinds were looked for", set(told["redaction"]["kinds"]) == set(LABELS), told["redaction"]["kinds"])
    text = json.dumps({k: v for k, v in told.items() if k != "redaction"})
    for kind, label in LABELS.items():
        found = re.findall(rf"(?<![\w-]){label}-[1-9]\d*(?![\w-])", text)
        c = counts.get(kind, {"values": 0, "places": 0})
        fact(f"{kind}: as many values and places as the summary says", (len(set(found)), len(found)) == (c["values"], c["places"]), (len(set(found)), len(found), c))
    for label in itertools.chain(*(re.findall(r"\w+", v.replace("?:", "")) for v in LABELS.values())):
        order = [int(n) for n in re.findall(rf"(?<![\w-]){label}-([1-9]\d*)(?![\w-])", text)]
        firsts = list(dict.fromkeys(order))
        fact(f"{label}: numbered by first appearance", firsts == list(range(1, len(firsts) + 1)), firsts[:20])


def one_kind(work, logs, options, secrets):
    run("draft", *options, "--redact", "address, email", logs, "-o", work / "some.json")
    left = {secrets.all[s][0] for s in shown((work / "some.json").read_text(), secrets.all)}
    fact("--redact address,email takes these and leaves users", not left & {"v4", "v6", "mac", "email"} and "user" in left, left)
    again = run("report", work / "some.json", "-f", "markdown")
    none_in("the report of a draft of which two kinds were taken", again.stdout.decode(), secrets)
    (work / "onset.conf").write_text("redact = none\n")
    stated = run("draft", *[o for o in options if o != "--no-config"], "--config", work / "onset.conf", logs, "-o", work / "conf.json")
    fact("redact = none in a file of options is --no-redact", json.loads((work / "conf.json").read_text())["redaction"]["kinds"] == [], stated.stderr[-300:])
    wrong = run("draft", "--redact", "address,adress", logs)
    fact("a kind that there is not is refused by its name", wrong.returncode == 64 and b'there is no kind "adress"' in wrong.stderr, wrong.stderr)


# ---- each string of a draft ----

def phrases(m):
    return [f"user={m('user', '=')}", f"role \"{m('user', 'role')}\"", f"from {m('v4', 'bare')} and [{m('v6', 'brackets')}]:80", f"mail {m('email', 'bare')}",
            f"GET /a/{m('account', 'path')}?{m('plain', 'query')}", f"Cookie: sid={m('plain', 'cookie')}", f"id {m('uuid', 'bare')} {m('hex', 'bare')}",
            f"pan {m('card', 'bare')}", m("jwt", "bare"), f"http://{m('user', 'userinfo')}:{m('password', 'userinfo')}@h/", f"password={m('plain', 'password')}",
            f"SELECT a FROM t WHERE b = '{m('plain', 'sql')}'", f"{m('user', 'at')}@shop", f"tel {m('phone', 'bare')}", f"iban {m('iban', 'bare')}",
            f"X-Api-Key: {m('plain', 'header')}", f"Authorization: Basic {m('plain', 'header')}"]


CLOSED = re.compile(r"^(?:[0-9a-f]{12,16}|\d{4}-\d\d-\d\dT[\d:.]+Z|\d+-[0-9a-f]{8}|urn:.*|[a-z_.0-9]+)$")
KEPT = {"service", "version", "from_version", "application", "layout", "format", "zone", "class", "signal", "kind", "tier", "path", "paths", "key", "stream", "files"}


def poison(value, key, secrets, name=""):
    """The tree with a secret behind each string of ours that is no word of a closed list, no time, id, path or name of a program."""
    if isinstance(value, dict):
        return {k: poison(v, k, secrets, f"{name}.{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [poison(v, key, secrets, name) for v in value]
    if not isinstance(value, str) or key in KEPT or CLOSED.match(value):
        return value
    made = Secrets(0)
    made.random, made.number, made.all = secrets.random, secrets.number, {}
    phrase = secrets.random.choice(phrases(lambda kind, place: made.make(kind, f"{name}: {place}")))
    secrets.all.update({s: why for s, why in made.all.items() if s in phrase})
    return value + " " + phrase


def every_string():
    for sample in ("checkout-outage", "lock-pileup"):
        draft = json.loads(run("draft", "--no-redact", "--no-config", f"samples/{sample}/logs").stdout)
        secrets = Secrets(sample)
        bad = poison(copy.deepcopy(draft), "", secrets)
        bad["incidents"][0]["note"] = f"ask {secrets.make('email', 'note')} or {secrets.make('phone', 'note')}"
        fact(f"{sample}: secrets enough", len(secrets.all) >= 200, len(secrets.all))
        for form in FORMS:
            page = run("report", "-", *form, data=json.dumps(bad).encode())
            fact(f"{sample} {form}: it is told", page.returncode == 0, page.stderr)
            none_in(f"{sample} {form}", page.stdout.decode(), secrets)


# ---- equal things ----

def equal_things():
    """One client in three logs, one user in two: one name each, whatever the order of the files."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        nginx, haproxy, pg_log = [], [], []
        for i in range(60):
            t = START + timedelta(seconds=i)
            client = "198.51.100.7" if i % 2 else "2001:db8::7"
            other = "::ffff:198.51.100.7" if i % 2 else "2001:0DB8:0:0:0:0:0:7"
            nginx.append(f'{client} - mallory77 [{clf(t)}] "GET /a HTTP/1.1" {500 if i >= 40 else 200} 1 "-" "x"')
            haproxy.append(f'{t:%b %d %H:%M:%S} lb1 haproxy[7]: {other}:41000 [{t:%d/%b/%Y:%H:%M:%S.000}] fe be/w 0/0/1/2/3 {503 if i >= 40 else 200} 2 - - SC-- '
                           f'1/1/0/0/0 0/0 "GET /a HTTP/1.1"')
            pg_log.append(f'{pg(t)} [9] mallory77@shop/x {"FATAL:  sorry, too many clients already" if i > 40 else "LOG:  checkpoint starting: time"}')
        for name, lines in (("a.log", nginx), ("h.log", haproxy), ("p.log", pg_log)):
            (work / name).write_text("\n".join(lines) + "\n")
        names = ["a.log", "h.log", "p.log"]
        drafts = [run("draft", "--no-config", "--year", "2026", *order, where=work).stdout for order in itertools.permutations(names)]
        fact("the order of the files does not matter", len(set(drafts)) == 1 and len(drafts[0]) > 1000)
        draft = json.loads(drafts[0])
        by_file = {}
        for burst in draft["bursts"]:
            for e in burst["evidence"]:
                by_file.setdefault(e["path"], []).append(e["excerpt"])
        clients = {p: {m for x in xs for m in re.findall(r"client-\d+", x or "")} for p, xs in by_file.items()}
        users = {p: {m for x in xs for m in re.findall(r"user-\d+", x or "")} for p, xs in by_file.items()}
        fact("a client is the same in nginx's log and in HAProxy's", clients.get("a.log") == clients.get("h.log") == {"client-1", "client-2"}, clients)
        fact("a user is the same in nginx's log and in PostgreSQL's", users.get("a.log") == users.get("p.log") == {"user-1"}, users)


planted()
every_string()
equal_things()
done()
