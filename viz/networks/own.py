"""Networks of whoever runs the app: `POINTWISE_NETWORK=module:function`, separated by commas.

The function takes nothing and returns an nn.Module; an attribute `input_shape` of the function,
`(C, H, W)`, says what the network is made for, else `(3, 224, 224)`. Only code on this machine is
imported, named by whoever starts the app; nothing that is uploaded ever gets here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from torch import nn

from viz.networks.network import Network, NotLoaded
from viz.networks.own_program import own_program
from viz.text import Text, text

VARIABLE = "POINTWISE_NETWORK"
_SPECIFICATION = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)")


def own_networks(value: str) -> Iterator[Network | Text]:
    """For each network that a value of the variable names, its entry, or a sentence why there is none.

    >>> [str(each) for each in own_networks("colours")]
    ['“colours” in POINTWISE_NETWORK is not written as module:function; this network is left out.']
    """
    for specification in dict.fromkeys(each.strip() for each in value.split(",")):
        if specification:
            try:
                yield _loaded(specification)
            except NotLoaded as error:
                yield error.sentence


@lru_cache(maxsize=32)
def _loaded(specification: str) -> Network:
    """The entry of a network; its module is imported, its function not yet called."""
    match = _SPECIFICATION.fullmatch(specification)
    if match is None:
        raise NotLoaded(
            text(
                "“{name}” in POINTWISE_NETWORK is not written as module:function; "
                "this network is left out.",
                name=specification,
            )
        )
    try:
        function = getattr(import_module(match[1]), match[2])
        shape = tuple(map(int, getattr(function, "input_shape", (3, 224, 224))))
    except (Exception, SystemExit) as error:
        raise _not_loaded(specification, error) from error
    channels, height, width = shape if len(shape) == 3 else (3, 224, 224)
    name = ".".join(match.groups())
    built = _built(specification, function)
    shape, program = (channels, height, width), own_program(specification)
    return Network(name, match[2], built, shape, trained=built, program=program)


def _built(specification: str, function: Callable[[], Any]) -> Callable[[], nn.Module]:
    def build() -> nn.Module:
        try:
            network = function()
        except (Exception, SystemExit) as error:
            raise _not_loaded(specification, error) from error
        if not isinstance(network, nn.Module):
            raise _not_loaded(specification, TypeError(f"{type(network).__name__} is no nn.Module"))
        return network.eval()

    return build


def _not_loaded(specification: str, error: BaseException) -> NotLoaded:
    first = (str(error).splitlines() or [""])[0]
    reason = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return NotLoaded(
        text(
            "Your network “{name}” could not be loaded ({reason}); everything else works.",
            name=specification,
            reason=reason,
        )
    )
