"""Names of GPUs tell what leaves no doubt, and nothing else."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest
import tomli

from firstaid.assistant.machine.gpu import Gpu, Vendor
from firstaid.assistant.machine.known_gpus import completed, cuda_of, known_gpu, shares_memory
from firstaid.assistant.report.facts import find_gpus


@pytest.mark.parametrize(
    ("name", "capability", "memory"),
    [
        ("Tesla T4", (7, 5), 16),
        ("NVIDIA A100-SXM4-80GB", (8, 0), 80),
        ("NVIDIA A100-PCIE-40GB", (8, 0), 40),
        ("A100 80G", (8, 0), 80),
        ("A100", (8, 0), None),
        ("NVIDIA A100 Tensor Core GPU", (8, 0), None),
        ("NVIDIA A100-SXM4-80GB MIG 1g.10gb", (8, 0), None),
        ("NVIDIA A800-SXM4-80GB", (8, 0), 80),
        ("V100", (7, 0), None),
        ("Tesla V100-SXM2-32GB", (7, 0), 32),
        ("Tesla V100-DGXS-16GB", (7, 0), 16),
        ("Tesla P100-PCIE-16GB", (6, 0), 16),
        ("Tesla P40", (6, 1), 24),
        ("Tesla K80", (3, 7), 12),
        ("Tesla M40 24GB", (5, 2), 24),
        ("NVIDIA H100 80GB HBM3", (9, 0), 80),
        ("NVIDIA H100 PCIe", (9, 0), 80),
        ("NVIDIA H100 NVL", (9, 0), 94),
        ("H100", (9, 0), None),
        ("NVIDIA GH200 480GB", (9, 0), None),  # that is the memory of its CPU
        ("NVIDIA GH200 144G HBM3e", (9, 0), 144),
        ("NVIDIA H200", (9, 0), 141),
        ("NVIDIA H20", (9, 0), None),
        ("NVIDIA H20-3e", (9, 0), 141),
        ("NVIDIA B200", (10, 0), None),
        ("NVIDIA B300 SXM6 AC", (10, 3), None),
        ("NVIDIA GB200", (10, 0), None),
        ("NVIDIA GB10", (12, 1), None),
        ("NVIDIA Thor", (11, 0), None),
        ("Orin (nvgpu)", (8, 7), None),
        ("NVIDIA Jetson AGX Orin Developer Kit", (8, 7), None),
        ("Xavier", (7, 2), None),
        ("NVIDIA A10", (8, 6), 24),
        ("NVIDIA A10G", (8, 6), 24),
        ("NVIDIA L4", (8, 9), 24),
        ("NVIDIA L40S", (8, 9), 48),
        ("NVIDIA RTX A6000", (8, 6), 48),
        ("A6000", (8, 6), 48),
        ("NVIDIA RTX A2000 12GB", (8, 6), 12),
        ("NVIDIA RTX A5000 Laptop GPU", (8, 6), 16),
        ("Quadro RTX 6000", (7, 5), 24),
        ("NVIDIA RTX 6000 Ada Generation", (8, 9), 48),
        ("NVIDIA RTX 4000 SFF Ada Generation", (8, 9), 20),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", (12, 0), 96),
        ("NVIDIA RTX PRO 5000 Blackwell Generation Laptop GPU", (12, 0), None),
        ("P5000", (6, 1), 16),
        ("NVIDIA TITAN RTX", (7, 5), 24),
        ("GeForce GTX TITAN X", (5, 2), 12),
        ("TITAN X (Pascal)", (6, 1), 12),
        ("NVIDIA GeForce RTX 4090", (8, 9), 24),
        ("RTX 4090", (8, 9), 24),
        ("RTX4090", (8, 9), 24),
        ("4090", (8, 9), 24),
        ("4090D", (8, 9), 24),
        ("RTX 4090 48GB", (8, 9), None),  # rebuilt, so none that was sold
        ("NVIDIA GeForce RTX 4090 Laptop GPU", (8, 9), 16),
        ("GeForce RTX 3060 Laptop GPU", (8, 6), 6),
        ("RTX 3060", (8, 6), None),
        ("RTX 3060 12GB", (8, 6), 12),
        ("3060Ti", (8, 6), 8),
        ("GeForce RTX 2070 with Max-Q Design", (7, 5), 8),
        ("RTX 2060 Mobile", (7, 5), None),
        ("NVIDIA GeForce GTX 1660 Ti", (7, 5), 6),
        ("GTX 1060 6GB", (6, 1), 6),
        ("1080 Ti", (6, 1), 11),
        ("GeForce GTX 980", (5, 2), 4),
        ("NVIDIA GeForce RTX 5070 Ti Laptop GPU", (12, 0), 12),
        ("NVIDIA GeForce RTX 5090", (12, 0), 32),
    ],
)
def test_nvidia(name: str, capability: tuple[int, int], memory: int | None) -> None:
    assert known_gpu(name) == Gpu(
        name, "nvidia", memory=None if memory is None else memory << 30, capability=capability
    )


@pytest.mark.parametrize(
    ("name", "vendor", "target", "memory"),
    [
        ("MI300X", "amd", "gfx942", 192),
        ("AMD Instinct MI300X OAM", "amd", "gfx942", 192),
        ("MI 355X", "amd", "gfx950", 288),
        ("AMD INSTINCT MI250 (MCM) OAM AC MBA", "amd", "gfx90a", None),
        ("AMD Instinct MI100", "amd", "gfx908", 32),
        ("AMD Radeon RX 7900 XTX", "amd", "gfx1100", 24),
        ("7900XTX", "amd", "gfx1100", 24),
        ("RX 6700 XT", "amd", "gfx1031", 12),
        ("Radeon RX 9070 XT", "amd", "gfx1201", 16),
        ("AMD Radeon AI PRO R9700", "amd", "gfx1201", 32),
        ("Radeon Pro W6800", "amd", "gfx1030", 32),
        ("W7900", "amd", "gfx1100", 48),
        ("Radeon VII", "amd", "gfx906", 16),
        ("AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", "amd", "gfx1151", None),
        ("Radeon 8060S Graphics", "amd", "gfx1151", None),
        ("Intel(R) Arc(TM) A770 Graphics", "intel", None, None),
        ("Arc A770 16GB", "intel", None, 16),
        ("Intel(R) Arc(TM) B580 Graphics", "intel", None, 12),
        ("Intel(R) Data Center GPU Max 1550", "intel", None, 128),
        ("Intel(R) Data Center GPU Flex Series 170", "intel", None, 16),
        ("Apple M4", "apple", None, None),
        ("M2 Max", "apple", None, None),
        ("Ascend 910B3", "other", None, 64),
    ],
)
def test_others(name: str, vendor: str, target: str | None, memory: int | None) -> None:
    found = known_gpu(name)
    assert found
    assert (found.vendor, found.target, found.capability) == (vendor, target, None)
    assert found.memory == (None if memory is None else memory << 30)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "GPU",
        "NVIDIA",
        "NVIDIA Graphics Device",
        "RTX 6000",  # Turing, Ada or Blackwell
        "RTX 4000",
        "NVIDIA TITAN X",  # Maxwell or Pascal
        "Tesla M4",  # is not Apple's M4
        "AMD RTX 4090",
        "NVIDIA A10-24Q",  # a virtual GPU
        "GRID T4-16Q",
        "AMD Radeon Graphics",
        "6800",
        "3000",
        "RTX 40 series",
        "llvmpipe (LLVM 15.0.7, 256 bits)",
        "Microsoft Basic Render Driver",
    ],
)
def test_what_is_in_doubt_is_not_known(name: str) -> None:
    assert known_gpu(name) is None


LOG = """
NVIDIA GeForce RTX 4090 | NVIDIA GeForce RTX 3090 Ti | NVIDIA GeForce RTX 4070 Ti SUPER | RTX 2080 SUPER | GTX 1080 Ti
GTX 1660 SUPER | RTX 3080 Laptop GPU | RTX 4090 D | RTX 5090 | Quadro RTX 8000 | RTX A6000 | RTX A4000 | GTX 1650
NVIDIA RTX 6000 Ada | RTX PRO 6000 Blackwell | RTX PRO 4500 | NVIDIA A100-SXM4-80GB | A100 40GB | A800 | NVIDIA A40
A30 | A16 | A10G | A10 | NVIDIA A2 | H100 PCIe | NVIDIA H100 NVL | H800 | H200 | H20 | B200 | B100 | GB200 | GH200
Tesla V100-SXM2-32GB | V100S-PCIE-32GB | Tesla P100-PCIE-16GB | Tesla P40 | Tesla T4 | NVIDIA L40S | L40 | L20 | L4
Tesla K80 | Tesla M40 24GB | MI300X | MI250X | MI210 | MI100 | Radeon RX 7900 XTX | RX 6800 XT | RX 9070 XT | RX 7600
M2 Ultra | M3 Pro | Apple M1 | Apple M5 Max | Jetson AGX Orin | Jetson Orin Nano | Jetson Xavier NX | Arc A770 | Gaudi 2
Ascend 910B | 910B3
"""


@pytest.mark.parametrize("name", LOG.replace("\n", " | ").strip(" |").split(" | "))
def test_names_that_reports_print_are_known(name: str) -> None:
    assert [known_gpu(found) is not None for found in find_gpus(f"on {name} today")] == [True]


def test_names_are_written_once_and_read_back() -> None:
    table = tomli.loads(files("firstaid.assistant.machine").joinpath("gpus.toml").read_text(encoding="utf-8"))
    vendors = {vendor: table[vendor] for vendor in get_args(Vendor)}
    names = [
        (vendor, group, name) for vendor in vendors for group in vendors[vendor] for name in vendors[vendor][group]
    ]
    assert len(names) == len({name.lower() for *_, name in names}) > 300
    for vendor, group, name in names:
        found = known_gpu(name)
        assert found, name
        told = "{}.{}".format(*found.capability) if found.capability else found.target or group
        assert (found.vendor, told) == (vendor, group), name


@pytest.mark.parametrize(
    ("driver", "cuda"),
    [
        ("550.54.15", "12.4"),
        ("551.86", "12.4"),  # Windows
        ("535.183.01", "12.2"),
        ("470.256.02", "11.4"),
        ("570.86.15", "12.8"),
        ("580.95.05", "13.0"),
        ("610.43.02", "13.3"),
        ("390.157", None),
        ("700.10", None),  # newer than the table
        ("garbage", None),
        ("", None),
        (None, None),
    ],
)
def test_the_newest_cuda_of_a_driver(driver: str | None, cuda: str | None) -> None:
    assert cuda_of(driver) == cuda


def test_a_name_completes_what_a_driver_left_out_and_overrules_nothing() -> None:
    assert completed(Gpu("Tesla T4", "nvidia")) == Gpu("Tesla T4", "nvidia", capability=(7, 5))
    assert completed(Gpu("Tesla T4", "nvidia", capability=(9, 9))).capability == (9, 9)
    assert completed(Gpu("NVIDIA X", "nvidia")) == Gpu("NVIDIA X", "nvidia")


def test_gpus_that_share_the_memory_of_a_processor() -> None:
    assert shares_memory("gfx1151")
    assert not shares_memory("gfx942")
    assert not shares_memory("gfx9999")
