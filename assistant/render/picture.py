"""Draws tables and texts of rich as one string."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType

from .screen import Screen


def drawn(parts: Iterable[RenderableType], screen: Screen, width: int | None = None) -> str:
    """The parts one beneath the other, as wide as the screen or `width`; without colour where there is none."""
    out = io.StringIO()
    console = Console(
        file=out, width=width or screen.width, force_terminal=screen.colour, no_color=not screen.colour, emoji=False,
        highlight=False, markup=False, legacy_windows=False, force_jupyter=False,
        color_system="truecolor" if screen.colour else None,
    )  # fmt: skip
    console.print(Group(*parts))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
