"""Checks of a model's files: whether one is there, how large it is, and what stands in it."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ...kb import Check
from ...kb.check_format import SIZE
from ..diagnosis import Status
from ..machine.model_files import MISSING, json_value
from ..machine.variables import shown_path
from .patterns import occurs

_UNITS = {"": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip
_LONGEST = 80
_HUB = "snapshots"


def judge_file(check: Check, paths: Sequence[Path]) -> tuple[Status, str]:
    """What the first of these files that is there says of a check, and the sentence; all may be missing.

    Args:
        check: of kind file.
        paths: where the file would stand, the likeliest first.
    """
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        # In the hub's cache a file may never have been asked for.
        wanted = _asks_for_absence(check) and "key" not in check.detail and _HUB not in paths[0].parts
        return ("confirmed" if wanted else "unknown"), f"{shown_path(paths[0])} is not there"
    if "key" in check.detail:
        return _by_key(check, path)
    if size := check.detail.get("size"):
        return _by_size(path, size)
    return "unknown", f"{shown_path(path)} is there"


def _by_size(path: Path, wanted: str) -> tuple[Status, str]:
    found = SIZE.fullmatch(wanted)
    if not found:
        return "unknown", f'"{wanted}" is no size'
    size = path.stat().st_size
    met = _COMPARED[found[1]](size, float(found[2]) * _UNITS[(found[3] or "").upper()])
    sentence = f"{shown_path(path)} has {size:,} bytes"
    return ("confirmed" if met else "unknown"), f"{sentence}, which is {wanted}" if met else sentence


def _by_key(check: Check, path: Path) -> tuple[Status, str]:
    key = check.detail["key"]
    try:
        value = json_value(path, key)
    except (OSError, ValueError) as error:
        return "unknown", f"{shown_path(path)} cannot be read: {error}"
    if value is MISSING:
        return ("confirmed" if _asks_for_absence(check) else "unknown"), f"{shown_path(path)} has no {key}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    met = occurs(check.broken, text)
    return ("confirmed" if met else "unknown"), f"{key} is {shown} in {shown_path(path)}"


def _asks_for_absence(check: Check) -> bool:
    return check.detail.get("missing") == "true"
