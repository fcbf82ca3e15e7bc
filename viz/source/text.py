"""Numbers and functions as the text of a program, in lines that are not too long."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

LINE = 100  # characters
INDENT = 4  # of the steps, which are lines of a function
_TIE = "\u00a0"  # a space at which lines are not wrapped


def printed(matrix: Tensor) -> str:
    """The numbers of a matrix, on one line if they fit, else a line for each row."""
    if matrix.shape[1] == 1:
        return wrapped("weight = torch.tensor([", numbers(matrix[:, 0]), "])[:, None]")
    rows = [numbers(row) for row in matrix]
    line = f"weight = torch.tensor([{', '.join('[' + ', '.join(row) + ']' for row in rows)}])"
    if len(line) <= LINE - INDENT:
        return line
    lines = "".join(wrapped("[", row, "],", indent=8) + "\n" for row in rows)
    return f"weight = torch.tensor(\n    [\n{lines}    ]\n)"


def numbers(values: Tensor) -> list[str]:
    """For each number the shortest decimal that float32 reads back exactly."""
    return [
        next(
            repr(short)
            for short in (float(f"{value:.{digits}g}") for digits in range(1, 10))
            if torch.tensor(short, dtype=torch.float32).item() == value
        )
        for value in values.tolist()
    ]


def wrapped(opening: str, items: list[str], closing: str, indent: int = 0) -> str:
    """The items in brackets, on one line if they fit, else on as few lines as possible."""
    before, inside = " " * indent, " " * (indent + 4)
    line = before + opening + ", ".join(items) + closing
    if len(line) <= LINE - INDENT:
        return line
    whole = ", ".join(item.replace(" ", _TIE) for item in items) + ","
    filled = textwrap.fill(
        whole,
        LINE - INDENT,
        initial_indent=inside,
        subsequent_indent=inside,
        break_on_hyphens=False,
    )
    return f"{before}{opening}\n{filled.replace(_TIE, ' ')}\n{before}{closing}"


def quoted(text: str) -> str:
    """A Python literal of any text, on one line, in double quotes if possible."""
    literal = repr(text)
    return literal if "'" in text or '"' in text else f'"{literal[1:-1]}"'


def pasted(function: Callable[..., Any]) -> str:
    """A function's source with one line of docstring, without annotations and argument checks."""
    text = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(text).body
    assert isinstance(definition, ast.FunctionDef)
    for node in ast.walk(definition.args):
        if isinstance(node, ast.arg):
            node.annotation = None
    docstring, *body = definition.body
    checks = [each for each in body if isinstance(each, ast.If) and _raises(each)]
    lines = text.splitlines()
    for check in reversed(checks):
        del lines[check.lineno - 1 : check.end_lineno]
    signature = f"def {definition.name}({ast.unparse(definition.args)}):"
    if len(signature) > LINE:  # no default value of ours has a comma in it
        items = ast.unparse(definition.args).split(", ")
        signature = wrapped(f"def {definition.name}(", items, "):")
    summary = '    """' + (ast.get_docstring(definition) or "").splitlines()[0]
    summary += '"""' if len(summary) <= LINE - 3 else '\n    """'
    return "\n".join([signature, summary, *lines[docstring.end_lineno :]])


def _raises(branch: ast.If) -> bool:
    return isinstance(branch.body[0], ast.Raise)
