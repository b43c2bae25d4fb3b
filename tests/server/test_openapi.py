"""The API as it describes itself: complete, by the Dutch API Design Rules, and true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.harness import Laptop, Register
from tests.server.making import project

_SEGMENT = re.compile(r"v1|[a-z]+(-[a-z]+)*(\.json)?|\{[a-z0-9]+\}")


@pytest.fixture
def jan(register: Register) -> Laptop:
    laptop = register.laptop()
    laptop.push(*project(laptop).changes)
    return laptop


@pytest.fixture
def described(jan: Laptop) -> dict[str, Any]:
    found: dict[str, Any] = jan.register.server.client.get("/v1/openapi.json").json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_addresses_are_as_the_design_rules_want_them(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        if path.startswith(("/health", "/metrics")):
            continue
        assert path.startswith("/v1/")
        assert not path.endswith("/")
        assert all(_SEGMENT.fullmatch(segment) for segment in path.strip("/").split("/")), path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", parameter["name"]), (path, parameter["name"])
        assert operation.get("summary"), (path, method)
        assert "default" in operation["responses"], (path, method)


def test_messages_of_the_synchronisation_are_described(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert {"Push", "WireAct", "WireChange", "PullReply", "SnapshotReply", "Problem"} <= schemas.keys()
    assert schemas["PullRequest"]["properties"]["limit"]["maximum"] == 20_000


def test_every_address_of_a_register_wants_a_session(jan: Laptop, described: dict[str, Any]) -> None:
    """A new address must not forget it."""
    for path, method, _ in operations(described):
        if "{register}" not in path:
            continue
        address = path.replace("{register}", jan.register.id).replace("{sha256}", "a" * 64)
        address = re.sub(r"\{\w+\}", jan.new_id(), address)
        response = jan.register.server.client.request(method.upper(), address)
        assert response.status_code == 401, (method, path)
        assert response.headers["www-authenticate"] == "Bearer"


def test_every_answer_has_the_headers_and_problems_their_type(jan: Laptop) -> None:
    client = jan.register.server.client
    for path in ("/v1/openapi.json", "/v1/nergens", f"/v1/registers/{jan.register.id}/pulls"):
        response = client.get(path)
        assert response.headers["api-version"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["strict-transport-security"]
        assert response.headers["x-request-id"]
        if response.status_code >= 400:
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["status"] == response.status_code
    assert client.get("/v1/registers/").status_code == 404
    assert jan.ask("DELETE", "/pulls").status_code == 405


def test_all_that_is_wrong_is_said_at_once(jan: Laptop) -> None:
    response = jan.ask("GET", "/projects", params={"limit": "veel", "after": "niets"})
    assert response.status_code == 400
    assert {error["name"] for error in response.json()["errors"]} == {"limit", "after"}


@pytest.mark.slow
def test_generated_requests_are_answered_as_described(jan: Laptop) -> None:
    """schemathesis over the addresses of a register, signed in: no failure of ours, no answer that is not described."""
    server = jan.register.server
    headers = {"Authorization": f"Bearer {jan.token}"}
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", server.app)
    checks = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
    asked = set()
    for result in schema.include(path_regex=r"\{register\}").get_all_operations():
        operation = result.ok()
        if "people" in operation.path:  # what would lock Jan out
            continue

        @settings(
            max_examples=15, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: schemathesis.Case) -> None:
            case.path_parameters = {**(case.path_parameters or {}), "register": jan.register.id}
            response = case.call(headers=headers)
            case.validate_response(response, checks=list(checks))

        schemathesis_given(operation, ask)
        asked.add((operation.method, operation.path))
    assert len(asked) > 12


def schemathesis_given(operation: Any, test: Any) -> None:
    """Run a test on cases that fit an operation and on cases that do not."""
    from hypothesis import given
    from schemathesis import GenerationMode

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        given(operation.as_strategy(generation_mode=mode))(test)()
