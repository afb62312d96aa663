"""The OpenAPI description of what is served, written from the table of the standard: the two cannot differ."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from verriere.serve.madmp.answering import MEDIA_TYPES
from verriere.serve.madmp.asking import MOST, SORTED_BY, USUAL
from verriere.stewardship.dmp import standard
from verriere.stewardship.dmp.standard import Rule

Json = dict[str, Any]

_SCALARS: Mapping[str, Json] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "address": {"type": "string", "format": "email"},
}
_ERRORS = {
    "400": ("What was sent cannot be understood.", ("invalid_query_string", "bad_request")),
    "401": ("Nobody is logged in, or name and password do not fit.", ("authentication_required",)),
    "403": ("The plan may be read, and this not done with it.", ("insufficient_permissions",)),
    "404": ("There is no such plan, or none that the caller may know of.", ("dmp_not_found",)),
    "406": ("The client takes no JSON, or the plan cannot be said in this form.", ("not_acceptable",)),
    "409": ("The plan was changed since, or cannot be deleted.", ("conflict",)),
    "415": ("A plan is sent as JSON.", ("unsupported_media_type", "generic_error")),
}
_WITH_BODY = ("400", "401", "403", "404", "406", "409", "415")


@cache
def description(server: str, facility: str) -> Json:
    """The whole description.

    Parameters
    ----------
    server
        Where the API is, as an address or a path.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Data management plans of {facility}",
            "version": "0.1.0",
            "description": "The RDA's Common maDMP API. Plans are those of the proposals whose team the caller belongs "
            "to, those they brought, and, where the facility publishes them, those of public research.",
        },
        "servers": [{"url": server}],
        "security": [{}, {"password": []}, {"session": []}],
        "paths": {
            "/dmps": {
                "get": _operation("listDMPs", "List plans", ("400", "401", "406"), "PlanList", parameters=_asked()),
                "post": _operation(
                    "createDMP", "Create a plan", ("400", "401", "403", "406", "415"), "PlanWithId", body=True
                ),
            },
            "/dmps/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": _operation("getDMP", "Read a plan", ("401", "404", "406"), "PlanWithId"),
                "put": _operation(
                    "putDMP", "Overwrite a plan", _WITH_BODY, "PlanWithId", body=True, parameters=_conditions()
                ),
                "delete": _operation(
                    "deleteDMP", "Delete a plan", ("401", "403", "404", "406", "409"), None, parameters=_conditions()
                ),
            },
        },
        "components": {
            "schemas": {
                **{name: _object(name) for name in standard.objects("api") if name != "Document"},
                "Document": {"type": "object", "properties": {"dmp": _ref("Plan")}},
                "PlanWithId": {
                    "allOf": [
                        _ref("Document"),
                        {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                    ]
                },
                "PlanList": {
                    "type": "object",
                    "required": ["total_count", "items"],
                    "properties": {
                        "total_count": {"type": "integer", "minimum": 0},
                        "items": {"type": "array", "items": _ref("PlanWithId")},
                    },
                },
            },
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic"},
                "session": {"type": "apiKey", "in": "cookie", "name": "verriere_session"},
            },
        },
    }


def _operation(
    name: str,
    summary: str,
    errors: tuple[str, ...],
    answer: str | None,
    *,
    body: bool = False,
    parameters: list[Json] | None = None,
) -> Json:
    good: Json = {"description": "Done."}
    if answer is not None:
        good["content"] = {kind: {"schema": _ref(answer)} for kind in MEDIA_TYPES}
    if answer == "PlanWithId":
        good["headers"] = {"Last-Modified": {"schema": {"type": "string", "format": "date-time"}}}
    made: Json = {
        "operationId": name,
        "summary": summary,
        "tags": ["DMP"],
        "responses": {"200" if answer else "204": good, **{status: _error(status) for status in errors}},
    }
    made["responses"]["default"] = _error(None)
    if body:
        content = {kind: {"schema": _ref("Document")} for kind in MEDIA_TYPES}
        made["requestBody"] = {"required": True, "content": content}
    return {**made, "parameters": parameters} if parameters else made


def _error(status: str | None) -> Json:
    said, codes = _ERRORS[status] if status else ("The request failed.", ("generic_error",))
    schema: Json = {
        "type": "object",
        "required": ["error_code", "error_message"],
        "properties": {"error_code": {"type": "string", "enum": list(codes)}, "error_message": {"type": "string"}},
    }
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _asked() -> list[Json]:
    orders = [f"{field},{direction}" for field in SORTED_BY for direction in ("asc", "desc")]
    texts: Json = {"type": "array", "items": {"type": "string"}}
    lists = {f"{name}_ids[]": texts for name in ("contact", "contributor", "dataset", "metadata_standard", "dmp")}
    lists |= {f"{name}_ids[]": texts for name in ("funder", "grant")}
    lists["languages[]"] = {"type": "array", "items": _words("language")}
    lists["sort[]"] = {"type": "array", "items": {"type": "string", "enum": orders}, "default": ["created,desc"]}
    ones: dict[str, Json] = {
        "offset": {"type": "integer", "minimum": 0, "default": 0},
        "count": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        "query": {"type": "string"},
        "ethical_issues_exist": {"type": "boolean"},
    }
    ones |= {f"{name}_{side}": _SCALARS["moment"] for name in ("created", "modified") for side in ("before", "after")}
    ones |= {f"embargo_{side}": _SCALARS["date"] for side in ("before", "after")}
    return [{"name": name, "in": "query", "schema": schema} for name, schema in {**ones, **lists}.items()]


def _conditions() -> list[Json]:
    return [
        {"name": "If-Unmodified-Since", "in": "header", "schema": _SCALARS["moment"]},
        {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
    ]


def _object(name: str) -> Json:
    fields = standard.objects("api")[name]
    made: Json = {"type": "object", "properties": {key: _schema(field.rule) for key, field in fields.items()}}
    required = [key for key, field in fields.items() if field.required]
    return {**made, "required": required} if required else made


def _schema(rule: Rule) -> Json:
    match rule.kind:
        case "either":
            return {"oneOf": [_schema(one) for one in rule.of]}
        case "list":
            made: Json = {"type": "array", "items": _schema(rule.of[0])}
            made |= {"minItems": rule.least} if rule.least else {}
            return {**made, "uniqueItems": True} if rule.unique else made
        case "object":
            return _ref(rule.name)
        case "words":
            return _words(rule.name)
        case _:
            return dict(_SCALARS[rule.name])


def _words(vocabulary: str) -> Json:
    return {"type": "string", "enum": list(standard.words(vocabulary))}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
