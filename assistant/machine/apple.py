"""The GPUs of a Mac, as macOS tells of them."""

from __future__ import annotations

from collections.abc import Iterator

from .gpu import Gpu, Gpus, NoAnswer, Vendor
from .known_gpus import known_gpu
from .limits import CutError
from .vendor_program import answer_in_json

_PROGRAM = ("/usr/sbin/system_profiler", "system_profiler")
_VENDORS: tuple[Vendor, ...] = ("apple", "amd", "nvidia", "intel")


def read_apple() -> Gpus:
    """Those of a Mac; their memory is the machine's."""
    try:
        return Gpus(tuple(_devices()))
    except (NoAnswer, CutError) as error:
        return Gpus(note=str(error), asked=False)


def _devices() -> Iterator[Gpu]:
    told = answer_in_json(_PROGRAM, "SPDisplaysDataType", "-json")
    displays = told.get("SPDisplaysDataType") if isinstance(told, dict) else None
    for display in displays if isinstance(displays, list) else []:
        if isinstance(display, dict) and isinstance(name := display.get("sppci_model"), str):
            yield known_gpu(name) or Gpu(name, _vendor(f"{name} {display.get('spdisplays_vendor')}".lower()))


def _vendor(words: str) -> Vendor:
    for vendor in _VENDORS:
        if vendor in words:
            return vendor
    return "other"
