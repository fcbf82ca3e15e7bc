"""Maps and filters as a numpy archive."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from torch import nn

from viz.run.filters import filters

Arrays = Mapping[str, np.ndarray[Any, Any]]


def npz(maps: Arrays, filters: Arrays, query: str) -> bytes:
    """All maps of a view as `.npz`, with their filters and their address.

    It is not compressed: float32 maps compress little and slowly.

    Args:
        maps: `(C, H, W)` float32 by stage.
        filters: the filters of the stage in view, by name: kernels `(N, h, w)`, matrix `(O, C)`.
        query: the address of the view; it becomes the 0-d text array `query`.

    Returns:
        A file for `numpy.load`; nothing in it needs `allow_pickle`.

    Raises:
        ValueError: if a name is used twice.

    >>> file = npz({"bank": np.ones((2, 3, 4), np.float32)}, {"matrix": np.eye(2)}, "stride=3")
    >>> with np.load(BytesIO(file)) as arrays:
    ...     {name: array.shape for name, array in arrays.items()}, str(arrays["query"])
    ({'bank': (2, 3, 4), 'matrix': (2, 2), 'query': ()}, 'stride=3')
    """
    twice = {*maps, *filters} & {"query"} | {*maps} & {*filters}
    if twice:
        raise ValueError(f"{', '.join(sorted(twice))} would be in the file twice")
    file = BytesIO()
    np.savez(file, allow_pickle=False, **{**maps, **filters, "query": np.array(query)})
    return file.getvalue()


def filter_arrays(network: nn.Sequential, stage: str) -> dict[str, np.ndarray[Any, Any]]:
    """The filters of a stage, as the filters panel shows them.

    Returns:
        `kernels` `(N, h, w)` if each belongs to a map, or `bank_kernels` if only the bank's own
        can be shown; `matrix` `(outputs, channels)` if the stage mixes channels.

    >>> import torch
    >>> from viz.layers.pointwise import Pointwise
    >>> filter_arrays(nn.Sequential(Pointwise(torch.eye(3)[:2])), "0")["matrix"].shape
    (2, 3)
    """
    found = filters(network, stage)
    arrays = {name: stack.detach().cpu().numpy().copy() for name, stack in found.stacks.items()}
    if found.of_bank:
        arrays["bank_kernels"] = arrays.pop("kernels")
    if "matrix" in arrays:
        arrays["matrix"] = arrays["matrix"][0]
    return arrays
