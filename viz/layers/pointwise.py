"""The 1×1 (pointwise) convolution: one matrix, applied at every pixel."""

from __future__ import annotations

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
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(
            f"a bias of {tuple(bias.shape)} does not fit rows of {tuple(weight.shape)}"
        )
    x = x[..., ::stride, ::stride]
    mixed = (weight @ x.flatten(-2)).unflatten(-1, x.shape[-2:])
    return mixed if bias is None else mixed + bias[:, None, None]


class Pointwise(nn.Conv2d):
    """A 1×1 convolution with a given matrix; torch's own description of it stays true.

    Args:
        weight: `(O, C)`, the mixing matrix.
        bias: `(O,)` or None.
        stride: at least 1.
        recipe: how the matrix was made, for whoever wants to make it again.

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
        recipe: Recipe | None = None,
    ) -> None:
        outputs, channels = weight.shape
        super().__init__(channels, outputs, 1, stride=stride, bias=bias is not None, device="meta")
        self.weight = nn.Parameter(weight[:, :, None, None], requires_grad=False)
        if bias is not None:
            self.bias = nn.Parameter(bias, requires_grad=False)
        self.recipe = recipe

    @property
    def matrix(self) -> Tensor:
        """The mixing matrix, `(O, C)`."""
        return self.weight[:, :, 0, 0]

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in; the channels mixed, see `mix_channels`."""
        return mix_channels(x, self.matrix, self.bias, stride=self.stride[0])


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
