import json
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands as agencies
from motcua.domain.people import commands as people
from motcua.portals.entrance import session
from motcua.portals.entrance.tests.conftest import acting, enter, words

# ---------------------------------------------------------------- officers


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        (Role.CLERK, "/mot-cua/"),
        (Role.OFFICER, "/xu-ly/"),
        (Role.LEADER, "/xu-ly/"),
        (Role.ADMINISTRATOR, "/quan-tri/"),
    ],
)
def test_an_officer_comes_to_their_own_desk(browser, twin, hire, role, desk):
    appointment = hire(role)
    commune = appointment.agency
    assert enter(browser, twin)["Location"] == desk
    actor = acting(browser)
    assert (actor.officer, actor.agency, actor.roles) == (appointment.officer_id, commune.pk, {role})
    assert (actor.reach, actor.assurance, actor.person) == (commune.path, 2, None)


def test_an_officer_who_wants_a_citizens_page_comes_as_a_citizen(browser, twin, hire):
    hire()
    enter(browser, twin, f"?next={quote(_citizens_page())}")
    assert acting(browser).roles == {Role.CITIZEN}


def test_one_factor_is_not_enough_for_an_officer(browser, twin, hire):
    hire()
    twin.who.acr = 1
    assert enter(browser, twin)["Location"] == "/"
    assert acting(browser).roles == {Role.CITIZEN}
    assert "Cán bộ của" not in words(browser.get("/vai-tro/"))


def test_an_officer_changes_between_work_and_private_matters(browser, twin, hire):
    hire()
    enter(browser, twin)
    before = browser.session.session_key
    assert "Cán bộ của UBND xã Thử" in words(browser.get("/vai-tro/"))
    assert browser.post("/vai-tro/", {"role": "citizen"})["Location"] == "/"
    assert acting(browser).roles == {Role.CITIZEN}
    assert browser.session.session_key != before
    assert browser.post("/vai-tro/", {"role": "officer"})["Location"] == "/mot-cua/"
    assert acting(browser).roles == {Role.CLERK}


@pytest.mark.parametrize("role", ["officer", "administrator", ""])
def test_a_citizen_cannot_become_an_officer(browser, twin, role):
    enter(browser, twin)
    assert browser.post("/vai-tro/", {"role": role}).status_code == 200
    assert acting(browser).roles == {Role.CITIZEN}


def test_a_stranger_has_no_role_to_choose(browser):
    assert browser.get("/vai-tro/")["Location"].startswith("/dang-nhap/")


def test_an_ended_appointment_ends_the_access_at_once(browser, twin, hire):
    appointment = hire()
    enter(browser, twin)
    agencies.end_appointment(
        appointment=appointment,
        last_day=timezone.localdate() - timedelta(days=1),
        by=SYSTEM,
        at=timezone.now(),
    )
    assert acting(browser) is None
    assert browser.get("/vai-tro/")["Location"].startswith("/dang-nhap/")


# ---------------------------------------------------------------- how long, how dear


def age(browser, key, **ago):
    store = browser.session
    store[session.KEY] = {
        **store[session.KEY],
        key: store[session.KEY][key] - timedelta(**ago).total_seconds(),
    }
    store.save()


@pytest.mark.parametrize(
    "case",
    [
        (True, "seen", {"minutes": 29}, True),
        (True, "seen", {"minutes": 31}, False),
        (False, "seen", {"minutes": 59}, True),
        (False, "seen", {"minutes": 61}, False),
        (True, "entered", {"hours": 11, "minutes": 59}, True),
        (True, "entered", {"hours": 12, "minutes": 1}, False),
        (False, "entered", {"hours": 12, "minutes": 1}, False),
    ],
)
def test_a_session_ends_when_left_alone_and_after_twelve_hours(browser, twin, hire, *, case):
    officer, key, ago, alive = case
    if officer:
        hire()
    enter(browser, twin)
    age(browser, key, **ago)
    assert (acting(browser) is not None) == alive


def test_finding_the_actor_costs_a_citizen_nothing_and_an_officer_one_query(browser, twin, hire):
    for engaged, queries in ((False, 0), (True, 1)):
        if engaged:
            hire()
        browser.post("/dang-xuat/")
        enter(browser, twin)
        request = RequestFactory().get("/")
        request.session = browser.session
        request.session.load()
        request.session.get(session.KEY)
        with CaptureQueriesContext(connection) as captured:
            assert session.actor_of(request)
        assert len(captured) == queries


def test_a_stranger_costs_nothing(browser, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.session = Browser().session
    with django_assert_num_queries(0):
        assert session.actor_of(request) is None


# ---------------------------------------------------------------- the way out


def test_logging_out_ends_the_session_here_and_leads_to_the_provider(browser, twin):
    enter(browser, twin)
    response = browser.post("/dang-xuat/")
    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(f"{twin.issuer}/logout?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/dang-xuat/xong/"]
    assert query["id_token_hint"][0].count(".") == 2
    assert acting(browser) is None


def test_logging_out_works_with_the_provider_gone_and_for_strangers(browser, twin, settings):
    enter(browser, twin)
    settings.IDENTITY_TIMEOUT = 4.0  # a process that has not spoken to the provider yet
    twin.be(dead=True)
    for _twice in range(2):
        assert browser.post("/dang-xuat/")["Location"] == "/dang-xuat/xong/"
    assert "Bạn đã đăng xuất" in words(browser.get("/dang-xuat/xong/"))


def test_a_link_cannot_log_anybody_out(browser, twin):
    enter(browser, twin)
    assert browser.get("/dang-xuat/").status_code == 405
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/dang-xuat/").status_code == 403
    assert acting(browser)


# ---------------------------------------------------------------- what others rely on


def test_the_test_log_in_is_the_same_session(browser, twin, hire, commune, log_in):
    officer = hire().officer
    assert acting(log_in(Browser(), officer)).roles == {Role.CLERK}
    assert acting(log_in(Browser(), Actor(name="X", officer=officer.pk, assurance=3))).assurance == 3
    person = people.remember(
        number="080190000017",
        name="Trần Thị Nhung",
        born_on="1990",
        source="identity",
        by=SYSTEM,
        at=timezone.now(),
    )
    assert acting(log_in(Browser(), person)).person == person.pk


def test_the_public_key_is_printed_for_the_provider(capsys):
    call_command("client_keys")
    keys = json.loads(capsys.readouterr().out)["keys"]
    assert keys[0]["crv"] == "P-256" and "d" not in keys[0]


def _citizens_page():
    return "/ho-so/"


def test_only_who_has_two_roles_is_offered_the_change(browser, twin, hire):
    enter(browser, twin)
    assert "Đổi vai trò" not in words(browser.get("/dang-xuat/xong/"))
    hire()
    browser.post("/dang-xuat/")
    enter(browser, twin)
    assert "Đổi vai trò" in words(browser.get("/dang-xuat/xong/"))
