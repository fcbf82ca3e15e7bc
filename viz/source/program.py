"""The program of one stage: it reads the picture, runs a step for every layer, prints the result."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator

from torch import nn

from viz.images import Picture, at_working_size, resized, rgb_array
from viz.images.shipped import PHOTOGRAPHS
from viz.layers.branches import Branches
from viz.layers.chain import layers_of, naming
from viz.layers.part import Part
from viz.source.steps import Step, computed_by, maps_of, step
from viz.source.text import INDENT, pasted, quoted
from viz.text import Text, text
from viz.trace import layer_rows

# The imports of a program in their order: the names that need one, and its line.
_IMPORTS = {
    "import_module": "from importlib import import_module\n",
    "json": "import json\n",
    "math": "import math\n",
    "inf": "from math import inf\n",
    "np": "import numpy as np",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "Image": "from PIL import Image, ImageOps",
}
_RESULT = """\
maps = network(picture)
print(f"maps {tuple(maps.shape)} from {maps.min():.4g} to {maps.max():.4g}")"""


class Program(str):
    """The text of a program in English, and what its comments say.

    Attributes:
        comments: each on a line of its own, after `#` or as a docstring.
    """

    comments: tuple[Text, ...] = ()

    def said(self, say: Callable[[Text], str]) -> str:
        """The program with its comments in another language.

        >>> program = Program("# one step\\nx = 1  # one step more\\n")
        >>> program.comments = (Text("one step"),)
        >>> program.said(lambda comment: "一步")
        '# 一步\\nx = 1  # one step more\\n'
        """
        whole = str(self)
        for each in self.comments:
            for before, after in (("# ", "\n"), ('"""', '"""\n')):
                whole = whole.replace(f"{before}{each}{after}", f"{before}{say(each)}{after}")
        return whole


Shapes = Iterator[tuple[int, ...]]  # what leaves each layer, in the order of the data


def program(
    network: nn.Sequential, picture: Picture, working_size_px: int, *, stage: str = ""
) -> Program:
    """The program that computes one stage's maps from the picture's file.

    It begins with the layers, as the function `network`, and ends with the picture. The maps are in
    `maps`, a tensor `(C, H, W)`, and their shape and range are printed. The program
    imports only torch, numpy and Pillow, and opens the picture by its file name; a picture made by
    code is drawn.

    Without sums, its numbers equal the app's. Sums are added in another order than the app's: they
    differ by at most 16·eps of the largest Σ|w·x|, taken through all layers, with eps = 1.2e-7.
    Principal components of more than `MAX_PRINTED` numbers are computed again, and if two explain
    equally much, as in a drawing with symmetries, rounding may rotate them. A whitening of as many
    numbers is computed again too, and magnifies rounding in directions of little variance; and so
    is a maxout or a 1×1 with ReLU fitted to the maps, where rounding may assign a pixel to the next
    piece.

    Args:
        network: a chain of named stages.
        picture: any picture, of any size and name.
        working_size_px: the longer side of the picture that the layers see.
        stage: a child of the network, or "picture"; empty for the last one.

    Raises:
        ValueError: if there is no such stage, or, naming the layer, if it is of unknown kind or
            has more than `MAX_PRINTED` numbers and no recipe, see `viz.layers.seeding`.

    >>> import torch
    >>> from viz.layers.pointwise import Pointwise
    >>> leaf = Picture("leaf.png", torch.rand(3, 40, 80), digest="5f" * 32)
    >>> text = program(nn.Sequential(Pointwise(torch.eye(3)), nn.ReLU()), leaf, 64)
    >>> start = text.index("    # 0: ")
    >>> print(text[start : text.index("def rgb_array")].rstrip())
        # 0: a 1×1 convolution → (3, 32, 64)
        weight = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        maps = F.conv2d(maps, weight[:, :, None, None])
    <BLANKLINE>
        # 1: what is negative becomes 0 → (3, 32, 64)
        maps = maps.relu()
    <BLANKLINE>
        return maps
    """
    stages = ["picture", *dict(network.named_children())]
    stage = stage or stages[-1]
    if stage not in stages:
        raise ValueError(f"there is no stage {stage!r}, only {', '.join(stages)}")
    chain = network[: stages.index(stage)]
    shape = tuple(at_working_size(picture, working_size_px).pixels.shape)
    return _assembled(stage, [*_steps(chain, shape)], _reading(picture, working_size_px, shape))


def _steps(chain: nn.Module, shape: tuple[int, ...]) -> Iterator[Step]:
    """A step for every layer, in the order of the data, commented with the layer's name."""
    kept = _kept(chain)
    for name, made in _of_chain(chain, "", _left(chain, shape)):
        code = made.code + "".join(f"\n{maps_of(stage)} = maps" for stage in kept.get(name, ()))
        yield made._replace(
            words=text("{name}: {does}", name=name.rstrip("."), does=made.words), code=code.strip()
        )


def _left(chain: nn.Module, shape: tuple[int, ...]) -> Shapes:
    """What leaves each layer; of a part of a network, what leaves its last one."""
    parts = [f"{name}." for name, layer in chain.named_modules() if isinstance(layer, Part)]
    rows = layer_rows(chain, shape)
    inside = [next((part for part in parts if row.name.startswith(part)), "") for row in rows]
    for row, part, following in zip(rows, inside, [*inside[1:], ""], strict=True):
        if not part or part != following:
            yield row.output_shape


def _kept(chain: nn.Module) -> dict[str, list[str]]:
    """The last layer of each stage whose maps a later recipe needs -> the name of the stage."""
    weighted = (each for each in chain.modules() if isinstance(each, nn.Conv2d | nn.Linear))
    recipes = map(computed_by, weighted)
    needed = {recipe.beside for recipe in recipes if recipe is not None and recipe.beside}
    last = {name.split(".")[0]: name for name, _ in layers_of(chain)}
    return {last[stage]: [stage] for stage in needed}


def _of_chain(chain: nn.Module, prefix: str, shapes: Shapes) -> Iterator[tuple[str, Step]]:
    """The steps of a chain, each with the name of its layer."""
    for name, layer in layers_of(chain, prefix):
        if isinstance(layer, Branches):
            yield from _of_branches(layer, name, shapes)
            continue
        with naming(name, layer):
            made = step(layer)
        yield name, made._replace(words=_leaving(made.words, shapes))


def _of_branches(layer: Branches, name: str, shapes: Shapes) -> Iterator[tuple[str, Step]]:
    """Every branch starts from the same maps; nested ones have variables of their own."""
    own = name.replace(".", "_")
    yield (
        f"{name}.",
        Step(text("{n} branches begin", n=len(layer)), f"{own}, into_{own} = [], maps"),
    )
    for branch, chain in layer.items():
        yield from _of_chain(chain, f"{name}.{branch}", shapes)
        ended = f"{own}.append(maps)\nmaps = into_{own}"
        yield f"{name}.{branch}.", Step(text("the branch ends"), ended)
    yield (
        name,
        Step(_leaving(text("the branches side by side"), shapes), f"maps = torch.cat({own})"),
    )


def _leaving(words: Text, shapes: Shapes) -> Text:
    return text("{does} → {shape}", does=words, shape=next(shapes))


def _assembled(stage: str, steps: list[Step], reading: Step) -> Program:
    """Head, imports, the network, the functions that it calls, and last the picture."""
    functions = dict.fromkeys(each for step in (*steps, reading) for each in step.functions)
    whole = text(
        "From the picture to the maps of the stage “{stage}”, layer by layer.", stage=stage
    )
    blocks = [_network(whole, steps), *map(pasted, functions), _lines(reading) + "\n" + _RESULT]
    code = "\n\n\n".join(blocks)
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    imports = "\n".join(line for name, line in _IMPORTS.items() if name in used)
    head = (
        text(
            "Computes the feature maps of the stage “{stage}”: the numbers on screen, up to rounding.",
            stage=stage,
        ),
        text(
            "Above each step stands what it does and the shape it leaves: (channels, height, width)."
        ),
    )
    begin = "".join(f"# {line}\n" for line in head)
    program = Program(f"{begin}\n{imports}\n\n\n{code}\n")
    program.comments = (*head, whole, *(each.words for each in (*steps, reading)))
    return program


def _network(docstring: Text, steps: list[Step]) -> str:
    """The steps as one function."""
    body = "\n\n".join([f'"""{docstring}"""', *map(_lines, steps), "return maps"])
    return "def network(maps):\n" + textwrap.indent(body.replace("\n\n", "\n", 1), " " * INDENT)


def _lines(step: Step) -> str:
    return f"# {step.words}\n{step.code}".rstrip()


def _reading(picture: Picture, working_size_px: int, shape: tuple[int, ...]) -> Step:
    if picture.draw:
        draw = inspect.unwrap(picture.draw)
        code = f"picture = {draw.__name__}({working_size_px})"
        return Step(text("the picture, drawn → {shape}", shape=shape), code, (draw,))
    file = PHOTOGRAPHS[picture.slug][0] if picture.slug in PHOTOGRAPHS else picture.name
    code = f"""\
path = {quoted(file)}
with Image.open(path) as image:
    pixels = torch.from_numpy(rgb_array(image)).permute(2, 0, 1)
picture = resized(pixels, {working_size_px})"""
    words = text("the picture; its file lies beside this program → {shape}", shape=shape)
    return Step(words, code, (rgb_array, resized))
