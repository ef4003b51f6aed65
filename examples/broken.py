"""Loads a model that was cloned without git-lfs, and fails as safetensors fails. Needs nothing but Python.

python examples/broken.py 2>&1 | firstaid
"""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

MODEL = "Qwen/Qwen2.5-7B-Instruct"
POINTER = """version https://git-lfs.github.com/spec/v1
oid sha256:bb9f59d8a7f6a5d2a5d2f1c4f1e0ab0c77a0d4e9b3d1d4e9a7c1e6f0c2a7d3b1
size 3945441440
"""
LARGEST_HEADER = 100_000_000


class SafetensorError(Exception):
    """What the safetensors library raises, under the name that it prints."""

    __module__ = "safetensors_rust"


def read_header(path: Path) -> bytes:
    """A safetensors file begins with the length of its header, as a little-endian 64-bit number."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > LARGEST_HEADER:
            raise SafetensorError("Error while deserializing header: HeaderTooLarge")
        return file.read(length)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # What `git clone` leaves in place of a large file where git-lfs is not installed.
        shard = Path(folder, "model-00001-of-00004.safetensors")
        shard.write_text(POINTER, encoding="utf-8")
        print(f"loading {MODEL} with transformers 4.51.3 ...")
        read_header(shard)


main()
