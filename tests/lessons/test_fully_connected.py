"""The lesson on fully connected layers: each number by another route."""

from __future__ import annotations

import threading

import pytest
import torch
from looking import ended, leaving, noise, shipped
from torch import Tensor, nn

from viz import lessons, memory
from viz.lessons.blocks import Panels, Table
from viz.lessons.fully_connected import full_size, published, surgery
from viz.lessons.fully_connected.sections import grid as grid_section
from viz.lessons.fully_connected.setting import CROP_PX, FOLDED, STRIDE_PX, Setting
from viz.lessons.fully_connected.stages import FILTERS, square
from viz.lessons.fully_connected.twin import crop_at, places, twin, windows
from viz.lessons.lesson import Unit
from viz.run import stage_facts
from viz.trace import cost, layer_rows

LESSON = lessons.load("fully_connected")
SIZES = range(CROP_PX, 481, STRIDE_PX)
SMALL = ((3, 4, 2), 5, 6)


def table(blocks: list[object]) -> Table:
    return next(block for block in blocks if isinstance(block, Table))


# ── The square ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("length", [1, 149, 224, 300, 480, 512])
def test_the_middle_of_a_picture_is_a_crop_of_every_square(length: int) -> None:
    """Counted by hand: where the middle begins, in the square's own pixels, is a whole step."""
    for side_px in SIZES:
        before, after = square(side_px).margins(length)
        assert before + length + after == side_px
        middle = (length - CROP_PX) // 2 if length >= CROP_PX else -((CROP_PX - length) // 2)
        first = middle + before
        assert first % STRIDE_PX == 0
        assert 0 <= first <= side_px - CROP_PX


def test_the_square_is_the_picture_with_black_around_it() -> None:
    pixels = noise(300, 250) + 1
    whole = square(480)(pixels)
    assert whole.shape == (3, 480, 480)
    assert int((whole > 0).sum()) == pixels.numel()
    assert torch.equal(whole[whole > 0], pixels.flatten())


@pytest.mark.parametrize("side_px", SIZES)
def test_every_32_px_more_give_one_more_place(side_px: int) -> None:
    setting = Setting(input_px=side_px)
    maps = leaving(LESSON, setting, noise(70, 90))
    n = (side_px - CROP_PX) // STRIDE_PX + 1
    assert maps["mixed"].shape == (32, n + 6, n + 6)
    assert maps["scores"].shape == (10, n, n) == (10, *places(maps["square"]))


def test_a_score_sees_exactly_one_crop() -> None:
    facts = stage_facts(LESSON.network(Setting(), noise()), (3, 24, 20))["scores"]
    assert (facts["size"], facts["stride"]) == ((CROP_PX,) * 2, (STRIDE_PX,) * 2)


def test_the_filters_read_every_pixel_once() -> None:
    """A Gabor kernel of 7×7 in windows of 8×8 that lie side by side."""
    pixels = noise(224, 224)
    built = LESSON.build(Setting(input_px=CROP_PX), pixels)
    bank = built.network.get_submodule("filters.gabor")
    grey = built.network.get_submodule("filters.luminance")(pixels)
    kernels = FILTERS.kernels()
    response = torch.stack(
        [
            (grey[0, 8 * row : 8 * row + 7, 8 * column : 8 * column + 7] * kernels).sum((1, 2))
            for row in range(28)
            for column in range(28)
        ]
    )
    torch.testing.assert_close(bank(grey).flatten(1).T, response, atol=1e-5, rtol=1e-4)


# ── Both heads ──────────────────────────────────────────────────────────────────────────────────


def test_one_pass_is_the_fully_connected_network_at_every_crop() -> None:
    pixels = shipped("astronaut", 512)
    both = twin(LESSON.build(Setting(), pixels)).double()
    whole = both.square(pixels.double())
    found, rows = both.in_one_pass(whole), both.convolved
    first, last = (rows.get_submodule(name).weight.flatten(1) for name in ("head", "scores"))
    for row, column in ((0, 0), (2, 5), (5, 3)):
        maps = both.trunk(crop_at(whole, (row, column)))
        assert maps.shape == (32, 7, 7)
        by_hand = last @ (first @ maps.flatten()).relu()
        torch.testing.assert_close(found[:, row, column], by_hand)
    torch.testing.assert_close(found, both.on_crops(whole))
    torch.testing.assert_close(windows(both.trunk(whole)), both.trunk_on_crops(whole))


def test_with_zero_padding_only_crops_without_neighbours_agree() -> None:
    pixels = shipped("astronaut", 512)
    both = twin(LESSON.build(Setting(zero_padding=True), pixels)).double()
    whole = both.square(pixels.double())
    apart = (windows(both.trunk(whole)) - both.trunk_on_crops(whole)).abs().amax((0, 3))
    assert (apart[1:-1, 1:-1] < 1e-9).all()
    assert (apart[[0, -1]] > 1e-3).all()
    alone = both.square(pixels.double())[..., :CROP_PX, :CROP_PX]
    torch.testing.assert_close(both.in_one_pass(alone), both.on_crops(alone))


def test_the_weights_of_both_are_the_same_memory() -> None:
    both = twin(LESSON.build(Setting(), noise()))
    for name in ("head", "scores"):
        one, other = (
            part.get_parameter(f"{name}.weight") for part in (both.convolved, both.connected)
        )
        assert one.data_ptr() == other.data_ptr()


@pytest.mark.parametrize("padding", [False, True])
def test_the_bound_of_rounding_holds_every_product(padding: bool) -> None:
    """Against a network of the absolute weights, on pixels that are not negative."""
    pixels = noise(240, 300)
    built = LESSON.build(Setting(input_px=256, zero_padding=padding), pixels)
    both = twin(built).double()
    whole = both.square(pixels.double())
    found = both.magnitude(whole)
    absolute = nn.Sequential(*both.trunk, *both.convolved)  # changed in place below
    for weight in absolute.parameters():
        weight.data = weight.data.abs()
    torch.testing.assert_close(found, absolute(whole))
    terms = 3 + 8 * 8 + 16 + 9 * padding + 32 * 49 + 64
    assert both.terms == terms


# ── Shapes ──────────────────────────────────────────────────────────────────────────────────────


def test_the_table_has_the_scores_of_the_canvas_at_the_place_that_was_clicked() -> None:
    pixels = shipped("astronaut", 512)
    scores = leaving(LESSON, Setting(), pixels)["scores"]
    for place in ((0, 5), (4, 2)):
        blocks = LESSON.section("shapes", Setting(), pixels, Unit("scores", 3, *place))
        columns = blocks[1].columns
        (crop,), rows = columns[0][0].panels, columns[1][0].rows
        for channel, (name, dense, convolved, _) in enumerate(rows):
            assert name == str(channel + 1)
            value = float(scores[(channel, *place)])
            assert float(dense.replace("−", "-")) == pytest.approx(value, abs=2e-6)
            assert float(convolved.replace("−", "-")) == pytest.approx(value, abs=2e-6)
        top, left = (48 + STRIDE_PX * at for at in place)
        torch.testing.assert_close(crop.maps, pixels[:, top : top + CROP_PX, left : left + CROP_PX])
        assert "same ten scores" in str(blocks[0].text)


def test_a_click_elsewhere_shows_the_crop_that_is_marked_at_rest() -> None:
    pixels = shipped("astronaut", 512)
    titles = [
        str(LESSON.section("shapes", Setting(), pixels, unit)[1].columns[0][0].panels[0].title)
        for unit in (None, Unit("filters", 0, 20, 20))
    ]
    scores = leaving(LESSON, Setting(), pixels)["scores"][0]
    row, column = divmod(int(scores.abs().argmax()), 6)
    assert titles == [f"The crop of row {row}, column {column}"] * 2


def test_zero_padding_is_said_to_give_other_scores() -> None:
    pixels = shipped("astronaut", 512)
    padded = LESSON.section("shapes", Setting(zero_padding=True), pixels)
    assert "other scores" in str(padded[0].text)
    alone = LESSON.section("shapes", Setting(zero_padding=True, input_px=CROP_PX), pixels)
    assert "same ten scores" in str(alone[0].text)


def test_the_published_counts() -> None:
    dense, convolved = (
        published.rows(network) for network in (published.connected(), published.convolutional())
    )
    assert {name: dense[name].parameters for name in published.LINEAR} == {
        "fc6": 25088 * 4096 + 4096,
        "fc7": 4096 * 4096 + 4096,
        "fc8": 4096 * 1000 + 1000,
    }
    assert dense["fc6"].parameters == 102_764_544
    assert dense["fc8"].parameters == 4_097_000
    for name, row in dense.items():
        if name != "flatten":
            other = convolved[name]
            assert (row.parameters, row.macs) == (other.parameters, other.macs)
    assert sum(row.parameters for row in dense.values()) == 138_357_544  # as torchvision counts


# ── The full size ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "SIZES", SMALL)
    monkeypatch.setattr(full_size, "_FOUND", {})


def test_the_full_size_is_that_of_the_published_layers() -> None:
    rows = published.rows(published.connected())
    assert full_size.parameters() == rows["fc6"].parameters + rows["fc8"].parameters
    assert round(full_size.needed_bytes() / 1e6) == 427
    assert "427 MB" in full_size.REFUSED


def test_both_ways_give_the_same_scores(small: None) -> None:
    found = ended(full_size.compared())
    assert found.parameters == (24 + 1) * 5 + (5 + 1) * 6
    assert found.difference <= found.allowed < 1e-4


def test_a_slip_would_be_seen(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "folded", lambda matrix, shape: matrix.view(-1, *shape).flip(-1))
    found = ended(full_size.compared())
    assert found.difference > found.allowed


def test_it_is_computed_once_for_all_and_one_at_a_time(small: None) -> None:
    first, second = full_size.compared(), full_size.compared()
    assert next(first).done > 0
    assert next(second) == full_size.Share(0.0, waits=True)
    found = ended(first)
    assert ended(second) is found
    with pytest.raises(StopIteration):
        next(full_size.compared())


def test_whoever_leaves_makes_room_for_the_next(small: None) -> None:
    first = full_size.compared()
    next(first)
    first.close()
    assert not full_size._ONE.locked()
    assert next(full_size.compared()).done > 0


def test_without_memory_it_is_refused_in_a_sentence(small: None, monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: full_size.needed_bytes())
    with pytest.raises(memory.TooLarge, match="try again later"):
        next(full_size.compared())
    assert not full_size._ONE.locked()
    monkeypatch.setattr(memory, "available_bytes", lambda: None)  # a system that does not say
    assert ended(full_size.compared()).parameters


def test_its_memory_is_freed(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given_back = []
    monkeypatch.setattr(memory, "give_back", lambda: given_back.append(threading.active_count()))
    ended(full_size.compared())
    assert len(given_back) == 1
    assert not [each for each in vars(full_size).values() if isinstance(each, Tensor)]


def test_nothing_is_allocated_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "_compared", lambda: pytest.fail("allocated"))
    assert LESSON.section("shapes", Setting(), noise())


def test_the_section_says_what_was_found(small: None) -> None:
    blocks = LESSON.section("shapes", Setting(full_size=True), noise())
    assert str(blocks[0].text).startswith("**Full size**: 161 parameters")


# ── Weight surgery ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["channels_first", "channels_last"])
def test_each_weight_has_a_place_of_its_own(order: str) -> None:
    numbers = torch.arange(FOLDED).view(2, 3, 3)
    if order == "channels_last":
        numbers = torch.arange(FOLDED).view(3, 3, 2).permute(2, 0, 1)
    for n in range(FOLDED):
        assert numbers[surgery.place(n, order)] == n


def test_folded_as_pytorch_flattens_the_kernel_is_the_row() -> None:
    maps = surgery.small_maps(shipped("astronaut", 512))
    assert maps.shape == (2, 5, 5)
    assert set(maps.flatten().tolist()) <= set(range(10))
    found = surgery.fold(maps, FOLDED, "channels_first")
    conv = nn.Conv2d(2, 1, 3, bias=False).requires_grad_(False)
    conv.weight.copy_(torch.tensor(surgery.ROW, dtype=torch.float32).view(1, 2, 3, 3))
    assert found.of_row == found.of_kernel == int(conv(maps)[0, 0, 0])
    assert found.of_row == sum(
        w * int(v) for w, v in zip(surgery.ROW, maps[:, :3, :3].flatten(), strict=True)
    )


def test_half_way_the_kernel_has_half_of_the_row() -> None:
    maps = torch.ones(2, 5, 5)
    for done in range(FOLDED + 1):
        found = surgery.fold(maps, done, "channels_first")
        assert found.of_kernel == sum(surgery.ROW[:done])
        assert int((found.kernel != 0).sum()) == done


def test_the_wrong_order_is_said_to_give_another_number() -> None:
    pixels = shipped("astronaut", 512)
    right, wrong = (
        str(LESSON.section("surgery", Setting(folded=FOLDED, order=order), pixels)[0].text)
        for order in ("channels_first", "channels_last")
    )
    assert ["wrong order" in said for said in (right, wrong)] == [False, True]


def test_no_weight_of_the_row_is_nothing() -> None:
    assert len([weight for weight in surgery.ROW if weight]) == FOLDED


# ── Output grid ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("side_px", [224, 225, 255, 256, 300, 383, 384, 512])
def test_the_grid_is_the_formula_and_what_a_network_of_that_shape_gives(side_px: int) -> None:
    found = published.grid(side_px)
    assert (found.trunk, found.output) == (side_px // 32, side_px // 32 - 6)
    x = torch.empty(1, 3, side_px, side_px, device="meta")
    assert published.convolutional()(x).shape == (1, 1000, found.output, found.output)


def test_the_grid_of_the_paper_and_of_larger_inputs() -> None:
    assert published.grid(224).output == 1
    assert published.grid(384).output == 6


def test_multiply_adds_by_a_plain_loop() -> None:
    macs, side, channels = 0, 384, 3
    for widths in ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3):
        for width in widths:
            macs += 9 * channels * width * side**2
            channels = width
        side //= 2
    places = (side - 6) ** 2
    macs += places * (25088 * 4096 + 4096 * 4096 + 4096 * 1000)
    assert published.grid(384).in_one_pass == macs
    assert published.grid(384).crop_by_crop == 36 * 15_470_264_320


def test_the_table_compares_the_network_of_the_canvas_too() -> None:
    pixels = shipped("astronaut", 512)
    blocks = LESSON.section("grid", Setting(grid_px=384), pixels)
    (_, one, many, ratio) = blocks[2].columns[1][1].rows[1]
    network = LESSON.network(Setting(input_px=384), pixels)
    whole = cost(network, tuple(pixels.shape)).macs
    crop = cost(LESSON.network(Setting(input_px=224), pixels), tuple(pixels.shape)).macs
    assert (one, many) == (f"{whole:,}", f"{36 * crop:,}")
    assert float(str(ratio)) == pytest.approx(36 * crop / whole, rel=0.01)


def test_dots_lie_in_the_middle_of_every_crop() -> None:
    grey = torch.full((3, 384, 384), 0.5)
    marked = grid_section.marked(grey, 6)
    white = (marked == 1).all(0)
    for row in range(6):
        for column in range(6):
            y, x = CROP_PX // 2 + STRIDE_PX * row, CROP_PX // 2 + STRIDE_PX * column
            assert white[y - 1 : y + 1, x - 1 : x + 1].all()
    assert int(white.sum()) == 36 * grid_section.DOT_PX**2
    assert (grey == 0.5).all()
    assert bool((marked[:, :4, :CROP_PX] != 0.5).all())


def test_the_stairs_go_up_where_the_formula_does() -> None:
    blocks = LESSON.section("grid", Setting(grid_px=300), noise())
    chart = blocks[2].columns[1][0].arguments
    assert chart["lines"]["VGG-16"] == [side // 32 - 6 for side in chart["x"]]
    assert chart["at"] == 300
    assert isinstance(blocks[2].columns[0][0], Panels)


def test_only_the_layer_with_zero_padding_reads_beyond_a_crop() -> None:
    for padded in (False, True):
        network = LESSON.network(Setting(zero_padding=padded), noise())
        field = layer_rows(network[1:], (3, 384, 384))[-1].receptive_field
        assert (field.padding > (0, 0)) == padded
