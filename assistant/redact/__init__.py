"""Takes out of a text what nobody but its owner should see, before it is kept anywhere or leaves in an export."""

from __future__ import annotations

from .command import redacted_command
from .log import redacted_log
from .text import redacted

__all__ = ["redacted", "redacted_command", "redacted_log"]
