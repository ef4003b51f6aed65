"""A finding of the study, recomputed here."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ....kb.stats import Finding
from ...render.stats import told
from ...safe import one_line
from .share_bar import ShareBar


class FindingView(Vertical):
    """Its claim, whether it holds here, and the shares that this rests on."""

    DEFAULT_CSS = """
    FindingView {
        height: auto; padding: 0 1; margin-bottom: 1;
        & > .claim { text-style: bold; }
        & > .holds { color: $text-success; }
        & > .fails { color: $text-warning; }
        & > .note { color: $text-muted; }
    }
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding

    def compose(self) -> ComposeResult:
        """From the claim to the numbers."""
        finding = self._finding
        yield Static(Text(one_line(finding.claim)), classes="claim")
        mark, name = ("✓", "holds") if finding.holds else ("✗", "fails")
        yield Static(Text(f"{mark} {told(finding)[0]}"), classes=name)
        for share in finding.numbers:
            yield Static(Text(one_line(share.what)))
            yield ShareBar(share)
        if finding.note:
            yield Static(Text(one_line(finding.note)), classes="note")
