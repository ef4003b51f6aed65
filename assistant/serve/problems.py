"""Every refusal in one shape: {"error": {"message", "hint"}}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ...kb.errors import FirstaidError, UsageError
from ..render.data import safe_json
from ..safe import one_line

GONE = 499
"""As nginx has it: the client left before there was an answer."""
_HINTS = {404: "GET /docs lists what there is", 405: "GET /docs lists what there is"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and its cure."""

    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of every answer that is none."""

    error: Fault


class Gone(Exception):  # noqa: N818 - named by the fact
    """The client has left while it waited."""


class Refused(Exception):  # noqa: N818 - named by the fact
    """A request that is not answered."""

    def __init__(self, status: int, message: str, hint: str | None = None, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.fault = Fault(message, hint)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refusal(refused: Refused) -> Response:
    """The answer to a request that is refused."""
    return json_response(problem_json(refused.fault), refused.status, refused.headers)


def problem_json(fault: Fault) -> str:
    """The shape of every fault."""
    return safe_json(asdict(Problem(fault)))


def json_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is written already."""
    return Response(text, status, headers, media_type="application/json")


def as_refused(error: FirstaidError) -> Refused:
    """An error of ours, as a client is told of it: 422 where the client can mend it, 503 where the server cannot."""
    status = 422 if isinstance(error, UsageError) else 503
    return Refused(status, error.message, error.hint)


def install_handlers(app: FastAPI) -> None:
    """Turns every exception that is foreseen into a refusal."""

    @app.exception_handler(Refused)
    async def _refused(_request: Request, refused: Refused) -> Response:
        return refusal(refused)

    @app.exception_handler(ClientDisconnect)
    @app.exception_handler(Gone)
    async def _gone(_request: Request, _gone: Exception) -> Response:
        return Response(status_code=GONE)  # read by nobody but the metrics

    @app.exception_handler(FirstaidError)
    async def _ours(_request: Request, error: FirstaidError) -> Response:
        return refusal(as_refused(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        return refusal(Refused(422, said_of(error.errors()), "GET /docs tells each field"))

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        refused = Refused(error.status_code, str(error.detail), _HINTS.get(error.status_code))
        refused.headers = dict(error.headers or {})
        return refusal(refused)


def said_of(errors: list[Mapping[str, object]] | object) -> str:
    """What a validation found, on one line, without the values: they are the user's report."""
    found = errors if isinstance(errors, list) else []
    return "; ".join(one_line(f"{_place(error['loc'])}: {error['msg']}") for error in found) or "the request is faulty"


def _place(parts: object) -> str:
    return ".".join(map(str, parts)) if isinstance(parts, (tuple, list)) and parts else "the request"
