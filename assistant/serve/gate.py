"""Who may come in: clients that call the server by its own name, and know its token."""

from __future__ import annotations

import hmac
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .problems import Refused, refusal
from .settings import Settings

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]/@\s]+))(?::\d+)?", re.I)
_OPEN = frozenset({"/", "/docs", "/openapi.json", "/healthz"})
_OPEN_FOLDERS = ("/assets/", "/docs/")
"""What holds nothing of anyone, and what a browser asks for before a person can give the token."""


class Gate:
    """Refuses wrong hosts (against DNS rebinding), pages of other sites, and who does not know the token."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it here."""
        if scope["type"] == "http":
            try:
                self._check(Headers(scope=scope), scope["path"])
            except Refused as refused:
                await refusal(refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, headers: Headers, path: str) -> None:
        if not self._settings.knows(host_of(headers.get("host", ""))):
            raise Refused(421, "the server does not go by this name", "firstaid serve --allow-host NAME")
        origin = headers.get("origin")
        if origin and origin.partition("://")[2] != headers.get("host"):
            raise Refused(403, "pages of other sites may not ask", "call the server without an Origin header")
        if self._settings.token and not (path in _OPEN or path.startswith(_OPEN_FOLDERS)):
            self._check_token(headers.get("authorization", ""), self._settings.token)

    def _check_token(self, authorization: str, token: str) -> None:
        scheme, _, given = authorization.partition(" ")
        # Headers arrive as Latin-1; a token may be any UTF-8.
        right = hmac.compare_digest(given.strip().encode("latin-1", "replace"), token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Refused(
                401, "the token is missing or wrong", "Authorization: Bearer TOKEN", www_authenticate="Bearer"
            )


def host_of(header: str) -> str:
    """The name or address of a Host header, lower-case, without its port; empty where it is malformed."""
    found = _HOST.fullmatch(header)
    return (found[1] or found[2]).lower() if found else ""
