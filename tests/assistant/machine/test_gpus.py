"""GPUs are read from drivers, programs and files, each of which may be missing, broken or silent."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from firstaid.assistant.machine import gpus as gpus_module
from firstaid.assistant.machine import nvidia, vendor_program
from firstaid.assistant.machine.apple import read_apple
from firstaid.assistant.machine.gpu import Gpu, Gpus, NoAnswer
from firstaid.assistant.machine.gpus import gpu_memory, gpus, quick_gpus, read_gpus, visible
from firstaid.assistant.machine.limits import CutError
from firstaid.assistant.machine.vendor_program import answer, answer_in_json

FIXTURES = Path(__file__).with_name("fixtures")
GIB = 1 << 30
Installer = Callable[..., None]


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No program of a vendor, no nvidia-ml-py, no file of a driver."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def install(tmp_path: Path) -> Installer:
    """A program on the PATH: its lines in sh; the system's own programs stay out of reach."""

    def put(name: str, *lines: str) -> None:
        path = write(tmp_path / "bin" / name, "\n".join(["#!/bin/sh", "PATH=/usr/bin:/bin", *lines, ""]))
        path.chmod(0o755)

    return put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a machine whose bus holds a network card and the GPU of an Intel processor."""
    machine = tmp_path / "machine"
    plug(machine, "0000:00:02.0", "0x030000", "0x8086")
    plug(machine, "0000:01:00.0", "0x020000", "0x8086")
    return machine


def plug(root: Path, address: str, kind: str, vendor: str) -> None:
    write(root / "sys/bus/pci/devices" / address / "class", f"{kind}\n")
    write(root / "sys/bus/pci/devices" / address / "vendor", f"{vendor}\n")


def nvidia_kernel(root: Path) -> None:
    write(root / "proc/driver/nvidia/version", fixture("proc-nvidia-version.txt"))
    write(root / "proc/driver/nvidia/gpus/0000:18:00.0/information", fixture("proc-nvidia-information.txt"))
    write(root / "dev/nvidiactl", "")


def amd_kernel(root: Path) -> None:
    nodes = root / "sys/class/kfd/kfd/topology/nodes"
    write(nodes / "0/properties", fixture("kfd-cpu.txt"))
    write(nodes / "1/properties", fixture("kfd-gpu.txt"))
    card = root / "sys/class/drm/renderD128/device"
    write(card / "mem_info_vram_total", "25753026560\n")
    write(card / "mem_info_vram_used", "753026560\n")
    write(root / "opt/rocm/.info/version", "6.4.1-83\n")


def printing(name: str) -> str:
    return f"cat {shlex.quote(str(FIXTURES / name))}"


def shown() -> dict[str, str]:
    return {fact.name: fact.shown for fact in gpus()}


# files alone


def test_a_machine_without_gpus(root: Path) -> None:
    assert quick_gpus(root) == read_gpus(root) == Gpus()


def test_where_no_bus_can_be_listed_nothing_is_known(tmp_path: Path) -> None:
    assert quick_gpus(tmp_path) == Gpus(asked=False)


def test_in_wsl_the_bus_does_not_show_the_gpus(root: Path) -> None:
    write(root / "dev/dxg", "")
    assert not quick_gpus(root).asked


def test_nvidia_as_the_kernel_tells(root: Path) -> None:
    nvidia_kernel(root)
    found = quick_gpus(root)
    assert found == Gpus(found.devices, driver="570.86.15", cuda="12.8")
    assert found.devices == (
        Gpu(
            "NVIDIA H200",
            "nvidia",
            memory=141 * GIB,
            capability=(9, 0),
            uuid="GPU-6b7a8c9d-0e1f-4a2b-8c3d-4e5f6a7b8c9d",
        ),
    )
    assert "6b7a8c9d" not in repr(found)


def test_nvidia_of_a_kernel_that_tells_little(root: Path) -> None:
    nvidia_kernel(root)
    write(root / "proc/driver/nvidia/version", "garbage")
    write(root / "proc/driver/nvidia/gpus/0000:18:00.0/information", "\x00\xff")
    assert quick_gpus(root) == Gpus((Gpu("NVIDIA GPU", "nvidia"),))


def test_a_container_sees_the_driver_of_its_host_but_no_gpu(root: Path) -> None:
    nvidia_kernel(root)
    (root / "dev/nvidiactl").unlink()
    found = quick_gpus(root)
    assert (found.devices, found.driver, found.asked) == ((), "570.86.15", False)
    assert "/dev/nvidiactl is not here" in found.note


def test_a_jetson_has_no_bus(tmp_path: Path) -> None:
    write(tmp_path / "proc/device-tree/model", "NVIDIA Jetson AGX Orin Developer Kit\x00")
    assert quick_gpus(tmp_path).devices == (Gpu("NVIDIA Jetson AGX Orin Developer Kit", "nvidia", capability=(8, 7)),)


@pytest.mark.parametrize(
    ("vendor", "kind", "note"),
    [
        ("0x10de", "0x030200", "an NVIDIA GPU is in this machine, but its driver is not loaded"),
        ("0x1002", "0x120000", "an AMD GPU is in this machine, but ROCm's driver does not show it"),
        ("0x8086", "0x038000", "an Intel GPU is in this machine that only xpu-smi could tell of"),
    ],
)
def test_a_gpu_that_no_driver_tells_of(root: Path, vendor: str, kind: str, note: str) -> None:
    plug(root, "0000:4d:00.0", kind, vendor)
    assert quick_gpus(root) == Gpus(note=note, asked=False)
    assert note in read_gpus(root).note
    assert not read_gpus(root).asked


def test_amd_as_the_kernel_tells(root: Path) -> None:
    plug(root, "0000:03:00.0", "0x030000", "0x1002")
    amd_kernel(root)
    found = quick_gpus(root)
    assert found == Gpus(found.devices, rocm="6.4.1")
    assert found.devices == (
        Gpu(
            "AMD GPU (gfx1100)",
            "amd",
            memory=25753026560,
            free=25000000000,
            target="gfx1100",
            uuid="GPU-a1ffc9d1799c317f",
        ),
    )


@pytest.mark.parametrize(
    ("version", "target"), [(90010, "gfx90a"), (90402, "gfx942"), (110501, "gfx1151"), (120001, "gfx1201")]
)
def test_targets_of_amd(root: Path, version: int, target: str) -> None:
    amd_kernel(root)
    node = root / "sys/class/kfd/kfd/topology/nodes/1/properties"
    node.write_text(node.read_text(encoding="utf-8").replace("110000", str(version)), encoding="utf-8")
    (root / "sys/class/drm/renderD128/device/mem_info_vram_used").write_text("?", encoding="utf-8")
    (found,) = quick_gpus(root).devices
    assert (found.target, found.free) == (target, None)
    assert (found.memory is None) == (target == "gfx1151")  # it works with the processor's


# nvidia-ml-py


def handle(number: int) -> int:
    if number == 1:
        raise RuntimeError("GPU is lost")
    return number


def nvml(**changes: Any) -> SimpleNamespace:
    """A driver with one sound GPU and one that was lost."""
    sound: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlSystemGetDriverVersion": lambda: b"570.86.15",
        "nvmlSystemGetCudaDriverVersion": lambda: 12080,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": handle,
        "nvmlDeviceGetName": lambda _device: "NVIDIA H200",
        "nvmlDeviceGetUUID": lambda _device: "GPU-1",
        "nvmlDeviceGetMemoryInfo": lambda _device: SimpleNamespace(total=140 * GIB, free=100 * GIB),
        "nvmlDeviceGetCudaComputeCapability": lambda _device: (9, 0),
    }
    return SimpleNamespace(**sound | changes)


def failing(text: str) -> Callable[..., Any]:
    def fail(*_arguments: object) -> None:
        raise RuntimeError(text)

    return fail


def test_nvidia_as_its_driver_tells(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml())
    assert read_gpus(root) == Gpus(
        (Gpu("NVIDIA H200", "nvidia", memory=140 * GIB, free=100 * GIB, capability=(9, 0), uuid="GPU-1"),),
        driver="570.86.15",
        cuda="12.8",
        note="GPU 1: GPU is lost",
    )
    assert shown() == {
        "driver": "570.86.15",
        "CUDA of the driver": "12.8 (the newest it can run)",
        "GPU 0": "NVIDIA H200, 140.0 GiB, 100.0 GiB free, compute capability 9.0",
        "not all is known": "GPU 1: GPU is lost",
    }


def test_a_driver_that_tells_only_names(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    silent = dict.fromkeys(
        [
            "nvmlSystemGetDriverVersion",
            "nvmlSystemGetCudaDriverVersion",
            "nvmlDeviceGetUUID",
            "nvmlDeviceGetMemoryInfo",
            "nvmlDeviceGetCudaComputeCapability",
            "nvmlShutdown",
        ],
        failing("Not Supported"),
    )
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 1, **silent))
    assert read_gpus(root) == Gpus((Gpu("NVIDIA H200", "nvidia", capability=(9, 0)),))


def test_a_driver_without_gpus(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 0))
    assert read_gpus(root) == Gpus(driver="570.86.15", cuda="12.8")
    monkeypatch.setattr(gpus_module, "gpu_vendors", lambda _root: frozenset())
    assert shown()["GPU"] == "none"


def test_a_driver_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    nvidia_kernel(root)
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlInit=failing("Driver/library version mismatch")))
    found = read_gpus(root)
    assert found.driver == "570.86.15"
    assert found.note == "the driver does not answer: Driver/library version mismatch; nvidia-smi is not there"


def test_a_driver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch, root: Path, install: Installer) -> None:
    from threading import Event

    nvidia_kernel(root)
    install("nvidia-smi", "echo it would hang as well")
    monkeypatch.setattr(nvidia, "_SECONDS", 0.05)
    released = Event()
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlInit=released.wait))
    found = read_gpus(root)
    released.set()
    assert (found.devices[0].name, found.note) == ("NVIDIA H200", "NVIDIA: no answer within 0.05 s")


def test_free_memory_for_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gpu_memory() is None
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 1))
    assert gpu_memory() == 100 * GIB
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 0))
    assert gpu_memory() is None
    monkeypatch.setitem(sys.modules, "pynvml", nvml())  # one is lost
    assert gpu_memory() is None


# nvidia-smi


def nvidia_smi(install: Installer, query: str, head: str = "nvidia-smi-head.txt") -> None:
    install("nvidia-smi", f'case "$1" in --query-gpu=*) {printing(query)};; *) {printing(head)};; esac')


def test_nvidia_as_its_program_prints(install: Installer, root: Path) -> None:
    nvidia_smi(install, "nvidia-smi-two.csv")
    first, second = (found := read_gpus(root)).devices
    assert (found.driver, found.cuda, found.note, found.asked) == ("550.54.15", "12.4", "", True)
    assert (first.name, first.memory, first.free) == ("NVIDIA GeForce RTX 3090", 24 * GIB, 23012 << 20)
    assert (second.name, second.capability, second.uuid) == (
        "Tesla T4",
        (7, 5),
        "GPU-8a7b6c5d-1e2f-4a3b-8c9d-0e1f2a3b4c5d",
    )


def test_memory_that_is_shared_is_not_known(install: Installer, root: Path) -> None:
    nvidia_smi(install, "nvidia-smi-unified.csv", "nvidia-smi-no-driver.txt")
    (found,) = (all_found := read_gpus(root)).devices
    assert (found.memory, found.free, found.capability) == (None, None, (12, 1))
    assert all_found.cuda == "13.0"


def test_of_a_gpu_in_parts_a_process_gets_one(monkeypatch: pytest.MonkeyPatch, install: Installer, root: Path) -> None:
    nvidia_smi(install, "nvidia-smi-sliced.csv")
    (found,) = read_gpus(root).devices
    assert (found.memory, found.free, found.capability) == (None, None, (8, 0))
    monkeypatch.setitem(
        sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 1, nvmlDeviceGetMigMode=lambda _device: [1, 1])
    )
    assert read_gpus(root).devices[0].memory is None
    nvidia_kernel(root)
    write(root / "proc/driver/nvidia/capabilities/gpu0/mig/gi1/access", "")
    assert quick_gpus(root).devices[0].memory is None


def test_an_old_driver_cannot_tell_the_capability(install: Installer, root: Path) -> None:
    install(
        "nvidia-smi",
        f'case "$1" in *compute_cap*) {printing("nvidia-smi-no-field.txt")}; exit 2;;'
        f" --query-gpu=*) {printing('nvidia-smi-old.csv')};; *) exit 9;; esac",
    )
    found = read_gpus(root)
    assert [device.capability for device in found.devices] == [(3, 7), (3, 7)]
    assert [device.free for device in found.devices] == [11438 << 20, None]
    assert (found.driver, found.cuda) == ("470.256.02", "11.4")


def test_a_program_that_finds_no_gpu(install: Installer, root: Path) -> None:
    plug(root, "0000:01:00.0", "0x030000", "0x10de")
    install("nvidia-smi", printing("nvidia-smi-no-devices.txt"), "exit 6")
    assert read_gpus(root) == Gpus()


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        ([printing("nvidia-smi-no-driver.txt"), "exit 9"], "NVIDIA-SMI has failed because it couldn't communicate"),
        ([printing("nvidia-smi-mismatch.txt"), "exit 18"], "Failed to initialize NVML: Driver/library version mism"),
        (["echo '<html>502</html>'"], "nvidia-smi: <html>502</html>"),
        (["head -c 3000 /dev/urandom"], "nvidia-smi: "),
        (["exit 1"], "nvidia-smi: exit code 1"),
        (["kill -9 $$"], "nvidia-smi: exit code -9"),
    ],
)
def test_a_program_that_fails(install: Installer, root: Path, lines: list[str], note: str) -> None:
    plug(root, "0000:01:00.0", "0x030000", "0x10de")
    install("nvidia-smi", *lines)
    found = read_gpus(root)
    assert (found.devices, found.asked) == ((), False)
    assert note in found.note
    assert "pip install nvidia-ml-py tells more" in found.note


# programs in general


def test_a_program_that_hangs_is_killed_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, install: Installer, tmp_path: Path
) -> None:
    monkeypatch.setattr(vendor_program, "_SECONDS", 0.3)
    install("nvidia-smi", "sleep 60 &", f"echo $! > {tmp_path}/child", "wait")
    with pytest.raises(CutError, match=r"nvidia-smi does not answer within 0\.3 s"):
        answer(["nvidia-smi"])
    child = int((tmp_path / "child").read_text(encoding="ascii"))
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def test_a_program_that_cannot_be_run(install: Installer, tmp_path: Path) -> None:
    write(tmp_path / "bin/nvidia-smi", "").chmod(0o755)
    with pytest.raises(NoAnswer, match="nvidia-smi cannot be run: "):
        answer(["nvidia-smi"])
    with pytest.raises(NoAnswer, match="no-such-smi is not there"):
        answer(["no-such-smi"])


def test_answers_in_json(install: Installer) -> None:
    install("rocm-smi", "echo '[WARNING] {x}: power'", "echo '[{\"a\": 1}]'")
    assert answer_in_json(["rocm-smi"]) == [{"a": 1}]
    install("rocm-smi", "echo 'Traceback {'")
    with pytest.raises(NoAnswer, match="rocm-smi does not print JSON"):
        answer_in_json(["rocm-smi"])


# AMD, Intel, Apple


def test_amd_as_rocm_smi_prints(install: Installer, root: Path) -> None:
    amd_kernel(root)
    install("rocm-smi", printing("rocm-smi.json"))
    first, second = (found := read_gpus(root)).devices
    assert (found.rocm, found.note) == ("6.4.1", "")
    assert first == Gpu(
        "AMD Radeon RX 7900 XTX",
        "amd",
        memory=25753026560,
        free=24000000000,
        target="gfx1100",
        uuid="GPU-a1ff1c3d5e7f9b0d",
    )
    assert (second.name, second.uuid) == ("AMD GPU (gfx1036)", None)


def test_an_old_rocm_smi_names_no_target(install: Installer, root: Path) -> None:
    amd_kernel(root)
    install("rocm-smi", printing("rocm-smi-old.json"))
    (found,) = read_gpus(root).devices
    assert (found.name, found.target) == ("AMD INSTINCT MI250 (MCM) OAM AC MBA", "gfx90a")


def test_amd_as_amd_smi_prints(install: Installer, root: Path) -> None:
    amd_kernel(root)
    install("rocm-smi", "exit 1")
    static, metric = printing("amd-smi-static.json"), printing("amd-smi-metric.json")
    install("amd-smi", f'case "$1" in static) {static};; metric) {metric};; *) exit 2;; esac')
    (found,) = read_gpus(root).devices
    assert (found.name, found.target, found.uuid) == ("AMD Instinct MI300X", "gfx942", "GPU-eb9f1a2b3c4d5e6f")
    assert (found.memory, found.free) == (196592 << 20, 196309 << 20)


def test_a_gpu_in_a_processor_has_no_memory_of_its_own(install: Installer, root: Path) -> None:
    amd_kernel(root)
    static, metric = printing("amd-smi-static-wrapped.json"), printing("amd-smi-metric.json")
    install("amd-smi", f'case "$1" in static) {static};; *) {metric};; esac')
    (found,) = read_gpus(root).devices
    assert (found.name, found.target, found.memory) == ("AMD Radeon 8060S Graphics", "gfx1151", None)


@pytest.mark.parametrize("told", ["[]", "{}", "null", '{"card0": 7}', '[{"gpu": 0, "asic": []}]', "garbage", ""])
def test_programs_of_amd_that_print_something_else(install: Installer, root: Path, told: str) -> None:
    amd_kernel(root)
    for name in ("rocm-smi", "amd-smi"):
        install(name, f"echo {shlex.quote(told)}")
    found = read_gpus(root)
    assert found.devices
    assert all(device.vendor == "amd" for device in found.devices)


def test_amd_without_its_programs(root: Path) -> None:
    amd_kernel(root)
    found = read_gpus(root)
    assert found.devices == quick_gpus(root).devices
    assert found.note == "AMD: rocm-smi is not there; amd-smi is not there"


def test_intel_as_xpu_smi_prints(install: Installer, root: Path) -> None:
    plug(root, "0000:4d:00.0", "0x038000", "0x8086")
    one, every = printing("xpu-smi-device.json"), printing("xpu-smi-list.json")
    install("xpu-smi", f'case "$*" in "discovery -d 0 -j") {one};; "discovery -j") {every};; *) exit 1;; esac')
    assert read_gpus(root) == Gpus((Gpu("Intel(R) Data Center GPU Flex 170", "intel", memory=14942253056),))
    install("xpu-smi", f'case "$*" in "discovery -j") {every};; *) exit 1;; esac')
    assert read_gpus(root).devices[0].memory == 16 * GIB


@pytest.mark.parametrize("told", ["[]", '{"device_list": [7, {"device_id": 1}]}', '{"device_list": null}', "no"])
def test_a_program_of_intel_that_prints_something_else(install: Installer, root: Path, told: str) -> None:
    plug(root, "0000:4d:00.0", "0x038000", "0x8086")
    install("xpu-smi", f"echo {shlex.quote(told)}")
    assert read_gpus(root).devices == ()


def test_a_mac(monkeypatch: pytest.MonkeyPatch, install: Installer, root: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not read_gpus(root).asked
    install("system_profiler", printing("system-profiler.json"))
    assert read_gpus(root) == Gpus((Gpu("Apple M2 Max", "apple"),))
    install("system_profiler", 'echo \'{"SPDisplaysDataType": [{"sppci_model": "Radeon Pro 560X"}, 7]}\'')
    assert read_apple().devices == (Gpu("Radeon Pro 560X", "other"),)


def test_several_vendors_in_one_machine(monkeypatch: pytest.MonkeyPatch, install: Installer, root: Path) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 1))
    amd_kernel(root)
    install("rocm-smi", printing("rocm-smi.json"))
    found = read_gpus(root)
    assert [device.vendor for device in found.devices] == ["nvidia", "amd", "amd"]
    assert (found.driver, found.rocm) == ("570.86.15", "6.4.1")


def test_what_breaks_unforeseen_takes_nothing_else_away(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr(gpus_module, "read_intel", failing("surprise"))
    amd_kernel(root)
    found = read_gpus(root)
    assert found.devices
    assert found.note.endswith("Intel: RuntimeError: surprise")


# for people


def test_nothing_known_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus_module, "read_gpus", lambda: Gpus(note="why", asked=False))
    assert shown() == {"GPU": "unknown (why)"}


def test_amd_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Gpus((Gpu("MI300X", "amd", memory=192 * GIB, target="gfx942"), Gpu("AMD GPU (gfx1036)", "amd")), rocm="6.4")
    monkeypatch.setattr(gpus_module, "read_gpus", lambda: found)
    assert shown() == {"ROCm": "6.4", "GPU 0": "MI300X, 192.0 GiB, gfx942", "GPU 1": "AMD GPU (gfx1036)"}


# what a process sees

ALIKE = Gpus(tuple(Gpu("H100", "nvidia", uuid=f"GPU-{letter}1") for letter in "abc"), driver="570.86.15")
MIXED = Gpus((Gpu("RTX 3090", "nvidia", uuid="GPU-abc"), Gpu("Tesla T4", "nvidia", uuid="GPU-abd")))
AMD = Gpus(tuple(Gpu("MI300X", "amd", uuid=f"GPU-{letter}") for letter in "abc"))


@pytest.mark.parametrize(
    ("gpus_there", "environment", "seen"),
    [
        (ALIKE, {}, "abc"),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "1"}, "b"),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "2, 0"}, "ca"),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "0,7,1"}, "a"),  # the driver stops at the first that is not there
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "0,-1,1"}, "a"),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": ""}, ""),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "-1"}, ""),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "NoDevFiles"}, ""),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "GPU-C1,0"}, "ca"),
        (ALIKE, {"CUDA_VISIBLE_DEVICES": "GPU-d"}, ""),
        (ALIKE, {"ROCR_VISIBLE_DEVICES": "0"}, "abc"),
        (MIXED, {"CUDA_VISIBLE_DEVICES": "0,1"}, "ab"),
        (MIXED, {"CUDA_VISIBLE_DEVICES": "5"}, ""),
        (MIXED, {"CUDA_VISIBLE_DEVICES": "1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, "b"),
        (MIXED, {"CUDA_VISIBLE_DEVICES": "GPU-abd"}, "b"),
        (AMD, {"ROCR_VISIBLE_DEVICES": "1,2", "HIP_VISIBLE_DEVICES": "1"}, "c"),
        (AMD, {"CUDA_VISIBLE_DEVICES": "2"}, "c"),
        (AMD, {"CUDA_VISIBLE_DEVICES": "2", "HIP_VISIBLE_DEVICES": "0"}, "a"),
        (Gpus(), {"CUDA_VISIBLE_DEVICES": "0"}, ""),
        (Gpus((Gpu("Apple M1", "apple"),)), {"CUDA_VISIBLE_DEVICES": ""}, "a"),
    ],
)
def test_what_a_process_sees(gpus_there: Gpus, environment: dict[str, str], seen: str) -> None:
    found = visible(gpus_there, environment)
    assert found == replace(gpus_there, devices=tuple(gpus_there.devices["abc".index(letter)] for letter in seen))


@pytest.mark.parametrize(
    ("gpus_there", "value"),
    [
        (ALIKE, "MIG-1f2e3d4c"),
        (ALIKE, "MIG-GPU-a1/1/0"),
        (MIXED, "0"),
        (MIXED, "GPU-ab"),
        (Gpus((Gpu("Tesla T4", "nvidia"),)), "GPU-abc"),
    ],
)
def test_which_gpu_is_meant_can_be_in_doubt(gpus_there: Gpus, value: str) -> None:
    found = visible(gpus_there, {"CUDA_VISIBLE_DEVICES": value})
    assert (found.devices, found.asked, found.driver) == ((), False, gpus_there.driver)
    assert found.note.startswith(f"CUDA_VISIBLE_DEVICES={value}: ")


def test_the_quick_way_starts_nothing(monkeypatch: pytest.MonkeyPatch, install: Installer, root: Path) -> None:
    nvidia_kernel(root)
    amd_kernel(root)
    monkeypatch.setattr(os, "posix_spawn", failing("started"), raising=False)
    monkeypatch.setattr("subprocess.Popen", failing("started"))
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlInit=failing("loaded")))
    assert [device.vendor for device in quick_gpus(root).devices] == ["nvidia", "amd"]
