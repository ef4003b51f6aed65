"""Reads typed values out of one TOML table and remembers every fault instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of the knowledge base: where it is and what cures it."""

    file: str
    key: str
    fault: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.fault}; {self.cure}"


def closest(word: str, known: Collection[str]) -> str:
    """A cure for a word that is not in a closed list: the nearest one that is, or where the list stands."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else f"use one of: {_some(known)}"


def _some(known: Collection[str]) -> str:
    names = sorted(known)
    return ", ".join(names[:12]) + (f" … ({len(names)} in all)" if len(names) > 12 else "")


class Reader:
    """One table of a case file. Every getter returns a usable value and notes a Problem where the file has none."""

    def __init__(self, table: Mapping[str, object], file: str, where: str, problems: list[Problem]) -> None:
        self._table = table
        self._file = file
        self._where = where
        self._problems = problems
        self._seen: set[str] = set()

    def problem(self, key: str, fault: str, cure: str) -> None:
        """Notes one fault at `key` of this table."""
        self._problems.append(Problem(self._file, f"{self._where}{key}", fault, cure))

    def has(self, key: str) -> bool:
        """Whether the table has the key at all."""
        return key in self._table

    def need(self, key: str, limit: int | None = None, choices: Collection[str] | None = None) -> str:
        """A text that must be there; "" where it is not."""
        value = self.text(key, limit, choices)
        if value is None:
            if key not in self._table:
                self.problem(key, "missing", "add it")
            return ""
        return value

    def text(self, key: str, limit: int | None = None, choices: Collection[str] | None = None) -> str | None:
        """A text that may be there."""
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.problem(key, f"is {_kind(value)}, not text", "write a text in quotes")
            return None
        self._judge(key, value, limit, choices)
        return value.strip()

    def texts(
        self, key: str, *, least: int = 0, limit: int | None = None, choices: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """A list of texts, at least `least` of them."""
        value = self._get(key)
        items = [] if value is None else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            self.problem(key, "is not a list of texts", 'write it as ["one", "two"]')
            return ()
        if len(items) < least:
            self.problem(key, "missing or empty" if not items else f"has {len(items)}", f"give at least {least}")
        for item in items:
            self._judge(key, item, limit, choices)
        return tuple(item.strip() for item in items)

    def flag(self, key: str) -> bool:
        """A true or false; false where it is not there."""
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(key, f"is {_kind(value)}", "write true or false, without quotes")
        return False

    def strings(self, key: str) -> dict[str, str]:
        """An inline table whose values are texts, numbers or true/false, all taken as text."""
        value = self._get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problem(key, f"is {_kind(value)}", "write it as { name = value }")
            return {}
        return {str(name): str(item).lower() if isinstance(item, bool) else str(item) for name, item in value.items()}

    def tables(self, key: str) -> list[Reader]:
        """The readers of an array of tables ([[key]]); empty where it is not there."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"is {_kind(value)}", f"write each as its own [[{key}]] table")
            return []
        return [
            Reader(item, self._file, f"{self._where}{key}[{number}].", self._problems)
            for number, item in enumerate(value, start=1)
            if isinstance(item, dict)
        ]

    def done(self, known: Collection[str] = ()) -> None:
        """Notes every key that nobody asked for."""
        for key in self._table.keys() - self._seen:
            self.problem(key, "unknown key", closest(key, {*self._seen, *known}))

    def _get(self, key: str) -> object:
        self._seen.add(key)
        return self._table.get(key)

    def _judge(self, key: str, value: str, limit: int | None, choices: Collection[str] | None) -> None:
        if limit is not None and len(value) > limit:
            self.problem(key, f"has {len(value)} characters", f"shorten it to {limit}")
        if choices is not None and value not in choices:
            self.problem(key, f'"{value}" is not in the list', closest(value, choices))


def _kind(value: object) -> str:
    names = {
        bool: "true/false",
        int: "a number",
        float: "a number",
        str: "an empty text",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), type(value).__name__)
