"""Nonsense in addresses, queries, forms, cookies and sessions: an answer in words, never a crash."""

from typing import Any

import pytest
from django.conf import settings as ours
from django.db import connection
from django.test import Client

from motcua.base.actor import Role
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.rules import State
from motcua.domain.payments import queries as bills
from tests.roads import BIRTH, MORNING, RESIDENCE

pytestmark = pytest.mark.django_db
LONG = "9" * 40


@pytest.fixture
def enter(road: Any, officer: Any, place: Any, log_in: Any) -> Any:
    """Give the browser of somebody whose work it is: enter("clerk")."""

    def of(who: str) -> Client:
        if who == "administrator":
            return log_in(Client(), officer(Role.ADMINISTRATOR, place.root))
        return log_in(Client(), getattr(road(State.PROCESSING), who))

    return of


#: whose work it is → addresses that lead nowhere, and queries that are left out
NONSENSE = {
    "citizen": (
        [
            "/ho-so/%00/",
            "/thu-tuc/%00/",
            "/thu-tuc/%00/bat-dau/",
            f"/ho-so/tep/00000000-0000-0000-0000-000000000000/{LONG}/",
        ],
        [
            "/thu-tuc/?q=%00",
            "/thu-tuc/?q=%25%5C%27%22([",
            f"/thu-tuc/?q={'khai sinh ' * 500}",
        ],
    ),
    "clerk": (
        [
            "/mot-cua/%00/",
            "/mot-cua/' OR 1=1 --/",
        ],
        [
            "/mot-cua/tim/?ma=aaaa%00",
            "/mot-cua/tim/?ma=%25%25%25%25",
            "/mot-cua/tim/?ma=%ff%fe%fd%fc",
            "/mot-cua/so-theo-doi.pdf?thang=9999-12",
            "/mot-cua/so-theo-doi.pdf?thang=2026-13",
        ],
    ),
    "officer": (
        [
            "/xu-ly/%00/",
            "/xu-ly/..%2f..%2fetc%2fpasswd/",
            f"/xu-ly/{'A' * 5000}/",
        ],
        [
            "/xu-ly/?sau=2026-13-45T99:99~1",
            "/xu-ly/?sau=2026-01-01T00:00:00~1",
            "/xu-ly/?sau=-~%C2%B2",
            f"/xu-ly/?sau=-~{LONG}",
        ],
    ),
    "administrator": (
        [
            "/quan-tri/thu-tuc/%00/1/",
            f"/quan-tri/co-quan/{LONG}/",
            f"/quan-tri/?duoi={LONG}",
        ],
        [
            "/quan-tri/?duoi=%C2%B2",
        ],
    ),
}


@pytest.mark.parametrize("who", NONSENSE)
def test_nonsense_in_an_address_is_answered(enter, who: str) -> None:
    browser, (lost, found) = enter(who), NONSENSE[who]
    for status, paths in ((404, lost), (200, found)):
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == status, path
            assert b"Traceback" not in answer.getvalue(), path


def test_a_list_of_everything_is_not_to_be_had_by_a_wildcard(enter) -> None:
    page = enter("clerk").get("/mot-cua/tim/?ma=%25%25%25%25").content.decode()
    assert "H80.27694-261123" not in page


def test_a_bill_that_is_none_is_not_found(road, log_in) -> None:
    walked = road(State.ACCEPTED, RESIDENCE)
    browser = log_in(Client(), walked.clerk)
    for bill in ("", "x", "²", "-1", LONG, "1; DROP TABLE payments_bill"):
        sent = {"bill": bill, "method": "counter", "reference": "BL 7"}
        answer = browser.post(f"/mot-cua/{walked.dossier.code}/thu-phi/", sent)
        assert answer.status_code == 404, bill
    assert bills.due(walked.dossier.subject)


def test_a_forged_session_is_nobodys(road) -> None:
    walked = road(State.SUBMITTED)
    for cookie in ("", "x", "%00", "a" * 4000, "'; DROP TABLE django_session; --", "\xe9\xf0\x9f"):
        browser = Client()
        for name in (ours.SESSION_COOKIE_NAME, ours.CSRF_COOKIE_NAME, ours.LANGUAGE_COOKIE_NAME):
            browser.cookies[name] = cookie
        assert browser.get("/").status_code == 200
        answer = browser.get(f"/ho-so/{walked.dossier.code}/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/dang-nhap/?")


def test_a_session_that_was_written_by_another_key_is_nobodys(road, log_in) -> None:
    walked = road(State.SUBMITTED)
    browser = log_in(Client(), walked.citizen)
    path = f"/ho-so/{walked.dossier.code}/"
    assert browser.get(path).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_session SET session_data = 'x' || session_data")
    assert browser.get(path).status_code == 302


def test_a_form_without_its_token_is_refused_in_words(road, log_in) -> None:
    walked = road(State.SUBMITTED)
    browser = log_in(Client(enforce_csrf_checks=True), walked.citizen)
    answer = browser.post(f"/ho-so/{walked.dossier.code}/rut/", {"reason": "Tôi khai nhầm."})
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()
    assert walked.again().status is State.SUBMITTED


def test_text_without_end_is_refused_in_words_and_nothing_is_lost(road, log_in) -> None:
    walked = road(State.DRAFT)
    browser, there = log_in(Client(), walked.citizen), f"/ho-so/nhap/{walked.dossier.key}/facility/"
    sent = {"facility_name": "Bệnh viện " * 100, "certificate_number": "7/2026"}
    answer = browser.post(there, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "200" in page
    assert sent["facility_name"].strip() in page
    assert walked.again().values["certificate_number"] == "7/2026"
    huge = browser.post(there, {"facility_name": "a" * 3_000_000})
    assert huge.status_code == 400
    assert "không đọc được" in huge.content.decode()


def test_more_fields_than_a_form_can_have_are_refused_in_words(road, log_in) -> None:
    browser = log_in(Client(), road(State.DRAFT).citizen)
    answer = browser.post(f"/thu-tuc/{BIRTH}/bat-dau/", {f"x{n}": "1" for n in range(4000)})
    assert answer.status_code == 400
    assert "không đọc được" in answer.content.decode()


def test_a_statement_that_takes_too_long_is_a_page_and_not_a_trace(road, log_in) -> None:
    walked = road(State.SUBMITTED)
    browser = log_in(Client(raise_request_exception=False), walked.citizen)

    def slow(execute: Any, sql: str, *rest: Any) -> Any:
        """The database is so busy that every look at dossiers lasts too long."""
        if 'FROM "dossiers_dossier"' in sql:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(5)")
        return execute(sql, *rest)

    with connection.execute_wrapper(slow):
        answer = browser.get(f"/ho-so/{walked.dossier.code}/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "Hệ thống đang bận" in page
    for told in ("Traceback", "QueryCanceled", "SELECT", str(walked.dossier.code)):
        assert told not in page


def test_a_crash_is_a_page_without_its_reason(road, log_in, settings) -> None:
    walked = road(State.SUBMITTED)
    browser = log_in(Client(raise_request_exception=False), walked.citizen)

    def broken(execute: Any, sql: str, *rest: Any) -> Any:
        if 'FROM "dossiers_dossier"' in sql:
            raise ZeroDivisionError(walked.dossier.applicant.number)
        return execute(sql, *rest)

    with connection.execute_wrapper(broken):
        answer = browser.get(f"/ho-so/{walked.dossier.code}/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Hệ thống gặp sự cố" in page
    assert "ZeroDivision" not in page
    assert walked.dossier.applicant.number not in page


def test_text_of_several_lines_keeps_its_lines_and_loses_what_cannot_be_seen(road) -> None:
    walked = road(State.SUBMITTED)
    reason = "Thu\u031b\u0301 nh\u00e2\u0301t: \u202eảnh mờ\u202c.\r\nThứ hai:\u00a0 thiếu\u200b trang."
    refused = commands.refuse(dossier=walked.dossier, reason=reason, by=walked.clerk, at=MORNING)
    note = queries.story(walked.citizen, refused)[-1].note
    assert note == "Thứ nhất: ảnh mờ.\nThứ hai: thiếu trang."
