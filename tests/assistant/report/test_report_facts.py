"""Versions, hardware, models, programs, stage, prose and language."""

from __future__ import annotations

import pytest

from firstaid.assistant.report import Finding, Frame
from firstaid.assistant.report.clean import CleanLine
from firstaid.assistant.report.facts import find_gpus, find_models
from firstaid.assistant.report.prose import find_language, find_training, find_words, is_prose
from firstaid.assistant.report.stack import find_stack
from firstaid.assistant.report.versions import find_versions

VERSIONS = [
    ("transformers==4.36.2", {"transformers": "4.36.2"}),
    ("- `transformers` version: 4.45.0.dev0", {"transformers": "4.45.0.dev0"}),
    ("[conda] flash-attn                2.6.3                    pypi_0    pypi", {"flash-attn": "2.6.3"}),
    ("flash_attn==2.5.9.post1", {"flash-attn": "2.5.9.post1"}),
    ("PyTorch version: 2.4.0+cu121", {"torch": "2.4.0+cu121", "cuda": "12.1"}),
    ("CUDA used to build PyTorch: 12.1\nCUDA Version: 12.4", {"cuda": "12.1"}),
    (
        "| NVIDIA-SMI 535.104   Driver Version: 535.104   CUDA Version: 12.2 |",
        {"nvidia-driver": "535.104", "cuda": "12.2"},
    ),
    ("vLLM API server version 0.6.3", {"vllm": "0.6.3"}),
    ("Initializing an LLM engine (v0.5.4) with config", {"vllm": "0.5.4"}),
    ("vLLM Version: 0.6.1.post2@9ba0817f", {"vllm": "0.6.1.post2"}),
    ("I am using vllm 0.5.1 here", {"vllm": "0.5.1"}),
    ("- Python 3.10.12", {"python": "3.10.12"}),
    ('File "/opt/lib/python3.11/site-packages/x.py"', {"python": "3.11"}),
    (r'File "C:\Users\x\Python310\lib\x.py"', {"python": "3.10"}),
    ("transformers版本是4.37.2，vllm 版本：0.4.0", {"transformers": "4.37.2", "vllm": "0.4.0"}),
    ("build: 4321 (1a2b3c4d) with cc", {"llama.cpp": "4321"}),
    ("llama.cpp b4320", {"llama.cpp": "4320"}),
    ("ollama version is 0.3.1", {"ollama": "0.3.1"}),
    ("Libc version: glibc-2.35", {"glibc": "2.35"}),
    ("sglang v0.3.1", {"sglang": "0.3.1"}),
    ("transformers 4.36.2\nlater\ntransformers 4.40.0", {"transformers": "4.36.2"}),
    ("transformers>=4.37 is required", {}),
    ("Please upgrade to transformers 4.37", {}),
    ("pip install vllm==0.6.0", {}),
    ("需要升级到 transformers 4.37", {}),
    ("ImportError: accelerate>=0.26.0 is required", {}),
    ("fixed in vllm 0.6.2", {}),
    ("bitsandbytes at 127.0.0.1", {}),
    ("the 2.0 release", {}),
]


@pytest.mark.parametrize(("text", "versions"), VERSIONS, ids=[row[0][:40] for row in VERSIONS])
def test_versions(text: str, versions: dict[str, str]) -> None:
    assert find_versions(text) == versions


@pytest.mark.parametrize(
    ("text", "gpus"),
    [
        ("GPU 0: NVIDIA A100-SXM4-80GB", ("NVIDIA A100-SXM4-80GB",)),
        ("on 2 A100.", ("A100",)),
        ("NVIDIA GeForce RTX 3090 Ti, driver 545", ("NVIDIA GeForce RTX 3090 Ti",)),
        ("two Tesla V100-SXM2-32GB", ("Tesla V100-SXM2-32GB",)),
        ("a Tesla T4 and an L40S", ("Tesla T4", "L40S")),
        ("MacBook with M2 Max", ("M2 Max",)),
        ("MI300X, ROCm", ("MI300X",)),
        ("昇腾 910B 上", ("910B",)),
        ("两张 4090", ("4090",)),
        ("Using RTX 4000 series cards", ()),
        ("max_length 4096, port 3000, A2A, H2O, T4ever", ()),
    ],
)
def test_gpus(text: str, gpus: tuple[str, ...]) -> None:
    assert find_gpus(text) == gpus


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("from_pretrained('Qwen/Qwen2.5-7B-Instruct')", ("Qwen/Qwen2.5-7B-Instruct",)),
        ("Qwen/Qwen2-7B, later Qwen2-7B again", ("Qwen/Qwen2-7B",)),
        ("Meta-Llama-3-8B-Instruct and Qwen1.5-14B-Chat", ("Meta-Llama-3-8B-Instruct", "Qwen1.5-14B-Chat")),
        ("deepseek-coder-6.7b-instruct", ("deepseek-coder-6.7b-instruct",)),
        ("ollama run llama3:8b", ("llama3:8b",)),
        ("/data/models/DeepSeek-V2-Lite/config.json", ("DeepSeek-V2-Lite",)),
        ("models/Qwen3-30B-A3B-Q4_K_M.gguf", ("Qwen3-30B-A3B-Q4_K_M",)),
        ("transformers/models/llama/modeling_llama.py", ()),
        ("ggerganov/llama.cpp", ()),
        ("KeyError: 'qwen2'", ()),
        ("phi is a letter", ()),
    ],
)
def test_models(text: str, models: tuple[str, ...]) -> None:
    assert find_models(text) == models


def test_the_frames_of_the_failure_lead_the_stack() -> None:
    frames = (Frame("/x/site-packages/vllm/engine.py", 1), Frame("/x/site-packages/flash_attn/ops.py", 2))
    failure = Finding("exception", "ImportError", "no torch", 1, 1, frames)
    text = "transformers " * 20 + "\nImportError: no torch"
    assert find_stack(text, failure) == ("flash-attn", "vllm", "torch", "transformers")


@pytest.mark.parametrize(
    ("text", "stack"),
    [
        ("a swift answer, hip and cool, an apex predator, triton of the sea, ray of light", ()),
        ("swift sft --model x", ("ms-swift",)),
        ("hipErrorNoBinaryForGpu", ("rocm",)),
        ("Qwen2-7B-Instruct-AWQ", ()),
        ("No module named 'awq'", ("autoawq",)),
        ("import flash_attn_2_cuda", ("flash-attn",)),
        ("model.safetensors and pytorch_model.bin", ()),
        ("import torch.nn", ("torch",)),
        ("convert_hf_to_gguf.py", ("llama.cpp",)),
        ("/content/drive/MyDrive", ("colab",)),
    ],
)
def test_stack(text: str, stack: tuple[str, ...]) -> None:
    assert find_stack(text, None) == stack


@pytest.mark.parametrize(
    ("text", "training"),
    [
        ("trainer.train() with LoRA, loss.backward()", 1),
        ("微调之后 loss 一直是 0，训练", 1),
        ("vllm serve x, POST /v1/chat/completions", -1),
        ("部署后推理很慢", -1),
        ("it does not import", 0),
    ],
)
def test_training_or_running(text: str, training: int) -> None:
    found = find_training(text, None)
    assert abs(found) < 1
    assert (found > 0) - (found < 0) == training


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("The model repeats itself until the limit.", True),
        ("模型一直重复同一句话", True),
        ("环境：两张 4090，transformers版本是4.45.2，torch 2.4.0。", True),
        ("model = AutoModel.from_pretrained(path)", False),
        ("import torch", False),
        ("$ ollama run llama3", False),
        ("llm_load_tensors: offloaded 0/33 layers to GPU", False),
        ("- Python version: 3.10.12", False),
        ("{'loss': 2.1, 'grad_norm': 1.2}", False),
        ("Collecting flash-attn and all of its many friends", False),
        ("", False),
    ],
)
def test_prose(text: str, prose: bool) -> None:
    assert is_prose(text) is prose


def test_words_leave_out_fences_logs_and_tracebacks() -> None:
    rows = [
        "It stops after a minute.",
        "```",
        "this is some fenced text",
        "```",
        "An ordinary log line here",
        "a b c d e f",
    ]
    lines = [CleanLine(n, text, None, "INFO" if n == 5 else None) for n, text in enumerate(rows, 1)]
    failure = Finding("exception", "E", "", 6, 6)
    assert find_words(lines, [failure]) == "It stops after a minute."


def test_language() -> None:
    assert find_language("The output is 你好 only, why is that", "") == "en"
    assert find_language("用 vllm 部署之后输出乱码", "") == "zh"
    assert find_language("", "KeyError: 'x'") == "en"
