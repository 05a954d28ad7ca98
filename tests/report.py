#!/usr/bin/python3
"""report: what `onset report` makes of drafts, good and hostile.

Takes  the program (argv[1]).
Gives  a line for each fact that does not hold; last line "N passed, N failed".

The page is read by an XML parser, which takes nothing that is not well-formed; that no script, style, address or handler of
a hostile draft survives is asked of the parsed tree, not of the text.
"""
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fact import done
from pages import HEADINGS, blocks_of, check_markdown, check_page, pandoc, same, words_of, yes

HERE = Path(__file__).resolve().parent
SAMPLES = ("black-friday", "checkout-outage", "lock-pileup", "quiet-day")

program = str(Path(sys.argv[1]).resolve())
weasyprint, pdftotext = shutil.which("weasyprint"), shutil.which("pdftotext")


def run(arguments, data=None, **environment):
    return subprocess.run([program, *arguments], input=data, capture_output=True, env={**os.environ, **environment}, timeout=600)


def report(draft, *options):
    ran = run(["report", "-", *options], json.dumps(draft).encode())
    return ran.returncode, ran.stdout, ran.stderr


def draft_of(sample):
    return json.loads(run(["draft", f"samples/{sample}/logs"]).stdout)


ATTACKS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "<!-- ", "-->", "]]>", "<svg onload=alert(1)>", "javascript:alert(1)", "&lt;script&gt;", "&#60;script&#62;",
    "\u202egnp.exe", "\u2066a\u2069", "\u200b\ufeff", "\x1b[31mred\x1b[0m", "\x07\x08\x7f", "\ue000\U000e0041", "\r\n\r\n# heading", "`` ` ```",
    "[click](javascript:alert(1))", "![x](http://evil.example/x.png)", "http://evil.example/", "www.evil.example", "@everyone #1 !1 ~bug %1 $1 &1", "a@b.example",
    "%%{init: {'theme':'dark'}}%%", "click A href \"http://evil.example\"", "end\nsubgraph x", "| a | b |\n|---|---|", "$$\\input{/etc/passwd}$$", "\\write18{x}",
    "<details><summary>", "===\n---", "1. one", "> quote", "~~~\ncode", "*b* _i_ **b** ~~s~~", "A" * 9000, "\u0300" * 900, "{{template}}", "${jndi:ldap://x}",
]


def plant(value, attack, key=None):
    """Every string of a draft that is no instant, id or word of a closed list has the attack behind it."""
    kept = {"schema", "id", "source", "burst", "incident", "measured_at", "at", "lower", "upper", "start", "end", "first", "last", "rel", "tier", "at_source",
            "onset_at_source", "peak_at", "inflight_peak_at", "since", "until", "from", "to", "drift_at", "lost_from", "lost_until", "reference_clock", "twin_of",
            "against", "name", "unit"}
    if isinstance(value, dict):
        return {k: plant(v, attack, k) for k, v in value.items()}
    if isinstance(value, list):
        return [plant(v, attack, key) for v in value]
    if isinstance(value, str) and key not in kept:
        return value[:40] + attack
    return value


def noted(draft, words):
    """The draft with a note at its first incident and its first entry."""
    draft = copy.deepcopy(draft)
    for place in ("incidents", "timeline"):
        for thing in draft[place][:1]:
            thing["note"] = words
    return draft


def check_samples():
    for sample in SAMPLES:
        draft = draft_of(sample)
        status, page, err = report(draft)
        same((status, err), (0, b""), f"{sample}: a page is written")
        seen = check_page(sample, page)
        words = re.sub(r"\s+", " ", " ".join(seen.words))
        for entry in draft["timeline"]:
            yes(re.sub(r"\s+", " ", entry["summary"]) in words, f"{sample}: entry {entry['id']} is told")
        for text in filter(None, (draft["summary"][k] for k in ("title", "began", "spread", "impact", "cause", "measure"))):
            yes(text in words, f"{sample}: the summary's sentence is told: {text[:60]}")
        for unknown in draft["unknowns"]:
            yes(unknown["what"] in words, f"{sample}: what is not known is told: {unknown['what']}")
        for source in draft["sources"]:
            yes(source["key"] in words, f"{sample}: source {source['key']} is told")
        for template in HEADINGS:
            status, text, err = report(draft, "-f", "markdown", "--template", template)
            same((status, err), (0, b""), f"{sample}: {template} is written")
            tree = check_markdown(f"{sample}, {template}", template, text.decode())
            if pandoc:
                words = words_of(tree["blocks"])
                for entry in draft["timeline"]:
                    yes(entry["summary"] in words, f"{sample}, {template}: entry {entry['id']} is told in these words")
                check_word(f"{sample}, {template}", draft, text)
                if weasyprint and pdftotext:
                    check_pdf(f"{sample}, {template}", draft, text)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "t.json"
            path.write_text(json.dumps(draft))
            for zone in ("UTC", "Asia/Tokyo"):
                again = run(["report", str(path)], TZ=zone, LANG="de_DE.UTF-8", LC_ALL="C")
                same(again.stdout, page, f"{sample}: the same bytes, whatever the zone of the machine ({zone})")


def check_word(name, draft, text):
    """A document for a word processor, and back: nothing that was told is lost."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.docx"
        subprocess.run([pandoc, "-f", "gfm+footnotes", "-o", str(path)], input=text, check=True, timeout=600)
        words = subprocess.run([pandoc, str(path), "-t", "plain", "--wrap=none", "--columns=5000"], capture_output=True, timeout=600).stdout.decode()
        words = re.sub(r"\s+", " ", words)
    for entry in draft["timeline"]:
        yes(re.sub(r"\s+", " ", entry["summary"])[:60] in words, f"{name}: entry {entry['id']} is in the DOCX")


def check_pdf(name, draft, text):
    """A PDF of the Markdown, as paper has it: nothing that was told is lost. Where a line or a word is broken tells nothing."""
    flat = lambda words: re.sub(r"[\s\u00ad\u2010-]+", "", words)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.pdf"
        subprocess.run([pandoc, "-f", "gfm+footnotes", "--pdf-engine=weasyprint", "--metadata", f"title={name}", "-o", str(path)], input=text, check=True,
                       capture_output=True, timeout=600)
        words = flat(subprocess.run([pdftotext, "-raw", str(path), "-"], capture_output=True, timeout=600).stdout.decode())
    for entry in draft["timeline"]:
        yes(flat(entry["summary"])[:40] in words, f"{name}: entry {entry['id']} is in the PDF")


def check_hostile():
    draft = draft_of("checkout-outage")
    for i, attack in enumerate(ATTACKS):
        planted = plant(draft, attack)
        status, page, err = report(planted)
        same((status, err), (0, b""), f"a draft with {attack[:30]!r} in it is told")
        check_page(f"attack {attack[:30]!r}", page)
        template = sorted(HEADINGS)[i % len(HEADINGS)]
        status, text, err = report(planted, "-f", "markdown", "--template", template)
        same((status, err), (0, b""), f"{template} of a draft with {attack[:30]!r} in it")
        check_markdown(f"attack {attack[:30]!r}, {template}", template, text.decode())
    draft["timeline"][3]["summary"] = "<b>" * 1000000
    status, page, err = report(draft)
    same((status, err), (0, b""), "a sentence of three megabytes is told")
    yes(len(page) < 1000000 and b"cut, 3000000 bytes in all" in page, "of a sentence of three megabytes the beginning is told, and that it was cut")
    check_page("three megabytes", page)


def check_many():
    """Six incidents, and a hundred: the small ones are listed."""
    draft = draft_of("checkout-outage")
    for count in (6, 100):
        many = copy.deepcopy(draft)
        many["incidents"] = []
        for i in range(count):
            incident = copy.deepcopy(draft["incidents"][0])
            incident["id"] = f"{i:012x}" if i else incident["id"]
            incident["impact"]["failed"] = 5000 - i
            many["incidents"].append(incident)
        status, page, err = report(many)
        same((status, err), (0, b""), f"{count} incidents are told")
        seen = check_page(f"{count} incidents", page)
        same(sum(1 for i in seen.ids if re.fullmatch(r"i\d+", i)), min(count, 12), f"of {count} incidents at most twelve are told whole")


def check_zone():
    draft = draft_of("lock-pileup")
    _, page, _ = report(draft, "--display-zone", "Europe/Berlin")
    check_page("with a zone", page)
    yes(b"18:02:26.472 +01:00" in page and b"17:02:26.472</time> UTC" in page, "with --display-zone both times stand side by side")
    draft["timeline"][0]["at"] = "2026-07-01T23:30:00.000000Z"
    _, page, _ = report(draft, "--display-zone", "Europe/Berlin")
    yes(b"2026-07-02</span>01:30:00.000" in page and b"+02:00" in page, "the zone's own summer time is used, and its date")
    ran = run(["report", "-", "--display-zone", "Mars/Base"], b"{}")
    same(ran.returncode, 64, "a zone that there is none of is an error of usage")


def check_notes():
    draft = draft_of("checkout-outage")
    words = "Ann restarted it & <b>it</b> helped\nso she said"
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old.json"
        old.write_text(json.dumps(noted(draft, words)))
        _, page, _ = report(draft, "--keep", str(old))
        same(page.count(b"Ann restarted it &amp; &lt;b&gt;it&lt;/b&gt; helped\nso she said</p>"), 2, "a note of the old draft stands where it belongs")
        _, both, _ = report(noted(draft, words), "--keep", str(old))
        same(both, page, "a note that stands in both drafts is told once")
        fewer = copy.deepcopy(draft)
        fewer["timeline"] = fewer["timeline"][1:]
        _, page, _ = report(fewer, "--keep", str(old))
        yes(page.count(b"Ann restarted") == 2 and b"Notes without a place" in page, "a note whose entry is gone is told in the end")
        check_page("notes", page)


BROKEN = [
    (b"", "line 1, column 0"), (b"{", "line 1, column 1"), (b"[1,2", "line 1, column 4"), (b"nonsense", "line 1, column"), (b"\xff\xfe", "line 1, column"),
    (b"{\n\"a\": 1,\n\"b\": }", "line 3, column"), (b"[" * 100000, "line 1, column"), (b"{\"a\":" * 3000 + b"1" + b"}" * 3000, "depth"),
    (b"[" + b"1," * 3000000 + b"1]", "more than 2097152 values"), (b"{\"a\": 1, \"a\": 2}", "line 1, column"), (b"{\"a\": \"\\u0000\"}", "line 1, column"),
    (b"{}", "its `schema` is not"), (b"[]", "its `schema` is not"), (b"{\"schema\": \"urn:onset:timeline:2\"}", "urn:onset:timeline:2"),
    (b"{\"schema\": \"urn:onset:timeline:1\"}", "generator is missing"),
]


def check_broken():
    for data, said in BROKEN:
        ran = run(["report", "-"], data)
        same((ran.returncode, ran.stdout), (2, b""), f"nothing is written of {data[:30]!r}")
        yes(said in ran.stderr.decode() and ran.stderr.startswith(b"onset: error: ") and b'"-"' in ran.stderr,
                  f"the message of {data[:30]!r} names file and place: {ran.stderr.decode()!r}")
    draft = draft_of("checkout-outage")
    for path, value, said in (
        (("incidents", 0, "onset", "at"), 5, "incidents[0].onset.at is an integer, not an instant (RFC 3339) or null"),
        (("incidents", 0, "onset", "at"), "soon", "incidents[0].onset.at is a string of another form"),
        (("timeline", 3, "summary"), None, "timeline[3].summary is null, not a string"),
        (("timeline", 3, "at"), "2026-13-01T00:00:00Z", "timeline[3].at is a string of another form"),
        (("series", 1, "points", 2, "value"), 1.5, "series[1].points[2].value is a real number, not an integer"),
        (("sources",), {}, "sources is an object, not an array"),
        (("incidents", 0, "causes", 0, "for", 1), ["x"], "incidents[0].causes[0].for[1] is an array, not a string"),
    ):
        broken = copy.deepcopy(draft)
        place = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        status, page, err = report(broken)
        yes((status, page) == (2, b"") and said in err.decode(), f"what is wrong is said with its place: {said}: {err.decode()!r}")
    del draft["timeline"][4]["id"]
    status, _, err = report(draft)
    yes(status == 2 and b"timeline[4].id is missing" in err, "a member that is missing is named")


def check_wild():
    """Numbers and instants at the edges of their types."""
    draft = draft_of("checkout-outage")
    for n in (0, -1, 2**63 - 1, -(2**63), 10**15):
        def wild(value):
            if isinstance(value, dict):
                return {k: wild(v) for k, v in value.items()}
            if isinstance(value, list):
                return [wild(v) for v in value]
            return n if isinstance(value, int) and not isinstance(value, bool) else value
        status, page, err = report(wild(draft))
        same((status, err), (0, b""), f"all integers {n}: a page is written")
        check_page(f"all integers {n}", page)
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"):
        text = re.sub(r"2026-11-22T13:41:15.134000Z", at, json.dumps(draft))
        ran = run(["report", "-"], text.encode())
        same(ran.returncode, 0, f"an end at {at} is told")
        check_page(f"end at {at}", ran.stdout)


os.chdir(HERE.parent)
if not pandoc:
    print("skipped: pandoc is not here; Markdown is not read back")
if not weasyprint or not pdftotext:
    print("skipped: weasyprint or pdftotext is not here; no PDF is made of Markdown")
check_samples()
check_many()
check_zone()
check_notes()
check_broken()
check_wild()
check_hostile()
done()
