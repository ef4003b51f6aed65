"""`firstaid run COMMAND` without options: started before the command line is imported, which takes 25 ms."""

from __future__ import annotations

import os
from collections.abc import Sequence

from .run import Ended, run


def run_early(words: Sequence[str]) -> Ended | None:
    """Runs what follows `firstaid run`; None where that begins with an option, or is nothing."""
    command = tuple(words[1:] if words[:1] == ["--"] else words)
    if os.name != "posix" or not command or (words[0] != "--" and words[0].startswith("-")):
        return None
    return run(command)
