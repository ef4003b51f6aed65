"""How far the fetch of a model is."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ProgressBar, Static

from ...models.pulling import PullStep
from ...safe import one_line
from ..guarded import Guarded
from ..rate import Rate

_STAGES = {"fetch": "fetched", "check": "checked"}


class PullProgress(Guarded, Vertical):
    """Hidden while nothing is fetched."""

    DEFAULT_CSS = """
    PullProgress {
        height: auto; border: round $primary; padding: 0 1; display: none;
        & ProgressBar, & Bar { width: 1fr; }
        & .figures { color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rate, self._stage = Rate(), ""

    def compose(self) -> ComposeResult:
        """A bar, and the same in figures."""
        yield ProgressBar(show_eta=False)
        yield Static(classes="figures")

    def begin(self, title: str, source: str) -> None:
        """A fetch begins."""
        self._rate, self._stage = Rate(), ""
        self.border_title = f"Fetching {one_line(title)} from {source}"
        self.border_subtitle = "x stops it; what was fetched is kept"
        self.query_one(ProgressBar).update(total=None)
        self._say("starting…")
        self.display = True

    def show(self, step: PullStep) -> None:
        """It is so far."""
        if step.stage != self._stage:
            self._rate, self._stage = Rate(), step.stage
        self._rate.add(step.done)
        self.query_one(ProgressBar).update(total=step.total, progress=step.done)
        self._say(", ".join([f"{_mb(step.done)} of {_mb(step.total)} {_STAGES[step.stage]}", *self._speed(step.total)]))

    def end(self) -> None:
        """It is over."""
        self.display = False

    def _speed(self, total: int) -> list[str]:
        rate, left = self._rate.per_second, self._rate.left(total)
        return [f"{_mb(rate)}/s", f"{_duration(left)} left"] if rate and left is not None else []

    def _say(self, words: str) -> None:
        self.query_one(".figures", Static).update(Text(words))


def _mb(count: float) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 1e7 else f"{count / 1e6:,.0f} MB"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
