"""How the subjects of checks are called in sentences."""

from __future__ import annotations

_SUBJECTS = {"python": "Python", "cuda": "CUDA", "driver": "NVIDIA driver", "glibc": "glibc"}


def subject(kind: str, name: str) -> str:
    """What a version is of: "NVIDIA driver" for that kind; of a package or a program its own name."""
    return _SUBJECTS.get(kind, name)
