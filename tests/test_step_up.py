"""Asking for more than the log-in that is there, at the real provider."""

import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from motcua.domain.accounts.models import AuthorizationRequest, Factor, Session
from motcua.portals.entrance import session

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def pushed():
    return AuthorizationRequest.objects.latest("pk")


def actor(both):
    request = RequestFactory().get("/")
    request.session = both.here.session
    return session.actor_of(request)


def test_somebody_with_a_second_factor_comes_in_at_level_2(both, holder):
    response = both.follow(both.here.get("/dang-nhap/?next=/ho-so/"), holder())
    assert response["Location"] == "/ho-so/"
    assert actor(both).assurance == 2


def test_somebody_without_one_comes_in_at_level_1_and_is_told_when_it_is_not_enough(both, holder):
    who = holder(app=False)
    both.follow(both.here.get("/dang-nhap/"), who)
    assert actor(both).assurance == 1
    response = both.follow(both.here.get("/dang-nhap/?muc=2&next=/ho-so/"), who)
    assert response.status_code == 400 and "chưa đủ mức cho việc này" in words(response)
    assert actor(both).assurance == 1


def test_a_log_in_is_raised_where_one_stands_and_leads_back_there(both, holder):
    who = holder()
    both.follow(both.here.get("/dang-nhap/"), who)
    store = both.here.session
    store[session.KEY] = {**store[session.KEY], "level": 1}
    store.save()
    response = both.follow(both.here.get("/dang-nhap/?muc=2&next=/ho-so/nhap/x/%3Fhanding=desk"), who)
    assert response["Location"] == "/ho-so/nhap/x/?handing=desk"
    assert actor(both).assurance == 2


def test_a_proof_that_is_too_old_is_asked_for_again(both, holder):
    who = holder()
    both.follow(both.here.get("/dang-nhap/"), who)
    assert both.here.get("/dang-nhap/?moi=30&next=/ho-so/")["Location"] == "/ho-so/"
    old = timezone.now() - timedelta(minutes=40)
    Session.objects.update(authenticated_at=old)
    Factor.objects.update(last_step=0)  # the code that was used is of this half minute
    store = both.here.session
    store[session.KEY] = {**store[session.KEY], "proved": int(old.timestamp())}
    store.save()
    assert not actor(both).proved_within(timedelta(minutes=30), at=timezone.now())
    sent = both.here.get("/dang-nhap/?moi=30&next=/ho-so/")
    assert pushed().max_age == 1800
    assert both.there.get(sent["Location"]).next_request.url.path == "/dinh-danh/dang-nhap/"
    both.follow(both.here.get("/dang-nhap/?moi=30&next=/ho-so/"), who)
    assert actor(both).proved_within(timedelta(minutes=1), at=timezone.now())


@pytest.mark.parametrize("minutes", ["-1", "x", "٣", "99999", ""])
def test_nonsense_for_the_age_of_a_proof_asks_for_nothing(both, holder, minutes):
    both.here.get("/dang-nhap/", {"moi": minutes})
    assert pushed().max_age is None


def test_pages_for_officers_ask_for_two_factors(both, holder):
    sent = both.here.get("/dang-nhap/?next=/mot-cua/")
    assert pushed().levels == [2]
    response = both.follow(sent, holder(app=False))
    assert response.status_code == 400 and "chưa đủ mức cho việc này" in words(response)
    assert actor(both) is None


def test_an_unknown_page_asks_for_nothing_more(both):
    both.here.get("/dang-nhap/?next=/khong-co/")
    assert pushed().levels == [2, 1]
