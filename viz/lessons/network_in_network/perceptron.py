"""The two 1×1 layers of the block as a perceptron, by methods that share no code with a 1×1."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.pointwise import mix_channels, mixing_layer
from viz.lessons.lesson import Built
from viz.lessons.network_in_network.setting import Setting


@dataclass(frozen=True, eq=False)
class Perceptron:
    """Two matrices with a ReLU after each: one hidden layer.

    Attributes:
        hidden: `(M, C)`.
        outputs: `(O, M)`.
    """

    hidden: Tensor
    outputs: Tensor

    @property
    def terms(self) -> int:
        """The number of roundings, C + M: of sums of C and of M products."""
        return self.hidden.shape[1] + self.hidden.shape[0]

    @property
    def merged(self) -> Tensor:
        """The matrix `(O, C)` that both are without a ReLU between them."""
        return self.outputs @ self.hidden

    def linear(self) -> nn.Sequential:
        """The same weights as `nn.Linear`, which knows no pixels: rows of C in, rows of O out."""
        layers = [_linear(self.hidden), nn.ReLU(), _linear(self.outputs), nn.ReLU()]
        return nn.Sequential(*layers)

    def convolved(self, x: Tensor, *, relu: bool = True) -> Tensor:
        """`F.conv2d` with 1×1 kernels: `(C, H, W)` in, `(O, H, W)` out.

        Args:
            x: maps, or a batch of them.
            relu: whether there is a ReLU after each layer.
        """
        for matrix in (self.hidden, self.outputs):
            x = F.conv2d(x, matrix.to(x.device)[:, :, None, None])
            x = x.relu() if relu else x
        return x

    def at_every_pixel(self, x: Tensor) -> Tensor:
        """`nn.Linear` on a list of pixels: `(C, H, W)` in, `(O, H, W)` out."""
        pixels = x.flatten(1).T  # one row a pixel
        return self.linear().to(x.device)(pixels).T.unflatten(1, x.shape[1:])

    def once(self, x: Tensor) -> Tensor:
        """The merged matrix at every pixel."""
        return mix_channels(x, self.merged.to(x.device))

    def magnitude(self, x: Tensor) -> Tensor:
        """Σ|w₂|·|w₁|·|x| of every output; a ReLU only makes it smaller."""
        return Perceptron(self.hidden.abs(), self.outputs.abs()).convolved(x.abs(), relu=False)


def _linear(matrix: Tensor) -> nn.Linear:
    layer = nn.Linear(matrix.shape[1], matrix.shape[0], bias=False, device="meta")
    layer.weight = nn.Parameter(matrix, requires_grad=False)
    return layer


def perceptron(built: Built[Setting]) -> Perceptron:
    """The weights of both 1×1 layers, on the CPU."""
    hidden, outputs = (built.mixing(name).matrix.cpu() for name in ("hidden", "outputs"))
    return Perceptron(hidden, outputs)


@dataclass(frozen=True, eq=False)
class Block:
    """The k×k filters and the perceptron after them.

    Attributes:
        kernels: `(N, 3, k, k)`, of the picture's colours.
        perceptron: reads the N filters.
    """

    kernels: Tensor
    perceptron: Perceptron

    @property
    def terms(self) -> int:
        """The number of roundings in one output."""
        return self.kernels[0].numel() + self.perceptron.terms

    def convolved(self, x: Tensor) -> Tensor:
        """Three convolutions, a ReLU after each, without padding: one number a whole patch."""
        return self.perceptron.convolved(F.conv2d(x, self.kernels.to(x.device)).relu())

    def at_every_patch(self, x: Tensor) -> Tensor:
        """`nn.Linear` three times on a list of patches."""
        patches = self.patches(x).flatten(1)
        filters = _linear(self.kernels.flatten(1)).to(x.device)
        rows = self.perceptron.linear().to(x.device)(filters(patches).relu())
        size = [length - self.kernels.shape[-1] + 1 for length in x.shape[-2:]]
        return rows.T.unflatten(1, size)

    def one_patch_at_a_time(self, x: Tensor) -> Tensor:
        """The convolutions on pictures that have nothing but one patch each."""
        size = [length - self.kernels.shape[-1] + 1 for length in x.shape[-2:]]
        return self.convolved(self.patches(x))[:, :, 0, 0].T.unflatten(1, size)

    def patches(self, x: Tensor) -> Tensor:
        """All k×k patches of a picture, row by row: `(3, H, W)` in, `(patches, 3, k, k)` out."""
        side = self.kernels.shape[-1]
        return F.unfold(x[None], side)[0].T.unflatten(1, (3, side, side))

    def magnitude(self, x: Tensor) -> Tensor:
        """Σ|w₃|·|w₂|·|w₁|·|x| of every output of `convolved`."""
        filtered = F.conv2d(x.abs(), self.kernels.abs().to(x.device))
        return self.perceptron.magnitude(filtered)


def block(built: Built[Setting]) -> Block:
    """The block of a Setting, on the CPU; the brightness is part of its kernels."""
    filters = built.network.get_submodule("filters")
    brightness = mixing_layer(filters).matrix.cpu()[0]
    kernels = filters.get_parameter("gabor.weight").cpu()
    return Block(kernels * brightness[:, None, None], perceptron(built))
