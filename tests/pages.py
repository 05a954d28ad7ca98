"""pages: what holds of every page, document and terminal, whatever stood in the logs.

Takes  bytes of a page, text of a document, bytes that go to a terminal.
Gives  facts (fact.py): only elements, attributes, links and lines of Mermaid that are ours; nothing unseen.
Never  looks for an attack in the text: pages are asked as a browser's parser, documents as pandoc and cmark-gfm read them.
"""
import base64
import hashlib
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from fact import fact

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


def yes(good, name):
    fact(name, good)


def same(seen, wanted, name):
    fact(name, seen == wanted, f"{seen!r:.300} is not {wanted!r:.300}")


class Page(HTMLParser):
    """As a browser's parser sees the page: elements, attributes, ids."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.ids, self.hrefs, self.style = set(), [], [], [], ""
        self.words = []
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.inside = tag
        for name, value in attrs:
            self.attributes.append((tag, name, value))
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.hrefs.append(value)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "style":
            self.style += data
        else:
            self.words.append(data)


TAGS = set("""html head meta title style body a header p span h1 h2 h3 h4 h5 nav ol ul li main section dl div dt dd time table caption thead tbody
tr th td b br svg desc line rect text tspan path defs pattern details summary code pre footer""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class href id aria-label aria-labelledby aria-hidden role tabindex datetime scope viewbox x x1 x2 y
y1 y2 dx d rx width height fill text-anchor patternunits preserveaspectratio""".split())


def check_page(name, page):
    """What holds of every page, whatever the draft."""
    text = page.decode("utf-8")
    try:
        tree = ET.fromstring(re.sub(r"^<!DOCTYPE html>", "", text))
    except ET.ParseError as error:
        yes(False, f"{name}: the page is well-formed: {error}")
        return None
    yes(True, f"{name}: the page is well-formed")
    seen = Page(text)
    same(seen.tags - TAGS, set(), f"{name}: there are only elements of ours")
    same({a for _, a, _ in seen.attributes} - ATTRIBUTES, set(), f"{name}: there are only attributes of ours")
    same(len(seen.ids), len(set(seen.ids)), f"{name}: each id stands once")
    same([h for h in seen.hrefs if not h.startswith("#") or h[1:] not in seen.ids], [], f"{name}: each link leads into the page")
    same([v for _, a, v in seen.attributes if a == "fill" and not re.fullmatch(r"url\(#d\d+-h\)", v)], [], f"{name}: nothing is loaded")
    policy = next((v for t, a, v in seen.attributes if t == "meta" and a == "content" and "default-src" in v), "")
    digest = base64.b64encode(hashlib.sha256(seen.style.encode()).digest()).decode()
    same(policy, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'", f"{name}: the policy allows the page's own style only")
    yes(not re.search(r"@import|url\(|expression", seen.style), f"{name}: the style names no address")
    behind = 0
    for parent in tree.iter():
        children = list(parent)
        for i, child in enumerate(children):
            svg = child.find("svg")
            if child.get("class") == "scroll" and svg is not None and svg.get("role") == "img":
                labels = (svg.get("aria-labelledby") or "").split()
                yes(len(labels) == 2 and all(any(e.get("id") == x and (e.text or "").strip() for e in svg.iter()) for x in labels),
                          f"{name}: a picture has a title and a description")
                after = children[i + 1] if i + 1 < len(children) else None
                marks = svg.find("title").text == "Course of the incident"
                behind += not (marks or (after is not None and after.tag == "details" and after.find(".//table") is not None))
    same(behind, 0, f"{name}: each plot has its table")
    bad = UNSEEN.findall(text)
    same(bad, [], f"{name}: nothing is unseen")
    return seen


HEADINGS = {
    "google": ["Summary", "Impact", "Root Causes", "Trigger", "Resolution", "Detection", "Action Items", "Lessons Learned", "What went well", "What went wrong",
               "Where we got lucky", "Timeline", "Supporting information", "What was read"],
    "pagerduty": ["Overview", "What Happened", "Contributing Factors", "Resolution", "Detection", "Impact", "Responders", "Timeline", "How'd We Do?", "What Went Well?",
                  "What Didn't Go So Well?", "Action Items", "Messaging", "What was read"],
    "brief": ["Timeline", "Possible causes", "Changes", "Suggested measures"],
}
# What Mermaid may be told: nothing else, whatever stands in the draft.
TIERS = "Load balancer|Web server|Application|Pooler|Database"
TIME = r"\d\d:\d\d:\d\d\.\d{3}"
STAMP = r"\d{4}-\d\d-\d\dT" + TIME
MERMAID = re.compile("|".join((
    "flowchart LR", "gantt", rf"tier\d\[\"({TIERS})<br/>[A-Za-z0-9 ;.]+(<br/>{TIME})?\"\]:::(began|hit|quiet)", r"tier\d (-->|-\.->) tier\d",
    r"classDef (began|hit|quiet) fill:#\w+,stroke:#\w+,color:#\w+", r"title Phases \(UTC\)", "dateFormat YYYY-MM-DDTHH:mm:ss.SSS", r"axisFormat [%mdHMS: -]+",
    rf"section (Incident|Changes|{TIERS})", rf"(onset to end|symptoms) :(crit|active), {STAMP}, {STAMP}", rf"\d+ [^:;,#%{{}}<>\"]* :milestone, {STAMP}, 0d")))
pandoc = shutil.which("pandoc")
cmark = shutil.which("cmark-gfm")


class Rendered(HTMLParser):
    """What GitHub's renderer makes of a document: its elements, and each text that is no code, by itself."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.code = set(), set(), [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_data(self, data):
        if not self.code:
            self.texts.append(data)


RENDERED = set("h1 h2 h3 h4 p ul ol li table thead tbody tr th td strong em code pre span br sup section".split())
# GitHub looks for these in each text of the rendered tree: people, issues, commits of another repository.
MENTION = re.compile(r"(?<![\w/`])@[A-Za-z0-9]|(?<![\w/])#\d|(?<!\w)![0-9]|\b[Gg][Hh]-\d")


def check_rendered(name, text):
    ran = subprocess.run([cmark, "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tasklist"], input=text.encode(), capture_output=True,
                         timeout=600)
    seen = Rendered(ran.stdout.decode())
    # The boxes of a list of tasks are ours: a line that begins with one, which no text of a log can.
    same(ran.stdout.count(b"<input "), len(re.findall(r"^- \[ \] ", text, re.M)), f"{name}: only our tasks have a box")
    same(seen.tags - RENDERED - {"input"}, set(), f"{name}: rendered as GitHub does, there are only elements of ours")
    same({a for a in seen.attributes if a[1] not in ("class", "align", "start")} - {("input", "type"), ("input", "disabled")}, set(), f"{name}: rendered as GitHub does, no address and no handler")
    same([t for t in seen.texts if MENTION.search(t)][:2], [], f"{name}: nobody is mentioned, nothing is linked by what it looks like")


def blocks_of(node, found):
    """Every element of pandoc's tree, as (type, content)."""
    if isinstance(node, dict):
        if "t" in node:
            found.append((node["t"], node.get("c")))
        for value in node.values():
            blocks_of(value, found)
    elif isinstance(node, list):
        for value in node:
            blocks_of(value, found)
    return found


def words_of(node):
    return "".join(c if t == "Str" else " " if t in ("Space", "SoftBreak") else c[1] if t == "Code" else "" for t, c in blocks_of(node, []))


def check_markdown(name, template, text):
    """What holds of every Markdown document; read as pandoc reads it, so that what is text is text."""
    diagrams = re.findall(r"^```mermaid\n(.*?)^```$", text, re.M | re.S)
    for line in "".join(diagrams).splitlines():
        yes(MERMAID.fullmatch(line.strip()), f"{name}: a line of Mermaid is one of ours: {line!r}")
    yes(not UNSEEN.findall(text.replace("\n", "")), f"{name}: nothing is unseen")
    yes(re.search(r"^TODO \(\)|TODO(?! \()", text) is None, f"{name}: each TODO has its reason")
    if cmark:
        check_rendered(name, text)
    if not pandoc:
        return
    ran = subprocess.run([pandoc, "-f", "gfm+footnotes+tex_math_dollars+autolink_bare_uris", "-t", "json"], input=text.encode(), capture_output=True, timeout=600)
    tree = json.loads(ran.stdout)
    seen = blocks_of(tree["blocks"], [])
    same({c[1].lower() for t, c in seen if t in ("RawInline", "RawBlock")} - {"<span>", "</span>"}, set(), f"{name}: no HTML of others")
    same([c for t, c in seen if t in ("Link", "Image", "Math")], [], f"{name}: no link, picture or formula")
    same([c[0][1] for t, c in seen if t == "CodeBlock"], [["mermaid"]] * len(diagrams), f"{name}: no code but the diagrams")
    same(sum(t in ("BlockQuote", "HorizontalRule") for t, c in seen), 0, f"{name}: no quotes, no rules")
    headings = [words_of(c[2]) for t, c in seen if t == "Header"]
    if diagrams:
        same([h for h in headings[1:] if h != "Notes without a place"], HEADINGS[template], f"{name}: the headings of the template, and no others")
    return tree
