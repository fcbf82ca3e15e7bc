"""What many tests need: devices, pictures, any legal Setting, and a stricter sort of tensor."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from viz import devices, lessons, run
from viz.images import Picture
from viz.lessons import LESSONS
from viz.settings import (
    Boxes,
    Choice,
    Control,
    Layer,
    Layers,
    Placements,
    Setting,
    Slider,
    Switch,
    Word,
)
from viz.view import View

os.environ["POINTWISE_CACHE"] = ""  # nothing is kept on disk, nor found there
torch.set_num_threads(run.THREADS)  # as the queue has: equal sums are then equal bit for bit

# The machine may be shared, so no single example has a deadline.
settings.register_profile("pointwise", deadline=None, max_examples=30)
settings.load_profile("pointwise")


PAGES = Path(__file__).parent / "pages"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Opening a page takes a good part of a second, so what opens one is marked as slow."""
    for item in items:
        if PAGES in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=devices.available())
def device(request: pytest.FixtureRequest) -> torch.device:
    """Every device that torch reports here."""
    return torch.device(request.param)


@pytest.fixture(scope="session")
def picture() -> Callable[[Tensor], Picture]:
    """Pixels -> a Picture whose digest is that of its pixels, as it is for an upload."""

    def of(pixels: Tensor) -> Picture:
        digest = hashlib.sha256(pixels.numpy().tobytes() + bytes(pixels.shape)).hexdigest()
        return Picture("test.png", pixels, digest)

    return of


class OneDevice(TorchDispatchMode):
    """Raises where tensors of two devices meet.

    The `meta` device takes tensors of any device in many operations; with this it refuses them, as
    an accelerator would.
    """

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        met = {tensor.device for tensor in tensors if tensor.ndim > 0}
        if len(met) > 1:
            raise RuntimeError(f"{func}: tensors on {met}")
        return func(*args, **(kwargs or {}))


@pytest.fixture(scope="session")
def one_device() -> type[OneDevice]:
    """`with one_device():` tensors of two devices must not meet."""
    return OneDevice


def _legal_value(control: Control[Any]) -> st.SearchStrategy[Any]:
    if isinstance(control, Slider):
        steps = st.integers(0, round((control.high - control.low) / control.step))
        kind = type(control.default)
        return steps.map(lambda n: kind(round(control.low + n * control.step, 6)))
    if isinstance(control, Choice):
        return st.sampled_from(list(control.options))
    if isinstance(control, Switch):
        return st.booleans()
    if isinstance(control, Word):
        return st.from_regex(control.pattern, fullmatch=True, alphabet=_ADDRESS)
    if isinstance(control, Boxes):
        return st.lists(_box(len(control.classes)), max_size=4).map(tuple)
    if isinstance(control, Layers):
        several = st.lists(_layer(), min_size=1, max_size=5).map(tuple)
        return several.filter(lambda layers: control.refused(layers) is None)
    if isinstance(control, Placements):
        limits = (control.kinds, control.rows, control.columns)
        one = st.tuples(*(st.integers(0, limit - 1) for limit in limits))
        return st.lists(one, max_size=4).map(tuple)
    places = st.tuples(st.integers(0, 9), st.integers(0, 9))
    by_place = st.dictionaries(places, st.integers(-2000, 2000), max_size=3)
    some = by_place.map(lambda cells: tuple((*at, value) for at, value in sorted(cells.items())))
    return st.one_of(st.just(()), some)


@st.composite
def _layer(draw: st.DrawFn) -> Layer:
    kind, kernel, stride = draw(
        st.tuples(st.sampled_from("cdma"), st.integers(1, 6), st.integers(1, 3))
    )
    dilation = draw(st.integers(1, 3)) if kind in "cd" else 1
    most = min(3, dilation * (kernel - 1)) if kind in "cd" else kernel // 2
    before, after = draw(st.tuples(*[st.integers(0, most)] * 2))
    return Layer(kind, kernel, stride, before, after, dilation)


def _box(classes: int) -> st.SearchStrategy[tuple[int, ...]]:
    edges = st.lists(st.integers(0, 1000), min_size=2, max_size=2, unique=True).map(sorted)
    kind = st.integers(0, classes - 1)
    return st.builds(lambda k, y, x: (k, y[0], x[0], y[1], x[1]), kind, edges, edges)


_ADDRESS = st.characters(codec="ascii")


def _legal(kind: type[Setting]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{name: _legal_value(of) for name, of in kind.controls().items()})


# `@given(...)` then fills an argument `setting: Setting` of a lesson with any legal one.
for _kind in (*(lessons.load(entry.slug).setting for entry in LESSONS), View):
    st.register_type_strategy(_kind, _legal(_kind))
