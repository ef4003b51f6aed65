"""The variables that steer the LLM stack, without what is secret in them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from .fact import Fact

_SHOWN = frozenset((
    "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_LAUNCH_BLOCKING", "CUDA_HOME", "CUDA_PATH",
    "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION", "ASCEND_RT_VISIBLE_DEVICES",
    "HF_HOME", "HF_ENDPOINT", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_HUB_ENABLE_HF_TRANSFER", "HF_HUB_DISABLE_XET",
    "HF_DATASETS_CACHE",
    "HF_DATASETS_OFFLINE", "TRANSFORMERS_CACHE", "TRANSFORMERS_OFFLINE", "TRANSFORMERS_VERBOSITY",
    "TOKENIZERS_PARALLELISM", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF", "TORCH_CUDA_ARCH_LIST", "TORCH_HOME",
    "TORCHDYNAMO_DISABLE", "TRITON_CACHE_DIR", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "LD_LIBRARY_PATH", "LD_PRELOAD", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "MAX_JOBS",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "MASTER_PORT", "WORLD_SIZE",
    "RANK", "LOCAL_RANK", "KMP_DUPLICATE_LIB_OK", "MODELSCOPE_CACHE", "USE_MODELSCOPE_HUB", "LANG",
))  # fmt: skip
_FAMILIES = (
    "NCCL_",
    "VLLM_",
    "SGLANG_",
    "GGML_",
    "OLLAMA_",
    "TORCH_NCCL_",
    "UNSLOTH_",
    "BNB_",
    "DS_",
    "GLOO_",
    "FSDP_",
)
_TOLD = frozenset(("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "OPENAI_API_KEY", "WANDB_API_KEY", "MODELSCOPE_API_TOKEN"))
"""Of these it is told whether they are set."""
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASS|AUTH|CREDENTIAL|COOKIE|HEADER|WEBHOOK|LICENSE", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?:(?<=://)|^)[^/\s@]+@|[?#][^\s,;]*")
"""The user in an address, and its query."""
_NOT_SHOWN = "its value is not shown"


def variables(environment: Mapping[str, str] | None = None) -> list[Fact]:
    """The variables that steer the LLM stack; of those that may hold a secret only that they are set."""
    environment = os.environ if environment is None else environment
    facts = [_variable(name, environment[name]) for name in sorted(environment) if _counts(name)]
    return facts or [Fact("none", "none of the variables that steer the LLM stack is set")]


def shown_path(path: Path | str) -> str:
    """A path without the user's name."""
    from ..redact import redacted

    text, home = str(path), str(Path.home())
    return f"~{text[len(home) :]}" if text == home or text.startswith(home + os.sep) else redacted(text)


def _counts(name: str) -> bool:
    return name in _SHOWN or name.startswith(_FAMILIES) or name in _TOLD


def _variable(name: str, value: str) -> Fact:
    if not _is_shown(name):
        return Fact(name, "set", _NOT_SHOWN)
    return Fact(name, shown_value(name, value) if value else "set to nothing")


def shown_value(name: str, value: str) -> str:
    """A variable's value as it may be shown: only of those known to hold no secret, without users and passwords."""
    from ..redact import redacted

    return redacted(_IN_ADDRESS.sub("", value)) if _is_shown(name) else f"<{_NOT_SHOWN}>"


def _is_shown(name: str) -> bool:
    return name in _SHOWN or (name.startswith(_FAMILIES) and not _SECRET.search(name))
