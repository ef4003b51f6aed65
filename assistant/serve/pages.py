"""The page at / and the pages of the documentation, all without a network."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

_OWN = Path(__file__).parent / "assets"
_SWAGGER = Path(fastapi_offline.__file__).parent / "static"


def install_pages(app: FastAPI) -> None:
    """Adds the pages and what they load."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page() -> FileResponse:
        return FileResponse(_OWN / "page.html")

    @router.get("/docs")
    async def docs() -> FileResponse:
        return FileResponse(_OWN / "docs.html")

    app.include_router(router)
    app.mount("/docs/assets", StaticFiles(directory=_SWAGGER), "swagger")
    app.mount("/assets", StaticFiles(directory=_OWN), "assets")
