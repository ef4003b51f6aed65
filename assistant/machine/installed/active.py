"""Which environment a user means who names none."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .environment import Environment
from .files import is_there, real
from .places import environment_at, environment_of

_LAUNCHED = re.compile(r"[/\\](?:pipx[/\\]venvs|uv[/\\]tools|uv[/\\](?:archive|environments)-v\d+)[/\\]")
_MODELS_RUN_ON = ("torch", "transformers", "vllm", "sglang", "mlx", "tensorflow", "jax", "exllamav2", "ctranslate2")
"""None of which firstaid itself needs."""
_NAMES = ("python3", "python", "python.exe")


def active_environment() -> Environment:
    """What is activated; else our own if models run in it; else that of the first Python on PATH; else our own.

    firstaid is often installed by pipx or uv in an environment of its own, which never is what a user means.
    """
    ours = own_environment()
    aside = _is_aside(ours.prefix)
    activated = next((one for one in _activated() if not (aside and _same(one, ours))), None)
    if activated:
        return activated
    if not aside and any(ours.package(name) for name in _MODELS_RUN_ON):
        return ours
    return next((one for one in _on_path() if not (aside and _same(one, ours))), ours)


def own_environment() -> Environment:
    """The one that this interpreter runs in."""
    prefix = Path(sys.prefix)
    if found := environment_of(prefix, "{}.{}".format(*sys.version_info)):
        return found
    folders = [Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    return Environment(prefix, tuple(folders), platform.python_version(), "system")


def _is_aside(prefix: Path) -> bool:
    """Whether an environment was made for one program alone."""
    marks = ("pipx_metadata.json", "uv-receipt.toml")
    return any(is_there(prefix / mark) for mark in marks) or _LAUNCHED.search(f"{prefix}/") is not None


def _same(one: Environment, other: Environment) -> bool:
    return real(one.prefix) == real(other.prefix)


def _activated() -> list[Environment]:
    """By the variables of the shell; of both the one whose programs are found first."""
    named = [os.environ.get(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX")]
    found = [environment for name in named if name and (environment := environment_of(Path(name)))]
    return sorted(found, key=_place_on_path)


def _place_on_path(environment: Environment) -> int:
    folders = [folder.parent for folder in _path()]
    return folders.index(environment.prefix) if environment.prefix in folders else len(folders)


def _path() -> list[Path]:
    return [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]


def _on_path() -> Iterator[Environment]:
    for folder in _path():
        for name in _NAMES:
            file = folder / name
            found = environment_at(file) if is_there(file) else None
            if found:
                yield found
                break
