"""The stages of the lesson: fifty maps, some of them, k of these, a ReLU, and the decoder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from torch import nn

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
from viz.text import Text, text


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
        return replace(setting, kept=min(setting.kept, arriving.size))

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
        drawn = {"seed": ANY} if setting.method == "random" else {}
        return {"method": ANY, **drawn}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return kept_channels(setting, arriving)

    def groups(self, setting: Setting) -> Groups | None:
        note = POOL_NOTES.get(setting.method)
        if note is None or setting.channels % setting.kept:
            return None
        return Groups(setting.channels // setting.kept, setting.method, note)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return encoder_of(
            setting.method, inflow.channels.size, setting.kept, setting.seed, inflow.measured
        )


class Decode(Stage[Setting]):
    """From k numbers back to C: the affine decoder with the smallest squared error."""

    name = "decode"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("1×1, decoder")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        # here and not where they are made: what comes back is watched while k is dragged
        return {"kept": Allowed(most=setting.channels)}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        # what arrives has lost the names of the channels; they are those that reach the encoder
        return reduced_channels(setting)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        encoder = nn.Sequential(OrderedDict(_since_reduce(inflow.chain)))
        channels = replace(inflow, chain=before("reduce", inflow.chain))
        matrix = None if setting.relu else matrix_of(encoder[0], setting.channels)
        if matrix is None:
            affine = channels.measured(DecoderFit(encoder)).cpu()
        else:
            affine = linear_decoder(matrix, moments_of(channels.measured)).float()
        recipe = Recipe(
            decoding_rows, (), of_channels=True, affine=True, beside=setting.before_reduce
        )
        return Pointwise(affine[:, :-1], affine[:, -1], recipe=recipe)


def _since_reduce(chain: nn.Sequential) -> list[tuple[str, nn.Module]]:
    stages = list(chain.named_children())
    return stages[[name for name, _ in stages].index("reduce") :]


BANK: BankOf50[Setting] = BankOf50(side_px=SIDE_PX)
KEEP = Keep()
STAGES: tuple[Stage[Setting], ...] = (
    BANK,
    KEEP,
    Reduce(),
    Switched("relu", lambda _: text("ReLU"), lambda *_: nn.ReLU()),
    Decode(),
)


def reduced_channels(setting: Setting) -> Channels:
    """The channels that reach the encoder, and that the decoder gives back."""
    bank = BANK.channels(setting, Channels(()))
    return KEEP.channels(setting, bank)
