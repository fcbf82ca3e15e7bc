"""Joins the ES modules of a component into the single module that Streamlit needs, without Node.

A module may import names from other modules (`import { a, b } from "./x.js"`) and a JSON file under
one name. Every top-level statement begins in the first column, as the formatter leaves it, and
declares one name. Comments that fill lines are left out: the text is sent with every run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_COMMENTS = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
_NAMES = r"\{\s*(\w+(?:\s*,\s*\w+)*),?\s*\}"
_IMPORT = re.compile(
    rf'^import (?:{_NAMES} from "(\.[^"]+\.js)"'
    r'|(\w+) from "(\.[^"]+\.json)" with \{ type: "json" \})\n',
    re.MULTILINE,
)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_MOUNT = re.compile(r"^export default function (\w+)", re.MULTILINE)
_OTHER = re.compile(r"^(?:(?:import|export|var)\b|(?:const|let) ?[\[{]).*", re.MULTILINE)


class LinkError(ValueError):
    """Raised for modules that cannot be joined; the message names the file."""


@dataclass(frozen=True)
class Module:
    """A file's text without imports and exports, and its imported, declared and exported names."""

    path: Path
    text: str
    imports: dict[Path, tuple[str, ...]]
    declared: tuple[str, ...]
    exported: tuple[str, ...]


def link(entry: Path) -> str:
    """The module `entry` and all that it imports as one text, each after its imports.

    The entry keeps its `export default`.

    Raises:
        LinkError: if modules import one another in a circle, a name is imported that its module
            does not export, two modules declare one name, or a statement is of another kind than
            those above.
        OSError: if a file is missing.
    """
    modules: dict[Path, Module] = {}
    _visit(entry.resolve(), (), modules)
    _check_names(modules)
    return "\n".join(module.text for module in modules.values())


def _visit(path: Path, importers: tuple[Path, ...], modules: dict[Path, Module]) -> None:
    """Reads a module, and those that it imports before it."""
    module = _read(path, is_entry=not importers)
    for needed, names in module.imports.items():
        if needed in (*importers, path):
            circle = [each.name for each in (*importers, path, needed)]
            raise LinkError(f"a circle of imports: {' -> '.join(circle)}")
        if needed in modules:
            continue
        if needed.suffix == ".json":
            modules[needed] = _json(needed, names[0])
        else:
            _visit(needed, (*importers, path), modules)
    modules[path] = module


def _read(path: Path, is_entry: bool) -> Module:
    text = _COMMENTS.sub("", path.read_text(encoding="utf-8"))
    found = _DECLARATION.findall(text)
    mount = _MOUNT.findall(text) if is_entry else []
    bare = _DECLARATION.sub(lambda each: each[0].removeprefix("export "), _IMPORT.sub("", text))
    other = [line for line in _OTHER.findall(bare) if not (mount and _MOUNT.match(line))]
    if other:
        raise LinkError(f"{path.name}: cannot join {other[0]!r}")
    return Module(
        path,
        bare,
        _imports(path, text),
        declared=(*(name for _, name in found), *mount),
        exported=tuple(name for export, name in found if export),
    )


def _imports(path: Path, text: str) -> dict[Path, tuple[str, ...]]:
    """Names by the file that they come from; for a JSON file the name that it gets."""
    imports = {}
    for names, script, name, data in _IMPORT.findall(text):
        file = (path.parent / (script or data)).resolve()
        imports[file] = tuple(re.findall(r"\w+", names)) if script else (name,)
    return imports


def _json(path: Path, name: str) -> Module:
    text = f"const {name} = {path.read_text(encoding='utf-8').strip()}\n"
    return Module(path, text, {}, (name,), (name,))


def _check_names(modules: dict[Path, Module]) -> None:
    owners: dict[str, Path] = {}
    for module in modules.values():
        for file, names in module.imports.items():
            if missing := set(names) - set(modules[file].exported):
                raise LinkError(f"{module.path.name}: {file.name} exports no {min(missing)}")
        for name in module.declared:
            if name in owners:
                raise LinkError(f"{module.path.name}: {owners[name].name} declares {name} too")
            owners[name] = module.path
