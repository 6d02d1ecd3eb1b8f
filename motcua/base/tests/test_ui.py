"""The kit: tags say things as people do, any form comes out whole, and no template breaks the strict CSP."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from motcua.base.actor import Actor, Role
from motcua.base.templatetags import ui
from motcua.base.web import NOBODY
from motcua.base.widgets import DateField

ROOT = Path(settings.ROOT)
NOW = datetime(2022, 8, 26, 3, 0, tzinfo=UTC)  # 10:00 on a Friday in Vietnam
TEMPLATES = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "motcua").rglob("*.html"))


class ChildForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Họ và tên", help_text="Viết như trên giấy chứng sinh")
    other = forms.CharField(label="Tên gọi khác", required=False)
    born = DateField(label="Ngày sinh", partial=True)
    sex = forms.ChoiceField(label="Giới tính", choices=[("m", "Nam"), ("f", "Nữ")], widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(
        label="Nhận", choices=[("e", "Điện tử")], widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(label="Xã", choices=[("1", "Phường Tân Ninh")])
    note = forms.CharField(label="Lời nhắn", widget=forms.Textarea)
    paper = forms.FileField(label="Giấy chứng sinh")
    sure = forms.BooleanField(label="Tôi cam đoan")


def ask(actor=NOBODY):
    request = RequestFactory().get("/")
    request.actor = actor
    return request


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [(1250000, "1.250.000\u00a0đ", "1,250,000\u00a0VND"), (0, "0\u00a0đ", "0\u00a0VND")],
)
def test_money_is_written_as_people_write_it(value, vietnamese, english):
    assert ui.money(value) == vietnamese
    with translation.override("en"):
        assert ui.money(value) == english


def test_a_moment_is_said_with_its_weekday_in_local_time():
    assert ui.vn_datetime(datetime(2022, 8, 26, 9, 30, tzinfo=UTC)) == "16:30 thứ Sáu 26/08/2022"
    assert ui.vn_datetime(None) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1948", "1948"),
        ("1948-05", "05/1948"),
        ("1948-05-17", "17/05/1948"),
        (NOW.date(), "26/08/2022"),
        (datetime(2022, 8, 25, 20, 0, tzinfo=UTC), "26/08/2022"),
        (None, ""),
    ],
)
def test_a_date_keeps_what_is_known(value, said):
    assert ui.vn_date(value) == said


@pytest.mark.parametrize(
    ("due", "left", "mark", "said"),
    [
        (timedelta(days=-2), -960, "late", "quá hạn 2 ngày"),
        (timedelta(minutes=-1), None, "late", "quá hạn"),
        (timedelta(hours=4), 240, "soon", "hôm nay 14:00"),
        (timedelta(days=1), 300, "soon", "còn 5 giờ"),
        (timedelta(days=4), 960, "ok", "còn 2 ngày"),
        (timedelta(days=4), None, "ok", "10:00 30/08"),
        (None, None, "paused", "tạm dừng"),
    ],
)
def test_a_deadline_is_shape_words_and_colour(due, left, mark, said):
    assert ui.deadline(due and NOW + due, NOW, left) == {"mark": mark, "text": said}


def test_each_deadline_has_its_own_shape():
    shapes = {
        render_to_string("components/deadline.html", {"mark": m}) for m in ("late", "soon", "ok", "paused")
    }
    assert {re.search(r">(.)</i>", shape)[1] for shape in shapes} == set("▲◆●❚")


@pytest.mark.parametrize(
    ("size", "said"), [(300, "1\u00a0kB"), (412_000, "402\u00a0kB"), (3_565_158, "3,4\u00a0MB")]
)
def test_a_size_is_said_in_round_numbers(size, said):
    assert ui.file_size(size) == said


def test_every_kind_of_field_has_label_hint_and_error():
    html = str(ChildForm({}))
    for field in ChildForm({}):
        if field.use_fieldset:
            assert f'<fieldset class="govuk-fieldset" id="{field.auto_id}"' in html
            assert f'id="{field.auto_id}_0"' in html
        else:
            assert f'for="{field.id_for_label}"' in html
        if field.field.required:
            assert f'id="{field.auto_id}_error"' in html
    assert html.count("govuk-error-message") == 8
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert "(không bắt buộc)" in html
    assert 'class="govuk-input' in html
    assert 'class="govuk-select' in html
    assert 'class="govuk-textarea' in html
    assert 'class="govuk-file-upload' in html
    assert 'class="govuk-checkboxes__input' in html
    assert html.count("govuk-date-input__item") == 3


def test_a_label_can_be_the_heading_of_the_page():
    html = render_to_string("components/field.html", {"field": ChildForm()["sex"], "heading": True})
    assert '<h1 class="govuk-fieldset__heading">Giới tính</h1>' in html


def test_what_a_person_typed_is_escaped():
    form = ChildForm({"name": '"><script>alert(1)</script>', "note": "</textarea><b>"})
    assert "<script>" not in str(form)
    assert "</textarea><b>" not in str(form)


def test_the_error_summary_leads_to_each_field():
    html = render_to_string("components/error_summary.html", {"form": ChildForm({})})
    targets = re.findall(r'href="#(\w+)"', html)
    assert targets[:4] == ["id_name", "id_born_0", "id_sex_0", "id_ways_0"]
    page = str(ChildForm({}))
    assert all(f'id="{target}"' in page for target in targets)
    assert render_to_string("components/error_summary.html", {"form": ChildForm()}).strip() == ""


def test_what_is_wrong_with_a_whole_form_is_said_once():
    form = ChildForm({})
    form.add_error(None, "Hồ sơ này đã có người khác nhận.")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert (html + str(form)).count("Hồ sơ này đã có người khác nhận.") == 1


TABLE = """{% load ui %}{% rows title "slim" %}<thead><tr><th scope="col" class="num">Hạn "gốc"</th>
<th scope="col"><b>Mã</b></th>
<th scope="col"><span class="govuk-visually-hidden">Việc</span></th></tr></thead>
<tbody>{% for one in ones %}<tr data-row><th scope="row">{{ one }}</th><td class="code">1</td><td></td></tr>
{% endfor %}</tbody>{% endrows %}"""


def test_every_value_of_a_table_carries_the_name_of_its_column():
    ones = ["<td>", "hai"]
    html = Template(TABLE).render(Context({"title": 'Danh sách "mới"', "ones": ones}))
    assert html.startswith(
        '<div class="scroll" tabindex="0" role="region" aria-label="Danh sách &quot;mới&quot;">'
    )
    assert '<table class="rows slim">' in html and html.endswith("</table></div>")
    assert '<th scope="row" data-head="Hạn &quot;gốc&quot;">&lt;td&gt;</th>' in html
    assert html.count('data-head="Hạn') == html.count('<td data-head="Mã" class="code">') == 2
    assert html.count("<td></td>") == 2


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_table_of_a_desk_goes_without_its_tag(name):
    assert '<table class="rows' not in (ROOT / name).read_text()


def test_a_source_stands_beside_a_prefilled_field():
    form = ChildForm()
    form.fields["name"].source = "register"
    assert "CSDL dân cư" in str(form["name"].as_field_group())


@pytest.mark.parametrize(
    ("boxes", "iso"),
    [
        (["17", "5", "1948"], "1948-05-17"),
        (["", "05", "1948"], "1948-05"),
        (["", "", "1948"], "1948"),
        (["29", "2", "2024"], "2024-02-29"),
    ],
)
def test_three_boxes_make_one_date(boxes, iso):
    assert DateField(partial=True).clean(boxes) == iso
    assert (
        DateField(partial=True).widget.decompress(iso)
        == [b.zfill(2) if b else None for b in boxes[:2]] + boxes[2:]
    )


@pytest.mark.parametrize(
    "boxes",
    [
        ["31", "2", "2024"],
        ["17", "", "1948"],
        ["17", "5", ""],
        ["a", "5", "1948"],
        ["1", "1", "48"],
        ["²", "1", "1948"],
    ],
)
def test_a_day_that_no_calendar_has_is_refused(boxes):
    with pytest.raises(forms.ValidationError):
        DateField(partial=True).clean(boxes)


def test_a_whole_date_may_be_demanded():
    with pytest.raises(forms.ValidationError, match="đủ ngày, tháng, năm"):
        DateField().clean(["", "", "1948"])


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "refused.html", "429.html"])
def test_a_page_of_refusal_stands_by_itself(name):
    html = render_to_string(name, {"reason": "Hồ sơ đã nộp.", "minutes": 10}, request=ask())
    assert html.count("<h1") == 1
    assert "1022" in html


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_page_of_a_crash_needs_neither_request_nor_database(name):
    assert "<h1" in render_to_string(name)


def test_the_desk_shows_only_the_desks_of_a_role():
    clerk = ask(Actor(name="Lê Hoàng Yến", officer=1, roles=frozenset({Role.CLERK})))
    html = render_to_string("desk.html", request=clerk)
    assert "/mot-cua/" in html
    assert "/xu-ly/" not in html
    assert "Lê Hoàng Yến" in html


def test_a_stranger_is_offered_to_log_in():
    html = render_to_string("base.html", request=ask())
    assert settings.LOGIN_URL in html
    assert "Đăng xuất" not in html


def test_a_page_speaks_vietnamese_until_english_is_asked_for(client: Client):
    first = client.get("/khong-co/", headers={"accept-language": "en-US,en"})
    assert b'<html lang="vi"' in first.content
    answer = client.post("/ngon-ngu/", {"language": "en", "next": "/khong-co/"})
    assert (answer.status_code, answer["Location"]) == (302, "/khong-co/")
    assert b'<html lang="en"' in client.get("/khong-co/").content


def test_the_language_switch_leads_to_no_other_site(client: Client):
    answer = client.post("/ngon-ngu/", {"language": "en", "next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_keeps_to_the_strict_policy(name):
    text = (ROOT / name).read_text()
    assert not re.search(r'\sstyle="|<style', text), "no inline style"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "no inline script"
    assert not re.search(r"""\son[a-z]+=["']|\bhx-on\b|javascript:""", text), "no inline handler"
    assert not re.search(r"""(?:src|href)=["']https?:""", text), "nothing from another place"


def test_the_summary_names_what_is_missing():
    form = ChildForm({})
    html = render_to_string("components/error_summary.html", {"form": form})
    assert "Bạn chưa trả lời: Họ và tên" in html and "Ngày sinh: Nhập ngày, tháng, năm" in html
    assert "Bạn chưa trả lời mục này." in str(form["name"].errors)
