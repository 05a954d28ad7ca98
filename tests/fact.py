"""fact: what tests/unit/unit.h is for C: named cases that read as facts.

Takes names and conditions. Gives a line "FAIL NAME SEEN" for each that does not hold; last line "N passed, N failed".
"""
import sys

passed = failed = 0


def fact(name, good, seen=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", name, seen)


def done():
    """The last line, and the exit status."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(bool(failed))
