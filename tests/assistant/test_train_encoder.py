"""What the encoder is tuned on."""

from __future__ import annotations

import random

import pytest

from firstaid.assistant.holdout import held_out
from firstaid.assistant.train_encoder import Lessons, rows, told_apart
from firstaid.index.embed import embedded_text
from firstaid.index.encoder import BundledEncoder
from firstaid.kb import Case, load

CASES = list(load().cases.values())


@pytest.fixture(scope="module")
def few() -> list[Case]:
    return CASES[::50]


def test_one_text_of_five_is_held_out() -> None:
    texts = [text for case in CASES for text in (*case.asks, *case.hits)]
    assert 0.18 < sum(map(held_out, texts)) / len(texts) < 0.22


def test_what_is_held_out_is_never_learned_from(few: list[Case]) -> None:
    made = list(rows([Lessons.of(case) for case in few], BundledEncoder(), random.Random(0)))
    said = {embedded_text(incident.says) for case in few for incident in case.incidents}
    kept = {
        embedded_text(text) for case in few for text in (*case.asks, *case.hits, *case.misses) if not held_out(text)
    }
    out = {embedded_text(text) for case in few for text in (*case.asks, *case.hits, *case.misses) if held_out(text)}
    used = {text for row in made for text in (row.asked, row.right, row.wrong)}
    assert out
    assert not used & (out - kept - said)


def test_each_row_sets_a_case_against_another(few: list[Case]) -> None:
    lessons = [Lessons.of(case) for case in few]
    titles = {one.title: one.id for one in lessons}
    made = list(rows(lessons, BundledEncoder(), random.Random(0)))
    assert {row.asked for row in made} == {text for one in lessons for text in one.asked}
    assert all(row.right != row.wrong for row in made)
    wrong = [titles[row.wrong] for row in made if row.wrong in titles and row.right in titles]
    right = [titles[row.right] for row in made if row.wrong in titles and row.right in titles]
    assert wrong
    assert all(one != other for one, other in zip(right, wrong, strict=True))
    assert len({row.kind for row in made}) > 1


def test_telling_cases_apart_is_measured(few: list[Case]) -> None:
    lessons = [Lessons.of(case) for case in few]
    first, mean = told_apart(BundledEncoder(), lessons, lessons[:5])
    assert 0.5 < first <= mean <= 1
