"""The app with the training of its reduction lesson held where a file says, so that nothing ends too soon."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from long_page import Control
from serving import ROOT, served

HEAD = """
import sys
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from held_training import hold
hold(Path(__file__).parent)
"""


def hold(folder: Path) -> None:
    """Replaces the section: each seed's training goes on to its goal, and waits there."""
    from viz import lessons

    sections = lessons.load("reduction").sections
    section = sections["train"]

    def show(scene):
        control, steps = Control(folder, str(scene.setting.train_seed)), section.show(scene)
        assert isinstance(steps, Generator)
        control.note("begun")
        try:
            while True:
                seen = next(steps)
                yield seen
                while seen is not None and 100 * seen.fraction >= control.goal:
                    time.sleep(0.01)
                    yield None
        except StopIteration as end:
            control.note("done")
            return end.value
        except GeneratorExit:
            control.note("closed")
            raise

    sections["train"] = replace(section, show=show)


@contextmanager
def served_held(folder: Path) -> Iterator[str]:
    """The address of the app."""
    head = HEAD.format(root=str(ROOT), tests=str(Path(__file__).parent))
    script = folder / "app.py"
    script.write_text(head + (ROOT / "app.py").read_text(encoding="utf-8"), encoding="utf-8")
    with served(str(script)) as server:
        yield server.address
        said = server.said()
    assert "Traceback" not in said, said
