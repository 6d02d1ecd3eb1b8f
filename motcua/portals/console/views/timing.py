"""Office hours, the calendar of a year, and trying a deadline."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from motcua.base.actor import Role
from motcua.base.calendar import DayKind
from motcua.base.deadline import Deadline
from motcua.base.web import Request, gate, page
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.models import Agency
from motcua.portals.console import showing
from motcua.portals.console.forms import DayForm, HoursForm, TryForm
from motcua.portals.console.views.agencies import READERS, done, form_page, sent

FIRST, LAST = 2010, 2099


@gate(Role.ADMINISTRATOR)
def hours(request: Request, pk: int) -> HttpResponse:
    """Write the hours of some weekdays."""
    agency = queries.visible(request.actor).get(pk=pk)
    form = HoursForm(sent(request), initial={"in_force_from": timezone.localdate()})
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.set_hours(agency=agency, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    note = _("Để trống cả hai buổi nếu ngày đó nghỉ. Cơ quan trực thuộc theo giờ này nếu không có giờ riêng.")
    return form_page(request, form, agency, _("Đặt giờ làm việc"), note=note)


@gate(*READERS)
def calendar(request: Request, pk: int) -> HttpResponse:
    """Show a year of one agency, its exceptions, and a deadline tried on it."""
    agency = queries.visible(request.actor).get(pk=pk)
    today = timezone.localdate()
    asked = request.GET.get("nam", "")
    year = min(max(int(asked), FIRST), LAST) if asked.isdecimal() and len(asked) <= 4 else today.year
    context = showing.whole_year(request.actor, agency, year)
    context |= {"today": today, "agency": agency, **tried(request, agency)}
    return page(request, "console/calendar.html", context)


def tried(request: Request, agency: Agency) -> dict[str, object]:
    """Count the deadline that the address asks for."""
    if "so" not in request.GET:
        return {
            "trial": TryForm(initial={"ngay": timezone.localdate(), "gio": "10:00", "so": 3, "chot": "15:00"})
        }
    form = TryForm(request.GET)
    counted = queries.calendar(agency.pk)
    found: list[Deadline] = []
    if not done(form, lambda: found.append(form.count(counted))):
        return {"trial": form, "form": form}
    return {"trial": form, "found": found[0]}


@gate(Role.ADMINISTRATOR)
def decide(request: Request, pk: int) -> HttpResponse:
    """Close a day, make one up, or give it other hours."""
    agency = queries.visible(request.actor).get(pk=pk)
    form = DayForm(sent(request), initial={"kind": DayKind.CLOSED.value})
    if done(form, lambda: _decide(request, agency, form)):
        return redirect("console:calendar", pk)
    return form_page(request, form, agency, _("Quyết định về một ngày"))


def _decide(request: Request, agency: Agency, form: DayForm) -> None:
    data = dict(form.cleaned_data)
    where = None if data.pop("everywhere") else agency
    kind, spans = data.pop("kind"), data.pop("spans")
    act = partial(commands.close_day, agency=where, by=request.actor, at=timezone.now(), **data)
    if kind != DayKind.CLOSED:
        act = partial(commands.open_day, spans=spans, makeup=kind == DayKind.MAKEUP, **act.keywords)
    act()


@require_POST
@gate(Role.ADMINISTRATOR)
def restore(request: Request, pk: int, day: int) -> HttpResponse:
    """Take a decision about a day back."""
    agency = queries.visible(request.actor).get(pk=pk)
    row = queries.decided_day(request.actor, day)
    commands.restore_day(calendar_day=row, by=request.actor, at=timezone.now())
    return redirect("console:calendar", agency.pk)
