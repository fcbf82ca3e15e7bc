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
    "claim": 1,
    "File": 1,
    "Theme": 1,
}
REFUSALS = {"Refused", "TooLarge", "_error"}  # calls in which every text is a message
TYPE = "Message"  # of constants that are messages

Constants = Mapping[str, list[ast.expr]]  # every value that a name is given


def in_python(source: str) -> list[str | tuple[str, str]]:
    """The messages of a file, in its order, some more than once.

    >>> in_python('A = "After"\\ntext(A, n=1)\\n_("on" if on else "off")')
    ['After', 'on', 'off']
    >>> in_python('counted("{n} map", "{n} maps", n=3)')
    [('{n} map', '{n} maps')]
    >>> in_python('NAMES: Mapping[str, Message] = {"a": "First", "b": "Last"}')
    ['First', 'Last']
    >>> in_python('head = ["Way", "Time"]\\n[text(name) for name in head]')
    ['Way', 'Time']
    """
    tree = ast.parse(source)
    constants: dict[str, list[ast.expr]] = {}
    for name, value in _constants(tree):
        constants.setdefault(name, []).append(value)
    found: list[str | tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += _of_call(node, constants)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found += _all_of(node.value) if _is_typed(node.annotation) else []
    return found


def _of_call(call: ast.Call, constants: Constants) -> list[str | tuple[str, str]]:
    function = (
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    )
    match call:
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id="text"), each]):
            return list(_strings(each, constants))
    if function in REFUSALS:
        return [
            each.value
            for each in call.args
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
    count = CALLS.get(function, 0)
    if len(call.args) < count or not count:
        return []
    said = [list(_strings(each, constants)) for each in call.args[:count]]
    methods = [each.value for each in call.keywords if (function, each.arg) == ("Claim", "methods")]
    said[0] += [text for each in methods for text in _strings(each, constants)]
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
            others = {other: values for other, values in constants.items() if other != name}
            for value in constants[name]:
                yield from _strings(value, others)
        case ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _strings(value, constants)
        case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from _strings(value, constants)
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=args):
            for each in (value, *args[1:]):
                yield from _strings(each, constants)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The values that a file gives to its own names, those of its functions, and of lists."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.ListComp(generators=[ast.comprehension(ast.Name(id=name), value)]):
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
