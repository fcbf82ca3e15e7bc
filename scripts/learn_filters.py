"""Writes assets/networks/filters.safetensors: `python scripts/learn_filters.py`.

It learns the filters of the lesson on emergence, from photographs and from controls, with four seeds,
and counts the Gabor-like ones with other choices of the method. That takes some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from viz.training.shipped_filters import FILE, write


def main() -> None:
    """Every source, method and seed."""
    torch.set_num_threads(1)
    write(FILE)


if __name__ == "__main__":
    main()
