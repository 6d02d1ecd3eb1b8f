"""What happens between receipt and decision."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor
from motcua.base.errors import Refused
from motcua.base.text import nfc_lines
from motcua.domain.agencies.models import Officer
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.commands.filing import answered, claimed
from motcua.domain.dossiers.commands.moving import lock, start_step, take
from motcua.domain.dossiers.commands.printing import print_slip
from motcua.domain.dossiers.events import CHECKED
from motcua.domain.dossiers.models import Dossier, RegisterCheck, Supplement
from motcua.domain.dossiers.rules import ENDED, MOVES, Action, State, register_verdict
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import State as Standing
from motcua.domain.people.models import Source
from motcua.domain.procedures import rules as procedures

#: moves that are one button, perhaps with a reason; the others have a command of their own
SIMPLE = frozenset(
    {
        Action.ASK_PAYMENT,
        Action.PROCESS,
        Action.FORWARD,
        Action.SEND_BACK,
        Action.ASK_WITHDRAWAL,
        Action.KEEP,
        Action.STOP,
        Action.RETURN,
    }
)
NOTHING_OWED = gettext_noop("Hồ sơ đã dừng giải quyết.")


def given(reason: str) -> str:
    """Insist on a reason that says something."""
    reason = nfc_lines(reason)
    if len(reason) < 5:
        raise Refused(_("Hãy ghi rõ lý do để người dân hiểu và biết cần làm gì."))
    return reason


@transaction.atomic
def act(
    *, action: Action, dossier: Dossier, reason: str = "", seen: str = "", by: Actor, at: datetime
) -> Dossier:
    """Do one of the SIMPLE moves, with the reason that the table asks for and the slip that it has.

    `seen` is the step that the page showed: when the dossier has left it, a second press changes nothing.
    """
    if action not in SIMPLE:
        raise Refused(_("Thao tác này có màn hình riêng."))
    dossier = lock(dossier, by=by, at=at)
    if seen and dossier.step != seen:
        return dossier
    note = given(reason) if MOVES[action].reason else nfc_lines(reason)
    dossier = take(action, dossier, by=by, at=at, change=_step_change(action, dossier, by, at), note=note)
    if MOVES[action].slip:
        print_slip(action, dossier, by=by, at=at, reason=note)
    if dossier.status in ENDED:
        _stop_asking(dossier, at=at)
    return dossier


def _stop_asking(dossier: Dossier, *, at: datetime) -> None:
    """Let nobody pay for what will not be done."""
    for bill in bills.of(dossier.subject):
        if bill.state == Standing.ASKED:
            payments.void(bill=bill, reason=NOTHING_OWED, by=SYSTEM, at=at)


def _step_change(action: Action, dossier: Dossier, by: Actor, at: datetime) -> dict[str, Any]:
    """Find the step that a move within processing leads to."""
    if action not in (Action.PROCESS, Action.FORWARD, Action.SEND_BACK):
        return {}
    spec = dossier.version.spec
    if action is Action.PROCESS:
        start_step(dossier, procedures.first_step(spec).key, at=at)
    elif dossier.step:
        keys = [step.key for step in procedures.route(spec, dossier.answers)]
        place = keys.index(dossier.step) + (1 if action is Action.FORWARD else -1)
        if 0 <= place < len(keys):
            start_step(dossier, keys[place], at=at)
    change = {name: getattr(dossier, name) for name in ("step", "step_role", "step_at", "step_due_at")}
    if action is Action.PROCESS and dossier.assignee_id is None:
        change["assignee_id"] = by.officer
    return change


@transaction.atomic
def assign(*, dossier: Dossier, officer: Officer, by: Actor, at: datetime) -> Dossier:
    """Give the dossier to an officer's desk."""
    change = {"assignee": officer}
    return take(
        Action.ASSIGN, dossier, by=by, at=at, change=change, note=officer.name, data={"officer": officer.pk}
    )


@transaction.atomic
def ask_more(
    *, dossier: Dossier, items: Sequence[Mapping[str, str]], reason: str, until: date, by: Actor, at: datetime
) -> Dossier:
    """Ask for everything that is missing at once (form 02); the clock stands until the citizen answers.

    A second request is allowed but counted late (Decision 766/QĐ-TTg, indicator 2.1); the log says so.
    """
    reason = given(reason)
    if not items:
        raise Refused(_("Hãy chọn ít nhất một giấy tờ hoặc thông tin cần bổ sung."))
    if until <= timezone.localdate(at):
        raise Refused(_("Hạn bổ sung phải sau ngày hôm nay."))
    number = dossier.supplements.count() + 1
    data = {"items": [dict(item) for item in items], "until": until.isoformat(), "number": number}
    dossier = take(Action.ASK_MORE, dossier, by=by, at=at, note=reason, data=data)
    supplement = Supplement.objects.create(
        dossier=dossier,
        number=number,
        items=data["items"],
        reason=reason,
        asked_by=by.name,
        asked_at=at,
        until=until,
    )
    print_slip(Action.ASK_MORE, dossier, by=by, at=at, reason=reason, supplement=supplement)
    return dossier


@transaction.atomic
def supplement(
    *, dossier: Dossier, values: Mapping[str, Any], brought: Collection[str] = (), by: Actor, at: datetime
) -> Dossier:
    """Answer an open supplement: changed answers here, papers attached before; the clock goes on.

    `brought` names what came on paper to the counter.
    """
    dossier = lock(dossier, by=by, at=at)
    asked = dossier.supplements.filter(answered_at__isnull=True).first()
    if asked is None:
        raise Refused(_("Hồ sơ không có yêu cầu bổ sung nào đang chờ."))
    missing = queries.unanswered(dossier, asked, {**values, **dict.fromkeys(brought, True)})
    if missing:
        raise Refused(_("Còn thiếu: %(titles)s.") % {"titles": "; ".join(missing)})
    answers = dict(dossier.answers)
    allowed = {item["name"] for item in asked.items if item["kind"] == "field"}
    for name in allowed & set(values):
        answers[name] = answered(answers.get(name), values[name], source=Source.TYPED, at=at)
    asked.answered_at = at
    asked.save()
    data = {"number": asked.number, "fields": sorted(allowed & set(values))}
    keys = {rule.key for rule in dossier.version.spec.papers}
    change = {"answers": answers, "handed_in": sorted({*dossier.handed_in, *(keys & set(brought))})}
    return take(Action.SUPPLEMENT, dossier, by=by, at=at, change=change, data=data)


@transaction.atomic
def postpone(*, dossier: Dossier, until: datetime, reason: str, by: Actor, at: datetime) -> Dossier:
    """Apologise and promise a later time, once only (form 04); the legal deadline itself does not move."""
    reason = given(reason)
    if dossier.promised_at is not None and until <= dossier.promised_at:
        raise Refused(_("Ngày hẹn lại phải sau ngày đã hẹn."))
    if until <= at:
        raise Refused(_("Ngày hẹn lại phải ở phía trước."))
    change = {"promised_at": until, "postponed": True}
    dossier = take(
        Action.POSTPONE, dossier, by=by, at=at, change=change, note=reason, data={"until": until.isoformat()}
    )
    print_slip(Action.POSTPONE, dossier, by=by, at=at, reason=reason)
    return dossier


@transaction.atomic
def note_paid(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """Let a dossier that waits for money go on once nothing is due; otherwise change nothing."""
    dossier = lock(dossier, by=by, at=at)
    if dossier.status is not State.AWAITING_PAYMENT or bills.due(dossier.subject):
        return dossier
    return take(Action.NOTE_PAID, dossier, by=by, at=at)


@transaction.atomic
def check_register(*, dossier: Dossier, record: Mapping[str, Any] | None, by: Actor, at: datetime) -> Dossier:
    """Keep what the population register says of the applicant; None means that it knows no such person."""
    dossier = lock(dossier, by=by, at=at)
    dossier.register, dossier.register_at = dict(record or {}), at
    if record is None:
        dossier.register_check = RegisterCheck.UNKNOWN
    else:
        dossier.register_check = register_verdict(
            known=claimed(dossier), record=record, overridden=queries.differences(dossier)
        )
    return _checked(dossier, by=by, at=at)


@transaction.atomic
def leave_unchecked(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """Note that the register cannot be asked about the applicant: an officer compares with the card."""
    dossier = lock(dossier, by=by, at=at)
    dossier.register_check = RegisterCheck.UNASKED
    return _checked(dossier, by=by, at=at)


def _checked(dossier: Dossier, *, by: Actor, at: datetime) -> Dossier:
    dossier.save()
    data = {"result": str(dossier.register_check)}
    events.record(CHECKED, subject=dossier.subject, by=by, at=at, data=data)
    return dossier
