"""The plan of the house: who may import whom, where the state lives, what a lesson consists of."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from viz.assets import ROOT
from viz.lessons import LESSONS, page_path, prose_path


class May(NamedTuple):
    """What the modules of a room may import beside the standard library and one another."""

    at_import: frozenset[str]
    inside_functions: frozenset[str] = frozenset()


def may(at_import: str = "", inside_functions: str = "") -> May:
    return May(frozenset(at_import.split()), frozenset(inside_functions.split()))


LAYERS = "torch viz.bounded_cache viz.geometry viz.layers"
CONTENTS = "=viz.lessons " + " ".join(
    f"viz.lessons.{name}"
    for name in ["LESSONS", "Entry", "entry", "load", "page_path", "prose_path"]
)
PLAIN = f"{CONTENTS} viz.assets viz.languages viz.numbers viz.settings viz.shell viz.progress viz.text viz.translations viz.view viz.warmup"

# Room -> what it may import. A name covers what lies inside it, with `=` only itself; the longest
# name that fits a module is its room; a module without a room fails.
TABLE = {
    "app": may(
        f"streamlit viz.server viz.middleware {CONTENTS} viz.assets viz.first_page viz.languages viz.translations viz.ui.errors viz.ui.unwatched"
    ),
    "pages": may("viz.ui"),
    "viz.assets": may(),
    "viz.first_page": may(f"{CONTENTS} viz.assets viz.languages viz.text viz.translations"),
    "viz.bounded_cache": may(),
    "viz.addresses": may(),
    "viz.rooms": may(),
    "viz.rooms.redis_store": may("redis viz.rooms"),
    "viz.disk_cache": may("torch safetensors"),
    "viz.memory": may(),
    "viz.text": may(),
    "viz.languages": may(),
    # Babel takes a tenth of a second, which only those pay who read another language
    "viz.translations": may("viz.assets viz.languages viz.text", "babel"),
    "viz.marks": may(),
    "viz.progress": may("viz.text"),
    "viz.numbers": may(),
    "viz.settings": may("viz.text"),
    "viz.view": may("viz.settings"),
    "viz.shell": may("viz.settings"),
    "viz.qr_code": may("segno"),
    "viz.geometry": may(),
    "viz.warmup": may("", f"{CONTENTS} viz.run"),
    "viz.layers": may("torch viz.devices viz.text"),
    "viz.networks": may(f"{LAYERS} viz.assets viz.text"),
    "viz.trace": may(LAYERS),
    "viz.reads": may(f"{LAYERS} viz.trace"),
    "viz.kernels": may(LAYERS),
    "viz.feeds": may(LAYERS),
    "viz.arithmetic": may(LAYERS),
    "viz.tuning": may(f"{LAYERS} viz.trace viz.progress viz.text"),
    "viz.training": may(
        f"{LAYERS} numpy safetensors viz.assets viz.images viz.networks viz.trace viz.progress viz.text"
    ),
    "viz.devices": may("torch"),
    "viz.packing": may("torch viz.devices"),
    # a program to paste begins with the picture's file, so it quotes what decode does
    "viz.source": may(f"{LAYERS} viz.networks viz.trace viz.images viz.text"),
    "viz.images": may("PIL numpy torch viz.bounded_cache viz.text"),
    "viz.images.shared_pictures": may("redis torch viz.images viz.text"),
    "viz.figures": may("numpy plotly PIL viz.assets viz.geometry viz.marks"),
    # the table of contents is read by everybody, and imports nothing
    "=viz.lessons": may("viz.assets", "viz.lessons"),
    "viz.lessons": may(
        f"{LAYERS} viz.lessons viz.marks viz.settings viz.text viz.numbers viz.progress viz.memory viz.disk_cache viz.networks viz.trace viz.reads "
        "viz.tuning viz.training viz.devices viz.packing viz.images viz.figures viz.view"
    ),
    "viz.run": may(
        "torch numpy viz.geometry viz.images viz.packing viz.devices viz.trace viz.reads viz.kernels viz.feeds "
        "viz.memory viz.progress viz.text viz.marks "
        "viz.arithmetic viz.layers viz.bounded_cache viz.settings viz.view viz.lessons"
    ),
    "viz.export": may(
        "torch numpy PIL viz.text viz.assets viz.geometry viz.lessons viz.run viz.figures"
    ),
    "viz.server": may(
        f"starlette {CONTENTS} viz.addresses viz.bounded_cache viz.memory viz.rooms viz.text viz.warmup",
        "viz.lessons viz.settings viz.run viz.images viz.devices viz.view viz.qr_code",
    ),
    "viz.uploads": may("", "streamlit"),
    "viz.middleware": may("starlette viz.languages viz.uploads"),
    "viz.ui": may(
        f"streamlit numpy viz.geometry viz.first_page viz.addresses viz.memory viz.uploads {PLAIN}",
        "viz.images viz.run viz.lessons viz.devices viz.arithmetic viz.source viz.figures "
        "viz.export",
    ),
}

MAY_TOUCH_STATE = {
    "viz.ui.visitor",
    "viz.ui.pickers",
    "viz.ui.gallery",
    "viz.ui.canvas",
    "viz.ui.controls",
    "viz.ui.panels",
    "viz.ui.told",
    "viz.ui.diagram",
    "viz.ui.stack_builder",
    "viz.ui.shell",
}


def modules() -> dict[str, Path]:
    """Every module of the app by its dotted name; a package by its own."""
    files = [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("viz/**/*.py")]
    dotted = {file: ".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files}
    return {name.removesuffix(".__init__"): file for file, name in dotted.items()}


MODULES = modules()


def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> tuple[set[str], set[str]]:
    """What a module imports when it is imported itself, and what only later or for its types."""
    at_import: set[str] = set()
    later: set[str] = set()
    for names, deferred in _walk(tree(module), deferred=False):
        (later if deferred else at_import).update(names)
    return at_import, later


def _walk(node: ast.AST, *, deferred: bool) -> Iterator[tuple[list[str], bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield [alias.name for alias in child.names], deferred
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield [f"{child.module}.{alias.name}" for alias in child.names], deferred
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        yield from _walk(child, deferred=deferred or inside or for_types)


def covered(name: str, names: frozenset[str] | set[str]) -> bool:
    return any(name == one.lstrip("=") or name.startswith(f"{one}.") for one in names)


def room_of(module: str) -> str | None:
    return max((room for room in TABLE if covered(module, {room})), key=len, default=None)


def foreign(names: set[str], allowed: frozenset[str], room: str) -> set[str]:
    """The names that are neither of the standard library, nor of the room, nor allowed."""
    return {
        name
        for name in names
        if name.split(".")[0] not in sys.stdlib_module_names and not covered(name, allowed | {room})
    }


@pytest.mark.parametrize("module", [name for name in MODULES if name != "viz"])
def test_imports_only_what_its_room_may(module):
    room = room_of(module)
    assert room is not None, f"{module} has no row in the table"
    at_import, later = imports(module)
    rules = TABLE[room]
    assert foreign(at_import, rules.at_import, room) == set()
    assert foreign(later, rules.at_import | rules.inside_functions, room) == set()


def test_the_whole_package_imports_nothing_by_itself():
    assert imports("viz") == (set(), set())


def test_nobody_imports_in_circles():
    """graphlib raises CycleError."""
    graph = {}
    for module in MODULES:
        names = imports(module)[0]
        graph[module] = {home for name in names if (home := _home(name)) and home != module}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def _home(name: str) -> str | None:
    """The module that an imported name lives in."""
    return name if name in MODULES else next(iter({name.rpartition(".")[0]} & set(MODULES)), None)


# What several lessons have.
BESIDE_LESSONS = {
    name
    for name in MODULES
    if name.startswith("viz.lessons.") and name.split(".")[2] not in {each.slug for each in LESSONS}
}


@pytest.mark.parametrize("module", sorted(BESIDE_LESSONS))
def test_what_lessons_share_knows_none_of_them(module):
    at_import, later = imports(module)
    lessons = {f"viz.lessons.{lesson.slug}" for lesson in LESSONS}
    assert not any(covered(name, lessons) for name in at_import | later)


@pytest.mark.parametrize("slug", [lesson.slug for lesson in LESSONS])
def test_a_lesson_knows_no_other_lesson(slug):
    others = {f"viz.lessons.{lesson.slug}" for lesson in LESSONS} - {f"viz.lessons.{slug}"}
    own = [module for module in MODULES if covered(module, {f"viz.lessons.{slug}"})]
    assert own
    for module in own:
        at_import, later = imports(module)
        assert not any(covered(name, others) for name in at_import | later)


def touches_state(module: str) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.alias) and node.name == "session_state")
        for node in ast.walk(tree(module))
    )


def test_state_lives_in_a_few_files():
    assert {module for module in MODULES if touches_state(module)} <= MAY_TOUCH_STATE
    assert touches_state("viz.ui.visitor")  # else this test looks at nothing


def test_nobody_makes_streamlit_cache_what_has_no_bound():
    """Every cache has a size: Streamlit's own are not used at all."""
    for module in MODULES:
        used = {node.attr for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
        assert not used & {"cache_data", "cache_resource"}, module


# ── Heavy imports, as they really happen ────────────────────────────────────────────────────────

LIGHT = """
import sys
import viz.bounded_cache, viz.settings, viz.view, viz.lessons, viz.geometry, viz.warmup, viz.server
import viz.ui.lesson, viz.ui.pickers, viz.ui.show, viz.ui.text, viz.ui.canvas, viz.ui.gallery
heavy = {"torch", "viz.run", "viz.images", "viz.lessons.lesson", "viz.figures"} & set(sys.modules)
sys.exit(f"imported: {sorted(heavy)}" if heavy else 0)
"""


def test_a_page_can_begin_before_torch_is_there():
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr


# ── Lessons ─────────────────────────────────────────────────────────────────────────────────────

SLUGS = {lesson.slug for lesson in LESSONS}


def test_slugs_are_words_of_their_own():
    assert len(SLUGS) == len(LESSONS)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", slug) for slug in SLUGS)
    assert all(lesson.title and lesson.claim and lesson.icon for lesson in LESSONS)


def test_every_page_has_an_entry_and_every_entry_a_page():
    assert {file.stem for file in ROOT.glob("pages/*.py")} == SLUGS
    assert all(page_path(slug).is_file() for slug in SLUGS)


def test_every_folder_has_an_entry_and_every_entry_a_folder_with_the_same_files():
    folders = {each.parent.name for each in ROOT.glob("viz/lessons/*/__init__.py")}
    assert folders == SLUGS
    for slug in SLUGS:
        there = {each.stem for each in (ROOT / "viz" / "lessons" / slug).glob("*.py")}
        assert there >= {"__init__", "setting", "stages", "claims"}, slug


def test_every_prose_has_an_entry_and_every_entry_a_prose():
    assert {file.stem for file in ROOT.glob("assets/lessons/en/*")} == SLUGS
    assert all(prose_path(slug).read_text(encoding="utf-8").strip() for slug in SLUGS)


def test_pages_are_short_and_decide_nothing():
    for slug in SLUGS:
        text = page_path(slug).read_text(encoding="utf-8")
        assert len(text.splitlines()) < 10
        assert f'page("{slug}")' in text
        kinds = {type(node) for node in ast.walk(tree(f"pages.{slug}"))}
        assert not kinds & {ast.If, ast.For, ast.While, ast.Try, ast.ClassDef}


# ── The rest of the plan ────────────────────────────────────────────────────────────────────────


def test_no_module_is_a_drawer_for_odds_and_ends():
    files = [*MODULES.values(), *ROOT.glob("tests/**/*.py")]
    words = {word for file in files for word in (file.stem, file.parent.name)}
    words = {part.rstrip("s") for word in words for part in word.split("_")}
    assert not words & {"util", "helper", "common", "manager"}


def test_garbage_is_not_collected_after_every_run():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
    assert config["runner"]["magicEnabled"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["showEmailPrompt"] is False
    assert config["client"]["toolbarMode"] == "viewer"
    assert "base" not in config.get("theme", {})


def test_nothing_reads_what_lies_outside_the_repository():
    outside = re.compile(r"\.\./" + "shared|/" + "work/|/" + "tmp/")
    kinds = {".py", ".js", ".css", ".md", ".toml", ".txt", ".json", ".yml", ""}
    folders = ("viz", "pages", "assets", "tests", "docs", ".ci", ".streamlit")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    files += [file for file in ROOT.iterdir() if file.suffix in (".py", ".md", ".toml", ".txt")]
    for file in files:
        if file.is_file() and file.suffix in kinds and "__pycache__" not in file.parts:
            assert not outside.search(file.read_text(encoding="utf-8")), file
