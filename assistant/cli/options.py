"""Options that several commands share; each can be set by flag, FIRSTAID_* variable or the settings file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("auto", "text", "md", "json")


def format_option(command: F) -> F:
    """--format: how the answer is written."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="auto",
        show_default=True,
        envvar="FIRSTAID_FORMAT",
        help="auto is text, coloured on a terminal.",
    )(command)


def top_option(command: F) -> F:
    """--top: how many cases."""
    return click.option(
        "--top",
        type=click.IntRange(1, 50),
        default=5,
        show_default=True,
        envvar="FIRSTAID_TOP",
        help="Answer with at most so many cases.",
    )(command)


def index_options(command: F) -> F:
    """--encoder, --quiet: how the index is opened."""
    command = click.option(
        "--encoder",
        default="bundled",
        show_default=True,
        envvar="FIRSTAID_ENCODER",
        metavar="SPEC",
        help="bundled, or sentence-transformers:NAME-OR-PATH.",
    )(command)
    return quiet_option(command)


def quiet_option(command: F) -> F:
    """-q: nothing on stderr but errors."""
    return click.option(
        "-q", "--quiet", is_flag=True, envvar="FIRSTAID_QUIET", help="No notes and no progress on stderr."
    )(command)


def model_option(command: F) -> F:
    """--model: which model."""
    return click.option(
        "--model", envvar="FIRSTAID_MODEL", metavar="SPEC", help="A name of `firstaid model list`, or a GGUF file."
    )(command)


def llm_options(command: F) -> F:
    """--llm/--no-llm, --model: whether and with which model the answer is put in the user's terms."""
    command = model_option(command)
    return click.option(
        "--llm/--no-llm",
        default=None,
        envvar="FIRSTAID_LLM",
        help="Put the answer in your terms with a local model. By default on a terminal, if one is here.",
    )(command)


def env_option(command: F) -> F:
    """--env: where evidence is read."""
    return click.option(
        "--env",
        default="auto",
        show_default=True,
        envvar="FIRSTAID_ENV",
        metavar="PATH|auto|none",
        help="The Python environment that failed. auto: as the report tells, else the active one; none: look at the "
        "report alone.",
    )(command)


def verbose_option(command: F) -> F:
    """-v: everything a case holds."""
    return click.option(
        "-v", "--verbose", is_flag=True, envvar="FIRSTAID_VERBOSE", help="All fixes, warnings, evidence and sources."
    )(command)
