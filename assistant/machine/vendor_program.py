"""Asking the program of a GPU's vendor, which may be missing, fail or hang."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from .gpu import NoAnswer
from .limits import CutError

_SECONDS = 4.0
"""A driver that is well answers within one; a group of facts as a whole has five."""
_SHOWN = 200
"""Characters of a complaint that are worth showing."""


def answer(programs: Sequence[str], *arguments: str) -> str:
    """What the first of these programs that is there prints.

    Raises:
        NoAnswer: none is there, or it failed.
        CutError: it hung and was killed, with all that it had started.
    """
    path = next((found for program in programs if (found := shutil.which(program))), None)
    if not path:
        raise NoAnswer(f"{programs[0]} is not there")
    try:
        text, code = _run([path, *arguments])
    except OSError as error:
        raise NoAnswer(f"{programs[0]} cannot be run: {error.strerror}") from error
    if code:
        raise NoAnswer(f"{programs[0]}: {' '.join(text.split())[:_SHOWN] or f'exit code {code}'}")
    return text


def answer_in_json(programs: Sequence[str], *arguments: str) -> Any:
    """Likewise, read as JSON; warnings may stand before it."""
    text = answer(programs, *arguments)
    start = re.search(r"^(?:\{|\[\s*[{\]])", text, re.MULTILINE)
    try:
        return json.loads(text[start.start() :] if start else "")
    except ValueError as error:
        raise NoAnswer(f"{programs[0]} does not print JSON") from error


def _run(command: list[str]) -> tuple[str, int]:
    # A script hands its output on to what it starts: only with a group of its own can all of it be killed.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C"},
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=_SECONDS)[0], process.returncode
        except subprocess.TimeoutExpired:
            _kill(process)
            raise CutError(f"{os.path.basename(command[0])} does not answer within {_SECONDS:g} s") from None  # noqa: PTH119


def _kill(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
