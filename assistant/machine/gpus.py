"""The NVIDIA GPUs of this machine, as the driver tells of them. Nothing of CUDA is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from .fact import Fact, size

_DRIVER = Path("/proc/driver/nvidia")
_INSTALL = "pip install nvidia-ml-py tells more"


def gpus() -> list[Fact]:
    """Each GPU with its memory, and the driver; less where nvidia-ml-py is not installed."""
    try:
        with _nvml() as nvml:
            return [*_driver(nvml), *_devices(nvml)]
    except ImportError:
        return _told_by_kernel(_DRIVER)
    except Exception as error:  # noqa: BLE001 - errors of the driver, of which each has a class of its own
        return [Fact("NVIDIA", None, f"the driver does not answer: {error}"), *_told_by_kernel(_DRIVER)[:1]]


@contextmanager
def _nvml() -> Iterator[Any]:
    pynvml: Any = import_module("pynvml")  # of nvidia-ml-py
    pynvml.nvmlInit()
    try:
        yield pynvml
    finally:
        with suppress(Exception):
            pynvml.nvmlShutdown()


def _driver(nvml: Any) -> list[Fact]:
    facts = [Fact("driver", _text(nvml.nvmlSystemGetDriverVersion()))]
    with suppress(Exception):  # older drivers cannot tell
        version = int(nvml.nvmlSystemGetCudaDriverVersion())
        facts.append(Fact("CUDA of the driver", f"{version // 1000}.{version % 1000 // 10}", "the newest it can run"))
    return facts


def _devices(nvml: Any) -> list[Fact]:
    count = nvml.nvmlDeviceGetCount()
    if not count:
        return [Fact("NVIDIA", "no GPU")]
    return [_device(nvml, number) for number in range(count)]


def _device(nvml: Any, number: int) -> Fact:
    name = f"GPU {number}"
    try:
        device = nvml.nvmlDeviceGetHandleByIndex(number)
        about = [_text(nvml.nvmlDeviceGetName(device))]
    except Exception as error:  # noqa: BLE001 - one lost GPU takes the others not away
        return Fact(name, None, str(error))
    with suppress(Exception):
        memory = nvml.nvmlDeviceGetMemoryInfo(device)
        about.append(f"{size(memory.total)}, {size(memory.free)} free")
    with suppress(Exception):
        major, minor = nvml.nvmlDeviceGetCudaComputeCapability(device)
        about.append(f"compute capability {major}.{minor}")
    return Fact(name, ", ".join(about))


def _text(told: str | bytes) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else told


def _told_by_kernel(folder: Path) -> list[Fact]:
    """The driver's version and the names of GPUs, without their memory."""
    try:
        version = re.search(r"Kernel Module.*?(\d+\.\d[\d.]*)", (folder / "version").read_text(encoding="utf-8"))
    except OSError:
        return [Fact("NVIDIA", None, _INSTALL)]
    names = [_name(path) for path in sorted(folder.glob("gpus/*/information"))]
    devices = [Fact(f"GPU {number}", name, f"memory unknown; {_INSTALL}") for number, name in enumerate(names)]
    return [Fact("driver", version[1] if version else None), *devices]


def _name(path: Path) -> str | None:
    with suppress(OSError):
        if found := re.search(r"^Model:\s*(.+)$", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE):
            return found[1].strip()
    return None
