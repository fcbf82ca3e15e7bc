"""Two textures told apart from k numbers a pixel: PCA's are not the best ones for that."""

from __future__ import annotations

import math
from collections.abc import Sequence

from viz.figures.curves import curves
from viz.images import titles
from viz.lessons.bank_of_50 import BANK
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.reduction.setting import Setting
from viz.lessons.reduction.telling_apart import Told
from viz.lessons.reduction.textures import NAMES, Pixels, Textures, side_by_side, textures
from viz.lessons.reduction.told_apart import COUNTS, RUNS, Contest, channels_missed, contest
from viz.lessons.reduction.trained_for_task import STEPS
from viz.numbers import number
from viz.progress import Progress
from viz.text import Text, text

ONE = (
    "From one number a pixel: PCA's is right on **{principal} %** of the pixels, a trained one on **{trained} %**. "
    "All {all} channels: **{everything} %**."
)
SEVERAL = (
    "From {k} numbers a pixel: PCA's are right on **{principal} %** of the pixels, trained ones on **{trained} %**. "
    "All {all} channels: **{everything} %**."
)


def show(scene: Scene[Setting]) -> Long:
    """The decisions of both methods for the k of the Setting, and their accuracy for every k."""
    setting = scene.setting
    yield Progress(0, text("Filtering two textures"))
    both = yield from textures(scene.pixels.device)
    training, test = (
        both.pixels(columns, channels=setting.channels, rectified=setting.task_relu)
        for columns in (both.training, both.test)
    )
    fewer = (k for k in COUNTS if k < setting.channels)
    counts = sorted({*fewer, setting.kept, setting.channels})
    seeds = range(setting.seed, setting.seed + RUNS)
    done = None
    for seen in contest(training, counts, seeds, f"{setting.channels} {setting.task_relu}"):
        done = seen or done
        yield None if seen is None else _progress(seen, counts, test, setting.kept)
    assert done is not None, "there is at least one count"
    return _shown(setting, both, training, test, done)


def _progress(
    seen: Contest, counts: Sequence[int], test: Pixels, k: int
) -> Progress[Sequence[Block]]:
    sentence = text("Trained: {n} of {all} reductions", n=len(seen.counts), all=len(counts))
    newest = [_accuracies(seen, counts, test, k)]
    return Progress(len(seen.counts) / len(counts), sentence, newest)


def _shown(
    setting: Setting, both: Textures, training: Pixels, test: Pixels, done: Contest
) -> list[Block]:
    at = done.counts.index(setting.kept)
    principal, trained = done.principal[at], done.trained[at]
    accuracies = {
        "principal": _percent(principal.accuracy(test)),
        "trained": _percent(_mean([told.accuracy(test) for told in trained])),
        "everything": _percent(done.principal[-1].accuracy(test)),
    }
    sentence = text(
        ONE if setting.kept == 1 else SEVERAL,
        k=setting.kept,
        all=len(training.values),
        **accuracies,
    )
    return [
        Prose(sentence, "heading"),
        _decisions(both, test, principal, trained[0]),
        Columns(
            [
                [_accuracies(done, done.counts, test, setting.kept)],
                [_both_ways(done, at, training, test)],
            ],
            widths=(3, 2),
            align="center",
        ),
        _caption(done, test),
    ]


def _decisions(both: Textures, test: Pixels, principal: Told, trained: Told) -> Panels:
    """The test pixels, and what each method takes them for."""
    shape = side_by_side(both.maps[:, 0, :, both.test]).shape
    classes = [Text(titles()[name]) for name in NAMES]
    panels = [
        Panel(text("The test halves"), side_by_side(both.pictures[..., both.test]), kind="colour")
    ]
    panels += [
        Panel(
            title,
            told.is_second(test.values).view(1, *shape).float(),
            kind="class",
            classes=classes,
            note=text("{percent} % right", percent=_percent(told.accuracy(test))),
        )
        for title, told in (
            (text("PCA, k\u00a0=\u00a0{k}", k=len(principal.rows)), principal),
            (text("Trained, k\u00a0=\u00a0{k}", k=len(trained.rows)), trained),
        )
    ]
    return Panels("decisions", panels, height_px=420)


def _accuracies(done: Contest, counts: Sequence[int], test: Pixels, k: int) -> Chart:
    """The share of test pixels told right, for every number of numbers that is done."""
    missing = [math.nan] * (len(counts) - len(done.counts))
    principal = [100 * told.accuracy(test) for told in done.principal]
    trained = [100 * _mean([told.accuracy(test) for told in runs]) for runs in done.trained]
    fisher = 100 * done.fisher.accuracy(test)
    lines = {
        "x": list(range(len(counts))),  # evenly, for nearly all happens with few
        "lines": {
            text("trained"): [*trained, *missing],
            text("PCA"): [*principal, *missing],
            text("● Fisher"): [fisher, *[math.nan] * (len(counts) - 1)],
        },
        "x_title": text("numbers a pixel, k (in unequal steps)"),
        "y_title": text("test pixels right, %"),
        "thick": (text("trained"),),
        "at": float(counts.index(k)),
        "x_ticks": list(range(len(counts))),
        "x_labels": [str(count) for count in counts],
    }
    return Chart(
        "accuracies", curves, lines, text("Accuracy of PCA and of trained numbers against k")
    )


def _both_ways(done: Contest, at: int, training: Pixels, test: Pixels) -> Table:
    """Each method by both measures: it is best by its own."""
    k = done.counts[at]
    methods: dict[Text, Sequence[Told]] = {
        text("PCA, k\u00a0=\u00a0{k}", k=k): [done.principal[at]],
        text("trained, k\u00a0=\u00a0{k}", k=k): done.trained[at],
        text("Fisher, k\u00a0=\u00a01"): [done.fisher],
    }
    head: list[Words] = ["", text("pixels right"), text("error of the channels")]
    rows: list[list[Words]] = [
        [
            name,
            f"{_percent(_mean([told.accuracy(test) for told in runs]))} %",
            number(_mean([channels_missed(told, training) for told in runs])),
        ]
        for name, runs in methods.items()
    ]
    return Table(head, rows)


def _caption(done: Contest, test: Pixels) -> Prose:
    spread = max(_range([told.accuracy(test) for told in runs]) for runs in done.trained)
    sentence = text(
        "Trained by Adam, {steps} steps on all training pixels, from {runs} random starts: the line is their mean, and they differ by at most {spread} points. "
        "PCA's numbers and Fisher's are read by logistic regression (Newton's method). The left halves of the photographs "
        "train and the right halves test; between them {gap} columns are left out, as many as filters overlap. "
        "Error: relative, of the channels decoded from the same numbers.",
        steps=STEPS,
        runs=RUNS,
        spread=number(100 * spread, 2),
        gap=BANK.kernels().shape[-1] - 1,
    )
    return Prose(sentence, "caption")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _range(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


SECTION = Section(
    show,
    always("kept", "task_relu", "seed"),
    own_data=lambda _: True,
    opening={"kept": 1},
    views=(
        Suggestion("Two numbers", {"kept": 2}),
        Suggestion("Ten numbers", {"kept": 10}),
        Suggestion("Without the ReLU", {"task_relu": False}),
    ),
)
