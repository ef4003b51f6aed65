"""The local language model: puts a diagnosis in the user's terms, from the cases found and nothing else."""

from __future__ import annotations

from .explain import Explained, explain
from .seam import LanguageModel, Prompt, Usage

__all__ = ["Explained", "LanguageModel", "Prompt", "Usage", "explain"]
