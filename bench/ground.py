"""A province to measure in: agencies, one officer, one real dossier, and that one many times over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands as staff
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.models import Agency
from motcua.domain.dossiers import commands
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Person
from motcua.domain.procedures import package
from motcua.domain.procedures import queries as procedures
from tests.roads import BIRTH, FOLDERS, JPEG

COMMUNE = "27694"
#: ids of multiplied rows start here, so that their text is found nowhere else
FIRST = 700_000_000
#: open dossiers that one agency has on its desk
DESK = 200


def prepare(call: Callable[..., Any]) -> None:
    """Empty the bench's database and found the province anew."""
    call("migrate", verbosity=0)
    call("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        # A log may be emptied nowhere but in databases that only tests and measurements use.
        cursor.execute("ALTER TABLE base_event DISABLE TRIGGER base_event_not_truncated")
        cursor.execute(
            "TRUNCATE dossiers_pause, dossiers_supplement, dossiers_dossier, papers_paper, base_event, "
            "base_serial, procrastinate_jobs, django_session CASCADE"
        )
        cursor.execute("ALTER TABLE base_event ENABLE TRIGGER base_event_not_truncated")
    for command in ("load_agencies", "publish_procedures"):
        call(command, verbosity=0, stdout=StringIO())  # what they say is no figure


def here() -> Agency:
    """Give the commune whose desk is measured."""
    found = agencies.responsible("commune", division_code=COMMUNE, on=timezone.localdate())
    assert found is not None
    return found


def citizen() -> tuple[Person, Actor]:
    """Meet the applicant of the birth registration's example."""
    known = package.example(FOLDERS[BIRTH])["person"]
    person = remember(
        number=known["number"],
        name=known["name"],
        born_on=known["born_on"],
        gender=known["gender"],
        phone=known["phone"],
        source="identity",
        by=SYSTEM,
        at=timezone.now(),
    )
    return person, Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2)


def officer(role: Role, number: str) -> Actor:
    """Appoint somebody at the measured desk."""
    today = timezone.localdate()
    if actor := agencies.actor_of_officer(citizen_number=number, on=today):
        return actor
    staff.engage(
        citizen_number=number,
        name="Cán bộ đo",
        agency=here(),
        role=role,
        in_force_from=date(2025, 7, 1),
        by=SYSTEM,
        at=timezone.now(),
    )
    actor = agencies.actor_of_officer(citizen_number=number, on=today)
    assert actor is not None
    return actor


def draft() -> Dossier:
    """Fill a draft by the real commands, ready to be filed."""
    person, actor = citizen()
    at = timezone.now()
    dossier = commands.start(
        key=uuid4(),
        version=procedures.current(BIRTH, on=timezone.localdate(at)),
        applicant=person,
        agency=here(),
        desk=here(),
        channel=Channel.ONLINE,
        by=actor,
        at=at,
    )
    values = {**package.example(FOLDERS[BIRTH])["answers"]}
    born = (timezone.localdate(at) - timedelta(days=10)).isoformat()
    values |= {"child_born_on": born, "certificate_on": born}
    dossier = commands.save_answers(dossier=dossier, values=values, by=actor, at=at)
    photo = SimpleUploadedFile("a.jpg", JPEG.read_bytes(), content_type="image/jpeg")
    commands.bring(dossier=dossier, kind="birth_note", upload=photo, by=actor, at=at)
    return dossier


def filed() -> tuple[Dossier, Actor, datetime]:
    """Walk one dossier to the officer's desk."""
    clerk, desk = officer(Role.CLERK, "080190000001"), officer(Role.OFFICER, "080190000002")
    dossier, at = draft(), timezone.now()
    dossier = commands.submit(dossier=dossier, by=citizen()[1], at=at)
    dossier = commands.receive(dossier=dossier, by=clerk, at=at)
    dossier = commands.act(action=Action.PROCESS, dossier=dossier, by=desk, at=at)
    return dossier, clerk, at


def _columns(table: str, **special: str) -> tuple[str, str]:
    """Give the columns of a table, and what is selected for each when its rows are multiplied."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        names = [column.name for column in cursor.description or ()]
    return ", ".join(f'"{n}"' for n in names), ", ".join(special.get(n, f'"{n}"') for n in names)


def drafts(count: int, *, start: int) -> list[int]:
    """Multiply one complete draft with its papers and its log; give the new ids."""
    model = draft()
    first, last = FIRST + start, FIRST + start + count - 1
    subject = "'dossier:' || n"
    with connection.cursor() as cursor:
        for table, where, special in (
            ("dossiers_dossier", f"id = {model.pk}", {"id": "n", "key": "md5(n::text)::uuid"}),
            ("papers_paper", f"subject = '{model.subject}'", {"id": "n", "subject": subject}),
            (
                "base_event",
                f"subject = '{model.subject}'",
                {"id": "nextval('base_event_id_seq')", "subject": subject},
            ),
        ):
            names, values = _columns(table, **special)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} "
                f"FROM {table}, generate_series({first}, {last}) n WHERE {where}"
            )
    return list(range(first, last + 1))


def multiply(size: int, *, state: State) -> None:
    """Bring the province to so many dossiers: each commune has DESK open ones, the rest are done."""
    dossier = Dossier.objects.filter(state=state, pk__lt=FIRST).latest("pk")
    have = Dossier.objects.count()
    special = {
        "id": "2000000000 + n",
        "key": "md5('w' || n::text)::uuid",
        "code": f"'BENCH-' || n || '-{size}'",
        "answers": "'{}'::jsonb",
        "agency_id": "(SELECT ids[1 + n % cardinality(ids)] FROM communes)",
        "state": f"CASE WHEN n < {DESK} * 97 THEN {int(state)} ELSE {int(State.RETURNED)} END",
        "settled_at": f"CASE WHEN n < {DESK} * 97 THEN NULL ELSE received_at END",
        "ended_at": f"CASE WHEN n < {DESK} * 97 THEN NULL ELSE received_at END",
        "due_at": "due_at + (n % 4000) * interval '7 minutes' - interval '3 days'",
    }
    names, values = _columns("dossiers_dossier", **special)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "WITH communes AS (SELECT array_agg(id ORDER BY id) AS ids FROM agencies_agency "
            "WHERE kind = 'commune') "
            f"INSERT INTO dossiers_dossier ({names}) SELECT {values} "
            f"FROM dossiers_dossier, generate_series({have}, {size - 1}) n WHERE id = {dossier.pk}"
        )
        cursor.execute("ANALYZE dossiers_dossier")
