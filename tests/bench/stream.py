#!/usr/bin/python3
"""stream: peak memory of `onset scan -` on a generated log that comes through a pipe and never ends, or nearly.

Takes  the program (build/release/onset); GB of text (10); what: nginx | postgresql (both).
Gives  a line each: bytes, lines, peak memory of onset. Exit 1 when a peak is over 128 MiB, the bound that README states, or when
       onset counted other than what was written.
Never  keeps the text: a megabyte of lines is written again and again with other stamps, clients, pids and paths, so that keys
       never stop coming. No time is asserted. Half an hour for 10 GB; not part of `make check`.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

LIMIT_MIB = 128
START = 1795305600  # 2026-11-22T00:00:00Z
rng = random.Random(11)


def nginx_block():
    """A second of requests; @T the stamp, @N a number that is new in each block."""
    return b"".join(
        b'%d.%d.@C - - [@T +0000] "GET /api/orders/%x@N?page=%d HTTP/1.1" %d %d "-" "Mozilla/5.0 (X11; Linux x86_64)" %.3f\n' %
        (rng.randrange(1, 223), rng.randrange(256), rng.getrandbits(40), rng.randrange(40),
         500 if rng.random() < 0.02 else 200, rng.randrange(40000), rng.expovariate(20)) for _ in range(8000))


def postgresql_block():
    lines = []
    for i in range(2700):
        who = b"user%x@N@shop" % rng.getrandbits(12)
        lines.append(b"@T.%03d UTC [%d@P] [unknown]@[unknown] LOG:  connection received: host=10.0.%d.%d port=3%04d\n"
                     % (i // 3, i, rng.randrange(256), rng.randrange(256), i))
        if rng.random() < 0.2:
            lines.append(b"@T.%03d UTC [%d@P] %s FATAL:  sorry, too many clients already\n" % (i // 3, i, who))
        else:
            lines.append(b"@T.%03d UTC [%d@P] %s LOG:  connection authorized: user=%s database=shop application_name=app-%x\n"
                         % (i // 3, i, who, who.split(b"@shop")[0], rng.getrandbits(16)))
            lines.append(b"@T.%03d UTC [%d@P] %s LOG:  duration: 1%03d.5 ms  statement: select * from t@N where a = %d\n"
                         % (i // 3, i, who, i % 900, i))
    return b"".join(lines)


def write(pipe, block, nginx, wanted):
    """Blocks until `wanted` bytes are out; returns bytes and lines."""
    written = lines = number = 0
    while written < wanted:
        at = time.gmtime(START + number)
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S" if nginx else "%Y-%m-%d %H:%M:%S", at).encode()
        text = (block.replace(b"@T", stamp).replace(b"@N", b"%x" % number).replace(b"@P", b"%d" % (number % 97))
                .replace(b"@C", b"%d.%d" % (number // 256 % 256, number % 256)))
        pipe.write(text)
        written += len(text)
        lines += text.count(b"\n")
        number += 1
    return written, lines


def run(onset, what, wanted):
    block = nginx_block() if what == "nginx" else postgresql_block()
    with tempfile.TemporaryDirectory() as folder:
        tally, draft = os.path.join(folder, "tally"), os.path.join(folder, "draft.json")
        process = subprocess.Popen([onset, "scan", "--source", what, "-o", tally, "-"], stdin=subprocess.PIPE)
        written, lines = write(process.stdin, block, what == "nginx", wanted)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit(f"{what}: onset ended with status {os.waitstatus_to_exitcode(status)}")
        subprocess.run([onset, "draft", tally, "-o", draft], check=True, stderr=subprocess.DEVNULL)
        with open(draft, encoding="utf-8") as file:
            seen = sum(source["lines"] for source in json.load(file)["sources"])
    peak = usage.ru_maxrss / 1024
    print(f"{what:12} {written / 1e9:6.1f} GB {lines:12,} lines   peak {peak:6.1f} MiB (at most {LIMIT_MIB})"
          f"{'' if seen == lines else f'   counted {seen:,} lines'}")
    return peak <= LIMIT_MIB and seen == lines


def main():
    onset = sys.argv[1] if len(sys.argv) > 1 else "build/release/onset"
    wanted = float(sys.argv[2]) * 1e9 if len(sys.argv) > 2 else 10e9
    good = [run(onset, what, wanted) for what in sys.argv[3:] or ["nginx", "postgresql"]]
    sys.exit(not all(good))


main()
