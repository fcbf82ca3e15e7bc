"""A fully connected layer as the convolution that it is."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from viz.layers.seeding import recipe_of, with_recipe


def folded(matrix: Tensor, input_shape: tuple[int, int, int]) -> Tensor:
    """The rows of a matrix as kernels; no number is changed or moved in memory.

    kernel[o, c, i, j] = matrix[o, (c*H + i)*W + j]: the order in which `nn.Flatten` reads maps.

    Args:
        matrix: `(O, C*H*W)`, the weights of a layer on flattened maps.
        input_shape: `(C, H, W)` of the maps.

    Returns:
        `(O, C, H, W)`, a view of the matrix.

    Raises:
        ValueError: if the matrix does not have one column for each number of the maps.

    >>> import torch
    >>> folded(torch.arange(8).view(1, 8), (2, 2, 2))
    tensor([[[[0, 1],
              [2, 3]],
    <BLANKLINE>
             [[4, 5],
              [6, 7]]]])
    """
    channels, height, width = input_shape
    if matrix.ndim != 2 or matrix.shape[1] != channels * height * width:
        raise ValueError(
            f"a matrix of {tuple(matrix.shape)} does not read maps of {tuple(input_shape)}"
        )
    kernels: Tensor = matrix.unflatten(1, input_shape)
    return kernels


def as_conv(linear: nn.Linear, input_shape: tuple[int, int, int]) -> nn.Conv2d:
    """The convolution that equals flatten and a fully connected layer, with the same numbers.

    On maps of `input_shape` it gives one unit; on larger maps it gives the fully connected layer
    at every position. After it maps are 1×1, so that the next layer becomes a 1×1 convolution.

    Args:
        linear: `C*H*W` inputs; on any device, even `meta`.
        input_shape: `(C, H, W)` of the maps that are flattened.

    Returns:
        A convolution with a kernel of H×W; it shares the memory of the weights, and their recipe.

    Raises:
        ValueError: if the layer does not have C*H*W inputs.

    Source: Sermanet et al. 2013, "OverFeat", section 3.5; Long, Shelhamer, Darrell 2014, "Fully
    convolutional networks for semantic segmentation", section 3.1.

    >>> import torch
    >>> with torch.device("meta"):
    ...     as_conv(nn.Linear(25088, 4096), (512, 7, 7))
    Conv2d(512, 4096, kernel_size=(7, 7), stride=(1, 1))
    """
    channels, height, width = input_shape
    if linear.in_features != channels * height * width:
        raise ValueError(
            f"a layer of {linear.in_features} inputs does not read maps of {tuple(input_shape)}"
        )
    layer = nn.Conv2d(
        *(channels, linear.out_features, (height, width)),
        bias=linear.bias is not None,
        device="meta",
    )
    trained = linear.weight.requires_grad
    layer.weight = nn.Parameter(folded(linear.weight.detach(), input_shape), trained)
    if linear.bias is not None:
        layer.bias = nn.Parameter(linear.bias.detach(), trained)
    return with_recipe(layer, recipe_of(linear))


def fully_convolutional(network: nn.Sequential, flattened: tuple[int, int, int]) -> nn.Sequential:
    """A chain for one input size as a chain for all larger ones: its linear layers as convolutions.

    The first of them gets a kernel as large as the maps, the others are 1×1. The layer that flattens
    is left out. All weights are shared.

    Args:
        network: a chain with flatten and linear layers after its maps.
        flattened: `(C, H, W)` of the maps that are flattened.

    Raises:
        ValueError: if the first linear layer does not have C*H*W inputs.

    >>> fully_convolutional(nn.Sequential(nn.Flatten(), nn.Linear(50, 8), nn.Linear(8, 3)), (2, 5, 5))
    Sequential(
      (1): Conv2d(2, 8, kernel_size=(5, 5), stride=(1, 1))
      (2): Conv2d(8, 3, kernel_size=(1, 1), stride=(1, 1))
    )
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for name, layer in network.named_children():
        if isinstance(layer, nn.Linear):
            layers[name] = as_conv(layer, flattened)
            flattened = (layer.out_features, 1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers[name] = layer
    return nn.Sequential(layers)
