"""The stages of the lesson: fifty maps, some of them, k of these and back.

Either all maps of every step are shown, or one channel beside what comes back of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from torch import nn

from viz.layers.branches import AppendDifference, Branches
from viz.layers.channel_shuffle import PickChannels
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.lessons.bank_of_50 import CHANNELS, OF_AN_ORIENTATION, BankOf50
from viz.lessons.chain import before
from viz.lessons.reduction.decoding import DecoderFit, decoding_rows
from viz.lessons.reduction.encoders import encoder_of, matrix_of
from viz.lessons.reduction.moments import linear_decoder, moments_of
from viz.lessons.reduction.names import kept_channels
from viz.lessons.reduction.setting import SIDE_PX, Setting
from viz.lessons.stage import Channels, Groups, Inflow, Stage
from viz.lessons.stages import POOL_NOTES, Switched
from viz.settings import ANY, Allowed
from viz.text import Message, Text, text

RESTORED: Message = "restored from"  # so many numbers
MISSING: Message = "what is missing"


class Keep(Stage[Setting]):
    """The first channels of the bank."""

    name = "keep"

    def is_on(self, setting: Setting) -> bool:
        return setting.channels < CHANNELS

    def title(self, setting: Setting, arriving: Channels) -> Text:
        if setting.channels == CHANNELS:
            return text("All {n}", n=CHANNELS)
        return text("First {n}", n=setting.channels)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"channels": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        row_length = min(OF_AN_ORIENTATION, setting.channels)
        return arriving.picked(range(setting.channels))._replace(row_length=row_length)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return PickChannels(range(setting.channels))


class Reduce(Stage[Setting]):
    """C channels to k, by the method that is chosen."""

    name = "reduce"

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        return _clamped(setting, arriving)

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return {
            "pca": text("1×1, PCA"),
            "max": text("Max of groups"),
            "mean": text("Mean of groups"),
            "random": text("1×1, random"),
            "first": text("First {n}", n=setting.kept),
            "best": text("Best {n}", n=setting.kept),
        }[setting.method]

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return dict.fromkeys(_of_method(setting), ANY)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return kept_channels(setting, arriving)

    def groups(self, setting: Setting) -> Groups | None:
        note = POOL_NOTES.get(setting.method)
        if note is None or setting.channels % setting.kept:
            return None
        return Groups(setting.channels // setting.kept, setting.method, note)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return _encoder(setting, inflow)


class Decode(Stage[Setting]):
    """From k numbers back to C: the affine decoder with the smallest squared error."""

    name = "decode"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("1×1, decoder")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        # here and not where they are made: what comes back is watched while k is dragged
        return {"kept": Allowed(most=setting.channels), "step_by_step": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        # what arrives has lost the names of the channels; they are those that reach the encoder
        return reduced_channels(setting)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        encoder = nn.Sequential(OrderedDict(_since_reduce(inflow.chain)))
        return _decoder(setting, encoder, replace(inflow, chain=before("reduce", inflow.chain)))


def _since_reduce(chain: nn.Sequential) -> list[tuple[str, nn.Module]]:
    stages = list(chain.named_children())
    return stages[[name for name, _ in stages].index("reduce") :]


class ThereAndBack(Stage[Setting]):
    """One channel, what comes back of it from k numbers, and the difference of both."""

    name = "back"
    has_filters = False  # the room is for the maps

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        return replace(
            _clamped(setting, arriving), looked_at=min(setting.looked_at, arriving.size - 1)
        )

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return {
            "pca": text("1×1, PCA, and back"),
            "max": text("Max of groups, and back"),
            "mean": text("Mean of groups, and back"),
            "random": text("1×1, random, and back"),
            "first": text("First {n}, and back", n=setting.kept),
            "best": text("Best {n}, and back", n=setting.kept),
        }[setting.method]

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        on = ("relu",) if setting.relu else ()  # else it has no place in the row
        return {
            "kept": Allowed(most=arriving.size),
            **dict.fromkeys((*_of_method(setting), *on), ANY),
            "looked_at": Allowed(most=arriving.size - 1),
            "step_by_step": ANY,
        }

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        name = arriving.names[setting.looked_at]
        names = (name, f"{RESTORED} {setting.kept}", MISSING)
        return Channels(names, row_length=len(names))

    def shown_at_rest(self, setting: Setting, arriving: Channels) -> int:
        """The difference: where it is largest, most is missing."""
        return 2

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        encoder = nn.Sequential(OrderedDict(reduce=_encoder(setting, inflow)))
        if setting.relu:
            encoder.add_module("relu", nn.ReLU())
        decoder = _decoder(setting, encoder, inflow)
        one = PickChannels([setting.looked_at])
        back = nn.Sequential(
            OrderedDict([*encoder.named_children(), ("decode", decoder), ("one", one)])
        )
        branches = Branches({"channel": one, "back": back})
        return nn.Sequential(OrderedDict(branches=branches, difference=AppendDifference()))


def _clamped(setting: Setting, arriving: Channels) -> Setting:
    return replace(setting, kept=min(setting.kept, arriving.size))


def _of_method(setting: Setting) -> tuple[str, ...]:
    """The controls of the encoder."""
    return ("method", "seed") if setting.method == "random" else ("method",)


def _encoder(setting: Setting, channels: Inflow) -> nn.Module:
    return encoder_of(
        setting.method, channels.channels.size, setting.kept, setting.seed, channels.measured
    )


def _decoder(setting: Setting, encoder: nn.Sequential, channels: Inflow) -> Pointwise:
    """From k numbers back to C: the affine decoder with the smallest squared error.

    Args:
        encoder: the layer from C channels to k, and what follows it.
        channels: what reaches the encoder.
    """
    matrix = None if setting.relu else matrix_of(encoder[0], setting.channels)
    if matrix is None:
        affine = channels.measured(DecoderFit(encoder)).cpu()
    else:
        affine = linear_decoder(matrix, moments_of(channels.measured)).float()
    recipe = Recipe(decoding_rows, (), of_channels=True, affine=True, beside=setting.before_reduce)
    return Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)


BANK: BankOf50[Setting] = BankOf50(side_px=SIDE_PX)
KEEP = Keep()
STEPS: tuple[Stage[Setting], ...] = (
    BANK,
    KEEP,
    Reduce(),
    Switched("relu", lambda _: text("ReLU"), lambda *_: nn.ReLU()),
    Decode(),
)
BESIDE: tuple[Stage[Setting], ...] = (BANK, KEEP, ThereAndBack())


def stages(setting: Setting) -> Sequence[Stage[Setting]]:
    """All maps of every step, or one channel beside what comes back of it."""
    return STEPS if setting.step_by_step else BESIDE


def reduced_channels(setting: Setting) -> Channels:
    """The channels that reach the encoder, and that the decoder gives back."""
    bank = BANK.channels(setting, Channels(()))
    return KEEP.channels(setting, bank)
