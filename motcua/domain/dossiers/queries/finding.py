"""Who may see which dossiers, and the lists people work from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from motcua.base.actor import Actor, Role
from motcua.base.text import fold, nfc
from motcua.domain.dossiers.models import DRAFT_LIFE, Dossier
from motcua.domain.dossiers.rules import ENDED, OPEN, State
from motcua.domain.people.rules import ORGANIZATION_TIES

PAGE = 50
#: long, and each process has built what it says from it already
DEFINITION = "version__definition"


def visible(actor: Actor) -> QuerySet[Dossier]:
    """Give the dossiers that exist for this actor; the only way to reach rows, for reading and for locking.

    Citizens: their own, but not what a clerk is still typing; what they file by mandate or as a parent only
    while they act for that person; all of an organization's while they act for it. Clerks: those of their
    counter. Office: those of their agency and below. Province office and auditors: everything below their
    agency, drafts excepted.
    """
    rows = Dossier.objects.all()
    if actor.has(Role.SYSTEM):
        return rows
    seen = Q(pk__in=())
    filed = ~Q(state=State.DRAFT)
    if actor.has(Role.CITIZEN) and actor.person is not None:
        seen |= _own(actor) & (filed | ~Q(created_by__startswith="officer:"))
    if actor.has(Role.CLERK) and actor.agency is not None:
        at_desk = Q(desk=actor.agency) | Q(agency=actor.agency)
        seen |= at_desk & (filed | Q(created_by=actor.subject))
    below = (Role.OFFICER, Role.HEAD, Role.LEADER, Role.PROVINCE_OFFICE, Role.AUDITOR)
    if actor.has(*below) and actor.reach:
        seen |= Q(agency__path__startswith=actor.reach) & filed
    return rows.filter(seen)


def _own(actor: Actor) -> Q:
    if actor.proxy is None:
        return Q(applicant=actor.person) | Q(filer=actor.person, filer_tie="")
    own = Q(applicant=actor.person)
    if actor.proxy_tie not in ORGANIZATION_TIES:
        own &= Q(filer=actor.proxy, filer_tie=actor.proxy_tie)
    return own & Q(version__procedure__code__in=actor.proxy_scope) if actor.proxy_scope else own


def get(actor: Actor, code: str) -> Dossier:
    """Give one dossier by its code, or DoesNotExist when this actor cannot know of it."""
    return (
        visible(actor)
        .select_related("version", "agency", "desk", "applicant", "filer", "assignee")
        .defer(DEFINITION)
        .get(code=code)
    )


def draft(actor: Actor, key: UUID) -> Dossier:
    """Give one dossier by its key: before submission there is no code yet."""
    return (
        visible(actor).select_related("version", "agency", "desk", "applicant").defer(DEFINITION).get(key=key)
    )


def mine(actor: Actor) -> list[Dossier]:
    """List a citizen's dossiers and drafts, newest first (at most 100)."""
    rows = visible(actor).filter(_own(actor)).select_related("version", "agency")
    return list(rows.defer(DEFINITION).order_by("-id")[:100])


def drafts_of(actor: Actor, procedure: str) -> list[Dossier]:
    """List a citizen's unfinished drafts of one procedure, so that none is begun twice by accident."""
    own = visible(actor).filter(state=State.DRAFT, version__procedure__code=procedure)
    return list(own.select_related("version").defer(DEFINITION).order_by("-saved_at")[:10])


@dataclass(frozen=True, kw_only=True)
class Filters:
    """How a worklist is narrowed; empty means no narrowing."""

    words: str = ""
    procedure: str = ""
    state: State | None = None
    step: str = ""
    #: "late" | "today" | "soon" | "paused" | ""
    due: str = ""
    only_mine: bool = False


def worklist(
    actor: Actor,
    *,
    filters: Filters,
    after: tuple[datetime | None, int] | None = None,
    at: datetime,
) -> list[Dossier]:
    """List open dossiers of the office by due time, paused ones last; `after` is the last row's (due_at, id).

    For one calendar the order of due times is the order of working time left. One more row than a page
    is returned when there are more.
    """
    rows = _narrow(visible(actor).filter(state__in=list(OPEN)), actor, filters, at)
    if after is not None:
        due_at, pk = after
        later = Q(due_at__isnull=True, pk__gt=pk)
        if due_at is not None:
            later = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk) | Q(due_at__isnull=True)
        rows = rows.filter(later)
    rows = rows.select_related("version", "assignee").defer("answers", "register", "version__definition")
    return list(rows.order_by("due_at", "id")[: PAGE + 1])


def _narrow(rows: QuerySet[Dossier], actor: Actor, filters: Filters, at: datetime) -> QuerySet[Dossier]:
    if filters.words:
        words = filters.words.strip()
        rows = rows.filter(Q(code__iendswith=words) | Q(applicant__name_folded__contains=fold(words)))
    if filters.procedure:
        rows = rows.filter(version__procedure__code=filters.procedure)
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.step:
        rows = rows.filter(step=filters.step)
    if filters.only_mine:
        rows = rows.filter(assignee=actor.officer)
    return rows.filter(_due(filters.due, at))


def _due(due: str, at: datetime) -> Q:
    night = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {
        "late": Q(due_at__lt=at),
        "today": Q(due_at__gte=at, due_at__lt=night),
        "later": Q(due_at__gte=night),
        "paused": Q(due_at__isnull=True),
    }.get(due, Q())


def counts(actor: Actor, *, at: datetime) -> dict[str, int]:
    """Count the office's open dossiers: late, due today, later, paused; 1000 means 1000 or more."""
    rows = visible(actor).filter(state__in=list(OPEN))
    return {due: rows.filter(_due(due, at))[:1000].count() for due in ("late", "today", "later", "paused")}


def line(actor: Actor, *, state: State) -> list[Dossier]:
    """List what waits at the counter: filed and not yet received, or settled and not yet handed over."""
    rows = visible(actor).filter(Q(desk=actor.agency), state=state)
    return list(
        rows.select_related("version", "applicant")
        .defer("answers", "register", "version__definition")
        .order_by("submitted_at", "id")[:PAGE]
    )


def by_code(actor: Actor, words: str) -> list[Dossier]:
    """Find dossiers by their code or by how it ends (at most 20, at least four signs)."""
    words = nfc(words).upper()
    if len(words) < 4:
        return []
    found = visible(actor).filter(code__endswith=words).select_related("version", "agency").defer(DEFINITION)
    return list(found.order_by("-id")[:20])


def desk_drafts(actor: Actor) -> list[Dossier]:
    """List the drafts that this clerk has open."""
    own = visible(actor).filter(state=State.DRAFT, created_by=actor.subject)
    return list(own.select_related("version").defer(DEFINITION).order_by("-saved_at")[:20])


def awaiting_decision(actor: Actor) -> list[Dossier]:
    """List what waits for the leader's approval, most urgent first."""
    rows = visible(actor).filter(state=State.PROCESSING, step_role=Role.LEADER)
    return list(
        rows.select_related("version", "assignee").defer(DEFINITION).order_by("due_at", "id")[: PAGE + 1]
    )


def of_person(actor: Actor, person: int) -> list[Dossier]:
    """List the dossiers of one person that this actor may see, newest first."""
    return list(
        visible(actor)
        .filter(applicant=person)
        .select_related("version")
        .defer(DEFINITION)
        .order_by("-id")[:20]
    )


def public_state(code: str, phone_tail: str) -> Dossier | None:
    """Find a dossier by its code and the last four digits of the phone (TT 01/2018 art. 16)."""
    if len(phone_tail) != 4 or not phone_tail.isdigit():
        return None
    rows = Dossier.objects.filter(code=code.strip().upper(), phone__endswith=phone_tail)
    return rows.exclude(state=State.DRAFT).select_related("version", "agency").defer(DEFINITION).first()


def forgotten(*, at: datetime, limit: int = 500) -> list[Dossier]:
    """List drafts that nobody has touched for their whole life, oldest first."""
    rows = Dossier.objects.filter(state=State.DRAFT, saved_at__lt=at - DRAFT_LIFE)
    return list(rows.defer(DEFINITION).select_related("version").order_by("saved_at")[:limit])


def unchecked(*, limit: int = 200) -> list[int]:
    """List running dossiers that still wait for the population register, oldest question first."""
    rows = Dossier.objects.filter(register_check="pending").exclude(state=State.DRAFT)
    rows = rows.exclude(state__in=list(ENDED))
    return list(rows.order_by("register_at", "id").values_list("pk", flat=True)[:limit])
