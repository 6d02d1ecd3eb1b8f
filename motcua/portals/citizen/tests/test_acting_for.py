"""Filing for somebody by mandate or as a parent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.base import events
from motcua.base.errors import Refused
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.queries import holding
from motcua.domain.people import queries as people
from motcua.domain.privacy import commands as requests
from motcua.domain.privacy import queries as privacy
from motcua.domain.privacy.rules import Kind
from motcua.portals.citizen.tests.birth import address, begin, ready
from motcua.portals.citizen.tests.conftest import BIRTH, LICENCE, citizen, text

pytestmark = pytest.mark.usefixtures("library", "register")

#: what the register would have filled in
TYPED = {
    "mother_number": "072195000012",
    "mother_name": "Trần Thị Hòa",
    "mother_born_on_day": "20",
    "mother_born_on_month": "11",
    "mother_born_on_year": "1995",
    "mother_ethnicity": "Kinh",
    "mother_nationality": "Việt Nam",
    "mother_address_province": "80",
    "mother_address_commune": "27694",
    "mother_address_detail": "Số 12",
}


def represent(browser, principal, *, tie="mandate", procedures=(), until=""):
    """Let the provider have said for whom the person may act."""
    store = browser.session
    kept = {"person": principal.pk, "name": principal.name, "tie": tie, "procedures": list(procedures)}
    store["entrance"] = {**store["entrance"], "represents": [{**kept, "until": until}]}
    store.save()


def switch(browser, name):
    return browser.post("/vai-tro/", {"role": name})


def filed_for(browser, principal):
    represent(browser, principal)
    switch(browser, f"for:{principal.pk}")
    begin(browser)
    return Dossier.objects.get()


def test_the_page_of_roles_offers_everybody_one_may_act_for(lan, mother, stranger):
    represent(lan, stranger)
    assert "Đổi vai trò" in text(lan.get("/"))
    assert f"Theo ủy quyền: {stranger.name}" in text(lan.get("/vai-tro/"))
    switch(lan, f"for:{stranger.pk}")
    assert f"{mother.name}, thay mặt {stranger.name}" in text(lan.get("/"))
    switch(lan, "citizen")
    assert "thay mặt" not in text(lan.get("/"))


def test_nobody_acts_for_whom_the_provider_did_not_name(lan, stranger):
    switch(lan, f"for:{stranger.pk}")
    assert "thay mặt" not in text(lan.get("/"))


def test_the_last_day_ends_it_within_a_log_in(lan, stranger):
    today = timezone.localdate()
    represent(lan, stranger, until=today.isoformat())
    switch(lan, f"for:{stranger.pk}")
    assert "thay mặt" in text(lan.get("/"))
    represent(lan, stranger, until=(today - timedelta(days=1)).isoformat())
    assert lan.get("/ho-so/").status_code == 302  # logged in as nobody any more
    assert "/dang-nhap/" in lan.get("/ho-so/")["Location"]


def test_a_draft_for_somebody_names_both_and_tells_nothing_of_the_register(lan, mother, stranger):
    draft = filed_for(lan, stranger)
    assert (draft.applicant, draft.filer, draft.filer_tie) == (stranger, mother, "mandate")
    assert draft.register_at is None
    row = events.history(draft.subject)[0]
    assert row.by == f"person:{mother.pk}"
    assert row.by_name == f"{mother.name}, thay mặt {stranger.name}"


def test_both_see_it_the_agent_only_while_acting(lan, toan, stranger, mother):
    draft = filed_for(lan, stranger)
    there = address(draft)
    assert lan.get(there).status_code == toan.get(there).status_code == 200
    switch(lan, "citizen")
    assert lan.get(there).status_code == 404
    assert draft not in queries.mine(citizen(mother))
    assert draft in queries.mine(citizen(stranger))


def test_the_agent_sees_nothing_that_the_other_filed_alone(lan, toan, stranger):
    begin(toan)
    own = Dossier.objects.get()
    represent(lan, stranger)
    switch(lan, f"for:{stranger.pk}")
    assert lan.get(address(own)).status_code == 404
    assert not queries.mine(replace(citizen(stranger), proxy=citizen(stranger).person + 1))


def test_a_mandate_for_one_procedure_opens_no_other(lan, stranger, mother):
    represent(lan, stranger, procedures=[LICENCE])
    switch(lan, f"for:{stranger.pk}")
    assert begin(lan, BIRTH).status_code == 409
    assert not Dossier.objects.exists()
    begin(lan, LICENCE)
    draft = Dossier.objects.get()
    narrow = replace(
        citizen(stranger), proxy=mother.pk, proxy_tie="mandate", proxy_scope=(LICENCE,), name="Lan"
    )
    assert draft in queries.visible(narrow)
    assert draft not in queries.visible(replace(narrow, proxy_scope=(BIRTH,)))
    with pytest.raises(Refused, match="không gồm thủ tục này"):
        commands.start(
            key=draft.key,
            version=draft.version,
            applicant=stranger,
            agency=draft.agency,
            desk=draft.desk,
            channel=Channel.ONLINE,
            by=replace(narrow, proxy_scope=(BIRTH,)),
            at=timezone.now(),
        )


def test_no_paper_of_authority_is_asked_for_and_the_pages_say_who_filed(lan, toan, stranger, mother):
    draft = filed_for(lan, stranger)
    asked = [rule.key for rule in queries.needed_papers(draft)]
    assert "authorization" not in asked
    assert "Bạn đang nộp thay người khác" in text(lan.get(f"/thu-tuc/{BIRTH}/bat-dau/"))


def test_what_was_filed_for_somebody_says_who_did_it(lan, toan, stranger, mother):
    represent(lan, stranger, tie="parent")
    switch(lan, f"for:{stranger.pk}")
    draft = ready(lan, stranger)
    assert lan.post(address(draft, "mother"), TYPED).status_code == 302
    sent = lan.post(address(draft, "kiem-tra"), {"handing": "electronic", "declared": "on"})
    assert sent.status_code == 302
    draft.refresh_from_db()
    for browser in (lan, toan):
        page = text(browser.get(f"/ho-so/{draft.code}/"))
        assert f"Người nộp thay: {mother.name} (cha hoặc mẹ, theo CSDL dân cư)" in page
        assert f"{mother.name}, thay mặt {stranger.name}" in page


def test_an_agent_learns_nothing_of_the_other_beyond_what_was_filed(lan, toan, stranger, mother):
    begin(toan)
    agent = replace(citizen(stranger), proxy=mother.pk, proxy_tie="mandate")
    at = timezone.now()
    assert agent.oneself is None and citizen(stranger).oneself == stranger.pk
    assert privacy.holdings(citizen(stranger), at=at) and not privacy.holdings(agent, at=at)
    assert not holding.held(agent, at=at) and not people.held(agent, at=at)
    with pytest.raises(Refused):
        requests.ask(kind=Kind.CORRECT, text="Sửa tên", by=agent, at=at)
