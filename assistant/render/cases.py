"""Lists of cases."""

from __future__ import annotations

from collections.abc import Sequence

from ...index import Hit
from ...kb import Case
from ..safe import one_line
from .screen import Screen


def to_table(found: Sequence[tuple[Hit, Case]], screen: Screen, *, markdown: bool = False) -> str:
    """One line a case: score, id, title."""
    if not found:
        return "Nothing in the knowledge base fits.\n"
    if markdown:
        return "".join(f"- {hit.score:.0%} `{case.id}`: {one_line(case.title)}\n" for hit, case in found)
    width = max(len(case.id) for _, case in found)
    lines = (f"{hit.score:4.0%}  {case.id:{width}}  {one_line(case.title)}" for hit, case in found)
    return "".join(f"{_cut(line, screen)}\n" for line in lines)


def _cut(line: str, screen: Screen) -> str:
    """On a terminal a line stays a line; elsewhere it stays whole."""
    return line if screen.height is None or len(line) <= screen.width else f"{line[: screen.width - 1]}…"
