"""GET /v1/cases, /v1/cases/{id}, /v1/taxonomy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...kb import Case
from ...kb.reader import closest
from ..render.data import safe_json
from .problems import Problem, Refused, json_response
from .schema import CasePage, CaseQuery, CaseSummary, TaxonomyAnswer
from .service import Service


def browsing(service: Service) -> APIRouter:
    """The routes that show what is known."""
    router = APIRouter(prefix="/v1", responses={422: {"model": Problem}, 503: {"model": Problem}})

    @router.get("/cases")
    async def cases(request: Request, wanted: Annotated[CaseQuery, Query()]) -> CasePage:
        """The cases that fit, by id."""
        with service.admitted():
            return await service.run(lambda: _page(service, wanted), request.is_disconnected)

    @router.get("/cases/{case_id}", response_model=Case, responses={404: {"model": Problem}})
    async def case(request: Request, case_id: str) -> Response:
        """One case in full, as `firstaid show --format json`; an id that was given up leads to the one in its place."""
        with service.admitted():
            found = await service.run(lambda: _case(service, case_id), request.is_disconnected)
        return json_response(safe_json(asdict(found)))

    @router.get("/taxonomy")
    async def taxonomy() -> TaxonomyAnswer:
        """The labels with their meaning, and the names of programs and models."""
        return TaxonomyAnswer.shipped()

    return router


def _page(service: Service, wanted: CaseQuery) -> CasePage:
    fitting = sorted(case for case, facts in service.firstaid.searcher.facts.items() if wanted.fits(facts))
    names = fitting[wanted.offset : wanted.offset + wanted.limit]
    shown = [CaseSummary.of(case) for name in names if (case := service.firstaid.case(name))]
    return CasePage(len(fitting), wanted.limit, wanted.offset, shown)


def _case(service: Service, case_id: str) -> Case:
    found = service.firstaid.case(case_id)
    if found is None:
        raise Refused(404, "there is no such case", closest(case_id, service.firstaid.searcher.facts))
    return found
