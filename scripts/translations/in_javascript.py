"""The messages of a JavaScript file: what its calls of `t` are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_CALL = re.compile(r"(?<![\w$])(?:t|translated)\(")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`$\\]*)`')
_CONSTANT = re.compile(r"^(?:export )?const (\w+) =\s*(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_LOCAL = re.compile(r'^[ \t]+const (\w+) = ("(?:[^"\\\n]|\\.)*")$', re.MULTILINE)
_TYPED = re.compile(
    r"/\*\* @type \{[^\n]*\bMessage\b[^\n]*\} \*/\s*(?:export )?const \w+ = (.*?)\n(?=\s*\n|\s*(?:const|let|return)|\S)",
    re.DOTALL,
)
_COMMENT = re.compile(r"^\s*(//|\*|/\*\*).*$", re.MULTILINE)


def in_javascript(source: str) -> list[str | tuple[str, str]]:
    """The messages of a file, in its order, some more than once.

    >>> in_javascript('t("Map {name}", { name }) + t(on ? "on" : "off")')
    ['Map {name}', 'on', 'off']
    >>> in_javascript('s.t("{n} map", { n }, "{n} maps")')
    [('{n} map', '{n} maps')]
    >>> in_javascript('const A = "After"\\nf(t(A))')
    ['After']
    """
    typed = [
        _text(each)
        for found in _TYPED.finditer(source)
        for each in _STRING.finditer(_values(found[1]))
    ]
    source = _COMMENT.sub("", source)
    constants = {
        found[1]: found[2] for kind in (_CONSTANT, _LOCAL) for found in kind.finditer(source)
    }
    found: list[str | tuple[str, str]] = []
    for call in _CALL.finditer(source):
        arguments = list(_arguments(source, call.end()))
        if call[0].startswith("translated"):
            arguments = arguments[1:]
        found += _of_call(arguments, constants)
    return [*found, *typed]


def _of_call(arguments: list[str], constants: dict[str, str]) -> list[str | tuple[str, str]]:
    said = [_texts(argument, constants) for argument in arguments]
    one, many = (said[0] if said else []), (said[2] if len(said) > 2 else [])
    if one and many:
        return list(zip(one, many, strict=True))
    return list(one)


def _texts(argument: str, constants: dict[str, str]) -> list[str]:
    """The texts that an argument may be; of a constant those of its value."""
    name = argument.strip()
    if name in constants:
        argument = constants[name]
    chosen = (
        argument.partition("?")[2] or argument if "?" in _STRING.sub("", argument) else argument
    )
    return [_text(each) for each in _STRING.finditer(chosen)]


def _text(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[1]}"')) if found[1] is not None else found[2]


def _values(text: str) -> str:
    """An object's text without its keys."""
    return re.sub(r'"[^"\n]*":', "", text)


def _arguments(source: str, start: int) -> Iterator[str]:
    """The arguments of a call whose bracket is open."""
    depth, begin, at = 0, start, start
    while at < len(source):
        quoted = _STRING.match(source, at)
        if quoted:
            at = quoted.end()
            continue
        sign = source[at]
        if sign in ")]}" and depth == 0:
            yield source[begin:at]
            return
        if sign == "," and depth == 0:
            yield source[begin:at]
            begin = at + 1
        depth += (sign in "([{") - (sign in ")]}")
        at += 1
