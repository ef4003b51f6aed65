"""What is known when a check is evaluated, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..diagnosis import Origin


@dataclass(frozen=True, slots=True)
class Told:
    """One fact, as one source tells it."""

    value: str
    about: str
    """What is said, as the beginning of a sentence: "torch 2.1.2+cu118 in ~/venv/lib/python3.10/site-packages"."""
    whole: bool = True
    """Whether nothing of a version was left out."""


_USABLE = 0.93
"""Of a GPU's memory as it is sold, what a driver may still count."""


def memory_told(size: float, whose: str, *, exactly: bool) -> list[Told]:
    """The memory of a GPU in GiB; as sold, with the least that its driver may count, so that no edge is decided.

    Args:
        size: bytes.
        whose: "of the Tesla T4 here".
        exactly: as a driver counts it.
    """
    about = f"GPU memory of {size / 2**30:.0f} GiB {whose}"
    return [Told(f"{share * size / 2**30:.2f}", about) for share in ((1.0,) if exactly else (_USABLE, 1.0))]


class Source(Protocol):
    """Something that facts come from. What it does not know it leaves unsaid; it never guesses."""

    origin: Origin

    def version(self, kind: str, name: str) -> Told | None:
        """Of a package, a program, python, cuda, driver or glibc."""
        ...

    def absence(self, package: str) -> str | None:
        """A sentence, where it is known that the package is not installed."""
        ...

    def amounts(self, kind: str) -> Sequence[Told]:
        """Of each GPU its capability or its memory in GiB, or the main memory in GiB."""
        ...

    def platforms(self) -> Mapping[str, str]:
        """Of the vocabulary's platforms those that hold, each with a sentence."""
        ...

    def variable(self, name: str) -> Told | None:
        """The value of an environment variable, empty where it is known not to be set."""
        ...

    def files(self, name: str) -> Sequence[Path] | None:
        """Where a file of this name would stand, whether it is there or not; None where that is not known."""
        ...


class Silent:
    """A source that knows nothing: what others leave out of the protocol they have from here."""

    def version(self, kind: str, name: str) -> Told | None:
        """Not known."""
        del kind, name
        return None

    def absence(self, package: str) -> str | None:
        """Not known."""
        del package
        return None

    def amounts(self, kind: str) -> Sequence[Told]:
        """Not known."""
        del kind
        return ()

    def platforms(self) -> Mapping[str, str]:
        """Not known."""
        return {}

    def variable(self, name: str) -> Told | None:
        """Not known."""
        del name
        return None

    def files(self, name: str) -> Sequence[Path] | None:
        """Not known."""
        del name
        return None


@dataclass(frozen=True, slots=True)
class Facts:
    """The sources, the nearest to the failure first, and what the case's signatures captured."""

    sources: Sequence[Source]
    captured: Mapping[str, str] = field(default_factory=dict)
