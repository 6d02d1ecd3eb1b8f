"""Rules over answers: every kind of condition, check, dated value and message."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from motcua.base.deadline import Pausing, Term, Unit
from motcua.domain.procedures import rules
from motcua.domain.procedures.rules.building import conditions
from motcua.domain.procedures.rules.checks import CHECKS, Case, last_day
from motcua.domain.procedures.rules.conditions import holds
from motcua.domain.procedures.rules.definition import Source, Text
from motcua.domain.procedures.tests.library import ANSWERS, enveloped, spec_of

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    return spec_of(tmp_path_factory.mktemp("library") / "cats")


def told(spec, on=TODAY, page=None, **changes):
    found = rules.problems(spec, enveloped({**ANSWERS, **changes}), on=on, page=page)
    return {problem.field: problem.message for problem in found}


# --- conditions ---


@pytest.mark.parametrize(
    ("row", "values", "expected"),
    [
        ({"field": "a", "is": "x"}, {"a": "x"}, True),
        ({"field": "a", "is": "x"}, {"a": "y"}, False),
        ({"field": "a", "is": "x"}, {}, False),
        ({"field": "a", "is": False}, {"a": False}, True),
        ({"field": "a", "is": False}, {}, False),
        ({"field": "a", "in": ["x", "y"]}, {"a": "y"}, True),
        ({"field": "a", "in": ["x", "y"]}, {"a": "z"}, False),
        ({"field": "a", "in": ["x", "y"]}, {}, False),
        ({"field": "a", "filled": True}, {"a": False}, True),
        ({"field": "a", "filled": True}, {"a": ""}, False),
        ({"field": "a", "filled": False}, {}, True),
        ({"field": "a", "filled": False}, {"a": 0}, False),
        ([{"field": "a", "is": "x"}, {"field": "b", "filled": True}], {"a": "x"}, False),
        ([{"field": "a", "is": "x"}, {"field": "b", "filled": True}], {"a": "x", "b": 1}, True),
        (None, {}, True),
        ({"field": "d", "check": "within_days", "days": 60}, {"d": "2026-09-24"}, True),
        ({"field": "d", "check": "within_days", "days": 60}, {"d": "2026-09-23"}, False),
        ({"field": "d", "check": "within_days", "days": 60, "holds": False}, {"d": "2026-09-23"}, True),
        ({"field": "d", "check": "within_days", "days": 60, "holds": False}, {}, False),
    ],
)
def test_a_condition_holds_by_its_rows(row, values, expected):
    assert holds(conditions(row), values, on=TODAY) is expected


def test_what_hangs_on_a_hidden_answer_is_hidden_too(spec):
    stray = enveloped({**ANSWERS, "kind": "stray", "vaccinated": True})
    assert rules.shown(spec, stray, "vet")
    assert rules.pages(spec, stray) == ["who", "cat", "wild", "more"]
    tamed = {**stray, "kind": {"value": "house"}}
    assert not rules.shown(spec, tamed, "vaccinated")
    assert not rules.shown(spec, tamed, "vet"), "its condition names an answer that is no longer asked"
    assert rules.pages(spec, tamed) == ["who", "cat", "more"]
    assert "vaccinated" not in rules.asked(spec, tamed)


# --- problems ---


def test_good_answers_have_no_problem(spec):
    assert told(spec) == {}


@pytest.mark.parametrize(
    ("field", "value", "path", "says"),
    [
        ("number", "08019000012", "number", "Số định danh gồm 12 chữ số, ví dụ 080190000123."),
        ("number", None, "number", "Nhập số định danh."),
        ("name", "Nguyễn 2", "name", "Họ và tên chỉ gồm chữ cái, dấu cách, dấu nháy và gạch nối."),
        ("home", {"province": "80"}, "home", "Chọn xã, phường, đặc khu."),
        ("home", {"province": "80", "commune": "27694"}, "home", "Nhập số nhà, đường, ấp, khu phố."),
        ("kind", "tiger", "kind", "Chọn một mục trong danh sách."),
        ("kind", "", "kind", "Chọn loại mèo."),
        ("tails", 10, "tails", "Nhập số không quá 9."),
        ("tails", 0, "tails", "Nhập số từ 1 trở lên."),
        ("tails", "hai", "tails", "Giá trị này không đúng kiểu."),
        ("born_on", "2026-02-30", "born_on", "Ngày này không có trong lịch. Kiểm tra lại ngày, tháng, năm."),
        ("born_on", "0048", "born_on", "Nhập năm từ 1900 trở đi."),
        ("born_on", "2027", "born_on", "Ngày này chưa đến. Nhập ngày không sau hôm nay, 23/11/2026."),
        ("kittens", [{"kitten_born_on": "2026-01-01"}], "kittens.0.name", "Nhập tên mèo con."),
        ("kittens", [{"name": "Mun", "kitten_born_on": "2020-01-01"}], "kittens.0.kitten_born_on",
         "Ngày này không được trước ngày 2024 đã khai."),
        ("kittens", [{"name": "A", "kitten_born_on": "2026-01-01"}] * 2, "kittens", "A được khai hai lần."),
        ("kittens", [{"name": "A", "kitten_born_on": "2026-01-01", "tail": 1}], "kittens",
         "Tờ khai không có mục này."),
        ("kittens", [{"name": str(n), "kitten_born_on": "2026-01-01"} for n in range(4)], "kittens",
         "Nhiều nhất 3 dòng."),
        ("colour", "black", "colour", "Tờ khai không có mục này."),
    ],
)  # fmt: skip
def test_a_problem_says_what_to_do(spec, field, value, path, says):
    assert told(spec, **{field: value}) == {path: says}


def test_a_question_that_was_passed_over_is_named_as_one(tmp_path):
    spec = spec_of(tmp_path / "cats", form=('label = "Loại mèo"', 'label = "Mèo loại gì?"'))
    assert told(spec, kind="") == {"kind": "Hãy trả lời câu hỏi này."}


def test_only_the_problems_of_one_page_are_told(spec):
    assert set(told(spec, name="", kind="")) == {"name", "kind"}
    assert set(told(spec, name="", kind="", page="cat")) == {"kind"}


def test_a_composite_answer_names_its_missing_part(spec):
    answers = {"kind": "stray", "found_at": "Chợ", "vaccinated": True, "vet": {"name": "Lê Thị Sáu"}}
    assert told(spec, **answers) == {"vet": "Nhập số định danh của người này."}


def test_problems_and_labels_are_said_in_the_readers_language(spec):
    with override("en"):
        assert str(spec.field("kittens.0.name").label) == "Name of the kitten"
        assert spec.field("name").label.said("vi") == "Họ và tên"


def test_the_published_schema_refuses_what_the_form_refuses(spec):
    schema = rules.answers_schema(spec)
    assert {"required": ["found_at"]} in [clause["then"] for clause in schema["allOf"]]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["number"]["title"] == "Số định danh"


def test_an_unknown_province_in_a_number_is_only_a_warning(spec):
    answers = enveloped({**ANSWERS, "number": "003190000123"})
    assert rules.problems(spec, answers, on=TODAY) == []
    assert [warning.field for warning in rules.warnings(spec, answers)] == ["number"]
    assert rules.warnings(spec, enveloped({**ANSWERS, "number": "102190000123"})) == [], "a country"


# --- named rules ---


@pytest.mark.parametrize(
    ("rule", "value", "values", "arguments", "good"),
    [
        ("is_adult", "2008-11-23", {}, {}, True),
        ("is_adult", "2008-11-24", {}, {}, False),
        ("is_adult", "2008", {}, {}, True),
        ("is_adult", "080208000123", {}, {}, True),
        ("is_adult", "080209000123", {}, {}, False),
        ("is_of_age", "2012-11-23", {}, {"years": 14}, True),
        ("is_of_age", "2012-11-24", {}, {"years": 14}, False),
        ("in_past", "2026-11-23", {}, {}, True),
        ("in_past", "2026-11-24", {}, {}, False),
        ("in_past", "2026-11", {}, {}, True),
        ("within_days", "2026-11-22", {}, {"days": 0}, False),
        ("within_days", "2026-11-23", {}, {"days": 0}, True),
        ("not_before", "2026-11-04", {"x": "2026-11-05"}, {"field": "x"}, False),
        ("not_before", "2026-11-05", {"x": "2026-11-05"}, {"field": "x"}, True),
        ("not_before", "2026-11", {"x": "2026-11-05"}, {"field": "x"}, True),
        ("not_before", "2026-11-04", {}, {"field": "x"}, True),
        ("years_before", "2006-11-05", {"x": "2026-11-05"}, {"field": "x", "years": 20}, True),
        ("years_before", "2006-11-06", {"x": "2026-11-05"}, {"field": "x", "years": 20}, False),
        ("years_before", "2008-02-29", {"x": "2027-02-28"}, {"field": "x", "years": 19}, False),
        ("number_agrees_with_birth_and_gender", "080192000123", {"b": "1992", "g": "female"},
         {"birth": "b", "gender": "g"}, True),
        ("number_agrees_with_birth_and_gender", "080092000123", {"b": "1992", "g": "female"},
         {"birth": "b", "gender": "g"}, False),
        ("number_agrees_with_birth_and_gender", "080292000123", {"b": "1992"}, {"birth": "b"}, False),
        ("number_agrees_with_birth_and_gender", "080326000123", {"b": "2026-11-05"},
         {"birth": "b", "gender_is": "female"}, True),
        ("number_agrees_with_birth_and_gender", "080192000123", {}, {"birth": "b", "gender": "g"}, True),
        ("differs_from", "1", {"x": "1"}, {"field": "x"}, False),
        ("differs_from", "1", {"x": "2"}, {"field": "x"}, True),
        ("distinct", [{"n": "1"}, {"n": "2"}, {}, {}], {}, {"column": "n"}, True),
        ("distinct", [{"n": "1"}, {"n": "1"}], {}, {"column": "n"}, False),
        ("has_surname", "Ngọc", {}, {}, False),
        ("has_surname", "Y Bhiêu", {}, {}, True),
        ("area_for_everyone", 16, {"m": [{}]}, {"rows": "m", "square_metres": 8}, True),
        ("area_for_everyone", 15.9, {"m": [{}]}, {"rows": "m", "square_metres": 8}, False),
        ("area_for_everyone", 8, {}, {"rows": "m", "square_metres": 8}, True),
    ],
)  # fmt: skip
def test_a_named_rule_judges(rule, value, values, arguments, good):
    case = Case(value=value, values=values, on=TODAY, arguments=arguments)
    assert (CHECKS[rule].judge(case) is None) is good


@pytest.mark.parametrize("rule", ["is_adult", "in_past", "within_days"])
def test_rules_about_today_say_nothing_without_a_day(rule):
    case = Case(value="2030-01-01", values={}, on=None, arguments={"days": 0})
    assert CHECKS[rule].judge(case) is None


def test_a_month_ends_on_its_last_day():
    assert last_day("2026-02") == date(2026, 2, 28)
    assert last_day("2026-12") == date(2026, 12, 31)
    assert last_day("2026") == date(2026, 12, 31)


# --- dated values ---


def test_a_fee_is_that_of_its_day_and_channel(spec):
    answers = enveloped({**ANSWERS, "tails": 2})

    def total(channel, on):
        return sum(line.amount for line in rules.fees(spec, answers, channel=channel, on=on))

    assert total("direct", date(2025, 12, 31)) == 5000
    assert total("direct", date(2026, 1, 1)) == 2 * 9000, "times the tails"
    assert total("online", date(2026, 1, 1)) == 2 * 7000
    assert total("direct", date(2024, 12, 31)) == 0, "no law yet"


def test_an_unverified_fee_says_so(spec):
    (line,) = rules.fees(spec, enveloped(ANSWERS), channel="direct", on=TODAY)
    assert (line.verified, line.kind, line.law) == (False, "phí", "Luật Mèo")
    (line,) = rules.fees(spec, enveloped(ANSWERS), channel="direct", on=date(2025, 6, 1))
    assert line.verified
    assert not spec.verified


def test_an_exempt_person_pays_nothing_and_hears_why(spec):
    old = enveloped({**ANSWERS, "born_on": "2010"})
    assert rules.fees(spec, old, channel="direct", on=TODAY) == []
    assert [waiver.reason.vi for waiver in rules.waivers(spec, old, on=TODAY)] == ["Mèo già"]


def test_the_legal_time_comes_with_its_law(spec):
    law = "khoản 2 Điều 5 Luật Mèo"
    expected = Term(amount=Decimal(2), unit=Unit.WORKING_DAY, cutoff=None, law=law)
    assert rules.term(spec, enveloped(ANSWERS)) == expected
    assert rules.pausing(spec) is Pausing.PAUSE


def test_a_citation_reads_from_the_point_up_and_in_english_from_the_article():
    law = Source(law=Text("Luật Hộ tịch", "Law on Civil Status"), at="11.1.a", in_force_from=TODAY)
    assert law.cited == Text("điểm a khoản 1 Điều 11 Luật Hộ tịch", "Law on Civil Status, art. 11.1.a")
    assert str(law) == "điểm a khoản 1 Điều 11 Luật Hộ tịch (chưa kiểm chứng)"
    assert str(replace(law, verified=True)) == "điểm a khoản 1 Điều 11 Luật Hộ tịch"


# --- papers, steps, people ---


def test_papers_and_steps_follow_the_answers(spec):
    house = enveloped(ANSWERS)
    stray = enveloped({**ANSWERS, "kind": "stray", "vaccinated": False})
    assert [paper.key for paper in rules.papers_needed(spec, house)] == ["photo"]
    assert [paper.key for paper in rules.papers_needed(spec, stray)] == ["photo", "statement"]
    assert [step.key for step in rules.route(spec, house)] == ["look", "sign"]
    assert [step.key for step in rules.route(spec, stray)] == ["look", "catch", "sign"]
    assert rules.first_step(spec).key == "look"
    assert rules.next_step(spec, "sign", house) is None
    assert rules.step(spec, "catch").hours == Decimal(4)


def test_husband_and_wife_are_found_whoever_applies(tmp_path):
    form = ('fill_from = "person.name"', 'fill_from = "wife.name"')
    spec = spec_of(tmp_path / "cats", form=form)
    him = {"number": "1", "name": "Ổn", "gender": "male"}
    her = {"number": "2", "name": "Ánh", "gender": "female"}
    assert rules.prefill(spec, {**him, "spouse": her})["name"] == "Ánh"
    assert rules.prefill(spec, {**her, "spouse": him})["name"] == "Ánh"
    assert "name" not in rules.prefill(spec, {**him, "spouse": None})
    assert rules.relatives(spec) == ("spouse",)
    assert set(rules.attributes(spec)) == {"number", "name", "born_on", "gender", "spouse"}


def test_addresses_and_persons_are_filled_in_their_own_shape(tmp_path):
    form = ('kind = "address"\n', 'kind = "address"\nfill_from = "household_head.current_address"\n')
    spec = spec_of(tmp_path / "cats", form=form)
    address = {"province": "80", "commune": "27694", "detail": "Số 1"}
    filled = rules.prefill(spec, {"household": {"head": {"current_address": address}}})
    assert filled["home"] == {**address, "province_name": "Tỉnh Tây Ninh", "commune_name": "Phường Long An"}
    form = ('kind = "person"\n', 'kind = "person"\nfill_from = "household_head.self"\n')
    spec = spec_of(tmp_path / "cats", form=form)
    head = {"number": "080165000789", "name": "Lê Thị Sáu"}
    assert rules.prefill(spec, {"household": {"head": {**head, "gender": "female"}}})["vet"] == head


def test_the_owner_and_the_place_are_found_in_the_answers(spec):
    assert rules.applicant(spec, enveloped(ANSWERS)) == {"name": "Trần Thị Ánh", "number": "080190000123"}
    assert rules.place(spec, enveloped(ANSWERS)) == "27694"
    assert rules.place(spec, {}) == ""


def test_answers_are_read_back_with_their_source_and_the_registers_own(spec):
    answers = enveloped({**ANSWERS, "kittens": [{"name": "Mun", "kitten_born_on": "2026-01-02"}]})
    answers["name"] |= {"source": "typed", "register": "Trần Thị Hồng Ánh"}
    lines = {line.field.name: line for _page, lines in rules.summary(spec, answers) for line in lines}
    assert (lines["name"].text, lines["name"].register) == ("Trần Thị Ánh", "Trần Thị Hồng Ánh")
    assert lines["home"].text == "Số 1, Phường Long An, Tỉnh Tây Ninh"
    assert lines["kind"].text == "Mèo nhà"
    assert lines["kittens"].rows == (("Mun", "02/01/2026"),)
    assert "found_at" not in lines
    with override("en"):
        lines = {line.field.name: line for _page, lines in rules.summary(spec, answers) for line in lines}
        assert lines["home"].text == "Số 1, Long An Ward, Tay Ninh Province"


def test_a_paper_gets_vietnamese_whoever_reads(spec):
    with override("en"):
        printed = rules.printed(spec, enveloped({**ANSWERS, "kind": "stray"}))
    assert printed["answers"]["kind"] == "Mèo hoang"
    assert printed["answers"]["born_on"] == "2024", "dates stay ISO for the template"
