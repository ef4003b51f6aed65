"""What a client asks: bodies within their limit, as text or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from anyio import to_thread
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from .problems import Refused, said_of

T = TypeVar("T")
_TEXT = 'Content-Type: text/plain for a report, application/json for {"report": "..."}'


class DiagnoseRequest(BaseModel):
    """A report with what is wished for."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    report: Annotated[str, Field(description="Any text with an error in it, or a description of what goes wrong.")]
    id: Annotated[str | int | float | None, Field(description="Handed back in the answer.")] = None
    top: Annotated[int, Field(ge=1, le=50, description="Answer with at most so many cases.")] = 5
    llm: Annotated[bool | None, Field(description="Put the answer in the user's terms with the local model.")] = None
    stream: Annotated[bool, Field(description="Answer with server-sent events, as for Accept: text/event-stream.")] = (
        False
    )


class SearchRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", strict=True)

    query: Annotated[str, Field(min_length=1, max_length=10_000, description="An error line, a code or a question.")]
    top: Annotated[int, Field(ge=1, le=50, description="At most so many cases.")] = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be diagnosed, and how."""

    report: str | bytes
    id: str | int | float | None
    top: int
    llm: bool | None
    stream: bool


async def asked_of(request: Request, max_body: int) -> Asked:
    """What a request for a diagnosis asks.

    Raises:
        Refused: its body is too large, of another kind, or not what it says.
        ClientDisconnect: the client has gone.
    """
    streamed = "text/event-stream" in request.headers.get("accept", "")
    kind = _kind(request)
    if kind == "application/json":
        body = await body_of(request, max_body)
        asked = await to_thread.run_sync(parsed, DiagnoseRequest, body)  # of megabytes it takes a while
        return Asked(asked.report, asked.id, asked.top, asked.llm, asked.stream or streamed)
    if kind not in ("text/plain", ""):
        raise Refused(415, f"{kind} cannot be read", _TEXT)
    return Asked(await body_of(request, max_body), None, 5, None, streamed)


async def searched_of(request: Request, max_body: int) -> SearchRequest:
    """What a request for a search asks.

    Raises:
        Refused: its body is too large, of another kind, or not what it says.
        ClientDisconnect: the client has gone.
    """
    if _kind(request) != "application/json":
        raise Refused(415, "a search is asked in JSON", 'Content-Type: application/json, {"query": "..."}')
    return parsed(SearchRequest, await body_of(request, max_body))


async def body_of(request: Request, most: int) -> bytes:
    """The body, of which no more than its limit is ever held, whatever Content-Length says.

    Raises:
        Refused: it is larger.
        ClientDisconnect: the client has gone.
    """
    parts, size = [], 0
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise _too_large(most)
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def parsed(model: type[T], body: bytes) -> T:
    """The body as the model says.

    Raises:
        Refused: 400 where it is no JSON, 422 where it is not of this shape.
    """
    try:
        return TypeAdapter(model).validate_json(body)
    except ValidationError as error:
        found: list[Any] = error.errors(include_url=False, include_context=False, include_input=False)
        status = 400 if any(one["type"] == "json_invalid" for one in found) else 422
        raise Refused(status, said_of(found), "GET /docs tells each field") from None


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _too_large(most: int) -> Refused:
    hint = "send the part around the error, or raise firstaid serve --max-body"
    return Refused(413, f"more than {most:,} bytes", hint, connection="close")
