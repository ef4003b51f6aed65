"""Which Python environment failed, and what is installed in it: all of it read from files, nothing run or imported."""

from .installed.active import active_environment, own_environment
from .installed.environment import Environment
from .installed.located import Located, located, paths_of
from .installed.places import environment_at
from .installed.problem import Problem

__all__ = [
    "Environment",
    "Located",
    "Problem",
    "active_environment",
    "environment_at",
    "located",
    "own_environment",
    "paths_of",
]
