"""What is free, on what, and what keeps it from being used."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from firstaid.assistant.machine import disks
from firstaid.assistant.machine.caches import caches, hub_cache
from firstaid.assistant.machine.disks import Mount, mount_of
from firstaid.assistant.machine.fact import Fact

GIB = 1 << 30
READ_ONLY = getattr(os, "ST_RDONLY", 1)


def values(found: list[Fact]) -> dict[str, str]:
    return {fact.name: fact.shown for fact in found}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user without caches, on a disk with 7 of 100 GiB free."""
    for name in [name for name in os.environ if name.endswith(("_CACHE", "_CACHE_DIR", "_CACHE_ROOT", "_HOME"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("OLLAMA_MODELS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FIRSTAID_HOME", str(tmp_path / "firstaid"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    space = SimpleNamespace(total=100 * GIB, free=7 * GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: space)
    mounted(monkeypatch, {"/": "ext4"})
    return tmp_path


def mounted(monkeypatch: pytest.MonkeyPatch, mounts: dict[str, str]) -> None:
    found = [SimpleNamespace(mountpoint=point, fstype=kind) for point, kind in mounts.items()]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: found)  # noqa: A006 - its name for it


def test_caches_that_nobody_has_are_left_out(home: Path) -> None:
    (home / ".triton" / "cache").mkdir(parents=True)
    found = values(disks.disks())
    shared = {"/dev/shm"} if sys.platform == "linux" else set()
    assert found.keys() - shared == {
        "models of firstaid", "cache of firstaid", "cache of Hugging Face", "cache of Triton", "working folder",
        "temporary files",
    }  # fmt: skip
    assert found["cache of Hugging Face"] == "7.0 GiB free of 100.0 GiB, ext4 (~/.cache/huggingface/hub; not there yet)"
    assert found["cache of Triton"] == "7.0 GiB free of 100.0 GiB, ext4 (~/.triton/cache)"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("nfs4", "nfs4: over the network"), ("fuse.sshfs", "fuse.sshfs: over the network"), ("xfs", "xfs")],
)
def test_file_systems_of_the_network_are_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, shown: str
) -> None:
    mounted(monkeypatch, {"/": "ext4", str(home): kind})
    assert values(disks.disks())["working folder"] == f"7.0 GiB free of 100.0 GiB, {shown} (~)"


def test_drives_of_windows_are_named() -> None:
    assert Mount("/mnt/c", "9p").shown == "9p: a drive of Windows, slow from WSL"
    assert Mount("/mnt/data", "9p").shown == "9p"


def test_the_innermost_file_system_counts() -> None:
    mounts = [Mount("/", "ext4"), Mount("/data/models", "nfs"), Mount("/data", "xfs")]
    assert mount_of(Path("/data/models/x"), mounts) == mounts[1]
    assert mount_of(Path("/data/modelsx"), mounts) == mounts[2]
    assert mount_of(Path("/data"), []) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no inodes")
@pytest.mark.parametrize(
    ("flag", "inodes", "note"),
    [(0, 0, "~; only 0 inodes left"), (READ_ONLY, 900, "~; mounted read-only"), (0, 900, "~")],
)
def test_what_keeps_files_from_being_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, flag: int, inodes: int, note: str
) -> None:
    told = SimpleNamespace(f_flag=flag, f_files=1000, f_favail=inodes)
    monkeypatch.setattr(os, "statvfs", lambda _folder: told)
    assert values(disks.disks())["working folder"].endswith(f"({note})")
    monkeypatch.setattr(os, "access", lambda _folder, _how: False)
    assert "cannot be written to" in values(disks.disks())["working folder"]
    assert home.is_dir()


def test_a_disk_that_hangs_takes_no_other_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    hub = hub_cache()
    hub.mkdir(parents=True)
    usage = shutil.disk_usage

    def hanging(folder: Path) -> object:
        if Path(folder) == hub.resolve():
            never.wait()
        return usage(folder)

    monkeypatch.setattr(disks, "_SECONDS", 1)
    monkeypatch.setattr(shutil, "disk_usage", hanging)
    found = values(disks.disks())
    never.set()
    assert found["cache of Hugging Face"] == "unknown (~/.cache/huggingface/hub: no answer within 1 s)"
    assert found["working folder"].startswith("7.0 GiB free")
    assert home.is_dir()


def test_shared_memory_that_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(disks, "_SHARED_MEMORY", home / "shm")
    assert disks.disks()[-1] == Fact(str(home / "shm"), "not there")
    (home / "shm").mkdir()
    assert disks.disks()[-1].shown == "100.0 GiB (7.0 GiB free; NCCL and data loaders need it)"


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, "~/.cache/huggingface/hub"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/huggingface/hub"),
        ({"XDG_CACHE_HOME": "/x", "HF_HOME": "~/hf"}, "~/hf/hub"),
        ({"HF_HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/old"}, "/old"),
        ({"HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"}, "/new"),
        ({"HF_HOME": ""}, "~/.cache/huggingface/hub"),
    ],
)
def test_where_the_hubs_cache_lies(environment: dict[str, str], folder: str) -> None:
    assert hub_cache(environment) == Path(folder).expanduser()


def test_caches_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRATCH", "/scratch")
    moved = caches({"TORCH_HOME": "$SCRATCH/torch", "OLLAMA_MODELS": "/big/ollama", "XDG_CACHE_HOME": "/x"})
    assert moved["PyTorch"] == Path("/scratch/torch")
    assert moved["Ollama"] == Path("/big/ollama")
    assert moved["vLLM"] == Path("/x/vllm")
