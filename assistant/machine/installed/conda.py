"""What conda installed, as the names of its records tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .files import names_in


@dataclass(frozen=True, slots=True)
class CondaPackage:
    """A record in conda-meta."""

    name: str
    version: str
    build: str
    """What it was built for, in the words of who built it: "py3.10_cuda11.8_cudnn8.7.0_0"."""
    record: Path


def conda_packages(prefix: Path) -> dict[str, CondaPackage]:
    """By name; empty where there is no conda."""
    folder = prefix / "conda-meta"
    found = (_package(folder, name.removesuffix(".json")) for name in names_in(folder) if name.endswith(".json"))
    return {package.name: package for package in found if package}


def _package(folder: Path, record: str) -> CondaPackage | None:
    parts = record.rsplit("-", 2)
    if len(parts) != 3 or not all(parts):
        return None
    name, version, build = parts
    return CondaPackage(name, version, build, folder / f"{record}.json")
