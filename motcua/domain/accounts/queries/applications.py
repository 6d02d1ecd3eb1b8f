"""Reading applications for accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor, Role
from motcua.base.deadline import Deadline, deadline, minutes_left
from motcua.base.models import StoredFile
from motcua.domain.accounts.models import Account, Application, Endorsement, Organization
from motcua.domain.accounts.rules.applications import (
    CALENDAR,
    DRAFT_LIFE,
    MOVES,
    NO_LEVEL,
    OWN_AGE,
    Action,
    Case,
    State,
    term,
    why_not,
)
from motcua.domain.population.models import NUMBER, Person
from motcua.domain.population.queries import family
from motcua.domain.population.rules import Relation, age


@dataclass(frozen=True, slots=True)
class Waiting:
    """One application in the line of a desk."""

    application: Application
    #: working minutes, negative when late
    left: int


def applications(actor: Actor) -> QuerySet[Application]:
    """List the applications that a desk may see: its own place's and those that any desk decides."""
    rows = Application.objects.select_related("person", "guardian__person", "photo")
    if actor.has(Role.SYSTEM):
        return rows
    here = Q(place_code=actor.reach) | Q(place_code="")
    return rows.filter(here) if actor.has(Role.IDENTITY_OFFICER) else rows.none()


def line(actor: Actor, *, at: datetime) -> list[Waiting]:
    """List what waits for a decision, the most urgent first."""
    waiting = applications(actor).filter(state=State.FILED).order_by("due_at", "pk")[:200]
    return [Waiting(one, left(one, at=at)) for one in waiting]


def lapsing(actor: Actor) -> QuerySet[Application]:
    """List what was approved and not activated, in time or at all."""
    rows = applications(actor).filter(state__in=[State.APPROVED, State.LAPSED])
    return rows.order_by("activate_until", "pk")[:50]


def left(application: Application, *, at: datetime) -> int:
    """Count the working minutes that are left for a filed application, or were when it ended."""
    assert application.due_at is not None
    until = application.decided_at or application.withdrawn_at or at
    return minutes_left(due_at=application.due_at, at=until, calendar=CALENDAR)


def due(case: str, *, filed_at: datetime) -> Deadline:
    """Work out by when an application of this case is answered, and why."""
    return deadline(received_at=filed_at, term=term(Case(case)), pauses=(), calendar=CALENDAR)


def why_not_decide(application: Application, action: Action, *, by: Actor) -> str:
    """Say why an officer cannot do this to an application; empty when nothing hinders."""
    guardian = application.guardian.person_id if application.guardian else None
    own = by.person in (application.person_id, guardian) or (
        application.level != 1 and application.taken_by == by.subject
    )
    dead, level = application.person.deceased_on is not None, application.level
    held = level != NO_LEVEL and (held_level(application.person) or 0) >= level
    reason = why_not(action, state=application.state, roles=by.roles, own=own, dead=dead, held=held)
    return str(reason) if reason else ""


def application(key: str, *, at: datetime) -> Application | None:
    """Find the application of an applicant's browser; a draft only while its telephone may be proved."""
    found = Application.objects.select_related("person").filter(key=key) if key and "\0" not in key else None
    alive = Q(made_at__gt=at - DRAFT_LIFE) | ~Q(state=State.DRAFT)
    return found.filter(alive).first() if found else None


def own_applications(actor: Actor, *, key: str = "") -> QuerySet[Application]:
    """List what somebody applied for: for oneself, one's organization or child, or in this browser by key."""
    mine = Q(person_id=actor.person) | Q(guardian__person_id=actor.person) if actor.person else Q(pk=None)
    here = Q(key=key) if key and "\0" not in key else Q(pk=None)
    return Application.objects.select_related("person").filter(mine | here).order_by("-pk")


def unfinished(application: Application) -> bool:
    """Tell whether an application may still be withdrawn."""
    return State(application.state) in MOVES[Action.WITHDRAW].start


def to_activate(number: str, *, at: datetime) -> Application | None:
    """Find the approved application of a person's number that may still be activated."""
    waiting = Application.objects.select_related("person").filter(
        state=State.APPROVED,
        activate_until__gte=at,
        person__number_index__in=secrets.blinds(number, place=NUMBER),
    )
    return waiting.exclude(level=NO_LEVEL).first()


def place_of_application_codes(application: Application) -> str:
    """Give the place under which the codes of an application are hashed."""
    return f"accounts_application_code:{application.pk}"


def is_application_code(application: Application, typed: str) -> bool:
    """Tell whether somebody typed the code of an application."""
    kept = bytes(application.code_hash) if application.code_hash is not None else b""
    return kept in secrets.blinds(typed, place=place_of_application_codes(application))


def held_level(person: Person) -> int | None:
    """Give the level of the account that a person has, or None."""
    return Account.objects.filter(person=person).values_list("level", flat=True).first()


def has_card(person: Person, *, on: date) -> bool:
    """Tell whether a person has an identity card that is valid on a day; from 60 on it is for life."""
    if person.card_expires_on is None:
        return person.card_issued_on is not None
    return person.card_expires_on >= on


def organizations(actor: Actor) -> QuerySet[Organization]:
    """List the organizations that somebody heads."""
    if actor.person is None:
        return Organization.objects.none()
    mine = Organization.objects.filter(head__person_id=actor.person, closed_at=None)
    return mine.order_by("name", "pk")


def organization_applications(actor: Actor) -> QuerySet[Application]:
    """List the applications for organizations that somebody made as their head, newest first."""
    if actor.person is None:
        return Application.objects.none()
    return Application.objects.filter(person_id=actor.person, level=NO_LEVEL).order_by("-pk")


def child_applications(account: Account) -> QuerySet[Application]:
    """List the applications that a parent made, newest first."""
    return Application.objects.filter(guardian=account).select_related("person").order_by("-pk")


def endorsements(actor: Actor) -> QuerySet[Endorsement]:
    """List where somebody's agreement as a legal representative is waited for."""
    waiting = Endorsement.objects.filter(given_at=None, application__state=State.DRAFT)
    mine = waiting.filter(account__person_id=actor.person) if actor.person else waiting.none()
    return mine.select_related("application__person").order_by("pk")


def photo_of(subject: str) -> StoredFile | None:
    """Find the photo of an application by the name it has in the event log."""
    found = Application.objects.select_related("photo").filter(pk=subject.partition(":")[2]).first()
    return found.photo if found else None


def children(account: Account, *, on: date) -> list[Person]:
    """List the children under 14 of a level 2 account's holder, as the register knows them."""
    if account.level < 2:
        return []
    found = (one for one, relation in family(account.person, on=on) if relation == Relation.CHILD)
    return [one for one in found if age(one.born_on, on) < OWN_AGE]
