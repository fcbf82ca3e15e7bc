"""A program as a notebook: the same lines in cells, with the maps as a picture at the end."""

from __future__ import annotations

import json
import re
from typing import Any

from viz.text import Message

LOOK: Message = "The maps side by side on one scale: brightness compares them."
_LOOK = """\
import torch.nn.functional as F
from PIL import Image

low, high = maps.min().clamp(max=0), maps.max()
grey = ((maps - low) / (high - low).clamp(min=1e-12) * 255).round().byte()
grey = F.pad(grey, (0, 4, 0, 4), value=255)
across = round(len(grey) ** 0.5 + 0.49)
blank = grey.new_full((-len(grey) % across, *grey.shape[1:]), 255)
grid = torch.cat([grey, blank]).unflatten(0, (-1, across)).transpose(1, 2).flatten(2).flatten(0, 1)
Image.fromarray(grid.numpy())"""


def notebook(program: str, title: str, view: str, look: str = LOOK) -> str:
    """A program of `source.program` as a notebook that needs only torch, numpy and Pillow.

    Args:
        program: its blocks, separated by blank lines, become the cells.
        title: a heading, in Markdown.
        view: a sentence with the address of the view, likewise.
        look: what the last cell does.

    Returns:
        The text of an `.ipynb` file, nbformat 4.5; no cell has been run.

    >>> cells = json.loads(notebook("import torch\\n\\nmaps = torch.eye(2)[None]\\n", "Eye", "By hand"))
    >>> [(cell["cell_type"], cell["source"]) for cell in cells["cells"]][:3]
    [('markdown', '# Eye\\n\\nBy hand'), ('code', 'import torch'), ('code', 'maps = torch.eye(2)[None]')]
    """
    # A blank line before an indented one is inside a function.
    blocks = re.split(r"\n\n+(?=\S)", program.strip())
    cells = [_cell("markdown", f"# {title}\n\n{view}")]
    cells += [
        _cell("code", block, outputs=[], execution_count=None)
        for block in (*blocks, f"# {look}\n{_LOOK}")
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def _cell(kind: str, source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}
