"""The first administrator of a province that has nobody yet."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.rules import Kind

NUMBER = "080080000001"


@pytest.fixture
def said(monkeypatch):
    def say(number):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n"))
        call_command("appoint_administrator", "Lê Thị Hoa", stdout=io.StringIO(), stderr=io.StringIO())

    return say


@pytest.fixture
def province(db):
    return commands.found(
        code="80",
        name="UBND tỉnh Tây Ninh",
        name_en="Tây Ninh",
        kind=Kind.PROVINCE,
        parent=None,
        official_code="H80",
        division_code="80",
        in_force_from=date(2025, 7, 1),
        by=SYSTEM,
        at=timezone.now(),
    )


def test_a_new_province_gets_its_first_administrator(province, said):
    said(NUMBER)
    actor = queries.actor_of_officer(citizen_number=NUMBER, on=timezone.localdate())
    assert actor.has(Role.ADMINISTRATOR)
    assert actor.agency == province.pk


def test_a_number_that_is_none_and_a_second_appointment_are_refused_in_words(province, said):
    with pytest.raises(CommandError, match="12 chữ số"):
        said("12345")
    said(NUMBER)
    with pytest.raises(CommandError, match="đã giữ vai trò"):
        said(NUMBER)


def test_without_agencies_there_is_nothing_to_administer(db, said):
    with pytest.raises(CommandError, match="load_agencies"):
        said(NUMBER)
