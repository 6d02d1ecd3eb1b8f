import re
from datetime import date

import httpx
import pytest
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.domain.agencies import commands as agencies
from motcua.domain.agencies.rules import Kind
from motcua.portals.entrance import session

SINCE = date(2025, 7, 1)


def found(code, name, kind, parent=None):
    return agencies.found(
        code=code,
        name=name,
        name_en=name,
        kind=kind,
        parent=parent,
        in_force_from=SINCE,
        by=SYSTEM,
        at=timezone.now(),
    )


@pytest.fixture
def commune(db):
    return found("27694", "UBND xã Thử", Kind.COMMUNE, found("80", "Tỉnh", Kind.PROVINCE))


@pytest.fixture
def hire(commune, twin):
    def engage(role=Role.CLERK):
        return agencies.engage(
            citizen_number=twin.who.number,
            name=twin.who.name,
            agency=commune,
            role=role,
            in_force_from=SINCE,
            by=SYSTEM,
            at=timezone.now(),
        )

    return engage


@pytest.fixture
def browser(db, twin):
    return Browser()


def send_off(browser, query=""):
    """Click log-in; give the address of the provider one is sent to."""
    response = browser.get(f"/dang-nhap/{query}")
    assert response.status_code == 302
    return response["Location"]


def bring_back(browser, twin, url, **changes):
    """Log in at the twin and come back."""
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    given = {name: value for name, value in {**answer, **changes}.items() if value is not None}
    return browser.get("/dang-nhap/tro-ve/", given)


def enter(browser, twin, query=""):
    return bring_back(browser, twin, send_off(browser, query))


def acting(browser):
    request = RequestFactory().get("/")
    request.session = browser.session
    return session.actor_of(request)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
