"""Drafts of new cases."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from firstaid.kb import load
from firstaid.kb.errors import UsageError
from firstaid.kb.new import Prefill, draft, pattern_of, write_draft
from firstaid.kb.patterns import compile_pattern


def test_the_empty_template_is_toml_and_lists_what_must_be_filled(tmp_path: Path) -> None:
    write_draft(tmp_path, "fresh", draft())
    missing = {problem.key for problem in load(tmp_path, tmp_path / "none").problems}
    assert missing == {"title", "symptom", "root_cause", "stage", "stack", "cause", "asks", "signature[1].regex",
                       "fix[1].do", "sample[1].hit"}  # fmt: skip


def test_a_draft_holds_what_the_report_gave() -> None:
    sample = "Traceback:\n  it's \"quoted\" \\ '''thrice'''\nKeyError: 'qwen9'"
    given = Prefill("KeyError: 'qwen9'", ["Inference"], ["transformers"], "KeyError: 'qwen9'", sample)
    table = tomli.loads(draft(given))
    assert (table["title"], table["stage"], table["stack"]) == ("KeyError: 'qwen9'", ["Inference"], ["transformers"])
    assert table["sample"][0]["hit"] == sample.replace("'''", "' ' '")
    assert compile_pattern(table["signature"][0]["regex"]).search("KeyError: `qwen10`")


@pytest.mark.parametrize(
    ("error", "other"),
    [
        ("OSError: /data/a/b.bin: size 12 (max 3.5)", "OSError: /mnt/x/y.bin: size 7 (max 11.25)"),
        ("RuntimeError: a[0] * {b} + c? $5 ^ | \\ x", "RuntimeError: a[9] * {b} + c? $77 ^ | \\ x"),
        ("bad address 0xdeadbeef", "bad address 0x1"),
    ],
)
def test_a_pattern_leaves_open_what_varies(error: str, other: str) -> None:
    compiled = compile_pattern(pattern_of(error))
    assert compiled.search(error)
    assert compiled.search(other)
    assert not compiled.search("something else")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = write_draft(tmp_path, "mine", "kept")
    with pytest.raises(UsageError, match="is there already"):
        write_draft(tmp_path, "mine", "lost")
    assert path.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("case_id", ["Bad Id", "../escape", "a--b", ""])
def test_an_id_cannot_leave_the_folder(tmp_path: Path, case_id: str) -> None:
    with pytest.raises(UsageError, match="is no id"):
        write_draft(tmp_path / "deep" / "cases", case_id, "x")
    assert not (tmp_path / "deep").exists()
