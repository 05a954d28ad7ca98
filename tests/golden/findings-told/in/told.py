import json, sys
draft = json.load(open(sys.argv[1]))
for incident in draft["incidents"]:
    print(incident["title"])
    for f in incident["findings"]:
        print("  ", f["kind"], f["count"], f["before"], f["at"]["at"], len(f["evidence"]))
        print("     ", f["text"])
    print("   more:", incident["findings_more"])
print("outside of incidents")
for f in draft["findings"]:
    print("  ", f["kind"], f["count"], f["before"], f["at"]["at"], f["end"], len(f["evidence"]))
    print("     ", f["text"])
for e in draft["timeline"]:
    if e["kind"] == "finding":
        print(e["at"], e["severity"], e["summary"])
