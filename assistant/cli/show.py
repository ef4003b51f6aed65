"""`firstaid show`: one case in full."""

from __future__ import annotations

from dataclasses import asdict

import click

from ...kb import KnowledgeBase, load
from ...kb.errors import UsageError
from ...kb.reader import closest
from ..diagnose import as_found
from ..paths import user_cases
from ..render.data import safe_json
from ..render.screen import Screen
from .options import format_option
from .output import write


@click.command()
@click.argument("case")
@format_option
def show(case: str, format_: str) -> None:
    """Show CASE in full: cause, all fixes, what does not help, look-alikes, sources."""
    base = load(user_cases())
    found = base.get(case)
    if found is None:
        raise UsageError(f'there is no case "{case}"', context=_fault(base, case), hint=closest(case, base.cases))
    if format_ == "json":
        write(safe_json(asdict(found), indent=2))
    elif format_ == "md":
        from ..render.markdown import case_to_markdown  # each form is imported when it is asked for

        write(case_to_markdown(as_found(found)))
    else:
        from ..render.text import case_to_text

        screen = Screen.of_stdout(verbose=True)
        write(case_to_text(as_found(found), screen), styled=screen.colour)


def _fault(base: KnowledgeBase, case: str) -> str | None:
    """Why a case that has a file cannot be shown."""
    if case not in base.files:
        return None
    faults = [str(problem) for problem in base.problems if case in problem.file]
    return faults[0] if faults else None
