"""Facts that a test states, as a source of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from firstaid.assistant.diagnosis import Origin
from firstaid.assistant.evidence import Facts, Told


@dataclass
class Stated:
    """What is given, and nothing else."""

    versions: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    measured: Mapping[str, Sequence[str]] = field(default_factory=dict)
    on: frozenset[str] = frozenset()
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    origin: Origin = "machine"
    whole: bool = True

    def version(self, kind: str, name: str) -> Told | None:
        del kind
        found = self.versions.get(name)
        return Told(found, f"{name} {found}", whole=self.whole) if found else None

    def absence(self, package: str) -> str | None:
        return f"{package} is not installed" if package in self.absent else None

    def amounts(self, kind: str) -> Sequence[Told]:
        return [Told(value, f"{kind} {value}") for value in self.measured.get(kind, ())]

    def platforms(self) -> Mapping[str, str]:
        return {name: f"it is {name}" for name in self.on}

    def variable(self, name: str) -> Told | None:
        value = self.variables.get(name)
        return None if value is None else Told(value, f"{name}={value}")

    def files(self, name: str) -> Sequence[Path] | None:
        return [self.folder / name] if self.folder else None


def facts(captured: Mapping[str, str] | None = None, **versions: str) -> Facts:
    """Versions by name, with - for _."""
    return Facts((Stated({name.replace("_", "-"): version for name, version in versions.items()}),), captured or {})
