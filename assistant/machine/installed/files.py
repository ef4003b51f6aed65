"""Reads what may be missing, forbidden or damaged, which then is as if it were empty."""

from __future__ import annotations

import os
from pathlib import Path

_MOST = 256_000
"""Bytes that are read of a file; what is looked for stands at its beginning."""


def names_in(folder: Path) -> list[str]:
    """The names of what lies in a folder, in order."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - a path object for each of a thousand entries takes 2 ms
    except (OSError, ValueError):
        return []


def text_of(file: Path, most: int = _MOST) -> str:
    """The beginning of a text."""
    try:
        with file.open("rb") as opened:
            return opened.read(most).decode("utf-8", "replace").replace("\r\n", "\n")
    except (OSError, ValueError):
        return ""


def is_folder(path: Path) -> bool:
    """Whether it is one that can be looked into, as far as we may know."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether there is something, as far as we may know."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def real(path: Path) -> Path:
    """Where links lead; a loop of links leads nowhere, and is left as it is."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def own_path(path: Path) -> Path:
    """With the home that `~` means; of a user that is not known here it is left as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path
