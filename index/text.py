"""One normaliser for what is indexed and what is asked: masks what varies, and cuts text into search terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .glossary import english_of

_MASKS = (
    (("://",), re.compile(r"https?://\S+"), " URL "),
    (("0x", "0X"), re.compile(r"0x[0-9a-f]+", re.I), " "),
    (("-",), re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I), " "),
    # Of a path its last two parts say most: the folder tells the package, the file the module. Possessive, so that
    # hostile text takes linear time.
    (
        ("/", "\\", "~"),
        re.compile(r"(?<![\w/\\~])(?:[A-Za-z]:)?[/\\~][\w.@+~/\\-]++"),
        lambda path: f" {_end_of(path[0])} ",
    ),
    (("line ",), re.compile(r"\bline \d+"), "line"),
    ((":",), re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*"), " "),
    ((), re.compile(r"\b\d+\.\d{3,}\b|\b\d{4,}\b"), " N "),
    ((), re.compile(r"(.)\1{9,}"), r"\1\1\1\1\1\1\1\1"),
)
"""What must stand in a text before a pattern is tried (nothing: it always is); the pattern; what takes its place."""
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*|[\u3400-\u9fff\uf900-\ufaff]+|[\u3040-\u30ff\uac00-\ud7af]+")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_STOP_WORDS = """
a an and are as at be but by can do does for from get got has have how i if in into is it its me my no not of on or our
so that the their then there this to up use using was we what when which while why will with you your
file line most recent call last traceback return self none true false
"""
_STOP = frozenset(_STOP_WORDS.split())


def masked(text: str) -> str:
    """The text with addresses, long paths and long numbers masked, on one line: equal failures become equal texts."""
    for needed, pattern, replacement in _MASKS:
        if not needed or any(word in text for word in needed):
            text = pattern.sub(replacement, text)
    return _SPACE.sub(" ", text).strip()


def _end_of(path: str) -> str:
    return "/".join([part for part in re.split(r"[/\\]+", path) if part][-2:])


def terms(text: str) -> list[str]:
    """The search terms of a text, in order, repeated as often as they occur.

    An identifier counts whole and split (cuda_error_out_of_memory, cuda, error, …), spelled with _ for -; Chinese
    counts as pairs of neighbouring characters, and in English words at the end.
    """
    return [term for word in _WORD.findall(f"{text} {english_of(text)}") for term in _terms_of(word)]


@lru_cache(maxsize=65_536)
def _terms_of(word: str) -> tuple[str, ...]:
    """Cached, since a knowledge base says the same words over and over."""
    return tuple(term for term in _all_terms(word) if term not in _STOP)


def _all_terms(word: str) -> Iterator[str]:
    if ord(word[0]) > 0x2FFF:
        yield from _bigrams(word)
        return
    whole = word.replace("-", "_").strip("_").lower()
    if len(whole) < 2 or (whole.isdigit() and len(whole) != 3):  # three digits: exit and HTTP codes
        return
    yield whole
    pieces = [piece for part in re.split(r"[_-]", word) for piece in _pieces(part)]
    if len(pieces) > 1:
        yield from (piece for piece in pieces if len(piece) > 1 and not piece.isdigit())


def _pieces(part: str) -> list[str]:
    """The words of CamelCase; anything with a digit (bf16, cu118) stays whole."""
    if any(char.isdigit() for char in part):
        return [part.lower()]
    return [piece.lower() for piece in _CAMEL.findall(part)]


def _bigrams(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    yield from (run[start : start + 2] for start in range(len(run) - 1))


def indexed(text: str) -> str:
    """The terms of a text as one string for the full-text index."""
    return " ".join(terms(masked(text)))
