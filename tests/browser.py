#!/usr/bin/python3
"""browser: hostile drafts and hostile logs in a real browser: no script runs, nothing is asked for, the page is laid out, printed too.

Takes  the program (argv[1]); chromium in PATH, else the step is skipped, and said so.
Gives  a line for each fact that does not hold; last line "N passed, N failed".
Never  reaches a network: what a page would ask for is on loopback, where a server of this test counts who comes. Chromium
       itself is kept from asking for anything else.
"""
import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import attacks as corpus
from fact import done, fact

os.chdir(Path(__file__).resolve().parent.parent)
program = str(Path(sys.argv[1]).resolve())
chromium = shutil.which("chromium") or shutil.which("chromium-browser")
asked = []
asked_port = []


class Count(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


def browse(folder, page, *arguments):
    """What the browser has of the page when it came to rest, and what it said."""
    ran = subprocess.run([chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
                          "--disable-component-update", "--disable-extensions", "--enable-logging=stderr", f"--user-data-dir={folder}/profile",
                          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", *arguments, f"file://{page}"], capture_output=True, timeout=180)
    return ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace")


def attacks(port):
    """Each of them calls the server, or changes the title, where it works."""
    call = f"http://127.0.0.1:{port}/"
    script = f"document.title='taken';fetch('{call}script')"
    return [
        f"<script>{script}</script>", f"</title></style></script><script>{script}</script>", f"\"><img src='{call}img' onerror=\"{script}\">",
        f"' onload='{script}' x='", f"<svg onload=\"{script}\"><image href='{call}svg'/></svg>", f"<iframe src='{call}frame'></iframe>",
        f"<link rel=stylesheet href='{call}css'>", f"<style>@import url({call}import);*{{background:url({call}bg)}}</style>", f"<meta http-equiv=refresh content='0;url={call}refresh'>",
        f"<base href='{call}'>", f"--><object data='{call}object'></object><!--", f"<form action='{call}form'><input autofocus onfocus=\"{script}\">",
        f"]]><a href='javascript:{script}' ping='{call}ping'>x</a>", f"</pre></code><video src='{call}video' autoplay></video>", f"&#60;script&#62;{script}&#60;/script&#62;",
    ]


def plant(value, attack, key=None):
    """Free text, and the names of sources: everything that is no instant, id or word that is looked up."""
    if isinstance(value, dict):
        return {k: plant(v, attack, k) for k, v in value.items()}
    if isinstance(value, list):
        return [plant(v, attack, key) for v in value]
    free = {"summary", "title", "body", "key", "path", "excerpt", "text", "why", "what", "setting", "because", "reason", "began", "spread", "impact", "cause",
            "measure", "for", "against", "format", "zone", "version", "order", "signal", "kind", "severity", "verdict", "word", "expected", "note", "name", "options"}
    return value[:30] + attack if isinstance(value, str) and key in free else value


def check(folder, name, draft, options=()):
    page = folder / "page.html"
    data = draft if isinstance(draft, bytes) else json.dumps(draft).encode()
    ran = subprocess.run([program, "report", "-", *options], input=data, capture_output=True)
    page.write_bytes(ran.stdout)
    asked.clear()
    tree, said = browse(folder, page, "--virtual-time-budget=3000", "--dump-dom")
    title = re.search(r"<title>(.*?)</title>", tree, re.S)
    fact(f"{name}: the page is there", "</footer>" in tree and title, said[-500:])
    fact(f"{name}: its title is the draft's", title and html.unescape(title.group(1)).startswith("Draft: ") and "taken" != title.group(1))
    fact(f"{name}: no script is in the tree", not re.search(r"<script|<iframe|<img|<object|<video|<form|<base|<link", tree))
    fact(f"{name}: nothing was asked for", not asked, asked)
    # The policy's own style sheet is applied: had its hash been wrong, the browser would say so here.
    fact(f"{name}: the policy had nothing to refuse", "Content Security Policy" not in said, re.findall(r".*Content Security Policy.*", said)[:2])
    return page


def logs(folder, name, texts):
    """Logs and events with the attacks in their lines, drafted, and the draft reported: on the screen and on paper."""
    each = [text.encode("utf-8", "surrogateescape").replace(b"http://127.0.0.1:9/", f"http://127.0.0.1:{asked_port[0]}/".encode()) for text in texts]
    for i in range(0, len(each), 12):
        with tempfile.TemporaryDirectory() as work:
            corpus.plant(Path(work), b" ".join(each[i : i + 12]), 3)
            ran = subprocess.run([program, "draft", "logs", "--events", "events.jsonl"], cwd=work, capture_output=True)
            fact(f"{name} {i}: a draft", ran.returncode in (0, 1) and corpus.FIRST in ran.stdout, ran.stderr[-300:])
            page = check(folder, f"{name} {i}", ran.stdout)
            asked.clear()
            browse(folder, page, "--no-pdf-header-footer", f"--print-to-pdf={folder}/logs.pdf")
            fact(f"{name} {i}: nothing was asked for when it was printed", not asked, asked)


def main():
    if not chromium:
        print("skipped: chromium is not here; no page was seen in a browser")
        print("0 passed, 0 failed")
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Count)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    asked_port.append(port)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # That the server would hear: a page that does ask.
        (folder / "asks.html").write_text(f"<!DOCTYPE html><img src='http://127.0.0.1:{port}/heard'><script>document.title='taken'</script>")
        tree, said = browse(folder, folder / "asks.html", "--virtual-time-budget=3000", "--dump-dom")
        fact("a page that asks is heard, and its script runs", asked == ["/heard"] and "<title>taken" in tree, (asked, said[-300:]))
        draft = json.loads(Path("tests/golden/report-forms/in/timeline.json").read_text())
        page = check(folder, "a good draft", draft)
        pdf = folder / "page.pdf"
        browse(folder, page, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
        fact("a page is printed", pdf.exists() and pdf.read_bytes()[:5] == b"%PDF-")
        for attack in attacks(port):
            check(folder, attack[:40], plant(draft, attack))
        everything = plant(draft, " ".join(attacks(port)))
        check(folder, "all attacks at once, with notes kept", everything, ("--display-zone", "Asia/Tokyo"))
        logs(folder, "attacks in logs", attacks(port))
        logs(folder, "the corpus in logs", [text[:200].decode("utf-8", "surrogateescape") for _, text in corpus.corpus()])
    server.shutdown()
    done()


main()
