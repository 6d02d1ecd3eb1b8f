"""What is wrong with a set of answers, field by field, in a sentence that says what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.base.text import lowered
from motcua.domain.procedures.rules import numbers
from motcua.domain.procedures.rules.checks import CHECKS, Case
from motcua.domain.procedures.rules.conditions import Answers, asked, filled
from motcua.domain.procedures.rules.definition import Check, Definition, Field, Text
from motcua.domain.procedures.rules.kinds import KINDS
from motcua.domain.procedures.rules.schema import validator


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field ("child_name", "members.0.name") and the sentence."""

    field: str
    message: str
    #: the JSON Schema keyword or the name of the rule; "required" is what was only left empty
    code: str = ""


#: (kind, keyword, property) → (kind, keyword) → (keyword,): the nearest row is said
MESSAGES: dict[tuple[str, ...], Promise] = {
    ("required",): _("Nhập %(label)s."),
    ("choice", "required"): _("Chọn %(label)s."),
    ("choices", "required"): _("Chọn %(label)s."),
    ("yes_no", "required"): _("Chọn Có hoặc Không."),
    ("file", "required"): _("Tải lên %(label)s."),
    ("repeat", "required"): _("Thêm ít nhất một dòng vào %(label)s."),
    ("address", "required", "province"): _("Chọn tỉnh, thành phố."),
    ("address", "required", "commune"): _("Chọn xã, phường, đặc khu."),
    ("address", "required", "detail"): _("Nhập số nhà, đường, ấp, khu phố."),
    ("person", "required", "number"): _("Nhập số định danh của người này."),
    ("person", "required", "name"): _("Nhập họ và tên của người này."),
    ("citizen_number", "pattern"): _("Số định danh gồm 12 chữ số, ví dụ 080190000123."),
    ("person", "pattern", "number"): _("Số định danh gồm 12 chữ số, ví dụ 080190000123."),
    ("full_name", "pattern"): _("Họ và tên chỉ gồm chữ cái, dấu cách, dấu nháy và gạch nối."),
    ("person", "pattern", "name"): _("Họ và tên chỉ gồm chữ cái, dấu cách, dấu nháy và gạch nối."),
    ("date", "format"): _("Nhập ngày có thật theo dạng ngày tháng năm, ví dụ 05 11 2026."),
    ("partial_date", "pattern"): _("Nhập ngày tháng năm, hoặc chỉ năm nếu không nhớ ngày, ví dụ 1948."),
    ("address", "pattern"): _("Chọn tỉnh, thành phố và xã, phường, đặc khu trong danh sách."),
    ("phone", "pattern"): _("Số điện thoại gồm 10 chữ số, ví dụ 0912 345 678."),
    ("email", "format"): _("Nhập địa chỉ thư điện tử, ví dụ ten@example.vn."),
    ("choice", "enum"): _("Chọn một mục trong danh sách."),
    ("choices", "enum"): _("Chọn trong danh sách."),
    ("minLength",): _("Nhập ít nhất %(limit)s ký tự."),
    ("maxLength",): _("Nhập nhiều nhất %(limit)s ký tự."),
    ("minimum",): _("Nhập số từ %(limit)s trở lên."),
    ("maximum",): _("Nhập số không quá %(limit)s."),
    ("minItems",): _("Cần ít nhất %(limit)s dòng."),
    ("maxItems",): _("Nhiều nhất %(limit)s dòng."),
    ("uniqueItems",): _("Mỗi mục chỉ chọn một lần."),
    ("type",): _("Giá trị này không đúng kiểu."),
    ("additionalProperties",): _("Tờ khai không có mục này."),
}
_ODD = _("Giá trị này không hợp lệ.")
_UNKNOWN = MESSAGES[("additionalProperties",)]


def problems(spec: Definition, answers: Answers, *, on: date, page: str | None = None) -> list[Problem]:
    """List what is wrong on one page, or in the whole form; at most one problem for each field."""
    found = _found(spec, answers, on)
    if page is not None:
        return [problem for problem in found if spec.by_name[_root(problem)].page == page]
    strange = [
        Problem(name, str(_UNKNOWN), "additionalProperties") for name in answers if name not in spec.by_name
    ]
    return strange + found


def shape_problems(spec: Definition, answers: Answers, *, page: str) -> list[Problem]:
    """List what is wrong on a page whatever the day is."""
    return [each for each in _found(spec, answers, None) if spec.by_name[_root(each)].page == page]


def warnings(spec: Definition, answers: Answers) -> list[Problem]:
    """List what is odd but allowed: an officer looks at it."""
    text = gettext("Ba chữ số đầu không phải mã tỉnh nơi đăng ký khai sinh. Kiểm tra lại số định danh.")
    return [
        Problem(path, text)
        for path, field, value in _leaves(spec, asked(spec, answers))
        if field.kind == "citizen_number" and numbers.PATTERN.match(value) and not numbers.known_place(value)
    ]


def missing(field: Field) -> str:
    """Say that a field was left empty."""
    if field.missing:
        return str(field.missing)
    if str(field.label).endswith("?") and field.kind != "yes_no":
        return gettext("Hãy trả lời câu hỏi này.")
    return _say(field, "required", "", {})


def _found(spec: Definition, answers: Answers, on: date | None) -> list[Problem]:
    values = asked(spec, answers)
    found: dict[str, Problem] = {}
    for problem in _misshapen(spec, values):
        found.setdefault(problem.field, problem)
    # Rules trust the shape of every answer they look at, so misshapen ones are hidden from them.
    bad = {_root(problem) for problem in found.values()}
    sound = {name: value for name, value in values.items() if name not in bad}
    for problem in _against_rules(spec, sound, on):
        found.setdefault(problem.field, problem)
    order = {field.name: number for number, field in enumerate(spec.fields)}
    return sorted(found.values(), key=lambda problem: order[_root(problem)])


def _root(problem: Problem) -> str:
    return problem.field.partition(".")[0]


def _misshapen(spec: Definition, values: dict[str, Any]) -> Iterator[Problem]:
    spoiled = set()
    for error in validator(spec).iter_errors(values):
        facts = error.kind.as_dict()
        keyword = error.kind.name
        path = [*error.instance_path, *([facts["property"]] if keyword == "required" else [])]
        field, name, inner = _located(spec, path)
        spoiled.add(path[0])
        if keyword == "required" and not inner:
            yield Problem(name, missing(field), keyword)
        else:
            yield Problem(name, _say(field, keyword, inner, facts), keyword)
    for name, field, value in _leaves(spec, {k: v for k, v in values.items() if k not in spoiled}):
        if flaw := KINDS[field.kind].flaw(field, value):
            yield Problem(name, str(flaw), "flaw")


def _located(spec: Definition, path: list[Any]) -> tuple[Field, str, str]:
    """Find the field that a JSON path points into, its name for people, and the part inside of it."""
    field = spec.by_name[path[0]]
    if field.kind == "repeat" and len(path) > 2:
        inner = path[3] if len(path) > 3 else ""
        return field.column(path[2]), f"{path[0]}.{path[1]}.{path[2]}", inner
    inner = path[1] if len(path) > 1 and isinstance(path[1], str) else ""
    return field, str(path[0]), inner


def _say(field: Field, keyword: str, inner: str, facts: dict[str, Any]) -> str:
    for key in ((field.kind, keyword, inner), (field.kind, keyword), (keyword,)):
        if key in MESSAGES:
            return str(MESSAGES[key]) % {"label": lowered(str(field.label)), **facts}
    return str(_ODD)


def _leaves(spec: Definition, values: dict[str, Any]) -> Iterator[tuple[str, Field, Any]]:
    """Walk over every answer with its path; tables row by row, and each table itself."""
    for name, value in values.items():
        field = spec.by_name[name]
        yield name, field, value
        for number, row in enumerate(value if field.columns else ()):
            for column in field.columns:
                if filled(row.get(column.name)):
                    yield f"{name}.{number}.{column.name}", column, row[column.name]


def _against_rules(spec: Definition, values: dict[str, Any], on: date | None) -> Iterator[Problem]:
    for path, field, value in _leaves(spec, values):
        nearby = {**values, **_row(values, path)}
        for check in field.checks:
            if message := _fails(check, value, nearby, on):
                yield Problem(path, message, check.rule)
                break


def _row(values: dict[str, Any], path: str) -> dict[str, Any]:
    """Give the row that a cell stands in: its neighbours come before the fields of the form."""
    name, _dot, rest = path.partition(".")
    return values[name][int(rest.partition(".")[0])] if rest else {}


def _fails(check: Check, value: Any, values: dict[str, Any], on: date | None) -> str | None:
    arguments = dict(check.arguments)
    own = (arguments.pop("says", None), arguments.pop("says_en", None))
    message = CHECKS[check.rule].judge(Case(value=value, values=values, on=on, arguments=arguments))
    if message is None or own[0] is None:
        return message
    return str(Text(own[0], own[1]))
