"""The Python environment that LLMs run in here, and the variables that steer it. Nothing of it is imported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

from .fact import Fact

_STACK = (
    "torch", "torchvision", "torchaudio", "triton", "transformers", "tokenizers", "accelerate", "peft", "trl",
    "bitsandbytes", "datasets", "safetensors", "sentencepiece", "huggingface-hub", "hf-xet", "vllm", "sglang",
    "lmdeploy", "llama-cpp-python", "ctransformers", "exllamav2", "tensorrt-llm", "flash-attn", "flashinfer-python",
    "xformers", "deepspeed", "auto-gptq", "gptqmodel", "autoawq", "autoawq-kernels", "compressed-tensors",
    "llmcompressor", "optimum", "onnxruntime", "onnxruntime-gpu", "unsloth", "unsloth-zoo", "liger-kernel",
    "llamafactory", "ms-swift", "axolotl", "openai", "ollama", "gradio", "fastapi", "ray", "numpy", "pydantic",
    "protobuf", "wandb", "mlx", "mlx-lm", "tensorflow", "jax",
)  # fmt: skip
"""The packages that matter, in this order; all wheels of NVIDIA beside them."""

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


def packages() -> list[Fact]:
    """The packages of the LLM stack in the active environment, which need not be the one firstaid runs in."""
    prefix = _active()
    found = _versions(None if prefix == Path(sys.prefix) else _site_packages(prefix))
    names = [*_STACK, *sorted(name for name in found if name.startswith("nvidia-"))]
    here = [Fact(name, found[name]) for name in names if name in found]
    missing = [name for name in _STACK if name not in found]
    return [Fact("environment", shown_path(prefix)), *here, Fact("not installed", ", ".join(missing) or "none of them")]


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


def _active() -> Path:
    """The environment that the shell has active, else our own."""
    named = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    return Path(named) if named and _site_packages(Path(named)) else Path(sys.prefix)


def _site_packages(prefix: Path) -> list[str]:
    patterns = ("lib/python3*/site-packages", "Lib/site-packages")
    return [str(path) for pattern in patterns for path in prefix.glob(pattern)]


def _versions(folders: list[str] | None) -> dict[str, str | None]:
    """Name, as package indexes write it, to version; the first on the path wins, as when importing."""
    found: dict[str, str | None] = {}
    for package in distributions() if folders is None else distributions(path=folders):
        try:
            name, version = package.metadata["Name"], package.version
        except Exception:  # noqa: BLE001 - what a broken installation left
            continue
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version)
    return found


def _counts(name: str) -> bool:
    return name in _SHOWN or name.startswith(_FAMILIES) or name in _TOLD


def _variable(name: str, value: str) -> Fact:
    from ..redact import redacted

    if name not in _SHOWN and _SECRET.search(name):
        return Fact(name, "set", "its value is not shown")
    return Fact(name, redacted(_IN_ADDRESS.sub("", value)) if value else "set to nothing")
