"""Tables of numbers."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], lines: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """A table in Markdown: the first `words` columns are text, the others numbers.

    A `|` in a line is escaped, because it would begin another column.

    >>> print(table(["way", "ms"], [["loop", "34"]]))
    | way | ms |
    | --- | --: |
    | loop | 34 |
    >>> print(table(["name"], [["a | b"]]).splitlines()[-1])
    | a \\| b |
    """
    lines = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    rule = ["---"] * words + ["--:"] * (len(head) - words)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *lines])
