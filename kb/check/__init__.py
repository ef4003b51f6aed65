"""`firstaid kb check`: every fault of the knowledge base at once, each with its file, its key and its cure."""

from __future__ import annotations

from ..load import KnowledgeBase
from ..reader import Problem
from .links import check_links
from .patterns import check_patterns
from .shipped import check_shipped

__all__ = ["check"]


def check(base: KnowledgeBase) -> list[Problem]:
    """All faults of all files: what reading them found, and what only shows when they are seen together.

    Raises:
        ExtraMissing: google-re2, which checks the patterns, cannot be imported.
    """
    problems = [*base.problems, *check_links(base), *check_patterns(base), *check_shipped(base)]
    return sorted(set(problems))
