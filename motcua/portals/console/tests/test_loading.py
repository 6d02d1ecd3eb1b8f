"""Loading the demo province."""

from datetime import date, time

import pytest
from django.core.management import call_command

from motcua.domain.agencies import queries
from motcua.domain.agencies.rules import Kind

TODAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_the_demo_province_is_loaded_once_and_completely(capsys):
    call_command("load_agencies")
    call_command("load_agencies")
    assert "209 agencies, 0 new" in capsys.readouterr().out
    assert queries.agencies(on=TODAY, kind=Kind.COMMUNE).count() == 96
    assert queries.agencies(on=TODAY, kind=Kind.COMMUNE_POLICE).count() == 96
    root = queries.root(on=TODAY)
    assert (root.path, root.dossier_prefix, root.official_code_verified) == ("80/", "H39", False)
    police = queries.responsible(Kind.COMMUNE_POLICE, division_code="27694", on=TODAY)
    assert police.name == "Công an phường Long An"
    assert queries.calendar(police.pk).spans(date(2026, 11, 21)) == ((time(7, 30), time(11, 30)),)
    traffic = queries.responsible("CSGT", division_code="27694", on=TODAY)
    assert traffic.path == "80/CA/CSGT/"
    assert queries.calendar(traffic.pk).spans(date(2026, 11, 21)) == ()
