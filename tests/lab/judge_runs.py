#!/usr/bin/python3
"""judge_runs: judge.py for folders of runs: judge_runs.py ONSET DIR... Last line: N passed, N failed."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fact import done  # noqa: E402
from verdicts import judge  # noqa: E402

for folder in sys.argv[2:]:
    judge(sys.argv[1], Path(folder))
done()
