"""What is known: the cases, the closed lists they are written with, and the rules they obey."""

from __future__ import annotations

from .case import Case, Check, Fix, Incident, SeeAlso, Signature
from .load import CaseFile, KnowledgeBase, content_key, load, parse_files, scan
from .parse import parse_case
from .reader import Problem
from .taxonomy import Taxonomy, load_taxonomy, top_level
from .vocabulary import Vocabulary, load_vocabulary

__all__ = [
    "Case",
    "CaseFile",
    "Check",
    "Fix",
    "Incident",
    "KnowledgeBase",
    "Problem",
    "SeeAlso",
    "Signature",
    "Taxonomy",
    "Vocabulary",
    "content_key",
    "load",
    "load_taxonomy",
    "load_vocabulary",
    "parse_case",
    "parse_files",
    "scan",
    "top_level",
]
