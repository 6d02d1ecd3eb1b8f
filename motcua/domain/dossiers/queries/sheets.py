"""What is printed on the statutory slips and on the result of a dossier."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext, override

from motcua.base.actor import Actor
from motcua.base.deadline import Term, Unit
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.rules import Kind
from motcua.domain.dossiers.models import Dossier, Handing, Supplement
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import ISSUED, Slip
from motcua.domain.procedures import rules as procedures

#: which form goes with which number in rules.MOVES
FORMS = {
    "01": Slip.RECEIPT,
    "02": Slip.SUPPLEMENT,
    "03": Slip.REFUSAL,
    "04": Slip.APOLOGY,
    "05": Slip.STOP,
}


def letterhead(agency: Agency, *, at: datetime) -> dict[str, Any]:
    """Say who issues a paper, where and when; a division prints what it belongs to above its name."""
    head: dict[str, Any] = {
        "agency": agency.name,
        "place": agencies.place_name(agency.division_code) or agency.name,
        "on": timezone.localdate(at),
    }
    if agency.parent is not None and agency.kind not in (Kind.COMMUNE, Kind.PROVINCE):
        head["parent"] = agency.parent.name
    return head


def case(dossier: Dossier) -> dict[str, Any]:
    """Say whose dossier a paper is about; the QR symbol opens the public look-up."""
    person, filer = dossier.applicant, dossier.filer
    return {
        "code": dossier.code,
        "qr": f"{settings.PROVINCE_URL}/tra-cuu/?ma={dossier.code}",
        "name": dossier.applicant_name,
        "address": person.residence,
        "phone": dossier.phone,
        "procedure": dossier.version.title,
        "filer": f"{filer.name} ({dossier.filer_ground})" if filer else None,
        "brought_by": filer.name if filer else dossier.applicant_name,
    }


def slip(
    form: str, dossier: Dossier, *, by: Actor, at: datetime, reason: str = "", asked: Supplement | None = None
) -> dict[str, Any]:
    """Gather what one of the forms 01–05 says; statutory papers are always Vietnamese."""
    with override("vi"):
        issuer = dossier.desk if form in ("01", "03") else dossier.agency
        return {
            **letterhead(issuer, at=at),
            **case(dossier),
            "counter": dossier.desk.name,
            **_special(form, dossier, by=by, at=at, reason=reason, asked=asked),
        }


def guide(
    dossier: Dossier, *, items: list[dict[str, str]], reason: str, by: Actor, at: datetime
) -> dict[str, Any]:
    """Gather form 02 for a draft at the counter."""
    with override("vi"):
        return {
            **letterhead(dossier.desk, at=at),
            **case(dossier),
            "code": "",
            "qr": None,
            "counter": dossier.desk.name,
            "items": [item["title"] for item in items] or ["Hoàn thiện tờ khai"],
            "reason": reason,
            "contact": by.name,
            "officer": by.name,
        }


def _special(
    form: str, dossier: Dossier, *, by: Actor, at: datetime, reason: str, asked: Supplement | None
) -> dict[str, Any]:
    if form == "01":
        return _receipt(dossier, by)
    if form == "02":
        assert asked is not None
        items = [
            f"{item['title']}: {item['why']}" if item.get("why") else item["title"] for item in asked.items
        ]
        return {
            "items": items,
            "reason": reason,
            "until": asked.until,
            "contact": by.name,
            "officer": by.name,
        }
    if form == "03":
        return {"reasons": [reason], "clerk": by.name}
    signer = {"position": "Thủ trưởng cơ quan", "signer": by.name, "reason": reason}
    if form == "04":
        times = {
            "received_at": dossier.received_at,
            "due_at": dossier.due_at,
            "new_due_at": dossier.promised_at,
        }
        return {**signer, **times}
    return {**signer, "received_at": dossier.received_at or dossier.submitted_at}


def _receipt(dossier: Dossier, by: Actor) -> dict[str, Any]:
    return {
        "papers": [paper.title for paper in papers.of(dossier.subject) if paper.origin not in ISSUED]
        + [rule.title.vi for rule in handed_in(dossier)]
        or ["Tờ khai điện tử"],
        "term": term_text(procedures.term(dossier.version.spec, dossier.answers)),
        "received_at": dossier.received_at,
        "due_at": dossier.promised_at,
        "result_at": Handing(dossier.handing).label,
        "clerk": by.name,
    }


def handed_in(dossier: Dossier) -> list[procedures.PaperRule]:
    """List the papers that were handed in on paper at the counter."""
    return [rule for rule in dossier.version.spec.papers if rule.key in dossier.handed_in]


def term_text(term: Term) -> str:
    """Write a term out: "7 ngày làm việc", "trong ngày"."""
    amount = int(term.amount)
    return {
        Unit.SAME_DAY: "Trong ngày làm việc",
        Unit.HOUR: ngettext("%(n)d giờ làm việc", "%(n)d giờ làm việc", amount) % {"n": amount},
        Unit.DAY: ngettext("%(n)d ngày", "%(n)d ngày", amount) % {"n": amount},
        Unit.WORKING_DAY: ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", amount) % {"n": amount},
    }[term.unit]


def acknowledgement(dossier: Dossier) -> dict[str, Any]:
    """Gather the receipt that a citizen keeps of an online filing: the time, and file by file."""
    assert dossier.submitted_at is not None
    with override("vi"):
        filed = [paper for paper in papers.of(dossier.subject) if paper.origin not in ISSUED]
        return {
            **letterhead(dossier.desk, at=dossier.submitted_at),
            **case(dossier),
            "filed_at": dossier.submitted_at,
            "answer_by": dossier.step_due_at if dossier.received_at is None else None,
            "papers": [
                {"title": paper.title, "file": paper.file.original_name, "size": paper.file.size}
                for paper in filed
            ],
        }


def result(dossier: Dossier, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Gather what the issued result says: the answers as people read them, and who decided."""
    with override("vi"):
        return {
            **letterhead(dossier.agency, at=at),
            **case(dossier),
            "number": dossier.applicant.number,
            "born_on": dossier.applicant.born_on,
            "gender": dossier.applicant.gender,
            **procedures.printed(dossier.version.spec, dossier.answers),
            "received_at": dossier.received_at,
            "decided_on": timezone.localdate(at),
            "signer": by.name,
        }
