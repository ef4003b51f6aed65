"""Facts of this machine and of an environment, as checks ask for them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Event

import pytest
from fake_environment import venv

from firstaid.assistant.diagnose import read
from firstaid.assistant.evidence.machine_source import MachineSource
from firstaid.assistant.machine import gpus, system
from firstaid.assistant.machine.environments import Environment, environment_at
from firstaid.assistant.machine.gpu import Gpu, Gpus


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    fake = venv(tmp_path / "venv", "3.10.12")
    fake.install("transformers", "4.36.2")
    fake.install("torch", "2.1.2+cu118")
    fake.install("open-webui", "0.6.5")
    found = environment_at(fake.prefix)
    assert found
    return found


def patient(environment: Environment | None, **variables: str) -> MachineSource:
    """With time enough for a busy machine."""
    return MachineSource(environment, variables=variables, seconds=60)


def with_gpus(monkeypatch: pytest.MonkeyPatch, *devices: Gpu, driver: str | None = "550.54.14") -> None:
    monkeypatch.setattr(gpus, "quick_gpus", lambda: Gpus(devices, driver=driver))


def test_packages(environment: Environment) -> None:
    machine = patient(environment)
    told = machine.version("package", "transformers")
    assert told
    assert told.value == "4.36.2"
    assert told.about == f"transformers 4.36.2 in {environment.folders[0]}"
    assert machine.version("package", "vllm") is None
    assert machine.absence("vllm") == f"vllm is not installed in {environment.prefix}"
    assert machine.absence("transformers") is None
    assert patient(None).absence("vllm") is None


def test_python_and_the_cuda_of_torch(environment: Environment) -> None:
    python, cuda = patient(environment).version("python", "python"), patient(environment).version("cuda", "cuda")
    assert python
    assert (python.value, python.whole) == ("3.10.12", True)
    assert cuda
    assert (cuda.value, "torch 2.1.2+cu118" in cuda.about) == ("11.8", True)
    assert patient(None).version("cuda", "cuda") is None


def test_a_program_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Environment
) -> None:
    script = tmp_path / "bin" / "ollama"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\necho asked >> {tmp_path}/asked\n[ "$1" = --version ] && echo "ollama version is 0.6.2"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    machine = patient(None)
    for _ in range(3):
        told = machine.version("program", "ollama")
        assert told
        assert told.value == "0.6.2"
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "asked\n", "once"
    installed = patient(environment).version("program", "open-webui")
    assert installed
    assert installed.value == "0.6.5"


def test_a_program_that_fails_or_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert patient(None).version("program", "ollama") is None
    (tmp_path / "ollama").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "ollama").chmod(0o755)
    assert patient(None).version("program", "ollama") is None


def test_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch, Gpu("Tesla T4", "nvidia", memory=15 * 2**30, capability=(7, 5)))
    machine = patient(None)
    assert [told.value for told in machine.amounts("gpu_capability")] == ["7.5"]
    assert [told.value for told in machine.amounts("gpu_memory_gb")] == ["13.95", "15.00"], "as sold, or a little less"
    driver = machine.version("driver", "driver")
    assert driver
    assert driver.value == "550.54.14"
    assert "cpu-only" not in machine.platforms()


def test_of_gpus_that_one_keeps_to_itself_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch, Gpu("Tesla T4", "nvidia", capability=(7, 5)), Gpu("New", "nvidia"))
    assert patient(None).amounts("gpu_capability") == []


def test_hidden_gpus_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch, Gpu("Tesla T4", "nvidia", capability=(7, 5)))
    assert patient(None, CUDA_VISIBLE_DEVICES="").amounts("gpu_capability") == []


def test_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch, driver=None)
    assert "cpu-only" in patient(None).platforms()
    with_gpus(monkeypatch, Gpu("AMD Instinct MI300X", "amd"))
    assert "rocm" in patient(None).platforms()
    if sys.platform == "linux":
        assert {"linux", "wsl"} & patient(None).platforms().keys()


def test_main_memory() -> None:
    (told,) = patient(None).amounts("ram_gb")
    assert float(told.value) > 0.1


def test_variables() -> None:
    machine = patient(None, HF_HUB_OFFLINE="1", HF_TOKEN="hf_secret")
    offline, token, unset = (machine.variable(name) for name in ("HF_HUB_OFFLINE", "HF_TOKEN", "NCCL_DEBUG"))
    assert offline
    assert offline.about == "HF_HUB_OFFLINE=1 here"
    assert token
    assert "secret" not in token.about
    assert unset
    assert (unset.value, unset.about) == ("", "NCCL_DEBUG is not set here")


def test_files_of_the_model_that_the_report_names(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "my-model"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "qwen2"}), encoding="utf-8")
    report = read(f"AutoModel.from_pretrained('{folder}')\nKeyError: 'qwen2'")
    assert MachineSource(None, report, seconds=60).files("config.json") == [folder / "config.json"]
    assert MachineSource(None, read("KeyError: 'qwen2'"), variables={}, seconds=60).files("config.json") is None


def test_what_hangs_is_not_known_and_leaves_time_for_the_rest(
    monkeypatch: pytest.MonkeyPatch, environment: Environment
) -> None:
    never = Event()
    monkeypatch.setattr(system, "glibc", never.wait)
    machine = MachineSource(environment, variables={}, seconds=2)
    assert machine.version("glibc", "glibc") is None
    assert machine.version("package", "transformers")
    never.set()


def test_what_fails_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise OSError("the disk has gone")

    monkeypatch.setattr(system, "glibc", broken)
    assert patient(None).version("glibc", "glibc") is None
