"""Untrusted text never steers the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstaid.assistant.safe import one_line, printable


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;ZXZpbA==\x07x", "x"),
        ("\x1bP1$r\x1b\\x", "x"),
        ("\x9b31mred", "31mred"),
        ("a\x08\x7fb\x00c", "abc"),
        ("line\r\nnext\ttab", "line\nnext\ttab"),
        ("abc\u202edcba\u2066x\ufeff", "abcdcbax"),
        ("显存不足 ✓ é", "显存不足 ✓ é"),
        ("\x1b[", ""),
        ("\x1b", ""),
    ],
)
def test_printable(text: str, seen: str) -> None:
    assert printable(text) == seen


@given(st.text())
def test_nothing_steers(text: str) -> None:
    seen = printable(text)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in seen)
    assert not any(0x7F <= ord(char) <= 0x9F for char in seen)
    assert printable(seen) == seen
    assert "\n" not in one_line(text)
