"""curves: the draft's series of requests, failures, requests in flight and durations against all requests of the logs, sorted.

Takes  a draft, the reference's sources.
Gives  a fact for each series, naming the first interval that differs.
Never  uses a histogram: percentiles are of sorted durations, and may differ by what the series says it may.
"""
from fact import fact

DURATION = "http.server.request.duration."


def percentile(values, percent):
    return values[max(1, -(-len(values) * percent // 100)) - 1]


def wanted(name, inside, at, width, timed):
    """What an interval's value is: exact; None: there is none."""
    if name == "http.requests":
        return len(inside)
    if name == "http.failed":
        return sum(e.status >= 500 for e in inside)
    if name == "inflight_milli":
        return sum(max(0, min(e.us, at + width) - max(e.us - e.duration_us, at)) for e in timed) // (width // 1000)
    durations = sorted(e.duration_us for e in inside if e.duration_us is not None)
    return percentile(durations, int(name[len(DURATION) + 1:])) if durations else None


def compare(name, draft, refs, us):
    by_id = {s["id"]: s for s in draft["sources"]}
    for series in draft["series"]:
        if not (series["name"] in ("http.requests", "http.failed", "inflight_milli") or series["name"].startswith(DURATION)):
            continue
        keys = [s["key"] for s in draft["sources"] if s["tier"] == series["tier"] and not s["twin_of"]]
        # A clock that was found to be off, or a log that is not read here: the reference does not know where its intervals lie.
        if any(key not in refs for key in keys) or any(s["clock"]["applied"] for s in draft["sources"] if s["tier"] == series["tier"]):
            continue
        if series["source"]:
            fact(f"{name}: {series['name']} of the one source of its tier", by_id[series["source"]]["tier"] == series["tier"], series["source"])
        served = [e for key in keys for _, found in refs[key]["files"] for e in found if e.status]
        timed = [e for e in served if e.duration_us is not None]
        width, bins = series["width_us"], {}
        for e in served:
            bins.setdefault(e.us // width * width, []).append(e)
        points = {us(p["at"]): p["value"] for p in series["points"]}
        wrong = []
        for at in range(min(points), max(points) + 1, width) if len(points) < 2000 else ():
            if not any(a <= at <= b for a, b in stretches(sorted(points), width)):
                continue
            want, got = wanted(series["name"], bins.get(at, []), at, width, timed), points.get(at)
            slack = 1 if series["name"] == "inflight_milli" else (want or 0) * series["error_ppm"] // 1000000
            if (want is None) != (got is None) or (want is not None and abs(got - want) > slack):
                wrong.append((at, got, want))
        fact(f"{name}: {series['name']} of the {series['tier']} tier", not wrong, wrong[:3])
        if series["name"].startswith(DURATION):
            fact(f"{name}: the error of {series['name']} is stated", 0 < series["error_ppm"] <= 16000, series["error_ppm"])


def stretches(at, width):
    """First and last of runs of points; an hour without one is another stretch, not a hole in one."""
    runs = []
    for t in at:
        if runs and t - runs[-1][1] <= max(3600 * 1000000, width):
            runs[-1][1] = t
        else:
            runs.append([t, t])
    return runs
