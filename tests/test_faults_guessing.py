"""An officer of another commune, another citizen or nobody at all guesses every address of the province."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from motcua.base import events
from motcua.base.actor import OFFICE_ROLES, SYSTEM, Role
from motcua.base.models import Event
from motcua.domain.agencies import commands as agencies
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from motcua.domain.payments import commands as bills
from motcua.domain.payments import queries as payments
from motcua.domain.payments.rules import Charge
from tests.roads import BIRTH, MORNING, Road, citizen_of, forward_to_leader

pytestmark = pytest.mark.django_db
#: of the dossiers walked, so many are guessed one by one; the others stand in lists
GUESSED = 3
PORTALS = ("citizen", "counter", "office", "console")
#: about no dossier and open to the world
PUBLIC = {"citizen:home", "citizen:search", "citizen:procedure", "citizen:eligibility", "citizen:look_up"}
#: for a system that signs what it says
PUBLIC |= {"citizen:payment_notice"}
STRANGERS = ["nobody", "citizen", *map(str, OFFICE_ROLES)]


@dataclass(frozen=True)
class Address:
    """One address of a portal, about one dossier if it names one."""

    name: str
    path: str
    dossier: Dossier | None = field(default=None, compare=False)
    agency: int | None = None


def patterns(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Give every address as (name, route)."""
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, whole, entry.namespace or space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}:{entry.name}", whole


def addresses(dossiers: list[Dossier], agency: int) -> Iterator[Address]:
    """Fill every address with what belongs to the dossiers and their commune."""
    for name, route in patterns(get_resolver()):
        portal = name.partition(":")[0]
        if portal not in PORTALS or name in PUBLIC:
            continue
        about = [d for d in dossiers if ("<str:code>" if d.code else "<uuid:key>") in route]
        if "thu-tuc/" in route:
            about = []  # the code of a procedure
        for dossier in about or [None]:
            yield Address(name, "/" + filled(route, dossier, agency), dossier, agency)


def filled(route: str, dossier: Dossier | None, agency: int) -> str:
    held = papers.of(dossier.subject) if dossier else []
    paper, bill = str(held[-1].pk) if held else "1", payments.open_bill(dossier.subject) if dossier else None
    code = str(dossier.code) if dossier and dossier.code else BIRTH
    values = {
        "<str:code>": code,
        "<uuid:key>": str(dossier.key) if dossier else "00000000-0000-0000-0000-000000000000",
        "<int:paper>": paper,
        "huy-khoan-thu/<int:pk>": f"huy-khoan-thu/{bill.pk if bill else 1}",
        "<int:pk>": str(agency) if route.startswith("quan-tri/co-quan") else paper,
        "<str:action>": "forward",
        "<str:name>": "child",
        "<int:number>": "1",
        "<int:day>": "1",
    }
    for part, value in values.items():
        route = route.replace(part, value)
    assert "<" not in route, route
    return route


def words(answer: HttpResponse) -> str:
    """Read everything that an answer says, PDFs too."""
    body = answer.getvalue()
    if body.startswith(b"%PDF"):
        sheet = pdfium.PdfDocument(io.BytesIO(body))
        return " ".join(page.get_textpage().get_text_bounded() for page in sheet)
    return body.decode(errors="replace") + str(answer.headers)


@pytest.fixture
def filed(road: Any) -> list[Road]:
    """Walk dossiers of one person into every list: drafts of both ways, settled, filed, at the leader's."""
    at_leaders = road(State.PROCESSING)
    forward_to_leader(at_leaders, at=MORNING + timedelta(hours=1))
    drafts = [road(State.DRAFT), road(State.DRAFT, channel=Channel.DIRECT)]
    settled = road(State.SETTLED)
    owe(settled)
    return [*drafts, settled, road(State.SUBMITTED), at_leaders]


def owe(walked: Road) -> None:
    """Let something be due, and an account be known that it can be sent to."""
    lines = [Charge("Bản sao", "lệ phí", 8000, "Thông tư thử nghiệm")]
    bills.ask(subject=walked.dossier.subject, lines=lines, by=walked.clerk, at=MORNING)
    agencies.set_bank_account(
        agency=walked.dossier.desk,
        bank="Ngân hàng thử nghiệm",
        bank_code="999999",
        number="0000000001",
        holder="UBND phường",
        in_force_from=MORNING.date(),
        by=SYSTEM,
        at=MORNING,
    )


@pytest.fixture
def secrets(filed: list[Road]) -> list[str]:
    """Name what nobody else may read of them."""
    dossier = filed[GUESSED - 1].dossier
    person = dossier.applicant
    known = [person.number, person.name, dossier.phone, "Nguyễn Bảo Ngọc"]
    keys = [str(walked.dossier.key) for walked in filed[:GUESSED]]
    return known + keys + [str(walked.dossier.code) for walked in filed if walked.dossier.code]


@pytest.fixture
def strangers(place: Any, officer: Any, person: Any, log_in: Any) -> dict[str, Client]:
    """Open a browser for everybody whom the dossiers are no business of."""
    browsers = {who: Client() for who in STRANGERS}
    for who, browser in browsers.items():
        if who == "citizen":
            log_in(browser, citizen_of(person(number="080190000999", name="Người Khác")))
        elif who != "nobody":
            log_in(browser, officer(Role(who), place.other))
    return browsers


@pytest.mark.timeout(400)
def test_a_stranger_learns_nothing_and_changes_nothing(filed, secrets, place, strangers) -> None:
    """One set of dossiers for all of them: walking there costs more than guessing."""
    before = Event.objects.count()
    dossiers = [walked.dossier for walked in filed[:GUESSED]]
    guessed = list(addresses(dossiers, place.commune.pk))
    for who, browser in strangers.items():
        seen = {guess(who, browser, method, each, secrets) for each in guessed for method in ("get", "post")}
        assert {403, 404} & seen or who == "nobody"
    assert Event.objects.count() == before
    assert not any(list(events.broken(dossier.subject)) for dossier in dossiers)


def guess(who: str, browser: Client, method: str, address: Address, secrets: list[str]) -> int:
    """Send one request, judge its answer and give its status."""
    answer = getattr(browser, method)(address.path)
    where = f"{who}: {method} {address.path}: {answer.status_code}"
    if who == "nobody":
        assert answer.status_code in (302, 405), where
        assert answer.status_code == 405 or answer["Location"].startswith("/dang-nhap/?"), where
    elif address.dossier is not None or "/co-quan/" in address.path:
        assert answer.status_code in (403, 404, 405), where
    else:
        assert answer.status_code < 500, where
    # Its own address is repeated by the log-in only, which keeps it for the way back.
    told = words(answer)
    leaked = [secret for secret in secrets if secret in told and secret not in address.path]
    assert not leaked, f"{where} tells {leaked}"
    return int(answer.status_code)


def test_the_same_addresses_open_to_those_whose_work_it_is(filed, place, log_in) -> None:
    """Without this, addresses that open to nobody would pass for well guarded."""
    people = (filed[0].citizen, filed[0].clerk, filed[0].officer, filed[0].leader)
    browsers = [log_in(Client(), actor) for actor in people]
    open_to = {}
    for address in addresses([each.dossier for each in filed[:GUESSED]], place.commune.pk):
        if address.dossier is not None:
            open_to.setdefault(address.name, set()).update(
                entered(browser, address.path) for browser in browsers
            )
    assert len(open_to) > 35
    assert not {name: codes for name, codes in open_to.items() if not codes & {200, 302, 405, 409, 422}}


def entered(browser: Client, path: str) -> int:
    answer = browser.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, which closes it
    return answer.status_code
