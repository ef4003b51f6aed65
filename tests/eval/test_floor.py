"""Reports written for the purpose, neither indexed nor learned from: the measures may not fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstaid.assistant.evaluation import answered, baselines_answered
from firstaid.index import Searcher
from firstaid.index.evaluate import LabelledReport, Measures, Outcome, grouped, measure, read_reports
from firstaid.kb import load

HERE = Path(__file__).parent
BASE = load()
HELD_OUT = read_reports(HERE / "held-out.jsonl")
LEARNED = read_reports(HERE / "learned.jsonl")


@pytest.fixture(scope="module")
def outcomes(shipped: Searcher) -> list[Outcome]:
    return list(answered(HELD_OUT, shipped))


@pytest.fixture(scope="module")
def measures(outcomes: list[Outcome]) -> Measures:
    return measure(outcomes)


def percent(measures: Measures, name: str) -> float:
    found = getattr(measures, name).percent
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("fix_1", 89.0),
        ("fix_3", 96.0),
        ("root_cause_top", 93.0),
        ("symptom_top", 96.0),
        ("stage", 98.0),
        ("out_of_scope_none", 88.0),
        ("match_precision", 94.0),
        ("match_coverage", 72.0),
    ],
)
def test_the_floor(measures: Measures, name: str, floor: float) -> None:
    assert percent(measures, name) >= floor


def test_chinese_is_not_far_behind_english(outcomes: list[Outcome]) -> None:
    found = {
        lang: percent(measure(group), "fix_1") for lang, group in grouped(outcomes, "lang").items() if lang != "other"
    }
    assert found["zh"] >= found["en"] - 10


def test_descriptions_are_not_far_behind_tracebacks(outcomes: list[Outcome]) -> None:
    found = {kind: percent(measure(group), "fix_1") for kind, group in grouped(outcomes, "kind").items()}
    assert found["description"] >= found["traceback"] - 15


def test_the_ranking_is_better_than_plain_fusion(measures: Measures, shipped: Searcher) -> None:
    fusion = measure(baselines_answered(HELD_OUT, shipped, ["fusion"])["fusion"])
    assert percent(measures, "fix_1") >= percent(fusion, "fix_1")
    assert (measures.mrr or 0) > (fusion.mrr or 0)


def test_nothing_is_learned_from_what_is_measured() -> None:
    assert not {one.report for one in HELD_OUT} & {one.report for one in LEARNED}
    assert not {one.cases for one in HELD_OUT if one.cases} & {one.cases for one in LEARNED if one.cases}


@pytest.mark.parametrize("report", [*HELD_OUT, *LEARNED], ids=lambda report: report.id)
def test_no_report_is_indexed(report: LabelledReport) -> None:
    assert all(case in BASE.cases for case in report.cases)
    texts = {text.strip() for case in report.cases for text in (*BASE.cases[case].hits, *BASE.cases[case].asks)}
    assert report.report.strip() not in texts
