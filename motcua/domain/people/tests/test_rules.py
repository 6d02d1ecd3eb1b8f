"""The number on a card, whatever scanners and keyboards make of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.errors import Refused
from motcua.domain.people.rules import card_number

NUMBER = "080192000123"
CARD = f"{NUMBER}|291234567|Trần Thị Hồng Ánh|15081992|Nữ|Ấp 3, Tân Trụ, Long An|15082021"
NEW = f"{NUMBER}||Trần Thị Hồng Ánh|15081992|Nữ|Ấp 3, Tân Trụ, Long An|15082021||Trần Văn Ba|Lê Thị Sáu|"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        " 080 192 000 123 ",
        "080.192.000.123",
        "080-192-000-123",
        CARD,
        NEW,
        CARD + "\r\n",
        "\ufeff" + CARD,
        "\r\n" + CARD + "\n",
        "]Q1" + CARD,
        CARD.replace("|", "\x1d"),
        CARD.replace("|", "~"),
        CARD.replace("|", "\\"),
        CARD.replace("|", ""),
        f"{NUMBER}||||||",
        f"{NUMBER}|291234567|Traafn Thij Hoofng Asnh|15081992|Nuwx|Aasp 3, Taan Truj|15082021",
        f"{NUMBER}|291234567|Tr?n Th? H?ng |15081992|N?|S? 5|15082021",
        CARD + "\r\n" + CARD,
        f"{NUMBER}\t291234567\tTRAN THI HONG ANH",
    ],
)
def test_the_number_is_read_whatever_became_of_the_words(text):
    assert card_number(text) == NUMBER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "12 chữ số"),
        ("08019200012", "12 chữ số"),
        ("0801920001234", "12 chữ số"),
        ("Trần Thị Hồng", "12 chữ số"),
        ("٠٨٠١٩٢٠٠٠١٢٣", "12 chữ số"),
        ("291234567", "9 số"),
        (CARD + "\n" + CARD.replace(NUMBER, "080192000124"), "hai thẻ"),
        ("đ́đăậđđđăâê|âậăâêồ̉̃|Trần Thị Hồng Ánh|ằđ́ăậậâ|Nữ|Ấp ê|ằđ́âđâă", "bộ gõ"),
        ('à_àé&çéààà&é"|éç&é"\'(-è|Trqn Thi Hong', "bộ gõ"),
        ("|291234567|Trần Thị Hồng Ánh", "9 số"),
    ],
)
def test_what_holds_no_number_is_refused_with_what_to_do(text, said):
    with pytest.raises(Refused) as refused:
        card_number(text)
    assert said in str(refused.value)


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n0123456789"), max_size=30)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.lists(FIELD, min_size=1, max_size=12))
def test_only_the_first_field_is_read(number, fields):
    assert card_number("|".join([number, *fields]) + "\r\n") == number


@given(st.text(max_size=400))
def test_any_text_gives_a_number_that_stands_in_it_or_a_sentence(text):
    try:
        number = card_number(text)
    except Refused as refused:
        assert str(refused)
    else:
        assert len(number) == 12 and number.isascii() and number.isdigit()
        kept = "".join(char for char in text if char in "0123456789")
        assert number in kept
