from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.base import jose
from motcua.base.actor import SYSTEM, Role
from motcua.domain.population.commands import subscribing, sweeping
from motcua.domain.population.rules.sweeping import Sweep, Tally
from motcua.portals.desk.tests.conftest import at_desk, words

LIST = "/ban-dinh-danh/canh-bao/"


@pytest.fixture
def alert(db):
    at = timezone.now()
    subscriber = subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh Thử", keys=[jose.new_key()], grants=[], by=SYSTEM, at=at
    )

    def make(sweep, minutes_ago=0, **words):
        known = {"people": 90, "namesakes": 0, "kin": 0, "for_one": 0, "denied": 0, "agency": "H80.12"}
        tally = Tally(**{**known, "subscriber": subscriber.pk, "officer": "officer:7", **words})
        then = at - timedelta(minutes=minutes_ago)
        return sweeping.alert(tally=tally, sweep=sweep, count=90, by=SYSTEM, at=then)

    return make


def test_an_auditor_reads_alerts_newest_first(alert, national, holder):
    alert(Sweep.PEOPLE, minutes_ago=9)
    alert(Sweep.KIN, officer="officer:8", agency="")
    text = words(at_desk(national, holder, Role.AUDITOR).get(LIST))
    kin, people = (text.index(part) for part in ("Có thể là người thân", "Tra cứu quá nhiều người"))
    assert kin < people and "officer:8" in text and "Tỉnh Thử" in text


def test_the_first_page_says_what_waits_for_whoever_audits_and_nobody_else(alert, national, holder):
    alert(Sweep.PEOPLE, minutes_ago=60)
    alert(Sweep.KIN, officer="officer:8", minutes_ago=25 * 60)
    text = words(at_desk(national, holder, Role.AUDITOR).get("/ban-dinh-danh/"))
    assert "1 cảnh báo trong 24 giờ qua" in text and "chờ trả lời" not in text
    other = at_desk(national, holder, Role.ADMINISTRATOR, number="080190000901")
    assert "24 giờ qua" not in words(other.get("/ban-dinh-danh/"))


def test_an_empty_list_says_so(national, holder):
    browser = at_desk(national, holder, Role.AUDITOR)
    assert "Chưa có cảnh báo nào." in words(browser.get(LIST))
    assert "Cảnh báo tra cứu" in words(browser.get("/ban-dinh-danh/"))


def test_others_are_kept_out(alert, national, holder):
    assert at_desk(national, holder, Role.ADMINISTRATOR).get(LIST).status_code == 403
