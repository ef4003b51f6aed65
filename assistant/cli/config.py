"""Settings from the user's file. A flag beats a FIRSTAID_* variable, which beats the file, which beats the default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..paths import config_file

if TYPE_CHECKING:
    from pathlib import Path

    from ...kb.errors import FirstaidError

KEYS = frozenset({"format", "top", "env", "encoder", "quiet", "verbose", "llm", "model"})
"""The options that may stand in the file, under their long names."""
_PARAMETERS = {"format": "format_"}
"""Where the name of an option is not that of its parameter."""


def default_map(commands: Iterable[str]) -> dict[str, Any]:
    """The file's settings in the shape click wants, the same for every command.

    Raises:
        UsageError: the file is not TOML, or sets something that is no option.
    """
    settings = {_PARAMETERS.get(key, key): value for key, value in _read().items()}
    return {command: dict(settings) for command in commands}


def _read() -> dict[str, Any]:
    path = config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    return _parsed(text, path)


def _parsed(text: str, path: Path) -> dict[str, Any]:
    import tomli  # few have settings, and a start without them need not wait for it

    try:
        settings = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise _unreadable(path, error) from None
    unknown = sorted(settings.keys() - KEYS)
    if unknown:
        from ...kb.errors import UsageError

        raise UsageError(
            f"unknown setting: {', '.join(unknown)}", context=str(path), hint=f"known are {', '.join(sorted(KEYS))}"
        )
    return settings


def _unreadable(path: Path, error: Exception) -> FirstaidError:
    from ...kb.errors import UsageError

    return UsageError("the settings cannot be read", context=f"{path}: {error}", hint="mend or remove the file")
