"""`firstaid eval` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    old = {
        "id": "old",
        "report": "transformers 4.36.2\nKeyError: 'qwen2'",
        "cases": ["transformers-too-old-for-model-type"],
        "symptom": "Loading Failure - Model Loading Error - Validation Failed",
        "lang": "en",
    }
    wrong = {**old, "id": "elsewhere", "cases": ["no-such-case"], "lang": "zh"}
    crash = "django.db.utils.OperationalError: connection to server failed: FATAL: password authentication failed"
    foreign = {"id": "foreign", "report": crash, "in_scope": False}
    path.write_text("\n".join(json.dumps(row) for row in (old, wrong, foreign)), encoding="utf-8")
    return path


def test_the_measures_are_those_of_the_answers(firstaid: Run, reports: Path) -> None:
    done = firstaid("eval", str(reports), "--by", "lang", "--json", "--worst", "9")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["firstaid"]["fix_1"] == {"percent": 50.0, "hits": 1, "of": 2}
    assert found["firstaid"]["symptom"]["percent"] == 100.0
    assert found["firstaid"]["out_of_scope_none"]["percent"] == 100.0
    assert {"signature", "lexical", "vector", "fusion"} <= found.keys()
    assert found["by"]["en"]["fix_1"]["percent"] == 100.0
    assert found["by"]["zh"]["fix_1"]["percent"] == 0.0
    assert found["wrong"] == ["elsewhere"]
    assert found["cases"] > 700


def test_the_table_is_for_people(firstaid: Run, reports: Path) -> None:
    text = firstaid("eval", str(reports), "--baseline", "lexical", "--worst", "1").stdout.decode()
    assert text.startswith("2 failures and 1 reports that are none")
    assert "fix@1, the first case is right" in text
    assert "lexical" in text
    assert "vector" not in text
    assert "calibration error" in text
    assert text.splitlines()[-1].startswith("elsewhere: match")


def test_bad_input_is_named(firstaid: Run, reports: Path, tmp_path: Path) -> None:
    done = firstaid("eval", str(reports), "--by", "colour")
    assert done.returncode == 2
    assert b'no report has a field "colour"' in done.stderr
    assert b"there are: lang" in done.stderr
    done = firstaid("eval", str(tmp_path / "missing.jsonl"))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
