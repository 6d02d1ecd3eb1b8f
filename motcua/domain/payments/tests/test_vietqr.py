import pytest

from motcua.domain.payments.vietqr import checksum, symbol


def test_the_sum_is_the_one_that_everybody_computes():
    assert checksum(b"123456789") == 0x29B1


def test_a_symbol_for_any_sum():
    assert symbol(bank="970436", account="1234567890") == (
        "00020101021138540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN6304BE57"
    )


def test_a_symbol_for_one_bill():
    said = symbol(bank="970415", account="0123456789", amount=20_000, purpose="LP H39.12-220809-0001")
    assert said == (
        "00020101021238540010A00000072701240006970415011001234567890208QRIBFTTA5303704540520000"
        "5802VN62250821LP H39.12-220809-000163040E36"
    )


@pytest.mark.parametrize("purpose", ["Lệ phí", "x" * 26])
def test_words_that_apps_would_cut_or_spoil_are_a_slip_of_ours(purpose):
    with pytest.raises(AssertionError):
        symbol(bank="970415", account="1", purpose=purpose)
