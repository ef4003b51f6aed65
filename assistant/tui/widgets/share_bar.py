"""So many of so many, as a bar."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from ....kb.stats import Share

_NUMBERS = 22
"""Cells of the numbers, the same beside each bar so that bars can be compared."""


class ShareBar(Widget):
    """Thick for the share, thin for the rest, then the numbers."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"share-bar--share", "share-bar--rest"}
    DEFAULT_CSS = """
    ShareBar {
        height: 1;
        & > .share-bar--share { color: $primary; }
        & > .share-bar--rest { color: $foreground 25%; }
    }
    """

    def __init__(self, share: Share) -> None:
        super().__init__()
        self._share = share

    def render(self) -> Text:
        """As long as there is room."""
        share = self._share
        numbers = f" {share.share:4.0%} ({share.count:,} of {share.of:,})".ljust(_NUMBERS)
        length = max(self.size.width - len(numbers), 0)
        filled = round(share.share * length)
        return Text.assemble(
            ("━" * filled, self.get_component_rich_style("share-bar--share")),
            ("─" * (length - filled), self.get_component_rich_style("share-bar--rest")),
            numbers,
            no_wrap=True,
        )
