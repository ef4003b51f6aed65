"""AMD GPUs: the kernel's files tell all but the names people know, which rocm-smi or amd-smi tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from .gpu import Gpu, Gpus, NoAnswer
from .known_gpus import completed, shares_memory
from .limits import CutError, within
from .vendor_program import answer_in_json

_ROCM_SMI = ("rocm-smi", "/opt/rocm/bin/rocm-smi")
_AMD_SMI = ("amd-smi", "/opt/rocm/bin/amd-smi")
_SECONDS = 4.0
"""What its programs may take together."""
_NO_DRIVER = "an AMD GPU is in this machine, but ROCm's driver does not show it"
_UNITS = {"B": 0, "KB": 10, "MB": 20, "GB": 30}


def read_amd(root: Path, vendors: Set[str] | None) -> Gpus:
    """All that can be known, with what stood in the way; may take seconds."""
    found = amd_files(root, vendors)
    if found.asked and not found.devices:
        return found
    try:
        return replace(found, devices=within(_SECONDS, _told), note="", asked=True)
    except (NoAnswer, CutError) as error:
        certain = found.devices or found.note
        return replace(found, note="; ".join(filter(None, (found.note, f"AMD: {error}")))) if certain else found


def amd_files(root: Path, vendors: Set[str] | None) -> Gpus:
    """What the kernel's files tell; `vendors` are those on the PCI bus, None where it cannot be listed."""
    devices = tuple(_nodes(root))
    there = vendors is not None and "amd" in vendors
    return Gpus(
        devices,
        rocm=_rocm(root),
        note=_NO_DRIVER if there and not devices else "",
        asked=bool(devices) or (vendors is not None and not there),
    )


def _rocm(root: Path) -> str | None:
    found = re.match(r"\d+\.\d+(?:\.\d+)?", _text(root / "opt/rocm/.info/version"))
    return found[0] if found else None


def _nodes(root: Path) -> Iterator[Gpu]:
    nodes = (root / "sys/class/kfd/kfd/topology/nodes").glob("*/properties")
    for path in sorted(nodes, key=lambda path: (len(path.parent.name), path.parent.name)):
        told = dict(re.findall(r"^(\w+) (\d+)$", _text(path), re.MULTILINE))  # empty where a container may not read it
        if version := int(told.get("gfx_target_version", 0)):
            yield _node(_target(version), told, root / f"sys/class/drm/renderD{told.get('drm_render_minor')}/device")


def _target(version: int) -> str:
    """As compilers call it: 90010 is gfx90a."""
    return f"gfx{version // 10000}{version // 100 % 100:x}{version % 100:x}"


def _node(target: str, told: Mapping[str, str], device: Path) -> Gpu:
    total, used = _number(_text(device / "mem_info_vram_total")), _number(_text(device / "mem_info_vram_used"))
    return _gpu(_text(device / "product_name"), target, total, used, int(told.get("unique_id", 0)))


def _told() -> tuple[Gpu, ...]:
    """By the first of AMD's programs that lists a GPU."""
    missed: list[str] = []
    for read in (_rocm_smi, _amd_smi):
        try:
            if devices := tuple(read()):
                return devices
        except NoAnswer as error:
            missed.append(str(error))
    raise NoAnswer("; ".join(missed) or "its programs list no GPU")


def _rocm_smi() -> Iterator[Gpu]:
    cards = answer_in_json(_ROCM_SMI, "--showproductname", "--showmeminfo", "vram", "--showuniqueid", "--json")
    for card, told in _items(cards):
        if card.startswith("card"):
            values = {name.lower(): value for name, value in _items(told)}
            yield _gpu(
                _word(values.get("card series")),
                _word(values.get("gfx version")),
                _number(values.get("vram total memory (b)")),
                _number(values.get("vram total used memory (b)")),
                _hexadecimal(values.get("unique id")),
            )


def _amd_smi() -> Iterator[Gpu]:
    chips = _amd_smi_rows("static", "--asic", "--json")
    usage = {row.get("gpu"): row.get("mem_usage") for row in _amd_smi_rows("metric", "--mem-usage", "--json")}
    for row in chips:
        chip, memory = dict(_items(row.get("asic"))), dict(_items(usage.get(row.get("gpu"))))
        yield _gpu(
            _word(chip.get("market_name")),
            _word(chip.get("target_graphics_version")),
            _amount(memory.get("total_vram")),
            _amount(memory.get("used_vram")),
            _hexadecimal(chip.get("asic_serial")),
        )


def _amd_smi_rows(*arguments: str) -> list[dict[str, Any]]:
    told = answer_in_json(_AMD_SMI, *arguments)
    rows = told.get("gpu_data") if isinstance(told, dict) else told
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _gpu(name: str | None, target: str | None, total: int | None, used: int | None, serial: int) -> Gpu:
    if target and shares_memory(target):
        total = None
    return completed(
        Gpu(
            name or f"AMD GPU ({target or 'of unknown kind'})",
            "amd",
            memory=total,
            free=None if total is None or used is None else max(0, total - used),
            target=target,
            uuid=f"GPU-{serial:016x}" if serial else None,
        )
    )


def _items(told: object) -> list[tuple[str, Any]]:
    return list(told.items()) if isinstance(told, dict) else []


def _word(told: object) -> str | None:
    return told if isinstance(told, str) and told not in ("", "N/A") else None


def _number(told: object) -> int | None:
    return int(str(told)) if str(told).isdecimal() else None


def _hexadecimal(told: object) -> int:
    return int(str(told), 16) if re.fullmatch(r"0x[0-9a-fA-F]{1,16}", str(told)) else 0


def _amount(told: object) -> int | None:
    """Of {"value": 24560, "unit": "MB"}, in bytes."""
    parts = dict(_items(told))
    number, unit = _number(parts.get("value")), _UNITS.get(str(parts.get("unit")))
    return None if number is None or unit is None else number << unit


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace").strip()
    return ""
