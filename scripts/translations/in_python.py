"""The messages of a Python file: what its calls of `text`, `_` and their like are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

# The calls whose arguments are messages: how many of the first ones, which then are one message.
CALLS = {
    "_": 1,
    "text": 1,
    "Text": 1,
    "counted": 2,
    "Suggestion": 1,
    "Step": 1,
    "Claim": 1,
    "File": 1,
}
NAMED = {"methods"}  # arguments of any call, given by name, that are messages
TYPE = "Message"  # of constants that are messages

Constants = Mapping[str, ast.expr]


def in_python(source: str) -> list[str | tuple[str, str]]:
    """The messages of a file, in its order, some more than once.

    >>> in_python('A = "After"\\ntext(A, n=1)\\n_("on" if on else "off")')
    ['After', 'on', 'off']
    >>> in_python('counted("{n} map", "{n} maps", n=3)')
    [('{n} map', '{n} maps')]
    >>> in_python('NAMES: Mapping[str, Message] = {"a": "First", "b": "Last"}')
    ['First', 'Last']
    """
    tree = ast.parse(source)
    constants = dict(_constants(tree))
    found: list[str | tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += _of_call(node, constants)
            for each in node.keywords:
                found += _strings(each.value, constants) if each.arg in NAMED else []
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found += _all_of(node.value) if _is_typed(node.annotation) else []
    return found


def _of_call(call: ast.Call, constants: Constants) -> list[str | tuple[str, str]]:
    function = (
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    )
    count = CALLS.get(function, 0)
    if len(call.args) < count or not count:
        return []
    said = [list(_strings(each, constants)) for each in call.args[:count]]
    if count == 1:
        return list(said[0])
    return [(one, many) for one, many in zip(*said, strict=True)]


def _strings(node: ast.expr, constants: Constants) -> Iterator[str]:
    """The texts that an expression may be: of a choice all."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_strings(body, constants), *_strings(orelse, constants))
        case ast.Name(id=name) if name in constants:
            others = {other: value for other, value in constants.items() if other != name}
            yield from _strings(constants[name], others)
        case ast.Subscript(value=value):
            yield from _strings(value, constants)
        case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from _strings(value, constants)
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=args):
            for each in (value, *args[1:]):
                yield from _strings(each, constants)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The values that a file gives to its own names, and those of its functions."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _is_typed(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == TYPE for node in ast.walk(annotation))


def _all_of(value: ast.expr) -> list[str | tuple[str, str]]:
    """Every text in a value, but the keys of a dictionary."""
    keys = {key for node in ast.walk(value) if isinstance(node, ast.Dict) for key in node.keys}
    return [
        node.value
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in keys
    ]
