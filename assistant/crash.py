"""What happens on a bug of ours: a short apology on stderr, the details in a file that can be shared."""

from __future__ import annotations

import platform
import tempfile
import time
import traceback
from pathlib import Path

from . import stderr
from .paths import crash_folder


def report_bug(bug: Exception) -> None:
    """Writes the redacted report and says where it is."""
    stderr.note(f"{told(bug)}\nplease file an issue with it")


def told(bug: Exception) -> str:
    """What a user is told of it, once the redacted report is written."""
    text = redacted(bug)
    try:
        where = f"details: {_write(text)} (holds no part of your report)"
    except OSError:
        where = text
    return f"a bug of firstaid, not of yours: {type(bug).__name__}\n{where}"


def redacted(bug: Exception) -> str:
    """Where the bug is, without any message: an exception's text may quote the user's report."""
    from .redact import redacted as without_names

    frames = traceback.extract_tb(bug.__traceback__)
    lines = [f"firstaid on Python {platform.python_version()}, {platform.system()}", type(bug).__name__]
    places = [(Path(without_names(frame.filename)).parts[-3:], frame) for frame in frames]
    lines += [f"  {'/'.join(parts)}:{frame.lineno} in {frame.name}" for parts, frame in places]
    return "\n".join(lines) + "\n"


def _write(text: str) -> Path:
    folder = crash_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=folder, prefix=time.strftime("%Y%m%d-%H%M%S-"), suffix=".txt", delete=False, encoding="utf-8"
    ) as file:  # a new name, readable by its owner alone
        file.write(text)
    return Path(file.name)
