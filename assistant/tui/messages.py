"""What one part of the application tells another. Workers post these and touch no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..report import Report


@dataclass
class Understood(Message):
    """A report was read; `ticket` tells for which text, counting up."""

    report: Report
    ticket: int


@dataclass
class Diagnosed(Message):
    """An answer stands."""

    report: Report
    diagnosis: Diagnosis
    ticket: int


@dataclass
class Unreadable(Message):
    """A text could not be diagnosed; what is wrong with it, and the cure."""

    why: str
    ticket: int


@dataclass
class Spoken(Message):
    """The model said something more."""

    piece: str
    ticket: int


@dataclass
class SpeechEnded(Message):
    """The model is done, was stopped, or failed: then `fault` says how."""

    ticket: int
    cites: tuple[str, ...] = ()
    fault: str | None = None


@dataclass
class CopyText(Message):
    """A text should go to the clipboard, and the user be told of it as `what`."""

    text: str
    what: str


@dataclass
class OpenAddress(Message):
    """A source should be opened in the browser."""

    url: str


@dataclass
class OpenCase(Message):
    """One case should be shown in full."""

    case_id: str


@dataclass
class OpenCases(Message):
    """The cases with these labels should be listed; an empty label is any. Labels match with what is below them."""

    symptom: str = ""
    root_cause: str = ""


@dataclass
class OpenReport(Message):
    """A text should be diagnosed."""

    text: str
