"""Filing for an organization: as its head, or by its mandate."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel, Dossier, RegisterCheck
from motcua.domain.dossiers.queries import sheets
from motcua.domain.people.commands import remember_organization
from motcua.domain.people.models import Person
from motcua.domain.procedures import commands as procedures
from motcua.domain.procedures import package
from motcua.domain.procedures.tests.library import ANSWERS, write
from motcua.portals.citizen.tests.birth import address, begin
from motcua.portals.citizen.tests.conftest import BEFORE, BIRTH, citizen, text
from motcua.portals.citizen.tests.test_acting_for import switch

pytestmark = pytest.mark.usefixtures("library", "register")

CATS = "9.000001"
BOTH = 'applicants = ["citizen", "organization"]'


@pytest.fixture
def farm(db):
    return remember_organization(
        code="1100000001", name="Hợp tác xã Thử", source="identity", by=SYSTEM, at=BEFORE
    )


@pytest.fixture
def cats(library, tmp_path):
    """A procedure that organizations may file as well."""
    folder = write(tmp_path / "cats", procedure=('applicants = ["citizen"]', BOTH))
    return procedures.publish(definition=package.read(folder), by=SYSTEM, at=BEFORE)


def act_for(browser, organization, *, tie="delegate", procedures=(), until=""):
    """Log in as the provider tells it, and choose the organization."""
    store = browser.session
    kept = {"person": organization.pk, "name": organization.name, "tie": tie, "code": organization.number}
    kept |= {"procedures": list(procedures), "until": until}
    store["entrance"] = {**store["entrance"], "represents": [kept]}
    store.save()
    switch(browser, f"for:{organization.pk}")
    return browser


def no_longer(browser):
    """Log in again, no longer named as somebody who acts for it."""
    store = browser.session
    store["entrance"] = {**store["entrance"], "represents": [], "acting": "citizen"}
    store.save()


def draft_for(browser, organization, **words):
    act_for(browser, organization, **words)
    assert begin(browser, CATS).status_code == 302
    return Dossier.objects.get()


def filed_for(browser, organization, actor):
    draft = draft_for(browser, organization)
    at = timezone.now()
    commands.save_answers(dossier=draft, values=ANSWERS, handed_in=["photo"], by=actor, at=at)
    return commands.submit(dossier=draft, by=actor, at=at)


def delegate(person, organization, **words):
    """Give the actor that the log-in makes of somebody with a mandate."""
    return citizen(organization).__class__(
        name=f"{person.name}, thay mặt {organization.name}",
        roles=citizen(person).roles,
        person=organization.pk,
        proxy=person.pk,
        proxy_tie="delegate",
        assurance=2,
        **words,
    )


# ---------------------------------------------------------------- filing


def test_the_applicant_is_the_organization_and_every_row_names_both(lan, mother, farm, cats):
    draft = draft_for(lan, farm, until="2099-12-31")
    assert (draft.applicant, draft.applicant_name) == (farm, "Hợp tác xã Thử")
    assert (draft.filer, draft.filer_tie, draft.register_at) == (mother, "delegate", None)
    row = events.history(draft.subject)[0]
    assert (row.by, row.by_name) == (f"person:{mother.pk}", f"{mother.name}, thay mặt {farm.name}")
    assert (row.data["tie"], row.data["until"]) == ("delegate", "2099-12-31")


def test_it_is_not_held_up_by_the_population_register(lan, mother, farm, cats, jobs):
    dossier = filed_for(lan, farm, delegate(mother, farm))
    jobs()
    dossier.refresh_from_db()
    assert dossier.register_check == RegisterCheck.NONE
    assert not queries.facts(dossier).register_pending and dossier.pk not in queries.unchecked()


def test_no_paper_of_authority_is_asked_for(lan, farm, cats):
    assert "authorization" not in [rule.key for rule in queries.needed_papers(draft_for(lan, farm))]


def test_a_procedure_for_citizens_is_refused_before_anything_is_typed(lan, farm):
    act_for(lan, farm)
    says = "Thủ tục này chỉ dành cho công dân, không nộp được cho tổ chức"
    page = lan.get(f"/thu-tuc/{BIRTH}/bat-dau/")
    assert page.status_code == 409 and says in text(page)
    assert begin(lan, BIRTH).status_code == 409
    assert not Dossier.objects.exists()


def test_the_command_refuses_by_itself(lan, mother, farm, library, cats):
    only = {"channel": Channel.ONLINE, "by": delegate(mother, farm), "at": timezone.now()}
    draft = draft_for(lan, farm)
    with pytest.raises(Refused, match="chỉ dành cho công dân"):
        commands.start(
            key=draft.key,
            version=library[BIRTH],
            applicant=farm,
            agency=draft.agency,
            desk=draft.desk,
            **only,
        )


def test_a_procedure_for_organizations_is_not_for_a_citizen(lan, library, tmp_path):
    alone = ('applicants = ["citizen"]', 'applicants = ["organization"]')
    folder = write(tmp_path / "cats", procedure=alone)
    procedures.publish(definition=package.read(folder), by=SYSTEM, at=BEFORE)
    page = lan.get(f"/thu-tuc/{CATS}/bat-dau/")
    assert page.status_code == 409 and "chỉ dành cho tổ chức" in text(page)


def test_the_page_of_a_procedure_says_who_may_apply(lan, cats):
    assert "Công dân, tổ chức" in text(lan.get(f"/thu-tuc/{CATS}/"))
    assert "Công dân, tổ chức" not in text(lan.get(f"/thu-tuc/{BIRTH}/"))


def test_a_mandate_for_one_procedure_opens_no_other(lan, mother, farm, cats):
    draft = draft_for(lan, farm, procedures=[CATS])
    assert draft in queries.visible(delegate(mother, farm, proxy_scope=(CATS,)))
    assert draft not in queries.visible(delegate(mother, farm, proxy_scope=(BIRTH,)))


# ---------------------------------------------------------------- following


def test_whoever_acts_for_it_now_follows_its_dossiers_and_nobody_afterwards(lan, toan, mother, farm, cats):
    dossier = filed_for(lan, farm, delegate(mother, farm))
    there = f"/ho-so/{dossier.code}/"
    assert toan.get(there).status_code == 404
    act_for(toan, farm, tie="head")
    page = text(toan.get(there))
    assert f"Hồ sơ của tổ chức: {farm.name}, mã số 1100000001" in page
    assert f"Người nộp thay: {mother.name} (được tổ chức ủy quyền)" in page
    no_longer(lan)
    assert lan.get(there).status_code == 404
    assert dossier not in queries.mine(citizen(mother))


def test_who_acts_for_it_in_the_own_matters_does_not_see_it(lan, mother, farm, cats):
    draft = draft_for(lan, farm)
    switch(lan, "citizen")
    assert lan.get(address(draft)).status_code == 404
    assert not queries.visible(citizen(mother)).exists()


def test_the_last_day_counts_at_every_act(lan, mother, farm, cats):
    today = timezone.localdate()
    draft = draft_for(lan, farm, until=today.isoformat())
    assert lan.get(address(draft)).status_code == 200
    act_for(lan, farm, until=(today - timedelta(days=1)).isoformat())
    for answer in (lan.get(address(draft)), lan.get("/ho-so/")):
        assert answer.status_code == 302 and "/dang-nhap/" in answer["Location"]
    late = delegate(mother, farm, proxy_until=today - timedelta(days=1))
    at = timezone.now()
    with pytest.raises(Refused, match="hết hạn"):
        commands.submit(dossier=draft, by=late, at=at)
    with pytest.raises(Refused, match="hết hạn"):
        commands.save_answers(dossier=draft, values={}, by=late, at=at)
    with pytest.raises(Refused, match="hết hạn"):
        commands.discard(dossier=draft, by=late, at=at)


# ---------------------------------------------------------------- shown


@pytest.fixture
def desk(officer, log_in):
    return log_in(Browser(), officer)


def test_clerks_officers_and_papers_say_whose_it_is_and_who_filed(lan, mother, farm, cats, desk):
    dossier = filed_for(lan, farm, delegate(mother, farm))
    for there in (f"/mot-cua/{dossier.code}/", f"/xu-ly/{dossier.code}/"):
        page = text(desk.get(there))
        assert "tổ chức, mã số" in page and "1100000001" in page, there
        assert f"Người nộp thay: {mother.name} (được tổ chức ủy quyền)" in page, there
    dossier = queries.get(delegate(mother, farm), dossier.code)
    told = sheets.case(dossier)
    assert told["name"] == farm.name and told["brought_by"] == mother.name
    assert told["filer"] == f"{mother.name} (được tổ chức ủy quyền)"


# ---------------------------------------------------------------- what the province keeps


def test_a_number_of_both_kinds_is_two_and_neither_is_taken_for_the_other(mother):
    words = {"source": "identity", "by": SYSTEM, "at": BEFORE}
    organization = remember_organization(code=mother.number, name="Hộ kinh doanh Hòa", **words)
    assert organization.pk != mother.pk and organization.is_organization and not mother.is_organization
    again = remember_organization(code=mother.number, name="Hộ kinh doanh Hòa Bình", **words)
    assert again.pk == organization.pk and again.name == "Hộ kinh doanh Hòa Bình"
    mother.refresh_from_db()
    assert mother.name == "Trần Thị Hòa"


@pytest.mark.parametrize(("code", "name"), [("", "X"), ("abc", "X"), ("1100000001", ""), ("1" * 21, "X")])
def test_an_organization_without_a_number_or_a_name_is_not_kept(db, code, name):
    with pytest.raises(Refused):
        remember_organization(code=code, name=name, source="identity", by=SYSTEM, at=BEFORE)
    assert not Person.objects.exists()
