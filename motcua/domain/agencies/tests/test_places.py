"""Provinces and communes by code and by name."""

from django.utils import translation

from motcua.base.text import nfc
from motcua.domain.agencies import places, queries


def test_all_provinces_and_communes_are_there():
    assert len(places.provinces()) == 34
    assert sum(len(places.communes(one.code)) for one in places.provinces()) == 3321
    assert len(places.communes("80")) == 96


def test_names_are_composed_letters():
    assert all(
        nfc(one.full_name) == one.full_name for p in places.provinces() for one in places.communes(p.code)
    )


def test_lists_stand_in_dictionary_order():
    names = [one.name for one in places.provinces()]
    assert names[:4] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng"]
    assert names.index("Đà Nẵng") < names.index("Đắk Lắk") < names.index("Điện Biên") < names.index("Gia Lai")


def test_a_place_is_named_in_the_reader_s_language():
    assert queries.place_name("27694") == "Phường Long An"
    assert queries.place_name("80") == "Tỉnh Tây Ninh"
    with translation.override("en"):
        assert queries.place_name("27694") == "Long An Ward"
        assert queries.place_name("01") == "Hanoi City"


def test_an_unknown_code_is_shown_as_it_is():
    assert queries.place_name("99999") == "99999"
    assert places.place("99999") is None
    assert places.communes("99") == ()


def test_an_address_is_one_line():
    line = places.address_line(detail="12 Hùng Vương", commune_code="27694", province_code="80")
    assert line == "12 Hùng Vương, Phường Long An, Tỉnh Tây Ninh"
    assert places.address_line(detail="", commune_code="", province_code="80") == "Tỉnh Tây Ninh"


def test_places_are_found_without_marks():
    assert [one.code for one in places.find("tay ninh")] == ["80"]
    assert [one.code for one in places.find("phuong long an", province_code="80")] == ["27694"]
    assert places.find("", province_code="80") == ()
