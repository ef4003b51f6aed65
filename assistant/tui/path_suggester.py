"""Completes the path of a file while it is typed."""

from __future__ import annotations

import asyncio
import os
from itertools import islice
from pathlib import Path

from textual.suggester import Suggester

_MOST = 5_000
"""Entries of a folder that are looked at."""


class PathSuggester(Suggester):
    """The first entry of the folder that begins with what was typed; hidden ones only when their dot was typed.

    Args:
        folder: what a relative path starts from.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folder = folder

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path, or None where nothing begins so."""
        return await asyncio.to_thread(_completed, self._folder, value) if value.strip() else None


def _completed(folder: Path, typed: str) -> str | None:
    head, start = os.path.split(typed)
    try:
        with os.scandir(folder / Path(head).expanduser()) as entries:
            found = [entry for entry in islice(entries, _MOST) if _fits(entry.name, start)]
            first = min(found, key=lambda entry: entry.name, default=None)
            return typed + first.name[len(start) :] + (os.sep if first.is_dir() else "") if first else None
    except (OSError, ValueError, RuntimeError):  # no such folder, a null character, no such user after ~
        return None


def _fits(name: str, start: str) -> bool:
    return name.startswith(start) and name.isprintable() and (start.startswith(".") or not name.startswith("."))
