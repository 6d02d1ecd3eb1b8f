"""The identity desks as one of those who ask the population register."""

#: as X-Road-Client spells it; the desks ask inside this site and have no key
CODE = "VN/GOV/BCA/dinh-danh"
NAME = "Bàn định danh của Công an xã, phường"
PROCEDURE = "cap-khoa-khoi-phuc-tai-khoan"
#: what people read on "Ai đã xem dữ liệu của tôi"
TITLE = "Cấp, khóa, khôi phục tài khoản định danh"
BASIS = "Luật Căn cước 26/2023/QH15, Điều 10, Điều 34; Nghị định 69/2024/NĐ-CP"
#: what the page about who stands at the desk shows
FIELDS = ("name", "born_on", "gender", "nationality", "permanent_address", "card", "deceased_on")


def police(place: str) -> str:
    """Name the police of a commune, for example "Công an xã Tân Biên"."""
    return f"Công an {place[:1].lower()}{place[1:]}"
