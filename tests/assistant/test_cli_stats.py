"""`firstaid stats`, `kb coverage` and `kb check --similar`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from firstaid.kb import load
from firstaid.kb.labelled import incidents

Run = Callable[..., CompletedProcess[bytes]]
ROW = {
    "url": "https://github.com/QwenLM/Qwen3/issues/247",
    "symptom": "Loading Failure - Model Loading Error - Validation Failed",
    "root_cause": "Environment Compatibility Issues - Dependency Library Compatibility",
    "stage": "Inference",
    "series": "QwenLM",
}


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    other = {**ROW, "url": "https://github.com/QwenLM/Qwen3/issues/999999"}
    path.write_text("\n".join(json.dumps(row) for row in (ROW, other)), encoding="utf-8")
    return path


def test_stats_count_our_incidents(firstaid: Run) -> None:
    found = json.loads(firstaid("stats", "--format", "json").stdout)
    assert found["failures"] == len(incidents(load()))
    assert len(found["findings"]) == 3
    assert sum(found["priors"]["Crash | Inference"].values()) == pytest.approx(1.0)
    text = firstaid("stats").stdout.decode()
    assert text.startswith(f"{found['failures']} labelled failures")
    assert "A crash points to infrastructure" in text
    assert "| Crash › CUDA Error › Out of Memory |" in firstaid("stats", "--format", "md").stdout.decode()


def test_stats_count_a_label_file(firstaid: Run, labels: Path) -> None:
    found = json.loads(firstaid("stats", "--labels", str(labels), "--format", "json").stdout)
    assert (found["failures"], list(found["series"])) == (2, ["qwenlm"])


def test_coverage(firstaid: Run, labels: Path) -> None:
    assert firstaid("kb", "coverage", str(labels)).stdout.startswith(
        b"1 of 2 listed failures are incidents of a case (50%)"
    )
    found = json.loads(firstaid("kb", "coverage", "--format", "json", str(labels)).stdout)
    assert found["missing"] == ["https://github.com/QwenLM/Qwen3/issues/999999"]
    done = firstaid("kb", "coverage", "nowhere.jsonl")
    assert (done.returncode, b"cure:" in done.stderr) == (2, True)


def test_similar_finds_a_twin(firstaid: Run, write_case: Callable[..., Path]) -> None:
    case = load().cases["safetensors-header-too-large"]
    write_case("the-twin", ('title = "the-twin breaks"', f"title = {json.dumps(case.title)}"),
               ('cause = "Because of the-twin."', f"cause = {json.dumps(case.cause)}"))  # fmt: skip
    done = firstaid("kb", "check", "--similar")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split() == [b"1.00", b"safetensors-header-too-large", b"the-twin"]
