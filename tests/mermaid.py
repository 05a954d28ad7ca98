#!/usr/bin/python3
"""mermaid: the diagrams of the Markdown reports, drawn by Mermaid itself, as GitHub and GitLab have it draw them.

Takes  the program (argv[1]); Mermaid's own mermaid.min.js, of any number of versions (further arguments, or MERMAID, parted by ":"):
       Debian has no package of it, `npm pack mermaid@11` has it in dist/. Without one, or without chromium, the step is skipped, and
       said so.
Gives  a line for each fact that does not hold; last line "N passed, N failed".
Never  reaches a network.
"""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import attacks
from fact import done, fact

os.chdir(Path(__file__).resolve().parent.parent)
program = str(Path(sys.argv[1]).resolve())
versions = sys.argv[2:] or [p for p in os.environ.get("MERMAID", "").split(":") if p]
chromium = shutil.which("chromium") or shutil.which("chromium-browser")
TEMPLATES = ("google", "pagerduty", "brief")
FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.M | re.S)
# GitHub's and GitLab's setting: strict, which takes labels for text.
DRAW = """
mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
(async () => {
	const told = [];
	for (const [i, text] of texts.entries()) {
		try {
			const {svg} = await mermaid.render('d' + i, text);
			const box = document.createElement('div');
			box.innerHTML = svg;
			told.push({words: box.textContent.replace(box.querySelector('style')?.textContent ?? '', ''), error: null,
				   foreign: [...box.querySelectorAll('script, image, img, iframe, object, a, [onload], [onclick], [onerror]')].length});
		} catch (e) {
			told.push({words: '', error: String(e), foreign: 0});
		}
	}
	document.body.innerHTML = '';
	const pre = document.createElement('pre');
	pre.id = 'told';
	pre.textContent = JSON.stringify({told, title: document.title});
	document.body.append(pre);
})();
"""


def diagrams(draft):
    """(template, text of a diagram) of a draft."""
    out = []
    for template in TEMPLATES:
        page = subprocess.run([program, "report", str(draft), "-f", "markdown", "--template", template], capture_output=True, check=True).stdout.decode()
        out += [(template, text) for text in FENCE.findall(page)]
    return out


def draw(folder, script, texts):
    page = folder / "draw.html"
    (folder / "mermaid.min.js").write_bytes(Path(script).read_bytes())
    page.write_text(f"<!doctype html><meta charset=utf-8><title>own</title><body><script src='mermaid.min.js'></script><script>const texts = "
                    f"{json.dumps(texts).replace('<', chr(92) + 'u003c')};{DRAW}</script>")
    ran = subprocess.run([chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
                          "--disable-component-update", "--disable-extensions", f"--user-data-dir={folder}/profile", "--host-resolver-rules=MAP * ~NOTFOUND",
                          "--virtual-time-budget=60000", "--dump-dom", f"file://{page}"], capture_output=True, timeout=180)
    found = re.search(r'<pre id="told">(.*?)</pre>', ran.stdout.decode("utf-8", "replace"), re.S)
    return json.loads(html.unescape(found.group(1))) if found else None


def main():
    if not chromium or not versions:
        print("skipped: " + ("chromium is not here" if not chromium else "MERMAID names no mermaid.min.js (npm pack mermaid)"))
        return done()
    with tempfile.TemporaryDirectory() as work:
        folder, drafts = Path(work), []
        for sample in sorted(p.name for p in Path("samples").iterdir() if (p / "logs").is_dir()):
            draft = folder / f"{sample}.json"
            subprocess.run([program, "draft", f"samples/{sample}/logs", "-o", str(draft)], capture_output=True)
            drafts.append((sample, draft))
        texts = [text[:300] for _, text in attacks.corpus()]
        for i in range(0, len(texts), 12):
            logs, draft = folder / f"logs{i}", folder / f"attacks{i}.json"
            logs.mkdir()
            attacks.plant(logs, b" ".join(texts[i : i + 12]))
            subprocess.run([program, "draft", str(logs / "logs"), "--events", str(logs / "events.jsonl"), "-o", str(draft)], capture_output=True)
            drafts.append((f"attacks {i}", draft))
        drawn = [(name, template, text) for name, draft in drafts for template, text in diagrams(draft)]
        fact("there are diagrams to draw", len(drawn) >= 2 * (len(drafts) - 1), len(drawn))
        for script in versions:
            told = draw(folder, script, [text for _, _, text in drawn] + ["flowchart LR\n  a[one --> two\n"])
            fact(f"{script}: drew them", told is not None)
            if not told:
                continue
            fact(f"{script}: what is no diagram is refused, so that this test can fail", told["told"][-1]["error"])
            fact(f"{script}: no script ran", told["title"] == "own", told["title"])
            for (name, template, text), one in zip(drawn, told["told"]):
                fact(f"{script}: {name}, {template}: is drawn", not one["error"], (one["error"], text[:400]))
                fact(f"{script}: {name}, {template}: nothing in it but shapes and words", not one["foreign"], text[:400])
                words = re.findall(r'\["([^"#]{3,40}?)[."#<]', text) if text.startswith("flowchart") else []
                fact(f"{script}: {name}, {template}: a stack has tiers", words or not text.startswith("flowchart"), text[:400])
                flat = re.sub(r"\s+", "", one["words"])
                fact(f"{script}: {name}, {template}: its words stand in it", all(re.sub(r"\s+", "", w) in flat for w in words), (words, flat[:300]))
    return done()


main()
