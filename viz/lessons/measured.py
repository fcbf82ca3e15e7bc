"""Functions of maps as stages, so that a cache keeps their result and not the maps."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from viz.layers.recipes import Recipe


class Measured(nn.Module):
    """A function of the maps as a stage, so that its result is cached like a stage's."""

    def __init__(self, function: Callable[..., Tensor], **arguments: int | str) -> None:
        super().__init__()
        self.function, self.arguments = function, arguments

    def forward(self, maps: Tensor) -> Tensor:
        """`(C, H, W)` in, the function's result out."""
        return self.function(maps, **self.arguments)

    def recipe(self, *helpers: Callable[..., object]) -> Recipe:
        """The recipe of the result: rows, each with a bias after it."""
        arguments = tuple(self.arguments.items())
        return Recipe(self.function, arguments, of_channels=True, affine=True, helpers=helpers)

    def extra_repr(self) -> str:
        return f"{self.function.__name__}, {self.arguments}"


# Applies a function, or layers, to the maps that reach a stage: `Inflow.measured`,
# `Scene.measuring(stage)` or `looking_at(maps)`.
Measuring = Callable[[nn.Module], Tensor]


def looking_at(maps: Tensor) -> Measuring:
    """Applies functions or layers to these maps, `(C, H, W)`, without a cache."""
    return lambda stage: stage(maps)
