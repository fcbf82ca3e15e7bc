"""The lines of the proof's table as text."""

from __future__ import annotations

from xml.etree import ElementTree


def proof_lines(html: str) -> list[list[str]]:
    """Of every line the verdict, the claim, both numbers, and each method with its time."""
    found = []
    for line in ElementTree.fromstring(html).findall("tbody/tr"):
        cells = [[*cell.iter("span")] or [cell] for cell in line]
        found.append(["".join(part.itertext()).strip() for cell in cells for part in cell])
    return found
