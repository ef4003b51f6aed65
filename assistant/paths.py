"""The only place that knows where a user's files lie: XDG folders, or all under FIRSTAID_HOME."""

from __future__ import annotations

import os
from pathlib import Path


def config_file() -> Path:
    """The user's settings."""
    return _base("XDG_CONFIG_HOME", ".config", "config") / "config.toml"


def user_cases() -> Path:
    """The user's own cases, in the format of the shipped ones."""
    return _base("XDG_DATA_HOME", ".local/share", "data") / "cases"


def models_folder() -> Path:
    """The language models that were fetched, some GB each."""
    return _base("XDG_DATA_HOME", ".local/share", "data") / "models"


def index_cache() -> Path:
    """Derived data: the index and the vectors of texts embedded before. May be deleted at any time."""
    return _base("XDG_CACHE_HOME", ".cache", "cache") / "index"


def states_folder() -> Path:
    """What a language model has read of the part of its prompt that never changes. May be deleted at any time."""
    return _base("XDG_CACHE_HOME", ".cache", "cache") / "llm"


def last_report() -> Path:
    """The report diagnosed last, redacted."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "last-report.txt"


def history_file() -> Path:
    """Earlier diagnoses, redacted, as JSON lines."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "history.jsonl"


def feedback_file() -> Path:
    """Which answers helped and which did not, as JSON lines."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "feedback.jsonl"


def preferences_file() -> Path:
    """What was set in the terminal application."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "tui.json"


def runs_folder() -> Path:
    """The logs of `firstaid run`."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "runs"


def crash_folder() -> Path:
    """Reports of our own bugs."""
    return _base("XDG_STATE_HOME", ".local/state", "state") / "crashes"


def _base(variable: str, default: str, part: str) -> Path:
    moved = os.environ.get("FIRSTAID_HOME")
    if moved:
        return Path(moved).expanduser() / part
    xdg = os.environ.get(variable, "")
    # The XDG specification asks to ignore relative paths.
    return (Path(xdg) if xdg.startswith("/") else Path.home() / default) / "firstaid"
