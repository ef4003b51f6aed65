"""Python exceptions: tracebacks of the interpreter, of Jupyter and of rich, chained, truncated, or the last line alone.

The lines of one rank or process are read as a stream of their own, so ranks that print over each other come apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice

from .clean import CleanLine
from .frames import FrameReader, is_frame
from .raised import CAUSE, CONTEXT, HEADER, any_name, raised, read_message
from .types import Finding

_INLINE = (
    r"(?<![A-Za-z0-9_./])(?P<name>(?:[A-Za-z_][A-Za-z0-9_]{0,80}\.){0,8}[A-Z][A-Za-z0-9]{0,60}(?:Error|Exception))"
    r"(?:\(\)|`|\*\*)?\s?[:：] ?(?=(?P<message>[^\n]{1,600}))"
)
_CALLED = (
    r"(?<!raise )(?<![A-Za-z0-9_./])(?P<name>[A-Z][A-Za-z0-9]{0,60}(?:Error|Exception))"
    r"\([\"'](?P<message>[^\n]{1,600}?)[\"'],?\)"
)
_MOST_TOLD = 500
"""Lines in which a sentence about an exception is looked for; who tells a story needs fewer."""
_SEARCHED = 500
"""How many lines after its frames a traceback's last line is looked for, where other output got in between."""


def exceptions(lines: Sequence[CleanLine]) -> list[Finding]:
    """Every exception printed in the lines, by line number."""
    streams: dict[str | None, list[CleanLine]] = defaultdict(list)
    for line in lines:
        streams[line.rank].append(line)
    chains = count(1)
    found = [finding for stream in streams.values() for finding in _Stream(stream, chains).read()]
    return sorted(found, key=lambda finding: finding.first)


def told(lines: Sequence[CleanLine]) -> Iterator[Finding]:
    """Exceptions only spoken of within a sentence: "I get `KeyError: 'qwen2'` when ..."."""
    naming = (line for line in lines if "Error" in line.text or "Exception" in line.text)
    for line in islice(naming, _MOST_TOLD):
        for match in re.finditer(_INLINE, line.text):
            quoted = line.text[match.start() - 1 : match.start()] == "`"
            message = match["message"].split("`")[0] if quoted else match["message"]
            message = message.strip().strip("`*")
            yield Finding("exception", match["name"], message, line.number, line.number, weight=0)
        for match in re.finditer(_CALLED, line.text):
            yield Finding("exception", match["name"], match["message"], line.number, line.number, weight=0)


@dataclass(slots=True)
class _Stream:
    lines: list[CleanLine]
    chains: count[int]
    at: int = 0
    chain: int = 0
    link: str | None = None
    open_until: int = 0
    """A chain sentence counts for the traceback that begins before this index."""
    found: list[Finding] = field(default_factory=list)

    def read(self) -> list[Finding]:
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if HEADER in text or is_frame(text):
                self._traceback()
            elif text.startswith((CAUSE, CONTEXT)):
                self._linked("cause" if text.startswith(CAUSE) else "context")
            elif match := raised(text):
                self._finish(self.at, self.at, match, FrameReader(), weight=1 + (self.at < self.open_until))
            else:
                self.at += 1
        return self.found

    def _linked(self, link: str) -> None:
        if self.found:
            last = self.found[-1]
            self.chain = last.chain or next(self.chains)
            if not last.chain:
                self.found[-1] = _with_chain(last, self.chain)
            self.link, self.open_until = link, self.at + 12
        self.at += 1

    def _traceback(self) -> None:
        start = self.at
        frames = FrameReader()
        end = _search_end(self.lines, start, frames)
        if end is None:  # cut off below, or drowned: nothing to name, the frames alone are no failure
            self.at = max(self.at + 1, frames.after)
            return
        index, match = end
        quiet = self.lines[start].level in {"WARNING", "INFO", "DEBUG"}
        self._finish(start, index, match, frames, weight=1 if quiet else 2)

    def _finish(self, start: int, index: int, match: re.Match[str], frames: FrameReader, weight: int) -> None:
        message, last = read_message(self.lines, index, (match["message"] or "").strip())
        linked = self.link if start <= self.open_until else None
        self.found.append(
            Finding(
                "exception",
                match["name"],
                message,
                self.lines[start].number,
                self.lines[last].number,
                frames.frames(),
                chain=self.chain if linked else 0,
                link="cause" if linked == "cause" else "context" if linked else None,
                weight=weight,
            )
        )
        self.link = None
        self.at = last + 1


def _with_chain(finding: Finding, chain: int) -> Finding:
    return replace(finding, chain=chain)


def _search_end(lines: list[CleanLine], start: int, frames: FrameReader) -> tuple[int, re.Match[str]] | None:
    """The line that names the exception; frames are read on the way."""
    margin = len(lines[start].text) - len(lines[start].text.lstrip()) if HEADER in lines[start].text else None
    for index in range(start, min(len(lines), start + _SEARCHED)):
        text = lines[index].text
        if index > start and HEADER in text:
            return None
        if text.startswith((CAUSE, CONTEXT)):
            return None
        if frames.read(text, index) or not text.strip():
            continue
        match = raised(text.lstrip()) if frames.notebook or margin else raised(text)
        if match is None and not frames.notebook and index == frames.after and margin is not None:
            # Right after the frames, at the margin of the header, any name is the exception's.
            match = any_name().match(text[margin:]) if not text[:margin].strip() else None
        if match:
            return index, match
    return None
