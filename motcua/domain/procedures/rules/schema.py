"""The answers of a version as JSON Schema 2020-12: what a form, a counter and a partner are all held to."""

from functools import lru_cache
from typing import Any

import jsonschema_rs

from motcua.domain.procedures.rules.definition import Condition, Conditions, Definition
from motcua.domain.procedures.rules.kinds import KINDS, Schema


def answers_schema(spec: Definition) -> Schema:
    """Describe the bare answers of a version; questions that are not asked are left out of the answers."""
    clauses: list[Schema] = []
    required: list[str] = []
    for page in spec.pages:
        for field in spec.by_page[page.key]:
            rows = page.shown_if + field.shown_if
            if field.required and rows:
                clauses.append({"if": _all(rows), "then": {"required": [field.name]}})
            elif field.required:
                required.append(field.name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:motcua:answers:{spec.code}:{spec.sha256}",
        "title": spec.title.vi,
        "type": "object",
        "properties": {
            field.name: {"title": field.label.vi, **KINDS[field.kind].schema(field)} for field in spec.fields
        },
        "required": required,
        "additionalProperties": False,
        **({"allOf": clauses} if clauses else {}),
    }


def _all(rows: Conditions) -> Schema:
    return {"allOf": [_one(row) for row in rows]} if len(rows) > 1 else _one(rows[0])


def _one(row: Condition) -> Schema:
    given: Schema = {"required": [row.field]}
    match row.test:
        case "is":
            return {**given, "properties": {row.field: {"const": row.value}}}
        case "in":
            return {**given, "properties": {row.field: {"enum": list(row.value)}}}
    return given if row.value else {"not": given}


@lru_cache(maxsize=512)
def validator(spec: Definition) -> Any:
    """Compile the schema of a version, once per process."""
    return jsonschema_rs.Draft202012Validator(answers_schema(spec), validate_formats=True)
