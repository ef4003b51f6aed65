"""What is masked, and which terms a text is found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstaid.index.text import indexed, masked, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cuda_error_out_of_memory", ["cuda_error_out_of_memory", "cuda", "error", "out", "memory"]),
        ("--max-model-len", ["max_model_len", "max", "model", "len"]),
        ("torch.cuda.OutOfMemoryError", ["torch", "cuda", "outofmemoryerror", "out", "memory", "error"]),
        ("CUDA_HOME", ["cuda_home", "cuda", "home"]),
        ("bf16 fp8e4nv sm_86", ["bf16", "fp8e4nv", "sm_86", "sm"]),
        ("显存不足", ["显存", "存不", "不足", "cuda", "out", "memory"]),
        ("加载qwen2失败", ["加载", "qwen2", "失败", "load", "loading", "fails", "failed"]),
        ("the model is on a GPU", ["model", "gpu"]),
        ("exit code 137 at 20231", ["exit", "code", "137"]),
        ("", []),
        ("�", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("at 0x7f01 in /home/a/x/lib/torch/nn.py, line 12", "at 0xdead in /opt/b/torch/nn.py, line 991"),
        ("Tried to allocate 20480 MiB", "Tried to allocate 1048576 MiB"),
        ("see https://a.b/c?d=e now", "see http://x.org now"),
        ("!" * 30, "!" * 300),
    ],
)
def test_what_varies_is_masked(one: str, other: str) -> None:
    assert masked(one) == masked(other)


@pytest.mark.parametrize("part", ["~", "/", "a/", "~a", "\\\\", "a-", "C:/", "(", "0x", "1.", "!"])
def test_hostile_text_takes_linear_time(part: str) -> None:
    assert len(masked(part * 50_000)) <= 2 * len(part) * 50_000


def test_a_path_keeps_its_end() -> None:
    assert (
        masked(r"in C:\Users\me\env\torch\nn.py and ~/x/vllm/worker.py or /a")
        == "in torch/nn.py and vllm/worker.py or a"
    )
    assert masked("a and/or b, 1/2, he/she") == "a and/or b, 1/2, he/she"


def test_versions_and_flags_are_kept() -> None:
    assert masked("vllm 0.6.3 --tensor-parallel-size 4 on sm_90") == "vllm 0.6.3 --tensor-parallel-size 4 on sm_90"


def test_spellings_of_an_identifier_meet() -> None:
    assert terms("flash-attn") == terms("flash_attn") == terms("FLASH_ATTN")


@given(st.text())
def test_any_text_can_be_indexed(text: str) -> None:
    assert all(term == term.lower() and " " not in term for term in terms(masked(text)))
    assert indexed(text).split() == terms(masked(text))
