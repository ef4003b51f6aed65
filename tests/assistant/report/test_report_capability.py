"""A report's own GPU is told from the GPUs that a program demands or supports."""

from __future__ import annotations

import random

import pytest

from firstaid.assistant.report.capability import find_capability, find_gpu_memory

FLASH = "requires device with capability > (8, 0) but your GPU has capability (7, 5) (too old)"
TOO_NEW = """UserWarning:
NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.
The current PyTorch install supports CUDA capabilities sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90.
"""
TOO_OLD = """
    Found GPU0 NVIDIA GeForce GTX 1080 which is of cuda capability 6.1.
    Minimum and Maximum cuda capability supported by this version of PyTorch is
    (7.0) - (12.0)
"""
OF_CHOICE = """
    Found GPU0 Tesla P100-PCIE-16GB which is of compute capability (CC) 6.0.
    The following list shows the CCs this version of PyTorch was built for and the hardware CCs it supports:
    - 7.5 which supports hardware CC >=7.5,<8.0
    - 8.0 which supports hardware CC >=8.0,<9.0
"""
LLAMA = """ggml_cuda_init: found 2 CUDA devices:
  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes
  Device 1: {}, VMM: yes
"""
OLLAMA = (
    'msg="inference compute" id=GPU-7f1c library=cuda variant=v12 compute=8.9 driver=12.4'
    ' name="NVIDIA GeForce RTX 4060" total="7.6 GiB" available="6.9 GiB"'
)


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        (TOO_NEW, (12, 0)),
        (TOO_OLD, (6, 1)),
        (OF_CHOICE, (6, 0)),
        (FLASH, (7, 5)),
        (OLLAMA, (8, 9)),
        (LLAMA.format("NVIDIA GeForce RTX 3080, compute capability 8.6"), (8, 6)),
        (
            "Bfloat16 is only supported on GPUs with compute capability of at least 8.0. "
            "Your Tesla T4 GPU has compute capability 7.5. You can use float16 instead",
            (7, 5),
        ),
        ("requires at least 8.0, but your Tesla T4 GPU has compute capability 7.5", (7, 5)),
        (
            "FP8 quantized models is only supported on GPUs with compute capability >= 8.9 (e.g 4090/H100),"
            " actual = `8.6`. We will default to dequantizing",
            (8, 6),
        ),
        ("awq is not supported for the current GPU. Minimum capability: 75. Current capability: 70.", (7, 0)),
        ("Minimum capability: 80. Current capability: 120.", (12, 0)),
        (
            "No compiled cutlass_scaled_mm for a compute capability less than CUDA device capability: 120",
            (12, 0),
        ),
        ("GPU with CUDA capability 7 0 is not supported for Flash Attention V2", (7, 0)),
        ("CUDA SETUP: PyTorch settings found: CUDA_VERSION=124, Highest Compute Capability: 8.6.", (8, 6)),
        ("CUDA SETUP: Highest compute capability among GPUs detected: 7.5", (7, 5)),
        ("  CUDA Capability Major/Minor version number:    8.6", (8, 6)),
        ("Created device /device:GPU:0: name: Tesla T4, pci bus id: 0000:00:1e.0, compute capability: 7.5", (7, 5)),
        (">>> torch.cuda.get_device_capability()\n(8, 6)", (8, 6)),
        ("torch.cuda.get_device_capability(0) -> (9, 0)", (9, 0)),
        ("The GPU at hand has compute capability 7.0", (7, 0)),
        ("no kernel for arch sm_75", (7, 5)),
        ("capability: 8.9", (8, 9)),
        ("I run an RTX 3090 (compute capability 8.6) under", (8, 6)),
        ("我的显卡 compute capability 7.5，要求 compute capability 8.0", (7, 5)),
        ("GPU 0: compute capability = 9.0", (9, 0)),
    ],
)
def test_capability_of_the_gpu_itself(text: str, capability: tuple[int, int]) -> None:
    assert find_capability(text) == capability


@pytest.mark.parametrize(
    "text",
    [
        "",
        "requires compute capability >= 8.0",
        "this kernel requires compute capability 8.0",
        "compute capability of at least 8.0",
        "The current PyTorch install supports CUDA capabilities sm_50 sm_60 sm_70",
        "supports CUDA capability sm_80 sm_90",
        "Minimum capability: 75.",
        "Required compute capability: 8.0",
        "supported on GPUs with compute capability 7.5 or newer",
        "GPU of compute capability 8.0 and up",
        "your GPU should have compute capability 8.0+",
        "GPUs have compute capability 8.0, 8.6 or 8.9",
        "cards such as the A100 (compute capability 8.0)",
        "newer ones, e.g. H100 with compute capability 9.0",
        "Ampere means compute capability 8.0",
        "nvcc -gencode=arch=compute_80,code=sm_80 -arch sm_86",
        "ptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'",
        "torch._scaled_mm is only supported on CUDA devices with compute capability >= 9.0 or 8.9, or ROCm MI300+",
        "your GPU has compute capability 99.9",
        "has capability to 7.5 degrees",
        LLAMA.format("Tesla T4, compute capability 7.5"),
        f"{FLASH}\n{TOO_NEW}",
        "至少 compute capability 8.0",
    ],
)
def test_a_capability_of_others_or_in_doubt(text: str) -> None:
    assert find_capability(text) is None


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which", 23.69),
        ("GPU 1 has a total capacty of 79.15 GiB of which 3 MiB is free", 79.15),
        ("Tried to allocate 20.00 MiB (GPU 0; 15.78 GiB total capacity; 14.1 GiB already allocated)", 15.78),
        ("GPU 0 has a total capacity of 512.00 MiB of which", 0.5),
        ("| 30%   47C    P8     22W /  300W |   1234MiB /  24576MiB |      0%      Default |", 24.0),
        ("nvidia-smi: 72814MiB / 81920MiB python", 80.0),
        (OLLAMA, 7.6),
        ("Free memory on device (1.2/23.64 GiB) on startup is less than desired GPU memory utilization", 23.64),
        ("Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes, VRAM: 24245 MiB", 23.68),
        ("GPU 0 has a total capacity of 23.53 GiB\nGPU 1 has a total capacity of 23.69 GiB", 23.69),
        ("GPU 1 has a total capacity of 11.66 GiB\n| 1MiB / 24576MiB |\n| 9000MiB / 12288MiB |", 11.66),
    ],
)
def test_memory_of_the_gpu_itself(text: str, memory: float) -> None:
    assert find_gpu_memory(text) == pytest.approx(memory, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tried to allocate 2.00 GiB",
        "16.00 GiB out of the 15.51 GiB total CPU memory is allocated for the swap space",
        "| 1MiB / 24576MiB |\n| 9000MiB / 12288MiB |",
        "GPU 0 has a total capacity of 11.66 GiB; GPU 1 has a total capacity of 23.69 GiB",
        "CONTAINER  MEM USAGE / LIMIT  512.3MiB / 15.5GiB",
        "the model needs 24 GiB",
    ],
)
def test_no_memory_or_in_doubt(text: str) -> None:
    assert find_gpu_memory(text) is None


def test_hostile_text_is_read_in_one_pass() -> None:
    pieces = ["capability ", "compute ", "sm_", "library=cuda ", "8.", "(", "GPU 0 ", "1MiB / ", " " * 50, "arch "]
    chosen = random.Random(8)
    text = "".join(chosen.choice(pieces) for _ in range(100_000))
    assert find_capability(text) is None
    assert find_gpu_memory(text) is None
    assert find_capability("capability " * 50_000) is None
