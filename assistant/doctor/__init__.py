"""What is wrong with a machine before anything has failed: its facts against the table of known conflicts."""

from __future__ import annotations

from .checkup import Checkup, check_up
from .examine import examine
from .finding import Finding
from .rules import Rule, check_rules, load_rules

__all__ = ["Checkup", "Finding", "Rule", "check_rules", "check_up", "examine", "load_rules"]
