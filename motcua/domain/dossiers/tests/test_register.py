import pytest
from django.utils import translation

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers import register
from motcua.domain.dossiers.rules import State


@pytest.mark.parametrize(
    ("roles", "called"),
    [
        ({Role.OFFICER, Role.CLERK}, "Cán bộ một cửa"),
        ({Role.LEADER}, "Lãnh đạo"),
        ({Role.CITIZEN}, "Công dân"),
        (set(), ""),
    ],
)
def test_who_asks_is_named_in_vietnamese_whatever_language_they_read(roles, called):
    with translation.override("en"):
        said = register._called(Actor(name="Trần Thị Hoa", roles=frozenset(roles), officer=7))
    assert said == {"officer_name": "Trần Thị Hoa", "officer_role": called}


def test_a_program_has_no_name():
    assert register._called(SYSTEM) == {}


@pytest.mark.django_db
def test_a_dossier_that_has_ended_is_refused_here_and_not_even_asked_for(road, settings):
    twin = Twin()
    walked = road(State.REFUSED, checked=False)
    with serve(twin) as settings.POPULATION_URL, pytest.raises(register.Denied, match="dossier_ended"):
        register.ask(walked.again(), by=walked.officer)
    assert not twin.calls
