"""The encoder in the box, run for real."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from firstaid.index import encoder as encoders
from firstaid.index.encoder import BundledEncoder, get_encoder
from firstaid.index.encoder.probes import probe_texts
from firstaid.kb.errors import ModelError, UsageError

FOLDER = Path(encoders.__file__).parent
ODD = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "🤗🔥",
    "显存不足，加载模型时报错",
    "half \udcff surrogate",
    "word " * 5000,
    "x" * 100_000,
)


@pytest.fixture(scope="module")
def encoder() -> BundledEncoder:
    return BundledEncoder()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the encoder's files, to be damaged."""
    for name in ("model.onnx", "tokenizer.json", "model.json"):
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def run_python(code: str, *path: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


def test_every_text_has_a_row_of_unit_length(encoder: BundledEncoder) -> None:
    vectors = encoder.encode(probe_texts())
    assert vectors.shape == (len(probe_texts()), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_no_rows(encoder: BundledEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize("text", ODD, ids=[ascii(text[:8]) for text in ODD])
def test_odd_texts_are_encoded(encoder: BundledEncoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1, abs=1e-5)


def test_a_text_gets_the_same_vector_alone_and_among_others(encoder: BundledEncoder) -> None:
    """Whatever batch it lands in, and in its own place: 70 texts of mixed lengths make several batches."""
    texts = probe_texts()[::2] + ["out of memory " * count for count in (2, 90, 30, 400, 1)]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_the_same_text_always_gets_the_same_vector(encoder: BundledEncoder) -> None:
    texts = probe_texts()[:40]
    np.testing.assert_array_equal(encoder.encode(texts), BundledEncoder().encode(texts))


def test_two_threads_get_what_one_gets() -> None:
    encoder = BundledEncoder()
    halves = [probe_texts()[:30], probe_texts()[30:60]]
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(encoder.encode, halves))
    for half, vectors in zip(halves, found, strict=True):
        np.testing.assert_allclose(vectors, encoder.encode(half), atol=1e-5)


def test_only_the_first_256_tokens_count(encoder: BundledEncoder) -> None:
    window = "memory " * 254
    first, longer, shorter = encoder.encode([window, window + "banana " * 50, "memory " * 20 + "banana"])
    np.testing.assert_array_equal(first, longer)
    assert first @ shorter < 0.99


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("CUDA out of memory", "the GPU has no free memory left", "the tokenizer has no padding token"),
        ("loss is nan after a few steps", "training diverges", "nvcc was not found while building the wheel"),
    ],
)
def test_near_in_meaning_is_near_in_space(encoder: BundledEncoder, text: str, near: str, far: str) -> None:
    query, close, distant = encoder.encode([text, near, far])
    assert query @ close > query @ distant + 0.1


def test_progress_counts_texts_up_to_all(encoder: BundledEncoder) -> None:
    told: list[int] = []
    encoder.encode(["short"] * 70, progress=told.append)
    assert told == [32, 64, 70]


def test_the_description_matches_the_files() -> None:
    about = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    contents = {name: (FOLDER / name).read_bytes() for name in ("model.onnx", "tokenizer.json")}
    assert about["sha256"] == {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    both = hashlib.sha256(contents["model.onnx"] + contents["tokenizer.json"]).hexdigest()
    assert about["name"] == f"all-MiniLM-L6-v2-tuned-int8:{both[:12]}"
    assert len(contents["model.onnx"]) < 25_000_000


def test_specs() -> None:
    assert get_encoder().name == get_encoder("bundled").name == BundledEncoder().name


@pytest.mark.parametrize("spec", ["", "openai", "bundled:", "sentence-transformers", "sentence-transformers:"])
def test_an_unknown_spec_names_the_known_ones(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        get_encoder(spec)
    assert "'bundled'" in str(caught.value)
    assert "sentence-transformers:" in str(caught.value)


def test_importing_loads_no_model_library() -> None:
    heavy = ["onnxruntime", "numpy", "tokenizers", "torch", "transformers", "sentence_transformers", "onnx"]
    done = run_python(
        "import sys; from firstaid.index.encoder import get_encoder; encoder = get_encoder();"
        "assert encoder.name and encoder.dimension == 384;"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_encoding_loads_no_torch_and_is_silent() -> None:
    done = run_python(
        "import sys; from firstaid.index.encoder import get_encoder; get_encoder().encode(['x'] * 40);"
        "print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
@pytest.mark.parametrize("error", ["OSError('libfoo.so.1: cannot open')", "RuntimeError('no such CPU')"])
def test_a_broken_package_is_named_with_its_cure(tmp_path: Path, package: str, error: str) -> None:
    (tmp_path / f"{package}.py").write_text(f"raise {error}\n")
    done = run_python(
        "from firstaid.index.encoder import get_encoder\n"
        "from firstaid.kb.errors import ExtraMissing\n"
        "try: get_encoder().encode(['x'])\n"
        "except ExtraMissing as error: print(error)",
        tmp_path,
    )
    assert done.stdout.startswith(f"{package} does not import: {error.partition('(')[0]}: ")
    assert f"cure: python -m pip install --force-reinstall {package}" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "pointer"])
def test_a_damaged_file_is_named_with_its_cure(copied: Path, name: str, damage: str) -> None:
    path = copied / name
    content = {
        "missing": None,
        "cut": path.read_bytes()[:-100],
        "pointer": b"version https://git-lfs.github.com/spec/v1",
    }
    path.unlink()
    if (left := content[damage]) is not None:
        path.write_bytes(left)
    with pytest.raises(ModelError) as caught:
        BundledEncoder(copied).encode(["x"])
    assert caught.value.context == str(path)
    assert caught.value.hint == "python -m pip install --force-reinstall --no-deps firstaid-llm"


def test_a_sound_file_that_is_refused_blames_the_package(copied: Path) -> None:
    """A tokenizer of a future format: what the description vouches for, the library cannot read."""
    (copied / "tokenizer.json").write_bytes(b'{"version": "9.0"}')
    about = json.loads((copied / "model.json").read_text(encoding="utf-8"))
    about["sha256"]["tokenizer.json"] = hashlib.sha256(b'{"version": "9.0"}').hexdigest()
    (copied / "model.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        BundledEncoder(copied).encode(["x"])
    assert caught.value.hint == "python -m pip install --upgrade tokenizers"


def test_public_names() -> None:
    names: Sequence[str] = encoders.__all__
    assert list(names) == sorted(names)
    assert all(hasattr(encoders, name) for name in names)
