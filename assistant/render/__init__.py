"""A diagnosis, or a case, as text for a terminal, plain text, Markdown or JSON."""

from __future__ import annotations

from ..diagnosis import Diagnosis
from .screen import Screen

__all__ = ["Screen", "render"]


def render(diagnosis: Diagnosis, form: str, screen: Screen) -> str:
    """The diagnosis in the form asked for: "text", "md" or "json"; "auto" is text.

    Nothing of a report or a case reaches the result with an escape sequence in it.
    """
    if form == "json":
        from .data import to_json  # each form is imported when it is asked for

        return to_json(diagnosis, indent=2)
    if form == "md":
        from .markdown import to_markdown

        return to_markdown(diagnosis)
    from .text import to_text

    return to_text(diagnosis, screen)
