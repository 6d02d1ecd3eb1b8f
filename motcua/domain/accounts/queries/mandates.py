"""Reading who acts for whom."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from motcua.base.actor import Actor, Role
from motcua.base.text import fold
from motcua.domain.accounts.models import Account, Mandate, Organization
from motcua.domain.accounts.rules.accounts import State
from motcua.domain.accounts.rules.mandates import MandateState, Tie, is_child, last_of_childhood
from motcua.domain.population import queries as population
from motcua.domain.population.models import Person, Right

#: an organization for which people act
OPEN = Q(closed_at=None, locked_at=None, head__state=State.ACTIVE)


@dataclass(frozen=True, slots=True)
class Represented:
    """A person or an organization for which one may act today."""

    tie: Tie
    person: Person | None = None
    organization: Organization | None = None
    #: codes of procedures; none named: all of them
    procedures: tuple[str, ...] = ()
    until: date | None = None


def mandates(actor: Actor) -> QuerySet[Mandate]:
    """List the mandates that somebody gave or was given, newest first."""
    if actor.person is None:
        return Mandate.objects.none()
    own = Mandate.objects.filter(Q(principal=actor.person) | Q(agent=actor.person))
    return own.select_related("principal", "agent", "organization").order_by("-pk")


def living_mandates(whose: Person | Organization) -> QuerySet[Mandate]:
    """List the mandates that are offered or accepted: of either side of somebody, or for an organization."""
    either = Q(principal=whose.pk) | Q(agent=whose.pk)
    mine = Q(organization=whose) if isinstance(whose, Organization) else either
    return Mandate.objects.filter(mine, state__in=[MandateState.OFFERED, MandateState.ACCEPTED])


def dead(subject: str) -> Person | None:
    """Find somebody by the name in the event log whom the register knows dead."""
    kind, _colon, key = subject.partition(":")
    return Person.objects.filter(pk=key).exclude(deceased_on=None).first() if kind == "person" else None


def represented(person: Person, *, on: date) -> list[Represented]:
    """List for whom somebody may act on a day: children under age, organizations headed, then mandates."""
    if person.deceased_on is not None:
        return []
    born = Person.objects.filter(Q(father=person) | Q(mother=person), deceased_on=None).order_by("pk")
    children = [
        Represented(Tie.PARENT, one, until=last_of_childhood(one.born_on))
        for one in born
        if is_child(one.born_on, on)
    ]
    headed = Organization.objects.filter(OPEN, head__person=person).order_by("name", "pk")
    heads = [Represented(Tie.HEAD, organization=one) for one in headed]
    return children + heads + [_by_mandate(one) for one in _live(person, on)]


def _live(agent: Person, on: date) -> QuerySet[Mandate]:
    """Give the mandates that count: the giver can use the own account, and still heads the organization."""
    given = Mandate.objects.filter(
        agent=agent, state=MandateState.ACCEPTED, since__lte=on, until__gte=on
    ).values_list("pk", flat=True)
    # Most people have none: what else a mandate stands on is asked of those that there are.
    if not (found := list(given)):
        return Mandate.objects.none()
    accepted = Mandate.objects.filter(pk__in=found, principal__deceased_on=None)
    usable = Q(principal__in=Account.objects.filter(state=State.ACTIVE).values("person"))
    headed = Q(organization__in=Organization.objects.filter(OPEN), organization__head__person=F("principal"))
    counting = accepted.filter(usable, Q(organization=None) | headed)
    return counting.select_related("principal", "organization").order_by("pk")


def _by_mandate(one: Mandate) -> Represented:
    scope, until = tuple(one.procedures), one.until
    if one.organization is not None:
        return Represented(Tie.DELEGATE, None, one.organization, procedures=scope, until=until)
    return Represented(Tie.MANDATE, one.principal, procedures=scope, until=until)


def desk_organizations(actor: Actor) -> QuerySet[Organization]:
    """Give the organizations with an account, for identity desks; found one at a time, never as a list."""
    rows = Organization.objects.select_related("head__person")
    return rows if actor.has(Role.IDENTITY_OFFICER) else rows.none()


def organization_agents(organization: Organization) -> list[int]:
    """List who acts for an organization: its head, and by mandate."""
    given = Mandate.objects.filter(organization=organization, state=MandateState.ACCEPTED)
    return [organization.head.person_id, *given.values_list("agent", flat=True)]


def agents(account: Account) -> list[int]:
    """List who acts by mandate of an account's holder, for the holder or for an organization."""
    given = Mandate.objects.filter(principal=account.person_id, state=MandateState.ACCEPTED)
    return list(given.values_list("agent", flat=True))


def parents(person: Person, *, on: date) -> list[Person]:
    """List who acts for somebody under age."""
    if not is_child(person.born_on, on):
        return []
    found = (person.father, person.mother)
    return [one for one in found if one is not None and one.deceased_on is None]


def somebody(number: str, name: str) -> Person | None:
    """Find somebody living by number and name together; either alone finds nobody."""
    person = population.by_number(number)
    known = person is not None and person.deceased_on is None and fold(person.name) == fold(name)
    return person if known else None


def procedure_names() -> dict[str, str]:
    """Give the procedures that a mandate can be limited to, by code."""
    named = Right.objects.exclude(title="").order_by("procedure").values_list("procedure", "title")
    return dict(named)
