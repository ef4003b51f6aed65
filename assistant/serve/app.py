"""The application: routes, rings around them, and its documentation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.middleware import Middleware

from ..cli import installed_version
from ..firstaid import FirstAid
from .browsing import browsing
from .diagnosing import diagnosing
from .gate import Gate
from .guard import Guard
from .metrics import Measured
from .pages import install_pages
from .problems import Problem, install_handlers
from .schema import Health
from .service import Service
from .settings import Settings
from .voice import Voice

_ABOUT = "First aid for people who run and fine-tune open-source LLMs: an error in, a sourced diagnosis out, offline."
_STRANGERS = {
    401: "The token is missing or wrong.",
    403: "A page of another site asks.",
    421: "The server does not go by the name in Host.",
}
_SILENT = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI would report to whatever OpenTelemetry finds in the environment."""


def create_app(firstaid: FirstAid, settings: Settings, voice: Voice | None = None) -> FastAPI:
    """The HTTP door over an opened core; without a voice no answer is put in the user's terms."""
    service = Service(firstaid, settings, voice)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        if voice:
            voice.close()

    options: dict[str, Any] = {"telemetry": _SILENT}
    app = FastAPI(
        title="firstaid",
        description=_ABOUT,
        version=installed_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses={status: {"model": Problem, "description": meaning} for status, meaning in _STRANGERS.items()},
        middleware=[
            Middleware(Measured, metrics=service.metrics),
            Middleware(Guard),
            Middleware(Gate, settings=settings),
        ],
        **options,
    )
    install_handlers(app)
    app.include_router(diagnosing(service))
    app.include_router(browsing(service))
    _add_state(app, service)
    install_pages(app)
    _describe(app, settings)
    return app


def _add_state(app: FastAPI, service: Service) -> None:
    @app.get("/healthz")
    async def healthz() -> Health:
        """Whether the server answers; asks for no token."""
        return Health("ok", app.version)

    @app.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE_LATEST: {}}}})
    async def metrics() -> Response:
        """Requests, times, queue and verdicts in the Prometheus text format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _describe(app: FastAPI, settings: Settings) -> None:
    """The OpenAPI document, with the token where one is asked for."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema and settings.token:
            document = plain()
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
        return plain()

    app.openapi = openapi
