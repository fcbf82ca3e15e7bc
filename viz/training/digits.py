"""Small handwritten digits, and a fixed split of them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from viz.assets import ROOT

FILE = ROOT / "assets" / "digits.npz"
CLASSES, SIDE_PX, LARGEST = 10, 8, 16
TRAINING_OF_A_CLASS = 100  # the other 797 pictures are for testing
SPLIT_SEED = 0


class Digits(NamedTuple):
    """Pictures of digits and which digits they are.

    Attributes:
        images: `(N, 1, 8, 8)` float32 on the CPU, in sixteenths from 0 (paper) to 1 (ink).
        labels: `(N,)` int64, 0 to 9.
    """

    images: Tensor
    labels: Tensor

    def at(self, places: Tensor) -> Digits:
        """Those at some indices."""
        return Digits(self.images[places], self.labels[places])


class Split(NamedTuple):
    """Digits to train with, and others that are only tested."""

    training: Digits
    test: Digits


@cache
@torch.inference_mode(False)  # networks are trained with these tensors
def every_digit() -> Digits:
    """All 1,797 digits, in the order of the file.

    Source: Alpaydin, Kaynak 1998, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, its test set, in the copy of scikit-learn.

    >>> every_digit().images.shape
    torch.Size([1797, 1, 8, 8])
    """
    with np.load(FILE, allow_pickle=False) as file:
        images, labels = torch.from_numpy(file["images"]), torch.from_numpy(file["labels"])
    return Digits(images[:, None].float() / LARGEST, labels.long())


@cache
@torch.inference_mode(False)
def split() -> Split:
    """1,000 digits for training, 100 of each class, and the other 797 for testing.

    The split is by picture, not by writer: the same hands wrote both parts.

    >>> [len(part.labels) for part in split()]
    [1000, 797]
    """
    digits = every_digit()
    training = _drawn(digits.labels, TRAINING_OF_A_CLASS, SPLIT_SEED)
    test = torch.ones(len(digits.labels), dtype=torch.bool)
    test[training] = False
    return Split(digits.at(training), digits.at(test.nonzero()[:, 0]))


@torch.inference_mode(False)
def some_for_training(examples: int, seed: int) -> Digits:
    """A few of the 1,000 digits for training, as many of each class; a larger number has them too.

    Args:
        examples: 10 to 1,000, in steps of ten.
        seed: each is another choice.

    Raises:
        ValueError: if there is no such number of examples.

    >>> some_for_training(50, seed=1).labels.bincount()
    tensor([5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    """
    of_a_class, rest = divmod(examples, CLASSES)
    if rest or not 1 <= of_a_class <= TRAINING_OF_A_CLASS:
        raise ValueError(f"takes 10 to 1000 examples in steps of ten, not {examples}")
    training = split().training
    return training.at(_drawn(training.labels, of_a_class, seed))


def _drawn(labels: Tensor, of_a_class: int, seed: int) -> Tensor:
    """Indices of as many of each class, in the order of a seeded shuffle."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    places = [order[labels[order] == digit][:of_a_class] for digit in range(CLASSES)]
    return torch.cat(places).sort().values
