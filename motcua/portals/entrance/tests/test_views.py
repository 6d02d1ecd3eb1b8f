import json
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands as agencies
from motcua.domain.agencies.rules import Kind
from motcua.domain.people import commands as people
from motcua.domain.people.models import Person
from motcua.portals.entrance import session

SINCE = date(2025, 7, 1)


def found(code, name, kind, parent=None):
    return agencies.found(
        code=code,
        name=name,
        name_en=name,
        kind=kind,
        parent=parent,
        in_force_from=SINCE,
        by=SYSTEM,
        at=timezone.now(),
    )


@pytest.fixture
def commune(db):
    return found("27694", "UBND xã Thử", Kind.COMMUNE, found("80", "Tỉnh", Kind.PROVINCE))


@pytest.fixture
def hire(commune, twin):
    def engage(role=Role.CLERK):
        return agencies.engage(
            citizen_number=twin.who.number,
            name=twin.who.name,
            agency=commune,
            role=role,
            in_force_from=SINCE,
            by=SYSTEM,
            at=timezone.now(),
        )

    return engage


@pytest.fixture
def browser(db, twin):
    return Browser()


def send_off(browser, query=""):
    """Click log-in; give the address of the provider one is sent to."""
    response = browser.get(f"/dang-nhap/{query}")
    assert response.status_code == 302
    return response["Location"]


def bring_back(browser, twin, url, **changes):
    """Log in at the twin and come back."""
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    given = {name: value for name, value in {**answer, **changes}.items() if value is not None}
    return browser.get("/dang-nhap/tro-ve/", given)


def enter(browser, twin, query=""):
    return bring_back(browser, twin, send_off(browser, query))


def acting(browser):
    request = RequestFactory().get("/")
    request.session = browser.session
    return session.actor_of(request)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# ---------------------------------------------------------------- the way in


def test_a_citizen_comes_in_as_themselves_and_is_remembered(browser, twin):
    response = enter(browser, twin, "?next=/ho-so/")
    person = Person.objects.get()
    assert response["Location"] == "/ho-so/"
    assert (person.number, person.name, person.source) == (twin.who.number, twin.who.name, "identity")
    assert acting(browser) == Actor(
        name=twin.who.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2
    )


def test_the_provider_is_asked_with_fresh_secrets_each_time(browser):
    first, second = send_off(browser), send_off(browser)
    for name in ("state", "nonce", "code_challenge"):
        values = [parse_qs(urlsplit(url).query)[name][0] for url in (first, second)]
        assert values[0] != values[1] and min(map(len, values)) >= 43


def test_the_number_stands_in_no_session_and_no_address(browser, twin):
    enter(browser, twin)
    assert twin.who.number not in json.dumps(dict(browser.session.items()))


def test_logging_in_changes_the_cookie_and_forgets_the_errand(browser, twin, settings):
    url = send_off(browser)
    before = browser.session.session_key
    bring_back(browser, twin, url)
    assert browser.session.session_key != before
    assert not browser.session["entrance_errands"]
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_two_tabs_can_log_in_at_the_same_time(browser, twin):
    first, second = send_off(browser, "?next=/ho-so/1/"), send_off(browser, "?next=/ho-so/2/")
    assert bring_back(browser, twin, first)["Location"] == "/ho-so/1/"
    assert bring_back(browser, twin, second)["Location"] == "/ho-so/2/"


def test_many_tabs_leave_only_the_last_five(browser, twin):
    urls = [send_off(browser) for _tab in range(7)]
    assert bring_back(browser, twin, urls[0]).status_code == 400
    assert bring_back(browser, twin, urls[-1]).status_code == 302


@pytest.mark.parametrize(
    "onward",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "evil", "\x00", "///x"],
)
def test_nobody_is_sent_to_another_site(browser, twin, onward):
    assert enter(browser, twin, f"?next={quote(onward)}")["Location"] == "/"


def test_who_is_in_already_is_not_asked_again_unless_more_is_needed(browser, twin):
    enter(browser, twin)
    assert send_off(browser, "?next=/ho-so/") == "/ho-so/"
    assert send_off(browser, "?next=/ho-so/&muc=2") == "/ho-so/"
    assert "acr_values=urn%3Avn%3Aloa%3A3" in send_off(browser, "?muc=3")


@pytest.mark.parametrize("level", ["", "0", "5", "x", "-1", "²"])
def test_an_odd_level_asks_for_the_usual(browser, level):
    assert "acr_values=urn%3Avn%3Aloa%3A2+urn%3Avn%3Aloa%3A1" in send_off(browser, f"?muc={level}")


def test_a_level_that_was_asked_for_must_be_reached(browser, twin):
    twin.who.acr = 1
    assert enter(browser, twin, "?muc=2").status_code == 400
    assert acting(browser) is None


# ---------------------------------------------------------------- the way in, refused


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "other"},
        {"state": None},
        {"iss": "https://other.invalid"},
        {"iss": None},
        {"code": None},
        {"code": "x"},
    ],
)
def test_a_doubtful_answer_lets_nobody_in(browser, twin, changes):
    response = bring_back(browser, twin, send_off(browser), **changes)
    assert response.status_code == 400
    assert "đăng nhập lại từ đầu" in words(response)
    assert acting(browser) is None


def test_an_answer_works_once(browser, twin):
    url = send_off(browser)
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 302
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 400


def test_an_answer_brought_by_another_browser_lets_nobody_in(browser, twin):
    answer = twin.log_in(send_off(browser), httpx.Client(transport=twin.transport()))
    victim = Browser()
    assert victim.get("/dang-nhap/tro-ve/", answer).status_code == 400
    assert acting(victim) is None


def test_an_errand_is_forgotten_after_half_an_hour(browser, twin):
    url = send_off(browser)
    store = browser.session
    for begun in store["entrance_errands"].values():
        begun["at"] -= 1801
    store.save()
    assert bring_back(browser, twin, url).status_code == 400


@pytest.mark.parametrize(
    "wrong", ["nonce", "iss", "aud", "hs256", "alg_none", "expired", "at_hash", "userinfo_sub"]
)
def test_a_token_that_is_not_right_lets_nobody_in(browser, twin, wrong):
    url = send_off(browser)
    twin.be(wrong=wrong)
    assert bring_back(browser, twin, url).status_code == 400
    assert not Person.objects.exists()


def test_who_declined_reads_what_that_means(browser, twin):
    url = send_off(browser)
    twin.be(wrong="denied")
    response = bring_back(browser, twin, url)
    assert response.status_code == 400
    assert "Bạn đã chọn không chia sẻ" in words(response)


def test_without_a_number_nobody_gets_in(browser, twin):
    twin.who.number = ""
    assert enter(browser, twin).status_code == 409
    assert acting(browser) is None


@pytest.mark.parametrize("mood", [{"dead": True}, {"slow": 60}, {"wrong": "not_json"}])
def test_with_the_provider_gone_one_reads_a_clear_page_and_the_rest_goes_on(browser, twin, mood):
    twin.be(**mood)
    response = browser.get("/dang-nhap/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Hệ thống định danh quốc gia không trả lời" in words(response)
    assert browser.get("/").status_code == 200


def test_a_provider_that_dies_in_between_loses_nothing_but_the_log_in(browser, twin):
    url = send_off(browser)
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    twin.be(dead=True)
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 503
    twin.be()
    assert enter(browser, twin).status_code == 302


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["state", "code", "iss", "error", "next", "muc", "role"]), st.text(max_size=60)
    )
)
def test_no_odd_answer_breaks_the_entrance(browser, query):
    for path in ("/dang-nhap/", "/dang-nhap/tro-ve/", "/vai-tro/", "/dang-xuat/xong/"):
        assert browser.get(path, query).status_code < 500


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
