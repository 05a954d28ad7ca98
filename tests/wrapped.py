"""wrapped: the samples' logs inside what carries other programs' lines tell the incident that they tell as they are.

Takes  the program; samples/ (wrap.py puts their logs into compose, Docker, CRI, syslog and journal).
Gives  facts: each writer's records, one by one counted; onset, end, refusals, tiers, classes, impact, changes and causes of the draft;
       all evidence at its place in the carrying file.
Never  takes an expectation from a wrapped log: it is what the same lines say without a wrapper.

The zone is stated for both ('*=UTC'), as in judge.py: a carrier that prints its own knows more than nginx's error log.
"""
import gzip
import json
import subprocess
import tempfile
from pathlib import Path

from fact import fact
from judge import evidence_holds
import wrap

# tag, text: what else is in a syslog. None of it is of a tier, whatever it says of the programs that are.
OTHERS = [("kernel", "[{n}.123456] postgres invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0"),
          ("kernel", "[{n}.123460] Out of memory: Killed process 4711 (postgres) total-vm:8123456kB, anon-rss:7654321kB, file-rss:0kB"),
          ("kernel", "[{n}.200000] TCP: request_sock_TCP: Possible SYN flooding on port 5432. Sending cookies.  Check SNMP counters."),
          ("systemd[1]", "postgresql@15-main.service: Main process exited, code=killed, status=9/KILL"),
          ("systemd[1]", "postgresql@15-main.service: Failed with result 'signal'."),
          ("systemd[1]", "Started PostgreSQL Cluster 15-main."),
          ("systemd[1]", "Reloaded A high performance web server and a reverse proxy server."),
          ("sshd[912]", "Failed password for invalid user postgres from 203.0.113.5 port 51234 ssh2"),
          ("sshd[912]", "Connection reset by 203.0.113.5 port 51234 [preauth]"),
          ("CRON[{n}]", "(root) CMD (   cd / && run-parts --report /etc/cron.hourly)")]


class Sample:
    """A sample's logs as writers: (container, process, host, files)."""

    def __init__(self, name, programs):
        self.name = name
        logs = Path("samples", name, "logs")
        self.paths = [sorted(p for glob in globs for p in logs.glob(glob)) for _, _, _, globs in programs]
        self.writers = []
        for (container, process, host, globs), paths in zip(programs, self.paths):
            each = [wrap.read(*sorted(logs.glob(glob))) for glob in globs]
            lines = sorted((line for lines in each for line in lines), key=lambda line: line.at_us)
            self.writers.append(wrap.Writer(container, lines, process, host, 15000 + len(self.writers)))

    def by_process(self, *names):
        return [w for w in self.writers if w.process in names]

    def paths_but(self, *names):
        """The files of the other programs, as they are."""
        return [p for w, paths in zip(self.writers, self.paths) for p in paths if w.process not in names]


SAMPLES = [
    Sample("checkout-outage", [("web-1", "nginx", "web1", ["access.log*", "error.log*"]),
                               ("shop-api-1", "shop-api", "app1", ["shop-api-1.log*"]),
                               ("shop-api-2", "shop-api", "app2", ["shop-api-2.log*"]),
                               ("db-1", "postgres", "db1", ["postgresql-*"])]),
    Sample("lock-pileup", [("lb-1", "haproxy", "lb1", ["haproxy.log*"]),
                           ("web-1", "nginx", "web1", ["access.log*", "error.log*"]),
                           ("shop-api-1", "shop-api", "app1", ["shop-api-1.log*"]),
                           ("shop-api-2", "shop-api", "app2", ["shop-api-2.log*"]),
                           ("billing-1", "billing", "app3", ["billing-1.log*"]),
                           ("pool-1", "pgbouncer", "pool1", ["pgbouncer.log*"]),
                           ("db-1", "postgres", "db1", ["postgresql-*"])]),
]


def draft(onset, *paths):
    run = subprocess.run([onset, "draft", "--no-redact", "--no-config", "--zone", "*=UTC", *map(str, paths)], capture_output=True)
    return json.loads(run.stdout or "{}"), run


def counts(d):
    """What each tier's lines were, however many sources they are."""
    keys = ("records", "attached", "unparsed")
    out = {}
    for s in d["sources"]:
        if s["tier"] != "unknown":
            row = out.setdefault(s["tier"], dict.fromkeys(keys, 0))
            for key in keys:
                row[key] += s[key]
    return out


def first_of_each_tier(i, at):
    """Two logs of a tier may be one source now: what the tier told first stays."""
    rows = {}
    for p in i["propagation"]:
        rows.setdefault(p["tier"], (p["signal"], at(p["onset"])))
    return sorted(rows.items(), key=lambda row: row[1][1])


def told(d, coarse=False):
    """The story without the names of its sources. `coarse`: to the second, which is what a traditional syslog prints; one that
    prints fractions knows more than HAProxy's own messages do."""
    def at(moment):
        return moment["at"] and (moment["at"][:19] if coarse else moment["at"])

    out = []
    for i in d["incidents"]:
        bursts = [b for b in d["bursts"] if b["id"] in i["bursts"]]
        causes = [(c["cause"], c["word"]) for c in i["causes"]]
        impact = i["impact"]
        out.append({
            "onset": at(i["onset"]), "end": at(i["end"]), "ongoing": i["ongoing"],
            "refusals": sorted((r["tier"], r["class"], r["scope"]["user"] or "", r["count"], r["echo"]) for r in i["refusals"]),
            "tiers": first_of_each_tier(i, at),
            "bursts": sorted((b["tier"], b["signal"], b["count"], at(b["onset"]), at(b["end"]),
                              tuple(sorted((c["name"], c["count"]) for c in b["classes"]))) for b in bursts),
            "impact": (impact["requests"], impact["failed"], impact["clients"]),
            "endpoints": sorted((e["path"], e["requests"], e["failed"]) for e in impact["endpoints"]),
            "holders": sorted((h["dimension"], h["name"], h["count"]) for h in i["holders"]["items"]),
            "changes": sorted((c["kind"], c["tier"], at(c["at"]), c["verdict"]) for c in i["changes"]),
            "causes": sorted(causes),
        })
    return out


def same_story(name, got, want, coarse=False):
    """One fact for each part of the story, so that a difference is named."""
    got, want = told(got, coarse), told(want, coarse)
    fact(f"{name}: as many incidents", len(got) == len(want), [g["onset"] for g in got])
    for g, w in zip(got, want):
        for key in w:
            shown = (g[key], w[key])
            if isinstance(g[key], list):  # what only one of them has
                shown = [x for x in g[key] if x not in w[key]], [x for x in w[key] if x not in g[key]]
            fact(f"{name}: the same {key}", g[key] == w[key], shown)


def all_lines(name, d):
    """The streams of a file share out its lines: none twice, none lost."""
    lines = {}
    for s in d["sources"]:
        for path in s["paths"]:
            lines[path] = lines.get(path, 0) + s["lines"] / len(s["paths"])
    for path, n in lines.items():
        raw = Path(path).read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        if len([p for s in d["sources"] for p in s["paths"] if len(s["paths"]) > 1 and p == path]):
            continue  # several files: their lines are known together only
        fact(f"{name}: each line of {Path(path).name} is of one stream", n == raw.count(b"\n"), (n, raw.count(b"\n")))


def judged(onset, name, want, paths, coarse=False, unknown=False):
    """A draft of wrapped logs beside that of the plain ones."""
    got, run = draft(onset, *paths)
    fact(f"{name}: exit status 0, no word on standard error", run.returncode == 0 and not run.stderr, (run.returncode, run.stderr[-300:]))
    if not got:
        return got
    same_story(name, got, want, coarse)
    ours, theirs = counts(got), counts(want)
    fact(f"{name}: each tier has its lines", {t: sum(r.values()) for t, r in ours.items()} == {t: sum(r.values()) for t, r in theirs.items()},
         (ours, theirs))
    # A second format of a writer is found with its first line.
    fact(f"{name}: and its records", {t: r["unparsed"] for t, r in ours.items()} == {t: r["unparsed"] for t, r in theirs.items()},
         (ours, theirs))
    rest = [s for s in got["sources"] if s["tier"] == "unknown"]
    fact(f"{name}: nothing of a known program is left over", bool(rest) == unknown, [(s["key"], s["records"], s["unparsed"]) for s in rest])
    all_lines(name, got)
    evidence_holds(name, got)
    return got


def unwrapped(onset, sample, want, work):
    """Two programs' lines in one plain file: no wrapper, but a stream for each tier."""
    name = f"{sample.name}, nginx and postgres alternating in one file"
    path = work / "all.log"
    path.write_bytes(b"".join(line.text + b"\n" for _, line in wrap.interleaved(sample.by_process("nginx", "postgres"))))
    got = judged(onset, name, want, [path, *sample.paths_but("nginx", "postgres")])
    fact(f"{name}: a source for each tier", sorted(s["tier"] for s in got["sources"] if s["paths"] == [str(path)]) == ["db", "web"])


def in_one_file(onset, sample, want, work):
    name = f"{sample.name} in one compose log"
    path = work / "compose.log"
    path.write_bytes(wrap.compose(sample.writers))
    got = judged(onset, name, want, [path])
    streams = {s["stream"] for s in got["sources"]}
    # what a container says through syslog names host and process as well
    names = {f"{w.host}/{w.name}/{w.process}" if w.process == "haproxy" else w.name for w in sample.writers}
    fact(f"{name}: a source for each container", streams == names, streams)
    fact(f"{name}: keys are the file's and the stream's", all(s["key"].endswith("compose.log#" + s["stream"]) for s in got["sources"] if s["stream"]))
    # rotated in the middle, the first half compressed; and in Docker's own files
    text = path.read_bytes()
    cut = text.index(b"\n", len(text) // 2) + 1
    folder = work / "rotated"
    folder.mkdir()
    (folder / "compose.log.1.gz").write_bytes(gzip.compress(text[:cut]))
    (folder / "compose.log").write_bytes(text[cut:])
    got = judged(onset, f"{name}, rotated", want, [folder])
    fact(f"{name}, rotated: the streams go on from file to file", {s["stream"] for s in got["sources"]} == streams)


def in_a_file_each(onset, sample, want, work):
    for form, suffix in ((wrap.docker, "-json.log"), (wrap.cri, ".log")):
        name = f"{sample.name} through {form.__name__}"
        folder = work / form.__name__
        folder.mkdir()
        for w in sample.writers:
            (folder / (w.name + suffix)).write_bytes(form(w))
        judged(onset, name, want, [folder])


def in_syslog(onset, sample, want, work):
    system = ("haproxy", "pgbouncer", "postgres")
    writers = sample.by_process(*system)
    first, last = (f(line.at_us for w in writers for line in w.lines) for f in (min, max))
    others = [(first + (last - first) * k // 400, "db1", tag.format(n=k), text.format(n=k))
              for k in range(400) for tag, text in [OTHERS[k % len(OTHERS)]]]
    for form in ("traditional", "file", "5424"):
        plain = sample.paths_but(*{w.process for w in writers})
        name = f"{sample.name}, {' and '.join(w.process for w in writers)} in one syslog ({form})"
        path = work / f"syslog.{form}"
        path.write_bytes(wrap.syslog(writers, form))
        judged(onset, name, want, [path, *plain], coarse=True)
        path.write_bytes(wrap.syslog(writers, form, others))
        got = judged(onset, name + " among others", want, [path, *plain], coarse=True, unknown=True)
        rest = [s for s in got["sources"] if s["tier"] == "unknown"]
        fact(f"{name}: what others say is told apart", [s["records"] for s in rest] == [len(others)] and not rest[0]["format_known"]
             and not rest[0]["stream"], rest and (rest[0]["records"], rest[0]["format"], rest[0]["stream"]))
        fact(f"{name}: and begins nothing", not [b for b in got["bursts"] if b["tier"] == "unknown"])
    path = work / "journal.json"
    path.write_bytes(wrap.journal(writers))
    judged(onset, f"{sample.name} in a journal", want, [path, *sample.paths_but(*system)], coarse=True)


FORMS = (unwrapped, in_one_file, in_a_file_each, in_syslog)


def check(onset):
    for sample in SAMPLES:
        want, _ = draft(onset, Path("samples", sample.name, "logs"))
        for form in FORMS:
            with tempfile.TemporaryDirectory() as work:
                form(onset, sample, want, Path(work))
