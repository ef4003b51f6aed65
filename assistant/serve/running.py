"""Runs the application on a socket until it is told to stop."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from ...kb.errors import UsageError
from .settings import Settings

_BACKLOG = 512


def listen(settings: Settings) -> socket.socket:
    """A socket that clients can connect to from now on.

    Raises:
        UsageError: the address is not this machine's, or is taken.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {settings.host}, port {settings.port}: {error.strerror}",
            hint="--port 0 takes any free port; --host takes an address of this machine",
        ) from None


def url_of(listening: socket.socket) -> str:
    """What to give a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, listening: socket.socket, timeout: float) -> None:
    """Answers until SIGTERM or SIGINT; running requests are answered first, for as long as one may take.

    Raises:
        KeyboardInterrupt: it was SIGINT.
    """
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # nothing of a request is ever logged
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=int(timeout) + 1,
    )
    with _terminated_quietly():
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _terminated_quietly() -> Iterator[None]:
    """uvicorn sends itself the signal that stopped it once more at the end: SIGTERM must then end nothing."""

    def ignore(_signal: int, _frame: FrameType | None) -> None:
        pass

    before = signal.signal(signal.SIGTERM, ignore)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
