"""Applying for an account: online with a telephone and a photo, for a child, or in person at a desk."""

import secrets as randomness
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, files, secrets
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.text import fold
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import messages, sessions
from motcua.domain.accounts.events import APPLICATION_BEGUN, APPLICATION_FILED
from motcua.domain.accounts.models import Account, Application, Session
from motcua.domain.accounts.rules.applications import (
    DRAFT_LIFE,
    OWN_AGE,
    VIETNAMESE,
    Action,
    Check,
    State,
    case_of,
    holder_of,
    why_not,
)
from motcua.domain.accounts.rules.duties import why_not_act
from motcua.domain.population import queries as population
from motcua.domain.population.models import Person
from motcua.domain.population.rules import age

#: one sentence whatever does not fit, so that nobody learns who is registered or has an account
NOT_TAKEN = _(
    "Không nhận được đề nghị với những thông tin này. Hãy xem lại số định danh, họ tên, ngày sinh; "
    "nếu đã có tài khoản, thẻ hết hạn hoặc thông tin chưa đúng, hãy đến Công an xã, phường bất kỳ."
)
WRONG_CODE = _("Mã xác nhận không đúng hoặc đã hết hạn.")
OPEN_ALREADY = _("Người này đang có một đề nghị chưa xong.")
PICTURES = ("image/jpeg", "image/png", "image/heic")


def begin(
    *, number: str, name: str, born_on: str, phone: str, address: str, by: Actor, at: datetime
) -> Application:
    """Begin an application for a level 1 account and send a code to the telephone."""
    tries = {"address": f"apply {address}", "number": f"apply {number}"}
    sessions.take_tries(tries=tries, by=by, at=at)
    person = population.by_number(number)
    if person is None or fold(person.name) != fold(name) or person.born_on != born_on:
        raise Refused(NOT_TAKEN)
    years, today = age(person.born_on, timezone.localdate(at)), timezone.localdate(at)
    if (
        years < OWN_AGE
        or not queries.has_card(person, on=today)
        or queries.why_not_level(person, 1, on=today)
    ):
        raise Refused(NOT_TAKEN)
    # Only now: whoever knows a telephone but nobody's data must not use up what it may be sent.
    sessions.take_tries(tries={"texts": f"apply {phone}"}, by=by, at=at)
    return _begun(person=person, phone=phone, by=by, at=at)


def file_online(
    *, application: Application, code: str, photo: files.Upload, by: Actor, at: datetime
) -> Application:
    """File a begun application with the code from the telephone and a photo of the face."""
    sessions.take_tries(tries={"code": f"apply {application.pk}"}, by=by, at=at)
    if application.state != State.DRAFT or at > application.made_at + DRAFT_LIFE:
        raise Refused(WRONG_CODE)
    if not queries.is_application_code(application, "".join(code.split())):
        raise Refused(WRONG_CODE)
    if queries.why_not_level(application.person, application.level, on=timezone.localdate(at)):
        raise Refused(NOT_TAKEN)  # an account has come meanwhile
    return _file(application=application, photo=photo, by=by, at=at)


@transaction.atomic
def file_for_child(
    *, child: Person, session: Session, photo: files.Upload | None, by: Actor, at: datetime
) -> Application:
    """File an application for one's child under 14, known by the register, to be told at one's own phone."""
    account, today = session.account, timezone.localdate(at)
    if reason := why_not_act(level=account.level, assurance=session.assurance):
        raise Refused(reason)
    if child.pk not in {one.pk for one in queries.children(account, on=today)}:
        raise Refused(_("Theo cơ sở dữ liệu dân cư, đây không phải con dưới 14 tuổi của bạn."))
    if reason := queries.why_not_level(child, 1, on=today):
        raise Refused(reason)
    made = _draft(child, 1, today, at, phone=account.phone, guardian=account, place=child.permanent_commune)
    return _file(application=made, photo=photo, by=by, at=at)


@transaction.atomic
def file_in_person(
    *,
    person: Person,
    level: int,
    phone: str,
    check: Check,
    known: bool,
    guardian: Account | None = None,
    by: Actor,
    at: datetime,
) -> Application:
    """Take in at a desk an application of somebody whose identity the officer has checked.

    `known`: a foreigner's biometrics are in the immigration database; citizens have a valid card or not.
    """
    today = timezone.localdate(at)
    if not by.has(Role.IDENTITY_OFFICER) or by.person == person.pk:
        raise Refused(_("Cán bộ định danh tiếp nhận đề nghị tại bàn, và không tiếp nhận cho chính mình."))
    if reason := queries.why_not_level(person, level, on=today):
        raise Refused(reason)
    if age(person.born_on, today) < OWN_AGE and (
        guardian is None
        or not queries.usable(guardian)
        or person.pk not in {one.pk for one in queries.children(guardian, on=today)}
    ):
        raise Refused(_("Người dưới 14 tuổi cần cha hoặc mẹ có tài khoản mức 2 cùng đến."))
    if person.nationality == VIETNAMESE:
        known = queries.has_card(person, on=today)
    words = {"phone": phone, "place": by.reach, "check": check.value, "taken_by": by.subject}
    made = _draft(person, level, today, at, known=known, guardian=guardian, **words)
    return _file(application=made, photo=None, by=by, at=at)


@transaction.atomic
def _begun(*, person: Person, phone: str, by: Actor, at: datetime) -> Application:
    application = _draft(person, 1, timezone.localdate(at), at, phone=phone, place=person.permanent_commune)
    code = f"{randomness.randbelow(10**6):06d}"
    application.code_hash = secrets.blind(code, place=queries.place_of_application_codes(application))
    application.save(update_fields=["code_hash"])
    events.record(APPLICATION_BEGUN, subject=application.subject, by=by, at=at)
    words = say("Mã xác nhận số điện thoại của bạn là %(code)s, dùng trong 30 phút. Không đưa mã cho ai.")
    messages.send_to(
        phone=phone, about="apply", words=words % {"code": code}, good_until=at + DRAFT_LIFE, by=by, at=at
    )
    return application


def _draft(
    person: Person,
    level: int,
    on: date,
    at: datetime,
    *,
    phone: str,
    place: str,
    known: bool = True,
    guardian: Account | None = None,
    check: str = "",
    taken_by: str = "",
) -> Application:
    holder = holder_of(person.nationality, age(person.born_on, on))
    return Application.objects.create(
        key=randomness.token_urlsafe(32),
        holder=holder,
        case=case_of(holder, level, known=known),
        level=level,
        person=person,
        guardian=guardian,
        phone=phone,
        place_code=place,
        checked_by=check,
        taken_by=taken_by,
        made_at=at,
    )


@transaction.atomic
def _file(*, application: Application, photo: files.Upload | None, by: Actor, at: datetime) -> Application:
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if reason := why_not(Action.FILE, state=application.state, roles=by.roles | {Role.CITIZEN}):
        raise Refused(reason)
    if photo is not None:
        application.photo = files.store(photo, at=at)
        if application.photo.kind not in PICTURES:
            raise Refused(_("Hãy gửi một tấm ảnh (JPEG, PNG hoặc HEIC)."))
    application.state, application.filed_at, application.code_hash = State.FILED, at, None
    application.due_at = queries.due(application.case, filed_at=at).due_at
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise Refused(OPEN_ALREADY) from error
    data = {"case": application.case, "level": application.level, "checked_by": application.checked_by}
    events.record(APPLICATION_FILED, subject=application.subject, by=by, at=at, data=data)
    return application
