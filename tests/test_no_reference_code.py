"""On a laptop's CPU with one thread, no lesson may run what oneDNN calls reference code.

It is correct and up to forty times slower than what other CPUs run for the very same call, so no
comparison of numbers finds it; oneDNN says which code it ran.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from viz.assets import ROOT
from viz.lessons import LESSONS, load
from viz.settings import Choice, Slider, Switch

LAPTOP = {
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "OMP_NUM_THREADS": "1",
    "ONEDNN_VERBOSE": "1",
}
# Takes a picture through a lesson's network and all its claims, at every end of every control.
EVERY_END = """
import sys
from dataclasses import replace
import torch
import torch.nn.functional as F
from viz import lessons, images
from viz.lessons.chain import apply
from viz.settings import Choice, Layer, Layers, Slider, Switch

def stacks():
    for kind, kernels in {"c": (1, 2, 3, 5, 7, 11, 15), "d": (1, 2, 3, 5, 7, 11, 15), "a": (2, 15)}.items():
        for kernel in kernels:
            yield (Layer(kind, kernel),)
            yield (Layer("c", 1), Layer(kind, kernel, 2, kernel // 2, kernel // 2))
    yield (Layer("c", 1), Layer("d", 3, 1, 12, 12, 12), Layer("c", 3, 8, 0, 3, 2))

def ends(kind):
    yield kind()
    highest, lowest = {}, {}
    for name, of in kind.controls().items():
        values = [False, True] if isinstance(of, Switch) else []
        values = [of.low, of.high] if isinstance(of, Slider) else values
        values = list(of.options) if isinstance(of, Choice) else values
        values = [type(of.default)(value) for value in values]
        values = list(stacks()) if isinstance(of, Layers) else values
        yield from (replace(kind(), **{name: value}) for value in values)
        if isinstance(of, Slider):
            lowest[name], highest[name] = values
    for each in (lowest, highest):
        yield replace(kind(), **each)
        yield from (replace(kind(), bank="gabor", **each) for _ in "1" if "bank" in kind.controls())

F.conv2d(torch.rand(2, 8, 32, 32), torch.rand(8, 8, 3, 3))  # does oneDNN say what it runs?
lesson = lessons.load(sys.argv[1])
for size in (96, 224):
    pixels = images.at_working_size(images.find("coffee"), size).pixels
    for setting in [lesson.setting()] if size == 224 else dict.fromkeys(ends(lesson.setting)):
        print("SETTING", setting.to_query(), flush=True)
        with torch.inference_mode():
            apply(lesson.network(setting, pixels), pixels)
            for claim in lesson.claims(setting, pixels):
                given = claim.given(pixels)
                claim.left(given), claim.right(given)
                claim.magnitude and claim.magnitude(given)
"""


# Two steps of every network that learns digits, forwards and backwards.
EVERY_DIGIT_NETWORK = """
from viz.networks.digit_networks import DESIGNS
from viz.training.classifier import Schedule
from viz.training.digit_runs import WIDTH, Case, Network, finished

for design in DESIGNS:
    print("SETTING", design, finished(Case(Network(design, WIDTH), 50, 0), Schedule(steps=2)), flush=True)
"""


def on_a_laptop(script: str, *arguments: str) -> list[str]:
    """What a script prints, and what oneDNN says meanwhile."""
    said = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, **LAPTOP},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]
    lines = said.stdout.splitlines()
    assert any(",exec,cpu," in line for line in lines), "oneDNN says nothing of what it runs"
    return lines


def slow_lines(lines: list[str]) -> list[tuple[str, str]]:
    """The reference code that ran, with the setting that it ran for."""
    setting, slow = "", []
    for line in lines:
        setting = line if line.startswith("SETTING") else setting
        if ",exec,cpu," in line and ",ref:" in line:
            slow.append((setting, line))
    return slow


@pytest.mark.slow
def test_no_network_that_learns_digits_runs_reference_code() -> None:
    lines = on_a_laptop(EVERY_DIGIT_NETWORK)
    assert any("backward_weights" in line for line in lines)
    assert slow_lines(lines) == []


def single_changes(slug: str) -> int:
    """How many settings differ from the opening in one control, which is at an end or switched."""
    return sum(
        2 - (each.default in (each.low, each.high))
        if isinstance(each, Slider)
        else len(each.options) - 1
        if isinstance(each, Choice)
        else isinstance(each, Switch)
        for each in load(slug).setting.controls().values()
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("slug", [lesson.slug for lesson in LESSONS])
def test_no_lesson_runs_reference_code(slug: str) -> None:
    lines = on_a_laptop(EVERY_END, slug)
    opening_at_two_sizes, all_sliders_at_an_end = 2, 2
    least = single_changes(slug) + opening_at_two_sizes + all_sliders_at_an_end
    assert sum(line.startswith("SETTING") for line in lines) >= least
    assert slow_lines(lines) == []
