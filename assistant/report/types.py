"""What a report says: its cleaned lines, the failures found in them, and the facts they give."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

Kind = Literal["exception", "native", "engine"]
Role = Literal["initiating", "cascade", "other"]
Stage = Literal["Fine-tuning", "Inference"]


@dataclass(frozen=True, slots=True)
class Line:
    """One cleaned line; several share a number where the user's line held carriage returns."""

    number: int
    """1-based number of the user's own line, as `sed -n 12p` counts."""
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a Python traceback; what was not printed is None."""

    file: str
    line: int | None = None
    function: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One failure that the report shows, at the user's lines `first` to `last` inclusive."""

    kind: Kind
    name: str
    """The exception as printed (`torch.OutOfMemoryError`), or our short name of a native or engine failure."""
    message: str
    first: int
    last: int
    frames: tuple[Frame, ...] = ()
    role: Role = "other"
    count: int = 1
    """How often the same failure stands in the kept lines, over all ranks."""
    chain: int = 0
    """Exceptions of one chained traceback share a number; 0 outside a chain."""
    link: Literal["cause", "context"] | None = None
    """How it followed the exception before it in its chain: raised from it, or raised while handling it."""
    weight: int = 1
    """2: printed as a failure; 1: an error line or a caught exception; 0: only told in passing, in prose."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, read. Signatures are matched against `text`; `line_at` leads an offset of it to the user's line."""

    lines: tuple[Line, ...]
    text: str
    findings: tuple[Finding, ...]
    """In the order of the log; repeats merged."""
    initiating: Finding | None
    versions: Mapping[str, str]
    gpus: tuple[str, ...]
    models: tuple[str, ...]
    stack: tuple[str, ...]
    """Vocabulary names, the most telling first."""
    training: float
    """How its words lean: 1 towards training, -1 towards running a model, 0 where neither is told."""
    language: Literal["en", "zh"]
    words: str
    """The user's own prose, without log, traceback and code."""
    total_lines: int
    total_bytes: int
    truncated: bool
    notes: tuple[str, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", offsets(self.lines))

    @property
    def stage(self) -> Stage | None:
        """Whether a model is trained or run, as far as the words of the report tell."""
        if not self.training:
            return None
        return "Fine-tuning" if self.training > 0 else "Inference"

    def line_at(self, offset: int) -> int:
        """The user's line number (1-based) of a character offset of `text`; offsets outside give the nearest line."""
        if not self.lines:
            return 1
        return self.lines[max(0, bisect_right(self._starts, offset) - 1)].number

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the user's lines `first` to `last` stand in `text`: character offsets, the end exclusive."""
        start = bisect_left(self.lines, first, key=_number)
        end = bisect_right(self.lines, last, key=_number)
        return self._start(start), self._start(end) - 1

    def _start(self, index: int) -> int:
        return self._starts[index] if index < len(self._starts) else len(self.text) + 1


def _number(line: Line) -> int:
    return line.number


def offsets(lines: tuple[Line, ...]) -> tuple[int, ...]:
    """Where each line starts in the text that joins them with newlines."""
    return tuple(accumulate((len(line.text) + 1 for line in lines[:-1]), initial=0)) if lines else ()
