"""What the province holds of a person's dossiers, told to that person."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.actor import Actor, Role
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.queries.finding import visible
from motcua.domain.dossiers.queries.reading import papers_for
from motcua.domain.payments import queries as bills
from motcua.domain.payments.models import Bill
from motcua.domain.privacy.rules import Section
from motcua.domain.procedures import rules as procedures


def held(actor: Actor, *, at: datetime) -> list[Section]:
    """Give one's dossiers with what was answered and brought, drafts too."""
    if actor.oneself is None:
        return []
    me = Actor(name=actor.name, roles=frozenset({Role.CITIZEN}), person=actor.person)
    rows = visible(me).select_related("version__procedure", "agency").order_by("pk")
    return [Section(_("Hồ sơ của bạn"), [_told(me, dossier) for dossier in rows])]


def _told(me: Actor, dossier: Dossier) -> dict[str, Any]:
    told = {
        _("Mã hồ sơ"): dossier.code or "",
        _("Thủ tục"): dossier.version.title,
        _("Cơ quan"): dossier.agency.name,
        _("Trạng thái"): dossier.get_state_display(),
        _("Bắt đầu"): _moment(dossier.created_at),
        _("Nộp lúc"): _moment(dossier.submitted_at),
        _("Kết thúc"): _moment(dossier.ended_at),
    }
    told[_("Phí, lệ phí")] = "; ".join(_paid(bill) for bill in bills.of(dossier.subject))
    told[_("Yêu cầu bổ sung")] = "; ".join(
        f"{_moment(one.asked_at)}: {one.reason}" for one in dossier.supplements.order_by("number")
    )
    for _page, lines in procedures.summary(dossier.version.spec, dossier.answers):
        told |= {str(line.field.label): line.text for line in lines if line.text}
    told[_("Giấy tờ")] = "; ".join(paper.title for paper in papers_for(me, dossier))
    return {label: value for label, value in told.items() if value}


def _paid(bill: Bill) -> str:
    return _("%(amount)s đồng, %(state)s") % {
        "amount": bill.amount,
        "state": bill.get_state_display().lower(),
    }


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""
