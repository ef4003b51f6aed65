"""Intel's discrete GPUs, as xpu-smi tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import suppress
from typing import Any

from .gpu import Gpu, Gpus, NoAnswer
from .known_gpus import known_gpu
from .limits import CutError
from .vendor_program import answer_in_json

_XPU_SMI = ("xpu-smi",)
_SILENT = "an Intel GPU is in this machine that only xpu-smi could tell of"


def read_intel(vendors: Set[str] | None) -> Gpus:
    """Those that xpu-smi lists; may take seconds."""
    found = intel_on_bus(vendors)
    if found.asked:
        return found
    try:
        return Gpus(tuple(_devices()))
    except (NoAnswer, CutError) as error:
        return Gpus(note=f"{found.note}: {error}" if found.note else "", asked=False)


def intel_on_bus(vendors: Set[str] | None) -> Gpus:
    """Nothing but whether there is one: no file tells its name."""
    there = vendors is not None and "intel" in vendors
    return Gpus(note=_SILENT if there else "", asked=vendors is not None and not there)


def _devices() -> Iterator[Gpu]:
    told = answer_in_json(_XPU_SMI, "discovery", "-j")
    devices = told.get("device_list") if isinstance(told, dict) else None
    for device in devices if isinstance(devices, list) else []:
        if isinstance(device, dict) and isinstance(device.get("device_name"), str):
            yield _device(device["device_name"], device.get("device_id"))


def _device(name: str, number: object) -> Gpu:
    known = known_gpu(name)
    return Gpu(name, "intel", memory=_memory(number) or (known.memory if known else None))


def _memory(number: object) -> int | None:
    """In bytes; the list of all devices does not tell it."""
    with suppress(NoAnswer):
        told: Any = answer_in_json(_XPU_SMI, "discovery", "-d", str(number), "-j")
        size = str(told.get("memory_physical_size_byte")) if isinstance(told, dict) else ""
        return int(size) if size.isdecimal() else None
    return None
