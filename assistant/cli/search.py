"""`firstaid search`: the cases nearest to a question."""

from __future__ import annotations

from dataclasses import asdict

import click

from ...kb.errors import UsageError
from ..render.cases import to_table
from ..render.data import safe_json
from ..render.screen import Screen
from ..stderr import ExitCode
from .options import format_option, index_options, top_option
from .output import write
from .session import open_firstaid


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when nothing was found.")
@format_option
@top_option
@index_options
def search(words: tuple[str, ...], exit_code: bool, format_: str, top: int, encoder: str, quiet: bool) -> None:
    """List the cases nearest to WORDS: an error line, an error code or a question, in English or Chinese."""
    query = " ".join(words)
    if not query.strip():
        raise UsageError("nothing to search for", hint="firstaid search 'CUDA out of memory while loading'")
    firstaid = open_firstaid(encoder, quiet)
    cases = firstaid.found(query, top=top)
    if format_ == "json":
        write(safe_json([{"score": round(hit.score, 3), **asdict(case)} for hit, case in cases], indent=2))
    else:
        write(to_table(cases, Screen.of_stdout(), markdown=format_ == "md"))
    if exit_code and not cases:
        raise click.exceptions.Exit(ExitCode.NOTHING_FOUND)
