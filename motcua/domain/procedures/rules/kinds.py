"""The kinds of fields: what an answer looks like as JSON, what is said when it does not, how it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext_lazy as _

from motcua.domain.agencies import places
from motcua.domain.procedures.rules.definition import Field

Schema = dict[str, Any]

NUMBER = {"type": "string", "pattern": r"^[0-9]{12}$"}
#: letters of any language, as ethnic minorities and foreigners have them: Y Bhiêu, H'Hen Niê, O'Neill
NAME = {"type": "string", "pattern": r"^[\p{L}\p{M}][\p{L}\p{M}'’. \-]*$", "maxLength": 100}
DAY = {"type": "string", "format": "date"}
PARTIAL_DAY = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
TEXT_MOST, LONG_TEXT_MOST, ROWS_MOST = 200, 2000, 20
MONEY_MOST = 10**13


def _closed(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def _text(most: int) -> Callable[[Field], Schema]:
    return lambda field: {
        "type": "string",
        "minLength": field.least or 1,
        "maxLength": field.most or most,
    }


def _number(field: Field) -> Schema:
    schema: Schema = {"type": "number" if field.decimals else "integer"}
    if field.least is not None:
        schema["minimum"] = field.least
    if field.most is not None:
        schema["maximum"] = field.most
    return schema


def _address(field: Field) -> Schema:
    parts: dict[str, Schema] = {
        "province": {"type": "string", "pattern": r"^[0-9]{2}$"},
        "province_name": {"type": "string", "maxLength": 100},
        "commune": {"type": "string", "pattern": r"^[0-9]{5}$"},
        "commune_name": {"type": "string", "maxLength": 100},
        "detail": {"type": "string", "minLength": 1, "maxLength": TEXT_MOST},
    }
    required = ["province", "commune", *(["detail"] if field.detail == "required" else [])]
    if field.detail == "none":
        del parts["detail"]
    return _closed(parts, required)


def _choices(field: Field) -> Schema:
    return {
        "type": "array",
        "items": {"enum": [choice.key for choice in field.choices]},
        "uniqueItems": True,
        "minItems": field.least or 1,
    }


def _rows(field: Field) -> Schema:
    row = _closed(
        {column.name: KINDS[column.kind].schema(column) for column in field.columns},
        [column.name for column in field.columns if column.required],
    )
    return {
        "type": "array",
        "items": row,
        "minItems": field.least or 1,
        "maxItems": field.most or ROWS_MOST,
    }


def short_date(iso: str) -> str:
    """Write a date, a month or a year as people do: 05/11/2026, 11/2026, 1948."""
    return "/".join(reversed(iso.split("-")))


def _say_number(field: Field, value: Any) -> str:
    said = number_format(Decimal(str(value)), decimal_pos=field.decimals or None, force_grouping=True)
    return f"{said} {field.unit}" if field.unit else said


def _say_money(field: Field, value: Any) -> str:
    return f"{number_format(value, force_grouping=True)} đ"


def address(province: str, commune: str, detail: str = "") -> dict[str, str]:
    """Write an address as it is kept: codes, and the names that the places have today."""
    parts = {"province": province, "commune": commune, "detail": detail}
    for part in ("province", "commune"):
        if found := places.place(parts[part]):
            parts[f"{part}_name"] = found.full_name
    return {name: part for name, part in parts.items() if part}


def _say_address(field: Field, value: Any) -> str:
    names = [_place(value, "commune"), _place(value, "province")]
    return ", ".join(part for part in (value.get("detail", ""), *names) if part)


def _place(value: Any, part: str) -> str:
    """Name a place: in Vietnamese as it was called when the answer was given."""
    kept = str(value.get(f"{part}_name", ""))
    if kept and (get_language() or "vi").startswith("vi"):
        return kept
    return places.place_name(value[part])


def _real_place(field: Field, value: Any) -> Promise | None:
    commune = places.place(value["commune"])
    if commune is not None and commune.province == value["province"]:
        return None
    return _("Chọn xã, phường, đặc khu thuộc tỉnh, thành phố đã chọn.")


def _say_choice(field: Field, value: Any) -> str:
    return next((str(choice.label) for choice in field.choices if choice.key == value), str(value))


def _say_rows(field: Field, value: Any) -> str:
    return "; ".join(
        ", ".join(say(column, row[column.name]) for column in field.columns if row.get(column.name))
        for row in value
    )


def _say_person(field: Field, value: Any) -> str:
    return f"{value['name']} ({value['number']})"


def _real_day(field: Field, value: Any) -> Promise | None:
    parts = [int(part) for part in value.split("-")]
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return _("Ngày này không có trong lịch. Kiểm tra lại ngày, tháng, năm.")
    return None if parts[0] >= 1900 else _("Nhập năm từ 1900 trở đi.")


def _plausible_day(field: Field, value: Any) -> Promise | None:
    return None if value[:4] >= "1900" else _("Nhập năm từ 1900 trở đi.")


def _as_it_is(field: Field, value: Any) -> str:
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of field: its JSON Schema, how it reads, and what JSON Schema cannot tell of it."""

    schema: Callable[[Field], Schema]
    say: Callable[[Field, Any], str] = _as_it_is
    flaw: Callable[[Field, Any], Promise | None] = lambda field, value: None


KINDS: dict[str, Kind] = {
    "text": Kind(schema=_text(TEXT_MOST)),
    "long_text": Kind(schema=_text(LONG_TEXT_MOST)),
    "full_name": Kind(schema=lambda field: NAME),
    "citizen_number": Kind(schema=lambda field: NUMBER),
    "date": Kind(schema=lambda field: DAY, say=lambda field, value: short_date(value), flaw=_plausible_day),
    "partial_date": Kind(
        schema=lambda field: PARTIAL_DAY, say=lambda field, value: short_date(value), flaw=_real_day
    ),
    "address": Kind(schema=_address, say=_say_address, flaw=_real_place),
    "phone": Kind(
        schema=lambda field: {"type": "string", "pattern": r"^0[35789][0-9]{8}$"},
        say=lambda field, value: f"{value[:4]} {value[4:7]} {value[7:]}",
    ),
    "email": Kind(schema=lambda field: {"type": "string", "format": "email", "maxLength": 254}),
    "number": Kind(schema=_number, say=_say_number),
    "money": Kind(
        schema=lambda field: {
            "type": "integer",
            "minimum": field.least or 0,
            "maximum": field.most or MONEY_MOST,
        },
        say=_say_money,
    ),
    "choice": Kind(schema=lambda field: {"enum": [choice.key for choice in field.choices]}, say=_say_choice),
    "choices": Kind(
        schema=_choices,
        say=lambda field, value: ", ".join(_say_choice(field, each) for each in value),
    ),
    "yes_no": Kind(
        schema=lambda field: {"type": "boolean"},
        say=lambda field, value: pgettext("answer", "Có") if value else pgettext("answer", "Không"),
    ),
    "person": Kind(
        schema=lambda field: _closed({"name": NAME, "number": NUMBER}, ["name", "number"]), say=_say_person
    ),
    "file": Kind(
        schema=lambda field: _closed(
            {"name": {"type": "string", "minLength": 1, "maxLength": 255}, "size": {"type": "integer"}},
            ["name"],
        ),
        say=lambda field, value: str(value["name"]),
    ),
    "repeat": Kind(schema=_rows, say=_say_rows),
}


def say(field: Field, value: Any) -> str:
    """Write an answer as people read it, in the language that is being spoken."""
    return KINDS[field.kind].say(field, value)


def say_in(language: str, field: Field, value: Any) -> str:
    """Write an answer in a language by its code; statutory papers are always "vi"."""
    with override(language):
        return say(field, value)
