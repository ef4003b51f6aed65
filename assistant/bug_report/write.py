"""Writes a bug report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..redact import redacted
from ..safe import printable
from .markdown import asked
from .material import Material
from .parts import Parts
from .template import Section, Template
from .words import language_of, words_in

MOST = 60_000
"""Characters in all: trackers take 65,536, and somebody will add to it."""
_LOG = 30_000
"""Characters of the log; fewer where the rest needs them."""
_EMPTY = "_No response_"
"""What forms say of a field that was left out."""
_STRUCTURE = re.compile(r"^(?:`{3,}.*|</?(?:details|summary)>.*|#.*)$", re.MULTILINE)


def bug_report(material: Material, template: Template) -> str:
    """The report in Markdown, without secrets, in the order of the template."""
    material = material.without_secrets()
    rest = len(_document(material, template, room=0))
    return _document(material, template, room=max(0, min(_LOG, MOST - rest)))


def _document(material: Material, template: Template, room: int) -> str:
    words = words_in(language_of(template, material.report.language))
    parts = Parts(material, template, words, room)
    lines = (line for section in template.sections for line in _section(section, parts))
    return _safe("\n".join(lines)).rstrip() + "\n"


def _section(section: Section, parts: Parts) -> Iterator[str]:
    yield from (section.heading, "")
    written = parts.written(section.parts)
    left = [section.ask] if section.ask else []
    if not written and section.otherwise:
        left.append(section.otherwise)
    yield from (line for text in left for line in (asked(text), ""))
    if section.boxes:
        yield from (*(f"- [ ] {box}" for box in section.boxes), "")
    yield from written
    if not (written or left or section.boxes):
        yield from (_EMPTY, "")


def _safe(text: str) -> str:
    """The whole once more without secrets; by the line where one would take the end of a block with it."""
    text = printable(text)
    whole = redacted(text)
    if _STRUCTURE.findall(whole) == _STRUCTURE.findall(text):
        return whole
    return "\n".join(redacted(line) for line in text.split("\n"))
