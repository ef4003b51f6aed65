"""A bug report that can be posted: without secrets, in the order of the tracker it is for, short enough for it."""

from __future__ import annotations

from .choose import template_named, template_told
from .material import Material
from .posting import posting_note
from .run import Run, run_of
from .write import bug_report

__all__ = ["Material", "Run", "bug_report", "posting_note", "run_of", "template_named", "template_told"]
