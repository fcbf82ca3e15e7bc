"""What a request may take: the estimate against what is taken, and how too much is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import nn

from viz import lessons
from viz.assets import ROOT
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.lessons import LESSONS
from viz.lessons.lab import LESSON as lab
from viz.run import budget, drawing, stages
from viz.run.budget import TooLarge, estimated
from viz.trace import layer_rows
from viz.view import View

BANK = GaborParameters(4, 1, 8.0, 4.0, 21, 1.0)

# Draws the largest views of every lesson and says how much memory and time each of them took.
EXTREMES = """
import json, os, sys, time
from dataclasses import replace
import torch
torch.set_num_threads(1)
from viz import lessons, images, memory
from viz.settings import Layer, Slider
from viz.run import drawing, stages
from viz.view import View

memory.keep_few_arenas()

def status(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))

def extreme(setting, **given):
    highest = {name: of.high for name, of in setting.controls().items() if isinstance(of, Slider)}
    ends = {name: type(getattr(setting, name))(high) for name, high in highest.items()}
    return replace(setting, **{**ends, **given})

grating = images.find("grating")
others = ".".join(["coffee", "grating", "astronaut", "grating", "chelsea", "grating", "rocket"])
SETTINGS = {
    "lab": [dict(phases=4, pooling="none", pointwise_recipe="random", strided_recipe="random"),
            dict(phases=4, pooling="none", pointwise_recipe="principal", strided_recipe="principal"),
            dict(bank="learned", source="own", pooling="none", strided_recipe="principal")],
    "pointwise": [dict(bank="gabor", pointwise_recipe="random", second=True, relu=True),
                  dict(bank="gabor", pointwise_recipe="whitening", second=True)],
    "cross_channel_pooling": [dict(kind="maxout", maxout_weights="random", group=50),
                              dict(kind="maxout", maxout_weights="fitted", group=50)],
    "reduction": [dict(method="random", kept=50, step_by_step=True),
                  dict(method="max", relu=True, kept=50, step_by_step=True)],
    "strided": [dict(bank="gabor", strided_recipe="random", again=True, third=True, window=True)],
    "pooling_order": [dict(bank="gabor", mix_recipe="random"),
                      dict(bank="gabor", mix_recipe="principal", beta=7)],
    "network_in_network": [dict(orientations=8, weights="random"), dict(orientations=8)],
    "inception": [dict(side_px=side, reduced=reduced, projected=reduced)
                  for side in (56, 28, 14, 7) for reduced in (True, False)],
    "fully_connected": [dict(zero_padding=True), dict(input_px=224)],
    "receptive_field": [dict(layers=(Layer("c", 8),) * 16), dict(layers=(Layer("c", 15),) * 4),
                        dict(layers=(Layer("d", 3, 1, 1, 1),) * 12), dict(network="resnet_50")],
    "orientation": [dict(phases=4, pooling="phases"), dict(phases=4, pooling="max")],
    "emergence": [dict(pointwise_recipe="random"), dict(source="own")],
    "trained": [dict(layer=layer, first=1, shown=32) for layer in (5, 52)],
}
torch.rand(9) @ torch.rand(9), torch.fft.rfft(torch.rand(9)), torch.linalg.eigh(torch.eye(9))
memory.give_back()
imported = status("VmRSS")

def measure(slug, given, beside):
    lesson = lessons.load(slug)
    setting = extreme(lesson.setting(), **given)
    if "stride" in lesson.setting.controls():
        setting = replace(setting, stride=1)
    # The estimate is that of a CPU; what a GPU's libraries take is taken once, at their start.
    view = View(working_size_px=512, picture="grating", others=beside, device="cpu")
    memory.give_back()
    open("/proc/self/clear_refs", "w").write("5")  # the peak is counted anew
    times = [time.thread_time()]
    for _ in drawing.draw_slices(lesson, setting, view, grating, 512):
        times.append(time.thread_time())
    longest = max(after - before for before, after in zip(times, times[1:]))
    print(json.dumps({
        "lesson": slug, **given, "beside": bool(beside), "mb": status("VmHWM") - imported,
        "pauses": len(times) - 1, "seconds": round(time.thread_time() - times[0], 2),
        "longest": round(longest, 2), "stages": len(lesson.outline(setting).stages),
    }), flush=True)
    drawing._DRAWN.clear()
    stages._DONE.clear()

for slug, extremes in SETTINGS.items():
    child = os.fork()  # what the heap keeps of one lesson is not counted for the next
    if child:
        assert os.waitpid(child, 0)[1] == 0
        continue
    for given in extremes:
        for beside in ("", others):
            measure(slug, given, beside)
    os._exit(0)
"""


@pytest.fixture(scope="module")
def extremes() -> list[dict[str, Any]]:
    """What the largest legal views took in a process of their own."""
    said = subprocess.run(
        [sys.executable, "-c", EXTREMES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr[-2000:]
    return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_legal_view_takes_more_memory_than_a_request_may(extremes) -> None:
    assert {row["lesson"] for row in extremes} == {lesson.slug for lesson in LESSONS}
    assert [row for row in extremes if row["mb"] > budget.MAX_BYTES / 2**20] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_largest_views_pause_so_that_others_have_their_turn(extremes) -> None:
    """At least once for every picture beside the one in focus that has not been seen yet."""
    for row in extremes:
        assert row["pauses"] >= (row["stages"] + 4 if row["beside"] else 1), row


def test_the_estimate_is_that_of_all_maps_and_the_longest_layer() -> None:
    rows = layer_rows(nn.Sequential(Pointwise(torch.ones(8, 3)), nn.ReLU()), (3, 10, 20))
    found = estimated(rows)
    assert found.bytes == 4 * 8 * 200 * (2 + 2)
    assert found.seconds == pytest.approx(3 * 8 * 200 * 1e-10 + 8 * 200 * 4e-9)
    through_spectra = estimated(layer_rows(GaborBank(BANK), (1, 10, 20)))
    assert through_spectra.seconds == pytest.approx(BANK.orientations * 200 * 20e-9)


def test_too_much_is_refused_before_it_is_computed(picture, monkeypatch) -> None:
    """One calm sentence that names the slider; a smaller working size is drawn."""
    photo, lesson, computed = picture(torch.rand(3, 128, 128)), lessons.load("lab"), []
    monkeypatch.setattr(budget, "MAX_BYTES", 2 * 2**20)
    monkeypatch.setattr(stages, "with_what_fits", lambda *given: computed.append(given))
    setting = lab.setting(orientations=16, pointwise_recipe="random")
    with pytest.raises(TooLarge, match="choose a smaller working size"):
        drawing.draw(lesson, setting, View(working_size_px=128), photo, 64)
    assert computed == []
    monkeypatch.undo()
    assert drawing.draw(lesson, setting, View(working_size_px=128), photo, 64)


def test_so_is_a_layer_that_would_keep_all_others_waiting(monkeypatch) -> None:
    monkeypatch.setattr(budget, "MAX_SECONDS", 1e-9)
    with pytest.raises(TooLarge, match="time"):
        estimated(layer_rows(nn.ReLU(), (3, 10, 20))).check()
