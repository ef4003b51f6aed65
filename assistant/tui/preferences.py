"""What a user set in the application, kept from one start to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from .themes import DARK


@dataclass(frozen=True, slots=True)
class Preferences:
    """The look, and whether diagnoses are kept."""

    theme: str = DARK.name
    history: bool = True

    @classmethod
    def load(cls, file: Path) -> Preferences:
        """What was kept; the defaults where nothing was, or what was cannot be read."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            return cls(theme=str(kept["theme"]), history=bool(kept["history"]))
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def save(self, file: Path) -> None:
        """Keeps them; that this is not possible is no reason to bother anybody."""
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(asdict(self)), encoding="utf-8")
