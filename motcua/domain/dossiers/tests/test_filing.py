"""Drafts, answers and submission."""

from datetime import timedelta
from uuid import uuid4

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.base.models import FileState
from motcua.domain.dossiers import commands, jobs, queries
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.commands import note_scan
from tests.roads import BIRTH, MORNING, citizen_of, example, fill

LATER = MORNING + timedelta(hours=1)


def begin(place, version, applicant, *, key=None, by=None) -> Dossier:
    return commands.start(
        key=key or uuid4(),
        version=version(BIRTH),
        applicant=applicant,
        agency=place.commune,
        desk=place.commune,
        channel=Channel.ONLINE,
        by=by or citizen_of(applicant),
        at=MORNING,
    )


def test_the_same_key_gives_the_same_draft(place, version, person) -> None:
    applicant, key = person(BIRTH), uuid4()
    assert begin(place, version, applicant, key=key) == begin(place, version, applicant, key=key)
    assert Dossier.objects.count() == 1


def test_somebody_elses_key_opens_nothing(place, version, person) -> None:
    key = uuid4()
    begin(place, version, person(BIRTH), key=key)
    stranger = person(number="080190000999", name="Người Khác")
    with pytest.raises(Dossier.DoesNotExist):
        begin(place, version, stranger, key=key)


def test_prefilled_answers_carry_the_register_as_source(place, version, person) -> None:
    applicant = person(BIRTH)
    draft, citizen = begin(place, version, applicant), citizen_of(applicant)
    draft = commands.prefill(dossier=draft, record=example(BIRTH)["person"], by=citizen, at=MORNING)
    assert draft.answers["mother_born_on"]["source"] == "register"
    assert draft.answers["mother_born_on"]["value"] == "1992-08-15"
    assert draft.register_at == MORNING


def test_an_overridden_answer_keeps_the_registers_value_in_sight(place, version, person) -> None:
    applicant = person(BIRTH)
    draft, citizen = begin(place, version, applicant), citizen_of(applicant)
    draft = commands.prefill(dossier=draft, record=example(BIRTH)["person"], by=citizen, at=MORNING)
    change = {"mother_ethnicity": "Hoa"}
    draft = commands.save_answers(dossier=draft, values=change, by=citizen, at=LATER)
    assert draft.answers["mother_ethnicity"]["source"] == "typed"
    assert draft.answers["mother_ethnicity"]["register"] == "Kinh"
    assert queries.differences(draft) == {"mother_ethnicity": ("Hoa", "Kinh")}
    back = commands.save_answers(dossier=draft, values={"mother_ethnicity": "Kinh"}, by=citizen, at=LATER)
    assert back.answers["mother_ethnicity"]["source"] == "register"
    assert queries.differences(back) == {}


def test_two_tabs_saving_different_pages_lose_nothing_of_each_other(place, version, person) -> None:
    applicant = person(BIRTH)
    draft, citizen = begin(place, version, applicant), citizen_of(applicant)
    stale = queries.draft(citizen, draft.key)
    commands.save_answers(dossier=draft, values={"child_name": "Nguyễn Bảo Ngọc"}, by=citizen, at=MORNING)
    commands.save_answers(dossier=stale, values={"child_gender": "female"}, by=citizen, at=LATER)
    saved = queries.draft(citizen, draft.key).values
    assert saved == {"child_name": "Nguyễn Bảo Ngọc", "child_gender": "female"}


def test_an_incomplete_draft_is_refused_with_the_first_mistake_named(place, version, person) -> None:
    applicant = person(BIRTH)
    draft = begin(place, version, applicant)
    with pytest.raises(Refused, match="cần sửa"):
        commands.submit(dossier=draft, by=citizen_of(applicant), at=LATER)
    assert queries.draft(citizen_of(applicant), draft.key).status is State.DRAFT


def test_a_missing_paper_keeps_a_draft_from_being_filed(place, version, person) -> None:
    applicant = person(BIRTH)
    draft, citizen = begin(place, version, applicant), citizen_of(applicant)
    draft = commands.save_answers(dossier=draft, values=example(BIRTH)["answers"], by=citizen, at=MORNING)
    found = queries.problems(draft, on=MORNING.date())
    assert {problem.field for problem in found} == {"paper:birth_note"}


def test_an_infected_file_is_no_paper(road) -> None:
    walked = road(State.DRAFT)
    assert queries.problems(walked.dossier, on=MORNING.date()) == []
    paper = papers.of(walked.dossier.subject)[0]
    note_scan(paper=paper, state=FileState.INFECTED, found="Eicar", by=SYSTEM, at=LATER)
    found = queries.problems(walked.again(), on=MORNING.date())
    assert [problem.field for problem in found] == ["paper:birth_note"]


def test_submission_gives_a_code_a_time_and_an_answer_by_the_end_of_eight_working_hours(road) -> None:
    walked = road(State.SUBMITTED)
    assert walked.dossier.code == "H80.27694-261123-0001"
    assert walked.dossier.submitted_at == MORNING + timedelta(minutes=1)
    # 9:01 Monday and eight working hours: 9:01 Tuesday; but Tuesday 24 November 2026 is a public holiday.
    assert walked.dossier.step_due_at == MORNING + timedelta(days=2, minutes=1)


def test_submitting_twice_is_submitting_once(road) -> None:
    walked = road(State.SUBMITTED)
    again = commands.submit(dossier=walked.dossier, by=walked.citizen, at=LATER)
    assert again.code == walked.dossier.code
    names = [event.name for event in events.history(walked.dossier.subject)]
    assert names.count("dossier.submit") == 1


def test_codes_run_without_gaps_within_an_agency_and_a_day(road) -> None:
    codes = [road(State.SUBMITTED).dossier.code for _ in range(3)]
    assert [code.rpartition("-")[2] for code in codes] == ["0001", "0002", "0003"]


def test_a_filed_dossier_cannot_be_edited_any_more(road) -> None:
    walked = road(State.SUBMITTED)
    with pytest.raises(Refused, match=str(walked.dossier.code)):
        commands.save_answers(
            dossier=walked.dossier, values={"child_name": "Trần Khác Rồi"}, by=walked.citizen, at=LATER
        )


def test_nobody_else_sees_a_draft(road, officer, place) -> None:
    walked = road(State.DRAFT)
    for role in (Role.CLERK, Role.OFFICER, Role.LEADER, Role.PROVINCE_OFFICE, Role.AUDITOR):
        somebody = officer(role, place.root if "pro" in role or "aud" in role else place.commune)
        assert not queries.visible(somebody).filter(pk=walked.dossier.pk).exists()


def test_a_discarded_draft_leaves_only_its_log(road) -> None:
    walked = road(State.DRAFT)
    subject = walked.dossier.subject
    commands.discard(dossier=walked.dossier, by=walked.citizen, at=LATER)
    assert not Dossier.objects.exists()
    assert events.history(subject)[-1].name == "dossier.discard"


def test_a_draft_left_alone_for_thirty_days_is_thrown_away_and_no_filed_dossier_is(road) -> None:
    left, filed = road(State.DRAFT), road(State.SUBMITTED)
    jobs.forget_drafts(at=left.dossier.kept_until)
    assert left.dossier in Dossier.objects.all()
    jobs.forget_drafts(at=left.dossier.kept_until + timedelta(seconds=1))
    assert list(Dossier.objects.all()) == [filed.dossier]
    last = events.history(left.dossier.subject)[-1]
    assert (last.name, last.by) == ("dossier.discard", "system")


def test_the_register_is_compared_at_filing_when_it_was_asked_before(place, version, person) -> None:
    applicant = person(BIRTH)
    draft, citizen = begin(place, version, applicant), citizen_of(applicant)
    draft = commands.prefill(dossier=draft, record=example(BIRTH)["person"], by=citizen, at=MORNING)
    assert draft.register_check == "pending"
    typed = {k: v for k, v in example(BIRTH)["answers"].items() if k not in draft.answers}
    fill(draft, typed, by=citizen, at=MORNING)
    filed = commands.submit(dossier=draft, by=citizen, at=LATER)
    assert filed.register_check == "agrees"


def test_the_chain_of_facts_holds(road) -> None:
    walked = road(State.RETURNED)
    assert list(events.broken(walked.dossier.subject)) == []
    assert events.history(walked.dossier.subject)[0].by == walked.citizen.subject
    assert SYSTEM.subject in {event.by for event in events.history(walked.dossier.subject)}
