"""The verdict."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from ...diagnosis import Diagnosis
from ...render.words import headline, looked_at
from ...safe import one_line


class VerdictLine(Static):
    """How sure the answer is, whether a model was trained or run, and how long it took."""

    DEFAULT_CSS = """
    VerdictLine {
        height: auto; padding: 0 1; border-left: thick $panel;
        &.-match { border-left: thick $success; }
        &.-possible { border-left: thick $warning; }
        &.-none { border-left: thick $error; }
    }
    """

    def show(self, diagnosis: Diagnosis | None) -> None:
        """Tells the verdict; nothing for None."""
        self.set_classes(f"-{diagnosis.verdict}" if diagnosis else "")
        self.update(_words(diagnosis) if diagnosis else Text(""))


def _words(diagnosis: Diagnosis) -> Text:
    stage = f" · {diagnosis.stage.label}" if diagnosis.stage.label else ""
    head = Text.assemble((headline(diagnosis), "bold"), (f"{stage} · {diagnosis.timing_ms.total:.0f} ms", "dim"))
    if diagnosis.verdict == "none" or not diagnosis.cases:
        head.append("\nNothing in the knowledge base fits this report.")
    if where := looked_at(diagnosis):
        head.append(f"\nlooked at {one_line(where)}", "dim")
    return head
