"""The GPUs of this machine. Nothing of CUDA or ROCm is loaded."""

from __future__ import annotations

import sys
from pathlib import Path

from .amd import amd_files, read_amd
from .apple import read_apple
from .fact import Fact, size
from .gpu import Gpu, Gpus, together
from .intel import intel_on_bus, read_intel
from .known_gpus import known_gpu
from .limits import CutError, Probe
from .nvidia import nvidia_files, read_nvidia
from .nvml import gpu_memory
from .pci import gpu_vendors
from .visible_gpus import visible

__all__ = ["Gpu", "Gpus", "gpu_memory", "gpus", "known_gpu", "quick_gpus", "read_gpus", "visible"]

_ROOT = Path("/")
_SECONDS = 4.5
"""A little more than what the vendors' drivers and programs may take."""


def quick_gpus(root: Path = _ROOT) -> Gpus:
    """What the kernel's files tell, in a few milliseconds: the memory of NVIDIA's is that which they are sold with."""
    vendors = gpu_vendors(root)
    return together([nvidia_files(root, vendors), amd_files(root, vendors), intel_on_bus(vendors)])


def read_gpus(root: Path = _ROOT) -> Gpus:
    """All that drivers and their programs tell, each vendor's asked at the same time; may take seconds."""
    if sys.platform == "darwin":
        return read_apple()
    vendors = gpu_vendors(root)
    probes = {
        "NVIDIA": Probe(read_nvidia, root, vendors),
        "AMD": Probe(read_amd, root, vendors),
        "Intel": Probe(read_intel, vendors),
    }
    return together([_part(vendor, probe) for vendor, probe in probes.items()])


def _part(vendor: str, probe: Probe[Gpus]) -> Gpus:
    try:
        return probe.within(_SECONDS)
    except CutError as error:
        return Gpus(note=f"{vendor}: {error}", asked=False)
    except Exception as error:  # noqa: BLE001 - a driver that is broken is what people come here for
        return Gpus(note=f"{vendor}: {type(error).__name__}: {error}", asked=False)


def gpus() -> list[Fact]:
    """Each GPU with its memory, and what drives them, for people."""
    found = read_gpus()
    drivers = (
        Fact("driver", found.driver),
        Fact("CUDA of the driver", found.cuda, "the newest it can run"),
        Fact("ROCm", found.rocm),
    )
    devices = [Fact(f"GPU {number}", _shown(device)) for number, device in enumerate(found.devices)]
    if not devices:
        return [*filter(_known, drivers), Fact("GPU", "none" if found.asked else None, found.note)]
    return [*filter(_known, drivers), *devices, *([Fact("not all is known", found.note)] if found.note else [])]


def _known(fact: Fact) -> bool:
    return fact.value is not None


def _shown(gpu: Gpu) -> str:
    about = [gpu.name]
    if gpu.memory is not None:
        about.append(size(gpu.memory))
    if gpu.free is not None:
        about.append(f"{size(gpu.free)} free")
    if gpu.capability:
        about.append("compute capability {}.{}".format(*gpu.capability))
    if gpu.target and gpu.target not in gpu.name:
        about.append(gpu.target)
    return ", ".join(about)
