"""The 1×1 (pointwise) convolution: one matrix, applied at every pixel."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.recipes import Recipe


def mix_channels(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, *, stride: int = 1
) -> Tensor:
    """Mixes the channels of every pixel with one matrix; no pixel sees its neighbours.

    out[o, i, j] = bias[o] + sum over c of weight[o, c] * x[c, i*stride, j*stride]

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`, floating point.
        weight: `(O, C)`, the mixing matrix.
        bias: `(O,)` or None.
        stride: at least 1; pixels between the steps are never read.

    Returns:
        `(O, H', W')` or `(N, O, H', W')` with H' = floor((H − 1) / stride) + 1, likewise W'.

    Raises:
        ValueError: if the matrix does not have one column for each channel, or the bias not one
            number for each row.

    Source: Lin, Chen, Yan 2013, "Network in Network", section 3.1.

    >>> import torch
    >>> x = torch.tensor([[[1.0, 2.0]], [[10.0, 20.0]]])          # two channels of 1×2 pixels
    >>> mix_channels(x, torch.tensor([[1.0, 1.0], [0.0, 2.0]]))
    tensor([[[11., 22.]],
    <BLANKLINE>
            [[20., 40.]]])
    """
    if weight.ndim != 2 or x.ndim < 3 or weight.shape[1] != x.shape[-3]:
        raise ValueError(
            f"a matrix of {tuple(weight.shape)} cannot mix the channels of {tuple(x.shape)}"
        )
    _expect_a_bias_for_each_row(bias, weight)
    x = x[..., ::stride, ::stride]
    mixed: Tensor = (weight @ x.flatten(-2)).unflatten(-1, x.shape[-2:])
    return mixed if bias is None else mixed + bias[:, None, None]


def mix_groups(
    x: Tensor, weight: Tensor, groups: int, bias: Tensor | None = None, *, stride: int = 1
) -> Tensor:
    """Mixes the channels of every pixel, each group of consecutive channels by itself.

    It is one matrix with zeros outside `groups` blocks on its diagonal; the zeros are neither stored
    nor multiplied. With as many groups as channels no channel meets another (depthwise).

    out[o, i, j] = bias[o] + sum over k < n of weight[o, k] * x[g*n + k, i*stride, j*stride], with
    n = C / groups and g = floor(o * groups / O), the group that output o belongs to

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`, floating point.
        weight: `(O, C / groups)`: of each row only the columns of its own group.
        groups: divides both C and O.
        bias: `(O,)` or None.
        stride: at least 1; pixels between the steps are never read.

    Returns:
        `(O, H', W')` or `(N, O, H', W')`, sizes as `mix_channels`.

    Raises:
        ValueError: if channels or rows do not divide by `groups`, the matrix does not have one
            column for each channel of a group, or the bias not one number for each row.

    Source: Zhang et al. 2017, "ShuffleNet", section 3.1.

    >>> import torch
    >>> x = torch.tensor([1.0, 10.0, 100.0, 1000.0]).view(4, 1, 1)
    >>> mix_groups(x, torch.tensor([[1.0, 1.0], [1.0, -1.0]]), groups=2).flatten()
    tensor([  11., -900.])
    """
    fits = weight.ndim == 2 and x.ndim >= 3 and groups >= 1
    if not fits or weight.shape[1] * groups != x.shape[-3] or weight.shape[0] % groups:
        raise ValueError(
            f"a matrix of {tuple(weight.shape)} cannot mix {groups} groups of the channels of "
            f"{tuple(x.shape)}"
        )
    _expect_a_bias_for_each_row(bias, weight)
    x = x[..., ::stride, ::stride]
    blocks = weight.unflatten(0, (groups, -1))
    channels = x.flatten(-2).unflatten(-2, (groups, -1))
    mixed: Tensor = (blocks @ channels).flatten(-3, -2).unflatten(-1, x.shape[-2:])
    return mixed if bias is None else mixed + bias[:, None, None]


def _expect_a_bias_for_each_row(bias: Tensor | None, weight: Tensor) -> None:
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(
            f"a bias of {tuple(bias.shape)} does not fit rows of {tuple(weight.shape)}"
        )


class Pointwise(nn.Conv2d):
    """A 1×1 convolution with a given matrix, as an nn.Conv2d.

    Args:
        weight: `(O, C / groups)`, the mixing matrix; see `mix_groups` for more than one group.
        bias: `(O,)` or None.
        stride: at least 1.
        groups: divides both C and O; as many as channels is depthwise.
        recipe: how to compute the matrix again.

    Raises:
        ValueError: if the rows do not divide by `groups`.

    >>> import torch
    >>> layer = Pointwise(torch.eye(2), stride=2)
    >>> layer(torch.ones(2, 5, 5)).shape, layer.kernel_size, layer.stride
    (torch.Size([2, 3, 3]), (1, 1), (2, 2))
    """

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        stride: int = 1,
        groups: int = 1,
        recipe: Recipe | None = None,
    ) -> None:
        outputs, channels = weight.shape[0], weight.shape[1] * groups
        super().__init__(
            *(channels, outputs, 1),
            stride=stride,
            groups=groups,
            bias=bias is not None,
            device="meta",
        )
        self.weight = nn.Parameter(weight[:, :, None, None], requires_grad=False)
        if bias is not None:
            self.bias = nn.Parameter(bias, requires_grad=False)
        self.recipe = recipe

    def reset_parameters(self) -> None:
        """Does nothing: the weights are given."""

    @property
    def rows(self) -> Tensor:
        """The stored weights, `(O, C / groups)`: the columns of its own group of each row."""
        return self.weight[:, :, 0, 0]

    @property
    def matrix(self) -> Tensor:
        """The mixing matrix, `(O, C)`; with groups, zero outside the blocks on its diagonal.

        >>> import torch
        >>> Pointwise(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), groups=2).matrix
        tensor([[1., 2., 0., 0.],
                [0., 0., 3., 4.]])
        """
        return self.rows if self.groups == 1 else torch.block_diag(*self.rows.chunk(self.groups))

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in; the channels mixed, see `mix_channels`."""
        if self.groups == 1:
            return mix_channels(x, self.matrix, self.bias, stride=self.stride[0])
        return mix_groups(x, self.rows, self.groups, self.bias, stride=self.stride[0])


def mixing_layer(stage: nn.Module) -> Pointwise:
    """The last 1×1 layer of a stage.

    Raises:
        LookupError: if the stage has none.

    >>> import torch
    >>> mixing_layer(nn.Sequential(Pointwise(torch.eye(2)), nn.ReLU())).out_channels
    2
    """
    layers = [layer for layer in stage.modules() if isinstance(layer, Pointwise)]
    if not layers:
        raise LookupError(f"{type(stage).__name__} has no 1×1 layer")
    return layers[-1]
