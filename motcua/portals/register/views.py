"""The register's API, version 1: attributes, match and status of one person for one purpose."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, HttpError, ValidationError

from motcua.base import jose
from motcua.base.actor import Actor
from motcua.domain.accounts import queries as accounts
from motcua.domain.population.commands import answering, finding, linking
from motcua.domain.population.models import Subscriber
from motcua.domain.population.rules import WHY_TEXT, Purpose, Result, Why
from motcua.domain.population.rules.finding import Wanted
from motcua.domain.population.rules.verifying import Expression, makes_sense
from motcua.portals.register import forms, vnpt
from motcua.portals.register.credentials import Signed, Stranger, signing
from motcua.portals.register.signatures import own_key

_log = logging.getLogger(__name__)
#: of the number on the old identity card
OLD_DIGITS = 9
_STATUS = {Why.BUDGET_SPENT: 429, Why.REPLAYED: 409}
_PROBLEMS = frozenset({400, 401, 403, 404, 409, 413, 429, 500, 503})


class Register(NinjaAPI):
    """Answers that nobody on the way may keep."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Begin an answer."""
        answer = super().create_temporal_response(request)
        answer["Cache-Control"] = "no-store"
        return answer


api = Register(
    title="Cơ sở dữ liệu quốc gia về dân cư",
    description=(
        "Mỗi lượt khai thác phải có mục đích: X-Road-Represented-Party (cơ quan), X-Road-UserId (cán bộ), "
        "X-Road-Issue (hồ sơ), thủ tục và căn cứ pháp lý. Mọi lượt khai thác đều được ghi nhật ký. Yêu cầu "
        "và câu trả lời đều có chữ ký (RFC 9421, ES256). Số định danh chỉ nằm trong nội dung yêu cầu, không "
        "nằm trong địa chỉ: địa chỉ đi vào nhật ký của mọi máy trên đường."
    ),
    version="1",
    urls_namespace="register",
    docs_url=None,
    auth=Signed(),
)


class Call(HttpRequest):
    """A request that carries a good credential."""

    auth: Subscriber


def _meant(request: HttpRequest, asked: forms.Meant) -> dict[str, Any]:
    """Gather from headers and body who asks, and what for."""
    heads = [
        request.headers.get(f"X-Road-{name}", "") for name in ("Id", "Represented-Party", "UserId", "Issue")
    ]
    if any(len(head) > 80 or not head.isprintable() for head in heads):
        raise HttpError(400, "header")
    message, party, officer, dossier = heads
    purpose = Purpose(
        request=message,
        agency=party.rpartition("/")[2],
        procedure=asked.procedure,
        dossier=dossier,
        basis=asked.basis,
        agency_name=asked.agency_name,
        officer_name=asked.officer_name,
        officer_role=asked.officer_role,
    )
    return {"purpose": purpose, "by": Actor(name=officer), "at": timezone.now()}


def _about(request: HttpRequest, asked: forms.Asked) -> dict[str, Any]:
    """Do the same for a question about one number."""
    return {"number": asked.number, **_meant(request, asked)}


def _told(answer: answering.Answer) -> answering.Answer:
    """Pass on what was told; what was not told becomes a problem."""
    if answer.why:
        raise Denied(answer.why)
    return answer


class Denied(Exception):
    """The register told nothing."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@api.post("attributes", response={200: forms.Attributes, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def attributes(request: Call, asked: forms.AttributesAsked) -> HttpResponse | dict[str, Any]:
    """Hand out attributes of one person."""
    answer = _told(
        answering.attributes(
            subscriber=request.auth, names=asked.names, on=asked.on, **_about(request, asked)
        )
    )
    if answer.result == Result.UNKNOWN:
        return _unknown()
    return {"attributes": answer.values, "refused": answer.refused}


@api.post("match", response={200: forms.Matching, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def match(request: Call, asked: forms.MatchAsked) -> dict[str, Any]:
    """Compare given values with those held."""
    answer = _told(answering.match(subscriber=request.auth, given=asked.given, **_about(request, asked)))
    return {"match": answer.result == Result.MATCH, **answer.values, "refused": answer.refused}


@api.post("verify", response={200: forms.Verified, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def verify(request: Call, asked: forms.VerifyAsked) -> dict[str, Any]:
    """Tell which of the things said of one person are true."""
    said = [Expression(one.attribute, one.operator, one.value) for one in asked.expressions]
    if not all(map(makes_sense, said)):
        raise HttpError(400, "expression")
    answer = _told(answering.verify(subscriber=request.auth, said=said, **_about(request, asked)))
    return {**answer.values, "refused": answer.refused}


@api.post("numbers", response={200: forms.Numbers, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def numbers(request: Call, asked: forms.NumbersAsked) -> HttpResponse | dict[str, Any]:
    """Give the other number of one person."""
    old = len(asked.number) == OLD_DIGITS
    answer = _told(linking.numbers(subscriber=request.auth, old=old, **_about(request, asked)))
    return _unknown() if answer.result == Result.UNKNOWN else dict(answer.values)


@api.post("status", response={200: forms.Standing, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def status(request: Call, asked: forms.StatusAsked) -> dict[str, Any]:
    """Tell whether somebody of that number is alive, and whether the electronic identity is locked."""
    account = accounts.account_state if asked.account else None
    answer = answering.status(subscriber=request.auth, account=account, **_about(request, asked))
    return dict(_told(answer).values)


@api.post("find", response={200: forms.Found, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def find(request: Call, asked: forms.FindAsked) -> dict[str, Any]:
    """Show who may be meant by what is known of somebody without a number."""
    wanted = Wanted(
        name=asked.name, born_on=asked.born_on, commune=asked.commune, old_number=asked.old_number
    )
    found = finding.find(subscriber=request.auth, wanted=wanted, **_meant(request, asked))
    return dict(_told(found).values)


@api.post("choose", response={200: forms.Chosen, _PROBLEMS: forms.Problem})
@decorate_view(signing)
def choose(request: Call, asked: forms.ChooseAsked) -> dict[str, Any]:
    """Tell the number of one of those who were shown."""
    chosen = finding.choose(subscriber=request.auth, handle=asked.handle, **_meant(request, asked))
    return dict(_told(chosen).values)


@api.post("vnpt", response={200: dict[str, Any], _PROBLEMS: forms.Problem})
@decorate_view(signing)
def second_face(request: Call, asked: vnpt.Asked) -> HttpResponse | dict[str, Any]:
    """Answer in the words of the provinces' present systems (MaTichHop 037, 033, 034)."""
    meant = _meant(request, asked.meant)
    if (asked.officer, asked.agency) != (meant["by"].name, meant["purpose"].agency):
        raise HttpError(400, "body and headers name different people")
    about: dict[str, Any] = {"subscriber": request.auth, "number": asked.number, **meant}
    if asked.compares:
        return _second(answering.match(given=asked.given, **about), asked)
    return _second(answering.attributes(names=asked.names, known=asked.given, **about), asked)


def _second(answer: answering.Answer, asked: vnpt.Asked) -> HttpResponse | dict[str, Any]:
    """Write an answer in the words of the second face."""
    if answer.why:
        return _problem(_STATUS.get(answer.why, 403), vnpt.error(answer.why), str(WHY_TEXT[answer.why]))
    if asked.compares and answer.refused:
        return _problem(403, vnpt.error(Why.FIELD_NOT_ALLOWED), str(WHY_TEXT[Why.FIELD_NOT_ALLOWED]))
    if asked.compares:
        return vnpt.counted(answer.result == Result.MATCH)
    if answer.result == Result.UNKNOWN:
        return _unknown()
    if asked.service == vnpt.HOUSEHOLD:
        return vnpt.household(answer.values)
    return vnpt.citizen(asked, answer.values)


@api.get("keys", auth=None, response={200: forms.Keys})
def keys(request: HttpRequest) -> dict[str, Any]:
    """Give the public keys that answers are signed with (JWK set)."""
    return {"keys": [jose.public(own_key(secret)) for secret in settings.REGISTER_KEY.split(",")]}


def _unknown() -> HttpResponse:
    return _problem(404, "unknown", _("Không tìm thấy công dân với số định danh đã cung cấp."))


def _problem(status: int, code: str, message: str) -> HttpResponse:
    """Say in JSON why there is no answer, never repeating what was sent."""
    return JsonResponse(
        {"code": code, "message": message},
        status=status,
        headers={"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {}),
        json_dumps_params={"ensure_ascii": False},
    )


@api.exception_handler(Denied)
def denied(request: HttpRequest, error: Denied) -> HttpResponse:
    """Name the reason of a denial."""
    return _problem(_STATUS.get(error.why, 403), error.why.value, str(WHY_TEXT[error.why]))


@api.exception_handler(Stranger)
def stranger(request: HttpRequest, error: Stranger) -> HttpResponse:
    """Send away a caller whose signature does not hold."""
    return _problem(401, error.code, error.message)


@api.exception_handler(AuthenticationError)
def nameless(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Send away a caller without any signature."""
    return _problem(401, "credential", _("Chữ ký của yêu cầu không hợp lệ."))


@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
@api.exception_handler(UnreadablePostError)
def malformed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Refuse what cannot be read."""
    return _problem(400, "malformed", _("Yêu cầu không đúng định dạng."))


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    """Refuse what is too long to be a question."""
    return _problem(413, "too_big", _("Yêu cầu quá lớn."))


@api.exception_handler(OperationalError)
def busy(request: HttpRequest, error: Exception) -> HttpResponse:
    """Give up on a database that takes too long."""
    _log.warning("register: database too slow or away: %s", type(error.__cause__).__name__)
    return _problem(503, "busy", _("Cơ sở dữ liệu dân cư đang quá tải, hãy thử lại sau."))


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log a bug once, and tell the caller nothing of it."""
    _log.error("register: call failed", exc_info=error)
    return _problem(500, "internal", _("Hệ thống gặp lỗi, hãy thử lại sau."))
