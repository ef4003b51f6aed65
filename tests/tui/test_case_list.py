"""Which cases are listed, and what there is to choose from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from firstaid.assistant.tui.catalogue import Catalogue, Filters
from firstaid.assistant.tui.heat import heat_rows, unfolded
from firstaid.assistant.tui.labels import branches
from firstaid.kb import Case, KnowledgeBase
from firstaid.kb.case import Incident
from firstaid.kb.taxonomy import within

OOM = "Crash - CUDA Error - Out of Memory"
DEVICE = "Crash - CUDA Error - Device Error"
KILLED = "Crash - Process Killed"
GPU = "Hardware and Resource Limitations - GPU Memory Insufficiency"
TUNING = "Configuration and Parameter Setting Errors - Fine-tuning Configuration Error"


ANY = Case(
    id="", title="", symptom="", root_cause="", stage=("Inference",), stack=("vllm",), confidence="reported", cause="",
    asks=(), fixes=(),
)  # fmt: skip


def case(case_id: str, symptom: str, cause: str, **other: Any) -> Case:
    return replace(ANY, id=case_id, symptom=symptom, root_cause=cause, **{"title": f"{case_id} fails", **other})


CASES = (
    case("big-batch", OOM, TUNING, stage=("Fine-tuning",), stack=("torch", "trl"), asks=("显存不足怎么办",)),
    case("dead-card", DEVICE, GPU, incidents=(Incident("https://example.org/1", "", "same", symptom=KILLED),)),
    case("long-prompt", OOM, GPU, title="Ein STRAẞE batch", stage=("Inference", "Fine-tuning")),
)


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(KnowledgeBase({one.id: one for one in CASES}, {}, (), {"tiny-card": "dead-card"}))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filters(), ["big-batch", "dead-card", "long-prompt"]),
        (Filters(words="  "), ["big-batch", "dead-card", "long-prompt"]),
        (Filters(words="FAILS dead"), ["dead-card"]),
        (Filters(words="dead nowhere"), []),
        (Filters(words="显存不足"), ["big-batch"]),
        (Filters(words="strasse"), ["long-prompt"]),
        (Filters(words="cuda trl"), ["big-batch"]),
        (Filters(words="process killed"), ["dead-card"]),
        (Filters(symptom=OOM), ["big-batch", "long-prompt"]),
        (Filters(symptom="Crash - CUDA Error"), ["big-batch", "dead-card", "long-prompt"]),
        (Filters(symptom=KILLED), ["dead-card"]),
        (Filters(symptom="Crash - CUDA"), []),
        (Filters(symptom=KILLED, root_cause=TUNING), []),
        (Filters(symptom=OOM, root_cause="Hardware and Resource Limitations"), ["long-prompt"]),
        (Filters(stack="vllm"), ["dead-card", "long-prompt"]),
        (Filters(stage="Fine-tuning"), ["big-batch", "long-prompt"]),
        (Filters(words="batch", stack="torch", stage="Fine-tuning"), ["big-batch"]),
    ],
)
def test_cases_that_fit(catalogue: Catalogue, wanted: Filters, found: list[str]) -> None:
    assert [one.id for one in catalogue.fitting(wanted)] == found


def test_names_come_before_labels_and_questions(catalogue: Catalogue) -> None:
    assert [one.id for one in catalogue.fitting(Filters(words="card"))] == ["dead-card"]
    assert [one.id for one in catalogue.fitting(Filters(words="memory"))] == ["big-batch", "dead-card", "long-prompt"]
    assert next(one.id for one in catalogue.fitting(Filters(words="m e o"))) == "long-prompt"


def test_choices_are_trees_with_numbers_of_cases(catalogue: Catalogue) -> None:
    assert [(one.label, one.cases) for one in catalogue.symptoms] == [
        ("Crash", 3), ("Crash - CUDA Error", 3), (DEVICE, 1), (OOM, 2), (KILLED, 1),
    ]  # fmt: skip
    assert [one.cases for one in catalogue.root_causes] == [1, 1, 2, 2]
    assert [(one.label, one.cases) for one in catalogue.stacks] == [("vllm", 2), ("torch", 1), ("trl", 1)]
    assert [(one.label, one.cases) for one in catalogue.stages] == [("Fine-tuning", 2), ("Inference", 2)]


def test_every_choice_leaves_as_many_cases_as_it_says(catalogue: Catalogue) -> None:
    for symptom in catalogue.symptoms:
        assert len(catalogue.fitting(Filters(symptom=symptom.label))) == symptom.cases
    for cause in catalogue.root_causes:
        assert len(catalogue.fitting(Filters(root_cause=cause.label))) == cause.cases


def test_an_id_that_was_given_up(catalogue: Catalogue) -> None:
    found = catalogue.get("tiny-card")
    assert found and found.id == "dead-card"
    assert catalogue.get("no-such-case") is None


def test_labels_are_a_tree() -> None:
    assert branches(OOM) == ("Crash", "Crash - CUDA Error", OOM)
    assert within(OOM, "Crash - CUDA Error") and within(OOM, OOM) and within(OOM, "")
    assert not within("Crash - CUDA Errors", "Crash - CUDA Error")


def test_rows_of_the_heat_map() -> None:
    rows = heat_rows({OOM: {"A": 2, "B": 1}, DEVICE: {"A": 4}, KILLED: {"B": 9}, "Hang - Stuck": {"B": 1}})
    assert [(row.symptom, row.total, row.parts) for row in rows] == [
        ("", 17, 2), ("Crash", 16, 2), (KILLED, 9, 0), ("Crash - CUDA Error", 7, 2), (DEVICE, 4, 0), (OOM, 3, 0),
        ("Hang", 1, 1), ("Hang - Stuck", 1, 0),
    ]  # fmt: skip
    assert rows[3].counts == {"A": 6, "B": 1}
    assert [row.name for row in unfolded(rows, {"Crash"})] == [
        "All symptoms", "Crash", "Process Killed", "CUDA Error", "Hang",
    ]  # fmt: skip
    assert [row.total for row in heat_rows({})] == [0]
