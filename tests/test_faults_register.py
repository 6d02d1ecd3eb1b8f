"""The population register slow, dead or talking nonsense: filing goes on, the decision waits and says so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motcua.base import events
from motcua.base.errors import Refused
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers import commands, jobs
from motcua.domain.dossiers.register import Unavailable
from motcua.domain.dossiers.rules import State
from tests.roads import BIRTH, MORNING, RESIDENCE, example, forward_to_leader

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(hours=1)
WAITS = "Chưa đối chiếu được với CSDL dân cư nên chưa phê duyệt được; hệ thống đang thử lại."
FAULTS = [{"dead": True}, {"slow": 2}, {"wrong": True}]


@pytest.fixture
def register(settings: Any) -> Iterator[Twin]:
    """The register's twin on loopback, which knows the applicant of the birth registration."""
    twin, known = Twin(), example(BIRTH)["person"]
    twin.add(known["number"], name=known["name"], born_on=known["born_on"], gender=known["gender"])
    with serve(twin) as url:
        settings.POPULATION_URL = url
        yield twin


def submitted(walked: Any) -> Any:
    """Give the fact that the reaction reacts to."""
    return next(e for e in events.history(walked.dossier.subject) if e.name == "dossier.submit")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: next(iter(fault)))
def test_a_decision_waits_until_the_register_has_answered(road, register, log_in, fault) -> None:
    register.be(**fault)
    walked = road(State.PROCESSING, checked=False)
    forward_to_leader(walked, at=NEXT)
    with pytest.raises(Unavailable):  # raised, so the worker tries again later
        jobs.check_register(event=submitted(walked), at=NEXT)
    with pytest.raises(Refused, match=WAITS):
        commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT)
    page = log_in(Client(), walked.leader).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    assert WAITS in page
    assert "Đang chờ đối chiếu CSDL dân cư" in page

    register.be()
    register.patience.end()  # let go of whoever still waits
    jobs.check_waiting(at=NEXT)
    assert walked.again().register_check == "agrees"
    assert commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT).status is State.SETTLED


def test_nobody_waits_for_a_slow_register_longer_than_its_patience(road, register, settings) -> None:
    settings.POPULATION_TIMEOUT = 0.2
    register.be(slow=3)
    walked = road(State.SUBMITTED, checked=False)
    began = timezone.now()
    jobs.check_waiting(at=NEXT)
    assert timezone.now() - began < timedelta(seconds=1.5)
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
