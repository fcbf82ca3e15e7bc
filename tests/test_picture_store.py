"""Where uploads stand: what is kept of them, and whose picture goes when others need the room."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz import images
from viz.images import Picture, PictureStore, picture_store
from viz.text import text

HALL, HOME = "10.0.0.1", "10.0.0.2"


def picture(digest: str, size: int = 1, name: str = "exam.png") -> Picture:
    """A picture of `size` times twelve bytes."""
    return Picture(name, torch.zeros(3, 1, size), digest)


def sized(room: int, now: list[float] | None = None) -> PictureStore:
    """A picture_store for so many pictures of the smallest size, with a clock that is set by hand."""
    clock = [0.0] if now is None else now
    return PictureStore(max_bytes=12 * room, min_bytes=12, clock=lambda: clock[0])


def there(store: PictureStore) -> set[str]:
    """What the picture_store holds; unlike `get` this looks at no picture."""
    return set(store._places)


# ── Names ───────────────────────────────────────────────────────────────────────────────────────


def test_no_name_is_kept_whoever_comes_first():
    store = sized(9)
    for owner, name in (("one", "Klausur.png"), ("two", "cat.png")):
        store.put(picture("a", name=name), owner)
        found = store.get("a")
        assert found is not None
        assert (found.name, found.digest) == (picture_store.UPLOADED, "a")


def test_pixels_and_note_are_kept():
    brought = Picture("mine.png", torch.rand(3, 2, 2), "a", notes=(text("reduced from 4×4"),))
    store = sized(9)
    store.put(brought)
    found = store.get("a")
    assert found is not None
    assert found.pixels is brought.pixels
    assert found.note == brought.note


# ── Room ────────────────────────────────────────────────────────────────────────────────────────

NAMES = st.sampled_from("abcdefghij")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES, st.sampled_from("vwxyz"), st.sampled_from([HALL, HOME])),
        st.tuples(st.just("put"), NAMES, st.just("greedy"), st.just(HALL)),
        st.tuples(st.just("get"), NAMES),
        st.tuples(st.just("let go"), NAMES, st.sampled_from("vwxyz")),
        st.tuples(st.just("wait"), st.floats(0, 1.5 * picture_store.IN_USE_SECONDS)),
    ),
    min_size=20,
    max_size=60,
)


@given(STEPS, st.integers(1, 12))
def test_never_too_much_and_what_is_in_use_goes_last(steps: list[tuple], room: int):
    """The oracle: when every picture was last seen, and how large each is."""
    now, seen = [0.0], dict[str, float]()
    store = sized(room, now)
    sizes = {name: place % 6 + 1 for place, name in enumerate("abcdefghij")}
    for what, *which in steps:
        before = there(store)
        if what == "wait":
            now[0] += which[0]
        elif what == "let go":
            store.drop(*which)
        elif what == "get":
            assert (store.get(which[0]) is not None) == (which[0] in before)
            seen[which[0]] = now[0]
        else:
            name, owner, address = which
            store.put(picture(name, sizes[name]), owner, address)
            fits = sizes[name] <= room
            assert (name in there(store)) == fits, "the one that comes stays"
            if fits:
                seen[name] = now[0]
            in_use = {each for each in before if now[0] - seen[each] < picture_store.IN_USE_SECONDS}
            if in_use - there(store):
                assert there(store) - {name} <= in_use, "one that is not in use was left"
        assert store.size == 12 * sum(sizes[name] for name in there(store)) <= 12 * room


def test_a_picture_too_large_for_the_store_evicts_nobody():
    store = sized(3)
    store.put(picture("a"))
    store.put(picture("huge", size=4))
    assert there(store) == {"a"}


def test_as_many_go_as_are_in_the_way_and_never_the_one_that_comes():
    store = sized(6)
    for n in range(6):
        store.put(picture(f"{n}"), f"visitor {n}")
    store.put(picture("large", size=4), "greediest of all")
    assert there(store) == {"4", "5", "large"}


def test_of_one_visitors_pictures_the_one_not_seen_for_longest_goes():
    store = sized(2)
    store.put(picture("a"))
    store.put(picture("b"))
    assert store.get("a")
    store.put(picture("c"))
    assert there(store) == {"a", "c"}


@pytest.mark.parametrize("address", [HALL, HOME, ""])
def test_seven_tabs_of_eight_pictures_evict_none_of_another_visitor(address: str):
    store = sized(40)
    store.put(picture("exam"), "somebody", HALL)
    for n in range(56):
        store.put(picture(f"{n}"), f"tab {n // 8}", address)
    assert "exam" in there(store)
    assert len(there(store)) == 40


def test_many_tabs_of_one_picture_count_as_their_address():
    store = sized(20)
    for name in ("a", "b"):
        store.put(picture(name), "somebody", HOME)
    for n in range(60):
        store.put(picture(f"{n}"), f"tab {n}", HALL)
    assert {"a", "b"} <= there(store)


def test_a_hall_that_has_not_half_of_the_room_is_not_greedy():
    """Many visitors behind one address, and one at home who holds more than each of them."""
    store = sized(16)
    hall, home = [f"hall {n}" for n in range(8)], [f"home {n}" for n in range(8)]
    for name in hall[:-1]:
        store.put(picture(name), f"student of {name}", HALL)
    for name in home:
        store.put(picture(name), "at home", HOME)
    store.put(picture(hall[-1]), "newcomer", HALL)
    assert there(store) == {*hall, *home}, "there is room for all"
    store.put(picture("new"), "elsewhere", "10.0.0.3")
    assert there(store) == {"new", *hall, *home[1:]}


def test_what_nobody_has_seen_for_long_goes_before_what_is_in_use():
    now = [0.0]
    store = sized(3, now)
    store.put(picture("old"), "modest")
    now[0] = picture_store.IN_USE_SECONDS
    store.put(picture("a"), "greedy")
    store.put(picture("b"), "greedy")
    store.put(picture("c"), "greedy")
    assert there(store) == {"a", "b", "c"}


def test_being_looked_at_is_use():
    now = [0.0]
    store = sized(3, now)
    for name in ("a", "b", "c"):
        store.put(picture(name), name)
    now[0] = picture_store.IN_USE_SECONDS / 2
    assert store.get("a")
    now[0] = picture_store.IN_USE_SECONDS + 1
    store.put(picture("d"), "c")
    assert there(store) == {"a", "b", "d"}
    store.put(picture("e"), "a")
    assert there(store) == {"a", "d", "e"}, "b holds less than a, but nobody has seen its picture"


def test_copies_make_no_visitor_look_modest():
    """Each picture of the tabs has four owners; counted by share the visitor's two would go."""
    store = sized(6)
    for name in ("mine", "mine too"):
        store.put(picture(name), "somebody")
    for n in range(20):
        for tab in "abcd":
            store.put(picture(f"{n}"), tab)
    assert {"mine", "mine too"} <= there(store)


def test_a_copy_in_greedy_hands_is_as_safe_as_in_modest_ones():
    store = sized(5)
    store.put(picture("exam"), "somebody")
    store.put(picture("exam"), "greedy")
    for n in range(20):
        store.put(picture(f"{n}"), "greedy")
    assert "exam" in there(store)


def test_the_last_owner_who_lets_go_takes_the_picture_along():
    store = sized(5)
    store.put(picture("exam"), "one")
    store.put(picture("exam"), "two")
    store.drop("exam", "one")
    store.drop("exam", "three")
    assert there(store) == {"exam"}
    store.drop("exam", "two")
    store.drop("exam", "two")
    assert (there(store), store.size) == (set(), 0)


def test_the_number_of_pictures_and_of_owners_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(picture_store, "MAX_OWNERS", 3)
    store = PictureStore(max_bytes=10 * picture_store.MIN_BYTES)
    for n in range(12):
        store.put(picture(f"{n}"), f"{n}")
        store.put(picture("same"), f"{n}")
    assert len(there(store)) == 10
    assert list(store._places["same"].owners) == ["9", "10", "11"]
    store.put(picture("same"), "9")
    assert list(store._places["same"].owners) == ["10", "11", "9"], "the latest stands last"


def test_there_is_room_for_some_of_the_largest_pictures():
    largest = 3 * 4 * images.MAX_SIDE_PX**2
    assert PictureStore().max_bytes // largest == 40
