"""Which GPUs a process would see, by the variables that hide some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from .gpu import Gpu, Gpus


class _InDoubtError(Exception):
    """A variable names a GPU that cannot be told from the others."""


def visible(gpus: Gpus, environment: Mapping[str, str]) -> Gpus:
    """Those that a process with this environment sees.

    A part of a GPU (MIG), or a number where different GPUs may be counted in several orders, leaves unknown which.
    """
    try:
        return replace(gpus, devices=tuple(_visible(gpus.devices, environment)))
    except _InDoubtError as error:
        return replace(gpus, devices=(), asked=False, note="; ".join(filter(None, (gpus.note, str(error)))))


def _visible(devices: Sequence[Gpu], environment: Mapping[str, str]) -> Iterator[Gpu]:
    nvidia = [device for device in devices if device.vendor == "nvidia"]
    yield from _kept(nvidia, "CUDA_VISIBLE_DEVICES", environment)
    amd = [device for device in devices if device.vendor == "amd"]
    # ROCm's runtime hides some from HIP, which counts those that are left and takes NVIDIA's variable for its own.
    hip = "HIP_VISIBLE_DEVICES" if "HIP_VISIBLE_DEVICES" in environment else "CUDA_VISIBLE_DEVICES"
    for variable in ("ROCR_VISIBLE_DEVICES", hip):
        amd = _kept(amd, variable, environment)
    yield from amd
    yield from (device for device in devices if device.vendor not in ("nvidia", "amd"))


def _kept(devices: list[Gpu], variable: str, environment: Mapping[str, str]) -> list[Gpu]:
    """Up to the first name that is none of theirs, as the drivers read the list."""
    value = environment.get(variable)
    if value is None or not devices:
        return devices
    names = [name.strip() for name in value.split(",")]
    if set(names) == {str(number) for number in range(len(devices))}:
        return devices
    counted = _alike(devices) or (
        devices[0].vendor == "nvidia" and environment.get("CUDA_DEVICE_ORDER") == "PCI_BUS_ID"
    )
    found = (_named(name, devices, counted) for name in names)
    try:
        return [device for device in takewhile(bool, found) if device]
    except _InDoubtError as error:
        raise _InDoubtError(f"{variable}={value}: {error}") from None


def _named(name: str, devices: Sequence[Gpu], counted: bool) -> Gpu | None:
    if name.isdecimal():
        if int(name) < len(devices) and not counted:
            raise _InDoubtError("the GPUs differ, and which of them has which number is not known")
        return devices[int(name)] if int(name) < len(devices) else None
    if name.startswith("MIG-"):
        raise _InDoubtError("a part of a GPU")
    return _by_uuid(name.lower(), devices) if name.startswith("GPU-") else None


def _by_uuid(prefix: str, devices: Sequence[Gpu]) -> Gpu | None:
    found = [device for device in devices if device.uuid and device.uuid.lower().startswith(prefix)]
    if len(found) == 1:
        return found[0]
    if found or not all(device.uuid for device in devices):
        raise _InDoubtError("which GPU this is, is not known")
    return None


def _alike(devices: Sequence[Gpu]) -> bool:
    return len({(device.name, device.memory) for device in devices}) == 1
