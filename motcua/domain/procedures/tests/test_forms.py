"""Pages as forms: what people type, buttons instead of JavaScript, and the same rules as everywhere."""

import unicodedata
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from motcua.domain.procedures import package, rules
from motcua.domain.procedures.forms import page_answers, page_files, page_form
from motcua.domain.procedures.forms.fields import FIELDS, OLD_FONT
from motcua.domain.procedures.rules.kinds import KINDS
from motcua.domain.procedures.tests.library import ANSWERS, enveloped, spec_of

TODAY = date(2026, 11, 23)
HOME = {"home_province": "80", "home_commune": "27694", "home_detail": "Số 1"}
WHO = {"number": "080190000123", "name": "Trần Thị Ánh", **HOME}


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    return spec_of(tmp_path_factory.mktemp("library") / "cats")


@pytest.fixture(scope="module")
def library():
    return {
        folder.name.partition("-")[2]: rules.definition(package.read(folder)) for folder in package.folders()
    }


def sent(**boxes) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({name.replace("__", "-"): value for name, value in boxes.items()})
    return data


def page(spec, key, *, answers=None, on=TODAY, language="vi", **boxes):
    known = enveloped(ANSWERS if answers is None else answers)
    return page_form(spec, key, answers=known, data=sent(**boxes), language=language, on=on)


def read(spec, key, **boxes):
    form = page(spec, key, **boxes)
    assert form.is_valid(), form.errors
    return page_answers(form)


def errors(form) -> dict[str, list[str]]:
    assert not form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


def test_every_kind_has_a_field():
    assert set(FIELDS) | {"repeat"} == set(KINDS)


# --- what is typed ---


def test_digits_may_be_grouped_as_people_write_them(spec):
    answers = read(spec, "who", **{**WHO, "number": " 080 190.000-123 "})
    assert answers["number"] == "080190000123"


def test_decomposed_letters_are_composed(spec):
    answers = read(spec, "who", **{**WHO, "name": unicodedata.normalize("NFD", "Trần  Thị Ánh ")})
    assert answers["name"] == "Trần Thị Ánh"
    assert unicodedata.is_normalized("NFC", answers["name"])


@pytest.mark.parametrize("typed", ["TrÇn ThÞ ¸nh", "Traàn Thò Aùnh", "Tráº§n Thá»‹ Ã\x81nh"])
def test_old_fonts_are_repaired_when_that_is_certain(spec, typed):
    assert read(spec, "who", **{**WHO, "name": typed})["name"].lower() == "trần thị ánh"


def test_what_cannot_be_repaired_is_asked_for_again(spec):
    assert errors(page(spec, "who", **{**WHO, "name": "HÃ Ná»™i"})) == {"name": [str(OLD_FONT)]}
    assert "home" in errors(page(spec, "who", **{**WHO, "home_detail": "Sè\ufffd 1"}))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(091) 234-5678", "0912345678"),
    ],
)
def test_a_telephone_number_is_read_in_any_grouping(library, typed, kept):
    spec = library["birth-registration"]
    form = page(spec, "applicant", answers={}, applicant_phone=typed)
    form.is_valid()
    assert page_answers(form)["applicant_phone"] == kept


@pytest.mark.parametrize(("typed", "kept"), [("40,5", 40.5), ("40.5", 40.5), ("1.234,5", 1234.5), ("40", 40)])
def test_a_number_takes_either_decimal_mark(library, typed, kept):
    form = page(library["permanent-residence"], "rented", answers={"housing": "rent_borrow"}, area=typed)
    assert form.is_valid(), form.errors
    assert page_answers(form)["area"] == kept


@pytest.mark.parametrize("typed", ["bốn mươi", "4-0", "1.23.4", "--", "4e3"])
def test_a_number_that_is_none_is_refused(library, typed):
    form = page(library["permanent-residence"], "rented", answers={"housing": "rent_borrow"}, area=typed)
    assert errors(form) == {"area": ["Nhập bằng chữ số, ví dụ 12."]}


@pytest.mark.parametrize(
    ("day", "month", "year", "kept"),
    [("5", "11", "2024", "2024-11-05"), ("", "11", "2024", "2024-11"), ("", "", "2024", "2024")],
)
def test_a_partial_date_keeps_what_is_known(spec, day, month, year, kept):
    boxes = {"born_on_day": day, "born_on_month": month, "born_on_year": year}
    assert read(spec, "cat", kind="house", tails="1", **boxes)["born_on"] == kept


def test_a_date_that_the_calendar_lacks_is_refused(spec):
    boxes = {"born_on_day": "31", "born_on_month": "2", "born_on_year": "2024"}
    assert "born_on" in errors(page(spec, "cat", kind="house", tails="1", **boxes))


def test_a_whole_date_needs_all_three_boxes(library):
    spec = library["birth-registration"]
    boxes = {"child_born_on_year": "2026", "child_name": "Nguyễn An", "child_gender": "male"}
    boxes |= {"born_at": "home", "birth_address_province": "80", "birth_address_commune": "27694"}
    assert list(errors(page(spec, "child", answers={}, **boxes))) == ["child_born_on"]


def test_yes_and_no_are_truths(library):
    spec = library["birth-registration"]
    origin = {"child_ethnicity": "Kinh", "child_nationality": "Việt Nam", "child_home_town": "Long An"}
    assert read(spec, "origin", answers={}, father_declared="no", **origin)["father_declared"] is False
    assert list(errors(page(spec, "origin", answers={}, **origin))) == ["father_declared"]


# --- rules ---


def test_an_empty_page_asks_for_each_answer_in_the_packages_words(spec):
    assert errors(page(spec, "who")) == {
        "number": ["Nhập số định danh."],
        "name": ["Nhập họ và tên."],
        "home": ["Nhập nơi ở."],
    }
    form = page(spec, "who")
    codes = {error.code for found in form.errors.as_data().values() for error in found}
    assert codes == {"required"}


def test_a_page_is_held_to_the_named_rules(library):
    spec = library["birth-registration"]
    answers = {"child_born_on": "2026-11-05"}
    boxes = {"mother_number": "080192000123", "mother_born_on_year": "1993", "mother_name": "Trần Thị Ánh"}
    form = page(spec, "mother", answers=answers, **boxes)
    assert errors(form)["mother_number"] == [
        "Số định danh này là của người sinh năm 1992, nhưng ngày sinh đã khai là 1993. Kiểm tra lại cả hai."
    ]


def test_without_a_day_the_dated_rules_wait(spec):
    boxes = {"kind": "house", "tails": "1", "born_on_year": "2030"}
    assert "born_on" in errors(page(spec, "cat", **boxes))
    assert page(spec, "cat", on=None, **boxes).is_valid()


def test_a_page_asks_only_what_earlier_answers_call_for(spec):
    tame = page_form(spec, "more", answers=enveloped(ANSWERS))
    stray = page_form(spec, "more", answers=enveloped({**ANSWERS, "kind": "stray", "vaccinated": True}))
    assert list(tame.fields) == ["kittens"]
    assert list(stray.fields) == ["kittens", "vet"]


# --- addresses without JavaScript ---


def test_the_communes_of_the_home_province_come_first(spec):
    page_text = str(page_form(spec, "who", answers={}))
    assert page_text.index("Tỉnh Tây Ninh") < page_text.index("Tỉnh An Giang")
    assert '<option value="27694">Phường Long An</option>' in page_text
    assert "Phường Ba Đình" not in page_text


def test_a_button_fetches_the_communes_of_another_province_and_keeps_what_was_typed(spec):
    form = page(spec, "who", **{**WHO, "home_province": "01", "home_choose": "1", "name": ""})
    assert not form.is_valid()
    assert form.reshaped and not form.errors, "nothing is judged yet"
    text = str(form)
    assert '<option value="00004">Phường Ba Đình</option>' in text
    assert 'value="Số 1"' in text and 'value="080190000123"' in text


def test_a_commune_of_another_province_is_refused_and_the_right_ones_are_shown(spec):
    form = page(spec, "who", **{**WHO, "home_province": "01"})
    assert errors(form) == {"home": ["Chọn xã, phường, đặc khu thuộc tỉnh, thành phố đã chọn."]}
    assert '<option value="00004">Phường Ba Đình</option>' in str(form)


def test_an_address_is_kept_with_the_names_of_today(spec):
    assert read(spec, "who", **WHO)["home"] == {
        "province": "80",
        "province_name": "Tỉnh Tây Ninh",
        "commune": "27694",
        "commune_name": "Phường Long An",
        "detail": "Số 1",
    }


# --- rows without JavaScript ---

CELL = "kittens__0__kitten_born_on_"
KITTEN = {"kittens__0__name": "Mun", f"{CELL}day": "2", f"{CELL}month": "1", f"{CELL}year": "2026"}
KITTEN |= {"kittens__rows": "0"}


def test_rows_are_read(spec):
    assert read(spec, "more", **KITTEN) == {"kittens": [{"name": "Mun", "kitten_born_on": "2026-01-02"}]}
    assert read(spec, "more", kittens__rows="0,1", kittens__1__name="") == {"kittens": None}


def test_a_button_adds_a_row_and_keeps_what_was_typed(spec):
    form = page(spec, "more", **KITTEN, kittens__add="1")
    assert not form.is_valid() and form.reshaped and not form.errors
    text = str(form)
    assert 'name="kittens-1-name"' in text and 'value="Mun"' in text
    assert 'name="kittens-rows" value="0,1"' in text


def test_no_more_rows_are_added_than_allowed(spec):
    form = page(spec, "more", kittens__rows="0,1,2", kittens__add="1")
    text = str(form)
    assert "kittens-3-name" not in text and "Thêm dòng" not in text
    flood = page(spec, "more", kittens__rows=",".join(str(number) for number in range(5000)))
    assert str(flood).count('type="text" name="kittens-') == 3 * 4


def test_a_button_takes_a_row_away(spec):
    rows = {**KITTEN, "kittens__1__name": "Vàng", "kittens__rows": "0,1", "kittens__remove": "0"}
    text = str(page(spec, "more", **rows))
    assert "Vàng" in text and "Mun" not in text
    assert 'name="kittens-remove" value="1"' in text


def test_a_column_may_have_any_name(library):
    rows = enveloped({"members": [{"name": "A", "number": "080190000123"}]})
    text = str(page_form(library["permanent-residence"], "members", answers=rows))
    assert 'name="members-remove" value="0"' in text


def test_a_mistake_in_a_row_is_named_by_row_and_column(spec):
    rows = {**KITTEN, "kittens__1__name": "Vàng", "kittens__rows": "0,1"}
    form = page(spec, "more", **rows)
    says = "Nhập ngày sinh mèo con."
    assert errors(form) == {"kittens": [f"Dòng 2, Ngày sinh mèo con: {says}"]}
    assert str(form).count(says) == 2, "at the top of the table and beside the box"


def test_all_the_mistakes_of_a_table_are_told_at_once(library):
    boxes = {"members__rows": "0", "members__0__number": "12", "members__0__name": "A"}
    form = page(library["permanent-residence"], "members", answers={}, **boxes)
    told = errors(form)["members"]
    assert [text.partition(",")[2].partition(":")[0].strip() for text in told] == [
        "Ngày sinh",
        "Giới tính",
        "Quan hệ với chủ hộ",
        "Số định danh",
    ]


def test_a_rule_about_a_cell_is_shown_beside_it(spec):
    form = page(spec, "more", **{**KITTEN, "kittens__0__kitten_born_on_year": "2020"})
    says = "Ngày này không được trước ngày 2024 đã khai."
    assert errors(form) == {"kittens": [f"Dòng 1, Ngày sinh mèo con: {says}"]}
    assert f"</span> {says}" in str(form)


def test_saved_rows_come_back(spec):
    answers = {**ANSWERS, "kittens": [{"name": "Mun", "kitten_born_on": "2026-01-02"}]}
    text = str(page_form(spec, "more", answers=enveloped(answers)))
    assert 'value="Mun"' in text and 'value="2026"' in text


def test_the_enter_key_never_removes_a_row(spec):
    text = str(page_form(spec, "more", answers=enveloped({**ANSWERS, "kittens": [{"name": "Mun"}]})))
    assert text.index("<button") == text.index('<button class="govuk-visually-hidden"')


# --- files ---


def test_a_file_comes_with_its_paper(library):
    spec = library["driving-licence-reissue"]
    files = MultiValueDict({"portrait": [SimpleUploadedFile("ảnh.jpg", b"x" * 10, "image/jpeg")]})
    form = page_form(spec, "photo", answers={}, data=sent(), files=files, on=TODAY)
    assert form.is_valid(), form.errors
    assert page_answers(form) == {"portrait": {"name": "ảnh.jpg", "size": 10}}
    assert [(paper, upload.size) for paper, upload in page_files(form)] == [("portrait", 10)]


def test_a_file_that_is_there_need_not_come_again(library):
    spec = library["driving-licence-reissue"]
    known = enveloped({"portrait": {"name": "anh.jpg", "size": 10}})
    form = page_form(spec, "photo", answers=known, data=sent(), on=TODAY)
    assert form.is_valid(), form.errors
    assert page_answers(form) == {"portrait": {"name": "anh.jpg", "size": 10}}
    assert page_files(form) == []
    assert errors(page_form(spec, "photo", answers={}, data=sent(), on=TODAY)) == {
        "portrait": ["Tải lên ảnh chân dung."]
    }


# --- every page of every package, in both languages ---


def test_every_page_is_drawn_in_both_languages(library):
    for spec in library.values():
        answers = {field.name: {"value": _some(field)} for field in spec.fields if _some(field) is not None}
        for place in spec.pages:
            vi = str(page_form(spec, place.key, answers=answers, language="vi"))
            en = str(page_form(spec, place.key, answers=answers, language="en"))
            for field in page_form(spec, place.key, answers=answers).fields:
                assert spec.by_name[field].label.vi in vi
                assert spec.by_name[field].label.en in en.replace("&#x27;", "'")


def _some(field):
    return {"choice": field.choices[-1].key if field.choices else None, "yes_no": True}.get(field.kind)


def test_a_prefilled_field_says_where_it_comes_from(spec):
    answers = {"name": {"value": "Trần Thị Ánh", "source": "register", "at": ""}}
    form = page_form(spec, "who", answers=answers)
    assert form.fields["name"].source == "register"
    assert "CSDL dân cư" in str(form["name"].as_field_group())
    assert form.fields["number"].source == ""


def test_form_classes_are_made_once_for_a_version_and_language(spec):
    one, two = (page_form(spec, "who", answers={}) for _number in range(2))
    assert type(one) is type(two)
    assert type(one) is not type(page_form(spec, "who", answers={}, language="en"))
    one.fields["name"].source = "card"
    assert two.fields["name"].source == ""
