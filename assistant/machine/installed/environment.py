"""A Python environment on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..variables import shown_path
from .contents import Contents
from .problem import Problem


@dataclass(frozen=True)
class Environment(Contents):
    """Its prefix, its folders of packages, and what can be told of them without running anything."""

    @property
    def shown(self) -> str:
        """Its path without the user's name: `~/venv`."""
        return shown_path(self.prefix)

    def problems(self) -> Sequence[Problem]:
        """What is wrong with what is installed, the gravest first; some ms, as it reads the code's own versions."""
        from .problems import find_problems

        return find_problems(self)
