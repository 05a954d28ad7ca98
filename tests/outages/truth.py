"""truth: what really happened, from the facts and the script, never from a log line.

Takes  plan, script, facts; for `tell` the site (clocks, sources, gaps). Gives  holds(): is this draw what its kind says; tell(): truth.json.
"""
SEC = 1_000_000
RATE = 5


def refusals(facts):
    """(t, tier, class, user, database): each refusal at the place where the limit was."""
    out = []
    for t, what, detail in facts.get("db", ()):
        if what == "no_fork":
            out.append((t, "db", "db.fork_failed", None, None))
        elif what == "fatal" and detail[3]:
            out.append((t, "db", detail[3], detail[0].user, detail[0].database))
    for t, what, detail in facts.get("pooler", ()):
        if what == "refused":
            out.append((t, "pool", detail[2], detail[0].user, detail[0].database))
    for source in facts:
        if source.startswith("app"):
            for t, what, detail in facts[source]:
                if what == "request" and detail[4] and detail[4].how in ("pool_timeout", "pool_reject"):
                    out.append((t, "app", "pool.wait_timeout" if detail[4].how == "pool_timeout" else "pool.reject", None, None))
    out.sort(key=lambda x: x[0])
    return out


def holds(plan, script, facts):
    """Is it what its kind says: enough refusals in the time of its cause, none before, none at all where there should be none."""
    if not script.expects:
        return not [x for x in refusals(facts) if x[2] != "db.role_limit"]
    if script.need:
        for e in script.expects:
            if not e["refusals"]:
                continue
            seen = [x[0] for x in refusals(facts) if e["from"] <= x[0] <= e["to"]]
            if len(seen) < script.need:
                return False
            if script.lasting and not any(t > script.lasting for t in seen):
                return False
        # Health is health: a shop that refuses before the cause would need another story.
        first = min((e["from"] for e in script.expects), default=plan.end)
        if any(t < first for t, *_ in refusals(facts)):
            return False
    for e in script.expects:
        if not e["refusals"] and sum(1 for t, what, d in facts.get("front", ()) if what == "answered" and d[1] >= 500 and e["from"] <= t <= e["to"]) < 25:
            return False
        if not e["refusals"] and len([x for x in refusals(facts)]) > 0:
            return False
    return True


def tell(seed, kind, plan, script, facts, site):
    all_refusals = refusals(facts)
    failed = [t for t, what, d in facts.get("front", ()) if what == "answered" and isinstance(d[1], int) and d[1] >= 500]
    incidents = []
    for e in script.expects:
        symptoms = sorted([x[0] for x in all_refusals if e["from"] <= x[0] <= e["to"]] + [t for t in failed if e["from"] <= t <= e["to"]])
        incidents.append({"cause": e["cause"], "also": e["also"], "cause_at": e["from"], "connections": e["refusals"],
                          "onset": symptoms[0] if symptoms else None, "end": symptoms[-1] if symptoms else None,
                          "rate_from": rate_from(symptoms),
                          "from": e["from"], "to": e["to"]})
    for d in script.deploys:
        d["alike"] = d["role"] == "herring-R2" and alike(d, incidents[0], facts)
    counts = {}
    for t, tier, name, user, database in all_refusals:
        counts[name] = counts.get(name, 0) + 1
    return {"schema": "outages/1", "seed": seed, "kind": kind, "window": [plan.start, plan.end], "incidents": incidents,
            "refusals": counts, "failed_requests": len(failed), "deploys": script.deploys, "mends": script.mends, "edges": site.edges(),
            "neighbour": site.neighbour.plan and {"pooler": site.neighbour.plan.pooler, "instances": site.neighbour.plan.instances}, "sources": site.truth(),
            "plan": {k: v for k, v in vars(plan).items() if isinstance(v, (int, float, str, bool, list, dict, tuple, type(None)))}}


def rate_from(symptoms):
    """The first that is no lone one: RATE in the minute from it on. Where there is none such, the first of all."""
    return next((t for t, later in zip(symptoms, symptoms[RATE - 1:]) if later - t <= 60 * SEC), symptoms[0] if symptoms else None)


def alike(deploy, incident, facts):
    """Did the instances with the new version fail as often as the others, both often enough to tell (30 failures, ratio under 1.3)?"""
    n = {True: [0, 0], False: [0, 0]}
    for source in facts:
        if source.startswith("app"):
            new = int(source[3:]) in deploy["instances"]
            for t, what, d in facts[source]:
                if what == "request" and incident["onset"] <= t <= incident["end"]:
                    n[new][0] += 1
                    n[new][1] += d[2] >= 500
    if min(n[True][1], n[False][1]) < 30:
        return False
    ratio = n[True][1] / n[True][0] * n[False][0] / n[False][1]
    return 1 / 1.3 < ratio < 1.3
