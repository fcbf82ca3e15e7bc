"""A window over a grid as an animated GIF, one output pixel a frame."""

from __future__ import annotations

from io import BytesIO
from itertools import product

from viz.figures.numbered_sheet import Grid, NumberedSheet, Pool
from viz.figures.sheet import Place, Sheet
from viz.figures.step import Step, by

MAX_OUTPUTS, MAX_SIDE = 256, 64
TOUR_MS, MIN_MS, MAX_MS, REST_MS = 15_000, 60, 600, 1500


def stepping_gif(
    size: int | tuple[int, int], stride: int, kernel: int = 1, padding: int = 0
) -> bytes:
    """The input, with the pixels that are read lit, beside the output filling up; it loops.

    Pixels that no output reads are grey and hatched in every frame.

    Args:
        size: the side of a square input, or (height, width); at most 64.
        stride: pixels from one window to the next.
        kernel: side of the kernel.
        padding: rows and columns of zeros around the input, fewer than the kernel has.

    Returns:
        An animated GIF of as many frames as there are outputs, row by row.

    Raises:
        ValueError: if the kernel does not fit, the input or the padding is too large, or there
            are more than 256 outputs.

    >>> from PIL import Image
    >>> with Image.open(BytesIO(stepping_gif(5, stride=2))) as image:
    ...     image.format, image.n_frames
    ('GIF', 9)
    """
    step = Step((size, size) if isinstance(size, int) else size, stride, kernel, padding)
    units = _units(step)
    return _gif(Sheet(step), units)


def pooling_gif(inputs: Grid, outputs: Grid, size: int, stride: int, pool: Pool) -> bytes:
    """A pool over a small grid of numbers, with the arithmetic of every output below; it loops.

    Args:
        inputs, outputs: the numbers of both grids, row by row.
        size: side of the window.
        stride: from one window to the next.
        pool: the kind of pool, for the words.

    Raises:
        ValueError: see `stepping_gif`, or if the outputs are not as many as such a pool has.

    >>> from PIL import Image
    >>> with Image.open(BytesIO(pooling_gif([[1, 2], [3, 5]], [[5]], 2, 1, "max"))) as image:
    ...     image.format
    'GIF'
    """
    step = Step((len(inputs), len(inputs[0])), stride, size, 0)
    units = _units(step)
    if (len(outputs), len(outputs[0])) != step.outputs:
        raise ValueError(
            f"{len(outputs)}×{len(outputs[0])} outputs, where a pool has {by(step.outputs)}"
        )
    return _gif(NumberedSheet(step, inputs, outputs, pool), units)


def _gif(sheet: Sheet, units: list[Place]) -> bytes:
    first, *others = [sheet.frame(units[: n + 1]) for n in range(len(units))]
    pace = round(min(MAX_MS, max(MIN_MS, TOUR_MS / len(units))), -1)
    times = [*[pace] * len(others), pace + REST_MS]
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=times, loop=0)
    return file.getvalue()


def _units(step: Step) -> list[Place]:
    """Every output in the order in which it is computed.

    Raises:
        ValueError: see `stepping_gif`.
    """
    rows, columns = step.outputs
    if max(step.size) > MAX_SIDE or rows * columns > MAX_OUTPUTS:
        raise ValueError(
            f"a grid of {by(step.size)} at stride {step.stride} is too large to be shown step by "
            f"step: at most {MAX_SIDE} a side and {MAX_OUTPUTS} outputs"
        )
    if not 0 <= step.padding < step.kernel:
        raise ValueError(f"padding {step.padding} must be 0 to {step.kernel - 1}")
    return list(product(range(rows), range(columns)))
