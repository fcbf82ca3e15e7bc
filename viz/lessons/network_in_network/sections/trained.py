"""How networks were trained on digits, and whether those trained here agree with the shipped ones."""

from __future__ import annotations

from viz.lessons.blocks import Block, Button, Prose
from viz.lessons.network_in_network.differences import STANDARD_ERRORS
from viz.lessons.network_in_network.digit_errors import Outcomes, largest_difference
from viz.numbers import exact
from viz.text import Text, text
from viz.training.shipped_runs import SCRIPT, shipped


def how_trained(here: Outcomes, field: str, spread: Text) -> list[Block]:
    """The spread, the optimiser and the date, then the comparison with what was trained here.

    Args:
        here: what was trained here.
        field: the number of seeds to train here.
        spread: how the charts show the seeds.
    """
    blocks: list[Block] = [Prose(_shipped(spread), "caption")]
    if here:
        return [*blocks, Prose(_agreement(here))]
    return [*blocks, Button(text("Train them here with one seed"), {field: 1})]


def _shipped(spread: Text) -> Text:
    found = shipped()
    return text(
        "{spread} A difference is called clear if it is more than {errors} times its standard error, over pairs of networks of the same seed. "
        "Each network: {steps} steps of Adam with {batch} digits each, learning rate from {rate} to 0. Computed on {day} by `{script}`, torch {torch}.",
        spread=spread,
        errors=STANDARD_ERRORS,
        steps=exact(found.schedule.steps),
        batch=found.schedule.batch,
        rate=found.schedule.rate,
        day=found.made.isoformat(),
        script=SCRIPT,
        torch=found.torch_version,
    )


def _agreement(here: Outcomes) -> Text:
    outcomes = shipped().outcomes
    same = sum(found.wrong_in_test == outcomes[case].wrong_in_test for case, found in here.items())
    if same == len(here):
        return text(
            "The rings were trained on this server. All {n} networks make exactly as many errors as the shipped ones of the same seed.",
            n=same,
        )
    return text(
        "The rings were trained on this server. {same} of {n} networks make exactly as many errors as the shipped ones of the same seed; "
        "the others differ by at most {most} of the test digits, because processors round differently.",
        same=same,
        n=len(here),
        most=largest_difference(here, outcomes),
    )
