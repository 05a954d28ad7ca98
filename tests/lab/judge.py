"""judge: a draft of a run's logs against the run's truth.json; what holds of every scenario.

Takes  the program, the folder of a run (logs/, truth.json).
Gives  facts (fact.py): refusals by class, user and database to the last one, onset and end within the stated uncertainty,
       tiers that failed, failures and requests as the users counted them, who held connections. verdicts.py adds what each
       scenario must and must not say.
Holds  nothing.
Never  takes an expectation from a draft.

The zone of logs that print none is stated (--zone '*=UTC'), as their operator knows it: without it the draft rightly says that
it does not know the order. Counts must be right without it, too.
"""
import gzip
import json
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from fact import fact
from truth import stamp_us

SLACK_US = 50_000  # the same event by two clocks of one machine: the server's line and the client's, under load
CLIENT_SLACK_US = 1_000_000  # stamps of access.log are whole seconds
STRAGGLERS = 2  # one or two failures apart from the others are no burst
LEAST = 10  # fewer events than this are no burst by design (incident/burst.h); they may be told or not
LEAST_SECONDS = 4  # and what happens within three seconds may be none either (incident/burst.h)
BURST_GAP_US = 20_000_000  # a pause that parts two bursts; also truth.py's


def us(text):
    stamp = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return int((stamp - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1_000_000 + 0.5)


def draft(onset, folder, *options):
    run = subprocess.run([onset, "draft", "--no-redact", *options, str(folder)], capture_output=True)
    fact(f"{folder}: exit status 0", run.returncode == 0, run.stderr[-500:])
    return json.loads(run.stdout or "{}")


def evidence_holds(name, d):
    """Every piece of evidence stands where it says it does: offset, length, line number."""
    texts = {}
    wrong = total = 0
    values = [d]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            if {"line", "offset", "length", "path"} <= value.keys():
                total += 1
                path = value["path"]
                if path not in texts:
                    raw = Path(path).read_bytes()
                    texts[path] = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
                text = texts[path]
                at, end = value["offset"], value["offset"] + value["length"]
                starts = not at or text[at - 1:at] == b"\n"
                ends = text[end:end + 1] in (b"\n", b"\r", b"")
                wrong += not (starts and ends and text.count(b"\n", 0, at) + 1 == value["line"])
            values += value.values()
        elif isinstance(value, list):
            values += value
    fact(f"{name}: all {total} pieces of evidence stand where they say", wrong == 0 and total > 0, f"{wrong} wrong")


def bursts_of(each):
    """Refusals [at_us, class, user, database] without stragglers: those of stretches of at least LEAST."""
    kept, run = [], []
    for r in sorted(each, key=lambda r: r[0]) + [[1 << 62, None, None, None]]:
        if run and r[0] - run[-1][0] >= BURST_GAP_US:
            kept += run if len(run) >= LEAST else []
            run = []
        run.append(r)
    return kept


def tally_of(rows, column):
    found = {}
    for r in rows:
        if r[column]:
            found[r[column]] = found.get(r[column], 0) + 1
    return found


def text_class(error):
    """What an app was told, by its words. (psycopg2 says nothing of query_wait_timeout: it only sees the connection close.)"""
    words = {"connections for role": "db.role_limit", "connections for database": "db.database_limit",
             "max_client_conn": "pooler.client_limit", "too many clients already": "db.max_connections",
             "connection slots are reserved": "db.max_connections"}
    return next((cls for text, cls in words.items() if text in error), None)


class Case:
    """One run: its draft, its truth, and facts about both."""

    def __init__(self, onset, folder, *options):
        self.folder = folder
        self.truth = json.loads((folder / "truth.json").read_text())
        self.zoned = bool(options)
        self.name = self.truth["scenario"] + ("" if self.zoned else " without zones")
        self.d = draft(onset, folder / "logs", *options)

    def fact(self, text, good, seen=""):
        fact(f"{self.name}: {text}", good, seen)

    # ---- what is in the draft
    def bursts(self, tier=None, signal=None, cls=None):
        found = [b for b in self.d["bursts"] if tier in (None, b["tier"]) and signal in (None, b["signal"])]
        found = [b for b in found if cls is None or any(c["name"] == cls for c in b["classes"])]
        return sorted(found, key=lambda b: us(b["onset"]["at"]))

    def refusals(self, tier):
        """Rows of all incidents that count (no echoes)."""
        return [r for i in self.d["incidents"] for r in i["refusals"] if r["tier"] == tier and not r["echo"]]

    def told(self, *kinds, tier=None):
        return [us(e["at"]) for e in self.d["timeline"] if e["kind"] in kinds and tier in (None, e["tier"])]

    def events(self, kind):
        return [e for e in self.truth["events"] if e["kind"] == kind]

    # ---- facts
    def refusals_are(self, tier, each):
        """Each class's count, and each user's and database's under it, at the tier whose log has them."""
        rows = bursts_of(each)
        for cls, n in tally_of(rows, 1).items():
            mine = [r for r in rows if r[1] == cls]
            got = [r for r in self.refusals(tier) if r["class"] == cls]
            self.fact(f"{n} refusals of {cls}, counted once", sum(r["count"] for r in got) == n,
                      [(r["tier"], r["class"], r["count"]) for r in self.refusals(tier)])
            if got:
                ends = min(us(r["onset"]["at"]) for r in got), max(us(r["end"]["at"]) for r in got)
                self.fact(f"{cls}: first and last refusal to the ms", ends == (mine[0][0], mine[-1][0]),
                          (ends, mine[0], mine[-1]))
            bursts = self.bursts(tier, cls=cls)
            for key, column in (("user", 2), ("database", 3)):
                theirs = tally_of(mine, column)
                for r in got:
                    who = r["scope"][key]
                    self.fact(f"{cls}: {key} {who}: at least the {r['count']} that are said to be its own",
                              who is None or theirs.get(who, 0) >= r["count"], theirs)
                if all(len(b["classes"]) == 1 for b in bursts):  # a burst of several classes has the users of all
                    ours = {}
                    for x in (x for b in bursts for x in b[key + "s"]):
                        ours[x["name"]] = ours.get(x["name"], 0) + x["count"]
                    self.fact(f"{cls} by {key}", ours == theirs, (ours, theirs))
            heard = sum(r["count"] for rows in self.truth["app_taps"].values() for r in rows if text_class(r["error"]) == cls)
            echoes = sum(r["count"] for i in self.d["incidents"] for r in i["refusals"]
                         if r["tier"] == "app" and r["class"] == cls and r["echo"])
            if self.zoned:
                self.fact(f"{heard} of {cls} in the apps' own words are echoes", abs(echoes - heard) <= STRAGGLERS, echoes)
        got = {r["class"] for r in self.refusals(tier)}
        self.fact(f"no refusal of another class in the {tier} tier", got <= {r[1] for r in each}, got)

    def first_symptom(self):
        """The first thing that any log can prove and that is no cause: a refusal, a user's failure, a crash. (Who waited for
        a lock, or what was deployed, is why: it has its own time and is never the onset.)"""
        t = self.truth
        found = [t["refusals"]["first_us"], t["users"]["first_failure_us"]] + t["database"]["crashed"]
        found += [r["first_us"] for r in t["pooler"]["refusals"]]
        return min(x for x in found if x)

    def users_saw(self, i):
        """The users' failures by their own clock: all of them, and none before or after but stragglers, which are no burst."""
        others = [x for x in self.d["incidents"] if x["id"] != i["id"]]
        failed = [t for t in self.truth["users"]["failed_us"]
                  if not any(us(x["onset"]["lower"]) <= t <= us(x["end"]["upper"]) for x in others)]
        lower, upper = us(i["onset"]["lower"]), us(i["end"]["upper"]) + CLIENT_SLACK_US
        inside = [t for t in failed if lower <= t <= upper]
        after = [t for t in failed if upper < t <= upper + 60_000_000]
        before = [t for t in failed if lower - 60_000_000 <= t < lower - CLIENT_SLACK_US]
        self.fact("the users' failures begin with the incident", len(before) <= STRAGGLERS, [(t - lower) / 1e6 for t in before])
        self.fact("and end with it", len(after) <= STRAGGLERS, (i["end"], [(t - upper) / 1e6 for t in after]))
        got = i["impact"]
        if not inside:
            self.fact("no user's failure is claimed when no user saw one", not got["failed"], got["failed"])
            return
        self.fact("the end is not later than the users' last failure", us(i["end"]["lower"]) - CLIENT_SLACK_US <= inside[-1],
                  (i["end"], (inside[-1] - us(i["end"]["at"])) / 1e6))
        slack = STRAGGLERS + len(inside) // 200  # a request that ends with the bin may fall to either side
        self.fact(f"{len(inside)} failed requests, as the users count them",
                  got["failed"] is not None and abs(got["failed"] - len(inside)) <= slack, (got["failed"], got["measured_at"]))
        answers = self.truth["users"]["answers"]
        begin, end = (us(i[k]["at"]) // 1_000_000 - answers["first_s"] for k in ("onset", "end"))
        least, most = sum(answers["each"][begin + 1:end]), sum(answers["each"][max(begin - 1, 0):end + 2])
        self.fact(f"{least} to {most} requests in that time, as the users count them", least <= (got["requests"] or 0) <= most,
                  got["requests"])
        theirs, ours = self.truth["users"]["latency_before"], got["before"]
        for p in ("p50_us", "p95_us"):  # a server cannot have needed longer than the user waited
            self.fact(f"{p} before it, as the users' clocks have it",
                      ours[p] is None or ours[p] <= theirs[p] * 11 // 10 + 10_000, (ours[p], theirs[p]))

    def tiers(self, i, want):
        """`want`: the tiers whose logs must tell of the failure, by the run's design. The pooler's is read here."""
        told = {p["tier"] for p in i["propagation"]}
        each = self.truth["pooler"]["each"]
        if len(each) >= LEAST and len({r[0] // 1_000_000 for r in each}) >= LEAST_SECONDS:
            want = want | {"pool"}
        elif each or self.truth["pooler"]["login_failed"]:
            told.discard("pool")
        self.fact("the tiers that failed", told == want, (sorted(told), sorted(want)))

    def one_incident(self, *tiers):
        """What holds of every scenario with one outage. Returns the incident, None without one."""
        self.fact("one incident", len(self.d["incidents"]) == 1, [(x["title"], x["onset"]["at"]) for x in self.d["incidents"]])
        if not self.d["incidents"]:
            return None
        i = self.d["incidents"][0]
        first, o = self.first_symptom(), i["onset"]
        self.fact("the onset interval holds the first symptom", us(o["lower"]) - SLACK_US <= first <= us(o["upper"]) + SLACK_US,
                  (o, (us(o["at"]) - first) / 1e6))
        self.fact("it is over", not i["ongoing"])
        self.tiers(i, set(tiers))
        self.users_saw(i)
        self.fact("10 to 40 timeline entries", 10 <= len(self.d["timeline"]) <= 40, len(self.d["timeline"]))
        return i

    def changes(self, i):
        """Deploys and restarts that were made are told, at their time."""
        got = [(c["kind"], us(c["at"]["at"])) for c in i["changes"]]
        for e in self.events("deploy_begin"):
            self.fact(f"the deploy of {e['version']} is a change",
                      any(k in ("deploy", "rollback") and abs(t - e["at_us"]) < 3_000_000 for k, t in got), (e, got))
            verdicts = [c["verdict"] for c in i["changes"] if c["version"] == e["version"] and c["kind"] in ("deploy", "rollback")]
            if e.get("red_herring"):
                self.fact("a deploy that did nothing is not blamed", "supported" not in verdicts, verdicts)
            elif not e.get("mitigation"):
                self.fact("the deploy that did it is not cleared", "refuted" not in verdicts, verdicts)
        for at in self.truth["database"]["shutdown"][:-1]:  # the last is the end of the run
            self.fact("the restart of the database is a change",
                      any("restart" in k and abs(t - at) < 1_000_000 for k, t in got), (at, got))

    def rushed(self, at_us):
        """Whether the users got answers thrice as often after the rush began, and for less than half of the run: a machine may
        be too slow for the rush that was wanted, and what is loud most of the time is the level."""
        answers = self.truth["users"]["answers"]
        at, each = at_us // 1_000_000 - answers["first_s"], answers["each"]
        usual = sum(each[:at]) // max(at, 1)
        loud = sum(n > 2 * usual for n in each)
        return sum(each[at + 1:at + 6]) >= 5 * 3 * usual and loud * 20 < len(each) * 9

    def surge(self, i, at_us):
        if not self.rushed(at_us):
            print("note: this machine was too slow for a rush of users; whether it is told was not tested")
            return
        near = [us(c["at"]["at"]) - at_us for c in i["changes"] if c["kind"] == "traffic_surge"]
        self.fact("the rush is told at its time", any(abs(x) < 2_500_000 for x in near), near)

    def holders(self, i):
        """Open connections at the first refusal, when all slots were taken, against the sample of pg_stat_activity just after it."""
        first, h = self.truth["refusals"]["first_us"], i["holders"]
        self.fact("the holders are those at the first refusal", h["at"]["at"] and abs(us(h["at"]["at"]) - first) <= SLACK_US, (h["at"], first))
        after = [s for s in self.truth["activity"] if 0 <= s["at_us"] - first <= 2_000_000]
        for dimension, column in (("role", 0), ("database", 1), ("application", 2)):
            for item in h["items"]:
                # a pooler's connections have no application when they are made: their name in the log differs from the table's
                if item["dimension"] != dimension or item["count"] < 4 or item["name"] == "" or not after:
                    continue
                seen = sum(row[4] for row in after[0]["open"] if row[column] == item["name"])
                self.fact(f"{dimension} {item['name']!r} held {item['count']}, pg_stat_activity saw as many",
                          abs(seen - item["count"]) <= 2, seen)
        if after and h["open"] is not None:
            self.fact(f"{h['open']} connections were open", abs(h["open"] - after[0]["total"]) <= 2, after[0]["total"])
        most = self.truth["limits"]["max_connections"]
        room = most - self.truth["limits"]["superuser_reserved_connections"]
        self.fact("the limit in force, when one is told", h["limit"] in (None, room, most), (h["limit"], room))

    def metric(self, i, name):
        """A number that PgBouncer prints of itself, read here from its log with Python: the peak around the incident."""
        words = {"pgbouncer.time.wait": r"(\S+ \S+ UTC) \[\d+\] LOG stats: .*, wait (\d+) us"}
        values = []
        for path in sorted((self.folder / "logs").glob("pgbouncer.log*")):
            with gzip.open(path, "rt", errors="replace") as text:
                values += [(stamp_us(m[1]), int(m[2])) for m in (re.match(words[name], line) for line in text) if m]
        begin, end = us(i["onset"]["at"]) - 60_000_000, us(i["end"]["at"])
        if not values or values[0][0] > begin - 60_000_000:
            return  # the run is too short: a minute "before" is the least (incident/metrics.h)
        peak = max((v for t, v in values if begin <= t <= end), default=None)
        got = [m["peak"] for m in i["metrics"] if m["name"] == name]
        self.fact(f"{name} is told, with its peak", got == [peak], (got, peak, values))
