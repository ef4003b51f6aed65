"""A published list of labelled failures against the incidents of the knowledge base."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from firstaid.kb import KnowledgeBase, load
from firstaid.kb.coverage import cover
from firstaid.kb.errors import InputError
from firstaid.kb.labelled import incidents, read_labels, series_of, thread_key

WriteCase = Callable[..., Path]
OTHER = "Crash - Other Crashes"
HANG = "Hang - Generation Process Stuck"
DEPENDENCY = "Environment Compatibility Issues - Dependency Library Compatibility"
CUDA = "Environment Compatibility Issues - CUDA Version Compatibility"


def labels_file(path: Path, *rows: tuple[str, str, str, str]) -> Path:
    keys = ("url", "symptom", "root_cause", "stage")
    path.write_text("\n\n".join(json.dumps(dict(zip(keys, row, strict=True))) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def base(tmp_path: Path, write_case: WriteCase) -> KnowledgeBase:
    folder = tmp_path / "c"
    labelled = ('link = "same"', f'link = "same"\nsymptom = "{HANG}"\nmodel = "Llama-2-7b"')
    write_case("alpha", ("https://example.org/alpha", "https://github.com/QwenLM/Qwen3/issues/12"), folder=folder)
    url = "https://github.com/meta-llama/llama/issues/7"
    write_case("beta", ("https://example.org/beta", url), labelled, folder=folder)
    return load(None, folder)


def test_threads_are_known_under_old_and_new_names() -> None:
    assert thread_key("https://github.com/QwenLM/Qwen2.5/issues/12") == thread_key(
        "https://github.com/qwenlm/Qwen3/issues/12/"
    )
    assert thread_key("https://github.com/facebookresearch/llama/issues/7#issuecomment-1") == "meta-llama/llama#7"
    assert thread_key("https://github.com/a/b/issues/1") != thread_key("https://github.com/a/b/issues/11")
    assert thread_key("https://example.org/A/") == "https://example.org/a"


def test_coverage_counts_threads_labels_and_agreement(base: KnowledgeBase, tmp_path: Path) -> None:
    rows = read_labels(
        labels_file(
            tmp_path / "labels.jsonl",
            ("https://github.com/QwenLM/Qwen2.5/issues/12", OTHER, CUDA, "Inference"),
            ("https://github.com/QwenLM/Qwen2.5/issues/12", HANG, CUDA, "Inference"),
            ("https://github.com/meta-llama/llama/issues/7", HANG, DEPENDENCY, "Fine-tuning"),
            ("https://github.com/meta-llama/llama/issues/8", HANG, DEPENDENCY, "Inference"),
        )
    )
    found = cover(base, rows)
    assert (found.listed, found.linked) == (3, 2)
    assert found.missing == ["https://github.com/meta-llama/llama/issues/8"]
    assert [(row.label, row.listed, row.linked, row.cases) for row in found.symptoms] == [
        (HANG, 3, 2, 0),
        (OTHER, 1, 1, 2),
    ]
    # The case of beta is labelled otherwise than its incident: it is the case that an answer would show.
    assert (found.agreement.symptom, found.agreement.root_cause) == (0.5, 0.5)
    assert (found.agreement.root_cause_top, found.agreement.stage) == (1.0, 0.5)


def test_incidents_carry_their_own_labels_and_series(base: KnowledgeBase) -> None:
    found = {row.case: row for row in incidents(base)}
    assert (found["alpha"].symptom, found["alpha"].series, found["alpha"].stage) == (OTHER, None, "Inference")
    assert (found["beta"].symptom, found["beta"].series) == (HANG, "llama")


@pytest.mark.parametrize(
    ("model", "series"),
    [("Qwen2.5-7B-Instruct", "qwen"), ("DeepSeek-R1-Distill-Qwen-7B", "deepseek"), ("CodeLlama-7b", "codellama"),
     ("Meta-Llama-3-8B", "llama"), ("Mixtral 8x7B", "mistral"), ("unknown", None), (None, None)],
)  # fmt: skip
def test_series(model: str | None, series: str | None) -> None:
    assert series_of(model) == series


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        ("{", "line 1"),
        ('{"url": "x"}', "KeyError: 'symptom'"),
        (json.dumps({"url": "x", "symptom": "Odd", "root_cause": CUDA, "stage": "Inference"}), '"Odd" is no label'),
    ],
)
def test_a_faulty_label_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labels(path)
    assert says in str(caught.value)


def test_a_missing_label_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "none")
