"""What is printed and kept is Vietnamese, whatever language the screen of whoever prints it speaks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from motcua.base import events, files
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel
from motcua.domain.dossiers.queries import books, sheets
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import printing
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import Slip
from motcua.domain.papers.tests import reading
from motcua.domain.payments import queries as bills
from tests.roads import MORNING, RESIDENCE, Road

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(hours=1)


def told(road: Any, language: str) -> dict[str, Any]:
    """Walk every slip in a language and give all that was printed and kept, then undo it."""
    undone = transaction.savepoint()
    with override(language):
        desk = road(State.DRAFT, RESIDENCE, channel=Channel.DIRECT)
        commands.save_answers(dossier=desk.dossier, values={"applicant_phone": ""}, by=desk.clerk, at=NEXT)
        commands.guide(dossier=desk.again(), reason="Còn thiếu, xin bổ sung.", by=desk.clerk, at=NEXT)
        refused = road(State.REFUSED, RESIDENCE)
        stopped = road(State.STOPPED, RESIDENCE)
        walked = road(State.PROCESSING, RESIDENCE)
        _ask_and_postpone(walked)
        settled = road(State.RETURNED)
        kept: dict[str, Any] = {}
        for name, each in {"desk": desk, "no": refused, "end": stopped, "on": walked, "yes": settled}.items():
            subject = each.dossier.subject
            kept[f"{name} papers"] = [
                (
                    p.kind,
                    p.title,
                    reading.text(files.path(p.file).read_bytes()) if p.origin != "upload" else "",
                )
                for p in papers.of(subject)
            ]
            kept[f"{name} bills"] = [bill.lines for bill in bills.of(subject)]
            kept[f"{name} notes"] = [(e.name, e.note, e.data.get("items")) for e in events.history(subject)]
            kept[f"{name} answers"] = each.again().values
        dossier = settled.again()
        receipt = printing.slip(Slip.ACKNOWLEDGEMENT, queries.acknowledgement(dossier), at=NEXT)
        control = printing.slip(Slip.CONTROL, books.control(dossier, at=NEXT), at=NEXT)
        month = books.register(walked.clerk, dossier.desk, month=date(2026, 11, 1), at=NEXT)
        draft = {**sheets.result(dossier, by=walked.leader, at=NEXT), "result": "KQ"}
        preview = printing.pdf(dossier.version.spec.result.template, draft, at=NEXT)
        for name, sheet in {"receipt": receipt, "control": control, "preview": preview}.items():
            kept[name] = reading.text(sheet)
        kept["book"] = reading.text(printing.slip(Slip.REGISTER, month, at=NEXT))
    transaction.savepoint_rollback(undone)
    return kept


def _ask_and_postpone(walked: Road) -> None:
    items = [{"kind": "other", "name": "other", "title": "Giải thích"}]
    commands.postpone(
        dossier=walked.again(),
        until=NEXT + timedelta(days=30),
        reason="Chờ xác minh.",
        by=walked.leader,
        at=NEXT,
    )
    commands.ask_more(
        dossier=walked.again(),
        items=items,
        reason="Cần giải thích thêm.",
        until=date(2026, 12, 10),
        by=walked.officer,
        at=NEXT,
    )
    commands.supplement(dossier=walked.again(), values={}, by=walked.citizen, at=NEXT)
    commands.act(action=Action.ASK_PAYMENT, dossier=walked.again(), by=walked.officer, at=NEXT)


def test_an_english_screen_prints_and_keeps_the_same_vietnamese(road) -> None:
    vietnamese, english = told(road, "vi"), told(road, "en")
    assert vietnamese.keys() == english.keys()
    for name, content in vietnamese.items():
        assert english[name] == content, name
    assert "Giấy tiếp nhận" in str(vietnamese) or "GIẤY TIẾP NHẬN" in str(vietnamese)
