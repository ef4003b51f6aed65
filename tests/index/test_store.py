"""What is written into an index comes out of it."""

from __future__ import annotations

from firstaid.index import Searcher
from firstaid.index.store import CaseStore
from firstaid.kb import load
from firstaid.kb.anchors import anchors


def test_cases_signatures_and_vectors_come_back(shipped: Searcher) -> None:
    base = load()
    store = CaseStore(shipped.folder / "cases.db")
    assert {case_id: store.case(case_id) for case_id in base.cases} == dict(base.cases)
    assert store.case("no-such-case") is None
    assert [(one.case, one.regex, one.role, one.anchors) for one in store.signatures()] == [
        (case.id, one.regex, one.role, [list(words) for words in anchors(one.regex)])
        for case in base.cases.values()
        for one in case.signatures
    ]
    facts = store.facts()
    assert {case_id: (found.symptom, found.stage, found.stack) for case_id, found in facts.items()} == {
        case.id: (case.symptom, case.stage, case.stack) for case in base.cases.values()
    }
    texts = sum(2 + len(case.asks) + len(case.hits) + len(case.misses) for case in base.cases.values())
    assert len(store.vector_rows()) == texts
    store.close()
