"""How people of the tests apply, are taken in and activate."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from motcua.base.actor import Actor, Role
from motcua.base.web import NOBODY
from motcua.domain.accounts.commands import activating, applying
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.accounts.tests.conftest import AT, PLACE, texted

NUMBER, PHONE = "080190000017", "0900000017"
PASSWORD = "một câu dài khác hẳn"


def officer(pk=-1, place=PLACE):
    return Actor(
        name="Cán bộ", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=pk, reach=place
    )


FIRST, SECOND = officer(-1), officer(-2)


def photo():
    file = BytesIO()
    Image.new("RGB", (40, 40), "tan").save(file, "JPEG")
    return SimpleUploadedFile("mat.jpg", file.getvalue())


def begin(at=AT, **changes):
    words = {"number": NUMBER, "name": "Trần Thị Hồng Nhung", "born_on": "1990-05-19", "phone": PHONE}
    return applying.begin(**{**words, **changes}, address="203.0.113.7", by=NOBODY, at=at)


def filed(at=AT):
    begun = begin(at)
    return applying.file_online(application=begun, code=texted(), photo=photo(), by=NOBODY, at=at)


def in_person(someone, level=2, *, by=FIRST, at=AT, **changes):
    words = {"phone": PHONE, "check": Check.CHIP, "known": True, **changes}
    return applying.file_in_person(person=someone, level=level, **words, by=by, at=at)


def activate(code, at=AT, **changes):
    words = {"number": NUMBER, "password": PASSWORD, "address": "::1", **changes}
    return activating.activate(code=code, **words, by=NOBODY, at=at)
