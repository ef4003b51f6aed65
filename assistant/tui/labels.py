"""Labels "top - middle - leaf" as a tree."""

from __future__ import annotations

_SEPARATOR = " - "


def branches(label: str) -> tuple[str, ...]:
    """The label and all above it, the most general first: "Crash", "Crash - CUDA Error", ..."""
    parts = label.split(_SEPARATOR)
    return tuple(_SEPARATOR.join(parts[:end]) for end in range(1, len(parts) + 1))


def parent(label: str) -> str:
    """The label above; empty above the top."""
    return label.rpartition(_SEPARATOR)[0]


def leaf(label: str) -> str:
    """The last part of a label."""
    return label.rsplit(_SEPARATOR, 1)[-1]


def depth(label: str) -> int:
    """How many labels stand above."""
    return label.count(_SEPARATOR)


def in_order(label: str) -> tuple[str, ...]:
    """Sorts labels so that each is followed by those beneath it."""
    return tuple(label.split(_SEPARATOR))
