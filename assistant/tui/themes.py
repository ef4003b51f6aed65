"""The two looks of the application."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="firstaid-dark",
    primary="#4fb0c6",
    secondary="#8fa3bf",
    accent="#e07a5f",
    warning="#e9b44c",
    error="#e5616b",
    success="#6cc08b",
    foreground="#d8dee9",
    background="#14181f",
    surface="#1a2029",
    panel="#232b37",
    dark=True,
    variables={"border-blurred": "#8fa3bf"},
)
LIGHT = Theme(
    name="firstaid-light",
    primary="#17708a",
    secondary="#4a5f7a",
    accent="#b3482d",
    warning="#8f5f00",
    error="#b3261e",
    success="#1f7a45",
    foreground="#1c232b",
    background="#fbfbf9",
    surface="#f2f3f0",
    panel="#e4e7e6",
    dark=False,
    variables={"border-blurred": "#4a5f7a"},
)
THEMES = (DARK, LIGHT)
