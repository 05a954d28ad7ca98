#!/usr/bin/python3
"""run: one real outage (or a quiet stretch) on loopback, from Debian's HAProxy, nginx, PgBouncer and PostgreSQL.

Takes  --scenario NAME (--list names them), --out DIR (made anew), --seed N, --scale S.
Gives  DIR/logs/*.gz (rotated, as a collector would find them), DIR/truth.json and DIR/tap: what was done and when, and what
       independent witnesses saw (truth.py). Exit 1, with the last lines of its log, when a server does not start.
Holds  its servers in a temporary folder, stopped by their ids at the end, also after an error, SIGINT or SIGTERM.
Never  talks to anything but 127.0.0.1, runs longer than about six minutes at scale 1, touches a server it did not start, or
       depends on the caller's zone, language, umask or PostgreSQL settings.
"""
import argparse
import os
import signal
import sys
import time
from pathlib import Path

try:
    import psycopg2  # noqa: F401
except ImportError:
    sys.exit("lab: python3-psycopg2 is not installed: tests/deps.sh lab")

from lab import Lab
from scenarios import SCENARIOS
from servers import Failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="outage")
    parser.add_argument("--list", action="store_true", help="name the scenarios and end")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="multiply every wait by this (1.0: three to five minutes)")
    args = parser.parse_args()
    if args.list:
        for scenario in SCENARIOS.values():
            print(f"{scenario.name:18} {scenario.about}")
        return
    if not args.out:
        parser.error("--out DIR is needed")
    for name in [n for n in os.environ if n.startswith(("PG", "LC_")) or n in ("LANG", "LANGUAGE", "LOCPATH")]:
        del os.environ[name]
    os.environ["TZ"] = "UTC"  # what the servers print; judge.py says so to the program
    time.tzset()
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lab = Lab(SCENARIOS[args.scenario], args.seed, args.scale)
    try:
        try:
            lab.start()
            lab.scenario.play(lab)
            lab.event("end")
        finally:
            lab.stop()
        lab.collect(args.out)
    except Failed as failed:
        sys.exit(f"lab: {failed}")
    finally:
        lab.remove()


if __name__ == "__main__":
    main()
