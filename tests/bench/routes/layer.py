"""What every compared page draws: 64 random mixtures of the same 16 maps, another for each seed.

Not a page itself. The maps that arrive are those the Lab makes, handed over as a file, so that
only the layer and the way to the screen are compared; they are read once, as a careful page would.
"""

from __future__ import annotations

import gc
import os

import numpy as np
import torch

from viz.layers.pointwise import mix_channels
from viz.layers.recipes import random_rows

OUTPUTS = 64
ACROSS = 8
LAST_SEED = 99
ARRIVING = torch.from_numpy(np.load(os.environ["BENCH_MAPS"]))
torch.set_num_threads(max(1, torch.get_num_threads() - 1))  # as in the Lab


def maps(seed: int) -> np.ndarray:
    """The 64 maps `(64, H, W)` float32."""
    with torch.inference_mode():
        return mix_channels(ARRIVING, random_rows(OUTPUTS, len(ARRIVING), seed)).numpy()


gc.collect()
gc.freeze()  # as the Lab's server does, so that no page pays for torch's objects at every step
