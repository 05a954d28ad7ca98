"""measures: one draft beside its truth.

Takes  truth.json and the draft, both as read. Gives  a dict of counts and lists, to be summed over seeds by accuracy.py.
Holds  nothing. A field that the draft does not have counts as not told.
Never  looks at logs.
"""
from datetime import datetime, timedelta, timezone

SEC = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
REFUSALS = {"db.connections.exhausted", "pool.connections.exhausted", "app.pool.exhausted"}
LEAST = 15  # refusals that have to be told as a burst; about ten is the program's own limit, fewer may be told or not
FINE_US, COARSE_US = 15 * SEC, 30 * SEC  # nearer is one burst, farther are two; between, both are right
SPARSE_US = 75 * SEC  # where less than one a second is refused, a silence of this length may still be chance
DECIDABLE = ("herring-R1", "herring-R2")


def us(text):
    if text is None:
        return None
    d = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc) - EPOCH
    return (d.days * 86400 + d.seconds) * SEC + d.microseconds


def ahead(clock, start, t):
    out = clock["offset_us"] + int(clock["drift_ppm"] * (t - start) / 1e6)
    return out + (clock["step_us"] if clock["step_at"] is not None and t >= clock["step_at"] else 0)


def east(log, t):
    """Seconds east of UTC that the log's wall clock stood at t (us)."""
    change = log["zone_change"]
    return log["zone_s"] if not change else change[1] if t < change[0] else change[2]


def shown_of(log, source, printed, near):
    """UTC by the log's own clock of a stamp as printed. In the hour that a wall clock shows twice: the one nearer to `near`, which is what
    the draft took it for."""
    if log["zone_printed"] and source["zone"]:
        return printed
    change = log["zone_change"]
    if not change:
        return printed - log["zone_s"] * SEC
    sides = [printed - change[1] * SEC, printed - change[2] * SEC]
    fits = [t for t, ok in zip(sides, (sides[0] < change[0], sides[1] >= change[0])) if ok] or sides[:1]
    return min(fits, key=lambda t: abs(t - near))


def clusters(times, link_us, gap):
    out = []
    for t in times:
        hole = max(0, min(t, gap[1]) - max(out[-1][1], gap[0])) if out and gap else 0
        if out and t - out[-1][1] - hole <= link_us:
            out[-1][1] = t
            out[-1][2] += 1
        else:
            out.append([t, t, 1])
    return out


class Beside:
    """Which source of the draft is which log of the truth, and how to bring true time to the draft's."""

    def __init__(self, truth, draft):
        self.truth, self.draft, self.start = truth, draft, truth["window"][0]
        self.of, self.log = {}, {}
        for s in draft["sources"]:
            for log in truth["sources"]:
                if any(path.endswith("logs/" + f) for path in s["paths"] for f in log["files"]):
                    self.of[s["id"]] = log
                    self.log.setdefault(log["path"], s)
        self.reference = self.of.get(draft["reference_clock"])

    def unzoned(self, log, t):
        """Seconds east that are still in the draft's times of this log at t: its zone is neither printed nor found, and not the one assumed;
        or one was found, and it had another hour then (its segments tell the step as one of the clock)."""
        s = self.log[log["path"]]
        if log["zone_change"] and not log["zone_printed"] and not log["stated"] and zone_of(s) is not None:
            return east(log, t) - zone_of(s)
        if log["zone_printed"] or zone_of(s) is not None or not s["first"]:
            return 0
        if s["zone_how"] == "estimated":  # zone and clock are told together
            return east(log, log["first"])
        civil = log["first"] + ahead(log["clock"], self.start, log["first"]) + east(log, log["first"]) * SEC
        moved = s["clock"].get("reference_offset_us") if s["clock"].get("applied") else 0
        assumed = round((civil - us(s["first"]) - (moved or 0)) / (900 * SEC)) * 900
        return east(log, log["first"]) - assumed

    def leads_to_zone(self, log):
        """Do requests (20 or more with the same ids) lead from this log to one that prints its zone?"""
        by_path = {s["path"]: s for s in self.truth["sources"]}
        seen, todo = {log["path"]}, [log["path"]]
        while todo:
            for other, n in by_path[todo.pop()]["shares"].items():
                if n >= 20 and other not in seen:
                    if by_path[other]["zone_printed"]:
                        return True
                    seen.add(other)
                    todo.append(other)
        return False

    def alone(self, got, want):
        """No other incident of the truth lies in this one of the draft, nor another of the draft in that of the truth."""
        rest = [i for i in self.truth["incidents"] if i is not want and i["onset"] is not None]
        return len(self.draft["incidents"]) == 1 + len(rest)

    def told(self, t, log):
        """What the draft should say for true time t: in the reference clock; without one, as the log's own clock shows it."""
        return t + ahead((self.reference or log)["clock"], self.start, t)


def bursts(b, out):
    """Twins (stderr and csvlog of one server) are one log. A log is read by itself: its own clock, its own zone."""
    logs, told = {}, {}
    for log in b.truth["sources"]:
        logs.setdefault(log["twin"] or log["path"], log)
    for burst in b.draft["bursts"]:
        log = b.of.get(burst["source"])
        if burst["signal"] in REFUSALS and log:
            shift = shift_of(b, burst)
            first, last = us(burst["onset"]["at"]) - shift, us(burst["end"]["at"]) - shift
            if log["clock"]["step_at"] and b.reference:  # its clock may have been set within the burst
                last = us(burst["end"]["at"]) - ahead(b.reference["clock"], b.start, first)
            told.setdefault(log["twin"] or log["path"], []).append((first, last, burst))
        elif burst["signal"] in REFUSALS:
            out["burst_false"].append(("unknown source", burst["onset"]["at"]))
    for name, log in logs.items():
        wanted = [c for whose in sorted({w for _, w in log["refusals"]}) for c in wanted_of(log, whose)]
        begun = {}
        for first, last, burst in sorted(told.get(name, []), key=lambda x: x[:2]):
            best = max(wanted, key=lambda c: c.fits(first, last), default=None)
            if not best or best.fits(first, last) <= 0.5:
                out["burst_false"].append((name, burst["signal"], burst["onset"]["at"], burst["end"]["at"], burst["count"]))
                continue
            out["burst_true"] += 1
            if best.whose == log["tier"] and begun.setdefault(best.first, True):
                begun[best.first] = False
                onset(b, log, burst, best.first, out)
        for c in wanted:
            if c.must:
                out["burst_wanted"] += 1
                if not c.covered([(first, last) for first, last, _ in told.get(name, [])]):
                    out["burst_missed"].append((name, c.whose, [c.first, c.last, len(c.times)]))


class Wanted:
    """A stretch of refusals of one log that may be told as a burst; `must`: it has to be."""

    def __init__(self, whose, times, must):
        self.whose, self.times, self.must = whose, times, must
        self.first, self.last = times[0], times[-1]
        self.sparse = len(times) * SEC < self.last - self.first  # less than one a second: a piece of it is as right as the whole

    def fits(self, first, last):
        """The smaller of: share of its refusals that were told, share of what was told that lies in it. Of a sparse one a piece will do."""
        inside = round((max(0, min(self.last, last) - max(self.first, first)) + SEC) / (last - first + SEC), 2)  # ms choose nothing: the finest link does
        told = sum(first - SEC <= t <= last + SEC for t in self.times) / len(self.times)
        return min(inside, told) if not self.sparse else inside * 0.9 if told else 0  # where both fit, the dense one

    def covered(self, spans):
        """More than half of its refusals lie in what was told, and (a dense one) not in bits of it."""
        inside = sum(any(a - SEC <= t <= z + SEC for a, z in spans) for t in self.times)
        return 2 * inside > len(self.times)


def wanted_of(log, whose):
    times = [t for t, w in log["refusals"] if w == whose]
    out = []
    for link in (FINE_US, *range(FINE_US + 2 * SEC, COARSE_US, 2 * SEC), COARSE_US, SPARSE_US):
        for first, last, n in clusters(times, link, log["gap"]):
            c = Wanted(whose, [t for t in times if first <= t <= last], link == COARSE_US)
            if link == SPARSE_US and not c.sparse:
                continue
            c.must = c.must and n >= LEAST and n * SEC >= 0.15 * (last - first)
            out.append(c)
    return out


def shift_of(b, burst):
    """From the draft's time of this burst's source to true time."""
    log = b.of[burst["source"]]
    source = next(s for s in b.draft["sources"] if s["id"] == burst["source"])
    # What the log itself showed, made UTC by its true zone, is t + ahead(t).
    shown = shown_of(log, source, us(burst["onset_at_source"]), us(burst["onset"]["at"]))
    t = shown - ahead(log["clock"], b.start, shown)
    return us(burst["onset"]["at"]) - t


def onset(b, log, burst, t, out):
    """t: the first refusal, in true time. What its own clock showed then, beside what the draft says that it showed."""
    own = next(s for s in b.draft["sources"] if s["id"] == burst["source"])
    expected = t + ahead(log["clock"], b.start, t)
    expected -= expected % log["resolution_us"]
    shown = shown_of(log, own, us(burst["onset_at_source"]), us(burst["onset"]["at"]))
    if log["lost_first"] and log["gap"][1] <= t < log["gap"][1] + COARSE_US:
        bounds = [us(burst["onset"][k]) for k in ("lower", "upper")]
        lost = b.told(log["lost_first"], log)
        if log["hole_shows"]:
            out["onset_censored"].append(all(bounds) and bounds[0] <= lost <= bounds[1])
            if not out["onset_censored"][-1]:
                out["onset_hidden"].append((log["path"], burst["onset"], burst["censored_start"], own["gaps"]))
        return
    out["onset_ms" if log["resolution_us"] < SEC else "onset_s"].append(abs(shown - expected))
    if abs(shown - expected) > max(100_000, log["resolution_us"]):
        out["onset_late"].append((log["path"], burst["signal"], burst["onset"]["at"], shown - expected))


def clock(b, out):
    for log in b.truth["sources"]:
        s = b.log.get(log["path"])
        if not s or not s["records"]:
            continue
        c = s["clock"]
        against = b.of.get(c.get("against"))
        shared = log["shared_ids"]
        if shared >= 20 and s["id"] != b.draft["reference_clock"]:
            out["clock_wanted"] += 1
        if c["offset_us"] is not None and against and against is not log:
            # Where the zone is not known, the draft tells the times of this log by the one assumed.
            away = us(s["first"]) - log["first"] if zone_of(s) is None else 0
            mid = us(c["drift_at"]) - away if c.get("drift_at") else None
            spans = [(us(x["from"]) - away, us(x["to"]) - away, x["offset_us"], x["uncertainty_us"]) for x in c.get("segments") or ()] or [(None, None, c["offset_us"], c["uncertainty_us"])]
            for first, last, offset, u in spans:
                start, end = b.truth["window"]
                t = mid or ((first + last) // 2 if first else (start + end) // 2)
                # Zones that are not known are not taken off: they are part of what is told.
                civil = (b.unzoned(log, t) - b.unzoned(against, t)) * SEC
                true = ahead(log["clock"], start, t) - ahead(against["clock"], start, t) + civil
                low, high = true, true
                if not mid:  # a slow drift that is not told: anywhere within it is right
                    ends = [ahead(log["clock"], start, x) - ahead(against["clock"], start, x) + civil for x in (first or start, last or end)]
                    low, high = min(ends + [true]), max(ends + [true])
                # In the hour that a wall clock shows twice, or not at all, a zone that nothing tells and a clock are told together: then
                # offsets that differ by quarters of an hour mean the same.
                if any(x["zone_change"] and not x["zone_printed"] and not x["stated"] for x in (log, against)):
                    turns = round((offset - true) / (900 * SEC)) * 900 * SEC
                    low, high = low + turns, high + turns
                inside = offset - u <= high and offset + u >= low
                out["clock_inside"].append(inside)
                if not inside:
                    out["clock_outside"].append((log["path"], c["method"], c.get("n"), offset, u, true))
                if c["method"] and shared >= 20 and "id" in c["method"]:
                    out["clock_bound"].append(u)
        if not log["zone_printed"] and not log["stated"]:
            wanted = b.leads_to_zone(log)
            out["zone_wanted"] += wanted
            found = zone_of(s)
            if found is None:
                if wanted:
                    out["zone_missed"].append((log["path"], log["zone_s"], c["offset_us"], c["method"]))
            elif found in (log["zone_s"], *(log["zone_change"] or ())[1:]):
                out["zone_found"] += wanted
            else:
                out["zone_wrong"].append((log["path"], found, log["zone_s"]))


def zone_of(s):
    if s["clock"].get("zone_offset_s") is not None:
        return s["clock"]["zone_offset_s"]
    if s["zone"] is None or s["zone_how"] in ("assumed", None):
        return None
    z = s["zone"]
    if z in ("UTC", "Z"):
        return 0
    try:
        hours, minutes = (z[1:].split(":") if ":" in z else (z[1:3], z[3:5]))
        return (-1 if z[0] == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60)
    except ValueError:
        return None


def incidents(b, out):
    truth, draft = b.truth, b.draft
    kind = truth["kind"]
    connections = [i for i in draft["incidents"] if any(r["count"] for r in i["refusals"])]
    if not any(i["connections"] for i in truth["incidents"]):
        out["still_wanted"] += 1
        if connections:
            out["still_wrong"].append((kind, connections[0]["onset"]["at"]))
        if not truth["incidents"] and draft["incidents"]:
            out["quiet_wrong"].append((kind, draft["incidents"][0]["title"]))
    taken = set()
    for n, want in enumerate(truth["incidents"]):
        if want["onset"] is None:
            continue
        got = match_incident(b, want, out)
        out["incident_wanted"] += 1
        if not got:
            out["incident_missed"].append((kind, want["cause"]))
            out["cause_wanted"] += 1
            out["cause_wrong"].append((kind, want["cause"], "no incident"))
            continue
        causes = [c["cause"] for c in got["causes"] if c["word"] != "undetermined" or True]
        right = {want["cause"], *want["also"]}
        out["cause_wanted"] += 1
        if causes and causes[0] in right:
            out["cause_first"] += 1
        else:
            out["cause_wrong"].append((kind, want["cause"], causes[:3]))
        if right & set(causes[:3]):
            out["cause_three"] += 1
        deploys(b, want, got, out)
        # Two that the draft tells as one have one first alert between them.
        if truth["said"] and got["id"] not in taken and b.alone(got, want):
            detection(b, n, want, got, out)
        taken.add(got["id"])


def match_incident(b, want, out):
    """The incident of the draft that overlaps most, each by its own clock as far as the draft tells it."""
    best, most = None, 0
    for i in b.draft["incidents"]:
        for burst in b.draft["bursts"]:
            if burst["id"] in i["bursts"] and b.of.get(burst["source"]):
                shift = shift_of(b, burst)
                first, last = us(burst["onset"]["at"]) - shift, us(burst["end"]["at"]) - shift
                both = min(last, want["end"]) - max(first, want["onset"]) + 2 * SEC
                weight = both * (4 if burst["signal"] in REFUSALS else 1)
                if both > 0 and weight > most:
                    best, most = i, weight
    return best


def detection(b, n, want, got, out):
    """The steps that people stated. Statements are in true UTC; the draft holds them against an onset by some log's clock."""
    wanted, steps = b.truth["said"]["detection"][n], got["detection"]
    first = first_burst(b, got)
    ahead_us = shift_of(b, first) if first else 0
    for step, stated in wanted.items():
        told = steps[step]["at"]
        if stated and stated[0] + stated[1] <= want["onset"] + max(ahead_us, 0) + SEC:
            continue  # by the clock that the draft goes by it was before the onset: nothing in the logs could say better
        out["step_wanted"] += 1
        at = us(told["at"])
        if (at is None) != (stated is None) or (stated and at != stated[0]):
            out["step_wrong"].append((b.truth["kind"], step, "stated", stated and iso(stated[0]), "told", told["at"], "onset", iso(want["onset"]), got["onset"]["at"], got["end"]["at"]))
    alert = wanted["alert"]
    gap = steps["alert"]["after_onset_us"]
    hidden = any(log["lost_first"] for log in b.truth["sources"])  # in a hole: the onset is another measure's
    if alert and gap is not None and not hidden and us(steps["alert"]["at"]["at"]) == alert[0]:
        # Of a whole minute that holds the onset the gap is 0.
        # The first symptom may be a slow request, which lies between the cause and the first failure.
        least, most = (max(0, alert[0] - t - ahead_us) for t in (want["onset"], want["cause_at"]))
        out["gap_error"].append(max(0, least - gap, gap - most))
        if out["gap_error"][-1] > SEC:
            out["gap_wrong"].append((b.truth["kind"], "told", gap, "wanted", [least, most], got["onset"]))


def first_burst(b, incident):
    of = [x for x in b.draft["bursts"] if x["id"] in incident["bursts"] and b.of.get(x["source"])]
    return min(of, key=lambda x: (x["onset"]["at"] != incident["onset"]["at"], x["onset"]["at"]), default=None)


def iso(t):
    return (EPOCH + timedelta(microseconds=t)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def deploys(b, want, got, out):
    top = got["causes"][0] if got["causes"] else {"for": []}
    for d in b.truth["deploys"]:
        if d["role"] == "mitigation":
            continue
        change = next((c for c in got["changes"] if c["kind"] in ("deploy", "restart", "start", "rollback", "stop", "mitigation") and
                       (c["version"] == d["version"] or (c["version"] is None and c["at"]["at"] and near(b, c, d)))), None)
        named = any(d["version"] in text for text in top["for"])
        if d["role"].startswith("herring"):
            out["herrings"] += 1
            if named or (change and change["verdict"] == "supported"):
                out["blamed"].append((b.truth["kind"], d["role"], d["version"], "named" if named else "supported"))
            if decidable(want, d):
                out["refutable"] += 1
                if change and change["verdict"] == "refuted":
                    out["refuted"] += 1
                else:
                    out["not_refuted"].append((b.truth["kind"], d["role"], d["version"], change["verdict"] if change else "no change told"))
        elif d["role"] == "cause":
            out["true_deploys"] += 1
            if change and change["verdict"] == "refuted":
                out["true_refuted"].append((b.truth["kind"], d["version"]))
            if change and change["verdict"] == "supported":
                out["true_supported"] += 1


def near(b, change, d):
    log = b.of.get(change["source"])
    return bool(log) and abs(us(change["at"]["at"]) - b.told(d["first"], log)) < 30 * SEC


def decidable(want, d):
    if d["role"] == "herring-R1":
        return d["first"] > want["onset"] + 2 * SEC
    return d["role"] == "herring-R2" and d["last"] < want["onset"] and d["alike"]


def calls(b, out):
    """Who calls whom, log by log: what the draft takes an address for, beside who really listens there. Logs of one program are one."""
    program = {log["path"]: (log["host"], log["tier"]) for log in b.truth["sources"]}
    true = {(program[x], program[y]) for x, y, _ in b.truth["edges"]}
    told = set()
    for u in b.draft.get("topology", {}).get("upstreams", ()):
        caller, called = b.of.get(u["source"]), b.of.get(u["called"])
        if not caller or not called:
            continue
        edge = (program[caller["path"]], program[called["path"]])
        told.add(edge)
        if edge not in true:
            out["call_wrong"].append((u["address"], u["how"], caller["path"], called["path"]))
    said = [(program[x], program[y]) for x, y, tells in b.truth["edges"] if tells]
    out["call_wanted"] += len(said)
    out["call_missed"] += [(caller[0], called[0]) for caller, called in sorted(said) if (caller, called) not in told]


LISTS = ("burst_false", "burst_missed", "onset_ms", "onset_s", "onset_censored", "onset_late", "onset_hidden", "clock_inside", "clock_outside", "clock_bound", "zone_wrong", "zone_missed", "still_wrong",
         "quiet_wrong", "incident_missed", "cause_wrong", "blamed", "not_refuted", "true_refuted",
         "step_wrong", "gap_error", "gap_wrong", "call_wrong", "call_missed")
COUNTS = ("burst_true", "burst_wanted", "clock_wanted", "zone_wanted", "zone_found", "still_wanted", "incident_wanted", "cause_wanted", "cause_first",
          "cause_three", "herrings", "refutable", "refuted", "true_deploys", "true_supported", "step_wanted", "call_wanted")


def measure(truth, draft):
    out = {k: [] for k in LISTS} | {k: 0 for k in COUNTS}
    b = Beside(truth, draft)
    bursts(b, out)
    clock(b, out)
    incidents(b, out)
    calls(b, out)
    return out
