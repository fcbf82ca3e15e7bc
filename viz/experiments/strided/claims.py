"""What the lesson claims of its layers."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from viz.experiments.claim import Claim, Path
from viz.experiments.strided.network import network
from viz.experiments.strided.setting import Setting
from viz.layers.pointwise import mix_channels, mixing_layer

STRIDED = ("strided", "again", "third")
COUNTED = {2: "Two layers", 3: "Three layers"}


def claims(setting: Setting, pixels: Tensor) -> tuple[Claim, ...]:
    """What the lesson claims of the layers that are switched on, for this very picture."""
    chain = network(setting, pixels)
    layer = mixing_layer(chain.get_submodule("strided"))
    made = _subsampling_claims(chain[:1], layer.matrix, layer.stride[0])
    if layer.stride[0] > 1:
        made.append(_average_claim(chain[:1], layer.matrix, layer.stride[0]))
    layers = nn.Sequential(*(m for name, m in chain.named_children() if name in STRIDED))
    if len(layers) > 1:
        made.append(_stack_claim(chain[:1], layers, layer.matrix, setting.stride))
    return tuple(made)


def _subsampling_claims(given: nn.Module, matrix: Tensor, stride: int) -> list[Claim]:
    """Three ways to a strided 1×1 beside the convolution of the framework, which is the first."""

    def framework(x: Tensor) -> Tensor:
        return F.conv2d(x, _kernel(matrix, x), stride=stride)

    ways: dict[str, Path] = {
        "A strided 1×1 is subsampling, then a 1×1.": lambda x: mix_channels(
            x[:, ::stride, ::stride], matrix.to(x.device)
        ),
        "The layer on screen is torch's own convolution with that stride.": lambda x: mix_channels(
            x, matrix.to(x.device), stride=stride
        ),
        "It is the 1×1 at every pixel, of which all but one in s × s are thrown away.": lambda x: (
            F.conv2d(x, _kernel(matrix, x))[:, ::stride, ::stride]
        ),
    }
    magnitude = _magnitude(matrix, stride)
    return [
        Claim(sentence, framework, way, True, given, magnitude, matrix.shape[1])
        for sentence, way in ways.items()
    ]


def _average_claim(given: nn.Module, matrix: Tensor, stride: int) -> Claim:
    def pooled(x: Tensor) -> Tensor:
        blocks = F.avg_pool2d(x, stride, ceil_mode=True, count_include_pad=False)
        return mix_channels(blocks, matrix.to(x.device))

    return Claim(
        "Average pooling in its place gives another map: it looks at every pixel.",
        lambda x: F.conv2d(x, _kernel(matrix, x), stride=stride),
        pooled,
        False,
        given,
        _magnitude(matrix, stride),
        matrix.shape[1],
    )


def _stack_claim(given: nn.Module, layers: nn.Sequential, matrix: Tensor, stride: int) -> Claim:
    count, together = len(layers), stride ** len(layers)

    def one_after_another(x: Tensor) -> Tensor:
        for layer in layers:
            x = mix_channels(x, mixing_layer(layer).matrix.to(x.device), stride=stride)
        return x

    return Claim(
        f"{COUNTED[count]} of stride {stride} are one of stride {together}.",
        one_after_another,
        lambda x: F.conv2d(x, _kernel(matrix, x), stride=together),
        True,
        given,
        _magnitude(matrix, together),
        matrix.shape[1] + (count - 1) * matrix.shape[0],
    )


def _kernel(matrix: Tensor, x: Tensor) -> Tensor:
    return matrix.to(x.device)[:, :, None, None]


def _magnitude(matrix: Tensor, stride: int) -> Path:
    """Σ|w·x| of every output of the strided layer."""
    return lambda x: mix_channels(x.abs(), matrix.abs().to(x.device), stride=stride)
