#!/usr/bin/python3
"""links: every link of a document of the project to another place in it leads there.

Takes  the documents (*.md) of the checkout that are in git; without git, those that are there.
Gives  FAIL lines; last line "N passed, N failed".
Never  follows a link out of the project; reads what stands in code.
"""
import re
import subprocess
from pathlib import Path

from fact import done, fact

ROOT = Path(__file__).resolve().parent.parent


def documents():
    ran = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = ran.stdout.split() or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.md") if "build" not in path.parts]
    return [ROOT / name for name in names]


def anchors(text):
    """Names of a document's headings, as GitHub and GitLab make them."""
    return {"-".join(re.sub(r"[^\w\s-]", "", heading).lower().split()) for heading in re.findall(r"(?m)^#+ (.*)", text)}


def main():
    for document in documents():
        text = document.read_text()
        prose = re.sub(r"(?ms)^```.*?^```|^    .*?$|`[^`\n]*`", "", text)
        for link in re.findall(r"\]\(([^)\s]+)\)", prose):
            if "://" in link:
                continue
            path, _, anchor = link.partition("#")
            target = document.parent / path if path else document
            fact(f"{document.relative_to(ROOT)}: {link}", target.exists() and (not anchor or anchor in anchors(target.read_text())))
    done()


main()
