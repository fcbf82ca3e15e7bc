"""Why the orders differ: one window in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.figures.window import window
from viz.lessons.blocks import Block, Chart, Columns, Prose
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.pooling_order.one_window import OneWindow, Place, largest, one_window
from viz.lessons.pooling_order.orders import pool_of
from viz.lessons.pooling_order.pools import AVERAGE, MAX, WORDS
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The window in every channel and in the mixture, then both orders as sums."""
    setting, mix, maps = scene.setting, scene.mixing("orders"), scene.input_of("orders")
    output = scene.unit.channel % mix.out_channels if scene.unit else 0
    found = one_window(maps, pool_of(setting, tuple(maps.shape)), mix, output, scene.place())
    arriving, stage = scene.channels("bank"), scene.built.outline["orders"]
    row = stage.stage.rows(setting, stage.arriving).names[output]
    chosen = largest(found.mixed) if setting.beta == MAX else None
    columns = [
        _grid(arriving.names[channel], values, value, chosen, setting)
        for channel, values, value in zip(found.channels, found.values, found.pooled, strict=True)
    ]
    columns.append(_grid(text("mixture {row}", row=row), found.mixed, found.second, None, setting))
    return [
        Columns(columns),
        Prose(
            text(
                "Pool, then 1×1: {sum} = **{first}**",
                sum=_sum(found, found.pooled),
                first=number(found.first),
            )
        ),
        Prose(_second(found, setting)),
        Prose(_where(found), "caption"),
    ]


def _grid(
    name: Text | str, values: Tensor, pooled: float, chosen: Place | None, setting: Setting
) -> list[Block]:
    """The numbers of a channel, with its largest and the pixel that the mixture chooses."""
    said = {"name": name, "pool": _pool(setting), "value": number(pooled)}
    kept = largest(values) if setting.beta == MAX else None
    numbers = {"values": values.tolist(), "kept": kept, "chosen": chosen}
    alt = text("The numbers of {name} in the window; {pool} {value}", **said)
    chart = Chart(f"window_{name}", window, numbers, alt, themed=True)
    return [Prose(text("**{name}**: {pool} **{value}**", **said)), chart]


def _pool(setting: Setting) -> Text:
    named = {AVERAGE: text("average"), MAX: text("largest")}
    return named.get(setting.beta, text("pool of {beta}", beta=WORDS[setting.beta]))


def _sum(found: OneWindow, values: Sequence[float]) -> str:
    """The products of the shown channels; of the others their sum, with the bias."""
    products = [
        f"{number(weight)} · {number(value)}"
        for weight, value in zip(found.weights, values, strict=True)
    ]
    others = [] if abs(found.others) < 1e-6 else [number(found.others)]
    return " + ".join([*products, *others]).replace("+ −", "− ") or "0"


def _second(found: OneWindow, setting: Setting) -> Text:
    """What the other order gives, and why."""
    second = number(found.second)
    if setting.beta == AVERAGE:
        why = text("An average reads all pixels alike, and sums may change places.")
        return text("1×1, then pool: **{second}**. {why}", second=second, why=why)
    if setting.beta != MAX:
        why = text("The larger β, the more one pixel outweighs the others.")
        return text("1×1, then pool: **{second}**. {why}", second=second, why=why)
    at = largest(found.mixed)
    there = [float(values[at]) for values in found.values]
    why = text("both numbers from **one** pixel (dotted), where the mixture is largest.")
    return text(
        "1×1, then pool: {sum} = **{second}**, {why}",
        sum=_sum(found, there),
        second=second,
        why=why,
    )


def _where(found: OneWindow) -> Text:
    return text(
        "Rows {top} to {bottom}, columns {left} to {right}. Click a map above to see another window.",
        top=found.rows[0],
        bottom=found.rows[1],
        left=found.columns[0],
        right=found.columns[1],
    )


SECTION = Section(
    show,
    opening={"pool_size": 3},
    views=(
        Suggestion("Average instead of max", {"beta": AVERAGE}),
        Suggestion("Oriented maps", {"bank": "gabor"}),
    ),
)
