"""Closed forms against counting: every size, interval and gap is found again by sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.geometry import ReceptiveField, Window, clipped, never_read, output_size, union

small = st.integers(1, 7)
windows = st.builds(Window, size=small, stride=small, padding=st.integers(-4, 6))


def starts(length, kernel, stride, before, after, dilation):
    """Every place where the whole kernel lies on the padded input, tried one by one."""
    span = range(0, dilation * kernel, dilation)
    padded = range(-before, length + after)
    return [at for at in padded[::stride] if all(at + step in padded for step in span)]


@given(st.integers(1, 40), small, small, st.integers(-3, 4), st.integers(-3, 4), small)
def test_output_size_counts_the_places_where_the_kernel_fits(
    length, kernel, stride, before, after, dilation
):
    places = starts(length, kernel, stride, before, after, dilation)
    if places:
        assert output_size(length, kernel, stride, before, after, dilation) == len(places)
    else:
        with pytest.raises(ValueError, match=f"kernel of {kernel} .* does not fit"):
            output_size(length, kernel, stride, before, after, dilation)


def test_output_size_by_hand():
    assert output_size(5, kernel=1, stride=2) == 3  # reads 0, 2, 4
    assert output_size(6, kernel=1, stride=4) == 2  # reads 0, 4: the ceiling of 6 / 4
    assert output_size(8, kernel=3, stride=3) == 2  # 6 and 7 are left over
    assert output_size(8, kernel=3, stride=3, ceil_mode=True) == 3
    assert output_size(4, kernel=1, stride=3, padding_before=1, ceil_mode=True) == 2


@pytest.mark.parametrize("bad", [(0, 1), (4, 0), (4, 1, 0), (4, 1, 1, 0, 0, 0)])
def test_output_size_refuses_sizes_below_one(bad):
    with pytest.raises(ValueError, match="at least 1"):
        output_size(*bad)


def test_the_refusal_names_all_sizes():
    with pytest.raises(ValueError, match=r"kernel of 5 spanning 9 .* 8 positions \(4 and 2 \+ 2"):
        output_size(4, kernel=5, padding_before=2, padding_after=2, dilation=2)


def test_a_window_refuses_sizes_below_one():
    with pytest.raises(ValueError, match="size 0 and stride 1"):
        Window(size=0)
    with pytest.raises(ValueError, match="size 3 and stride -2"):
        Window(size=3, stride=-2)


@given(windows, windows, st.integers(0, 9))
def test_a_composed_window_sees_what_its_parts_see(first, second, unit):
    between = range(second.seen(unit)[0], second.seen(unit)[1] + 1)
    seen = [position for middle in between for position in first.seen(middle)]
    assert first.then(second).seen(unit) == (min(seen), max(seen))


@given(windows, windows, windows)
def test_composition_is_associative_and_has_an_identity(first, second, third):
    assert first.then(second).then(third) == first.then(second.then(third))
    assert Window().then(first) == first == first.then(Window())


def test_the_distill_figure_of_three_layers():
    """3 taps at stride 1, 2 taps at stride 2, 3 taps: unit 0 sees 8 positions from −3 on."""
    window = Window(3, 1, 1).then(Window(2, 2, 0)).then(Window(3, 1, 1))
    assert window == Window(size=8, stride=2, padding=3)
    assert window.seen(0) == (-3, 4)
    assert window.centre(0) == 0.5


@given(windows, st.integers(0, 9))
def test_the_centre_is_the_mean_of_what_is_seen(window, unit):
    first, last = window.seen(unit)
    seen = range(first, last + 1)
    assert window.centre(unit) == sum(seen) / len(seen)


@given(st.integers(-9, 9), st.integers(1, 9), st.integers(1, 12))
def test_clipped_is_the_intersection(first, size, length):
    inside = sorted(set(range(first, first + size)) & set(range(length)))
    expected = (inside[0], inside[-1]) if inside else None
    assert clipped((first, first + size - 1), length) == expected


@given(st.integers(1, 40), st.integers(1, 12), windows)
def test_never_read_is_the_complement_of_all_windows(length, outputs, window):
    read = set()
    for unit in range(outputs):
        first, last = window.seen(unit)
        read.update(range(first, last + 1))
    gaps = never_read(length, outputs, window)
    listed = [position for gap in gaps for position in gap]
    assert listed == [position for position in range(length) if position not in read]
    assert all(len(gap) > 0 for gap in gaps)


def test_rows_behind_the_last_window_are_never_read():
    outputs = output_size(11, kernel=3, stride=3)
    assert never_read(11, outputs, Window(3, 3)) == (range(9, 11),)
    assert never_read(9, 3, Window(3, 3)) == ()


@pytest.mark.parametrize("bad", [(0, 3), (3, 0)])
def test_never_read_refuses_empty_maps(bad):
    with pytest.raises(ValueError, match="at least 1"):
        never_read(bad[0], bad[1], Window())


@given(windows, windows, windows, windows)
def test_both_axes_of_a_field_move_on_their_own(rows, columns, more_rows, more_columns):
    field = ReceptiveField().then(rows, columns).then(more_rows, more_columns)
    assert field.rows == rows.then(more_rows)
    assert field.columns == columns.then(more_columns)


def test_the_boxes_of_branches_move_with_their_field():
    branch = ReceptiveField((3, 3), (1, 1), (1, 1))
    both = ReceptiveField((5, 5), (1, 1), (2, 2), aligned=False, boxes=(branch,))
    pooled = both.then(Window(2, 2), Window(2, 2))
    assert pooled.boxes == (branch.then(Window(2, 2), Window(2, 2)),)
    assert not pooled.aligned


# ── Branches ────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(-2, 5)), min_size=1, max_size=4))
def test_a_union_holds_all_boxes_and_no_pixel_more(boxes: list[tuple[int, int]]):
    fields = [ReceptiveField((size, 1), (2, 2), (padding, 0)) for size, padding in boxes]
    both = union(fields)
    for unit in (0, 3):
        seen = [field.rows.seen(unit) for field in fields]
        assert both.rows.seen(unit) == (min(a for a, _ in seen), max(b for _, b in seen))
    assert both.aligned == (len({field.rows.centre(0) for field in fields}) == 1)
    assert both.boxes == (tuple(dict.fromkeys(fields)) if len(set(fields)) > 1 else ())


def test_a_union_of_unions_names_every_box_once_and_moves_with_the_next_layer():
    one, three = ReceptiveField(), ReceptiveField((3, 3), padding=(1, 1))
    twice = union([union([one, three]), three])
    assert twice.boxes == (one, three)
    after = twice.then(Window(3, 1, 1), Window(3, 1, 1))
    assert after.size == (5, 5)
    assert [box.size for box in after.boxes] == [(3, 3), (5, 5)]


def test_boxes_of_different_strides_have_no_union():
    with pytest.raises(ValueError, match=r"strides \(1, 1\), \(2, 2\) look at no common box"):
        union([ReceptiveField(), ReceptiveField(stride=(2, 2))])


@given(st.lists(windows, min_size=1, max_size=4), st.integers(1, 9))
def test_with_an_extent_the_union_holds_the_boxes_of_every_unit(branches: list[Window], units: int):
    fields = [ReceptiveField().then(window, Window()) for window in branches]
    both = union(fields, (units, 1))
    for unit in range(units):
        for field in fields:
            (first, last), (start, end) = both.rows.seen(unit), field.rows.seen(unit)
            assert first <= start <= end <= last
    drift = len({window.stride for window in branches}) > 1
    assert both.certainty == ("upper bound" if drift else "exact")


@given(windows, st.integers(-20, 40))
def test_the_units_that_see_a_position_are_found_one_by_one(window: Window, position: int):
    found = [u for u in range(-60, 90) if window.seen(u)[0] <= position <= window.seen(u)[1]]
    assert found == list(window.seen_by(position))
