"""Which answers helped and which did not, as users say; kept on this machine only, without the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .diagnosis import Diagnosis
from .history import error_of, now
from .paths import feedback_file
from .private_file import append_line
from .report import Report


class Feedback:
    """The opinions in a file, one a line."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or feedback_file()

    def add(self, report: Report, diagnosis: Diagnosis, case_id: str, helped: bool) -> bool:
        """Keeps an opinion on a case of a diagnosis; tells whether it could be written."""
        score = next((case.score for case in diagnosis.cases if case.id == case_id), None)
        opinion = {
            "when": now(),
            "case": case_id,
            "verdict": diagnosis.verdict,
            "score": score,
            "helped": helped,
            "error": error_of(report),
        }
        try:
            append_line(self.file, json.dumps(opinion, ensure_ascii=False))
        except OSError:
            return False
        return True

    def of(self, case_id: str) -> bool | None:
        """What was said of a case last; None where nothing was."""
        said = [opinion["helped"] for opinion in self._opinions() if opinion.get("case") == case_id]
        return bool(said[-1]) if said else None

    def unhelpful(self, report: Report) -> list[str]:
        """The cases of which was said last that they do not help with the error of this report."""
        error = error_of(report)
        said = {opinion.get("case"): opinion["helped"] for opinion in self._opinions() if opinion.get("error") == error}
        return [str(case) for case, helped in said.items() if case and not helped] if error else []

    def _opinions(self) -> list[dict[str, Any]]:
        try:
            lines = self.file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
        parsed = [_parsed(line) for line in lines if line]
        return [opinion for opinion in parsed if "helped" in opinion]


def _parsed(line: str) -> dict[str, Any]:
    try:
        opinion = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return opinion if isinstance(opinion, dict) else {}
