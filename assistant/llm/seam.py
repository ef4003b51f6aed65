"""What a language model is to the rest of the program: one method, so that tests can put another in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is told: the same `system` every time, so that its state can be kept, and `data` that is not."""

    system: str
    data: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took. Tokens of the prompt that were not in the kept state, and seconds until the first token."""

    prompt_tokens: int
    kept_tokens: int
    tokens: int
    first: float
    total: float
    """Seconds in all, from the request on."""


class LanguageModel(Protocol):
    """A model that continues a prompt."""

    @property
    def name(self) -> str:
        """What is named beside its answers."""
        ...

    def generate(self, prompt: Prompt, grammar: str, limit: int) -> Iterator[str]:
        """The text in pieces as they come, within a grammar (GBNF), of at most `limit` tokens.

        Closing the iterator stops the model at once.

        Raises:
            ModelError: the model cannot be loaded, or broke down.
        """
        ...
