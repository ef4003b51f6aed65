"""`firstaid index`: the derived data behind the answers."""

from __future__ import annotations

import click

from ...index import Notices, rebuild
from ...index.store import read_manifest
from .. import stderr
from ..render.data import safe_json
from .options import index_options
from .output import write
from .session import open_firstaid, progress_bar


@click.group()
def index() -> None:
    """Build the index, or say what it holds. It is built by itself on first use."""


@index.command()
@index_options
def build(encoder: str, quiet: bool) -> None:
    """Build the index anew, even if there is one."""
    notices = Notices() if quiet else Notices(note=stderr.note, progress=progress_bar())
    folder = rebuild(open_firstaid(encoder, quiet).library, notices)
    write(str(folder))


@index.command()
@index_options
def info(encoder: str, quiet: bool) -> None:
    """Say where the index lies and what it was made of, as JSON."""
    folder = open_firstaid(encoder, quiet).searcher.folder
    write(safe_json({"folder": str(folder), **read_manifest(folder)}, indent=2))
