"""How it is found: signatures, full text and vectors over the cases, joined into one ranking."""

from __future__ import annotations

from .open import Library, Notices, open_index, rebuild
from .query import Query
from .search import Hit, Searcher
from .verdict import Verdict, Vote, judge, vote

__all__ = [
    "Hit",
    "Library",
    "Notices",
    "Query",
    "Searcher",
    "Verdict",
    "Vote",
    "judge",
    "open_index",
    "rebuild",
    "vote",
]
