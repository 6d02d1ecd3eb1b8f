"""What the citizen, or the clerk for her, does before the office takes over."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events, numbers
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.places import address_line
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.commands.moving import check_proxy, lock, take
from motcua.domain.dossiers.events import DISCARDED, PREFILLED, SAVED, STARTED
from motcua.domain.dossiers.models import Channel, Dossier, Handing, RegisterCheck
from motcua.domain.dossiers.queries.clock import ANSWER_TERM
from motcua.domain.dossiers.rules import Action, State, code_of, register_verdict
from motcua.domain.papers import commands as papers
from motcua.domain.papers import queries as kept
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Person, Source
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.models import ProcedureVersion


@transaction.atomic
def start(
    *,
    key: UUID,
    version: ProcedureVersion,
    applicant: Person,
    agency: Agency,
    desk: Agency,
    channel: Channel,
    by: Actor,
    at: datetime,
) -> Dossier:
    """Open a draft; the same key again gives the same draft."""
    check_proxy(by, at=at)
    if by.proxy_scope and version.code not in by.proxy_scope:
        raise Refused(_("Ủy quyền bạn đang dùng không gồm thủ tục này."))
    if reason := procedures.why_not_apply(version.spec, applicant.kind):
        raise Refused(reason)
    filer = by.proxy or (by.person if by.person not in (None, applicant.pk) else None)
    if not version.covers(timezone.localdate(at)):
        raise Refused(_("Thủ tục này hiện không còn hiệu lực, không thể nộp hồ sơ mới."))
    dossier, made = Dossier.objects.get_or_create(
        key=key,
        defaults={
            "version": version,
            "applicant": applicant,
            "applicant_name": applicant.name,
            "filer_id": filer,
            "filer_tie": by.proxy_tie,
            "register_check": RegisterCheck.NONE if applicant.is_organization else RegisterCheck.PENDING,
            "agency": agency,
            "desk": desk,
            "channel": channel,
            "handing": Handing.ELECTRONIC if channel == Channel.ONLINE else Handing.DESK,
            "created_by": by.subject,
            "created_at": at,
            "saved_at": at,
        },
    )
    if not made:
        return lock(dossier, by=by, at=at)
    data = {"channel": str(channel)}
    if by.proxy is not None:
        data |= {"tie": by.proxy_tie, "until": by.proxy_until.isoformat() if by.proxy_until else ""}
    events.record(STARTED, subject=dossier.subject, by=by, at=at, data=data)
    return dossier


def _draft(dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    dossier = lock(dossier, by=by, at=at)
    if dossier.status is not State.DRAFT:
        raise Refused(
            _("Hồ sơ đã nộp nên không sửa được bản nháp nữa. Hãy mở hồ sơ %(code)s để xem.")
            % {"code": dossier.code}
        )
    return dossier


@transaction.atomic
def prefill(*, dossier: Dossier, record: Mapping[str, Any], by: Actor, at: datetime) -> Dossier:
    """Fill empty answers from the register's record and keep that record beside them for the officer."""
    dossier = _draft(dossier, by, at)
    for name, value in procedures.prefill(dossier.version.spec, record).items():
        if name not in dossier.answers and value not in (None, "", []):
            answer = {"value": value, "source": Source.REGISTER, "at": at.isoformat(), "register": value}
            dossier.answers[name] = answer
    dossier.register, dossier.register_at = dict(record), at
    _remember(dossier, record, by=by, at=at)
    dossier.save()
    events.record(PREFILLED, subject=dossier.subject, by=by, at=at, data={"fields": sorted(dossier.answers)})
    return dossier


def _remember(dossier: Dossier, record: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Refresh the province's copy of the applicant from the register."""
    address = record.get("permanent_address") or {}
    person = remember(
        number=dossier.applicant.number,
        name=record.get("name") or "",
        born_on=record.get("born_on") or "",
        gender=record.get("gender") or "",
        phone=record.get("phone") or "",
        residence=address_line(
            detail=address.get("detail") or "",
            commune_code=address.get("commune") or "",
            province_code=address.get("province") or "",
        ),
        commune=address.get("commune") or "",
        source=Source.REGISTER,
        by=by,
        at=at,
    )
    dossier.applicant, dossier.applicant_name = person, person.name


@transaction.atomic
def save_answers(
    *,
    dossier: Dossier,
    values: Mapping[str, Any],
    source: Source = Source.TYPED,
    handed_in: Collection[str] | None = None,
    by: Actor,
    at: datetime,
) -> Dossier:
    """Keep the answers of one page; a value that repeats the register's keeps that source, others say theirs.

    Other pages' answers stay as they are, so two tabs lose nothing of each other. `handed_in` are the
    keys of papers that lie on the counter's table.
    """
    dossier = _draft(dossier, by, at)
    if handed_in is not None:
        dossier.handed_in = sorted(set(handed_in) & {rule.key for rule in dossier.version.spec.papers})
    for name, value in values.items():
        dossier.answers[name] = answered(dossier.answers.get(name), value, source=source, at=at)
    dossier.saved_at = at
    dossier.save()
    events.record(SAVED, subject=dossier.subject, by=by, at=at, data={"fields": sorted(values)})
    return dossier


def answered(before: Mapping[str, Any] | None, value: Any, *, source: Source, at: datetime) -> dict[str, Any]:
    """Write an answer with where it comes from; the register's own value stays visible when overridden."""
    if before is not None and before["value"] == value:
        return dict(before)
    answer = {"value": value, "source": str(source), "at": at.isoformat()}
    if before is not None and "register" in before:
        answer["register"] = before["register"]
        if before["register"] == value:
            answer["source"] = str(Source.REGISTER)
    return answer


@transaction.atomic
def move_office(*, dossier: Dossier, agency: Agency, desk: Agency, by: Actor, at: datetime) -> Dossier:
    """Choose another office for a draft."""
    dossier = _draft(dossier, by, at)
    dossier.agency, dossier.desk, dossier.saved_at = agency, desk, at
    dossier.save()
    events.record(SAVED, subject=dossier.subject, by=by, at=at, data={"agency": agency.pk})
    return dossier


@transaction.atomic
def discard(*, dossier: Dossier, by: Actor, at: datetime) -> None:
    """Throw a draft away with its papers; the log keeps that it was there."""
    dossier = _draft(dossier, by, at)
    for paper in kept.of(dossier.subject):
        papers.remove(paper=paper, by=by, at=at)
    events.record(DISCARDED, subject=dossier.subject, by=by, at=at)
    dossier.delete()


@transaction.atomic
def submit(*, dossier: Dossier, handing: Handing | None = None, by: Actor, at: datetime) -> Dossier:
    """File the draft: check it whole, give it its code, and let the office answer within 8 working hours.

    Filing twice is filing once: the second call gives the dossier as it is.
    """
    dossier = lock(dossier, by=by, at=at)
    if dossier.code is not None:
        return dossier
    if by.has(Role.CITIZEN) and by.assurance < dossier.version.spec.assurance:
        raise Refused(_("Thủ tục này cần đăng nhập ở mức cao hơn trước khi nộp."))
    found = queries.problems(dossier, on=timezone.localdate(at))
    if found:
        raise Refused(
            _("Hồ sơ còn %(count)d chỗ cần sửa trước khi nộp. Chỗ đầu tiên: %(first)s")
            % {"count": len(found), "first": found[0].message}
        )
    return _file(dossier, handing=handing, by=by, at=at)


def file_incomplete(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """Give a draft its code without checking it, so that refusing it can be recorded."""
    return _file(_draft(dossier, by, at), handing=None, by=by, at=at)


def _file(dossier: Dossier, *, handing: Handing | None, by: Actor, at: datetime) -> Dossier:
    owner = procedures.applicant(dossier.version.spec, dossier.answers)
    change: dict[str, Any] = {
        "code": _next_code(dossier.agency, at),
        "submitted_at": at,
        "saved_at": at,
        "step_due_at": queries.after_hours(dossier, hours=ANSWER_TERM.amount, start=at),
        "register_check": _verdict(dossier),
        "phone": owner.get("phone")
        or dossier.applicant.phone
        or (dossier.filer.phone if dossier.filer else ""),
        "applicant_name": dossier.applicant_name or owner.get("name") or "",
    }
    if not change["applicant_name"]:
        raise Refused(_("Chưa có họ tên người nộp hồ sơ. Hãy khai họ tên trước khi tiếp nhận."))
    if handing:
        change["handing"] = handing
    return take(Action.SUBMIT, dossier, by=by, at=at, change=change, data={"channel": dossier.channel})


def _next_code(agency: Agency, at: datetime) -> str:
    day = timezone.localtime(at).strftime("%y%m%d")
    prefix = agency.dossier_prefix
    return code_of(prefix=prefix, day=day, serial=numbers.take(f"dossier:{prefix}:{day}"))


def _verdict(dossier: Dossier) -> str:
    if dossier.register_at is None:
        return dossier.register_check
    return register_verdict(
        known=claimed(dossier), record=dossier.register, overridden=queries.differences(dossier)
    )


def claimed(dossier: Dossier) -> dict[str, str]:
    """Say what the dossier itself claims of its applicant, to compare with the register."""
    person = dossier.applicant
    return {"name": dossier.applicant_name, "born_on": person.born_on, "gender": person.gender}
