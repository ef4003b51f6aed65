"""Which tracker a report belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...kb.errors import UsageError
from ...kb.reader import closest
from ...kb.vocabulary import load_vocabulary
from ..report import Report
from ..report.stack import find_stack
from .template import GENERAL, Template, load_templates


def template_named(name: str, language: str) -> Template:
    """The template of a tracker, by its name, its repository or a package of it, in this language where there is one.

    Raises:
        UsageError: there is none of this name.
    """
    wanted = name.lower()
    found = [template for template in load_templates() if wanted in _names(template)]
    if not found:
        names = {template.name for template in load_templates()}
        raise UsageError(f'no tracker is known as "{name}"', hint=closest(wanted, names))
    return _in_language(found, language)


def template_told(report: Report) -> Template:
    """The template of what the error comes from: its frames tell first, then what the report is about."""
    named = report.stack
    general = load_vocabulary().general
    told = (*_named_by_error(report), *(name for name in named if name not in general))
    chosen = next((template for name in told for template in _of_stack(name)), None)
    if chosen is None:
        return template_named(GENERAL, report.language)
    above = (template for name in named for template in _of_stack(name) if template.name in chosen.yields_to)
    return template_named(next(above, chosen).name, report.language)


def _named_by_error(report: Report) -> tuple[str, ...]:
    return find_stack("", report.initiating) if report.initiating else ()


def _of_stack(name: str) -> Iterator[Template]:
    return (template for template in load_templates() if name in template.stack)


def _names(template: Template) -> set[str]:
    spellings = load_vocabulary().stack
    packages = (spelling for name in template.stack for spelling in spellings.get(name, (name,)))
    return {name.lower() for name in (template.name, template.repo or template.name, *template.formerly, *packages)}


def _in_language(templates: Iterable[Template], language: str) -> Template:
    return max(templates, key=lambda template: language in template.languages)
