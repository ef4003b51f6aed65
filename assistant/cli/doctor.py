"""`firstaid doctor`: what this machine has, and every known conflict, without any error given."""

from __future__ import annotations

import click

from ..stderr import ExitCode
from .options import env_option, format_option
from .output import write


@click.command()
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something is broken or risky.")
@env_option
@format_option
def doctor(exit_code: bool, env: str, format_: str) -> None:
    """Look this machine over: system, GPUs, packages, caches, and every known conflict among them.

    Nothing is imported or run from the environment that is looked at; what cannot be read is "unknown".
    """
    from ..doctor import check_up
    from ..evidence import choice_of
    from ..render.screen import Screen

    found = check_up(choice_of(env))
    if format_ == "json":
        from ..render.data import safe_json

        write(safe_json(found.to_dict(), indent=2))
    else:
        from ..render.doctor import checkup_to_markdown, checkup_to_text

        screen = Screen.of_stdout()
        text = checkup_to_markdown(found) if format_ == "md" else checkup_to_text(found, screen)
        write(text, styled=format_ != "md" and screen.colour)
    if exit_code and any(finding.severity != "limited" for finding in found.findings):
        raise click.exceptions.Exit(ExitCode.NOTHING_FOUND)
