#!/usr/bin/python3
"""badinput: what goes wrong around a run, each with the message and the status it must give.

Takes  the program.
Gives  a line for each case that differs; last line "N passed, N failed".
Never  needs root: what only root can make (a small disk) or only others can meet (a file that may not be read) is tried
       the other way, else skipped, and said so.
"""
import ctypes
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/release/onset")
SEED = 20261122
HANGS_S = 900  # what takes longer never ends, however slow the machine
LINE = '10.0.0.1 - - [22/Nov/2026:11:%02d:%02d +0000] "GET /a HTTP/1.1" %d 5 "-" "x"\n'
GOOD = "".join(LINE % (i // 60, i % 60, 502 if i > 200 else 200) for i in range(300))
ENV = dict(os.environ, TZ="Pacific/Chatham", LC_ALL="C")
passed = failed = 0


def fact(holds, name, detail=""):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds:
        print("FAIL", name)
        if detail:
            print(detail)


def start(*args, **more):
    more.setdefault("stdin", subprocess.DEVNULL)
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.Popen([PROGRAM, *args], stderr=subprocess.PIPE, env=ENV, **more)


def run(*args, prefix=(), **more):
    more.setdefault("stdin", subprocess.DEVNULL)
    r = subprocess.run([*prefix, PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, timeout=HANGS_S, **more)
    return r.returncode, r.stdout, r.stderr.decode()


def write(path, content=GOOD, mode=None):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    if mode is not None:
        os.chmod(path, mode)


def leftovers():
    return [n for n in os.listdir(".") if n.startswith(".onset-")]


def whole(path):
    """Whether a draft is whole."""
    try:
        with open(path, "rb") as f:
            return json.load(f)["schema"] == "urn:onset:timeline:1"
    except (OSError, ValueError):
        return False


def others():
    """How to run as somebody who may not read everything; None: we are that already."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv"):
        return ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    return None


# ---- the table: name, what is made first, arguments, status, standard error to the letter ----

def conf(text, name="onset.conf"):
    return lambda: write(name, text)


def loop():
    write("logs/a.log")
    os.symlink(".", "logs/up")
    os.symlink("self", "logs/self")


def in_folder(make):
    def both():
        write("logs/a.log")
        make("logs/odd")
    return both


def sparse(path):
    with open(path, "wb") as f:
        f.truncate(1 << 30)


NO_CONFIG = "hint: To do without it: --no-config\n"
TAKEN = 'onset: note: options are taken from "onset.conf"\n'
TABLE = [
    ("a folder that links to itself is walked once", loop, ["draft", "logs", "-o", "o.json"], 0,
     'onset: note: skipped "logs/self": its symbolic link leads back to itself\n'
     'onset: note: skipped "logs/up": it leads back to "logs"\n'),
    ("a pipe in a folder is passed over", in_folder(os.mkfifo), ["draft", "logs", "-o", "o.json"], 0,
     'onset: note: skipped "logs/odd": neither a file nor a folder\n'),
    ("a link to nothing is told, the rest is read", in_folder(lambda p: os.symlink("nowhere", p)),
     ["draft", "logs", "-o", "o.json"], 1, 'onset: error: could not open "logs/odd": No such file or directory\n'),
    ("a path that is not there", lambda: None, ["draft", "none.log", "-o", "o.json"], 2,
     'onset: error: could not open "none.log": No such file or directory\n'),
    ("a path too long", lambda: None, ["draft", "x" * 300, "-o", "o.json"], 2,
     'onset: error: could not open "%s": File name too long\n' % ("x" * 300)),
    ("an empty folder", lambda: os.mkdir("logs"), ["draft", "logs", "-o", "o.json"], 2,
     "onset: error: nothing to read: the folder has no files\n"),
    ("a full disk", lambda: None, ["draft", "good.log", "-o", "/dev/full"], 2,
     'onset: error: could not write "/dev/full": No space left on device\n'
     "hint: Nothing was written; make room, or write to another disk.\n"),
    ("options in a folder", lambda: os.mkdir("onset.conf"), ["draft", "good.log", "-o", "o.json"], 64,
     'onset: error: cannot read "onset.conf": it is a folder\n' + NO_CONFIG + TAKEN),
    ("options in a pipe", lambda: os.mkfifo("onset.conf"), ["draft", "good.log", "-o", "o.json"], 64,
     'onset: error: cannot read "onset.conf": it is no regular file\n' + NO_CONFIG + TAKEN),
    ("options in a GiB of zeros", lambda: sparse("onset.conf"), ["draft", "good.log", "-o", "o.json"], 64,
     'onset: error: "onset.conf" is too long: over 16 MiB\n' + NO_CONFIG + TAKEN),
    ("options in what is a log", lambda: write("onset.conf"), ["draft", "good.log", "-o", "o.json"], 64,
     'onset: error: onset.conf:1: this line is no "key = value"\n'
     '  1 | 10.0.0.1 - - [22/Nov/2026:11:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"\n'
     "    | " + " " * (len(LINE % (0, 0, 200)) - 1) + "^\n"
     "hint: Write a key, one blank, an equals sign, one blank and the value; indent a line that continues a value.\n" + TAKEN),
    ("options in gzip", conf(b"\x1f\x8b\x08\0\0\0\0\0"), ["draft", "good.log", "-o", "o.json", "--config", "onset.conf"], 64,
     None),
    ("options that are not wanted", conf("nonsense"), ["draft", "good.log", "-o", "o.json", "--no-config"], 0, ""),
    ("events that are no JSON", conf("deploy at noon\n", "e"), ["draft", "good.log", "-o", "o.json", "--events", "e"], 2, None),
    ("events without a time", conf('{"kind": "note", "text": "x"}\n', "e"),
     ["draft", "good.log", "-o", "o.json", "--events", "e"], 2, None),
    ("events in a GiB of zeros", lambda: sparse("e"), ["draft", "good.log", "-o", "o.json", "--events", "e"], 2,
     'onset: error: "e" is too long: over 16 MiB\n'),
    ("events in a folder", lambda: os.mkdir("e"), ["draft", "good.log", "-o", "o.json", "--events", "e"], 2,
     'onset: error: cannot read "e": it is a folder\n'),
    ("a nginx.conf that does not end", conf("http { server {\n", "n"), ["draft", "good.log", "-o", "o.json", "--nginx-conf", "n"], 2, None),
    ("a nginx.conf that includes itself", conf("http { include n; }\n", "n"),
     ["draft", "good.log", "-o", "o.json", "--nginx-conf", "n"], 2, None),
    ("a nginx.conf that is a pipe", lambda: os.mkfifo("n"), ["draft", "good.log", "-o", "o.json", "--nginx-conf", "n"], 2,
     'onset: error: cannot read "n": it is no regular file\n'),
    ("a nginx.conf whose format cannot be read", conf("http { log_format f '$status'; access_log /x f; }\n", "n"),
     ["draft", "good.log", "-o", "o.json", "--nginx-conf", "n"], 0, None),
    ("a postgresql.conf with a quote that does not close", conf("log_line_prefix = '%m\n", "p"),
     ["draft", "good.log", "-o", "o.json", "--postgresql-conf", "p"], 2, None),
    ("a postgresql.conf that includes itself", conf("include 'p'\n", "p"),
     ["draft", "good.log", "-o", "o.json", "--postgresql-conf", "p"], 2, None),
    ("a postgresql.conf with a prefix that cannot be read", conf("log_line_prefix = '%y '\n", "p"),
     ["draft", "good.log", "-o", "o.json", "--postgresql-conf", "p"], 0, None),
    ("a postgresql.conf of no log", conf("max_connections = 5\n", "p"),
     ["draft", "good.log", "-o", "o.json", "--postgresql-conf", "pg*=p"], 0, None),
]
# What others say of a configuration, to the letter, is tested with it; here: that it is said, where, and with which status.
SAID = {
    "options in gzip": "onset: error: onset.conf:1: this line has a NUL byte\n",
    "events that are no JSON": "onset: error: e:1:",
    "events without a time": "onset: error: e:1:",
    "a nginx.conf that does not end": "onset: error: n:",
    "a nginx.conf that includes itself": "onset: error: n:1: includes are nested too deeply",
    "a nginx.conf whose format cannot be read": 'onset: warning: n:1: log_format "f" cannot be read: ',
    "a postgresql.conf with a quote that does not close": "onset: error: p:1:",
    "a postgresql.conf that includes itself": "onset: error: ",
    "a postgresql.conf with a prefix that cannot be read": 'onset: warning: "%y " cannot be looked for: ',
    "a postgresql.conf of no log": 'onset: warning: --postgresql-conf "pg*=p" matches no file\n',
}


def table():
    for name, make, args, status, said in TABLE:
        write("good.log")
        make()
        got, _, err = run(*args)
        right = err.startswith(SAID[name]) if said is None else err == said
        fact(got == status and right, name, "status %d, not %d\n%s" % (got, status, err))
        fact(whole("o.json") == (status < 2), name + ": there is a draft if and only if the status says so")
        fact(not leftovers(), name + ": no temporary file")
        clear()


# ---- what takes more than a command line ----

def permission():
    prefix = others()
    if prefix is None:
        print("skipped: permission denied: root reads everything, and there is no setpriv")
        return
    os.chmod(".", 0o755)
    write("logs/good.log", mode=0o644)
    write("logs/secret.log", mode=0)
    os.mkdir("logs/closed")
    os.chmod("logs/closed", 0)
    got, out, err = run("draft", "logs", prefix=prefix)
    fact(got == 1 and json.loads(out)["schema"] and err ==
         'onset: error: could not open "logs/closed": Permission denied\n'
         'onset: error: could not open "logs/secret.log": Permission denied\n'
         "hint: Run it as a user that may read the file, or add that user to the file's group.\n",
         "entries that may not be read are told, and the rest is read", err)
    got, out, err = run("draft", "logs/secret.log", prefix=prefix)
    fact(got == 2 and not out and 'could not open "logs/secret.log": Permission denied' in err, "nothing else: nothing", err)
    write("logs/onset.conf", "jobs = 1\n", mode=0)
    got, out, err = run("draft", "logs/good.log", prefix=prefix)
    fact(got == 64 and 'could not open "logs/onset.conf": Permission denied' in err, "options that may not be read", err)
    os.unlink("logs/onset.conf")
    os.chmod("logs", 0o555)  # without root it is our own
    got, out, err = run("draft", "logs/good.log", "-o", "logs/o.json", prefix=prefix)
    os.chmod("logs", 0o755)
    fact(got == 2 and err == 'onset: error: could not write "logs/o.json": Permission denied\n', "a folder that may not be written to", err)
    os.chmod("logs/closed", 0o700)


def paused(path, args, meddle):
    """Runs the program and meddles with `path` while it is in the middle of it. Its status and messages; None: too fast."""
    p = start(*args)
    size = os.stat(path).st_size
    try:
        while p.poll() is None:
            os.kill(p.pid, signal.SIGSTOP)
            at = -1
            for fd in os.listdir("/proc/%d/fd" % p.pid):
                try:
                    if os.readlink("/proc/%d/fd/%s" % (p.pid, fd)) == os.path.realpath(path):
                        with open("/proc/%d/fdinfo/%s" % (p.pid, fd)) as f:
                            at = int(f.readline().split()[1])
                except OSError:
                    pass
            if 0 < at < size * 3 // 4:
                meddle()
                os.kill(p.pid, signal.SIGCONT)
                out, err = p.communicate(timeout=HANGS_S)
                return p.returncode, out, err.decode()
            os.kill(p.pid, signal.SIGCONT)
            time.sleep(0.001)
    finally:
        if p.poll() is None:
            os.kill(p.pid, signal.SIGCONT)
            p.kill()
        p.communicate()
    return None


def growing():
    big = GOOD * 400
    lines = big.count("\n")
    for what in "grows", "shrinks", "is removed":
        write("big.log", big)

        def meddle():
            if what == "grows":
                with open("big.log", "a") as f:
                    f.write(GOOD)
            elif what == "shrinks":
                os.truncate("big.log", 1000)
            else:
                os.unlink("big.log")
        got = None
        for _ in range(20):
            got = paused("big.log", ("draft", "big.log"), meddle)
            if got:
                break
            write("big.log", big)
        if not got:
            print("skipped: a file that %s while it is read: the program was always faster" % what)
            continue
        status, out, err = got
        read = json.loads(out)["sources"][0]["lines"]
        if what == "shrinks":
            fact(status == 1 and err.startswith('onset: error: "big.log" became shorter while it was read: it ended after ')
                 and "hint: Read it again, together with the rotated copy.\n" in err and 0 < read < lines,
                 "a file that shrinks while it is read", "%d lines\n%s" % (read, err))
        else:
            fact(status == 0 and not err and read == lines, "a file that %s while it is read: as it was when it was opened" % what,
                 "status %d, %d lines of %d\n%s" % (status, read, lines, err))
        clear()


def pipes():
    os.mkfifo("pipe")
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        p = start("draft", "pipe", "-o", "o.json")
        time.sleep(0.4)
        fact(p.poll() is None, "a pipe that is named is waited for")
        before = time.monotonic()
        p.send_signal(number)
        _, err = p.communicate(timeout=HANGS_S)
        fact(p.returncode == 2 and err == b"onset: error: interrupted; nothing was written\n",
             "and the wait can be interrupted", "%s\n%s" % (p.returncode, err))
        fact(time.monotonic() - before < 30, "at once")
    p = start("draft", "pipe")
    time.sleep(0.3)
    with open("pipe", "w") as f:
        f.write(GOOD[:5000])
        f.flush()
        time.sleep(0.3)
        f.write(GOOD[5000:])
    out, err = p.communicate(timeout=HANGS_S)
    fact(p.returncode == 0 and json.loads(out)["sources"][0]["lines"] == 300, "a writer that comes late is read to its end", err)
    fact(not leftovers() and not os.path.exists("o.json"), "nothing is left")

    write("good.log")
    for args in ("draft", "good.log"), ("scan", "good.log", "-o", "-"), ("check", "good.log"), ("check", "--records", "good.log"), ("--help",):
        r, w = os.pipe()
        os.close(r)
        got = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=w, stderr=subprocess.PIPE, env=ENV, timeout=HANGS_S)
        os.close(w)
        fact(got.returncode == 2 and got.stderr == b"onset: error: could not write to standard output: Broken pipe\n",
             "%s to a pipe that nobody reads" % args[0], "%d %s" % (got.returncode, got.stderr))


def disks():
    write("good.log")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    got, _, err = run("draft", "good.log", "-o", "o.json", preexec_fn=limit)
    fact(got == 2 and err == 'onset: error: could not write "o.json": File too large\n' and not os.path.exists("o.json") and not leftovers(),
         "a limit on the size of files", err)
    write("o.json", "old")
    got, _, err = run("draft", "good.log", "-o", "o.json", preexec_fn=limit)
    with open("o.json") as f:
        fact(got == 2 and f.read() == "old", "what was there before is still there")
    os.mkdir("disk")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", "disk"], stderr=subprocess.DEVNULL).returncode:
        print("skipped: a disk that fills up: it takes root to mount one (/dev/full and a limit were tried)")
        return
    try:
        got, _, err = run("draft", "good.log", "-o", "disk/o.json")
        fact(got == 2 and os.listdir("disk") == [] and err ==
             'onset: error: could not write "disk/o.json": No space left on device\n'
             "hint: Nothing was written; make room, or write to another disk.\n", "a disk that fills up", err)
    finally:
        subprocess.run(["umount", "disk"])


def signals():
    """Twenty seeded moments of a run, each signal: the output is the old one or a whole one, never a part."""
    write("big.log", GOOD * 40)
    write("o.json", "old")
    before = time.monotonic()
    status, _, err = run("draft", "big.log", "-o", "o.json")
    length = time.monotonic() - before
    fact(status == 0 and whole("o.json"), "a run that is let alone", err)
    rng = random.Random(SEED)
    for number, verb in ((signal.SIGINT, "draft"), (signal.SIGTERM, "draft"), (signal.SIGTERM, "scan"), (signal.SIGINT, "records")):
        bad = []
        ends = set()
        args = ("check", "--records", "big.log", "-o", "out") if verb == "records" else (verb, "big.log", "-o", "out")
        run(*args)
        with open("out", "rb") as f:
            expected = f.read()
        for i in range(200):
            if i >= 20 and ends - {0}:
                break
            after = rng.uniform(0, length * 1.2) / (1 + i // 20)  # the run before may have been a slow one
            write("out", "old")
            p = start(*args)
            time.sleep(after)
            p.send_signal(number)
            _, err = p.communicate(timeout=HANGS_S)
            with open("out", "rb") as f:
                content = f.read()
            old = content == b"old"
            new = content == expected
            ends.add(p.returncode)
            if p.returncode == 0:
                right = new and not err
            elif p.returncode == 2:
                right = old and err == b"onset: error: interrupted; nothing was written\n"
            else:
                # Before it looks at logs, while it tells the story, and when all is done, it ends as any program does.
                right = p.returncode == -number and (old or new) and not err
            if not right or leftovers():
                bad.append((after, p.returncode, old, err, leftovers()))
        fact(not bad, "%s at twenty moments of %s" % (signal.Signals(number).name, verb), "%s" % bad)
        fact(ends - {0}, "some of which were within the run", "%s" % ends)


def two_at_once():
    write("a.log", GOOD * 10)
    write("b.log", (GOOD * 12).replace("/a ", "/b "))
    drafts = set()
    for name in "a.log", "b.log":
        run("draft", name, "-o", "o.json")
        with open("o.json", "rb") as f:
            drafts.add(f.read())
    bad = []
    done = threading.Event()

    def look():
        while not done.is_set():
            with open("o.json", "rb") as f:
                if f.read() not in drafts:
                    bad.append("seen in between")
    looker = threading.Thread(target=look)
    looker.start()
    for i in range(10):
        both = [start("draft", n, "-o", "o.json") for n in ("a.log", "b.log")]
        ends = [(p.communicate(timeout=HANGS_S)[1], p.returncode) for p in both]
        with open("o.json", "rb") as f:
            if f.read() not in drafts or leftovers() or ends != [(b"", 0), (b"", 0)]:
                bad.append((i, ends, leftovers()))
    done.set()
    looker.join()
    fact(len(drafts) == 2 and not bad, "two runs that write one output: the one or the other, at any moment", "%s" % bad[:3])


def clear():
    for n in os.listdir("."):
        if os.path.isdir(n) and not os.path.islink(n):
            shutil.rmtree(n)
        else:
            os.unlink(n)


def main():
    # A test that is stopped takes what it started with it.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    # What starts the tests may ignore signals, as a shell does for what it runs in the background; children inherit that.
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for part in table, permission, growing, pipes, disks, signals, two_at_once:
            part()
            clear()
        os.chdir("/")
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


sys.exit(main())
