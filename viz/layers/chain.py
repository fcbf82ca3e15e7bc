"""The layers of a network of nested nn.Sequential, and their names in errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


def layers_of(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The layers of a module in the order of the data, each with its qualified name.

    An nn.Sequential subclass that overrides `forward` counts as one layer.

    Args:
        module: a single layer, or an nn.Sequential, nested to any depth.
        name: the prefix of all names; the name of a single layer.

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
    """A module without its weights, as text: equal for modules with the same settings.

    It is torch's own description, with the settings that torch omits for an average pool.

    >>> description(nn.AvgPool2d(2)) == description(nn.AvgPool2d(2, ceil_mode=True))
    False
    """
    pools = [layer for layer in module.modules() if isinstance(layer, nn.AvgPool2d)]
    unsaid = [(each.ceil_mode, each.count_include_pad, each.divisor_override) for each in pools]
    return f"{module!r}{unsaid or ''}"


@contextmanager
def naming(name: str, layer: nn.Module) -> Iterator[None]:
    """Adds the name and the class of a layer to the message of a ValueError raised inside.

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
