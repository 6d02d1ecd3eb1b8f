"""Whether the files of a package fit together: what one names, another one has."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import jsonschema_rs
from django.utils.translation import gettext as _

from motcua.domain.procedures.rules.building import field_of
from motcua.domain.procedures.rules.checks import CHECKS
from motcua.domain.procedures.rules.kinds import KINDS
from motcua.domain.procedures.rules.people import ATTRIBUTES, WHOSE
from motcua.domain.procedures.rules.route import SETTLE

Path = tuple[str | int, ...]
Row = Mapping[str, Any]
#: part of the package, place in its data, sentence
Found = tuple[str, Path, str]

#: a page is one thing to think about
MOST_FIELDS_ON_A_PAGE = 8
HOURS_A_DAY = 8
#: a procedure of the same day is received until its cut-off and answered before the office closes
OFFICE_CLOSES = 17
#: keys that only some kinds of fields have
ONLY_FOR = {
    "choice": ("choice", "choices"),
    "column": ("repeat",),
    "paper": ("file",),
    "decimals": ("number",),
    "unit": ("number",),
    "detail": ("address",),
    "least": ("number", "money", "text", "long_text", "choices", "repeat"),
    "most": ("number", "money", "text", "long_text", "repeat"),
}
NEEDED_BY = {"choice": "choice", "choices": "choice", "repeat": "column", "file": "paper"}


def incoherent(content: Row) -> Iterator[Found]:
    """Find everything that does not fit, place by place."""
    known = _Known(content)
    for check in (_pages, _fields, _basis, _dues, _owner, _papers, _steps, _hours):
        yield from check(known)


class _Known:
    """The names that the parts of one package define."""

    def __init__(self, content: Row) -> None:
        self.main: Row = content["procedure"]
        self.pages: list[Row] = content["form"]["page"]
        self.fields: list[Row] = content["form"]["field"]
        self.papers: list[Row] = content["papers"].get("paper", [])
        self.steps: list[Row] = content["steps"]["step"]
        self.by_name = {field["name"]: field for field in self.fields}
        self.page_order = {page["key"]: number for number, page in enumerate(self.pages)}
        self.laws = {row["key"] for row in self.main["basis"]}

    def conditions(self, value: Any, *, before: int | None = None) -> Iterator[str]:
        """Say what is wrong with a condition; on the form it may look at earlier pages only."""
        for row in value if isinstance(value, list) else [value] if value else []:
            field = self.by_name.get(row["field"])
            if field is None:
                yield _("điều kiện nhắc đến mục “%(name)s” không có trong form.toml") % {"name": row["field"]}
                continue
            if before is not None and self.page_order.get(field["page"], before) >= before:
                yield _("điều kiện chỉ được dựa vào mục ở trang trước, “%(name)s” thì không") % {
                    "name": row["field"]
                }
            if "check" in row:
                yield from self.rule({**row, "rule": row["check"]}, ignoring=("field", "check", "holds"))
            else:
                yield from _comparable(row, field)

    def rule(self, row: Row, *, nearby: Iterable[str] = (), ignoring: Iterable[str] = ()) -> Iterator[str]:
        """Say what is wrong with the use of a named rule."""
        rule = CHECKS[row["rule"]]
        given = {key for key in row if key not in ("rule", "says", "says_en", *ignoring)}
        for name in sorted(rule.needs - given):
            yield _("quy tắc “%(rule)s” cần “%(name)s”") % {"rule": row["rule"], "name": name}
        for name in sorted(given - rule.needs - rule.takes):
            yield _("quy tắc “%(rule)s” không dùng “%(name)s”") % {"rule": row["rule"], "name": name}
        for name in sorted(rule.fields & given):
            if row[name] not in self.by_name and row[name] not in nearby:
                yield _("quy tắc nhắc đến mục “%(name)s” không có trong form.toml") % {"name": row[name]}


def _comparable(row: Row, field: Row) -> Iterator[str]:
    asked = [row["is"]] if "is" in row else row.get("in", [])
    if not asked:
        return
    if field["kind"] == "yes_no":
        right: Callable[[Any], bool] = lambda value: isinstance(value, bool)  # noqa: E731
    elif field["kind"] == "choice":
        keys = [choice["key"] for choice in field.get("choice", ())]
        right = keys.__contains__
    else:
        yield _("mục “%(name)s” chỉ dùng được với điều kiện filled") % {"name": row["field"]}
        return
    for value in asked:
        if not right(value):
            yield _("mục “%(name)s” không có lựa chọn “%(value)s”") % {"name": row["field"], "value": value}


def _twice(rows: Iterable[Row], key: str, part: str, table: Path) -> Iterator[Found]:
    seen = set()
    for number, row in enumerate(rows):
        if row[key] in seen:
            yield part, (*table, number, key), _("“%(name)s” đã có ở trên") % {"name": row[key]}
        seen.add(row[key])


def _pages(known: _Known) -> Iterator[Found]:
    yield from _twice(known.pages, "key", "form", ("page",))
    for number, page in enumerate(known.pages):
        count = sum(field["page"] == page["key"] for field in known.fields)
        if not count:
            yield "form", ("page", number), _("trang này không có mục nào")
        if count > MOST_FIELDS_ON_A_PAGE:
            text = _("trang này có %(count)d mục, nhiều nhất %(most)d: tách thành hai trang")
            yield "form", ("page", number), text % {"count": count, "most": MOST_FIELDS_ON_A_PAGE}
        for text in known.conditions(page.get("shown_if"), before=number):
            yield "form", ("page", number, "shown_if"), text


def _fields(known: _Known) -> Iterator[Found]:
    yield from _twice(known.fields, "name", "form", ("field",))
    for number, field in enumerate(known.fields):
        path: Path = ("field", number)
        page = known.page_order.get(field["page"])
        if page is None:
            yield "form", (*path, "page"), _("không có trang “%(name)s”") % {"name": field["page"]}
        for text in known.conditions(field.get("shown_if"), before=page):
            yield "form", (*path, "shown_if"), text
        yield from _field(known, field, path, [column["name"] for column in field.get("column", ())])
        columns = field.get("column", [])
        yield from _twice(columns, "name", "form", (*path, "column"))
        for place, column in enumerate(columns):
            yield from _field(known, column, (*path, "column", place), [row["name"] for row in columns])


def _field(known: _Known, field: Row, path: Path, nearby: list[str]) -> Iterator[Found]:
    kind = field["kind"]
    for key, kinds in ONLY_FOR.items():
        if key in field and kind not in kinds:
            yield "form", (*path, key), _("kiểu “%(kind)s” không dùng “%(key)s”") % {"kind": kind, "key": key}
    if kind in NEEDED_BY and NEEDED_BY[kind] not in field:
        text = _("kiểu “%(kind)s” cần “%(key)s”") % {"kind": kind, "key": NEEDED_BY[kind]}
        yield "form", path, text
        return
    checks = field.get("check", [])
    for row in checks if isinstance(checks, list) else [checks]:
        rule = {"rule": row} if isinstance(row, str) else row
        for text in known.rule(rule, nearby=nearby):
            yield "form", (*path, "check"), text
    whose, _dot, attribute = field.get("fill_from", "").partition(".")
    if whose and (whose not in WHOSE or attribute not in ATTRIBUTES):
        text = _("CSDL dân cư không có “%(name)s”") % {"name": field["fill_from"]}
        yield "form", (*path, "fill_from"), text
    if "default" in field:
        schema = KINDS[kind].schema(field_of(field))
        if not jsonschema_rs.is_valid(schema, field["default"]):
            yield (
                "form",
                (*path, "default"),
                _("giá trị có sẵn không hợp với kiểu “%(kind)s”") % {"kind": kind},
            )


def _basis(known: _Known) -> Iterator[Found]:
    yield from _twice(known.main["basis"], "key", "procedure", ("basis",))
    yield from _twice(known.main.get("question", ()), "key", "procedure", ("question",))
    cited: list[tuple[str, tuple[str | int, ...], Row]] = [
        ("procedure", ("assurance_law",), known.main["assurance_law"])
    ]
    for part, table, rows in (
        ("procedure", "deadline", known.main["deadline"]),
        ("procedure", "fee", known.main.get("fee", [])),
        ("papers", "paper", known.papers),
    ):
        cited += [(part, (table, number), row) for number, row in enumerate(rows)]
    for part, path, row in cited:
        if row["law"] not in known.laws:
            yield part, (*path, "law"), _("[[basis]] không có “%(name)s”") % {"name": row["law"]}
    for table, rows in (("basis", known.main["basis"]), ("fee", known.main.get("fee", []))):
        for number, row in enumerate(rows):
            if "in_force_to" in row and row["in_force_to"] < row["in_force_from"]:
                yield "procedure", (table, number, "in_force_to"), _("hết hiệu lực trước khi có hiệu lực")


def _dues(known: _Known) -> Iterator[Found]:
    if all("when" in row or "in_force_to" in row for row in known.main["deadline"]):
        yield "procedure", ("deadline", 0), _("cần một thời hạn không kèm điều kiện và còn hiệu lực")
    for number, row in enumerate(known.main["deadline"]):
        for text in known.conditions(row.get("when")):
            yield "procedure", ("deadline", number, "when"), text
    for number, row in enumerate(known.main.get("fee", [])):
        for text in known.conditions(row.get("when")):
            yield "procedure", ("fee", number, "when"), text
        if "times" in row and known.by_name.get(row["times"], {}).get("kind") != "number":
            text = _("cần tên một mục kiểu “%(kind)s” trong form.toml") % {"kind": "number"}
            yield "procedure", ("fee", number, "times"), text
        for channel in sorted(set(row["amounts"]) - set(known.main["channels"])):
            text = _("thủ tục này không nhận qua kênh “%(name)s”") % {"name": channel}
            yield "procedure", ("fee", number, "amounts"), text
        for place, exemption in enumerate(row.get("exempt", [])):
            for text in known.conditions(exemption["when"]):
                yield "procedure", ("fee", number, "exempt", place, "when"), text


OWNER_KINDS = {
    "number": "citizen_number",
    "name": "full_name",
    "born_on": "partial_date",
    "gender": "choice",
    "phone": "phone",
    "email": "email",
    "address": "address",
}


def _owner(known: _Known) -> Iterator[Found]:
    for part, name in known.main["applicant"].items():
        field = known.by_name.get(name)
        if field is None or field["kind"] != OWNER_KINDS[part]:
            text = _("cần tên một mục kiểu “%(kind)s” trong form.toml") % {"kind": OWNER_KINDS[part]}
            yield "procedure", ("applicant", part), text
        elif part in ("number", "name") and "fill_from" not in field:
            text = _("nhà nước đã biết “%(name)s”: phải có fill_from") % {"name": name}
            yield "procedure", ("applicant", part), text
    place = known.main["agency"].get("place")
    if place and known.by_name.get(place, {}).get("kind") != "address":
        text = _("cần tên một mục kiểu “%(kind)s” trong form.toml") % {"kind": "address"}
        yield "procedure", ("agency", "place"), text


def _papers(known: _Known) -> Iterator[Found]:
    yield from _twice(known.papers, "key", "papers", ("paper",))
    keys = {paper["key"]: paper for paper in known.papers}
    for number, paper in enumerate(known.papers):
        for text in known.conditions(paper.get("when")):
            yield "papers", ("paper", number, "when"), text
        name = paper.get("field")
        if name and known.by_name.get(name, {}).get("paper") != paper["key"]:
            text = _("mục “%(name)s” không phải mục nộp giấy tờ này") % {"name": name}
            yield "papers", ("paper", number, "field"), text
    for number, field in enumerate(known.fields):
        if "paper" in field and keys.get(field["paper"], {}).get("field") != field["name"]:
            text = _("papers.toml không có giấy tờ “%(paper)s” với field = “%(name)s”")
            facts = {"paper": field["paper"], "name": field["name"]}
            yield "form", ("field", number, "paper"), text % facts


def _steps(known: _Known) -> Iterator[Found]:
    yield from _twice(known.steps, "key", "steps", ("step",))
    order = {step["key"]: number for number, step in enumerate(known.steps)}
    if "when" in known.steps[0]:
        yield "steps", ("step", 0, "when"), _("bước đầu tiên không được kèm điều kiện")
    for number, step in enumerate(known.steps):
        path: Path = ("step", number)
        for text in known.conditions(step.get("when")):
            yield "steps", (*path, "when"), text
        last = number == len(known.steps) - 1
        if last and (step["next"] != SETTLE or step["role"] != "leader"):
            yield "steps", path, _("bước cuối phải của lãnh đạo (leader) và có next = “settle”")
        elif not last and order.get(step["next"], -1) <= number and step["next"] != SETTLE:
            yield "steps", (*path, "next"), _("next phải là tên một bước phía sau")
        elif not last and step["next"] == SETTLE:
            yield "steps", (*path, "next"), _("chỉ bước cuối được có next = “settle”")
    reached = {known.steps[0]["key"], *(step["next"] for step in known.steps)}
    for number, step in enumerate(known.steps):
        if step["key"] not in reached:
            yield "steps", ("step", number), _("không bước nào dẫn đến bước này")


def _hours(known: _Known) -> Iterator[Found]:
    total = sum((Decimal(str(step["hours"])) for step in known.steps), Decimal(0))
    for row in known.main["deadline"]:
        limit = _limit(row)
        if total > limit:
            text = _("tổng %(total)s giờ của các bước quá thời hạn luật định %(limit)s giờ")
            yield "steps", ("step", 0), text % {"total": total.normalize(), "limit": limit.normalize()}
            return


def _limit(deadline: Row) -> Decimal:
    """Give the shortest legal time in working hours."""
    amount = Decimal(str(deadline["amount"]))
    match deadline["unit"]:
        case "hour":
            return amount
        case "same_day":
            hour, minute = (int(part) for part in deadline.get("cutoff", "15:00").split(":"))
            return Decimal(OFFICE_CLOSES) - hour - Decimal(minute) / 60
        case "day":
            # Of seven days five are worked.
            return amount * HOURS_A_DAY * 5 / 7
    return amount * HOURS_A_DAY
