"""The closed lists are complete, and every name in them has a meaning."""

from __future__ import annotations

from firstaid.kb import load_taxonomy, load_vocabulary, top_level


def test_the_lists_are_those_of_the_study() -> None:
    taxonomy = load_taxonomy()
    assert (len(taxonomy.symptom), len(taxonomy.root_cause)) == (37, 26)
    assert set(taxonomy.stage) == {"Fine-tuning", "Inference"}
    assert {top_level(label) for label in taxonomy.symptom} == {
        "Crash", "Hang", "Incorrect Functionality", "Loading Failure", "Poor Performance",
    }  # fmt: skip
    assert len({top_level(label) for label in taxonomy.root_cause}) == 9


def test_every_label_has_one_line_of_meaning() -> None:
    taxonomy = load_taxonomy()
    for meanings in (taxonomy.symptom, taxonomy.root_cause, taxonomy.stage):
        for label, meaning in meanings.items():
            assert 20 < len(meaning) < 140, label
            assert "\n" not in meaning


def test_no_spelling_means_two_things() -> None:
    for part in (load_vocabulary().stack, load_vocabulary().model):
        spellings = [spelling for names in part.values() for spelling in names]
        assert len(spellings) == len(set(spellings))


def test_general_names_are_names_and_the_field_is_not_among_them() -> None:
    vocabulary = load_vocabulary()
    assert vocabulary.general < set(vocabulary.stack)
    assert not vocabulary.general & {"torch", "transformers", "vllm", "cuda", "nccl", "llama.cpp"}
