"""Diagnoses in a process of its own, for a Python that has failed.

The failing one may be out of memory or half imported, and the OpenMP of faiss beside that of torch ends it on macOS
(faiss-wheels#73).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ..kb.errors import FirstaidError
from .diagnosis import Diagnosis
from .safe import one_line

_PATIENCE = 20.0
"""Seconds: an answer takes less than one, the first of all some more for the index."""
_MARK = "FIRSTAID_APART"
_COMMAND = ("-P", "-X", "utf8", "-m", "firstaid.assistant", "diagnose", "--no-llm", "--quiet", "--format", "json", "-")


def diagnosed(report: str) -> Diagnosis:
    """What is wrong in a report, as `FirstAid.diagnose` says it. It is kept as the last one, for `firstaid ask`.

    Raises:
        FirstaidError: the process cannot be started, says that it cannot answer, or takes longer than 20 seconds.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        raise FirstaidError("there is no Python interpreter here to diagnose with", hint="firstaid FILE in a shell")
    try:
        done = subprocess.run(
            [sys.executable, *_COMMAND],
            input=report.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env={**_own_environment(), **os.environ, _MARK: "1"},
        )
    except subprocess.TimeoutExpired:
        raise FirstaidError(f"no answer within {_PATIENCE:.0f} seconds", hint="firstaid FILE in a shell") from None
    except OSError as error:
        raise FirstaidError(f"{sys.executable} does not start: {error.strerror}") from None
    if done.returncode:
        raise FirstaidError(one_line(done.stderr.decode("utf-8", "replace")).removeprefix("firstaid: "))
    return Diagnosis.from_dict(json.loads(done.stdout))


def _own_environment() -> dict[str, str]:
    """What failed ran in this Python, so evidence is read from its environment; a setting of the user's comes first."""
    own = any((Path(sys.prefix) / mark).exists() for mark in ("pyvenv.cfg", "conda-meta"))
    return {"FIRSTAID_ENV": sys.prefix} if own else {}


def is_apart() -> bool:
    """Whether this is such a process, which must not start another when it fails."""
    return _MARK in os.environ
