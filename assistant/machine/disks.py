"""What is free where models and caches lie, on what kind of file system."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..paths import index_cache, models_folder
from .caches import caches, hub_cache
from .fact import Fact, size
from .limits import CutError, Probe
from .variables import shown_path

_SECONDS = 2.0
"""What one folder may take: a network disk that is gone hangs."""
_SHARED_MEMORY = Path("/dev/shm")
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|afs|ceph|lustre|gpfs|beegfs\w*|glusterfs|wekafs|ocfs2"
    r"|fuse\.(?:sshfs|glusterfs|ceph\w*|gcsfuse|s3fs|goofys|geesefs|juicefs|rclone|davfs\w*|drive|blobfuse\w*|curvefs)"
    r"|davfs\w*|webdav|afpfs",
)
_WINDOWS_DRIVE = re.compile(r"9p|drvfs|virtiofs")
"""What WSL mounts the drives of Windows as."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system."""

    point: str
    kind: str

    @property
    def shown(self) -> str:
        """Its kind, and what people should know of it."""
        if _WINDOWS_DRIVE.fullmatch(self.kind) and re.match(r"/mnt/[a-z](?:/|$)", self.point):
            return f"{self.kind}: a drive of Windows, slow from WSL"
        return f"{self.kind}: over the network" if _NETWORK.fullmatch(self.kind) else self.kind


def disks() -> list[Fact]:
    """What is free where models and caches lie, and what processes can share of the memory."""
    mounts = read_mounts()
    probes = [(name, folder, Probe(_disk, name, folder, mounts)) for name, folder in _folders().items()]
    found = [_answer(name, folder, probe) for name, folder, probe in probes]
    return [*(fact for fact in found if fact is not None), *_shared()]


def read_mounts() -> list[Mount]:
    """What is mounted, as the kernel lists it: no file system is touched."""
    import psutil

    try:
        return [Mount(one.mountpoint, one.fstype) for one in psutil.disk_partitions(all=True)]
    except OSError:
        return []


def mount_of(path: Path, mounts: list[Mount]) -> Mount | None:
    """The file system that a path lies on; links must have been followed."""
    return max(
        (mount for mount in mounts if path.is_relative_to(mount.point)),
        key=lambda mount: len(Path(mount.point).parts),
        default=None,
    )


def free_space(folder: Path) -> int | None:
    """Free bytes where the folder lies, or would lie; None where it cannot be told."""
    try:
        return shutil.disk_usage(_nearest(folder)).free
    except OSError:
        return None


def _folders() -> dict[str, Path]:
    always = {
        "models of firstaid": models_folder(),
        "cache of firstaid": index_cache(),
        "cache of Hugging Face": hub_cache(),
    }
    others = {f"cache of {name}": folder for name, folder in caches().items()}
    return {**always, **others, "working folder": Path.cwd(), "temporary files": _temporary()}


def _temporary() -> Path:
    """Not asked of tempfile, which tries it by writing."""
    names = ("TMPDIR", "TEMP", "TMP")
    default = "C:\\Windows\\Temp" if sys.platform == "win32" else "/tmp"
    return Path(next((os.environ[name] for name in names if os.environ.get(name)), default))


def _answer(name: str, folder: Path, probe: Probe[Fact | None]) -> Fact | None:
    try:
        return probe.within(_SECONDS)
    except (CutError, OSError) as error:
        return Fact(name, None, f"{shown_path(folder)}: {error}")


def _disk(name: str, folder: Path, mounts: list[Mount]) -> Fact | None:
    """None for a cache that nobody has."""
    there = folder.exists()
    if not there and name.removeprefix("cache of ") in caches():
        return None
    nearest = _nearest(folder).resolve()
    space, mount = shutil.disk_usage(nearest), mount_of(nearest, mounts)
    value = f"{size(space.free)} free of {size(space.total)}" + (f", {mount.shown}" if mount else "")
    notes = ["" if there else "not there yet", *_faults(nearest)]
    return Fact(name, value, "; ".join(filter(None, (shown_path(folder), *notes))))


def _nearest(folder: Path) -> Path:
    """The folder, else the first one around it that is there."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())


def _faults(folder: Path) -> Iterator[str]:
    """What keeps files from being written although bytes are free."""
    if not os.access(folder, os.W_OK):
        yield "cannot be written to"
    if sys.platform == "win32":
        return
    found = os.statvfs(folder)
    if found.f_flag & os.ST_RDONLY:
        yield "mounted read-only"
    if found.f_files and found.f_favail * 100 < found.f_files:
        yield f"only {found.f_favail:,} inodes left"


def _shared() -> list[Fact]:
    if sys.platform != "linux":
        return []
    if not _SHARED_MEMORY.is_dir():
        return [Fact(str(_SHARED_MEMORY), "not there")]
    space = shutil.disk_usage(_SHARED_MEMORY)
    return [Fact(str(_SHARED_MEMORY), size(space.total), f"{size(space.free)} free; NCCL and data loaders need it")]
