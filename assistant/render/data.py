"""JSON, the same from every door."""

from __future__ import annotations

import json

from ..diagnosis import Diagnosis


def to_json(diagnosis: Diagnosis, indent: int | None = None) -> str:
    """The diagnosis as JSON, one line without `indent`.

    Control characters are escaped by JSON itself, so the text is safe on a terminal; Chinese stays readable.
    """
    text = json.dumps(diagnosis.to_dict(), ensure_ascii=False, indent=indent)
    # Half a surrogate pair cannot be written as UTF-8; C1 controls and line separators steer terminals and parsers.
    return "".join(char if _plain(char) else f"\\u{ord(char):04x}" for char in text)


def _plain(char: str) -> bool:
    code = ord(char)
    return not (0x7F <= code <= 0x9F or code in (0x2028, 0x2029) or 0xD800 <= code <= 0xDFFF)
