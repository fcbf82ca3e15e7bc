"""Writes assets/digits.npz from scikit-learn's digits: `python scripts/pack_digits.py`.

Only this script needs scikit-learn; the app reads the file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FILE = Path(__file__).resolve().parents[1] / "assets" / "digits.npz"


def main() -> None:
    """Every picture and its label as uint8, in scikit-learn's order."""
    found = load_digits()
    images, labels = found.images.astype(np.uint8), found.target.astype(np.uint8)
    assert (images == found.images).all()
    assert (labels == found.target).all()
    np.savez_compressed(FILE, images=images, labels=labels)


if __name__ == "__main__":
    main()
