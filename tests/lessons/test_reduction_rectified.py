"""What a ReLU after a reduction loses, by least squares of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from looking import noise, shipped
from torch import Tensor, nn

from viz.lessons.bank_of_50 import BANK
from viz.lessons.reduction.least_squares import decoded, decoding_error
from viz.lessons.reduction.rectified import errors as rectified_errors
from viz.lessons.reduction.rectified import (
    errors_of_reduced,
    missed_by_one_layer,
    pairs,
    principal_numbers,
    rectified,
    rotated,
)
from viz.lessons.stages import oriented_maps

COUNTS = (1, 5, 20, 50)


@pytest.fixture(scope="module")
def values() -> Tensor:
    maps: Tensor = oriented_maps(BANK)(shipped("coffee", 96))
    flat = maps.flatten(1).double()
    return flat / flat.std(1, keepdim=True)


def errors(
    values: Tensor, counts: Sequence[int], bias: float, seed: int
) -> Mapping[str, list[float]]:
    """The curves without their pauses."""
    steps = rectified_errors(values, counts, bias, seed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Mapping[str, list[float]] = end.value
            return found


def by_lstsq(wanted: Tensor, numbers: Tensor) -> tuple[np.ndarray, float]:
    """What the best affine decoder makes of the numbers, and its relative error."""
    x, design = wanted.numpy().T, np.c_[numbers.numpy().T, np.ones(numbers.shape[1])]
    made = design @ np.linalg.lstsq(design, x, rcond=None)[0]
    return made.T, float(np.linalg.norm(x - made) / np.linalg.norm(x - x.mean(0)))


def test_a_decoder_is_the_best_affine_one(values: Tensor):
    numbers = torch.randn(7, values.shape[1], generator=torch.Generator().manual_seed(0)).double()
    numbers = numbers + 2 * values[:7] + 3
    made, error = by_lstsq(values, numbers)
    assert decoding_error(values, numbers) == pytest.approx(error, abs=1e-9)
    np.testing.assert_allclose(decoded(values, numbers).numpy(), made, atol=1e-8)


def test_numbers_that_say_everything_or_nothing(values: Tensor):
    assert decoding_error(values, 3 - 2 * values) < 1e-6
    assert decoding_error(values, torch.zeros(2, values.shape[1]).double()) == 1
    assert (
        decoding_error(torch.full((2, 5), 0.7).double(), noise(1, 5, channels=1)[0].double()) == 0
    )


def test_every_curve_is_an_error_of_least_squares(values: Tensor):
    found = errors(values, COUNTS, bias=0.5, seed=3)
    numbers = principal_numbers(values)
    before = errors_of_reduced(values, values.relu())
    for n, k in enumerate(COUNTS):
        assert found["before"][n] == before[k]
        of = {
            "linear": numbers[:k],
            "rectified": rectified(numbers[:k], 0.5),
            "rotated": rectified(rotated(numbers[:k], 3), 0.5),
            "pairs": pairs(numbers[:k], 0.5),
        }
        for name, given in of.items():
            assert found[name][n] == pytest.approx(by_lstsq(values, given)[1], abs=1e-6), name


def test_the_numbers_are_the_principal_components(values: Tensor):
    numbers = principal_numbers(values)
    centred = values - values.mean(1, keepdim=True)
    singular = torch.linalg.svd(centred, full_matrices=False)
    expected = singular.S[:, None] * singular.Vh
    torch.testing.assert_close(numbers.abs(), expected.abs(), atol=1e-4, rtol=1e-4)


def test_pairs_lose_nothing_and_a_relu_alone_does(values: Tensor):
    found = errors(values, COUNTS, bias=0.0, seed=0)
    for linear, one, other, both in zip(
        *(found[name] for name in ("linear", "rectified", "rotated", "pairs")), strict=True
    ):
        assert both <= linear + 1e-6  # the number is the difference of both
        assert one > linear + 0.01
        assert other > linear + 0.01
    x = torch.tensor([[-3.0, 0.0, 2.0]])
    positive, negative = pairs(x, 0.0)
    assert torch.equal(positive - negative, x[0])


def test_without_a_relu_a_rotation_changes_nothing(values: Tensor):
    numbers = principal_numbers(values)[:6]
    turned = rotated(numbers, seed=1)
    assert not torch.allclose(turned, numbers)
    assert decoding_error(values, turned) == pytest.approx(
        decoding_error(values, numbers), abs=1e-9
    )
    assert torch.equal(turned, rotated(numbers, seed=1))
    assert not torch.allclose(turned, rotated(numbers, seed=2))


def test_a_bias_that_leaves_nothing_negative_loses_nothing(values: Tensor):
    spread = principal_numbers(values)
    enough = float((-spread.amin(1) / spread.std(1, correction=0)).max())
    found = errors(values, COUNTS, bias=enough, seed=0)
    assert found["rectified"] == pytest.approx(found["linear"], abs=1e-6)


def test_the_best_numbers_of_rectified_channels_are_those_of_what_they_decode(values: Tensor):
    """Reduced-rank regression by an SVD of the fitted channels, and any other k numbers do worse."""
    inputs = values.relu()
    found = errors_of_reduced(values, inputs)
    fitted, error = by_lstsq(values, inputs)
    assert found[-1] == pytest.approx(error, abs=1e-6)
    mean = fitted.mean(1, keepdims=True)
    u, s, vh = np.linalg.svd(fitted - mean, full_matrices=False)
    whole = np.linalg.norm(values.numpy() - mean)
    for k in COUNTS:
        made = mean + u[:, :k] * s[:k] @ vh[:k]
        assert found[k] == pytest.approx(np.linalg.norm(values.numpy() - made) / whole, abs=1e-6)
    draw = torch.Generator().manual_seed(0)
    guess = torch.randn(5, 50, generator=draw).double() @ inputs
    assert by_lstsq(values, guess)[1] > found[5]
    assert by_lstsq(values, principal_numbers(inputs)[:5])[1] >= found[5] - 1e-9


def test_two_layers_merge_and_with_a_relu_between_them_they_do_not():
    x = noise(30, 40, channels=6).flatten(1).double() - 0.5
    torch.manual_seed(0)
    reduce, expand = nn.Conv1d(6, 3, 1).double(), nn.Conv1d(3, 6, 1).double()
    with torch.no_grad():
        assert missed_by_one_layer(expand(reduce(x)), x) < 1e-6
        assert missed_by_one_layer(expand(reduce(x).relu()), x) > 0.1
        assert missed_by_one_layer(expand(reduce(x.relu())), x.relu()) < 1e-6


def test_nothing_is_lost_of_a_constant_picture():
    black = torch.zeros(50, 9).double()
    assert all(each == [0.0, 0.0] for each in errors(black, [1, 50], 0.0, 0).values())
