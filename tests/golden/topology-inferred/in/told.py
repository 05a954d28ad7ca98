"""Who calls whom, and what follows from it, of the draft argv[1]."""
import json
import sys

draft = json.load(open(sys.argv[1]))
name = {s["id"]: s["key"] for s in draft["sources"]}
print(draft["topology"]["how"], ", ".join(f"{c['caller']} > {c['called']} ({c['how']})" for c in draft["topology"]["calls"]))
for u in draft["topology"]["upstreams"]:
    assert all(e["source"] == u["source"] for e in u["evidence"])
    line = u["evidence"][0]["line"] if u["evidence"] else "-"
    print(name[u["source"]], u["address"], u["records"], u["failed"], u["tier"], name.get(u["called"]), u["how"], "absent" if u["absent"] else "here", "line", line)
for incident in draft["incidents"]:
    for c in incident["causes"]:
        print(c["cause"], c["tier"], name.get(c["source"]), "|", c["for"][0] if "for" in c else "")
    for c in incident["considered"]:
        if c["cause"] == "application_error":
            print("considered", c["cause"], "|", c["why"])
    for c in incident["changes"]:
        for t in c["tests"]:
            if t["name"] == "R8":
                print(c["kind"], "|", t["result"], "|", t["text"])
for u in draft["unknowns"]:
    if u["what"].endswith(" met") and " calls " in u["why"]:
        print("unknown:", u["what"], "|", u["why"])
