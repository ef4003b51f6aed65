"""Real environments, made from a package index, and real failures in them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[bytes]]


def made(folder: Path, *packages: str) -> Path:
    """The Python of a new virtual environment with these packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--only-binary", ":all:", *packages],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"needs a package index: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.fixture(scope="module")
def old_transformers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("old") / "venv", "transformers==4.36.2", "numpy<2")


@pytest.fixture(scope="module")
def new_numpy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "venv"
    return made(folder, "--no-deps", "numpy==2.0.2", "pandas==2.0.3", "python-dateutil", "pytz", "six")


def failed(firstaid: Run, python: Path, code: str) -> dict[str, Any]:
    """What firstaid says when this code fails."""
    done = firstaid(
        "run", "-q", "--no-llm", "--format", "json", "--", str(python), "-c", code, FIRSTAID_ENV="auto"
    )  # fmt: skip
    assert done.returncode == 1
    return json.loads(done.stderr[done.stderr.index(b"\n{\n") :])


def confirmed(found: dict[str, Any], case_id: str) -> list[str]:
    """What is confirmed of a case, which must be the first."""
    assert found["cases"][0]["id"] == case_id
    return [one["detail"] for one in found["cases"][0]["evidence"] if one["status"] == "confirmed"]


def test_transformers_that_is_too_old(firstaid: Run, old_transformers: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text(
        '{"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"]}', encoding="utf-8"
    )
    found = failed(
        firstaid, old_transformers, f"from transformers import AutoConfig; AutoConfig.from_pretrained({str(model)!r})"
    )
    (detail,) = confirmed(found, "transformers-too-old-for-model-type")
    assert detail.startswith("transformers 4.36.2 in ")
    assert detail.endswith(" is <4.37")
    assert (found["verdict"], found["environment"]["found_by"]) == ("match", "run")


def test_numpy_2_beside_an_old_wheel(firstaid: Run, new_numpy: Path) -> None:
    found = failed(firstaid, new_numpy, "import pandas")
    (detail,) = confirmed(found, "numpy-2-with-modules-built-for-numpy-1")
    assert "numpy 2.0.2 in " in detail
    assert "pandas 2.0.3 in " in detail
    assert found["verdict"] == "match"


def test_the_doctor_sees_both_without_any_error(firstaid: Run, new_numpy: Path) -> None:
    done = firstaid("doctor", "--format", "json", "--env", str(new_numpy.parent.parent))
    assert done.returncode == 0
    findings = json.loads(done.stdout)["findings"]
    assert any("numpy 2.0.2" in sentence for finding in findings for sentence in finding["evidence"])
