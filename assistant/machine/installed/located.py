"""Which environment a report comes from, by the paths in it, and whether that is on this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from ...report import Finding, Report
from .environment import Environment
from .files import is_folder, is_there
from .places import LIBRARY, PACKAGES, environment_at, is_marked

_MOST = 300
"""Paths that are looked for in a text."""
_COUNTED = 12
"""Paths whose votes count; the first weighs as much as the three after it."""
_ABSOLUTE = re.compile(r"~?/|~\\|[A-Za-z]:[/\\]")
_PASSING = re.compile(
    r"[/\\](?:pkgs[/\\][^/\\]+|pip-build-env-\w+|builds-v\d+|(?:pipx[/\\]venvs|uv[/\\]tools)[/\\]firstaid[\w-]*)[/\\]"
    r"|-packages[/\\]firstaid[/\\]"
)
"""What is built or downloaded, but not run, and firstaid itself."""
_SHARED = re.compile(r"/(?:usr|opt|root|venv|\.venv|env|app|code|workspace|content|kaggle|tmp|var)(?:/|$)")
"""Where containers have their environments, each at the same place as the next."""
_HOMES = r"(?:(?:/[\w.-]{1,32}){0,4}?/(?:home\d{0,2}|Users)|[A-Za-z]:[/\\]Users)[/\\]"
_HOME = re.compile(_HOMES + r"[^/\\]+", re.IGNORECASE)
_HIDDEN_HOME = re.compile(rf"~(?=[/\\])|{_HOMES}<[^<>/]+>", re.IGNORECASE)
_OF_USER = re.compile(r"[/\\](?:\.local|Library[/\\]Python[/\\][\d.]+|Roaming[/\\]Python)$")
_BREAK = re.compile(r"[\s\"'`|;,()\[\]{}=*?]|:(?![/\\])|(?<![A-Za-z]):|(?<=[A-Za-z][A-Za-z]):")
_IN_TEXT = re.compile(r"(?:site|dist)-packages(?=[/\\])", re.IGNORECASE)
_REST = re.compile(r"[^\s\"'`<>|:;,()\[\]{}*?]{0,300}")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a report comes from."""

    environment: Environment | None
    """None where it is not on this machine."""
    path: str
    """Its folder of packages, or its library, as the report writes it."""
    here: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """One path beneath a folder of packages."""

    folder: str
    prefix: str
    version: str | None
    below: str
    weight: float

    @property
    def home(self) -> str:
        """What all folders of one Python of Debian share."""
        return self.prefix.removesuffix("/local") if self.folder.endswith("dist-packages") else self.prefix

    @property
    def of_user(self) -> bool:
        return _OF_USER.search(self.prefix) is not None


def located(report_paths: Sequence[str]) -> Located | None:
    """Which environment the paths belong to, the most telling of which come first; None where they do not tell."""
    paths = [path for path in map(_plain, report_paths) if _ABSOLUTE.match(path) and not _PASSING.search(path)]
    matches = [match for path in paths if (match := PACKAGES.match(path))][:_COUNTED]
    if not matches:
        return _by_library(paths[:_COUNTED])
    seen = [_seen(match, rank) for rank, match in enumerate(matches)]
    chosen = _most(seen)
    environment = _on_this_machine(chosen)
    return Located(environment, chosen[0].folder, environment is not None)


def _plain(path: str) -> str:
    """Without the doubled separators of quoted paths."""
    return re.sub(r"(?<=.)\\\\", r"\\", re.sub(r"^/{2,}", "/", path))


def _seen(match: re.Match[str], rank: int) -> _Seen:
    version = match["version"] if match["version"] and "." in match["version"] else None
    return _Seen(match["folder"], match["prefix"], version, match["below"] or "", 1 / (1 + rank))


def _most(seen: Sequence[_Seen]) -> list[_Seen]:
    """The paths of the environment with most votes; what a user installed beside it belongs to it."""
    voters = [one for one in seen if not one.of_user] or list(seen)
    votes: dict[str, float] = {}
    for one in voters:
        votes[one.home] = votes.get(one.home, 0) + one.weight
    home = max(votes, key=lambda name: votes[name])
    chosen = [one for one in voters if one.home == home]
    return sorted(chosen, key=lambda one: one.version is None)


def _on_this_machine(chosen: Sequence[_Seen]) -> Environment | None:
    folder = _local(chosen[0].folder)
    is_here = is_folder(folder) and (_is_private(chosen[0]) or all(map(_is_here, chosen)))
    return environment_at(folder) if is_here else None


def _local(path: str) -> Path:
    """Where it would be here: a home and a user that are not named are taken for ours."""
    hidden = _HIDDEN_HOME.match(path)
    home = Path.home()
    return Path(f"{home}{path[hidden.end() :]}" if hidden else path.replace("<user>", home.name))


def _is_private(seen: _Seen) -> bool:
    """Whether no other machine is likely to have the same folder."""
    if seen.folder.startswith("~") or "<" in seen.folder:
        return False
    home = str(Path.home())
    if seen.folder.startswith(home + os.sep) and home != "/root":
        return True
    return not _SHARED.match(seen.folder) and (bool(_HOME.match(seen.folder)) or is_marked(Path(seen.prefix)))


def _is_here(seen: _Seen) -> bool:
    """Whether what the report names lies in this folder too."""
    top = re.split(r"[/\\]", seen.below)[0]
    return top.endswith("-info") or is_there(_local(seen.folder) / top)


def _by_library(paths: Sequence[str]) -> Located | None:
    """By Python's own library, which environments share but for conda's, by programs of an environment, by a root."""
    for path in paths:
        library = LIBRARY.match(path)
        place = library[0].rstrip("/\\") if library else path
        if _is_elsewhere(path) or (library and not is_folder(_local(place))):
            return Located(None, place, here=False)
        file = _local(path)
        if is_there(file) and any(map(is_marked, file.parents)):
            return Located(environment_at(file), place, here=True)
    return None


def _is_elsewhere(path: str) -> bool:
    """Whether its root, or the home that it names, is not on this machine: `/content`, `C:\\`, `/Users/someone`."""
    if path.startswith("~") or "<" in path:
        return False
    root = _HOME.match(path) or re.match(r"/[^/]+|[A-Za-z]:[/\\]", path)
    return root is not None and not is_folder(Path(root[0]))


def paths_of(report: Report) -> list[str]:
    """The paths of its frames, and others of installed packages in its text; those of the initiating error first."""
    first = report.initiating
    others = (finding for finding in report.findings if finding is not first)
    found = chain(
        _of_finding(report, first) if first else (), *(_of_frames(one) for one in others), _in_text(report.text)
    )
    return list(dict.fromkeys(found))


def _of_finding(report: Report, finding: Finding) -> Iterator[str]:
    start, end = report.span(finding.first, finding.last)
    return chain(_of_frames(finding), _in_text(finding.message), _in_text(report.text[start:end]))


def _of_frames(finding: Finding) -> Iterator[str]:
    """Innermost first."""
    return (frame.file for frame in reversed(finding.frames))


def _in_text(text: str) -> Iterator[str]:
    for match in islice(_IN_TEXT.finditer(text), _MOST):
        before = text[max(0, match.start() - 300) : match.start()]
        start = max((found.end() for found in _BREAK.finditer(before)), default=0)
        rest = _REST.match(text, match.end())
        if rest and _ABSOLUTE.match(before, start):  # else it began before a space, or is none
            yield before[start:] + match[0] + rest[0]
