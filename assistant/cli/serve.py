"""`firstaid serve`: the HTTP door."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import click

from ...kb.errors import ExtraMissing, ModelError
from .. import stderr
from ..paths import models_folder
from .llm import asked_for
from .options import env_option, index_options, llm_options
from .session import open_firstaid

if TYPE_CHECKING:
    from ..serve import Voice

_MEGABYTE = 1_000_000


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8321, show_default=True, help="0 takes any that is free."
)
@click.option(
    "--token",
    envvar="FIRSTAID_TOKEN",
    metavar="TEXT",
    help="Asked of every client; needed to listen beyond this machine. Better set as FIRSTAID_TOKEN: others see flags.",
)
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name clients may call the server by.")
@click.option(
    "--max-body", type=click.FloatRange(0.001, 1000), default=20, show_default=True, metavar="MB", help="A request."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Until a request is answered or given up.",
)
@click.option(
    "--queue", type=click.IntRange(0, 10_000), default=64, show_default=True, help="So many requests may wait."
)
@llm_options
@env_option
@index_options
def serve(
    host: str,
    port: int,
    token: str | None,
    allow_host: tuple[str, ...],
    max_body: float,
    timeout: float,
    queue: int,
    llm: bool | None,
    model: str | None,
    env: str,
    encoder: str,
    quiet: bool,
) -> None:
    """Answer over HTTP: a page to paste reports into at /, the interface described at /docs.

    It listens on this machine alone unless told otherwise, and then asks for a token. Ctrl-C ends it once the running
    requests are answered.
    """
    _need_extra()
    from ..serve import Settings, create_app, is_loopback
    from ..serve.running import listen, url_of
    from ..serve.running import serve as run

    settings = Settings(
        host=host,
        port=port,
        token=token or None,
        names=frozenset(name.lower() for name in allow_host),
        max_body=int(max_body * _MEGABYTE),
        timeout=timeout,
        queue=queue,
    )
    voice = _voice(asked_for(llm), model)
    listening = listen(settings)
    # Reports that come from other machines are of other environments, unless it is said that they are not.
    firstaid = open_firstaid(encoder, quiet, "none" if env == "auto" and not is_loopback(host) else env)
    _ = firstaid.searcher  # a faulty index is told now, not to the first client
    stderr.note(f"listening on {url_of(listening)}")
    run(create_app(firstaid, settings, voice), listening, timeout)


def _need_extra() -> None:
    try:
        import_module("...serve.running", __name__)
    except ImportError as missing:
        raise ExtraMissing(
            f"{missing.name or missing} does not import", hint="pip install 'firstaid-llm[serve]'"
        ) from missing


def _voice(asked: bool | None, spec: str | None) -> Voice | None:
    """The model that may speak: what is asked for must be there, else it speaks where one is."""
    if asked is False:
        return None
    from ..llm.local import need_runtime, open_local
    from ..models import ModelStore
    from ..serve import Voice

    try:
        _ = ModelStore(models_folder()).wanted(spec)
        need_runtime()
    except (ExtraMissing, ModelError):
        if asked:
            raise
        return None
    return Voice(partial(open_local, spec))
