"""The paste-an-error terminal UI."""

from __future__ import annotations

from functools import partial


def run(
    text: str = "", *, encoder: str = "bundled", env: str = "auto", llm: bool = True, model: str | None = None
) -> None:
    """Opens the application on this terminal and returns when the user leaves it.

    Args:
        text: a report to begin with.
        encoder: as for FirstAid, and so is `env`.
        llm: whether a local model may be asked.
        model: its name or path; None: the one in use.
    """
    from .app import FirstaidApp
    from .desk import bundled_core, local_model

    FirstaidApp(partial(bundled_core, encoder, env), partial(local_model, model) if llm else None, text).run()
