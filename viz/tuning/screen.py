"""What the unit in the middle of a layer answers to a sweep of gratings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.progress import Progress, Steps
from viz.text import text
from viz.tuning.one_place import at_one_place
from viz.tuning.places import middle_unit, whole_field_px
from viz.tuning.sweeps import Sweep

_NUMBERS = 2**16  # of the pictures shown at once: few enough that a pause is never far away
_NUMBERS_ON_GPU = 2**23


class Screen(NamedTuple):
    """How gratings are shown to a layer.

    A picture is mean + contrast · grating in every channel; the blank is the mean alone.

    Attributes:
        channels: of the layer's input; all show the same grating, so that three of them are grey.
        mean: brightness of the blank, one number or one for each channel.
        contrast: from the mean to the brightest bar, likewise.
        size_px: side of the pictures; None for the smallest on which the unit sees nothing else.
        unit: (row, column) of the unit that is watched; None for the one in the middle.
    """

    channels: int = 1
    mean: float | Sequence[float] = 0.0
    contrast: float | Sequence[float] = 1.0
    size_px: int | None = None
    unit: tuple[int, int] | None = None

    def shows(self, gratings: Tensor) -> Tensor:
        """Gratings `(n, H, W)` as pictures `(n, channels, H, W)`."""
        mean, contrast = (self._of_channels(each, gratings) for each in (self.mean, self.contrast))
        return mean + contrast * gratings[:, None]

    def _of_channels(self, value: float | Sequence[float], like: Tensor) -> Tensor:
        return torch.as_tensor(value, dtype=like.dtype, device=like.device).expand(self.channels)[
            :, None, None
        ]


SCREEN = Screen()


def responses(layer: nn.Module, sweep: Sweep, screen: Screen = SCREEN) -> Tensor:
    """The responses of every channel to every grating, less those to the blank.

    Args:
        layer: any layer or network in evaluation mode that `viz.trace` can read, or any module at
            all if the screen names size and unit. It may end in maps or, flattened, in features.
        sweep: which gratings.
        screen: how they are shown.

    Returns:
        `(channels, wavelengths, orientations, phases)`, type and device of the layer's weights.
        Differences from the blank that are no larger than its rounding are 0.

    Raises:
        ValueError: naming the layer, if it does not fit such pictures or cannot be read.

    >>> bars = torch.tensor([[[[-1.0], [2.0], [-1.0]]]])
    >>> layer = nn.Conv2d(1, 1, (3, 1))
    >>> layer.weight, layer.bias = nn.Parameter(bars), None
    >>> responses(layer, Sweep.evenly(2, (4.0,), phases=2)).detach().round(decimals=4)
    tensor([[[[ 2., -2.],
              [ 0.,  0.]]]])
    """
    steps = responding(layer, sweep, screen)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Tensor = end.value
            return found


@torch.no_grad()
def responding(layer: nn.Module, sweep: Sweep, screen: Screen = SCREEN) -> Steps[Tensor]:
    """`responses` with a pause after every few pictures, for long sweeps. Args are the same.

    Yields:
        How much is done, after each batch.
    """
    shown = _prepared(layer, screen)
    like = _like(layer)
    blank = shown.responses(torch.zeros(1, shown.size_px, shown.size_px).to(like))
    together = _together(screen.channels * shown.size_px**2, like.device)
    found, count = [], torch.Size(sweep.shape).numel()
    for first in range(0, count, together):
        batch = sweep.pictures(shown.size_px, slice(first, first + together), like=like)
        found.append(_beyond(shown.responses(batch), blank))
        done = min(first + together, count)
        yield Progress(done / count, text("Grating {n} of {of}", n=done, of=count))
    all_responses: Tensor = torch.cat(found).T.unflatten(1, sweep.shape)
    return all_responses


class _Shown(NamedTuple):
    """A layer, and what of its maps is read when it is shown pictures of a size."""

    layer: nn.Module
    screen: Screen
    size_px: int
    unit: tuple[int, int]

    def responses(self, gratings: Tensor) -> Tensor:
        """`(n, channels)` of the unit."""
        maps: Tensor = self.layer(self.screen.shows(gratings))
        return maps if maps.ndim == 2 else maps[:, :, self.unit[0], self.unit[1]]


def _prepared(layer: nn.Module, screen: Screen) -> _Shown:
    """With the size and the unit that the screen leaves open, and no unit computed in vain."""
    if screen.size_px is None and screen.unit is None:
        alone = at_one_place(layer, screen.channels)
        if alone:
            return _Shown(alone.layers, screen, alone.size_px, (0, 0))
    size_px = screen.size_px or whole_field_px(layer, screen.channels)
    unit = screen.unit or middle_unit(layer, (screen.channels, size_px, size_px))
    return _Shown(layer, screen, size_px, unit)


def _like(layer: nn.Module) -> Tensor:
    """A tensor of the type and device of the layer's weights; a plain one for a layer without any."""
    weights = (each for each in [*layer.parameters(), *layer.buffers()] if each.is_floating_point())
    found: Tensor = next(weights, torch.zeros(()))
    return found.detach()


def _together(numbers: int, device: torch.device) -> int:
    """How many pictures of so many numbers are shown at once."""
    most = _NUMBERS if device.type == "cpu" else _NUMBERS_ON_GPU
    return max(1, most // numbers)


def _beyond(responses: Tensor, blank: Tensor) -> Tensor:
    """What they differ from the blank by, if that is more than rounding."""
    difference = responses - blank
    rounding = 8 * torch.finfo(blank.dtype).eps * blank.abs()
    return difference * (difference.abs() > rounding)
