"""POST /v1/diagnose and POST /v1/search."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from ..diagnosis import Diagnosis
from ..render.data import to_json
from .asked import Asked, DiagnoseRequest, SearchRequest, asked_of, searched_of
from .problems import Problem, Refused, json_response
from .schema import CaseSummary, SearchAnswer, SearchHit
from .service import Service

_TEXT = {"schema": {"type": "string"}, "example": "Traceback (most recent call last):\nKeyError: 'qwen3'\n"}
_JSON = {"schema": DiagnoseRequest.model_json_schema(), "example": {"report": "KeyError: 'qwen3'", "id": "job-7"}}
_SEARCH = {"schema": SearchRequest.model_json_schema(), "example": {"query": "CUDA out of memory while loading"}}
_MEANINGS = {
    400: "The body is no JSON.",
    413: "The body is too large.",
    415: "The body is of another kind.",
    422: "The body holds no report that can be read, or is not of this shape.",
    503: "Too many reports at once; Retry-After says when to come again.",
    504: "Not answered in time.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": meaning} for status, meaning in _MEANINGS.items()
}
_EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": ["diagnosis", "text", "answer", "error", "done"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
_EVENTS = {
    "description": "The diagnosis; as events: `diagnosis`, `text`…, `answer`, `done`; `error` where the model fails.",
    "content": {"text/event-stream": {"schema": _EVENT}},
}


def diagnosing(service: Service) -> APIRouter:
    """The routes that take a report or a question."""
    router = APIRouter(prefix="/v1", responses=REFUSALS)

    @router.post(
        "/diagnose",
        response_model=Diagnosis,
        responses={200: _EVENTS},
        openapi_extra=_body(**{"text/plain": _TEXT, "application/json": _JSON}),
    )
    async def diagnose(request: Request) -> Response:
        """What is wrong in a report, why, and how to fix it: the JSON of `firstaid diagnose --format json`.

        The body is the report as text, or JSON with the report in it. With `Accept: text/event-stream` the diagnosis
        comes at once, and what the local model says of it follows piece by piece.
        """
        with service.admitted():
            asked = await asked_of(request, service.settings.max_body)
            diagnosis = await service.diagnosis(asked, request.is_disconnected)
        speak = _speaks(service, asked) and bool(diagnosis.cases)
        if asked.stream:
            return StreamingResponse(
                service.events(asked, diagnosis, speak=speak), media_type="text/event-stream"
            )  # fmt: skip
        return json_response(to_json(await service.explained(asked, diagnosis) if speak else diagnosis))

    @router.post(
        "/search",
        response_model=SearchAnswer,
        openapi_extra=_body(**{"application/json": _SEARCH}),
    )
    async def search(request: Request) -> SearchAnswer:
        """The cases nearest to an error line, an error code or a question, in English or Chinese."""
        with service.admitted():
            asked = await searched_of(request, service.settings.max_body)
            return await service.run(lambda: _found(service, asked), request.is_disconnected)

    return router


def _body(**content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


def _speaks(service: Service, asked: Asked) -> bool:
    """Whether the model is heard: where it is asked for, and on a stream unless it is not wanted."""
    if asked.llm and service.voice is None:
        raise Refused(422, "this server has no model", "firstaid model pull, then firstaid serve --llm")
    return service.voice is not None and (asked.stream if asked.llm is None else asked.llm)


def _found(service: Service, asked: SearchRequest) -> SearchAnswer:
    found = service.firstaid.found(asked.query, top=asked.top)
    return SearchAnswer([SearchHit(round(hit.score, 3), CaseSummary.of(case)) for hit, case in found])
