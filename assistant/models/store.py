"""The model files of this machine: which are here and sound, and which one is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...kb.errors import ModelError
from .catalogue import Catalogue, Model, load_catalogue

_CHOICE = "chosen.json"
_MAGIC = b"GGUF"
_BLOCK = 1 << 22

Progress = Callable[[int, int], None]
"""Called with the bytes done, and all of them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model that is used, and its file."""

    name: str
    path: Path


class ModelStore:
    """The folder of models, with what the user chose. A file of one's own stays where it is; only its path is kept."""

    def __init__(self, folder: Path, catalogue: Catalogue | None = None) -> None:
        self.folder = folder
        self.catalogue = catalogue or load_catalogue()

    def path(self, model: Model) -> Path:
        """Where the model's file lies, or would."""
        return self.folder / model.file

    def installed(self, model: Model) -> bool:
        """Whether its file is here, and its hash was right when it came."""
        return self._verified(self.path(model), model.sha256)

    def accept(self, model: Model, file: Path, progress: Progress) -> Path:
        """Takes a file in that was fetched, if it is the right one; else it is removed.

        Raises:
            ModelError: it is cut short, is no GGUF, or has another hash.
        """
        try:
            check_gguf(file, model.bytes)
            found = sha256(file, progress)
            if found != model.sha256:
                raise ModelError(
                    f"the file is not {model.title}: SHA-256 {found}, expected {model.sha256}",
                    context=str(file),
                    hint=f"firstaid model pull {model.name}, from another source or network",
                )
        except ModelError:
            file.unlink(missing_ok=True)
            raise
        target = self.path(model)
        file.replace(target)
        self._note(target, model.sha256)
        return target

    def use(self, spec: str) -> Chosen:
        """Uses a model by name, or a GGUF file by path, from now on.

        Raises:
            ModelError: it is not here, or is no GGUF.
            UsageError: there is no such model.
        """
        chosen = self.find(spec)
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {"name": chosen.name, "path": str(chosen.path)}
        (self.folder / _CHOICE).write_text(json.dumps(kept), encoding="utf-8")
        return chosen

    def find(self, spec: str) -> Chosen:
        """The model of a name, or the file at a path.

        Raises:
            ModelError: it is not here, or is no GGUF.
            UsageError: there is no such model.
        """
        if spec in self.catalogue.models or not _is_path(spec):
            return self._by_name(self.catalogue.get(spec))
        path = Path(spec).expanduser().absolute()
        check_gguf(path)
        return Chosen(path.stem, path)

    def chosen(self) -> Chosen:
        """The model in use: the one chosen, else the default.

        Raises:
            ModelError: it is not here.
        """
        try:
            kept = json.loads((self.folder / _CHOICE).read_text(encoding="utf-8"))
            name, path = str(kept["name"]), Path(kept["path"])
        except (OSError, ValueError, TypeError, KeyError):
            return self._by_name(self.catalogue.default)
        if name in self.catalogue.models:
            return self._by_name(self.catalogue.models[name])
        check_gguf(path)
        return Chosen(name, path)

    def wanted(self, spec: str | None) -> Chosen:
        """The model of a name or at a path; None: the one in use.

        Raises:
            ModelError: it is not here, or is no GGUF.
            UsageError: there is no such model.
        """
        return self.find(spec) if spec else self.chosen()

    def _by_name(self, model: Model) -> Chosen:
        path = self.path(model)
        if not path.exists():
            raise ModelError(f"{model.title} is not here", context=str(path), hint=f"firstaid model pull {model.name}")
        if not self.installed(model):  # copied by hand, or touched since: read once more, then remembered
            self.accept(model, path, lambda _done, _total: None)
        return Chosen(model.name, path)

    def _note(self, path: Path, value: str) -> None:
        """Remembers a hash with what would show that the file has changed since."""
        _record(path).write_text(json.dumps(_state(path, value)), encoding="utf-8")

    def _verified(self, path: Path, value: str) -> bool:
        try:
            return json.loads(_record(path).read_text(encoding="utf-8")) == _state(path, value)
        except (OSError, ValueError):
            return False


def check_gguf(path: Path, size: int | None = None) -> None:
    """Whether a file can be a model at all.

    Raises:
        ModelError: it is not there, is no GGUF, or does not have `size` bytes.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
        found = path.stat().st_size
    except OSError as error:
        raise ModelError(f"the model cannot be read: {error.strerror}", context=str(path), hint=_NAME_ONE) from error
    if start != _MAGIC:
        raise ModelError(f"this is no GGUF file: it begins with {start!r}", context=str(path), hint=_advice(start))
    if size is not None and found != size:
        raise ModelError(
            f"the file has {found:,} bytes, and {size:,} are wanted", context=str(path), hint="fetch it again"
        )


_NAME_ONE = "name a .gguf file, or a model of `firstaid model list`"


def _advice(start: bytes) -> str:
    if start.startswith(b"ver"):
        return "it is a git-lfs pointer: run `git lfs pull` where it was cloned, or fetch the file itself"
    if start.startswith((b"<", b"{")):
        return "it is a page or a message of a server: fetch the file again and look at what the server says"
    return _NAME_ONE


def sha256(path: Path, progress: Progress) -> str:
    """The hash of a file, in hexadecimal."""
    total, done = path.stat().st_size, 0
    value = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            value.update(block)
            done += len(block)
            progress(done, total)
    return value.hexdigest()


def _state(path: Path, value: str) -> dict[str, object]:
    about = path.stat()
    return {"sha256": value, "bytes": about.st_size, "changed": about.st_mtime_ns}


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _is_path(spec: str) -> bool:
    return spec.endswith(".gguf") or "/" in spec or "\\" in spec
