"""A log-in that is too weak for what comes now."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from motcua.base.errors import Refused
from motcua.domain.dossiers import commands
from motcua.domain.dossiers.rules import State
from motcua.portals.citizen.tests.birth import address, ready
from motcua.portals.citizen.tests.conftest import citizen, draft_of, text


def asked(answer):
    where = urlsplit(answer["Location"])
    return where.path, {name: values[0] for name, values in parse_qs(where.query).items()}


@pytest.mark.usefixtures("library", "register")
def test_before_filing_a_better_log_in_is_asked_for_and_leads_back_with_the_choice_kept(lan, mother, log_in):
    ready(lan, mother)
    check = address(draft_of(mother), "kiem-tra")
    log_in(lan, mother, level=1)
    assert asked(lan.get(check)) == ("/dang-nhap/", {"muc": "2", "next": check})
    path, words = asked(lan.post(check, {"handing": "post", "declared": "on"}))
    assert (path, words["muc"], words["next"]) == ("/dang-nhap/", "2", f"{check}?handing=post")
    assert draft_of(mother).code is None
    log_in(lan, mother)
    assert lan.get(words["next"]).context["form"].initial == {"handing": "post"}
    filed = lan.post(check, {"handing": "post", "declared": "on"})
    assert filed.status_code == 302 and "/dang-nhap/" not in filed["Location"]


@pytest.mark.usefixtures("library", "register")
def test_a_link_never_makes_the_declaration_for_somebody(lan, mother):
    ready(lan, mother)
    page = text(lan.get(f"{address(draft_of(mother), 'kiem-tra')}?handing=post&declared=on"))
    declared = page[page.index('name="declared"') - 200 : page.index('name="declared"') + 200]
    assert "checked" not in declared


@pytest.mark.usefixtures("library", "register")
def test_the_command_itself_refuses_a_weak_log_in(lan, mother):
    ready(lan, mother)
    weak, at = replace(citizen(mother), assurance=1), timezone.now()
    with pytest.raises(Refused, match="mức cao hơn"):
        commands.submit(dossier=draft_of(mother), by=weak, at=at)
    filed = commands.submit(dossier=draft_of(mother), by=citizen(mother), at=at)
    assert filed.status is State.SUBMITTED
