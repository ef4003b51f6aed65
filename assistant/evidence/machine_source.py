"""Facts of this machine and of one of its Python environments, each read when a check first asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from ..diagnosis import Origin
from ..machine.fact import size
from ..machine.limits import within
from ..machine.variables import shown_path, shown_value
from ..report import Report
from .facts import Told, memory_told
from .words import subject

if TYPE_CHECKING:
    from ..machine.environments import Environment
    from ..machine.gpu import Gpu, Gpus

T = TypeVar("T")
_LIMIT = 0.6
"""Seconds that all probes of one diagnosis may hold it up together; where nothing hangs they take milliseconds."""


class MachineSource:
    """What this machine tells; a probe that fails or hangs tells nothing."""

    origin: Origin = "machine"

    def __init__(
        self,
        environment: Environment | None,
        report: Report | None = None,
        *,
        variables: Mapping[str, str] | None = None,
        seconds: float = _LIMIT,
    ) -> None:
        self._environment, self._report = environment, report
        self._variables = os.environ if variables is None else variables
        self._left = seconds
        self._versions: dict[tuple[str, str], Told | None] = {}

    def version(self, kind: str, name: str) -> Told | None:
        """Of what is installed here; asked once, as some programs have to be started for it."""
        if (kind, name) not in self._versions:
            self._versions[kind, name] = self._version(kind, name)
        return self._versions[kind, name]

    def _version(self, kind: str, name: str) -> Told | None:
        if kind == "package":
            return self._package(name)
        read = {"python": self._python, "cuda": self._cuda, "driver": self._driver, "glibc": self._glibc}.get(kind)
        return read() if read else self._program(name) or self._package(name)

    def _package(self, name: str) -> Told | None:
        found = self._environment and self._probed(self._environment.package, name)
        return Told(found.version, f"{name} {found.version} in {shown_path(found.folder)}") if found else None

    def _program(self, name: str) -> Told | None:
        from ..machine.cuda import cuda_toolkit  # here and below: a check of one kind need not wait for all the others
        from ..machine.programs import program_version

        toolkit = self._probed(cuda_toolkit) if name == "nvcc" else None
        found = toolkit.version if toolkit else self._probed(program_version, name)
        return Told(found, f"{name} {found} on this machine", whole=False) if found else None

    def _python(self) -> Told | None:
        found = self._environment and self._environment.python
        if not (found and self._environment):
            return None
        whole = found.count(".") >= 2
        return Told(found, f"{subject('python', '')} {found} of {self._environment.shown}", whole=whole)

    def _cuda(self) -> Told | None:
        from ..machine.packages import torch_build

        build = self._environment and self._probed(torch_build, self._environment)
        if not (build and build.cuda):
            return None
        return Told(build.cuda, f"CUDA {build.cuda} of torch {build.version} here", whole=False)

    def _driver(self) -> Told | None:
        found = self._gpus.driver if self._gpus else None
        return Told(found, f"{subject('driver', '')} {found} on this machine") if found else None

    def _glibc(self) -> Told | None:
        from ..machine.system import glibc

        found = self._probed(glibc)
        return Told(found, f"glibc {found} on this machine") if found else None

    def absence(self, package: str) -> str | None:
        """Where its environment is known and does not hold the package."""
        if self._environment is None or self.version("package", package):
            return None
        return f"{package} is not installed in {self._environment.shown}"

    def amounts(self, kind: str) -> Sequence[Told]:
        """Of the GPUs that a process here would see; none where one of them keeps it to itself."""
        if kind == "ram_gb":
            from ..machine.memory import memory

            found = self._probed(memory)
            return [Told(f"{found.total / 2**30:.2f}", f"{size(found.total)} of memory here")] if found else []
        devices = self._gpus.devices if self._gpus else ()
        told = [_amounts(device, kind) for device in devices]
        return [one for amounts in told for one in amounts] if all(told) else []

    def platforms(self) -> Mapping[str, str]:
        """What holds here."""
        return self._platforms

    @cached_property
    def _platforms(self) -> Mapping[str, str]:
        from ..machine.system import platforms

        names = set(self._probed(platforms) or ())
        if self._gpus and any(device.vendor == "amd" for device in self._gpus.devices):
            names.add("rocm")
        if self._gpus and self._gpus.asked and not self._gpus.devices:
            names.add("cpu-only")
        return {name: f"this machine: {name}" for name in names}

    @cached_property
    def _gpus(self) -> Gpus | None:
        from ..machine.gpus import quick_gpus, read_gpus
        from ..machine.visible_gpus import visible

        found = self._probed(quick_gpus)
        if found is None or not found.asked:
            found = self._probed(read_gpus)
        return visible(found, self._variables) if found else None

    def variable(self, name: str) -> Told | None:
        """As it is set where firstaid runs."""
        value = self._variables.get(name, "")
        return Told(value, f"{name}={shown_value(name, value)} here" if value else f"{name} is not set here")

    def files(self, name: str) -> Sequence[Path] | None:
        """In the folders of the report's model, as far as they are on this machine, else in the working folder."""
        from ..machine.model_files import is_of_model, working_files

        of_model = [folder / name for folder in self._model_folders] if is_of_model(name) else []
        return [*of_model, *(self._probed(working_files, name, self._report) or ())] or None

    @cached_property
    def _model_folders(self) -> Sequence[Path]:
        from ..machine.model_files import model_folders

        return (self._report and self._probed(model_folders, self._report, self._variables)) or ()

    def _probed(self, read: Callable[..., T], *args: object) -> T | None:
        """What a probe tells; each may take half of the time that is left, so that one that hangs leaves some."""
        began = monotonic()
        try:
            return within(self._left / 2, read, *args)
        except Exception:  # noqa: BLE001 - a broken installation is what people come here for: not known
            return None
        finally:
            self._left -= monotonic() - began


def _amounts(device: Gpu, kind: str) -> Sequence[Told]:
    if kind == "gpu_capability" and device.capability:
        number = "{}.{}".format(*device.capability)
        return [Told(number, f"compute capability {number} of the {device.name} here")]
    if kind == "gpu_memory_gb" and device.memory:
        # What is free is only told by a driver, and a driver tells of all the memory exactly.
        exactly = device.free is not None
        return memory_told(device.memory, f"of the {device.name} here", exactly=exactly)
    return ()
