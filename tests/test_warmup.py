"""Starting up: what is imported when, and that nothing at the start can keep a page closed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from viz.assets import ROOT

pytestmark = pytest.mark.slow

SERVER = ["viz.server", "viz.warmup", "viz.lessons", "viz.settings", "viz.view"]
PAGES = ["app", *(f"viz.ui.{name}" for name in ("lesson", "pickers", "canvas", "gallery", "show"))]


def said(program: str) -> list[str]:
    """The lines that a fresh process prints that runs this program beside the app."""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def imported(modules: list[str], looked_for: list[str]) -> str:
    """A program that prints which of the modules looked for are there after an import."""
    there = f"print(*[name for name in {looked_for} if name in sys.modules])"
    return f"import sys\nimport {', '.join(modules)}\n{there}"


def test_neither_server_nor_frame_import_torch():
    torch_side = ["torch", "viz.run", "viz.lessons.lesson", "viz.images", "viz.figures"]
    assert said(imported(PAGES, torch_side)) == [""]
    assert said(imported(SERVER, [*torch_side, "streamlit", "numpy", "PIL"])) == [""]


def test_the_server_opens_at_once_and_then_everything_is_warm():
    program = """
import asyncio, gc, sys, threading
from streamlit import config
from viz import server, warmup

async def opened():
    async with server.lifespan(None):
        warmup.begin()
        names = [thread.name for thread in threading.enumerate()]
        print(warmup.ready(), gc.get_freeze_count(), names.count("start"))

asyncio.run(opened())
warmup.wait()
print(warmup.ready(), "torch" in sys.modules, gc.get_freeze_count() > 100_000)
threads = threading.active_count()
warmup.begin()
print(threading.active_count() - threads, config.get_option("runner.postScriptGC"))
"""
    assert said(program) == ["False 0 1", "True True True", "0 False"]


def test_a_page_opens_after_a_start_that_failed():
    program = """
import gc
from viz import warmup
from viz.run import drawing
from streamlit.testing.v1 import AppTest
drawing.warm = None
page = AppTest.from_file("viz/ui/frame.py", default_timeout=60).run()
names = [each.proto.component_name for each in page.get("bidi_component")]
print(len(page.exception), sum(name.endswith(("_canvas", "_gallery")) for name in names))
print(warmup.ready(), gc.get_freeze_count() > 100_000)
"""
    assert said(program) == ["0 2", "True True"]


def test_a_page_opens_though_the_warm_run_never_ends():
    """What hangs holds the queue's only worker, so the page also gets no answer from there."""
    program = """
import gc, threading, time
from viz import warmup
from viz.run import drawing
from streamlit.testing.v1 import AppTest
warmup.WARM_SECONDS = 0.5
drawing.warm = lambda _: threading.Event().wait()
page = AppTest.from_file("viz/ui/frame.py", default_timeout=60).run()
names = [each.proto.component_name for each in page.get("bidi_component")]
print(len(page.exception), sum(name.endswith(("_canvas", "_gallery")) for name in names))
print(warmup.ready(), gc.get_freeze_count() > 100_000)
"""
    assert said(program) == ["0 2", "True True"]


def test_nobody_waits_for_what_cannot_be_imported():
    program = """
import sys
from viz import warmup
sys.modules["viz.run"] = None
warmup.wait()
print(warmup.ready())
"""
    assert said(program) == ["True"]
