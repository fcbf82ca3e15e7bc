"""A browser whose server has gone comes to another one, which shares the pictures."""

from __future__ import annotations

from typing import Any

import pytest
from test_lab_page import png
from visiting import data, opened, run_again

from viz import images
from viz.images import finding
from viz.ui import pickers
from viz.ui.visitor import Visitor


@pytest.fixture
def digest() -> str:
    """A picture that the servers share."""
    picture = images.decode(png(64))
    images.STORE.put(picture, "another server")
    return picture.digest


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    one = Visitor()
    monkeypatch.setattr(pickers, "visitor", lambda: one)
    return one


def test_its_pictures_are_its_own_again(digest: str, visitor: Visitor):
    pickers.take_back({digest: "../mine.png"})
    assert visitor.uploads == {digest: "mine.png"}
    page = opened({"picture": digest})
    page.session_state["visitor"].uploads = visitor.uploads
    page = run_again(page)
    assert data(page)["picture_name"] == "mine.png"
    assert data(page, "gallery")["pictures"][0]["name"] == "mine.png"


def test_they_stay_when_their_first_owner_goes(
    digest: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    pickers.take_back({digest: "mine.png"})
    images.STORE.drop(digest, "another server")
    assert images.find(digest) is not None


@pytest.mark.parametrize(
    "said", [None, [], "names", {"a" * 64: "nobody.png"}, {"": ""}, {1: 2}, {"coffee": "mine"}]
)
def test_what_is_not_shared_is_not_taken(said: Any, visitor: Visitor):
    pickers.take_back(said)
    assert visitor.uploads == {}


def test_only_as_many_as_a_visitor_may_have(visitor: Visitor):
    digests = []
    for seed in range(70, 70 + 2 * pickers.MAX_UPLOADS):
        picture = images.decode(png(seed))
        images.STORE.put(picture, "another server")
        digests.append(picture.digest)
    for digest in digests:
        pickers.take_back({digest: "mine.png"})
    assert list(visitor.uploads) == digests[: pickers.MAX_UPLOADS]


@pytest.mark.parametrize("is_down", [True, False])
def test_one_sentence_says_that_sharing_is_down(is_down: bool, monkeypatch: pytest.MonkeyPatch):
    class Alone(images.PictureStore):
        @property
        def is_down(self) -> bool:
            return is_down

    for module in (images, finding):
        monkeypatch.setattr(module, "STORE", Alone())
    page = opened()
    said = [caption.value for caption in page.sidebar.caption]
    assert sum("Sharing between servers is down" in each for each in said) == is_down
