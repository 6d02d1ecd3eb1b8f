import re
import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.domain.population import telling
from motcua.domain.population.models import Person, Right, Subscriber, Usage
from motcua.portals.register.tests.conftest import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody(number):
    return next(one for one in Person.objects.all() if one.number == number)


@pytest.fixture
def second(send, somebody):
    """Ask as the provinces' present systems do."""

    def question(service="037", **words):
        said = {
            "MaYeuCau": "1795881235000",
            "MaTichHop": service,
            "MaDVC": "1.004222",
            "MaCanBo": "officer:7",
            "GovAgencyCode": "H80.12",
            "HoVaTen": somebody.name.upper(),
            "NgayThangNamSinh": somebody.born_on,
            "SoDinhDanh": somebody.number,
        }
        answer = send("vnpt", {**said, **words})
        return answer.status_code, answer.json()

    return question


def test_a_look_up_answers_in_their_words(second, somebody):
    status, said = second()
    citizen = said["CongDan"]
    assert status == 200 and citizen["HoVaTen"] == {"Ten": somebody.name}
    assert citizen["GioiTinh"] in ("1", "2") and citizen["TinhTrangHonNhan"] in ("1", "2", "3")
    assert citizen["ThuongTru"]["MaPhuongXa"] == somebody.permanent_commune
    assert citizen["Cha"]["SoDinhDanh"] == somebody.father.number
    # The right for this procedure covers neither.
    assert citizen["NhomMau"] == "00" and citizen["SoCMND"] == ""


def test_the_same_log_row_is_written_as_on_the_first_face(second):
    second()
    row = Usage.objects.get()
    assert (row.officer, row.agency, row.procedure) == ("officer:7", "H80.12", "1.004222")
    assert (row.dossier, row.verb, row.result) == ("H80.12-20261123-0001", "attributes", "found")
    assert row.basis.startswith("Luật Căn cước 26/2023/QH15, Điều 10: ")


def test_a_comparison_counts_people(second):
    yes = {"XacThucThongTinCongDanResponse": {"SoLuongCongDan": 1}}
    no = {"XacThucThongTinCongDanResponse": {"SoLuongCongDan": 0}}
    assert second(type="XacThucThongTinCongDan") == (200, yes)
    assert second(type="XacThucThongTinCongDan", HoVaTen="AI ĐÓ") == (200, no)
    assert second(type="XacThucThongTinCongDan", SoDinhDanh=NOBODY) == (200, no)


def test_whoever_does_not_know_name_and_birth_gets_nobody(second):
    unknown = second(SoDinhDanh=NOBODY)
    assert unknown[0] == 404 and second(HoVaTen="AI ĐÓ") == unknown == second(NgayThangNamSinh="1901-01-01")


@pytest.mark.parametrize("service", ["037", "034"])
def test_unknown_and_mismatching_cost_the_same_and_read_nothing(second, somebody, service):
    asked = []
    for words in ({"SoDinhDanh": NOBODY}, {"HoVaTen": "AI ĐÓ"}, {"NgayThangNamSinh": "1901-01-01"}):
        with CaptureQueriesContext(connection) as statements:
            assert second(service, **words)[0] == 404
        asked.append([re.sub(r"'[^']*'|[0-9]+", "?", one["sql"]) for one in statements])
    assert asked[0] == asked[1] == asked[2]


def test_the_person_does_not_read_that_something_was_read_when_it_was_not(second, somebody):
    second(HoVaTen="AI ĐÓ")
    row = Usage.objects.get()
    told = telling.told(row, {})
    assert (row.result, told["nothing"]) == ("unknown", "Không có kết quả")
    assert told["what"].startswith("Hỏi nhưng không nhận được: ")


def test_year_only_births_and_the_other_tone_placement_are_known_as_on_the_first_face(second, somebody):
    Person.objects.filter(pk=somebody.pk).update(born_on=somebody.born_on[:4], name="Trần Thị Hoà")
    known = {"HoVaTen": unicodedata.normalize("NFD", "TRẦN THỊ HÒA")}
    assert second(**known, NgayThangNamSinh=somebody.born_on[:4])[0] == 200
    assert second(**known, NgayThangNamSinh=f"{somebody.born_on[:4]}-01-01")[0] == 200
    assert second(**known, NgayThangNamSinh=f"{somebody.born_on[:4]}-05-07")[0] == 404


def test_a_household_is_told_with_head_and_members(second, somebody):
    home = second("034")[1]["HoGiaDinh"]
    assert home["SoSoHoKhau"] == somebody.household.code
    assert somebody.number in [one["SoDinhDanh"] for one in home["ThanhVien"]]


def test_old_and_new_number_are_compared_where_the_right_covers_both(second):
    assert second("033", SoCMND="301423501")[1]["code"] == "004"
    status, said = second("033", SoCMND="301423501", MaDVC="1.002809")
    assert (status, said["XacThucThongTinCongDanResponse"]["SoLuongCongDan"]) == (200, 0)


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ({"MaDVC": "9.000009"}, 403, "004"),
        ({"MaDVC": ""}, 403, "005"),
        ({"MaCanBo": "officer:8"}, 400, "malformed"),
        ({"GovAgencyCode": "H80.13"}, 400, "malformed"),
        ({"MaTichHop": "099"}, 400, "malformed"),
        ({"MaYeuCau": "hôm nay"}, 400, "malformed"),
        ({"HoVaTen": ""}, 400, "malformed"),
        ({"SoDinhDanh": "08009200001"}, 400, "malformed"),
        ({"TatCa": "1"}, 400, "malformed"),
    ],
)
def test_refusals_carry_their_codes(second, words, status, code):
    found, said = second(**words)
    assert (found, said["code"]) == (status, code) and said["message"].endswith(".")


def test_the_budget_is_the_same_one(second, ask):
    Subscriber.objects.update(officer_budget=1)
    second()
    assert second()[1]["code"] == ask("status", NOBODY).json()["code"] == "budget_spent"


def test_whether_somebody_lives_is_told_only_where_the_right_covers_it(second):
    assert second()[1]["CongDan"]["TrangThai"] == "1"
    Right.objects.filter(procedure="1.004222", verb="attributes").update(fields=["name", "born_on"])
    assert second()[1]["CongDan"]["TrangThai"] == ""
