"""GPUs as far as they are known; None is unknown, which is never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Vendor = Literal["nvidia", "amd", "intel", "apple", "other"]


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU, or what a name tells of it."""

    name: str
    vendor: Vendor
    memory: int | None = None
    """Bytes in all."""
    free: int | None = None
    """Bytes that nobody holds."""
    capability: tuple[int, int] | None = None
    """CUDA compute capability, of NVIDIA alone."""
    target: str | None = None
    """What ROCm compiles for, of AMD alone: "gfx1100"."""
    uuid: str | None = field(default=None, repr=False)
    """As CUDA_VISIBLE_DEVICES and ROCR_VISIBLE_DEVICES name it. It identifies the machine: not for display."""


@dataclass(frozen=True, slots=True)
class Gpus:
    """Those of this machine, with what drives them."""

    devices: tuple[Gpu, ...] = ()
    driver: str | None = None
    """Of NVIDIA."""
    cuda: str | None = None
    """The newest CUDA that the driver can run: "12.4"."""
    rocm: str | None = None
    note: str = ""
    """Why less is known."""
    asked: bool = True
    """False where it is in doubt whether there are GPUs: then it is not known either that there is none."""


class NoAnswer(Exception):  # noqa: N818 - named by the fact
    """A driver or its program is not there, or failed; its text says so in words."""


def together(parts: Iterable[Gpus]) -> Gpus:
    """What is known of several vendors' GPUs in one machine; that there is none only where none of them is in doubt."""
    parts = list(parts)
    devices = tuple(device for part in parts for device in part.devices)
    return Gpus(
        devices=devices,
        driver=next((part.driver for part in parts if part.driver), None),
        cuda=next((part.cuda for part in parts if part.cuda), None),
        rocm=next((part.rocm for part in parts if part.rocm), None),
        note="; ".join(part.note for part in parts if part.note),
        asked=bool(devices) or all(part.asked for part in parts),
    )
