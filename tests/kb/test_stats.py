"""Statistics of labelled failures."""

from __future__ import annotations

import pytest

from firstaid.kb.labelled import Labelled
from firstaid.kb.stats import count, priors

ENV = "Environment Compatibility Issues - CUDA Version Compatibility"
CONF = "Configuration and Parameter Setting Errors - Inference Configuration Error"
TOK = "Tokenizer and Text Processing Issues - Control Token Issues"
CRASH = "Crash - Other Crashes"
OUTPUT = "Incorrect Functionality - Generation Quality Anomaly - Repetitive Generation"


def rows(symptom: str, cause: str, stage: str = "Inference", series: str = "qwen", times: int = 1) -> list[Labelled]:
    return [Labelled(f"https://example.org/{n}", symptom, cause, stage, series) for n in range(times)]


FAILURES = [
    *rows(CRASH, ENV, times=60),
    *rows(CRASH, CONF, stage="Fine-tuning", times=20),
    *rows(OUTPUT, TOK, times=15),
    *rows(OUTPUT, ENV, times=5),
    *rows(CRASH, ENV, series="llama", times=70),
    *rows(OUTPUT, TOK, series="llama", times=10),
]


def test_counts() -> None:
    stats = count(FAILURES)
    assert stats.failures == 180
    assert stats.causes[0] == "Environment Compatibility Issues"
    assert stats.cells[OUTPUT] == {"Tokenizer and Text Processing Issues": 25, "Environment Compatibility Issues": 5}
    assert stats.stages["Fine-tuning"] == {"Configuration and Parameter Setting Errors": 20}
    assert stats.leading[OUTPUT] == [(TOK, 25), (ENV, 5)]
    assert sum(sum(row.values()) for row in stats.series.values()) == 180


def test_the_findings_hold_where_the_numbers_say_so() -> None:
    crash, series, stage = count(FAILURES).findings
    assert (crash.holds, series.holds, stage.holds) == (True, True, True)
    assert {number.what: (number.count, number.of) for number in crash.numbers} == {
        "infrastructure behind crashes": (130, 150),
        "infrastructure behind wrong output": (5, 30),
        "tokenizer behind wrong output": (25, 30),
        "tokenizer behind crashes": (0, 150),
    }
    assert [round(number.share, 2) for number in stage.numbers] == [1.0, 0.0, 0.0, 0.84]


def test_the_findings_fail_where_the_numbers_say_so() -> None:
    against = [
        *rows(CRASH, TOK, stage="Fine-tuning", times=60),
        *rows(OUTPUT, ENV, stage="Fine-tuning", series="llama", times=60),
        *rows(OUTPUT, CONF, times=9),
    ]
    assert [finding.holds for finding in count(against).findings] == [False, False, False]


def test_a_small_series_is_not_judged() -> None:
    finding = count(rows(CRASH, ENV, times=10)).findings[1]
    assert (finding.holds, finding.note) == (False, "no series has 50 failures")


def test_nothing_counts_nothing() -> None:
    stats = count([])
    assert (stats.failures, stats.cells) == (0, {})
    assert not any(finding.holds for finding in stats.findings)


def test_priors_are_probabilities() -> None:
    found = priors(FAILURES)
    assert found[("Crash", "Fine-tuning")]["Configuration and Parameter Setting Errors"] == pytest.approx(21 / 23)
    for given in found.values():
        assert sum(given.values()) == pytest.approx(1.0)
        assert min(given.values()) > 0
