"""The lesson's claims about pooling over channels, for this picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.channel_shuffle import permute_channels
from viz.layers.cross_channel_pooling import maxout, pool_channels
from viz.layers.max_pooling import max_pool
from viz.layers.pointwise import Pointwise, mix_channels
from viz.lessons.bank_of_50 import CHANNELS
from viz.lessons.claim import Claim
from viz.lessons.cross_channel_pooling.fitted_layers import fitted_layer
from viz.lessons.cross_channel_pooling.recipes import selecting_rows
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.shuffling import shuffle_order
from viz.lessons.layer_claims import pooling_claim
from viz.lessons.lesson import Built
from viz.lessons.measured import looking_at


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The claims for the Setting's group, on the maps of the bank in their original order.

    A difference is only claimed where it can exist: not for groups of one, not for a constant
    picture, and not for a fit to as few pixels as the 1×1 has weights.
    """
    setting = built.setting
    bank = built.before(setting.after_bank)
    group, order = setting.group, shuffle_order(setting.shuffle_seed)
    made = [
        pooling_claim(bank, group, "max"),
        pooling_claim(bank, group, "mean"),
        _maxout_claim(bank, group),
        _mean_is_pointwise(bank, group),
        _maxima_commute(bank, group),
    ]
    varies = bool(bank.get_parameter("bank.scale.weight").any())
    seen = varies and pixels[0].numel() > CHANNELS + 1
    if seen and group > 1:
        made.append(_fit_differs(bank, group))
        made.append(_fit_knows_no_order(bank, group, setting.shuffle_seed))
    if group == CHANNELS or (seen and group > 1):
        made.append(_order_matters(bank, group, order))
    return made


def _maxout_claim(bank: nn.Module, group: int) -> Claim:
    def by_maxout(x: Tensor) -> Tensor:
        rows = selecting_rows(CHANNELS, CHANNELS).to(x.device)
        return maxout(x, rows.unflatten(0, (-1, group)))

    return Claim(
        "Maxout whose pieces pick one channel each is the group max.",
        by_maxout,
        lambda x: pool_channels(x, group),
        given=bank,
        methods=("maxout", "group max"),
    )


def _mean_is_pointwise(bank: nn.Module, group: int) -> Claim:
    def by_pointwise(x: Tensor) -> Tensor:
        row = torch.full((1, group), 1 / group, device=x.device)
        return mix_channels(x, torch.block_diag(*[row] * (CHANNELS // group)))

    return Claim(
        "The mean over groups is a 1×1 with equal weights in blocks.",
        by_pointwise,
        lambda x: pool_channels(x, group, mode="mean"),
        given=bank,
        magnitude=lambda x: pool_channels(x.abs(), group, mode="mean"),
        terms=CHANNELS,
        methods=("1×1 in blocks", "group mean"),
    )


def _maxima_commute(bank: nn.Module, group: int) -> Claim:
    def over_pixels(x: Tensor) -> Tensor:
        return max_pool(x, 3, padding=1)

    return Claim(
        "A max over channels and a max over 3×3 pixels commute.",
        lambda x: pool_channels(over_pixels(x), group),
        lambda x: over_pixels(pool_channels(x, group)),
        given=bank,
        methods=("3×3 max first", "channel max first"),
    )


def _fit_differs(bank: nn.Module, group: int) -> Claim:
    return Claim(
        "The max is not a 1×1: even the closest one, by least squares, differs.",
        lambda x: _fitted(x, group)(x),
        lambda x: pool_channels(x, group),
        equal=False,
        given=bank,
        magnitude=lambda x: _magnitude_of_the_fit(x, group),
        terms=CHANNELS + 1,
        methods=("closest 1×1", "group max"),
    )


def _fit_knows_no_order(bank: nn.Module, group: int, seed: int) -> Claim:
    """The claim that both fits agree: they solve the same equations in double precision.

    Their errors are at most 2e-16 times the condition number, which the fit limits to 1e9: less
    than the bound allows for rounding each weight to single precision and for the sum.
    """

    def shuffled(x: Tensor) -> Tensor:
        x = permute_channels(x, shuffle_order(seed))
        return _fitted(x, group, seed)(x)

    return Claim(
        "A 1×1 fitted again to shuffled channels gives the same maps.",
        shuffled,
        lambda x: _fitted(x, group)(x),
        given=bank,
        magnitude=lambda x: _magnitude_of_the_fit(x, group),
        terms=CHANNELS + 1,
        methods=("fitted to shuffled", "fitted in order"),
    )


def _fitted(x: Tensor, group: int, seed: int = -1) -> Pointwise:
    return fitted_layer(group, looking_at(x), seed).to(x.device)


def _magnitude_of_the_fit(x: Tensor, group: int) -> Tensor:
    layer = _fitted(x, group)
    assert layer.bias is not None
    return mix_channels(x.abs(), layer.matrix.abs(), layer.bias.abs())


def _order_matters(bank: nn.Module, group: int, order: tuple[int, ...]) -> Claim:
    """Whether the order matters: not for one group of all channels, but for smaller groups."""
    over_all = group == CHANNELS
    sentence = "With the channels in another order, the groups and their maxima are different."
    if over_all:
        sentence = "The max over all channels does not depend on their order."
    return Claim(
        sentence,
        lambda x: pool_channels(permute_channels(x, order), group),
        lambda x: pool_channels(x, group),
        equal=over_all,
        given=bank,
        methods=("max, shuffled", "max, in order"),
    )
