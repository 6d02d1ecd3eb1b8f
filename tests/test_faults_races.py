"""Truly at the same moment: threads with connections of their own on a database that commits."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from motcua.base import events
from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import Slip
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import Method
from tests.roads import BIRTH, MORNING, RESIDENCE, citizen_of, example, fill, forward_to_leader

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = MORNING + timedelta(hours=1)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts at the same moment; give what each returned, or the refusal it met."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refusals(results: list[Any]) -> list[str]:
    return [result.reason for result in results if isinstance(result, Refused)]


def names(dossier: Dossier) -> list[str]:
    return [event.name for event in events.history(dossier.subject)]


def issued(dossier: Dossier) -> list[str]:
    return [paper.kind for paper in papers.of(dossier.subject) if paper.origin in ("slip", "result")]


def test_two_clerks_receiving_one_dossier_at_once_receive_it_once(road, officer) -> None:
    walked = road(State.SUBMITTED)
    clerks = [walked.clerk, officer(Role.CLERK)]
    results = together(
        *(lambda by=by: commands.receive(dossier=walked.dossier, by=by, at=NEXT) for by in clerks)
    )
    [told] = refusals(results)
    assert "“Được tiếp nhận” nên không thể “Tiếp nhận”" in told
    dossier = walked.again()
    assert names(dossier).count("dossier.receive") == 1
    assert issued(dossier) == [Slip.RECEIPT]
    assert dossier.code == walked.dossier.code
    assert not list(events.broken(dossier.subject))


def test_pressing_file_twice_at_once_files_once(road) -> None:
    walked = road(State.DRAFT)

    def submit() -> Dossier:
        return commands.submit(dossier=walked.dossier, by=walked.citizen, at=NEXT)

    first, second, third = together(submit, submit, submit)
    assert first.code == second.code == third.code == "H80.27694-261123-0001"
    assert names(walked.again()).count("dossier.submit") == 1


def test_pressing_begin_twice_at_once_opens_one_draft(log_in, place, version, person) -> None:
    version(BIRTH)
    applicant, key = person(BIRTH), str(uuid4())
    browsers = [log_in(Client(), applicant) for _ in range(2)]
    sent = {"key": key, "whom": "me", "commune": place.commune.division_code}
    answers = together(
        *(lambda b=browser: b.post(f"/thu-tuc/{BIRTH}/bat-dau/", sent) for browser in browsers)
    )
    assert {answer["Location"] for answer in answers} == {f"/ho-so/nhap/{key}/"}
    assert Dossier.objects.count() == 1


def test_two_tabs_saving_two_pages_at_once_lose_nothing(road) -> None:
    draft = road(State.DRAFT)
    pages = [{"child_name": "Nguyễn Bảo An"}, {"copies": 3}, {"facility_name": "Trạm y tế phường"}]
    together(
        *(
            lambda v=values: commands.save_answers(dossier=draft.dossier, values=v, by=draft.citizen, at=NEXT)
            for values in pages
        )
    )
    kept = draft.again().values
    assert all(kept[name] == value for values in pages for name, value in values.items())
    numbers = [event.number for event in events.history(draft.dossier.subject)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not list(events.broken(draft.dossier.subject))


def test_codes_have_no_gap_when_eight_file_at_once_and_some_fail(place, version, person) -> None:
    """Every filer tries twice; the first try of every other one is rolled back after its number was taken."""
    published, applicant = version(BIRTH), person(BIRTH)
    citizen, drafts = citizen_of(applicant), []
    for _ in range(8):
        draft = commands.start(
            key=uuid4(),
            version=published,
            applicant=applicant,
            agency=place.commune,
            desk=place.commune,
            channel=Channel.ONLINE,
            by=citizen,
            at=MORNING,
        )
        fill(draft, example(BIRTH)["answers"], by=citizen, at=MORNING)
        drafts.append(draft)

    def file(place_in_line: int) -> str:
        draft = drafts[place_in_line]
        if place_in_line % 2:
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                commands.submit(dossier=draft, by=citizen, at=NEXT)
                raise ZeroDivisionError
        return str(commands.submit(dossier=draft, by=citizen, at=NEXT).code)

    codes = together(*(lambda n=n: file(n) for n in range(8)))
    assert sorted(codes) == [f"H80.27694-261123-{serial:04d}" for serial in range(1, 9)]


def test_a_withdrawal_and_the_decision_at_once_leave_one_of_them(road) -> None:
    walked = road(State.PROCESSING)
    forward_to_leader(walked, at=NEXT)
    results = together(
        lambda: commands.settle(dossier=walked.dossier, by=walked.leader, at=NEXT),
        lambda: commands.act(
            action=Action.ASK_WITHDRAWAL,
            dossier=walked.dossier,
            reason="Tôi đổi ý, xin rút.",
            by=walked.citizen,
            at=NEXT,
        ),
    )
    [told] = refusals(results)
    assert told.startswith("Hồ sơ đang ở trạng thái")
    dossier = walked.again()
    settled = dossier.status is State.SETTLED
    assert settled or dossier.status is State.WITHDRAWAL_ASKED
    assert names(dossier).count("dossier.settle") == int(settled)
    assert names(dossier).count("dossier.ask_withdrawal") == int(not settled)
    # A decision that lost leaves no result behind.
    assert issued(dossier).count("result") == int(settled)


def test_a_draft_thrown_away_while_it_is_filed_is_one_or_the_other(road) -> None:
    walked = road(State.DRAFT)

    def discard() -> str:
        try:
            commands.discard(dossier=walked.dossier, by=walked.citizen, at=NEXT)
        except Dossier.DoesNotExist:
            return "gone"
        return "discarded"

    def submit() -> Dossier | None:
        try:
            return commands.submit(dossier=walked.dossier, by=walked.citizen, at=NEXT)
        except Dossier.DoesNotExist:
            return None

    thrown, filed = together(discard, submit)
    left = Dossier.objects.filter(pk=walked.dossier.pk).first()
    if filed is not None:
        assert "Hồ sơ đã nộp" in refusals([thrown])[0]
        assert left is not None
        assert left.code == filed.code
        assert papers.of(left.subject)
    else:
        assert thrown == "discarded"
        assert left is None


def test_pressing_forward_twice_goes_one_step(road, log_in) -> None:
    """A double click sends the form twice: at once, and once more after the first answer has come."""
    walked = road(State.PROCESSING)
    assert walked.dossier.step == "check"
    there = f"/xu-ly/{walked.dossier.code}/"
    assert 'name="step" value="check"' in log_in(Client(), walked.officer).get(there).content.decode()

    def forward(seen: str) -> int:
        browser = log_in(Client(), walked.officer)
        return browser.post(f"{there}lam/forward/", {"reason": "", "step": seen}).status_code

    assert together(lambda: forward("check"), lambda: forward("check")) == [302, 302]
    assert forward("check") == 302
    assert walked.again().step == "enter"
    assert names(walked.dossier).count("dossier.forward") == 1
    assert forward("enter") == 302
    assert walked.again().step == "sign"


def test_a_fee_paid_at_two_desks_at_once_is_taken_once(road, officer) -> None:
    walked = road(State.ACCEPTED, RESIDENCE)
    [bill] = bills.of(walked.dossier.subject)
    desk = queries.visible(SYSTEM).select_related("desk").get(pk=walked.dossier.pk).desk
    clerks = [walked.clerk, officer(Role.CLERK, desk)]
    results = together(
        *(
            lambda by=by, n=n: payments.pay(
                bill=bill, method=Method.COUNTER, reference=f"BL {n}", by=by, at=NEXT
            )
            for n, by in enumerate(clerks)
        )
    )
    assert len(refusals(results)) == 1
    assert names(walked.dossier).count("bill.paid") == 1
    assert bills.due(walked.dossier.subject) == 0


def test_a_dossier_locked_by_another_is_waited_for_no_longer_than_the_limit(road, log_in) -> None:
    """Somebody's transaction hangs: the citizen is told to try again, and nothing is half done."""
    walked = road(State.SUBMITTED)
    browser = log_in(Client(raise_request_exception=False), walked.citizen)
    held, done = threading.Event(), threading.Event()

    def hang() -> None:
        with transaction.atomic():
            Dossier.objects.select_for_update().get(pk=walked.dossier.pk)
            held.set()
            done.wait(timeout=90)
        connection.close()

    thread = threading.Thread(target=hang)
    thread.start()
    try:
        assert held.wait(timeout=60)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answer = browser.post(f"/ho-so/{walked.dossier.code}/rut/", {"reason": "Tôi khai nhầm nơi sinh."})
    finally:
        done.set()
        thread.join()
        connection.close()
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Hệ thống đang bận" in page
    assert "Traceback" not in page
    assert walked.again().status is State.SUBMITTED
