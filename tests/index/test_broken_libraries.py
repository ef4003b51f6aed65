"""Rule one: the kit works when the patient is down. A library that does not import is named, and the rest answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[bytes]]

REPORT = b"""Traceback (most recent call last):
  File "serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
KeyError: 'qwen3'
"""


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., str]:
    """A folder for PYTHONPATH in which packages of these names fail as broken wheels do."""

    def make(*names: str, error: str = "OSError") -> str:
        for name in names:
            package = tmp_path / "broken" / name
            package.mkdir(parents=True)
            text = f"raise {error}('lib.so: undefined symbol: _ZN3fmt')\n"
            (package / "__init__.py").write_text(text, encoding="utf-8")
        return str(tmp_path / "broken")

    return make


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers", "faiss", "re2"])
@pytest.mark.parametrize("built", [True, False], ids=["index built", "first use"])
def test_the_other_channels_answer(
    firstaid: Run, broken: Callable[..., str], own_home: Path, name: str, built: bool
) -> None:
    if not built:
        (own_home / "cache" / "index").unlink()
    done = firstaid("diagnose", stdin=REPORT, PYTHONPATH=broken(name))
    assert done.returncode == 0, done.stderr
    assert b"transformers-too-old-for-model-type" in done.stdout
    assert name.encode() in done.stderr
    assert b"To mend" in done.stderr
    assert b"Traceback" not in done.stderr


def test_all_of_them_at_once(firstaid: Run, broken: Callable[..., str]) -> None:
    path = broken("onnxruntime", "tokenizers", "faiss", "re2", "torch", "transformers")
    report = b"ValueError: model type `qwen3` not recognized: the checkpoint architecture is unknown to transformers\n"
    done = firstaid("diagnose", stdin=report, PYTHONPATH=path)
    assert done.returncode == 0
    assert b"may be a known failure: Transformers is older than the model type" in done.stdout
    assert all(name in done.stderr for name in (b"faiss", b"re2"))


def test_numpy_itself(firstaid: Run, broken: Callable[..., str]) -> None:
    done = firstaid("diagnose", stdin=REPORT, PYTHONPATH=broken("numpy", error="ImportError"))
    assert done.returncode == 0, done.stderr
    assert b"transformers-too-old-for-model-type" in done.stdout


def test_a_broken_stack_does_not_matter(firstaid: Run, broken: Callable[..., str]) -> None:
    path = broken("torch", "transformers", "vllm", "llama_cpp", "sentence_transformers")
    done = firstaid("diagnose", stdin=REPORT, PYTHONPATH=path)
    assert (done.returncode, done.stderr) == (0, b"")
