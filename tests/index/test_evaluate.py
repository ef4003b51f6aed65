"""Measures, calibration and baselines over answers that are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firstaid.index import Query, Searcher
from firstaid.index.evaluate import (
    BASELINES,
    LabelledReport,
    Outcome,
    Share,
    baseline_order,
    calibrate,
    grouped,
    measure,
    read_reports,
    states_fix,
)
from firstaid.kb.errors import InputError

MEMORY = "Crash - CUDA Error - Out of Memory"
HARDWARE = "Hardware and Resource Limitations - GPU Memory Insufficiency"
SETTING = "Configuration and Parameter Setting Errors - Inference Configuration Error"


def report(number: int = 1, **known: object) -> LabelledReport:
    facts = {"cases": ("a",), "symptom": MEMORY, "root_cause": HARDWARE, "stage": "Inference", **known}
    return LabelledReport(id=f"r{number}", report="text", **facts)


RIGHT = Outcome(report(1), (True, False), 0.9, "match", MEMORY, HARDWARE, "Inference", 10.0)
THIRD = Outcome(report(2), (False, False, True), 0.8, "match", "Crash - Process Killed", SETTING, "Fine-tuning", 20.0)
MISSED = Outcome(report(3), (False,), 0.3, "possible", "Hang - Generation Process Stuck", None, None, 30.0)
FOREIGN = Outcome(LabelledReport("f1", "text", in_scope=False), (), 0.0, "none", ms=5.0)
TAKEN_IN = Outcome(LabelledReport("f2", "text", in_scope=False), (False,), 0.7, "match", ms=5.0)


def test_the_measures_count_what_they_say() -> None:
    found = measure([RIGHT, THIRD, MISSED, FOREIGN, TAKEN_IN])
    assert (found.reports, found.out_of_scope) == (3, 2)
    assert found.fix_1 == Share(1, 3)
    assert found.fix_3 == Share(2, 3)
    assert found.mrr == pytest.approx((1 + 1 / 3) / 3, abs=0.001)
    assert found.root_cause_top == Share(1, 3)
    assert found.symptom_top == Share(2, 3)
    assert found.symptom == Share(1, 3)
    assert found.stage == Share(1, 3)
    assert found.out_of_scope_none == Share(1, 2)
    assert found.match_precision == Share(1, 3)  # a foreign report taken for a failure is a wrong match
    assert found.match_coverage == Share(2, 3)
    assert (found.ms_p50, found.ms_p95) == (10.0, 28.0)


def test_what_is_not_known_is_not_measured() -> None:
    unknown = Outcome(LabelledReport("u", "text"), (True,), 0.9, "match", MEMORY, HARDWARE, "Inference")
    found = measure([unknown])
    assert found.reports == 1
    assert {found.fix_1, found.symptom, found.root_cause_top, found.stage, found.match_precision} == {Share(0, 0)}
    assert found.fix_1.percent is None
    assert found.mrr is None


def test_further_root_causes_count_at_the_top() -> None:
    also = Outcome(report(root_cause_ok=(SETTING,)), (True,), root_cause=SETTING)
    assert measure([also]).root_cause_top == Share(1, 1)
    assert measure([also]).root_cause == Share(0, 1)


def test_groups_are_those_of_the_file() -> None:
    outcomes = [Outcome(report(1, groups={"lang": lang}), (True,)) for lang in ("zh", "en", "zh")]
    assert {name: len(found) for name, found in grouped([*outcomes, RIGHT], "lang").items()} == {"en": 1, "zh": 2}


def test_calibration_compares_scores_with_what_came_of_them() -> None:
    found = calibrate([RIGHT, THIRD, MISSED, FOREIGN, TAKEN_IN])
    assert found
    assert [one.right for one in found.bins] == [Share(0, 0), Share(0, 1), Share(0, 0), Share(0, 1), Share(1, 2)]
    assert found.error == pytest.approx((0.3 + 0.7 + (1.7 - 1)) / 4, abs=0.001)
    assert found.brier == pytest.approx((0.1**2 + 0.8**2 + 0.3**2 + 0.7**2) / 4, abs=0.001)
    assert calibrate([FOREIGN]) is None


def test_a_case_is_right_by_its_id_or_by_its_fix(shipped: Searcher) -> None:
    case = shipped.case("qwen2-float16-overflow")
    assert case
    assert states_fix(case, report(cases=(case.id,)))
    assert states_fix(case, report(cases=(), fix_any=(r"load .* in BFLOAT16",)))
    assert not states_fix(case, report(cases=("another",), fix_any=("reinstall everything",)))


@pytest.mark.parametrize("baseline", BASELINES)
def test_each_baseline_finds_a_known_error(shipped: Searcher, baseline: str) -> None:
    text = "KeyError: 'qwen2'"
    query = Query(text=text, error=text, error_spans=((0, len(text)),))
    order = baseline_order(shipped.find(query), baseline)  # pyright: ignore[reportArgumentType]
    assert "transformers-too-old-for-model-type" in [case for case, _ in order[:5]]
    assert all(0 < score <= 1 for _, score in order)
    assert [score for _, score in order] == sorted((score for _, score in order), reverse=True)


def test_reports_are_read_with_their_groups(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    line = {"id": 7, "report": "x", "fix_any": ["a|b"], "lang": "zh", "cause": "c" * 50, "in_scope": False}
    path.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    assert read_reports(path) == [LabelledReport("7", "x", in_scope=False, fix_any=("a|b",), groups={"lang": "zh"})]


def test_every_faulty_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    lines = ['{"id": 1, "report": "fine"}', "no json", '{"id": 2}', '{"id": 3, "report": "x", "fix_any": ["("]}', "[]"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_reports(path)
    assert [number for number in range(1, 6) if f"line {number}:" in (caught.value.context or "")] == [2, 3, 4, 5]
    with pytest.raises(InputError, match="cannot be read"):
        read_reports(tmp_path / "missing.jsonl")
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_reports(path)
    assert caught.value.context == "it is empty"
