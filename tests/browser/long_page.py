"""A page of its own with long work on it, which goes as far as a file says and writes down what it does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from serving import served

from viz import run
from viz.progress import Progress, Steps
from viz.text import Text

GRACE_S = 1e6  # by a clock that only the tests put forward: a slow machine may reload for a minute

SCRIPT = """
from pathlib import Path
import streamlit as st
from long_page import learn, own_queue
from viz.ui.jobs import answer, waiting
from viz.ui.progress import followed

folder, name = Path(__file__).parent, st.query_params["name"]
own_queue(folder)
if "quick" in st.query_params:
    st.markdown(answer(waiting(), "quick", ("quick", name), lambda: "Answered"))
else:
    st.checkbox("Something else")
    seed = st.radio("Seed", ["1", "2"])
    learned = followed(
        "learning", (name, seed), lambda: learn(folder, name, seed),
        lambda newest, key: st.button(f"Newest {newest}", key=key),
    )
    st.markdown(f"Came to {learned}")
"""


class Control:
    """How far the work of one name may go, and what it has done; by files, for it runs in the server."""

    def __init__(self, folder: Path, name: str) -> None:
        self._goal, self._log = folder / f"{name}.goal", folder / f"{name}.log"

    @property
    def goal(self) -> int:
        """Per cent."""
        return int(_text(self._goal) or 0)

    @goal.setter
    def goal(self, percent: int) -> None:
        self._goal.write_text(str(percent), encoding="utf-8")

    @property
    def log(self) -> list[str]:
        """`begun`, `closed` and `done`, with the seed."""
        return _text(self._log).split("\n")[:-1]

    def note(self, line: str) -> None:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def learn(folder: Path, name: str, seed: str) -> Steps[str]:
    """Work that goes to its goal and waits there until that moves."""
    control, done = Control(folder, name), 0
    control.note(f"begun {seed}")
    try:
        while done < 100:
            done = max(done, control.goal)
            yield Progress(done / 100, Text("Step {n} of 100", {"n": done}), f"{done} with {seed}")
            time.sleep(0.01)
    except GeneratorExit:
        control.note(f"closed {seed}")
        raise
    control.note(f"done {seed}")
    return f"the end with {seed}"


@cache
def own_queue(folder: Path) -> None:
    """Gives the server a queue whose clock goes forward by what the tests write into a file."""
    late = folder / "late"

    def clock() -> float:
        return time.perf_counter() + float(_text(late) or 0)

    run.QUEUE = run.WorkQueue(16, grace_s=GRACE_S, clock=clock)


def put_forward(folder: Path, seconds: float) -> None:
    """Puts the queue's clock forward."""
    late = folder / "late"
    late.write_text(str(float(_text(late) or 0) + seconds), encoding="utf-8")


@contextmanager
def served_long(folder: Path) -> Iterator[str]:
    """The address of the page; `name` in it says whose work it shows."""
    head = f"import sys\nsys.path.append({str(Path(__file__).parent)!r})\n"
    (folder / "page.py").write_text(head + SCRIPT, encoding="utf-8")
    with served(str(folder / "page.py")) as server:
        yield server.address
        said = server.said()
    assert "Traceback" not in said, said
