"""A model's folder, and what it can lack."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from firstaid.assistant.machine.weights import ModelState, model_state

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 4976698672\n"
)


def safetensors(count: int = 4) -> bytes:
    """A file with one tensor of so many bytes."""
    told = {"__metadata__": {"format": "pt"}, "w": {"dtype": "U8", "shape": [count], "data_offsets": [0, count]}}
    header = json.dumps(told).encode()
    return len(header).to_bytes(8, "little") + header + bytes(count)


def index(folder: Path, name: str, *shards: str) -> None:
    weights = {f"layer.{number}": shard for number, shard in enumerate(shards)}
    (folder / name).write_text(json.dumps({"metadata": {}, "weight_map": weights}), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole model in two shards."""
    folder = tmp_path / "model"
    folder.mkdir()
    shards = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    for shard in shards:
        (folder / shard).write_bytes(safetensors())
    index(folder, "model.safetensors.index.json", *shards)
    (folder / "config.json").write_text('{"model_type": "qwen3"}', encoding="utf-8")
    return folder


def damages(state: ModelState) -> dict[str, str]:
    return {damage.file.name: damage.why for damage in state.damaged}


def test_nothing_is_wrong_with_a_whole_one(folder: Path) -> None:
    assert model_state(folder) == ModelState(folder, (), (), (), (), (), ())
    assert model_state(folder).whole


def test_one_that_is_not_there(tmp_path: Path) -> None:
    assert model_state(tmp_path / "gone").whole, "nothing is known of it"


def test_git_lfs_pointers(folder: Path) -> None:
    for name in ("model-00001-of-00002.safetensors", "tokenizer.json"):
        (folder / name).write_text(POINTER, encoding="utf-8")
    state = model_state(folder)
    assert [file.name for file in state.pointers] == ["model-00001-of-00002.safetensors", "tokenizer.json"]
    assert not state.damaged, "a pointer is told once"
    assert not state.whole


def test_a_shard_that_the_index_names(folder: Path) -> None:
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert model_state(folder).missing == ("model-00002-of-00002.safetensors",)
    (folder / "model.safetensors.index.json").unlink()
    assert model_state(folder).missing == ("model-00002-of-00002.safetensors",), "its neighbour's number tells too"


def test_shards_of_another_format_are_not_missed(folder: Path) -> None:
    index(folder, "pytorch_model.bin.index.json", "pytorch_model-00001-of-00001.bin")
    assert model_state(folder).whole
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert len(model_state(folder).missing) == 2
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02")
    assert model_state(folder).whole


def test_shards_of_a_quantised_model_are(folder: Path) -> None:
    (folder / "x-Q4_K_M-00002-of-00003.gguf").write_bytes(b"GGUF")
    assert model_state(folder).missing == ("x-Q4_K_M-00001-of-00003.gguf", "x-Q4_K_M-00003-of-00003.gguf")


def test_parts_of_a_pipeline_have_indexes_of_their_own(folder: Path) -> None:
    (folder / "transformer").mkdir()
    index(folder / "transformer", "diffusion_pytorch_model.safetensors.index.json", "a-00001-of-00001.safetensors")
    assert model_state(folder).missing == ("transformer/a-00001-of-00001.safetensors",)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {"a": 3}}', "<html>", "[" * 100_000],
    ids=["empty", "list", "table", "number", "numbers", "page", "deep"],
)
def test_an_index_that_is_none(folder: Path, text: str) -> None:
    (folder / "model.safetensors.index.json").write_text(text, encoding="utf-8")
    assert model_state(folder).missing == ()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.safetensors", safetensors(4096)[:-96], "truncated: 4 KiB of 4 KiB"),
        ("a.safetensors", safetensors()[:40], "truncated: 40 B, less than its own header"),
        ("a.safetensors", safetensors() + b"xy", "2 bytes longer than its header says"),
        ("a.safetensors", b"<!DOCTYPE html><html>", "a web page, no safetensors file"),
        ("a.safetensors", (9).to_bytes(8, "little") + b"not JSON!", "no safetensors file"),
        ("a.safetensors", (2).to_bytes(8, "little") + b"[]", "no safetensors file"),
        ("a.gguf", b"tjgg\1\0\0\0", "of a GGML format older than GGUF"),
        ("a.gguf", b"\0\0\0\0\0\0", "no GGUF file"),
        ("a.gguf", b"\n <html>", "a web page, no GGUF file"),
        ("a.bin", b"PK\3\4" + bytes(100), "truncated: the end of the archive is not there"),
        ("a.pth", b"<html>", "a web page, no PyTorch file"),
    ],
)
def test_files_that_cannot_be_loaded(folder: Path, name: str, content: bytes, why: str) -> None:
    (folder / name).write_bytes(content)
    assert damages(model_state(folder)) == {name: why}


def test_files_that_can(folder: Path) -> None:
    (folder / "a.gguf").write_bytes(b"GGUF\3\0\0\0")
    (folder / "old.bin").write_bytes(b"\x80\x02\x8a\nl\xfc")
    (folder / "empty.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    with zipfile.ZipFile(folder / "new.bin", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}.")
    assert model_state(folder).whole


def test_empty_files(folder: Path) -> None:
    for name in ("tokenizer.model", "model-00001-of-00002.safetensors", "__init__.py"):
        (folder / name).write_bytes(b"")
    state = model_state(folder)
    assert [file.name for file in state.empty] == ["model-00001-of-00002.safetensors", "tokenizer.model"]


def test_what_downloads_left_behind(folder: Path) -> None:
    names = (".cache/huggingface/download/x.incomplete", "._____temp/model.bin", "a.gguf.aria2", "b.gguf.part")
    for name in (*names, ".git/lfs/tmp/x.part"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    state = model_state(folder)
    assert sorted(file.relative_to(folder).as_posix() for file in state.leftovers) == sorted(names)
    assert state.whole, "the model may have been fetched since"


def test_links_to_nothing(folder: Path) -> None:
    (folder / "tokenizer.json").symlink_to(folder / "gone")
    assert model_state(folder).dangling == (folder / "tokenizer.json",)
