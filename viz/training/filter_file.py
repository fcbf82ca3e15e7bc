"""Kernels read from a file of weights, by code that a program can quote."""

from __future__ import annotations

import json

import numpy as np
import torch
from torch import Tensor


def kernels_in_file(path: str, name: str, count: int) -> Tensor:
    """The first kernels of a safetensors file: a header in JSON, then plain numbers.

    Args:
        path: of the file.
        name: of the tensor in it, `(n, side, side)` float32.
        count: how many of the n.

    Returns:
        `(count, side, side)` float32, each of norm 1.

    Source: https://huggingface.co/docs/safetensors, "Format".

    >>> from tempfile import TemporaryDirectory
    >>> from safetensors.torch import save_file
    >>> with TemporaryDirectory() as folder:
    ...     save_file({"a": torch.zeros(1), "b": torch.ones(1, 2, 2)}, f"{folder}/two")
    ...     kernels_in_file(f"{folder}/two", "b", count=1)
    tensor([[[0.5000, 0.5000],
             [0.5000, 0.5000]]])
    """
    data = np.fromfile(path, np.uint8)
    end = 8 + int(data[:8].view(np.int64)[0])
    described = json.loads(data[8:end].tobytes())[name]
    first, last = described["data_offsets"]
    numbers = torch.from_numpy(data[end + first : end + last].copy().view(np.float32))
    kernels = numbers.view(described["shape"])[:count]
    return kernels / kernels.norm(dim=(1, 2), keepdim=True)
