"""A whole journey, and nobody's number, name or phone in an address, a log line, a metric, an error page."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from motcua.base.actor import Role
from motcua.base.models import Event
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers.models import Dossier
from tests.roads import BIRTH, COMMUNE, MORNING, citizen_of, example, fill, upload

pytestmark = pytest.mark.django_db
KNOWN = example(BIRTH)["person"]
#: of applicant, husband, and everybody's telephone
SECRETS = [KNOWN["number"], KNOWN["spouse"]["number"], KNOWN["phone"], KNOWN["name"], KNOWN["spouse"]["name"]]
#: a number of that length may stand inside a longer hexadecimal name, never alone
TWELVE = re.compile(r"(?<![0-9A-Za-z-])\d{12}(?![0-9A-Za-z-])")


@pytest.fixture
def register(settings: Any) -> Iterator[Twin]:
    twin = Twin()
    twin.add(**{name: value for name, value in KNOWN.items() if name != "details"})
    with serve(twin) as url:
        settings.POPULATION_URL = url
        yield twin


class Trail:
    """A browser that remembers every address it was sent to and every page it did not get."""

    def __init__(self, browser: Client) -> None:
        self.browser, self.addresses, self.heads = browser, [], []

    def go(self, method: str, path: str, sent: dict[str, Any] | None = None, status: int = 200) -> Any:
        answer = getattr(self.browser, method)(path, sent or {})
        assert answer.status_code == status, (path, answer.content.decode()[-3000:])
        self.addresses += [path, answer.headers.get("Location", "")]
        self.heads.append(str({k: v for k, v in answer.headers.items() if k != "Content-Security-Policy"}))
        if not answer.streaming:
            text = answer.content.decode(errors="replace")
            self.addresses += re.findall(r'(?:href|action|src|hx-[a-z]+)="([^"]*)"', text)
        return answer


@pytest.fixture
def trails(place: Any, officer: Any, version: Any, person: Any, log_in: Any) -> list[Trail]:
    """Open the browsers of the applicant, the clerk, the officer and the leader."""
    version(BIRTH)
    people = [citizen_of(person(BIRTH)), *(officer(role) for role in (Role.CLERK, Role.OFFICER, Role.LEADER))]
    return [Trail(log_in(Client(), actor)) for actor in people]


def test_no_personal_number_leaves_a_trace_on_a_whole_journey(trails, person, register, work, logged) -> None:
    lan, hoa, minh, leader = trails
    dossier = _filed_by(lan, person(BIRTH))
    work()
    code, key = dossier.code, dossier.key
    for path in (f"/ho-so/{code}/", f"/ho-so/{code}/da-nop/", "/ho-so/", f"/ho-so/{code}/bien-nhan/"):
        lan.go("get", path)
    hoa.go("get", "/mot-cua/")
    hoa.go("get", "/mot-cua/tim/", {"ma": str(code)[-6:]}, 302)
    hoa.go("post", f"/mot-cua/{code}/tiep-nhan/", status=302)
    hoa.go("get", f"/mot-cua/{code}/")
    minh.go("get", "/xu-ly/")
    minh.go("post", f"/xu-ly/{code}/lam/process/", {"reason": ""}, 302)
    minh.go("get", f"/xu-ly/{code}/")
    for _step in range(5):
        if Dossier.objects.get(key=key).step_role == Role.LEADER:
            break
        minh.go("post", f"/xu-ly/{code}/lam/forward/", {"reason": ""}, 302)
    leader.go("get", "/xu-ly/phe-duyet/")
    leader.go("post", f"/xu-ly/{code}/lam/settle/", {"reason": ""}, 302)
    work()
    lan.go("get", f"/ho-so/{code}/")
    # What goes wrong must not tell more than what goes right.
    hoa.go("post", f"/mot-cua/{code}/tiep-nhan/", status=409)
    lan.go("get", f"/xu-ly/{code}/", status=403)
    lan.go("post", f"/ho-so/{code}/rut/", {"reason": "Tôi đổi ý rồi."}, 409)
    sent = {"key": str(uuid4()), "number": KNOWN["number"], "procedure": BIRTH}
    hoa.go("post", "/mot-cua/mo/", sent, 302)
    _crash(lan, f"/ho-so/{code}/")
    Client().get(f"/ho-so/{KNOWN['number']}/")
    Client().get(f"/khong-co/{KNOWN['number']}/")

    _silent("addresses", "\n".join(address for trail in trails for address in trail.addresses))
    _silent("headers", "\n".join(head for trail in trails for head in trail.heads))
    lines = logged.getvalue()
    assert lines.count('"route"') > 30
    assert "ZeroDivisionError" in lines
    _silent("logs", lines, but=("request",))
    _silent("metrics", Client().get("/metrics").content.decode())
    _silent("the log of events", json.dumps([_plain(event) for event in Event.objects.all()]), names=False)


def _filed_by(lan: Trail, applicant: Any) -> Dossier:
    lan.go("get", "/")
    lan.go("get", f"/thu-tuc/{BIRTH}/bat-dau/")
    sent = {"key": str(uuid4()), "whom": "me", "commune": COMMUNE}
    lan.go("post", f"/thu-tuc/{BIRTH}/bat-dau/", sent, 302)
    draft = Dossier.objects.get(key=sent["key"])
    assert draft.register_at is not None
    for name in ("applicant", "mother", "child"):
        lan.go("get", f"/ho-so/nhap/{draft.key}/{name}/")
    fill(draft, example(BIRTH)["answers"], by=citizen_of(applicant), at=MORNING)
    lan.go("get", f"/ho-so/nhap/{draft.key}/")
    photo = {"paper-birth_note": upload("chung-sinh.jpg"), "stay": "1"}
    lan.go("post", f"/ho-so/nhap/{draft.key}/giay-to/", photo, 302)
    lan.go("get", f"/ho-so/nhap/{draft.key}/kiem-tra/")
    filing = {"handing": "electronic", "declared": "on"}
    lan.go("post", f"/ho-so/nhap/{draft.key}/kiem-tra/", filing, 302)
    return Dossier.objects.get(pk=draft.pk)


def _crash(trail: Trail, path: str) -> None:
    """Let a query fail with everything it knows in its message, as databases do."""
    trail.browser.raise_request_exception = False

    def broken(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if 'FROM "dossiers_dossier"' in sql:
            raise ZeroDivisionError(f"{KNOWN['number']} {KNOWN['phone']} {params}")
        return execute(sql, params, *rest)

    with connection.execute_wrapper(broken):
        page = trail.go("get", path, status=500).content.decode()
    _silent("the page of a crash", page)


def _plain(event: Event) -> dict[str, Any]:
    return {"subject": event.subject, "note": event.note, "data": event.data}


def _silent(where: str, text: str, *, but: tuple[str, ...] = (), names: bool = True) -> None:
    known = SECRETS if names else SECRETS[:3]
    assert not [secret for secret in known if secret in text], where
    assert not TWELVE.findall(text), (where, TWELVE.findall(text)[:5])
