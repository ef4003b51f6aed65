"""Who asks and who answers: reports are read, diagnosed and rendered here, behind every door.

from firstaid.assistant import FirstAid
print(FirstAid().diagnose(open("server.log").read()).cases[0].title)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagnosis import Diagnosis
    from .firstaid import FirstAid
    from .hook import install

__all__ = ["Diagnosis", "FirstAid", "install"]

_HOMES = {"Diagnosis": "diagnosis", "FirstAid": "firstaid", "install": "hook"}


def __getattr__(name: str) -> object:
    """Imports the public names when they are used: `firstaid --help` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
