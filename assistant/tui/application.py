"""What screens know of the application they are in."""

from __future__ import annotations

from typing import Protocol

from .desk import Desk


class Application(Protocol):
    """The application, as far as screens use it beyond what Textual's has."""

    desk: Desk
    first_text: str
    """A report to begin with."""
    keeps_history: bool
    """Whether diagnoses are kept."""
