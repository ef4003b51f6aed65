"""How well reports are answered: labelled reports in, measures out. Knows nothing of how the answers are made."""

from __future__ import annotations

from .baselines import BASELINES, Baseline, baseline_order
from .calibration import Bin, Calibration, calibrate
from .measures import Measures, Outcome, Share, grouped, measure, middle_and_most
from .reports import LabelledReport, fix_in, read_reports, states_fix

__all__ = [
    "BASELINES",
    "Baseline",
    "Bin",
    "Calibration",
    "LabelledReport",
    "Measures",
    "Outcome",
    "Share",
    "baseline_order",
    "calibrate",
    "fix_in",
    "grouped",
    "measure",
    "middle_and_most",
    "read_reports",
    "states_fix",
]
