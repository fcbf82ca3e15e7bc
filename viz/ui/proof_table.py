"""The table of the proof: what is claimed, whether it holds, and what both methods took."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from viz.numbers import number
from viz.ui.text import _

if TYPE_CHECKING:
    from viz.run import ProofRow


def proof_table(rows: Sequence[ProofRow]) -> str:
    """The table in HTML; on a narrow page its style shows every line as a block of its own."""
    named = (_("Claim"), _("Largest difference"), _("Rounding allows"), _("Methods and times"))
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", *named))
    lines = "".join(_line(row, named[1:]) for row in rows)
    return f'<table class="proof"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def verdict(row: ProofRow) -> str:
    """Whether the claim holds, in words: it may be that the two results differ."""
    if row.holds:
        return _("✓ equal") if row.equal else _("✓ differs, as claimed")
    return _("✗ differs, but should be equal") if row.equal else _("✗ equal, but should differ")


def _line(row: ProofRow, named: Sequence[str]) -> str:
    numbers = (escape(number(row.difference)), escape(number(row.bound)), _times(row))
    cells = "".join(
        f'<td data-name="{escape(name)}">{value}</td>'
        for name, value in zip(named, numbers, strict=True)
    )
    holds = "holds" if row.holds else "fails"
    said = f'<th scope="row">{escape(verdict(row))}</th><td>{escape(_(row.sentence))}</td>'
    return f'<tr class="{holds}">{said}{cells}</tr>'


def _times(row: ProofRow) -> str:
    """Both methods by name, each with its milliseconds."""
    both = zip(row.methods, (row.left_ms, row.right_ms), strict=True)
    return "".join(
        f"<span>{escape(_(name))} <b>{escape(number(ms, 2))} ms</b></span>" for name, ms in both
    )
