"""The named rules that a package may ask for; each gives the reason why an answer will not do, or None."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.domain.procedures.rules import numbers


@dataclass(frozen=True, kw_only=True)
class Case:
    """One answer in front of a rule, with everything else that was answered."""

    value: Any
    values: Mapping[str, Any]
    #: None while only the shape is looked at: rules that need the day then say nothing
    on: date | None
    arguments: Mapping[str, Any]

    def other(self, argument: str) -> Any:
        """Give the answer to the field that an argument names."""
        return self.values.get(self.arguments.get(argument, ""))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A named rule: the function, the arguments it needs and may have, those of them that name a field."""

    judge: Callable[[Case], str | None]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def first_day(iso: str) -> date:
    """Give the earliest day that a date, a month or a year can mean."""
    year, month, day = (*(int(part) for part in iso.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(iso: str) -> date:
    """Give the latest day that a date, a month or a year can mean."""
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    year, month = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 12)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def birthday(born: date, years: int) -> date:
    """Give the day on which somebody reaches an age; born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def is_adult(case: Case) -> str | None:
    """18 years or more (Civil Code 2015 art. 20); a birth date, or a personal number."""
    return _age(case, 18)


def is_of_age(case: Case) -> str | None:
    """A number of years or more."""
    return _age(case, case.arguments["years"])


def _age(case: Case, years: int) -> str | None:
    if case.on is None:
        return None
    if numbers.PATTERN.match(case.value):
        reached = birthday(date(numbers.read(case.value).born_in, 1, 1), years)
    else:
        reached = birthday(first_day(case.value), years)
    if reached <= case.on:
        return None
    return ngettext("Người này chưa đủ %(years)d tuổi.", "Người này chưa đủ %(years)d tuổi.", years) % {
        "years": years
    }


def in_past(case: Case) -> str | None:
    """Today or earlier."""
    if case.on is None or first_day(case.value) <= case.on:
        return None
    return _("Ngày này chưa đến. Nhập ngày không sau hôm nay, %(today)s.") % {"today": f"{case.on:%d/%m/%Y}"}


def within_days(case: Case) -> str | None:
    """Not more than so many days ago."""
    days = case.arguments["days"]
    if case.on is None or last_day(case.value) >= case.on - timedelta(days=days):
        return None
    return ngettext("Ngày này đã qua hơn %(days)d ngày.", "Ngày này đã qua hơn %(days)d ngày.", days) % {
        "days": days
    }


def not_before(case: Case) -> str | None:
    """Not earlier than the date in another field."""
    other = case.other("field")
    if not other or last_day(case.value) >= first_day(other):
        return None
    return _("Ngày này không được trước ngày %(other)s đã khai.") % {"other": _said(other)}


def years_before(case: Case) -> str | None:
    """At least so many years before the date in another field: parents are older than their children."""
    other = case.other("field")
    years = case.arguments["years"]
    if not other or birthday(first_day(case.value), years) <= last_day(other):
        return None
    return ngettext(
        "Ngày này phải trước ngày %(other)s ít nhất %(years)d năm.",
        "Ngày này phải trước ngày %(other)s ít nhất %(years)d năm.",
        years,
    ) % {"other": _said(other), "years": years}


def number_agrees_with_birth_and_gender(case: Case) -> str | None:
    """The digits of a personal number say the same year of birth and gender as the form (domain rule 4.1)."""
    said = numbers.read(case.value)
    born = case.other("birth")
    if born and int(born[:4]) != said.born_in:
        return _(
            "Số định danh này là của người sinh năm %(said)d, nhưng ngày sinh đã khai là %(born)s. "
            "Kiểm tra lại cả hai."
        ) % {"said": said.born_in, "born": _said(born)}
    gender = case.arguments.get("gender_is") or case.other("gender")
    if gender in ("male", "female") and gender != said.gender:
        if said.gender == "male":
            return _("Số định danh này là của nam, nhưng tờ khai ghi là nữ. Kiểm tra lại cả hai.")
        return _("Số định danh này là của nữ, nhưng tờ khai ghi là nam. Kiểm tra lại cả hai.")
    return None


def differs_from(case: Case) -> str | None:
    """Not the same as the answer in another field."""
    if case.value != case.other("field"):
        return None
    return _("Thông tin này không được trùng với thông tin đã khai ở mục khác.")


def distinct(case: Case) -> str | None:
    """No two rows of a table have the same value in a column."""
    column = case.arguments["column"]
    said = [row.get(column) for row in case.value if row.get(column)]
    if len(said) == len(set(said)):
        return None
    twice = next(value for value in said if said.count(value) > 1)
    return _("%(value)s được khai hai lần.") % {"value": twice}


def has_surname(case: Case) -> str | None:
    """At least a surname and a given name (Civil Code 2015 art. 26)."""
    return None if len(case.value.split()) > 1 else _("Nhập đủ họ và tên, ví dụ Nguyễn An.")


def area_for_everyone(case: Case) -> str | None:
    """Enough square metres for the applicant and every row of a table (Law on Residence art. 20.3)."""
    people = 1 + len(case.other("rows") or ())
    least = case.arguments["square_metres"]
    if case.value >= least * people:
        return None
    return _("Cần ít nhất %(needed)d m² cho %(people)d người (%(least)d m² một người).") % {
        "needed": least * people,
        "people": people,
        "least": least,
    }


def _said(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def _rule(judge: Callable[[Case], str | None], needs: str = "", takes: str = "", fields: str = "") -> Rule:
    words = (frozenset(text.split()) for text in (needs, takes, fields))
    return Rule(judge=judge, **dict(zip(("needs", "takes", "fields"), words, strict=True)))


#: name in a package → the rule; a new name is a decision record
CHECKS: dict[str, Rule] = {
    "is_adult": _rule(is_adult),
    "is_of_age": _rule(is_of_age, "years"),
    "in_past": _rule(in_past),
    "within_days": _rule(within_days, "days"),
    "not_before": _rule(not_before, "field", fields="field"),
    "years_before": _rule(years_before, "field years", fields="field"),
    "number_agrees_with_birth_and_gender": _rule(
        number_agrees_with_birth_and_gender, takes="birth gender gender_is", fields="birth gender"
    ),
    "differs_from": _rule(differs_from, "field", fields="field"),
    "distinct": _rule(distinct, "column"),
    "has_surname": _rule(has_surname),
    "area_for_everyone": _rule(area_for_everyone, "square_metres", takes="rows", fields="rows"),
}
