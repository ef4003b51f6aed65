"""Where the programs of the LLM stack keep what they download and compile."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def hub_cache(environment: Mapping[str, str] | None = None) -> Path:
    """Where the client of the Hugging Face hub keeps its downloads; the folder need not be there."""
    environment = os.environ if environment is None else environment
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if moved := environment.get(variable):
            return _path(moved)
    return hub_home(environment) / "hub"


def hub_home(environment: Mapping[str, str] | None = None) -> Path:
    """Where the same client keeps everything else: its token among it."""
    environment = os.environ if environment is None else environment
    moved = environment.get("HF_HOME")
    return _path(moved) if moved else _xdg(environment) / "huggingface"


def caches(environment: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Whose cache, and where; the folders need not be there."""
    environment = os.environ if environment is None else environment
    home, xdg = Path.home(), _xdg(environment)
    default = {
        "PyTorch": ("TORCH_HOME", xdg / "torch"),
        "Triton": ("TRITON_CACHE_DIR", home / ".triton" / "cache"),
        "vLLM": ("VLLM_CACHE_ROOT", xdg / "vllm"),
        "pip": ("PIP_CACHE_DIR", _pip(environment)),
        "Ollama": ("OLLAMA_MODELS", home / ".ollama" / "models"),
        "ModelScope": ("MODELSCOPE_CACHE", xdg / "modelscope"),
    }
    moved = {name: environment.get(variable) for name, (variable, _) in default.items()}
    return {name: _path(moved[name] or folder) for name, (_, folder) in default.items()}


def _pip(environment: Mapping[str, str]) -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "pip"
    if sys.platform == "win32":
        return _path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "pip" / "Cache"
    return _xdg(environment) / "pip"


def _xdg(environment: Mapping[str, str]) -> Path:
    return _path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _path(text: str | Path) -> Path:
    """As the programs read it; a home that cannot be told stays as it is written."""
    return Path(os.path.expandvars(os.path.expanduser(text)))  # noqa: PTH111 - Path.expanduser raises
