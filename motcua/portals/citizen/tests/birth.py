"""The way of a birth registration, page by page, as a browser sends it."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from motcua.portals.citizen.tests.conftest import BIRTH, draft_of, photo

#: after sixty days it is late and costs more
BORN = timezone.localdate() - timedelta(days=18)
NOTED = BORN + timedelta(days=1)
PAGES = {
    "applicant": {
        "applicant_number": "072195000012",
        "applicant_name": "Trần Thị Hòa",
        "applicant_relation": "mother",
        "applicant_phone": "0912 345 678",
        "applicant_email": "",
        "applicant_address_province": "80",
        "applicant_address_commune": "27694",
        "applicant_address_detail": "Số 12, đường Hùng Vương, khu phố 3",
    },
    "child": {
        "child_name": "Nguyễn Thị Bảo Ngọc",
        "child_gender": "female",
        "child_born_on_day": f"{BORN:%d}",
        "child_born_on_month": f"{BORN:%m}",
        "child_born_on_year": f"{BORN:%Y}",
        "born_at": "facility",
        "birth_address_province": "80",
        "birth_address_commune": "27694",
    },
    "facility": {
        "facility_name": "Bệnh viện đa khoa Long An",
        "certificate_number": "1234/2026",
        "certificate_on_day": f"{NOTED:%d}",
        "certificate_on_month": f"{NOTED:%m}",
        "certificate_on_year": f"{NOTED:%Y}",
    },
    "origin": {
        "father_declared": "no",
        "child_ethnicity": "Kinh",
        "child_nationality": "Việt Nam",
        "child_home_town": "Phường Long An, tỉnh Tây Ninh",
    },
    "copies": {"copies": "2", "exemption": "none"},
}


def begin(browser, code=BIRTH, **words):
    """Press "Bắt đầu khai"; give the answer."""
    sent = {"key": str(uuid4()), "whom": "me", "commune": "27694", **words}
    return browser.post(f"/thu-tuc/{code}/bat-dau/", sent)


def address(draft, name=""):
    """Give the address of a page of a draft."""
    return f"/ho-so/nhap/{draft.key}/" + (f"{name}/" if name else "")


def fill(browser, person, *pages):
    """Send pages of the form, all of them when none is named."""
    draft = draft_of(person)
    for name in pages or PAGES:
        answer = browser.post(address(draft, name), PAGES[name])
        assert answer.status_code == 302, answer.content.decode()
    return draft_of(person)


def ready(browser, person):
    """Give a draft that lacks nothing any more."""
    begin(browser)
    draft = fill(browser, person)
    answer = browser.post(address(draft, "giay-to"), {"paper-birth_note": photo(), "next": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return draft_of(person)


def filed(browser, person):
    """Give a filed dossier."""
    draft = ready(browser, person)
    answer = browser.post(address(draft, "kiem-tra"), {"handing": "electronic", "declared": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return draft_of(person)
