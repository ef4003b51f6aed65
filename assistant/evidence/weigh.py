"""How much evidence moves a case: what is confirmed raises it, what is contradicted lowers it.

Logits are added to the ranking's own, so that a case that nothing else speaks for is not made an answer by evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...kb import Check
from ..diagnosis import Evidence, FoundBy

_CONFIRMED, _CONTRADICTED = 0.7, -2.5
_DECIDING = 1.6
"""Times as much where the check alone settles the case."""
_ASSUMED = 0.5
"""Of an environment that is only taken for the one that failed."""


def shift(checks: Sequence[Check], evidence: Sequence[Evidence], found_by: FoundBy | None) -> float:
    """What to add to the logit of a case: its strongest evidence, or nothing where some is for it and some against.

    Several checks of one case mostly say the same in other words, so they do not add up; checks that disagree are
    mostly of alternatives, of which one is enough.

    Args:
        checks: those of the case that concern the report, each with its evidence.
        evidence: what is known of each.
        found_by: how the environment was found; None where there is none.
    """
    weights = [
        _weight(one) * (_DECIDING if check.decides else 1.0) * (_ASSUMED if _assumed(one, found_by) else 1.0)
        for check, one in zip(checks, evidence, strict=True)
    ]
    strongest, weakest = max((*weights, 0.0)), min((*weights, 0.0))
    return 0.0 if strongest and weakest else strongest + weakest


def denied(checks: Sequence[Check], evidence: Sequence[Evidence], found_by: FoundBy | None) -> bool:
    """Whether facts speak against a case, and none for it, so that it cannot be sure.

    Where a check that decides is known, only such checks count; what is read from an environment that is only taken
    for the one that failed never does. The arguments are those of `shift`.
    """
    known = [(check, one) for check, one in zip(checks, evidence, strict=True) if not _assumed(one, found_by)]
    deciding = {one.status for check, one in known if check.decides} - {"unknown"}
    statuses = deciding or {one.status for _, one in known}
    return "contradicted" in statuses and "confirmed" not in statuses


def _weight(evidence: Evidence) -> float:
    return {"confirmed": _CONFIRMED, "contradicted": _CONTRADICTED, "unknown": 0.0}[evidence.status]


def _assumed(evidence: Evidence, found_by: FoundBy | None) -> bool:
    return evidence.source == "machine" and found_by == "active"
