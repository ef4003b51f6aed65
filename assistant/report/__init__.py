"""Reading a report: whatever a failing command printed, or a person wrote about it, to a `Report`."""

from __future__ import annotations

from typing import BinaryIO

from .clean import CleanLine, clean
from .engines import engine_failures
from .facts import find_gpus, find_models
from .initiator import settle
from .native import native_failures
from .prose import find_language, find_training, find_words
from .python import exceptions, told
from .rules import Page
from .source import read_source
from .stack import find_stack
from .types import Finding, Frame, Line, Report, offsets
from .versions import find_versions

_SAMPLE_HEAD, _SAMPLE_TAIL = 150_000, 50_000
"""Characters in which versions, models and programs are looked for: logs tell them first, people last."""

__all__ = ["Finding", "Frame", "Line", "Report", "read_report"]


def read_report(source: bytes | str | BinaryIO) -> Report:
    """Read a report of any size and encoding, in bounded memory.

    Raises InputError when it is empty or not text.
    """
    raw = read_source(source)
    cleaned: list[CleanLine] = [line for number, text in raw.rows for line in clean(number, text)]
    lines = tuple(Line(line.number, line.text) for line in cleaned)
    text = "\n".join(line.text for line in lines)
    page = Page(cleaned, text, offsets(lines))
    found = [*exceptions(cleaned), *native_failures(page), *engine_failures(page), *told(cleaned)]
    findings, initiating = settle(found)
    words = find_words(cleaned, found)
    sample = _sample(text)
    models = find_models(sample)
    return Report(
        lines=lines,
        text=text,
        findings=findings,
        initiating=initiating,
        versions=find_versions(sample),
        gpus=find_gpus(sample),
        models=models,
        stack=find_stack(sample, initiating, models),
        training=find_training(sample, initiating),
        language=find_language(words, text),
        words=words,
        total_lines=raw.total_lines,
        total_bytes=raw.total_bytes,
        truncated=raw.truncated,
        notes=raw.notes,
    )


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE_HEAD + _SAMPLE_TAIL:
        return text
    head, tail = text[:_SAMPLE_HEAD].rpartition("\n")[0], text[-_SAMPLE_TAIL:].partition("\n")[2]
    return f"{head}\n{tail}"
