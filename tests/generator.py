#!/usr/bin/python3
"""generator: a small report generator that knows nothing of drafts but the schema: a Jinja2 template, strict about what is not there.

Takes  the program; tests/generator/postmortem.html.j2; python3-jinja2 (skipped, with a message, where it is not).
Gives  FAIL lines; last line "N passed, N failed".
Holds  nothing. Drafts: the samples', generated outages', with several incidents, with none; one put together from the schema's own examples;
       hostile ones. Each is rendered with StrictUndefined: a field that is not where the schema says fails. The page is read back by
       html.parser: what was in the draft stands in it as text, and no tag or attribute but the template's own.
Never  lets the template read what the schema does not describe: a draft has nothing else (tests/schema.py), and each name that the template
       takes from a draft is a property in the schema.
"""
import copy
import html.parser
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fact import done, fact

try:
    import jinja2
    import jinja2.meta
    from jinja2 import nodes
except ImportError:
    print("skipped: python3-jinja2 is not here; no report is generated from a template")
    print("0 passed, 0 failed")
    sys.exit()

ROOT = Path(__file__).resolve().parent.parent
ONSET = Path(sys.argv[1]).resolve()
SCHEMA = json.loads((ROOT / "include/onset/timeline.schema.json").read_text())
TEMPLATE = "postmortem.html.j2"
ATTACKS = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title></table><script>alert(1)</script>", "<!--", "-->", "]]>",
           "{{ 7 * 7 }}", "{% raw %}", "{{ draft }}", "&lt;b&gt;", "&#60;b&#62;", "\u202egnp.exe", "\u001b[31m", "\u2028", "javascript:alert(1)"]


def same(seen, wanted, name):
    fact(name, seen == wanted, "" if seen == wanted else f"seen {str(seen)[:300]}, wanted {str(wanted)[:300]}")


def environment():
    return jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "tests/generator"), autoescape=True, undefined=jinja2.StrictUndefined)


def render(draft):
    return environment().get_template(TEMPLATE).render(draft=draft)


class Page(html.parser.HTMLParser):
    """A page as its reader's browser takes it: tags with their attributes' names, and the text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.ids, self.rows, self.words = set(), [], 0, []
        self.feed(text)
        self.close()
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *sorted(name for name, _ in attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        self.rows += tag == "tr"

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.tags.add(("comment", data))

    def handle_pi(self, data):
        self.tags.add(("pi", data))

    def unknown_decl(self, data):
        self.tags.add(("declaration", data))


TAGS = {("html", "lang"), ("head",), ("meta", "charset"), ("title",), ("body",), ("h1",), ("h2",), ("h3",), ("p",), ("p", "id"), ("ul",), ("ul", "id"), ("ol",),
        ("li",), ("li", "id"), ("section", "id"), ("dl",), ("dt",), ("dd",), ("table",), ("tr",), ("tr", "class"), ("tr", "id"), ("td",), ("th",), ("time", "datetime"),
        ("cite",), ("code",)}


def check_page(name, draft):
    try:
        page = Page(render(draft))
    except jinja2.UndefinedError as error:
        fact(f"{name}: every field is there", False, str(error))
        return
    same(page.tags - TAGS, set(), f"{name}: no tag and no attribute but the template's own")
    same(page.rows, 1 + len(draft["timeline"]) + len(draft["sources"]), f"{name}: a row for each entry and each source")
    same(len(set(page.ids)), len(page.ids), f"{name}: each id once")
    fact(f"{name}: each incident has its section", {f"incident-{i['id']}" for i in draft["incidents"]} <= set(page.ids))
    told = [entry["summary"] for entry in draft["timeline"]] + [incident["title"] for incident in draft["incidents"]] + [unknown["what"] for unknown in draft["unknowns"]]
    told += [cause["cause"] for incident in draft["incidents"] for cause in incident["causes"]]
    told += [measure["text"] for incident in draft["incidents"] for measure in incident["measures"]]
    told += [change["summary"] for incident in draft["incidents"] for change in incident["changes"]]
    told += [evidence["excerpt"] for entry in draft["timeline"] for evidence in entry["evidence"] if evidence["excerpt"] is not None]
    told += [f"{incident['impact'][key]:,}" for incident in draft["incidents"] for key in ("failed", "requests") if incident["impact"][key] is not None]
    told += [draft["summary"]["reason"]] if draft["summary"]["incident"] is None else [draft["summary"]["began"]]
    lost = [text for text in told if " ".join(text.split()) not in page.text]
    same(lost, [], f"{name}: what the draft says stands on the page, as text")
    fact(f"{name}: nothing is None, or a Python object", not re.search(r"\bNone\b|&lt;built-in|<built-in|Undefined", page.text))


# ---- drafts ----

def draft_of(*arguments):
    ran = subprocess.run([ONSET, "draft", *arguments, "-o", "-"], capture_output=True, check=False, cwd=ROOT)
    fact(f"a draft of {arguments}", ran.returncode in (0, 1), ran.stderr.decode()[:200])
    return json.loads(ran.stdout)


def resolve(node):
    while "$ref" in node:
        target = SCHEMA
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key not in ("$ref", "description")}}
    return node


def from_examples(node):
    """A value made of the examples of its parts; what is only sometimes there is left out."""
    node = resolve(node)
    if "properties" in node:
        return {name: from_examples(node["properties"][name]) for name in node["required"]}
    if "examples" in node:
        return copy.deepcopy(node["examples"][0])
    for sub in node.get("anyOf", []):
        return from_examples(sub)
    return [from_examples(node["items"])]


def plant(value, attack, key=""):
    """The draft with the attack behind every text that may come from a log: strings that no closed list or pattern holds."""
    if isinstance(value, dict):
        return {name: plant(sub, attack, name) for name, sub in value.items()}
    if isinstance(value, list):
        return [plant(sub, attack, key) for sub in value]
    ours = re.fullmatch(r"[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z|[a-z_0-9]+", str(value))
    return value + attack if isinstance(value, str) and not ours and key not in ("schema", "version") else value


def six(draft):
    out = copy.deepcopy(draft)
    for n in range(5):
        incident = copy.deepcopy(draft["incidents"][0])
        incident["id"] = f"{n:012x}"
        out["incidents"].append(incident)
    return out


def names():
    """Names that the template takes from a draft, by its syntax tree; those of keys put together of two parts are not among them."""
    tree = environment().parse((ROOT / "tests/generator" / TEMPLATE).read_text())
    found = {node.attr for node in tree.find_all(nodes.Getattr)}
    return found | {node.arg.value for node in tree.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Const)}


def documented(node, into):
    for name, sub in node.get("properties", {}).items():
        into.setdefault(name, []).append(name in node.get("required", []))
        documented(sub, into)
    for sub in [*node.get("$defs", {}).values(), *node.get("anyOf", []), *([node["items"]] if "items" in node else [])]:
        documented(sub, into)
    return into


def without(value, name):
    if isinstance(value, dict):
        return {key: without(sub, name) for key, sub in value.items() if key != name}
    return [without(sub, name) for sub in value] if isinstance(value, list) else value


def is_refused(draft):
    try:
        render(draft)
    except (jinja2.UndefinedError, TypeError):  # TypeError: of what has the name of a dict's method (items)
        return True
    return False


def check_strict(drafts):
    """Every name is a documented one; and drafts that lack it are refused, which shows that the others were read."""
    fields = documented(SCHEMA, {})
    for name in sorted(names()):
        fact(f"the template reads {name}, which the schema describes", name in fields)
        if not any(fields.get(name, [])) or name.endswith("reason"):
            continue  # reasons are read only where something is null
        fact(f"a draft without {name} is refused", any(is_refused(without(draft, name)) for draft in drafts))


def main():
    drafts = {path.parent.name: draft_of(str(path.relative_to(ROOT))) for path in sorted((ROOT / "samples").glob("*/logs"))}
    with tempfile.TemporaryDirectory() as folder:
        for seed in (8, 11):
            subprocess.run([sys.executable, "-B", ROOT / "tests/outages/generate.py", str(seed), f"{folder}/{seed}"], check=True, capture_output=True)
            events = [word for file in sorted(Path(folder, str(seed)).glob("events/*")) for word in ("--events", str(file))]
            drafts[f"outage {seed}"] = draft_of(f"{folder}/{seed}/logs", *events)
        Path(folder, "none.log").write_text("2026-11-22T13:40:04Z INFO nothing\n")
        drafts["no log of a known format"] = draft_of(f"{folder}/none.log")
    drafts["six incidents"] = six(drafts["checkout-outage"])
    drafts["the schema's examples"] = from_examples(SCHEMA)
    for name, draft in drafts.items():
        check_page(name, draft)
    for attack in ATTACKS:
        for name in ("lock-pileup", "quiet-day"):
            check_page(f"{name} with {attack!r}", plant(drafts[name], attack))
    check_strict([drafts["lock-pileup"], drafts["the schema's examples"]])
    done()


main()
