"""What this process runs in: WSL, a container, a hosted notebook, a batch job."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path("/")
_SYSTEMD = "container"
"""The variable in which a manager names itself, as systemd asks it to."""
_CONTAINER_FILES = (
    ("Docker", ".dockerenv"),
    ("Podman", "run/.containerenv"),
    ("Apptainer", ".singularity.d"),
    ("LXC", "dev/lxd/sock"),
    ("LXC", "dev/.lxc"),
    ("Kubernetes", "var/run/secrets/kubernetes.io"),
)
_CONTAINER_VARIABLES = (
    ("Kubernetes", "KUBERNETES_SERVICE_HOST"),
    ("Apptainer", "APPTAINER_CONTAINER"),
    ("Apptainer", "SINGULARITY_CONTAINER"),
)
_CONTAINERS = {"docker": "Docker", "podman": "Podman", "lxc": "LXC", "lxc-libvirt": "LXC", "kubernetes": "Kubernetes"}
"""What a manager calls itself, where people call it otherwise."""
_GROUP_SIGNS = (
    ("Kubernetes", r"kubepods"),
    ("Docker", r"/docker/|/docker-[0-9a-f]{12}"),
    ("Podman", r"/libpod-[0-9a-f]{12}"),
    ("LXC", r"/lxc/|/lxc\.payload"),
    ("containerd", r"cri-containerd|/crio-"),
)
_MOUNT_SIGNS = (
    ("Docker", r"^(?:\S+ ){3}\S*/containers/[0-9a-f]{12,}/\S+ /etc/"),
    ("Podman", r"^(?:\S+ ){3}\S*/overlay-containers/\S+ /etc/"),
    ("Kubernetes", r"^(?:\S+ ){3}\S*/kubelet/pods/\S+ /etc/"),
)
"""Their managers mount the names of the host over those of the image; version 2 of control groups shows nothing."""


def surroundings() -> list[str]:
    """All of it, in words."""
    job = ["Slurm job"] if "SLURM_JOB_ID" in os.environ else []
    return [*filter(None, [wsl()]), *dict.fromkeys(containers()), *notebooks(), *job]


def notebooks() -> list[str]:
    """The hosted notebooks."""
    signs = {
        "Colab": ("COLAB_RELEASE_TAG", "COLAB_GPU", "COLAB_BACKEND_VERSION"),
        "Kaggle": ("KAGGLE_KERNEL_RUN_TYPE",),
    }
    return [name for name, variables in signs.items() if any(variable in os.environ for variable in variables)]


def wsl() -> str | None:
    """WSL and its version: only the second one can run a kernel that somebody else built."""
    if sys.platform != "linux":
        return None
    release = platform.release()
    if "microsoft" in release.lower():
        return "WSL 1" if release.endswith("-Microsoft") else "WSL 2"
    return "WSL 2" if "WSL_DISTRO_NAME" in os.environ or (_ROOT / "run/WSL").exists() else None


def containers() -> Iterator[str]:
    """The containers that show themselves, each perhaps more than once."""
    yield from (name for name, path in _CONTAINER_FILES if (_ROOT / path).exists())
    yield from (name for name, variable in _CONTAINER_VARIABLES if variable in os.environ)
    for told in (os.environ.get(_SYSTEMD, ""), *map(file_text, _told_in())):
        if (word := told.strip()) and word != "wsl":
            yield _CONTAINERS.get(word, word)
    if sys.platform == "linux":
        groups, mounts = file_text(_ROOT / "proc/self/cgroup"), file_text(_ROOT / "proc/self/mountinfo")
        yield from (name for name, sign in _GROUP_SIGNS if re.search(sign, groups))
        yield from (name for name, sign in _MOUNT_SIGNS if re.search(sign, mounts, re.MULTILINE))


def _told_in() -> tuple[Path, ...]:
    """What systemd writes inside a container, and what the container's manager leaves for it."""
    return _ROOT / "run/systemd/container", _ROOT / "run/host/container-manager"


def file_text(file: Path) -> str:
    """Of a file of the kernel; nothing where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
