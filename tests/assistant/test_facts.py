"""What a machine has is read, never guessed, and gives nothing away."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from firstaid.assistant.machine import facts, gpus
from firstaid.assistant.machine.environment import packages, shown_path, variables
from firstaid.assistant.machine.fact import Fact, FactGroup, size
from firstaid.assistant.machine.facts import read_facts
from firstaid.assistant.render.facts import facts_to_markdown


def values(found: list[Fact]) -> dict[str, str]:
    return {fact.name: fact.shown for fact in found}


def test_every_group_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    groups = {group.title: values(group.facts) for group in read_facts()}
    assert list(groups) == ["System", "Processor", "Memory", "GPUs", "Disks", "Packages", "Variables"]
    assert all(group and "not read" not in group for group in groups.values())
    assert groups["System"]["Python"].startswith(sys.version.split(maxsplit=1)[0])
    assert groups["Memory"]["total"].endswith("iB")
    assert "free" in groups["Disks"]["models of firstaid"]
    assert groups["Packages"]["numpy"][0].isdigit()


def test_what_is_broken_takes_nothing_else_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Fact]:
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
    found = values(facts.cpu())
    assert found["instructions"] == has
    assert lacks in found["not there"]
    if "AMD" in info:
        assert found["name"] == "AMD EPYC"


def handle(number: int) -> int:
    if number == 1:
        raise RuntimeError("GPU is lost")
    return number


NVML = SimpleNamespace(
    nvmlInit=lambda: None,
    nvmlShutdown=lambda: None,
    nvmlSystemGetDriverVersion=lambda: b"570.86.15",
    nvmlSystemGetCudaDriverVersion=lambda: 12080,
    nvmlDeviceGetCount=lambda: 2,
    nvmlDeviceGetHandleByIndex=handle,
    nvmlDeviceGetName=lambda _device: "NVIDIA H200",
    nvmlDeviceGetMemoryInfo=lambda _device: SimpleNamespace(total=150 << 30, free=100 << 30),
    nvmlDeviceGetCudaComputeCapability=lambda _device: (9, 0),
)
"""A driver with one sound GPU and one that was lost."""


def test_gpus_as_the_driver_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "import_module", lambda _name: NVML)
    assert values(gpus.gpus()) == {
        "driver": "570.86.15",
        "CUDA of the driver": "12.8 (the newest it can run)",
        "GPU 0": "NVIDIA H200, 150.0 GiB, 100.0 GiB free, compute capability 9.0",
        "GPU 1": "unknown (GPU is lost)",
    }


def test_a_driver_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken() -> None:
        raise RuntimeError("Driver/library version mismatch")

    monkeypatch.setattr(gpus, "import_module", lambda _name: SimpleNamespace(nvmlInit=broken))
    monkeypatch.setattr(gpus, "_DRIVER", tmp_path)
    assert gpus.gpus()[0].shown == "unknown (the driver does not answer: Driver/library version mismatch)"


@pytest.fixture
def no_nvml(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(gpus, "import_module", missing)
    monkeypatch.setattr(gpus, "_DRIVER", tmp_path / "nvidia")
    return tmp_path / "nvidia"


def test_without_the_package_the_kernel_is_asked(no_nvml: Path) -> None:
    assert values(gpus.gpus()) == {"NVIDIA": "unknown (pip install nvidia-ml-py tells more)"}
    (no_nvml / "gpus" / "0000").mkdir(parents=True)
    (no_nvml / "gpus" / "0000" / "information").write_text("Model: \t\t NVIDIA H200\nIRQ: 1\n", encoding="utf-8")
    (no_nvml / "version").write_text("NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Rel\n", encoding="utf-8")
    assert values(gpus.gpus()) == {
        "driver": "570.86.15",
        "GPU 0": "NVIDIA H200 (memory unknown; pip install nvidia-ml-py tells more)",
    }


def test_packages_of_the_active_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, metadata in (
        ("torch-2.6.0", "Name: torch\nVersion: 2.6.0+cu124\n"),
        ("flash_attn-2", "Name: flash_attn\nVersion: 2.7.4\n"),
        ("nvidia_nccl_cu12-2", "Name: nvidia-nccl-cu12\nVersion: 2.21.5\n"),
        ("left_over-1", ""),
        ("requests-2", "Name: requests\nVersion: 2\n"),
    ):
        folder = tmp_path / "lib" / "python3.12" / "site-packages" / f"{name}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\n{metadata}" if metadata else "", encoding="utf-8")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    found = values(packages())
    missing = found.pop("not installed").split(", ")
    assert found == {
        "environment": shown_path(tmp_path),
        "torch": "2.6.0+cu124",
        "flash-attn": "2.7.4",
        "nvidia-nccl-cu12": "2.21.5",
    }
    assert "transformers" in missing
    assert "torch" not in missing


def test_a_variable_that_names_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
    assert values(packages())["environment"] == shown_path(sys.prefix)


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
