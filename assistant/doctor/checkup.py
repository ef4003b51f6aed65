"""A machine looked over: its facts, and the conflicts among them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..diagnosis import Whereabouts
from ..evidence.place import AUTO, Choice, chosen_place
from ..machine.fact import FactGroup
from ..machine.facts import read_facts
from .examine import examine
from .finding import Finding

SCHEMA = "firstaid.doctor/1"


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything the doctor says; its fields are the JSON of schema "firstaid.doctor/1"."""

    environment: Whereabouts
    findings: list[Finding]
    """The worst first."""
    facts: list[FactGroup]
    schema: str = field(default=SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """As plain lists, dicts and texts, `schema` first."""
        data = asdict(self)
        return {"schema": data.pop("schema"), **data}


def check_up(choice: Choice = AUTO) -> Checkup:
    """Looks over this machine and one of its environments: the chosen one, else the active one."""
    place = chosen_place(choice)
    return Checkup(place.where, examine(place.environment), read_facts(place.environment))
