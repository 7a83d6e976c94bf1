"""The OpenAPI document, brought to what the server really does: one error shape, rows as the tables have them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ..version import VERSION
from .schemas import components, ref

SUMMARY = "Political events from public text"
ABOUT = """What public text says that public actors did to one another: articles, the claims in them, events folded from claims, relations
worked out from events. Every answer leads to the sentence it rests on.

- **Lists** come a page at a time: send `next` back as `cursor`. All pages are read at the state of the first one, so nothing is lost or
  repeated while data come in.
- **Formats**: by `Accept`, or by an ending: `/api/events.csv`, `.parquet`, `.geojson`. CSV puts `'` before a cell that could be a formula.
- **Moments**: `as_of` shows the store as it was. `ETag` with `If-None-Match` gives 304 where nothing has changed.
- **Errors** have one shape and say what helps. A key that is not understood is an error, never ignored.
- **Writing** needs `Authorization: Bearer TOKEN`."""
_ERRORS = {
    kind: {"description": told, "content": {"application/json": {"schema": ref("Error")}}}
    for kind, told in (("4XX", "the request is not answered as asked"), ("5XX", "the server cannot answer"))
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title="Détente", version=VERSION, summary=SUMMARY, description=ABOUT, routes=app.routes)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas.update(components())
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, item in made["paths"].items():
            for method, operation in item.items():
                operation["responses"].pop("422", None)
                operation["responses"].update(_ERRORS)
                if method == "post" and path != "/api/code":
                    operation["security"] = [{"token": []}]
        app.openapi_schema = made
    return app.openapi_schema
