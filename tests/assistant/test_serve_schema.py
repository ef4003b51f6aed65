"""Schemathesis against the OpenAPI: whatever is sent, no 5xx, and every answer is what the document says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from serving import served

from firstaid.assistant import FirstAid
from firstaid.assistant.serve import Settings, create_app


@pytest.fixture(scope="session")
def interface(kit: FirstAid) -> Iterator[schemathesis.BaseSchema]:
    with served(create_app(kit, Settings())) as url:
        yield schemathesis.openapi.from_url(f"{url}/openapi.json")


schema = schemathesis.pytest.from_fixture("interface")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_every_operation_keeps_its_word(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)
