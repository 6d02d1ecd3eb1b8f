"""For whom somebody may act travels from the national site to the province, with consent."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import mandates, sessions
from motcua.domain.accounts.models import Factor
from motcua.domain.people.models import Person
from motcua.portals.entrance import session

pytestmark = pytest.mark.django_db


def acting(both):
    request = RequestFactory().get("/")
    request.session = both.here.session
    return session.actor_of(request)


def strong(who):
    at = timezone.now()
    opened = sessions.log_in(number=who.number, password=who.password, address=who.number, by=SYSTEM, at=at)
    opened = sessions.confirm(session=opened, code=who.code(), by=queries.actor_of(opened), at=at)
    Factor.objects.update(last_step=0)  # the same half minute comes again below
    return opened


def enter(both, who):
    both.follow(both.here.get("/dang-nhap/"), who)


def test_a_parent_chooses_the_child_and_goes_on_for_it(both, holder, enrol):
    who = holder()
    born = timezone.localdate().year - 8
    enrol(f"0803{born % 100:02}000017", name="Trần Bảo An", born_on=str(born), mother=who.account.person)
    enter(both, who)
    assert acting(both).proxy is None
    child = Person.objects.get(name="Trần Bảo An")
    both.here.post("/vai-tro/", {"role": f"for:{child.pk}"})
    actor = acting(both)
    assert (actor.person, actor.proxy_tie, actor.proxy_scope) == (child.pk, "parent", ())
    assert actor.subject == f"person:{actor.proxy}" != f"person:{actor.person}"
    assert actor.name == "Trần Thị Hồng Nhung, thay mặt Trần Bảo An"


def test_a_grown_child_is_not_named(both, holder, enrol):
    who = holder()
    enrol("080390000018", name="Trần Bảo An", born_on="2000-01-01", mother=who.account.person)
    enter(both, who)
    assert not Person.objects.filter(name="Trần Bảo An").exists()


def test_a_mandate_reaches_the_province_and_its_end_does_too(both, holder):
    lan = holder()
    binh = holder("080085000017", name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male")
    giving, taking = strong(lan), strong(binh)
    mandate = mandates.offer(
        session=giving,
        number=binh.number,
        name="Nguyễn Văn Bình",
        procedures=[],
        months=1,
        by=queries.actor_of(giving),
        at=timezone.now(),
    )
    enter(both, binh)
    assert both.here.session[session.KEY]["represents"] == []
    by, at = queries.actor_of(taking), timezone.now()
    mandates.accept(mandate=mandate, session=taking, by=by, at=at)
    both.here.post("/dang-xuat/")
    Factor.objects.update(last_step=0)
    enter(both, binh)
    [kept] = both.here.session[session.KEY]["represents"]
    assert (kept["name"], kept["tie"]) == ("Trần Thị Hồng Nhung", "mandate")
    assert date.fromisoformat(kept["until"]) > timezone.localdate()
    assert lan.number not in str(kept)
    mandates.end(mandate=mandate, by=queries.actor_of(giving), at=timezone.now())
    both.here.post("/dang-xuat/")
    Factor.objects.update(last_step=0)
    enter(both, binh)
    assert both.here.session[session.KEY]["represents"] == []


def test_the_consent_page_names_whom_it_is_about(both, holder, enrol):
    who = holder()
    enrol("080320000017", name="Trần Bảo An", born_on="2020-01-01", mother=who.account.person)
    opened = strong(who)
    facts = queries.facts(opened.account, ("acting_for",), on=timezone.localdate())
    assert [one["name"] for one in facts["acting_for"]] == ["Trần Bảo An"]
    assert "acting_for" not in queries.facts(opened.account, ("name",), on=timezone.localdate())
