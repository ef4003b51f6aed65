"""Versions of programs, as they tell themselves when asked for nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from .cuda import cuda_toolkit
from .fact import Fact
from .limits import Probe
from .variables import shown_path

_SECONDS = 2
_COMPILER = "nvcc"
_VERSION = r"(\d+(?:\.\d+)+)"


@dataclass(frozen=True, slots=True)
class _Program:
    commands: tuple[str, ...]
    """Names of the executable, the first that is there is asked."""
    arguments: tuple[str, ...]
    pattern: str


_PROGRAMS: Mapping[str, _Program] = {
    # Without a server Ollama warns and tells the version of the client.
    "ollama": _Program(("ollama",), ("--version",), rf"version(?: is)?:? {_VERSION}"),
    "llama.cpp": _Program(("llama-server", "llama-cli"), ("--version",), r"version: (\d+) \("),
    "docker": _Program(("docker",), ("--version",), rf"version {_VERSION}"),
    _COMPILER: _Program(("nvcc",), ("--version",), rf"release {_VERSION}"),
    "git-lfs": _Program(("git-lfs",), ("--version",), rf"git-lfs/{_VERSION}"),
}
"""By their names in the vocabulary; each of these commands reads and changes nothing."""


def program_version(name: str) -> str | None:
    """The version of a program on $PATH; None where it is not there, does not answer or is not known."""
    program = _PROGRAMS.get(name)
    found = next((path for command in program.commands if (path := shutil.which(command))), None) if program else None
    if not (program and found):
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [found, *program.arguments],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS, text=True, errors="replace",
        )  # fmt: skip
        told = re.search(program.pattern, f"{done.stdout}\n{done.stderr}")
        return told[1] if told else None
    return None


def programs() -> list[Fact]:
    """The programs of the stack that are here, the toolkit that extensions are compiled with among them."""
    toolkit = cuda_toolkit()
    asked = {name: Probe(program_version, name) for name in _PROGRAMS if name != _COMPILER}
    versions = {name: probe.within(_SECONDS + 1) for name, probe in asked.items()}
    found = [Fact(name, version) for name, version in versions.items() if version]
    missing = ", ".join(name for name, version in versions.items() if not version)
    version, where = (toolkit.version, shown_path(toolkit.path)) if toolkit else ("none", "")
    return [
        Fact("CUDA toolkit", version, where),
        *found,
        Fact("not here", missing or "none of them", "or they do not answer"),
    ]
