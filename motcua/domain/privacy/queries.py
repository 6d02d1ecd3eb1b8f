"""Reading requests and breaches, and gathering what a site holds of a person."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from motcua.base.actor import Actor, Role
from motcua.domain.privacy.models import Breach, DataRequest
from motcua.domain.privacy.rules import Section


def mine(actor: Actor) -> QuerySet[DataRequest]:
    """List what the person asked, newest first."""
    if actor.oneself is None:
        return DataRequest.objects.none()
    return DataRequest.objects.filter(person=actor.oneself).order_by("-pk")


def answers(actor: Actor) -> bool:
    """Tell whether somebody answers for personal data: for the whole site, not at one agency of it."""
    whole = actor.reach.count("/") <= 1
    return actor.has(Role.SYSTEM) or (whole and actor.has(Role.AUDITOR, Role.ADMINISTRATOR))


def waiting(actor: Actor) -> QuerySet[DataRequest]:
    """List requests for those who answer them: open ones first, the one due first on top."""
    if not answers(actor):
        return DataRequest.objects.none()
    return DataRequest.objects.order_by(F("ended_at").desc(nulls_first=True), "due_at", "pk")


def breaches(actor: Actor) -> QuerySet[Breach]:
    """List breaches, those not reported yet first."""
    if not answers(actor):
        return Breach.objects.none()
    return Breach.objects.order_by(F("reported_at").desc(nulls_first=True), "due_at")


def holdings(actor: Actor, *, at: datetime) -> list[Section]:
    """Gather everything that this site holds of the person, by the modules' own queries (wiring.HOLDINGS)."""
    if actor.oneself is None:
        return []
    found: list[Section] = []
    for path in import_string(f"{settings.WIRING}.HOLDINGS"):
        if any(path.startswith(f"{config.name}.") for config in apps.get_app_configs()):
            found += import_string(path)(actor, at=at)
    return found


def copy(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Put everything that this site holds of the person into one document, for machines."""
    return {
        "site": str(settings.SITE_NAME),
        "made_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "name": actor.name,
        "sections": [asdict(section) for section in holdings(actor, at=at)],
    }


def held(actor: Actor, *, at: datetime) -> list[Section]:
    """Give what the person asked about their data, as part of what is held of them."""
    rows = [
        {
            _("Yêu cầu"): one.get_kind_display(),
            _("Bạn viết"): one.text,
            _("Gửi lúc"): timezone.localtime(one.received_at).isoformat(timespec="minutes"),
            _("Trạng thái"): one.get_state_display(),
            _("Trả lời"): one.answer,
        }
        for one in mine(actor)
    ]
    return [Section(_("Yêu cầu của bạn về dữ liệu cá nhân"), rows)]
