"""A paste is one event, however it is cut on its way; keys around it stay keys."""

from __future__ import annotations

import pytest
from textual.events import Key, Paste

from firstaid.assistant.tui.quick_paste import QuickPasteParser

TEXT = "Traceback\nKeyError: '模型'\n\x1b[31mred\x1b[0m"
INPUT = f"a\x1b[200~{TEXT}\x1b[201~b\x1b[200~second\x1b[201~"


@pytest.mark.parametrize("size", [*range(7, 20), 4096])
def test_a_paste_is_whole(size: int) -> None:
    parser = QuickPasteParser()
    pieces = [INPUT[start : start + size] for start in range(0, len(INPUT), size)]
    events = [event for piece in pieces for event in parser.feed(piece)]
    known = (event for event in events if isinstance(event, Paste | Key))
    found = [event.text if isinstance(event, Paste) else event.key for event in known]
    assert found == ["a", TEXT, "b", "second"]


def test_a_long_paste_is_not_read_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = QuickPasteParser()
    read: list[str] = []
    monkeypatch.setattr("textual._parser.Parser.feed", lambda _self, data: read.append(data) or ())
    text = "x" * 100_000
    events = [event for piece in ("k\x1b[200~", text, "\x1b[201~q") for event in parser.feed(piece)]
    assert [event.text for event in events if isinstance(event, Paste)] == [text]
    assert read == ["k", "q"]
