import json

import pytest
from django.utils import translation

from motcua.base.actor import Role
from motcua.domain.privacy import law
from motcua.portals.mydata.tests.conftest import at_desk, words

PAGE = "/du-lieu-ca-nhan/"


@pytest.mark.parametrize("site", ["national", "province"])
def test_everything_a_site_does_is_said_in_both_languages_with_its_law(client, db, settings, site):
    settings.SITE = site
    vietnamese = words(client.get(PAGE))
    for one in law.doing(site).activities:
        assert one.title[0] in vietnamese and one.law in vietnamese
        for text in (one.title, one.purpose, one.data, one.recipients, one.retention):
            with translation.override("en"):
                assert str(text) == text[1] and text[1].isascii()
    assert "chưa đối chiếu" in vietnamese


def test_the_assessment_answers_nine_questions(client, db):
    text = words(client.get(f"{PAGE}danh-gia-tac-dong/"))
    assert "9. Tác động, rủi ro" in text and "10." not in text and "chưa đối chiếu" in text


def test_machines_get_both_languages(client, db, settings):
    settings.SITE = "national"
    found = json.loads(client.get(f"{PAGE}hoat-dong.json").content)
    assert len(found["activities"]) == 4 and len(found["activities"][0]["title"]) == 2


def test_the_page_is_found_from_everywhere(national, holder):
    assert f'href="{PAGE}"' in national.browser.get("/dinh-danh/dang-nhap/").content.decode()
    desk = at_desk(national, holder, Role.AUDITOR)
    assert "Bảo vệ dữ liệu" in words(desk.get("/ban-dinh-danh/"))
