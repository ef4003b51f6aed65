"""`firstaid run`: runs a command, and diagnoses it when it fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from .. import stderr
from .options import env_option, format_option, index_options, llm_options, top_option, verbose_option

if TYPE_CHECKING:
    from ..wrap.run import Ended
    from ..wrap.watch import Watch

_OWN = frozenset({"watch"})
"""Options that `diagnose` does not have."""


@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--watch",
    multiple=True,
    metavar="PATTERN",
    help="Diagnose once when a line matches this regular expression (RE2), while COMMAND goes on; "
    '"default" stands for the usual signs of an error.',
)
@llm_options
@format_option
@top_option
@verbose_option
@env_option
@index_options
@click.pass_context
def run(
    ctx: click.Context,
    command: tuple[str, ...],
    watch: tuple[str, ...],
    llm: bool | None,
    format_: str,
    quiet: bool,
    **_passed_on: object,
) -> None:
    """Run COMMAND as it would run without firstaid; if it fails, say on stderr what is wrong.

    On a terminal it runs in a terminal of its own, so that colours, bars and prompts stay; elsewhere its stdout and
    stderr stay apart. Its exit code, or the signal that killed it, is ours. What it prints is kept for `firstaid last`.
    """
    if os.name != "posix":
        from ...kb.errors import UsageError

        raise UsageError("firstaid run needs Linux or macOS", hint="here: COMMAND 2>&1 | firstaid")
    from ..wrap.run import Ended
    from ..wrap.run import run as run_to_end

    options = _of_diagnose(ctx)
    early = ctx.obj if isinstance(ctx.obj, Ended) else None
    # While a server goes on a model would take its memory and time, so there it must be asked for.
    beside = options if llm else [*options, "--no-llm"]
    ended = early or run_to_end(command, _watch(watch), beside)
    if ended.failed and ended.log:
        _tell(ended, ended.log, options, format_, quiet=quiet)
    if not early:
        ctx.exit(ended.leave())


def _watch(patterns: tuple[str, ...]) -> Watch | None:
    if not patterns:
        return None
    from ..wrap.watch import Watch

    return Watch(patterns)


def _of_diagnose(ctx: click.Context) -> list[str]:
    """The options given here, for `firstaid diagnose`; what else is set it finds itself."""
    words: list[str] = []
    for option in ctx.command.params:
        given = ctx.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if isinstance(option, click.Option) and given and option.name not in _OWN:
            value = ctx.params[option.name or ""]
            if option.is_flag:
                words.append((option.opts if value else option.secondary_opts)[-1])
            else:
                words += [option.opts[-1], str(value)]
    return words


def _tell(ended: Ended, log: Path, options: list[str], format_: str, *, quiet: bool) -> None:
    """Diagnoses, and says where the log lies; JSON stands alone."""
    if ended.printed or ended.signal or format_ == "json":
        from ..wrap.diagnosing import diagnose_to_stderr

        diagnose_to_stderr(options, log)
    if not quiet and format_ != "json":
        how = f"killed by {ended.signal.name}" if ended.signal else f"exit code {ended.exit_code}"
        silent = "" if ended.printed else ", and nothing was printed"
        stderr.note(f"{how}{silent}; the log: {log} (once more: firstaid last)")
