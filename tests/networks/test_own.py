"""Networks of the visitor's own: named by a variable, imported, and never in the way of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from torch import nn

from viz.networks import PUBLISHED, Network, NotLoaded, menu, own
from viz.trace import layer_rows

CODE = """
from torch import nn

def small():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4))
small.input_shape = (1, 20, 24)

def plain():
    return nn.Conv2d(3, 2, 1)

def broken():
    raise RuntimeError("no weights here\\nsecond line")

def number():
    return 7
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_networks.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "my_failure.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "my_exit.py").write_text("raise SystemExit\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    own._loaded.cache_clear()


def asked(monkeypatch: pytest.MonkeyPatch, value: str) -> tuple[dict[str, Network], list[str]]:
    """The visitor's own networks, and the sentences."""
    monkeypatch.setenv("POINTWISE_NETWORK", value)
    found = menu()
    published = {network.name for network in PUBLISHED}
    assert published <= set(found.networks)
    own = {name: each for name, each in found.networks.items() if name not in published}
    return own, [str(note) for note in found.notes]


def test_without_the_variable_there_are_the_published_ones(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("POINTWISE_NETWORK", raising=False)
    assert list(menu().networks) == [network.name for network in PUBLISHED]
    assert menu().notes == ()


def test_several_networks_separated_by_commas(monkeypatch: pytest.MonkeyPatch):
    own, notes = asked(monkeypatch, " my_networks:small, my_networks:plain,,my_networks:small")
    assert notes == []
    assert [(name, each.title) for name, each in own.items()] == [
        *(("my_networks.small", "small"), ("my_networks.plain", "plain"))
    ]
    small, plain = own.values()
    assert (small.input_shape, plain.input_shape) == ((1, 20, 24), (3, 224, 224))
    rows = layer_rows(small.build(), small.input_shape)  # in evaluation mode, or it is refused
    assert rows[-1].output_shape == (4, 18, 22)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my_missing:small", "ModuleNotFoundError: No module named 'my_missing'"),
        ("my_networks:nothing", "AttributeError: module 'my_networks' has no attribute 'nothing'"),
        ("my_failure:small", "ZeroDivisionError: division by zero"),
        ("my_exit:small", "SystemExit"),
    ],
)
def test_an_import_that_fails_is_one_sentence_and_the_rest_works(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
):
    own, notes = asked(monkeypatch, f"{name},my_networks:plain")
    assert list(own) == ["my_networks.plain"]
    sentence = f"Your network “{name}” could not be loaded ({reason}); everything else works."
    assert notes == [sentence]


@pytest.mark.parametrize("name", ["small", "a b:c", "my_networks:small()", "../my:small", ":small"])
def test_what_is_not_written_as_module_and_function_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, name: str
):
    own, (note,) = asked(monkeypatch, name)
    assert own == {}
    assert f"“{name}”" in note
    assert "is not written as module:function" in note


@pytest.mark.parametrize(
    ("function", "reason"),
    [("broken", "RuntimeError: no weights here"), ("number", "TypeError: int is no nn.Module")],
)
def test_a_function_that_fails_says_so_when_its_network_is_wanted(
    monkeypatch: pytest.MonkeyPatch, function: str, reason: str
):
    own, notes = asked(monkeypatch, f"my_networks:{function}")
    assert notes == []
    with pytest.raises(NotLoaded) as raised:
        own[f"my_networks.{function}"].build()
    sentence = f"Your network “my_networks:{function}” could not be loaded ({reason}); everything else works."
    assert str(raised.value.sentence) == str(raised.value) == sentence


def test_a_network_on_meta_has_no_numbers(monkeypatch: pytest.MonkeyPatch):
    own, _ = asked(monkeypatch, "my_networks:plain")
    (network,) = own.values()
    assert {weight.device.type for weight in network.on_meta().parameters()} == {"meta"}
    assert isinstance(network.build(), nn.Conv2d)
