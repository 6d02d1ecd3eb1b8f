"""What a VietQR symbol says (EMVCo merchant-presented mode, NAPAS): fields of tag, length and value."""

#: who reads it: NAPAS, a transfer to an account
_SCHEME, _TO_ACCOUNT = "A000000727", "QRIBFTTA"
_DONG, _VIETNAM = "704", "VN"
#: signs of a transfer's words that every bank's app keeps
LONGEST = 25


def symbol(*, bank: str, account: str, amount: int | None = None, purpose: str = "") -> str:
    """Write the symbol of a transfer; with an amount it is for one payment."""
    assert purpose.isascii() and len(purpose) <= LONGEST
    to = _field("00", bank) + _field("01", account)
    words = _field("00", "01") + _field("01", "11" if amount is None else "12")
    words += _field("38", _field("00", _SCHEME) + _field("01", to) + _field("02", _TO_ACCOUNT))
    words += _field("53", _DONG)
    if amount is not None:
        words += _field("54", str(amount))
    words += _field("58", _VIETNAM)
    if purpose:
        words += _field("62", _field("08", purpose))
    words += "6304"  # the sum covers its own tag and length
    return f"{words}{checksum(words.encode()):04X}"


def checksum(words: bytes) -> int:
    """Compute CRC-16/CCITT-FALSE."""
    crc = 0xFFFF
    for byte in words:
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _field(tag: str, value: str) -> str:
    assert len(value) <= 99
    return f"{tag}{len(value):02d}{value}"
