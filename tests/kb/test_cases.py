"""Every shipped case finds itself: what a user with that problem pastes leads to it, and its look-alikes do not."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from firstaid.assistant.diagnose import diagnose
from firstaid.assistant.render import Screen
from firstaid.assistant.render.text import to_text
from firstaid.index import Searcher
from firstaid.kb import Case, load, load_taxonomy, top_level
from firstaid.kb.check import check

BASE = load()
HITS = [(case.id, number) for case in BASE.cases.values() for number in range(len(case.hits))]
MISSES = [(case.id, number) for case in BASE.cases.values() for number in range(len(case.misses))]
EXCEPTIONS: dict[str, str] = {}
"""Case id -> why one of its samples may find another case first. A stale entry fails."""


def test_nothing_is_faulty() -> None:
    assert [str(problem) for problem in check(BASE)] == []


@pytest.mark.parametrize(("case_id", "number"), HITS)
def test_a_hit_finds_its_case_first(shipped: Searcher, case_id: str, number: int) -> None:
    found = diagnose(BASE.cases[case_id].hits[number], shipped)
    assert (found.cases[0].id == case_id) is (case_id not in EXCEPTIONS), [case.id for case in found.cases]


@pytest.mark.parametrize(("case_id", "number"), MISSES)
def test_a_miss_is_not_answered_with_the_case(shipped: Searcher, case_id: str, number: int) -> None:
    found = diagnose(BASE.cases[case_id].misses[number], shipped)
    answered = found.cases[0].id if found.verdict != "none" and found.cases else None
    assert answered != case_id, (found.verdict, found.cases[0].score)


@pytest.mark.parametrize("case", BASE.cases.values(), ids=lambda case: case.id)
def test_an_ask_finds_its_case_among_the_first_three(shipped: Searcher, case: Case) -> None:
    for ask in case.asks:
        assert case.id in [found.id for found in diagnose(ask, shipped).cases[:3]], ask


def test_the_cases_are_spread() -> None:
    cases = list(BASE.cases.values())
    assert len(cases) >= 80
    causes = {top_level(label) for label in load_taxonomy().root_cause}
    assert {top_level(case.root_cause) for case in cases} == causes
    assert {stage for case in cases for stage in case.stage} == {"Fine-tuning", "Inference"}
    wanted = {"transformers", "peft", "trl", "accelerate", "deepspeed", "bitsandbytes", "flash-attn", "vllm", "sglang",
              "llama.cpp", "ollama", "torch", "cuda", "nccl"}  # fmt: skip
    assert wanted <= {name for case in cases for name in case.stack}


@pytest.mark.parametrize("case", BASE.cases.values(), ids=lambda case: case.id)
def test_the_answer_fits_one_screen(shipped: Searcher, case: Case) -> None:
    text = to_text(diagnose(case.hits[0], shipped), Screen(width=80, height=22))
    rows = sum(max(1, -(-cell_len(line) // 80)) for line in text.splitlines())
    assert rows <= 22, text
