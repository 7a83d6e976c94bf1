"""The description of the API as a plain page: made from the OpenAPI document, without script, with nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

STYLE = """:root{color-scheme:light dark;background:Canvas;color:CanvasText}
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;max-width:76ch;margin:2rem auto;padding:0 1rem}
h1{font-size:1.75rem;margin:0}h2{font-size:1.25rem;margin:2.5rem 0 .5rem;text-transform:capitalize}
h3{font-size:1rem;margin:1.75rem 0 .25rem;overflow-wrap:anywhere}
code,pre{font:14px/1.5 ui-monospace,"Cascadia Mono","Source Code Pro",monospace}
pre{overflow-x:auto;padding:.5rem .75rem;border:1px solid #8886;border-radius:4px}
table{border-collapse:collapse;width:100%;font-size:.875rem}td,th{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0}
.table{overflow-x:auto}td:first-child{white-space:nowrap}nav a{margin-right:.75rem}summary{cursor:pointer}
.skip{position:absolute;left:-99em}.skip:focus{position:static}
"""


def page(document: Mapping[str, Any], base: str, picture: str) -> str:
    """The page; `base`: address of the server for the examples, `picture`: of the icon."""
    by_tag: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            by_tag.setdefault((operation.get("tags") or ["more"])[0], []).append((path, method, operation))
    info = document["info"]
    links = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a> ' for tag in by_tag)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<title>{escape(info["title"])}: the API</title><link rel="icon" href="{escape(picture)}">',
        '<link rel="stylesheet" href="/docs.css"></head><body>',
        '<a class="skip" href="#top">To the content</a>',
        f'<header><h1>{escape(info["title"])} API <small>{escape(info["version"])}</small></h1><nav aria-label="Nouns">{links}'
        '<a href="/openapi.json">openapi.json</a></nav></header><main id="top">', *_about(info["description"]),
    ]
    for tag, operations in by_tag.items():
        parts.append(f'<section aria-labelledby="{escape(tag)}"><h2 id="{escape(tag)}">{escape(tag)}</h2>')
        for path, method, operation in operations:
            parts += _operation(path, method, operation, base, document)
        parts.append("</section>")
    return "\n".join([*parts, "</main></body></html>"]) + "\n"


def _about(text: str) -> Iterator[str]:
    """The few marks of Markdown that the description uses."""
    for block in text.split("\n\n"):
        if block.startswith("- "):
            items = " ".join(block.split("\n  ")).removeprefix("- ").split("\n- ")
            yield "<ul>" + "".join(f"<li>{_marked(item)}</li>" for item in items) + "</ul>"
        else:
            yield f"<p>{_marked(block)}</p>"


def _marked(text: str) -> str:
    pieces = escape(text).split("`")
    told = "".join(f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces))
    bold = told.split("**")
    return "".join(f"<strong>{piece}</strong>" if number % 2 else piece for number, piece in enumerate(bold))


def _operation(path: str, method: str, operation: Mapping[str, Any], base: str, document: Mapping[str, Any]) -> Iterator[str]:
    yield f"<article><h3><code>{method.upper()} {escape(path)}</code></h3><p>{_marked(operation.get('description', ''))}</p>"
    rows = [
        (parameter["name"], _kind(parameter["schema"]), parameter.get("description") or parameter["schema"].get("description") or "",
         parameter.get("required", False))
        for parameter in operation.get("parameters", ())
    ]
    if rows:
        body = "".join(
            f"<tr><td><code>{escape(name)}</code>{' *' if must else ''}</td><td>{escape(kind)}</td><td>{_marked(told)}</td></tr>"
            for name, kind, told, must in rows
        )
        head = "<thead><tr><th>key</th><th>kind</th><th>meaning</th></tr></thead>"
        yield f'<div class="table"><table>{head}<tbody>{body}</tbody></table></div>'
    yield f'<pre tabindex="0">{escape(_example(path, method, operation, base, document))}</pre>'
    kinds = [kind for answer in operation["responses"].values() for kind in answer.get("content", ()) if answer is not None]
    yield f"<p>Gives {', '.join(f'<code>{escape(kind)}</code>' for kind in dict.fromkeys(kinds))}.</p></article>"


def _kind(schema: Mapping[str, Any]) -> str:
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    first: Mapping[str, Any] = options[0] if options else schema
    if "enum" in first:
        return " | ".join(map(str, first["enum"]))
    default = f", else {json.dumps(schema['default'])}" if schema.get("default") is not None else ""
    return f"{first.get('type', 'any')}{default}"


def _example(path: str, method: str, operation: Mapping[str, Any], base: str, document: Mapping[str, Any]) -> str:
    filled = path
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            filled = filled.replace("{" + parameter["name"] + "}", parameter["name"].upper())
    needed = [p for p in operation.get("parameters", ()) if p["in"] == "query" and p.get("required")]
    question = "&".join(f"{p['name']}={quote('meeting')}" for p in needed)
    line = f"curl '{base}{filled}{'?' + question if question else ''}'"
    if method != "post":
        return line
    token = " \\\n  -H 'Authorization: Bearer TOKEN'" if operation.get("security") else ""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    body = json.dumps(_sample(schema, document), ensure_ascii=False).replace("'", "’")
    return f"{line}{token} \\\n  -H 'Content-Type: application/json' -d '{body}'"


def _sample(schema: Mapping[str, Any], document: Mapping[str, Any], name: str = "") -> Any:
    """A body that shows the form: what is required, and nothing more."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if schema.get("type") == "object":
        must = schema.get("required", ())
        return {key: _sample(part, document, key) for key, part in schema["properties"].items() if key in must}
    if schema.get("type") == "array":
        return [_sample(schema["items"], document, name)]
    if "enum" in schema:
        return schema["enum"][0]
    return {"text": "The two ministers met on 1 July.", "ids": "e_0123456789abcdef"}.get(name, "…")
