"""Writes assets/experiments/digits.json: `python scripts/run_digits.py [processes]`.

It trains every network that the lesson on Network in Network compares on small digits, with ten seeds.
With one process that takes about half an hour. The page runs the same code, case by case.
"""

from __future__ import annotations

import sys
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from viz.training.digit_runs import every_case, finished
from viz.training.shipped_runs import FILE, written


def main(processes: int) -> None:
    """Every case, in order."""
    cases = every_case()
    with get_context("spawn").Pool(processes) as pool:
        outcomes = pool.imap(finished, cases)
        FILE.write_text(written(dict(zip(cases, outcomes, strict=True))), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
