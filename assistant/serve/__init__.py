"""The HTTP door: the same diagnosis over FastAPI. Imported by `firstaid serve` alone, since it needs its extra."""

from __future__ import annotations

from .app import create_app
from .settings import Settings, is_loopback
from .voice import Voice

__all__ = ["Settings", "Voice", "create_app", "is_loopback"]
