"""The model's JSON, taken apart while it comes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_CASE = re.compile(r'\{"case":"(\w+)"')
_CAUSE = re.compile(r'"cause":"((?:[^"\\]|\\.)*)("?)')
_STEP = re.compile(r'\{"fix":(\d+)(?:,"line":(\d+))?,"say":"((?:[^"\\]|\\.)*)"\}')
_CUT_OFF = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$")
_ENDED = re.compile(r"[.!?。！？)\]`'\"]\s*$")
_MOST_SENTENCES = 2
_SENTENCE = re.compile(r".+?(?:[.!?](?=\s)|[。！？])\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picked:
    """The letter of the case that the model takes, or "none"."""

    letter: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence of the cause."""

    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A step: the number of the fix, the line it concerns, and what to do in the model's words."""

    fix: int
    line: int | None
    text: str


Part = Picked | Sentence | Advice


class Reply:
    """Gives out each part once, when it is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._picked = False
        self._said = 0
        self._sentences_said = 0
        self._steps = 0

    def feed(self, piece: str) -> Iterator[Part]:
        """The parts that the next piece of the JSON makes whole."""
        self._text += piece
        if not self._picked and (case := _CASE.search(self._text)):
            self._picked = True
            yield Picked(case[1])
        yield from self._sentences()
        for number, step in enumerate(_STEP.finditer(self._text)):
            if number >= self._steps:
                self._steps += 1
                yield Advice(int(step[1]), int(step[2]) if step[2] else None, _unescaped(step[3]).strip())

    def _sentences(self) -> Iterator[Sentence]:
        """Whole sentences, at most two; what was cut off after them is left out."""
        cause = _CAUSE.search(self._text)
        if cause is None:
            return
        text = _unescaped(cause[1])
        for found in _SENTENCE.finditer(text, self._said):
            yield from self._sentence(found[0], found.end())
        if cause[2] and (self._sentences_said == 0 or _ENDED.search(text)):
            yield from self._sentence(text[self._said :], len(text))

    def _sentence(self, text: str, end: int) -> Iterator[Sentence]:
        self._said = end
        if text.strip() and self._sentences_said < _MOST_SENTENCES:
            self._sentences_said += 1
            yield Sentence(text.strip())


def _unescaped(text: str) -> str:
    """A JSON text whose last escape may not be whole yet."""
    whole = _CUT_OFF.sub(r"\1", text)
    return json.loads(f'"{whole}"')
