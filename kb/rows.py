"""Reads files of JSON lines in which every faulty line is named at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from .errors import InputError

Row = TypeVar("Row")
Fault = Callable[[str], None]
"""Told what is wrong with the line at hand."""

_MOST_FAULTS = 5
_FAULTY = (ValueError, KeyError, TypeError, AttributeError)
"""What a faulty JSON text, a missing key or a value of another kind raises."""


def read_rows(
    path: Path, parse: Callable[[Any, Fault], Row | None], *, wanted: str, not_one: str, each: str
) -> list[Row]:
    """The rows of a JSON-lines file; empty lines do not count.

    Args:
        path: the file.
        parse: makes a row of the data of one line; it raises, or tells its faults and gives None.
        wanted: what to name instead of a file that cannot be read.
        not_one: what the file is not, where a line is faulty or there is none.
        each: how a line is written.

    Raises:
        InputError: the file cannot be read, a line is faulty, or there is no row.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", hint=wanted) from None
    faults: list[str] = []
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            rows += _row(line, parse, lambda fault, number=number: faults.append(f"line {number}: {fault}"))
    if faults or not rows:
        context = "; ".join(faults[:_MOST_FAULTS]) or "it is empty"
        raise InputError(f"{path} {not_one}", context=context, hint=each)
    return rows


def _row(line: str, parse: Callable[[Any, Fault], Row | None], fault: Fault) -> list[Row]:
    try:
        row = parse(json.loads(line), fault)
    except _FAULTY as error:
        fault(f"{type(error).__name__}: {error}")
        return []
    return [] if row is None else [row]
