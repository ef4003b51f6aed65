"""NVIDIA GPUs: the driver's library is asked, then its program, then the kernel's files."""

from __future__ import annotations

import re
from collections.abc import Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .gpu import Gpu, Gpus, NoAnswer
from .known_gpus import cuda_of, known_gpu
from .limits import CutError, within
from .nvidia_smi import read_nvidia_smi
from .nvml import read_nvml

_SECONDS = 4.0
"""What NVML may take: a call into a driver that hangs cannot be ended, only left behind."""
_NOT_HERE = (
    "the kernel has the NVIDIA driver, but /dev/nvidiactl is not here: a container without --gpus, or not used yet"
)
_NO_DRIVER = "an NVIDIA GPU is in this machine, but its driver is not loaded"


def read_nvidia(root: Path, vendors: Set[str] | None) -> Gpus:
    """All that can be known, with what stood in the way; may take seconds."""
    notes: list[str] = []
    for ask in (read_nvml, read_nvidia_smi):
        try:
            return within(_SECONDS, ask)
        except NoAnswer as error:
            notes.append(str(error))
        except CutError as error:  # what hangs here would hang there
            notes.append(f"NVIDIA: {error}")
            break
    found = nvidia_files(root, vendors)
    if found.asked and not found.devices:
        return found
    return replace(found, note="; ".join(filter(None, (found.note, *notes))))


def nvidia_files(root: Path, vendors: Set[str] | None) -> Gpus:
    """What the kernel's files tell; `vendors` are those on the PCI bus, None where it cannot be listed."""
    folder = root / "proc/driver/nvidia"
    if not folder.is_dir():
        return _without_driver(root, vendors)
    driver = _found(r"Kernel Module.*?(\d+\.\d[\d.]*)", folder / "version")
    if not (root / "dev/nvidiactl").exists():
        return Gpus(driver=driver, cuda=cuda_of(driver), note=_NOT_HERE, asked=False)
    devices = [_device(path) for path in sorted(folder.glob("gpus/*/information"))]
    if any(folder.glob("capabilities/gpu*/mig/gi*")):  # then a process gets a part of one's memory
        devices = [replace(device, memory=None) for device in devices]
    return Gpus(tuple(devices), driver=driver, cuda=cuda_of(driver))


def _without_driver(root: Path, vendors: Set[str] | None) -> Gpus:
    board = _found(r"([^\x00]+)", root / "proc/device-tree/model")  # a Jetson has no bus
    if board and (jetson := known_gpu(board)):
        return Gpus((jetson,))
    there = vendors is not None and "nvidia" in vendors
    return Gpus(note=_NO_DRIVER if there else "", asked=vendors is not None and not there)


def _device(path: Path) -> Gpu:
    name = _found(r"^Model:\s*(.+)$", path) or "NVIDIA GPU"
    gpu = known_gpu(name) or Gpu(name, "nvidia")
    return replace(gpu, uuid=_found(r"^GPU UUID:\s*(GPU-[\w-]+)$", path))


def _found(pattern: str, path: Path) -> str | None:
    with suppress(OSError):
        if match := re.search(pattern, path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE):
            return match[1].strip()
    return None
