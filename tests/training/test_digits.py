"""The digits and their split."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from viz.training.digits import FILE, every_digit, some_for_training, split


def one_line(image: torch.Tensor) -> bytes:
    return image.numpy().tobytes()


def test_the_file_holds_the_published_digits():
    """The counts of the classes stand in the UCI's description of optdigits.tes."""
    with np.load(FILE, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    assert images.shape == (1797, 8, 8)
    assert images.dtype == labels.dtype == np.uint8
    assert images.min() == 0
    assert images.max() == 16
    published = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(labels).tolist() == published


def test_no_digit_is_both_trained_with_and_tested():
    training, test = split()
    both = torch.cat([training.images, test.images])
    assert sorted(map(one_line, both)) == sorted(map(one_line, every_digit().images))


def test_the_split_has_as_many_of_each_class():
    training, test = split()
    assert training.labels.bincount().tolist() == [100] * 10
    assert test.labels.bincount().tolist() == [78, 82, 77, 83, 81, 82, 81, 79, 74, 80]


def test_the_labels_follow_their_images():
    places = {one_line(image): int(label) for image, label in zip(*every_digit(), strict=True)}
    assert len(places) == 1797
    for part in (*split(), some_for_training(50, seed=3)):
        assert [places[one_line(image)] for image in part.images] == part.labels.tolist()


@pytest.mark.parametrize("examples", [50, 100, 200, 500, 1000])
def test_some_are_of_every_class_and_of_the_training_part(examples):
    some = some_for_training(examples, seed=2)
    assert some.labels.bincount().tolist() == [examples // 10] * 10
    known = set(map(one_line, split().training.images))
    assert set(map(one_line, some.images)) <= known


def test_more_examples_contain_the_fewer_and_another_seed_does_not():
    few, more, others = (some_for_training(*each) for each in [(50, 1), (100, 1), (50, 2)])
    assert set(map(one_line, few.images)) < set(map(one_line, more.images))
    assert set(map(one_line, few.images)) != set(map(one_line, others.images))


@pytest.mark.parametrize("examples", [0, -10, 55, 1010])
def test_other_numbers_of_examples_are_refused(examples):
    with pytest.raises(ValueError, match=f"not {examples}"):
        some_for_training(examples, seed=0)


def test_they_can_be_trained_with_although_they_are_first_read_in_inference_mode():
    every_digit.cache_clear()
    split.cache_clear()
    with torch.inference_mode():
        assert not some_for_training(10, seed=0).images.is_inference()
