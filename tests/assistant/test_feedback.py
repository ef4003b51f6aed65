"""What users say of answers is kept without their reports."""

from __future__ import annotations

import json
from pathlib import Path

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnose import read
from firstaid.assistant.feedback import Feedback
from firstaid.assistant.paths import feedback_file

CASE = "transformers-too-old-for-model-type"


def test_an_opinion_is_one_line_without_the_report(kit: FirstAid) -> None:
    report = read(
        "my own words\nOSError: no file /home/alice/x with hf_abcdefghijklmnopqrstuvwxyz0123\nKeyError: 'qwen3'"
    )
    diagnosis = kit.diagnose(report)
    said = Feedback()
    assert said.add(report, diagnosis, diagnosis.cases[0].id, helped=True)
    assert said.add(report, diagnosis, "another", helped=False)
    text = feedback_file().read_text(encoding="utf-8")
    first, second = map(json.loads, text.splitlines())
    assert list(first) == ["when", "case", "verdict", "score", "helped", "error"]
    assert (first["case"], first["helped"], first["verdict"]) == (diagnosis.cases[0].id, True, diagnosis.verdict)
    assert first["score"] == diagnosis.cases[0].score
    assert (second["score"], second["helped"]) == (None, False)
    assert first["error"]
    assert not any(private in text for private in ("alice", "hf_abc", "my words"))
    assert feedback_file().stat().st_mode & 0o077 == 0


def test_the_last_opinion_counts_and_damage_does_not(kit: FirstAid, tmp_path: Path) -> None:
    report = read("KeyError: 'qwen3'")
    said = Feedback(tmp_path / "feedback.jsonl")
    assert said.of(CASE) is None
    said.add(report, kit.diagnose(report), CASE, helped=True)
    said.add(report, kit.diagnose(report), CASE, helped=False)
    with said.file.open("a", encoding="utf-8") as file:
        file.write(f'{{\n[]\n{{"case": "{CASE}"}}\n')
    assert said.of(CASE) is False
    assert said.of("another") is None


def test_where_it_cannot_be_kept_it_is_told(kit: FirstAid, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    report = read("KeyError: 'qwen3'")
    assert not Feedback(tmp_path / "file" / "feedback.jsonl").add(report, kit.diagnose(report), CASE, helped=True)
