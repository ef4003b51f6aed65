"""What is kept holds nothing that only its owner should see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from firstaid.assistant.diagnose import read
from firstaid.assistant.last import keep, recall
from firstaid.assistant.redact import redacted
from firstaid.kb.errors import UsageError

Run = Callable[..., CompletedProcess[bytes]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token hf_abcdefghijklmnopqrstuvwxyz0123", "token <token>"),
        ("OPENAI_API_KEY=sk-proj-0123456789abcdef", "OPENAI_API_KEY=<secret>"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <token>"),
        ("git clone https://me:secret@example.com/x", "git clone https://<user>@example.com/x"),
        ("password: hunter22, then", "password: <secret>, then"),
        ('{"access_token": "abcdef"}', '{"access_token": "<secret>"}'),
        ('File "/home/alice/train.py", line 3', 'File "/home/<user>/train.py", line 3'),
        (r"C:\Users\Alice Smith\models\x.gguf", r"C:\Users\<user> Smith\models\x.gguf"),
        ("/Users/bob/Library", "/Users/<user>/Library"),
        ("mail to a.b@example.org please", "mail to <address> please"),
        ("connect to 10.1.2.3:8000 failed", "connect to <ip>:8000 failed"),
        ("127.0.0.1:8000 and 0.0.0.0", "127.0.0.1:8000 and 0.0.0.0"),
        ("nvidia-cudnn-cu12==9.1.0.70", "nvidia-cudnn-cu12==9.1.0.70"),
        ("max_new_tokens=512, pad_token_id: 151643", "max_new_tokens=512, pad_token_id: 151643"),
        ("KeyError: 'qwen3'", "KeyError: 'qwen3'"),
    ],
)
def test_redacted(text: str, kept: str) -> None:
    assert redacted(text) == kept


def test_of_a_long_report_the_error_and_the_end_are_kept(tmp_path: Path) -> None:
    log = "".join(f"step {number}: all is well\n" for number in range(10_000))
    report = read(f"KeyError: 'qwen3'\n{log}")
    file = tmp_path / "state" / "last.txt"
    keep(report, file)
    kept = recall(file)
    assert kept.startswith("KeyError: 'qwen3'\n")
    assert kept.endswith("step 9999: all is well")
    assert len(kept) < 61_000
    assert file.stat().st_mode & 0o077 == 0, "for its owner alone"


def test_where_nothing_can_be_kept_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    keep(read("KeyError: 'qwen3'"), tmp_path / "file" / "last.txt")
    with pytest.raises(UsageError, match="no diagnosis to ask about"):
        recall(tmp_path / "file" / "last.txt")


def test_a_question_without_a_model_or_a_report(firstaid: Run, own_home: Path) -> None:
    nothing = firstaid("ask", "why?")
    assert (nothing.returncode, b"there is no diagnosis to ask about" in nothing.stderr) == (2, True)
    firstaid("diagnose", stdin=b"token hf_abcdefghijklmnopqrstuvwxyz0123\nKeyError: 'qwen3'")
    (kept,) = (own_home / "state").glob("last-report.txt")
    assert kept.read_text(encoding="utf-8") == "token <token>\nKeyError: 'qwen3'"
    without = firstaid("ask", "why?")
    assert without.returncode == 5
    assert b"firstaid model pull" in without.stderr or b"firstaid-llm[llm]" in without.stderr
    assert b"Traceback" not in without.stderr
    assert [file.name for file in (own_home / "state").iterdir()] == ["last-report.txt"]


@pytest.mark.parametrize("options", [["--llm"], ["--model", "qwen3-4b"]])
def test_the_answer_stands_even_where_the_model_that_was_asked_for_is_not_here(
    firstaid: Run, options: list[str]
) -> None:
    done = firstaid("diagnose", *options, stdin=b"KeyError: 'qwen3'")
    assert b"transformers-too-old-for-model-type" in done.stdout
    assert done.returncode == 5
    assert b"cure: " in done.stderr


def test_a_setting_names_a_model_and_asks_for_none(firstaid: Run) -> None:
    done = firstaid("diagnose", stdin=b"KeyError: 'qwen3'", FIRSTAID_MODEL="qwen3-4b")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"In your terms" not in done.stdout
