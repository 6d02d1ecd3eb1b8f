import io
from dataclasses import replace
from datetime import UTC, datetime

from django.core.management import call_command

from motcua.base.actor import SYSTEM, Role
from motcua.connectors.ledger import Head
from motcua.domain.witness import commands
from motcua.domain.witness.models import Alarm, KeptHead

PAGE = "/quan-tri/so-khai-thac/"
AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
HEAD = Head(size=8, root="ab" * 32, at=1_795_400_000, token="a.b.c", key={"kid": "k"})


def see(head):
    return commands.keep(head=head, path=[], by=SYSTEM, at=AT)


def test_the_kept_heads_are_shown_and_written_out(admin, db):
    assert "Chưa giữ được đỉnh cây nào" in admin.get(PAGE).content.decode()
    see(HEAD)
    html = admin.get(PAGE).content.decode()
    assert "abababababababab…" in html and "Đóng cảnh báo" not in html
    call_command("kept_heads", stdout=(said := io.StringIO()))
    assert said.getvalue() == "a.b.c\n"


def test_an_alarm_is_shown_and_closed(auditor, db):
    see(HEAD)
    alarm = see(replace(HEAD, root="cd" * 32))
    assert "Sổ đã bị viết lại" in auditor.get(PAGE).content.decode()
    assert auditor.post(PAGE, {"alarm": alarm.pk, "note": " "}).status_code == 422
    assert auditor.post(PAGE, {"alarm": 999, "note": "x"}).status_code == 404
    sent = {"alarm": alarm.pk, "note": "Khôi phục từ bản sao lưu.", "anew": "on"}
    assert auditor.post(PAGE, sent)["Location"] == PAGE
    assert auditor.post(PAGE, sent).status_code == 409
    html = auditor.get(PAGE).content.decode()
    assert "Khôi phục từ bản sao lưu." in html and "Đóng cảnh báo" not in html
    assert Alarm.objects.get().anew and KeptHead.objects.count() == 1


def test_others_do_not_come_in(sit, province, client, db):
    assert sit(province, Role.CLERK).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
