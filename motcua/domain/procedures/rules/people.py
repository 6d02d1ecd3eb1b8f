"""What the population register knows: filling in fields; and who and where the answers are about."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.domain.procedures.rules.conditions import Answers, asked, filled
from motcua.domain.procedures.rules.definition import Definition, Field
from motcua.domain.procedures.rules.kinds import address

Record = Mapping[str, Any]

#: attributes of one person, in the words of the population register
ATTRIBUTES = (
    "number",
    "name",
    "born_on",
    "gender",
    "ethnicity",
    "nationality",
    "birth_place",
    "birth_registration_place",
    "home_town",
    "permanent_address",
    "current_address",
    "marital_status",
    "phone",
    "email",
    #: name and number together, for fields of kind "person"
    "self",
)
#: whose attributes; husband and wife are the applicant and the spouse, whichever of them is which
WHOSE = ("person", "spouse", "husband", "wife", "father", "mother", "household_head")


def prefill(spec: Definition, person: Record) -> dict[str, Any]:
    """Fill in the fields that the register can answer about an applicant and the people around.

    Fuller records of relatives go under the same keys: `person["spouse"]` may be a whole record.
    """
    found = {}
    for field in spec.fields:
        whose, _dot, attribute = field.fill_from.partition(".")
        if not whose:
            continue
        value = _fitting(field, _person(person, whose), attribute)
        if filled(value):
            found[field.name] = value
    return found


def _fitting(field: Field, record: Record, attribute: str) -> Any:
    """Give an attribute in the shape of the field's kind."""
    if attribute == "self":
        both = {part: record.get(part) for part in ("name", "number")}
        return both if all(both.values()) else None
    value = record.get(attribute)
    if field.kind == "address" and value:
        detail = "" if field.detail == "none" else value.get("detail") or ""
        return address(value["province"], value["commune"], detail)
    return value


def _person(person: Record, whose: str) -> Record:
    if whose == "person":
        return person
    if whose == "household_head":
        household = person.get("household") or {}
        return household.get("head") or {}
    if whose in ("husband", "wife"):
        itself = person.get("gender") == ("male" if whose == "husband" else "female")
        return person if itself else _person(person, "spouse")
    return person.get(whose) or {}


def attributes(spec: Definition) -> tuple[str, ...]:
    """Name the register's attributes that this form uses, so that no more is asked for."""
    wanted = {"number", "name", "born_on", "gender"}
    for field in spec.fields:
        whose, _dot, attribute = field.fill_from.partition(".")
        if whose == "household_head":
            wanted.add("household")
        elif whose:
            wanted.update({attribute} - {"self"})
            wanted.update(_relatives(whose))
    return tuple(sorted(wanted))


def _relatives(whose: str) -> set[str]:
    if whose in ("husband", "wife"):
        return {"spouse"}
    return set() if whose == "person" else {whose}


def relatives(spec: Definition) -> tuple[str, ...]:
    """Name the relatives whose own records this form can use: "spouse", "father", "mother"."""
    return tuple(
        sorted(
            set().union(*(_relatives(f.fill_from.partition(".")[0]) for f in spec.fields if f.fill_from))
            & {"spouse", "father", "mother"}
        )
    )


def applicant(spec: Definition, answers: Answers) -> dict[str, Any]:
    """Give what the answers say of the owner of the dossier: number, name, phone, address …"""
    values = asked(spec, answers)
    return {part: values[field] for part, field in spec.applicant if field in values}


def why_not_apply(spec: Definition, kind: str) -> Promise | None:
    """Say why this procedure is not for an applicant of this kind, or None."""
    if kind in spec.applicants:
        return None
    if kind == "organization":
        return _("Thủ tục này chỉ dành cho công dân, không nộp được cho tổ chức. Hãy đổi vai trò rồi nộp.")
    return _("Thủ tục này chỉ dành cho tổ chức. Hãy đổi sang vai trò làm thay tổ chức rồi nộp.")


def place(spec: Definition, answers: Answers) -> str:
    """Give the code of the commune whose agency is proposed, or "" when nothing says it."""
    value = asked(spec, answers).get(spec.place)
    return str(value.get("commune", "")) if isinstance(value, Mapping) else ""
