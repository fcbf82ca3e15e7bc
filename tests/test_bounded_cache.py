"""A store against a plain list of what must still be there."""

from __future__ import annotations

from threading import Barrier, Thread

from hypothesis import given, settings
from hypothesis import strategies as st

from viz.bounded_cache import BoundedCache


def sized(max_size: int) -> BoundedCache[str, int]:
    """A store of numbers that are their own size."""
    return BoundedCache(max_size, size_of=lambda value: value)


STEPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(1, 8))), max_size=40
)


@given(STEPS, st.integers(1, 12))
@settings(max_examples=150)
def test_holds_the_most_recently_used_that_fit(steps: list[tuple[str, int | None]], room: int):
    """The oracle: a list, the most recently used last, from which the first ones fall."""
    store, kept = sized(room), list[tuple[str, int]]()
    for key, value in steps:
        there = [pair for pair in kept if pair[0] == key]
        others = [pair for pair in kept if pair[0] != key]
        if value is None:
            assert store.get(key) == (there[0][1] if there else None)
            kept = others + there
        else:
            store.put(key, value)
            kept = others + ([(key, value)] if value <= room else [])
            while sum(size for _, size in kept) > room:
                kept.pop(0)
        assert store.size == sum(size for _, size in kept) <= room
        assert len(store) == len(kept)
    assert all(store.get(key) == value for key, value in kept)


def test_whoever_was_asked_for_stays():
    store = sized(2)
    store.put("a", 1)
    store.put("b", 1)
    store.get("a")
    store.put("c", 1)
    assert (store.get("a"), store.get("b"), store.get("c")) == (1, None, 1)


def test_a_value_larger_than_the_store_drives_nobody_out():
    store = sized(5)
    store.put("small", 2)
    store.put("huge", 6)
    assert (store.get("huge"), store.get("small"), store.size) == (None, 2, 2)


def test_a_value_that_grew_too_large_is_gone():
    store = sized(5)
    store.put("it", 2)
    store.put("it", 6)
    assert (store.get("it"), store.size, len(store)) == (None, 0, 0)


def test_clear_lets_everything_go():
    store = sized(5)
    store.put("a", 2)
    store.clear()
    assert (store.get("a"), store.size, len(store)) == (None, 0, 0)


def test_only_what_is_meant_goes_and_its_size_with_it():
    store = sized(9)
    for value in (2, 3, 4):
        store.put(str(value), value)
    store.drop_if(lambda value: value % 2 == 0)
    assert ([store.get(key) for key in "234"], store.size) == ([None, 3, None], 3)


def test_threads_leave_the_sizes_right():
    store, together = sized(50), Barrier(4)

    def work(name: str) -> None:
        together.wait()
        for n in range(400):
            store.put(f"{name}{n % 7}", n % 9 + 1)
            store.get(f"{name}{(n + 3) % 7}")

    threads = [Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [value for name in "abcd" for n in range(7) if (value := store.get(f"{name}{n}"))]
    assert store.size == sum(left) <= 50
    assert len(store) == len(left)


def test_nobody_puts_anything_in_while_another_is_at_it():
    """Just as one thread adds a size to the total, a second thread comes."""
    threads: list[Thread] = []

    class Heavy(int):
        def __radd__(self, total: int) -> int:
            threads.append(Thread(target=store.put, args=("other", 2)))
            threads[0].start()
            threads[0].join(0.2)  # it has to wait; where nothing holds it, it is through by now
            return total + int(self)

    store: BoundedCache[str, int] = BoundedCache(
        50, lambda value: Heavy(value) if value == 7 else value
    )
    store.put("it", 7)
    threads[0].join()
    assert (store.get("it"), store.get("other"), store.size) == (7, 2, 9)
