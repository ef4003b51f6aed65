"""Whose GPUs are on the PCI bus, whether a driver is loaded or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_VENDORS = {"0x10de": "nvidia", "0x1002": "amd", "0x8086": "intel", "0x1da3": "intel"}
_CLASSES = ("0x03", "0x12")
"""Display controllers and accelerators."""
_BUILT_IN = "0000:00:02.0"
"""Where Intel's processors have their own GPU, which computes nothing that counts here."""


def gpu_vendors(root: Path) -> frozenset[str] | None:
    """Those whose GPUs are there; None where the bus cannot be listed, or does not show the GPUs, as in WSL."""
    if (root / "dev/dxg").exists():
        return None
    try:
        devices = list((root / "sys/bus/pci/devices").iterdir())
    except OSError:
        return None
    return frozenset(_vendors(devices)) if devices else None


def _vendors(devices: list[Path]) -> Iterator[str]:
    for device in devices:
        with suppress(OSError):
            if device.name != _BUILT_IN and (device / "class").read_text(encoding="ascii").startswith(_CLASSES):
                vendor = _VENDORS.get((device / "vendor").read_text(encoding="ascii").strip())
                if vendor:
                    yield vendor
