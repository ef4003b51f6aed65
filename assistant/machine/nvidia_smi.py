"""NVIDIA GPUs as `nvidia-smi` prints them, where nvidia-ml-py is not installed."""

from __future__ import annotations

import re
from contextlib import suppress

from .gpu import Gpu, Gpus, NoAnswer
from .known_gpus import completed, cuda_of
from .vendor_program import answer

_PROGRAM = ("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi")
_FIELDS: tuple[str, ...] = ("name", "memory.total", "memory.free", "driver_version", "uuid")
_NEWER = ("compute_cap", "mig.mode.current")
"""Unknown to drivers before 510."""
_FORMAT = "--format=csv,noheader,nounits"
_UNKNOWN_FIELD = "is not a valid field"
_NO_GPU = "No devices were found"


def read_nvidia_smi() -> Gpus:
    """Each GPU with its memory, and the driver.

    Raises NoAnswer where it is not there or cannot reach the driver, CutError where it hangs.
    """
    try:
        rows = [line.split(", ") for line in _query().splitlines() if line.strip()]
    except NoAnswer as error:
        if _NO_GPU in str(error):
            return Gpus()
        raise
    whole = [dict(zip(_FIELDS + _NEWER, map(_known, row), strict=False)) for row in rows if len(row) >= len(_FIELDS)]
    if rows and not whole:
        raise NoAnswer(f"nvidia-smi: {', '.join(rows[0])[:200]}")
    driver = next((row["driver_version"] for row in whole if row["driver_version"]), None)
    return Gpus(tuple(_device(row) for row in whole), driver=driver, cuda=_cuda() or cuda_of(driver))


def _query() -> str:
    """In CSV."""
    try:
        return answer(_PROGRAM, f"--query-gpu={','.join(_FIELDS + _NEWER)}", _FORMAT)
    except NoAnswer as error:
        if _UNKNOWN_FIELD not in str(error):
            raise
        return answer(_PROGRAM, f"--query-gpu={','.join(_FIELDS)}", _FORMAT)


def _known(cell: str) -> str | None:
    return None if re.match(r"\[|N/A|ERR|$", cell.strip()) else cell.strip()


def _device(row: dict[str, str | None]) -> Gpu:
    sliced = row.get("mig.mode.current") == "Enabled"  # then a process gets a part of its memory
    major, _, minor = (row.get("compute_cap") or "").partition(".")
    return completed(
        Gpu(
            row["name"] or "NVIDIA GPU",
            "nvidia",
            memory=None if sliced else _bytes(row["memory.total"]),
            free=None if sliced else _bytes(row["memory.free"]),
            capability=(int(major), int(minor)) if major.isdigit() and minor.isdigit() else None,
            uuid=row["uuid"],
        )
    )


def _bytes(mebibytes: str | None) -> int | None:
    return int(mebibytes) << 20 if mebibytes and mebibytes.isdigit() else None


def _cuda() -> str | None:
    """From the head of its table: no query tells it."""
    with suppress(NoAnswer):
        if found := re.search(r"CUDA (?:UMD )?Version\s{0,3}:\s{0,3}(\d+\.\d+)", answer(_PROGRAM)):
            return found[1]
    return None
