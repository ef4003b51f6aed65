"""`firstaid tui`, and `firstaid` on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ...kb.errors import UsageError
from ..firstaid import open_report
from .options import env_option, index_options, llm_options


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@llm_options
@env_option
@index_options
def tui(file: Path | None, llm: bool | None, model: str | None, env: str, encoder: str, quiet: bool) -> None:
    """Open the terminal application: paste an error, read the answer. FILE is a log to begin with."""
    del quiet
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        raise UsageError("this needs a terminal", hint="in a pipe: COMMAND 2>&1 | firstaid")
    from ..tui import run

    run(_text_of(file) if file else "", encoder=encoder, env=env, llm=llm is not False, model=model)


def _text_of(file: Path) -> str:
    with open_report(file) as opened:
        return opened.read().decode("utf-8", "replace")
