from datetime import UTC, datetime

import pytest

from motcua.base import jose
from motcua.base.actor import SYSTEM, Role
from motcua.connectors.identity import Registration
from motcua.connectors.identity.client import provider
from motcua.connectors.identity.twin import Twin
from motcua.domain.witness import commands

PAGE, FRONT = "/quan-tri/dang-ky/", "/quan-tri/"
AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SOON = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
BOX = "Đăng ký của tỉnh ở hệ thống định danh cần được xem lại"


def see(**changes):
    known = {"name": "Tỉnh Tây Ninh", "profile": "fapi", "redirect_uris": ("https://t.test/",), "key": "k1"}
    seen = Registration(**known | changes)
    commands.note_registration(seen=seen, redirect_uri="https://t.test/", by=SYSTEM, at=AT)


def test_nothing_asked_yet_is_said(admin, db):
    html = admin.get(PAGE).content.decode()
    assert "Chưa hỏi được lần nào" in html and BOX not in html
    assert BOX not in admin.get(FRONT).content.decode()


def test_a_good_registration_is_shown_without_a_warning(auditor, db):
    see()
    html = auditor.get(PAGE).content.decode()
    assert "Tỉnh Tây Ninh" in html and "k1" in html and "không ghi ngày" in html and BOX not in html


def test_a_key_that_ends_soon_is_said_there_and_on_the_front_page(admin, db):
    see(key_ends=int(SOON.timestamp()))
    html = admin.get(PAGE).content.decode()
    assert BOX in html and "Khóa của tỉnh hết hạn trong 30 ngày tới" in html and "01/12/2026" in html
    front = admin.get(FRONT).content.decode()
    assert BOX in front and f'href="{PAGE}"' in front


def test_a_province_that_was_refused_reads_what_to_do(admin, db):
    commands.note_registration(seen=None, redirect_uri="https://t.test/", by=SYSTEM, at=AT)
    html = admin.get(PAGE).content.decode()
    assert "không nhận tỉnh" in html and "client_keys" in html and "Khóa đang dùng" not in html


@pytest.mark.parametrize("dead", [False, True])
def test_it_can_be_asked_anew_and_a_provider_that_is_away_breaks_nothing(admin, settings, dead):
    twin = Twin(client_id=settings.IDENTITY_CLIENT_ID)
    settings.IDENTITY_ISSUER, settings.IDENTITY_TRANSPORT = twin.issuer, twin.transport()
    key = jose.public(jose.derived_key(settings.IDENTITY_CLIENT_KEY))
    twin.registered = {"jwks": {"keys": [key]}, "redirect_uris": [provider().redirect_uri]}
    see(key_ends=int(SOON.timestamp()))
    twin.be(dead=dead)
    assert admin.post(PAGE)["Location"] == PAGE
    assert (BOX in admin.get(PAGE).content.decode()) == dead


def test_others_do_not_come_in(sit, province, client, db):
    clerk = sit(province, Role.CLERK)
    assert clerk.get(PAGE).status_code == 403 and clerk.post(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
