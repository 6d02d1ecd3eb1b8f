import pytest
from django.utils import translation

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.dossiers import register


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
