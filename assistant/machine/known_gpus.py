"""What the name of a GPU tells: gpus.toml, read by the many spellings of drivers, shops and people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from .gpu import Gpu, Vendor

_FILE = Path(__file__).with_name("gpus.toml")
_BRANDS: Mapping[str, Vendor] = {
    **dict.fromkeys(("nvidia", "geforce", "tesla", "quadro", "titan", "jetson"), "nvidia"),
    **dict.fromkeys(("amd", "radeon", "instinct", "ryzen"), "amd"),
    **dict.fromkeys(("intel", "arc", "gaudi"), "intel"),
    "apple": "apple",
    **dict.fromkeys(("ascend", "huawei"), "other"),
}
_FAMILIES = ("rtx", "gtx", "rx", "quadro", "pro", "aipro", "arc")
"""What people leave out before "4090", "7900 XTX" or "A6000"."""
_SIZE = re.compile(r"\b(\d{1,3}) ?g(?:i?b)?\b")
_PART_OF_ONE = re.compile(r" mig | w/ ")
"""Before it stands the name: of the GPU that a slice belongs to, or of the processor that a GPU is built into."""
_BRANCHES_APART = 5
"""NVIDIA's branches are at least so many numbers apart: further on there may be one that the table does not know."""


@dataclass(frozen=True, slots=True)
class _Entry:
    vendor: Vendor
    sizes: tuple[int, ...]
    capability: tuple[int, int] | None = None
    target: str | None = None


def known_gpu(name: str) -> Gpu | None:
    """What leaves no doubt of a GPU of this name, "Tesla T4" or "4090"; None where the name is not known.

    The memory is that which it is sold with: a driver reports up to 7% less.
    """
    whole = _PART_OF_ONE.split(name.lower())[0]
    words = _words(whole)
    found, certain = _looked_up(words)
    if not found or any(_BRANDS.get(word, found.vendor) != found.vendor for word in words):
        return None
    memory = _memory(found, whole) if certain and len(whole) == len(name) else None
    return Gpu(name, found.vendor, memory=memory, capability=found.capability, target=found.target)


def completed(gpu: Gpu) -> Gpu:
    """With what its name tells of the chip, where the driver did not."""
    known = known_gpu(gpu.name)
    if not known or known.vendor != gpu.vendor:
        return gpu
    return replace(gpu, capability=gpu.capability or known.capability, target=gpu.target or known.target)


def shares_memory(target: str) -> bool:
    """Whether an AMD GPU is built into a processor and works with its memory, of which its own is a small part."""
    sizes = [entry.sizes for entry in _names().values() if entry.target == target]
    return bool(sizes) and not any(sizes)


def cuda_of(driver: str | None) -> str | None:
    """The newest CUDA that an NVIDIA driver can run, by its version: "12.4" for "550.54.15"."""
    number = re.match(r"\d{3}(?=\.)", driver or "")
    table = _driver_branches()
    branch = max((known for known in table if number and known <= int(number[0])), default=None)
    if branch is None or (number and int(number[0]) >= max(table) + _BRANCHES_APART):
        return None
    return table[branch]


def _looked_up(words: list[str]) -> tuple[_Entry | None, bool]:
    """The entry, and whether its memory holds as well: a laptop's GPU has less than its namesake."""
    for key in (_key(words, kept=("pcie",)), _key(words)):
        if found := _entry(key):
            return found, True
    return _entry(_key(word for word in words if word != "laptop")), False


def _entry(key: str) -> _Entry | None:
    families = ("rtx", "gtx") if key.isdigit() else _FAMILIES if re.match(r"[a-z]?\d", key) else ()
    return next((found for family in ("", *families) if (found := _names().get(family + key))), None)


def _words(name: str) -> list[str]:
    name = re.sub(r"\((?:r|tm|c)\)|\bmax-q\b", " ", _SIZE.sub(" ", name))
    return re.findall(r"[a-z0-9]+", re.sub(r"\bmobile\b", "laptop", name))


def _key(words: Iterator[str] | list[str], kept: tuple[str, ...] = ()) -> str:
    return "".join(word for word in words if word in kept or word not in _dropped())


def _memory(entry: _Entry, name: str) -> int | None:
    """In bytes: as the name says where it was sold so, else the only size there was."""
    said = [int(size) for size in _SIZE.findall(name)]
    sizes = [size for size in entry.sizes if size in said] if said else entry.sizes
    return sizes[0] << 30 if len(sizes) == 1 else None


@cache
def _table() -> Mapping[str, Any]:
    return tomli.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _dropped() -> frozenset[str]:
    return frozenset(_table()["dropped"])


@cache
def _driver_branches() -> Mapping[int, str]:
    return {int(branch): cuda for branch, cuda in _table()["driver"].items()}


@cache
def _names() -> Mapping[str, _Entry]:
    return {_key(_words(name.lower()), kept=("pcie",)): entry for name, entry in _entries()}


def _entries() -> Iterator[tuple[str, _Entry]]:
    vendors: tuple[Vendor, ...] = ("nvidia", "amd", "intel", "apple", "other")
    for vendor in vendors:
        for group, names in _table()[vendor].items():
            capability = _capability(group) if vendor == "nvidia" else None
            target = group if vendor == "amd" else None
            for name, sizes in names.items():
                several = tuple(sizes) if isinstance(sizes, list) else (sizes,)
                yield name, _Entry(vendor, several, capability, target)


def _capability(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)
