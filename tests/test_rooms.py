"""The rooms: what importing and answering loads, and what the public names are."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

FORBIDDEN = (
    "torch",
    "transformers",
    "sentence_transformers",
    "textual",
    "llama_cpp",
    "fastapi",
    "uvicorn",
    "pydantic",
    "huggingface_hub",
    "mcp",
    "IPython",
)
HEAVY = ("numpy", "faiss", "onnxruntime", "tokenizers", "sqlite_utils", "rich", "re2")


def loaded_after(script: str, *arguments: str, stdin: str = "") -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after the script."""
    ending = "\nimport sys; print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", script + ending, *arguments], input=stdin, capture_output=True, text=True, timeout=120,
        check=True,
    )  # fmt: skip
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


@pytest.mark.parametrize("module", ["firstaid.kb", "firstaid.index", "firstaid.assistant", "firstaid.assistant.cli"])
def test_importing_a_room_is_light(module: str) -> None:
    loaded = loaded_after(f"import {module}")
    assert not loaded & {*FORBIDDEN, *HEAVY}


def test_help_and_version_are_light() -> None:
    script = (
        "import sys; from firstaid.assistant.__main__ import run, _command_line\n"
        "sys.argv = ['firstaid', '--version']; run(_command_line)"
    )
    assert not loaded_after(script) & {*FORBIDDEN, *HEAVY}


def test_answering_loads_nothing_of_the_stack(firstaid: Callable[..., CompletedProcess[bytes]], tmp_path: Path) -> None:
    firstaid(stdin=b"KeyError: 'qwen3'")
    log = tmp_path / "a.log"
    log.write_text("Traceback (most recent call last):\nKeyError: 'qwen3'\n", encoding="utf-8")
    script = (
        "import sys; from firstaid.assistant.__main__ import run, _command_line\n"
        "sys.argv = ['firstaid', 'diagnose', '--no-llm', sys.argv[1]]; assert run(_command_line) == 0"
    )
    loaded = loaded_after(script, str(log))
    assert not loaded & set(FORBIDDEN)
    assert {"faiss", "onnxruntime", "re2"} <= loaded


@pytest.mark.parametrize("module", ["firstaid.kb", "firstaid.index", "firstaid.index.encoder", "firstaid.assistant",
                                    "firstaid.assistant.report", "firstaid.assistant.render"])  # fmt: skip
def test_public_names_are_sorted_and_there(module: str) -> None:
    found = importlib.import_module(module)
    assert list(found.__all__) == sorted(found.__all__)
    assert all(getattr(found, name) is not None for name in found.__all__)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        importlib.import_module("firstaid.assistant").nothing_like_it  # noqa: B018
