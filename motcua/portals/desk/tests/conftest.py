import html
import re

from django.test import Client as Browser
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.domain.accounts.commands import duties
from motcua.domain.accounts.rules.duties import NEEDS_PLACE

HOME = "/ban-dinh-danh/"
LOG_IN = "/dinh-danh/dang-nhap/"
COMMUNE = "27694"


def words(page):
    """The text of a page without tags."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(text))


def at_desk(national, holder, role, number="080190000900", **person):
    """Log an official in, who then acts in the duty."""
    person.setdefault("name", "Nguyễn Thị Trực")
    who, at, browser = holder(number, **person), timezone.now(), Browser()
    duty = duties.assign(
        account=who.account,
        role=role,
        place_code=COMMUNE if role in NEEDS_PLACE else "",
        in_force_from=timezone.localdate(),
        by=SYSTEM,
        at=at,
    )
    browser.post(LOG_IN, {"number": who.number, "password": who.password})
    browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    assert browser.post("/dinh-danh/lam-viec/", {"duty": duty.pk})["Location"] == HOME
    return browser
