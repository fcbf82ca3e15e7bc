"""What the sections on trained networks measure, on small networks with drawn weights, by other routes."""

from __future__ import annotations

import math
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from looking import ended, noise
from torch import Tensor, nn

from viz.disk_cache import DiskCache
from viz.layers.part import Part
from viz.lessons.trained import tuned
from viz.lessons.trained.dense import Window, cropped, dense, surrounded, window
from viz.lessons.trained.driving import driven, strongest
from viz.lessons.trained.effective import box_of, seen
from viz.lessons.trained.head import classifier
from viz.lessons.trained.running import Halt, Runner, timed
from viz.lessons.trained.switching import (
    Importance,
    answers,
    counts,
    falls,
    first_of,
    importance,
    switched_off,
)
from viz.trace import receptive_field
from viz.tuning import Screen, Sweep, curve_of, responses

CLASSES = 7


class Shortcut(nn.Module):
    """Layers whose input is added to their output, joined with a third map."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inside = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())
        self.mix = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.mix(torch.cat([x, x + self.inside(x)], dim=1)) + x


def small(padding: int = 1) -> nn.Sequential:
    torch.manual_seed(7)
    layers = OrderedDict(
        first=nn.Conv2d(3, 6, 3, stride=2, padding=padding),
        relu=nn.ReLU6(),
        block=Shortcut(6),
        second=nn.Conv2d(6, 8, 3, stride=2, padding=padding),
        last=nn.ReLU(),
        average=nn.AdaptiveAvgPool2d(1),
        flatten=nn.Flatten(),
        linear=nn.Linear(8, CLASSES),
    )
    return nn.Sequential(layers).eval().requires_grad_(False)


SHAPE = (3, 16, 16)


def halted(name: str = "block.mix", x: Tensor | None = None) -> tuple[Runner, Halt, Tensor]:
    """A runner, its run up to a layer, and the logits."""
    x = noise(16, 16) if x is None else x
    runner = Runner(small())
    return runner, ended(runner.upto(runner.node(name), x[None])), runner.network(x[None])[0]


# ── Running ─────────────────────────────────────────────────────────────────────────────────────


def test_a_run_in_steps_is_the_network():
    network, x = small(), torch.stack([noise(16, 16), noise(16, 16, seed=1)])
    torch.testing.assert_close(ended(Runner(network).through(x)), network(x))


@pytest.mark.parametrize("name", ["first", "block.inside.0", "block.mix", "cat", "last", "average"])
def test_a_run_goes_on_from_any_layer_with_what_it_had(name: str):
    runner, halt, logits = halted(name)
    pauses = sum(1 for _ in runner.after(halt, halt.maps))
    assert pauses >= 2
    torch.testing.assert_close(ended(runner.after(halt, halt.maps))[0], logits)


@pytest.mark.parametrize("name", ["block.mix", "block.inside.1"])
def test_a_run_goes_on_with_other_maps_as_if_the_layer_had_given_them(name: str):
    runner, halt, _ = halted(name)
    maps = torch.cat([halt.maps, halt.maps.flip(1), 0 * halt.maps])
    found = ended(runner.after(halt, maps))
    for one, logits in zip(maps, found, strict=True):
        layer = runner.network.get_submodule(name)
        hook = layer.register_forward_hook(lambda *_, one=one: one[None])
        torch.testing.assert_close(logits, runner.network(noise(16, 16)[None])[0])
        hook.remove()


def test_what_no_later_layer_reads_is_forgotten():
    _, halt, _ = halted("last")
    assert [str(node) for node in halt.known] == ["last"]
    _, inside, _ = halted("block.inside.1")
    assert {str(node) for node in inside.known} == {"relu", "block_inside_1"}


def test_time_between_the_slices_is_not_counted(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("viz.lessons.trained.running.perf_counter", lambda: clock[0])

    def work():
        clock[0] += 1
        yield
        clock[0] += 0.5
        yield
        clock[0] += 0.25
        return "done"

    steps = timed(work())
    for _ in range(2):
        next(steps)
        clock[0] += 100  # others have their turn
    assert ended(steps) == ("done", 1750.0)


# ── The classifier at every place ───────────────────────────────────────────────────────────────


class Means(nn.Module):
    """A network that averages by a function, and ends in a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.maps, self.drop, self.linear = nn.Conv2d(3, 5, 3), nn.Dropout(), nn.Linear(5, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.drop(F.relu(self.maps(x)).mean([2, 3]))).softmax(1)


class Pooled(Means):
    def forward(self, x: Tensor) -> Tensor:
        return self.linear(torch.flatten(F.adaptive_avg_pool2d(self.maps(x), 1), 1))


def last_pool() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())


def two_linear() -> nn.Module:
    ends = nn.Linear(5, 6), nn.Linear(6, 4)
    return nn.Sequential(nn.Conv2d(3, 5, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), *ends)


def convolved() -> nn.Module:
    ends = nn.AdaptiveAvgPool2d(1), nn.Conv2d(5, 4, 1), nn.Flatten()
    return nn.Sequential(nn.Conv2d(3, 5, 3), *ends)


@pytest.mark.parametrize("make", [small, Means, Pooled, last_pool, two_linear, convolved])
def test_the_mean_of_the_map_is_the_networks_answer(make):
    torch.manual_seed(1)
    network, x = make().eval().requires_grad_(False), noise(19, 24)
    runner = Runner(network)
    end = classifier(runner)
    assert end is not None
    found = ended(dense(runner, end, x))
    answer = network(x[None])[0]
    averages = found.scores.mean((1, 2))
    torch.testing.assert_close(averages.softmax(0) if make is Means else averages, answer)
    assert found.apart < 1e-5
    assert found.scores.shape[1:] > (1, 1)


def with_relu() -> nn.Module:
    network = two_linear()
    assert isinstance(network, nn.Sequential)
    return nn.Sequential(*network[:4], nn.ReLU(), network[4])


def flattened() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 5, 3), nn.Flatten(), nn.Linear(5 * 14 * 14, 4))


def pooled_to_four() -> nn.Module:
    return nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(12, 4))


class OfRows(Means):
    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.maps(x).mean([2]))


class OfRowsThenAll(Means):
    """Its first mean is over rows alone."""

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.maps(x).mean([2], keepdim=True).flatten(2).mean(2))


@pytest.mark.parametrize(
    "make", [with_relu, flattened, pooled_to_four, OfRows, OfRowsThenAll, nn.ReLU]
)
def test_a_network_that_ends_otherwise_has_no_such_classifier(make):
    assert classifier(Runner(make())) is None


def test_a_slip_in_the_average_is_seen():
    runner = Runner(small())
    end = classifier(runner)
    found = ended(dense(runner, end, noise(24, 24)))
    assert found._replace(logits=found.logits + 1e-3).apart > 9e-4


def test_crops_are_told_by_the_trace():
    assert window(small(), SHAPE) == Window((16, 16), (4, 4), (4, 4))
    assert window(small(padding=0), (3, 15, 15)) == Window((15, 15), (4, 4), (3, 3))


def test_every_crop_is_the_network_on_it_alone():
    runner, size, x = Runner(small()), Window((16, 16), (4, 4), (4, 4)), noise(24, 20)
    end = classifier(runner)
    found = ended(dense(runner, end, x))
    crops = ended(cropped(runner, end, x, size, found))
    assert len(crops.logits) == 3 * 2
    for n, (row, column) in enumerate((row, column) for row in range(3) for column in range(2)):
        crop = x[None, :, 4 * row :, 4 * column :][..., :16, :16]
        torch.testing.assert_close(crops.logits[n], runner.network(crop)[0])
        window_mean = found.scores[:, row : row + 4, column : column + 4].mean((1, 2))
        torch.testing.assert_close(crops.of_dense[n], window_mean)
    assert crops.apart > 1e-4
    apart = (crops.logits - crops.of_dense).abs().mean()
    assert crops.apart == pytest.approx(float(apart))
    same = sum(a.argmax() == b.argmax() for a, b in zip(crops.logits, crops.of_dense, strict=True))
    assert crops.same_answer == same


def test_without_padding_crops_are_the_windows_of_the_one_pass():
    network = nn.Sequential(
        OrderedDict(
            (name, layer)
            for name, layer in small(padding=0).named_children()
            if name != "block"  # whose 3×3 is padded
        )
    )
    runner, size, x = Runner(network), window(network, (3, 15, 15)), noise(27, 23)
    end = classifier(runner)
    found = ended(dense(runner, end, x))
    crops = ended(cropped(runner, end, x, size, found))
    torch.testing.assert_close(crops.logits, crops.of_dense)
    assert float(crops.at_places.max()) < 1e-6


def test_a_crop_with_the_whole_photo_around_it_is_the_one_pass():
    runner, x = Runner(small()), noise(40, 32)
    end = classifier(runner)
    size = window(runner.network, SHAPE)
    found = ended(dense(runner, end, x))
    around = ended(surrounded(runner, end, x, size, found))
    assert around.margins_px[:3] == (0, 4, 8)
    assert around.apart[0] > 1e-3
    assert around.apart[-1] < 1e-6
    row, column = 3, 2  # the crop in the middle of 7 × 5
    alone = end.at_a_place(runner.network[:5](x[None, :, 12:28, 8:24]))[0]
    inside = found.scores[:, row : row + 4, column : column + 4]
    assert around.apart[0] == pytest.approx(float((alone - inside).abs().mean()), rel=1e-4)


# ── Channels off ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", ["zero", "mean"])
def test_a_channel_that_is_off_is_replaced_in_the_network_itself(by: str):
    runner, halt, _ = halted("block.mix")
    off = torch.tensor([[True, *[False] * 5], [False, True, True, *[False] * 3]])
    found = ended(answers(runner, halt, off, by))
    for chosen, logits in zip(off, found, strict=True):

        def replaced(_module, _inputs, maps, chosen=chosen):
            maps = maps.clone()
            for channel in chosen.nonzero()[:, 0].tolist():
                maps[0, channel] = 0 if by == "zero" else maps[0, channel].mean()
            return maps

        hook = runner.network.block.mix.register_forward_hook(replaced)
        torch.testing.assert_close(logits, runner.network(noise(16, 16)[None])[0])
        hook.remove()


def test_importance_is_every_channel_alone_in_any_batches(monkeypatch):
    runner, halt, logits = halted("last")
    found = ended(importance(runner, halt, logits, "zero"))
    assert found.answer == int(logits.argmax())
    assert found.before == pytest.approx(float(logits.softmax(0).max()))
    for channel in range(8):
        maps = halt.maps.clone()
        maps[0, channel] = 0
        without = runner.network.linear(maps.mean((2, 3)))[0].softmax(0)[found.answer]
        assert float(found.without[channel]) == pytest.approx(float(without))
    assert found.without[found.order[0]] == found.without.min()
    monkeypatch.setattr("viz.lessons.trained.switching.TOGETHER", 1)
    torch.testing.assert_close(
        ended(importance(runner, halt, logits, "zero")).without, found.without
    )


def test_a_mean_before_the_average_changes_nothing():
    """The classifier reads means, so a map may be replaced by its own."""
    runner, halt, logits = halted("last")
    found = ended(answers(runner, halt, torch.ones(1, 8, dtype=torch.bool), "mean"))
    torch.testing.assert_close(found[0], logits)


def test_curves_begin_with_all_channels_and_end_with_none():
    runner, halt, logits = halted("block.mix")
    single = ended(importance(runner, halt, logits, "zero"))
    many = ended(falls(runner, halt, single, "zero", seed=0))
    assert many.counts == (0, 1, 2, 4, 6)
    assert many.ordered[0] == pytest.approx(single.before)
    assert many.ordered[1] == pytest.approx(float(single.without.min()))
    everything = ended(runner.after(halt, 0 * halt.maps))[0].softmax(0)[single.answer]
    for curve in (many.ordered, *many.random):
        assert float(curve[0]) == pytest.approx(single.before)
        assert float(curve[-1]) == pytest.approx(float(everything))
    assert len({tuple(curve.tolist()) for curve in many.random}) > 1
    assert torch.equal(ended(falls(runner, halt, single, "zero", seed=0)).random, many.random)
    assert not torch.equal(ended(falls(runner, halt, single, "zero", seed=1)).random, many.random)


def test_the_first_of_an_order_are_off():
    order = torch.randperm(20, generator=torch.Generator().manual_seed(2))
    for count, mask in zip(counts(20), first_of(order, counts(20)), strict=True):
        assert set(mask.nonzero()[:, 0].tolist()) == set(order[:count].tolist())


def test_nothing_off_leaves_the_maps():
    maps = noise(4, 4)[None]
    assert torch.equal(switched_off(maps, torch.zeros(1, 3, dtype=torch.bool), "mean"), maps)
    order = Importance(0, 1.0, torch.tensor([0.5, 0.1, 0.9])).order
    assert order.tolist() == [1, 0, 2]


# ── What drives a channel ───────────────────────────────────────────────────────────────────────


def test_the_strongest_places_of_all_pictures_come_first():
    runner = Runner(small())
    pictures = [noise(16, 16), noise(20, 28, seed=1), noise(12, 12, seed=2)]
    found = ended(driven(runner, runner.node("block.mix"), 3, pictures, most=4, of_each=3))
    part = Part(runner.network, runner.node("block.mix"))
    maps = [part(x)[3] for x in pictures]
    for one, other in zip(found.maps, maps, strict=True):
        torch.testing.assert_close(one, other)
    values = [driver.value for driver in found.drivers]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(max(float(each.max()) for each in maps))
    assert len(values) == 4
    for driver in found.drivers:
        assert driver.value == pytest.approx(float(maps[driver.picture][driver.row, driver.column]))


def test_places_of_one_map_lie_apart():
    values = noise(9, 9)[0]
    places = strongest(values, 50)
    for n, (row, column) in enumerate(places):
        assert all(max(abs(row - r), abs(column - c)) >= 2 for r, c in places[:n])
    assert places[0] == divmod(int(values.argmax()), 9)
    assert strongest(torch.ones(1, 1), 3) == [(0, 0)]


def test_a_layer_without_places_has_one():
    runner = Runner(small())
    found = ended(driven(runner, runner.node("linear"), 2, [noise(16, 16)], 4, 2))
    assert [len(found.drivers), tuple(found.maps[0].shape)] == [1, (1, 1)]


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────


def test_the_gradient_of_a_channel_is_that_of_small_changes():
    network, x = small().double(), noise(16, 16).double()
    runner = Runner(network)
    part = Part(network, runner.node("second"))
    (found,) = list(seen(part, x, (1, 2), draws=5, channel=4))
    box = box_of(receptive_field(part, SHAPE), (1, 2))
    assert found.box == box
    for row, column in ((5, 9), (0, 8), (box.top, box.left)):
        slopes = []
        for colour in range(3):
            step = torch.zeros_like(x)
            step[colour, row, column] = 1e-6
            slopes.append(float((part(x + step) - part(x - step))[4, 1, 2]) / 2e-6)
        expected = sum(slope**2 for slope in slopes)
        inside = found.energy[row - box.top, column - box.left]
        assert float(inside) == pytest.approx(expected, rel=1e-5, abs=1e-14)


def test_all_channels_are_the_mean_over_random_signs():
    network, x = small().double(), noise(16, 16).double()
    part = Part(network, Runner(network).node("second"))
    *_, found = seen(part, x, (1, 1), draws=200)
    singles = [list(seen(part, x, (1, 1), 1, channel))[-1].energy for channel in range(8)]
    expected = torch.stack(singles).sum(0)
    assert found.draws == 200
    assert float((found.energy - expected).abs().sum()) < 0.15 * float(expected.sum())


def test_a_unit_without_gradient_has_its_whole_box():
    network = small()
    for weights in network.parameters():
        weights.zero_()
    part = Part(network, Runner(network).node("second"))
    *_, found = seen(part, noise(16, 16), (1, 1), draws=2)
    assert found.side_px == len(found.energy) == found.box.bottom - found.box.top


# ── Tuning ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Sweep:
    sweep = Sweep.evenly(4, (4.0, 8.0), phases=4)
    monkeypatch.setattr(tuned, "SWEEP", sweep)
    return sweep


def test_a_matrix_times_the_answers_is_the_answer_of_the_1x1(quick: Sweep, tmp_path: Path):
    network = small()
    runner = Runner(network)
    cat, mix = Part(network, runner.node("cat")), Part(network, runner.node("block.mix"))
    before = ended(tuned.swept(cat, 3, "small", DiskCache(tmp_path)))
    matrix = network.block.mix.weight[:, :, 0, 0]
    size_px = tuned.shown_px(mix, 3)
    after = responses(mix, quick, Screen(3, 0.5, 0.5, size_px))
    torch.testing.assert_close(tuned.mixed(matrix, before), after, atol=1e-5, rtol=1e-4)


def test_a_sweep_is_kept_on_disk_by_weights_and_setting(quick: Sweep, tmp_path: Path, monkeypatch):
    network, cache = small(), DiskCache(tmp_path)
    part = Part(network, Runner(network).node("second"))
    first = ended(tuned.swept(part, 3, "weights", cache))
    asked = []

    def nothing(*given):
        asked.append(given)
        yield
        return 0 * first

    monkeypatch.setattr(tuned, "responding", nothing)
    assert torch.equal(ended(tuned.swept(part, 3, "weights", cache)), first)
    assert asked == []
    ended(tuned.swept(part, 3, "other weights", cache))
    monkeypatch.setattr(tuned, "MEAN", 0.25)
    ended(tuned.swept(part, 3, "weights", cache))
    assert len(asked) == 2


def test_a_kept_sweep_of_another_shape_is_not_taken(quick: Sweep, tmp_path: Path):
    network, cache = small(), DiskCache(tmp_path)
    part = Part(network, Runner(network).node("second"))
    first = ended(tuned.swept(part, 3, "key", cache))
    (file,) = tmp_path.iterdir()
    other = DiskCache(tmp_path / "other")
    other.put("x", {"responses": torch.zeros(2, 3)})
    file.write_bytes(next((tmp_path / "other").iterdir()).read_bytes())
    torch.testing.assert_close(ended(tuned.swept(part, 3, "key", cache)), first)


def test_shuffled_weights_are_the_same_numbers_elsewhere():
    matrix = torch.randn(5, 9, generator=torch.Generator().manual_seed(0))
    one, other = tuned.shuffled(matrix, 0), tuned.shuffled(matrix, 1)
    for each in (one, other):
        assert torch.equal(each.flatten().sort().values, matrix.flatten().sort().values)
    assert not torch.equal(one, other)
    assert torch.equal(tuned.shuffled(matrix, 0), one)


def test_every_shuffle_has_a_seed_of_its_own_and_statistics(quick: Sweep):
    generator = torch.Generator().manual_seed(3)
    answered = torch.randn(6, *quick.shape, generator=generator)
    matrix = torch.randn(4, 6, generator=generator)
    found = tuned.tuned(matrix, answered, seed=1)
    assert len(found.shuffled) == tuned.SHUFFLES
    expected = curve_of(tuned.mixed(tuned.shuffled(matrix, 10), answered), quick)
    torch.testing.assert_close(found.shuffled[0].selectivity, expected.selectivity)
    mixed = torch.einsum("oc,cwtp->owtp", matrix, answered)
    torch.testing.assert_close(found.after.response, curve_of(mixed, quick).response)
    means = {round(tuned.mean_selectivity(each), 6) for each in found.shuffled}
    assert len(means) == tuned.SHUFFLES


def test_a_faint_channel_has_no_say(quick: Sweep):
    answered = torch.randn(3, *quick.shape, generator=torch.Generator().manual_seed(3))
    answered[1] *= 1e-4
    found = tuned.tuned(torch.eye(3), answered, seed=0)
    assert found.before.is_silent.tolist() == [False, True, False]
    loud = found.before.selectivity[[0, 2]]
    assert tuned.mean_selectivity(found.before) == pytest.approx(float(loud.mean()))
    silent = tuned.tuned(torch.eye(3), 0 * answered, seed=0)
    assert math.isnan(tuned.mean_selectivity(silent.after))
