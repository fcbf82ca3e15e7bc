"""How networks were trained on digits, and whether those trained here agree with the shipped ones."""

from __future__ import annotations

from viz.lessons.blocks import Block, Button, Prose
from viz.lessons.network_in_network.differences import STANDARD_ERRORS
from viz.lessons.network_in_network.digit_errors import Outcomes, largest_difference
from viz.numbers import exact
from viz.text import Text, text
from viz.training.digit_runs import SEEDS
from viz.training.shipped_runs import SCRIPT, shipped


def how_trained(here: Outcomes, field: str) -> list[Block]:
    """The optimiser, the seeds and the date, then the comparison with what was trained here."""
    blocks: list[Block] = [Prose(_shipped(), "caption")]
    if here:
        return [*blocks, Prose(_agreement(here))]
    return [*blocks, Button(text("Train them here with one seed"), {field: 1})]


def _shipped() -> Text:
    found = shipped()
    return text(
        "± is the standard deviation over {seeds} seeds. A difference is clear if it exceeds {errors} of its standard errors over pairs of equal seeds. "
        "Each network: Adam, {steps} steps of {batch} digits, rate from {rate} to 0. Computed on {day} by `{script}`, torch {torch}.",
        seeds=len(SEEDS),
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
