"""The description: OpenAPI 3.1, made from the very declarations that check each call."""

import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import orjson
from flask import Response
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from pms.api.calls import CALLS, KEY, Call, bp
from pms.api.door import open_to_anyone
from pms.api.problems import MEDIA_TYPE, Problem
from pms.web.auth import open_to_everyone

_REF = "#/components/schemas/{model}"
_PATH_PART = re.compile(r"<(\w+)>")
_SAID = {
    "code": "The hotel's code.",
    "number": "The number on the door.",
    "account": "The company's code.",
}
_LOOKS = (401, 403, 404, 413, 422, 429, 503)
_DEEDS = (401, 403, 404, 409, 413, 415, 422, 429, 503)

Schemas = dict[tuple[Any, JsonSchemaMode], dict[str, Any]]


@bp.get("/openapi.json", provide_automatic_options=False)
@open_to_everyone
@open_to_anyone
def openapi() -> Response:
    """Describe the API to machines."""
    return Response(_described(), content_type="application/json")


@lru_cache(maxsize=1)
def _described() -> bytes:
    return orjson.dumps(describe(CALLS), option=orjson.OPT_SORT_KEYS)


def describe(calls: Iterable[Call]) -> dict[str, Any]:
    """Return the document of these calls."""
    calls = list(calls)
    schemas, components = _schemas(calls)
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        path = _PATH_PART.sub(r"{\1}", call.rule)
        paths.setdefault(path, {})[call.method.lower()] = _operation(call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PMS",
            "version": version("pms"),
            "description": (
                "A hotel for machines. A token opens one hotel, for its scopes. Ids are text, "
                "amounts are decimals with their currency, dates are ISO 8601."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `pms token add --hotel CODE --scopes …`.",
                }
            },
        },
    }


def _schemas(calls: list[Call]) -> tuple[Schemas, dict[str, Any]]:
    wanted: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [
        (Problem, "serialization", TypeAdapter(Problem))
    ]
    for call in calls:
        if call.asks is not None:
            wanted.append((call.asks, "validation", TypeAdapter(call.asks)))
        wanted.append((call.answers, "serialization", TypeAdapter(call.answers)))
    unique = {(key, mode): (key, mode, adapter) for key, mode, adapter in wanted}
    schemas, described = TypeAdapter.json_schemas(list(unique.values()), ref_template=_REF)
    return dict(schemas), described.get("$defs", {})


def _operation(call: Call, schemas: Schemas) -> dict[str, Any]:
    scopes = sorted(call.view.scopes)  # type: ignore[attr-defined]
    said = (call.view.__doc__ or "").strip()
    needs = f"Scope: {' or '.join(scopes)}."
    operation: dict[str, Any] = {
        "operationId": call.view.__name__,
        "summary": said.splitlines()[0],
        "description": f"{said}\n\n{needs}",
        "tags": [call.view.__module__.rpartition(".")[2]],
        "security": [{"token": []}],
        "parameters": _path_parameters(call),
        "responses": _responses(call, schemas),
    }
    if call.asks is not None and call.is_deed:
        shape = schemas[call.asks, "validation"]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": shape}},
        }
    elif call.asks is not None:
        operation["parameters"] += _query_parameters(call.asks)
    if call.is_deed:
        operation["parameters"].append(_key_parameter())
    return operation


def _path_parameters(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _SAID.get(name, "An id."),
            "schema": {"type": "string"},
        }
        for name in _PATH_PART.findall(call.rule)
    ]


def _query_parameters(shape: type[BaseModel]) -> list[dict[str, Any]]:
    described = shape.model_json_schema(ref_template=_REF)
    local = described.get("$defs", {})
    required = set(described.get("required", ()))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _asked(schema, local),
        }
        for name, schema in described["properties"].items()
    ]


def _asked(schema: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """Return a query parameter's schema: "nothing" is said by leaving it out, not by null."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        kept = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
        schema = kept | choices[0]
    if "$ref" in schema:
        schema = local[schema["$ref"].rpartition("/")[2]]
    return schema


def _key_parameter() -> dict[str, Any]:
    return {
        "name": KEY,
        "in": "header",
        "required": False,
        "description": (
            "Makes asking twice safe: the same request with the same key is done once and "
            "answered alike for a week; another request with it is refused."
        ),
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    }


def _responses(call: Call, schemas: Schemas) -> dict[str, Any]:
    answer = schemas[call.answers, "serialization"]
    refused = schemas[Problem, "serialization"]
    responses: dict[str, Any] = {
        str(call.status): {
            "description": HTTPStatus(call.status).phrase,
            "content": {"application/json": {"schema": answer}},
        }
    }
    for status in _DEEDS if call.is_deed else _LOOKS:
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": refused}},
        }
    return responses
