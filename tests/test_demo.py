"""The demonstration: what it fills in is what commands write, in every state, once."""

import io
import json
import shutil
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from motcua.base import events
from motcua.base.actor import OFFICE_ROLES, SYSTEM, Role
from motcua.base.models import Serial
from motcua.connectors.population import twin
from motcua.domain.agencies import commands as founding
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.rules import OFFICE_DAY, Kind
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import ENDED, OPEN, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.models import Paper
from motcua.domain.payments import queries as bills
from motcua.domain.payments.models import Bill
from motcua.domain.population import queries as population
from motcua.domain.population.commands import loading
from motcua.domain.population.generating.population import AS_OF
from motcua.portals.office.demo import copying
from motcua.portals.office.demo.fates import FATES, in_turn
from motcua.portals.office.demo.originals import originals
from motcua.portals.office.management.commands import demo
from tests.roads import MORNING

COUNT = 27
NAMES = (
    *("name", "born_on", "gender", "ethnicity", "nationality", "home_town", "permanent_address", "phone"),
    *("current_address", "marital_status", "father", "mother", "spouse", "deceased_on"),
)


class Filled:
    """A filled province, its files, and the command to fill it further."""

    def __init__(self, folder):
        self.people, self.accounts = folder / "people.json", folder / "accounts.json"
        self.said = ""
        #: what was said at the first filling, before any test fills more
        self.first = ""

    def fill(self, count, at=MORNING):
        command = demo.Command(stdout=(out := io.StringIO()))
        files = {"people": self.people, "accounts": self.accounts}
        command.fill(at, **files, dossiers=count, seed=6, weeks=8, verbosity=1)
        self.said = out.getvalue()

    @property
    def dossiers(self):
        return queries.visible(SYSTEM).select_related("version", "agency", "desk").order_by("pk")


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """Fill once for all tests here; everything is taken back in the end."""
    folder = tmp_path_factory.mktemp("demo")
    register = twin.Twin()
    site = override_settings(DEMO=True, MEDIA_ROOT=folder / "files")
    with django_db_blocker.unblock(), transaction.atomic(), site, twin.serve(register) as url:
        done = Filled(folder)
        loading.load(people=2500, seed=6, on=AS_OF, by=SYSTEM, at=MORNING)
        call_command("publish_procedures", stdout=io.StringIO())
        sizes = {"officers": 60, "applicants": 40, "communes": 3}
        call_command("demo_people", **sizes, out=done.people, stdout=io.StringIO())
        parts = json.loads(done.people.read_text())
        found_province({person["commune"] for part in ("mothers", "adults") for person in parts[part]})
        for number in numbers(parts):
            register.add(number, **population.attributes(population.by_number(number), NAMES))
        with override_settings(POPULATION_URL=url, POPULATION_TIMEOUT=30):
            done.fill(COUNT)
            done.first = done.said
            yield done
        transaction.set_rollback(True)
    shutil.rmtree(folder)


def found_province(communes):
    """Found the agencies that the demonstration needs; the whole province would take longer."""

    def found(code, kind, parent=None, place="80"):
        names = {"name": f"Cơ quan {code}", "name_en": code, "official_code": f"H39.{kind[0].upper()}.{code}"}
        where = {"parent": parent, "division_code": place, "in_force_from": date(2025, 7, 1)}
        return founding.found(code=code, kind=kind, **names, **where, by=SYSTEM, at=MORNING)

    root = found("80", Kind.PROVINCE)
    week = dict.fromkeys(range(5), OFFICE_DAY)
    founding.set_hours(agency=root, week=week, in_force_from=date(2025, 7, 1), by=SYSTEM, at=MORNING)
    police = found("CA", Kind.POLICE, root)
    found("CSGT", Kind.DIVISION, police)
    for commune in sorted(communes):
        found(commune, Kind.COMMUNE, root, commune)
        found(commune, Kind.COMMUNE_POLICE, police, commune)


def numbers(parts):
    """Everybody whose record may be asked for, spouses too."""
    people = [person for part in parts.values() for person in part]
    return {one["number"] for person in people for one in (person, *person["family"])}


pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]


def test_every_state_every_procedure_and_both_ways_of_filing_are_there(filled):
    dossiers = list(filled.dossiers)
    assert len(dossiers) == COUNT
    assert {dossier.status for dossier in dossiers} == set(State)
    assert len({dossier.version.code for dossier in dossiers}) == 3
    assert {dossier.channel for dossier in dossiers} == {"online", "direct"}
    assert len({dossier.agency_id for dossier in dossiers}) >= 4  # chance deals them out among ten
    assert {"agrees", "differs", "pending"} <= {dossier.register_check for dossier in dossiers}


def test_nothing_stops_on_the_way(filled):
    assert "dừng giữa chừng" not in filled.first


def test_there_are_late_ones_some_due_today_and_some_on_a_new_promise(filled):
    night = MORNING.replace(hour=0) + timedelta(days=1)
    due = [d.due_at for d in filled.dossiers if d.status in OPEN and d.due_at]
    assert [at for at in due if at < MORNING]
    assert [at for at in due if MORNING <= at < night]
    assert [at for at in due if at >= night]
    assert any(dossier.postponed for dossier in filled.dossiers)
    assert any(dossier.supplements.count() == 2 for dossier in filled.dossiers)


def test_the_logs_hold_and_tell_of_the_past_in_order(filled):
    for dossier in filled.dossiers:
        facts = events.history(dossier.subject)
        assert not list(events.broken(dossier.subject))
        assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)
        assert all(fact.at <= MORNING + timedelta(minutes=20) for fact in facts)


def test_offices_work_only_in_their_hours(filled):
    for dossier in filled.dossiers:
        calendar = agencies.calendar(dossier.agency_id)
        for fact in events.history(dossier.subject):
            if fact.by.startswith("officer:") and fact.name in ("dossier.process", "dossier.settle"):
                assert calendar.spans(timezone.localdate(fact.at)), fact.at


def test_codes_follow_the_order_of_filing(filled):
    filed = sorted((d for d in filled.dossiers if d.code), key=lambda d: d.submitted_at)
    by_day = {}
    for dossier in filed:
        day, _dash, serial = dossier.code.rpartition("-")
        by_day.setdefault(day, []).append(int(serial))
    assert all(serials == list(range(1, len(serials) + 1)) for serials in by_day.values())


def test_a_result_is_handed_over_only_when_everything_is_paid(filled):
    returned = [dossier for dossier in filled.dossiers if dossier.status is State.RETURNED]
    assert returned
    for dossier in returned:
        assert bills.due(dossier.subject) == 0
        assert any(paper.origin == "result" for paper in papers.of(dossier.subject))
        assert dossier.ended_at >= dossier.settled_at


def test_papers_are_scanned_when_they_come(filled):
    brought = [p for d in filled.dossiers for p in papers.of(d.subject) if p.origin == "upload"]
    assert brought
    assert {paper.file.state for paper in brought} == {"clean"}
    assert all(paper.file.scanned_at - paper.attached_at < timedelta(minutes=1) for paper in brought)
    pictures = [paper for paper in brought if paper.is_picture]
    assert all(paper.file.derived.count() == 2 for paper in pictures)


def test_one_can_log_in_as_every_role_and_as_the_people_of_the_stories(filled):
    rows = json.loads(filled.accounts.read_text())
    assert [row["role"] for row in rows].count("citizen") == 5
    assert {row["role"] for row in rows} == {Role.CITIZEN, *OFFICE_ROLES}
    for row in rows:
        held = agencies.actor_of_officer(citizen_number=row["number"], on=MORNING.date())
        assert row["note"]
        assert (held is None) if row["role"] == "citizen" else held.has(Role(row["role"]))


def test_the_stories_of_those_who_log_in_are_told(filled):
    parts = json.loads(filled.people.read_text())
    mine = {
        part: [d.status for d in filled.dossiers.filter(applicant__number=parts[part][-1]["number"])]
        for part in ("parents", "mover", "driver", "elder")
    }
    assert mine == {
        "parents": [],
        "mover": [State.AWAITING_SUPPLEMENT],
        "driver": [State.AWAITING_PAYMENT],
        "elder": [State.PROCESSING],
    }


def test_filling_again_adds_nothing_and_filling_further_adds_the_rest(filled):
    filled.fill(COUNT)
    assert filled.dossiers.count() == COUNT
    filled.fill(COUNT + 2)
    assert filled.dossiers.count() == COUNT + 2
    assert f"2 hồ sơ mới, {COUNT} đã có" in filled.said


# ------------------------------------------------------------------ copies


@pytest.fixture
def copies(filled):
    """Copy what is there, and give each original with its copies."""
    before = list(filled.dossiers)
    taken = originals({dossier.key: dossier for dossier in before})
    copying.copy(taken, 200, seed="test", presses=1, tell=lambda done: None)
    known = {(d.version_id, d.applicant_id, d.created_at): d for d in before if d.code}
    found = {}
    for dossier in filled.dossiers.filter(pk__gt=before[-1].pk):
        original = known[dossier.version_id, dossier.applicant_id, dossier.created_at]
        found.setdefault(original.pk, (original, []))[1].append(dossier)
    assert sum(len(many) for _original, many in found.values()) == 200
    return list(found.values())


def columns(row):
    """Every column with whether something stands in it, and what stands there if it is not its own."""
    own = {"id", "key", "code", "subject", "number", "file_id", "dossier_id", "reference", "receipt_number"}
    own |= {"original_name", "derived_from_id"}
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value not in (None, "") if name in own else value for name, value in values.items()}


def belongings(dossier):
    kept, money = papers.of(dossier.subject), bills.of(dossier.subject)
    return {
        "itself": [columns(dossier)],
        "pauses": [columns(row) for row in dossier.pauses.order_by("pk")],
        "supplements": [columns(row) for row in dossier.supplements.order_by("number")],
        "papers": [columns(row) for row in kept],
        "files": [columns(row.file) for row in kept],
        "pictures": [[columns(one) for one in row.file.derived.order_by("how")] for row in kept],
        "bills": [columns(row) for row in money],
        "facts": [
            (e.number, e.name, e.at, e.by, e.note, sorted(e.data)) for e in events.history(dossier.subject)
        ],
    }


def test_a_copy_has_the_rows_of_its_original(copies):
    assert {original.status for original, _many in copies} >= ENDED | {State.SETTLED, State.PROCESSING}
    for original, many in copies:
        expected = belongings(original)
        for dossier in many[:2]:
            assert belongings(dossier) == expected
            assert queries.facts(dossier) == queries.facts(original)
            assert queries.explained(dossier) == queries.explained(original)


def test_the_log_of_a_copy_holds_and_speaks_of_its_own_papers(copies):
    for _original, many in copies:
        dossier = many[-1]
        assert not list(events.broken(dossier.subject))
        own = {paper.pk for paper in papers.of(dossier.subject)}
        spoken = {e.data["paper"] for e in events.history(dossier.subject) if "paper" in e.data}
        assert spoken == own
        for paper in papers.of(dossier.subject):
            if paper.origin == "result":
                assert paper.number.startswith(f"{dossier.code}-")


def test_numbers_go_on_without_a_gap(copies):
    given = Counter()
    for code in Dossier.objects.exclude(code=None).values_list("code", flat=True):
        prefix, day, _serial = code.rsplit("-", 2)
        given[f"dossier:{prefix}:{day}"] += 1
    slips = Paper.objects.filter(origin="slip").select_related("file")
    desks = dict(Dossier.objects.values_list("pk", "desk_id"))
    for slip in slips:
        desk, mark = desks[int(slip.subject.partition(":")[2])], slip.number.partition("/")[2]
        given[f"slip:agency:{desk}:{timezone.localtime(slip.attached_at).year}:{mark}"] += 1
    for agency, number in Bill.objects.filter(state="paid").values_list("receipt_agency", "receipt_number"):
        given[f"receipt:{agency}:{number.partition('/')[2]}"] += 1
    assert dict(Serial.objects.values_list("name", "last")) == given


def test_ended_dossiers_are_copied_more_often_than_open_ones(copies):
    count = Counter(original.status in ENDED for original, many in copies for _one in many)
    assert count[True] > 2 * count[False]


def test_presses_share_no_counter_and_about_the_same_work(filled):
    taken = originals({dossier.key: dossier for dossier in filled.dossiers})
    groups = copying._parted(taken, 2)
    desks = [{one.dossier.desk_id for one in group} for group in groups]
    assert not desks[0] & desks[1]
    weights = [sum(one.weight for one in group) for group in groups]
    assert min(weights) > max(weights) / 3


# ------------------------------------------------------------------ refusals and rules


def test_it_is_refused_outside_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="MOTCUA_DEMO"):
        call_command("demo")


@pytest.mark.parametrize("text", [None, "", "{", '{"parents": []}', "[1]"])
def test_a_list_of_people_that_is_missing_or_broken_is_said_in_a_sentence(settings, tmp_path, text):
    settings.DEMO = True
    path = tmp_path / "people.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo", people=path, accounts=tmp_path / "accounts.json", dossiers=1)


def test_fates_come_as_often_as_their_weights_say():
    total = sum(fate.weight for fate in FATES)
    turn = in_turn()
    first = [next(turn) for _number in range(10 * total)]
    assert first[: len(FATES)] == list(FATES)
    came = Counter(fate.name for fate in first)
    assert all(abs(came[fate.name] - 10 * fate.weight) <= 1 for fate in FATES)


def test_nothing_is_written_when_a_register_is_away_but_what_people_typed(filled, settings):
    settings.POPULATION_URL = "http://127.0.0.1:9/dan-cu/v1"
    filled.fill(COUNT + 6)
    fresh = [d for d in filled.dossiers if d.pk > 0][-6:]
    assert all(source["source"] == "typed" for d in fresh for source in d.answers.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'react' AND status = 'todo'"
        )
        assert cursor.fetchone()[0] >= len([d for d in fresh if d.code])
