"""`firstaid kb`: the knowledge base as its writers see it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ...index.similar import similar_cases
from ...kb import load, load_taxonomy, load_vocabulary
from ...kb.check import check as check_all
from ...kb.coverage import cover
from ...kb.labelled import read_labels
from ...kb.new import Prefill, draft, write_draft
from .. import stderr
from ..paths import user_cases
from ..render.data import safe_json
from ..render.stats import coverage_to_markdown
from ..report import read_report
from ..safe import one_line
from ..stderr import ExitCode
from .options import format_option
from .output import write
from .session import open_firstaid
from .show import show
from .source import source_of


@click.group()
def kb() -> None:
    """Look at, check and extend the knowledge base."""


kb.add_command(show)


@kb.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--similar", is_flag=True, help="List pairs of cases that read nearly the same, and might be one.")
def check(paths: tuple[Path, ...], similar: bool) -> None:
    """Report every fault of every case, and of the doctor's rules, at once: file, key, cure.

    With PATHS only the faults of those files or folders are shown. Your own cases are checked together with the
    shipped ones. Exit code 4 when there is a fault.
    """
    if similar:
        _list_similar()
        return
    from ..doctor import check_rules

    base = load(user_cases())
    problems = [problem for problem in (*check_all(base), *check_rules()) if _below(problem.file, paths)]
    if problems:
        write("\n".join(str(problem) for problem in problems))
    stderr.note(f"{len(base.files)} cases, {len(problems)} faults")
    if problems:
        raise click.exceptions.Exit(ExitCode.KNOWLEDGE_BASE)


_ALIKE = 0.72
"""Similarity from which two cases are worth reading side by side."""


def _list_similar() -> None:
    pairs = similar_cases(open_firstaid("bundled", quiet=False).searcher.folder, _ALIKE)
    if pairs:
        write("\n".join(f"{score:.2f}  {one}  {other}" for score, one, other in pairs))
    stderr.note(f"{len(pairs)} pairs of cases read alike; merge them, or tell them apart by see_also and miss samples")


def _below(file: str, paths: tuple[Path, ...]) -> bool:
    resolved = Path(file).resolve()
    return not paths or any(resolved.is_relative_to(path.resolve()) for path in paths)


@kb.command("list")
@click.option("--stack", help="Only cases of this program or library.")
@click.option("--label", help="Only cases whose symptom or root cause contains this.")
@click.option("--mine", is_flag=True, help="Only your own cases.")
def list_cases(stack: str | None, label: str | None, mine: bool) -> None:
    """List the cases: id and title."""
    base = load(user_cases())
    wanted = [
        case
        for case in base.cases.values()
        if not (mine and base.files[case.id].shipped)
        and (stack is None or stack.lower() in case.stack)
        and (label is None or label.lower() in f"{case.symptom}\n{case.root_cause}".lower())
    ]
    if wanted:
        write("\n".join(f"{case.id}\t{one_line(case.title)}" for case in wanted))
    for problem in base.problems:
        stderr.note(f"left out: {problem}")


@kb.command()
@click.argument("case")
@click.option("--from", "report", type=click.Path(path_type=Path), help="Fill it from this report (- for stdin).")
def new(case: str, report: Path | None) -> None:
    """Start a case of your own: a commented file, empty or filled from a report.

    CASE becomes its id. The file is written to your own cases, never over one that is there; its path is printed.
    """
    prefill = _prefill(report) if report else None
    path = write_draft(user_cases(), case, draft(prefill))
    write(str(path))
    stderr.note("fill it in, then: firstaid kb check")


def _prefill(path: Path) -> Prefill:
    with source_of(path) as file:
        report = read_report(file)
    error = report.initiating
    shown_lines = [line.text for line in report.lines if error is None or error.first <= line.number <= error.last]
    return Prefill(
        title=f"{error.name}: {error.message}" if error else "",
        stage=[report.stage] if report.stage else [],
        stack=report.stack[:3],
        error=f"{error.name}: {error.message.splitlines()[0] if error.message else ''}" if error else "",
        sample="\n".join(shown_lines),
    )


@kb.command()
def labels() -> None:
    """List the closed lists: symptoms, root causes and stages with their meaning, and the names of the stack."""
    taxonomy, vocabulary = load_taxonomy(), load_vocabulary()
    parts = {"symptom": taxonomy.symptom, "root_cause": taxonomy.root_cause, "stage": taxonomy.stage}
    names = {
        "stack": sorted(vocabulary.stack),
        "models": sorted(vocabulary.model),
        "platform": sorted(vocabulary.platform),
    }
    blocks = [f"{part}\n" + "\n".join(f"  {label}\n      {meaning}" for label, meaning in meanings.items())
              for part, meanings in parts.items()]  # fmt: skip
    blocks += [f"{part}\n  {', '.join(found)}" for part, found in names.items()]
    write("\n\n".join(blocks))


@kb.command()
@click.argument("labels", type=click.Path(path_type=Path))
@format_option
def coverage(labels: Path, format_: str) -> None:
    """Say how many of the failures in LABELS are incidents of a case, and how well the labels agree.

    LABELS is a file of JSON lines with url, symptom, root_cause and stage.
    """
    found = cover(load(user_cases()), read_labels(labels))
    if format_ == "json":
        write(safe_json(asdict(found), indent=2))
    else:
        write(coverage_to_markdown(found))
