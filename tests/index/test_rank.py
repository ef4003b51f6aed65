"""Features, probabilities and the weights that are learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstaid.index import Found, Query, Searcher
from firstaid.index.features import case_features, query_features
from firstaid.index.fit import Example, fit
from firstaid.index.rank import Weights, load_weights, probabilities, rank, write_weights
from firstaid.index.signature import Match
from firstaid.index.store import CaseFacts

FACTS = {
    name: CaseFacts(name, symptom, "cause", ("Inference",), (program,), frozenset({model}), frozenset({"KeyError"}))
    for name, symptom, program, model in (
        ("near", "Crash - Other Crashes", "vllm", "qwen"),
        ("far", "Hang - Generation Process Stuck", "ollama", "llama"),
        ("alike", "Crash - Other Crashes", "vllm", "qwen"),
    )
}
FOUND = Found(
    matches={"near": [Match("near", "root", 0, 9, {}, at_error=True)]},
    bm25={"lexical_words": {"near": 12.0, "far": 3.0}},
    near={
        "vector_words": {
            "near": {"title": 0.7, "sample": 0.6},
            "far": {"ask": 0.4},
            "alike": {"ask": 0.5, "miss": 0.99},
        }
    },
)
QUERY = Query("KeyError: 'x'", "KeyError: 'x'", "it fails", stack=("vllm",), models=("qwen",), exceptions=("KeyError",))


def test_features_say_what_they_are_called() -> None:
    found = case_features(FOUND, QUERY, FACTS)
    near, far = found["near"], found["far"]
    assert near["root_at_error"] == 1.0
    assert (near["lexical_words_share"], far["lexical_words_share"]) == (1.0, 0.25)
    assert (near["lexical_words_place"], far["lexical_words_place"]) == (1.0, 0.5)
    assert near["vector_words_title"] == pytest.approx(0.3)  # above the least of all cosines
    assert (near["programs_shared"], near["programs_differ"], far["programs_differ"]) == (1.0, 0.0, 1.0)
    assert (near["quiet_with_error"], far["quiet_with_error"]) == (0.0, 1.0)
    assert (near["same_model"], far["other_model"]) == (1.0, 1.0)


def test_a_look_alike_that_its_author_named_takes_no_part() -> None:
    assert "alike" not in case_features(FOUND, QUERY, FACTS)
    proven = {**FOUND.matches, "alike": [Match("alike", "root", 0, 9, {}, at_error=True)]}
    assert "alike" in case_features(Found(proven, FOUND.bm25, FOUND.near), QUERY, FACTS)


@pytest.mark.parametrize(
    ("text", "elsewhere", "ours"),
    [
        ("django.db.utils.OperationalError in postgres", 2 / 3, 0.0),
        ("vllm behind nginx and redis", 1 / 3, 1.0),
        ("my own kafkaesque code", 0.0, 0.0),
    ],
)
def test_programs_of_other_fields_are_counted(text: str, elsewhere: float, ours: float) -> None:
    found = query_features(Found({}, {}, {}), Query(text, stack=("vllm",) if ours else ()))
    assert found["names_elsewhere"] == pytest.approx(elsewhere)
    assert found["names_program"] == ours
    assert found["only_elsewhere"] == float(bool(elsewhere) and not ours)


def test_probabilities_add_up_and_follow_the_weights() -> None:
    weights = Weights({"root_at_error": 3.0}, {"bias": 1.0}, {"bias": -1.0}, 0.8, 0.3)
    chances = probabilities(case_features(FOUND, QUERY, FACTS), {"bias": 1.0}, weights)
    assert sum(chances.cases.values()) + chances.unknown + chances.foreign == pytest.approx(1.0)
    assert chances.cases["near"] > chances.unknown > chances.cases["far"] > chances.foreign
    ranking = rank(FOUND, QUERY, FACTS, weights)
    assert [hit.id for hit in ranking.hits] == ["near", "far"]
    assert ranking.hits[0].signature == 1.0


def test_nothing_found_is_unknown_or_foreign() -> None:
    ranking = rank(Found({}, {}, {}), Query("hello"), FACTS)
    assert ranking.hits == ()
    assert ranking.unknown + ranking.foreign == pytest.approx(1.0)


def test_the_shipped_weights_name_known_features(shipped: Searcher) -> None:
    weights = load_weights()
    query = Query("vllm KeyError: 'qwen2'", "KeyError: 'qwen2'", "vllm fails", exceptions=("KeyError",))
    found = shipped.find(query)
    known = {name for features in case_features(found, query, shipped.facts).values() for name in features}
    parts = (f"{role}_{place}" for role in ("root", "hint", "cascade") for place in ("at_error", "elsewhere"))
    rare = {
        *parts,
        "signatures",
        "signature_length",
        "vector_error_miss",
        "vector_words_miss",
        "vector_error_cause",
        "vector_words_cause",
    }
    assert set(weights.case) <= known | rare
    assert set(weights.unknown) == set(weights.foreign) == set(query_features(found, query))
    assert 0.5 < weights.match < 1.0
    assert 0.0 < weights.none < 0.5


def test_written_weights_come_back(tmp_path: Path) -> None:
    weights = Weights({"a": 1.25, "b": -3.0}, {"bias": 0.5}, {"bias": -0.5}, 0.8, 0.3)
    write_weights(weights, tmp_path / "w.toml")
    assert load_weights(tmp_path / "w.toml") == weights
    assert (tmp_path / "w.toml").read_text(encoding="utf-8").index("b = -3") < (tmp_path / "w.toml").read_text().index(
        "a ="
    )


def test_fitting_learns_what_tells_right_from_wrong() -> None:
    pytest.importorskip("scipy")
    right = {"good": {"telling": 1.0, "noise": 0.3}, "bad": {"telling": 0.0, "noise": 0.7}}
    examples = [
        *(Example(right, {"bias": 1.0, "ours": 1.0}, "case", frozenset({"good"})) for _ in range(30)),
        *(Example({"bad": right["bad"]}, {"bias": 1.0, "ours": 1.0}, "unknown") for _ in range(10)),
        *(Example({"bad": right["bad"]}, {"bias": 1.0, "ours": 0.0}, "foreign") for _ in range(10)),
        *(Example(right, {"bias": 1.0, "ours": 1.0}, "not", frozenset({"bad"})) for _ in range(10)),
    ]
    fitted = fit(examples)
    assert fitted.case["telling"] > 1.0
    assert fitted.foreign["ours"] < 0.0 < fitted.unknown["ours"]
    chances = probabilities(
        right, {"bias": 1.0, "ours": 1.0}, Weights(fitted.case, fitted.unknown, fitted.foreign, 1, 1)
    )
    assert chances.cases["good"] > 0.7
