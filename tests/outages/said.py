"""said: what people and their tools said of an outage, in the files that those tools export.

Takes  a random.Random of its own, truth.json as told so far. Gives  draw(): files {name: bytes} and what each statement means; the truth
       of detection for each incident (README.md).
Holds  one writer a form: our own JSON Lines, Alertmanager's webhook, PagerDuty's log entries, Slack's export.
Never  looks at logs, or at what the program takes for one of them. Forms: prometheus.io/docs/alerting/latest/configuration
       (webhook_config), developer.pagerduty.com (List log entries: newest first), slack.com/help (How to read Slack data exports).

Alerting follows its rules, not the outage: an error rate over some minutes fires half a minute or more after the failures began to be a
rate (a lone one minutes before is none); people come later. The tools' machines keep time by NTP, whatever the shop's do.
"""
import json
from datetime import datetime, timedelta, timezone

SEC = 1_000_000
MINUTE = 60 * SEC
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
COMPACT = json.JSONEncoder(separators=(",", ":")).encode
STEPS = ("alert", "acknowledge", "mitigation", "resolve")
PEOPLE = ("ada", "grace", "linus", "edsger")
RULES = ("CheckoutErrorRate", "HighErrorRate", "ApiAvailability", "Http5xxRatio")
ACTS = {"application_error": "rolled back the release", "connection_leak": "restarted the instances", "lock_contention": "terminated the blocking session",
        "traffic_surge": "turned the campaign off", "batch_job": "stopped the export", "slow_queries": "recreated the index"}


class Said:
    """One statement: what it is, when it was (true us), and how exactly its form says so."""

    def __init__(self, kind, t, text, by="", resolution_us=1, service=""):
        self.kind, self.t, self.text, self.by, self.service = kind, t, text, by, service
        self.resolution_us = resolution_us

    @property
    def at(self):
        return self.t - self.t % self.resolution_us


def rfc3339(us, resolution_us=1, east_s=0):
    d = EPOCH + timedelta(microseconds=us + east_s * SEC)
    zone = "Z" if not east_s else f"{'-' if east_s < 0 else '+'}{abs(east_s) // 3600:02d}:{abs(east_s) % 3600 // 60:02d}"
    if resolution_us >= MINUTE:
        return d.strftime("%Y-%m-%dT%H:%M") + zone
    return d.strftime("%Y-%m-%dT%H:%M:%S") + (f".{d.microsecond:06d}"[:4 if resolution_us == 1000 else 7] if resolution_us < SEC else "") + zone


def draw(rng, told):
    """None: nobody kept a file (six seeds in ten)."""
    if rng.random() >= 0.4:
        return None
    forms = [f for f, share in (("jsonl", 0.55), ("alertmanager", 0.5), ("pagerduty", 0.45), ("slack", 0.35)) if rng.random() < share] or ["jsonl"]
    human_us = rng.choice((1, SEC, SEC, MINUTE))
    east_s = rng.choice((0, 0, 0, 3600, -18000))
    rule, service = rng.choice(RULES), told["plan"]["app_name"]
    stories = [story(rng, told, i, human_us) for i in range(len(told["incidents"]))]
    early = told["window"][0] + int(rng.uniform(0.02, 0.2) * (told["window"][1] - told["window"][0]))
    files = {}
    out = []
    if "jsonl" in forms:
        lines = [s for s in (x for story in stories for x in own(rng, story, service))]
        lines += [Said("note", early + 40 * SEC, "release train starts at noon", "release bot", human_us)] if rng.random() < 0.5 else []
        if rng.random() < 0.3:
            lines += [Said("deploy", d["first"], f"deploy {d['version']}", "ci", SEC) for d in told["deploys"]]
        lines.sort(key=lambda s: s.t)
        files["events.jsonl"] = "".join(COMPACT({"at": rfc3339(s.at, s.resolution_us, east_s), "kind": s.kind, "text": s.text, **({"service": s.service} if s.service else {}),
                                                 **({"by": s.by} if s.by else {})}) + "\n" for s in lines)
        out += lines
    if "alertmanager" in forms:
        files["alertmanager.jsonl"], more = alertmanager(rng, stories, rule, service, early)
        out += more
    if "pagerduty" in forms:
        files["log_entries.json"], more = pagerduty(rng, stories, rule, service)
        out += more
    if "slack" in forms:
        files["slack.json"], more = slack(rng, stories, early)
        out += more
    return {"files": {name: data for name, data in files.items() if data}, "said": [[s.kind, s.at, s.resolution_us] for s in sorted(out, key=lambda s: s.at)],
            "detection": [detection(out, told, i) for i in range(len(told["incidents"]))]}


def story(rng, told, i, human_us):
    """{step: true instant}: when the alert fired, somebody took it, something was done, it was over. A step may be missing."""
    want = told["incidents"][i]
    onset, end = want["onset"], want["end"]
    steps = {"human_us": human_us, "cause": want["cause"]}
    if onset is None:
        return steps
    fires = want["rate_from"] + int(rng.uniform(25, 200) * SEC)
    if rng.random() < 0.88:
        steps["alert"] = fires
    if rng.random() < 0.8:
        steps["acknowledge"] = fires + int(rng.uniform(12, 400) * SEC)
    acts = [d["first"] for d in told["deploys"] if d["role"] == "mitigation" and d["first"] > onset] + [m["at"] for m in told["mends"] if m["at"] > onset]
    if acts:
        steps["mitigation"] = min(acts)
    elif end - onset > 90 * SEC and rng.random() < 0.4:
        steps["mitigation"] = end - int(rng.uniform(5, 40) * SEC)
    # Alertmanager's own: the rate has fallen. Never before it fired (endsAt lies behind startsAt).
    steps["over"] = max(end + int(rng.uniform(70, 300) * SEC), fires + 30 * SEC)
    if rng.random() < 0.8:
        steps["resolve"] = steps["over"] + int(rng.uniform(0, 400) * SEC)
    # What is said of an incident once the next has begun cannot be told apart from what is said of that one.
    later = [x["onset"] for x in told["incidents"][i + 1:] if x["onset"]]
    return {k: t for k, t in steps.items() if k in ("human_us", "cause") or not later or t < min(later) - 90 * SEC}


def own(rng, story, service):
    us = story["human_us"]
    person = rng.choice(PEOPLE)
    for step in STEPS:
        if step not in story or rng.random() < 0.15:
            continue
        text = {"alert": "error rate over 5 %", "acknowledge": "looking", "resolve": "all clear",
                "mitigation": ACTS.get(story["cause"], "restarted what was stuck")}[step]
        yield Said(step, story[step] + int(rng.uniform(0, 8) * SEC) * (step != "mitigation"), text, "monitor" if step == "alert" else person, 1 if step == "alert" else us, service)
    if "alert" in story and rng.random() < 0.4:
        yield Said("note", story["alert"] + int(rng.uniform(40, 300) * SEC), "status page updated", person, us)


def alertmanager(rng, stories, rule, service, early):
    """One delivery a line. What still fires is sent again after repeat_interval; what is over once more, with endsAt."""
    deliveries, out = [], []

    def add(name, starts, ends, summary):
        labels = {"alertname": name, "service": service, "severity": "page"}
        firing = {"status": "firing", "labels": labels, "annotations": {"summary": summary}, "startsAt": rfc3339(starts, 1000), "endsAt": "0001-01-01T00:00:00Z",
                  "generatorURL": "http://prometheus:9090/graph", "fingerprint": "%016x" % rng.getrandbits(64)}
        sent = [(starts + int(rng.uniform(5, 30) * SEC), firing)]
        if rng.random() < 0.3:
            sent.append((sent[0][0] + 300 * SEC, firing))
        out.append(Said("alert", starts, name, resolution_us=1000))
        if ends:
            sent = [x for x in sent if x[0] < ends] or sent[:1]
            sent.append((ends + 5 * SEC, {**firing, "status": "resolved", "endsAt": rfc3339(ends, 1000)}))
            out.append(Said("resolve", ends, name, resolution_us=1000))
        for t, alert in sent:
            deliveries.append((t, {"version": "4", "groupKey": "{}:{alertname=\"%s\"}" % name, "truncatedAlerts": 0, "status": alert["status"], "receiver": "pager",
                                   "groupLabels": {"alertname": name}, "commonLabels": labels, "commonAnnotations": {"summary": summary}, "externalURL": "http://alertmanager:9093", "alerts": [alert]}))
    if rng.random() < 0.3:  # another one, long over
        add("DiskWillFillIn4Hours", early, early + 70 * SEC, "/var fills up")
    for s in stories:
        if "alert" in s:
            add(rule, s["alert"], s.get("over"), "5xx over 5 % for 1m")
    deliveries.sort(key=lambda x: x[0])
    return "".join(COMPACT(o) + "\n" for _, o in deliveries), out


def pagerduty(rng, stories, rule, service):
    """A page of GET /incidents/{id}/log_entries, newest first; whole seconds."""
    entries, out = [], []

    def add(kind, t, agent, summary, **more):
        entries.append((t, {"id": "R%013X" % rng.getrandbits(52), "type": kind + "_log_entry", "summary": summary, "created_at": rfc3339(t - t % SEC, SEC), "agent": {"type": "user_reference", "summary": agent},
                            "channel": {"type": "auto"}, "service": {"summary": service}, "incident": {"summary": f"[#{1200 + rng.randrange(90)}] {rule}"}, **more}))
    for s in stories:
        if "alert" in s:
            t = s["alert"] + int(rng.uniform(4, 40) * SEC)
            add("trigger", t, "Prometheus", "Triggered through the API", event_details={"description": f"[FIRING:1] {rule}"})
            add("notify", t + 2 * SEC, "Prometheus", "Notified on call by push")
            out.append(Said("alert", t, rule, resolution_us=SEC))
            if "acknowledge" in s and s["acknowledge"] > t:
                who = rng.choice(PEOPLE)
                add("acknowledge", s["acknowledge"], who, f"Acknowledged by {who}")
                out.append(Said("acknowledge", s["acknowledge"], who, resolution_us=SEC))
            if "resolve" in s:
                add("resolve", s["resolve"], "Prometheus", "Resolved through the API")
                out.append(Said("resolve", s["resolve"], rule, resolution_us=SEC))
    entries.sort(key=lambda x: x[0], reverse=True)
    return json.dumps({"log_entries": [o for _, o in entries], "limit": 100, "offset": 0, "more": False}, indent=2) + "\n" if entries else "", out


def slack(rng, stories, early):
    """A day of a channel: what is said there is never a step, whatever it says."""
    lines = [("U01RELEASE", early, "deploying later today, acked by <@U02ADA>")]
    for s in stories:
        if "alert" in s:
            lines.append(("U02ADA", s["alert"] + int(rng.uniform(20, 90) * SEC), "checkout is down? anybody looking &amp; who acked"))
        if "mitigation" in s:
            lines.append(("U03GRACE", s["mitigation"] + int(rng.uniform(5, 60) * SEC), "done, watching the graphs"))
    lines.sort(key=lambda x: x[1])
    return json.dumps([{"type": "message", "user": user, "ts": f"{t // SEC}.{t % SEC:06d}", "text": text, "team": "T01"} for user, t, text in lines], indent=1) + "\n", [Said("chat", t, text) for _, t, text in lines]


def detection(said, told, i):
    """{step: [at, resolution]} of the first statement of each kind that is not before the onset, and lies before the next incident."""
    onset = told["incidents"][i]["onset"]
    later = [x["onset"] for x in told["incidents"][i + 1:] if x["onset"]]
    out = {}
    for step in STEPS:
        of = [s for s in said if s.kind == step and onset is not None and s.at + s.resolution_us > onset and (not later or s.at < min(later)) and s.at < told["incidents"][i]["end"] + 3600 * SEC]
        first = min(of, key=lambda s: (s.at, -s.resolution_us), default=None)
        out[step] = [first.at, first.resolution_us] if first else None
    return out
