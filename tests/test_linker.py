"""Modules joined into one, run by nothing but this machine's Python; Node's checks are in tests/javascript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from viz.assets import ROOT
from viz.ui import linker
from viz.ui.linker import LinkError, link

UI = ROOT / "viz" / "ui"
COMPONENTS = [
    UI / name / f"{name}.js"
    for name in (
        *("arranging", "canvas", "diagram", "gallery", "orientation_map", "painting"),
        *(
            "panels",
            "pixel_network",
            "predict",
            "room",
            "saving",
            "sharing",
            "shell",
            "stack_builder",
        ),
        *("stepper", "surface", "tour"),
    )
]


def linked(folder: Path, **files: str) -> str:
    """`main` of some modules, each given by its text, and all that it imports."""
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return link(folder / "main.js")


def test_every_module_stands_once_after_what_it_needs(tmp_path: Path) -> None:
    text = linked(
        tmp_path,
        main='import { b } from "./left.js"\nimport { c } from "./right.js"\nexport default function run() {\n  return b + c\n}\n',
        left='import { a } from "./base.js"\nexport const b = a\n',
        right='import { a } from "./base.js"\nexport const c = a\n',
        base="export const a = 1\n",
    )
    assert re.findall(r"^const (\w)", text, re.M) == ["a", "b", "c"]
    assert "import" not in text
    assert text.count("export") == 1
    assert "\nexport default function run() {\n  return b + c\n}\n" in text


def test_whatever_may_be_exported_loses_its_keyword_alone(tmp_path: Path) -> None:
    declared = "const a = 1\nlet b\nfunction c() {}\nasync function d() {}\nclass E {}\n"
    exported = re.sub("^", "export ", declared.rstrip(), flags=re.M)
    names = "import {\n  a,\n  b,\n  c, d, E,\n} from './x.js'\n".replace("'", '"')
    assert linked(tmp_path, main=f"{names}a\n", x=f"{exported}\n") == f"{declared}\na\n"


def test_lines_of_comments_are_left_out_and_nothing_else(tmp_path: Path) -> None:
    code = 'const a = "// b" // c\nconst d = /** @type {number} */ (a)\n'
    comments = "// e\n/** f */\n/**\n * import { g } from './h.js'\n */\n  // i\n"
    assert linked(tmp_path, main=comments + code) == code


def test_a_json_file_is_a_constant(tmp_path: Path) -> None:
    (tmp_path / "stops.json").write_text('{"low": ["#000"]}\n')
    use = 'import STOPS from "./stops.json" with { type: "json" }\n'
    text = linked(
        tmp_path, main=f'{use}import {{ a }} from "./x.js"\na\n', x=f"{use}export const a = STOPS\n"
    )
    assert text == 'const STOPS = {"low": ["#000"]}\n\nconst a = STOPS\n\na\n'


TAKES_A = 'import { a } from "./x.js"\n'
REFUSED = {
    "a circle": (
        {"main": TAKES_A, "x": 'import { b } from "./main.js"\nexport const a = 1\n'},
        r"circle.*main\.js -> x\.js -> main\.js",
    ),
    "a name that is not there": ({"main": TAKES_A, "x": "const b = 1\n"}, r"main\.js: x\.js .* a$"),
    "a name that is not exported": (
        {"main": TAKES_A, "x": "const a = 1\n"},
        r"x\.js exports no a$",
    ),
    "a default of another": (
        {"main": TAKES_A, "x": "export default function a() {}\n"},
        "x.js: cannot join 'export",
    ),
    "a name twice": (
        {"main": f"{TAKES_A}const b = 1\n", "x": "export const a = 1\nclass b {}\n"},
        r"main\.js: x\.js declares b too",
    ),
    "a name imported and declared": (
        {"main": f"{TAKES_A}function a() {{}}\n", "x": "export const a = 1\n"},
        r"main\.js: x\.js declares a too",
    ),
    "the entry's name": (
        {
            "main": f"{TAKES_A}export default function b() {{}}\n",
            "x": "export const a = 1\nlet b\n",
        },
        r"main\.js: x\.js declares b too",
    ),
    "another name for it": ({"main": 'import { a as b } from "./x.js"\n'}, "cannot join 'import"),
    "all of a module": ({"main": 'import * as x from "./x.js"\n'}, "cannot join 'import"),
    "a module for its effects": ({"main": 'import "./x.js"\n'}, "cannot join 'import"),
    "a package": ({"main": 'import { a } from "x"\n'}, "cannot join 'import"),
    "a list of exports": ({"main": "const a = 1\nexport { a }\n"}, "cannot join 'export"),
    "a default that is no function": ({"main": "export default 1\n"}, "cannot join 'export"),
    "several names at once": ({"main": "const [a, b] = [1, 2]\n"}, "cannot join 'const"),
    "var": ({"main": "var a = 1\n"}, "cannot join 'var"),
    "a default import": (
        {"main": 'import a from "./x.js"\n', "x": "export const a = 1\n"},
        "main.js: cannot join 'import",
    ),
}


@pytest.mark.parametrize(("files", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_joined_is_refused_with_its_name(
    tmp_path: Path, files: dict[str, str], says: str
) -> None:
    with pytest.raises(LinkError, match=says):
        linked(tmp_path, **files)


def test_a_json_file_has_one_name(tmp_path: Path) -> None:
    (tmp_path / "stops.json").write_text("1")
    use = 'from "./stops.json" with { type: "json" }\n'
    files = {"main": f"import A {use}{TAKES_A}", "x": f"import B {use}export const a = B\n"}
    with pytest.raises(LinkError, match=r"x\.js: stops\.json exports no B"):
        linked(tmp_path, **files)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"x\.js"):
        linked(tmp_path, main=TAKES_A)


@pytest.mark.parametrize("entry", COMPONENTS, ids=lambda entry: entry.stem)
def test_a_component_is_one_module(entry: Path) -> None:
    text = link(entry)
    (kept,) = re.findall(r"^(?:import|export)\b.*", text, re.M)
    assert kept.startswith(f"export default function {entry.stem}(")
    assert "\n" in text  # Streamlit takes a text of one line for a path


def test_every_script_belongs_to_a_component() -> None:
    """All but those of types alone, which nothing imports when it runs."""
    used: set[Path] = set()
    for entry in COMPONENTS:
        modules: dict[Path, linker.Module] = {}
        linker._visit(entry, (), modules)
        used |= set(modules)
    unused = {file for file in UI.rglob("*.js") if file not in used}
    assert all(linker._read(file, False).text.strip() == "" for file in unused), unused
