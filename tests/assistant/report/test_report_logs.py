"""Whole reports, as they come out of a terminal: what failed first, where, and what is known of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstaid.assistant.report import Finding, Report, read_report

LOGS = Path(__file__).parents[2] / "data" / "logs"


def read(name: str) -> Report:
    return read_report((LOGS / f"{name}.log").read_bytes())


# log, name and beginning of the message of the initiating failure, its lines
INITIATING = [
    ("chained", "ImportError", "/opt/venv/lib/python3.11/site-packages/flash_attn_2_cuda", 1, 6),
    ("deepspeed_oom_killed", "OOM killer", "Out of memory: Killed process 8104 (python)", 11, 11),
    ("docker_compose", "huggingface_hub.utils._errors.GatedRepoError", "401 Client Error. Cannot access gated", 6, 13),
    ("jupyter", "ImportError", "Using `bitsandbytes` 4-bit quantization requires Accelerate", 2, 20),
    (
        "llama_cpp",
        "llama.cpp",
        "llama_model_load: error loading model: error loading model architecture: unknown",
        5,
        5,
    ),
    ("lookup_context", "ValueError", "The checkpoint you are trying to load has model type `qwen3`", 8, 11),
    ("nccl_timeout", "KeyError", "'shard_00031'", 1, 6),
    ("ollama_server", "llama.cpp", "llama_model_load: error loading model: unable to allocate CUDA0 buffer", 4, 4),
    ("pip_build", "ModuleNotFoundError", "No module named 'torch'", 10, 15),
    ("progress_bar", "ValueError", "Unable to create tensor, you should probably activate truncation", 2, 2),
    ("ray_worker", "FileNotFoundError", "[Errno 2] No such file or directory: '/models/DeepSeek-V2-Lite", 3, 6),
    ("rich_box", "OSError", "Error no file named pytorch_model.bin, model.safetensors", 2, 15),
    ("torchrun_8_ranks", "torch.OutOfMemoryError", "CUDA out of memory. Tried to allocate 1.70 GiB. GPU 5", 4, 60),
    ("vllm_v1_engine", "torch.OutOfMemoryError", "CUDA out of memory. Tried to allocate 270.00 MiB.", 7, 13),
    ("windows_crlf", "RuntimeError", r"Failed to load shared library 'C:\Users\Jonas\llm\.venv", 2, 7),
]


@pytest.mark.parametrize(("log", "name", "message", "first", "last"), INITIATING, ids=[row[0] for row in INITIATING])
def test_the_initiating_failure_is_found_on_its_lines(log: str, name: str, message: str, first: int, last: int) -> None:
    found = read(log).initiating
    assert found is not None
    assert (found.name, found.first, found.last) == (name, first, last)
    assert found.message.startswith(message)
    assert found.role == "initiating"


def test_every_log_is_covered() -> None:
    described = {"zh_description", "en_description"}
    assert {path.stem for path in LOGS.glob("*.log")} - described == {row[0] for row in INITIATING}


@pytest.mark.parametrize(
    ("log", "cascade"),
    [
        ("vllm_v1_engine", "Engine core initialization failed"),
        ("torchrun_8_ranks", "failed (exitcode: 1)"),
        ("deepspeed_oom_killed", "exits with return code = -9"),
        ("docker_compose", "ShardCannotStart"),
        ("ray_worker", "Error executing method load_model"),
    ],
)
def test_what_follows_is_a_cascade(log: str, cascade: str) -> None:
    followers = [finding for finding in read(log).findings if finding.role == "cascade"]
    assert any(cascade in finding.message for finding in followers)


def test_eight_ranks_are_one_failure() -> None:
    report = read("torchrun_8_ranks")
    assert [finding.count for finding in report.findings if finding.name == "torch.OutOfMemoryError"] == [8]
    assert report.initiating is not None
    assert [frame.function for frame in report.initiating.frames] == ["<module>", "train", "embedding"]


def test_only_followers_leaves_the_cause_open() -> None:
    report = read_report(
        "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}"
    )
    assert report.initiating is not None
    assert report.initiating.role == "cascade"


def test_chained_exceptions_keep_their_order_and_link() -> None:
    findings = read("chained").findings
    assert [(f.name, f.link) for f in findings] == [("ImportError", None), ("RuntimeError", "cause")]
    assert findings[0].chain == findings[1].chain != 0


FACTS = [
    ("vllm_v1_engine", {"vllm": "0.10.1.1", "python": "3.12"}, ("Qwen/Qwen3-32B",), (), "Inference"),
    ("torchrun_8_ranks", {"trl": "0.12.1", "torch": "2.5.1", "python": "3.10"}, (), (), "Fine-tuning"),
    ("llama_cpp", {"llama.cpp": "4321"}, ("Qwen3-30B-A3B-Q4_K_M",), (), "Inference"),
    ("ollama_server", {"ollama": "0.5.7"}, (), ("NVIDIA GeForce RTX 3060",), "Inference"),
    ("en_description", {"vllm": "0.5.1"}, ("Qwen2-72B-Instruct-GPTQ-Int4",), ("Tesla V100-SXM2-32GB",), "Inference"),
    ("zh_description", {"transformers": "4.45.2", "torch": "2.4.0"}, ("Qwen2.5-7B-Instruct",), ("4090",), "Inference"),
    ("docker_compose", {"python": "3.10"}, ("meta-llama/Meta-Llama-3-8B-Instruct",), (), None),
]


@pytest.mark.parametrize(("log", "versions", "models", "gpus", "stage"), FACTS, ids=[row[0] for row in FACTS])
def test_facts(
    log: str, versions: dict[str, str], models: tuple[str, ...], gpus: tuple[str, ...], stage: str | None
) -> None:
    report = read(log)
    assert (report.versions, report.models, report.gpus, report.stage) == (versions, models, gpus, stage)


def test_the_stack_begins_with_what_failed() -> None:
    assert read("chained").stack[:2] == ("flash-attn", "transformers")
    assert read("vllm_v1_engine").stack[0] == "vllm"
    assert read("zh_description").stack[0] == "ms-swift"


def test_prose_and_language() -> None:
    assert read("zh_description").language == "zh"
    assert read("en_description").language == "en"
    assert len(read("en_description").words.splitlines()) == 4
    assert read("vllm_v1_engine").words == ""


def test_an_offset_of_the_text_leads_to_the_users_line() -> None:
    report = read("vllm_v1_engine")
    assert report.line_at(report.text.index("torch.OutOfMemoryError")) == 13
    assert (report.line_at(-5), report.line_at(10**9)) == (1, report.lines[-1].number)


def test_a_report_is_only_of_findings() -> None:
    assert all(isinstance(finding, Finding) for finding in read("jupyter").findings)
