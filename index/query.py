"""What is searched for: the parts of a report, as the channels want them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A report taken apart. A plain question is a query of `words` alone."""

    text: str
    """Everything, cleaned: signatures are looked for in it."""
    error: str = ""
    """The initiating error with its message."""
    words: str = ""
    """The user's own words."""
    context: str = ""
    """Telling lines around the error: frames, engine lines."""
    error_spans: tuple[tuple[int, int], ...] = ()
    """Where in `text` the initiating error stands, in characters: its message first, then all of it."""
    stack: tuple[str, ...] = ()
    """Programs named, the most telling first."""
    models: tuple[str, ...] = ()
    """Model families named."""
    exceptions: tuple[str, ...] = ()
    """Names of the exceptions raised, without their modules, the initiating one first."""
    stage: str | None = None

    @classmethod
    def of(cls, text: str) -> Query:
        """A query of nothing but words."""
        return cls(text=text, words=text)
