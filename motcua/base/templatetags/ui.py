"""How money, dates, sizes, codes and deadlines look to a person; `{% load ui %}`."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Field, Form
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from motcua.base.actor import Actor, Role

register = template.Library()

WEEKDAYS = (
    lazy("thứ Hai"),
    lazy("thứ Ba"),
    lazy("thứ Tư"),
    lazy("thứ Năm"),
    lazy("thứ Sáu"),
    lazy("thứ Bảy"),
    lazy("Chủ nhật"),
)
#: one working day, for saying "còn 2 ngày"; the promise itself is counted by base.deadline
MINUTES_OF_A_DAY = 8 * 60
#: the names of a table's columns, without those for screen readers alone
HEADS = re.compile(r'<th scope="col"[^>]*>(?:<span class="govuk-visually-hidden">.*?</span>|(.*?))</th>')
#: where a row begins, and each value of it
STARTS = re.compile(r'<tr\b|<td\b|<th scope="row"')
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@register.filter
def number(value: int) -> str:
    """Group thousands: 1.250.000."""
    text = f"{value:,}"
    return text if get_language() == "en" else text.replace(",", ".")


@register.filter
def money(value: int) -> str:
    """Write đồng: 1.250.000 đ."""
    return f"{number(value)}\u00a0{'VND' if get_language() == 'en' else 'đ'}"


@register.filter
def vn_date(value: date | datetime | str | None) -> str:
    """Write dd/mm/yyyy; a partial ISO text keeps what is known: 1948 · 05/1948 · 17/05/1948."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    parts = value.isoformat().split("-") if isinstance(value, date) else value.split("T")[0].split("-")
    return "/".join(reversed(parts))


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """Write 16:30 thứ Sáu 26/08/2022."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{local:%H:%M} {WEEKDAYS[local.weekday()]} {local:%d/%m/%Y}"


@register.filter
def file_size(value: int) -> str:
    """Write 412 kB or 3,4 MB."""
    if value < MEGABYTE:
        return f"{max(1, round(value / KILOBYTE))}\u00a0kB"
    text = f"{value / MEGABYTE:.1f}"
    return f"{text if get_language() == 'en' else text.replace('.', ',')}\u00a0MB"


@register.filter
def phone(value: str) -> str:
    """Group a telephone number as people say it: 0912 345 678."""
    return f"{value[:4]} {value[4:7]} {value[7:]}" if len(value) == len("0912345678") else value


@register.filter
def citizen_number(value: str) -> str:
    """Group a personal number as it is read aloud: 080 195 012 345."""
    return " ".join(value[i : i + 3] for i in range(0, len(value), 3))


@register.filter
def has_role(actor: Actor | None, names: str) -> bool:
    """Tell whether the actor holds one of the roles, named with spaces between them."""
    return bool(actor and actor.has(*(Role(name) for name in names.split())))


@register.filter
def item(values: Mapping[Any, Any] | Sequence[Any], key: Any) -> Any:
    """Look a value up by a key that is itself a variable."""
    try:
        return values[key]
    except (KeyError, IndexError):
        return None


@register.filter
def duration(minutes: int) -> str:
    """Say working time as people do: 45 phút, 3 giờ, 2 ngày (of eight hours)."""
    if minutes < 60:
        return ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes}
    if minutes < MINUTES_OF_A_DAY:
        hours = round(minutes / 60)
        return ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}
    days = minutes // MINUTES_OF_A_DAY
    return ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}


@register.inclusion_tag("components/deadline.html")
def deadline(due_at: datetime | None, now: datetime, left: int | None = None) -> dict[str, str]:
    """Show a due time as shape, words and colour; `left` is working minutes, negative when late.

    No due time means that the clock stands still. Without `left` the badge names the due time itself.
    """
    if due_at is None:
        return {"mark": "paused", "text": _("tạm dừng")}
    local = timezone.localtime(due_at)
    if due_at < now:
        late = _("quá hạn %(time)s") % {"time": duration(-left)} if left else _("quá hạn")
        return {"mark": "late", "text": late}
    if local.date() == timezone.localtime(now).date():
        return {"mark": "soon", "text": _("hôm nay %(hour)s") % {"hour": f"{local:%H:%M}"}}
    if left is None:
        return {"mark": "ok", "text": f"{local:%H:%M %d/%m}"}
    mark = "soon" if left <= MINUTES_OF_A_DAY else "ok"
    return {"mark": mark, "text": _("còn %(time)s") % {"time": duration(left)}}


@register.simple_block_tag
def rows(content: str, label: str, kind: str = "") -> SafeString:
    """Show a table of the desk; on a phone each row is a list, every value under the name of its column."""
    heads = [strip_tags(head).replace('"', "&quot;") for head in HEADS.findall(content)]
    left: list[str] = []

    def name(start: re.Match[str]) -> str:
        if start[0] == "<tr":
            left[:] = heads
        head = left.pop(0) if left and start[0] != "<tr" else ""
        return f'{start[0]} data-head="{head}"' if head else start[0]

    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="{}">{}</table></div>',
        label,
        f"rows {kind}".strip(),
        mark_safe(STARTS.sub(name, content)),  # noqa: S308 - the template's own output, escaped already
    )


@register.filter
def first_input(field: BoundField) -> str:
    """Name the element that an error message leads to: the field, or the first box of a group."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label or field.auto_id


@register.filter
def mistakes(field: BoundField) -> list[str]:
    """Say what is wrong with a field where it is not in sight: what is missing is named."""
    missing = Field.default_error_messages["required"]
    own = type(field.field).default_error_messages.get("required", missing)
    named = _("Bạn chưa trả lời: %(label)s") % {"label": field.label}
    return [
        named if error == missing else f"{field.label}: {error}" if error == own else str(error)
        for error in field.errors
    ]


@register.filter
def has_errors(form: Form | None) -> bool:
    """Tell whether a form, which may be absent, was sent with mistakes."""
    return bool(form and form.is_bound and form.errors)
