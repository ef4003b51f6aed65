"""One thing that is known of a machine, and a group of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known; None where it cannot be told, which is never guessed."""

    name: str
    value: str | None
    note: str = ""

    @property
    def shown(self) -> str:
        """The value in words, with its note."""
        value = "unknown" if self.value is None else self.value
        return f"{value} ({self.note})" if self.note else value


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that belong together."""

    title: str
    facts: list[Fact]


def size(count: float) -> str:
    """Bytes as people read them: "15.5 GiB"."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:,.1f} GiB"
