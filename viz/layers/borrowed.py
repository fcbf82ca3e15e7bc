"""Modules that share the weights of others, and move to a device alone."""

from __future__ import annotations

from typing import TypeVar

from torch import nn

T = TypeVar("T", bound=nn.Module)


def borrowed(module: T) -> T:
    """The same module with the same numbers, none of them copied.

    Where it is moved to a device, the original stays as it is. So a network that is read once can
    be lent to many.

    >>> import torch
    >>> layer = nn.Linear(2, 2)
    >>> lent = borrowed(layer)
    >>> lent.weight.data_ptr() == layer.weight.data_ptr()
    True
    >>> lent.to("meta").weight.device.type, layer.weight.device.type
    ('meta', 'cpu')
    """
    lent: T = type(module).__new__(type(module))
    vars(lent).update(vars(module))
    kept = module._parameters.items()
    lent._parameters = {name: _same(parameter) for name, parameter in kept}
    lent._buffers = dict(module._buffers)
    lent._modules = {name: each and borrowed(each) for name, each in module._modules.items()}
    return lent


def _same(parameter: nn.Parameter | None) -> nn.Parameter | None:
    if parameter is None:
        return None
    return nn.Parameter(parameter.detach(), requires_grad=parameter.requires_grad)
