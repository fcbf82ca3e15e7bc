"""The stages of the lesson: maps, then pool and 1×1 in both orders with their difference."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from viz.lessons.mixing import Mix, MixFields
from viz.lessons.pooling_order.orders import ORDERS, mixing, orders, pool_of
from viz.lessons.pooling_order.pools import AVERAGE, MAX, WORDS
from viz.lessons.pooling_order.setting import Setting
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import Bank
from viz.settings import ANY, Allowed
from viz.text import Text, text


class Orders(Mix[Setting]):
    """Both orders of one pool and one 1×1, and their difference: three maps for each row."""

    def title(self, setting: Setting, arriving: Channels) -> Text:
        named = {
            AVERAGE: text("Average {n}×{n} and 1×1, both orders", n=setting.pool_size),
            MAX: text("Max {n}×{n} and 1×1, both orders", n=setting.pool_size),
        }
        between = text(
            "Pool {n}×{n}, {beta}, and 1×1, both orders",
            n=setting.pool_size,
            beta=WORDS[setting.beta],
        )
        return named.get(setting.beta, between)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        counts = setting.beta == AVERAGE and setting.padding
        return {
            **dict.fromkeys(("beta", "pool_size", "stride", "padding"), ANY),
            **({"counted": ANY} if counts else {}),
            **super().controls(setting, arriving),
            "bias": ANY,
        }

    def rows(self, setting: Setting, arriving: Channels) -> Channels:
        return super().channels(setting, arriving)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        """First every row in one order, then in the other, then the differences."""
        rows = self.rows(setting, arriving)
        if rows.size == 1:
            return Channels(ORDERS, row_length=len(ORDERS))
        names = tuple(f"{row}: {order}" for order in ORDERS for row in rows.names)
        return Channels(names, row_length=rows.size)

    def shown_at_rest(self, setting: Setting, arriving: Channels) -> int:
        """The first difference: the page shows why it is so large there."""
        return 2 * self.rows(setting, arriving).size

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        matrix, _ = self.matrix(setting, inflow)
        pooling = pool_of(setting, tuple(inflow.pixels.shape))
        return orders(pooling, mixing(matrix, setting))


BANK: Bank[Setting] = Bank(
    lambda setting: setting.gabor if setting.bank == "gabor" else None,
    ("wavelength_px",),
    oriented="Oriented maps",
)
STAGES: tuple[Stage[Setting], ...] = (BANK, Orders("orders", MixFields.of("mix")))
