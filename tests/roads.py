"""Fixtures that walk the real road: by commands agencies are founded and dossiers filed and moved."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands as agencies
from motcua.domain.agencies import queries as agency_queries
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.rules import OFFICE_DAY, Kind
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Person, Source
from motcua.domain.procedures import commands as procedures
from motcua.domain.procedures import package
from motcua.domain.procedures.models import ProcedureVersion

FOLDERS = {folder.name.partition("-")[0]: folder for folder in package.folders()}
BIRTH, RESIDENCE, LICENCE = "1.001193", "1.004222", "1.002820"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Monday 23 November 2026, nine o'clock: office hours, before the cut-off
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
COMMUNE, OTHER_COMMUNE = "27694", "27712"
#: one pixel of a real JPEG is enough for a paper that is only counted
JPEG = Path(__file__).with_name("pixel.jpg")


def upload(name: str = "giay-to.jpg") -> SimpleUploadedFile:
    """Give a small real photograph."""
    return SimpleUploadedFile(name, JPEG.read_bytes() + name.encode(), content_type="image/jpeg")


@dataclass(frozen=True)
class Place:
    """A small province: two communes, their police, the provincial police's traffic division."""

    root: Agency
    commune: Agency
    police: Agency
    other: Agency
    traffic: Agency


@pytest.fixture
def place(db: None) -> Place:
    """Found a small province through the commands."""
    since = date(2025, 7, 1)

    def found(code: str, name: str, kind: Kind, parent: Agency | None, division: str) -> Agency:
        return agencies.found(
            code=code,
            name=name,
            name_en=name,
            kind=kind,
            parent=parent,
            division_code=division,
            official_code="H80" if parent is None else f"{parent.official_code}.{code}",
            in_force_from=since,
            by=SYSTEM,
            at=MORNING,
        )

    root = found("80", "UBND tỉnh Tây Ninh", Kind.PROVINCE, None, "80")
    week = dict.fromkeys(range(5), OFFICE_DAY)
    agencies.set_hours(agency=root, week=week, in_force_from=since, by=SYSTEM, at=MORNING)
    commune = found(COMMUNE, "UBND phường Long An", Kind.COMMUNE, root, COMMUNE)
    other = found(OTHER_COMMUNE, "UBND phường Kiến Tường", Kind.COMMUNE, root, OTHER_COMMUNE)
    police = found("CA", "Công an tỉnh", Kind.POLICE, root, "80")
    commune_police = found(COMMUNE, "Công an phường Long An", Kind.COMMUNE_POLICE, police, COMMUNE)
    found("PVHCC", "Trung tâm Phục vụ hành chính công tỉnh", Kind.SERVICE_CENTRE, root, "80")
    traffic = found("CSGT", "Phòng Cảnh sát giao thông", Kind.DIVISION, police, "80")
    return Place(root, commune, commune_police, other, traffic)


@pytest.fixture
def officer(place: Place) -> Callable[..., Actor]:
    """Appoint an officer and give the actor who logs in: officer(Role.CLERK)."""
    numbers = itertools.count(1)

    def appoint(role: Role, agency: Agency | None = None, name: str = "") -> Actor:
        number = f"0801900{next(numbers):05d}"
        agencies.engage(
            citizen_number=number,
            name=name or f"Cán bộ {role}",
            agency=agency or place.commune,
            role=role,
            in_force_from=date(2025, 7, 1),
            by=SYSTEM,
            at=MORNING,
        )
        actor = agency_queries.actor_of_officer(citizen_number=number, on=MORNING.date())
        assert actor is not None
        return actor

    return appoint


@pytest.fixture
def version(db: None) -> Callable[[str], ProcedureVersion]:
    """Publish a procedure from its folder, as the console does: version(BIRTH)."""

    def publish(code: str) -> ProcedureVersion:
        return procedures.publish(definition=package.read(FOLDERS[code]), by=SYSTEM, at=MORNING)

    return publish


def example(code: str) -> dict[str, Any]:
    """Give the example that comes with a procedure."""
    return package.example(FOLDERS[code])


def citizen_of(person: Person) -> Actor:
    """Give the actor of a citizen who logged in."""
    return Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2)


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Meet the applicant of a procedure's example, person(BIRTH), or somebody else, person(number=…)."""

    def meet(code: str | None = None, **said: str) -> Person:
        known = example(code)["person"] if code else {}
        return remember(
            number=said.get("number") or known["number"],
            name=said.get("name") or known["name"],
            born_on=said.get("born_on") or known.get("born_on", "1990-01-01"),
            gender=said.get("gender") or known.get("gender", ""),
            phone=said.get("phone") or known.get("phone", "0912345678"),
            commune=COMMUNE,
            source=Source.IDENTITY,
            by=SYSTEM,
            at=MORNING,
        )

    return meet


#: the way to each state, as (action, role)
_ROADS: dict[State, list[Action]] = {
    State.DRAFT: [],
    State.SUBMITTED: [Action.SUBMIT],
    State.ACCEPTED: [Action.SUBMIT, Action.RECEIVE],
    State.REFUSED: [Action.SUBMIT, Action.REFUSE],
    State.PROCESSING: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS],
    State.AWAITING_SUPPLEMENT: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS, Action.ASK_MORE],
    State.WITHDRAWAL_ASKED: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS, Action.ASK_WITHDRAWAL],
    State.STOPPED: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS, Action.ASK_WITHDRAWAL, Action.STOP],
    State.SETTLED: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS, Action.SETTLE],
    State.RETURNED: [Action.SUBMIT, Action.RECEIVE, Action.PROCESS, Action.SETTLE, Action.HAND_OVER],
}


@dataclass(frozen=True)
class Road:
    """A dossier with the people around it."""

    dossier: Dossier
    citizen: Actor
    clerk: Actor
    officer: Actor
    leader: Actor

    def again(self) -> Dossier:
        """Read the dossier anew."""
        return queries.visible(SYSTEM).select_related("version", "agency", "desk").get(pk=self.dossier.pk)


@pytest.fixture
def road(
    place: Place,
    officer: Callable[..., Actor],
    version: Callable[[str], ProcedureVersion],
    person: Callable[..., Person],
) -> Callable[..., Road]:
    """Walk a dossier to a state by the real commands: road(State.SUBMITTED, RESIDENCE)."""
    people: dict[tuple[Role, int], Actor] = {}

    def somebody(role: Role, agency: Agency) -> Actor:
        key = (role, agency.pk)
        people[key] = people.get(key) or officer(role, agency)
        return people[key]

    def walk(
        state: State = State.SUBMITTED,
        code: str = BIRTH,
        *,
        channel: Channel = Channel.ONLINE,
        at: datetime = MORNING,
        checked: bool = True,
        change: dict[str, Any] | None = None,
    ) -> Road:
        published = version(code)
        applicant = person(code)
        agency = agency_queries.responsible(published.spec.resolves, division_code=COMMUNE, on=at.date())
        desk = agency_queries.responsible(published.spec.receives, division_code=COMMUNE, on=at.date())
        assert agency is not None and desk is not None
        around = {
            "citizen": citizen_of(applicant),
            "clerk": somebody(Role.CLERK, desk),
            "officer": somebody(Role.OFFICER, agency),
            "leader": somebody(Role.LEADER, agency),
        }
        files = around["citizen"] if channel is Channel.ONLINE else around["clerk"]
        dossier = commands.start(
            key=uuid4(),
            version=published,
            applicant=applicant,
            agency=agency,
            desk=desk,
            channel=channel,
            by=files,
            at=at,
        )
        fill(dossier, {**example(code)["answers"], **(change or {})}, by=files, at=at)
        walked = Road(dossier, **around)
        for step, action in enumerate(_ROADS[state], start=1):
            _go(walked, action, at=at + timedelta(minutes=step), checked=checked)
        return Road(walked.again(), **around)

    return walk


def fill(dossier: Dossier, answers: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Give a draft all answers and every paper that they call for."""
    commands.save_answers(dossier=dossier, values=answers, by=by, at=at)
    dossier.refresh_from_db()
    for rule in queries.needed_papers(dossier):
        if rule.required:
            commands.bring(dossier=dossier, kind=rule.key, upload=upload(f"{rule.key}.jpg"), by=by, at=at)


def _go(road: Road, action: Action, *, at: datetime, checked: bool) -> None:
    dossier = road.again()
    match action:
        case Action.SUBMIT:
            commands.submit(dossier=dossier, by=_filer(road), at=at)
            if checked:
                agreed = {"name": dossier.applicant_name, "born_on": dossier.applicant.born_on}
                agreed["gender"] = dossier.applicant.gender
                commands.check_register(dossier=road.again(), record=agreed, by=SYSTEM, at=at)
        case Action.RECEIVE:
            commands.receive(dossier=dossier, by=road.clerk, at=at)
        case Action.REFUSE:
            commands.refuse(dossier=dossier, reason="Không thuộc thẩm quyền.", by=road.clerk, at=at)
        case Action.ASK_MORE:
            items = [{"kind": "paper", "name": dossier.version.spec.papers[0].key, "title": "Giấy tờ"}]
            until = at.date() + timedelta(days=10)
            commands.ask_more(
                dossier=dossier, items=items, reason="Ảnh mờ, chụp lại.", until=until, by=road.officer, at=at
            )
        case Action.SETTLE:
            forward_to_leader(road, at=at)
            commands.settle(dossier=road.again(), by=road.leader, at=at)
        case Action.HAND_OVER:
            commands.hand_over(dossier=dossier, to=dossier.applicant_name, by=road.clerk, at=at)
        case Action.ASK_WITHDRAWAL:
            commands.act(action=action, dossier=dossier, reason="Tôi đổi ý.", by=road.citizen, at=at)
        case _:
            commands.act(action=action, dossier=dossier, reason="", by=road.officer, at=at)


def _filer(road: Road) -> Actor:
    return road.citizen if road.dossier.channel == Channel.ONLINE else road.clerk


def forward_to_leader(road: Road, *, at: datetime) -> None:
    """Walk through the steps of steps.toml until the leader's, each by the role that it waits for."""
    while road.again().step_role != Role.LEADER:
        waiting = road.again()
        by = next(a for a in (road.officer, road.clerk, *_heads(road)) if a.has(Role(waiting.step_role)))
        commands.act(action=Action.FORWARD, dossier=waiting, by=by, at=at)


def _heads(road: Road) -> list[Actor]:
    head = Actor(
        name="Trưởng phòng",
        roles=frozenset({Role.HEAD}),
        officer=road.officer.officer,
        agency=road.officer.agency,
        reach=road.officer.reach,
    )
    return [head]
