"""`firstaid mcp`: the tools of coding agents."""

from __future__ import annotations

import signal
import sys

import click

from ...kb.errors import ExtraMissing
from .. import stderr
from .options import env_option, index_options
from .session import open_firstaid


@click.command()
@env_option
@index_options
def mcp(env: str, encoder: str, quiet: bool) -> None:
    """Answer a coding agent over the Model Context Protocol, on stdin and stdout; an agent starts it by itself."""
    from . import installed_version

    try:
        from ..mcp_server import serve
    except ImportError as error:
        raise ExtraMissing(f"the MCP server cannot start: {error}", hint="pip install 'firstaid-llm[mcp]'") from None
    if sys.stdin and sys.stdin.isatty() and not quiet:
        stderr.note("an agent speaks to this; the README shows how it is told of it. Ctrl-D ends it")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # caught, it would wait until one more line is read
    serve(open_firstaid(encoder, quiet, env), installed_version())
