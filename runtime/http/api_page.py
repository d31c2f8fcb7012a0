"""The page that tells programmers how to talk to us: drawn from the interface itself, without a
script and without asking another server for one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from runtime.http.sites import page

Schema = Mapping[str, Any]
router = APIRouter(include_in_schema=False)
ANSWERS = (
    ("401", "no token, or one that the server does not know"),
    ("403", "the token is not for this"),
    ("404", "there is no such contact or entry"),
    ("409", "not now: the contact is over, the client token was used for something else"),
    ("413", "more bytes than a request or a message may have"),
    ("422", "what was sent does not fit; <code>faults</code> says where"),
    ("429", "too many; <code>Retry-After</code> says when to come again"),
)


@router.get("/api/docs")
async def api_page(request: Request) -> HTMLResponse:
    interface = request.app.openapi()
    base = str(request.base_url).rstrip("/")
    operations = list(_operations(interface))
    body = "".join(_drawn(interface, base, *operation) for operation in operations)
    links = "".join(
        f'<li><a href="#{_anchor(method, path)}"><code>{method.upper()}</code> '
        f"{escape(path)}</a></li>"
        for method, path, _ in operations
    )
    answers = "".join(f"<tr><th>{status}</th><td>{why}</td></tr>" for status, why in ANSWERS)
    main = (
        f'<main class="reference"><h1>{escape(interface["info"]["title"])}</h1>'
        f"<p>{_prose(interface['info']['description'])}</p>"
        f'<p><a href="/api/openapi.json">openapi.json</a></p><nav aria-label="Operations">'
        f"<ul>{links}</ul></nav>{body}<h2>Refusals</h2><table>{answers}</table></main>"
    )
    return page("Flowlang API", main, language="en")


def _operations(interface: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in interface["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _drawn(interface: Schema, base: str, method: str, path: str, operation: Schema) -> str:
    example = _example(interface, operation)
    parts = [
        f'<section><h2 id="{_anchor(method, path)}"><code>{method.upper()}</code> '
        f"{escape(path)}</h2><p>{_prose(operation.get('description', ''))}</p>",
        _fields(interface, operation),
        f"<pre>{escape(_curl(base, method, path, example))}</pre>",
    ]
    return "".join(parts) + "</section>"


def _body(interface: Schema, operation: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Schema = content.get("application/json", {}).get("schema", {})
    return _resolved(interface, schema)


def _resolved(interface: Schema, schema: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Schema = interface["components"]["schemas"][name] if name else schema
    return found


def _fields(interface: Schema, operation: Schema) -> str:
    body = _body(interface, operation)
    needed = body.get("required", ())
    rows = [
        (name, _type(interface, field), name in needed, field.get("description", ""))
        for name, field in body.get("properties", {}).items()
    ]
    rows += [
        (item["name"], _type(interface, item["schema"]), item.get("required", False),
         f"in the {item['in']}")
        for item in operation.get("parameters", ())
    ]  # fmt: skip
    if not rows:
        return ""
    drawn = "".join(
        f"<tr><th><code>{escape(name)}</code>{' *' if is_needed else ''}</th>"
        f"<td>{escape(kind)}</td><td>{_prose(about)}</td></tr>"
        for name, kind, is_needed, about in rows
    )
    return f"<table>{drawn}</table>"


def _type(interface: Schema, schema: Schema) -> str:
    schema = _resolved(interface, schema)
    if options := [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]:
        return " or ".join(_type(interface, one) for one in options)
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    kind = schema.get("format") or schema.get("type", "")
    if kind == "array":
        return f"list of {_type(interface, schema['items'])}"
    longest, most = schema.get("maxLength"), schema.get("maximum")
    bound = f", at most {longest:,}" if longest else f", at most {most:,}" if most else ""
    return f"{kind}{bound}"


def _example(interface: Schema, operation: Schema) -> Any:
    return _body(interface, operation).get("example")


def _curl(base: str, method: str, path: str, example: Any) -> str:
    lines = [f"curl {base}{path.replace('{contact_id}', 'CONTACT')}"]
    if method == "post":
        lines[0] = lines[0].replace("curl", "curl -X POST", 1)
    lines.append("  -H 'Authorization: Bearer TOKEN'")
    if example is not None:
        written = json.dumps(example, ensure_ascii=False, indent=2)
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{written}'"]
    elif method == "post":
        lines += ["  -H 'Content-Type: application/json'", "  -d '{}'"]
    return " \\\n".join(lines)


def _anchor(method: str, path: str) -> str:
    return escape(f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""))


def _prose(text: str) -> str:
    """Escaped, with what stands in backquotes as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
