"""The arithmetic of one number as pictures: patch × kernel = products → sum, or a row a channel."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from viz.numbers import number
from viz.ui.text import _

if TYPE_CHECKING:
    from viz.arithmetic import Arithmetic, Patch
    from viz.figures.heat import Heat

MAX_ROWS = 12  # terms that have a row each; the others are one row
MAX_CHANNELS = 3  # patches that are pictured; the others are one row
MAX_WRITTEN = 5  # rows and columns of a patch in which numbers are written


class Scales(NamedTuple):
    """The colour scales of a number's inputs, weights and products."""

    inputs: Heat
    weights: Heat
    products: Heat


def worked(taken: Arithmetic, names: Sequence[str], *, dark: bool = False) -> str:
    """The terms of a number as HTML: coloured cells and pixel pictures, without a script.

    Args:
        names: of the channels that reach the stage.
        dark: whether the page is dark.
    """
    from viz.arithmetic import reads_patches
    from viz.figures.heat import heat

    scales = Scales(
        heat(taken.inputs, "input", dark=dark),
        heat(taken.weights, "weight", dark=dark),
        heat(taken.terms, "product", dark=dark),
    )
    lines = _patches if reads_patches(taken) else _rows
    end = "" if _is_told(taken) else _result(taken)
    return f'<div class="worked">{lines(taken, names, scales)}{end}</div>'


def _patches(taken: Arithmetic, names: Sequence[str], scales: Scales) -> str:
    from viz.arithmetic import patches

    found = patches(taken)
    shown = found if len(found) <= MAX_CHANNELS + 1 else found[:MAX_CHANNELS]
    lines = [_patch(taken, patch, _called(taken, names, patch.channel), scales) for patch in shown]
    rest = found[len(shown) :]
    if rest:
        subtotal = number(sum(patch.subtotal for patch in rest))
        more = _("and {n} more channels: {sum}", n=len(rest), sum=subtotal)
        lines.append(f'<p class="more">{more}</p>')
    return "".join(lines)


def _patch(taken: Arithmetic, patch: Patch, name: str, scales: Scales) -> str:
    where = _(
        "{name}, rows {rows}, columns {columns}",
        name=name,
        rows=_span(patch.rows),
        columns=_span(patch.columns),
    )
    parts = [_picture(patch.grid(taken.inputs), scales.inputs, _("inputs"), patch, _kept(taken))]
    if taken.operation == "sum":
        weights, products = patch.grid(taken.weights), patch.grid(taken.terms)
        parts.append(_after("×", _picture(weights, scales.weights, _("weights"), patch)))
        parts.append(_after("=", _picture(products, scales.products, _("products"), patch)))
    total = patch.subtotal if taken.operation == "sum" else taken.value
    end = f"<figure><b>{number(total)}</b><figcaption>{_combined(taken)}</figcaption></figure>"
    line = "".join([*parts, _after("→", end)])
    return f'<p class="where">{escape(where)}</p><div class="patch">{line}</div>'


def _picture(
    values: list[list[float | None]],
    scale: Heat,
    caption: str,
    patch: Patch,
    kept: int | None = None,
) -> str:
    """A grid of numbers, or a picture where they are too many to be read, with its range."""
    present = [value for row in values for value in row if value is not None]
    said = _(
        "{what}: {rows} × {columns} numbers from {low} to {high}",
        what=caption,
        rows=len(patch.rows),
        columns=len(patch.columns),
        low=number(min(present)),
        high=number(max(present)),
    )
    written = max(len(patch.rows), len(patch.columns)) <= MAX_WRITTEN
    if written:
        grid = _grid(values, scale, patch.terms, kept)
        drawn = f'<table class="cells" aria-label="{escape(said)}">{grid}</table>'
    else:
        drawn = f'<img src="{scale.picture(values)}" alt="{escape(said)}" title="{escape(said)}">'
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"


def _grid(
    values: list[list[float | None]],
    scale: Heat,
    terms: list[list[int | None]],
    kept: int | None,
) -> str:
    rows = []
    for line, indices in zip(values, terms, strict=True):
        cells = (
            _cell(value, scale, kept=at is not None and at == kept, digits=2)
            for value, at in zip(line, indices, strict=True)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(rows)


def _cell(value: float | None, scale: Heat, *, kept: bool = False, digits: int = 3) -> str:
    if value is None:
        return "<td></td>"
    ground, ink = scale.cell(value)
    mark = ' class="kept"' if kept else ""
    text = "≈ 0" if value and abs(value) < 0.5 * 10**-digits else number(value, digits)
    style = f"background:{ground};color:{ink}"
    return f'<td{mark} style="{style}" title="{value:.9g}">{text}</td>'


def _rows(taken: Arithmetic, names: Sequence[str], scales: Scales) -> str:
    from viz.arithmetic import strongest

    shown, rest = strongest(taken, MAX_ROWS)
    kept = _kept(taken)
    lines = [_row(taken, at, names, scales, kept=at == kept) for at in shown]
    if rest and taken.operation == "sum":
        more = _("and {n} more", n=len(rest))
        last = _cell(sum(taken.terms[at] for at in rest), scales.products)
        lines.append(f'<tr><th scope="row">{more}</th><td colspan="4"></td>{last}</tr>')
    elif rest:
        more = _("and {n} smaller ones", n=len(rest))
        lines.append(f'<tr><th scope="row">{more}</th></tr>')
    return f'<table class="terms">{_head(taken)}<tbody>{"".join(lines)}</tbody></table>'


def _head(taken: Arithmetic) -> str:
    row, column = taken.places[0][1:]
    words = ["", _("row {row}, column {column}", row=row, column=column)]
    if taken.operation == "sum":
        words = [*words, "", _("weight"), "", _("product")]
    cells = "".join(f'<th scope="col">{word}</th>' for word in words)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(taken: Arithmetic, at: int, names: Sequence[str], scales: Scales, *, kept: bool) -> str:
    name = escape(_called(taken, names, taken.places[at][0]))
    head = f'<th scope="row">{name}</th>'
    first = _cell(taken.inputs[at], scales.inputs, kept=kept)
    if taken.operation != "sum":
        mark = f"<td>{_('← kept')}</td>" if kept else ""
        return f"<tr>{head}{first}{mark}</tr>"
    weight, product = (
        _cell(taken.weights[at], scales.weights),
        _cell(taken.terms[at], scales.products),
    )
    return f"<tr>{head}{first}<td>×</td>{weight}<td>=</td>{product}</tr>"


def _is_told(taken: Arithmetic) -> bool:
    """Whether the line of the only patch ends with the number itself."""
    from viz.arithmetic import patches, reads_patches

    one = reads_patches(taken) and len(patches(taken)) == 1
    return one and not taken.bias and not taken.rectifier


def _result(taken: Arithmetic) -> str:
    """The last line: what the terms give, and what comes after them."""
    parts = [f"{_combined(taken)} <b>{number(taken.value - taken.bias)}</b>"]
    if taken.bias:
        parts.append(_("+ bias {bias}", bias=number(taken.bias)))
        parts.append(f"= <b>{number(taken.value)}</b>")
    if taken.rectifier:
        parts.append(f"→ {escape(taken.rectifier)} → <b>{number(taken.output)}</b>")
    return f'<p class="result">{" ".join(parts)}</p>'


def _combined(taken: Arithmetic) -> str:
    """The name of what the terms give together."""
    words = {
        "sum": _("sum"),
        "mean": _("mean"),
        "max": _("largest"),
        "log-mean-exp": _("log-mean-exp"),
        "copy": _("input"),
    }
    return words[taken.operation]


def _kept(taken: Arithmetic) -> int | None:
    """The index of the input that a maximum keeps."""
    return taken.inputs.index(max(taken.inputs)) if taken.operation == "max" else None


def _called(taken: Arithmetic, names: Sequence[str], channel: int) -> str:
    if taken.inside:
        return _("input {n}", n=channel + 1)
    name = names[channel] if channel < len(names) else str(channel + 1)
    return _("map {name}", name=name) if name.isdecimal() else name


def _span(positions: list[int]) -> str:
    first, last = positions[0], positions[-1]
    return f"{first}" if first == last else f"{first}–{last}"


def _after(sign: str, figure: str) -> str:
    """A figure after its sign, on one line with it."""
    return f'<div class="after"><span class="sign">{sign}</span>{figure}</div>'
