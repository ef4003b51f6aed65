"""Which Python a command runs in, without running anything."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PYTHON = re.compile(r"(?:python|pypy)[\d.]*(?:\.exe)?")
_START = 512
"""Bytes in which the line that names the interpreter stands."""
_LONG = re.compile(rb'#!/bin/sh\n\'\'\'exec\' "?([^"\n]+?)"? "\$0"')
"""How pip names an interpreter whose path is too long for the first line, or has spaces."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python and where its packages are."""

    executable: Path
    """Not resolved: the environment is that of the link."""
    environment: Path | None
    """The folder of the virtual or conda environment; None for the system's Python."""


def interpreter_of(command: Sequence[str], path: str | None = None) -> Interpreter | None:
    """The Python that a command runs in: itself, or the one its script names; None where it is not known.

    Args:
        command: the program and its arguments.
        path: where programs are looked for, by default $PATH.
    """
    found = shutil.which(command[0], path=path) if command else None
    if not found:
        return None
    program = Path(os.path.abspath(found))  # noqa: PTH100 - Path.resolve would follow the links of an environment
    if _PYTHON.fullmatch(program.name):
        return Interpreter(program, _environment(program))
    named = _named_by(program, path)
    return Interpreter(named, _environment(named)) if named and _PYTHON.fullmatch(named.name) else None


def _named_by(script: Path, path: str | None) -> Path | None:
    try:
        with script.open("rb") as opened:
            start = opened.read(_START)
    except OSError:
        return None
    if long := _LONG.match(start):
        return Path(os.fsdecode(long[1]))
    words = os.fsdecode(start[2:].partition(b"\n")[0]).split() if start.startswith(b"#!") else []
    if words and Path(words[0]).name == "env":
        named = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        words = [found] if (found := shutil.which(named, path=path)) else []
    return Path(words[0]) if words else None


def _environment(python: Path) -> Path | None:
    folder = python.parent.parent
    marks = (folder / "pyvenv.cfg", folder / "conda-meta")
    return folder if any(mark.exists() for mark in marks) else None
