"""All that is known beside one report, and what it does to the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...index import Hit, Ranking, Searcher, shifted
from ...kb import Case, Check
from ..diagnosis import Evidence, FoundBy, Whereabouts
from ..machine.limits import Probe
from ..report import Report
from .checks import concerning, evaluate
from .facts import Facts, Source
from .place import Place
from .report_source import ReportSource
from .weigh import denied, shift

_WEIGHED = 10
"""So many cases at the top are weighed by evidence; what stands lower it would not lift to the answer."""
_LEAST = 0.005
"""Cases less probable than that neither."""
_LIMIT = 1.5
"""Seconds after reading the report in which its environment must be found: milliseconds on a disk that answers."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The sources of facts for one report."""

    sources: Sequence[Source]
    machine: Source | None
    """That of them which says what is so now."""
    where: Whereabouts | None
    """None where evidence is sought in the report alone."""

    @property
    def assumed(self) -> bool:
        """Whether the environment is only taken for the one that failed."""
        return self.where is not None and self.where.found_by == "active"

    def facts(self, hit: Hit) -> Facts:
        """With what the signatures of a case captured."""
        captured: dict[str, str] = {}
        for match in hit.matches:
            captured |= match.groups
        return Facts(self.sources, captured)

    def weighed(self, ranking: Ranking, searcher: Searcher) -> Ranking:
        """The ranking, with the cases raised that facts confirm and those lowered that they contradict."""
        hits = [hit for hit in ranking.hits[:_WEIGHED] if hit.score >= _LEAST]
        return shifted(
            ranking, {hit.id: shift(*self._evidence(hit, case)) for hit in hits if (case := searcher.case(hit.id))}
        )

    def denies(self, hit: Hit, case: Case) -> bool:
        """Whether facts speak against a case and none for it."""
        return denied(*self._evidence(hit, case))

    def _evidence(self, hit: Hit, case: Case) -> tuple[Sequence[Check], Sequence[Evidence], FoundBy | None]:
        facts = self.facts(hit)
        checks = concerning(case.checks, facts)
        return checks, evaluate(checks, facts), self.where.found_by if self.where else None


def gathered(report: Report, placing: Probe[Place | None] | None) -> Knowledge:
    """What is known beside a report.

    Args:
        report: the report, whose own facts come first: they are of the failure.
        placing: the search for the environment that it is of; None to read nothing of this machine.
    """
    own = ReportSource(report)
    if placing is None:
        return Knowledge((own,), None, None)
    from .machine_source import MachineSource  # a report that is looked at alone does not need it

    place = _in_time(placing)
    if place is None or not place.where.here:  # of a report from elsewhere this machine knows nothing
        return Knowledge((own,), None, place.where if place else None)
    machine = MachineSource(place.environment, report)
    return Knowledge((own, machine), machine, place.where)


def _in_time(placing: Probe[Place | None]) -> Place | None:
    """The environment; None where it is not known, cannot be read, or hangs."""
    try:
        return placing.within(_LIMIT)
    except Exception:  # noqa: BLE001 - a broken installation or a lost disk is what people come here for
        return None
