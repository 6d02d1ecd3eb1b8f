"""Letting a system ask, and saying what for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events, jose
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.population.events import SUBSCRIBED
from motcua.domain.population.models import Right, Subscriber
from motcua.domain.population.rules import ACCOUNT, ATTRIBUTES, MATCHABLE, Verb
from motcua.domain.population.rules.changing import HISTORY
from motcua.domain.population.rules.verifying import VERIFIABLE

_FIELDS = {
    Verb.ATTRIBUTES: frozenset({*ATTRIBUTES, HISTORY}),
    Verb.MATCH: frozenset(MATCHABLE),
    Verb.VERIFY: frozenset(VERIFIABLE),
    Verb.STATUS: frozenset({ACCOUNT}),
    Verb.NUMBERS: frozenset(),
    Verb.FIND: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One right as it is granted."""

    procedure: str
    verb: Verb
    fields: tuple[str, ...]
    law: str
    agency: str = ""
    title: str = ""
    #: where a law says that the person is told later: after how many days, and which law
    hidden_days: int = 0
    hidden_by: str = ""

    @property
    def said(self) -> tuple[str, str, str, tuple[str, ...], str, str, int, str]:
        """Give everything that makes one right differ from another."""
        fields = tuple(sorted(self.fields))
        delay = self.hidden_days, self.hidden_by
        return self.agency, self.procedure, self.verb.value, fields, self.law, self.title, *delay


@transaction.atomic
def subscribe(
    *,
    code: str,
    name: str,
    keys: Sequence[Mapping[str, Any]],
    grants: Sequence[Grant],
    officer_budget: int = 300,
    system_budget: int = 20_000,
    dossier_page: str = "",
    by: Actor,
    at: datetime,
) -> Subscriber:
    """Let a system ask with these public keys and rights; what it had and has no more ends that day.

    `dossier_page` is where people read of their own dossiers there, an address with {code} in it.

    Said again without a change it leaves no trace.
    """
    for grant in grants:
        if unknown := set(grant.fields) - _FIELDS[grant.verb]:
            words = {"procedure": grant.procedure, "fields": ", ".join(sorted(unknown))}
            raise Refused(_("Thủ tục %(procedure)s: không có trường dữ liệu %(fields)s.") % words)
        if bool(grant.hidden_days) != bool(grant.hidden_by):
            words = {"procedure": grant.procedure}
            raise Refused(_("Thủ tục %(procedure)s: chỉ được báo muộn khi nêu căn cứ luật.") % words)
    if dossier_page and not re.fullmatch(r"https?://[^{}\s]*\{code\}[^{}\s]*", dossier_page):
        raise Refused(_("Trang hồ sơ phải là một địa chỉ web có {code} ở chỗ của mã hồ sơ."))
    said: dict[str, Any] = {
        "name": name,
        "keys": [jose.public(key) for key in keys],
        "officer_budget": officer_budget,
        "system_budget": system_budget,
        "dossier_page": dossier_page,
        "active": True,
    }
    subscriber, made = Subscriber.objects.select_for_update().get_or_create(code=code, defaults=said)
    changed = made or any(getattr(subscriber, field) != value for field, value in said.items())
    if changed and not made:
        Subscriber.objects.filter(pk=subscriber.pk).update(**said)
        subscriber.refresh_from_db()
    if _grant(subscriber, grants, on=timezone.localdate(at)) or changed:
        facts = {"keys": [key.get("kid") for key in said["keys"]], "rights": len(grants)}
        events.record(SUBSCRIBED, subject=f"subscriber:{subscriber.pk}", by=by, at=at, data=facts)
    return subscriber


def _grant(subscriber: Subscriber, grants: Sequence[Grant], *, on: date) -> bool:
    """Keep rights that say the same, end the others, begin the new ones; tell whether anything changed."""
    wanted = {grant.said for grant in grants}
    ended = []
    for right in Right.objects.filter(subscriber=subscriber, in_force_to=None):
        grant = Grant(
            agency=right.agency,
            procedure=right.procedure,
            verb=Verb(right.verb),
            fields=tuple(right.fields),
            law=right.law,
            title=right.title,
            hidden_days=right.hidden_days,
            hidden_by=right.hidden_by,
        )
        said = grant.said
        if said in wanted:
            wanted.discard(said)
        else:
            ended.append(right.pk)
    # A right is in force on its last day too; one that is replaced ended the day before.
    last = on - timedelta(days=1)
    Right.objects.filter(pk__in=ended, in_force_from__gt=last).delete()
    Right.objects.filter(pk__in=ended).update(in_force_to=last)
    Right.objects.bulk_create(
        Right(
            subscriber=subscriber,
            agency=agency,
            procedure=procedure,
            verb=verb,
            fields=list(fields),
            law=law,
            title=title,
            hidden_days=hidden_days,
            hidden_by=hidden_by,
            in_force_from=on,
        )
        for agency, procedure, verb, fields, law, title, hidden_days, hidden_by in sorted(wanted)
    )
    return bool(ended or wanted)
