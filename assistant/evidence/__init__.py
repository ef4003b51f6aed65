"""The error joined with the facts: what the report and the machine say to the checks of a case."""

from __future__ import annotations

from .checks import concerning, describe, evaluate
from .facts import Facts, Source, Told
from .knowledge import Knowledge, gathered
from .place import AUTO, NONE, Choice, Place, choice_of, place_of

__all__ = [
    "AUTO",
    "NONE",
    "Choice",
    "Facts",
    "Knowledge",
    "Place",
    "Source",
    "Told",
    "choice_of",
    "concerning",
    "describe",
    "evaluate",
    "gathered",
    "place_of",
]
