"""The Python door."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from firstaid.assistant import Diagnosis, FirstAid
from firstaid.kb.errors import InputError

REPORT = """Traceback (most recent call last):
  File "/srv/train.py", line 9, in <module>
    trainer = SFTTrainer(model=model, max_seq_length=2048)
TypeError: SFTTrainer.__init__() got an unexpected keyword argument 'max_seq_length'
"""


VLLM = """  File "/venv/lib/python3.11/site-packages/vllm/worker/worker.py", line 98, in _check_if_gpu_supports_dtype
ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has 7.5.
"""


def same(one: Diagnosis, other: Diagnosis) -> bool:
    first, second = one.to_dict(), other.to_dict()
    return {**first, "timing_ms": None} == {**second, "timing_ms": None}


def test_every_kind_of_report_gives_the_same_answer(kit: FirstAid, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(REPORT, encoding="utf-8")
    first = kit.diagnose(REPORT)
    assert first.cases[0].id == "sfttrainer-arguments-moved-to-sftconfig"
    assert first.verdict == "match"
    assert first.report.lines == [(1, 4)]
    for other in (REPORT.encode(), path, io.BytesIO(REPORT.encode())):
        assert same(first, kit.diagnose(other))


def test_the_answer_is_valid_against_its_own_schema(kit: FirstAid) -> None:
    adapter = TypeAdapter(Diagnosis)
    for report in (REPORT, "no such thing", "模型输出全是感叹号"):
        made = kit.diagnose(report, report_id="x").to_dict()
        assert adapter.validate_python(made).to_dict() == made
        assert made["id"] == "x"


def test_threads_share_one_instance(kit: FirstAid) -> None:
    reports = [REPORT, "CUDA out of memory in vllm", "输出一直重复停不下来", "KeyError: 'qwen3'"] * 5
    expected = [kit.diagnose(report) for report in reports]
    start = threading.Barrier(8)

    def work(first: int) -> list[Diagnosis]:
        start.wait(60)
        return [kit.diagnose(report) for report in (*reports[first:], *reports[:first])]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(work, range(8)))
    for first, answers in enumerate(found):
        right = (*expected[first:], *expected[:first])
        assert all(same(answer, wanted) for answer, wanted in zip(answers, right, strict=True))


def test_threads_that_ask_first_open_one_index(shared_cache: Path, tmp_path: Path, kit: FirstAid) -> None:
    fresh = FirstAid(cache=shared_cache, cases=tmp_path, env="none")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(fresh.diagnose, [REPORT] * 8))
        searchers = set(threads.map(lambda _: fresh.searcher, range(8)))
    right = kit.diagnose(REPORT)
    assert all(same(answer, right) for answer in found)
    assert len(searchers) == 1


def test_search_and_case(kit: FirstAid) -> None:
    hits = kit.search("SFTTrainer max_seq_length", top=3)
    assert len(hits) == 3
    case = kit.case(hits[0].id)
    assert case is not None
    assert case.id == "sfttrainer-arguments-moved-to-sftconfig"
    assert kit.case("no-such-case") is None


@pytest.mark.parametrize(
    "report",
    [
        "Traceback (most recent call last):\n  File \"/srv/shop/views.py\", line 8, in basket\nKeyError: 'basket'",
        'Exception in thread "main" java.lang.NullPointerException\n\tat com.shop.Basket.total(Basket.java:12)',
        "npm ERR! code ERESOLVE\nnpm ERR! could not resolve dependency tree for react@18",
        "ValueError: could not convert string to float: 'n/a' in pandas.read_csv",
        "What is the best time of the year to visit Vienna?",
    ],
)
def test_a_report_of_another_field_is_not_known(kit: FirstAid, report: str) -> None:
    assert kit.diagnose(report).verdict == "none"


def test_what_cannot_be_read_is_an_input_error(kit: FirstAid, tmp_path: Path) -> None:
    for report in ("", b"\n", tmp_path, tmp_path / "none"):
        with pytest.raises(InputError):
            kit.diagnose(report)


def test_a_version_past_the_fix_takes_the_certainty_away(
    tmp_path: Path, write_case: Callable[..., Path], shared_cache: Path
) -> None:
    check = '[[check]]\npackage = "torch"\nbroken = "<2.1"\nfixed = ">=2.1"\ndecides = true\n\n[[sample]]'
    write_case("alpha", ("[[sample]]", check), folder=tmp_path / "cases")
    kit = FirstAid(cache=tmp_path / "cache", cases=tmp_path / "cases", env="none")
    old, new = (kit.diagnose(f"torch=={version}\nRuntimeError: alpha has broken") for version in ("2.0.1", "2.4.0"))
    assert (old.cases[0].id, old.verdict, old.cases[0].evidence[0].status) == ("alpha", "match", "confirmed")
    assert (new.cases[0].id, new.verdict, new.cases[0].evidence[0].status) == ("alpha", "possible", "contradicted")
    assert "torch 2.0.1 is <2.1" in old.cases[0].why
    assert "against it: torch 2.4.0 is >=2.1" in new.cases[0].why


def test_a_fix_for_what_was_captured_comes_first(kit: FirstAid) -> None:
    first = kit.diagnose("KeyError: 'qwen3'").cases[0].fix
    assert "4.51" in (first[0].run or "")
    assert not any("Qwen2-VL" in step.do for step in first)
    unknown = kit.diagnose("ValueError: Tokenizer class Qwen2Tokenizer does not exist or is not currently imported.")
    assert any("Qwen2-VL" in step.do for step in unknown.cases[0].fix)


def test_the_stage_is_told_by_the_report_and_by_the_cases_found(kit: FirstAid) -> None:
    loading = "KeyError: 'qwen3' in AutoConfig.from_pretrained"
    assert kit.diagnose(f"llamafactory-cli train lora.yaml\n{loading}").stage.label == "Fine-tuning"
    assert kit.diagnose(f"I run the fine-tuned model with vLLM.\n{VLLM}").stage.label == "Inference"
    nothing = kit.diagnose("What is the best time of the year to visit Vienna?").stage
    assert (nothing.label, nothing.score) == (None, 0.0)
