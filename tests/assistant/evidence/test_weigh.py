"""How far evidence moves a case."""

from __future__ import annotations

import pytest

from firstaid.assistant.diagnosis import Evidence, Origin, Status
from firstaid.assistant.evidence.weigh import denied, shift
from firstaid.index import Hit, Ranking, shifted
from firstaid.index.store import CaseFacts
from firstaid.kb import Check

SUPPORTING, DECIDING = Check("package", "x", broken="<1"), Check("package", "x", broken="<1", decides=True)


def evidence(status: Status, source: Origin = "report") -> Evidence:
    return Evidence("x", status, "x", source)


def test_what_is_confirmed_raises_and_what_is_contradicted_lowers_more() -> None:
    up, down = shift([SUPPORTING], [evidence("confirmed")], None), shift([SUPPORTING], [evidence("contradicted")], None)
    assert up > 0 > down
    assert -down > up
    assert shift([SUPPORTING], [evidence("unknown")], None) == 0
    assert shift([], [], None) == 0


def test_a_check_that_decides_counts_for_more() -> None:
    for status in ("confirmed", "contradicted"):
        weak, strong = (abs(shift([check], [evidence(status)], None)) for check in (SUPPORTING, DECIDING))
        assert strong > weak


def test_an_environment_that_is_only_assumed_counts_for_less() -> None:
    active, named = (shift([SUPPORTING], [evidence("confirmed", "machine")], by) for by in ("active", "option"))
    assert 0 < active < named
    assert shift([SUPPORTING], [evidence("confirmed", "report")], "active") == named


def test_checks_do_not_add_up_and_cancel_each_other() -> None:
    twice = shift([SUPPORTING] * 2, [evidence("confirmed")] * 2, None)
    assert twice == shift([SUPPORTING], [evidence("confirmed")], None)
    assert shift([SUPPORTING] * 2, [evidence("confirmed"), evidence("contradicted")], None) == 0


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["contradicted"], True),
        (["confirmed"], False),
        (["unknown"], False),
        (["contradicted", "unknown"], True),
        (["contradicted", "confirmed"], False),
        ([], False),
    ],
)
def test_what_is_only_contradicted_is_denied(statuses: list[Status], expected: bool) -> None:
    assert denied([SUPPORTING] * len(statuses), [evidence(one) for one in statuses], None) == expected


def test_where_a_deciding_check_is_known_it_alone_denies() -> None:
    checks = [SUPPORTING, DECIDING]
    assert denied(checks, [evidence("confirmed"), evidence("contradicted")], None)
    assert not denied(checks, [evidence("contradicted"), evidence("confirmed")], None)
    assert denied(checks, [evidence("contradicted"), evidence("unknown")], None)


def test_an_environment_that_is_only_assumed_denies_nothing() -> None:
    assert not denied([SUPPORTING], [evidence("contradicted", "machine")], "active")
    assert denied([SUPPORTING], [evidence("contradicted", "machine")], "run")


def hit(name: str, score: float) -> Hit:
    return Hit(CaseFacts(name, "s", "c", ("Inference",), ("torch",)), score, 0.0, 0.0)


def test_a_ranking_stays_one_of_probabilities() -> None:
    ranking = Ranking((hit("a", 0.5), hit("b", 0.3)), unknown=0.15, foreign=0.05)
    lowered = shifted(ranking, {"a": -2.5})
    assert [one.id for one in lowered.hits] == ["b", "a"]
    assert sum(one.score for one in lowered.hits) + lowered.unknown + lowered.foreign == pytest.approx(1)
    assert lowered.hits[0].score / lowered.unknown == pytest.approx(2), "what is not shifted keeps its odds"
    assert shifted(ranking, {}) is ranking
