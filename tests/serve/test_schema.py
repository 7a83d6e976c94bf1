"""Schemathesis over the OpenAPI document: no failure of the server, and no answer that the document does not promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .conftest import WRITES, Client
from .test_safety import client_that_writes

__all__ = ["client_that_writes"]  # a fixture that both files use
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
QUICK = settings(
    max_examples=8,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
BASE = "http://localhost:8000"


def send(client: Client, case: Any, headers: dict[str, str]) -> Any:
    """What the application answers to a made-up request."""
    given_ = case.as_transport_kwargs(base_url=BASE)
    content = given_.get("data")
    if "json" in given_:
        return client.ask(
            given_["method"],
            given_["url"],
            json=given_["json"],
            params=given_.get("params"),
            headers={**dict(given_["headers"]), **headers},
        )
    return client.ask(
        given_["method"], given_["url"], content=content, params=given_.get("params"), headers={**dict(given_["headers"]), **headers}
    )


def trial(operation: Any, mode: schemathesis.GenerationMode, ask: Callable[[Any], Any], seen: set[int]) -> None:
    """Makes requests of one operation up and checks what comes back; `seen` gathers the statuses."""

    @QUICK
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps(case: Any) -> None:
        answer = ask(case)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    keeps()


@pytest.mark.parametrize(
    "mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE], ids=["fitting", "unfitting"]
)
def test_the_server_keeps_to_its_document(client: Client, client_that_writes: Client, mode: schemathesis.GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(client.json("/openapi.json"))
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 20
    seen: set[int] = set()
    for operation in operations:
        to, headers = (client_that_writes, WRITES) if operation.method == "post" else (client, {})
        trial(operation, mode, lambda case, to=to, headers=headers: send(to, case, headers), seen)
    assert seen >= ({200, 400} if mode is schemathesis.GenerationMode.NEGATIVE else {200})


def test_full_answers_are_as_the_document_says(client: Client) -> None:
    schema = schemathesis.openapi.from_dict(client.json("/openapi.json"))
    ids = {noun: client.json(f"/api/{noun}?limit=1")["items"][0]["id"] for noun in ("events", "claims", "articles")}
    entry = client.json("/api/facts?ledger=stance&limit=1")["items"][0]["entry"]
    for template, path in (
        *((f"/api/{noun}/{{ident}}", f"/api/{noun}/{ident}") for noun, ident in ids.items()),
        ("/api/claims/{ident}", f"/api/claims/{entry}"),
        *(
            (path, f"{path}?limit=5000")
            for path in ("/api/events", "/api/claims", "/api/articles", "/api/actors", "/api/relations", "/api/facts")
        ),
        ("/api/search", "/api/search?q=turkey"),
        ("/api/blocs", "/api/blocs"),
        ("/api/actors/{name}", "/api/actors/TUR"),
        *(
            (f"/api/relations/{{a}}/{{b}}{part}", f"/api/relations/TUR/RUS{part}")
            for part in ("", "/timeline", "/stances", "/memberships", "/agreements", "/shifts", "/brief")
        ),
        ("/api/relations/{a}/{b}/agreements", "/api/relations/USA/RUS/agreements"),
        ("/api/quality", "/api/quality"),
        ("/api/relations/{a}/{b}/stances", "/api/relations/TUR/al-nusra-front/stances"),
        ("/api/health", "/api/health"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        schema[template]["GET"].validate_response(answer)


def test_what_is_coded_is_as_the_document_says(client: Client) -> None:
    schema = schemathesis.openapi.from_dict(client.json("/openapi.json"))
    answer = client.post("/api/code", {"text": "Iran condemned Turkey on Monday over the raid.", "published": "2016-07-05"})
    assert answer.json()["claims"]
    schema["/api/code"]["POST"].validate_response(answer)
