"""How it is found: signatures, full text and vectors over the cases, joined into one ranking."""

from __future__ import annotations

from .channels import Found
from .open import Library, Notices, open_index, rebuild
from .query import Query
from .rank import Hit, Ranking, shifted
from .search import Searcher
from .verdict import Verdict, Vote, judge, lean, vote

__all__ = [
    "Found",
    "Hit",
    "Library",
    "Notices",
    "Query",
    "Ranking",
    "Searcher",
    "Verdict",
    "Vote",
    "judge",
    "lean",
    "open_index",
    "rebuild",
    "shifted",
    "vote",
]
