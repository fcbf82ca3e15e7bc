"""What the steps of the tours say, measured on the views that they show."""

from __future__ import annotations

from typing import Any

import torch
from looking import leaving
from torch import Tensor

from viz import images, lessons
from viz.lessons.tour import Step
from viz.run import building, facts


def step_of(slug: str, title: str) -> Step:
    """A step by its title; a step that is renamed fails here."""
    return next(step for step in lessons.load(slug).tour if step.title == title)


def stages(slug: str, title: str) -> dict[str, Tensor]:
    """What leaves every stage at a step."""
    lesson = lessons.load(slug)
    view, setting = lesson.read(lesson.query_of(step_of(slug, title)))
    picture = images.find(view.picture)
    assert picture is not None
    pixels = building.sized(picture, view.working_size_px).pixels
    return leaving(lesson, lesson.outline(setting).setting, pixels)


def maps(slug: str, title: str) -> Tensor:
    """The maps that a step shows."""
    lesson = lessons.load(slug)
    stage = lesson.read(lesson.query_of(step_of(slug, title)))[0].stage
    found = stages(slug, title)
    return found[stage] if stage else list(found.values())[-1]


def fact(slug: str, title: str) -> dict[str, Any]:
    """Shape, receptive field and counts of the stage that a step shows."""
    lesson = lessons.load(slug)
    view, setting = lesson.read(lesson.query_of(step_of(slug, title)))
    picture = images.find(view.picture)
    assert picture is not None
    pixels = building.sized(picture, view.working_size_px).pixels
    made = lesson.build(lesson.outline(setting).setting, pixels)
    found = facts.stage_facts(made.network, tuple(pixels.shape))
    return dict(found[view.stage or list(found)[-1]])


def size(slug: str, title: str) -> int:
    """The height of the receptive field at a step."""
    return int(fact(slug, title)["size"][0])


def test_the_lab_leaves_what_agrees_and_the_strongest_of_four_phases():
    filters = maps("lab", "Sixteen filters, sixteen maps")
    assert len(filters) == 16
    assert torch.equal(maps("lab", "Keep only what agrees"), filters.clamp(min=0))
    pooled = maps("lab", "Four phases become one")
    by_hand = torch.stack([part.clamp(min=0).max(0).values for part in filters.split(4)])
    assert torch.allclose(pooled, by_hand)


def test_a_pixel_of_the_coffee_goes_through_one_matrix():
    swapped = stages("pointwise", "Nine weights, another picture")
    colours, out = swapped["bank"], swapped["pointwise"]
    assert torch.allclose(out, colours.flip(0))
    red_minus_green = maps("pointwise", "Weights may be negative")[1]
    assert torch.equal(red_minus_green > 0, colours[0] > colours[1])
    twelve = maps("pointwise", "More maps, nothing new").flatten(1)
    assert torch.linalg.matrix_rank(twelve @ twelve.T, rtol=1e-5) == 3


def test_a_mean_leaves_less_than_half_of_the_scale_of_the_max():
    largest, mean = (
        maps("cross_channel_pooling", title).abs().quantile(0.99)
        for title in ("The largest of ten", "A mean cancels")
    )
    assert mean < largest / 2


def test_shuffled_groups_give_maps_that_look_alike():
    def alike(found: Tensor) -> float:
        between = torch.corrcoef(found.flatten(1))
        return float((between.sum() - len(found)) / (between.numel() - len(found)))

    kept, shuffled = (
        maps("cross_channel_pooling", title)
        for title in ("The largest of ten", "The order of channels matters")
    )
    assert alike(shuffled) > 2 * alike(kept)


def test_the_fitted_1x1_stays_away_from_the_max():
    largest, fitted = (
        maps("cross_channel_pooling", title)
        for title in ("The largest of ten", "A 1×1 cannot choose")
    )
    assert (fitted - largest).norm() > largest.norm() / 2


def test_the_two_orders_differ_as_the_tour_says():
    shown = {
        step.title: maps("pooling_order", step.title)
        for step in lessons.load("pooling_order").tour
        if "section" not in step.light
    }
    opening = shown["Two orders, two results"][2]
    assert opening.abs().max() > 0.1
    assert shown["Slide to the average"][2].abs().max() < 1e-5
    assert 1e-2 < shown["Smaller window, smaller difference"][2].norm() < opening.norm() / 2
    assert shown["Nothing mixed, nothing lost"][6:].abs().max() == 0
    one_sign = shown["No negative weight"][2]
    assert one_sign.min() >= -1e-6
    assert one_sign.max() > 0.01
    framed = shown["Even an average can fail"][2]
    assert framed.abs().max() > 0.1
    assert framed[2:-2, 2:-2].abs().max() < 1e-5


def test_what_is_missing_grows_and_shrinks_as_the_tour_says():
    missing = {
        step.title: float(shown[2].norm() / shown[0].norm())
        for step in lessons.load("reduction").tour
        if "section" not in step.light
        for shown in [maps("reduction", step.title)]
    }
    ten = missing["Fifty numbers through ten"]
    assert missing["Two are too few"] > 0.8
    assert missing["Thirty leave little out"] < 0.2
    assert missing["Any ten mixtures?"] > 1.3 * ten
    assert missing["Dropping channels is worse"] > 0.98


def test_without_the_relu_or_is_and():
    with_relu = maps("network_in_network", "Or, and, not")
    without = maps("network_in_network", "Without the ReLU")
    assert (with_relu[0] - with_relu[1]).max() > 0.5
    assert (without[0] - without[1]).abs().max() < 1e-5


def test_the_costs_of_an_inception_module():
    """By hand: the 5×5 reads 20 maps more, which the 1×1 before it makes, on maps of 56 × 56."""
    opening, wide, naive = (
        fact("inception", title)
        for title in ("One stack of maps", "Widen it, pay more", "Without any reduction")
    )
    assert wide["macs"] - opening["macs"] == 56 * 56 * (25 * 8 * 20 + 24 * 20)
    assert naive["macs"] > 3 * opening["macs"]


def test_the_boxes_of_the_receptive_fields():
    slug = "receptive_field"
    assert size(slug, "A 3×3 sees nine pixels") == size(slug, "A 1×1 adds nothing") == 3
    assert size(slug, "A stride multiplies") - size(slug, "A 1×1 adds nothing") == 4 + 8
    assert size(slug, "Only 1×1: one pixel") == 1
    assert size(slug, "VGG-16 sees nearly everything") > 149  # the height of the photo
    assert size("strided", "Strides multiply") == 17
    assert size("pointwise", "It sees one pixel") == 1


def test_a_larger_photo_gets_a_map_of_scores():
    shapes = [
        tuple(maps("fully_connected", title).shape)
        for title in ("One score for each class", "A larger photo fits too", "One pass, many crops")
    ]
    assert shapes == [(10, 1, 1), (10, 6, 6), (10, 9, 9)]
