"""NVIDIA GPUs as the driver's own library tells of them, through nvidia-ml-py. Nothing of CUDA is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from .gpu import Gpu, Gpus, NoAnswer
from .known_gpus import completed, cuda_of


def read_nvml() -> Gpus:
    """Each GPU with its memory and compute capability, and the driver.

    Raises NoAnswer where nvidia-ml-py is not installed or the driver does not answer.
    """
    with _nvml() as nvml:
        driver = _text(_told(nvml.nvmlSystemGetDriverVersion))
        devices, lost = _devices(nvml)
        return Gpus(devices, driver=driver, cuda=_cuda(nvml) or cuda_of(driver), note="; ".join(lost))


def gpu_memory() -> int | None:
    """Free bytes of the NVIDIA GPU with most of them; None where there is none, or it cannot be asked."""
    try:
        with _nvml() as nvml:
            devices = [nvml.nvmlDeviceGetHandleByIndex(number) for number in range(nvml.nvmlDeviceGetCount())]
            return max((int(nvml.nvmlDeviceGetMemoryInfo(device).free) for device in devices), default=None)
    except Exception:  # noqa: BLE001 - no package, no driver, no permission: all the same
        return None


@contextmanager
def _nvml() -> Iterator[Any]:
    try:
        nvml: Any = import_module("pynvml")
        nvml.nvmlInit()
    except ImportError:
        raise NoAnswer("pip install nvidia-ml-py tells more") from None
    except Exception as error:  # errors of the driver, of which each has a class of its own
        raise NoAnswer(f"the driver does not answer: {error}") from error
    try:
        yield nvml
    finally:
        with suppress(Exception):
            nvml.nvmlShutdown()


def _devices(nvml: Any) -> tuple[tuple[Gpu, ...], list[str]]:
    """Those that answer, and why the others do not: one lost GPU takes the others not away."""
    devices: list[Gpu] = []
    lost: list[str] = []
    for number in range(_told(nvml.nvmlDeviceGetCount) or 0):
        try:
            devices.append(_device(nvml, nvml.nvmlDeviceGetHandleByIndex(number)))
        except Exception as error:  # noqa: BLE001 - errors of the driver
            lost.append(f"GPU {number}: {error}")
    return tuple(devices), lost


def _device(nvml: Any, device: Any) -> Gpu:
    sliced = _told(lambda: nvml.nvmlDeviceGetMigMode(device)[0])  # then a process gets a part of its memory
    memory = None if sliced else _told(nvml.nvmlDeviceGetMemoryInfo, device)
    capability = _told(nvml.nvmlDeviceGetCudaComputeCapability, device)
    return completed(
        Gpu(
            _text(nvml.nvmlDeviceGetName(device)) or "NVIDIA GPU",
            "nvidia",
            memory=int(memory.total) if memory else None,
            free=int(memory.free) if memory else None,
            capability=(int(capability[0]), int(capability[1])) if capability else None,
            uuid=_text(_told(nvml.nvmlDeviceGetUUID, device)),
        )
    )


def _cuda(nvml: Any) -> str | None:
    version = _told(nvml.nvmlSystemGetCudaDriverVersion)  # older drivers cannot tell
    return f"{version // 1000}.{version % 1000 // 10}" if version else None


def _told(function: Callable[..., Any], *arguments: Any) -> Any:
    with suppress(Exception):
        return function(*arguments)
    return None


def _text(told: str | bytes | None) -> str | None:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else told
