"""Pages of digits to learn from, and the shipped networks that learned."""

from __future__ import annotations

import pytest
import torch
from safetensors import SafetensorError

from viz.networks.digit_finder import NONE, digit_finder
from viz.training import digit_pages
from viz.training.classifier import Schedule, wrong
from viz.training.digit_pages import PAGE_PX, crops_of_pages, page
from viz.training.digits import Digits, some_for_training, split
from viz.training.shipped_finder import PADDINGS, file_of, finder, read, trained, write

FEW = some_for_training(50, 0)
BLACK = Digits(torch.ones(3, 1, 8, 8), torch.tensor([7, 7, 7]))


def test_a_page_is_paper_with_digits() -> None:
    paper = page([FEW.images[0], FEW.images[1]], [(0, 0), (10, 12)], (24, 32))
    assert torch.equal(paper[:, :8, :8], FEW.images[0])
    assert torch.equal(paper[:, 10:18, 12:20], FEW.images[1])
    assert float(paper.sum()) == pytest.approx(float(FEW.images[:2].sum()))


def test_crops_of_digits_have_their_ink_and_others_less() -> None:
    """With black squares for digits, the ink says how far a crop lies from one."""
    crops = crops_of_pages(BLACK, pages=40, seed=3)
    ink = crops.images.sum((1, 2, 3))
    shows = crops.labels == 7
    assert set(crops.labels.tolist()) == {7, NONE}
    assert float(ink[shows].min()) >= 49  # a pixel beside it: 7×7 of it at least
    alone = ink[~shows]
    assert float(alone.min()) == 0
    assert 0.3 < float(shows.float().mean()) < 0.7


def test_digits_on_a_page_do_not_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[tuple[int, int]]] = []
    monkeypatch.setattr(
        digit_pages,
        "page",
        lambda images, corners, size: (seen.append(corners), page(images, corners, size))[1],
    )
    crops_of_pages(FEW, pages=30, seed=0)
    for corners in seen:
        for n, (row, column) in enumerate(corners):
            assert 0 <= row <= PAGE_PX[0] - 8
            assert 0 <= column <= PAGE_PX[1] - 8
            assert all(abs(row - r) >= 8 or abs(column - c) >= 8 for r, c in corners[:n])


def test_another_seed_gives_other_pages() -> None:
    one, again, other = (crops_of_pages(FEW, 5, seed) for seed in (0, 0, 1))
    assert torch.equal(one.images, again.images)
    assert one.images.shape != other.images.shape or not torch.equal(one.images, other.images)


# ── The shipped networks ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("padding", PADDINGS)
def test_the_shipped_network_gets_as_many_digits_right_as_its_file_says(padding: int) -> None:
    found, test = finder(padding), split().test
    mistakes = int((found.network(test.images).argmax(1) != test.labels).sum())
    assert mistakes == found.wrong == wrong(found.network, test)
    assert mistakes / len(test.labels) < 0.03
    assert found.padding == padding
    assert not any(weight.requires_grad for weight in found.network.parameters())


@pytest.mark.parametrize("padding", PADDINGS)
def test_it_tells_crops_that_show_none_on_pages_of_digits_it_has_not_seen(padding: int) -> None:
    crops = crops_of_pages(split().test, pages=60, seed=9)
    right = finder(padding).network(crops.images).argmax(1) == crops.labels
    none = crops.labels == NONE
    assert float(right[none].float().mean()) > 0.97
    assert float(right[~none].float().mean()) > 0.95


def test_the_script_trains_such_a_network_from_its_seed(tmp_path) -> None:
    """A short training, written and read again; the shipped one takes half a minute."""
    short = Schedule(steps=150, batch=50, rate=0.01)
    network = trained(0, short, pages=60)
    write(network, 0, tmp_path / "finder.safetensors")
    found = read(tmp_path / "finder.safetensors")
    for name, weight in network.state_dict().items():
        assert torch.equal(found.network.state_dict()[name], weight)
    assert found.wrong == wrong(network, split().test) < 0.5 * 797
    again = trained(0, short, pages=60).state_dict()
    assert all(torch.equal(again[name], weight) for name, weight in network.state_dict().items())


def test_a_file_that_is_no_such_network_is_refused(tmp_path) -> None:
    pickle = tmp_path / "no.safetensors"
    pickle.write_bytes(b"\x80\x04pickle and more of it")
    with pytest.raises(SafetensorError):
        read(pickle)
    write(digit_finder(1), 0, tmp_path / "other.safetensors")
    with pytest.raises(RuntimeError, match="size mismatch"):
        read(tmp_path / "other.safetensors")


@pytest.mark.parametrize("padding", PADDINGS)
def test_the_file_holds_numbers_and_text_only(padding: int) -> None:
    """Its header is JSON, and it is as long as the header and the numbers together."""
    content = file_of(padding).read_bytes()
    header = int.from_bytes(content[:8], "little")
    numbers = sum(weight.numel() for weight in digit_finder(padding).parameters())
    assert content[8 : 8 + header].strip().startswith(b"{")
    assert len(content) == 8 + header + 4 * numbers
