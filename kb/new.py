"""Drafts of new cases: the commented template, empty or filled from what a report says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import UsageError
from .parse import ID, LIMITS

_TEMPLATE = Path(__file__).with_name("template.toml")
_PLACE = re.compile(r"@(\w+)@")
_VARYING = re.compile(r"\\?['\"`]|0x[0-9a-f]+|\d+(?:\\\.\d+)*|(?:/[\w.@~-]+){2,}")


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a report gives for a draft."""

    title: str = ""
    stage: Sequence[str] = ()
    stack: Sequence[str] = ()
    error: str = ""
    """The line that names the error."""
    sample: str = ""


def draft(prefill: Prefill | None = None) -> str:
    """The text of a new case file: keys that are still empty are faults until they are filled."""
    given = prefill or Prefill()
    values = {
        "title": _basic(given.title[: LIMITS["title"]]),
        "symptom": '""',
        "root_cause": '""',
        "stage": json.dumps(list(given.stage)),
        "stack": json.dumps(list(given.stack)),
        "cause": "",
        "ask": '""',
        "regex": pattern_of(given.error),
        "fix": '""',
        "sample": _literal(given.sample[-LIMITS["sample"] :]),
    }
    template = _TEMPLATE.read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: values[place[1]], template)


def write_draft(folder: Path, case_id: str, text: str) -> Path:
    """Writes a draft and returns its path.

    Raises:
        UsageError: the id is none, there is such a file already, or the folder cannot be written.
    """
    if not ID.fullmatch(case_id):
        raise UsageError(f'"{case_id}" is no id', hint="use lower-case words joined by -, such as vllm-gpu-not-free")
    path = folder / f"{case_id}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already", hint="edit that file, or choose another id") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="mend the folder's permissions") from None
    return path


def pattern_of(error: str) -> str:
    """A first pattern for an error line: what varies between machines (numbers, quotes, paths) is left open."""
    escaped = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", error.strip()[:300])
    return _VARYING.sub(_open, escaped)[: LIMITS["regex"]]


def _open(match: re.Match[str]) -> str:
    text = match[0]
    if text[-1] in "'\"`":
        return """['"`]?"""
    return r"\S+" if text.startswith(("/", "0x")) else r"[\d.]+"


def _basic(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _literal(text: str) -> str:
    """What can stand between ''' and '''."""
    return text.replace("'''", "' ' '").strip("\n")
