"""JSON, the same from every door."""

from __future__ import annotations

import json

from ..diagnosis import Diagnosis
from ..safe import UNSAFE


def to_json(diagnosis: Diagnosis, indent: int | None = None) -> str:
    """The diagnosis as JSON, one line without `indent`.

    Nothing in it steers a terminal; Chinese stays readable.
    """
    return safe_json(diagnosis.to_dict(), indent)


def safe_json(data: object, indent: int | None = None) -> str:
    """Any data as JSON in which everything is escaped that steers a terminal, or that UTF-8 cannot write."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
