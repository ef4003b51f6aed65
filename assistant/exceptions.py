"""An exception as the report that its traceback would be. Nothing is imported for it: the process has just failed."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Iterator
from types import ModuleType, TracebackType

_OURS = frozenset({"__main__", "__mp_main__", "firstaid"})


def text_of(error: BaseException) -> str:
    """The traceback as Python prints it, with causes and groups, and below it the versions of the packages in it."""
    versions = [f"{name}=={version}" for name in _packages(error) if (version := _version(name))]
    facts = "\n".join((f"Python {platform.python_version()}", *versions))
    printed = traceback.format_exception(type(error), error, _without_shell(error.__traceback__))
    return f"{''.join(printed)}\n{facts}\n"


def _without_shell(trace: TracebackType | None) -> TracebackType | None:
    """The frames without those of the notebook that runs the cell, which it does not show either."""
    while trace and str(trace.tb_frame.f_globals.get("__name__")).startswith("IPython."):
        trace = trace.tb_next
    return trace


def _packages(error: BaseException) -> list[str]:
    """The packages whose code stands in the traceback or that the exceptions come from, by name."""
    modules = {module for one in _linked(error) for module in _modules(one)}
    return sorted({module.partition(".")[0] for module in modules} - sys.stdlib_module_names - _OURS)


def _linked(error: BaseException) -> Iterator[BaseException]:
    """The error with all that it came of, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [one.__cause__, None if one.__suppress_context__ else one.__context__, *members]


def _modules(error: BaseException) -> Iterator[str]:
    yield type(error).__module__
    for frame, _ in traceback.walk_tb(_without_shell(error.__traceback__)):
        if isinstance(name := frame.f_globals.get("__name__"), str):
            yield name


def _version(package: str) -> str | None:
    """What the imported package says of itself, else its metadata; None where neither is to be had."""
    module = sys.modules.get(package)
    told = vars(module).get("__version__") if isinstance(module, ModuleType) else None
    if isinstance(told, str) and told:
        return told
    from importlib.metadata import version  # takes the email package with it

    try:
        return version(package)
    except Exception:  # noqa: BLE001 - not a distribution's name, or what a broken installation left
        return None
