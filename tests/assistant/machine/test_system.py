"""What the machine is and lets a process have, read from trees as kernels and containers leave them."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import pytest

from firstaid.assistant.machine import surroundings, system
from firstaid.assistant.machine.fact import Fact
from firstaid.kb.vocabulary import load_vocabulary

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")
_TELLING = ("container", "COLAB", "KAGGLE", "KUBERNETES", "SLURM", "WSL", "APPTAINER", "SINGULARITY")


def values(found: list[Fact]) -> dict[str, str]:
    return {fact.name: fact.shown for fact in found}


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty Linux machine."""
    for name in [name for name in os.environ if name.startswith(_TELLING)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "release", lambda: "6.8.0-45-generic")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    folder = tmp_path / "root"
    folder.mkdir()
    for module in (surroundings, system):
        monkeypatch.setattr(module, "_ROOT", folder)
    return folder


def write(root: Path, path: str, text: str = "") -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


ID = "3f4c1d0a9b8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a"


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (".dockerenv", "", "Docker"),
        ("run/.containerenv", "", "Podman"),
        (".singularity.d/Singularity", "", "Apptainer"),
        ("run/systemd/container", "lxc\n", "LXC"),
        ("run/systemd/container", "systemd-nspawn\n", "systemd-nspawn"),
        ("var/run/secrets/kubernetes.io/serviceaccount/namespace", "default", "Kubernetes"),
        ("proc/self/cgroup", f"12:pids:/docker/{ID}\n", "Docker"),
        ("proc/self/cgroup", f"0::/system.slice/docker-{ID}.scope\n", "Docker"),
        ("proc/self/cgroup", f"0::/machine.slice/libpod-{ID}.scope/container\n", "Podman"),
        ("proc/self/cgroup", f"0::/kubepods.slice/kubepods-besteffort.slice/{ID}\n", "Kubernetes"),
        ("proc/self/cgroup", "0::/lxc.payload.mine\n", "LXC"),
        (
            "proc/self/mountinfo",
            f"1 0 8:1 / / rw - overlay o rw\n2 1 8:1 /var/lib/docker/containers/{ID}/resolv.conf /etc/resolv.conf rw\n",
            "Docker",
        ),
    ],
)
def test_containers_show_themselves(root: Path, path: str, text: str, name: str) -> None:
    write(root, path, text)
    assert surroundings.surroundings() == [name]
    assert system.platforms() == {"linux", "x86_64", "container"}


def test_a_host_that_runs_containers_is_none(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n")
    write(root, "proc/self/mountinfo", "2 1 0:5 / /var/lib/docker/overlay2/ab/merged rw - overlay overlay rw\n")
    assert surroundings.surroundings() == []
    assert values(system.system())["runs in"] == "no container that shows itself"


@pytest.mark.parametrize(
    ("variable", "name", "platform_name"),
    [
        ("container", "podman", "container"),
        ("KUBERNETES_SERVICE_HOST", "Kubernetes", "container"),
        ("APPTAINER_CONTAINER", "Apptainer", "container"),
        ("COLAB_RELEASE_TAG", "Colab", "colab"),
        ("KAGGLE_KERNEL_RUN_TYPE", "Kaggle", "colab"),
        ("SLURM_JOB_ID", "Slurm job", None),
    ],
)
def test_variables_tell_where_this_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, variable: str, name: str, platform_name: str | None
) -> None:
    monkeypatch.setenv(variable, "podman")
    assert surroundings.surroundings() == [name if variable != "container" else "Podman"]
    assert system.platforms() == {"linux", "x86_64", *([platform_name] if platform_name else [])}
    assert not list(root.iterdir())


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("4.4.0-19041-Microsoft", "WSL 1"),
        ("4.19.104-microsoft-standard", "WSL 2"),
        ("5.15.153.1-microsoft-standard-WSL2", "WSL 2"),
    ],
)
def test_wsl_is_no_linux_on_the_machine_itself(
    root: Path, monkeypatch: pytest.MonkeyPatch, release: str, version: str
) -> None:
    monkeypatch.setattr(platform, "release", lambda: release)
    write(root, "run/systemd/container", "wsl\n")
    assert surroundings.surroundings() == [version]
    assert system.platforms() == {"wsl", "x86_64"}


def test_wsl_with_a_kernel_of_its_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSL_DISTRO_NAME", "Ubuntu")
    assert surroundings.surroundings() == ["WSL 2"]
    assert not list(root.iterdir())


@pytest.mark.parametrize(
    ("system_name", "machine", "names"),
    [
        ("darwin", "arm64", {"macos", "arm64", "mps"}),
        ("darwin", "x86_64", {"macos", "x86_64"}),
        ("win32", "AMD64", {"windows", "x86_64"}),
        ("linux", "aarch64", {"linux", "arm64"}),
    ],
)
def test_platforms(
    root: Path, monkeypatch: pytest.MonkeyPatch, system_name: str, machine: str, names: set[str]
) -> None:
    monkeypatch.setattr(sys, "platform", system_name)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert system.platforms() == names <= set(load_vocabulary().platform)
    assert root.is_dir()


@pytest.mark.parametrize(
    ("told", "version"), [("glibc 2.35", "2.35"), ("", None), (None, None), ("bionic 1.0", None), ("odd", None)]
)
def test_glibc(monkeypatch: pytest.MonkeyPatch, told: str | None, version: str | None) -> None:
    monkeypatch.setattr(os, "confstr", lambda _name: told, raising=False)
    assert system.glibc() == version


def test_glibc_where_it_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_name: str) -> str:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(os, "confstr", refused, raising=False)
    assert system.glibc() is None
    monkeypatch.delattr(os, "confstr")
    assert system.glibc() is None


def test_musl_tells_its_version_when_it_is_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "glibc", lambda: None)
    assert values(system.system())["C library"] == "unknown"
    write(root, "lib/ld-musl-x86_64.so.1", "#!/bin/sh\necho 'musl libc (x86_64)\nVersion 1.2.5\nUsage: ' >&2; exit 1\n")
    (root / "lib/ld-musl-x86_64.so.1").chmod(0o755)
    assert values(system.system())["C library"] == "musl 1.2.5 (wheels for manylinux are not for it)"


@linux_only
def test_limits_as_people_read_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    known = {
        resource.RLIMIT_MEMLOCK: (64 << 10, resource.RLIM_INFINITY),
        resource.RLIMIT_NOFILE: (1024, 1048576),
        resource.RLIMIT_STACK: (8 << 20, 8 << 20),
    }
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda number: known.get(number, endless))
    assert values(system.limits()) == {
        "locked memory (ulimit)": "64 KiB (may be raised to unlimited)",
        "open files (ulimit)": "1,024 (may be raised to 1,048,576)",
        "processes (ulimit)": "unlimited",
        "stack (ulimit)": "8 MiB",
        "address space (ulimit)": "unlimited",
        "core files (ulimit)": "unlimited",
    }
    assert root.is_dir()


GROUP_2 = {"proc/self/cgroup": "0::/user.slice/job\n"}
GROUP_1 = {"proc/self/cgroup": f"5:cpu,cpuacct:/\n4:memory:/docker/{ID}\n3:pids:/docker/{ID}\n"}


@linux_only
@pytest.mark.parametrize(
    ("files", "memory", "processes"),
    [
        ({}, None, None),
        (GROUP_2 | {"sys/fs/cgroup/user.slice/job/memory.max": "max\n"}, None, None),
        (
            GROUP_2
            | {
                "sys/fs/cgroup/user.slice/job/memory.max": "8589934592\n",
                "sys/fs/cgroup/user.slice/memory.max": "4294967296\n",
                "sys/fs/cgroup/user.slice/pids.max": "10813\n",
            },
            "4.0 GiB",
            "10,813",
        ),
        (
            GROUP_1
            | {
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "2147483648\n",
                "sys/fs/cgroup/pids/pids.max": "512\n",
                "sys/fs/cgroup/memory.max": "1\n",
            },
            "2.0 GiB",
            "512",
        ),
        (GROUP_1 | {"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, None, None),
    ],
    ids=["none", "max", "the narrowest around it", "version 1, as a container sees it", "version 1, endless"],
)
def test_limits_of_the_control_group(
    root: Path, files: dict[str, str], memory: str | None, processes: str | None
) -> None:
    for path, text in files.items():
        write(root, path, text)
    found = values(system.limits())
    assert found.get("memory (control group)") == memory
    assert found.get("processes and threads (control group)") == processes


def test_where_there_are_no_limits_to_ask_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    assert system.limits() == []
    assert root.is_dir()


def test_what_this_machine_says_of_itself() -> None:
    assert system.platforms() <= set(load_vocabulary().platform)
    found = values(system.system())
    assert found["kernel"].startswith(platform.release())
    if sys.platform == "linux" and system.glibc():
        assert found["C library"] == f"glibc {system.glibc()}"
