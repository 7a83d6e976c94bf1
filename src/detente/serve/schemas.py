"""What answers look like, for the OpenAPI document: made from the tables' own Arrow schemas, so that it cannot fall behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from ..tables import ARTICLES, CLAIMS, DECISIONS, ENTRIES, EVENTS, FACTS, LINKS, VARIANTS
from .answers import FORMATS

Schema = dict[str, Any]
ERROR: Schema = {
    "type": "object", "required": ["error"], "additionalProperties": False,
    "properties": {"error": {
        "type": "object", "required": ["code", "message", "hint", "request"], "additionalProperties": False,
        "properties": {
            "code": {"type": "string", "description": "one word for programs"}, "message": {"type": "string"},
            "hint": {"type": "string", "description": "what helps"}, "request": {"type": "string", "description": "its name in the log"},
        },
    }},
}
STORE: Schema = {
    "type": "object", "required": ["pin", "moment", "fold"], "additionalProperties": False,
    "description": "the state of the store that the answer is from",
    "properties": {
        "pin": {"type": "string"}, "moment": {"type": ["string", "null"], "format": "date-time"}, "fold": {"type": ["string", "null"]},
    },
}
_HIDDEN = frozenset({"batch"})


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_type(kind: pa.DataType) -> Schema:
    """The JSON schema of a value of an Arrow type; any value may be missing."""
    if pa.types.is_struct(kind):
        return {"type": ["object", "null"], "additionalProperties": False, "required": [item.name for item in kind],
                "properties": {item.name: of_type(item.type) for item in kind}}
    if pa.types.is_list(kind):
        return {"type": ["array", "null"], "items": of_type(kind.value_type)}
    if pa.types.is_date(kind):
        return {"type": ["string", "null"], "format": "date"}
    if pa.types.is_timestamp(kind):
        return {"type": ["string", "null"], "format": "date-time"}
    name = "boolean" if pa.types.is_boolean(kind) else "integer" if pa.types.is_integer(kind) else (
        "number" if pa.types.is_floating(kind) else "string")
    return {"type": [name, "null"]}


def of_table(schema: pa.Schema, without: Sequence[str] = ()) -> Schema:
    """The JSON schema of a row."""
    shown = [column for column in schema if column.name not in {*_HIDDEN, *without}]
    return {"type": "object", "additionalProperties": False, "required": [column.name for column in shown],
            "properties": {column.name: of_type(column.type) for column in shown}}


def _page(name: str) -> Schema:
    return {"type": "object", "required": ["items", "next", "store"], "additionalProperties": False, "properties": {
        "items": {"type": "array", "items": ref(name)},
        "next": {"type": ["string", "null"], "description": "`cursor` of the following page"}, "store": ref("Store"),
    }}


def _whole(**parts: Schema) -> Schema:
    return {"type": "object", "required": [*parts, "store"], "additionalProperties": False, "properties": {**parts, "store": ref("Store")}}


def _list(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


_TEXT: Schema = {"type": "string"}
_OBJECT: Schema = {"type": "object"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_RECORDS: Schema = {"type": "array", "items": _OBJECT}
_FEATURES: Schema = {
    "type": "object", "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": _RECORDS},
}
_NOT_BRIEF = ("text", "file", "line", "run")


def components() -> Mapping[str, Schema]:
    """All named schemas that are not made by pydantic."""
    rows = {
        "Event": of_table(EVENTS), "Claim": of_table(CLAIMS), "Entry": of_table(ENTRIES), "Article": of_table(ARTICLES, _NOT_BRIEF),
        "Variant": of_table(VARIANTS), "Link": of_table(LINKS), "Fact": of_table(FACTS), "Decision": of_table(DECISIONS),
        "Actor": _object("id name kind country sectors events first last articles", "events articles"),
        "Pair": _object("a b events cooperation conflict score first last", "events cooperation conflict"),
    }
    article = {**rows["Article"], "required": [*rows["Article"]["required"], "text"],
               "properties": {**rows["Article"]["properties"], "text": {"type": ["string", "null"]}}}
    told = {**rows["Link"], "required": [*rows["Link"]["required"], "said"],
            "properties": {**rows["Link"]["properties"], "said": {"type": ["object", "null"]}}}
    return {
        **rows, **{f"{name}Page": _page(name) for name in rows}, "Error": ERROR, "Store": STORE, "Told": told, "ArticleText": article,
        "Features": _FEATURES,
        "EventWhole": _whole(event=ref("Event"), variants=_list("Variant"), claims=_list("Told"), articles=_RECORDS,
                             decisions=_list("Decision"), names={"type": "object", "additionalProperties": {"type": "string"}}),
        "ClaimWhole": {
            "type": "object", "required": ["sort", "links", "store"], "additionalProperties": False,
            "properties": {"sort": {"enum": ["claim", "entry"]}, "claim": ref("Claim"), "entry": ref("Entry"), "links": _list("Link"),
                           "store": ref("Store")},
        },
        "ActorWhole": _whole(actor=ref("Actor"), known={"type": ["object", "null"]}, offices=_RECORDS, memberships=_RECORDS, members=_TEXTS,
                             counts=_RECORDS, relations=_RECORDS, facts=_RECORDS),
        "Found": _whole(actors=_RECORDS, people=_RECORDS, items=_RECORDS, next={"type": ["string", "null"]}),
        "Quality": _whole(detente=_TEXT, knowledge=_TEXT, coder=_TEXT, model=_TEXT, floors={"type": ["object", "null"]}, counts=_OBJECT,
                          coded_with=_RECORDS, rejects=_RECORDS, confidence=_RECORDS),
        "Health": _whole(status={"const": "ok"}, detente=_TEXT, writes={"type": "boolean"}, texts={"type": "boolean"},
                         ready={"type": "boolean"}),
        "ArticleWhole": _whole(article=ref("ArticleText"), claims=_list("Claim"), entries=_list("Entry"), links=_RECORDS,
                               family={"type": ["object", "null"]}, copies=_TEXTS),
    }


def _object(names: str, whole: str) -> Schema:
    """A flat row; `whole`: names of those that are numbers and always there."""
    counts = frozenset(whole.split())
    properties: dict[str, Schema] = {}
    for name in names.split():
        if name in counts:
            properties[name] = {"type": "integer"}
        elif name == "sectors":
            properties[name] = _TEXTS
        elif name == "score":
            properties[name] = {"type": ["number", "null"]}
        else:
            properties[name] = {"type": ["string", "null"]}
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


def _content(kinds: Sequence[str], schema: Schema) -> dict[str, Any]:
    text, raw = {"schema": {"type": "string"}}, {"schema": {"type": "string", "format": "binary"}}
    shown = {"json": {"schema": schema}, "geojson": {"schema": ref("Features")}, "parquet": raw}
    return {FORMATS[kind]: shown.get(kind, text) for kind in kinds}


def listed(name: str, kinds: Sequence[str]) -> dict[int | str, dict[str, Any]]:
    """Responses of a list of some rows."""
    return {200: {"description": "one page", "content": _content(kinds, ref(f"{name}Page"))}, 304: {"description": "as it was"}}


def one(name: str, kinds: Sequence[str] = ("json",), moves: bool = False) -> dict[int | str, dict[str, Any]]:
    """Responses of one thing; `moves`: its id may now lead to another."""
    found: dict[int | str, dict[str, Any]] = {
        200: {"description": "the thing", "content": _content(kinds, ref(name))}, 304: {"description": "as it was"},
    }
    if moves:
        found[308] = {"description": "it is elsewhere now", "content": _content(("json",), ref("Error"))}
    return found
