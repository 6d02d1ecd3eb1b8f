"""A procedure's conditions, kinds and units in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.deadline import Unit
from motcua.domain.procedures import rules
from motcua.domain.procedures.rules import Channel, Copy, Definition, Field
from motcua.domain.procedures.rules.definition import Condition

KINDS: Mapping[str, Promise] = {
    "text": gettext_lazy("một dòng chữ"),
    "long_text": gettext_lazy("nhiều dòng chữ"),
    "full_name": gettext_lazy("họ tên"),
    "citizen_number": gettext_lazy("số định danh"),
    "date": gettext_lazy("ngày"),
    "partial_date": gettext_lazy("ngày, có thể chỉ biết năm"),
    "address": gettext_lazy("địa chỉ hai cấp"),
    "phone": gettext_lazy("điện thoại"),
    "email": gettext_lazy("thư điện tử"),
    "number": gettext_lazy("số"),
    "money": gettext_lazy("số tiền"),
    "choice": gettext_lazy("chọn một"),
    "choices": gettext_lazy("chọn nhiều"),
    "yes_no": gettext_lazy("có hoặc không"),
    "person": gettext_lazy("một người"),
    "file": gettext_lazy("tệp"),
    "repeat": gettext_lazy("bảng nhiều dòng"),
}
CHANNELS: Mapping[str, Promise] = {
    Channel.DIRECT: gettext_lazy("trực tiếp"),
    Channel.ONLINE: gettext_lazy("trực tuyến"),
    Channel.POST: gettext_lazy("bưu chính"),
}
COPIES: Mapping[Copy, Promise] = {
    Copy.ORIGINAL: gettext_lazy("bản chính"),
    Copy.COPY: gettext_lazy("bản sao"),
    Copy.SHOWN: gettext_lazy("xuất trình"),
}
UNITS: Mapping[Unit, Promise] = {
    Unit.WORKING_DAY: gettext_lazy("ngày làm việc"),
    Unit.HOUR: gettext_lazy("giờ làm việc"),
    Unit.DAY: gettext_lazy("ngày"),
    Unit.SAME_DAY: gettext_lazy("trong ngày làm việc"),
}
#: named rules that conditions ask, in words; others are shown by their name
RULES: Mapping[str, Promise] = {
    "within_days": gettext_lazy("trong vòng %(days)s ngày qua"),
    "is_adult": gettext_lazy("đủ 18 tuổi"),
    "is_of_age": gettext_lazy("đủ %(years)s tuổi"),
}


def condition(spec: Definition, rows: tuple[Condition, ...]) -> str:
    """Say a condition: "Nơi sinh là Cơ sở y tế; …"; nothing when it always holds."""
    return "; ".join(_row(spec, row) for row in rows)


def _row(spec: Definition, row: Condition) -> str:
    field = spec.field(row.field)
    facts = {"field": str(field.label), "value": "", "rule": row.test}
    match row.test:
        case "is":
            facts["value"] = _said(field, row.value)
            return _("%(field)s là “%(value)s”") % facts
        case "in":
            facts["value"] = "”, “".join(_said(field, value) for value in row.value)
            return _("%(field)s là một trong “%(value)s”") % facts
        case "filled":
            text = _("%(field)s có trả lời") if row.value else _("%(field)s để trống")
            return text % facts
    facts["rule"] = str(RULES.get(row.test, row.test)) % dict(row.arguments)
    text = _("%(field)s: %(rule)s") if row.value else _("%(field)s: không %(rule)s")
    return text % facts


def _said(field: Field, value: object) -> str:
    return rules.say(field, value)


def version(spec: Definition) -> dict[str, object]:
    """Give what the page of one version shows."""
    return {
        "parts": [
            {
                "page": page,
                "when": condition(spec, page.shown_if),
                "fields": [_field(spec, field) for field in spec.by_page[page.key]],
            }
            for page in spec.pages
        ],
        "papers": [
            {"rule": rule, "copy": COPIES[rule.copy], "when": condition(spec, rule.when)}
            for rule in spec.papers
        ],
        "fees": [
            {
                "rule": rule,
                "amounts": [(CHANNELS[channel], amount) for channel, amount in rule.amounts],
                "when": condition(spec, rule.when),
                "waived": [(each.reason, condition(spec, each.when)) for each in rule.exemptions],
            }
            for rule in spec.fees
        ],
        "deadlines": [
            {
                "rule": rule,
                "amount": "" if rule.unit is Unit.SAME_DAY else f"{rule.amount.normalize():f}",
                "unit": UNITS[rule.unit],
                "when": condition(spec, rule.when),
            }
            for rule in spec.deadlines
        ],
        "steps": [{"step": step, "when": condition(spec, step.when)} for step in spec.steps],
        "channels": [CHANNELS[channel] for channel in spec.channels],
    }


def _field(spec: Definition, field: Field) -> dict[str, object]:
    return {
        "field": field,
        "kind": KINDS[field.kind],
        "when": condition(spec, field.shown_if),
        "choices": [str(choice.label) for choice in field.choices],
        "columns": [(column, KINDS[column.kind]) for column in field.columns],
    }
