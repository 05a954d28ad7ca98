"""front_log: nginx's access log and error log, HAProxy's log.

nginx: ngx_http_log_module ($time_local and $msec are taken when the request ends), ngx_http_upstream_module (lists with ", "; the name
of the upstream for "no live upstreams"). HAProxy: configuration manual 8.2.3 "HTTP log format", 8.5 "Session state at disconnection".
"""
import json

from neighbour import FIRST

COMPACT = json.JSONEncoder(separators=(",", ":")).encode
SEC = 1_000_000
AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
          "okhttp/4.12.0", "python-requests/2.31.0"]
SAYS = {"refused": "connect() failed (111: Connection refused) while connecting to upstream",
        "timeout": "upstream timed out (110: Connection timed out) while reading response header from upstream",
        "closed": "upstream prematurely closed connection while reading response header from upstream",
        "no_live": "no live upstreams while connecting to upstream"}


def write(site):
    if site.plan.web:
        nginx(site)
    if site.plan.lb:
        haproxy(site)


def decoys(site):
    """Requests of people who look the words up: (t, client, path)."""
    rng, p = site.rng, site.plan
    return [(int(rng.uniform(p.start + 5 * SEC, p.end)), "203.0.113.77", rng.choice((
        "/search?q=sorry,+too+many+clients+already", "/search?q=remaining+connection+slots+are+reserved", "/help/too-many-connections")))
        for _ in range(rng.choice((0, 0, 3, 25)))]


def nginx(site, form=None):
    rng, p = site.rng, site.plan
    form = form or rng.choices(("timed", "json", "plain"), (55, 30, 15))[0]
    access = site.source("nginx/access.log", "web", "web", True, 1000 if form == "json" else SEC)
    errors = site.source("nginx/error.log", "web", "web", False, SEC)
    pid, connection = rng.randrange(600, 30000), rng.randrange(10, 5000)
    access.upstreams = form != "plain"
    port = site.port = 8000 + rng.randrange(900)
    address = {i: f"{p.hosts[f'app{i}']}:{port}" for i in range(p.instances)}
    if site.neighbour.plan:
        address.update({FIRST + i: f"{site.neighbour.plan.hosts[f'app{i}']}:{site.neighbour.port}" for i in range(site.neighbour.plan.instances)})
    address[-1] = "shop"

    def line(t, client, request, status, size, took_us, hops, rid, agent):
        seconds, us = access.civil(t)
        rt = f"{took_us / SEC:.3f}"
        ua = ", ".join(address[h[0]] for h in hops) or "-"
        us_list = ", ".join(str(h[1]) for h in hops) or "-"
        urt = ", ".join(f"{(h[2] or 0) / SEC:.3f}" for h in hops) or "-"
        if form == "json":
            utc, ms = divmod(access.clock.shown(t), SEC)
            o = {"time": access.stamp(seconds, "%Y-%m-%dT%H:%M:%S") + access.offset(True), "msec": f"{utc}.{ms // 1000:03d}", "remote_addr": client, "request": request,
                 "status": status, "body_bytes_sent": size, "request_time": float(rt), "upstream_addr": ua, "upstream_status": us_list, "upstream_response_time": urt}
            if site.ids:
                o["request_id"] = rid
            access.add(t, COMPACT(o))
            return
        head = f'{client} - - [{access.stamp(seconds, "%d/%b/%Y:%H:%M:%S")} {access.offset(False)}] "{request}" {status} {size} "-" "{agent}"'
        if form == "timed":
            uct = ", ".join("-" if h[0] < 0 else "0.000" for h in hops) or "-"
            head += f' rt={rt} uct={uct} urt={urt} ua="{ua}" us="{us_list}"' + (f" rid={rid}" if site.ids else "")
        access.add(t, head)

    for t, what, d in site.front():
        r = d[0]
        request = f"{r.method} {r.path} HTTP/1.1"
        agent = AGENTS[hash_of(r.client) % 4]
        if what == "answered":
            status = d[1]
            line(t, r.client, request, status, {200: 300 + len(r.path), 499: 0}.get(status, 157 if status in (502, 504) else 48), t - r.web_began, r.hops, r.rid, agent)
            if form != "plain" and site.ids:
                access.ids.add(r.rid)
        else:
            seconds, _ = errors.civil(t)
            connection += 1
            up = address[d[1] if what != "no_live" else -1]
            errors.add(t, f'{errors.stamp(seconds, "%Y/%m/%d %H:%M:%S")} [error] {pid}#{pid}: *{connection} {SAYS[what]}, client: {r.client}, '
                          f'server: shop.example.test, request: "{request}", upstream: "http://{up}{r.path}", host: "shop.example.test"')
    for t, client, path in decoys(site):
        line(t, client, f"GET {path} HTTP/1.1", 200, 812, 3000, [[0, 200, 3000]], "%032x" % rng.getrandbits(128), AGENTS[0])
    if rng.random() < 0.5:
        seconds, _ = errors.civil(p.start)
        errors.add(p.start, f'{errors.stamp(seconds, "%Y/%m/%d %H:%M:%S")} [notice] {pid}#{pid}: signal process started')


def hash_of(text):
    return sum(map(ord, text))


def haproxy(site, header=None):
    rng, p = site.rng, site.plan
    header = header or rng.choices(("old", "new", "none"), (60, 20, 20))[0]
    lb = site.source("haproxy/haproxy.log", "lb", "lb", False, 1000)
    lb.headed = header != "none"
    if header == "new":
        lb.printed = True
    pid = rng.randrange(300, 30000)
    site.front_pid = pid
    process = f"lb1 haproxy[{pid}]: "

    def add(t, text):
        seconds, us = lb.civil(t)
        if header == "old":
            day = lb.stamp(seconds, "%b %d %H:%M:%S")
            lb.add(t, (day[:4] + day[4:].replace("0", " ", 1) if day[4] == "0" else day) + " " + process + text)
        elif header == "new":
            lb.add(t, f'<134>1 {lb.stamp(seconds, "%Y-%m-%dT%H:%M:%S")}.{us:06d}{lb.offset(True)} lb1 haproxy {pid} - - {text}')
        else:
            lb.add(t, text)

    for n, (t, what, d) in enumerate(site.front()):
        if what != "answered":
            continue
        r, status, inside = d
        end = t + rng.randrange(80, 600)
        took = (end - r.began) // 1000
        seconds, us = lb.civil(r.began)
        server = "be_nginx/web1" if p.web else ("be_shop/<NOSRV>" if not r.hops or r.hops[-1][0] < 0 else
                                                f"be_billing/app{r.hops[-1][0] - FIRST + 1}" if r.hops[-1][0] >= FIRST else f"be_shop/app{r.hops[-1][0] + 1}")
        queued = r.queued_us // 1000
        timers, flags, shown = f"0/{queued}/0/{took - queued}/{took}", "----", str(status)
        if status == 499:
            timers, flags, shown = f"0/{queued}/0/-1/{took}", "CH--", "-1"
        elif not p.web and status == 504:
            timers, flags = f"0/0/0/-1/{took}", "sH--"
        elif not p.web and status == 502:
            timers, flags = (f"0/0/-1/-1/{took}", "SC--") if r.hops[-1][2] == 0 else (f"0/0/0/-1/{took}", "SH--")
            shown = "503" if flags == "SC--" else shown
        elif not p.web and status == 503 and "<NOSRV>" in server:
            timers, flags = f"0/-1/-1/-1/{took}", "SC--"
        captured = f"{{{r.rid}}} " if site.ids else ""
        if site.ids:
            lb.ids.add(r.rid)
        add(end, f'{r.client}:{33000 + n % 28000} [{lb.stamp(seconds, "%d/%b/%Y:%H:%M:%S")}.{us // 1000:03d}] fe_shop {server} {timers} {shown} '
                 f'{200 + len(r.path)} - - {flags} {inside + 1}/{inside + 1}/{inside}/{inside}/0 {r.ahead}/0 {captured}"{r.method} {r.path} HTTP/1.1"')
