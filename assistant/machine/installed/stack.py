"""The packages that matter to people who run and fine-tune LLMs."""

from __future__ import annotations

STACK = (
    "torch", "torchvision", "torchaudio", "triton", "transformers", "tokenizers", "accelerate", "peft", "trl",
    "bitsandbytes", "datasets", "safetensors", "sentencepiece", "huggingface-hub", "hf-xet", "vllm", "sglang",
    "lmdeploy", "llama-cpp-python", "ctransformers", "exllamav2", "tensorrt-llm", "flash-attn", "flashinfer-python",
    "xformers", "deepspeed", "auto-gptq", "gptqmodel", "autoawq", "autoawq-kernels", "compressed-tensors",
    "llmcompressor", "optimum", "onnxruntime", "onnxruntime-gpu", "unsloth", "unsloth-zoo", "liger-kernel",
    "llamafactory", "ms-swift", "axolotl", "openai", "ollama", "gradio", "fastapi", "ray", "numpy", "pydantic",
    "protobuf", "wandb", "mlx", "mlx-lm", "tensorflow", "jax",
)  # fmt: skip
"""In this order; all wheels of NVIDIA beside them."""


def matters(name: str) -> bool:
    """Whether it is one of them, or a library of NVIDIA."""
    return name in _NAMES or name.startswith("nvidia-")


_NAMES = frozenset(STACK)
