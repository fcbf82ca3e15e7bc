"""Writes assets/networks/digit_finder_*.safetensors: `python scripts/train_digit_finder.py`.

It trains the two networks of the lesson on fully connected layers, without and with zero padding.
With one thread that takes about a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from viz.training.shipped_finder import PADDINGS, file_of, trained, write


def main() -> None:
    """Both networks, from their seed."""
    torch.set_num_threads(1)
    for padding in PADDINGS:
        file = file_of(padding)
        file.parent.mkdir(exist_ok=True)
        write(trained(padding), padding, file)


if __name__ == "__main__":
    main()
