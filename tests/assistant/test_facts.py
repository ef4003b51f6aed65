"""What a machine has is read, never guessed, and gives nothing away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from firstaid.assistant.machine import cpu, facts
from firstaid.assistant.machine.fact import Fact, FactGroup, size
from firstaid.assistant.machine.facts import read_facts
from firstaid.assistant.machine.variables import shown_path, variables
from firstaid.assistant.render.facts import facts_to_markdown


def values(found: list[Fact]) -> dict[str, str]:
    return {fact.name: fact.shown for fact in found}


def test_every_group_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    groups = {group.title: values(group.facts) for group in read_facts()}
    assert list(groups) == [
        "System",
        "Processor",
        "Memory",
        "Limits",
        "GPUs",
        "Disks",
        "Hub cache",
        "Programs",
        "Packages",
        "Variables",
    ]
    assert all(group and "not read" not in group for group in groups.values())
    assert groups["System"]["Python of firstaid"].startswith(sys.version.split(maxsplit=1)[0])
    assert groups["Memory"]["total"].endswith("iB")
    assert "free" in groups["Disks"]["models of firstaid"]
    assert groups["Packages"]["numpy"][0].isdigit()


def test_what_is_broken_takes_nothing_else_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(environment: object) -> list[Fact]:
        del environment
        raise RuntimeError("metadata is broken")

    monkeypatch.setattr(facts, "packages", broken)
    groups = {group.title: group.facts for group in read_facts()}
    assert groups["Packages"] == [Fact("not read", None, "RuntimeError: metadata is broken")]
    assert groups["Packages"][0].shown == "unknown (RuntimeError: metadata is broken)"
    assert groups["Variables"]


@pytest.mark.parametrize(
    ("info", "has", "lacks"),
    [
        (
            "model name\t: AMD EPYC\nflags\t\t: fpu avx avx2 avx512f\n\nmodel name\t: another",
            "avx, avx2, avx512f",
            "amx_tile",
        ),
        ("processor\t: 0\nFeatures\t: fp asimd sve\n", "neon, sve", "i8mm"),
    ],
    ids=["x86", "arm"],
)
def test_instructions_as_the_kernel_tells_them(
    monkeypatch: pytest.MonkeyPatch, info: str, has: str, lacks: str
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda _path, **_options: info)
    found = values(cpu.cpu())
    assert found["instructions"] == has
    assert lacks in found["not there"]
    if "AMD" in info:
        assert found["name"] == "AMD EPYC"


def test_variables_give_no_secret_away() -> None:
    found = values(
        variables(
            {
                "CUDA_VISIBLE_DEVICES": "",
                "TOKENIZERS_PARALLELISM": "false",
                "NCCL_DEBUG": "INFO",
                "HF_TOKEN": "hf_abcdefghijklmnopqrstuvwxyz0123",
                "VLLM_API_KEY": "opensesame",
                "VLLM_LOGGING_LEVEL": "DEBUG",
                "HF_ENDPOINT": "https://someone@mirror.example/?key=opensesame",
                "HTTPS_PROXY": "http://me:opensesame@proxy:3128",
                "LD_LIBRARY_PATH": "/home/alice/cuda/lib64",
                "MY_OWN": "opensesame",
            }
        )
    )
    assert found == {
        "CUDA_VISIBLE_DEVICES": "set to nothing",
        "HF_ENDPOINT": "https://mirror.example/",
        "HF_TOKEN": "set (its value is not shown)",
        "HTTPS_PROXY": "http://proxy:3128",
        "LD_LIBRARY_PATH": "/home/<user>/cuda/lib64",
        "NCCL_DEBUG": "INFO",
        "TOKENIZERS_PARALLELISM": "false",
        "VLLM_API_KEY": "set (its value is not shown)",
        "VLLM_LOGGING_LEVEL": "DEBUG",
    }
    assert "none" in values(variables({}))


def test_sizes_and_paths_as_people_read_them() -> None:
    assert [size(count) for count in (0, 1536, 5 << 20, 3 << 29)] == ["0 B", "2 KiB", "5 MiB", "1.5 GiB"]
    assert shown_path(Path.home() / "x") == "~/x"
    assert shown_path("/data/x") == "/data/x"


def test_as_markdown_nothing_is_markup() -> None:
    groups = [FactGroup("GPUs", [Fact("GPU 0", "a `b` <c>\n*d*", "e"), Fact("driver", None)]), FactGroup("Disks", [])]
    assert facts_to_markdown(groups) == (
        "### GPUs\n\n- GPU 0: `a 'b' <c> *d* (e)`\n- driver: `unknown`\n\n### Disks\n\n"
    )
