"""Reductions and their decoders against plain least squares, brute force and the decoded maps."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch
from looking import shipped
from torch import Tensor

from viz.arithmetic import arithmetic
from viz.layers.cross_channel_pooling import PoolParts
from viz.layers.recipes import principal_rows
from viz.lessons.agreement import relative_error
from viz.lessons.bank_of_50 import BANK_CHANNELS
from viz.lessons.blocks import Chart, Panels, Table
from viz.lessons.measured import looking_at
from viz.lessons.reduction import LESSON
from viz.lessons.reduction.contest import (
    group_max_errors,
    linear_curves,
    pieces,
    principal_errors,
)
from viz.lessons.reduction.decoding import decoding_rows
from viz.lessons.reduction.encoders import encoder_of, matrix_of
from viz.lessons.reduction.moments import (
    Moments,
    best_order,
    linear_decoder,
    linear_error,
    moments_of,
)
from viz.lessons.reduction.setting import METHODS, SIDE_PX, Setting
from viz.lessons.reduction.subspaces import largest_cosine, principal_angles
from viz.lessons.reduction.training import KEPT_SQUARES, RATE, Training, training
from viz.run.stages import finished
from viz.text import text

SLUGS = ("coffee", "astronaut", "retina")


@cache
def channels(slug: str = "coffee") -> Tensor:
    """The fifty channels of a small picture."""
    pixels = shipped(slug, 96)
    return LESSON.build(Setting(), pixels).before("back")(pixels)


@cache
def moments(slug: str = "coffee") -> Moments:
    return moments_of(looking_at(channels(slug)))


def by_least_squares(codes: Tensor, wanted: Tensor) -> np.ndarray:
    """The best affine decoder by numpy: a column of ones beside the codes."""
    z = codes.flatten(1).double().numpy().T
    with_one = np.column_stack([z, np.ones(len(z))])
    return np.linalg.lstsq(with_one, wanted.flatten(1).double().numpy().T, rcond=None)[0].T


def decoded_error(codes: Tensor, wanted: Tensor) -> float:
    """The relative error of the decoded maps."""
    affine = torch.from_numpy(by_least_squares(codes, wanted))
    decoded = (
        torch.einsum("ck,khw->chw", affine[:, :-1], codes.double()) + affine[:, -1, None, None]
    )
    return relative_error(decoded, wanted)


# ── Decoders ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kept", [1, 7, 20])
def test_the_decoder_is_that_of_least_squares(method: str, kept: int):
    x = channels()
    codes = encoder_of(method, 50, kept, 3, looking_at(x))(x)
    wanted = by_least_squares(codes, x)
    np.testing.assert_allclose(decoding_rows(codes, x), wanted, atol=1e-4 * abs(wanted).max())


@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"max"}))
def test_moments_give_the_same_decoder_as_the_pixels(method: str):
    x = channels()
    encoder = encoder_of(method, 50, 12, 3, looking_at(x))
    matrix = matrix_of(encoder, 50)
    assert matrix is not None
    torch.testing.assert_close(
        torch.einsum("kc,chw->khw", matrix, x), encoder(x), atol=1e-5, rtol=1e-5
    )
    found, wanted = linear_decoder(matrix, moments()), by_least_squares(encoder(x), x)
    np.testing.assert_allclose(found, wanted, atol=1e-4 * abs(wanted).max())
    assert linear_error(matrix, moments()) == pytest.approx(decoded_error(encoder(x), x), rel=1e-5)


def test_a_group_max_is_no_matrix_unless_its_groups_are_single_channels():
    assert matrix_of(PoolParts(5), 50) is None
    assert torch.equal(matrix_of(PoolParts(5), 5), torch.eye(5))


def test_the_network_decodes_as_least_squares_does():
    """On the crop, with fewer channels, and after a ReLU."""
    pixels = shipped("astronaut", 224)
    for each in (Setting(), Setting(channels=23, kept=9, method="max"), Setting(relu=True)):
        setting = replace(each, step_by_step=True)
        built = LESSON.build(setting, pixels)
        x, codes = (built.before(stage)(pixels) for stage in ("reduce", "decode"))
        assert x.shape == (setting.channels, SIDE_PX, SIDE_PX)
        error = relative_error(built.network(pixels), x)
        assert error == pytest.approx(decoded_error(codes, x), rel=1e-5)


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_one_channel_is_shown_beside_what_comes_back_of_it(method: str, relu: bool):
    """The same as in all steps, and their difference."""
    pixels, setting = shipped("coffee", 96), Setting(method=method, kept=6, relu=relu, looked_at=31)
    steps = LESSON.build(replace(setting, step_by_step=True), pixels)
    x, back = steps.before("reduce")(pixels)[31], steps.network(pixels)[31]
    shown = LESSON.network(setting, pixels)(pixels)
    torch.testing.assert_close(shown, torch.stack([x, back, x - back]), atol=1e-5, rtol=1e-5)


def test_what_is_missing_is_the_difference_of_two_maps_of_the_stage_not_of_the_channels():
    pixels = shipped("coffee", 96)
    built = LESSON.build(Setting(), pixels)
    maps, shown = channels(), built.network(pixels)
    taken = arithmetic(built.network.get_submodule("back"), maps, (2, 9, 11))
    assert taken.inputs == pytest.approx(shown[:2, 9, 11].tolist(), abs=1e-5)
    assert taken.inside


# ── Which channels are kept ─────────────────────────────────────────────────────────────────────


def test_each_best_channel_is_the_one_that_lowers_the_error_most():
    """By trying all of them, with few channels."""
    few = Moments(moments().covariance[::5, ::5], moments().mean[::5])
    order = best_order(few.covariance)
    assert sorted(order) == list(range(10))
    for n in range(9):
        tried = {c: linear_error(torch.eye(10)[[*order[:n], c]], few) for c in order[n:]}
        assert tried[order[n]] == pytest.approx(min(tried.values()))


# ── The curves ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_below_pca_and_all_end_at_zero(slug: str):
    errors = finished(linear_curves(moments(slug), seed=3))
    errors["max"] = [
        error for each in pieces(50) for error in group_max_errors(channels(slug), *each).tolist()
    ]
    assert errors.keys() == METHODS.keys()
    for name, of in errors.items():
        assert len(of) == 50, name
        assert of[-1] == pytest.approx(0, abs=1e-5), name
        assert all(pca <= error + 1e-9 for pca, error in zip(errors["pca"], of, strict=True)), name
        if name not in ("max", "mean"):  # their groups change, so that more of them may be worse
            assert all(after <= before + 1e-9 for before, after in pairwise(of)), name


@pytest.mark.parametrize("kept", [1, 8, 21, 45])
def test_the_curves_are_the_errors_of_the_decoded_maps(kept: int):
    x = channels("astronaut")
    errors = finished(linear_curves(moments("astronaut"), seed=3))
    errors["max"] = [float(group_max_errors(x, kept, kept))] * 50
    for method in METHODS:
        codes = encoder_of(method, 50, kept, 3, looking_at(x))(x)
        assert errors[method][kept - 1] == pytest.approx(decoded_error(codes, x), rel=1e-4), method


def test_pca_by_singular_values():
    """The singular values of the centred pixels, squared, are those of the covariance."""
    values = channels().flatten(1).double()
    singular = torch.linalg.svdvals(values - values.mean(1, keepdim=True))
    for kept in (1, 10, 40):
        wanted = (singular[kept:].square().sum() / singular.square().sum()).sqrt()
        assert principal_errors(moments())[kept - 1] == pytest.approx(float(wanted), rel=1e-6)


# ── Training ────────────────────────────────────────────────────────────────────────────────────


@cache
def trained(slug: str, kept: int, seed: int) -> Training:
    *_, last = training(moments(slug), kept, Setting().train_steps, seed)
    return last


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("kept", "seed"), [(1, 0), (10, 0), (10, 7), (25, 1), (45, 7)])
def test_training_comes_within_two_percent_of_pca(slug: str, kept: int, seed: int):
    """Measured on the maps that both layers give back, not by the loss."""
    x, last = channels(slug), trained(slug, kept, seed)
    codes = torch.einsum("kc,chw->khw", last.encoder, x.double())
    decoded = torch.einsum("ck,khw->chw", last.decoder[:, :-1], codes)
    error = relative_error(decoded + last.decoder[:, -1, None, None], x)
    assert error == pytest.approx(last.errors[-1], rel=1e-5)
    assert 1 - 1e-6 <= error / principal_errors(moments(slug))[kept - 1] < 1.02


@pytest.mark.slow
def test_the_trained_rows_span_the_space_of_pca_without_being_its_rows():
    rows, last = principal_rows(channels(), 10), trained("coffee", 10, 0)
    assert principal_angles(last.encoder, rows)[-1] < 0.5
    assert largest_cosine(rows) < 1e-5
    assert largest_cosine(last.encoder) > 0.1


def test_a_step_is_one_of_torch_on_two_convolutions_and_all_pixels():
    """The loss by the covariance has the gradient of the mean squared error over the pixels."""
    x = channels("astronaut").double()
    first, second = list(training(moments("astronaut"), 4, steps=2, seed=3))
    encoder = torch.nn.Conv2d(50, 4, 1, bias=False).double()
    decoder = torch.nn.Conv2d(4, 50, 1).double()
    encoder.weight.data = first.encoder[:, :, None, None].clone()
    decoder.weight.data = first.decoder[:, :-1, None, None].clone()
    optimiser = torch.optim.Adam(
        [encoder.weight, decoder.weight], lr=RATE, betas=(0.9, KEPT_SQUARES)
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 2)
    for _ in range(2):
        with torch.no_grad():  # the bias that keeps the means
            decoder.bias.data += (x - decoder(encoder(x))).mean((1, 2))
        loss = 50 * (decoder(encoder(x)) - x).square().mean() / moments("astronaut").total
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    torch.testing.assert_close(encoder.weight[:, :, 0, 0], second.encoder)
    torch.testing.assert_close(decoder.weight[:, :, 0, 0], second.decoder[:, :-1])


def test_training_pauses_often_and_counts_its_steps():
    seen = list(training(moments(), 3, steps=50, seed=0))
    assert [each.steps for each in seen] == [0, 20, 40, 50]
    assert [len(each.errors) for each in seen] == [1, 21, 41, 51]
    assert seen[-1].errors[:21] == seen[1].errors
    assert not torch.equal(seen[0].encoder, seen[1].encoder)


def test_a_constant_picture_has_nothing_to_learn():
    nothing = Moments(torch.zeros(4, 4).double(), torch.full((4,), 2.0).double())
    *_, last = training(nothing, 2, steps=3, seed=0)
    assert last.errors == (0.0,) * 4


@pytest.mark.parametrize("degrees", [0.001, 30.0, 90.0])
def test_angles_between_spaces_that_were_turned(degrees: float):
    """A plane of five dimensions, one direction of it turned out of it; then both mixed."""
    axes = torch.linalg.qr(torch.randn(5, 5, generator=torch.Generator().manual_seed(1)).double()).Q
    radians = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    turned = torch.stack([axes[0], axes[1] * radians.cos() + axes[2] * radians.sin()])
    mixed = torch.tensor([[1.0, 2.0], [-3.0, 0.5]]).double() @ turned
    torch.testing.assert_close(
        principal_angles(axes[:2], mixed),
        torch.tensor([0.0, degrees]).double(),
        atol=1e-6,
        rtol=1e-6,
    )


def test_orthogonal_rows_have_no_cosines():
    assert largest_cosine(torch.eye(4)[:3] * 7) == 0
    assert largest_cosine(torch.eye(4)[:1]) == 0
    assert largest_cosine(torch.tensor([[1.0, 1.0], [-2.0, -2.0]])) == pytest.approx(1)


# ── The section ─────────────────────────────────────────────────────────────────────────────────


def test_the_contest_shows_the_errors_of_its_maps():
    pixels, setting = shipped("coffee", 96), Setting(kept=8)
    sentence, chart, panels, of_one, table, of_costs = LESSON.section("contest", setting, pixels)
    assert isinstance(chart, Chart)
    assert isinstance(panels, Panels)
    assert isinstance(table, Table)
    lines = {str(name): of for name, of in chart.arguments["lines"].items()}
    rows = {str(row[0]): row for row in table.rows}
    for name in METHODS.values():
        assert float(str(rows[name][1])) == pytest.approx(lines[name][7], abs=6e-4), name
    (trained,) = chart.arguments["alone"].values()
    assert float(str(rows["trained 1×1"][1])) == pytest.approx(trained, abs=6e-4)
    assert trained == pytest.approx(lines["PCA"][7], rel=0.02)
    assert rows["PCA"][2:4] == ["400", f"{8 * 50 * 64 * 96:,}"]
    assert rows["group max"][2:4] == rows["group mean"][2:4] == ["0", "0"]
    weights = matrix_of(PoolParts(8, "mean"), 50)
    assert weights is not None
    assert f"{weights.numel():,} fixed weights" in str(of_costs.text)
    # the trained one comes so close that rounding may put it first
    assert {str(row[0]) for row in table.rows[:2]} == {"PCA", "trained 1×1"}
    assert [rows[name][1] for name in ("PCA", "trained 1×1")] == re.findall(
        r"\*\*([\d.]+)\*\*", str(sentence.text)
    )
    assert_errors_are_of_one_channel(panels, str(of_one.text))


def assert_errors_are_of_one_channel(panels: Panels, said: str) -> None:
    """Of the one on the canvas, whatever the errors of all channels are."""
    name = BANK_CHANNELS.names[Setting().looked_at]
    assert said.startswith(f"Channel {name}, as on the canvas")
    channel = panels.panels[0].maps
    assert torch.equal(channel[0], channels()[Setting().looked_at])
    titles = [str(panel.title) for panel in panels.panels]
    assert titles[0] == f"Channel {name}"
    for panel in panels.panels:
        error = re.search(r"error ([\d.]+)", str(panel.title))
        if error:
            size = panel.maps.norm() / (channel - channel.mean()).norm()
            assert float(error[1]) == pytest.approx(float(size), abs=6e-4)
    assert len(re.findall("error", " ".join(titles))) == len(METHODS) + 2


@pytest.mark.slow
def test_the_training_shows_its_errors_and_the_end_of_the_curve():
    pixels, setting = shipped("coffee", 96), Setting(kept=6, train_steps=120)
    scene = LESSON.scene(setting, pixels)
    steps, reports = LESSON.sections["train"].show(scene), []
    assert isinstance(steps, Generator)
    while True:
        try:
            reports.append(next(steps))
        except StopIteration as end:
            figures, columns, maps, cosine_panels = end.value
            break
    told = [each for each in reports if each is not None]
    assert [each.fraction for each in told] == sorted(each.fraction for each in told)
    assert len(told) == 2
    assert all(each.newest is not None for each in told)
    last = trained_with(setting)
    named = {str(name): float(str(value).rstrip(" %°")) for name, value in figures.figures}
    x, rival = channels(), principal_rows(channels(), 6)
    by_pca = encoder_of("pca", 50, 6, 0, looking_at(x))(x)
    pca, angle = decoded_error(by_pca, x), largest_angle(last.encoder, rival)
    assert named == {
        "Error, trained": pytest.approx(last.errors[-1], abs=5e-4),
        "Error, PCA": pytest.approx(pca, abs=5e-4),
        "Above PCA": pytest.approx(100 * (last.errors[-1] / pca - 1), abs=0.02),
        "Angle to PCA's space": pytest.approx(angle, abs=0.06),
    }
    said = str(cosine_panels.columns[1][0].text)
    largest = abs(cosines(last.encoder) - np.eye(6)).max()
    assert [float(each) for each in re.findall(r"\*\*([\d.]+)", said)] == [
        pytest.approx(largest, abs=6e-3),
        pytest.approx(angle, abs=0.06),
    ]
    chart = columns.columns[0][0]
    assert chart.arguments["lines"][text("trained")][-1] == last.errors[-1]
    assert 10 ** chart.arguments["x"][-1] == pytest.approx(120)
    assert min(chart.arguments["lines"][text("PCA")]) == pytest.approx(pca)
    turned = columns.columns[1][0].arguments
    assert turned["lines"][text("angle")][-1] == pytest.approx(angle, abs=1e-3)
    assert (turned["x"][0], turned["x"][-1]) == (0, 120)
    assert_maps_are_of(maps, by_pca)
    rows, rows_of_pca = (panel.maps[0] for panel in cosine_panels.columns[0][0].panels)
    np.testing.assert_allclose(rows, cosines(last.encoder), atol=1e-6)
    np.testing.assert_allclose(rows_of_pca, np.eye(6), atol=1e-5)


def assert_maps_are_of(maps: Panels, by_pca: Tensor) -> None:
    """The channel, what comes back of it as the training goes on, and from PCA."""
    x, at = channels(), Setting().looked_at
    shown = {str(panel.title): panel.maps[0] for panel in maps.panels[:5]}
    assert torch.equal(shown.pop(f"Channel {BANK_CHANNELS.names[at]}"), x[at])
    states = {each.steps: each for each in training(moments(), 6, 120, 0)}
    for steps in (20, 100, 120):
        seen = states[steps]
        weight = seen.decoder[at, :-1] @ seen.encoder
        wanted = torch.tensordot(weight, x.double(), dims=1) + seen.decoder[at, -1]
        back = shown.pop(f"After {steps} steps").double()
        torch.testing.assert_close(back, wanted, atol=1e-5, rtol=1e-5)
    affine = torch.from_numpy(by_least_squares(by_pca, x))[at]
    wanted = torch.tensordot(affine[:-1], by_pca.double(), dims=1) + affine[-1]
    torch.testing.assert_close(shown.pop("PCA").double(), wanted, atol=1e-4, rtol=1e-4)
    assert shown == {}
    for back_panel, lost in zip(maps.panels[1:5], maps.panels[6:], strict=True):
        torch.testing.assert_close(lost.maps, back_panel.maps - x[at][None])


def cosines(rows: Tensor) -> np.ndarray:
    """Cosines between all pairs of rows."""
    unit = rows.numpy() / np.linalg.norm(rows.numpy(), axis=1, keepdims=True)
    return unit @ unit.T


def largest_angle(rows: Tensor, others: Tensor) -> float:
    """In degrees, by the part of the one space that is outside the other: its sine."""
    one, other = (np.linalg.qr(each.double().numpy().T)[0] for each in (rows, others))
    outside = one - other @ (other.T @ one)
    return float(np.degrees(np.arcsin(np.linalg.norm(outside, 2))))


def trained_with(setting: Setting) -> Training:
    *_, last = training(moments(), setting.kept, setting.train_steps, setting.train_seed)
    return last
