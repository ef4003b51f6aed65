"""Earlier diagnoses: kept redacted, few enough, and never in the way of an answer."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from firstaid.assistant import FirstAid, history
from firstaid.assistant.diagnose import read
from firstaid.assistant.history import History

QWEN = "KeyError: 'qwen3'"


def add(kept: History, kit: FirstAid, text: str) -> None:
    report = read(text)
    kept.add(report, kit.diagnose(report))


@pytest.fixture
def kept(tmp_path: Path) -> History:
    return History(tmp_path / "state" / "history.jsonl")


def test_a_diagnosis_is_kept_redacted_for_its_owner_alone(kit: FirstAid, kept: History) -> None:
    add(kept, kit, "token hf_abcdefghijklmnopqrstuvwxyz0123\n" + QWEN)
    (entry,) = kept.entries()
    assert entry.text == f"token <token>\n{QWEN}"
    assert (entry.verdict, entry.case) == ("match", "transformers-too-old-for-model-type")
    assert entry.title
    assert entry.error == QWEN
    assert entry.when.endswith("+00:00")
    assert kept.file.stat().st_mode & 0o077 == 0
    assert kept.file.with_name("history.jsonl.lock").stat().st_mode & 0o077 == 0


def test_what_is_not_known_has_no_case(kit: FirstAid, kept: History) -> None:
    add(kept, kit, "the weather is fine and 天气很好")
    (entry,) = kept.entries()
    assert (entry.verdict, entry.case, entry.title, entry.error) == ("none", None, None, None)
    assert "天气很好" in kept.file.read_text(encoding="utf-8"), "a person can read the file"


def test_an_error_is_told_as_it_was_printed(kit: FirstAid, kept: History) -> None:
    add(kept, kit, "Segmentation fault (core dumped)")
    assert kept.entries()[0].error == "Segmentation fault (core dumped)"


def test_while_a_user_types_there_is_one_entry(kit: FirstAid, kept: History) -> None:
    for text in ("KeyError", "KeyError: 'qwen3'", "KeyError: 'qwen3'\nwith vllm 0.8", "KeyError: 'qwen3'\nwith"):
        add(kept, kit, text)
    assert [entry.text for entry in kept.entries()] == ["KeyError: 'qwen3'\nwith"]


def test_the_newest_is_first_and_a_text_stands_once(kit: FirstAid, kept: History) -> None:
    for text in ("CUDA out of memory", QWEN, "Segmentation fault", "CUDA out of memory"):
        add(kept, kit, text)
    assert [entry.text for entry in kept.entries()] == ["CUDA out of memory", "Segmentation fault", QWEN]


def test_the_oldest_goes(kit: FirstAid, kept: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 2)
    for text in ("CUDA out of memory", QWEN, "Segmentation fault"):
        add(kept, kit, text)
    assert [entry.text for entry in kept.entries()] == ["Segmentation fault", QWEN]


def test_one_can_be_forgotten_and_all_can(kit: FirstAid, kept: History) -> None:
    for text in (QWEN, "Segmentation fault"):
        add(kept, kit, text)
    kept.remove(kept.entries()[1])
    assert [entry.text for entry in kept.entries()] == ["Segmentation fault"]
    kept.clear()
    kept.clear()
    assert kept.entries() == []


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[1]",
        "7",
        '{"when": "2026-01-01T00:00:00+00:00"}',
        json.dumps({"when": "soon", "verdict": "none", "case": None, "title": None, "error": None, "text": "a"}),
        json.dumps({"when": "2026-01-01", "verdict": "none", "case": None, "title": None, "error": None, "text": 1}),
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_a_damaged_line_is_left_out(kit: FirstAid, kept: History, damage: str) -> None:
    add(kept, kit, QWEN)
    with kept.file.open("a", encoding="latin-1") as file:
        file.write(f"{damage}\n")
    assert [entry.text for entry in kept.entries()] == [QWEN]
    add(kept, kit, "Segmentation fault")
    assert [entry.text for entry in kept.entries()] == ["Segmentation fault", QWEN]


def test_where_nothing_can_be_kept_nothing_is_said(kit: FirstAid, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = History(tmp_path / "file" / "history.jsonl")
    add(kept, kit, QWEN)
    assert kept.entries() == []
    with pytest.raises(OSError, match="file"):
        kept.clear()


def test_another_application_that_does_not_let_go_is_not_waited_for(
    kit: FirstAid, kept: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_PATIENCE", 0.05)
    add(kept, kit, QWEN)
    with FileLock(kept.file.with_name("history.jsonl.lock")):
        add(kept, kit, "Segmentation fault")
        with pytest.raises(OSError, match="lock"):
            kept.remove(kept.entries()[0])
    assert [entry.text for entry in kept.entries()] == [QWEN]


def test_applications_that_write_at_once_lose_nothing(kit: FirstAid, kept: History) -> None:
    reports = [read(f"{number} KeyError") for number in range(10, 26)]
    diagnosis = kit.diagnose(reports[0])
    writers = [threading.Thread(target=History(kept.file).add, args=(report, diagnosis)) for report in reports]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(entry.text for entry in kept.entries()) == [report.text for report in reports]
    assert sorted(file.name for file in kept.file.parent.iterdir()) == ["history.jsonl", "history.jsonl.lock"]
