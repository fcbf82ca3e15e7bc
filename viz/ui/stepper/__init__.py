"""The stepper: a convolution or a pool moves over its input, with every number that it reads lit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.geometry import output_size
from viz.ui import text
from viz.ui.component import component

if TYPE_CHECKING:
    from viz.lessons.blocks import Reading

MAX_SIDE, MAX_PLANES, MAX_KERNEL, MAX_STRIDE = 16, 4, 5, 8

Numbers = np.ndarray[Any, np.dtype[Any]]

_COMPONENT = component("stepper", '<div class="stepper" role="group"></div>')


def stepper(
    inputs: Numbers,
    readings: Sequence[Reading],
    *,
    key: str,
    channel_names: Sequence[str],
    output_names: Sequence[str],
    colour: bool,
    alt: str,
    origin: tuple[int, int] = (0, 0),
    complete: bool = False,
) -> None:
    """Places a stepper: one slider for all readings, play and pause, and the arithmetic in numbers.

    Args:
        inputs: `(C, h, w)`, h and w at most 16, C at most 4.
        readings: one or more layers over the same input, drawn side by side.
        key: the component's key, constant for one place of a page.
        channel_names: C names of the input's planes.
        output_names: O names, the same for every reading.
        colour: whether the planes are the red, green and blue of a picture, in [0, 1].
        alt: a one-sentence description.
        origin: row and column of the input's upper left pixel in the text.
        complete: whether it opens with every output computed.

    Raises:
        ValueError: if the shapes do not belong together, or are larger than can be seen.
    """
    given = data(inputs, readings, channel_names, output_names, colour, alt, origin)
    _COMPONENT(key=key, data={**given, "complete": complete})


def data(
    inputs: Numbers,
    readings: Sequence[Reading],
    channel_names: Sequence[str],
    output_names: Sequence[str],
    colour: bool,
    alt: str,
    origin: tuple[int, int] = (0, 0),
) -> dict[str, Any]:
    """The data for the browser: plain numbers, nested as they are indexed.

    Raises:
        ValueError: see `stepper`.

    >>> from viz.lessons.blocks import Reading
    >>> one = Reading("1×1", 1, 0, np.ones((1, 1, 1, 1)), np.full((1, 1, 2), 0.5))
    >>> data(np.full((1, 1, 2), 0.5), [one], ["in"], ["out"], False, "")["inputs"]
    [[[0.5, 0.5]]]
    """
    _check_inputs(inputs, channel_names, colour)
    if not readings:
        raise ValueError("there must be at least one reading")
    for reading in readings:
        _check(inputs, reading, len(output_names))
    return {
        "inputs": inputs.tolist(),
        "readings": [_plain(reading) for reading in readings],
        "channels": list(channel_names),
        "outputs": list(output_names),
        "colour": colour,
        "alt": alt,
        "origin": origin,
        "language": text.language(),
    }


def _plain(reading: Reading) -> dict[str, Any]:
    return {
        "title": reading.title,
        "note": reading.note,
        "stride": reading.stride,
        "padding": reading.padding,
        "weights": reading.weights.tolist(),
        "outputs": reading.outputs.tolist(),
        "operation": reading.operation,
    }


def _check_inputs(inputs: Numbers, names: Sequence[str], colour: bool) -> None:
    if inputs.ndim != 3 or max(inputs.shape[1:]) > MAX_SIDE or len(inputs) > MAX_PLANES:
        raise ValueError(
            f"inputs {inputs.shape} must be (C, h, w), at most "
            f"{MAX_PLANES} planes of {MAX_SIDE}×{MAX_SIDE}"
        )
    if len(names) != len(inputs):
        raise ValueError(f"{len(inputs)} input planes have {len(names)} names")
    if colour and len(inputs) != 3:
        raise ValueError(f"a picture in colour has 3 planes, not {len(inputs)}")


def _check(inputs: Numbers, reading: Reading, names: int) -> None:
    """Raises ValueError unless a reading has the shapes of a layer over these inputs."""
    outputs, channels, side, across = (*reading.weights.shape, 0, 0, 0, 0)[:4]
    if not 1 <= side <= MAX_KERNEL or side != across or channels != len(inputs):
        raise ValueError(
            f"weights {reading.weights.shape} must be (O, {len(inputs)}, k, k), "
            f"k at most {MAX_KERNEL}"
        )
    if not (1 <= reading.stride <= MAX_STRIDE and 0 <= reading.padding < side):
        raise ValueError(
            f"stride {reading.stride} must be 1 to {MAX_STRIDE}, "
            f"padding {reading.padding} 0 to {side - 1} for a kernel of {side}"
        )
    pools = reading.operation != "sum"
    if pools and (channels != 1 or reading.padding or (reading.weights != 1).any()):
        raise ValueError(
            f"a {reading.operation} is of 1 plane, not {channels}, with weights of 1 "
            f"and padding 0, not {reading.padding}"
        )
    sizes = [
        output_size(length, side, reading.stride, reading.padding, reading.padding)
        for length in inputs.shape[1:]
    ]
    if reading.outputs.shape != (outputs, *sizes) or not outputs == names <= MAX_PLANES:
        raise ValueError(
            f"outputs {reading.outputs.shape} with {names} names must be "
            f"{(outputs, *sizes)} with {outputs} names, at most {MAX_PLANES}"
        )
