"""The folders and files of this machine that a report speaks of, and what stands in them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .caches import hub_cache

if TYPE_CHECKING:
    from ..report.types import Report

_MOST_FOLDERS = 5
_MOST_PATHS = 300
_MOST_ENTRIES = 1000
_LOOKED_AT = 50_000
"""Characters at each end of a report in which paths are looked for."""
_LARGEST_JSON = 20 << 20
_WEIGHTS = (".safetensors", ".gguf")
_MARKS = frozenset((
    "adapter_config.json", "consolidated.00.pth", "generation_config.json", "model.safetensors.index.json",
    "preprocessor_config.json", "pytorch_model.bin", "pytorch_model.bin.index.json", "tokenizer.model",
    "tokenizer_config.json",
))  # fmt: skip
"""What only a model's folder has; a config.json lies in many."""
_OF_MODEL = (
    r"(?:config|generation_config|(?:pre)?processor_config|adapter_config|tokenizer|tokenizer_config|params|vocab"
    r"|special_tokens_map|added_tokens|chat_template|trainer_state|tekken|.*\.index)\.json"
    r"|latest|zero_to_fp32\.py|pytorch_model_fsdp_\d+/.*|tokenizer\.model|.*\.(?:safetensors|gguf|pth|pt|bin)"
)
_OPTIONS = (
    r"(?:pretrained[-_])?model(?:[-_](?:name|path|dir|id|name[-_]or[-_]path|args[.]model[-_]name))?|base[-_]model"
    r"|tokenizer(?:[-_]path)?|adapter(?:[-_](?:path|name[-_]or[-_]path))?|lora[-_]path|peft[-_]model"
    r"|checkpoint(?:[-_](?:path|dir))?|ckpt(?:[-_](?:path|dir))?|resume[-_]from[-_]checkpoint"
)
_VALUE = r"""(?:"([^"\n]{1,300})"|'([^'\n]{1,300})'|([^\s"'`,;()\[\]{}<>|]{1,300}))"""
_GIVEN = (
    rf"""(?:(?<!\S)--(?:{_OPTIONS})(?:=|[ \t]+)|(?<!\S)-m[ \t]+|\bvllm serve[ \t]+(?!-)|\bfrom_pretrained\(\s*"""
    rf"""|(?<![\w-])(?:{_OPTIONS})["']?[ \t]*[=:][ \t]*){_VALUE}"""
)
_DEEPSPEED = rf"(?:(?<!\S)--|\b)deepspeed(?:[-_]config)?(?:=|[ \t]*:[ \t]*|[ \t]+){_VALUE}"
_PATHS = r"""(?<![\w:/\\.~-])((?:(?:~|\.{1,2})?/|[A-Za-z]:[\\/])[^\s"'`,;:()\[\]{}<>|*?]{2,300})"""
_FOREIGN = r"//|\\\\|/(?:proc|sys|dev|net)(?:/|$)"
"""Shares, automounts and files of the kernel: a report must not make us touch these."""


class Missing(Enum):
    """The type of MISSING."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""In place of the value of a key that is not there."""


class JsonError(ValueError):
    """A file is too large, or holds no JSON."""


def model_folders(report: Report, environment: Mapping[str, str] | None = None) -> list[Path]:
    """Where the report's model may lie on this machine, five folders at most.

    These are the folders it names that are here, else the snapshots of the hub ids it names.

    Args:
        report: what was read of the user's report.
        environment: variables that move the hub's cache; by default our own.
    """
    text = _ends(report.text)
    named = dict.fromkeys((*_given(text), *_mentioned(text)))
    if not named and report.models:
        return _snapshots(report.models, environment)[:_MOST_FOLDERS]
    return list(islice(named, _MOST_FOLDERS))


def working_files(name: str, report: Report | None = None) -> list[Path]:
    """The files of this name in the working folder, if they are none of a model's.

    With a report also what it gives DeepSpeed as its configuration, however that is called.
    """
    asked = Path(name)
    if is_of_model(name) or asked.is_absolute() or ".." in asked.parts:
        return []
    given = _configurations(_ends(report.text)) if report and name == "ds_config.json" else ()
    there = Path.cwd() / asked
    return list(dict.fromkeys((*given, *([there] if there.exists() else ()))))


def is_of_model(name: str) -> bool:
    """Whether a file of this name belongs into a model's folder, not into the working folder."""
    return re.fullmatch(_OF_MODEL, name) is not None


def json_value(file: Path, key: str) -> object:
    """What stands under a dotted key, "rope_scaling.type"; MISSING where it is not there.

    Raises:
        JsonError: the file is larger than 20 MB or holds no JSON.
        OSError: it cannot be read.
    """
    value = _json(file)
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return MISSING
        value = value[part]
    return value


def _json(file: Path) -> object:
    if not file.is_file():  # a pipe would never end
        raise JsonError("no file")
    if file.stat().st_size > _LARGEST_JSON:
        raise JsonError("larger than 20 MB")
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise JsonError("no JSON") from None


def _ends(text: str) -> str:
    """Commands stand at the beginning of a log, failures at its end."""
    return text if len(text) <= 2 * _LOOKED_AT else f"{text[:_LOOKED_AT]}\n{text[-_LOOKED_AT:]}"


def _given(text: str) -> Iterator[Path]:
    """Folders that the report gives as a model, and those of the files that it does."""
    for written, path in _here(_values(_GIVEN, text)):
        folder = _folder(path)
        if folder and (re.search(r"[/\\]", written) or _is_models(folder)):
            yield folder


def _mentioned(text: str) -> Iterator[Path]:
    """Folders that it names anywhere, if a model lies in them, and those of the model's files that it names."""
    for _, path in _here(match[1] for match in re.finditer(_PATHS, text)):
        folder = _folder(path)
        if folder and _is_models(folder):
            yield folder


def _folder(path: Path) -> Path | None:
    """The folder itself, or that of a model's file."""
    if path.is_dir():
        return path
    return path.parent if is_of_model(path.name) else None


def _configurations(text: str) -> Iterator[Path]:
    return (path for _, path in _here(_values(_DEEPSPEED, text)) if path.is_file() and path.suffix == ".json")


def _values(pattern: str, text: str) -> Iterator[str]:
    return (next(filter(None, match.groups())) for match in re.finditer(pattern, text))


def _here(written: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Those of the paths that are on this machine, and what they lead to."""
    for text in islice(dict.fromkeys(one.rstrip(".") or one for one in written), _MOST_PATHS):
        try:
            path = Path.cwd() / os.path.expanduser(text)  # noqa: PTH111 - Path.expanduser raises
            if not re.match(_FOREIGN, str(path)) and not re.match(_FOREIGN, text) and path.exists():
                yield text, Path(os.path.normpath(path))
        except (OSError, ValueError):
            continue


def _is_models(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            names = {entry.name for entry in islice(entries, _MOST_ENTRIES)}
    except OSError:
        return False
    return bool(names & _MARKS) or any(name.endswith(_WEIGHTS) for name in names) or _has_config(folder)


def _has_config(folder: Path) -> bool:
    try:
        config = _json(folder / "config.json")
    except (OSError, JsonError):
        return False
    return isinstance(config, dict) and not config.keys().isdisjoint(("model_type", "architectures"))


def _snapshots(repos: Iterable[str], environment: Mapping[str, str] | None) -> list[Path]:
    from .hub import cached_model  # not for reports that name no model

    cache = hub_cache(environment)
    found = (cached_model(cache, repo) for repo in repos)
    return [model.snapshot for model in found if model is not None and model.snapshot is not None]
