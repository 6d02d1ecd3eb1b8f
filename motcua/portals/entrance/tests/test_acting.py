"""For whom one acts, as the provider tells it at the log-in, until its word that it is over."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base.models import Event
from motcua.domain.people.models import Person
from motcua.portals.entrance.tests.conftest import acting, enter, words

FARM = {"organization_code": "1100000001", "name": "Hợp tác xã Thử", "tie": "delegate"}
CHILD = {"citizen_number": "080315000017", "name": "Trần Bảo An", "birthdate": "2015-06-01", "tie": "parent"}


def told(twin, *given):
    twin.who.acting_for = list(given)


def choose(browser, name):
    """Act for the person or organization of this name."""
    browser.post("/vai-tro/", {"role": f"for:{Person.objects.get(name=name).pk}"})
    return acting(browser)


def over(twin):
    assert Browser().post("/dang-xuat/tu-xa/", {"logout_token": twin.word_of_leaving()}).status_code == 200


def test_an_organization_is_offered_with_number_ground_last_day_and_scope(browser, twin):
    told(twin, {**FARM, "procedures": ["9.000001"], "until": "2099-02-23"}, {**CHILD, "until": "2033-05-31"})
    enter(browser, twin)
    page = words(browser.get("/vai-tro/"))
    assert "Thay tổ chức: Hợp tác xã Thử" in page and "Thay con: Trần Bảo An" in page
    for said in ("Mã số 1100000001", "Được tổ chức ủy quyền", "23/02/2099", "chỉ 1 thủ tục", "31/05/2033"):
        assert said in page


def test_who_acts_for_an_organization_is_named_with_it(browser, twin):
    told(twin, {**FARM, "tie": "head"})
    enter(browser, twin)
    actor = choose(browser, FARM["name"])
    farm = Person.objects.get(name=FARM["name"])
    assert (actor.person, actor.proxy_tie, farm.is_organization) == (farm.pk, "head", True)
    assert actor.name == f"{twin.who.name}, thay mặt Hợp tác xã Thử"
    assert actor.subject == f"person:{actor.proxy}" and actor.oneself is None
    assert FARM["organization_code"] not in str([event.data for event in Event.objects.all()])


@pytest.mark.parametrize("whom", [FARM, {**CHILD, "tie": "mandate"}])
def test_a_mandate_that_is_revoked_in_the_middle_ends_the_session_and_is_not_offered_again(
    browser, twin, whom
):
    told(twin, whom)
    enter(browser, twin)
    assert choose(browser, whom["name"]).proxy
    over(twin)
    assert acting(browser) is None
    assert "/dang-nhap/" in browser.get("/ho-so/")["Location"]
    told(twin)
    enter(browser, twin)
    actor = choose(browser, whom["name"])
    assert actor.proxy is None and whom["name"] not in words(browser.get("/vai-tro/"))


def test_the_last_day_ends_it_without_anybodys_word(browser, twin):
    today = timezone.localdate()
    told(twin, {**FARM, "until": today.isoformat()}, {**CHILD, "until": str(today - timedelta(days=1))})
    enter(browser, twin)
    assert choose(browser, FARM["name"]).proxy_until == today
    assert acting(browser).lapsed(today) is False and acting(browser).lapsed(today + timedelta(days=1))
    assert choose(browser, CHILD["name"]).proxy_tie == "delegate", "what is over is not taken"
