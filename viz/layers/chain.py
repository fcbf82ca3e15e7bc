"""The layers of a network that is built of nested nn.Sequential, and their names in errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


def layers_of(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The layers of a module in the order of the data, each with its qualified name.

    An nn.Sequential subclass that overrides `forward` counts as one layer.

    Args:
        module: a lone layer, or an nn.Sequential, nested to any depth.
        name: what the names begin with; a lone layer has this name.

    >>> [name for name, _ in layers_of(nn.Sequential(nn.ReLU(), nn.Sequential(nn.Tanh())))]
    ['0', '1.0']
    """
    if isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward:
        for child, layer in module._modules.items():
            assert layer is not None
            yield from layers_of(layer, f"{name}.{child}" if name else child)
    else:
        yield name, module


def description(module: nn.Module) -> str:
    """What a module is, but for its weights: equal for modules that treat maps alike.

    It is what torch prints of it, with what torch leaves out of an average pool.

    >>> description(nn.AvgPool2d(2)) == description(nn.AvgPool2d(2, ceil_mode=True))
    False
    """
    pools = [layer for layer in module.modules() if isinstance(layer, nn.AvgPool2d)]
    unsaid = [(each.ceil_mode, each.count_include_pad, each.divisor_override) for each in pools]
    return f"{module!r}{unsaid or ''}"


@contextmanager
def naming(name: str, layer: nn.Module) -> Iterator[None]:
    """Puts the place and the class of a layer before the message of a ValueError raised inside.

    >>> with naming("bank.gabor", nn.ReLU()):
    ...     raise ValueError("does not fit")
    Traceback (most recent call last):
    ValueError: bank.gabor (ReLU): does not fit
    """
    try:
        yield
    except ValueError as error:
        kind = type(layer).__name__
        raise ValueError(f"{name or kind} ({kind}): {error}") from error
