"""Failures below Python: GPU libraries, the loader, the kernel, and the C++ of the runtimes."""

from __future__ import annotations

from collections.abc import Iterator

from .rules import Page, Rule, apply
from .types import Finding

_REST = r"[^\n]{0,2000}"

RULES = (
    # GPU libraries
    Rule("CUDA assert", "Assertion `", rf"[\w./-]{{1,200}}\.cuh?:\d+: {_REST}Assertion `{_REST}"),
    Rule("CUDA assert", "Assertion `", rf"^[^\n]{{0,300}}block: \[{_REST}Assertion `{_REST}"),
    Rule("CUDA error", "CUDA error", rf"\bCUDA error[: ]{_REST}"),
    Rule("CUDA error", "Cuda error", rf"\bCuda error[: ]{_REST}"),
    Rule("CUDA error", "CUDA out of memory", rf"\bCUDA out of memory{_REST}"),
    Rule("CUDA error", "CUDA driver version is insufficient", rf"CUDA driver version is insufficient{_REST}"),
    Rule("CUDA error", "CUDA failure", rf"\bCUDA failure{_REST}"),
    Rule("CUDA error", "CUDA driver error", rf"\bCUDA driver error{_REST}"),
    Rule("CUDA error", "cudaMalloc failed", rf"\bcudaMalloc failed{_REST}"),
    Rule("cuBLAS error", "CUBLAS_STATUS_", rf"\bCUBLAS_STATUS_(?!SUCCESS){_REST}"),
    Rule("cuDNN error", "CUDNN_STATUS_", rf"\bCUDNN_STATUS_(?!SUCCESS){_REST}"),
    Rule("HIP error", "HIP error", rf"\bHIP error[: ]{_REST}"),
    Rule("HIP error", "hipError", rf"\bhipError[A-Z]\w{{1,60}}{_REST}"),
    Rule("HIP error", "HSA_STATUS_ERROR", rf"\bHSA_STATUS_ERROR{_REST}"),
    Rule("HIP error", "rocBLAS error", rf"\brocBLAS error{_REST}"),
    Rule("Metal error", "ggml_metal", rf"^ggml_metal_\w{{1,60}}: error{_REST}"),
    Rule("Metal error", "MPS backend out of memory", rf"MPS backend out of memory{_REST}"),
    Rule("Triton compiler", "ptxas", rf"\bptxas (?:fatal|error){_REST}"),
    # collectives; a rank that waits in vain says so long after another has failed
    Rule("NCCL error", "ncclUnhandledCudaError", rf"ncclUnhandledCudaError{_REST}"),
    Rule("NCCL error", "NCCL WARN", rf"\bNCCL WARN {_REST}", weight=1),
    Rule("NCCL error", "NCCL error", rf"\bNCCL error{_REST}"),
    Rule("NCCL timeout", "collective operation timeout", rf"Watchdog caught collective operation timeout{_REST}"),
    Rule("NCCL timeout", "Timed out initializing process group", rf"Timed out initializing process group{_REST}"),
    # the loader
    Rule("shared library", "error while loading shared libraries", rf"error while loading shared libraries: {_REST}"),
    Rule("shared library", "cannot open shared object", rf"[\w.+/-]{{1,200}}: cannot open shared object file{_REST}"),
    Rule("shared library", "undefined symbol", rf"[\w.+/-]{{1,300}}: undefined symbol{_REST}"),
    Rule("shared library", "DLL load failed", rf"DLL load failed{_REST}"),
    Rule("glibc", "GLIBC", rf"version [`']GLIBC(?:XX)?_[\d.]{{1,12}}' not found{_REST}"),
    # the kernel and the shell
    Rule("OOM killer", "Killed process", rf"(?:Out of memory: |Memory cgroup out of memory: )?Killed process{_REST}"),
    Rule("OOM killer", "oom-kill", rf"\boom-kill{_REST}", weight=1),
    Rule("OOM killer", "OOMKilled", rf"\bOOMKilled{_REST}"),
    Rule("OOM killer", "due to memory pressure", rf"killed due to memory pressure{_REST}"),
    Rule("OOM killer", "oom_kill", rf"\boom_kill event{_REST}"),
    Rule(
        "Killed", "Killed", r"^(?:[^\n:]{0,200}: line \d+:\s+\d+ |\[\d+\]\+? +(?:\d+ )?)?Killed(?:$|\s{2,}[^\n]{0,300})"
    ),
    Rule("segmentation fault", "Segmentation fault", rf"(?:!{{3,10}} )?Segmentation fault{_REST}"),
    Rule("segmentation fault", "SIGSEGV", rf"^(?:\*\*\* )?(?:signal |Process received signal|SIGSEGV){_REST}"),
    Rule("illegal instruction", "llegal instruction", rf"\b[Ii]llegal instruction{_REST}"),
    Rule("illegal instruction", "invalid opcode", rf"\btrap invalid opcode{_REST}"),
    Rule("aborted", "Aborted", r"^(?:[^\n:]{0,200}: line \d+: +\d+ )?Aborted(?: \(core dumped\))?$", weight=1),
    Rule("bus error", "us error", rf"\b[Bb]us error{_REST}"),
    Rule("driver", "NVRM: Xid", rf"NVRM: Xid{_REST}"),
    Rule("driver", "NVIDIA-SMI has failed", rf"NVIDIA-SMI has failed{_REST}"),
    Rule("driver", "Driver/library version mismatch", rf"Failed to initialize NVML: Driver/library{_REST}"),
    Rule("driver", "libcuda", rf"[Cc]ould not load (?:dynamic )?library '?libcuda{_REST}"),
    # C++ runtimes
    Rule("llama.cpp", "GGML_ASSERT", rf"[^\s:]{{0,200}}:?\d{{0,6}}:? ?GGML_ASSERT{_REST}"),
    Rule("llama.cpp", "error loading model", rf"llama_model_load\w{{0,20}}: error loading model{_REST}"),
    Rule("llama.cpp", "failed to load model", rf"^(?:\w{{1,60}}: )?(?:error: )?failed to load model{_REST}", weight=1),
    Rule("llama.cpp", "unable to load model", rf"^(?:\w{{1,60}}: )?error: unable to load model{_REST}", weight=1),
    Rule("llama.cpp", "ggml_cuda_init: failed", rf"ggml_cuda_init: failed{_REST}"),
    Rule("llama.cpp", "ggml_", rf"\bggml_\w{{1,80}}: (?:error|failed|not enough){_REST}"),
    Rule("llama.cpp", "gguf_init_from_file", rf"\bgguf_init_from_file\w{{0,20}}: {_REST}"),
    Rule("llama.cpp", "llama_init", rf"\bllama_init\w{{1,40}}: (?:error|failed){_REST}", weight=1),
    Rule(
        "terminate",
        "terminate called",
        rf"terminate called after throwing an instance of {_REST}(?:\n *what\(\): *{_REST})?",
    ),
)


def native_failures(page: Page) -> Iterator[Finding]:
    """Failures below Python, rule by rule."""
    return apply(RULES, "native", page)
