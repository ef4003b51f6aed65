"""A text that comes in pieces is broken into lines as one that is whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from firstaid.assistant.render.flow import Flow


def flowed(pieces: list[str], width: int) -> str:
    flow = Flow(width)
    return "".join(map(flow.feed, pieces))


@pytest.mark.parametrize(
    ("pieces", "width", "shown"),
    [
        (["One two ", "three four."], 10, "One two \nthree \nfour."),
        (["1. Upgrade the library now [a]\n", "   pip install -U a-very-long-name\n"], 16,
         "1. Upgrade the \n   library now \n   [a]\n   pip install -U a-very-long-name\n"),
        (["一二三四五六"], 8, "一二三四\n五六"),
        (["x" * 30], 10, "x" * 30),
        (["a\n\n", "b"], 10, "a\n\nb"),
    ],
)  # fmt: skip
def test_lines(pieces: list[str], width: int, shown: str) -> None:
    assert flowed(pieces, width) == shown


@given(st.lists(st.text("ab 一二\n", max_size=30), max_size=8))
def test_nothing_but_line_breaks_is_added_and_no_line_is_too_long(pieces: list[str]) -> None:
    text = "".join(pieces)
    words = {word for word in text.split() if cell_len(word) > 12}
    shown = flowed(pieces, 12)
    assert shown.replace("\n", "") == text.replace("\n", "")
    # A piece that ends within a word cannot know what follows, so only texts in one piece keep the width.
    if len(pieces) == 1 and not words and not text.startswith("   ") and "\n   " not in text:
        assert all(cell_len(line.rstrip()) <= 12 for line in shown.splitlines())
