"""Kernels read by hand against the package that reads such files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from viz.training.filter_file import kernels_in_file
from viz.training.filter_sources import SOURCES
from viz.training.shipped_filters import FILE, METHODS, SEEDS, name_of


@pytest.mark.parametrize("source", SOURCES)
def test_every_shipped_bank_is_that_of_the_package_with_norm_1(source: str):
    known = load_file(FILE)
    for method in METHODS:
        for seed in SEEDS:
            name = name_of(source, method, seed)
            norms = known[name].flatten(1).square().sum(1).sqrt()
            expected = known[name] / norms[:, None, None]
            torch.testing.assert_close(kernels_in_file(str(FILE), name, 64), expected)


def test_tensors_of_any_order_and_length_are_found(tmp_path: Path):
    held = {name: torch.full((n + 1, 1, 1), n + 1.0) for n, name in enumerate("cab")}
    save_file(held, tmp_path / "three", metadata={"by": "a test"})
    for n, name in enumerate("cab"):
        found = kernels_in_file(str(tmp_path / "three"), name, count=2)
        assert found.flatten().tolist() == [1.0] * min(2, n + 1)
