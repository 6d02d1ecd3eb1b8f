"""The population register slow, dead or talking nonsense: filing goes on, the decision waits and says so."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from motcua.base import events, jose
from motcua.base.errors import Refused
from motcua.connectors.population import client
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers import commands, jobs
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.register import Unavailable
from motcua.domain.dossiers.rules import State
from motcua.domain.people.models import Person
from tests.roads import (
    BIRTH,
    COMMUNE,
    MORNING,
    RESIDENCE,
    citizen_of,
    example,
    fill,
    forward_to_leader,
    upload,
)

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(hours=1)
WAITS = "Chưa đối chiếu được với CSDL dân cư nên chưa phê duyệt được; hệ thống đang thử lại."
FAULTS = [{"dead": True}, {"slow": 60}, {"wrong": True}]
FAULTS += [{"wrong": wrong} for wrong in ("half", "huge", "malformed", "forged", "swapped", "clock")]


@pytest.fixture(params=client.WIRES)
def wire(request: Any, settings: Any) -> None:
    settings.POPULATION_WIRE = request.param


@pytest.fixture
def register(settings: Any) -> Iterator[Twin]:
    """The register's twin on loopback, which knows the applicant of the birth registration."""
    twin, known = Twin(), example(BIRTH)["person"]
    twin.add(known["number"], name=known["name"], born_on=known["born_on"], gender=known["gender"])
    with serve(twin) as url:
        settings.POPULATION_URL = url
        yield twin


@pytest.fixture
def be(register: Twin, settings: Any) -> Callable[..., None]:
    """Let the register misbehave; only a slow one is soon given up."""

    def act(**fault: Any) -> None:
        register.be(**fault)
        settings.POPULATION_TIMEOUT = 0.3 if "slow" in fault else 30

    return act


def submitted(walked: Any) -> Any:
    """Give the fact that the reaction reacts to."""
    return next(e for e in events.history(walked.dossier.subject) if e.name == "dossier.submit")


def named(fault: dict[str, Any]) -> str:
    return str(next((value for value in fault.values() if isinstance(value, str)), next(iter(fault))))


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_a_decision_waits_until_the_register_has_answered(road, be, wire, log_in, fault) -> None:
    be(**fault)
    walked = road(State.PROCESSING, checked=False)
    forward_to_leader(walked, at=NEXT)
    with pytest.raises(Unavailable):  # raised, so the worker tries again later
        jobs.check_register(event=submitted(walked), at=NEXT)
    with pytest.raises(Refused, match=WAITS):
        commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT)
    page = log_in(Client(), walked.leader).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    assert WAITS in page
    assert "Đang chờ đối chiếu CSDL dân cư" in page

    be()
    jobs.check_waiting(at=NEXT)
    assert walked.again().register_check == "agrees"
    assert commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT).status is State.SETTLED


@pytest.fixture
def browser(place: Any, version: Any, person: Any, log_in: Any) -> Client:
    """Open the browser of the applicant."""
    version(BIRTH)
    return log_in(Client(), citizen_of(person(BIRTH)))


@pytest.mark.parametrize("fault", [*FAULTS, {"key": {"exp": 1}}, {"ahead": 300}], ids=named)
def test_people_go_on_filing_whatever_is_wrong_with_the_register(
    register, be, browser, settings, fault
) -> None:
    key = jose.derived_key(settings.POPULATION_KEY)
    if set(fault) & {"key", "ahead"}:
        register.key, register.ahead = key | fault.get("key", {}), fault.get("ahead", 0)
    else:
        be(**fault)
    sent = {"key": str(uuid4()), "whom": "me", "commune": COMMUNE}
    assert browser.post(f"/thu-tuc/{BIRTH}/bat-dau/", sent).status_code == 302
    draft = Dossier.objects.get(key=sent["key"])
    assert draft.register_at is None
    page = browser.get(f"/ho-so/nhap/{draft.key}/")
    assert page.status_code == 200 and "Traceback" not in page.content.decode()
    fill(draft, example(BIRTH)["answers"], by=citizen_of(draft.applicant), at=MORNING)
    photo = {"paper-birth_note": upload("chung-sinh.jpg"), "stay": "1"}
    assert browser.post(f"/ho-so/nhap/{draft.key}/giay-to/", photo).status_code == 302
    filing = {"handing": "electronic", "declared": "on"}
    assert browser.post(f"/ho-so/nhap/{draft.key}/kiem-tra/", filing).status_code == 302
    filed = Dossier.objects.get(pk=draft.pk)
    assert filed.status is State.SUBMITTED and filed.register_check == "pending"
    assert "CSDL dân cư chưa trả lời" in browser.get(f"/ho-so/{filed.code}/").content.decode()
    jobs.check_waiting(at=NEXT)
    filed.refresh_from_db()
    assert filed.register_check == "pending"

    be()
    register.key, register.ahead = key, 0
    jobs.check_waiting(at=NEXT)
    filed.refresh_from_db()
    assert filed.register_check in ("agrees", "differs")


def test_nobody_waits_for_a_slow_register_longer_than_its_patience(road, be) -> None:
    be(slow=90)
    walked = road(State.SUBMITTED, checked=False)
    began = time.monotonic()
    jobs.check_waiting(at=NEXT)
    assert time.monotonic() - began < 60
    assert walked.again().register_check == "pending"


def test_a_check_that_runs_twice_is_written_once(road, register) -> None:
    walked = road(State.SUBMITTED, checked=False)
    fact = submitted(walked)
    for _twice in range(2):
        jobs.check_register(event=fact, at=NEXT)
    names = [event.name for event in events.history(walked.dossier.subject)]
    assert names.count("dossier.check_register") == 1


def test_somebody_the_register_says_is_dead_is_shown_to_the_officer(road, register, log_in) -> None:
    known = example(BIRTH)["person"]
    register.add(known["number"], name=known["name"], born_on=known["born_on"], deceased_on="2020-01-01")
    walked = road(State.PROCESSING, checked=False)
    jobs.check_waiting(at=NEXT)
    assert walked.again().register_check == "differs"
    page = log_in(Client(), walked.officer).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    assert "Có điểm khác CSDL dân cư" in page
    assert not list(events.broken(walked.dossier.subject))


@pytest.mark.parametrize("fault", ["refused", "nonsense"])
def test_one_dossier_that_the_register_cannot_answer_keeps_no_other_waiting(road, register, fault) -> None:
    stuck, other = road(State.SUBMITTED, checked=False), road(State.SUBMITTED, RESIDENCE, checked=False)
    if fault == "refused":
        register.rights = {BIRTH: set()}
    else:
        register.people[example(BIRTH)["person"]["number"]]["name"] = 5
    jobs.check_waiting(at=NEXT)
    assert stuck.again().register_check == "pending"
    assert other.again().register_check == "unknown"


def test_a_dossier_that_has_ended_is_no_purpose_for_asking_the_register(road, register) -> None:
    road(State.REFUSED, checked=False)
    jobs.check_waiting(at=NEXT)
    assert not register.calls


def test_who_cannot_be_asked_about_on_the_old_wire_is_left_to_the_officer(
    road, register, settings, log_in
) -> None:
    settings.POPULATION_WIRE = "vnpt"
    walked = road(State.PROCESSING, checked=False)
    Person.objects.update(born_on="")
    jobs.check_register(event=submitted(walked), at=NEXT)
    assert walked.again().register_check == "unasked" and not register.calls
    page = log_in(Client(), walked.officer).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    assert "Không hỏi được CSDL dân cư" in page and "Hãy đối chiếu với thẻ căn cước." in page
    forward_to_leader(walked, at=NEXT)
    assert commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT).status is State.SETTLED


def test_the_old_wire_is_asked_by_the_birth_date_that_the_form_holds(road, register, settings) -> None:
    settings.POPULATION_WIRE = "vnpt"
    known = example(RESIDENCE)["person"]
    register.add(known["number"], name=known["name"], born_on=known["born_on"], gender=known["gender"])
    walked = road(State.SUBMITTED, RESIDENCE, checked=False)
    Person.objects.update(born_on="")
    jobs.check_waiting(at=NEXT)
    assert walked.again().register["name"] == known["name"]
