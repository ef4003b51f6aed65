"""The command line: parses, calls the core, writes. No command is imported before it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module

import click
from click_default_group import DefaultGroup

from .config import default_map

COMMANDS = {
    "ask": "ask:ask",
    "diagnose": "diagnose:diagnose",
    "doctor": "doctor:doctor",
    "eval": "evaluate:evaluate",
    "index": "index:index",
    "kb": "kb:kb",
    "last": "last:last",
    "mcp": "mcp:mcp",
    "model": "model:model",
    "report": "report:report",
    "run": "run:run",
    "search": "search:search",
    "serve": "serve:serve",
    "show": "show:show",
    "stats": "stats:stats",
    "tui": "tui:tui",
}


_DEFAULT = "diagnose"


class LazyGroup(DefaultGroup):
    """Commands by name, imported when used; a file name or a pipe in their place is diagnosed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names shown by --help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; any other word is the first argument of `diagnose`."""
        if cmd_name not in COMMANDS:
            ctx.arg0 = cmd_name  # type: ignore[attr-defined] - where DefaultGroup looks for it
            cmd_name = _DEFAULT
        module, attribute = COMMANDS[cmd_name].split(":")
        return getattr(import_module(f".{module}", __name__), attribute)


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"firstaid {installed_version()}")
        ctx.exit()


def installed_version() -> str:
    """The version of the installed distribution; "unknown" when run from a bare checkout."""
    from importlib.metadata import PackageNotFoundError, version  # takes the email package with it

    try:
        return version("firstaid-llm")
    except PackageNotFoundError:
        return "unknown"


@click.group(
    cls=LazyGroup,
    default=_DEFAULT,
    default_if_no_args=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """First aid for people who run and fine-tune open-source LLMs.

    Pipe a failing command in (python train.py 2>&1 | firstaid) or name a log (firstaid server.log): offline, in under a
    second, you learn what is wrong, why, the fix, how sure it is, and which past failures say so.
    """
    ctx.default_map = default_map(COMMANDS)
    if ctx.invoked_subcommand == "diagnose" and len(sys.argv) == 1 and _at_a_terminal():
        from .tui import tui

        with tui.make_context("tui", [], parent=ctx) as opened:  # ctx.invoke would not look at the settings
            ctx.exit(tui.invoke(opened))


def _at_a_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())
