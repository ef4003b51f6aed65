"""What the study found, beside our own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll

from ....kb.stats import Finding
from ..guarded import Guarded
from .finding_view import FindingView


class Findings(Guarded, VerticalScroll):
    """One below the other, or side by side where there is room."""

    DEFAULT_CSS = """
    Findings {
        border: round $secondary; border-title-color: $text-muted;
        scrollbar-size-vertical: 1;
        &:focus { border: round $primary; border-title-color: $primary; }
    }
    """
    HELP = """
## The findings

Three findings of the study whose labels firstaid uses (arXiv 2601.13655), each recomputed from the failures in its own
knowledge base. A bar is the share of the failures named above it.
"""

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "What the study found"

    async def show(self, findings: Sequence[Finding]) -> None:
        """Draws findings."""
        await self.remove_children()
        await self.mount_all([FindingView(finding) for finding in findings])
